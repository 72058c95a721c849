"""Folds of rows: checked, numbered by repeat, and stratified by labels (lesson 11)."""

from numbers import Integral

import numpy as np
from iterstrat.ml_stratifiers import RepeatedMultilabelStratifiedKFold
from sklearn.model_selection import RepeatedKFold, RepeatedStratifiedKFold, check_cv

from helpers._arguments import check_labels
from helpers.labels import find_label_sets


def split_rows(cv, X, y):
    """Return the folds of a splitter as pairs (train, test) of row numbers, checked."""
    if cv is None:
        cv = RepeatedKFold(n_splits=10, n_repeats=3, random_state=1)
    rows = np.arange(len(y))  # a sparse X has no length
    try:
        # Indexing turns masks and negative numbers into row numbers and refuses others.
        folds = [(rows[train], rows[test]) for train, test in check_cv(cv).split(X, y)]
    except (ValueError, IndexError, TypeError) as error:
        hint = ""
        if "multilabel-indicator" in str(error):
            hint = " StratifiedLabelKFold of helpers.splits stratifies by several labels."
        raise ValueError(f"cv does not fit the {len(y)} rows of X and y: {error}{hint}") from error
    if not folds:
        raise ValueError("cv gives no folds at all: pass a splitter with one or more.")
    for k, (train, test) in enumerate(folds):
        if train.ndim != 1 or test.ndim != 1:
            raise ValueError(f"cv: fold {k} is not a pair of lists of row numbers.")
        if not len(train) or not len(test):
            raise ValueError(f"cv: fold {k} has {len(train)} training and {len(test)} test rows.")
        if len(np.intersect1d(train, test)):
            raise ValueError(f"cv: fold {k} trains on rows that it holds out: its score would lie.")
    return folds


def number_repeats(folds, n_samples):
    """Return the repeat of each fold: a new one begins where a row would be held out again."""
    repeat, held_out, repeats = 0, np.zeros(n_samples, dtype=bool), []
    for _, test in folds:
        if held_out[test].any():
            repeat, held_out[:] = repeat + 1, False
        held_out[test] = True
        repeats.append(repeat)
    return repeats


class StratifiedLabelKFold:
    """Repeated k-fold that keeps the shares of labels alike; pass it as `cv`.

    Where every label set has a row for each fold, label sets are spread evenly over the folds,
    which is exact. Else labels are, by iterative stratification, the rarest first.

    Parameters
    ----------
    n_splits : int, default=10
        Folds in a repeat.
    n_repeats : int, default=3
    random_state : int, default=1

    References
    ----------
    Sechidis, Tsoumakas and Vlahavas, On the stratification of multi-label data (2011).

    Examples
    --------
    >>> y = np.array([[1, 0], [0, 1]] * 10)
    >>> splitter = StratifiedLabelKFold(n_splits=2, n_repeats=1)
    >>> [y[test].sum(axis=0).tolist() for _, test in splitter.split(y, y)]
    [[5, 5], [5, 5]]
    """

    def __init__(self, n_splits=10, n_repeats=3, random_state=1):
        self.n_splits, self.n_repeats, self.random_state = n_splits, n_repeats, random_state

    def get_n_splits(self, X=None, y=None, groups=None):
        """Return the number of folds in all repeats."""
        return self.n_splits * self.n_repeats

    def split(self, X, y, groups=None):
        """Yield row numbers to train on and to hold out, by `y` of shape (n_samples, n_labels)."""
        y = check_labels(y)
        if not isinstance(self.n_splits, Integral) or self.n_splits < 2:
            raise ValueError(f"n_splits: found {self.n_splits!r}, expected a whole number >= 2.")
        if len(y) < self.n_splits:
            raise ValueError(f"n_splits={self.n_splits}: y has {len(y)} rows only.")
        _, set_of_row = find_label_sets(y)
        # Of one label alone, which is no label matrix to it, both answers are spread.
        classes = np.hstack([y, 1 - y]) if y.shape[1] == 1 else y
        splitter = RepeatedMultilabelStratifiedKFold
        if np.bincount(set_of_row).min() >= self.n_splits:
            splitter, classes = RepeatedStratifiedKFold, set_of_row
        splitter = splitter(
            n_splits=self.n_splits, n_repeats=self.n_repeats, random_state=self.random_state
        )
        yield from splitter.split(np.zeros((len(y), 1)), classes)
