"""A table of one's own: from a file or a DataFrame to features, labels and their names.

`read_table` (lesson 11) loads the table, checks which columns are what, and turns columns into
labels (`helpers.tables.labels`) and into features (`helpers.tables.columns`).
"""

import os
import re
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.tables.columns import feature_column, refuse_duplicate_columns
from helpers.tables.labels import labels_from_columns, labels_from_text
from helpers.tables.text_file import TextTable, note_of_total, readable


class Table(NamedTuple):
    """What `read_table` returns."""

    X: pd.DataFrame
    y: np.ndarray
    feature_names: list
    label_names: list


def read_table(
    path_or_frame,
    label_columns=None,
    label_column=None,
    separator=";",
    categorical=(),
    drop=(),
    missing="refuse",
    **reader_options,
):
    """Read features and labels, and refuse what would spoil a model quietly.

    Parameters
    ----------
    path_or_frame : str, Path or DataFrame
        A file ``.csv``, ``.tsv`` or ``.parquet`` (with pyarrow), the first two also compressed.
    label_columns : list of str, optional
        Columns of 0 and 1, or false and true: one for each label.
    label_column : str, optional
        Instead of them, one column of text such as ``"news;sport"``, or of lists of names. An
        empty text means no label; "NA" or "None" in a file is the name of one.
    separator : str, default=";"
        What stands between names in `label_column`; what stands between columns is `sep`.
    categorical : list of str, optional
        Columns whose values are names even where they look like numbers, such as a postal code.
        Text columns are taken for categories anyway, unless half of their rows or of their
        values are numbers: then the others are slips, and refused.
    drop : list of str, optional
        Columns that are neither feature nor label, such as a row's number.
    missing : {"refuse", "keep"}, default="refuse"
        Whether gaps in features are an error, or are kept for
        ``helpers.preprocessing.make_preprocessor(X, impute=True)`` to fill within each fold.
    **reader_options
        Passed on to pandas' reader, for instance ``decimal=","`` or ``encoding="latin-1"``.
        The command ``python -m helpers predict`` has the usual ones, too. For a table that needs
        others, call `helpers.persistence.Predictor.predict` on a frame that was read in this way.

    Returns
    -------
    X : DataFrame of shape (n_samples, n_features)
        Numbers, and text for categories.
    y : ndarray of shape (n_samples, n_labels), int64
        0 or 1.
    feature_names, label_names : list of str

    Raises
    ------
    FileNotFoundError, TypeError, ValueError
        Naming the column, the row (counted from 0, without the header) and what to do.

    Warns
    -----
    UserWarning
        Of what may be meant otherwise: another separator, names that differ in case alone, words
        that mostly stand for a gap, a total in the last row, fields without a name.

    Examples
    --------
    >>> frame = pd.DataFrame({"size": [1.5, 2.0, 3.0], "topic": ["news", "news;sport", ""]})
    >>> X, y, feature_names, label_names = read_table(frame, label_column="topic")
    >>> y.tolist(), feature_names, label_names
    ([[1, 0], [1, 1], [0, 0]], ['size'], ['news', 'sport'])
    """
    if not isinstance(missing, str) or missing not in ("refuse", "keep"):
        raise ValueError(f"missing={missing!r}: expected 'refuse' or 'keep'.")
    if (label_columns is None) == (label_column is None):
        raise ValueError("pass either label_columns (0/1 columns) or label_column (names).")
    if label_column is None:
        label_argument, labels = "label_columns", _check_label_columns(label_columns)
    else:
        label_column = _check_label_column(label_column)
        label_argument, labels = "label_column", [label_column]
    categorical, drop = _column_list("categorical", categorical), _column_list("drop", drop)
    frame = _load(path_or_frame, [*categorical, *drop], label_column, reader_options)
    _check_columns(frame, {label_argument: labels, "categorical": categorical, "drop": drop})
    if note := note_of_total(frame):
        warnings.warn(note, stacklevel=2)
    if label_column is None:
        y, label_names = labels_from_columns(frame[labels])
    else:
        y, label_names = labels_from_text(frame[label_column], separator)
    X = _features(frame.drop(columns=[*labels, *drop]), categorical)
    if missing == "refuse":
        _refuse_gaps(X)
    return Table(X, y, list(X.columns), label_names)


