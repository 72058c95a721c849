"""A table of one's own: from a file or a DataFrame to features, labels and their names.

`read_table` (lesson 11) loads the table, checks which columns are what, and turns columns into
labels (`helpers.tables.labels`) and into features (`helpers.tables.columns`).
"""

import contextlib
import itertools
import json
import os
import re
import warnings
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.tables.advice import KNOBS, Problems, note_of_id, suggest_knob
from helpers.tables.arff import read_arff
from helpers.tables.columns import (
    date_column,
    feature_column,
    refuse_duplicate_columns,
    text_column,
    warn_of_names,
)
from helpers.tables.labels import (
    labels_from_text,
    labels_of_nobody,
    why_of_nobody,
    zeros_and_ones,
)
from helpers.tables.rows import likely_separator
from helpers.tables.text_file import TextTable, note_of_total, readable


class _Parts(NamedTuple):
    """What a table unpacks to."""

    X: pd.DataFrame
    y: np.ndarray
    feature_names: list
    label_names: list


class Table(_Parts):
    """What `read_table` returns: it unpacks to X, y, feature_names and label_names.

    Attributes
    ----------
    groups : ndarray of shape (n_samples,) or None
        Whose row each is: what the column `group` holds.
    times : ndarray of shape (n_samples,), datetime64, or None
        When each row was: what the column `time` holds.
    """

    def __new__(cls, X, y, feature_names, label_names, groups=None, times=None):
        """Keep groups and times beside what is unpacked."""
        table = super().__new__(cls, X, y, feature_names, label_names)
        table.groups, table.times = groups, times
        return table


def read_table(
    path_or_frame,
    label_columns=None,
    label_column=None,
    separator=";",
    categorical=(),
    drop=(),
    missing="refuse",
    text=(),
    dates=(),
    group=None,
    time=None,
    missing_labels="refuse",
    **reader_options,
):
    """Read features and labels, and refuse what would spoil a model quietly.

    All columns that can't be used as they are stand in one message, each with its reason, and
    below them the arguments that would read the table.

    Parameters
    ----------
    path_or_frame : str, Path or DataFrame
        A file ``.csv``, ``.tsv`` or ``.arff``, also compressed, or ``.parquet`` (with pyarrow).
    label_columns : list of str, optional
        Columns of 0 and 1, or false and true: one for each label. `read_label_names` reads them
        from the XML file that Mulan's ARFF files have beside them; an ARFF file whose relation
        ends in ``-C 6`` (MEKA) tells them itself.
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
        Columns that are neither feature nor label, such as a row's number. A label that no row
        has may be named here, too.
    missing : {"refuse", "keep"}, default="refuse"
        Whether gaps in features are an error, or are kept for
        ``helpers.preprocessing.make_preprocessor(X, impute=True)`` to fill within each fold.
    text : list of str, optional
        Columns of free text: ``make_preprocessor(X, text=[...])`` turns their words into numbers.
    dates : list of str, optional
        Columns of datetimes or of text such as ``"2024-12-31"`` (ISO 8601). They are never
        guessed. pandas reads other forms: ``parse_dates=["day"], date_format="%d.%m.%Y"``.
    group : str, optional
        A column that says whose row it is, such as a customer's number. It is no feature.
    time : str, optional
        A column of datetimes, or of text as in `dates`, that says when a row was. It is no
        feature, unless it is also named in `dates`.
    missing_labels : {"refuse", "mask"}, default="refuse"
        Whether an empty cell in `label_columns` is an error, or means "not known": NaN in `y`.
    **reader_options
        Passed on to pandas' reader, for instance ``decimal=","`` or ``encoding="latin-1"``.
        The command ``python -m helpers predict`` has the usual ones, too. For a table that needs
        others, call `helpers.persistence.Predictor.predict` on a frame that was read in this way.

    Returns
    -------
    X : DataFrame of shape (n_samples, n_features)
        Numbers, text for categories and in `text` columns, datetime64 in `dates` columns.
    y : ndarray of shape (n_samples, n_labels), int64
        0 or 1; float64 with ``missing_labels="mask"``.
    feature_names, label_names : list of str
        The table that holds these four has also the attributes `groups` and `times`.

    Raises
    ------
    FileNotFoundError, TypeError, ValueError
        Naming the column, the row (counted from 0, without the header) and what to do.

    Warns
    -----
    UserWarning
        Of what may be meant otherwise: another separator, names that differ in case alone, words
        that mostly stand for a gap, a total in the last row, fields without a name, features that
        look like ids.

    Examples
    --------
    >>> frame = pd.DataFrame({"size": [1.5, 2.0, 3.0], "topic": ["news", "news;sport", ""]})
    >>> X, y, feature_names, label_names = read_table(frame, label_column="topic")
    >>> y.tolist(), feature_names, label_names
    ([[1, 0], [1, 1], [0, 0]], ['size'], ['news', 'sport'])
    """
    _check_choice("missing", missing, ("refuse", "keep"))
    _check_choice("missing_labels", missing_labels, ("refuse", "mask"))
    wanted = _check_names(label_columns, label_column, categorical, drop, text, dates, group, time)
    if label_column is not None and missing_labels == "mask":
        raise ValueError("missing_labels='mask' needs label_columns: a name can't be unknown.")
    problems = Problems({"missing": missing} | {name: wanted[name] for name in KNOBS})
    frame = _load(path_or_frame, wanted, problems, reader_options)
    labels = _check_columns(frame, wanted)
    if note := note_of_total(frame):
        warnings.warn(note, stacklevel=2)
    y, label_names = None, labels
    if label_column is None:
        y = _labels(frame[labels], missing_labels, problems)
    else:
        with problems.catching():
            y, label_names = labels_from_text(frame[labels[0]], separator)
    groups, times = _groups(frame, group, problems), _times(frame, time, problems)
    roles = [
        *labels,
        *wanted["drop"],
        *wanted["group"],
        *(set(wanted["time"]) - set(wanted["dates"])),
    ]
    X = _features(frame.drop(columns=roles), wanted, problems)
    if missing == "refuse":
        _refuse_gaps(frame, X, problems)
    problems.raise_all()
    for note in problems.warnings():
        warnings.warn(note, stacklevel=2)
    return Table(X, y, list(X.columns), label_names, groups, times)


