"""Checks of lesson 07: an error row by row, the error of a difference, rows for an interval."""

import numpy as np

from helpers.results import corrected_std_error, row_std_error
from helpers.teaching.exercises import call, checks, compare, read_number

FOLDS_A = np.array([0.80, 0.84, 0.79, 0.86, 0.83, 0.88])
FOLDS_B = np.array([0.78, 0.80, 0.79, 0.81, 0.82, 0.83])
N_TRAIN, N_TEST = 200, 40


@checks(
    "07.1",
    "A row counts once, whatever its number of labels or repeats: its labels are not independent.",
)
def _loss_error(answer):
    predicted, y = _predicted_and_true()
    answer = read_number(call(answer, predicted, y))
    wrong = (predicted != y).astype(float)
    by_row = wrong.mean(axis=(0, 2))
    n_rows = len(by_row)
    right = row_std_error(by_row)
    any_wrong = wrong.max(axis=2)
    mistakes = [
        (
            wrong.std(ddof=1) / wrong.size**0.5,
            "Each label of each repeat was counted as a value. How many rows are there?",
        ),
        (
            wrong.mean(axis=0).std(ddof=1) / y.size**0.5,
            "The labels of a row were counted one by one. They belong together: average them.",
        ),
        (
            wrong.mean(axis=2).std(ddof=1) / (n_rows * len(predicted)) ** 0.5,
            "The same rows were counted once a repeat. Average the repeats first.",
        ),
        (
            row_std_error(any_wrong),
            "This is the error of subset accuracy: right or wrong as a row.",
        ),
        (by_row.std() / n_rows**0.5, "Nearly: divide by n − 1, not by n (`ddof=1`)."),
        (by_row.std(ddof=1), "This is how far rows are apart. How sure is their mean?"),
        (right**2, "This is a variance, the square of what is asked for."),
        (by_row.mean(), "This is the Hamming loss itself, not its error."),
        (
            by_row.std(ddof=1) / (n_rows * len(predicted)) ** 0.5,
            "Divide by the root of the number of rows: repeats make no new rows.",
        ),
        (1.96 * right, "This is half the width of an interval. The error is without the 1.96."),
    ]
    otherwise = "One loss for each row, then the SD of these losses, divided by the root of rows."
    compare(answer, right, mistakes, otherwise)


def _predicted_and_true():
    rng = np.random.default_rng(7)
    y = rng.integers(0, 2, (40, 3))
    hard = rng.random(40) < 0.3  # rows whose labels are often wrong together
    flipped = rng.random((2, 40, 3)) < np.where(hard, 0.6, 0.1)[:, None]
    return np.where(flipped, 1 - y, y), y


@checks(
    "07.2",
    "Paired and corrected: what is hard for both models drops out, what folds share does not.",
)
def _error_of_difference(answer):
    answer = read_number(call(answer, FOLDS_A, FOLDS_B, N_TRAIN, N_TEST))
    differences = FOLDS_A - FOLDS_B
    n_folds = len(FOLDS_A)
    share = 1 / n_folds + N_TEST / N_TRAIN
    sd, sd_a, sd_b = (scores.std(ddof=1) for scores in (differences, FOLDS_A, FOLDS_B))
    right = corrected_std_error(differences, N_TRAIN, N_TEST)
    mistakes = [
        (sd / n_folds**0.5, "This is the naive one: which term is missing under the root?"),
        (((sd_a**2 + sd_b**2) * share) ** 0.5, "Not paired yet: subtract fold by fold first."),
        (
            (sd_a - sd_b) * share**0.5,
            "Subtract the scores fold by fold, not their standard deviations.",
        ),
        (
            differences.std() * share**0.5,
            "Nearly: divide by n − 1, not by n. NumPy needs `ddof=1` for that.",
        ),
        (sd**2 * share, "This is a variance, the square of what is asked for."),
        (
            sd * (1 / n_folds + N_TRAIN / N_TEST) ** 0.5,
            "Held-out rows over training rows, not the other way round.",
        ),
        (differences.mean(), "This is the difference itself, not its error."),
        (
            sd * (1 / N_TRAIN + N_TEST / N_TRAIN) ** 0.5,
            "Count folds under the root, not rows: 1 / J.",
        ),
        (
            1.96 * right,
            "This is half the width of an interval. The error is what 1.96 was multiplied with.",
        ),
        (sd_a * share**0.5, "This is the error of a alone. Where is b?"),
        (sd, "This is how far single folds are apart. How sure is their mean?"),
    ]
    otherwise = "The formula is in section 1, with differences in place of scores."
    compare(answer, right, mistakes, otherwise)


@checks(
    "07.3",
    "The error falls with the root of the rows: half the width needs four times as many.",
)
def _rows_needed(answer):
    answer = read_number(answer)
    variance = 0.8 * 0.2
    right = (1.96 / 0.01) ** 2 * variance
    mistakes = [
        (variance / 0.01**2, "So many make the standard error 0.01. The interval is 1.96 as wide."),
        (right / 4, "±0.01 means 0.01 to each side, not 0.01 from end to end."),
        (4 * right, "±0.01 is 0.01 to each side; this interval is only half as wide."),
        (1.96**2 * variance / 0.01, "Square the 0.01, too: the error is under a root."),
        ((1.96 / 0.01) ** 2 * 0.4, "0.4 is the SD of a row. Which power of it is needed?"),
        ((1.96 / 0.01) ** 2 * 0.8, "The variance of a row that is right with probability p?"),
        ((1.96 / 0.01) ** 2 * 0.25, "This is for an accuracy of 0.5, the worst case."),
    ]
    otherwise = "Solve 0.01 = 1.96 · √(p(1 − p) / n) for n."
    compare(answer, right, mistakes, otherwise, tolerance=5)
