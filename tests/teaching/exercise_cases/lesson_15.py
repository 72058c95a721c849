"""Answers to the exercises of lesson 15."""

import numpy as np

from exercise_cases.cases import Case


def different(*names):
    return lambda trials: len({tuple(trial[name] for name in names) for trial in trials})


def all_pairs(trials):
    return different("units")(trials) * different("batch_size")(trials)


def with_a_loop(trials):
    programs = []
    for trial in trials:
        program = [trial["units"], trial["batch_size"]]
        if program not in programs:
            programs.append(program)
    return len(programs)


def break_even(start, n_workers):
    return np.inf if n_workers == 1 else start * n_workers / (n_workers - 1)


CASES = {
    "15.1": Case(
        right=[different("units", "batch_size"), with_a_loop],
        wrong=[
            (len, "number of trials"),
            (different("units", "batch_size", "learning_rate", "l2"), "learning rate is a number"),
            (different("units", "batch_size", "l2"), "strength of a penalty"),
            (all_pairs, "could occur"),
            (different("units"), "depends on both"),
            (lambda trials: 99, "shape of anything"),
        ],
    ),
    "15.2": Case(
        right=[break_even, lambda start, n: start / (1 - 1 / n) if n > 1 else float("inf")],
        wrong=[
            (lambda start, n: start, "only begun"),
            (lambda start, n: start * n, "still ahead"),
            (lambda start, n: start / (n - 1), "that a *worker* trains"),
            (lambda start, n: start * n / (n + 1), "sign"),
            (lambda start, n: start * n / (n - 1), "ZeroDivisionError"),
            (lambda start, n: start * n / max(n - 1, 1), "never catches up"),
            (lambda start, n: 1.0, "solve for alone"),
        ],
    ),
}
