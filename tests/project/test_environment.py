"""requirements.txt, constraints.txt, environment.yml, pyproject.toml and the machine must agree."""

import ast
import itertools
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

PYTHONS = ["3.11.0", "3.11.15", "3.12.0", "3.12.15", "3.13.0", "3.13.15"]
SYSTEMS = [
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
]
EVERYWHERE = [
    {"python_full_version": python, "python_version": python.rpartition(".")[0], **system}
    for python, system in itertools.product(PYTHONS, SYSTEMS)
]


def read_lines(name):
    """Return the lines of a requirements file that name a package, as (requirement, reason)."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    parts = [line.partition("#") for line in lines if line.strip() and line[0] not in "#-"]
    return [(Requirement(text), reason.strip()) for text, _, reason in parts]


def requirements_of(name):
    """Return the requirements alone."""
    return [requirement for requirement, _ in read_lines(name)]


def applies(requirement, environment):
    """Tell whether a requirement's marker holds on a machine."""
    return requirement.marker is None or requirement.marker.evaluate(
        {**default_environment(), **environment}
    )


def pin_problems(direct, pins, environments):
    """Return what is wrong: a direct package without exactly one fitting pin on every machine."""
    problems = []
    for requirement, environment in itertools.product(direct, environments):
        versions = [
            next(iter(pin.specifier)).version
            for pin in pins
            if canonicalize_name(pin.name) == canonicalize_name(requirement.name)
            and applies(pin, environment)
        ]
        if len(versions) != 1 or versions[0] not in requirement.specifier:
            problems.append(f"{requirement}: pinned to {versions} on {environment}")
    return problems


def minors(specifier):
    """Return the minor versions of Python 3 that a specifier admits in full."""
    return [n for n in range(30) if all(f"3.{n}.{m}" in specifier for m in (0, 99))]


DIRECT = requirements_of("requirements.txt")
PINS = requirements_of("constraints.txt")


def test_every_requirement_has_its_reason():
    assert DIRECT
    assert [str(line) for line, reason in read_lines("requirements.txt") if len(reason) < 10] == []


def test_requirements_use_the_constraints_and_install_helpers():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("-")] == ["-c constraints.txt", "-e ."]


def test_direct_packages_are_pinned_once_on_every_machine():
    assert pin_problems(DIRECT, PINS, EVERYWHERE) == []


@pytest.mark.parametrize(
    "pins",
    [
        [],
        ["keras==2.15.0"],
        ["keras==3.15.1", "keras==3.14.0"],
        ["keras==3.15.1; sys_platform != 'win32'"],
        ["keras==3.15.1; python_version < '3.13'"],
    ],
)
def test_wrong_pins_are_found(pins):
    pins = [Requirement(pin) for pin in pins]
    assert pin_problems([Requirement("keras>=3")], pins, EVERYWHERE)


def test_constraints_are_exact_and_name_no_place():
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "make lock" in text
    assert [line for line in text.splitlines() if re.search(r"://|^-|/|@|\\", line)] == []
    assert [str(pin) for pin in PINS if [s.operator for s in pin.specifier] != ["=="]] == []


def test_helpers_declare_a_part_of_the_requirements():
    declared = {str(Requirement(line)) for line in PROJECT["dependencies"]}
    assert declared <= {str(requirement) for requirement in DIRECT}


def test_helpers_import_only_what_they_declare():
    provided = metadata.packages_distributions()
    imported = set()
    for path in (ROOT / "helpers").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                imported.add(node.module.partition(".")[0])
    others = imported - set(sys.stdlib_module_names) - {"helpers"}
    needed = {canonicalize_name(provided.get(name, [name])[0]) for name in others}
    assert needed <= {Requirement(line).name for line in PROJECT["dependencies"]}


def test_supported_pythons_are_the_same_everywhere():
    supported = minors(SpecifierSet(PROJECT["requires-python"]))
    assert supported == [11, 12, 13]
    assert supported == sorted({int(python.split(".")[1]) for python in PYTHONS})
    script = (ROOT / "tools" / "find_python.sh").read_text(encoding="utf-8")
    tried = re.search(r'^SUPPORTED="(.*?)"', script, flags=re.MULTILINE).group(1).split()
    assert sorted(tried) == [f"3.{minor}" for minor in supported]


def test_environment_yml_pins_python_and_leaves_the_rest_to_requirements():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python, *others = environment["dependencies"]
    assert others == ["pip", {"pip": ["-r requirements.txt"]}]
    assert environment["channels"] == ["conda-forge"]
    name, _, version = python.partition("=")
    assert name == "python"
    assert f"{version}.0" in SpecifierSet(PROJECT["requires-python"])


def test_installed_versions_are_the_pinned_ones():
    expected = {
        canonicalize_name(pin.name): next(iter(pin.specifier)).version
        for pin in PINS
        if applies(pin, {})
    }
    installed = {canonicalize_name(d.metadata["Name"]): d.version for d in metadata.distributions()}
    different = {
        name: f"{installed.get(name)} instead of {version}"
        for name, version in expected.items()
        if installed.get(name) != version
    }
    assert different == {}
