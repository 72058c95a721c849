"""Answers to the exercises of lesson 06."""

import numpy as np
import pandas as pd
from sklearn.model_selection import KFold

from exercise_cases.cases import Case
from helpers.data import make_dataset

_, y = make_dataset(500, random_state=1, n_classes=10, n_labels=4, n_features=20)
folds = list(KFold(5, shuffle=True, random_state=1).split(y))
sets = pd.Series(["".join(map(str, row)) for row in y])


def most_frequent(y):
    """Find the most frequent row."""
    found, counts = np.unique(y, axis=0, return_counts=True)
    return found[counts.argmax()]


def baseline(y_train, y_test):
    """Give all rows the most frequent set."""
    return (y_test == most_frequent(y_train)).all(axis=1).mean()


def by_pandas(y_train, y_test):
    """Do the same with pandas."""
    most = pd.DataFrame(y_train).value_counts().index[0]
    return float(np.mean([tuple(row) == most for row in y_test]))


def label_by_label(y_train, y_test):
    """Decide each label by itself."""
    return (y_test == (y_train.mean(axis=0) >= 0.5)).all(axis=1).mean()


def error(a, b, n_train, n_test, ddof=1):
    """Compute the corrected standard error of a paired difference."""
    return np.std(a - b, ddof=ddof) * np.sqrt(1 / len(a) + n_test / n_train)


def unpaired(a, b, n_train, n_test):
    """Treat the two as if they had been scored on different folds."""
    zero = np.zeros(len(a))
    return np.hypot(error(a, zero, n_train, n_test), error(b, zero, n_train, n_test))


def known(kind):
    """Mean over folds of a share of sets that training rows have."""
    return np.mean([kind(sets[train], sets[test]) for train, test in folds])


ceiling = known(lambda train, test: test.isin(train).mean())

CASES = {
    "06.1": Case(
        right=[baseline, by_pandas],
        wrong=[
            (label_by_label, "decided by itself"),
            (lambda a, b: (b == most_frequent(a)).mean(), "Right single labels"),
            (lambda a, b: baseline(b, b), "chosen on the test rows"),
            (lambda a, b: baseline(a, a), "scored on the rows that it was chosen on"),
            (lambda a, b: len(b) * baseline(a, b), "not their number"),
            (lambda a, b: (b == 0).all(axis=1).mean(), "nothing but zeros"),
            (lambda a, b: np.tile(most_frequent(a), (len(b), 1)), "One number is asked for"),
            (lambda a, b: 0.5, "Find the row that occurs most often"),
            (0.319, "A function is asked for"),
        ],
    ),
    "06.2": Case(
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
            (lambda *_: 0.015, "The formula is in section 6"),
        ],
    ),
    "06.3": Case(
        right=[ceiling, round(ceiling, 3)],
        wrong=[
            (1 - ceiling, "share that is out of reach"),
            (1.0, "it has found itself"),
            (known(lambda train, test: np.isin(test.unique(), train).mean()), "not different"),
            (100 * ceiling, "not a percentage"),
            (0.094, "looks like a score"),
            (0.5, "In each fold"),
        ],
        given={"y": y, "folds": folds},
    ),
}
