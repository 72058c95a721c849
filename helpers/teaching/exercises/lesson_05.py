"""Checks of lesson 05: two scores of label matrices, precision at a recall."""

import numpy as np
import pandas as pd

from helpers.teaching.exercises import call, checks, compare, read_array, read_number

# Rows 1, 3 and 4 are right at 0.4, two labels of row 5 and one of row 2 are wrong.
TRUTH = np.array([[1, 1, 0], [0, 1, 0], [1, 0, 0], [0, 0, 0], [1, 1, 1]])
PROBABILITIES = np.array(
    [[0.9, 0.45, 0.1], [0.2, 0.8, 0.6], [0.4, 0.3, 0.2], [0.3, 0.1, 0.3], [0.8, 0.2, 0.35]]
)
SHARE, SCREENED = 0.95, 2  # what a screening must find, and the place of its label
GRID = np.arange(1, 100) / 100


@checks("05.1", "Two lines, two questions: one asks whole rows, the other single labels.")
def _two_scores(answer):
    found = call(answer, TRUTH, PROBABILITIES, 0.4)
    first, second = read_array(found, (2,), "subset accuracy and Hamming loss, in this order")
    right = (PROBABILITIES >= 0.4) == TRUTH
    rows, loss = _scores(PROBABILITIES >= 0.4)
    some = right.any(axis=1).mean()
    labels = right.all(axis=0).mean()
    n_wrong = (~right).sum(axis=1).mean()
    mistakes = [
        (_scores(PROBABILITIES >= 0.5), "Does your function use its argument `threshold`?"),
        (_scores(PROBABILITIES > 0.4), "A probability that equals the threshold is a label: `>=`."),
        ((loss, rows), "Both numbers are right. Now return them in order."),
        ((some, second), "This counts rows with *any* label right, not with all."),
        ((labels, second), "This is the share of *labels* right in all rows: turn it."),
        ((1 - loss, second), "The first number is the share of single labels right, not of rows."),
        ((rows * len(TRUTH), second), "The first number is a count of rows: make it a share."),
        ((first, 1 - loss), "The second is a loss, so that 0 is best: count what is wrong."),
        ((first, 1 - rows), "The second number counts rows. Hamming loss counts single labels."),
        ((first, n_wrong), "The second number is wrong labels per row: go on."),
    ]
    otherwise = "Make the matrix `right` first: true where label and prediction agree."
    compare((first, second), (rows, loss), mistakes, otherwise)


def _scores(predicted):
    right = predicted == TRUTH
    return right.all(axis=1).mean(), 1 - right.mean()


@checks("05.2", "A purpose fixes one number and pays with another: always report the pair.")
def _precision_of_screening(answer, y, probabilities):
    answer = read_number(answer)
    truth, p = np.asarray(y)[:, SCREENED] == 1, np.asarray(probabilities)[:, SCREENED]
    table = pd.DataFrame({t: _precision_and_recall(truth, p >= t) for t in GRID}).T
    enough = table[table["recall"] >= SHARE]
    threshold, right = enough.index.max(), enough["precision"].iloc[-1]
    exact = np.sort(p[truth])[::-1][int(np.ceil(SHARE * truth.sum())) - 1]  # without a grid
    if abs(answer - truth[p >= exact].mean()) < 1e-3:
        return
    few = table[table["recall"] >= 1 - SHARE]
    of_all = np.asarray(probabilities) >= threshold
    mistakes = [
        (threshold, "This is the threshold. Which precision is left there?"),
        (100 * right, "This is a percentage: report a share between 0 and 1."),
        (enough["recall"].iloc[-1], "This is the recall there. Report the precision."),
        (enough["precision"].iloc[0], "This is the *lowest* threshold that finds enough."),
        (_precision_and_recall(truth, p >= 0.5)["precision"], "At 0.5 too few are found."),
        (np.mean(truth == (p >= threshold)), "This is the accuracy there, not the precision."),
        (few["precision"].iloc[-1], "This finds one row in twenty: turn it around."),
        (np.asarray(y)[of_all].mean(), "These are all labels together: take label_3 alone."),
    ]
    otherwise = "Go down from 0.99 in hundredths, and stop where the recall first reaches 0.95."
    compare(answer, right, mistakes, otherwise, tolerance=1e-3)


def _precision_and_recall(truth, predicted):
    hits = (truth & predicted).sum()
    return {"precision": hits / max(predicted.sum(), 1), "recall": hits / max(truth.sum(), 1)}
