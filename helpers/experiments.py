"""A memory for "change and rerun": which knobs gave which scores, in a CSV beside the notebook."""

import os
import warnings
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from helpers.knobs import knob_text, read_knobs
from helpers.log_file import (
    COUNT,
    PARTS,
    TIME,
    check_names,
    locked,
    read_lines,
    read_row,
    write_rows,
)


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
