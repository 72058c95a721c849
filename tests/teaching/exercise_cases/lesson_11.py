"""Answers to the exercises of lesson 11."""

from collections import Counter
from itertools import chain

import numpy as np
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline

from exercise_cases.cases import Case
from helpers.estimators import evaluate_estimator

rng = np.random.default_rng(8)
X = rng.normal(size=(100, 500))
y = rng.integers(0, 2, size=(100, 3))


def names_of(text):
    """Split a text into names, as one should."""
    return {name.strip() for name in text.split(";")} - {""}


def lonely(texts, split=names_of):
    """Find the names that one row has."""
    counts = Counter(chain.from_iterable(map(split, texts)))
    return sorted(name for name, count in counts.items() if count == 1)


def occurrences(text):
    """Keep what a row says twice."""
    return [name.strip() for name in text.split(";") if name.strip()]


def by_pandas(texts):
    """Do the same with pandas."""
    names = texts.str.split(";").explode().str.strip()
    counts = names[names != ""].reset_index().drop_duplicates().iloc[:, 1].value_counts()
    return counts.index[counts == 1]


def mixed(folds, groups):
    """Count the groups on both sides."""
    return [np.intersect1d(groups[train], groups[test]).size for train, test in folds]


def by_sets(folds, groups):
    """Do the same with Python's sets."""
    return [len({*groups[train]} & {*groups[test]}) for train, test in folds]


def rows_on_both_sides(folds, groups):
    """Look for rows, not for groups."""
    return [np.intersect1d(train, test).size for train, test in folds]


def relatives(side):
    """Count rows on one side whose group is on the other."""
    return lambda folds, groups: [
        int(np.isin(groups[fold[side]], groups[fold[1 - side]]).sum()) for fold in folds
    ]


def of_side(side):
    """Count all groups on one side."""
    return lambda folds, groups: [len({*groups[fold[side]]}) for fold in folds]


def losses(n_columns, k):
    """Compute mean scores with the choice made within the folds, and beforehand."""
    regression, some = LogisticRegression(max_iter=1000), X[:, :n_columns]
    within = OneVsRestClassifier(make_pipeline(SelectKBest(k=k), regression))
    best = [SelectKBest(k=k).fit(some, label).get_support(indices=True) for label in y.T]
    one_a_label, chosen = OneVsRestClassifier(regression), some[:, np.unique(best)]
    honest = evaluate_estimator(some, y, within, KFold(5)).scores.mean()
    return honest, evaluate_estimator(chosen, y, one_a_label, KFold(5)).scores.mean()


HONEST, LEAKY = losses(n_columns=500, k=10)
FLATTERY = HONEST["hamming_loss"] - LEAKY["hamming_loss"]

CASES = {
    "11.1": Case(
        right=[lonely, by_pandas, lambda texts: set(lonely(texts))],
        wrong=[
            (lambda texts: [*lonely(texts), ""], "An empty text has no name"),
            (lambda texts: lonely(texts, lambda t: {*t.split(";")} - {""}), "blanks around a name"),
            (lambda texts: lonely(texts.str.lower()), "the very slip"),
            (lambda texts: lonely(texts, occurrences), "a name twice is still one row"),
            (lambda texts: {**dict.fromkeys(lonely(texts), 1)}, "without their counts"),
            (lambda texts: sorted(set.union(*map(names_of, texts))), "several rows have"),
            (lambda texts: 2 * lonely(texts), "twice"),
            (lambda texts: [1, 2], "something else in it"),
            (lambda texts: ["green"], "exactly one row"),
            (lambda texts: "Red", "this is a text"),
        ],
    ),
    "11.2": Case(
        right=[mixed, by_sets, lambda *given: np.array(mixed(*given))],
        wrong=[
            (lambda *given: sum(mixed(*given)), "one number"),
            (lambda *given: {0: 1}, "list of numbers is asked for"),
            (lambda *given: mixed(*given)[1:], "4 folds here"),
            (lambda *given: [count > 0 for count in mixed(*given)], "not whether"),
            (lambda folds, groups: [{*groups[a]} & {*groups[b]} for a, b in folds], "how many"),
            (rows_on_both_sides, "look up each row's group"),
            (relatives(1), "held-out rows"),
            (relatives(0), "training rows"),
            (of_side(1), "all groups that are held out"),
            (of_side(0), "all groups in training"),
            (lambda *given: [9, 9, 9, 9], "groups[train]"),
        ],
    ),
    "11.3": Case(
        right=[FLATTERY, round(FLATTERY, 2)],
        wrong=[
            (0.0, "No difference"),
            (-FLATTERY, "The other way round"),
            (LEAKY["hamming_loss"], "the leaky loss itself"),
            (HONEST["hamming_loss"], "the honest loss itself"),
            (LEAKY["subset_accuracy"] - HONEST["subset_accuracy"], "of subset accuracies"),
            (1.0, "into one pipeline"),
        ],
        given={"X": X, "y": y},
    ),
}
