"""Keep lessons and solutions together: each exercise's text, and what its solution shows.

Usage: python tools/exercises.py      (all lessons)

The text of an exercise stands in the lesson, in the cell ``NN-exercise-K``; it is copied into the
notebook of solutions. What a reader should see stands in the solutions, as the output of the cell
``NN-expected-K``; it is copied into the lesson, as a text or as a picture in notebooks/expected/.
"""

import base64
import re
import sys
from pathlib import Path

import nbformat
from execute_notebooks import ROOT

NOTEBOOKS = ROOT / "notebooks"
PICTURES = "expected"  # a folder beside the lessons
WHAT, ROOM = "**What the solution prints**", " (trained figures may differ a little)"


def solutions_of(lesson):
    """Return where the solutions of a lesson are, given its path."""
    return lesson.parent / "solutions" / f"{lesson.stem}_solutions.ipynb"


def cells_named(notebook, kind):
    """Return the cells of one kind by their id, for instance all of ``NN-exercise-K``."""
    found = {c.id: c for c in notebook.cells if re.fullmatch(rf"\d\d-{kind}-\d", c.id)}
    return dict(sorted(found.items()))


def bring_together(lesson, solutions):
    """Copy texts into the solutions and expected results into the lesson, in place.

    Returns the pictures that belong beside the lesson: a dict of file name to bytes.
    """
    texts = cells_named(lesson, "exercise")
    for name, cell in cells_named(solutions, "exercise").items():
        if name not in texts:
            raise ValueError(f"the solutions have {name}, which the lesson has not")
        # One folder further down, links to other lessons need one step up.
        cell.source = re.sub(r"\]\((?=\d\d_\w+\.ipynb)", "](../", texts[name].source)
    shown, pictures = cells_named(solutions, "expected"), {}
    for name, cell in cells_named(lesson, "expected").items():
        if name not in shown:
            raise ValueError(f"the lesson has {name}, which the solutions have not")
        cell.source, found = _what_to_see(shown[name])
        pictures |= found
    return pictures


def _what_to_see(cell):
    """The text of a lesson's cell, from the outputs of the solutions' cell, and its pictures."""
    parts, pictures = [], {}
    number = cell.id[:2] + "_" + cell.id[-1]
    for output in cell.outputs:
        data = output.get("data", {})
        if "image/png" in data:
            file = f"{PICTURES}/{number}.png"
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            if not alt or file in pictures:
                raise ValueError(f"{cell.id} needs one picture, with its alternative text")
            pictures[file] = base64.b64decode(data["image/png"])
            parts.append(f"![{alt}]({file})")
        elif output.get("text") or "text/plain" in data:
            text = output.get("text") or data["text/plain"]
            parts.append(f"```text\n{text.rstrip()}\n```")
    if not parts:
        raise ValueError(f"{cell.id} shows nothing yet: run the solutions first")
    # A cell whose text nbval compares shows the same everywhere.
    same = "nbval-check-output" in cell.metadata.get("tags", [])
    return "\n\n".join([f"{WHAT}{'' if same else ROOM}:", *parts]), pictures


def main():
    """Bring every lesson and its solutions together; return the exit status."""
    for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")):
        other = solutions_of(path)
        if not other.exists():
            continue
        lesson, solutions = (nbformat.read(p, as_version=4) for p in (path, other))
        try:
            pictures = bring_together(lesson, solutions)
        except ValueError as error:
            print(f"{path.name}: {error}", file=sys.stderr)
            return 1
        for file, picture in pictures.items():
            (NOTEBOOKS / file).parent.mkdir(exist_ok=True)
            _write_if_new(NOTEBOOKS / file, picture)
        for notebook, p in [(lesson, path), (solutions, other)]:
            _write_if_new(p, (nbformat.writes(notebook) + "\n").encode())
    return 0


def _write_if_new(path: Path, content: bytes):
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)
        print(f"{path.relative_to(ROOT)}: brought up to date")


if __name__ == "__main__":
    sys.exit(main())
