"""Each knob of each lesson has another value in knob_values.py, for slow/test_knobs.py to try."""

import re
from pathlib import Path
from textwrap import dedent

import nbformat
import pytest
from knob_values import KNOBS, assigned, turn_knobs
from notebook_form import lessons, prose, tags


def knobs_cell(path):
    """Return the source of a lesson's cell of knobs."""
    (cell,) = [c for c in nbformat.read(path, as_version=4).cells if "parameters" in tags(c)]
    return cell.source


def values(source):
    """Run some assignments and return the values by name."""
    scope = {"Path": Path}
    exec(source, scope)
    return {name: scope[name] for name in assigned(source)}


def test_each_lesson_has_its_knobs_in_the_table():
    assert list(KNOBS) == [path.stem for path in lessons()]


@pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)
def test_each_knob_has_another_value_once(path):
    as_they_came = values(knobs_cell(path))
    others = [values(dedent(block)) for block in KNOBS[path.stem]]
    assert sorted(name for block in others for name in block) == sorted(as_they_came)
    same = [name for block in others for name in block if block[name] == as_they_came[name]]
    assert same == []


@pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)
def test_knobs_can_be_turned(path):
    for block in KNOBS[path.stem]:
        before, wanted = values(knobs_cell(path)), values(dedent(block))
        after = values(turn_knobs(knobs_cell(path), block))
        assert {name: after[name] for name in wanted} == wanted
        assert list(after) == list(before)


@pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)
def test_text_says_that_it_describes_the_default_settings(path):
    cells = nbformat.read(path, as_version=4).cells
    (place,) = [n for n, cell in enumerate(cells) if "parameters" in tags(cell)]
    near = " ".join(prose(cell) for cell in cells[: place + 4])
    assert re.search(r"\bdefault settings\b|\bas they (came|are)\b", near), "say it near the knobs"
