"""Checks of lesson 06: a baseline, the error of a difference, where label powerset ends."""

import numpy as np

from helpers.results import corrected_std_error
from helpers.teaching.exercises.answers import Check, call, compare, read_number

# Label by label the training rows say 111, which is none of them; their most frequent set is 011.
Y_TRAIN = np.repeat([[0, 1, 1], [1, 0, 0], [1, 1, 0], [1, 0, 1]], [3, 2, 2, 2], axis=0)
Y_TEST = np.repeat([[0, 1, 1], [1, 1, 1], [0, 0, 0], [1, 0, 0]], [2, 3, 1, 4], axis=0)
FOLDS_A = np.array([0.80, 0.84, 0.79, 0.86, 0.83, 0.88])
FOLDS_B = np.array([0.78, 0.80, 0.79, 0.81, 0.82, 0.83])
N_TRAIN, N_TEST = 200, 40


def _most_frequent_set(answer):
    answer = read_number(call(answer, Y_TRAIN, Y_TEST))
    majority = (Y_TRAIN.mean(axis=0) >= 0.5).astype(int)
    set_right = (Y_TEST == [0, 1, 1]).all(axis=1)
    mistakes = [
        ((Y_TEST == [0, 1, 1]).mean(), "Right single labels are counted here, not right rows."),
        (
            (majority == Y_TEST).all(axis=1).mean(),
            "Each label was decided by itself. The answer to that can be a set that no row has: "
            "count whole rows.",
        ),
        (
            (Y_TEST == [1, 0, 0]).all(axis=1).mean(),
            "The set was chosen on the test rows. A baseline may see the training rows only.",
        ),
        (
            (Y_TRAIN == [0, 1, 1]).all(axis=1).mean(),
            "The set is the right one, but it is scored on the rows that it was chosen on.",
        ),
        (set_right.sum(), "A share of the test rows is asked for, not their number."),
        ((Y_TEST == 0).all(axis=1).mean(), "This is what nothing but zeros would score."),
    ]
    otherwise = "Find the row that occurs most often in y_train; how many test rows equal it?"
    compare(answer, set_right.mean(), mistakes, otherwise)


def _error_of_difference(answer):
    answer = read_number(call(answer, FOLDS_A, FOLDS_B, N_TRAIN, N_TEST))
    differences, n_folds = FOLDS_A - FOLDS_B, len(FOLDS_A)
    share = 1 / n_folds + N_TEST / N_TRAIN
    variances = FOLDS_A.var(ddof=1) + FOLDS_B.var(ddof=1)
    sd = differences.std(ddof=1)
    turned = 1 / n_folds + N_TRAIN / N_TEST
    mistakes = [
        (sd / n_folds**0.5, "This is the naive one: which term is missing under the root?"),
        ((variances * share) ** 0.5, "Not paired yet: subtract fold by fold first."),
        (
            (FOLDS_A.std(ddof=1) - FOLDS_B.std(ddof=1)) * share**0.5,
            "Subtract the scores fold by fold, not their standard deviations.",
        ),
        (
            differences.std() * share**0.5,
            "Nearly: divide by n − 1, not by n. NumPy needs `ddof=1` for that.",
        ),
        (sd**2 * share, "This is a variance, the square of what is asked for."),
        (sd * turned**0.5, "Held-out rows over training rows, not the other way round."),
        (differences.mean(), "This is the difference itself, not its error."),
        (
            sd * (1 / N_TRAIN + N_TEST / N_TRAIN) ** 0.5,
            "Count folds under the root, not rows: 1 / k.",
        ),
        (
            1.96 * sd * share**0.5,
            "This is half the width of an interval. The error is what 1.96 was multiplied with.",
        ),
        (FOLDS_A.std(ddof=1) * share**0.5, "This is the error of a alone. Where is b?"),
        (sd, "This is how far single folds are apart. How sure is their mean?"),
    ]
    otherwise = "The formula is in section 6, with differences in place of scores."
    compare(answer, corrected_std_error(differences, N_TRAIN, N_TEST), mistakes, otherwise)


def _known_sets(answer, y, folds):
    answer = read_number(answer)
    keys = np.array(["".join(map(str, row)) for row in y])
    parts = [(keys[train], keys[test]) for train, test in folds]
    right = np.mean([np.isin(test, train).mean() for train, test in parts])
    different = np.mean([np.isin(np.unique(test), train).mean() for train, test in parts])
    mistakes = [
        (1 - right, "This is the share that is out of reach. The ceiling is what is left."),
        (1, "Was each row compared with the whole table? Then it has found itself."),
        (different, "Count held-out rows, not different label sets: a frequent set counts more."),
        (100 * right, "A share between 0 and 1 is asked for, not a percentage."),
    ]
    otherwise = "In each fold: which held-out rows have a label set that a training row has, too?"
    if 0 <= answer < 0.25:
        otherwise = "That looks like a score of a model. How much could it have reached?"
    compare(answer, right, mistakes, otherwise, tolerance=0.0005)


CHECKS = {
    "06.1": Check(
        _most_frequent_set,
        "This is the first mark to put beside a score: what you get without looking at X.",
    ),
    "06.2": Check(
        _error_of_difference,
        "Paired and corrected: what is hard for both models drops out, what folds share does not.",
    ),
    "06.3": Check(
        _known_sets,
        "However good its classifier is, label powerset cannot score more than this here.",
    ),
}
