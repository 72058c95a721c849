"""Multi-label scores of predicted labels and of rankings: lesson 05."""

from numbers import Integral, Real

import numpy as np
import pandas as pd
from sklearn import metrics

from helpers._arguments import (
    check_labels,
    check_probabilities,
    check_same_names,
    check_same_shape,
    check_threshold,
    check_true_and_prob,
)
from helpers.labels import names_or_default

AVERAGES = ["micro", "macro", "weighted", "samples"]

# Numerator and denominator of a score, from numbers of hits, false alarms and misses. SCORES, the
# tables below and the thresholds of `helpers.thresholds` are all computed from them.
RATIOS = {
    "precision": lambda tp, fp, fn: (tp, tp + fp),
    "recall": lambda tp, fp, fn: (tp, tp + fn),
    "f1": lambda tp, fp, fn: (2 * tp, 2 * tp + fp + fn),
    "jaccard": lambda tp, fp, fn: (tp, tp + fp + fn),
}


def ratio(name, tp, fp, fn, zero_division):
    """Compute a score from its counts, which may be arrays; `zero_division` is what 0/0 gives."""
    numerator, denominator = RATIOS[name](tp, fp, fn)
    result = np.full(np.shape(denominator), float(zero_division))
    return np.divide(numerator, denominator, out=result, where=denominator > 0)


def _scored(name, y_true, y_pred, zero_division, axis=None):
    """Score all entries together, each column (axis 0) or each row (axis 1)."""
    tp = (y_true & y_pred).sum(axis)
    return ratio(name, tp, y_pred.sum(axis) - tp, y_true.sum(axis) - tp, zero_division)


# Each takes true labels, predicted labels and `zero_division`. The same as scikit-learn's, which
# take many times longer for the few rows of a fold, and a cross-validation scores many folds.
SCORES = {
    "subset_accuracy": lambda y_true, y_pred, _: (y_true == y_pred).all(axis=1).mean(),
    "hamming_loss": lambda y_true, y_pred, _: (y_true != y_pred).mean(),
    "f1_micro": lambda y_true, y_pred, zero: _scored("f1", y_true, y_pred, zero).mean(),
    "f1_macro": lambda y_true, y_pred, zero: _scored("f1", y_true, y_pred, zero, 0).mean(),
    "f1_samples": lambda y_true, y_pred, zero: _scored("f1", y_true, y_pred, zero, 1).mean(),
    "jaccard_samples": lambda y, y_pred, zero: _scored("jaccard", y, y_pred, zero, 1).mean(),
}


def score_table(y_true, y_prob, threshold=0.5, zero_division=1.0):
    """Score predicted probabilities (or labels) by every multi-label metric of the lessons.

    A single label, a yes-or-no question, is a `y` of one column, here and elsewhere. Its subset
    accuracy is the accuracy, and its micro and macro F1 are the F1: scikit-learn's binary metrics,
    which fit, too.

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
        If shapes differ, `y_true` is not 0/1, a probability is outside [0, 1] or NaN, `threshold`
        does not fit, or `zero_division` is neither 0 nor 1.

    Examples
    --------
    >>> y_true = [[1, 0], [1, 1], [0, 0], [0, 1]]
    >>> y_prob = [[0.9, 0.2], [0.8, 0.4], [0.1, 0.1], [0.3, 0.7]]
    >>> score_table(y_true, y_prob)[["subset_accuracy", "hamming_loss"]]
       subset_accuracy  hamming_loss
    0             0.75         0.125
    """
    y_true, y_pred = true_and_predicted(y_true, y_prob, threshold)
    return pd.DataFrame([score_labels(y_true, y_pred, check_zero_division(zero_division))])


def score_labels(y_true, y_pred, zero_division=1.0):
    """Score labels that are checked already, ndarrays of 0 and 1: a dict of float."""
    return {name: score(y_true, y_pred, zero_division) for name, score in SCORES.items()}


def predict_labels(y_prob, threshold=0.5):
    """Turn probabilities into labels: 1 where the probability is at least the threshold.

    Parameters
    ----------
    y_prob : array-like of shape (n_samples, n_labels)
    threshold : float or array-like of shape (n_labels,), default=0.5

    Returns
    -------
    ndarray of shape (n_samples, n_labels), int64

    Examples
    --------
    >>> predict_labels([[0.5, 0.4], [0.9, 0.1]], threshold=[0.6, 0.3]).tolist()
    [[0, 1], [1, 0]]
    """
    y_prob = check_probabilities(y_prob)
    return (y_prob >= check_threshold(threshold, y_prob.shape[1])).astype("int64")


