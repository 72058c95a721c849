"""Checks of lesson 13: rows that leak into a split's other side, accuracy by number of labels."""

import numpy as np

from helpers.teaching.exercises import Hint, call, checks, compare, read_array, read_number


@checks(
    "13.1",
    "This takes no training, so there is no reason not to look before you believe a score.",
)
def _leaked_share(answer):
    groups = np.array([7, 7, 7, 7, 2, 2, 9, 9, 9, 4, 5, 5])
    train, test = np.array([0, 1, 2, 6, 4, 10]), np.array([3, 5, 7, 8, 9])
    found = read_number(call(answer, train, test, groups))
    inside, before = np.isin(groups[test], groups[train]), np.isin(groups[train], groups[test])
    both = np.intersect1d(groups[train], groups[test])
    mistakes = [
        (inside.sum(), "This is a number of rows: divide it by the rows held out."),
        (1 - inside.mean(), "This is the share that does *not* leak."),
        (before.mean(), "This is the share of *training* rows. Held-out rows are asked for."),
        (len(both) / len(np.unique(groups[test])), "This counts messages: count rows."),
        (inside.sum() / len(groups), "Divide by the rows held out, not by all rows."),
        (np.isin(test, train).mean(), "Row numbers never overlap: compare groups[train]."),
    ]
    compare(found, inside.mean(), mistakes, "Which of groups[test] occur in groups[train]?")


@checks(
    "13.2",
    "A score of all rows hides this: say which rows are hard, and report them apart.",
)
def _accuracy_by_count(answer):
    rows = ["000", "000", "000", "100", "010", "001", "010", "100", "110", "011", "101"]
    y_true = np.array([list(map(int, row)) for row in [*rows, "111", "111"]])
    y_pred = y_true.copy()
    flipped = [[0, 1], [3, 0], [4, 1], [8, 2], [11, 0], [10, 1], [9, 0], [5, 2], [5, 0]]
    for row, label in flipped:
        y_pred[row, label] = 1 - y_pred[row, label]
    found = call(answer, y_true, y_pred)
    if isinstance(found, dict):
        raise Hint("Return the shares alone, in the order of the counts.")
    if np.shape(found) == (3,):
        raise Hint("Three numbers: did you begin at 0, and go on to the largest count?")
    found = read_array(found, (4,), "one share for each count from 0 to 3")
    right = (y_true == y_pred).all(axis=1)
    true, predicted = y_true.sum(axis=1), y_pred.sum(axis=1)
    per_label = (y_true == y_pred).mean(axis=1)
    rows = np.bincount(true)
    mistakes = [
        (np.bincount(predicted, right) / np.bincount(predicted), "Count the *true* labels."),
        (np.bincount(true, per_label) / rows, "*All* labels of a row have to be right."),
        (np.bincount(true, right), "These are numbers of rows: divide by the rows of that count."),
        (np.bincount(true, right) / len(true), "Divide by the rows of that count, not by all."),
        (np.bincount(true, ~right) / rows, "These are shares of *wrong* rows."),
        (
            np.bincount(true, true == predicted) / rows,
            "The right number of labels is not enough: they must be the right ones.",
        ),
    ]
    hint = "Which rows are wholly right? Average that over the rows of each count."
    compare(found, np.bincount(true, right) / rows, mistakes, hint)
