"""Who may import whom in helpers: from the ground up, and only through a wing's own face."""

import ast
from pathlib import Path

import pytest

import helpers

ROOT = Path(helpers.__file__).parent
FLOORS = [
    {"training", "tables", "_arguments", "_files", "_progress", "_fast_rows", "quiet"},
    {"chains", "data", "decisions", "labels", "models", "preprocessing"},
    {"metrics", "splits"},
    {"results", "thresholds", "calibration", "persistence"},
    {"estimators", "plots", "__main__"},
    {"evaluation"},
    {"teaching"},
]
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
WINGS = {path.parent.name for path in ROOT.glob("*/__init__.py")}
# Beyond the floors: wings that stand alone, and who may import what only some may.
ALONE = {"training", "tables"}
ONLY = {"training": {"evaluation"}, "teaching": set(), "evaluation": {"teaching"}}
NEVER = {"plots": {"training", "models", "persistence", "keras", "tensorflow"}}
NO_TENSORFLOW = set(FLOOR_OF) - {"quiet", "models", "training", "evaluation", "persistence"}


def room_of(path):
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path, inside_functions):
    """Yield the modules that a file imports, at its top level or anywhere."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree) if inside_functions else tree.body:
        if isinstance(node, ast.ImportFrom):
            yield node.module if node.module != "helpers" else f"helpers.{node.names[0].name}"
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


FILES = [path for path in sorted(ROOT.rglob("*.py")) if path != ROOT / "__init__.py"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_come_from_below_and_through_the_face_of_a_wing(path):
    room = room_of(path)
    for module in imports(path, inside_functions=True):
        package, *parts = module.split(".")
        assert not {package, *parts[:1]} & NEVER.get(room, set()), f"{module} is not for {room}"
        if package != "helpers" or parts[0] == room:
            continue
        assert FLOOR_OF[parts[0]] < FLOOR_OF[room] or parts[0][0] == "_", module
        assert room not in ALONE, f"{room} stands alone, and imports {module}"
        assert room in ONLY.get(parts[0], {room}), f"{module} is not for {room}"
        assert len(parts) == 1 or parts[0] not in WINGS, f"{module}: only names of its __init__"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_needs_no_tensorflow_does_not_import_it(path):
    found = {module.split(".")[0] for module in imports(path, inside_functions=False)}
    if room_of(path) in NO_TENSORFLOW:
        assert not found & {"keras", "tensorflow"}


def test_every_room_has_a_floor():
    assert {room_of(path) for path in FILES} <= set(FLOOR_OF)
