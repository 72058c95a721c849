"""Checks of lesson 15: programs that a search compiles, and when a cluster pays."""

import numpy as np

from helpers.teaching.exercises import Hint, call, checks, compare, read_number

# As (units, batch size, learning rate, l2): not every pair of the first two occurs.
TRIALS = [
    (20, 32, 0.01, 0.0),
    (20, 32, 0.003, 0.0),
    (20, 32, 0.001, 0.1),
    (40, 32, 0.01, 0.0),
    (40, 64, 0.01, 0.1),
    (40, 64, 0.01, 0.2),
    (80, 128, 0.03, 0.0),
    (80, 128, 0.03, 0.0),
]
JOBS = [(10.0, 2), (9.0, 4), (12.0, 64)]  # seconds to start, workers


@checks(
    "15.1",
    "Search learning rates and penalties as finely as you like, and few shapes: that is where "
    "compiling is paid for.",
)
def _n_programs(answer):
    names = ("units", "batch_size", "learning_rate", "l2")
    trials = [dict(zip(names, trial, strict=True)) for trial in TRIALS]
    found = read_number(call(answer, trials))

    def n_different(*names):
        return len({tuple(trial[name] for name in names) for trial in trials})

    n_units, n_sizes = n_different("units"), n_different("batch_size")
    mistakes = [
        (len(trials), "This is the number of trials. Which of them can share a program?"),
        (n_different(*names), "A learning rate is a number that is put into a program."),
        (n_different("units", "batch_size", "l2"), "The strength of a penalty is a number, too."),
        (n_units * n_sizes, "These are all pairs that could occur. Count those that do."),
        (n_units, "Units alone, or batch sizes alone? A program depends on both."),
    ]
    right = n_different("units", "batch_size")
    compare(found, right, mistakes, "Which settings change the shape of anything?")


@checks(
    "15.2",
    "With two workers, the job has to be twice as long as the start; with many, hardly longer.",
)
def _break_even(answer):
    found = np.array([read_number(call(answer, *job)) for job in JOBS])
    start, n_workers = np.array(JOBS).T
    mistakes = [
        (start, "After so long the cluster has only begun. Its workers still need alone / n."),
        (start * n_workers, "In that time one process is still ahead. Solve the equation."),
        (start / (n_workers - 1), "This is the time that a *worker* trains. What is `alone`?"),
        (start * n_workers / (n_workers + 1), "The sign: alone - alone / n is what you save."),
    ]
    right = start * n_workers / (n_workers - 1)
    compare(found, right, mistakes, "Set alone = start + alone / n_workers, and solve for alone.")
    if not np.isposinf(call(answer, 5.0, 1)):
        raise Hint("A single worker never catches up: return `np.inf` for it.")
