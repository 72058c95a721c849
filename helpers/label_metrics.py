"""Scores of each label by itself, and scores of how well labels are ranked."""

import numpy as np
import pandas as pd
from sklearn import metrics

from helpers.labels import names_or_default
from helpers.metrics import check_zero_division, true_and_predicted
from helpers.probabilities import check_probabilities, check_same_shape
from helpers.validation import check_labels, check_two_labels


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
        One row a label: ``accuracy`` (the subset accuracy of this label alone),
        ``hamming_loss`` (the rest to 1), ``precision``, ``recall`` (also called sensitivity),
        ``specificity`` (the recall of rows without the label), ``f1`` and ``jaccard``.

    Examples
    --------
    >>> label_score_table([[1, 0], [1, 1], [0, 0]], [[1, 0], [0, 1], [0, 1]]).T.round(2)
    label         label_1  label_2
    accuracy         0.67     0.67
    hamming_loss     0.33     0.33
    precision        1.00     0.50
    recall           0.50     1.00
    specificity      1.00     0.50
    f1               0.67     0.67
    jaccard          0.50     0.50
    """
    y_true, y_pred = true_and_predicted(y_true, y_prob, threshold)
    keywords = {"average": None, "zero_division": check_zero_division(zero_division)}
    accuracy = (y_true == y_pred).mean(axis=0)
    columns = {
        "accuracy": accuracy,
        "hamming_loss": 1 - accuracy,
        "precision": metrics.precision_score(y_true, y_pred, **keywords),
        "recall": metrics.recall_score(y_true, y_pred, **keywords),
        "specificity": metrics.recall_score(1 - y_true, 1 - y_pred, **keywords),
        "f1": metrics.f1_score(y_true, y_pred, **keywords),
        "jaccard": metrics.jaccard_score(y_true, y_pred, **keywords),
    }
    return pd.DataFrame(columns, index=_label_index(label_names, y_true))


def confusion_table(y_true, y_prob, threshold=0.5, label_names=None):
    """Count each label's right and wrong answers.

    Parameters
    ----------
    y_true, y_prob, threshold
        As in `helpers.metrics.score_table`.
    label_names : list of str, optional

    Returns
    -------
    DataFrame
        One row a label: ``true_negative``, ``false_positive``, ``false_negative`` and
        ``true_positive``; each row sums to the number of samples.

    References
    ----------
    scikit-learn, `sklearn.metrics.multilabel_confusion_matrix`.

    Examples
    --------
    >>> confusion_table([[1, 0], [1, 1], [0, 0]], [[1, 0], [0, 1], [0, 1]]).T
    label           label_1  label_2
    true_negative         1        1
    false_positive        0        1
    false_negative        1        0
    true_positive         1        1
    """
    y_true, y_pred = true_and_predicted(y_true, y_prob, threshold)
    counts = metrics.multilabel_confusion_matrix(y_true, y_pred).reshape(-1, 4)
    columns = ["true_negative", "false_positive", "false_negative", "true_positive"]
    return pd.DataFrame(counts, columns=columns, index=_label_index(label_names, y_true))


def ranking_table(y_true, y_prob):
    """Score how well probabilities put true labels before others: no threshold is needed.

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)

    Returns
    -------
    DataFrame of one row
        Row by row, the labels of one row ranked: ``lrap`` (label ranking average precision; a row
        without labels counts as 1), ``coverage_error`` (how far down one must go to have all true
        labels) and ``ranking_loss`` (share of pairs in the wrong order). Label by label, the rows
        ranked: ``average_precision_macro`` and ``roc_auc_macro``, means over the labels for
        which they are defined.

    References
    ----------
    scikit-learn, User Guide, Metrics and scoring: multilabel ranking metrics.

    Examples
    --------
    >>> ranking_table([[1, 0], [1, 1], [0, 1]], [[0.9, 0.2], [0.8, 0.7], [0.3, 0.2]]).round(2)
       lrap  coverage_error  ranking_loss  average_precision_macro  roc_auc_macro
    0  0.83            1.67          0.33                     0.92           0.88
    """
    y_true, y_prob = _true_and_probable(y_true, y_prob)
    by_label = label_ranking_table(y_true, y_prob)
    scores = {
        "lrap": metrics.label_ranking_average_precision_score(y_true, y_prob),
        "coverage_error": metrics.coverage_error(y_true, y_prob),
        "ranking_loss": metrics.label_ranking_loss(y_true, y_prob),
        "average_precision_macro": by_label["average_precision"].mean(),
        "roc_auc_macro": by_label["roc_auc"].mean(),
    }
    return pd.DataFrame([scores])


def label_ranking_table(y_true, y_prob, label_names=None):
    """Score how well each label's probabilities rank the rows that have it before the others.

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)
    label_names : list of str, optional

    Returns
    -------
    DataFrame
        One row a label: ``prevalence``, ``average_precision`` (chance level: the prevalence) and
        ``roc_auc`` (chance level: 0.5); NaN where no row has the label, or for ``roc_auc`` all do.

    Examples
    --------
    >>> label_ranking_table([[1, 1], [0, 1]], [[0.9, 0.2], [0.8, 0.7]])
             prevalence  average_precision  roc_auc
    label
    label_1         0.5                1.0      1.0
    label_2         1.0                1.0      NaN
    """
    y_true, y_prob = _true_and_probable(y_true, y_prob)
    prevalence = y_true.mean(axis=0)
    precision, area = np.full((2, y_true.shape[1]), np.nan)
    for label, share in enumerate(prevalence):
        if share > 0:
            precision[label] = metrics.average_precision_score(y_true[:, label], y_prob[:, label])
        if 0 < share < 1:
            area[label] = metrics.roc_auc_score(y_true[:, label], y_prob[:, label])
    columns = {"prevalence": prevalence, "average_precision": precision, "roc_auc": area}
    return pd.DataFrame(columns, index=_label_index(label_names, y_true))


def _true_and_probable(y_true, y_prob):
    y_true, y_prob = check_labels(y_true, "y_true"), check_probabilities(y_prob)
    check_same_shape(y_true, y_prob)
    return check_two_labels(y_true, "y_true"), y_prob


def _label_index(label_names, y_true):
    return pd.Index(names_or_default(label_names, y_true.shape[1]), name="label")
