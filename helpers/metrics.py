"""Multi-label scores of true labels against probabilities, all in one row."""

import numpy as np
import pandas as pd
from sklearn import metrics

from helpers.data import check_labels


def score_table(y_true, y_prob, threshold=0.5, zero_division=1.0):
    """Score predicted probabilities (or labels) by every multi-label metric of the lessons.

    Parameters
    ----------
    y_true : array-like of shape (n_samples, n_labels)
        0 or 1.
    y_prob : array-like of shape (n_samples, n_labels)
        Probabilities, or labels 0 and 1.
    threshold : float or array-like of shape (n_labels,), default=0.5
        A label is predicted where its probability is at least this.
    zero_division : {0.0, 1.0}, default=1.0
        What F1 and Jaccard are where nothing was there to be found and nothing was predicted. With
        1.0 a row without labels, predicted as such, counts as right.

    Returns
    -------
    DataFrame of one row
        ``subset_accuracy``: share of rows with every label right;
        ``hamming_loss``: share of wrong labels, over all rows and labels;
        ``f1_micro``: F1 of all labels pooled;
        ``f1_macro``: mean over labels of each label's F1;
        ``f1_samples``, ``jaccard_samples``: means over rows of each row's score.

    Raises
    ------
    ValueError
        If shapes differ, `y_true` is not 0/1, a probability is outside [0, 1] or NaN, or
        `threshold` does not fit.

    References
    ----------
    scikit-learn, User Guide, Metrics and scoring: multi-label ranking and classification metrics.

    Examples
    --------
    >>> y_true = [[1, 0], [1, 1], [0, 0], [0, 1]]
    >>> y_prob = [[0.9, 0.2], [0.8, 0.4], [0.1, 0.1], [0.3, 0.7]]
    >>> score_table(y_true, y_prob)[["subset_accuracy", "hamming_loss"]]
       subset_accuracy  hamming_loss
    0             0.75         0.125
    """
    y_true = check_labels(y_true, "y_true")
    y_pred = predict_labels(y_prob, threshold)
    if y_true.shape != y_pred.shape:
        raise ValueError(
            f"y_true has shape {y_true.shape} and y_prob has {y_pred.shape}: they must agree."
        )
    if y_true.shape[1] == 1:
        raise ValueError(
            "y_true has one column: a single yes-or-no label is binary classification, which "
            "scikit-learn's binary metrics score. Pass two labels or more."
        )
    f1 = {
        f"f1_{average}": metrics.f1_score(
            y_true, y_pred, average=average, zero_division=zero_division
        )
        for average in ("micro", "macro", "samples")
    }
    scores = {
        "subset_accuracy": metrics.accuracy_score(y_true, y_pred),
        "hamming_loss": metrics.hamming_loss(y_true, y_pred),
        **f1,
        "jaccard_samples": metrics.jaccard_score(
            y_true, y_pred, average="samples", zero_division=zero_division
        ),
    }
    return pd.DataFrame([scores])


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
    y_prob = np.asarray(y_prob, dtype="float64")
    if y_prob.ndim != 2:
        raise ValueError(f"y_prob has shape {y_prob.shape}: expected (rows, labels).")
    if not ((y_prob >= 0) & (y_prob <= 1)).all():
        row, column = np.argwhere(~((y_prob >= 0) & (y_prob <= 1)))[0]
        raise ValueError(
            f"y_prob holds {y_prob[row, column]} in row {row}, column {column}: expected "
            "probabilities between 0 and 1. Does the last layer have a sigmoid?"
        )
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
