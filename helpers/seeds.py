"""Explicit seeds for every network, and the user's own random state left as it was."""

import contextlib
import inspect
import random
import threading

import numpy as np

# The global generators are one for all threads, such as those of a Dask worker.
_generators = threading.RLock()


def network_seeds(seed, n_networks):
    """Draw one seed a network from one seed for all.

    Network k gets the same seed however many others there are, so that results do not depend on
    how the work is cut into pieces.

    Parameters
    ----------
    seed : int
    n_networks : int

    Returns
    -------
    list of int, each in [0, 2**31)

    Examples
    --------
    >>> network_seeds(1, 2) == network_seeds(1, 5)[:2]
    True
    """
    return [int(s) % 2**31 for s in np.random.SeedSequence(seed).generate_state(n_networks)]


@contextlib.contextmanager
def seeded(seed):
    """Seed Python's and NumPy's global generators inside the block and restore them after it.

    Keras draws the seed of an initializer or a dropout layer that was given none from Python's
    `random`, so this makes a model repeatable that names no seed itself.

    Parameters
    ----------
    seed : int

    Examples
    --------
    >>> import random
    >>> with seeded(1):
    ...     first = random.random()
    >>> with seeded(1):
    ...     first == random.random()
    True
    """
    with _generators:
        python_state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002
        random.seed(seed)
        np.random.seed(seed)  # noqa: NPY002
        try:
            yield
        finally:
            random.setstate(python_state)
            np.random.set_state(numpy_state)  # noqa: NPY002


def takes_seed(make_model):
    """Tell whether `make_model` has an argument `seed` that waits for a value.

    Parameters
    ----------
    make_model : callable

    Returns
    -------
    bool
        True for a parameter ``seed`` without a default or with the default None. A model builder
        whose seed is fixed keeps it.

    Examples
    --------
    >>> takes_seed(lambda n_inputs, n_outputs, seed=None: ...)
    True
    >>> takes_seed(lambda n_inputs, n_outputs, seed=7: ...)
    False
    """
    try:
        parameter = inspect.signature(make_model).parameters.get("seed")
    except (TypeError, ValueError):
        return False
    return parameter is not None and parameter.default in (inspect.Parameter.empty, None)
