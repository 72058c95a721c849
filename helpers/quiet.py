"""Import TensorFlow without its start-up messages.

TensorFlow's C++ code writes lines about processors and graphics cards straight to the process's
standard error while it is imported. They alarm readers and mean nothing on a laptop without a
graphics card. ``from helpers.quiet import keras`` imports Keras with that stream closed off, then
opens it again: Python's own warnings still arrive. This is the one module of the workshop whose
import does something.
"""

import contextlib
import json
import os
from pathlib import Path


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


def _refuse_other_backends():
    """Refuse to import Keras with another backend than TensorFlow, and say who names it."""
    place, backend = "the environment variable KERAS_BACKEND", os.environ.get("KERAS_BACKEND")
    if not backend:
        place = Path(os.environ.get("KERAS_HOME", "~/.keras"), "keras.json").expanduser()
        with contextlib.suppress(OSError, ValueError):  # Keras does without it, too
            backend = json.loads(place.read_text()).get("backend")
    if backend not in (None, "tensorflow"):
        raise ImportError(
            f"{place} names {backend!r} as the backend of Keras, but the workshop needs "
            "TensorFlow: set KERAS_BACKEND=tensorflow before Python starts, or change it there."
        )


_refuse_other_backends()
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
with quiet_stderr():
    import keras
    import tensorflow as tf

    tf.config.list_physical_devices()  # makes TensorFlow look for graphics cards now, not later

__all__ = ["keras", "quiet_stderr", "tf"]
