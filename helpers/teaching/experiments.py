"""A memory for "change and rerun": which knobs gave which scores, in a CSV beside the notebook."""

import ast
import contextlib
import csv
import io
import math
import os
import tempfile
import time
import warnings
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd


class ExperimentLog:
    """Trials of one experiment: their knobs and what came out, best first.

    The file is an ordinary CSV, one line a trial. It is written whole and then put in place, so a
    crash leaves the old one; two notebooks may add to it at once. A line that has been damaged is
    reported, left out of the table and kept in the file.

    Parameters
    ----------
    path : str or Path
        The file, for instance ``"experiments_03.csv"``: without a folder it lies beside the
        notebook. It is made by the first `add`.

    Raises
    ------
    FileNotFoundError
        If its folder does not exist.

    Notes
    -----
    The environment variable ``EXPERIMENT_LOG_FOLDER`` names a folder where logs of a bare file name
    go instead. Tests set it, and what runs the lessons again, so that they don't touch yours.

    Examples
    --------
    >>> import tempfile
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> from helpers.data import make_dataset
    >>> from helpers.estimators import evaluate_estimator
    >>> X, y = make_dataset(n_samples=200)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     log = ExperimentLog(f"{folder}/experiments.csv")
    ...     for n_neighbors in (1, 15):
    ...         model = KNeighborsClassifier(n_neighbors)
    ...         log.add(evaluate_estimator(X, y, model, cv=5), n_neighbors=n_neighbors)
    ...     table = log.table("hamming_loss")
    >>> table.round(2)
           n_neighbors  mean  ci_low  ci_high
    trial
    2               15  0.12    0.09     0.14
    1                1  0.15    0.08     0.21
    """

    def __init__(self, path):
        elsewhere = os.environ.get("EXPERIMENT_LOG_FOLDER", "")
        is_bare = Path(path).name == str(Path(path))
        self.path = Path(elsewhere if is_bare else "", path).resolve()  # of a link, what it means
        if not self.path.parent.is_dir():
            raise FileNotFoundError(
                f"path={str(path)!r}: there is no folder {str(self.path.parent)!r} to keep the "
                "log in. Make it first."
            )
        self._current = None

    def add(self, result, /, **knobs):
        """Add a trial, unless the same knobs with the same scores are there already.

        Parameters
        ----------
        result : helpers.results.EvaluationResult
            Of each score, the mean and the corrected interval are kept, to six decimals.
        **knobs : int, float, bool, str, None or tuple of these
            What you changed. Other names than in earlier trials are welcome.

        Raises
        ------
        TypeError
            If `result` has no summary, or a knob is something that a line of text can't hold.
        ValueError
            If a knob has the name of a column that the log itself makes, or may make one day; or a
            tuple holds NaN or an infinity.
        OSError
            On Windows, if another notebook keeps the log for 10 seconds, or a program such as a
            spreadsheet has it open. Nothing is added; close that, and run the cell again.
        """
        if not (hasattr(result, "summary") and hasattr(result, "folds")):
            raise TypeError(
                f"result is {type(result).__name__}: expected an EvaluationResult, as "
                "evaluate_model and evaluate_estimator return."
            )
        scores = _score_fields(result.summary())
        check_names(knobs, scores)
        row = {name: knob_text(name, value) for name, value in knobs.items()}
        row |= {COUNT: str(len(result.folds))} | scores
        with locked(self.path):
            columns, lines = read_lines(self.path)
            rows = [_row_or_line(line, columns) for line in lines]
            same = [n for n, old in enumerate(rows, 1) if _without_time(old) == row]
            self._current = same[0] if same else len(rows) + 1
            if not same:
                now = datetime.now(UTC).isoformat(timespec="seconds")
                rows.append({TIME: now} | row)
                write_rows(self.path, _union(columns, knobs, scores), rows)

    def table(self, metric="subset_accuracy"):
        """Return the trials, the best one first.

        Parameters
        ----------
        metric : str, default="subset_accuracy"
            A score to sort by. Of a loss, lower is better.

        Returns
        -------
        DataFrame
            Index ``trial``, counted in the order of adding; a column for each knob (NaN where a
            trial did not name it), then ``mean``, ``ci_low``, ``ci_high`` of the metric. Its
            ``attrs`` name the ``metric`` and the ``current`` trial, for
            `helpers.plots.experiments.plot_experiments`.

        Raises
        ------
        ValueError
            If no trial has this metric.

        Warns
        -----
        UserWarning
            For each damaged line.
        """
        columns, lines = read_lines(self.path)
        trials = {}
        for number, line in enumerate(lines, 1):
            try:
                trials[number] = read_row(line, columns)
            except ValueError as error:
                warnings.warn(
                    f"{self.path.name}, line {number + 1}, is damaged ({error}): it is skipped, "
                    "and stays in the file as it is.",
                    stacklevel=2,
                )
        trials = {number: row for number, row in trials.items() if row}
        score_names = columns[columns.index(COUNT) + 1 :]
        metrics = [name.removesuffix("_mean") for name in score_names if name.endswith("_mean")]
        if trials and metric not in metrics:
            raise ValueError(f"metric={metric!r}: expected one of {metrics}.")
        table = pd.DataFrame(index=pd.Index(trials, name="trial", dtype="int64"))
        for name in columns[1 : columns.index(COUNT)]:
            table[name] = read_knobs([row.get(name) for row in trials.values()], table.index)
        for part in PARTS:
            table[part] = [float(row.get(f"{metric}_{part}", "nan")) for row in trials.values()]
        table = table.sort_values("mean", ascending="loss" in metric, kind="stable")
        is_there = self._current in table.index  # its line may have been deleted by hand
        table.attrs = {"metric": metric, "current": self._current if is_there else None}
        return table


