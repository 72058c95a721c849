"""Compiled Keras models, ready for `fit` or for `evaluate_model`: lesson 02 and all after it."""

import functools
import inspect

import keras
import numpy as np

from helpers._arguments import check_labels

# Keras' losses that are a mean of one term a label: functions and their classes.
_MASKED = {
    "binary_crossentropy": "BinaryCrossentropy",
    "binary_focal_crossentropy": "BinaryFocalCrossentropy",
    "mean_squared_error": "MeanSquaredError",
    "mean_absolute_error": "MeanAbsoluteError",
}
_MEAN = "sum_over_batch_size"


def make_mlp(
    n_inputs,
    n_outputs,
    hidden=(20,),
    learning_rate=0.001,
    seed=None,
    normalize=False,
    positive_weights=None,
    focal_gamma=None,
):
    """Make a multi-layer perceptron for multi-label classification.

    Each hidden layer is dense with ReLU activation and He-uniform initial weights; the output
    layer has one sigmoid unit a label; loss is binary cross-entropy, optimizer is Adam.

    Parameters
    ----------
    n_inputs, n_outputs : int
        Numbers of features and of labels.
    hidden : tuple of int, default=(20,)
        Units of each hidden layer, from the input up. ``()`` leaves a logistic regression.
    learning_rate : float, default=0.001
        Of Adam.
    seed : int or None, default=None
        Seed of the initial weights; each layer gets its own, counted up from it. None leaves the
        choice to Keras.
    normalize : bool, default=False
        Begin with a `Normalization` layer, which brings each feature to mean 0 and variance 1.
        `helpers.evaluation.evaluate_model` adapts it to the training rows of each fold; before a
        `fit` of your own, call ``helpers.training.adapt_normalization(model, X)``.
    positive_weights, focal_gamma : optional
        Change the loss for the sake of rare labels, as in
        `helpers.models.weighted_binary_crossentropy`.

    Returns
    -------
    keras.Sequential
        Built and compiled.

    References
    ----------
    He et al., Delving deep into rectifiers (2015), for the initial weights of ReLU layers.

    Examples
    --------
    >>> make_mlp(n_inputs=10, n_outputs=3, seed=1).count_params()
    283
    """
    model = keras.Sequential(_layers(n_inputs, n_outputs, hidden, seed, normalize, "sigmoid"))
    loss = "binary_crossentropy"
    if positive_weights is not None or focal_gamma is not None:
        weights = 1.0 if positive_weights is None else positive_weights
        if np.ndim(weights) and len(weights) != n_outputs:
            raise ValueError(
                f"positive_weights has {len(weights)} numbers, but n_outputs={n_outputs}: pass "
                "one for each label, or one for all."
            )
        loss = weighted_binary_crossentropy(weights, focal_gamma or 0.0)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss=loss)
    return model


def make_label_set_mlp(
    n_inputs, n_outputs, hidden=(20,), learning_rate=0.001, seed=None, normalize=False
):
    """Make a multi-layer perceptron that shares out one probability among label sets.

    Like `make_mlp`, but the outputs are label sets instead of labels, a softmax makes them sum to
    1, and the loss is categorical cross-entropy. Train it on one-hot rows of
    `helpers.labels.find_label_sets`, as ``evaluate_model(..., label_sets=True)`` does.

    Parameters
    ----------
    n_inputs, n_outputs : int
        Numbers of features and of label sets.
    hidden, learning_rate, seed, normalize
        As in `make_mlp`.

    Returns
    -------
    keras.Sequential
        Built and compiled.

    Examples
    --------
    >>> import numpy as np
    >>> model = make_label_set_mlp(n_inputs=10, n_outputs=5, seed=1)
    >>> round(float(model(np.ones((1, 10))).numpy().sum()), 3)
    1.0
    """
    model = keras.Sequential(_layers(n_inputs, n_outputs, hidden, seed, normalize, "softmax"))
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="categorical_crossentropy")
    return model


def _layers(n_inputs, n_outputs, hidden, seed, normalize, activation):
    """List the layers of a perceptron; `activation` is that of its outputs."""
    _check_sizes(n_inputs, n_outputs, hidden)
    layers = [keras.Input((n_inputs,), name="features")]
    if normalize:
        layers.append(keras.layers.Normalization(name="normalization"))
    for i, units in enumerate(hidden):
        initializer = keras.initializers.HeUniform(seed=_layer_seed(seed, i))
        layers.append(
            keras.layers.Dense(
                units, activation="relu", kernel_initializer=initializer, name=f"hidden_{i + 1}"
            )
        )
    initializer = keras.initializers.GlorotUniform(seed=_layer_seed(seed, len(hidden)))
    name = "labels" if activation == "sigmoid" else "label_sets"
    layers.append(
        keras.layers.Dense(
            n_outputs, activation=activation, kernel_initializer=initializer, name=name
        )
    )
    return layers


def _layer_seed(seed, layer):
    return None if seed is None else seed + layer


