"""The labels of a table, from columns of 0 and 1 or from one column of names."""

import numpy as np
import pandas as pd
from sklearn.preprocessing import MultiLabelBinarizer

from helpers.tables.columns import shown

MEANINGS = {"0": 0, "0.0": 0, "false": 0, "1": 1, "1.0": 1, "true": 1}


def labels_from_columns(frame):
    """Read one label from each column.

    Parameters
    ----------
    frame : DataFrame
        0 and 1, or false and true, as numbers, booleans or text.

    Returns
    -------
    y : ndarray of shape (n_samples, n_labels), int64
    label_names : list of str

    Raises
    ------
    ValueError
        Naming the column and the row of anything else, and a label that nobody has.

    Examples
    --------
    >>> labels_from_columns(pd.DataFrame({"news": [1, 0], "sport": ["true", "False"]}))
    (array([[1, 1],
           [0, 0]]), ['news', 'sport'])
    """
    columns = [_label(frame[name]) for name in frame.columns]
    return _with_someone(np.column_stack(columns), list(frame.columns))


def labels_from_text(column, separator=";"):
    """Read the labels of a column of names.

    Parameters
    ----------
    column : Series
        Text such as ``"news;sport"``, or lists of names; a gap or an empty text means no label.
    separator : str, default=";"

    Returns
    -------
    y : ndarray of shape (n_samples, n_labels), int64
    label_names : list of str
        Sorted.

    Raises
    ------
    TypeError, ValueError
        If an entry is neither text nor a list of names, or no row has any label.

    Examples
    --------
    >>> labels_from_text(pd.Series(["sport; news", None, ["news"]]))
    (array([[1, 1],
           [0, 0],
           [1, 0]]), ['news', 'sport'])
    """
    if not isinstance(separator, str):
        raise TypeError(f"separator={separator!r}: pass the text that stands between label names.")
    if not separator:
        raise ValueError("separator is empty: pass the text that stands between label names.")
    entries, entry_of_row = column, slice(None)
    if isinstance(column.dtype, pd.StringDtype):  # the same few texts again and again: split once
        entry_of_row, texts = pd.factorize(column)
        entries = [*texts, None]  # a gap's code is -1
    sets = [_names(entry, row, column.name, separator) for row, entry in enumerate(entries)]
    binarizer = MultiLabelBinarizer()
    y = binarizer.fit_transform(sets)
    if not y.shape[1]:
        raise ValueError(f"label column {column.name!r}: no row has any label.")
    return y[entry_of_row].astype("int64", copy=False), binarizer.classes_.tolist()


def _label(column):
    if column.dtype.kind in "biuf" and column.isin([0, 1]).all():
        return column.to_numpy(dtype="int64")
    text = column.astype(object).map(lambda value: str(value).strip().lower())
    meant = text.map(MEANINGS)
    if meant.isna().any():
        row = int(meant.isna().to_numpy().argmax())
        raise ValueError(
            f"label column {column.name!r} holds {shown(column.iloc[row])} in row {row}: expected "
            "0 or 1, or false or true. If it holds names of labels, pass it as label_column."
        )
    return meant.to_numpy(dtype="int64")


def _names(entry, row, column, separator):
    if isinstance(entry, str):
        return {name.strip() for name in entry.split(separator)} - {""}
    if isinstance(entry, (list, tuple, set, frozenset)) or np.ndim(entry) == 1:
        if all(isinstance(name, str) for name in entry):
            return {name.strip() for name in entry} - {""}
    elif pd.api.types.is_scalar(entry) and pd.isna(entry):
        return set()
    raise ValueError(
        f"label column {column!r} holds {shown(entry)} in row {row}: expected text such as "
        f"'news{separator}sport', or a list of names."
    )


def _with_someone(y, names):
    nobody = [name for name, count in zip(names, y.sum(axis=0), strict=True) if not count]
    if nobody:
        raise ValueError(f"no row has the labels {nobody}: nothing can be learned; leave them out.")
    return y, names
