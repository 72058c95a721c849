"""A text file of rows and columns, looked through as a whole before any of it is used.

`read_table` (lesson 08) and ``python -m helpers predict`` read theirs with it. pandas takes the
first field of rows that are longer than the header for an index, fills short rows up with gaps, and
takes the second of two equal names for a third; here such files are read rightly or refused.
"""

import bz2
import contextlib
import csv
import gzip
import inspect
import io
import lzma
import re
import warnings
import zipfile
from collections import defaultdict
from pathlib import Path

import pandas as pd

from helpers.tables.columns import refuse_duplicate_columns

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
_CSV_OPTIONS = (
    _DIALECT | _GAP_OPTIONS | {"sep", "encoding", "encoding_errors", "decimal", "thousands"}
)
_CSV_OPTIONS |= {"dtype", "converters", "true_values", "false_values", "low_memory", "index_col"}
_CSV_OPTIONS |= {
    "float_precision",
    "parse_dates",
    "date_format",
    "dayfirst",
    "cache_dates",
    "memory_map",
}
_TOTAL = r"\W*(grand )?(total|sum|average|mean|summe|gesamt|somme|suma|totaal)s?\W*"


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
        What whoever uses the table should know.

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
            self.columns = self._read_header()
            rows = self._count_fields() if self._can_be_counted() else None
        refuse_duplicate_columns(self._first_line)
        one_header = not isinstance(self._keywords.get("header"), list)
        own_index = self._keywords.get("index_col") is not None or self._has_row_names(rows)
        if one_header and not own_index:
            # pandas takes a field too many for a separator at the end, if it is empty everywhere
            self._keywords["index_col"] = False

    def read(self, text_columns=(), own_gaps=None):
        """Read all rows; in the column `own_gaps`, "NA" is text, unless options say otherwise."""
        keywords = self._keywords_for(text_columns)
        if own_gaps is not None and not _GAP_OPTIONS & {*keywords}:
            others = [name for name in self.columns if str(name) != own_gaps]
            keywords |= {"na_values": dict.fromkeys(others, GAPS), "keep_default_na": False}
        with self._reading():
            return pd.read_csv(self.path, **keywords)

    def pieces(self, text_columns, n_rows):
        """Read so many rows at a time."""
        keywords = self._keywords_for(text_columns)
        with readable(self.path):
            pieces = pd.read_csv(self.path, chunksize=n_rows, **keywords)
        with pieces:
            while True:
                with self._reading():
                    piece = next(pieces, None)
                if piece is None:
                    return
                yield piece

    @contextlib.contextmanager
    def _reading(self):
        with readable(self.path), warnings.catch_warnings():
            # There is something in the fields that the header has no names for.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            try:
                yield
            except pd.errors.ParserWarning as warning:
                reason = _too_long(self.path) if "header" in str(warning) else str(warning)
                raise _Refusal(reason) from None

    def _read_header(self):
        self._first_line, keywords = [], self._keywords
        if keywords.get("header", "infer") in (0, "infer") and keywords.get("names") is None:
            splitting = {name: keywords[name] for name in _SPLITTING if name in keywords}
            self._first_line = pd.read_csv(
                self.path, header=None, nrows=1, dtype=str, na_filter=False, **splitting
            ).iloc[0]
        others = {name: keywords[name] for name in keywords if name not in _ROW_OPTIONS}
        return pd.read_csv(self.path, nrows=0, **others).columns.tolist()

    def _can_be_counted(self):
        sep, endings = self._keywords["sep"], {ending.lower() for ending in self.path.suffixes}
        one_character = isinstance(sep, str) and len(sep) == 1
        return (
            one_character and {*self._keywords} <= _CSV_OPTIONS and not endings & {".tar", ".zst"}
        )

    def _count_fields(self):
        """Return how many fields the rows have, or refuse rows of different lengths.

        With other options, such as `comment`, only pandas can split the rows: there, short ones
        are filled up with gaps.
        """
        dialect = {name: self._keywords[name] for name in _DIALECT if name in self._keywords}
        errors = self._keywords.get("encoding_errors", "strict")
        with (
            _long_fields(),
            _opened(self.path) as binary,
            io.TextIOWrapper(binary, self._keywords["encoding"], errors, newline="") as text,
        ):
            return _Rows(self.path, csv.reader(text, delimiter=self._keywords["sep"], **dialect))

    def _has_row_names(self, rows):
        """Tell whether the first field of each row is its name, for which the header has none."""
        if rows is None or not rows.n_extra:
            return False
        if rows.ends_empty:
            self.notes.append(
                f"{self.path.name}: each row ends with a separator that the header lacks; nothing "
                "was read from behind it."
            )
            return False
        names, n = rows.first_fields, len(rows.first_fields)
        counted = [[str(i) for i in range(start, start + n)] for start in (0, 1)]
        texts = len({*names}) == n and not any(_is_number(name) for name in names)
        if not texts and not (n > 1 and names in counted):
            raise ValueError(_too_long(self.path))
        return True

    def _keywords_for(self, text_columns):
        keywords = dict(self._keywords)
        dtype = keywords.get("dtype") or {}
        if not isinstance(dtype, dict):
            dtype = defaultdict(lambda given=dtype: given)
        if keywords.get("header", 0) is None and keywords.get("names") is None:
            text_columns = [int(name) if name.isdecimal() else name for name in text_columns]
        keywords["dtype"] = dtype | dict.fromkeys(text_columns, str)
        if not {"engine", "skipfooter"} & {*keywords} and len(keywords["sep"] or "") == 1:
            keywords.setdefault("low_memory", False)  # else a type can change within a column
        return keywords