def _check_sizes(n_inputs, n_outputs, hidden):
    if isinstance(hidden, int):
        raise TypeError(f"hidden={hidden}: pass a tuple, one number a layer, e.g. ({hidden},).")
    if isinstance(n_inputs, tuple):
        raise TypeError(
            f"n_inputs={n_inputs}, as pictures have: this network takes rows of numbers. Reshape X "
            "to (rows, features), X.reshape(len(X), -1), or build a network with convolutions."
        )
    values = [("n_inputs", n_inputs), ("n_outputs", n_outputs)]
    values += [("hidden", units) for units in hidden]
    for name, value in values:
        if int(value) != value or value < 1:
            raise ValueError(f"{name}: found {value!r}, expected a whole number of 1 or more.")


class _Loss(functools.partial):
    """A loss whose numbers Keras can save, and the engine compare."""

    def get_config(self):
        return {"function": self.func.__name__, **self.keywords}


def weighted_binary_crossentropy(positive_weights=1.0, focal_gamma=0.0):
    """Make a binary cross-entropy in which rows with a label, or hard rows, count for more.

    Parameters
    ----------
    positive_weights : float or array-like of shape (n_labels,), default=1.0
        What a row that has the label counts, where one without it counts 1.
    focal_gamma : float, default=0.0
        Each term is multiplied by (1 − p) ** focal_gamma, where p is the probability given to
        the truth: what is right already counts less. 2 is usual, 0 leaves it out.

    Returns
    -------
    callable
        ``loss(y_true, y_pred)``, for `keras.Model.compile`; one number per row.

    Notes
    -----
    Both change what the outputs mean: they are no longer probabilities of the labels.

    References
    ----------
    Lin et al., Focal loss for dense object detection (2017).

    Examples
    --------
    >>> import numpy as np
    >>> loss = weighted_binary_crossentropy(positive_weights=[1.0, 3.0])
    >>> y_true, y_pred = np.array([[1.0, 1.0]]), np.array([[0.5, 0.5]])
    >>> loss(y_true, y_pred).numpy().round(3).tolist()  # log(2) times 1 and 3, on average
    [1.386]
    """
    weights = np.asarray(positive_weights, dtype="float32")
    if weights.ndim > 1 or not (np.isfinite(weights) & (weights > 0)).all():
        raise ValueError(
            f"positive_weights: found {positive_weights!r}, expected one positive number, or one "
            "for each label."
        )
    if not focal_gamma >= 0:
        raise ValueError(f"focal_gamma: found {focal_gamma!r}, expected a number of 0 or more.")
    return _Loss(_weighted, weights=weights.tolist(), focal_gamma=float(focal_gamma))


def _weighted(y_true, y_pred, weights, focal_gamma):
    y_true = keras.ops.cast(y_true, y_pred.dtype)
    terms = keras.ops.binary_crossentropy(y_true, y_pred)
    terms *= 1 + y_true * (keras.ops.convert_to_tensor(weights, y_pred.dtype) - 1)
    if focal_gamma:
        wrong = 1 - (y_true * y_pred + (1 - y_true) * (1 - y_pred))
        # Not 0: there the slope of a root is infinite, and one such row would end training.
        terms *= keras.ops.maximum(wrong, keras.config.epsilon()) ** focal_gamma
    return keras.ops.mean(terms, axis=-1)


def asymmetric_loss(gamma_pos=0.0, gamma_neg=4.0, clip=0.05):
    """Make the asymmetric loss, for which rows without a label count little once they are easy.

    Parameters
    ----------
    gamma_pos, gamma_neg : float, default=0.0 and 4.0
        The focusing exponents of rows with and without the label. The larger, the less a row
        counts that is nearly right already.
    clip : float, default=0.05
        From 0 to below 1. A row without the label counts nothing if its probability is at most
        this.

    Returns
    -------
    callable
        ``loss(y_true, y_pred)``, for `keras.Model.compile`; one number per row, the mean over its
        labels (the paper takes the sum).

    Raises
    ------
    ValueError
        If an exponent is negative, or `clip` is outside [0, 1).

    Notes
    -----
    With p the predicted probability, the term of a label is

        ``-(1 - p) ** gamma_pos * log(p)`` for a row that has it, and

        ``-q ** gamma_neg * log(1 - q)``, ``q = max(p - clip, 0)``, for one that has not.

    All three at 0 give binary cross-entropy; equal exponents and ``clip=0`` a focal loss. The
    outputs are no longer probabilities of the labels: they are far too high.

    References
    ----------
    Ridnik, Ben-Baruch, Zamir, Noy, Friedman, Protter and Zelnik-Manor, Asymmetric loss for
    multi-label classification, ICCV (2021), equations 4 to 7.

    Examples
    --------
    >>> import numpy as np
    >>> y_true, y_pred = np.array([[1.0, 0.0]]), np.array([[0.5, 0.55]])
    >>> asymmetric_loss()(y_true, y_pred).numpy().round(3).tolist()  # mean of log(2), log(2) / 16
    [0.368]
    """
    for name, gamma in [("gamma_pos", gamma_pos), ("gamma_neg", gamma_neg)]:
        if not 0 <= gamma < np.inf:
            raise ValueError(f"{name}: found {gamma!r}, expected a number of 0 or more.")
    if not 0 <= clip < 1:
        raise ValueError(f"clip: found {clip!r}, expected a number from 0 to below 1.")
    numbers = {"gamma_pos": float(gamma_pos), "gamma_neg": float(gamma_neg), "clip": float(clip)}
    return _Loss(_asymmetric, **numbers)


