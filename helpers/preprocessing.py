"""From a table of numbers and categories to a matrix, fitted on training rows alone: lesson 11."""

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from helpers._arguments import check_X
from helpers.tables import refuse_duplicate_columns

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
    TypeError, ValueError
        If `X` has gaps and `impute` is False, or holds anything but numbers and text.

    Examples
    --------
    >>> X = pd.DataFrame({"size": [1.0, 3.0], "color": ["red", "blue"]})
    >>> make_preprocessor(X).fit_transform(X).tolist()
    [[-1.0, 0.0, 1.0], [1.0, 1.0, 0.0]]
    """
    if not isinstance(X, pd.DataFrame):
        raise TypeError(f"X is a {type(X).__name__}: expected a DataFrame, as of read_table.")
    _check_names(X)
    sparse = [name for name in X if isinstance(X[name].dtype, pd.SparseDtype)]
    if sparse:
        raise TypeError(
            f"X: column {sparse[0]!r} is sparse ({len(sparse)} of {X.shape[1]} are): make them "
            "dense, here and from here on, X[columns].sparse.to_dense()."
        )
    categories = [name for name in X if _holds_text(X[name])]
    numbers = [name for name in X if name not in categories]
    gaps = X.isna().sum()
    if gaps.any() and not impute:
        raise ValueError(f"X has gaps in {gaps[gaps > 0].to_dict()}: pass impute=True.")
    number_steps = [SimpleImputer(strategy="median", keep_empty_features=True)] if impute else []
    number_steps += [StandardScaler()] if scale else []
    filled = [MISSING] if impute else []
    known = [sorted({*X[name].dropna(), *filled}) for name in categories]
    encoder = OneHotEncoder(categories=known, handle_unknown="ignore", sparse_output=False)
    filler = SimpleImputer(strategy="constant", fill_value=MISSING, keep_empty_features=True)
    parts = [
        ("numbers", make_pipeline(*number_steps) if number_steps else "passthrough", numbers),
        ("categories", make_pipeline(filler, encoder) if impute else encoder, categories),
    ]
    return ColumnTransformer([part for part in parts if part[2]], sparse_threshold=0)


def transform(preprocess, X, first_row=0):
    """Apply a fitted transformer and check what comes out.

    Parameters
    ----------
    preprocess : fitted scikit-learn transformer
    X : DataFrame or array-like
        Rows as it was fitted on.
    first_row : int, default=0
        Number of the first row, for messages, where `X` is a piece of a larger table.

    Returns
    -------
    ndarray of shape (n_samples, n_inputs), float32, finite

    Examples
    --------
    >>> scaler = StandardScaler().fit([[1.0], [3.0]])
    >>> transform(scaler, [[2.0]]).tolist()
    [[0.0]]
    """
    try:
        matrix = preprocess.transform(X)
    except Exception as error:
        raise ValueError(f"preprocess can't transform these rows: {error}") from error
    matrix = matrix.toarray() if hasattr(matrix, "toarray") else matrix
    matrix = check_X(matrix, "the output of preprocess", first_row)
    n_rows = X.shape[0] if hasattr(X, "shape") else len(X)
    if len(matrix) != n_rows:
        raise ValueError(
            f"preprocess makes {len(matrix)} rows of {n_rows}, expected one of each: what takes "
            "one column of text, such as TfidfVectorizer, belongs into a ColumnTransformer."
        )
    return matrix


def _check_names(X):
    for name in X.columns:
        if not isinstance(name, str):
            raise ValueError(
                f"X has a column named {name!r}, which scikit-learn would take for a position: "
                "pass X.rename(columns=str), here and from here on."
            )
    refuse_duplicate_columns(X.columns, "X")


def _holds_text(column):
    if pd.api.types.is_numeric_dtype(column.dtype) and column.dtype.kind != "c":
        return False
    for value in column.astype(object):
        if not (isinstance(value, str) or (isinstance(value, float) and np.isnan(value))):
            raise ValueError(
                f"X: column {column.name!r} holds {value!r}: expected numbers, or text with NaN "
                "where there is a gap, as helpers.tables.read_table makes of it."
            )
    return True
