"""Folds in which every label is as frequent as in the whole table, as far as that goes."""

from numbers import Integral

import numpy as np
from iterstrat.ml_stratifiers import RepeatedMultilabelStratifiedKFold
from sklearn.model_selection import RepeatedStratifiedKFold

from helpers.label_sets import find_label_sets
from helpers.validation import check_labels, check_two_labels


class StratifiedLabelKFold:
    """Repeated k-fold that keeps the shares of labels alike; pass it as `cv`.

    Where every label set has a row for each fold, label sets are dealt out evenly, which is
    exact. Else labels are, by iterative stratification, the rarest first.

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
        """Yield row numbers to train on and to hold out.

        Parameters
        ----------
        X : array-like of n_samples rows
            Only their number counts.
        y : array-like of shape (n_samples, n_labels)
        groups : ignored

        Yields
        ------
        train, test : ndarray of int
        """
        y = check_two_labels(check_labels(y))
        if not isinstance(self.n_splits, Integral) or self.n_splits < 2:
            raise ValueError(f"n_splits: found {self.n_splits!r}, expected a whole number >= 2.")
        if len(y) < self.n_splits:
            raise ValueError(f"n_splits={self.n_splits}: y has {len(y)} rows only.")
        keywords = {"n_splits": self.n_splits, "n_repeats": self.n_repeats}
        keywords["random_state"] = self.random_state
        rows, (_, set_of_row) = np.zeros((len(y), 1)), find_label_sets(y)
        if np.bincount(set_of_row).min() >= self.n_splits:
            yield from RepeatedStratifiedKFold(**keywords).split(rows, set_of_row)
        else:
            yield from RepeatedMultilabelStratifiedKFold(**keywords).split(rows, y)
