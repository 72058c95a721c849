"""Cells may be run twice, and sections again: no error, and the same results.

Slow, about four times as long as running the lessons: part of `make test-all`, not of `make test`.
"""

import pytest
from notebook_copy import copy_notebooks
from notebook_form import lessons, tags
from runner import Session, comparable

pytestmark = pytest.mark.slow

LESSONS = pytest.mark.parametrize("name", [path.name for path in lessons()])


@pytest.fixture
def session(name, tmp_path):
    """Return a session with a kernel, on a copy of one lesson."""
    with Session(copy_notebooks(tmp_path) / name).kernel() as session:
        yield session


def run_again(session, places, first):
    """Run cells; say where there is an error, or another text than the first time."""
    for place in places:
        cell = session.cells[place]
        text, error = session.run(place)
        if error:
            yield f"{cell.id} fails: {error}"
        elif comparable(cell) and text != first.setdefault(place, text):
            yield f"{cell.id} showed\n{first[place]}\nand then\n{text}"


@LESSONS
def test_each_cell_can_be_run_twice_in_a_row(session):
    first, found = {}, []
    for place in session.code:
        found += run_again(session, [place, place], first)
    for place, text in first.items():
        cell = session.cells[place]
        if "nbval-check-output" in tags(cell) and text != session.committed[place]:
            found.append(f"{cell.id} shows\n{text}\nin the file it is\n{session.committed[place]}")
    assert not found, "\n\n".join(found)


@LESSONS
def test_going_back_and_running_sections_again_changes_nothing(session):
    middle = len(session.code) // 2
    to_the_middle, rest = session.code[:middle], session.code[middle:]
    first, found = {}, []
    for places in [to_the_middle, to_the_middle, rest]:
        found += run_again(session, places, first)
    assert not found, "\n\n".join(found)
