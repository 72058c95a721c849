"""Answers to the exercises of lesson 09."""

import numpy as np

from exercise_cases.cases import Case


def mistakes(p, yes):
    return np.array([np.where(yes, 0, p).sum(axis=0), np.where(yes, 1 - p, 0).sum(axis=0)])


def by_hand(p, t):
    misses, alarms = np.zeros(p.shape[1]), np.zeros(p.shape[1])
    for row in p:
        for i, q in enumerate(row):
            if q >= t:
                alarms[i] += 1 - q
            else:
                misses[i] += q
    return misses.tolist(), alarms.tolist()


def groups_of(y, p, n):
    """Yield the rows of each group, as many in each as can be."""
    return np.array_split(np.argsort(p), n)


def gaps(y, p, n, groups=groups_of):
    return np.array([p[rows].mean() - y[rows].mean() for rows in groups(y, p, n)])


def weights(y, p, n):
    return np.array([len(rows) for rows in groups_of(y, p, n)]) / len(y)


def calibration_error(y, p, n):
    return weights(y, p, n) @ np.abs(gaps(y, p, n))


def error_in_a_loop(y, p, n):
    error = 0
    for rows in groups_of(y, p, n):
        error += len(rows) / len(y) * abs(p[rows].mean() - y[rows].mean())
    return error


def unsorted(y, p, n):
    return np.array_split(np.arange(len(y)), n)


def equal_width(y, p, n):
    error = 0
    for low in np.arange(n) / n:
        inside = (p >= low) & (p < low + 1 / n)
        error += inside.mean() * abs(p[inside].mean() - y[inside].mean())
    return error


CASES = {
    "09.1": Case(
        right=[lambda p, t: mistakes(p, p >= t), by_hand],
        wrong=[
            (lambda p, t: mistakes(p, p >= t)[::-1], "swapped"),
            (lambda p, t: mistakes(p, p >= t) / len(p), "shares"),
            (lambda p, t: mistakes(p, p > t), "equal to the threshold"),
            (lambda p, t: mistakes(1 - p, p >= t), "*right*"),
            (lambda p, t: np.array([(p < t).sum(axis=0), (p >= t).sum(axis=0)]), "decisions"),
            (lambda p, t: np.array([p.sum(axis=0), (1 - p).sum(axis=0)]), "all rows"),
            (lambda p, t: mistakes(p, p >= 0.5), "use the argument"),
            (lambda p, t: mistakes(p, p >= t).sum(axis=1), "one number per label"),
            (lambda p, t: np.where(p >= t, 1 - p, p), "add them up"),
            (lambda p, t: np.ones((2, 2)), "Two steps"),
        ],
    ),
    "09.2": Case(
        right=[calibration_error, error_in_a_loop],
        wrong=[
            (lambda *given: np.abs(gaps(*given)).mean(), "differ in size"),
            (lambda *given: weights(*given) @ gaps(*given) ** 2, "squared"),
            (lambda *given: weights(*given) @ gaps(*given), "cancel out"),
            (lambda *given: abs(weights(*given) @ gaps(*given)), "not only that of the sum"),
            (lambda y, p, n: np.abs(y - p).mean(), "*within*"),
            (equal_width, "equal width"),
            (lambda *g: weights(*g) @ np.abs(gaps(*g, groups=unsorted)), "Sort by probability"),
            (lambda *given: np.abs(gaps(*given)).sum(), "adds the groups up"),
            (lambda *given: np.abs(gaps(*given)).max(), "worst group"),
            (lambda *given: np.nan, "ordinary number"),
            (lambda *given: 0.5, "For each group"),
        ],
    ),
}
