"""Measure one competitor on one task, in this process: seconds, scores and peak memory.

`bench.py` starts it once for each line of its table, so that their memory does not mix. The last
line of the output is JSON: one entry for each call.
"""

import json
import subprocess
import sys
import time

from competitors import COMPETITORS, ours, peak_megabytes
from tasks import WARM_UP, Task


def measure(name, task, n_folds):
    """Let a competitor do `n_folds` of the folds; `evaluate_model` is called twice."""
    from sklearn.metrics import accuracy_score

    competitor = COMPETITORS[name]
    competitor(*_arguments(WARM_UP, WARM_UP.n_folds))
    arguments = _arguments(task, n_folds)
    _, _, y, folds = arguments
    runs = []
    for _ in range(2 if competitor is ours else 1):
        start = time.perf_counter()
        probabilities, peak_elsewhere = competitor(*arguments)
        seconds = time.perf_counter() - start
        peak = peak_megabytes()
        scores = {
            number: accuracy_score(y[test], proba >= 0.5)
            for (number, _, test), proba in zip(folds, probabilities, strict=True)
        }
        known = peak is not None and peak_elsewhere is not None
        peak = peak + peak_elsewhere if known else None
        runs.append({"seconds": seconds, "scores": scores, "peak": peak})
    return runs


def measure_apart(name, task, n_folds):
    """Measure in a process of its own."""
    asked = json.dumps({"name": name, "task": task.as_dict(), "n_folds": n_folds})
    command = [sys.executable, __file__, asked]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    runs = json.loads(output.splitlines()[-1])
    for run in runs:
        run["scores"] = {int(number): score for number, score in run["scores"].items()}
    return runs


def folds_to_run(name, task):
    """Return how many of the folds a competitor does: few where each takes long."""
    if name == "evaluate_model":
        return task.n_folds
    return task.other_folds if name.startswith(("scikit-learn", "NumPy")) else task.loop_folds


def _arguments(task, n_folds):
    X, y = task.data()
    splits = list(task.splitter().split(X))
    return task, X, y, [(number, *splits[number]) for number in task.chosen(n_folds)]


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    runs = measure(asked["name"], Task.from_dict(asked["task"]), asked["n_folds"])
    print(json.dumps(runs))
