"""Each knob of each lesson has another value in knob_values.py, for slow/test_knobs.py to try."""

from pathlib import Path
from textwrap import dedent

import nbformat
import pytest
from knob_values import KNOBS, assigned, experiments, turn_knobs
from notebook_form import lessons, tags


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
    defaults = values(knobs_cell(path))
    others = values(dedent(KNOBS[path.stem]))
    assert sorted(others) == sorted(defaults)
    assert [name for name in others if others[name] == defaults[name]] == []


@pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)
def test_knobs_can_be_turned(path):
    before, wanted = values(knobs_cell(path)), values(dedent(KNOBS[path.stem]))
    after = values(turn_knobs(knobs_cell(path), KNOBS[path.stem]))
    assert after == wanted
    assert list(after) == list(before)


@pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)
def test_experiments_set_knobs_to_other_values(path):
    known, found = values(knobs_cell(path)), experiments(path)
    assert len(found) >= 2, "an experiment names its knob as in `EPOCHS = 10`"
    for block in found:
        assert all(known[name] != value for name, value in values(block).items()), block
