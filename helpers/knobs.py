"""What one changes in an experiment, as text that Python can read back."""

import ast
import math

import numpy as np
import pandas as pd


def knob_text(name, value):
    """Write a knob as Python would, so that it can be read back as what it was.

    Parameters
    ----------
    name : str
    value : int, float, bool, str, None or tuple of these

    Returns
    -------
    str

    Raises
    ------
    TypeError
        If the value is something else.
    ValueError
        If a tuple holds NaN or an infinity. By themselves they are welcome.

    Examples
    --------
    >>> knob_text("n_units", (20, 5)), knob_text("activation", "relu")
    ('(20, 5)', "'relu'")
    """
    return repr(_plain(name, value))


def _plain(name, value):
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, tuple | list):
        items = tuple(_plain(name, item) for item in value)
        if any(isinstance(item, float) and not math.isfinite(item) for item in items):
            raise ValueError(
                f"knob {name!r} is {items}: NaN and infinity can't be read back from a tuple. Pass "
                "None in their place, or each number as a knob of its own."
            )
        return items
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    if value is None:
        return None
    raise TypeError(
        f"knob {name!r} is {type(value).__name__}: expected a number, a text, True or False, None "
        "or a tuple of these. Pass what tells the trials apart, for instance its name."
    )


def read_knob(field):
    """Read a knob back.

    Parameters
    ----------
    field : str or None
        What is no Python value, for instance since it was typed in by hand, stays a text.

    Returns
    -------
    object
        NaN for None, that is a knob which a trial did not name.

    Examples
    --------
    >>> read_knob("(20, 5)"), read_knob("1"), read_knob("fast")
    ((20, 5), 1, 'fast')
    """
    if field is None or field in ("nan", "inf", "-inf"):
        return float(field or "nan")
    try:
        return ast.literal_eval(field)
    except (ValueError, SyntaxError):
        return field


def read_knobs(fields, index):
    """Read one knob of several trials.

    Parameters
    ----------
    fields : list of str or None
    index : pandas.Index

    Returns
    -------
    Series
        Of numbers if each trial named a number; else of objects, so that 1 stays 1 beside NaN.

    Examples
    --------
    >>> read_knobs(["20", None], index=[1, 2]).tolist()
    [20, nan]
    """
    column = pd.Series([read_knob(field) for field in fields], index=index, dtype=object)
    return column if column.isna().any() else column.infer_objects()
