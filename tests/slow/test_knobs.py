"""A lesson runs to its end with other knobs: the experiments under "Try it", and every knob.

The experiments of a lesson are one run; if two of them turn the same knob, the last one counts.

A sentence that no longer holds then is reported in a line by `claim`, and is no error. All knobs at
once are in `knob_values`.
"""

from textwrap import dedent

import numpy as np
import pandas as pd
import pytest
from knob_values import KNOBS, experiments, turn_knobs
from notebook_copy import copy_notebooks
from notebook_form import lessons, tags
from runner import Session

from helpers.data import make_dataset

pytestmark = pytest.mark.slow

RUNS = [
    pytest.param(path.stem, block, id=f"{path.stem}: {' '.join(block.split())}")
    for path in lessons()
    for block in ["\n".join(experiments(path)), dedent(KNOBS[path.stem])]
]


def write_my_table(path):
    """Write a user's table: numbers, gaps, text, a date, an identifier, names of labels."""
    X, y = make_dataset(n_samples=600, random_state=5)
    table = pd.DataFrame(X, columns=[f"count_{i}" for i in range(X.shape[1])])
    table.loc[::97, "count_3"] = None
    table["source"] = ["paper", "radio", "web"] * 200
    table["id"] = [f"doc {row:03}" for row in range(len(table))]
    table["note"] = [f"page {row % 7} of paper {row}" for row in range(len(table))]
    table["day"] = pd.date_range("2025-01-01", periods=len(table)).strftime("%Y-%m-%d")
    names = np.array(["news", "sport"])
    table["topics"] = [",".join(names[row == 1]) for row in y[:, :2]]
    table.to_csv(path, index=False)


@pytest.mark.parametrize(("name", "block"), RUNS)
def test_a_lesson_runs_with_other_knobs(name, block, tmp_path):
    folder = copy_notebooks(tmp_path)
    write_my_table(folder / "my_table.csv")
    session, found = Session(folder / f"{name}.ipynb"), []
    (knobs,) = [cell for cell in session.cells if "parameters" in tags(cell)]
    knobs.source = turn_knobs(knobs.source, block)
    with session.kernel():
        for place in session.code:
            _, error = session.run(place)
            if error:
                found.append(f"{session.cells[place].id} fails: {error}")
    # What fails first is the cause; most of what fails after it only follows.
    assert not found, "\n".join([knobs.source, *found[:5]])
