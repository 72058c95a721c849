"""The labels of a table, from columns of 0 and 1 or from one column of names."""

import ast
import json
import re
import warnings

import numpy as np
import pandas as pd
from sklearn.preprocessing import MultiLabelBinarizer

from helpers.tables.columns import short_repr, warn_of_names

# What may stand between names where `separator` does not; a blank may also be part of one.
SEPARATORS = (";", "|", ",", "/", "\t", "\n", "；", "，", ":", "+", "&", " ")
MEANINGS = {"0": 0, "0.0": 0, "false": 0, "1": 1, "1.0": 1, "true": 1}


def labels_of_nobody(y, names):
    """Name the labels that no row has."""
    return [name for name, has in zip(names, (y == 1).any(axis=0), strict=True) if not has]


def why_of_nobody(names):
    """Say that no row has some labels."""
    return (
        f"no row has the labels {list(names)}: nothing can be learned; leave them out (`drop` "
        "takes them)."
    )


def labels_from_text(column, separator=";"):
    """Read texts such as "news;sport", or lists of names: y, int64, and the names, sorted.

    A gap, an empty text or an empty list means no label. Lists may be written as text, in the
    manner of Python or JSON. Warns of another separator, and of names that differ in case alone.
    """
    if not isinstance(separator, str):
        raise TypeError(f"separator={separator!r}: pass the text that stands between label names.")
    if not separator:
        raise ValueError("separator is empty: pass the text that stands between label names.")
    binarizer = MultiLabelBinarizer()
    if isinstance(column.dtype, pd.StringDtype):  # the same few texts again and again: split once
        codes, texts = pd.factorize(column)
        sets = _all_names([*texts, None], column.name, separator)  # a gap's code is -1
        y = binarizer.fit_transform(sets)[codes]
    else:
        sets = _all_names(column, column.name, separator)
        y = binarizer.fit_transform(sets)
    if not y.shape[1]:
        raise ValueError(f"label column {column.name!r}: no row has any label.")
    names = binarizer.classes_.tolist()
    _refuse_opposites(names, y, column.name)
    counts = dict(zip(names, y.sum(axis=0).tolist(), strict=True))  # rows of each name
    _warn_of_separator(column, counts, max(map(len, sets)) > 1, separator)
    warn_of_names(names, f"label column {column.name!r}", stacklevel=4)
    return y.astype("int64", copy=False), names


def _warn_of_separator(column, counts, is_held, separator):
    """Warn if another separator seems to stand between names; `is_held`: some row holds ours."""
    for other in SEPARATORS:
        split = {name: {part.strip() for part in name.split(other)} - {""} for name in counts}
        holding = [name for name in counts if len(split[name]) > 1]
        n_rows = sum(counts[name] for name in holding)
        # "action comedy" is two labels if there is also "comedy"; "science fiction" may be one.
        n_parts = len(set().union(*split.values()))
        clear = n_parts < len(counts) and len(holding) > 1
        if n_rows >= max(2, 0.1 * sum(counts.values())) and (
            clear or (other in ";|,/\t\n；，" and not is_held)
        ):
            warnings.warn(
                f"label column {column.name!r}: {n_rows} rows hold {other!r} beside the separator "
                f"{separator!r}, such as {holding[0]!r}, which is one label now. If {other!r} "
                f"stands between names, pass separator={other!r}, or write all rows alike.",
                stacklevel=4,
            )
            return


def _refuse_opposites(names, y, column):
    """Refuse the answers to one question, which would be two labels that say the same."""
    opposites = [{"yes", "no"}, {"y", "n"}, {"true", "false"}, {"t", "f"}, {"1", "0"}]
    if {name.lower() for name in names} in opposites and (y.sum(axis=1) == 1).all():
        raise ValueError(
            f"label column {column!r} holds {names[0]!r} or {names[1]!r} in each row, the answers "
            "to one question: pass it in label_columns, with true_values= and false_values= if "
            "they are not 0 and 1 or false and true."
        )


def zeros_and_ones(column, missing_labels="refuse"):
    """Read a label from a column; with `missing_labels` "mask", an empty cell becomes NaN."""
    may_be_empty = missing_labels == "mask"
    if column.dtype.kind in "biuf" and column.isin([0, 1]).all():
        return column.to_numpy(dtype="float64" if may_be_empty else "int64")
    text = column.astype(object).map(lambda value: str(value).strip().lower())
    meant = text.map(MEANINGS)
    unknown = meant.isna().to_numpy()
    if may_be_empty:
        unknown = unknown & ~(column.isna() | (text == "")).to_numpy()
    if unknown.any():
        row = unknown.argmax()
        raise ValueError(
            f"label column {column.name!r} holds {short_repr(column.iloc[row])} in row {row}: "
            f"expected 0 or 1, or false or true. {_advice(column.iloc[row])}"
        )
    return meant.to_numpy(dtype="float64" if may_be_empty else "int64")


def _advice(value):
    if pd.api.types.is_scalar(value) and (pd.isna(value) or not str(value).strip()):
        return (
            "If an empty cell means that nobody knows, pass missing_labels='mask'; if it means "
            "no, write 0."
        )
    return (
        "For other words pass true_values=['yes'] and false_values=['no']; if it holds names of "
        "labels, pass it as label_column."
    )


def _all_names(entries, column, separator):
    return [_names(entry, row, column, separator) for row, entry in enumerate(entries)]


def _names(entry, row, column, separator):
    names = None
    if isinstance(entry, str):
        text = re.sub(r"^(frozen)?set\((.*)\)$", r"\2", entry.strip()) or "[]"
        is_list = re.fullmatch(r"\[.*\]|\{.*\}|\((.*[,'\"].*)?\)", text, re.DOTALL)
        names = _written_list(text) if is_list else entry.split(separator)
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


def _written_list(text):
    """Read a list that is written as text, in the manner of Python or JSON; None if it is none."""
    for read in (ast.literal_eval, json.loads):
        try:
            names = read(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(names, str) or names == {}:  # "('a')" and an empty set
            names = [names] if names else []
        if isinstance(names, dict):
            return None
        # "['a' 'b']", NumPy's manner, is the single text "ab" for Python
        if len(names) == len(re.findall(r"'[^']*'|\"[^\"]*\"", text)):
            return names
    return None
