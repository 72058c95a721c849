"""Checks of lesson 05: two scores of label matrices, balanced accuracy, precision at a recall."""

import numpy as np
import pandas as pd

from helpers.teaching.exercises import Hint, call, checks, compare, read_array, read_number

# Rows 1, 3 and 4 are right at 0.4, two labels of row 5 and one of row 2 are wrong.
TRUTH = np.array([[1, 1, 0], [0, 1, 0], [1, 0, 0], [0, 0, 0], [1, 1, 1]])
PROBABILITIES = np.array(
    [[0.9, 0.45, 0.1], [0.2, 0.8, 0.6], [0.4, 0.3, 0.2], [0.3, 0.1, 0.3], [0.8, 0.2, 0.35]]
)
COUNTS = pd.DataFrame(
    [[40, 10, 5, 45], [18, 6, 16, 60], [85, 5, 4, 6]],
    index=["a", "b", "c"],
    columns=["true_negative", "false_positive", "false_negative", "true_positive"],
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


@checks("05.2", "A model that always says the same would get one half, however rare the label.")
def _balanced_accuracy(answer):
    found = call(answer, COUNTS)
    tn, fp, fn, tp = COUNTS.to_numpy().T
    recall, specificity = tp / (tp + fn), tn / (tn + fp)
    right = (recall + specificity) / 2
    if np.ndim(found) == 0 and np.allclose(read_number(found), right.mean()):
        raise Hint("This is the mean over the labels. Leave it at one number per label.")
    found = read_array(found, (len(COUNTS),), "one number per label")
    mistakes = [
        ((tp + tn) / COUNTS.sum(axis=1), "This is plain accuracy: rare labels don't count."),
        (recall + specificity, "This is the sum of both: take their mean."),
        (recall, "This is recall alone: what about the rows without the label?"),
        (specificity, "This is specificity alone: what about the rows with the label?"),
        ((tp / (tp + fp) + specificity) / 2, "Divide TP by the rows that *have* the label."),
        ((tp / (tp + fp) + recall) / 2, "This is the mean of precision and recall."),
        ((recall + tn / (tn + fn)) / 2, "Divide TN by the rows that do *not* have the label."),
        (np.sqrt(recall * specificity), "This is the geometric mean: take the plain one."),
    ]
    compare(found, right, mistakes, "Recall is TP / (TP + FN), specificity is TN / (TN + FP).")


@checks("05.3", "A purpose fixes one number and pays with another: always report the pair.")
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
