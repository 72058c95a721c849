"""Checks of lesson 11: slips in names of labels, folds that keep groups, a choice that leaks."""

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
WRITER = np.array([3, 0, 0, 5, 1, 3, 2, 4, 1, 0, 2, 5, 3, 4, 1, 2, 0, 5, 4, 3, 1, 2, 5, 4])
N_SPLITS = 3


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


@checks(
    "11.2", "Folds that keep groups together ask how good a model is on people it has never met."
)
def _folds_by_writer(answer):
    folds = call(answer, WRITER, N_SPLITS)
    if not isinstance(folds, list):
        raise Hint(f"A list of folds is asked for, all at once, and this is {kind_of(folds)}.")
    if not all(isinstance(fold, tuple | list) and len(fold) == 2 for fold in folds):
        raise Hint("Each fold should be a pair: rows to train on, rows held out.")
    if len(folds) != N_SPLITS:
        raise Hint(f"With n_splits={N_SPLITS} there should be so many folds; found {len(folds)}.")
    folds = [tuple(_row_numbers(part) for part in fold) for fold in folds]
    held_out = np.bincount(np.concatenate([test for _, test in folds]), minlength=len(WRITER))
    if any(np.intersect1d(WRITER[train], WRITER[test]).size for train, test in folds):
        if all((np.diff(test) == 1).all() for _, test in folds):
            raise Hint("These are blocks of neighbors, and here a writer's rows are no neighbors.")
        raise Hint("Some writers are on both sides of a fold: which splitter knows about groups?")
    if (held_out == N_SPLITS - 1).all():
        raise Hint("Most rows are held out and few trained on: did train and test change places?")
    if (held_out != 1).any():
        raise Hint("No writer is on both sides, but not every row is held out exactly once.")
    if any(len(train) + len(test) != len(WRITER) for train, test in folds):
        raise Hint("In some fold, rows are neither trained on nor held out.")


def _row_numbers(part):
    rows = np.asarray(part)
    if rows.dtype == bool:
        raise Hint("Row numbers are asked for, not True and False: np.flatnonzero(...) gives them.")
    known = rows.ndim == 1 and np.issubdtype(rows.dtype, np.integer) and rows.size
    if not known or rows.min() < 0 or rows.max() >= len(WRITER):
        raise Hint("Each part of a fold should be an array of row numbers, counted from 0.")
    return rows


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
