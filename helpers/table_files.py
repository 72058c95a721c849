"""Tables from files: CSV, TSV and Parquet, with names of columns that differ."""

import contextlib
import inspect
import lzma
import os
import tarfile
import zipfile
import zlib
from collections import Counter, defaultdict
from pathlib import Path

import pandas as pd

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
    """Load a table as it is, with names of columns that differ.

    Parameters
    ----------
    path_or_frame : str, Path or DataFrame
    text_columns : list of str, optional
        Columns of a text file that are left as they are written there.
    label_column : str, optional
        One more, in which even "NA" and "None" are text, and only an empty text is a gap.
    **reader_options
        Passed on to pandas' reader.

    Returns
    -------
    DataFrame
        With text for column names.

    Raises
    ------
    FileNotFoundError, TypeError, ValueError

    Examples
    --------
    >>> load_frame(pd.DataFrame({"a": [1], "b": [2]})).columns.tolist()
    ['a', 'b']
    """
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
    """Find pandas' reader for a text table, by the ending of its name.

    Parameters
    ----------
    path : Path
    **options
        Of `pandas.read_csv`.

    Returns
    -------
    dict
        Keywords for `pandas.read_csv`.

    Examples
    --------
    >>> reader_for(Path("a.csv"))["sep"]
    ','
    """
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
    """Refuse a text table with two columns of one name, which pandas would rename quietly.

    Parameters
    ----------
    path : Path
    keywords : dict
        Of `pandas.read_csv`.
    """
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
    texts = [*text_columns] + [label_column] * (label_column is not None)
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
