"""Lessons and solutions carry the same exercises, and each has a check that its solution passes."""

import re

import nbformat
import notebook_form as form
import pytest
from exercises import bring_together, cells_named, solutions_of

from helpers.teaching.exercises import find_exercises

PARTS = [r"^### Exercise {number}: .+ \(\d+ minutes\)", r"\*\*Goal\.\*\*", r"\*\*Constraints\.\*\*"]


@pytest.fixture(params=form.lessons(), ids=lambda path: path.name)
def pair(request):
    """Read a lesson and its solutions."""
    paths = request.param, solutions_of(request.param)
    return [nbformat.read(path, as_version=4) for path in paths]


def numbers(cells):
    """Turn the ids of cells into the numbers of their exercises."""
    return [f"{name[:2]}.{name[-1]}" for name in cells]


def test_lesson_and_solutions_have_the_same_texts_and_results(pair):
    lesson, solutions = pair
    before = lesson.copy(), solutions.copy()
    before = [[(cell.id, cell.source) for cell in notebook.cells] for notebook in before]
    pictures = bring_together(lesson, solutions)
    after = [[(cell.id, cell.source) for cell in notebook.cells] for notebook in pair]
    assert after == before, "run `make exercises`"
    for file, picture in pictures.items():
        assert (form.ROOT / "notebooks" / file).read_bytes() == picture, "run `make exercises`"
    kinds = [(lesson, "exercise"), (lesson, "answer"), (solutions, "exercise")]
    kinds += [(solutions, "solution")]
    found = [numbers(cells_named(*kind)) for kind in kinds]
    assert found == [found[0]] * 4
    assert 2 <= len(found[0]) <= 3


def test_each_exercise_says_what_to_do(pair):
    lesson, _ = pair
    for name, cell in cells_named(lesson, "exercise").items():
        for part in PARTS:
            pattern = part.format(number=f"{name[:2]}.{name[-1]}")
            assert re.search(pattern, cell.source, re.MULTILINE), f"{name} lacks {pattern}"


def test_each_has_a_check_that_the_lesson_asks_and_the_solution_passes(pair):
    lesson, solutions = pair
    for cells, verdict in [
        (cells_named(lesson, "answer"), "not attempted yet."),
        (cells_named(solutions, "solution"), "correct. "),
    ]:
        for number, cell in zip(numbers(cells), cells.values(), strict=True):
            assert f'check("{number}", ' in cell.source
            printed = "".join(output.get("text", "") for output in cell.outputs)
            assert re.search(rf"{number}(\x1b\[0m)?: {verdict}", printed)
            assert "nbval-check-output" in form.tags(cell) or verdict == "correct. "


def test_each_check_belongs_to_an_exercise():
    lessons = [nbformat.read(path, as_version=4) for path in form.lessons()]
    exercises = [number for nb in lessons for number in numbers(cells_named(nb, "exercise"))]
    assert sorted(exercises) == sorted(find_exercises())
