"""Checks of lesson 06: a baseline, the error of a difference, where label powerset ends."""

import numpy as np

from helpers.results import corrected_std_error
from helpers.teaching.exercises import call, checks, compare, read_number

# Label by label the training rows say 111, which is none of them; their most frequent set is 011.
Y_TRAIN = np.repeat([[0, 1, 1], [1, 0, 0], [1, 1, 0], [1, 0, 1]], [3, 2, 2, 2], axis=0)
Y_TEST = np.repeat([[0, 1, 1], [1, 1, 1], [0, 0, 0], [1, 0, 0]], [2, 3, 1, 4], axis=0)
FOLDS_A = np.array([0.80, 0.84, 0.79, 0.86, 0.83, 0.88])
FOLDS_B = np.array([0.78, 0.80, 0.79, 0.81, 0.82, 0.83])
N_TRAIN, N_TEST = 200, 40


@checks("06.1", "This is the first mark to put beside a score: what you get without looking at X.")
def _most_frequent_set(answer):
    answer = read_number(call(answer, Y_TRAIN, Y_TEST))
    majority = (Y_TRAIN.mean(axis=0) >= 0.5).astype(int)
    set_right = (Y_TEST == [0, 1, 1]).all(axis=1)
    of_test = (Y_TEST == [1, 0, 0]).all(axis=1).mean()
    on_train = (Y_TRAIN == [0, 1, 1]).all(axis=1).mean()
    mistakes = [
        ((Y_TEST == [0, 1, 1]).mean(), "Right single labels are counted here, not right rows."),
        (
            (majority == Y_TEST).all(axis=1).mean(),
            "Each label was decided by itself. The answer to that can be a set that no row has: "
            "count whole rows.",
        ),
        (
            of_test,
            "The set was chosen on the test rows. A baseline may see the training rows only.",
        ),
        (on_train, "The set is the right one, but it is scored on the rows that it was chosen on."),
        (set_right.sum(), "A share of the test rows is asked for, not their number."),
        ((Y_TEST == 0).all(axis=1).mean(), "This is what nothing but zeros would score."),
    ]
    otherwise = "Find the row that occurs most often in y_train; how many test rows equal it?"
    compare(answer, set_right.mean(), mistakes, otherwise)


@checks(
    "06.2",
    "Paired and corrected: what is hard for both models drops out, what folds share does not.",
)
def _error_of_difference(answer):
    answer = read_number(call(answer, FOLDS_A, FOLDS_B, N_TRAIN, N_TEST))
    differences = FOLDS_A - FOLDS_B
    n_folds = len(FOLDS_A)
    share = 1 / n_folds + N_TEST / N_TRAIN
    sd, sd_a, sd_b = (scores.std(ddof=1) for scores in (differences, FOLDS_A, FOLDS_B))
    right = corrected_std_error(differences, N_TRAIN, N_TEST)
    unpaired = ((sd_a**2 + sd_b**2) * share) ** 0.5
    by_n = differences.std() * share**0.5
    turned = sd * (1 / n_folds + N_TRAIN / N_TEST) ** 0.5
    by_rows = sd * (1 / N_TRAIN + N_TEST / N_TRAIN) ** 0.5
    mistakes = [
        (sd / n_folds**0.5, "This is the naive one: which term is missing under the root?"),
        (unpaired, "Not paired yet: subtract fold by fold first."),
        (
            (sd_a - sd_b) * share**0.5,
            "Subtract the scores fold by fold, not their standard deviations.",
        ),
        (by_n, "Nearly: divide by n − 1, not by n. NumPy needs `ddof=1` for that."),
        (sd**2 * share, "This is a variance, the square of what is asked for."),
        (turned, "Held-out rows over training rows, not the other way round."),
        (differences.mean(), "This is the difference itself, not its error."),
        (by_rows, "Count folds under the root, not rows: 1 / k."),
        (
            1.96 * right,
            "This is half the width of an interval. The error is what 1.96 was multiplied with.",
        ),
        (sd_a * share**0.5, "This is the error of a alone. Where is b?"),
        (sd, "This is how far single folds are apart. How sure is their mean?"),
    ]
    otherwise = "The formula is in section 6, with differences in place of scores."
    compare(answer, right, mistakes, otherwise)


@checks("06.3", "However good its classifier is, label powerset cannot score more than this here.")
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
