"""The labels of a table, from columns of 0 and 1 or from one column of names."""

import numpy as np
import pandas as pd
from sklearn.preprocessing import MultiLabelBinarizer

from helpers.tables.columns import shown

MEANINGS = {"0": 0, "0.0": 0, "false": 0, "1": 1, "1.0": 1, "true": 1}


def labels_from_columns(frame):
    """Read one label from each column of 0 and 1, or false and true: y and the names."""
    columns = [_label(frame[name]) for name in frame.columns]
    return _with_someone(np.column_stack(columns), list(frame.columns))


def labels_from_text(column, separator=";"):
    """Read labels from text such as "news;sport" or from lists of names: y and the sorted names."""
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
