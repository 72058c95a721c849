"""Folds in several processes: those of joblib on this machine, or the workers of a Dask cluster.

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
from joblib import Parallel, delayed, effective_n_jobs
from joblib.parallel import get_active_backend

# Networks in a piece of work: enough for a program to be worth its compilation, few enough for a
# lost piece not to hurt.
MAX_NETWORKS = 100


@contextlib.contextmanager
def no_progress(total, unit):
    """Show nothing."""
    yield lambda done: None


def in_pieces(train, data, folds, seeds, n_networks, n_jobs, n_threads, progress):
    """Train the folds in this process, or a few of them in each of several.

    `train(*data, folds, seeds, first_fold=, n_threads=, progress=)` trains some of the folds and
    returns one list for each of `n_networks` kinds of network, with one entry per fold. It goes to
    the processes as it is, `data` to each of them once. Another process, which has neighbours, uses
    a single thread. What goes wrong there is raised here, with its reason and its fold.
    """
    n_jobs = effective_n_jobs(n_jobs)
    if n_jobs == 1:  # joblib would not send work to a cluster's only worker, either
        return train(*data, folds, seeds, first_fold=0, n_threads=n_threads, progress=progress)
    wanted = max(n_jobs, -(-len(folds) * n_networks // MAX_NETWORKS))
    pieces = np.array_split(np.arange(len(folds)), min(len(folds), wanted))
    _check_portable(train)
    on_workers = _on_workers([*data, folds])
    tasks = []
    for number, piece in enumerate(pieces):
        own_seeds, first_fold = [seeds[k] for k in piece], int(piece[0])
        tasks.append(delayed(_train_piece)(train, *on_workers, own_seeds, first_fold, number))
    trained = [None] * len(pieces)
    messages = set()
    with progress(len(pieces), "piece") as advance:
        finished = Parallel(n_jobs, return_as="generator_unordered")(tasks)
        try:
            for number, result, error, caught in finished:
                if error is not None:
                    raise error
                trained[number] = result
                messages |= caught
                advance(1)
        finally:
            _stop(finished)  # also after Ctrl-C
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


def _on_workers(data):
    """Send the data to every worker of a cluster at once: when one dies, another still has it.

    Without `hash=False` equal data of two calls are one key, which goes when the first call ends.
    """
    if not _on_dask():
        return data
    return get_active_backend()[0].client.scatter(data, broadcast=True, hash=False)


def _train_piece(train, *arguments):
    *data, folds, seeds, first_fold, number = arguments
    folds = folds[first_fold : first_fold + len(seeds)]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", UserWarning)
        try:
            trained = train(
                *data, folds, seeds, first_fold=first_fold, n_threads=1, progress=no_progress
            )
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
