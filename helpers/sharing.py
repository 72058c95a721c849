"""Folds shared out to processes: those of joblib on this machine, or the workers of a Dask cluster.

Each process gets a few folds and trains their networks as it would by itself: the seed of a network
belongs to its fold, so that no number depends on who trained it, or when. Which processes there are
is joblib's business: ``joblib.parallel_config(backend="dask")`` sends the same pieces to a cluster,
which gives a piece to another worker when one dies.
"""

import contextlib
import itertools
import warnings

import cloudpickle
import numpy as np
from joblib import Parallel, delayed, effective_n_jobs, parallel_config
from joblib.parallel import get_active_backend

from helpers.progress import progress_bar

# Networks in a piece of work: enough for a stack to be worth its start, few enough for a lost piece
# not to hurt.
MAX_NETWORKS = 100


def train_shared(train, data, folds, seeds, n_networks=1, n_jobs=None, progress=True):
    """Train the folds in this process, or share them out among several.

    Parameters
    ----------
    train : callable
        ``train(*data, folds, seeds, first_fold, progress)`` trains some of the folds and returns
        one list for each kind of network, with one entry a fold. It goes to the processes as it is.
    data : tuple of array or DataFrame
        Sent to each process once.
    folds : list of (train, test)
    seeds : list of int
    n_networks : int, default=1
        Kinds of network that `train` trains on each fold.
    n_jobs : int or None, default=None
        As in `joblib.Parallel`. A Dask cluster uses all its workers.
    progress : bool, default=True

    Returns
    -------
    list of list
        One for each kind of network, with one entry a fold, in their order.

    Raises
    ------
    ValueError, TypeError, RuntimeError
        What went wrong in another process, with its reason and its fold.

    Examples
    --------
    >>> def train(X, folds, seeds, first_fold, progress):
    ...     return [[f"fold {first_fold + k} of {X}" for k in range(len(folds))]]
    >>> train_shared(train, ("table",), folds=[[], []], seeds=[1, 2])
    [['fold 0 of table', 'fold 1 of table']]
    """
    n_jobs = effective_n_jobs(n_jobs)
    if n_jobs == 1 and not _on_dask():
        return train(*data, folds, seeds, first_fold=0, progress=progress)
    wanted = max(n_jobs, -(-len(folds) * n_networks // MAX_NETWORKS))
    pieces = np.array_split(np.arange(len(folds)), min(len(folds), wanted))
    _check_portable(train)
    tasks = [
        delayed(_train_piece)(train, *data, folds, [seeds[k] for k in piece],
                              first_fold=int(piece[0]), number=number)
        for number, piece in enumerate(pieces)
    ]  # fmt: skip
    trained = [None] * len(pieces)
    messages = set()
    with _data_on_workers([*data, folds]), progress_bar(len(pieces), "piece", progress) as advance:
        finished = Parallel(n_jobs, return_as="generator_unordered")(tasks)
        for number, result, error, caught in finished:
            if error is not None:
                _stop(finished)
                raise error
            trained[number] = result
            messages |= caught
            advance()
    # What another process warns of would only reach its own terminal: say it here, once.
    for message in messages:
        warnings.warn(message, stacklevel=5)
    return [list(itertools.chain(*parts)) for parts in zip(*trained, strict=True)]


def _check_portable(train):
    try:
        cloudpickle.dumps(train)
    except Exception as error:
        raise TypeError(
            f"make_model or preprocess can't be sent to another process: {error}. Let it make what "
            "it needs by itself, or leave n_jobs=None."
        ) from error


def _stop(finished):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # joblib regrets the results that nobody will need
        finished.close()


def _on_dask():
    return hasattr(get_active_backend()[0], "client")


def _data_on_workers(data):
    """Send the data to every worker of a cluster at once: when one dies, another still has it."""
    if not _on_dask():
        return contextlib.nullcontext()
    backend = get_active_backend()[0]
    return parallel_config(
        "dask", client=backend.client, scatter=list(data), **backend.submit_kwargs
    )


def _train_piece(train, *data_and_folds, first_fold, number):
    *data, folds, seeds = data_and_folds
    folds = folds[first_fold : first_fold + len(seeds)]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", UserWarning)
        try:
            trained = train(*data, folds, seeds, first_fold=first_fold, progress=False)
            error = None
        except Exception as reason:
            trained, error = None, _portable(reason, first_fold, len(folds))
    return number, trained, error, {str(warning.message) for warning in caught}


def _portable(error, first_fold, n_folds):
    """Turn an error into one that any process can read, with its reason and its fold."""
    folds = f"It went wrong in one of the folds {first_fold} to {first_fold + n_folds - 1}."
    place = " ".join(getattr(error, "__notes__", [folds]))
    kind = next((kind for kind in (ValueError, TypeError) if type(error) is kind), RuntimeError)
    name = "" if kind is type(error) else f"{type(error).__name__}: "
    return kind(f"{name}{error} ({place} To see where, run it in one process.)")
