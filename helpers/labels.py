"""Tables that describe labels (lesson 01), and label sets taken for classes (lesson 06)."""

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted, validate_data

from helpers._arguments import (
    check_labels,
    check_probabilities,
    check_set_proba,
    refuse_continuous,
)


def default_names(n, prefix="label"):
    """Name `n` labels or features when nobody else did.

    >>> default_names(3)
    ['label_1', 'label_2', 'label_3']
    """
    return [f"{prefix}_{i + 1}" for i in range(n)]


def names_or_default(names, n, prefix="label"):
    """Return the names as a list, or the default ones where there are none."""
    if names is None:
        return default_names(n, prefix)
    is_list = pd.api.types.is_list_like(names, allow_sets=False)
    if not is_list or not all(map(pd.api.types.is_scalar, names)):
        raise ValueError(f"{prefix}_names: found {names!r}, expected a list of {n} names.")
    names = list(names)
    if len(names) != n or len(set(names)) != n:
        raise ValueError(f"{prefix}_names: found {names}, expected {n} different names.")
    return names


def label_summary(y, label_names=None):
    """Count how often each label occurs.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)
    label_names : list of str, optional

    Returns
    -------
    DataFrame
        One row per label, columns ``count``, ``prevalence`` (share of all rows) and ``alone``
        (rows that have this label and no other).

    Examples
    --------
    >>> label_summary([[1, 1], [1, 0], [0, 0], [1, 0]])
             count  prevalence  alone
    label
    label_1      3        0.75      2
    label_2      1        0.25      0
    """
    y = check_labels(y)
    names = pd.Index(names_or_default(label_names, y.shape[1]), name="label")
    alone = y[y.sum(axis=1) == 1].sum(axis=0)
    return pd.DataFrame(
        {"count": y.sum(axis=0), "prevalence": y.mean(axis=0), "alone": alone}, index=names
    )


def label_statistics(y):
    """Describe a label matrix as a whole.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)

    Returns
    -------
    Series
        ``samples``, ``labels``, ``cardinality`` (mean number of labels a row), ``density``
        (cardinality divided by the number of labels), ``label_sets`` (distinct ones that occur)
        and ``unlabeled`` (share of rows without any label).

    References
    ----------
    Tsoumakas and Katakis, Multi-label classification: an overview (2007).

    Examples
    --------
    >>> float(label_statistics([[1, 1], [1, 0], [0, 0], [1, 0]])["cardinality"])
    1.0
    """
    y = check_labels(y)
    return pd.Series(
        {
            "samples": len(y),
            "labels": y.shape[1],
            "cardinality": y.sum(axis=1).mean(),
            "density": y.mean(),
            "label_sets": len(np.unique(y, axis=0)),
            "unlabeled": (y.sum(axis=1) == 0).mean(),
        },
        name="value",
    )


