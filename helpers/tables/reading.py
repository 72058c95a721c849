"""A table of one's own: from a file or a DataFrame to features, labels and their names."""

import contextlib
import inspect
import lzma
import os
import re
import tarfile
import zipfile
import zlib
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.tables.columns import feature_column
from helpers.tables.labels import labels_from_columns, labels_from_text


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
        table that needs others, call `helpers.persistence.Predictor.predict` on a frame that was
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
            hint = ""
            if frame.shape[1] == 1:
                hint = "; pass sep= if it isn't a comma that separates them"
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


# What pandas, pyarrow and Python's decompressors raise on what they can't read.
UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, OSError, EOFError)
UNREADABLE += (zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError)
# Options of pandas' reader: how lines are found and split, which are read, what is a gap.
SPLITTING = ["sep", "quotechar", "quoting", "doublequote", "escapechar", "comment", "engine"]
SPLITTING += ["skiprows", "skipinitialspace", "skip_blank_lines", "lineterminator"]
SPLITTING += ["encoding", "encoding_errors", "compression"]
LINES = ["header", "names", "nrows", "skipfooter", "on_bad_lines"]
GAPS = {"na_values", "keep_default_na", "na_filter"}


def load_frame(path_or_frame, text_columns=(), label_column=None, **reader_options):
    """Load a table as it is, with names of columns that differ."""
    if isinstance(path_or_frame, pd.DataFrame):
        if reader_options:
            raise TypeError(f"{sorted(reader_options)}: a DataFrame is read without such options.")
        frame = path_or_frame
    elif isinstance(path_or_frame, str | os.PathLike):
        frame = _load_file(Path(path_or_frame), text_columns, label_column, reader_options)
    else:
        kind = type(path_or_frame)
        raise TypeError(
            f"path_or_frame is a {kind.__module__}.{kind.__qualname__}: pass a path, or a "
            "DataFrame of pandas."
        )
    frame = _with_text_names(frame)
    if frame.empty:
        raise ValueError("the table has no rows." if len(frame.columns) else "the table is empty.")
    return frame


def reader_for(path, **options):
    """Find pandas' reader for a text table, by the ending of its name."""
    if "delimiter" in options:  # pandas' other name for it
        options["sep"] = options.pop("delimiter")
    endings = [ending.lower() for ending in path.suffixes]
    if ".csv" not in endings and ".tsv" not in endings and "sep" not in options:
        raise ValueError(
            f"{path.name}: expected a name that ends in .csv, .tsv or .parquet; for other text "
            "tables pass sep=, for Excel use pandas.read_excel and pass the DataFrame."
        )
    return {"sep": "\t" if ".tsv" in endings else ",", "encoding": "utf-8-sig"} | options


def check_header(path, keywords):
    """Refuse a text table with two columns of one name, which pandas would rename quietly."""
    if keywords.get("header", "infer") not in (0, "infer") or keywords.get("names") is not None:
        return  # the names are not in the first line
    with _readable(path):
        first = pd.read_csv(
            path, header=None, nrows=1, dtype=str, na_filter=False, **_some(keywords, SPLITTING)
        )
    _refuse_duplicates(first.iloc[0].tolist())


def _load_file(path, text_columns, label_column, options):
    if not os.path.isfile(path):  # unlike Path.is_file, takes a text that is too long for a path
        raise FileNotFoundError(f"path_or_frame: there is no file {str(path)[:200]!r}.")
    if path.suffix.lower() == ".parquet":
        with _readable(path):
            return pd.read_parquet(path, **options)
    known = {*inspect.signature(pd.read_csv).parameters} - {"chunksize", "iterator"}
    if unknown := sorted({*options} - known):
        raise TypeError(f"{unknown}: neither arguments of read_table nor options of its reader.")
    keywords = reader_for(path, **options)
    check_header(path, keywords)
    texts = list(text_columns)
    if label_column is not None:
        texts.append(label_column)
    frame = _read_text(path, texts, keywords)
    counted = frame.index.equals(pd.RangeIndex(len(frame)))
    if keywords.get("index_col") is None and not counted:
        raise ValueError(
            f"{path.name}: its rows have more fields than its header has names. Pass sep= if it "
            "isn't a comma that separates them, index_col=0 if the first is the name of the row."
        )
    original, frame = list(frame.columns), _with_text_names(frame)
    if label_column in frame and frame[label_column].isna().any() and not GAPS & {*options}:
        only = _some(keywords, SPLITTING + LINES) | {"keep_default_na": False}
        only["usecols"] = [original[frame.columns.get_loc(label_column)]]
        frame[label_column] = _read_text(path, texts, only).iloc[:, 0].to_numpy()
    return frame


def _read_text(path, texts, keywords):
    dtype = keywords.get("dtype") or {}
    if not isinstance(dtype, dict):
        dtype = defaultdict(lambda given=dtype: given)
    if keywords.get("header", 0) is None and keywords.get("names") is None:
        texts = [int(name) if name.isdecimal() else name for name in texts]
    if not {"engine", "skipfooter"} & {*keywords} and len(keywords["sep"] or "") == 1:
        keywords = {"low_memory": False} | keywords  # else a type can change within a column
    with _readable(path):
        return pd.read_csv(path, **keywords | {"dtype": dtype | dict.fromkeys(texts, str)})


def _some(keywords, names):
    return {name: keywords[name] for name in names if name in keywords}


@contextlib.contextmanager
def _readable(path):
    """Say which file it was that could not be read."""
    try:
        yield
    except pd.errors.EmptyDataError:
        raise ValueError(f"{path.name} is empty.") from None
    except ImportError as error:
        hint = ": pip install pyarrow" if path.suffix.lower() == ".parquet" else ""
        raise ValueError(f"{path.name} needs a package more{hint}. {error}") from error
    except UNREADABLE as error:
        hint = " Pass encoding=, often 'latin-1'." if isinstance(error, UnicodeError) else ""
        raise ValueError(f"{path.name} can't be read as a table: {error}.{hint}") from error


def _with_text_names(frame):
    if isinstance(frame.columns, pd.MultiIndex):
        raise ValueError(
            f"the table has names of {frame.columns.nlevels} levels for its columns: give each "
            "column one name."
        )
    frame = frame.rename(columns=str)
    _refuse_duplicates(list(frame.columns))
    return frame


def _refuse_duplicates(names):
    twice = sorted(str(name) for name, count in Counter(names).items() if count > 1)
    if twice:
        raise ValueError(f"the table has the columns {twice} twice or more often: rename them.")
