"""A memory for "change and rerun": which knobs gave which scores. Lessons 03 and 11 use it."""

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
        notebook, or in the folder that the environment variable ``EXPERIMENT_LOG_FOLDER`` names.
        Tests set that, and what runs the lessons again, so that they don't touch yours. The file
        is made by the first `add`.

    Raises
    ------
    FileNotFoundError
        If its folder does not exist.

    Examples
    --------
    >>> import tempfile
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> from helpers.data import make_dataset
    >>> from helpers.estimators import evaluate_estimator
    >>> result = evaluate_estimator(*make_dataset(200), KNeighborsClassifier(15), cv=5)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     log = ExperimentLog(f"{folder}/experiments.jsonl")
    ...     log.add(result, n_neighbors=15)
    ...     log.table("hamming_loss").round(2)
           n_neighbors  mean  ci_low  ci_high
    trial
    1               15  0.12    0.09     0.14
    """

    def __init__(self, path):
        is_bare = Path(path).name == str(Path(path))
        folder = os.environ.get("EXPERIMENT_LOG_FOLDER", "") if is_bare else ""
        self.path = Path(folder, path).resolve()  # of a link, what it means
        if not self.path.parent.is_dir():
            raise FileNotFoundError(
                f"path={str(path)!r}: there is no folder {str(self.path.parent)!r} to keep the "
                "log in. Make it first."
            )
        self._current = None  # the trial that was added last, as text

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
        scores = result.summary()[PARTS].astype(float).round(6).to_dict(orient="index")
        knobs = {name: _read_knob(name, value) for name, value in knobs.items()}
        trial = {"knobs": knobs, "n_folds": len(result.folds), "scores": scores}
        text, trials, _ = self._read()
        self._current = json.dumps(trial)  # as text, 1 and 1.0 and True differ
        if self._current not in map(json.dumps, trials.values()):
            now = datetime.now(UTC).isoformat(timespec="seconds")
            line = json.dumps({"time": now} | trial) + "\n"
            if text and not text.endswith("\n"):  # somebody was cut off while writing
                line = "\n" + line
            # Written in one go: the system puts it behind what others add meanwhile.
            with self.path.open("ab", buffering=0) as file:
                file.write(line.encode())

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
            If no trial has this metric, or the file is no log.

        Warns
        -----
        UserWarning
            For each damaged line.
        """
        _, trials, damage = self._read()
        for number, error in damage.items():
            warnings.warn(
                f"{self.path.name}, line {number}, is damaged ({error}): it is skipped, and stays "
                "in the file as it is.",
                stacklevel=2,
            )
        metrics = list(dict.fromkeys(name for t in trials.values() for name in t["scores"]))
        if trials and metric not in metrics:
            raise ValueError(f"metric={metric!r}: expected one of {metrics}.")
        index = pd.Index(trials, name="trial", dtype="int64")
        table = pd.DataFrame([t["knobs"] for t in trials.values()], index, dtype=object)
        for name in table.columns[table.notna().all()]:  # in others, 1 should stay 1 beside NaN
            table[name] = table[name].infer_objects()
        scores = [t["scores"].get(metric, {}) for t in trials.values()]
        table[PARTS] = pd.DataFrame(scores, index, columns=PARTS, dtype=float)
        table = table.sort_values("mean", ascending="loss" in metric, kind="stable")
        # Of the trial added last, the line may have been deleted by hand.
        current = next((n for n, t in trials.items() if json.dumps(t) == self._current), None)
        table.attrs = {"metric": metric, "current": current}
        return table

    def _read(self):
        """Return the text, the trials and what is wrong with damaged lines, by line number."""
        content = self.path.read_bytes() if self.path.exists() else b""
        text = content.decode(errors="replace").removeprefix("\ufeff")  # which Excel puts in front
        first = text.strip().partition("\n")[0].strip()
        if first and not first.startswith("{"):
            raise ValueError(
                f"{self.path.name}: {first[:40]!r} is not the beginning of an experiment log. Give "
                "the log another name: the file is left as it is."
            )
        trials, damage = {}, {}
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                try:
                    trials[number] = _read_trial(line)
                except Exception as error:  # whatever it is, the other lines should be read
                    damage[number] = error
        return text, trials, damage


def _read_trial(line):
    trial = json.loads(line)
    datetime.fromisoformat(trial["time"])
    return {
        "knobs": {name: _read_knob(name, value) for name, value in trial["knobs"].items()},
        "n_folds": int(trial["n_folds"]),
        "scores": {
            metric: {part: float(score[part]) for part in PARTS}
            for metric, score in trial["scores"].items()
        },
    }


def _read_knob(name, value):
    """Return a knob, of a reader or of a line, as plain values; JSON has lists for tuples."""
    if name in ["trial", *PARTS]:
        raise ValueError(f"knob {name!r}: the table has a column of this name. Choose another one.")
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, tuple | list):
        return tuple(_read_knob(name, item) for item in value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(
        f"knob {name!r} is {type(value).__name__}: expected a number, a text, True or False, None "
        "or a tuple of these. Pass what tells the trials apart, for instance its name."
    )
