"""Label probabilities: checked at the door, and turned into labels by a threshold."""

import numpy as np


def check_probabilities(y_prob, name="y_prob"):
    """Check a matrix of label probabilities.

    Parameters
    ----------
    y_prob : array-like of shape (n_samples, n_labels)
    name : str, default="y_prob"

    Returns
    -------
    ndarray of float64

    Examples
    --------
    >>> check_probabilities([[0.5, 1.5]])
    Traceback (most recent call last):
    ...
    ValueError: y_prob holds 1.5 in row 0, column 1: expected probabilities between 0 and 1. \
Does the last layer have a sigmoid?
    """
    y_prob = np.asarray(y_prob, dtype="float64")
    if y_prob.ndim != 2:
        raise ValueError(f"{name} has shape {y_prob.shape}: expected (rows, labels).")
    if not ((y_prob >= 0) & (y_prob <= 1)).all():
        row, column = np.argwhere(~((y_prob >= 0) & (y_prob <= 1)))[0]
        hint = "Does the last layer have a sigmoid?"
        if np.isnan(y_prob[row, column]):
            hint = "If it was never held out, or its network diverged, leave it out here, too."
        raise ValueError(
            f"{name} holds {y_prob[row, column]} in row {row}, column {column}: expected "
            f"probabilities between 0 and 1. {hint}"
        )
    return y_prob


def check_set_proba(set_proba, n_sets=None):
    """Check a matrix of probabilities of label sets.

    Parameters
    ----------
    set_proba : array-like of shape (n_samples, n_sets)
    n_sets : int, optional

    Returns
    -------
    ndarray of float64

    Examples
    --------
    >>> check_set_proba([[0.1, 0.9]], n_sets=3)
    Traceback (most recent call last):
    ...
    ValueError: set_proba has shape (1, 2): expected (rows, 3), one column a label set.
    """
    set_proba = np.asarray(set_proba, dtype="float64")
    if set_proba.ndim != 2 or n_sets not in (None, set_proba.shape[1]):
        raise ValueError(
            f"set_proba has shape {set_proba.shape}: expected (rows, {n_sets or 'sets'}), "
            "one column a label set."
        )
    if np.isnan(set_proba).any():
        raise ValueError("set_proba holds NaN: leave out rows that were never held out.")
    return set_proba


def check_same_shape(y_true, y_prob, name="y_prob"):
    """Refuse predictions that do not fit the true labels.

    Parameters
    ----------
    y_true, y_prob : ndarray
    name : str, default="y_prob"

    Examples
    --------
    >>> check_same_shape(np.zeros((3, 2)), np.zeros((3, 1)))
    Traceback (most recent call last):
    ...
    ValueError: y_true has shape (3, 2) and y_prob has (3, 1): they must agree.
    """
    if y_true.shape != y_prob.shape:
        raise ValueError(
            f"y_true has shape {y_true.shape} and {name} has {y_prob.shape}: they must agree."
        )


def predict_labels(y_prob, threshold=0.5):
    """Turn probabilities into labels: 1 where the probability is at least the threshold.

    Parameters
    ----------
    y_prob : array-like of shape (n_samples, n_labels)
    threshold : float or array-like of shape (n_labels,), default=0.5

    Returns
    -------
    ndarray of shape (n_samples, n_labels), int64

    Raises
    ------
    ValueError
        If a probability is outside [0, 1] or NaN, or `threshold` does not fit.

    Examples
    --------
    >>> predict_labels([[0.5, 0.4], [0.9, 0.1]]).tolist()
    [[1, 0], [1, 0]]
    >>> predict_labels([[0.5, 0.4], [0.9, 0.1]], threshold=[0.6, 0.3]).tolist()
    [[0, 1], [1, 0]]
    """
    y_prob = check_probabilities(y_prob)
    return (y_prob >= check_threshold(threshold, y_prob.shape[1])).astype("int64")


def check_threshold(threshold, n_labels):
    """Check one threshold for all labels, or one for each.

    Parameters
    ----------
    threshold : float or array-like of shape (n_labels,)
    n_labels : int

    Returns
    -------
    ndarray of shape () or (n_labels,), float64

    Raises
    ------
    ValueError

    Examples
    --------
    >>> check_threshold([0.5, 0.3], n_labels=2)
    array([0.5, 0.3])
    """
    thresholds = np.asarray(threshold, dtype="float64")
    if thresholds.shape not in [(), (n_labels,)]:
        raise ValueError(
            f"threshold has shape {thresholds.shape}: pass one number, or {n_labels}, one a label."
        )
    if not ((thresholds >= 0) & (thresholds <= 1)).all():
        raise ValueError(f"threshold is {threshold}: expected numbers between 0 and 1.")
    return thresholds
