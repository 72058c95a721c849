"""How much faster the folds train together than one after the other, on the workshop's task.

The task: 1,000 rows, 10 features, 3 labels, 20 hidden units, 100 epochs, batches of 32, ten folds
three times. Two processes do it, one after the other, so that their memory does not mix:

- the *loop* makes a model, fits it and predicts, fold by fold. It does a few of the thirty folds
  (``--folds``), spread evenly over them, and its time is scaled up to thirty;
- *together* is `evaluate_model` on all thirty: a first call, tracing included, and a second one.

How to read the table: ``seconds`` are for thirty folds, imports left out. ``ratio`` is the loop's
time divided by that row's. ``accuracy`` is the mean subset accuracy over the loop's folds, which is
what to compare, and over all thirty. Both ways shuffle, in different orders and from different
initial weights, so single folds differ by chance; the means over ten folds or more should be within
0.01. ``peak`` is the largest memory that a process ever held, TensorFlow included.

Other work on the machine disturbs the figures. Nothing is checked by time.

    python tests/benchmarks/bench_training.py [--folds N]
"""

import argparse
import json
import subprocess
import sys
import time

EPOCHS, BATCH_SIZE, N_FOLDS = 100, 32, 30


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        *("--folds", "-n"), type=int, default=10, help="folds for the loop, 1 to 30 (default 10)"
    )
    parser.add_argument("--part", choices=["loop", "together"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not 1 <= arguments.folds <= N_FOLDS:
        parser.error(f"--folds: found {arguments.folds}, expected 1 to {N_FOLDS}")
    return arguments


def chosen_folds(n_folds):
    """Spread `n_folds` of the thirty evenly over the repeats."""
    return [k * N_FOLDS // n_folds for k in range(n_folds)]


def measure_loop(n_folds):
    """Fit and predict fold by fold, as one would without this workshop."""
    from sklearn.metrics import accuracy_score
    from sklearn.model_selection import RepeatedKFold

    from helpers.quiet import keras  # isort: skip
    from helpers.data import make_dataset
    from helpers.models import make_mlp

    X, y = make_dataset()
    folds = list(RepeatedKFold(n_splits=10, n_repeats=3, random_state=1).split(X))

    def fit(train, epochs):
        model = make_mlp(X.shape[1], y.shape[1])
        model.fit(X[train], y[train], epochs=epochs, batch_size=BATCH_SIZE, verbose=0)
        return model

    keras.utils.set_random_seed(1)
    fit(folds[0][0], epochs=1)  # what TensorFlow does once only is not counted against the loop
    start, scores = time.perf_counter(), []
    for k in chosen_folds(n_folds):
        train, test = folds[k]
        probabilities = keras.ops.convert_to_numpy(fit(train, EPOCHS)(X[test]))
        scores.append(accuracy_score(y[test], probabilities >= 0.5))
    return {"seconds": [time.perf_counter() - start], "scores": scores}


def measure_together():
    """Evaluate the model twice by `evaluate_model`."""
    from helpers import quiet  # noqa: F401
    from helpers.data import make_dataset
    from helpers.evaluation import evaluate_model
    from helpers.models import make_mlp

    X, y = make_dataset()
    seconds = []
    for _ in range(2):
        start = time.perf_counter()
        result = evaluate_model(
            X, y, make_mlp, epochs=EPOCHS, batch_size=BATCH_SIZE, progress=False
        )
        seconds.append(time.perf_counter() - start)
    return {"seconds": seconds, "scores": result.scores["subset_accuracy"].tolist()}


def peak_megabytes():
    """Peak memory of this process so far; None where the system does not tell (Windows)."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def measure_apart(part, n_folds):
    """Run one part in a process of its own; its last line is what it measured."""
    command = [sys.executable, __file__, "--part", part, "--folds", str(n_folds)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(output.splitlines()[-1])


def print_table(loop, together, n_folds):
    def mean(scores):
        return sum(scores) / len(scores)

    same = mean([together["scores"][k] for k in chosen_folds(n_folds)])
    scaled = loop["seconds"][0] * N_FOLDS / n_folds
    first, second = together["seconds"]
    rows = [
        ("loop of fit", scaled, mean(loop["scores"]), None, loop["peak"]),
        ("together, first call", first, same, mean(together["scores"]), together["peak"]),
        ("together, second call", second, same, mean(together["scores"]), None),
    ]
    if n_folds == N_FOLDS:
        rows[0] = (*rows[0][:3], mean(loop["scores"]), loop["peak"])
    how = "" if n_folds == N_FOLDS else f", scaled to {N_FOLDS}"
    print(f"The loop took {loop['seconds'][0]:.1f} s for {n_folds} of {N_FOLDS} folds{how}.\n")
    print(f"{'':21}  {'seconds':>8}  {'ratio':>6}  accuracy: same folds  all 30  {'peak':>7}")
    for name, seconds, same_folds, all_folds, peak in rows:
        everything = "" if all_folds is None else f"{all_folds:.3f}"
        memory = "" if name.endswith("second call") else "n/a" if peak is None else f"{peak:.0f} MB"
        print(
            f"{name:21}  {seconds:8.2f}  {scaled / seconds:5.1f}×  {same_folds:20.3f}"
            f"  {everything:>6}  {memory:>7}"
        )
    print(f"\nMean accuracies on the same folds differ by {abs(mean(loop['scores']) - same):.3f}.")


if __name__ == "__main__":
    arguments = parse_arguments()
    if arguments.part is None:
        parts = [measure_apart(part, arguments.folds) for part in ("loop", "together")]
        print_table(*parts, arguments.folds)
    else:
        loop = arguments.part == "loop"
        measured = measure_loop(arguments.folds) if loop else measure_together()
        print(json.dumps(measured | {"peak": peak_megabytes()}))
