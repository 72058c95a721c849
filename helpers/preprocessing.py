"""From a table of numbers and categories to a matrix, fitted on training rows alone."""

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from helpers.validation import check_X

MISSING = "(missing)"  # the category of a gap


def make_preprocessor(X, impute=False, scale=True):
    """Make the transformer that suits the columns of a table; it is not fitted yet.

    Numbers are brought to mean 0 and variance 1. Categories become one column each, of 0 and 1.
    Which categories there are is read from `X` now; means, variances and medians are learned in
    `fit`, from training rows only. A category that is not in `X` becomes 0 in all its columns.

    Parameters
    ----------
    X : DataFrame
        As `helpers.tables.read_table` returns it: numbers, and text for categories.
    impute : bool, default=False
        Fill gaps: in numbers with the median, in categories with a category of their own. False
        refuses gaps.
    scale : bool, default=True
        False leaves numbers as they are.

    Returns
    -------
    sklearn.compose.ColumnTransformer

    Raises
    ------
    ValueError
        If `X` has gaps and `impute` is False.

    Examples
    --------
    >>> X = pd.DataFrame({"size": [1.0, 3.0], "color": ["red", "blue"]})
    >>> make_preprocessor(X).fit_transform(X).tolist()
    [[-1.0, 0.0, 1.0], [1.0, 1.0, 0.0]]
    """
    if not isinstance(X, pd.DataFrame):
        raise TypeError(f"X is a {type(X).__name__}: expected a DataFrame, as of read_table.")
    gaps = X.isna().sum()
    if gaps.any() and not impute:
        raise ValueError(f"X has gaps in {gaps[gaps > 0].to_dict()}: pass impute=True.")
    categories = [name for name in X if not pd.api.types.is_numeric_dtype(X[name])]
    numbers = [name for name in X if name not in categories]
    number_steps = [SimpleImputer(strategy="median", keep_empty_features=True)] if impute else []
    number_steps += [StandardScaler()] if scale else []
    known = [sorted({*X[name].dropna(), *([MISSING] if impute else [])}) for name in categories]
    encoder = OneHotEncoder(categories=known, handle_unknown="ignore", sparse_output=False)
    filler = SimpleImputer(strategy="constant", fill_value=MISSING)
    parts = [
        ("numbers", make_pipeline(*number_steps) if number_steps else "passthrough", numbers),
        ("categories", make_pipeline(filler, encoder) if impute else encoder, categories),
    ]
    return ColumnTransformer([part for part in parts if part[2]], sparse_threshold=0)


def transform(preprocess, X):
    """Apply a fitted transformer and check what comes out.

    Parameters
    ----------
    preprocess : fitted transformer
        Any of scikit-learn's.
    X : DataFrame or array-like
        Rows as it was fitted on.

    Returns
    -------
    ndarray of shape (n_samples, n_inputs), float32

    Examples
    --------
    >>> scaler = StandardScaler().fit([[1.0], [3.0]])
    >>> transform(scaler, [[2.0]]).tolist()
    [[0.0]]
    """
    matrix = preprocess.transform(X)
    return check_X(matrix.toarray() if hasattr(matrix, "toarray") else np.asarray(matrix))


def transform_for_each_fold(preprocess, X, y, folds):
    """Fit a transformer on the training rows of each fold and put all that it makes in one table.

    Parameters
    ----------
    preprocess : transformer
        Cloned for each fold.
    X : DataFrame or ndarray of shape (n_samples, n_features)
    y : ndarray of shape (n_samples, n_outputs)
    folds : list of (train, test)

    Returns
    -------
    X_all : ndarray of shape (n_folds * n_samples, n_inputs), float32
        The whole table as fold 0 sees it, then as fold 1 sees it, and so on.
    y_all : ndarray of shape (n_folds * n_samples, n_outputs)
    folds_all : list of (train, test)
        The folds' rows in that table.

    Raises
    ------
    ValueError
        If the number of columns differs between folds.

    Examples
    --------
    >>> X, y = np.array([[1.0], [3.0], [5.0]]), np.array([[0], [1], [1]])
    >>> X_all, _, folds_all = transform_for_each_fold(StandardScaler(), X, y, [([0, 1], [2])])
    >>> X_all.ravel().tolist()
    [-1.0, 1.0, 3.0]
    """
    tables = []
    for train, _ in folds:
        X_train = X.iloc[train] if hasattr(X, "iloc") else X[train]
        tables.append(transform(clone(preprocess).fit(X_train, y[train]), X))
    widths = [table.shape[1] for table in tables]
    if len(set(widths)) > 1:
        raise ValueError(
            f"preprocess makes {min(widths)} columns in one fold and {max(widths)} in another: fix "
            "its categories or its vocabulary beforehand, as make_preprocessor does."
        )
    shifted = [
        tuple(np.asarray(rows) + k * len(y) for rows in fold) for k, fold in enumerate(folds)
    ]
    return np.concatenate(tables), np.tile(y, (len(folds), 1)), shifted