def label_set_table(y, label_names=None):
    """Count how often each set of labels occurs.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)
    label_names : list of str, optional

    Returns
    -------
    DataFrame
        One row for each set that occurs, the most frequent first: a 0/1 column per label, then
        ``count`` and ``share``. The index writes the set as digits, one per label: ``"110"``.

    Examples
    --------
    >>> label_set_table([[1, 1], [1, 0], [0, 0], [1, 0]])
               label_1  label_2  count  share
    label_set
    10               1        0      2   0.50
    00               0        0      1   0.25
    11               1        1      1   0.25
    """
    y = check_labels(y)
    sets, counts = np.unique(y, axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    index = pd.Index(["".join(map(str, s)) for s in sets[order]], name="label_set")
    table = pd.DataFrame(
        sets[order], columns=names_or_default(label_names, y.shape[1]), index=index
    )
    return table.assign(count=counts[order], share=counts[order] / len(y))


def co_occurrence(y, label_names=None):
    """Find how often a row with one label has the other.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)
    label_names : list of str, optional

    Returns
    -------
    DataFrame
        Entry (i, j) is the share of the rows with label i that also have label j; NaN where no
        row has label i.

    Examples
    --------
    >>> co_occurrence([[1, 1], [1, 0], [0, 0], [1, 0]]).round(2)
             label_1  label_2
    label_1      1.0     0.33
    label_2      1.0     1.00
    """
    y = check_labels(y)
    names = names_or_default(label_names, y.shape[1])
    both = y.T @ y
    counts = np.diag(both)[:, None]
    share = np.divide(both, counts, out=np.full(both.shape, np.nan), where=counts > 0)
    return pd.DataFrame(share, index=names, columns=names)


def find_label_sets(y):
    """Find the label sets that occur, and which of them each row has."""
    label_sets, set_of_row = np.unique(check_labels(y), axis=0, return_inverse=True)
    return label_sets, set_of_row.ravel()


def keep_seen_sets(set_proba, seen):
    """Take the probability of sets that were not seen in training from them, and share it out."""
    set_proba, seen = check_set_proba(set_proba), np.asarray(seen)
    numbers = np.arange(set_proba.shape[1])
    if not seen.size or seen.dtype.kind not in "iu" or not np.isin(seen, numbers).all():
        raise ValueError(f"seen={seen}: expected numbers from 0 to {len(numbers) - 1}.")
    is_seen = np.isin(numbers, seen)
    kept = set_proba * is_seen
    kept = np.where(kept.any(axis=1, keepdims=True), kept, is_seen)
    return kept / kept.sum(axis=1, keepdims=True)


def marginals(set_proba, label_sets):
    """Turn probabilities of label sets into those of labels: sums over the sets that have each."""
    label_sets = check_labels(label_sets, "label_sets")
    # Sums of rounded numbers may pass 1.
    return np.clip(check_set_proba(set_proba, len(label_sets)) @ label_sets, 0, 1)


def most_probable_sets(set_proba, label_sets):
    """Predict the most probable label set of each row.

    Parameters
    ----------
    set_proba, label_sets : array-like of shape (n_samples, n_sets) and (n_sets, n_labels)

    Returns
    -------
    ndarray of shape (n_samples, n_labels), int64

    Examples
    --------
    >>> most_probable_sets([[0.4, 0.3, 0.3]], [[0, 0], [1, 0], [1, 1]]).tolist()
    [[0, 0]]
    """
    label_sets = check_labels(label_sets, "label_sets")
    return label_sets[check_set_proba(set_proba, len(label_sets)).argmax(axis=1)]


def independent_set_proba(y_prob, label_sets):
    """Turn probabilities of labels into those of label sets, as if labels were independent.

    Parameters
    ----------
    y_prob, label_sets : array-like of shape (n_samples, n_labels) and (n_sets, n_labels)

    Returns
    -------
    ndarray of shape (n_samples, n_sets)
        Rows sum to 1 if all 2 ** n_labels sets are given, else to less.

    Examples
    --------
    >>> independent_set_proba([[0.5, 0.5]], [[0, 0], [0, 1], [1, 0], [1, 1]]).tolist()
    [[0.25, 0.25, 0.25, 0.25]]
    """
    y_prob, label_sets = check_probabilities(y_prob), check_labels(label_sets, "label_sets")
    if y_prob.shape[1] != label_sets.shape[1]:
        raise ValueError(f"y_prob has shape {y_prob.shape}: expected {label_sets.shape[1]} labels.")
    return np.where(label_sets == 1, y_prob[:, None], 1 - y_prob[:, None]).prod(axis=2)


class LabelPowersetClassifier(MetaEstimatorMixin, ClassifierMixin, BaseEstimator):
    """Let a multi-class classifier predict several labels, by taking label sets for classes.

    Parameters
    ----------
    estimator : scikit-learn classifier
        With `predict_proba`. It is cloned, not fitted itself.

    Attributes
    ----------
    estimator_ : fitted classifier
    label_sets_ : ndarray of shape (n_sets, n_labels)
        The sets of the training rows.
    classes_ : ndarray of shape (n_labels,)
        Numbers of the labels, as scikit-learn's `MLPClassifier` has them.

    Examples
    --------
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> from helpers.data import make_dataset
    >>> X, y = make_dataset()
    >>> classifier = LabelPowersetClassifier(KNeighborsClassifier()).fit(X, y)
    >>> classifier.predict_proba(X).shape, classifier.predict_label_set_proba(X).shape
    ((1000, 3), (1000, 5))
    """

    def __init__(self, estimator):
        self.estimator = estimator

    def fit(self, X, y):
        """Fit a clone of the estimator on the label set of each row.

        Parameters
        ----------
        X, y : array-like of shape (n_samples, n_features) and (n_samples, n_labels)
        """
        if not hasattr(self.estimator, "predict_proba"):
            raise TypeError(f"estimator is {self.estimator!r}: pass one that has predict_proba.")
        validate_data(self, X, y, skip_check_array=True)
        if isinstance(X, np.ndarray) and X.dtype.kind == "c":
            raise ValueError("X: Complex data not supported.")
        refuse_continuous(y)
        self.label_sets_, set_of_row = find_label_sets(y)
        self.classes_ = np.arange(self.label_sets_.shape[1])
        self.estimator_ = clone(self.estimator).fit(X, set_of_row)
        return self

    def predict_label_set_proba(self, X):
        """Return the probability of each of `label_sets_`, (n_samples, n_sets)."""
        check_is_fitted(self)
        return self.estimator_.predict_proba(X)

    def predict_proba(self, X):
        """Return the probability of each label, (n_samples, n_labels)."""
        return marginals(self.predict_label_set_proba(X), self.label_sets_)

    def predict(self, X):
        """Return the most probable label set of each row, (n_samples, n_labels)."""
        return most_probable_sets(self.predict_label_set_proba(X), self.label_sets_)

    def __sklearn_tags__(self):
        """Expect label matrices, and of features what the estimator does."""
        tags = super().__sklearn_tags__()
        tags.input_tags = get_tags(self.estimator).input_tags
        tags.target_tags.single_output, tags.target_tags.multi_output = False, True
        tags.classifier_tags.multi_class, tags.classifier_tags.multi_label = False, True
        return tags
