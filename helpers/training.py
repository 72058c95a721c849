"""One network a fold: trained as one stack where that is exact, else by `model.fit`.

The stack itself is in `helpers.stacking`. This module makes the K models, adapts what must be
adapted to the training rows of each fold, and gives both ways of training the same batches.
"""

import warnings
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from helpers.early_stopping import BestWeights
from helpers.making import new_models
from helpers.normalization import adapt_normalization
from helpers.plain_fit import RowOrder, fit_plainly
from helpers.progress import progress_bar
from helpers.stackable import why_not_alike, why_not_stackable
from helpers.stacking import FoldStack


@dataclass(frozen=True)
class TrainedFold:
    """What one fold's network said of its held-out rows, and how it learned.

    Attributes
    ----------
    probabilities : ndarray of shape (n_test, n_outputs), float32
    loss, val_loss : ndarray of shape (epochs,)
        Training loss while the epoch ran and loss on the held-out rows after it, as in
        ``model.fit(..., validation_data=..., validation_batch_size=1024).history``. With early
        stopping, `val_loss` is that of the validation rows, and both end with the last epoch. NaN
        after epochs that `validation_freq` leaves out.
    """

    probabilities: np.ndarray
    loss: np.ndarray
    val_loss: np.ndarray


def train_folds(
    make_model,
    X,
    y,
    folds,
    seeds,
    *,
    epochs=100,
    batch_size=32,
    shuffle=True,
    early_stopping=None,
    validation_freq=1,
    progress=True,
):
    """Train one network on each fold's training rows and apply it to the held-out rows.

    Networks with the same number of training and of held-out rows are trained as one
    (`helpers.stacking.FoldStack`). What can't be stacked exactly is trained by ``model.fit``, one
    fold after the other, with a warning that says why. Both ways see the same batches.

    Parameters
    ----------
    make_model : callable
        ``make_model(n_inputs, n_outputs)`` returns a new compiled Keras model at each call. If it
        has an argument ``seed`` that is None by default, each fold's own seed goes there.
    X : ndarray of shape (n_samples, n_inputs)
    y : ndarray of shape (n_samples, n_outputs)
    folds : list of (train, test)
        Row numbers, as a scikit-learn splitter gives them.
    seeds : list of int
        One for each fold: initial weights, dropout masks and the order of rows come from it.
    epochs, batch_size, shuffle
        As in `keras.Model.fit`.
    early_stopping : helpers.early_stopping.EarlyStopping, optional
        Without it, every network trains for all epochs and keeps its last weights.
    validation_freq : int, default=1
        Take `val_loss` after every so many epochs only, as in `keras.Model.fit`.
    progress : bool, default=True
        Show a bar that counts epochs.

    Returns
    -------
    list of TrainedFold
        In the order of `folds`.

    Raises
    ------
    TypeError, ValueError
        If `make_model` returns something else than a new compiled model with `n_outputs` outputs.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.models import make_mlp
    >>> X, y = np.eye(6, dtype="float32"), np.eye(6, dtype="float32")[:, :2]
    >>> rows = np.arange(6)
    >>> folds = [(rows[2:], rows[:2]), (rows[:4], rows[4:])]
    >>> trained = train_folds(make_mlp, X, y, folds, seeds=[1, 2], epochs=2, progress=False)
    >>> [fold.probabilities.shape for fold in trained]
    [(2, 2), (2, 2)]
    """
    X, y = np.asarray(X, dtype="float32"), np.asarray(y, dtype="float32")
    models = new_models(make_model, X.shape[1], y.shape[1], seeds)
    rows = [_rows_of_fold(*parts, early_stopping) for parts in zip(folds, seeds, strict=True)]
    for model, (train, *_) in zip(models, rows, strict=True):
        adapt_normalization(model, X[train])
    orders = [RowOrder(r[0], shuffle, seed) for r, seed in zip(rows, seeds, strict=True)]

    reason = why_not_stackable(models[0]) or why_not_alike(models)
    groups = [[k] for k in range(len(folds))] if reason else _groups_of_equal_size(rows)
    if reason:
        _warn_of_plain_fit(reason)
    trained = {}
    with progress_bar(epochs * len(groups), "epoch", progress) as advance:
        for group in groups:
            train_group = _fit_one_by_one if reason else _train_stack
            results = train_group(
                [models[k] for k in group], X, y, [rows[k] for k in group],
                [orders[k] for k in group], epochs, batch_size, early_stopping, validation_freq,
                advance,
            )  # fmt: skip
            trained.update(zip(group, results, strict=True))
    return [trained[k] for k in range(len(folds))]


def _rows_of_fold(fold, seed, early_stopping):
    """Rows to train on, rows to watch after each epoch, and rows held out."""
    train, test = fold
    if early_stopping is None:
        return train, test, test
    return *early_stopping.split(train, seed), test


def _groups_of_equal_size(rows):
    groups = {}
    for k, parts in enumerate(rows):
        groups.setdefault(tuple(map(len, parts)), []).append(k)
    return list(groups.values())


def _train_stack(
    models, X, y, rows, orders, epochs, batch_size, early_stopping, validation_freq, advance
):
    _, watched, tests = (tf.constant(np.stack(part), tf.int32) for part in zip(*rows, strict=True))
    stack = FoldStack(models, X, y, len(orders[0].rows), batch_size)
    evaluate = stack.evaluator(watched.shape[1])
    curves = np.full((epochs, 2, len(models)), np.nan)
    best = None if early_stopping is None else BestWeights(len(models), early_stopping)
    for epoch in range(epochs):
        order = np.stack([order.next_epoch() for order in orders])
        curves[epoch, 0] = stack.train_epoch(tf.constant(order, tf.int32))
        if (epoch + 1) % validation_freq == 0:
            curves[epoch, 1], outputs = evaluate(watched)
        advance()
        if best is not None:
            best.update(curves[epoch, 1], stack.get_weights())
            if not best.training.any():
                break
    epochs_run = [epochs] * len(models)
    if best is not None:
        epochs_run = best.epochs_run
        stack.set_weights(best.weights)
        _, outputs = stack.evaluator(tests.shape[1])(tests)
    elif epochs % validation_freq:
        _, outputs = evaluate(tests)
    return [
        TrainedFold(outputs[k].numpy(), *curves[: epochs_run[k], :, k].T)
        for k in range(len(models))
    ]


def _fit_one_by_one(
    models, X, y, rows, orders, epochs, batch_size, early_stopping, validation_freq, advance
):
    return [
        TrainedFold(
            *fit_plainly(
                *(model, X, y, test, watched, order, epochs, batch_size, advance),
                *(early_stopping, validation_freq),
            )
        )
        for model, (_, watched, test), order in zip(models, rows, orders, strict=True)
    ]


def _warn_of_plain_fit(reason):
    warnings.warn(f"Training fold by fold with model.fit, which is slower: {reason}.", stacklevel=2)
