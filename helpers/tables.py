"""A table of one's own: from a file or a DataFrame to features, labels and their names."""

import re
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
        Of them the command ``python -m helpers predict`` knows ``--sep`` and ``--decimal``. For a
        table that needs others, call `helpers.predictor.Predictor.predict` on a frame that was
        read in the same way.

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
    if not isinstance(missing, str) or missing not in ("refuse", "keep"):
        raise ValueError(f"missing={missing!r}: expected 'refuse' or 'keep'.")
    labels = _check_labels(label_columns, label_column)
    categorical, drop = _listed("categorical", categorical), _listed("drop", drop)
    one = None if label_column is None else labels[0]
    frame = load_frame(path_or_frame, categorical, label_column=one, **reader_options)
    argument = "label_columns" if one is None else "label_column"
    _check_columns(frame, {argument: labels, "categorical": categorical, "drop": drop})
    if one is None:
        y, label_names = labels_from_columns(frame[labels])
    else:
        y, label_names = labels_from_text(frame[one], separator)
    others = {*labels, *drop}
    features = [name for name in frame.columns if name not in others]
    _check_features(features)
    columns = {name: feature_column(frame[name], name in categorical) for name in features}
    X = pd.DataFrame(columns, index=frame.index, copy=False)
    gaps = X.isna().sum()
    if gaps.any() and missing == "refuse":
        raise ValueError(
            f"values are missing: {gaps[gaps > 0].to_dict()} (column: rows). Mend the table, drop "
            "the columns, or pass missing='keep' and impute within the folds."
        )
    return Table(X, y, features, label_names)


def _check_labels(label_columns, label_column):
    if (label_columns is None) == (label_column is None):
        raise ValueError("pass either label_columns (0/1 columns) or label_column (names).")
    if label_columns is None:
        if not pd.api.types.is_scalar(label_column):
            raise TypeError(
                f"label_column={label_column!r}: pass one name, or several as label_columns."
            )
        return [str(label_column)]
    names = _listed("label_columns", label_columns)
    if not names:
        raise ValueError("label_columns is empty: name at least one column.")
    if len(set(names)) < len(names):
        raise ValueError(f"label_columns={names}: some are named twice.")
    return names


def _listed(argument, names):
    if isinstance(names, str):
        raise TypeError(f"{argument} is the text {names!r}: pass a list of column names.")
    if not pd.api.types.is_list_like(names):
        raise TypeError(f"{argument}={names!r}: pass a list of column names.")
    return [str(name) for name in names]


def _check_columns(frame, wanted):
    for argument, names in wanted.items():
        unknown = [name for name in names if name not in frame.columns]
        if unknown:
            hint = "; pass sep= if it isn't a comma that separates them" * (frame.shape[1] == 1)
            raise ValueError(
                f"{argument}: the table has no columns {unknown}; it has "
                f"{list(frame.columns)[:20]}{hint}."
            )
    (argument, labels), *others = wanted.items()
    for other, names in others:
        if both := sorted({*labels} & {*names}):
            raise ValueError(f"{both}: named in {argument} and in {other}; decide on one.")


def _check_features(features):
    if not features:
        raise ValueError("the table has no column left for the features.")
    nameless = [name for name in features if re.fullmatch(r"Unnamed: \d+|\s*", name)]
    if nameless:  # mostly the numbers of the rows, which pandas writes unless told not to
        raise ValueError(
            f"a column has no name, here called {nameless[0]!r}: pass drop=[{nameless[0]!r}] if "
            "it numbers the rows, otherwise name it."
        )