def _asymmetric(y_true, y_pred, gamma_pos, gamma_neg, clip):
    y_true = keras.ops.cast(y_true, y_pred.dtype)
    shifted = keras.ops.where(y_true > 0.5, y_pred, keras.ops.maximum(y_pred - clip, 0.0))
    wrong = keras.ops.where(y_true > 0.5, 1 - y_pred, shifted)
    gamma = y_true * gamma_pos + (1 - y_true) * gamma_neg
    terms = keras.ops.binary_crossentropy(y_true, shifted)
    # Not 0: there the slope of a root is infinite, and one such row would end training.
    terms *= keras.ops.maximum(wrong, keras.config.epsilon()) ** gamma
    return keras.ops.mean(terms, axis=-1)


def masked(loss="binary_crossentropy"):
    """Let a loss leave out labels that are not known, which are NaN in the targets.

    Each row's loss is the mean over its known labels, and 0 if it has none. A row that knows all of
    its labels has the loss that it had before. No gradient comes from a label that is not known.

    Parameters
    ----------
    loss : str, keras.losses.Loss or callable, default="binary_crossentropy"
        Of Keras' own, binary cross-entropy, binary focal cross-entropy, mean squared error or mean
        absolute error. Of others, such as `weighted_binary_crossentropy`, one that is for each row
        the mean of one term a label, which is 0 where the probability 0 is given to a label that a
        row does not have; otherwise that term remains, as a constant without a gradient.

    Returns
    -------
    callable
        ``loss(y_true, y_pred)``, for `keras.Model.compile`; one number per row.

    Raises
    ------
    TypeError
        If `loss` is another one of Keras' losses, or none at all.

    Notes
    -----
    ``helpers.evaluation.evaluate_model(..., missing_labels="mask")`` puts it around the loss of
    each model by itself. For a `fit` of your own:
    ``model.compile(model.optimizer, loss=masked(model.loss))``.

    References
    ----------
    Durand, Mehrasa and Mori, Learning a deep ConvNet for multi-label classification with partial
    labels (2019), equation 2 with g(p) = 1/p.

    Examples
    --------
    >>> import numpy as np
    >>> y_true, y_pred = np.array([[1.0, np.nan], [1.0, 0.0]]), np.array([[0.5, 0.9], [0.5, 0.5]])
    >>> masked()(y_true, y_pred).numpy().round(3).tolist()  # log(2) each
    [0.693, 0.693]
    """
    row_loss, by_cell = _loss_of_rows(loss)

    def masked_loss(y_true, y_pred):
        y_true = keras.ops.cast(y_true, y_pred.dtype)
        known = keras.ops.logical_not(keras.ops.isnan(y_true))
        n_known = keras.ops.sum(keras.ops.cast(known, y_pred.dtype), axis=-1)
        y_true, y_pred = (keras.ops.where(known, part, 0) for part in (y_true, y_pred))
        if by_cell:  # each label as a row of its own
            terms = row_loss(y_true[..., None], y_pred[..., None])
            total = keras.ops.sum(keras.ops.where(known, terms, 0), axis=-1)
        else:
            total = row_loss(y_true, y_pred) * y_pred.shape[-1]
        return keras.ops.where(n_known > 0, total / keras.ops.maximum(n_known, 1), 0)

    return masked_loss


def _loss_of_rows(loss):
    """Return a function that gives a loss for each row, and whether it takes labels one by one."""
    found = keras.losses.get(loss) if isinstance(loss, str) else loss
    if not callable(found):
        raise TypeError(f"loss={loss!r}: masked takes one loss for the one output of a model.")
    own = found if inspect.isfunction(found) or inspect.isclass(found) else type(found)
    if not str(getattr(own, "__module__", "")).startswith("keras."):
        return getattr(found, "call", found), False
    known = {getattr(keras.losses, name) for names in _MASKED.items() for name in names}
    if own not in known or getattr(found, "reduction", _MEAN) != _MEAN:
        raise TypeError(
            f"loss={loss!r} can't be masked, since it is no mean of one term a label: take "
            f"{', '.join(_MASKED)}, with reduction={_MEAN!r}."
        )
    return getattr(found, "call", found), True


def balanced_weights(y):
    """Compute the weights with which both answers to a label count the same in total.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)
        Of training rows.

    Returns
    -------
    ndarray of shape (n_labels,)
        Rows without the label divided by rows with it.

    Examples
    --------
    >>> balanced_weights([[1, 1], [1, 0], [1, 0], [0, 0]]).round(2).tolist()
    [0.33, 3.0]
    """
    share = check_labels(y).mean(axis=0)
    if not ((share > 0) & (share < 1)).all():
        label = int(np.flatnonzero((share <= 0) | (share >= 1))[0])
        raise ValueError(f"y: label number {label} is the same in all rows: leave it out.")
    return (1 - share) / share
