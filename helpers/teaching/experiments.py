"""A memory for "change and rerun": which knobs gave which scores. Lessons 03, 06 and 08 use it."""

import json
import os
import warnings
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

PARTS = ["mean", "ci_low", "ci_high"]  # of each score


class ExperimentLog:
    """Trials of one experiment: their knobs and what came out, best first.

    The file has one JSON object a line, one for each trial. Lines are only ever added, each in one
    go, so that two notebooks may add to it at once. A damaged line is reported, left out of the
    table and kept in the file.

    Parameters
    ----------
    path : str or Path
        The file, for instance ``"experiments_03.jsonl"``: without a folder it lies beside the
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
    ...     log = ExperimentLog(f"{folder}/experiments.jsonl")
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
            If a knob has the name of a column that the table makes, or the file is no log.
        """
        if not (hasattr(result, "summary") and hasattr(result, "folds")):
            raise TypeError(
                f"result is {type(result).__name__}: expected an EvaluationResult, as "
                "evaluate_model and evaluate_estimator return."
            )
        for name in knobs:
            if name in ["trial", *PARTS]:
                raise ValueError(
                    f"knob {name!r}: the table has a column of this name. Choose another one."
                )
        trial = {
            "knobs": {name: _plain(name, value) for name, value in knobs.items()},
            "n_folds": len(result.folds),
            "scores": result.summary()[PARTS].astype(float).round(6).to_dict(orient="index"),
        }
        trials, _ = self._read()
        for number, old in trials.items():
            if json.dumps(old | {"time": None}) == json.dumps({"time": None} | trial):
                self._current = number
                return
        line = json.dumps({"time": datetime.now(UTC).isoformat(timespec="seconds")} | trial)
        self._append(line)
        lines = self._lines()
        self._current = len(lines) - lines[::-1].index(line)

    def table(self, metric="subset_accuracy"):
        """Return the trials, the best one first.

        Parameters
        ----------
        metric : str, default="subset_accuracy"
            A score to sort by. Of a loss, lower is better.

        Returns
        -------
        DataFrame
            Index ``trial``, the line in the file; a column for each knob (NaN where a trial did
            not name it), then ``mean``, ``ci_low``, ``ci_high`` of the metric. Its ``attrs`` name
            the ``metric`` and the ``current`` trial, for `helpers.plots.plot_experiments`.

        Raises
        ------
        ValueError
            If no trial has this metric.

        Warns
        -----
        UserWarning
            For each damaged line.
        """
        trials, damage = self._read()
        for number, error in damage.items():
            warnings.warn(
                f"{self.path.name}, line {number}, is damaged ({error}): it is skipped, and stays "
                "in the file as it is.",
                stacklevel=2,
            )
        metrics = list(dict.fromkeys(name for trial in trials.values() for name in trial["scores"]))
        if trials and metric not in metrics:
            raise ValueError(f"metric={metric!r}: expected one of {metrics}.")
        table = pd.DataFrame(index=pd.Index(trials, name="trial", dtype="int64"))
        for name in dict.fromkeys(name for trial in trials.values() for name in trial["knobs"]):
            values = [_as_tuple(trial["knobs"].get(name, np.nan)) for trial in trials.values()]
            column = pd.Series(values, table.index, dtype=object)  # 1 stays 1 beside NaN
            table[name] = column if column.isna().any() else column.infer_objects()
        for part in PARTS:
            scores = [trial["scores"].get(metric, {}) for trial in trials.values()]
            table[part] = [float(score.get(part, np.nan)) for score in scores]
        table = table.sort_values("mean", ascending="loss" in metric, kind="stable")
        is_there = self._current in table.index  # its line may have been deleted by hand
        table.attrs = {"metric": metric, "current": self._current if is_there else None}
        return table

    def _lines(self):
        if not self.path.exists():
            return []
        text = self.path.read_bytes().decode(errors="replace").removeprefix("\ufeff")
        lines = [line.rstrip("\r") for line in text.removesuffix("\n").split("\n")]
        first = next((line for line in lines if line.strip()), "{")
        if not first.startswith("{"):
            raise ValueError(
                f"{self.path.name}: {first[:40]!r} is not the beginning of an experiment log. Give "
                "the log another name: the file is left as it is."
            )
        return lines

    def _read(self):
        """Return trials and what is wrong with damaged lines, each by the number of its line."""
        trials, damage = {}, {}
        for number, line in enumerate(self._lines(), 1):
            if line.strip():
                try:
                    trials[number] = _parse(line)
                except (ValueError, TypeError, KeyError, AttributeError) as error:
                    damage[number] = error
        return trials, damage

    def _append(self, line):
        """Add a line in one go: the system puts it behind those that others add meanwhile."""
        is_broken = self.path.exists() and self.path.read_bytes()[-1:] not in (b"", b"\n")
        with self.path.open("ab", buffering=0) as file:
            file.write(("\n" if is_broken else "").encode() + line.encode() + b"\n")


def _parse(line):
    trial = json.loads(line)
    datetime.fromisoformat(trial["time"])
    if not isinstance(trial["knobs"], dict) or not isinstance(trial["n_folds"], int):
        raise ValueError("knobs or n_folds are not what the log writes")
    for score in trial["scores"].values():
        for part in PARTS:
            float(score[part])
    return trial


def _plain(name, value):
    """Return a knob as what JSON can hold."""
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, tuple | list):
        return [_plain(name, item) for item in value]
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    if value is None:
        return None
    raise TypeError(
        f"knob {name!r} is {type(value).__name__}: expected a number, a text, True or False, None "
        "or a tuple of these. Pass what tells the trials apart, for instance its name."
    )


def _as_tuple(value):
    return tuple(map(_as_tuple, value)) if isinstance(value, list) else value
