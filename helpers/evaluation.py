"""Repeated k-fold cross-validation of a Keras model for multi-label classification."""

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
from joblib import Parallel, delayed, effective_n_jobs

from helpers.early_stopping import EarlyStopping
from helpers.estimators import evaluate_estimator
from helpers.intervals import corrected_interval
from helpers.label_sets import find_label_sets, keep_seen_sets, marginals, most_probable_sets
from helpers.making import check_softmax
from helpers.metrics import predict_labels
from helpers.models import make_mlp
from helpers.preprocessing import transform_for_each_fold
from helpers.results import EvaluationResult, collect_result, compare
from helpers.seeds import network_seeds
from helpers.splits import split_rows
from helpers.training import train_folds
from helpers.validation import check_rows, check_two_labels, check_X_y

__all__ = [
    "EarlyStopping",
    "EvaluationResult",
    "compare",
    "corrected_interval",
    "evaluate_estimator",
    "evaluate_model",
]


def evaluate_model(
    X,
    y,
    make_model=make_mlp,
    cv=None,
    epochs=100,
    batch_size=32,
    shuffle=True,
    seed=1,
    n_jobs=None,
    progress=True,
    label_sets=False,
    preprocess=None,
    early_stopping=None,
    validation_freq=1,
):
    """Cross-validate a Keras model: one network a fold, trained together.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Finite numbers; with `preprocess`, whatever that takes.
    y : array-like of shape (n_samples, n_labels)
        0 or 1.
    make_model : callable, default=make_mlp
        ``make_model(n_inputs, n_outputs)`` returns a new compiled `keras.Model` at each call,
        always of the same architecture. If it has an argument ``seed`` whose default is None, it
        gets a seed of its own for each fold.
    cv : scikit-learn splitter, int, iterable of (train, test), or None
        None is ``RepeatedKFold(n_splits=10, n_repeats=3, random_state=1)``.
    epochs, batch_size, shuffle
        As in `keras.Model.fit`.
    seed : int, default=1
        Decides initial weights, dropout masks and the order of rows. The splits are `cv`'s own.
        Your own global random state is left as it was.
    n_jobs : int or None, default=None
        Share the folds out to this many processes of `joblib` (−1: as many as there are cores);
        None trains in this one. A process takes seconds to start, so this pays for large networks
        only.
    progress : bool, default=True
        Show a bar that counts epochs.
    label_sets : bool, default=False
        True asks the model which *set* of labels a row has: its outputs are one for each set that
        occurs in `y`, as in `helpers.models.make_label_set_mlp`. The most probable set is
        predicted, and a label's probability is the sum over the sets that have it. A set that no
        training row of a fold has gets probability 0 there.
    preprocess : scikit-learn transformer, optional
        Cloned and fitted on the training rows of each fold, for instance
        `helpers.preprocessing.make_preprocessor`; the model is made for what comes out of it. The
        matrix is in memory once for each fold: rows × columns × 4 bytes × folds.
    early_stopping : helpers.early_stopping.EarlyStopping, optional
        Let each network stop by itself, on validation rows taken from its training rows.
    validation_freq : int, default=1
        As in `keras.Model.fit`: take the held-out loss after every so many epochs only; it is NaN
        in between. A large number saves time where held-out rows are many.

    Returns
    -------
    helpers.results.EvaluationResult

    Raises
    ------
    ValueError, TypeError
        Naming the argument, what was found and what to do.

    Warns
    -----
    UserWarning
        Once, with the reason, if the model can't be stacked exactly and is trained fold by fold.

    Examples
    --------
    >>> from helpers.data import make_dataset
    >>> X, y = make_dataset(n_samples=100)
    >>> result = evaluate_model(X, y, cv=5, epochs=2, progress=False)
    >>> result.scores.shape, result.probabilities.shape
    ((5, 9), (1, 100, 3))
    """
    X, y = check_X_y(X, y) if preprocess is None else check_rows(X, y)
    check_two_labels(y)
    _check_fit_arguments(
        epochs=epochs, batch_size=batch_size, seed=seed, validation_freq=validation_freq
    )
    if not isinstance(early_stopping, EarlyStopping | None):
        raise TypeError(
            f"early_stopping is a {type(early_stopping).__name__}: pass "
            "helpers.early_stopping.EarlyStopping(patience=...)."
        )
    if early_stopping is not None and validation_freq != 1:
        raise ValueError(
            f"validation_freq={validation_freq}: early_stopping watches every epoch, so leave it 1."
        )
    folds = split_rows(cv, X, y)
    sets, set_of_row = find_label_sets(y)
    settings = {
        **{"epochs": epochs, "batch_size": batch_size, "shuffle": bool(shuffle)},
        **{"early_stopping": early_stopping, "validation_freq": validation_freq},
        **{"preprocess": preprocess, "label_sets": label_sets},
    }
    targets = np.eye(len(sets), dtype="float32")[set_of_row] if label_sets else y
    seeds = network_seeds(seed, len(folds))
    trained = _train(make_model, X, targets, folds, seeds, settings, n_jobs, progress)
    probabilities = [fold.probabilities for fold in trained]
    if label_sets:
        set_proba = [
            keep_seen_sets(p, set_of_row[train])
            for p, (train, _) in zip(probabilities, folds, strict=True)
        ]
        probabilities = [marginals(p, sets) for p in set_proba]
        labels = [most_probable_sets(p, sets) for p in set_proba]
    else:
        labels = [predict_labels(p) for p in probabilities]
    result = collect_result(y, folds, probabilities, labels)
    return replace(result, history=_history(result.scores, trained))


