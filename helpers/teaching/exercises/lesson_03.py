"""Checks of lesson 03: subset accuracy of each repeat, the corrected error, folds of two sizes."""

import numpy as np

from helpers.teaching.exercises import Hint, call, checks, compare, read_array, read_number


@checks(
    "03.1",
    "Keep out-of-fold probabilities, and you can compute any other score later, without "
    "training again.",
)
def _repeat_accuracies(answer):
    rng = np.random.default_rng(3)
    y = rng.integers(0, 2, (9, 3))
    probabilities = np.clip(y + rng.uniform(-0.8, 0.8, (4, 9, 3)), 0, 1)
    probabilities[:, 0] = 0.5  # decided by >= alone
    y[0] = 1
    found = call(answer, probabilities, y)
    right = (probabilities >= 0.5) == y
    rows = right.all(axis=2)
    cells = right.mean(axis=(1, 2))
    some = right.any(axis=2).mean(axis=1)
    above = ((probabilities > 0.5) == y).all(axis=2).mean(axis=1)
    equal = (probabilities == y).all(axis=2).mean(axis=1)
    if np.shape(found) == () and np.array_equal(found, rows.mean()):
        raise Hint("This is one number for all repeats together: which axis counts them?")
    if np.shape(found) == (4, 9):
        raise Hint("There is one value a row of the table. Average them, repeat by repeat.")
    if np.shape(found) == (4, 3):
        raise Hint("There is one value a label. A row counts only with all of its labels right.")
    found = read_array(found, (4,), "one number a repeat")
    mistakes = [
        (cells, "You averaged over labels: a row half right counts half. It must be all right."),
        (some, "A row with a single label right counts in full here: `any` or `all`?"),
        (above, "Nearly. What does your function make of a probability of exactly 0.5?"),
        (equal, "Probabilities are compared with labels: decide first, at the threshold 0.5."),
        (rows.sum(axis=1), "These are numbers of rows. A share is asked for."),
        (1 - rows.mean(axis=1), "This is the share of rows that are wrong."),
    ]
    otherwise = (
        "The shape is right, the numbers are not. There are three steps: decide, ask for all "
        "labels of a row, average over rows."
    )
    compare(found, rows.mean(axis=1), mistakes, otherwise, tolerance=1e-4)


@checks(
    "03.2",
    "However many repeats you add, the part from the overlap stays: dealing out the same rows "
    "again makes no new ones.",
)
def _corrected_error(answer):
    for scores, n_train, n_test in (
        (np.array([0.8, 0.9, 0.7, 0.84, 0.77]), 80, 20),
        (np.array([0.61, 0.7, 0.66]), 300, 150),
    ):
        found = read_number(call(answer, scores, n_train, n_test))
        std, share, overlap = scores.std(ddof=1), 1 / len(scores), n_test / n_train
        both = np.sqrt(share + overlap)
        turned = std * np.sqrt(share + n_train / n_test)
        of_all = std * np.sqrt(share + n_test / (n_train + n_test))
        mistakes = [
            (std, "This is the SD itself: how far off one fold can be, not their mean."),
            (std * np.sqrt(share), "This is SD / √(folds), as if the folds were independent."),
            ((std * both) ** 2, "This is the variance. The standard error is its root."),
            (
                scores.std() * both,
                "Nearly. NumPy's `std` divides by the number of scores; the SD of a sample "
                "divides by one less: see `ddof`.",
            ),
            (turned, "The ratio is upside down: the error grows with the rows held out."),
            (
                of_all,
                "The held-out rows are divided by all rows here. Divide them by the training rows.",
            ),
            (std * (share**0.5 + overlap**0.5), "Add the two parts first, then take one root."),
            (std * np.sqrt(overlap), "Only the overlap is in it. More folds help a little, too."),
        ]
        otherwise = (
            "Not this number. It is the SD times a root, and under the root are two parts: one "
            "from the number of folds, one from the overlap."
        )
        compare(found, std * both, mistakes, otherwise, tolerance=1e-5)


@checks(
    "03.3",
    "The fewer rows you hold out, the farther apart scores are by chance: that much of the "
    "spread says nothing about the model.",
)
def _ratio_of_spreads(answer, small=..., large=...):
    answer = read_number(answer)
    small, large = _read_scores(small, 50), _read_scores(large, 200)
    ours, theirs = small.std(ddof=1), large.std(ddof=1)
    right = ours / theirs
    if right < 1:
        raise Hint("Your scores from 200 rows are farther apart: did the arrays change places?")
    mistakes = [
        (2, "That is what the formula predicts. Report what you measured, unrounded."),
        (right**2, "This is the ratio of the variances. Take the SDs."),
        (1 / right, "Upside down: below one the large folds would differ more."),
        (ours - theirs, "This is the difference of the SDs. Divide one by the other."),
        (ours, "This looks like an SD itself. Report one divided by the other."),
        (theirs, "This is the SD with 200 rows. How many times as large is the other?"),
        (small.mean() / large.mean(), "Nearly one: are these the means? The spreads differ."),
    ]
    otherwise = "This does not fit your scores. Divide the larger SD by the smaller one."
    if abs(answer - right) < 0.06:
        otherwise = "Nearly: report it unrounded."
    compare(answer, right, mistakes, otherwise, tolerance=5e-4)


def _read_scores(scores, n_rows):
    if scores is ...:
        raise Hint(f"Hand over the scores as well: those from {n_rows} held-out rows are missing.")
    scores = read_array(scores, (30,), f"one score from {n_rows} rows for each of thirty splits")
    if scores.min() < 0 or scores.max() > 1:
        raise Hint(f"A subset accuracy is between 0 and 1; with {n_rows} rows some are not.")
    if np.ptp(scores) == 0:
        raise Hint(f"All thirty scores from {n_rows} rows are the same: are the splits, too?")
    return scores
