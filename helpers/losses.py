"""Losses for labels that are rare or unequally important."""

import keras
import numpy as np

from helpers.validation import check_labels


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
        ``loss(y_true, y_pred)``, for `keras.Model.compile`; one number a row.

    Raises
    ------
    ValueError
        If a weight is not positive, or `focal_gamma` is negative.

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
    weights, focal_gamma = weights.tolist(), float(focal_gamma)

    def loss(y_true, y_pred):
        y_true = keras.ops.cast(y_true, y_pred.dtype)
        terms = keras.ops.binary_crossentropy(y_true, y_pred)
        terms *= 1 + y_true * (keras.ops.convert_to_tensor(weights, y_pred.dtype) - 1)
        if focal_gamma:
            wrong = 1 - (y_true * y_pred + (1 - y_true) * (1 - y_pred))
            # Not 0: there the slope of a root is infinite, and one such row would end training.
            terms *= keras.ops.maximum(wrong, keras.config.epsilon()) ** focal_gamma
        return keras.ops.mean(terms, axis=-1)

    return loss


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

    Raises
    ------
    ValueError
        If a label is on no row, or on all.

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
