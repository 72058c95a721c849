"""Checks of lesson 03: subset accuracy of each repeat, the corrected error, folds of two sizes."""

import numpy as np

from helpers.checks.answers import Check, Hint, call, read_array, read_number


def _repeat_accuracies(answer):
    rng = np.random.default_rng(3)
    y = rng.integers(0, 2, (9, 3))
    probabilities = np.clip(y + rng.uniform(-0.8, 0.8, (4, 9, 3)), 0, 1)
    probabilities[:, 0], y[0] = 0.5, 1  # decided by >= alone
    found = call(answer, probabilities.copy(), y.copy())
    right = (probabilities >= 0.5) == y
    rows = right.all(axis=2)
    if np.shape(found) == () and np.array_equal(found, rows.mean()):
        raise Hint("This is one number for all repeats together: which axis counts them?")
    _compare(
        _read_repeats(found),
        rows.mean(axis=1),
        (
            right.mean(axis=(1, 2)),
            "You averaged over labels: a row that is half right counts half. It must be all right.",
        ),
        (
            right.any(axis=2).mean(axis=1),
            "A row with a single label right counts in full here: `any` or `all`?",
        ),
        (
            ((probabilities > 0.5) == y).all(axis=2).mean(axis=1),
            "Nearly. What does your function make of a probability of exactly 0.5?",
        ),
        (
            (probabilities == y).all(axis=2).mean(axis=1),
            "Probabilities are compared with labels: decide first, at the threshold 0.5.",
        ),
        (rows.sum(axis=1), "These are numbers of rows. A share is asked for."),
        (1 - rows.mean(axis=1), "This is the share of rows that are wrong."),
        otherwise="The shape is right, the numbers are not. There are three steps: decide, ask for "
        "all labels of a row, average over rows.",
    )


def _read_repeats(found):
    if np.shape(found) == (4, 9):
        raise Hint("There is one value a row of the table. Average them, repeat by repeat.")
    if np.shape(found) == (4, 3):
        raise Hint("There is one value a label. A row counts only with all of its labels right.")
    return read_array(found, (4,), "one number a repeat")


def _corrected_error(answer):
    for scores, n_train, n_test in (
        (np.array([0.8, 0.9, 0.7, 0.84, 0.77]), 80, 20),
        (np.array([0.61, 0.7, 0.66]), 300, 150),
    ):
        found = read_number(call(answer, scores.copy(), n_train, n_test))
        std, share, overlap = scores.std(ddof=1), 1 / len(scores), n_test / n_train
        _compare(
            found,
            std * np.sqrt(share + overlap),
            (std, "This is the SD itself: how far off one fold can be, not their mean."),
            (std * np.sqrt(share), "This is SD / √(folds), as if the folds were independent."),
            (std**2 * (share + overlap), "This is the variance. The standard error is its root."),
            (
                scores.std() * np.sqrt(share + overlap),
                "Nearly. NumPy's `std` divides by the number of scores; the SD of a sample divides "
                "by one less: see `ddof`.",
            ),
            (
                std * np.sqrt(share + n_train / n_test),
                "The ratio is upside down: the error grows with the rows held out.",
            ),
            (
                std * np.sqrt(share + n_test / (n_train + n_test)),
                "The held-out rows are divided by all rows here. Divide them by the training rows.",
            ),
            (std * (share**0.5 + overlap**0.5), "Add the two parts first, then take one root."),
            (std * np.sqrt(overlap), "Only the overlap is in it. More folds help a little, too."),
            otherwise="Not this number. It is the SD times a root, and under the root are two "
            "parts: one from the number of folds, one from the overlap.",
        )


def _ratio_of_spreads(answer):
    answer = read_number(answer)
    if answer == 2:
        raise Hint("That is what the formula predicts. Report what you measured, unrounded.")
    if 0 < answer < 0.15:
        raise Hint("This looks like an SD itself. Report one divided by the other.")
    if 0.25 < answer < 0.87:
        raise Hint("Below one the large folds would differ more. What is divided by what?")
    if 0.87 <= answer < 1.15:
        raise Hint("Nearly one: are these the means? It is the spreads that differ.")
    if 3.2 < answer < 8:
        raise Hint("About four is the ratio of the rows, and of the variances. Take the SDs.")
    if not 1.15 <= answer <= 3.2:
        raise Hint("This is too far off. Divide the larger SD by the smaller one.")


def _compare(found, expected, *mistakes, otherwise):
    """Raise the hint of the mistake that was made, if any was."""
    if np.allclose(found, expected, rtol=1e-4, atol=1e-6):
        return
    for values, hint in mistakes:
        if np.allclose(found, values, rtol=1e-4, atol=1e-6):
            raise Hint(hint)
    raise Hint(otherwise)


CHECKS = {
    "03.1": Check(
        _repeat_accuracies,
        "Keep out-of-fold probabilities, and you can compute any other score later, without "
        "training again.",
    ),
    "03.2": Check(
        _corrected_error,
        "However many repeats you add, the part from the overlap stays: dealing out the same rows "
        "again makes no new ones.",
    ),
    "03.3": Check(
        _ratio_of_spreads,
        "With four times the rows the folds differ about half as much: most of their spread is "
        "the number of rows in them.",
    ),
}
