"""One column of a table as a feature: a number, a category, or an error that says why not."""

from decimal import Decimal

import numpy as np
import pandas as pd

SIMPLE = (str, bool, int, float, Decimal, np.bool_, np.integer, np.floating)
MOST_CATEGORIES = 100  # a text column with more distinct values is hardly a category


def feature_column(column, categorical=False):
    """Turn a column into numbers (booleans: 0.0 and 1.0) or categories of text, NaN for a gap."""
    # Text is taken for numbers if that is what at least half of its rows, or half of its different
    # values, hold: the rest are slips. Otherwise it is taken for categories.
    if categorical or isinstance(column.dtype, pd.CategoricalDtype):
        return text_column(column)
    if pd.api.types.is_numeric_dtype(column.dtype) and column.dtype.kind != "c":
        return _finite(column)
    if column.dtype.kind in "cmM":
        raise ValueError(
            f"column {column.name!r} holds {column.dtype}: turn it into numbers first, for "
            "instance into days since a date, or drop it."
        )
    return _from_text(column)


def text_column(column):
    """Turn a column into text, as one was that a model has been trained on."""
    _refuse_strange(column, pd.api.types.is_scalar)
    if column.dtype == object:
        text = [np.nan if gap else _text(v) for v, gap in zip(column, column.isna(), strict=True)]
    else:  # each different value is turned into text once, and kept in memory once
        codes, values = pd.factorize(column)
        text = np.array([*map(_text, values), np.nan], dtype=object)[codes]  # a gap's code is -1
    return pd.Series(text, column.index, dtype=object, name=column.name)


def number_column(column, advice="mend it", first_row=0):
    """Turn a column into numbers, as one was that a model has been trained on."""
    if pd.api.types.is_numeric_dtype(column.dtype) and column.dtype.kind in "biuf":
        return _finite(column.astype("float64"), first_row)
    numbers = _parsed(column)
    bad = (numbers.isna() & column.notna()).to_numpy()
    if bad.any():
        row = bad.argmax()
        raise ValueError(
            f"column {column.name!r} holds {shown(column.iloc[row])} in row {first_row + row}, "
            f"where a number is due: {advice}."
        )
    return _finite(numbers, first_row)


def shown(value):
    """Write a value of a table for an error message: briefly, and as Python's own types.

    Parameters
    ----------
    value : object

    Returns
    -------
    str

    Examples
    --------
    >>> shown(np.float64(2)), shown(["a" * 100])
    ('2.0', "['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...")
    """
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return "a gap"
    text = repr(value.item() if isinstance(value, np.generic) else value)
    return text if len(text) <= 60 else text[:57] + "..."


def _from_text(column):
    _refuse_strange(column, lambda value: isinstance(value, SIMPLE))
    codes, values = pd.factorize(column)  # a gap's code is -1
    codes, values = codes[codes >= 0], pd.Series(values, dtype=object)
    plain = _parsed(values).notna().to_numpy()
    numeric = plain | _parsed(values.astype(str).str.replace(",", ".")).notna().to_numpy()
    if not len(values) or max(numeric.mean(), numeric[codes].mean()) >= 0.5:
        advice = "mend it, or name the column in `categorical`"
        if (numeric & ~plain).any():
            advice = "pass decimal=',' if it has decimal commas, otherwise " + advice
        return number_column(column, advice)
    if len(values) > MOST_CATEGORIES:
        raise ValueError(
            f"column {column.name!r} holds {len(values)} different texts: name it in `drop`, turn "
            "it into numbers (TextVectorization, TfidfVectorizer), or name it in `categorical`."
        )
    return text_column(column)


def _refuse_strange(column, is_fine):
    simple = (np.dtype, pd.StringDtype, pd.CategoricalDtype)
    if isinstance(column.dtype, simple) and column.dtype != object:
        return
    for row, (value, gap) in enumerate(zip(column, column.isna(), strict=True)):
        if not (gap or is_fine(value)):
            raise ValueError(
                f"column {column.name!r} holds a {type(value).__name__} in row {row}: expected "
                "numbers or text."
            )


def _parsed(column):
    text = column.astype(object).map(lambda v: str(v).strip().lower(), na_action="ignore")
    return pd.to_numeric(text.replace({"true": 1, "false": 0}), errors="coerce").astype("float64")


def _text(value):
    whole = isinstance(value, (float, np.floating)) and value.is_integer()
    return str(int(value) if whole else value)  # 1.0 is what pandas makes of 1 beside a gap


def _finite(column, first_row=0):
    values = column.to_numpy(dtype="float64", na_value=np.nan)
    if (infinite := np.isinf(values)).any():
        raise ValueError(
            f"column {column.name!r} is infinite in row {first_row + infinite.argmax()}: mend or "
            "drop it."
        )
    plain = isinstance(column.dtype, np.dtype) and column.dtype.kind in "iuf"  # so not booleans
    return column if plain else pd.Series(values, column.index, name=column.name)
