"""How much faster the networks of a cross-validation are trained, and than what.

All lines of one block of the table are measured in this run, one after the other, on the same
folds of the same table, each in a process of its own so that their memory does not mix.

How to read it: `seconds` are for all folds; where "2 of 10" stands under `folds`, two were
measured, spread evenly, and scaled up linearly. Each fold has a model of its own, so what is done
once a model (making it, tracing it) counts in full in each. `ratio` is the plain Keras loop's
seconds divided by that line's: above 1 is faster than the loop. `accuracy` is the mean subset
accuracy on the folds that all lines of the block did. Orders of rows differ, and with them
accuracies by a little; a competitor that did something else would be off by a lot. `peak MB` is the
most memory that the process ever held, libraries included, plus that of the processes it started
(memory that these share counts twice).

What is counted: making the models, training for all epochs, predicting the held-out rows; for
`evaluate_model` also its tracing (first call), the held-out loss after each epoch and its table of
scores. What is not: imports, drawing the data, starting processes, and a warm-up on a tiny task of
another shape, so that what a process does once is not counted against the loop.

Large networks train for few epochs, which the heading of a block tells. What is done once a model
is a larger part of the loop's seconds then: about a second a fold. Two processes are scaled up as
if their work could always be halved.

A table of searches follows (`searches.py`), unless --quick or --only leaves it out.

Not compared: a larger batch. It is faster, but fewer and larger steps give another result.

Other work on the machine disturbs the figures. Nothing is checked by time.

    python tests/benchmarks/bench.py [--quick] [--only SIZE ...] [--output FOLDER]
"""

import argparse
import datetime
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import report
from competitors import COMPETITORS
from measure import folds_to_run, measure_apart
from searches import format_searches, measure_searches
from tasks import ARTICLE, GROWTH, KINDS, SIZES

ROOT = Path(__file__).resolve().parents[2]
OUTPUT, RECIPE = ROOT / "build" / "bench", ROOT / "notebooks" / "recipe.py"
SEARCHES = "searches"
GROWING = ["plain Keras loop", "evaluate_model"]
QUICK = ["plain Keras loop", "scikit-learn, n_jobs=-1", "NumPy by hand", "evaluate_model"]


def parse_arguments(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--quick", action="store_true", help="the article's size and one more, fewer competitors"
    )
    parser.add_argument(
        "--only",
        "-s",
        nargs="+",
        metavar="SIZE",
        choices=[*(task.name for task in [*SIZES, *KINDS]), *GROWTH, SEARCHES],
        help="only these: %(choices)s",
    )
    parser.add_argument(
        "--output", "-o", type=Path, default=OUTPUT, help="folder of table and figure"
    )
    arguments = parser.parse_args(arguments)
    if not plan(arguments.quick, arguments.only) and not searches_too(arguments):
        parser.error(
            f"--only: nothing of {arguments.only} is part of --quick, leave one of them out"
        )
    return arguments


def plan(quick, only):
    """Return pairs of a task and the names of its competitors."""
    if quick:
        planned = [("1000x10", replace(ARTICLE, loop_folds=2), QUICK)]
        planned += [("layers", GROWTH["layers"][0], GROWING)]
    else:
        planned = [(task.name, task, list(COMPETITORS)) for task in SIZES]
        planned += [(task.name, task, GROWING) for task in KINDS]
        planned += [(kind, task, GROWING) for kind, tasks in GROWTH.items() for task in tasks]
    return [(task, names) for size, task, names in planned if only is None or size in only]


def searches_too(arguments):
    """Return whether the searches are asked for."""
    return not arguments.quick and (arguments.only is None or SEARCHES in arguments.only)


def time_recipe():
    """Run notebooks/recipe.py, the whole program, and return its seconds."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        subprocess.run([sys.executable, RECIPE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start


def machine():
    """Say when and where this was measured."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("keras", "tensorflow", "numpy"))
    return (
        f"{datetime.date.today()}, {os.cpu_count()} cores, {platform.machine()}, "
        f"{platform.system()}, Python {platform.python_version()}, {packages}"
    )


def run(planned, output):
    """Measure, and write the table after each task: what is done is not lost."""
    rows = []
    for task, names in planned:
        measured = {}
        for name in names:
            n_folds = folds_to_run(name, task)
            print(f"{task.name}: {name}, {n_folds} folds ...", file=sys.stderr, flush=True)
            measured[name] = measure_apart(name, task, n_folds)
        rows += report.table_rows(task, measured)
        report.write_csv(rows, output / "bench.csv")
    return rows


def main():
    arguments = parse_arguments()
    rows = run(plan(arguments.quick, arguments.only), arguments.output)
    if not arguments.quick and (arguments.only is None or ARTICLE.name in arguments.only):
        print("recipe.py ...", file=sys.stderr, flush=True)
        print(f"notebooks/recipe.py, the whole program with its final fit: {time_recipe():.0f} s\n")
    print(machine())
    if rows:
        print(f"\n{report.format_table(rows)}\n\n{report.finding(rows)}.")
        report.plot_ratios(rows).figure.savefig(arguments.output / "bench.png", dpi=150)
        print(f"Wrote bench.csv and bench.png in {arguments.output}")
    if searches_too(arguments):
        found = measure_searches()
        report.write_csv(found, arguments.output / "searches.csv")
        print(f"\n{format_searches(found)}\nWrote searches.csv in {arguments.output}")


if __name__ == "__main__":
    main()
