"""A file that is written whole or not at all."""

import contextlib
import os
import tempfile
import time
from pathlib import Path


@contextlib.contextmanager
def whole_file(path, overwrite=True):
    """Yield a path to write to; if nothing fails, what was written there replaces `path` at once.

    It lies in a folder of its own beside `path`, which goes with all that else is in it. Without
    `overwrite`, a file that somebody else has written in the meantime is left alone.
    """
    path = Path(path)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".writing-") as folder:
        written = Path(folder, "whole")
        yield written
        with written.open("rb+") as file:
            os.fsync(file.fileno())
        if not overwrite and path.exists():
            raise FileExistsError(f"{path} has been written by another program in the meantime.")
        _replace(written, path)


def _replace(written, path):
    for seconds in (0.01, 0.1, 0.5):
        try:
            return os.replace(written, path)
        except PermissionError:  # Windows does not replace a file while somebody reads it
            time.sleep(seconds)
    return os.replace(written, path)
