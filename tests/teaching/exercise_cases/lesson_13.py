"""Answers to the exercises of lesson 13."""

import numpy as np

from exercise_cases.cases import Case


def leaks(train, test, groups):
    return np.isin(groups[test], groups[train])


def in_a_loop(train, test, groups):
    known = set(groups[train].tolist())
    return sum(groups[row] in known for row in test) / len(test)


def share_of_messages(train, test, groups):
    held_out = set(groups[test].tolist())
    return len(held_out & set(groups[train].tolist())) / len(held_out)


def by(counts, values):
    return [values[counts == n].mean() for n in range(counts.max() + 1)]


def right(y, p):
    return (y == p).all(axis=1)


def n_labels(y):
    return y.sum(axis=1)


CASES = {
    "13.1": Case(
        right=[lambda *given: leaks(*given).mean(), in_a_loop],
        wrong=[
            (lambda *given: leaks(*given).sum(), "divide it by the rows held out"),
            (lambda *given: 1 - leaks(*given).mean(), "*not* leak"),
            (lambda a, b, g: leaks(b, a, g).mean(), "*training* rows"),
            (share_of_messages, "counts messages"),
            (lambda a, b, g: leaks(a, b, g).sum() / len(g), "not by all rows"),
            (lambda a, b, g: np.isin(b, a).mean(), "never overlap"),
            (lambda *given: 0.123, "occur in"),
        ],
    ),
    "13.2": Case(
        right=[
            lambda y, p: by(n_labels(y), right(y, p)),
            lambda y, p: np.bincount(n_labels(y), right(y, p)) / np.bincount(n_labels(y)),
        ],
        wrong=[
            (lambda y, p: by(n_labels(p), right(y, p)), "*true*"),
            (lambda y, p: by(n_labels(y), (y == p).mean(axis=1)), "*All*"),
            (lambda y, p: np.bincount(n_labels(y), right(y, p)), "numbers of rows"),
            (lambda y, p: np.bincount(n_labels(y), right(y, p)) / len(y), "not by all"),
            (lambda y, p: by(n_labels(y), ~right(y, p)), "*wrong*"),
            (lambda y, p: by(n_labels(y), n_labels(y) == n_labels(p)), "right ones"),
            (lambda y, p: by(n_labels(y), right(y, p))[1:], "begin at 0"),
            (lambda y, p: dict(enumerate(by(n_labels(y), right(y, p)))), "alone"),
            (lambda y, p: np.full(4, 0.123), "wholly right"),
        ],
    ),
}
