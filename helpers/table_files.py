"""Tables from files: CSV, TSV and Parquet, with names of columns that differ."""

from pathlib import Path

import pandas as pd


def load_frame(path_or_frame, text_columns=(), **reader_options):
    """Load a table as it is, with names of columns that differ.

    Parameters
    ----------
    path_or_frame : str, Path or DataFrame
    text_columns : list of str, optional
        Columns of a text file that are left as they are written there.
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
        frame = path_or_frame.rename(columns=str)
        _refuse_duplicates(list(frame.columns))
    elif isinstance(path_or_frame, str | Path):
        frame = _load_file(Path(path_or_frame), text_columns, reader_options)
    else:
        raise TypeError(
            f"path_or_frame is a {type(path_or_frame).__name__}: pass a path or a DataFrame."
        )
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
    header = pd.read_csv(path, **keywords | {"header": None, "nrows": 1, "dtype": str})
    _refuse_duplicates(header.iloc[0].tolist())


def _load_file(path, text_columns, options):
    if not path.is_file():
        raise FileNotFoundError(f"path_or_frame: there is no file {path}.")
    try:
        if path.suffix.lower() == ".parquet":
            return load_frame(pd.read_parquet(path, **options))
        dtype = dict.fromkeys(text_columns, str)
        keywords = {"dtype": dtype} | reader_for(path, **options)
        check_header(path, keywords)
        return pd.read_csv(path, **keywords).rename(columns=str)
    except pd.errors.EmptyDataError:
        raise ValueError(f"{path.name} is empty.") from None
    except ImportError:
        raise ValueError(f"{path.name}: Parquet needs pyarrow: pip install pyarrow.") from None
    except (pd.errors.ParserError, UnicodeError, OSError) as error:
        raise ValueError(f"{path.name} can't be read as a table: {error}") from error


def _refuse_duplicates(names):
    twice = sorted({str(name) for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"the table has the columns {twice} twice or more often: rename them.")
