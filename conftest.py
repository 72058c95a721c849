"""For all tests and notebooks: no log or figure stays, and numbers are those of the file."""

import os
import sys
import tempfile

import pytest

collect_ignore_glob = ["notebooks/*-Copy*.ipynb"]  # what a reader has duplicated in JupyterLab

# Text that nbval compares as it stands, errors that are wanted, and what is known to differ, where
# claims bound the numbers.
TAKEN_CARE_OF = {"nbval-check-output", "raises-exception", "differs-between-machines"}
MEASURES_TIME = "15_scale.ipynb"  # in tables, where no unit follows a number


def pytest_configure(config):
    """Let logs of a bare file name go to a folder that is removed at the end."""
    folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    config.add_cleanup(folder.cleanup)
    os.environ["EXPERIMENT_LOG_FOLDER"] = folder.name


def is_compared_by_numbers(item):
    """Tell whether a test is a notebook's cell that nobody else compares, and not about times."""
    if not hasattr(item, "test_outputs"):  # as nbval's items have
        return False
    tags = set(item.cell.metadata.get("tags", []))
    about_times = item.path.name == MEASURES_TIME and "nbval-ignore-output" in tags
    return not about_times and not tags & TAKEN_CARE_OF


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Compare the numbers that a notebook's cell prints with those that its file shows."""
    result = yield
    if is_compared_by_numbers(item):
        from rerun_numbers import difference, shown  # in tests/lessons, on the path by now

        if told := difference(shown(item.cell.outputs), shown(item.test_outputs)):
            item.raise_cell_error(told)
    return result


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    """Close what a test, or an example in a docstring, has drawn."""
    yield
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")