def average_table(y_true, y_prob, threshold=0.5, zero_division=1.0):
    """Score by precision, recall, F1 and Jaccard, each averaged in four ways.

    Parameters
    ----------
    y_true, y_prob, threshold, zero_division
        As in `score_table`.

    Returns
    -------
    DataFrame
        Index ``precision``, ``recall``, ``f1``, ``jaccard``; columns ``micro`` (all labels
        pooled), ``macro`` (mean over labels), ``weighted`` (the same, weighted by how often each
        label occurs) and ``samples`` (mean over rows).

    Examples
    --------
    >>> average_table([[1, 0], [1, 1], [0, 0]], [[1, 0], [1, 0], [0, 0]]).loc["recall", "micro"]
    np.float64(0.6666666666666666)
    """
    y_true, y_pred = true_and_predicted(y_true, y_prob, threshold)
    zero_division = check_zero_division(zero_division)
    support = y_true.sum(axis=0)
    rows = {}
    for name in RATIOS:
        by_label = _scored(name, y_true, y_pred, zero_division, axis=0)
        rows[name] = [
            _scored(name, y_true, y_pred, zero_division).item(),
            by_label.mean(),
            np.average(by_label, weights=support if support.any() else None),
            _scored(name, y_true, y_pred, zero_division, axis=1).mean(),
        ]
    return pd.DataFrame.from_dict(rows, orient="index", columns=AVERAGES).rename_axis("score")


def true_and_predicted(y_true, y_prob, threshold=0.5):
    """Check true labels and probabilities together, and predict labels from the latter."""
    check_same_names(y_true, y_prob)
    y_true = check_labels(y_true, "y_true")
    y_pred = predict_labels(y_prob, threshold)
    check_same_shape(y_true, y_pred)
    return y_true, y_pred


def check_zero_division(zero_division):
    """Return what 0/0 counts as, if it is one of the two values that all scores know."""
    if not isinstance(zero_division, Real) or zero_division not in (0, 1):
        raise ValueError(
            f"zero_division={zero_division!r}: expected 0.0 or 1.0, what a score is where it "
            "divides by zero."
        )
    return float(zero_division)


def label_score_table(y_true, y_prob, threshold=0.5, zero_division=1.0, label_names=None):
    """Score each label by itself, as the yes-or-no question that it is.

    Parameters
    ----------
    y_true, y_prob, threshold, zero_division
        As in `helpers.metrics.score_table`.
    label_names : list of str, optional

    Returns
    -------
    DataFrame
        One row per label: ``accuracy`` (the subset accuracy of this label alone),
        ``hamming_loss`` (the rest to 1), ``precision``, ``recall`` (also called sensitivity),
        ``specificity`` (the recall of rows without the label), ``f1`` and ``jaccard``.

    Examples
    --------
    >>> table = label_score_table([[1, 0], [1, 1], [0, 0]], [[1, 0], [0, 1], [0, 1]])
    >>> table[["precision", "recall"]]
             precision  recall
    label
    label_1        1.0     0.5
    label_2        0.5     1.0
    """
    y_true, y_pred = true_and_predicted(y_true, y_prob, threshold)
    zero = check_zero_division(zero_division)
    accuracy = (y_true == y_pred).mean(axis=0)
    columns = {
        "accuracy": accuracy,
        "hamming_loss": 1 - accuracy,
        "precision": _scored("precision", y_true, y_pred, zero, axis=0),
        "recall": _scored("recall", y_true, y_pred, zero, axis=0),
        "specificity": _scored("recall", 1 - y_true, 1 - y_pred, zero, axis=0),
        "f1": _scored("f1", y_true, y_pred, zero, axis=0),
        "jaccard": _scored("jaccard", y_true, y_pred, zero, axis=0),
    }
    return pd.DataFrame(columns, index=_label_index(label_names, y_true))


