"""Cells may be run twice, and sections again: no error, and the same results.

Slow, more than twice as long as running the lessons: part of `make test-all`, not of `make test`.
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
def test_cells_and_sections_can_be_run_again(session):
    """Run each cell twice in a row, and halfway through go back to the top once."""
    middle = len(session.code) // 2
    to_the_middle, rest = session.code[:middle], session.code[middle:]
    first, found = {}, []
    found += run_again(session, [place for place in to_the_middle for _ in range(2)], first)
    found += run_again(session, to_the_middle, first)
    found += run_again(session, [place for place in rest for _ in range(2)], first)
    for place, text in first.items():
        cell = session.cells[place]
        if "nbval-check-output" in tags(cell) and text != session.committed[place]:
            found.append(f"{cell.id} shows\n{text}\nin the file it is\n{session.committed[place]}")
    assert not found, "\n\n".join(found)