def _train(make_model, X, targets, folds, seeds, settings, n_jobs, progress):
    n_jobs = effective_n_jobs(n_jobs)
    if n_jobs == 1:
        return _train_piece(make_model, X, targets, folds, seeds, settings, progress)
    pieces = np.array_split(np.arange(len(folds)), min(len(folds), n_jobs))

    def train_piece(piece):
        own_folds, own_seeds = [folds[k] for k in piece], [seeds[k] for k in piece]
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("ignore")
            warnings.simplefilter("always", UserWarning)
            trained = _train_piece(
                make_model, X, targets, own_folds, own_seeds, settings, progress=False
            )
        return trained, {str(warning.message) for warning in caught}

    # What a child process warns of would only reach a terminal: say it here, once.
    parts = Parallel(n_jobs=n_jobs)(delayed(train_piece)(piece) for piece in pieces)
    for message in set().union(*(messages for _, messages in parts)):
        warnings.warn(message, stacklevel=3)
    return [fold for trained, _ in parts for fold in trained]


def _train_piece(make_model, X, targets, folds, seeds, settings, progress):
    settings = dict(settings)
    preprocess, label_sets = settings.pop("preprocess"), settings.pop("label_sets")
    if preprocess is not None:
        X, targets, folds = transform_for_each_fold(preprocess, X, targets, folds)
    if label_sets:
        check_softmax(make_model, X.shape[1], targets.shape[1])
    return train_folds(make_model, X, targets, folds, seeds, progress=progress, **settings)


def _history(scores, trained):
    curves = []
    for repeat, number, fold in zip(scores["repeat"], scores["fold"], trained, strict=True):
        epoch = np.arange(1, len(fold.loss) + 1)
        columns = {"repeat": repeat, "fold": number, "epoch": epoch}
        curves.append(pd.DataFrame(columns | {"loss": fold.loss, "val_loss": fold.val_loss}))
    return pd.concat(curves, ignore_index=True)


def _check_fit_arguments(**arguments):
    for name, value in arguments.items():
        lowest = 0 if name == "seed" else 1
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < lowest:
            raise ValueError(f"{name}: found {value!r}, expected a whole number >= {lowest}.")
