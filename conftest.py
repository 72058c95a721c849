"""Tests, and the notebooks that are run as tests, leave the user's experiment logs alone."""

import os
import tempfile

collect_ignore_glob = ["notebooks/*-Copy*.ipynb"]  # what a reader has duplicated in JupyterLab


def pytest_configure(config):
    """Let logs of a bare file name go to a folder that is removed at the end."""
    folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    config.add_cleanup(folder.cleanup)
    os.environ["EXPERIMENT_LOG_FOLDER"] = folder.name
