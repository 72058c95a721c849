"""A text file of rows and columns, looked through as a whole before any of it is used.

`read_table` (lesson 11) and ``python -m helpers predict`` read theirs with it. pandas takes the
first field of rows that are longer than the header for an index, fills short rows up with gaps, and
takes the second of two equal names for a third; here such files are read rightly or refused.
"""

import bz2
import contextlib
import csv
import gzip
import inspect
import io
import itertools
import lzma
import re
import warnings
import zipfile
from collections import defaultdict
from pathlib import Path

import pandas as pd

from helpers.tables.columns import refuse_duplicate_columns, zeros_in_front
from helpers.tables.rows import Refusal, Rows, too_long

# What pandas takes for a gap in a text file.
GAPS = ["", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND"]
GAPS += ["1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"]
_GAP_OPTIONS = {"na_values", "keep_default_na", "na_filter"}
# Options of pandas' reader that say how lines are found and split.
_SPLITTING = ["sep", "quotechar", "quoting", "doublequote", "escapechar", "comment", "engine"]
_SPLITTING += ["skiprows", "skipinitialspace", "skip_blank_lines", "lineterminator"]
_SPLITTING += ["encoding", "encoding_errors", "compression"]
_ROW_OPTIONS = {"index_col", "nrows", "skipfooter"}  # those that concern rows, not the header
# With these options alone, Python's csv module splits a file as pandas does.
_DIALECT = {"quotechar", "quoting", "doublequote", "escapechar", "skipinitialspace"}
_OF_FIELDS = """
    sep encoding encoding_errors decimal thousands dtype converters true_values false_values
    low_memory index_col float_precision parse_dates date_format dayfirst cache_dates memory_map
    skiprows header comment
"""
_CSV_OPTIONS = {*_OF_FIELDS.split()} | _DIALECT | _GAP_OPTIONS
_TOTAL = r"\W*(grand )?(total|total general|sum|summe|gesamt|gesamtergebnis|somme|suma|totaal)s?\W*"


class TextTable:
    """A ``.csv`` or ``.tsv`` file, or another for which ``sep`` is given, also compressed.

    Parameters
    ----------
    path : Path
    options : dict
        For `pandas.read_csv`.

    Attributes
    ----------
    columns : list
        Their names.
    notes : list of str
        What the table's user should know.

    Raises
    ------
    TypeError, ValueError
        Naming the file, the row (counted from 0, without the header) and what to do.
    """

    def __init__(self, path, options):
        known = {*inspect.signature(pd.read_csv).parameters} - {"chunksize", "iterator"}
        if unknown := sorted({*options} - known):
            raise TypeError(
                f"{unknown}: neither arguments of read_table nor options of its reader."
            )
        self.path, self.notes = path, []
        self._keywords = _with_defaults(path, options)
        with readable(path):
            self._skip_separator_line(options)
            columns = self._read_header()
            self._rows = self._look_through() if self._can_be_looked_through() else None
        has_names = False
        if self._rows is None:
            refuse_duplicate_columns(self._first_line)
            if others := sorted({*options} - _CSV_OPTIONS):
                self.notes.append(
                    f"{path.name}: with {others} its rows are not looked through: zeros in front "
                    "of numbers, wrong decimal marks and short rows pass."
                )
        else:
            has_names, self.notes = self._rows.has_row_names, self._rows.notes
            if self._rows.n_empty:
                columns = columns[: -self._rows.n_empty]
                self._keywords["usecols"] = list(range(len(columns)))
        self.columns = columns
        one_header = not isinstance(self._keywords.get("header"), list)
        if one_header and self._keywords.get("index_col") is None and not has_names:
            # pandas takes a field too many for a separator at the end, if it is empty everywhere
            self._keywords["index_col"] = False

    def read(self, text_columns=(), label_column=None):
        """Read all rows; `text_columns` as they stand, and a label may be called "NA".

        Returns the frame, and why some of its other columns can't be used: by their names, the
        reason and the argument of `read_table` that would help.
        """
        keywords, misread = self._keywords_for(text_columns)
        reasons = {name: (reason, "drop") for name, reason in misread.items()}
        if label_column is not None:
            self._keep_names(keywords, {label_column: GAPS})
        with self._reading():
            frame = pd.read_csv(self.path, **keywords)
        for name, value in self._found("zeros"):
            if name in frame and frame[name].dtype.kind in "iuf" and name not in text_columns:
                reasons[str(name)] = zeros_in_front(name, value), "categorical"
        if label_column in frame and self._rows is None and not _GAP_OPTIONS & {*self._keywords}:
            short = frame[label_column].isna().to_numpy()
            if short.any():
                raise ValueError(f"{self.path.name}: row {short.argmax()} ends before its label.")
        return frame, reasons

    def pieces(self, text_columns, n_rows, names=None):
        """Read so many rows at a time, and `text_columns` as in `read`.

        What is among the `names` of a column is no gap there, even if it is "NA".
        """
        keywords, misread = self._keywords_for(text_columns)
        for reason in misread.values():
            raise ValueError(reason)
        self._keep_names(keywords, names or {})
        with readable(self.path):
            pieces = pd.read_csv(self.path, chunksize=n_rows, **keywords)
        with pieces:
            while True:
                with self._reading():
                    piece = next(pieces, None)
                if piece is None:
                    return
                yield piece

    def _found(self, what):
        """List what was found in columns: pairs of a column's name and a text."""
        if self._rows is None:
            return []
        shift = int(self._rows.has_row_names)
        return [
            (self._rows.header[column - shift], text)
            for column, text in getattr(self._rows, what).items()
            if column >= shift
        ]

    def _keep_names(self, keywords, names):
        """Let what pandas takes for gaps stand where it is a name; the caller's own are gaps."""
        own = keywords.get("na_values", [])
        if {"keep_default_na", "na_filter"} & {*keywords} or isinstance(own, dict):
            return
        own = [own] if isinstance(own, str) else list(own)
        keywords["keep_default_na"] = False
        keywords["na_values"] = {
            column: [gap for gap in GAPS if gap not in names.get(str(column), ())] + own
            for column in self.columns
        }

    def _skip_separator_line(self, options):
        """Heed a first line such as ``sep=;``, which Excel reads and writes."""
        with self._text("replace") as text:
            told = re.fullmatch(r'"?sep=(.)"?', text.readline().strip())
        if told and "skiprows" not in options:
            self._keywords |= {"skiprows": 1} | ({} if "sep" in options else {"sep": told[1]})

    @contextlib.contextmanager
    def _reading(self):
        with readable(self.path), warnings.catch_warnings():
            # There is something in the fields that the header has no names for.
            warnings.filterwarnings("error", "Length of header", pd.errors.ParserWarning)
            try:
                yield
            except pd.errors.ParserWarning:
                raise Refusal(too_long(self.path)) from None

    def _read_header(self):
        self._first_line, keywords = [], self._keywords
        if keywords.get("header", "infer") in (0, "infer") and keywords.get("names") is None:
            splitting = {name: keywords[name] for name in _SPLITTING if name in keywords}
            self._first_line = pd.read_csv(
                self.path, header=None, nrows=1, dtype=str, na_filter=False, **splitting
            ).iloc[0]
        others = {name: keywords[name] for name in keywords if name not in _ROW_OPTIONS}
        return pd.read_csv(self.path, nrows=0, **others).columns.tolist()

    def _can_be_looked_through(self):
        """With other options, only pandas can split the rows; short ones are filled up there."""
        keywords, endings = self._keywords, {ending.lower() for ending in self.path.suffixes}
        marks = [keywords[name] for name in ("sep", "comment") if name in keywords]
        numbers = [keywords[name] for name in ("skiprows", "header") if name in keywords]
        return (
            all(isinstance(mark, str) and len(mark) == 1 for mark in marks)
            and all(isinstance(number, int) or number == "infer" for number in numbers)
            and {*keywords} <= _CSV_OPTIONS
            and not endings & {".tar", ".zst"}
        )

    def _look_through(self):
        keywords = self._keywords
        dialect = {name: keywords[name] for name in _DIALECT if name in keywords}
        n_before = keywords.get("header", "infer")
        numbers = {name: keywords[name] for name in ("decimal", "thousands") if name in keywords}
        with _long_fields(), self._text(keywords.get("encoding_errors", "strict")) as text:
            lines = itertools.islice(text, keywords.get("skiprows", 0), None)
            if comment := keywords.get("comment"):
                lines = (line.partition(comment)[0] for line in lines)
            records = csv.reader(lines, delimiter=keywords["sep"], **dialect)
            n_before = 0 if n_before == "infer" else n_before
            has_index = keywords.get("index_col") is not None
            return Rows(self.path, records, n_before, has_index, keywords["sep"], **numbers)

    @contextlib.contextmanager
    def _text(self, errors):
        with (
            opened(self.path) as binary,
            io.TextIOWrapper(binary, self._keywords["encoding"], errors, newline="") as text,
        ):
            yield text

    def _keywords_for(self, text_columns):
        """Return keywords for pandas, and why some of the other columns can't be read rightly."""
        keywords = dict(self._keywords)
        misread = {
            name: f"column {name!r} {reason}"
            for name, reason in self._found("misread")
            if name not in text_columns
        }
        dtype = keywords.get("dtype") or {}
        if not isinstance(dtype, dict):
            dtype = defaultdict(lambda given=dtype: given)
        if keywords.get("header", 0) is None and keywords.get("names") is None:
            text_columns = [int(name) if name.isdecimal() else name for name in text_columns]
        keywords["dtype"] = dtype | dict.fromkeys(text_columns, str)
        if not {"engine", "skipfooter"} & {*keywords} and len(keywords["sep"] or "") == 1:
            keywords.setdefault("low_memory", False)  # else a type can change within a column
        return keywords, misread


def _with_defaults(path, options):
    """Return keywords for `pandas.read_csv`: the options, and what the file's name tells."""
    options = dict(options)
    if "delimiter" in options:  # pandas' other name for it
        options["sep"] = options.pop("delimiter")
    endings = [ending.lower() for ending in path.suffixes]
    if ".csv" not in endings and ".tsv" not in endings and "sep" not in options:
        raise ValueError(
            f"{path.name}: expected a name that ends in .csv or .tsv, also compressed, or in "
            ".parquet or .arff for read_table; for other text pass sep=. Read Excel with "
            "pandas.read_excel and pass the DataFrame."
        )
    return {"sep": "\t" if ".tsv" in endings else ",", "encoding": "utf-8-sig"} | options


@contextlib.contextmanager
def opened(path):
    """Open a file, compressed or not, to be read as bytes."""
    if path.suffix.lower() == ".zip":  # of one file: pandas has read its header
        with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as file:
            yield file
    else:
        openers = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
        with openers.get(path.suffix.lower(), open)(path, "rb") as file:
            yield file


@contextlib.contextmanager
def _long_fields():
    """Let Python's csv module read fields of any length, as pandas does."""
    before = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(before)


@contextlib.contextmanager
def readable(path):
    """Turn whatever a damaged file raises into one ValueError that names the file."""
    try:
        yield
    except (MemoryError, Refusal):
        raise
    except pd.errors.EmptyDataError:
        raise ValueError(f"{path.name} is empty.") from None
    except ImportError as error:
        hint = ": pip install pyarrow" if path.suffix.lower() == ".parquet" else ""
        raise ValueError(f"{path.name} needs a package more{hint}. {error}") from error
    except Exception as error:  # of pandas, pyarrow and decompressors: nearly anything
        reason = str(error).strip().removesuffix(".")
        hint = f" {_hint_at_encoding(path)}." if isinstance(error, UnicodeError) else ""
        raise ValueError(f"{path.name} can't be read as a table: {reason}.{hint}") from error


def _hint_at_encoding(path):
    """Say how to read a file that is not in UTF-8."""
    with Path(path).open("rb") as file:
        start = file.read(100)
    if start.startswith((b"\x1f\x8b", b"PK")):
        return "It is compressed, or an Excel file (pandas.read_excel): rename it"
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "Pass encoding='utf-16'"
    if b"\0" in start:
        return f"Pass encoding='utf-16-{'le' if start[1:2] == bytes(1) else 'be'}'"
    return "Pass encoding='cp1252', for files from Windows and Excel, or 'latin-1'"


def note_of_total(frame):
    """Return a note if the last row looks like a sum of the others, else None."""
    for name, value in frame.iloc[-1].items() if len(frame) > 2 else ():
        is_total = isinstance(value, str) and re.fullmatch(_TOTAL, value, re.IGNORECASE)
        if is_total and (frame[name] == value).sum() == 1:
            return f"the last row holds {value!r} in column {name!r}: if it is a total, remove it."
    return None
