"""Row numbers of the folds, checked, and the repeat that each fold belongs to."""

import numpy as np
from sklearn.model_selection import RepeatedKFold, check_cv


def split_rows(cv, X, y):
    """Let a splitter give the row numbers of its folds, and check them.

    Parameters
    ----------
    cv : scikit-learn splitter, int, iterable of (train, test), or None
        None is ``RepeatedKFold(n_splits=10, n_repeats=3, random_state=1)``.
    X : ndarray of shape (n_samples, n_features)
    y : ndarray of shape (n_samples, n_labels)

    Returns
    -------
    list of (train, test)
        Arrays of int: row numbers.

    Raises
    ------
    ValueError
        If `cv` does not fit the rows, or a fold is empty or trains on rows that it holds out.

    Examples
    --------
    >>> import numpy as np
    >>> folds = split_rows(2, np.zeros((4, 1)), np.zeros((4, 2)))
    >>> [(train.tolist(), test.tolist()) for train, test in folds]
    [([2, 3], [0, 1]), ([0, 1], [2, 3])]
    """
    if cv is None:
        cv = RepeatedKFold(n_splits=10, n_repeats=3, random_state=1)
    rows = np.arange(len(y))  # a sparse X has no length
    try:
        # Indexing turns masks and negative numbers into row numbers and refuses others.
        folds = [(rows[train], rows[test]) for train, test in check_cv(cv).split(X, y)]
    except (ValueError, IndexError, TypeError) as error:
        raise ValueError(f"cv does not fit the {len(y)} rows of X and y: {error}") from error
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
    """Assign each fold to a repeat: a new one begins where a row would be held out again.

    Parameters
    ----------
    folds : list of (train, test)
    n_samples : int

    Returns
    -------
    list of int
        One number a fold, from 0 up.

    Examples
    --------
    >>> number_repeats([([1], [0]), ([0], [1]), ([0], [1])], n_samples=2)
    [0, 0, 1]
    """
    repeat, held_out, repeats = 0, np.zeros(n_samples, dtype=bool), []
    for _, test in folds:
        if held_out[test].any():
            repeat, held_out[:] = repeat + 1, False
        held_out[test] = True
        repeats.append(repeat)
    return repeats
