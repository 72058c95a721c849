"""Checks of lesson 09: mistakes that a model expects, the calibration error with other bins."""

import numpy as np

from helpers.teaching.exercises import Hint, call, checks, compare, read_array, read_number

N_GROUPS = 3
_STEPS = "Two steps: which rows does the threshold make a yes? What is each expected to add?"


@checks(
    "09.1",
    "With these two counts and what each mistake costs, you know the expected cost of a "
    "threshold before anybody has labeled a row. It is as good as the probabilities are.",
)
def _expected_mistakes(answer):
    p = np.array([[0.9, 0.2], [0.6, 0.35], [0.3, 0.05], [0.15, 0.8], [0.7, 0.45]])
    threshold = 0.3  # one probability equals it
    found = call(answer, p, threshold)
    if np.shape(found) == (2,):
        raise Hint("These are two sums over all labels: keep one number per label.")
    if np.shape(found) == (len(p), 2) or np.shape(found) == (2, *p.shape):
        raise Hint("There is still one value for each row: add them up.")
    found = read_array(found, (2, p.shape[1]), "misses, then false alarms, of each label")
    yes, above = p >= threshold, p > threshold
    right = _mistakes_of(p, yes)
    mistakes = [
        (right[::-1], "The two rows are swapped: first misses, then false alarms."),
        (right / len(p), "These are shares of the rows. Numbers of mistakes are asked for."),
        (_mistakes_of(p, above), "Nearly. What about a probability equal to the threshold?"),
        (_mistakes_of(1 - p, yes), "This counts what is expected to be *right*."),
        ([(~yes).sum(axis=0), yes.sum(axis=0)], "This counts decisions. How many are wrong?"),
        (
            [p.sum(axis=0), (1 - p).sum(axis=0)],
            "This adds up all rows. Only a no can be a miss, only a yes a false alarm.",
        ),
        (_mistakes_of(p, p >= 0.5), "This is for the threshold 0.5: use the argument."),
    ]
    compare(found, right, mistakes, _STEPS)


def _mistakes_of(p, yes):
    """Return the expected misses and false alarms of each label, decided like this."""
    return np.array([(p * ~yes).sum(axis=0), ((1 - p) * yes).sum(axis=0)])


@checks(
    "09.2",
    "Other bins give another number: say how yours were made, and compare only like with like.",
)
def _calibration_error(answer):
    y_true = np.array([0, 1, 0, 0, 1, 0, 1, 1, 0, 0, 0])
    y_prob = np.array([0.62, 0.17, 0.05, 0.23, 0.28, 0.11, 0.93, 0.44, 0.14, 0.02, 0.31])
    found = read_number(call(answer, y_true, y_prob, N_GROUPS))
    groups = np.array_split(np.argsort(y_prob), N_GROUPS)
    gaps = np.array([y_prob[rows].mean() - y_true[rows].mean() for rows in groups])
    weights = np.array([len(rows) for rows in groups]) / len(y_true)
    unsorted = [(y_prob - y_true)[rows] for rows in np.array_split(range(len(y_true)), N_GROUPS)]
    bins = np.minimum((N_GROUPS * y_prob).astype(int), N_GROUPS - 1)
    equal_width = np.abs(np.bincount(bins, y_prob - y_true)).sum() / len(y_true)
    mistakes = [
        (np.abs(gaps).mean(), "Groups may differ in size: weight each by its rows."),
        (weights @ gaps**2, "These are squared distances: take the plain ones."),
        (weights @ gaps, "Groups too low and too high cancel out here: drop the signs."),
        (abs(weights @ gaps), "Drop the sign of each group, not only that of the sum."),
        (np.abs(y_prob - y_true).mean(), "Average *within* each group first, then compare."),
        (equal_width, "These are bins of equal width, as in the lesson: fill them equally."),
        (sum(abs(d.sum()) for d in unsorted) / len(y_true), "Sort by probability first."),
        (np.abs(gaps).sum(), "This adds the groups up: weight each by its share of the rows."),
        (np.abs(gaps).max(), "This is the worst group alone. Average over all of them."),
    ]
    otherwise = "For each group: mean probability, share with the label, how far apart?"
    compare(found, weights @ np.abs(gaps), mistakes, otherwise)
