"""Keep what TensorFlow has traced for the next call: only weights and settings are new then."""

import contextlib
import threading

import keras

from helpers.alike import all_of_keras, stack_key
from helpers.stacked_weights import MAX_JOINED
from helpers.stacking import FoldStack

MAX_KEPT = 4
_kept = []  # (key, stack), the last used one at the end; none of them is in use
_lock = threading.Lock()


@contextlib.contextmanager
def traced_stack(models, batch_size):
    """Lend a stack of networks, with the traces of an earlier call if there was one like it.

    A stack is kept only where its key says all of what was traced: for sequential models made of
    Keras' own parts. Tracing takes half a second, which is most of a call for small networks and
    nothing for large ones, so only stacks of small networks are kept, the last four of them.

    Parameters
    ----------
    models : list of keras.Model
    batch_size : int

    Yields
    ------
    helpers.stacking.FoldStack
        With the weights of `models` and an optimizer that has taken no step.

    Examples
    --------
    >>> from helpers.models import make_mlp
    >>> with traced_stack([make_mlp(4, 2, seed=1)], batch_size=7) as first:
    ...     pass
    >>> with traced_stack([make_mlp(4, 2, seed=2, learning_rate=0.1)], batch_size=7) as second:
    ...     second is first
    True
    """
    key = _key(models, batch_size)
    stack = None if key is None else _take(key)
    if stack is None:
        stack = FoldStack(models, batch_size)
    else:
        stack.load(models)
    yield stack
    if key is not None and sum(stack.weights.sizes) <= MAX_JOINED:
        with _lock:
            _kept.append((key, stack))
            del _kept[:-MAX_KEPT]


def _key(models, batch_size):
    if not all_of_keras(models[0]):
        return None
    return stack_key(models[0]), len(models), batch_size, keras.config.epsilon()


def _take(key):
    with _lock:
        for place, (other, stack) in enumerate(_kept):
            if other == key:
                del _kept[place]
                return stack
    return None
