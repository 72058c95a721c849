"""Answers to the exercises of lesson 07."""

import numpy as np
from scipy import stats

from exercise_cases.cases import Case


def loss_error(predicted, y):
    """Compute the error row by row."""
    by_row = (predicted != y).mean(axis=(0, 2))
    return by_row.std(ddof=1) / np.sqrt(len(by_row))


def by_scipy(predicted, y):
    """Do the same with scipy, the labels first."""
    return stats.sem((predicted != y).mean(axis=2).mean(axis=0))


def as_if_independent(values):
    """Compute the error of the mean of all values."""
    return stats.sem(np.ravel(values))


def error(a, b, n_train, n_test, ddof=1):
    """Compute the corrected standard error of a paired difference."""
    return np.std(a - b, ddof=ddof) * np.sqrt(1 / len(a) + n_test / n_train)


def unpaired(a, b, n_train, n_test):
    """Treat the two as if they had been scored on different folds."""
    zero = np.zeros(len(a))
    return np.hypot(error(a, zero, n_train, n_test), error(b, zero, n_train, n_test))


CASES = {
    "07.1": Case(
        right=[loss_error, by_scipy],
        wrong=[
            (lambda p, y: as_if_independent(p != y), "Each label of each repeat"),
            (lambda p, y: as_if_independent((p != y).mean(axis=0)), "counted one by one"),
            (lambda p, y: as_if_independent((p != y).mean(axis=2)), "once a repeat"),
            (lambda p, y: stats.sem((p != y).any(axis=2).mean(axis=0)), "subset accuracy"),
            (lambda p, y: stats.sem((p != y).mean(axis=(0, 2)), ddof=0), "divide by n − 1"),
            (lambda p, y: (p != y).mean(axis=(0, 2)).std(ddof=1), "how far rows are apart"),
            (lambda p, y: loss_error(p, y) ** 2, "This is a variance"),
            (lambda p, y: (p != y).mean(), "Hamming loss itself"),
            (lambda p, y: loss_error(p, y) / np.sqrt(len(p)), "repeats make no new rows"),
            (lambda p, y: 1.96 * loss_error(p, y), "without the 1.96"),
            (lambda p, y: 0.5, "One loss for each row"),
            (lambda p, y: (p != y).mean(axis=2), "One number is asked for"),
        ],
    ),
    "07.2": Case(
        right=[error],
        wrong=[
            (lambda a, b, *_: (a - b).std(ddof=1) / np.sqrt(len(a)), "which term is missing"),
            (unpaired, "Not paired yet"),
            (lambda a, b, *n: error(a, 0, *n) - error(b, np.zeros(6), *n), "not their standard"),
            (lambda *given: error(*given, ddof=0), "divide by n − 1"),
            (lambda *given: error(*given) ** 2, "This is a variance"),
            (lambda a, b, n_train, n_test: error(a, b, n_test, n_train), "not the other way round"),
            (lambda a, b, *_: (a - b).mean(), "difference itself"),
            (lambda a, b, *_: (a - b).std(ddof=1), "how far single folds are apart"),
            (
                lambda a, b, n, m: (a - b).std(ddof=1) * np.sqrt(1 / n + m / n),
                "Count folds under the root",
            ),
            (lambda *given: 1.96 * error(*given), "half the width of an interval"),
            (lambda a, b, *n: error(a, np.zeros(len(a)), *n), "Where is b"),
            (lambda *_: 0.015, "The formula is in section 1"),
        ],
    ),
    "07.3": Case(
        right=[6147, 6146.56, 6150],
        wrong=[
            (1600, "make the standard error 0.01"),
            (1537, "not 0.01 from end to end"),
            (24586, "only half as wide"),
            (61.5, "Square the 0.01"),
            (15366, "0.4 is the SD of a row"),
            (30733, "variance of a row"),
            (9604, "the worst case"),
            (1000, "Solve 0.01"),
        ],
    ),
}
