"""Columns of a table: names that differ, and values as numbers or as categories.

`helpers.tables.read_table` reads them (lesson 08), and so does a saved model (lesson 04).
"""

from decimal import Decimal

import numpy as np
import pandas as pd

SIMPLE = (str, bool, int, float, Decimal, np.bool_, np.integer, np.floating)
MOST_CATEGORIES = 100  # a text column with more distinct values is hardly a category


def refuse_duplicate_columns(names, table="the table"):
    """Refuse columns of the same name; `table` is what the message calls the table."""
    names = pd.Index(names)
    if names.has_duplicates:
        duplicates = sorted(set(names[names.duplicated()].astype(str)))
        raise ValueError(f"{table} has the columns {duplicates} twice or more often: rename them.")


def feature_column(column, categorical=False):
    """Return numbers as they were, booleans as 0.0 and 1.0, text as numbers or as categories.

    Text is taken for numbers if that is what at least half of its rows, or half of its different
    values, hold: the rest are slips, and refused. `categorical` takes any value for a name.
    """
    if categorical or isinstance(column.dtype, pd.CategoricalDtype):
        return text_column(column)
    if pd.api.types.is_numeric_dtype(column.dtype) and column.dtype.kind != "c":
        return _finite(column)
    if column.dtype.kind in "cmM":
        raise ValueError(
            f"column {column.name!r} holds {column.dtype}: turn it into numbers first, for "
            "instance into days since a date, or drop it."
        )
    return _numbers_or_categories(column)


def text_column(column):
    """Return a column as text, of type object, with NaN where there is a gap."""
    _refuse_other_values(column, pd.api.types.is_scalar)
    if column.dtype == object:
        gaps = column.isna()
        text = [np.nan if gap else _text(v) for v, gap in zip(column, gaps, strict=True)]
    else:  # each different value is turned into text once, and kept in memory once
        codes, values = pd.factorize(column)
        text = np.array([*map(_text, values), np.nan], dtype=object)[codes]  # a gap's code is -1
    return pd.Series(text, column.index, dtype=object, name=column.name)


def number_column(column, advice="mend it", first_row=0):
    """Return a column as float64, or refuse what is no number and say what to do (`advice`).

    Where the column is a piece of a longer one, `first_row` is the number of its first row there.
    """
    if column.dtype.kind in "biuf" and pd.api.types.is_numeric_dtype(column.dtype):
        return _finite(column.astype("float64"), first_row)
    numbers = _to_numbers(column)
    bad = (numbers.isna() & column.notna()).to_numpy()
    if bad.any():
        row = bad.argmax()
        raise ValueError(
            f"column {column.name!r} holds {short_repr(column.iloc[row])} in row "
            f"{first_row + row}, where a number is due: {advice}."
        )
    return _finite(numbers, first_row)


def short_repr(value):
    """Write a value of a table for an error message: briefly, and as Python's own types."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return "a gap"
    text = repr(value.item() if isinstance(value, np.generic) else value)
    return text if len(text) <= 60 else text[:57] + "..."


def _numbers_or_categories(column):
    _refuse_other_values(column, lambda value: isinstance(value, SIMPLE))
    codes, values = pd.factorize(column.dropna())
    values = pd.Series(values, dtype=object)
    plain = _to_numbers(values).notna().to_numpy()
    with_comma = _to_numbers(values.astype(str).str.replace(",", ".")).notna().to_numpy()
    numeric = plain | with_comma
    if values.empty or max(numeric.mean(), numeric[codes].mean()) >= 0.5:
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


def _refuse_other_values(column, is_fine):
    simple = (np.dtype, pd.StringDtype, pd.CategoricalDtype)
    if isinstance(column.dtype, simple) and column.dtype != object:
        return
    for row, (value, gap) in enumerate(zip(column, column.isna(), strict=True)):
        if not (gap or is_fine(value)):
            raise ValueError(
                f"column {column.name!r} holds a {type(value).__name__} in row {row}: expected "
                "numbers or text."
            )


def _to_numbers(column):
    text = column.astype(object).map(lambda v: str(v).strip().lower(), na_action="ignore")
    return pd.to_numeric(text.replace({"true": 1, "false": 0}), errors="coerce").astype("float64")


def _text(value):
    if isinstance(value, (float, np.floating)) and value.is_integer():
        value = int(value)  # 1.0 is what pandas makes of 1 beside a gap
    return str(value)


def _finite(column, first_row=0):
    values = column.to_numpy(dtype="float64", na_value=np.nan)
    infinite = np.isinf(values)
    if infinite.any():
        raise ValueError(
            f"column {column.name!r} is infinite in row {first_row + infinite.argmax()}: mend or "
            "drop it."
        )
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iuf":
        return column
    return pd.Series(values, column.index, name=column.name)  # booleans, and pandas' own types
