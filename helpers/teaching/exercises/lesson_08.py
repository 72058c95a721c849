"""Checks of lesson 08: expected subset accuracy, calibration error, thresholds without a leak."""

from functools import cache, partial

import numpy as np

from helpers.teaching.exercises import Hint, call, checks, compare, kind_of, read_array, read_number
from helpers.thresholds import choose_threshold, choose_thresholds

N_GROUPS = 3
STEPS = np.arange(1, 10) / 10  # the thresholds that the lesson tries
ONE_A_LABEL = partial(choose_thresholds, thresholds=STEPS)


@checks(
    "08.1",
    "Probabilities that keep their word tell how good a decision is before any label is known.",
)
def _expected_subset_accuracy(answer, set_proba, by_label, by_set, label_sets, y_fresh):
    largest = set_proba.max(axis=1)
    if np.shape(answer) == largest.shape and np.allclose(answer, largest):
        raise Hint("This is one number per row, and each is right. What do they give together?")
    answer = read_number(answer)
    of_labels = (label_sets[None] == by_label[:, None]).all(axis=2)  # (n_rows, n_sets)
    mistakes = [
        ((by_set == y_fresh).all(axis=1).mean(), "This is what it gets. What did it expect?"),
        ((set_proba * of_labels).sum(axis=1).mean(), "This decides label by label."),
        (largest.sum(), "This is how many rows it expects to get right: take their share."),
        (set_proba.mean(axis=0).max(), "This is what one set for *all* rows would get."),
        (set_proba.mean(), "The sets of a row add up to 1. Pick one of them, row by row."),
        (100 * largest.mean(), "A share between 0 and 1 is asked for, not a percentage."),
        (set_proba.max(axis=0).mean(), "Look along each row, not down the columns: `axis=1`."),
        (largest.max(), "This is the row it is surest of. What about the others?"),
    ]
    otherwise = "With which probability is the chosen set of one row the right one?"
    if abs(answer - largest.mean()) < 0.0006:
        otherwise = "Nearly: report it unrounded."
    compare(answer, largest.mean(), mistakes, otherwise)


@checks(
    "08.2",
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
        (np.abs(gaps).mean(), "Groups may differ in size: weigh each by its rows."),
        (weights @ gaps**2, "These are squared distances: take the plain ones."),
        (weights @ gaps, "Groups too low and too high cancel out here: drop the signs."),
        (abs(weights @ gaps), "Drop the sign of each group, not only that of the sum."),
        (np.abs(y_prob - y_true).mean(), "Average *within* each group first, then compare."),
        (equal_width, "These are bins of equal width, as in the lesson: fill them equally."),
        (sum(abs(d.sum()) for d in unsorted) / len(y_true), "Sort by probability first."),
        (np.abs(gaps).sum(), "This adds the groups up: weigh each by its share of the rows."),
        (np.abs(gaps).max(), "This is the worst group alone. Average over all of them."),
    ]
    otherwise = "For each group: mean probability, share with the label, how far apart?"
    compare(found, weights @ np.abs(gaps), mistakes, otherwise)


@checks(
    "08.3",
    "Every row was decided by thresholds that it had no say in: what you score now is honest.",
)
def _decide(answer):
    given, right, mistakes = _decisions()
    found = call(answer, *given)
    if isinstance(found, (tuple, set, str)):
        raise Hint(f"A matrix of labels is asked for, and this is {kind_of(found)}.")
    found = read_array(found, (90, 3), "a label for each row and label")
    otherwise = "For each fold: thresholds from y[train] and p[train], then labels of p[test]."
    compare(found, right, mistakes, otherwise)


@cache  # each is a search of its own
def _decisions():
    rng = np.random.default_rng(5)
    p = rng.integers(1, 20, size=(90, 3)) / 20  # many equal a threshold
    y = (rng.random(p.shape) < p**2 * np.array([1.0, 0.8, 0.4])).astype(int)
    parts = np.array_split(rng.permutation(len(p)), 3)
    folds = [(np.setdiff1d(range(len(p)), test), test) for test in parts]
    right = _decided(y, p, folds)
    last = _decided(y, p, folds[-1:])
    one_for_all = partial(choose_threshold, metric="f1_macro", thresholds=STEPS)
    on_test = [(test, test) for _, test in folds]
    on_all = [(np.arange(len(y)), test) for _, test in folds]
    mistakes = [
        (_decided(y, p, on_test), "Chosen on the very rows that they decide: the leak."),
        (_decided(y, p, on_all), "Held-out rows had a say: all of `y` was searched."),
        (_decided(y, p, folds, one_for_all), "Here all labels share one threshold."),
        (_decided(y, p, folds, at_least=np.greater), "A label is there *from* its threshold."),
        (p >= 0.5, "This is the threshold 0.5. Does your function use what it has chosen?"),
        (y, "These are the true labels."),
        (p, "These are the probabilities: which of them are a yes?"),
        (last, "Only one fold is decided: write into the rows `test`, fold by fold."),
    ]
    return (y, p, folds), right, mistakes


def _decided(y, p, folds, choose=ONE_A_LABEL, at_least=np.greater_equal):
    labels = np.zeros(y.shape)
    for train, test in folds:
        labels[test] = at_least(p[test], choose(y[train], p[train]))
    return labels
