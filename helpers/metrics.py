"""Multi-label scores of true labels against probabilities or predicted labels."""

from numbers import Real

import numpy as np
import pandas as pd
from sklearn import metrics

from helpers.probabilities import check_same_shape, predict_labels
from helpers.validation import check_labels, check_two_labels

AVERAGES = ("micro", "macro", "weighted", "samples")


def _averaged(score, average):
    def averaged(y_true, y_pred, zero_division):
        return score(y_true, y_pred, average=average, zero_division=zero_division)

    return averaged


def _f1(axis=None):
    """F1 of all entries together, of each column (axis 0) or of each row (axis 1), as a mean."""

    def f1(y_true, y_pred, zero_division):
        hits, claims = y_true & y_pred, y_true.sum(axis) + y_pred.sum(axis)
        return _mean_ratio(2 * hits.sum(axis), claims, zero_division)

    return f1


def _jaccard_samples(y_true, y_pred, zero_division):
    hits, either = y_true & y_pred, y_true | y_pred
    return _mean_ratio(hits.sum(axis=1), either.sum(axis=1), zero_division)


def _mean_ratio(numerator, denominator, zero_division):
    ratio = np.full(np.shape(numerator), zero_division)
    return np.divide(numerator, denominator, out=ratio, where=denominator > 0).mean()


# Each takes true labels, predicted labels and `zero_division`. The same as scikit-learn's, which
# take many times longer for the few rows of a fold, and a cross-validation scores many folds.
SCORES = {
    "subset_accuracy": lambda y_true, y_pred, _: (y_true == y_pred).all(axis=1).mean(),
    "hamming_loss": lambda y_true, y_pred, _: (y_true != y_pred).mean(),
    "f1_micro": _f1(),
    "f1_macro": _f1(axis=0),
    "f1_samples": _f1(axis=1),
    "jaccard_samples": _jaccard_samples,
}


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
        If shapes differ, `y_true` is not 0/1, a probability is outside [0, 1] or NaN, `threshold`
        does not fit, or `zero_division` is neither 0 nor 1.

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
    y_true, y_pred = true_and_predicted(y_true, y_prob, threshold)
    zero_division = check_zero_division(zero_division)
    scores = {name: score(y_true, y_pred, zero_division) for name, score in SCORES.items()}
    return pd.DataFrame([scores])


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
    >>> average_table([[1, 0], [1, 1], [0, 0], [0, 1]], [[1, 0], [1, 0], [0, 0], [0, 1]]).round(2)
               micro  macro  weighted  samples
    score
    precision   1.00   1.00      1.00     1.00
    recall      0.75   0.75      0.75     0.88
    f1          0.86   0.83      0.83     0.92
    jaccard     0.75   0.75      0.75     0.88
    """
    y_true, y_pred = true_and_predicted(y_true, y_prob, threshold)
    zero_division = check_zero_division(zero_division)
    functions = {
        "precision": metrics.precision_score,
        "recall": metrics.recall_score,
        "f1": metrics.f1_score,
        "jaccard": metrics.jaccard_score,
    }
    rows = {
        name: [_averaged(score, average)(y_true, y_pred, zero_division) for average in AVERAGES]
        for name, score in functions.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(AVERAGES)).rename_axis("score")


def true_and_predicted(y_true, y_prob, threshold=0.5):
    """Check true labels and probabilities together, and predict labels from the latter.

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)
    threshold : float or array-like of shape (n_labels,), default=0.5

    Returns
    -------
    y_true, y_pred : ndarray of shape (n_samples, n_labels), int64

    Examples
    --------
    >>> y_true, y_pred = true_and_predicted([[1, 0]], [[0.2, 0.7]])
    >>> y_pred.tolist()
    [[0, 1]]
    """
    y_true = check_labels(y_true, "y_true")
    y_pred = predict_labels(y_prob, threshold)
    check_same_shape(y_true, y_pred)
    return check_two_labels(y_true, "y_true"), y_pred


def check_zero_division(zero_division):
    """Return what 0/0 counts as, if it is one of the two values that all scores know.

    scikit-learn also has ``"warn"`` and ``nan``, but not for every score of the tables here.

    Parameters
    ----------
    zero_division : {0.0, 1.0}

    Returns
    -------
    float

    Examples
    --------
    >>> check_zero_division("warn")
    Traceback (most recent call last):
    ...
    ValueError: zero_division='warn': expected 0.0 or 1.0, what a score is where it divides by zero.
    """
    if not isinstance(zero_division, Real) or zero_division not in (0, 1):
        raise ValueError(
            f"zero_division={zero_division!r}: expected 0.0 or 1.0, what a score is where it "
            "divides by zero."
        )
    return float(zero_division)
