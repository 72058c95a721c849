"""The rows of a text file, looked through before pandas reads them: what would go wrong quietly."""

import re

from helpers.tables.columns import refuse_duplicate_columns


class Refusal(ValueError):
    """A reason of our own to refuse a text file."""


class Rows:
    """What there is to know of all rows of a text file; rows of different lengths are refused.

    Parameters
    ----------
    path : Path
    records : iterable of list of str
        The fields of each line, header and blank lines included.
    n_before : int
        Lines before the header.
    has_index : bool
        Whether the caller has named the column of the rows' names.
    sep, decimal, thousands : str
        As for `pandas.read_csv`.

    Attributes
    ----------
    header : list of str
    has_row_names : bool
        Whether each row begins with a name of its own, for which the header has none.
    n_empty : int
        Columns at the end without any name or value, as spreadsheets write them.
    zeros, misread : dict of int to text
        By column number: a number with zeros in front; and what is wrong with a number whose
        marks are not those that were passed.
    notes : list of str
    """

    def __init__(
        self, path, records, n_before=0, has_index=False, sep=",", decimal=".", thousands=None
    ):
        self.path, self.sep, self.decimal, self.thousands = path, sep, decimal, thousands
        self.header, self.n_extra, self.n_empty, self.notes = [], 0, 0, []
        self.zeros, self.misread, self._firsts = {}, {}, []
        self._points = {}  # column: how many numbers are like 950, and how many like 1.200
        self._others = set()  # columns that hold something else
        self._ends_empty, blank, row = True, False, -1 - n_before
        for fields in records:
            if not fields or (len(fields) == 1 and fields[0].isspace()):
                blank = row >= 0
                continue  # pandas passes over blank lines, too
            row += 1
            if row == 0:
                self._begin(fields)
            elif row > 0:
                if blank and len(self.header) == 1:
                    raise self._refusal(f"a line before row {row - 1} is empty; remove it.")
                self._add(row - 1, fields)
            blank = False
        refuse_duplicate_columns(self.header[: len(self.header) - self.n_empty])
        self.has_row_names = bool(self.n_extra) and not has_index and self._find_row_names()
        if decimal == "." and thousands is None:
            self._note_thousands()
        if self.n_empty:
            self.notes.append(f"{path.name}: {self.n_empty} empty columns at its end are left out.")

    def _begin(self, header):
        self.header = header
        if header[0].startswith("ï»¿"):
            raise self._refusal("it begins with the mark of UTF-8; leave encoding out.")
        while self.n_empty < len(header) and not header[-1 - self.n_empty].strip():
            self.n_empty += 1
        if len(header) == 1 and (other := likely_separator(header[0])):
            self.notes.append(
                f"{self.path.name} has one column, {header[0]!r}; pass sep={other!r} if that "
                "separates its columns."
            )

    def _add(self, row, fields):
        n_extra = len(fields) - len(self.header)
        if row == 0:
            self.n_extra = n_extra
        if n_extra != self.n_extra or n_extra not in (0, 1):
            raise self._refusal(
                f"the header has {len(self.header)} fields, row {row} {len(fields)}. Fix the line; "
                "if it is a remark, remove it, or pass skiprows= or comment=; "
                + hint_at_separator(self.header, self.sep)
            )
        if fields == self.header:
            raise self._refusal(f"row {row} is the header again; remove the line.")
        if len(fields) > 1 and not "".join(fields).strip():
            raise self._refusal(f"row {row} is empty; remove the line.")
        if n_extra:
            self._ends_empty = self._ends_empty and not fields[-1].strip()
            self._firsts.append(fields[0])
        while self.n_empty and "".join(fields[len(self.header) - self.n_empty :]).strip():
            self.n_empty -= 1
        for column, field in enumerate(fields):
            self._look_at(row, column, field)

    def _note_thousands(self):
        """Note columns such as 950, 1.200, 12.000, whose points seem to separate thousands."""
        shift = int(self.has_row_names)
        for column, counts in self._points.items():
            if column >= shift and column not in self._others and counts[0] and counts[1] > 1:
                self.notes.append(
                    f"{self.path.name}: column {self.header[column - shift]!r} mixes whole numbers "
                    "with points before three digits: if these are thousands, pass thousands='.' "
                    "and decimal=','."
                )

    def _count_points(self, column, text):
        counts = self._points.setdefault(column, [0, 0])
        if text.isdigit() and len(text) < 4:
            counts[0] += 1
        elif re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+", text):
            counts[1] += 1
        elif text:
            self._others.add(column)

    def _look_at(self, row, column, field):
        if column not in self._others:
            self._count_points(column, field.strip())
        if field[:1] == "0" and field[1:].isdigit():
            self.zeros.setdefault(column, field)
        elif "\n" in field:
            n_marks = field.count(self.sep)
            if n_marks and n_marks == (len(self.header) - 1) * field.count("\n"):
                self.notes.append(
                    f"{self.path.name}: the text {field[:40]!r} in row {row} goes on over several "
                    "lines that look like rows: is a quotation mark missing?"
                )
        elif not self._is_read_rightly(field.strip()):
            thousands = f" and thousands={self.thousands!r}" if self.thousands else ""
            self.misread.setdefault(
                column,
                f"holds {field!r} in row {row}, which is no number with decimal={self.decimal!r}"
                f"{thousands}: fix it, or pass other marks.",
            )

    def _is_read_rightly(self, text):
        """Tell whether marks stand where they belong; pandas takes those of thousands anywhere."""
        if self.thousands and self.thousands in text:
            plain = text.replace(self.thousands, "").replace(self.decimal, ".")
            mark, point = re.escape(self.thousands), re.escape(self.decimal)
            groups = rf"[-+]?\d{{1,3}}({mark}\d{{3}})+({point}\d*)?"
            return not is_number(plain) or re.fullmatch(groups, text) is not None
        return self.decimal == "." or not re.fullmatch(r"[-+]?\d+\.\d+", text)

    def _find_row_names(self):
        if self._ends_empty:
            self.notes.append(
                f"{self.path.name}: each row ends with a separator that the header lacks; nothing "
                "was read from behind it."
            )
            return False
        names, n = self._firsts, len(self._firsts)
        counted = [[str(i) for i in range(start, start + n)] for start in (0, 1)]
        texts = len({*names}) == n and not any(is_number(name) for name in names)
        if not texts and not (n > 1 and names in counted):
            raise Refusal(too_long(self.path, self.header, self.sep))
        self.notes.append(
            f"{self.path.name}: the first field of each row, such as {names[0]!r}, was taken for "
            "its name, since the header has none for it. If a field holds a separator, put it into "
            "quotation marks."
        )
        return True

    def _refusal(self, reason):
        return Refusal(f"{self.path.name}: {reason}")


def likely_separator(text, sep=","):
    """Return the mark that separates the names in a header read with another, or None."""
    mark = max(";\t|,", key=text.count)
    return mark if mark != sep and text.count(mark) else None


def hint_at_separator(header, sep):
    """Say which separator to pass, if the header tells."""
    if mark := likely_separator(sep.join(header), sep):
        return f'pass sep="{mark}", which seems to separate the fields.'.replace("\t", r"\t")
    return "pass sep= if another character separates the fields."


def too_long(path, header=(), sep=","):
    """Say that rows have more fields than the header."""
    hint = hint_at_separator(header, sep)
    return (
        f"{path.name}: its rows have more fields than its header has names: {hint[:-1]}, or "
        "index_col=0 if the first is the name of the row."
    )


def is_number(text):
    """Tell whether Python would read a text as a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True
