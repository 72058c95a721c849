"""The file of an experiment log: read line by line, written whole, one process at a time."""

import contextlib
import csv
import io
import os
import tempfile
import time
from datetime import datetime
from pathlib import Path

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
