"""Tests, and the notebooks that are run as tests, leave no logs and no open figures behind."""

import os
import sys
import tempfile

import pytest

collect_ignore_glob = ["notebooks/*-Copy*.ipynb"]  # what a reader has duplicated in JupyterLab


def pytest_configure(config):
    """Let logs of a bare file name go to a folder that is removed at the end."""
    folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    config.add_cleanup(folder.cleanup)
    os.environ["EXPERIMENT_LOG_FOLDER"] = folder.name


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    """Close what a test, or an example in a docstring, has drawn."""
    yield
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")
