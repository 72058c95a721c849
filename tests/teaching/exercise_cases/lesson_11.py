"""Answers to the exercises of lesson 11."""

from collections import Counter
from itertools import chain

import numpy as np
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, GroupShuffleSplit, KFold
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


def by_writer(writer, n_splits):
    """Keep writers together."""
    return list(GroupKFold(n_splits).split(writer, groups=writer))


def by_hand(writer, n_splits):
    """Do the same without scikit-learn."""
    fold = writer % n_splits
    return [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(n_splits)]


def some_writers(writer, n_splits):
    """Hold out some writers, by chance: some twice, some never."""
    return list(GroupShuffleSplit(n_splits, random_state=0).split(writer, groups=writer))


def folds_of(splitter):
    """Make folds that know nothing of writers."""
    return lambda writer, n_splits: list(splitter.split(writer))


def changed(change):
    """Change each fold that is right."""
    return lambda *given: [change(*fold) for fold in by_writer(*given)]


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
        right=[by_writer, by_hand],
        wrong=[
            (lambda *given: iter(by_writer(*given)), "all at once"),
            (lambda *given: [test for _, test in by_writer(*given)], "should be a pair"),
            (lambda writer, n_splits: by_writer(writer, 5), "found 5"),
            (folds_of(KFold(3, shuffle=True, random_state=1)), "which splitter knows about groups"),
            (folds_of(KFold(3)), "blocks of neighbors"),
            (changed(lambda train, test: (test, train)), "change places"),
            (some_writers, "exactly once"),
            (changed(lambda train, test: (train[2:], test)), "neither trained on nor held out"),
            (changed(lambda *fold: [np.isin(range(24), part) for part in fold]), "flatnonzero"),
            (changed(lambda train, test: (train + 1, test)), "counted from 0"),
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
