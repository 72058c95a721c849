"""One network a fold: trained as one stack where that is exact, else by `model.fit`.

The stack itself is in `helpers.stacking`. This module makes the K models, adapts what must be
adapted to the training rows of each fold, and gives both ways of training the same batches.
"""

import warnings
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from helpers.making import new_models
from helpers.plain_fit import RowOrder, fit_plainly
from helpers.progress import progress_bar
from helpers.stackable import flat_layers, why_not_alike, why_not_stackable
from helpers.stacking import FoldStack


@dataclass(frozen=True)
class TrainedFold:
    """What one fold's network said of its held-out rows, and how it learned.

    Attributes
    ----------
    probabilities : ndarray of shape (n_test, n_outputs), float32
    loss, val_loss : ndarray of shape (epochs,)
        Training loss while the epoch ran and loss on the held-out rows after it, as in
        ``model.fit(..., validation_data=..., validation_batch_size=1024).history``.
    """

    probabilities: np.ndarray
    loss: np.ndarray
    val_loss: np.ndarray


def train_folds(
    make_model, X, y, folds, seeds, *, epochs=100, batch_size=32, shuffle=True, progress=True
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
    for model, (train, _) in zip(models, folds, strict=True):
        adapt_normalization(model, X[train])
    orders = [RowOrder(train, shuffle, seed) for (train, _), seed in zip(folds, seeds, strict=True)]

    reason = why_not_stackable(models[0]) or why_not_alike(models)
    groups = [[k] for k in range(len(folds))] if reason else _groups_of_equal_size(folds)
    if reason:
        _warn_of_plain_fit(reason)
    trained = {}
    with progress_bar(epochs * len(groups), "epoch", progress) as advance:
        for group in groups:
            train_group = _fit_one_by_one if reason else _train_stack
            results = train_group(
                [models[k] for k in group], X, y, [folds[k][1] for k in group],
                [orders[k] for k in group], epochs, batch_size, advance,
            )  # fmt: skip
            trained.update(zip(group, results, strict=True))
    return [trained[k] for k in range(len(folds))]


def adapt_normalization(model, X):
    """Adapt each `Normalization` layer of a model to what reaches it from the rows of `X`.

    A layer that was given its mean and variance is left alone.

    Parameters
    ----------
    model : keras.Model
    X : ndarray of shape (n_samples, n_inputs)
        Training rows only: test rows must not leak into the statistics.

    Examples
    --------
    >>> import keras, numpy as np
    >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Normalization()])
    >>> adapt_normalization(model, np.array([[1.0], [3.0]]))
    >>> model(np.array([[2.0]])).numpy().tolist()
    [[0.0]]
    """
    for layer in flat_layers(model):
        if isinstance(layer, keras.layers.Normalization) and layer.input_mean is None:
            if layer not in model.layers or not getattr(model, "inputs", None):
                raise ValueError(
                    f"make_model: the Normalization layer {layer.name!r} sits where it "
                    "can't be adapted fold by fold. Put it straight into a Sequential or a "
                    "functional model."
                )
            before = keras.Model(model.inputs[0], layer.input)
            layer.adapt(keras.ops.convert_to_numpy(before(X)))


def _groups_of_equal_size(folds):
    groups = {}
    for k, (train, test) in enumerate(folds):
        groups.setdefault((len(train), len(test)), []).append(k)
    return list(groups.values())


def _train_stack(models, X, y, tests, orders, epochs, batch_size, advance):
    tests = tf.constant(np.stack(tests), tf.int32)
    stack = FoldStack(models, X, y, len(orders[0].rows), tests.shape[1], batch_size)
    loss, val_loss = np.empty((len(models), epochs)), np.empty((len(models), epochs))
    for epoch in range(epochs):
        rows = np.stack([order.next_epoch() for order in orders])
        loss[:, epoch] = stack.train_epoch(tf.constant(rows, tf.int32))
        val_loss[:, epoch], probabilities = stack.evaluate(tests)
        advance()
    return [
        TrainedFold(*parts) for parts in zip(probabilities.numpy(), loss, val_loss, strict=True)
    ]


def _fit_one_by_one(models, X, y, tests, orders, epochs, batch_size, advance):
    return [
        TrainedFold(*fit_plainly(model, X, y, test, order, epochs, batch_size, advance))
        for model, test, order in zip(models, tests, orders, strict=True)
    ]


def _warn_of_plain_fit(reason):
    warnings.warn(f"Training fold by fold with model.fit, which is slower: {reason}.", stacklevel=2)