class _Rows:
    """The lengths of the rows of a text file, which must be equal, and their first fields."""

    def __init__(self, path, rows):
        header, self.n_extra, self.ends_empty, self.first_fields = None, None, True, []
        row = -1
        for fields in rows:
            if len(fields) < 2 and not "".join(fields).strip():
                continue  # pandas passes over blank lines, too
            if header is None:
                header = fields
                continue
            row += 1
            n_extra = len(fields) - len(header)
            self.n_extra = n_extra if self.n_extra is None else self.n_extra
            if n_extra != self.n_extra or n_extra not in (0, 1):
                raise _Refusal(
                    f"{path.name}: the header has {len(header)} fields, row {row} {len(fields)}. "
                    "Fix the line, or remove it if it is a remark; pass sep= if another character "
                    "separates the fields."
                )
            if len(fields) > 1 and not "".join(fields).strip():
                raise _Refusal(f"{path.name}: row {row} is empty; remove the line.")
            if n_extra:
                self.ends_empty = self.ends_empty and not fields[-1].strip()
                self.first_fields.append(fields[0])


class _Refusal(ValueError):
    """A reason of our own, which `readable` leaves as it is."""


def _too_long(path):
    return (
        f"{path.name}: its rows have more fields than its header has names. Pass sep= if it isn't "
        "a comma that separates them, index_col=0 if the first is the name of the row."
    )


def _with_defaults(path, options):
    """Return keywords for `pandas.read_csv`: the options, and what the file's name tells."""
    options = dict(options)
    if "delimiter" in options:  # pandas' other name for it
        options["sep"] = options.pop("delimiter")
    endings = [ending.lower() for ending in path.suffixes]
    if ".csv" not in endings and ".tsv" not in endings and "sep" not in options:
        raise ValueError(
            f"{path.name}: expected a name that ends in .csv or .tsv, also compressed, or .parquet "
            "for read_table; for other text pass sep=. Read Excel with pandas.read_excel and pass "
            "the DataFrame."
        )
    return {"sep": "\t" if ".tsv" in endings else ",", "encoding": "utf-8-sig"} | options


@contextlib.contextmanager
def _opened(path):
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
    except (MemoryError, _Refusal):
        raise
    except pd.errors.EmptyDataError:
        raise ValueError(f"{path.name} is empty.") from None
    except ImportError as error:
        hint = ": pip install pyarrow" if path.suffix.lower() == ".parquet" else ""
        raise ValueError(f"{path.name} needs a package more{hint}. {error}") from error
    except Exception as error:  # of pandas, pyarrow and decompressors: nearly anything
        reason = str(error).strip().removesuffix(".")
        hint = f" Pass encoding={_encoding(path)}." if isinstance(error, UnicodeError) else ""
        raise ValueError(f"{path.name} can't be read as a table: {reason}.{hint}") from error


def _encoding(path):
    """Guess the encoding of a file that is not in UTF-8."""
    with Path(path).open("rb") as file:
        start = file.read(100)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "'utf-16'"
    if b"\0" in start:
        return "'utf-16-le'" if start[1:2] == b"\0" else "'utf-16-be'"
    return "'cp1252', for files from Windows and Excel, or 'latin-1'"


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def note_of_total(frame):
    """Return a note if the last row looks like a sum of the others, else None."""
    for name, value in frame.iloc[-1].items() if len(frame) > 2 else ():
        is_total = isinstance(value, str) and re.fullmatch(_TOTAL, value, re.IGNORECASE)
        if is_total and (frame[name] == value).sum() == 1:
            return f"the last row holds {value!r} in column {name!r}: if it is a total, remove it."
    return None
