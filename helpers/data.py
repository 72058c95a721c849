"""The workshop's data set, fresh rows of the same kind, and tables that describe labels."""

import numbers

import numpy as np
from sklearn.datasets import make_multilabel_classification

from helpers.skipping import SkippingRandomState


def make_dataset(n_samples=1000, random_state=1, **kwargs):
    """Make the data set that the lessons use.

    Parameters
    ----------
    n_samples : int, default=1000
    random_state : int, default=1
        Another number draws another data set, with distributions of its own.
    **kwargs
        Passed on to `sklearn.datasets.make_multilabel_classification`. Without any, the data has
        10 features, 3 classes and ``n_labels=2``.

    Returns
    -------
    X : ndarray of shape (n_samples, n_features), float64
        Counts: how often each of `n_features` words occurs in a document.
    y : ndarray of shape (n_samples, n_classes), int64
        1 where the row has the label, else 0.

    Examples
    --------
    >>> X, y = make_dataset()
    >>> X[0].astype(int).tolist(), y[0].tolist()
    ([3, 3, 6, 7, 8, 2, 11, 11, 1, 3], [1, 1, 0])
    """
    settings = {"n_features": 10, "n_classes": 3, "n_labels": 2} | kwargs
    if isinstance(random_state, numbers.Integral):
        random_state = SkippingRandomState(random_state)  # same numbers, many times faster
    return make_multilabel_classification(n_samples, random_state=random_state, **settings)


def make_fresh_rows(n_rows=50_000, n_samples=1000, random_state=1, **kwargs):
    """Make rows of the same distribution as `make_dataset`, none of which is in it.

    The generator first draws its distributions and then its rows one by one. So a longer run
    with the same seed begins with the same `n_samples` rows; what follows them is fresh.

    Parameters
    ----------
    n_rows : int, default=50_000
        How many fresh rows.
    n_samples : int, default=1000
        The length of the data set whose rows are to be left out.
    random_state : int, default=1
    **kwargs
        As in `make_dataset`.

    Returns
    -------
    X : ndarray of shape (n_rows, n_features), float64
    y : ndarray of shape (n_rows, n_classes), int64

    Examples
    --------
    >>> X_fresh, y_fresh = make_fresh_rows(n_rows=5)
    >>> X_fresh.shape, y_fresh.shape
    ((5, 10), (5, 3))
    """
    X, y = make_dataset(n_samples + n_rows, random_state, **kwargs)
    return X[n_samples:], y[n_samples:]


def check_X_y(X, y):
    """Check features and labels at the door.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Finite numbers.
    y : array-like of shape (n_samples, n_labels)
        0 or 1 in each place (a boolean array will do).

    Returns
    -------
    X : ndarray of float32
    y : ndarray of int64

    Raises
    ------
    ValueError
        Naming the argument, what was found where, and what to do.

    Examples
    --------
    >>> X, y = check_X_y([[0.5], [1.5]], [[True, False], [False, False]])
    >>> y.tolist()
    [[1, 0], [0, 0]]
    """
    X, y = check_X(X), check_labels(y)
    if len(X) != len(y):
        raise ValueError(f"X has {len(X)} rows and y has {len(y)}: each row needs its labels.")
    return X, y


def check_X(X):
    """Check features: see `check_X_y`.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)

    Returns
    -------
    X : ndarray of float32

    Examples
    --------
    >>> check_X([1, 2])
    Traceback (most recent call last):
    ...
    ValueError: X has shape (2,): expected 2 dimensions (rows, features); for one row use [row].
    """
    X = _as_matrix("X", X, "features")
    try:
        X = X.astype("float64")
    except (TypeError, ValueError) as error:
        raise ValueError(f"X: expected numbers only, but {error}. Encode text first.") from None
    with np.errstate(over="ignore"):
        X = X.astype("float32")
    if not np.isfinite(X).all():
        row, column = np.argwhere(~np.isfinite(X))[0]
        raise ValueError(
            f"X holds {X[row, column]} in row {row}, column {column}: "
            "fill in or drop missing and infinite values first."
        )
    return X


def check_labels(y, name="y"):
    """Check a label matrix: see `check_X_y`.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)
    name : str, default="y"
        What the error message calls it.

    Returns
    -------
    y : ndarray of int64

    Examples
    --------
    >>> check_labels([[0, 1], [1, 2]])
    Traceback (most recent call last):
    ...
    ValueError: y holds 2 in row 1, column 1: each label must be 0 or 1.
    """
    y = _as_matrix(name, y, "labels")
    valid = np.isin(y, [0, 1]) if y.dtype.kind in "biuf" else _is_zero_or_one(y)
    if not valid.all():
        row, column = np.argwhere(~valid)[0]
        hint = ""
        if isinstance(y[row, column], str):
            hint = " scikit-learn's MultiLabelBinarizer turns label names into such columns."
        elif y.dtype.kind == "f" and 0 < y[row, column] < 1:
            hint = " For probabilities choose a threshold first: (p >= 0.5)."
        found = y[row, column].item() if isinstance(y[row, column], np.generic) else y[row, column]
        raise ValueError(
            f"{name} holds {found!r} in row {row}, column {column}: each label must be 0 or 1."
            + hint
        )
    return y.astype("int64")


def _is_zero_or_one(y):
    number = (numbers.Number, np.bool_)
    return np.array([[isinstance(v, number) and v in (0, 1) for v in row] for row in y])


def _as_matrix(name, values, what):
    if hasattr(values, "toarray"):
        raise ValueError(f"{name} is a sparse matrix: pass {name}.toarray().")
    matrix = np.asarray(values)
    if matrix.ndim != 2:
        raise ValueError(
            f"{name} has shape {matrix.shape}: expected 2 dimensions (rows, {what}); "
            "for one row use [row]."
        )
    if 0 in matrix.shape:
        raise ValueError(f"{name} has shape {matrix.shape}: there is nothing to work with.")
    return matrix
