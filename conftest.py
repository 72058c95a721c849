"""For all tests and notebooks: no log or figure stays, and numbers are those of the file."""

import os
import sys
import tempfile

import pytest

collect_ignore_glob = ["notebooks/*-Copy*.ipynb"]  # what a reader has duplicated in JupyterLab

# Text that nbval compares as it stands, text that differs each time, and errors that are wanted.
TAKEN_CARE_OF = {"nbval-check-output", "nbval-ignore-output", "raises-exception"}


def pytest_configure(config):
    """Let logs of a bare file name go to a folder that is removed at the end."""
    folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    config.add_cleanup(folder.cleanup)
    os.environ["EXPERIMENT_LOG_FOLDER"] = folder.name


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Compare the numbers that a notebook's cell prints with those that its file shows."""
    result = yield
    cell = getattr(item, "cell", None)  # of nbval's items only
    if cell and not TAKEN_CARE_OF.intersection(cell.metadata.get("tags", [])):
        from rerun_numbers import difference, shown  # in tests/lessons, on the path by now

        if told := difference(shown(cell.outputs), shown(item.test_outputs)):
            item.raise_cell_error(told)
    return result


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    """Close what a test, or an example in a docstring, has drawn."""
    yield
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")
