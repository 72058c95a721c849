"""Import TensorFlow without its start-up messages.

TensorFlow's C++ code writes lines about processors and graphics cards straight to the process's
standard error while it is imported. They alarm readers and mean nothing on a laptop without a
graphics card. ``from helpers.quiet import keras`` imports Keras with that stream closed off, then
opens it again: Python's own warnings still arrive. This is the one module of the workshop whose
import does something.
"""

import contextlib
import os


@contextlib.contextmanager
def quiet_stderr():
    """Send file descriptor 2 to the null device while the block runs.

    Examples
    --------
    >>> import os
    >>> with quiet_stderr():
    ...     written = os.write(2, b"nobody reads this")
    """
    saved, null = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(null)


os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
with quiet_stderr():
    import keras
    import tensorflow as tf

    tf.config.list_physical_devices()  # makes TensorFlow look for graphics cards now, not later

__all__ = ["keras", "quiet_stderr", "tf"]
