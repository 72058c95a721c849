"""Decisions about whole rows: the labels with the best expected F1, or the k most probable (08)."""

import numbers

import numpy as np

from helpers._arguments import check_labels, check_probabilities, check_set_proba


def maximize_expected_f1(set_proba, label_sets):
    """Predict for each row the labels whose expected F1 is highest.

    What is maximized is the expected F1 of the row, over the label sets that it may have. The mean
    over rows, `f1_samples`, is then the highest that can be expected, if the probabilities are
    true. Predicting no label scores 1 where the row has none, else 0; `helpers.metrics` does the
    same with its default, ``zero_division=1.0``.

    Parameters
    ----------
    set_proba : array-like of shape (n_samples, n_sets)
        Probabilities of the label sets, for instance an oracle's or those of a softmax over sets.
    label_sets : array-like of shape (n_sets, n_labels)
        0 or 1. Sets that are left out have probability 0.

    Returns
    -------
    ndarray of shape (n_samples, n_labels), int64
        It need not be one of `label_sets`. Of several that are equally good, the one with the
        fewest labels, and of these with the labels that come first.

    Raises
    ------
    ValueError
        If shapes don't fit, a label is not 0 or 1, or a probability is negative or not finite.

    Notes
    -----
    Exact for any number of labels, given a list of probable sets, without trying all
    ``2 ** n_labels`` predictions. If `k` labels are predicted, F1 is 2 * hits / (k + size of the
    row's set). So each label adds an amount of its own to the expected F1, and the best prediction
    with `k` labels takes the `k` largest amounts.

    References
    ----------
    Dembczyński, Waegeman, Cheng and Hüllermeier, An exact algorithm for F-measure maximization,
    NeurIPS 24 (2011). Waegeman, Dembczyński, Jachnik, Cheng and Hüllermeier, On the
    Bayes-optimality of F-measure maximizers, Journal of Machine Learning Research 15 (2014).

    Examples
    --------
    The most probable set has no label at all, and yet it pays to predict one:

    >>> label_sets = [[0, 0], [1, 0], [1, 1]]
    >>> maximize_expected_f1([[0.4, 0.3, 0.3]], label_sets).tolist()
    [[1, 0]]
    """
    label_sets = check_labels(label_sets, "label_sets")
    set_proba = check_set_proba(set_proba, len(label_sets))
    if not (np.isfinite(set_proba) & (set_proba >= 0)).all():
        row, column = np.argwhere(~(np.isfinite(set_proba) & (set_proba >= 0)))[0]
        raise ValueError(
            f"set_proba holds {set_proba[row, column]} in row {row}, column {column}: expected "
            "probabilities, finite and not negative. Does the last layer have a softmax?"
        )
    sizes = label_sets.sum(axis=1)
    best = set_proba @ (sizes == 0)  # the expected F1 of predicting no label
    predicted = np.zeros((len(set_proba), label_sets.shape[1]), "int64")
    for k in range(1, label_sets.shape[1] + 1):
        # Waegeman et al. (2014): what each label adds if k are predicted.
        added = set_proba @ (label_sets * (2 / (k + sizes))[:, None])
        largest = _mark_largest(added, k)
        expected = (added * largest).sum(axis=1)
        better = expected > best + 1e-12  # but for rounding
        best = np.where(better, expected, best)
        predicted[better] = largest[better]
    return predicted


def predict_top_k(y_prob, k):
    """Predict the k most probable labels of each row, which is best for precision@k.

    Parameters
    ----------
    y_prob : array-like of shape (n_samples, n_labels)
    k : int
        From 1 to n_labels.

    Returns
    -------
    ndarray of shape (n_samples, n_labels), int64
        1 for exactly `k` labels in each row. Of equally probable labels those that come first.

    Raises
    ------
    ValueError
        If a probability is not one, or `k` is not a whole number from 1 to n_labels.

    Examples
    --------
    >>> predict_top_k([[0.1, 0.7, 0.4], [0.2, 0.2, 0.2]], k=2).tolist()
    [[0, 1, 1], [1, 1, 0]]
    """
    y_prob = check_probabilities(y_prob)
    whole = isinstance(k, numbers.Integral) and not isinstance(k, bool)
    if not whole or not 1 <= k <= y_prob.shape[1]:
        raise ValueError(f"k={k!r}: expected a whole number from 1 to {y_prob.shape[1]}.")
    return _mark_largest(y_prob, k)


def _mark_largest(values, k):
    """Mark the k largest values of each row by 1, of equal ones the first."""
    marked = np.zeros(values.shape, "int64")
    largest = np.argsort(-values, axis=1, kind="stable")[:, :k]
    np.put_along_axis(marked, largest, 1, axis=1)
    return marked
