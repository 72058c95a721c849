"""Checks of lesson 11: slips in names of labels, groups on both sides, a choice that leaks."""

import numpy as np
import pandas as pd
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline

from helpers.estimators import evaluate_estimator
from helpers.teaching.exercises import Hint, call, checks, compare, kind_of, read_number

TEXTS = ["red;round", "red", "", "Red;round", "green; round", "blue;blue", "red ;small", "small"]
LONELY = {"Red", "green", "blue"}
GROUPS = np.array([30, 10, 10, 50, 20, 30, 20, 40, 20, 10, 20, 50, 30, 40, 20])
# The last fold keeps groups together; in the first, one group is on both sides, with three rows.
FOLDS = [
    (np.array([3, 4, 6, 8, 10, 11, 14, 7]), np.array([0, 5, 12, 13, 1, 2, 9])),
    (np.array([0, 1, 2, 5, 7, 9, 12, 13, 4]), np.array([6, 8, 10, 14, 3, 11])),
    (np.array([0, 1, 3, 6, 8, 11]), np.array([2, 4, 5, 7, 9, 10, 12, 13, 14])),
    (np.array([0, 5, 12, 3, 11]), np.array([1, 2, 9, 4, 6, 8, 10, 14])),
]


@checks(
    "11.1", "A look at the names that one row has costs a line, and saves a label nobody can learn."
)
def _lonely_names(answer):
    answer = call(answer, pd.Series(TEXTS))
    if isinstance(answer, dict | pd.Series):
        raise Hint("The names are asked for, without their counts.")
    if not isinstance(answer, list | tuple | set | np.ndarray | pd.Index):
        raise Hint(f"A list of names is asked for, and this is {kind_of(answer)}.")
    names = list(answer)
    if not all(isinstance(name, str) for name in names):
        raise Hint("A list of names is asked for, and there is something else in it.")
    if "" in names:
        raise Hint("An empty text has no name in it, and gives none.")
    if any(name != name.strip() for name in names):
        raise Hint("There are blanks around a name. They are no part of it.")
    if len(set(names)) < len(names):
        raise Hint("A name stands in the list twice.")
    if {"red", "round"} & set(names):
        raise Hint("Names that several rows have are in the list, too.")
    if LONELY - set(names) == {"Red"}:
        raise Hint("Small and capital letters differ, and that may be the very slip.")
    if LONELY - set(names) == {"blue"}:
        raise Hint("Count rows: a row that says a name twice is still one row.")
    if set(names) != LONELY:
        raise Hint("Which names does exactly one row have? Split each text at its semicolons.")


@checks("11.2", "Count the groups on both sides before you believe a score: it takes one line.")
def _mixed_groups(answer):
    counts = call(answer, FOLDS, GROUPS)
    if isinstance(counts, int | np.integer):
        raise Hint("This is one number. A list is asked for, with a number for each fold.")
    if not isinstance(counts, list | tuple | np.ndarray):
        raise Hint(f"A list of numbers is asked for, and this is {kind_of(counts)}.")
    if len(counts) != len(FOLDS):
        raise Hint(f"There are {len(FOLDS)} folds here, and {len(counts)} numbers in the list.")
    if any(isinstance(count, bool | np.bool_) for count in counts):
        raise Hint("How many groups are asked for, not whether there are any.")
    if not all(isinstance(count, int | np.integer) for count in counts):
        raise Hint("Not the groups themselves are asked for, but how many they are.")
    on_both = [np.intersect1d(GROUPS[train], GROUPS[test]) for train, test in FOLDS]
    counts, right = [int(count) for count in counts], [len(both) for both in on_both]
    mistakes = [
        ([0] * len(FOLDS), "No *row* is on both sides. But groups are: look up each row's group."),
        (_rows_of_mixed(1, on_both), "These are held-out rows. Count groups, each once."),
        (_rows_of_mixed(0, on_both), "These are training rows. Count groups, each once."),
        ([len(set(GROUPS[test])) for _, test in FOLDS], "These are all groups that are held out."),
        ([len(set(GROUPS[train])) for train, _ in FOLDS], "These are all groups in training."),
    ]
    for wrong, hint in mistakes:
        if counts == wrong:
            raise Hint(hint)
    if counts != right:
        raise Hint("In each fold, which groups are in groups[train] and in groups[test], too?")


def _rows_of_mixed(side, on_both):
    """Count the rows of one side of each fold whose group is on the other side, too."""
    sides = [np.isin(GROUPS[fold[side]], both) for fold, both in zip(FOLDS, on_both, strict=True)]
    return [int(mixed.sum()) for mixed in sides]


@checks("11.3", "Where nothing can be learned, all that the leaky way promised came from the leak.")
def _flattery(answer, X, y):
    answer = read_number(answer)
    folds = KFold(5)
    one_a_label = OneVsRestClassifier(LogisticRegression(max_iter=1000))
    keep = np.unique([SelectKBest(k=10).fit(X, y_one).get_support(indices=True) for y_one in y.T])
    within = OneVsRestClassifier(make_pipeline(SelectKBest(k=10), LogisticRegression()))
    leaky = evaluate_estimator(X[:, keep], y, one_a_label, folds).scores.mean()
    honest = evaluate_estimator(X, y, within, folds).scores.mean()
    right = honest["hamming_loss"] - leaky["hamming_loss"]
    by_rows = leaky["subset_accuracy"] - honest["subset_accuracy"]
    mistakes = [
        (0, "No difference: does each fold still choose its columns on its own rows only?"),
        (-right, "The other way round: the honest loss minus the leaky one."),
        (leaky["hamming_loss"], "This is the leaky loss itself. What is the difference?"),
        (honest["hamming_loss"], "This is the honest loss itself. What is the difference?"),
        (by_rows, "This is a difference of subset accuracies; compare Hamming losses."),
    ]
    otherwise = "Put SelectKBest(k=10) and the regression into one pipeline, for each label."
    compare(answer, right, mistakes, otherwise, tolerance=0.01)
