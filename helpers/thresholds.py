"""Thresholds: above which probability a label is predicted, chosen for a metric (lesson 08)."""

import numpy as np
import pandas as pd

from helpers._arguments import check_probabilities, check_true_and_prob
from helpers.labels import names_or_default
from helpers.metrics import RATIOS, SCORES, check_zero_division, ratio

GRID = np.arange(1, 100) / 100
MAX_TRIED = 500  # thresholds for all labels, each of which takes a pass over all rows

# Scores of one label, from numbers of hits, false alarms, misses and right noes, each of shape
# (n_thresholds,), and `zero_division`.
LABEL_SCORES = {
    name: lambda tp, fp, fn, tn, zero, name=name: ratio(name, tp, fp, fn, zero) for name in RATIOS
} | {
    "accuracy": lambda tp, fp, fn, tn, zero: (tp + tn) / (tp + fp + fn + tn),
    # The mean of recall and specificity; of one alone if all rows have the label, or none.
    "balanced_accuracy": lambda tp, fp, fn, tn, zero: np.nanmean(
        [ratio("recall", tp, fp, fn, np.nan), ratio("recall", tn, fn, fp, np.nan)], axis=0
    ),
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
        One row per threshold, one column per label.

    Examples
    --------
    >>> curves = label_threshold_curves([[1, 0], [0, 1]], [[0.7, 0.1], [0.6, 0.3]])
    >>> curves.idxmax().tolist()
    [0.61, 0.11]
    """
    _check_metric(metric, LABEL_SCORES, "label_threshold_curves and choose_thresholds", SCORES)
    y_true, y_prob = check_true_and_prob(y_true, y_prob)
    thresholds, zero_division = _check_grid(thresholds), check_zero_division(zero_division)
    names = names_or_default(label_names, y_true.shape[1])
    curves = {
        name: _score_label(y, p, thresholds, metric, zero_division)
        for name, y, p in zip(names, y_true.T, y_prob.T, strict=True)
    }
    return pd.DataFrame(curves, index=pd.Index(thresholds, name="threshold"))


def choose_threshold(y_true, y_prob, metric="subset_accuracy", thresholds=None, zero_division=1.0):
    """Choose the one threshold for all labels that scores best.

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)
        Of rows that the model has not seen and that won't be used to score it: out-of-fold
        probabilities of the training rows are the usual choice.
    metric, zero_division
        As in `threshold_curve`; ``hamming_loss`` is made small, others large.
    thresholds : array-like of float, optional
        Those to choose from. Without them, all are tried that tell other rows apart, however small
        or large the probabilities are (of more than 500, that many, evenly taken).

    Returns
    -------
    float
        Of several that are equally good, the middle one.

    Examples
    --------
    >>> choose_threshold([[1, 0], [1, 1]], [[0.9, 0.5], [0.8, 0.75]])
    0.625
    """
    low = None
    if thresholds is None:
        low, thresholds = _intervals(check_probabilities(y_prob), MAX_TRIED)
    curve = threshold_curve(y_true, y_prob, metric, thresholds, zero_division)
    scores = -curve if metric == "hamming_loss" else curve
    return _middle_of_best(curve.index, scores.to_numpy(), low)


def choose_thresholds(y_true, y_prob, metric="f1", thresholds=None, zero_division=0.0):
    """Choose for each label the threshold that scores best.

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)
        Of rows as in `choose_threshold`.
    metric, zero_division
        As in `label_threshold_curves`.
    thresholds : array-like of float, optional
        As in `choose_threshold`.

    Returns
    -------
    ndarray of shape (n_labels,)
        As `helpers.metrics.score_table` and `helpers.persistence.save_model` take them.

    Examples
    --------
    >>> choose_thresholds([[1, 0], [0, 1]], [[0.008, 0.25], [0.002, 0.75]]).tolist()
    [0.005, 0.5]
    """
    _check_metric(metric, LABEL_SCORES, "label_threshold_curves and choose_thresholds", SCORES)
    y_true, y_prob = check_true_and_prob(y_true, y_prob)
    zero_division, low, chosen = check_zero_division(zero_division), None, []
    if thresholds is not None:
        tried = _check_grid(thresholds)
    for y, p in zip(y_true.T, y_prob.T, strict=True):
        if thresholds is None:
            low, tried = _intervals(p, at_most=len(p) + 2)
        scores = _score_label(y, p, tried, metric, zero_division)
        chosen.append(_middle_of_best(tried, scores, low))
    return np.array(chosen)


def _score_label(y, p, thresholds, metric, zero_division):
    """Score one label at all thresholds at once; `y` and `p` are of shape (n_samples,)."""
    order = np.argsort(p)
    below = np.searchsorted(p[order], thresholds)  # how many rows are
    fn = np.append(0, np.cumsum(y[order]))[below]
    tn = below - fn
    tp, fp = y.sum() - fn, len(y) - y.sum() - tn
    return LABEL_SCORES[metric](tp, fp, fn, tn, zero_division)


def _intervals(p, at_most):
    """List the intervals (low, high] in which thresholds predict the same; the first is 0 alone."""
    high = np.unique(np.append(p, [0, 1]))
    low = np.append(0, high[:-1])
    kept = np.linspace(0, len(high) - 1, min(at_most, len(high))).round().astype(int)
    return low[kept], high[kept]


def _middle_of_best(thresholds, scores, low):
    """Return the middle of the best thresholds, or of the intervals that begin at `low`."""
    order = np.argsort(thresholds, kind="stable")
    best = order[scores[order] >= scores.max() - 1e-9]  # but for rounding
    if low is None:
        return float(thresholds[best[(len(best) - 1) // 2]])
    low, high = low[best], thresholds[best]
    covered = np.cumsum(high - low)  # their lengths, added up: they may lie apart
    k = np.searchsorted(covered, covered[-1] / 2)
    middle = high[k] - (covered[k] - covered[-1] / 2)
    return float(middle if middle > low[k] else high[k])


def _check_grid(thresholds):
    grid = np.asarray(thresholds, dtype="float64")
    if grid.ndim != 1 or not len(grid) or not ((grid >= 0) & (grid <= 1)).all():
        raise ValueError(f"thresholds={thresholds!r}: expected numbers between 0 and 1.")
    return grid


def _check_metric(metric, known, who, others):
    if metric not in known:
        hint = " That metric is for the other pair of functions." if metric in others else ""
        raise ValueError(f"metric={metric!r}: {who} know {sorted(known)}.{hint}")
