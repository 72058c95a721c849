"""Answers to the exercises of lesson 04, with results and models that were never trained."""

import numpy as np
from sklearn.model_selection import RepeatedKFold

from exercise_cases.cases import Case
from helpers.data import make_dataset, make_fresh_rows
from helpers.results import collect_result

X, y = make_dataset(random_state=3)
_, y_ours = make_dataset()
X_fresh, y_fresh = make_fresh_rows(2000, random_state=3)


def spoiled(y, share, seed=0):
    """Return labels of which a share of the rows has one wrong label."""
    rng = np.random.default_rng(seed)
    labels, rows = y.copy(), np.flatnonzero(rng.random(len(y)) < share)
    labels[rows, rng.integers(0, y.shape[1], len(rows))] ^= 1
    return labels


def evaluated(y, share=0.32, n_repeats=3):
    """Make the result of a cross-validation in which this share of the rows is wrong."""
    cv = RepeatedKFold(n_splits=10, n_repeats=n_repeats, random_state=1)
    folds = list(cv.split(y))
    labels = [spoiled(y[test], share, seed) for seed, (_, test) in enumerate(folds)]
    return collect_result(y, folds, [fold.astype(float) for fold in labels], labels)


class Predictor:
    """A model that knows the rows, and is wrong in a share of them, as one that was trained."""

    label_names = ("label_1", "label_2", "label_3")

    def __init__(self, share):
        self.known = {}
        for rows, labels, seed in [(X_fresh, y_fresh, 1), (X, y, 2)]:
            wrong = share if seed == 1 else 0.9 * share
            self.known[rows.tobytes()] = spoiled(labels, wrong, seed)

    def predict(self, table):
        return self.known[np.ascontiguousarray(table).tobytes()]


SIZE = y.sum(axis=1)
SETS, COUNTS = np.unique(y, axis=0, return_counts=True)
CARDINALITY, WITHOUT = SIZE.mean(), (SIZE == 0).mean()

RESULT = evaluated(y)
SCORES = RESULT.scores["subset_accuracy"]
SUMMARY = RESULT.summary().loc["subset_accuracy"]
MEAN, STD, BASE = SUMMARY["mean"], SUMMARY["std"], COUNTS.max() / len(y)
HAMMING = RESULT.scores["hamming_loss"].mean()

PREDICTOR = Predictor(0.345)
HITS = PREDICTOR.predict(X_fresh) == y_fresh
FRESH = HITS.all(axis=1).mean()
OWN = (PREDICTOR.predict(X) == y).all(axis=1).mean()

CASES = {
    "04.1": Case(
        right=[[CARDINALITY, 8, WITHOUT], (round(CARDINALITY, 3), len(SETS), round(WITHOUT, 3))],
        wrong=[
            ([y_ours.sum(axis=1).mean(), 8, WITHOUT], "This cardinality belongs to the lesson's"),
            ([y.mean(), 8, WITHOUT], "share of ones"),
            ([y.sum(), 8, WITHOUT], "counts all labels"),
            ([SIZE[SIZE > 0].mean(), 8, WITHOUT], "as 0"),
            ([9, 8, WITHOUT], "Not this cardinality"),
            ([CARDINALITY, 3, WITHOUT], "number of labels"),
            ([CARDINALITY, 4, WITHOUT], "different *numbers*"),
            ([CARDINALITY, 7, WITHOUT], "the empty one"),
            ([CARDINALITY, 5, WITHOUT], "This number of label sets belongs"),
            ([CARDINALITY, 1000, WITHOUT], "number of rows"),
            ([CARDINALITY, 6, WITHOUT], "Not this number of label sets"),
            ([CARDINALITY, 8, 0.156], "This share of rows without a label belongs"),
            ([CARDINALITY, 8, 172], "Report their share"),
            ([CARDINALITY, 8, 17.2], "in percent"),
            ([CARDINALITY, 8, 1 - WITHOUT], "*with* a label"),
            ([CARDINALITY, 8, 1 - y.mean()], "share of zeros"),
            ([CARDINALITY, 8, 0.5], "Not this share"),
            ([CARDINALITY, 8], "A list of 3"),
        ],
    ),
    "04.2": Case(
        right=[[MEAN, STD, BASE], (round(MEAN, 3), round(STD, 4), round(BASE, 3))],
        wrong=[
            ([1 - HAMMING, STD, BASE], "share of single labels right"),
            ([HAMMING, STD, BASE], "Hamming loss"),
            ([RESULT.scores["f1_macro"].mean(), STD, BASE], "macro F1"),
            ([SCORES.max(), STD, BASE], "best fold"),
            ([100 * MEAN, STD, BASE], "in percent"),
            ([0.5, STD, BASE], "not the mean of"),
            ([MEAN, SCORES.var(), BASE], "variance"),
            ([MEAN, SUMMARY["std_error"], BASE], "error of the mean"),
            ([MEAN, SCORES.std() / np.sqrt(30), BASE], "√30"),
            (
                [MEAN, RESULT.scores.groupby("repeat")["subset_accuracy"].mean().std(), BASE],
                "SD of three repeats",
            ),
            ([MEAN, 0.5, BASE], "not the SD"),
            ([MEAN, STD, COUNTS.max()], "Report their share"),
            ([MEAN, STD, 1 / 8], "equally frequent"),
            ([MEAN, STD, 0.176], "each frequent"),
            ([MEAN, STD, WITHOUT], "empty set"),
            ([MEAN, STD, 0.319], "baseline of the lesson's data"),
            ([MEAN, STD, 0.9], "Not this baseline"),
            (MEAN, "A list of 3"),
        ],
        given={"result": RESULT},
    ),
    "04.3": Case(
        right=[[FRESH, True], (round(FRESH, 3), np.True_)],
        wrong=[
            ([HITS.mean(), True], "share of single labels right"),
            ([OWN, True], "fitted on"),
            ([MEAN, True], "cross-validated mean"),
            ([100 * FRESH, True], "in percent"),
            ([0.1, True], "Not this score"),
            ([FRESH, "yes"], "True or False"),
            ([FRESH, False], "Look again"),
            (FRESH, "A list of 2"),
        ],
        given={"predictor": PREDICTOR, "result": RESULT, "X": X_fresh, "y": y_fresh},
    ),
}
