"""One network a fold: trained as one stack where that is exact, else by `model.fit`.

The stack itself is in `helpers.stacking`. This module makes the models, adapts what must be adapted
to the training rows of each fold, decides which networks train together, and gives both ways of
training the same batches.
"""

import warnings

import numpy as np
import tensorflow as tf

from helpers.alike import why_not_alike
from helpers.early_stopping import BestWeights
from helpers.making import new_models
from helpers.networks import Network, TrainedFold, Training, seats, stacks_of
from helpers.normalization import adapt_normalization
from helpers.plain_fit import RowOrder, fit_plainly
from helpers.progress import progress_bar
from helpers.reuse import traced_stack
from helpers.splits import naming_fold
from helpers.stackable import why_not_stackable


def train_folds(
    make_models, X, y, folds, seeds, *, shuffle=True, first_fold=0, progress=True, **settings
):
    """Train one network of each kind on each fold's training rows, and apply it to the rest.

    Networks of one shape with the same number of training and of held-out rows are trained as one
    (`helpers.stacking.FoldStack`), as many at a time as `helpers.networks.stacks_of` allows. What
    can't be stacked exactly is trained by ``model.fit``, one fold after the other, with a warning
    that says why. Both ways see the same batches.

    Parameters
    ----------
    make_models : list of callable
        ``make_model(n_inputs, n_outputs)`` returns a new compiled Keras model at each call. If it
        has an argument ``seed`` that is None by default, each fold's own seed goes there.
    X : ndarray of shape (n_samples, n_inputs)
    y : ndarray of shape (n_samples, n_outputs)
    folds : list of (train, test)
        Row numbers, as a scikit-learn splitter gives them.
    seeds : list of int
        One for each fold: initial weights, dropout masks and the order of rows come from it.
    first_fold : int, default=0
        The number of the first of `folds`, for messages.
    shuffle : bool, default=True
        Draw a new order of the training rows for each epoch.
    progress : bool, default=True
        Show a bar that counts epochs.
    **settings
        Of `helpers.networks.Training`.

    Returns
    -------
    list of list of TrainedFold
        One list for each of `make_models`, in the order of `folds`.

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
    >>> trained = train_folds([make_mlp], X, y, folds, [1, 2], epochs=2, progress=False)
    >>> [fold.probabilities.shape for fold in trained[0]]
    [(2, 2), (2, 2)]
    """
    X, y = _one_copy(X), _one_copy(y)
    training = Training(**settings)
    networks, jobs, together = [], [], []
    for kind, make_model in enumerate(make_models):
        models = new_models(make_model, X.shape[1], y.shape[1], seeds, first_fold)
        own = []
        for k, (model, fold, seed) in enumerate(zip(models, folds, seeds, strict=True)):
            with naming_fold(first_fold + k):
                numbers = first_fold + k, kind
                own.append(_network(*numbers, model, fold, seed, X, shuffle, training))
        networks.append(own)
        if reason := why_not_stackable(models[0]) or why_not_alike(models):
            _warn_of_plain_fit(reason)
            jobs += [(_train_plainly, network) for network in own]
        else:
            together += own
    jobs += [(_train_stack, stack) for stack in stacks_of(together)]
    with progress_bar(training.epochs * len(jobs), "epoch", progress) as advance:
        for train, what in jobs:
            train(what, X, y, training, advance)
    return [[network.trained for network in own] for own in networks]


def _one_copy(table):
    """Copy a table to where NumPy and TensorFlow can both use it, so that it is there only once."""
    buffer = np.empty(table.size + 16, dtype="float32")
    start = -buffer.ctypes.data % 64 // 4  # TensorFlow wants tables to begin at multiples of 64
    copy = buffer[start:][: table.size].reshape(table.shape)
    copy[...] = table
    return copy


def _network(number, kind, model, fold, seed, X, shuffle, training):
    train, test = fold
    watched = test
    if training.early_stopping is not None:
        train, watched = training.early_stopping.split(train, seed)
    adapt_normalization(model, X, train)
    return Network(number, kind, model, RowOrder(train, shuffle, seed), watched, test)


def _train_stack(networks, X, y, training, advance):
    places = seats(networks)
    everyone = [network or networks[0] for network in places]
    X, y = (tf.experimental.dlpack.from_dlpack(table.__dlpack__()) for table in (X, y))
    watched, tests = (
        tf.constant(np.stack([getattr(network, part) for network in everyone]), tf.int32)
        for part in ("watched", "test")
    )
    epochs, early_stopping = training.epochs, training.early_stopping
    curves = np.full((epochs, 2, len(everyone)), np.nan)
    epochs_run = np.full(len(everyone), epochs)
    best = None if early_stopping is None else BestWeights(len(everyone), early_stopping)
    with traced_stack([network.model for network in everyone], training.batch_size) as stack:
        for epoch in range(epochs):
            rows = _rows_of_epoch(networks, everyone)
            curves[epoch, 0] = stack.train_epoch(X, y, rows)
            if (epoch + 1) % training.validation_freq == 0:
                curves[epoch, 1], outputs = stack.evaluate(X, y, watched)
            advance()
            if best is not None:
                best.update(curves[epoch, 1], stack.get_weights())
                if not best.training.any():
                    break
        if best is not None:
            epochs_run = best.epochs_run
            stack.set_weights(best.weights)
        if best is not None or epochs % training.validation_freq:
            _, outputs = stack.evaluate(X, y, tests)
    for k, network in enumerate(places):
        if network is not None:
            network.trained = TrainedFold(outputs[k].numpy(), *curves[: epochs_run[k], :, k].T)


def _rows_of_epoch(networks, everyone):
    orders = {id(network): network.order.next_epoch() for network in networks}
    return tf.constant(np.stack([orders[id(network)] for network in everyone]), tf.int32)


def _train_plainly(network, X, y, training, advance):
    network.trained = TrainedFold(
        *fit_plainly(
            *(network.model, X, y, network.test, network.watched, network.order),
            *(training.epochs, training.batch_size, advance),
            *(training.early_stopping, training.validation_freq),
        )
    )


def _warn_of_plain_fit(reason):
    warnings.warn(f"Training fold by fold with model.fit, which is slower: {reason}.", stacklevel=2)
