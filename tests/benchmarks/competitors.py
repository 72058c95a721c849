"""The ways to train the networks of a cross-validation that the benchmark compares.

Each is a function ``(task, X, y, folds)``, where `folds` is a list of ``(number, train, test)``.
It returns the probabilities of each fold's held-out rows, and the peak memory in MB of the
processes that it started (0 without any). All networks of a fold begin with the same weights where
Keras makes them; orders of rows are each library's own.
"""

import logging
import os
import sys
import warnings

import numpy as np
from tasks import LEARNING_RATE, SEED

# As many networks as have so many weights together are moved by one operation of NumPy. Beyond the
# processor's cache, one at a time is faster.
NUMPY_WEIGHTS = 500_000


def keras_loop(task, X, y, folds, shuffle=True, **compile_arguments):
    """Make a model, fit it and predict, fold by fold, as one would without this workshop."""
    return [_keras_fold(task, X, y, fold, shuffle, compile_arguments)[0] for fold in folds], 0


def keras_steps(task, X, y, folds):
    """Let Keras run 32 batches before it comes back to Python."""
    return keras_loop(task, X, y, folds, steps_per_execution=32)


def keras_jit(task, X, y, folds):
    """Let Keras compile the training step by XLA."""
    return keras_loop(task, X, y, folds, jit_compile=True)


def joblib_loop(task, X, y, folds):
    """Share the plain loop out to two processes."""
    return _shared(_keras_fold, 2, task, X, y, folds)


def scikit_learn(task, X, y, folds):
    """Share MLPClassifiers of the same settings out to as many processes as there are cores."""
    return _shared(_scikit_learn_fold, -1, task, X, y, folds)


def numpy_by_hand(task, X, y, folds, weights=None):
    """Train as one by `numpy_networks.Networks`; `weights` are lists (K, ...) to begin with."""
    from numpy_networks import Networks, initial_weights

    seeds = _seeds(task, folds)
    weights = weights or initial_weights((task.features, *task.hidden, task.labels), seeds)
    n_weights = sum(array[0].size for array in weights)
    n_together, probabilities = max(1, NUMPY_WEIGHTS // n_weights), []
    for start in range(0, len(folds), n_together):
        some = slice(start, start + n_together)
        trains = [train for _, train, _ in folds[some]]
        rngs = [np.random.default_rng(seed) for seed in seeds[some]]  # as evaluate_model shuffles

        def next_orders(trains=trains, rngs=rngs):
            return np.stack([rng.permutation(t) for rng, t in zip(rngs, trains, strict=True)])

        networks = Networks([array[some] for array in weights])
        networks.fit(X, y, next_orders, task.epochs, task.batch_size, LEARNING_RATE)
        probabilities += list(networks.predict(X[np.stack([test for *_, test in folds[some]])]))
    return probabilities, 0


def ours(task, X, y, folds, shuffle=True):
    """Call evaluate_model, whose splits are the task's; it does all folds.

    Like the loop, it looks at the held-out rows once, when training is over.
    """
    from helpers import quiet  # noqa: F401
    from helpers.evaluation import evaluate_model

    result = evaluate_model(
        X,
        y,
        task.make_model,
        cv=task.splitter(),
        epochs=task.epochs,
        batch_size=task.batch_size,
        shuffle=shuffle,
        seed=SEED,
        progress=False,
        validation_freq=task.epochs,
    )
    return [result.probabilities[k // task.folds, test] for k, _, test in folds], 0


COMPETITORS = {
    "plain Keras loop": keras_loop,
    "Keras, steps_per_execution=32": keras_steps,
    "Keras, jit_compile=True": keras_jit,
    "Keras, joblib with 2 processes": joblib_loop,
    "scikit-learn, n_jobs=-1": scikit_learn,
    "NumPy by hand": numpy_by_hand,
    "evaluate_model": ours,
}


def peak_megabytes():
    """Peak memory of this process so far; None where the system does not tell (Windows)."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def _seeds(task, folds):
    """Draw the seeds that evaluate_model draws, without importing TensorFlow for it."""
    seeds = np.random.SeedSequence(SEED).generate_state(task.n_folds)
    return [int(seeds[number]) % 2**31 for number, *_ in folds]


def _keras_fold(task, X, y, fold, shuffle=True, compile_arguments=()):
    from helpers.quiet import keras

    logging.getLogger("tensorflow").setLevel("ERROR")  # it warns that a loop traces again and again
    _, train, test = fold
    [seed] = _seeds(task, [fold])
    keras.utils.set_random_seed(seed)
    model = task.make_model(X.shape[1], y.shape[1], seed)
    if compile_arguments:
        model.compile(model.optimizer, model.loss, **compile_arguments)
    model.fit(
        X[train],
        y[train],
        batch_size=task.batch_size,
        epochs=task.epochs,
        shuffle=shuffle,
        verbose=0,
    )
    # `predict` would trace another function for each model.
    probabilities = keras.ops.convert_to_numpy(model(X[test], training=False))
    return probabilities, os.getpid(), peak_megabytes()


def _scikit_learn_fold(task, X, y, fold):
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    _, train, test = fold
    [seed] = _seeds(task, [fold])
    network = MLPClassifier(
        task.hidden,
        solver="adam",
        learning_rate_init=LEARNING_RATE,
        batch_size=task.batch_size,
        # no penalty, and no end before the last epoch
        alpha=0,
        tol=0,
        n_iter_no_change=task.epochs + 1,
        max_iter=task.epochs,
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        network.fit(X[train], y[train])
    return network.predict_proba(X[test]), os.getpid(), peak_megabytes()


def _shared(one_fold, n_jobs, task, X, y, folds):
    from joblib import Parallel, delayed

    done = Parallel(n_jobs)(delayed(one_fold)(task, X, y, fold) for fold in folds)
    peaks = {process: peak for _, process, peak in done}  # the last of each is its highest
    peaks.pop(os.getpid(), None)
    if None in peaks.values():
        return [probabilities for probabilities, *_ in done], None
    return [probabilities for probabilities, *_ in done], sum(peaks.values())