def _score_fields(summary):
    return {
        f"{metric}_{part}": f"{summary.loc[metric, part]:.6f}"
        for metric in summary.index
        for part in PARTS
    }


def _row_or_line(line, columns):
    try:
        return read_row(line, columns) or line
    except ValueError:
        return line


def _without_time(row):
    return row if isinstance(row, str) else {name: row[name] for name in row if name != TIME}


def _union(columns, knobs, scores):
    place = columns.index(COUNT)
    old_knobs, old_scores = columns[1:place], columns[place + 1 :]
    return [
        TIME,
        *dict.fromkeys([*old_knobs, *knobs]),
        COUNT,
        *dict.fromkeys([*old_scores, *scores]),
    ]


TIME, COUNT = "time", "n_folds"  # the first column, and the one between knobs and scores
PARTS = ("mean", "ci_low", "ci_high")  # of each score
BYTES = {"encoding": "utf-8", "errors": "surrogateescape", "newline": ""}  # kept, whatever they are


def read_lines(path):
    """Read a log's columns, and its other lines as they are.

    Parameters
    ----------
    path : Path
        It need not exist.

    Returns
    -------
    columns : list of str
        The time, the knobs, the number of folds, the scores.
    lines : list of str
        Trial n is ``lines[n - 1]``, damaged or not.

    Raises
    ------
    ValueError
        If the first line is not that of an experiment log.
    """
    text = ""
    if path.exists():
        with path.open(**BYTES) as file:
            text = file.read().removeprefix("\ufeff")  # Excel's "CSV UTF-8" begins so
    first, *lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    if not text:
        return [TIME, COUNT], []
    columns = next(csv.reader([first]), [])
    if columns[:1] != [TIME] or COUNT not in columns:
        raise ValueError(
            f"{path.name}, line 1: {first[:40]!r} is not the head of an experiment log. Mend it, "
            "or give the log another name: the file is left as it is."
        )
    return columns, lines


def read_row(line, columns):
    """Read one trial.

    Parameters
    ----------
    line : str
    columns : list of str

    Returns
    -------
    dict of str to str
        The fields that are not empty; none for an empty line.

    Raises
    ------
    ValueError
        If the line is damaged; says how.

    Examples
    --------
    >>> read_row("2026-11-02T10:00:00+00:00,20,30,0.8", ["time", "epochs", "n_folds", "f1_mean"])
    {'time': '2026-11-02T10:00:00+00:00', 'epochs': '20', 'n_folds': '30', 'f1_mean': '0.8'}
    """
    if not line.strip():
        return {}
    try:
        fields = next(csv.reader([line], strict=True))
    except csv.Error as error:
        raise ValueError(str(error)) from None
    if len(fields) != len(columns):
        raise ValueError(f"{len(fields)} fields instead of {len(columns)}")
    row = {name: field for name, field in zip(columns, fields, strict=True) if field}
    datetime.fromisoformat(row.get(TIME, ""))
    int(row.get(COUNT, ""))
    for name in columns[columns.index(COUNT) + 1 :]:
        float(row.get(name, "nan"))
    return row


