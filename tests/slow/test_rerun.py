"""Cells may be run twice, and sections again: no error, and the same results.

Slow, twice as long as running the lessons: part of `make test-all`, not of `make test`.
"""

import time

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


def run_again(session, places, first, seconds):
    """Run cells; say where there is an error, or another text than the first time."""
    for place in places:
        cell, begin = session.cells[place], time.perf_counter()
        text, error = session.run(place)
        seconds[place] = time.perf_counter() - begin
        if error:
            yield f"{cell.id} fails: {error}"
        elif comparable(cell) and text != first.setdefault(place, text):
            yield f"{cell.id} showed\n{first[place]}\nand then\n{text}"


@LESSONS
def test_cells_and_sections_can_be_run_again(session):
    """Run each cell twice in a row; halfway through, run those before again that don't train."""
    middle = len(session.code) // 2
    first, seconds, found = {}, {}, []
    for places in (session.code[:middle], session.code[middle:]):
        quick = [place for place, needed in seconds.items() if needed < 2]
        twice = [place for place in places for _ in range(2)]
        found += run_again(session, [*quick, *twice], first, seconds)
    for place, text in first.items():
        cell = session.cells[place]
        if "nbval-check-output" in tags(cell) and text != session.committed[place]:
            found.append(f"{cell.id} shows\n{text}\nin the file it is\n{session.committed[place]}")
    assert not found, "\n\n".join(found)