def ranking_table(y_true, y_prob, k=1):
    """Score how well probabilities put true labels before others: no threshold is needed.

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)
    k : int, default=1
        How many labels of a row its reader looks at, at most `n_labels`.

    Returns
    -------
    DataFrame of one row
        Row by row, the labels of one row ranked:

        - ``lrap``, label ranking average precision; a row without labels counts as 1;
        - ``coverage_error``, how far down one must go to have all true labels, and
          ``ranking_loss``, the share of pairs in the wrong order; a row without labels counts as 0;
        - ``precision_at_k``, the share of true labels among the `k` most probable, over all rows;
          a row with fewer than `k` labels can't reach 1, and one without labels scores 0;
        - ``ndcg_at_k``, the sum of 1 / log2(1 + place) over the true labels among the first `k`
          places, divided by the most that is possible for the row (Järvelin and Kekäläinen 2002,
          with another discount); rows without labels, 0/0, are left out; NaN if all are.

        Of labels with equal probabilities at the cut, the last two take the average over all
        orders. Label by label, the rows ranked: ``average_precision_macro`` and
        ``roc_auc_macro``, means over the labels for which they are defined.

    Raises
    ------
    ValueError
        If `k` is no whole number from 1 to `n_labels`, or the arrays do not fit.

    Examples
    --------
    >>> y_true, y_prob = [[1, 0, 1], [0, 1, 0]], [[0.8, 0.6, 0.3], [0.1, 0.9, 0.2]]
    >>> ranking_table(y_true, y_prob, k=2)[["lrap", "precision_at_k", "ndcg_at_k"]].round(3)
        lrap  precision_at_k  ndcg_at_k
    0  0.917             0.5      0.807
    """
    y_true, y_prob = check_true_and_prob(y_true, y_prob)
    _check_k(k, y_true.shape[1])
    by_label = label_ranking_table(y_true, y_prob)
    if y_true.shape[1] == 1:
        # scikit-learn ranks two labels or more: one that no row has, below the other, changes none.
        y_true, y_prob = np.insert(y_true, 1, 0, axis=1), np.insert(y_prob, 1, -1, axis=1)
    labeled = y_true.any(axis=1)
    ndcg = np.nan
    if labeled.any():
        ndcg = metrics.ndcg_score(y_true[labeled], y_prob[labeled], k=k)
    scores = {
        "lrap": metrics.label_ranking_average_precision_score(y_true, y_prob),
        "coverage_error": metrics.coverage_error(y_true, y_prob),
        "ranking_loss": metrics.label_ranking_loss(y_true, y_prob),
        "precision_at_k": _precision_at_k(y_true, y_prob, k),
        "ndcg_at_k": ndcg,
        "average_precision_macro": by_label["average_precision"].mean(),
        "roc_auc_macro": by_label["roc_auc"].mean(),
    }
    return pd.DataFrame([scores])


def _check_k(k, n_labels):
    """Refuse what is no number of labels."""
    if not isinstance(k, Integral) or not 1 <= k <= n_labels:
        raise ValueError(f"k={k!r}: expected a whole number from 1 to {n_labels}, the labels.")


def _precision_at_k(y_true, y_prob, k):
    """Average the share of true labels among the k most probable; ties share what is left."""
    kth = -np.partition(-y_prob, k - 1, axis=1)[:, [k - 1]]
    above, tied = y_prob > kth, y_prob == kth
    part = (k - above.sum(axis=1)) / tied.sum(axis=1)
    hits = (above * y_true).sum(axis=1) + part * (tied * y_true).sum(axis=1)
    return (hits / k).mean()


def label_ranking_table(y_true, y_prob, label_names=None):
    """Score how well each label's probabilities rank the rows that have it before the others.

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)
    label_names : list of str, optional

    Returns
    -------
    DataFrame
        One row per label: ``prevalence``, ``average_precision`` (chance level: the prevalence) and
        ``roc_auc`` (chance level: 0.5); NaN where no row has the label, or for ``roc_auc`` all do.

    Examples
    --------
    >>> label_ranking_table([[1, 1], [0, 1]], [[0.9, 0.2], [0.8, 0.7]])
             prevalence  average_precision  roc_auc
    label
    label_1         0.5                1.0      1.0
    label_2         1.0                1.0      NaN
    """
    y_true, y_prob = check_true_and_prob(y_true, y_prob)
    prevalence = y_true.mean(axis=0)
    precision, area = np.full((2, y_true.shape[1]), np.nan)
    for label, share in enumerate(prevalence):
        if share > 0:
            precision[label] = metrics.average_precision_score(y_true[:, label], y_prob[:, label])
        if 0 < share < 1:
            area[label] = metrics.roc_auc_score(y_true[:, label], y_prob[:, label])
    columns = {"prevalence": prevalence, "average_precision": precision, "roc_auc": area}
    return pd.DataFrame(columns, index=_label_index(label_names, y_true))


def _label_index(label_names, y_true):
    return pd.Index(names_or_default(label_names, y_true.shape[1]), name="label")
