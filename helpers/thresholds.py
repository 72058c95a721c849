"""Thresholds: above which probability a label is predicted, chosen for a metric (08 and 12)."""

import warnings
from numbers import Integral, Real

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from helpers._arguments import check_known_and_prob, check_probabilities, check_true_and_prob
from helpers.labels import names_or_default
from helpers.metrics import RATIOS, SCORES, check_zero_division, ratio

GRID = np.arange(1, 100) / 100
MAX_TRIED = 500  # thresholds for all labels, each of which takes a pass over all rows
LOG_ODDS = expit(np.linspace(-7, 7, 141))  # from 0.001 to 0.999, close together at both ends
MAX_NAMED = 20  # labels in a warning

# The scores of all labels that are best where each label is best by a score of its own.
LABEL_METRICS = {"f1_macro": "f1", "hamming_loss": "accuracy"}

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


def choose_thresholds(
    y_true,
    y_prob,
    metric="f1",
    thresholds=None,
    zero_division=0.0,
    shrinkage=0.0,
    min_positives=0,
    label_names=None,
):
    """Choose for each label the threshold that scores best.

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)
        Of rows as in `choose_threshold`. Labels that are not known (NaN in `y_true`) are left out.
    metric, zero_division
        As in `label_threshold_curves`. Of the metrics of `helpers.metrics.score_table`,
        ``"f1_macro"`` stands for ``"f1"`` and ``"hamming_loss"`` for ``"accuracy"``: if each
        label is best by the one, all are best by the other.
    thresholds : array-like of float, optional
        As in `choose_threshold`.
    shrinkage : float, default=0.0
        Pull each label's threshold toward a common one, the fewer rows have the label, the more;
        10 is a good value, 0 leaves it out. See Notes.
    min_positives : int, default=0
        A label that fewer rows have keeps the common threshold, and a warning names it.
    label_names : list of str, optional
        For the warning. Else the columns of a frame `y_true`, or label_1, label_2 and so on.

    Returns
    -------
    ndarray of shape (n_labels,)
        As `helpers.metrics.score_table` and `helpers.persistence.save_model` take them.

    Raises
    ------
    ValueError
        If the arrays do not fit, `metric` is another one, or a number is negative.

    Warns
    -----
    UserWarning
        If labels keep the common threshold because of `min_positives`.

    Notes
    -----
    The common threshold is the one that scores best if all labels share it, on the average over
    labels with weights ``w = n / (n + shrinkage)``, where `n` rows have the label. Labels that keep
    it because of `min_positives` have no say in it. The others get

        ``logit(t) = w * logit(t_own) + (1 - w) * logit(t_common)``,

    so that with ``shrinkage=10`` a label of 10 rows gets the middle of the two on the scale of
    log-odds. An own threshold below 0.001 counts as 0.001 there, one above 0.999 as 0.999.

    Why so: in a simulation (40 labels of 3 to 1,500 among 5,000 rows, networks trained briefly,
    long, or with a weighted loss, macro F1 on fresh rows), 10 changed macro F1 by 0.000 to +0.010
    compared with no shrinkage; labels of 3 to 60 rows gained most. Averaging thresholds instead of
    log-odds lost 0.000 to 0.003 of that, and a common threshold for micro F1, which frequent labels
    rule, 0.000 to 0.004.

    Examples
    --------
    >>> choose_thresholds([[1, 0], [0, 1]], [[0.008, 0.25], [0.002, 0.75]]).tolist()
    [0.005, 0.5]

    The second label has one row only. Its threshold is pulled toward 0.6, that of both:

    >>> y_true = np.array([[1, 1]] + [[1, 0]] * 9 + [[0, 0]] * 10)
    >>> y_prob = np.where(y_true, [0.8, 0.02], [0.4, 0.01])
    >>> choose_thresholds(y_true, y_prob).round(3).tolist()
    [0.6, 0.015]
    >>> choose_thresholds(y_true, y_prob, shrinkage=10).round(2).tolist()
    [0.6, 0.5]
    """
    metric = LABEL_METRICS.get(metric, metric)
    _check_metric(metric, LABEL_SCORES, "label_threshold_curves and choose_thresholds", SCORES)
    _check_shrinkage(shrinkage, min_positives)
    if label_names is None and isinstance(y_true, pd.DataFrame):
        label_names = list(y_true.columns)
    y_true, y_prob = check_known_and_prob(y_true, y_prob)
    zero_division = check_zero_division(zero_division)
    grid = None if thresholds is None else _check_grid(thresholds)
    chosen = np.empty(y_true.shape[1])
    for label in range(y_true.shape[1]):
        y, p = _known(y_true, y_prob, label)
        low, tried = _intervals(p, at_most=len(p) + 2) if grid is None else (None, grid)
        scores = _score_label(y, p, tried, metric, zero_division)
        chosen[label] = _middle_of_best(tried, scores, low)
    if not shrinkage and not min_positives:
        return chosen
    n_positive = (y_true == 1).sum(axis=0)
    few = n_positive < min_positives
    weights = n_positive / np.maximum(n_positive + shrinkage, 1)
    trusted = weights if few.all() else np.where(few, 0, weights)
    common = _common_threshold(y_true, y_prob, LOG_ODDS if grid is None else grid, metric, trusted)
    if few.any():
        names = names_or_default(label_names, len(few))
        _warn_of_few(names, n_positive, min_positives, common)
    return np.where(few, common, _pull(chosen, common, weights) if shrinkage else chosen)


def _known(y_true, y_prob, label):
    """Return a label and its probabilities in the rows that know it, at least one."""
    rows = ~np.isnan(y_true[:, label])
    if not rows.any():
        raise ValueError(f"y_true: label number {label} is known in no row: leave it out.")
    return y_true[rows, label].astype("int64"), y_prob[rows, label]


def _pull(own, common, weights):
    """Average thresholds on the scale of log-odds; `weights` are those of the labels' own."""
    own, common = (logit(np.clip(t, 0.001, 0.999)) for t in (own, common))
    return expit(common + weights * (own - common))


def _common_threshold(y_true, y_prob, tried, metric, weights):
    """Choose one threshold for all labels, best on the weighted average over labels."""
    if not weights.any():
        return 0.5
    scores = np.zeros(len(tried))
    for label in np.flatnonzero(weights):
        score = _score_label(*_known(y_true, y_prob, label), tried, metric, 0.0)
        scores += weights[label] / weights.sum() * score
    return _middle_of_best(tried, scores, None)


def _warn_of_few(names, n_positive, min_positives, common):
    """Name the labels that keep the common threshold, the rarest first."""
    order = np.argsort(n_positive, kind="stable")[: (n_positive < min_positives).sum()]
    named = ", ".join(f"{names[k]} ({n_positive[k]})" for k in order[:MAX_NAMED])
    more = f" and {len(order) - MAX_NAMED} more" if len(order) > MAX_NAMED else ""
    warnings.warn(
        f"Labels with fewer than min_positives={min_positives} rows keep the common threshold "
        f"{common:.3g}, since so few rows can't tell their own: {named}{more}.",
        stacklevel=3,
    )


def _check_shrinkage(shrinkage, min_positives):
    if not isinstance(shrinkage, Real) or not 0 <= shrinkage < np.inf:
        raise ValueError(
            f"shrinkage={shrinkage!r}: expected a number of rows, 0 or more, such as 10."
        )
    if not isinstance(min_positives, Integral) or min_positives < 0:
        raise ValueError(
            f"min_positives={min_positives!r}: expected a whole number of rows, 0 or more."
        )


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