# --- arguments -----------------------------------------------------------------------------------


def _check_choice(argument, value, choices):
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{argument}={value!r}: expected {choices[0]!r} or {choices[1]!r}.")


def _check_names(label_columns, label_column, categorical, drop, text, dates, group, time):
    """Return lists of columns by argument; those of labels first, None if the file tells them."""
    if label_columns is not None and label_column is not None:
        raise ValueError("pass either label_columns (0/1 columns) or label_column (names).")
    wanted = {"label_columns": None}
    if label_columns is not None:
        wanted = {"label_columns": _check_label_columns(label_columns)}
    if label_column is not None:
        wanted = {"label_column": [_one_name("label_column", label_column)]}
    lists = {"categorical": categorical, "drop": drop, "text": text, "dates": dates}
    wanted |= {argument: _column_list(argument, names) for argument, names in lists.items()}
    for argument, name in {"group": group, "time": time}.items():
        wanted[argument] = [] if name is None else [_one_name(argument, name)]
    return wanted


def _one_name(argument, name):
    if not pd.api.types.is_scalar(name):
        several = ", or several as label_columns" if argument == "label_column" else ""
        raise TypeError(f"{argument}={name!r}: pass one name{several}.")
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


def _load(path_or_frame, wanted, problems, options):
    if isinstance(path_or_frame, pd.DataFrame):
        if options:
            raise TypeError(f"{sorted(options)}: a DataFrame is read without such options.")
        frame = path_or_frame
    elif isinstance(path_or_frame, str | os.PathLike):
        frame = _load_file(Path(path_or_frame), wanted, problems, options)
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


def _load_file(path, wanted, problems, options):
    if not os.path.isfile(path):  # unlike Path.is_file, takes a text that is too long for a path
        where = os.path.abspath(path) if "\0" not in str(path) else str(path)
        raise FileNotFoundError(f"path_or_frame: there is no file {where[:2000]!r}.")
    if path.suffix.lower() == ".parquet":
        with readable(path):
            return pd.read_parquet(path, **options)
    if ".arff" in map(str.lower, path.suffixes[-2:]):
        frame, labels = read_arff(path, **options)
        if wanted.get("label_columns", ()) is None:
            wanted["label_columns"] = labels
        return frame
    table = TextTable(path, options)
    label_column = wanted.get("label_column", [None])[0]
    as_text = ("label_column", "categorical", "drop", "text", "dates", "group", "time")
    texts = [name for argument in as_text for name in wanted.get(argument, [])]
    frame, reasons = table.read(texts, label_column)
    for name, (reason, knob) in reasons.items():
        problems.add(reason, knob, name)
    for note in table.notes:
        warnings.warn(note, stacklevel=5)
    return frame


# --- columns -------------------------------------------------------------------------------------


