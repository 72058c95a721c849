"""Files that appear whole or not at all."""

import contextlib
import os
import tempfile
from pathlib import Path


@contextlib.contextmanager
def whole_file(path):
    """Give a path to write to, beside `path`, and move what was written there at the end.

    If anything goes wrong in the block, `path` is left as it was.
    """
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".writing-") as folder:
        written = Path(folder, "written")
        yield written
        os.replace(written, path)
