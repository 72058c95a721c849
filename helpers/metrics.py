"""Multi-label scores of predicted labels and of rankings: lesson 05."""

from numbers import Integral, Real

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from sklearn import metrics

from helpers._arguments import (
    check_known_and_prob,
    check_known_labels,
    check_labels,
    check_probabilities,
    check_same_names,
    check_same_shape,
    check_threshold,
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
ROW_WISE = ["subset_accuracy", "f1_samples", "jaccard_samples"]


def score_table(y_true, y_prob, threshold=0.5, zero_division=1.0):
    """Score predicted probabilities (or labels) by every multi-label metric of the lessons.

    A single label, a yes-or-no question, is a `y` of one column, here and elsewhere. Its subset
    accuracy is the accuracy, and its micro and macro F1 are the F1: scikit-learn's binary metrics,
    which fit, too.

    Parameters
    ----------
    y_true : array-like of shape (n_samples, n_labels)
        0 or 1; NaN where a label is not known.
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

        Labels that are not known are left out, label by label: of ``f1_macro``, a label that no row
        knows. ``subset_accuracy``, ``f1_samples`` and ``jaccard_samples`` are those of rows that
        are wholly known; NaN if there are none.

    Raises
    ------
    ValueError
        If shapes differ, `y_true` holds something else, a probability is outside [0, 1] or NaN,
        `threshold` does not fit, or `zero_division` is neither 0 nor 1.

    Examples
    --------
    >>> y_true = [[1, 0], [1, 1], [0, 0], [0, 1]]
    >>> y_prob = [[0.9, 0.2], [0.8, 0.4], [0.1, 0.1], [0.3, 0.7]]
    >>> score_table(y_true, y_prob)[["subset_accuracy", "hamming_loss"]]
       subset_accuracy  hamming_loss
    0             0.75         0.125
    """
    y_true, y_pred = true_and_predicted(y_true, y_prob, threshold, check_known_labels)
    return pd.DataFrame([score_labels(y_true, y_pred, check_zero_division(zero_division))])


def score_labels(y_true, y_pred, zero_division=1.0):
    """Score labels that are checked already, ndarrays of 0 and 1: a dict of float.

    `y_true` may have NaN where a label is not known.
    """
    known, y_true, y_pred = _fill_unknown(y_true, y_pred)
    if not known.any():
        return dict.fromkeys(SCORES, np.nan)
    scores = {name: score(y_true, y_pred, zero_division) for name, score in SCORES.items()}
    if known.all():
        return scores
    whole = known.all(axis=1)
    scores["hamming_loss"] *= known.size / known.sum()
    by_label = _scored("f1", y_true, y_pred, zero_division, 0)
    scores["f1_macro"] = _mean(by_label[known.any(axis=0)])
    for name in ROW_WISE:
        scores[name] = np.nan
        if whole.any():
            scores[name] = SCORES[name](y_true[whole], y_pred[whole], zero_division)
    return scores


def _fill_unknown(y_true, y_pred):
    """Return which labels are known, and both matrices as int64 with 0 where they are not.

    No and no: such a cell adds nothing to hits, false alarms and misses.
    """
    known = ~np.isnan(y_true)
    if not known.all():
        y_true, y_pred = np.where(known, y_true, 0), np.where(known, y_pred, 0)
    return known, y_true.astype("int64", copy=False), y_pred.astype("int64", copy=False)


def _mean(values):
    """Return the mean, NaN of nothing."""
    return values.mean() if len(values) else np.nan


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
    known, y_true, y_pred = _fill_unknown(
        *true_and_predicted(y_true, y_prob, threshold, check_known_labels)
    )
    zero_division = check_zero_division(zero_division)
    asked, whole = known.any(axis=0), known.all(axis=1)
    support = y_true.sum(axis=0)[asked]
    rows = {}
    for name in RATIOS:
        by_label = _scored(name, y_true, y_pred, zero_division, axis=0)[asked]
        weights = support if support.any() else None
        rows[name] = [
            _scored(name, y_true, y_pred, zero_division).item() if known.any() else np.nan,
            _mean(by_label),
            np.average(by_label, weights=weights) if asked.any() else np.nan,
            _mean(_scored(name, y_true[whole], y_pred[whole], zero_division, axis=1)),
        ]
    return pd.DataFrame.from_dict(rows, orient="index", columns=AVERAGES).rename_axis("score")


def true_and_predicted(y_true, y_prob, threshold=0.5, check_y=check_labels):
    """Check true labels and probabilities together, and predict labels from the latter."""
    check_same_names(y_true, y_prob)
    y_true = check_y(y_true, "y_true")
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
        ``specificity`` (the recall of rows without the label), ``f1`` and ``jaccard``. All of the
        rows in which the label is known; NaN if there are none.

    Examples
    --------
    >>> table = label_score_table([[1, 0], [1, 1], [0, 0]], [[1, 0], [0, 1], [0, 1]])
    >>> table[["precision", "recall"]]
             precision  recall
    label
    label_1        1.0     0.5
    label_2        0.5     1.0
    """
    known, y_true, y_pred = _fill_unknown(
        *true_and_predicted(y_true, y_prob, threshold, check_known_labels)
    )
    zero = check_zero_division(zero_division)
    n_known = known.sum(axis=0)
    asked = n_known > 0  # a label that no row knows has no score
    accuracy = ((y_true == y_pred) & known).sum(axis=0) / np.maximum(n_known, 1)
    columns = {
        "accuracy": accuracy,
        "hamming_loss": 1 - accuracy,
        "precision": _scored("precision", y_true, y_pred, zero, axis=0),
        "recall": _scored("recall", y_true, y_pred, zero, axis=0),
        "specificity": _scored("recall", known - y_true, known - y_pred, zero, axis=0),
        "f1": _scored("f1", y_true, y_pred, zero, axis=0),
        "jaccard": _scored("jaccard", y_true, y_pred, zero, axis=0),
    }
    table = pd.DataFrame(columns, index=_label_index(label_names, y_true))
    table.loc[~asked] = np.nan
    return table


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

        Where labels are not known (NaN in `y_true`), the former are those of rows that are wholly
        known, NaN if there are none; the latter are, label by label, those of rows that know it.

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
    y_true, y_prob = check_known_and_prob(y_true, y_prob)
    _check_k(k, y_true.shape[1])
    by_label = label_ranking_table(y_true, y_prob)
    whole = ~np.isnan(y_true).any(axis=1)
    scores = _row_rankings(y_true[whole].astype("int64"), y_prob[whole], k)
    scores["average_precision_macro"] = by_label["average_precision"].mean()
    scores["roc_auc_macro"] = by_label["roc_auc"].mean()
    return pd.DataFrame([scores])


def _row_rankings(y_true, y_prob, k):
    """Score the ranking of labels, row by row."""
    names = ["lrap", "coverage_error", "ranking_loss", "precision_at_k", "ndcg_at_k"]
    if not len(y_true):
        return dict.fromkeys(names, np.nan)
    if y_true.shape[1] == 1:
        # scikit-learn ranks two labels or more: one that no row has, below the other, changes none.
        y_true, y_prob = np.insert(y_true, 1, 0, axis=1), np.insert(y_prob, 1, -1, axis=1)
    labeled = y_true.any(axis=1)
    ndcg = np.nan
    if labeled.any():
        ndcg = metrics.ndcg_score(y_true[labeled], y_prob[labeled], k=k)
    scores = [
        _lrap(y_true, y_prob),
        metrics.coverage_error(y_true, y_prob),
        metrics.label_ranking_loss(y_true, y_prob),
        _precision_at_k(y_true, y_prob, k),
        ndcg,
    ]
    return dict(zip(names, scores, strict=True))


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
        Rows in which a label is not known are left out of its scores.

    Examples
    --------
    >>> label_ranking_table([[1, 1], [0, 1]], [[0.9, 0.2], [0.8, 0.7]])
             prevalence  average_precision  roc_auc
    label
    label_1         0.5                1.0      1.0
    label_2         1.0                1.0      NaN
    """
    y_true, y_prob = check_known_and_prob(y_true, y_prob)
    known = ~np.isnan(y_true)
    y, p = np.where(known, y_true, 0), np.where(known, y_prob, -1)  # rows not known come last
    with np.errstate(invalid="ignore"):  # 0/0, where no row has a label, or all do
        columns = {
            "prevalence": y.sum(axis=0) / known.sum(axis=0),
            "average_precision": _average_precision(y, p),
            "roc_auc": _roc_auc(y, p, known),
        }
    return pd.DataFrame(columns, index=_label_index(label_names, y_true))


def _average_precision(y, p):
    """Score each column as scikit-learn's `average_precision_score`, without a loop over them."""
    at_least = rankdata(-p, method="max", axis=0).astype("int64")  # rows as probable as this one
    found = np.take_along_axis(y, np.argsort(-p, axis=0), axis=0).cumsum(axis=0)
    precision = np.take_along_axis(found, at_least - 1, axis=0) / at_least
    return (y * precision).sum(axis=0) / y.sum(axis=0)


def _lrap(y_true, y_prob):
    """Score as scikit-learn's `label_ranking_average_precision_score`, without a loop over rows."""
    is_ranked = y_true.any(axis=1) & ~y_true.all(axis=1)  # others count as 1
    scores = np.ones(len(y_true))
    scores[is_ranked] = _average_precision(y_true[is_ranked].T, y_prob[is_ranked].T)
    return scores.mean()


def _roc_auc(y, p, known):
    """Score each column as scikit-learn's `roc_auc_score`, by the Mann-Whitney statistic."""
    n_yes = y.sum(axis=0)
    n_pairs = n_yes * (known.sum(axis=0) - n_yes)
    wrong = (y * rankdata(-p, axis=0)).sum(axis=0) - n_yes * (n_yes + 1) / 2
    return (n_pairs - wrong) / n_pairs


def _label_index(label_names, y_true):
    return pd.Index(names_or_default(label_names, y_true.shape[1]), name="label")
