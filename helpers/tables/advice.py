"""What is wrong with a table, said all at once, and the knobs that would read it (lesson 11)."""

import contextlib
import json
import re

import numpy as np
import pandas as pd

from helpers.tables.columns import MOST_CATEGORIES, are_dates, date_column

KNOBS = ["drop", "categorical", "text", "dates", "group"]  # what columns can be named in
MOST_LINES = 20  # of reasons in one message
FEW_ROWS = 20  # of so few rows nothing is said about ids
MANY_WORDS = 2  # a text that is no name has more of them than this, at the mean
# Who or what has several rows in many tables, with or without "id" behind it.
_OWNER = "customer|client|user|patient|member|subject|student|person|household|account|session"
_OWNER = re.compile(rf"(.*[^a-z])?({_OWNER})([^a-z]*(id|no|nr|number|key|code))?", re.IGNORECASE)
# With marks of decimals or thousands, of which pandas can be told.
_WITH_MARKS = r"[-+]?\d+([.,' \u00a0\u202f]\d{3})*([.,]\d+)?"
_ID = re.compile(r"(.*[^A-Za-z])?(?i:id|ids|uid|pid|uuid|guid|idx)|.*[a-z](Id|ID)")


class Problems:
    """Collects why columns can't be used, and what would help; raises it as one error.

    `knobs` holds those arguments of `read_table` that name columns, as they were given.
    """

    def __init__(self, knobs):
        self._given = {name: [*np.ravel(value).tolist()] for name, value in knobs.items()}
        self._knobs = {name: [*values] for name, values in self._given.items()}
        self._reasons, self._notes = [], []
        self.columns = set()  # features that can't be used as they are

    def add(self, reason, knob=None, column=None):
        """Add a reason why the table is refused, and the knob that the column belongs into."""
        self._reasons.append(reason)
        self.columns |= {column} - {None}
        self.suggest(knob, column)

    def note(self, note, knob=None, column=None):
        """Add what is no reason to refuse the table, but should be known."""
        self._notes.append(note)
        self.suggest(knob, column)

    @contextlib.contextmanager
    def catching(self, knob=None, column=None):
        """Collect a ValueError instead of letting it through; `knob` is asked only then."""
        try:
            yield
        except ValueError as error:
            self.add(str(error), knob() if callable(knob) else knob, column)

    def is_dropped(self, column):
        """Tell whether the suggestion for a column is to leave it out."""
        return column in self._knobs["drop"]

    def raise_all(self):
        """Raise one ValueError with all reasons and knobs, if there is any reason."""
        if not self._reasons:
            return
        text = self._reasons[0]
        if len(self._reasons) > 1:
            text = f"the table can't be used as it is, for {len(self._reasons)} reasons:"
            text += _bullets(self._reasons)
        if self._notes:
            text += "\nThis would pass, but look at it:" + _bullets(self._notes)
        if knobs := self.knobs():
            text += f"\nKnobs to paste (arguments of read_table, in capitals):\n{knobs}"
        raise ValueError(text)

    def warnings(self):
        """Yield the notes, each with the knob it suggests."""
        knobs = self.knobs().replace("\n", "; ")
        for i, note in enumerate(self._notes):
            last = i == len(self._notes) - 1
            yield note + (f" Knobs to paste: {knobs}" if last and knobs else "")

    def knobs(self):
        """Write those knobs that are to change as Python code, one a line."""
        lines = []
        for name, values in self._knobs.items():
            if values != self._given[name]:
                value = values[0] if name in ("group", "missing") else values
                lines.append(f"{name.upper()} = {json.dumps(value, ensure_ascii=False)}")
        return "\n".join(lines)

    def suggest(self, knob, column):
        """Name a column in a knob, and in no other."""
        if knob == "group" and self._knobs["group"]:
            knob = "drop"
        if knob == "missing":
            self._knobs[knob] = ["keep"]
        elif knob is not None:
            for values in self._knobs.values():
                if column in values:
                    values.remove(column)
            self._knobs[knob].append(column)


def _bullets(texts):
    more = [f"and {len(texts) - MOST_LINES} more"] if len(texts) > MOST_LINES else []
    return "".join(f"\n- {text}" for text in texts[:MOST_LINES] + more)


def suggest_knob(column):
    """Name the argument of `read_table` that suits a column which is refused as it is.

    None suits numbers with other marks: the options of the reader do, as the reason says.
    """
    with contextlib.suppress(ValueError, TypeError):
        if are_dates(column):
            date_column(column)
            return "dates"
    is_sparse = isinstance(column.dtype, pd.SparseDtype)
    values = (column.sparse.to_dense() if is_sparse else column).dropna().astype(object)
    if not values.map(lambda value: isinstance(value, str)).all():
        return "drop"
    counts = values.value_counts()
    rows_of_each = len(values) / max(len(counts), 1)
    some = counts.index[:: max(len(counts) // 1000, 1)].astype(str)
    has_marks = some.str.fullmatch(_WITH_MARKS) & ~some.str.fullmatch(r"[-+]?\d+(\.\d+)?")
    if has_marks.sum() > len(some) / 2:
        return None
    if len(counts) and some.str.split().str.len().to_numpy().mean() > MANY_WORDS:
        return "text"
    if rows_of_each < 2:
        return "drop"
    if any(pattern.fullmatch(str(column.name)) for pattern in (_OWNER, _ID)):
        return "group"
    # A slip among numbers, or a unit behind them, is no name.
    return "categorical" if not _holds_numbers(counts.index) else "drop"


def note_of_id(column):
    """Return a note on a feature that seems to number rows or their owners, and its knob, or None.

    Such a column passes as a feature, and a network learns rows or customers by heart from it.
    """
    name, n_rows = str(column.name), len(column)
    if n_rows < FEW_ROWS:
        return None
    values = column.dropna()
    is_number = pd.api.types.is_numeric_dtype(column.dtype)
    if is_number and not (values % 1 == 0).all():
        return None
    n_different = values.nunique()
    owner, identifier = _OWNER.fullmatch(name), _ID.fullmatch(name)
    if is_number and n_different == n_rows:
        return (
            f"column {name!r} holds {n_rows} different whole numbers, one for each row: if it is "
            "an id, it is no feature; name it in `drop`.",
            "drop" if owner or identifier or values.is_monotonic_increasing else None,
        )
    if (owner or identifier) and n_different > FEW_ROWS / 2:
        each = len(values) / n_different
        return (
            f"column {name!r} looks like an id, with {n_different} values in {n_rows} rows: as a "
            "feature it lets a network learn its owners by heart; name it in `group` to keep "
            "their rows together, or in `drop`.",
            "group" if each >= 1.5 else "drop",
        )
    return None


def _holds_numbers(values):
    text = pd.Series(values[:MOST_CATEGORIES], dtype=str).str.strip()
    return bool(text.str.fullmatch(r"[-+(]?[$€£]?\s?\d.*").mean() >= 0.5)