# --- arguments -----------------------------------------------------------------------------------


def _check_label_column(name):
    if not pd.api.types.is_scalar(name):
        raise TypeError(f"label_column={name!r}: pass one name, or several as label_columns.")
    return str(name)


def _check_label_columns(names):
    names = _column_list("label_columns", names)
    if not names:
        raise ValueError("label_columns is empty: name at least one column.")
    if len(set(names)) < len(names):
        raise ValueError(f"label_columns={names}: some are named twice.")
    return names


def _column_list(argument, names):
    if isinstance(names, str):
        raise TypeError(f"{argument} is the text {names!r}: pass a list of column names.")
    if not pd.api.types.is_list_like(names):
        raise TypeError(f"{argument}={names!r}: pass a list of column names.")
    return [str(name) for name in names]


# --- the table as it is --------------------------------------------------------------------------


def _load(path_or_frame, text_columns, label_column, options):
    if isinstance(path_or_frame, pd.DataFrame):
        if options:
            raise TypeError(f"{sorted(options)}: a DataFrame is read without such options.")
        frame = path_or_frame
    elif isinstance(path_or_frame, str | os.PathLike):
        frame = _load_file(Path(path_or_frame), text_columns, label_column, options)
    else:
        kind = type(path_or_frame)
        raise TypeError(
            f"path_or_frame is a {kind.__module__}.{kind.__qualname__}: pass a path, or a "
            "DataFrame of pandas."
        )
    if isinstance(frame.columns, pd.MultiIndex):
        raise ValueError(
            f"the table has names of {frame.columns.nlevels} levels for its columns: give each "
            "column one name."
        )
    frame = frame.rename(columns=str)
    refuse_duplicate_columns(frame.columns)
    if frame.empty:
        raise ValueError("the table has no rows." if len(frame.columns) else "the table is empty.")
    return frame


def _load_file(path, text_columns, label_column, options):
    if not os.path.isfile(path):  # unlike Path.is_file, takes a text that is too long for a path
        raise FileNotFoundError(f"path_or_frame: there is no file {str(path)[:200]!r}.")
    if path.suffix.lower() == ".parquet":
        with readable(path):
            return pd.read_parquet(path, **options)
    table = TextTable(path, options)
    frame = table.read(
        [*text_columns, label_column] if label_column else text_columns, label_column
    )
    for note in table.notes:
        warnings.warn(note, stacklevel=5)
    return frame


# --- columns -------------------------------------------------------------------------------------


def _check_columns(frame, wanted):
    """Refuse unknown columns, and labels that are named for something else, too."""
    for argument, names in wanted.items():
        unknown = [name for name in names if name not in frame.columns]
        if unknown:
            one = len(frame.columns) == 1
            hint = "; pass sep= if it isn't a comma that separates them" if one else ""
            raise ValueError(
                f"{argument}: the table has no columns {unknown}; it has "
                f"{list(frame.columns)[:20]}{hint}."
            )
    (label_argument, labels), *others = wanted.items()
    for argument, names in others:
        if both := sorted({*labels} & {*names}):
            raise ValueError(f"{both}: named in {label_argument} and in {argument}; decide on one.")


def _features(frame, categorical):
    if not len(frame.columns):
        raise ValueError("the table has no column left for the features.")
    for name in frame.columns:
        if re.fullmatch(
            r"Unnamed: \d+(\.\d+)*|\s*", name
        ):  # mostly the rows' numbers, as pandas writes
            raise ValueError(
                f"a column has no name, here called {name!r}: pass drop=[{name!r}] if it numbers "
                "the rows, otherwise name it."
            )
    columns = {name: feature_column(frame[name], name in categorical) for name in frame.columns}
    return pd.DataFrame(columns, index=frame.index, copy=False)


def _refuse_gaps(X):
    gaps = X.isna().sum()
    if gaps.any():
        raise ValueError(
            f"values are missing: {gaps[gaps > 0].to_dict()} (column: rows). Fix the table, drop "
            "the columns, or pass missing='keep' and impute within the folds."
        )
