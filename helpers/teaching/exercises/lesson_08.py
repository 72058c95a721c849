"""Checks of lesson 08: expected subset accuracy, thresholds without a leak."""

from functools import cache, partial

import numpy as np

from helpers.teaching.exercises import Hint, call, checks, compare, kind_of, read_array, read_number
from helpers.thresholds import choose_threshold, choose_thresholds

STEPS = np.arange(1, 10) / 10  # the thresholds that the lesson tries
ONE_A_LABEL = partial(choose_thresholds, thresholds=STEPS)


@checks(
    "08.1",
    "True probabilities tell how good a decision is before any label is known.",
)
def _expected_subset_accuracy(answer, set_proba, by_label, by_set, label_sets, y_fresh):
    largest = set_proba.max(axis=1)
    if np.shape(answer) == largest.shape and np.allclose(answer, largest):
        raise Hint("There is one probability per row here, and each is right. What is their mean?")
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
        (largest.max(), "This is its most certain row alone. What about the others?"),
    ]
    otherwise = "With which probability is the chosen set of one row the right one?"
    if abs(answer - largest.mean()) < 0.0006:
        otherwise = "Nearly: report it unrounded."
    compare(answer, largest.mean(), mistakes, otherwise)


@checks(
    "08.2",
    "No row was decided by thresholds searched on it: there is no leak.",
)
def _decide(answer):
    given, right, mistakes = _decisions()
    found = call(answer, *given)
    if isinstance(found, (tuple, set, str)):
        raise Hint(f"A matrix of labels is asked for, and this is {kind_of(found)}.")
    found = read_array(found, (90, 3), "a label for each row and label")
    otherwise = "For each pair: thresholds from y[other] and p[other], then labels of p[part]."
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
        (_decided(y, p, on_test), "Searched on the very rows that they decide: the leak."),
        (
            _decided(y, p, on_all),
            "All of `y` was searched, with the rows of the part: a leak, too.",
        ),
        (_decided(y, p, folds, one_for_all), "Here all labels share one threshold."),
        (
            _decided(y, p, folds, at_least=np.greater),
            "A probability equal to the threshold predicts the label, too: use >=.",
        ),
        (p >= 0.5, "This is the threshold 0.5. Does your function use what it has found?"),
        (y, "These are the true labels."),
        (p, "These are the probabilities. Which of them predict the label?"),
        (last, "Only one part is decided: write into the rows `part`, pair by pair."),
    ]
    return (y, p, folds), right, mistakes


def _decided(y, p, folds, choose=ONE_A_LABEL, at_least=np.greater_equal):
    labels = np.zeros(y.shape)
    for train, test in folds:
        labels[test] = at_least(p[test], choose(y[train], p[train]))
    return labels
