"""One column of a table as a feature: a number, a category, or an error that says why not."""

import numpy as np
import pandas as pd

SIMPLE = (str, bool, int, float, np.generic)
MOST_CATEGORIES = 100  # a text column with more distinct values is hardly a category


def feature_column(column, categorical=False):
    """Turn a column into numbers or categories.

    Parameters
    ----------
    column : Series
        Numbers, booleans, text or pandas' categories; its name appears in errors.
    categorical : bool, default=False
        Take the values for names even where they look like numbers.

    Returns
    -------
    Series
        Numbers as they were, booleans as 0.0 and 1.0, categories as text; NaN where there is a
        gap.

    Raises
    ------
    ValueError
        Naming the column, the row and what to do.

    Examples
    --------
    >>> feature_column(pd.Series([True, False])).tolist()
    [1.0, 0.0]
    >>> feature_column(pd.Series(["1.5", "n/a?", "2"], name="size"))
    Traceback (most recent call last):
    ...
    ValueError: column 'size' holds 'n/a?' in row 1, where a number is due: mend it, or name the \
column in `categorical`.
    """
    if categorical or isinstance(column.dtype, pd.CategoricalDtype):
        return _as_text(column)
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.astype("float64")
    if pd.api.types.is_numeric_dtype(column.dtype) and column.dtype.kind != "c":
        return _finite(column)
    if column.dtype.kind in "cmM":
        raise ValueError(
            f"column {column.name!r} holds {column.dtype}: turn it into numbers first, for "
            "instance into days since a date, or drop it."
        )
    return _from_text(column)


def text_column(column):
    """Turn a column into text, as one was that a model has been trained on.

    Parameters
    ----------
    column : Series

    Returns
    -------
    Series of object
        Text, or NaN where there is a gap.

    Examples
    --------
    >>> text_column(pd.Series([1.0, None, 2.5])).tolist()
    ['1', nan, '2.5']
    """
    return _as_text(column)


def number_column(column, advice="mend it"):
    """Turn a column into numbers, as one was that a model has been trained on.

    Parameters
    ----------
    column : Series
    advice : str, default="mend it"
        What the error message says to do.

    Returns
    -------
    Series of float64

    Raises
    ------
    ValueError
        Naming the column and the row.

    Examples
    --------
    >>> number_column(pd.Series(["1", "true", None])).tolist()
    [1.0, 1.0, nan]
    """
    if pd.api.types.is_numeric_dtype(column.dtype) and column.dtype.kind in "biuf":
        return _finite(column.astype("float64"))
    numbers = _parsed(column)
    bad = np.flatnonzero((numbers.isna() & column.notna()).to_numpy())
    if len(bad):
        raise ValueError(
            f"column {column.name!r} holds {column.iloc[bad[0]]!r} in row {bad[0]}, where a number "
            f"is due: {advice}."
        )
    return _finite(numbers)


def _from_text(column):
    values = pd.Series(column.dropna().unique(), dtype=object)
    strange = [value for value in values if not isinstance(value, SIMPLE)]
    if strange:
        row = next(r for r, value in enumerate(column) if value is strange[0])
        raise ValueError(
            f"column {column.name!r} holds a {type(strange[0]).__name__} in row {row}: expected "
            "numbers or text."
        )
    if _parsed(values).notna().mean() >= 0.5:  # what is not a number among them is a slip
        return number_column(column, "mend it, or name the column in `categorical`")
    if len(values) > MOST_CATEGORIES:
        raise ValueError(
            f"column {column.name!r} holds {len(values)} different texts: name it in `drop`, turn "
            "it into numbers (TextVectorization, TfidfVectorizer), or name it in `categorical`."
        )
    return _as_text(column)


def _parsed(column):
    text = column.astype(object).map(lambda v: str(v).strip().lower(), na_action="ignore")
    return pd.to_numeric(text.replace({"true": 1, "false": 0}), errors="coerce").astype("float64")


def _as_text(column):
    def text(value):
        whole = isinstance(value, (float, np.floating)) and value == int(value)
        return str(int(value) if whole else value)  # 1.0 is what pandas makes of 1 beside a gap

    if isinstance(column.dtype, pd.StringDtype):
        return column.astype(object)
    return column.astype(object).map(text, na_action="ignore").where(column.notna(), np.nan)


def _finite(column):
    values = column.to_numpy(dtype="float64", na_value=np.nan)
    infinite = np.flatnonzero(np.isinf(values))
    if len(infinite):
        raise ValueError(
            f"column {column.name!r} is infinite in row {infinite[0]}: mend or drop it."
        )
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iuf":
        return column
    return pd.Series(values, column.index, name=column.name)