def check_names(knobs, scores):
    """Refuse knobs that would share a column with something else.

    Parameters
    ----------
    knobs, scores : iterable of str
        Scores are named with their parts, as ``"f1_mean"``.

    Raises
    ------
    ValueError
        If a knob is named as a column that the log makes, or may make for a later score.
    """
    own = {TIME, COUNT, "trial", *PARTS, *scores}
    own |= {name.removesuffix("_mean") for name in scores}
    for name in knobs:
        is_score = name.endswith(tuple(f"_{part}" for part in PARTS))  # perhaps a later trial's
        if name in own or is_score or not name.isprintable() or not name.strip():
            raise ValueError(
                f"knob {name!r}: the log has a column of this name itself or keeps it for a score, "
                "or it is no name. Give the knob another one."
            )


def write_rows(path, columns, rows):
    """Write the whole log beside itself, then put it in place: nobody sees half of it.

    Parameters
    ----------
    path : Path
    columns : list of str
    rows : list of dict or str
        A trial's fields; or a line to be kept as it is.
    """
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".writing-") as folder:
        written = Path(folder, path.name)
        with written.open("w", **BYTES) as file:
            for row in [dict(zip(columns, columns, strict=True)), *rows]:
                line = row if isinstance(row, str) else _line(row, columns)
                file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
        _replace(written, path)


def _replace(written, path):
    for seconds in (0.01, 0.1, 0.5, None):
        try:
            return os.replace(written, path)
        except PermissionError:  # Windows does not replace a file while somebody reads it
            if seconds is None:
                raise
            time.sleep(seconds)


def _line(row, columns):
    file = io.StringIO()
    csv.writer(file, lineterminator="").writerow([row.get(name, "") for name in columns])
    return file.getvalue()


@contextlib.contextmanager
def locked(path):
    """Let one process at a time do what follows; the others wait.

    The operating system holds the lock and drops it when a process ends, so that a crash leaves
    none behind. It is on a file of its own, ``.NAME.lock``, since the log itself is replaced.

    Parameters
    ----------
    path : Path
        The log.

    Raises
    ------
    OSError
        On Windows, if another process holds the lock for 10 seconds. Elsewhere one waits.
    """
    with path.with_name(f".{path.name}.lock").open("a+b") as file:
        if os.name == "nt":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
            try:
                yield
            finally:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
        else:
            import fcntl

            with contextlib.suppress(OSError):  # some network folders have no locks
                fcntl.flock(file, fcntl.LOCK_EX)
            yield  # closing the file opens the lock


def knob_text(name, value):
    """Write a knob as Python would, so that it can be read back as what it was.

    Parameters
    ----------
    name : str
    value : int, float, bool, str, None or tuple of these

    Returns
    -------
    str

    Raises
    ------
    TypeError
        If the value is something else.
    ValueError
        If a tuple holds NaN or an infinity. By themselves they are welcome.

    Examples
    --------
    >>> knob_text("n_units", (20, 5)), knob_text("activation", "relu")
    ('(20, 5)', "'relu'")
    """
    return repr(_plain(name, value))


def _plain(name, value):
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, tuple | list):
        items = tuple(_plain(name, item) for item in value)
        if any(isinstance(item, float) and not math.isfinite(item) for item in items):
            raise ValueError(
                f"knob {name!r} is {items}: NaN and infinity can't be read back from a tuple. Pass "
                "None in their place, or each number as a knob of its own."
            )
        return items
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    if value is None:
        return None
    raise TypeError(
        f"knob {name!r} is {type(value).__name__}: expected a number, a text, True or False, None "
        "or a tuple of these. Pass what tells the trials apart, for instance its name."
    )


def read_knob(field):
    """Read a knob back.

    Parameters
    ----------
    field : str or None
        What is no Python value, for instance since it was typed in by hand, stays a text.

    Returns
    -------
    object
        NaN for None, that is a knob which a trial did not name.

    Examples
    --------
    >>> read_knob("(20, 5)"), read_knob("1"), read_knob("fast")
    ((20, 5), 1, 'fast')
    """
    if field is None or field in ("nan", "inf", "-inf"):
        return float(field or "nan")
    try:
        return ast.literal_eval(field)
    except (ValueError, SyntaxError):
        return field


def read_knobs(fields, index):
    """Read one knob of several trials.

    Parameters
    ----------
    fields : list of str or None
    index : pandas.Index

    Returns
    -------
    Series
        Of numbers if each trial named a number; else of objects, so that 1 stays 1 beside NaN.

    Examples
    --------
    >>> read_knobs(["20", None], index=[1, 2]).tolist()
    [20, nan]
    """
    column = pd.Series([read_knob(field) for field in fields], index=index, dtype=object)
    return column if column.isna().any() else column.infer_objects()
