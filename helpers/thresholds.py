"""Thresholds: from which probability on a label is predicted, chosen for a metric (lesson 07)."""

import numpy as np
import pandas as pd
from sklearn import metrics

from helpers._arguments import check_true_and_prob
from helpers.labels import names_or_default
from helpers.metrics import SCORES, check_zero_division

GRID = np.arange(1, 100) / 100

# Scores of one label: each takes its true and its predicted column and `zero_division`.
LABEL_SCORES = {
    "f1": lambda y, p, zero: metrics.f1_score(y, p, zero_division=zero),
    "jaccard": lambda y, p, zero: metrics.jaccard_score(y, p, zero_division=zero),
    "precision": lambda y, p, zero: metrics.precision_score(y, p, zero_division=zero),
    "recall": lambda y, p, zero: metrics.recall_score(y, p, zero_division=zero),
    "accuracy": lambda y, p, _: metrics.accuracy_score(y, p),
    # The mean of recall and specificity; of one alone if all rows have the label, or none.
    "balanced_accuracy": lambda y, p, _: np.mean([(p == y)[y == k].mean() for k in np.unique(y)]),
}


def threshold_curve(y_true, y_prob, metric="subset_accuracy", thresholds=GRID, zero_division=1.0):
    """Score one threshold for all labels after the other.

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)
    metric : str, default="subset_accuracy"
        A column of `helpers.metrics.score_table`.
    thresholds : array-like of float, default=0.01, 0.02, …, 0.99
    zero_division : {0.0, 1.0}, default=1.0
        As in `helpers.metrics.score_table`.

    Returns
    -------
    Series
        The score, by threshold.

    Examples
    --------
    >>> curve = threshold_curve([[1, 0], [1, 1]], [[0.9, 0.6], [0.8, 0.7]], thresholds=[0.5, 0.65])
    >>> curve.tolist()
    [0.5, 1.0]
    """
    _check_metric(metric, SCORES, "threshold_curve and choose_threshold", LABEL_SCORES)
    thresholds, zero_division = _check_grid(thresholds), check_zero_division(zero_division)
    y_true, y_prob = check_true_and_prob(y_true, y_prob)
    values = [
        SCORES[metric](y_true, (y_prob >= threshold).astype("int64"), zero_division)
        for threshold in thresholds
    ]
    return pd.Series(values, index=pd.Index(thresholds, name="threshold"), name=metric)


def label_threshold_curves(
    y_true, y_prob, metric="f1", thresholds=GRID, zero_division=0.0, label_names=None
):
    """Score each label by itself, at one threshold after the other.

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)
    metric : {"f1", "jaccard", "precision", "recall", "accuracy", "balanced_accuracy"}
    thresholds : array-like of float, default=0.01, 0.02, …, 0.99
    zero_division : {0.0, 1.0}, default=0.0
        What a score is where it divides by zero. Other functions have 1.0; here precision would
        then be perfect from the threshold on that no row reaches, and "predict nothing" would win.
    label_names : list of str, optional

    Returns
    -------
    DataFrame
        One row a threshold, one column a label.

    Examples
    --------
    >>> curves = label_threshold_curves([[1, 0], [0, 1]], [[0.7, 0.1], [0.6, 0.3]])
    >>> curves.idxmax().tolist()
    [0.61, 0.11]
    """
    _check_metric(metric, LABEL_SCORES, "label_threshold_curves and choose_thresholds", SCORES)
    y_true, y_prob = check_true_and_prob(y_true, y_prob)
    score, thresholds = LABEL_SCORES[metric], _check_grid(thresholds)
    zero_division = check_zero_division(zero_division)
    values = [
        [score(y, p >= t, zero_division) for y, p in zip(y_true.T, y_prob.T, strict=True)]
        for t in thresholds
    ]
    names = names_or_default(label_names, y_true.shape[1])
    return pd.DataFrame(values, index=pd.Index(thresholds, name="threshold"), columns=names)


def choose_threshold(y_true, y_prob, metric="subset_accuracy", thresholds=GRID, zero_division=1.0):
    """Choose the one threshold for all labels that scores best.

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)
        Of rows that the model has not seen and that won't be used to score it: out-of-fold
        probabilities of the training rows are the usual choice.
    metric, thresholds, zero_division
        As in `threshold_curve`; ``hamming_loss`` is made small, others large.

    Returns
    -------
    float
        Of several that are equally good, the middle one.

    Examples
    --------
    >>> choose_threshold([[1, 0], [1, 1]], [[0.9, 0.6], [0.8, 0.7]])
    0.65
    """
    curve = threshold_curve(y_true, y_prob, metric, thresholds, zero_division)
    return _middle_of_best(-curve if metric == "hamming_loss" else curve)


def choose_thresholds(y_true, y_prob, metric="f1", thresholds=GRID, zero_division=0.0):
    """Choose for each label the threshold that scores best.

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)
        Of rows as in `choose_threshold`.
    metric, thresholds, zero_division
        As in `label_threshold_curves`.

    Returns
    -------
    ndarray of shape (n_labels,)
        As `helpers.metrics.score_table` and `helpers.persistence.save_model` take them.

    Examples
    --------
    >>> choose_thresholds([[1, 0], [0, 1]], [[0.8, 0.1], [0.6, 0.3]]).tolist()
    [0.7, 0.2]
    """
    curves = label_threshold_curves(y_true, y_prob, metric, thresholds, zero_division)
    return np.array([_middle_of_best(curves[label]) for label in curves])


def _middle_of_best(curve):
    curve = curve.sort_index()
    best = curve.index[np.isclose(curve, curve.max(), rtol=0, atol=1e-9)]  # but for rounding
    return float(best[(len(best) - 1) // 2])


def _check_grid(thresholds):
    grid = np.asarray(thresholds, dtype="float64")
    if grid.ndim != 1 or not len(grid) or not ((grid >= 0) & (grid <= 1)).all():
        raise ValueError(f"thresholds={thresholds!r}: expected numbers between 0 and 1.")
    return grid


def _check_metric(metric, known, who, others):
    if metric not in known:
        hint = " That metric is for the other pair of functions." if metric in others else ""
        raise ValueError(f"metric={metric!r}: {who} know {sorted(known)}.{hint}")
