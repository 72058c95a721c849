"""A table of one's own: from a file or a DataFrame to features, labels and their names."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.columns import feature_column
from helpers.table_files import load_frame
from helpers.table_labels import labels_from_columns, labels_from_text


class Table(NamedTuple):
    """What `read_table` returns.

    Attributes
    ----------
    X : DataFrame of shape (n_samples, n_features)
        Numbers, and text for categories.
    y : ndarray of shape (n_samples, n_labels), int64
        0 or 1.
    feature_names, label_names : list of str
    """

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
        empty text means no label.
    separator : str, default=";"
        What stands between names in `label_column`.
    categorical : list of str, optional
        Columns whose values are names even where they look like numbers, such as a postal code.
        Text columns are taken for categories anyway.
    drop : list of str, optional
        Columns that are neither feature nor label, such as a row's number.
    missing : {"refuse", "keep"}, default="refuse"
        Whether gaps in features are an error, or are kept for
        ``helpers.preprocessing.make_preprocessor(X, impute=True)`` to fill within each fold.
    **reader_options
        Passed on to pandas' reader, for instance ``decimal=","`` or ``encoding="latin-1"``.

    Returns
    -------
    Table
        ``X, y, feature_names, label_names``.

    Raises
    ------
    FileNotFoundError, TypeError, ValueError
        Naming the column, the row (counted from 0, without the header) and what to do.

    Examples
    --------
    >>> frame = pd.DataFrame({"size": [1.5, 2.0, 3.0], "topic": ["news", "news;sport", ""]})
    >>> X, y, feature_names, label_names = read_table(frame, label_column="topic")
    >>> y.tolist(), feature_names, label_names
    ([[1, 0], [1, 1], [0, 0]], ['size'], ['news', 'sport'])
    """
    if missing not in ("refuse", "keep"):
        raise ValueError(f"missing={missing!r}: expected 'refuse' or 'keep'.")
    if (label_columns is None) == (label_column is None):
        raise ValueError("pass either label_columns (0/1 columns) or label_column (names).")
    wanted = [label_column] if label_columns is None else _listed("label_columns", label_columns)
    categorical, drop = _listed("categorical", categorical), _listed("drop", drop)
    frame = load_frame(path_or_frame, text_columns=categorical, **reader_options)
    _check_columns(frame, {"label": wanted, "categorical": categorical, "drop": drop})
    if label_columns is None:
        y, label_names = labels_from_text(frame[label_column], separator)
    else:
        y, label_names = labels_from_columns(frame[wanted])
    features = [name for name in frame.columns if name not in {*wanted, *drop}]
    if not features:
        raise ValueError("the table has no column left for the features.")
    columns = {name: feature_column(frame[name], name in categorical) for name in features}
    X = pd.DataFrame(columns, index=frame.index, copy=False)
    gaps = X.isna().sum()
    if gaps.any() and missing == "refuse":
        raise ValueError(
            f"values are missing: {gaps[gaps > 0].to_dict()} (column: rows). Mend the table, drop "
            "the columns, or pass missing='keep' and impute within the folds."
        )
    return Table(X, y, features, label_names)


def _listed(argument, names):
    if isinstance(names, str):
        raise TypeError(f"{argument} is the text {names!r}: pass a list of column names.")
    return [str(name) for name in names]


def _check_columns(frame, wanted):
    for what, names in wanted.items():
        unknown = [name for name in names if name not in frame.columns]
        if unknown:
            raise ValueError(
                f"{what}: the table has no columns {unknown}; it has {list(frame.columns)[:20]}."
            )
