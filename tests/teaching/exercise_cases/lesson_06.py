"""Answers to the exercises of lesson 06."""

import numpy as np
import pandas as pd

from exercise_cases.cases import Case
from helpers.data import make_digit_pictures

_, y_train = make_digit_pictures(200, random_state=1)
_, y_test = make_digit_pictures(300, writers="others", random_state=2)


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


def way(score, baseline, best):
    """Compute the share of the way."""
    return (score - baseline) / (best - baseline)


def to_number(y):
    """Give each label set its own number."""
    return y @ (2 ** np.arange(10))


train, test = to_number(y_train), to_number(y_test)
ceiling = np.isin(test, train).mean()

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
        right=[way, lambda score, baseline, best: 1 - (best - score) / (best - baseline)],
        wrong=[
            (lambda score, baseline, best: score / best, "Where is the baseline"),
            (lambda score, baseline, best: (score - baseline) / (1 - baseline), "not 1"),
            (lambda score, baseline, best: score - baseline, "Divide by the whole way"),
            (lambda score, baseline, best: (score - baseline) / best, "The way is as long as"),
            (lambda *given: 1 - way(*given), "still missing"),
            (lambda *given: abs(way(*given)), "Leave the sign alone"),
            (
                lambda score, baseline, best: (score - baseline) / abs(best - baseline),
                "For a loss, the way goes down",
            ),
            (lambda *given: max(way(*given), 0), "Don't cut off at 0"),
            (lambda *given: 0.123, "How long is the whole way"),
            (0.8, "A function is asked for"),
        ],
    ),
    "06.3": Case(
        right=[ceiling, round(ceiling, 3)],
        wrong=[
            (1 - ceiling, "share that is out of reach"),
            (np.isin(train, test).mean(), "The other way round"),
            (np.isin(np.unique(test), train).mean(), "not different label sets"),
            (np.isin(test, train).sum(), "not a number of pictures"),
            (100 * ceiling, "not a percentage"),
            (1.0, "it has found itself"),
            (0.2, "Which test pictures have a label set"),
        ],
        given={"y_train": y_train, "y_test": y_test},
    ),
}
