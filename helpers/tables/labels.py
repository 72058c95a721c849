"""The labels of a table, from columns of 0 and 1 or from one column of names."""

import numpy as np
import pandas as pd
from sklearn.preprocessing import MultiLabelBinarizer

from helpers.tables.columns import short_repr

MEANINGS = {"0": 0, "0.0": 0, "false": 0, "1": 1, "1.0": 1, "true": 1}


def labels_from_columns(frame):
    """Read one label from each column: y of shape (n_rows, n_columns), int64, and the names."""
    y = np.column_stack([_zeros_and_ones(frame[name]) for name in frame.columns])
    nobody = frame.columns[~y.any(axis=0)].tolist()
    if nobody:
        raise ValueError(f"no row has the labels {nobody}: nothing can be learned; leave them out.")
    return y, frame.columns.tolist()


def labels_from_text(column, separator=";"):
    """Read texts such as "news;sport", or lists of names: y, int64, and the names, sorted.

    A gap, an empty text or an empty list means no label.
    """
    if not isinstance(separator, str):
        raise TypeError(f"separator={separator!r}: pass the text that stands between label names.")
    if not separator:
        raise ValueError("separator is empty: pass the text that stands between label names.")
    binarizer = MultiLabelBinarizer()
    if isinstance(column.dtype, pd.StringDtype):  # the same few texts again and again: split once
        codes, texts = pd.factorize(column)
        entries = [*texts, None]  # a gap's code is -1
        y = binarizer.fit_transform(_all_names(entries, column.name, separator))[codes]
    else:
        y = binarizer.fit_transform(_all_names(column, column.name, separator))
    if not y.shape[1]:
        raise ValueError(f"label column {column.name!r}: no row has any label.")
    return y.astype("int64", copy=False), binarizer.classes_.tolist()


def _zeros_and_ones(column):
    if column.dtype.kind in "biuf" and column.isin([0, 1]).all():
        return column.to_numpy(dtype="int64")
    text = column.astype(object).map(lambda value: str(value).strip().lower())
    meant = text.map(MEANINGS)
    unknown = meant.isna().to_numpy()
    if unknown.any():
        row = unknown.argmax()
        raise ValueError(
            f"label column {column.name!r} holds {short_repr(column.iloc[row])} in row {row}: "
            "expected 0 or 1, or false or true. If it holds names of labels, pass it as "
            "label_column."
        )
    return meant.to_numpy(dtype="int64")


def _all_names(entries, column, separator):
    return [_names(entry, row, column, separator) for row, entry in enumerate(entries)]


def _names(entry, row, column, separator):
    names = None
    if isinstance(entry, str):
        names = entry.split(separator)
    elif isinstance(entry, (list, tuple, set, frozenset)) or np.ndim(entry) == 1:
        names = entry
    elif pd.api.types.is_scalar(entry) and pd.isna(entry):
        names = []
    if names is None or not all(isinstance(name, str) for name in names):
        raise ValueError(
            f"label column {column!r} holds {short_repr(entry)} in row {row}: expected text such "
            f"as 'news{separator}sport', or a list of names."
        )
    return {name.strip() for name in names} - {""}