def _check_columns(frame, wanted):
    """Return the labels; refuse unknown columns, and those that are named for two things."""
    label_argument = next(iter(wanted))
    if wanted[label_argument] is None:
        raise ValueError("pass either label_columns (0/1 columns) or label_column (names).")
    for argument, names in wanted.items():
        if unknown := [name for name in names if name not in frame.columns]:
            raise ValueError(
                f"{argument}: the table has no columns {unknown}; it has "
                f"{list(frame.columns)[:20]}{_hint_at_separator(frame)}."
            )
    labels, drop = wanted[label_argument], wanted["drop"]
    nobody = [name for name in {*labels} & {*drop} if _is_nobodys(frame[name])]
    labels = [name for name in labels if name not in nobody]
    for argument in list(wanted)[1:]:
        if both := sorted({*labels} & {*wanted[argument]}):
            raise ValueError(f"{both}: named in {label_argument} and in {argument}; decide on one.")
    for one, other in itertools.combinations(["categorical", "text", "dates", "group"], 2):
        if both := sorted({*wanted[one]} & {*wanted[other]}):
            raise ValueError(f"{both}: named in {one} and in {other}; decide on one.")
    if not labels:
        raise ValueError(f"{label_argument}: all labels are named in drop; none is left.")
    return labels


def _is_nobodys(label):
    """Tell whether no row has a label, which may then be dropped."""
    with contextlib.suppress(ValueError):
        return not (zeros_and_ones(label, "mask") == 1).any()
    return False


def _hint_at_separator(frame):
    if len(frame.columns) > 1:
        return ""
    mark = likely_separator(frame.columns[0])
    if mark is None:
        return "; pass sep= if it isn't a comma that separates them"
    return f"; pass sep={json.dumps(mark)}, which seems to separate them"


# --- columns -------------------------------------------------------------------------------------


def _labels(frame, missing_labels, problems):
    columns = {}
    for name in frame.columns:
        with problems.catching():
            columns[name] = zeros_and_ones(frame[name], missing_labels)
    if not columns:
        return None
    y = np.column_stack(list(columns.values()))
    if nobody := labels_of_nobody(y, columns):
        problems.add(why_of_nobody(nobody))
        for name in nobody:
            problems.suggest("drop", name)
    return y


def _groups(frame, name, problems):
    if name is None:
        return None
    column = frame[str(name)]
    if n_gaps := int(column.isna().sum()):
        problems.add(
            f"column {column.name!r}, named in group, has gaps in {n_gaps} rows, first in row "
            f"{int(column.isna().to_numpy().argmax())}: say whose rows they are, or remove them."
        )
    names = [value for value in column.dropna().unique() if isinstance(value, str)]
    warn_of_names(names, f"group column {column.name!r}", stacklevel=4)
    return column.to_numpy(dtype=object) if column.dtype.kind not in "biu" else column.to_numpy()


def _times(frame, name, problems):
    if name is None:
        return None
    with problems.catching():
        times = date_column(frame[str(name)])
        if times.isna().any():
            raise ValueError(
                f"column {times.name!r}, named in time, has a gap in row "
                f"{int(times.isna().to_numpy().argmax())}: say when that was, or remove the row."
            )
        return times.to_numpy()
    return None


def _features(frame, wanted, problems):
    """Return the columns that can be used as they are, and tell `problems` of the others."""
    if not len(frame.columns):
        raise ValueError("the table has no column left for the features.")
    columns = {}
    for name in frame.columns:
        if name in problems.columns:  # refused already, as its text can't be read
            continue
        with problems.catching(partial(suggest_knob, frame[name]), name):
            columns[name] = _feature(frame[name], wanted)
            is_asked_for = name in [*wanted["text"], *wanted["dates"], *wanted["categorical"]]
            if not is_asked_for and (noted := note_of_id(columns[name])):
                problems.note(*noted, name)
    return pd.DataFrame(columns, index=frame.index, copy=False)


def _feature(column, wanted):
    # mostly the rows' numbers, as pandas writes
    if re.fullmatch(r"Unnamed: \d+(\.\d+)*|\s*", column.name):
        raise ValueError(
            f"a column has no name, here called {column.name!r}: pass drop=[{column.name!r}] if it "
            "numbers the rows, otherwise name it."
        )
    if column.name in wanted["dates"]:
        return date_column(column)
    if column.name in wanted["text"]:
        return text_column(column)
    return feature_column(column, column.name in wanted["categorical"])


def _refuse_gaps(frame, X, problems):
    columns = [name for name in frame.columns if name in X or name in problems.columns]
    usable = [name for name in columns if not problems.is_dropped(name)]
    gaps = {name: int((X if name in X else frame)[name].isna().sum()) for name in usable}
    gaps = {name: n for name, n in gaps.items() if n}
    if gaps:
        problems.add(
            f"values are missing: {gaps} (column: rows). Fix the table, drop the columns, or pass "
            "missing='keep' and impute within the folds.",
            "missing",
        )
