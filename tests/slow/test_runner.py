"""The runner sees what a learner would see: another result, an error, and what may differ."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from runner import Session
from test_rerun import run_again

pytestmark = pytest.mark.slow

CELLS = {
    "imports": ("import os\nimport helpers\nnames = ['a']", []),
    "grows": ("names.append('b')\nprint(names)", []),
    "may-differ": ("print(len(names))", ["nbval-ignore-output"]),
    "fails-again": ("names.remove('a')", []),
    "is-meant-to": ("1 / 0", ["raises-exception"]),
    "steady": ("object()", []),
}


def test_runner_tells_what_running_twice_changes(tmp_path):
    cells = [
        new_code_cell(source, id=name, metadata={"tags": tags})
        for name, (source, tags) in CELLS.items()
    ]
    path = tmp_path / "lesson.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    with Session(path).kernel() as session:
        first, seconds = {}, {}
        assert list(run_again(session, session.code, first, seconds)) == []
        assert seconds.keys() == set(session.code)
        assert first[1] == "['a', 'b']"
        found = list(run_again(session, session.code[1:], first, seconds))
    assert [text.split(maxsplit=1)[0] for text in found] == ["grows", "fails-again"]
    assert "['b', 'b']" in found[0]
    assert "ValueError" in found[1]
