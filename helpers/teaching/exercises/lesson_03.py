"""Checks of lesson 03: impossible label sets repaired and scored, folds of two sizes."""

import numpy as np

from helpers.teaching.exercises import Hint, call, checks, compare, read_array, read_number


@checks(
    "03.1",
    "What you know about your labels can help after training, too, and costs no new network. "
    "How little it gains here: most ghosts are wrong in other labels as well, or were right.",
)
def _accuracies_without_ghosts(answer):
    y, probabilities = _rows_and_probabilities()
    given = probabilities.copy()
    found = call(answer, probabilities, y)
    if not np.array_equal(probabilities, given):
        raise Hint("Your function changes the probabilities that it was given: work on a copy.")
    decided = probabilities >= 0.5
    others = decided[..., :2]
    right = _keep_third(decided, others.all(axis=2)) == y
    rows = right.all(axis=2)
    if np.shape(found) == () and np.array_equal(found, rows.mean()):
        raise Hint("This is one number for all repeats together: which axis counts them?")
    if np.shape(found) == rows.shape:
        raise Hint("There is one value for each row. Average them, repeat by repeat.")
    if np.shape(found) == (len(probabilities), 3):
        raise Hint("There is one value for each label. A row counts if all its labels are right.")
    found = read_array(found, (len(probabilities),), "one number for each repeat")

    def accuracy(labels):
        return (labels == y).all(axis=2).mean(axis=1)

    ghost = decided[..., 2] & ~others.all(axis=2)
    above = probabilities > 0.5
    mistakes = [
        (accuracy(decided), "These are the scores with the ghosts: label_3 is still there."),
        (
            accuracy(_keep_third(decided, others.any(axis=2))),
            "Nearly. Your label_3 stays where one other label is predicted. It needs both.",
        ),
        (
            accuracy(decided & ~ghost[..., None]),
            "You removed all labels of such a row. Only label_3 goes, the others stay.",
        ),
        (
            accuracy(decided | ghost[..., None]),
            "You added the missing labels. That makes the set possible, too; here label_3 goes.",
        ),
        (accuracy(_keep_third(decided, False)), "You removed label_3 everywhere."),
        (
            accuracy(_keep_third(above, above[..., :2].all(axis=2))),
            "Nearly. What does your function do with a probability of exactly 0.5?",
        ),
        (right.mean(axis=(1, 2)), "You averaged over labels: a half-right row counts half."),
        (right.any(axis=2).mean(axis=1), "A row with a single right label counts: `any` or `all`?"),
        (rows.sum(axis=1), "These are numbers of rows. A share is asked for."),
        (1 - rows.mean(axis=1), "This is the share of rows that are wrong."),
    ]
    otherwise = (
        "The shape is right, the numbers are not. There are four steps: decide, remove label_3 "
        "where it can't be, ask for all labels of a row, average over rows."
    )
    compare(found, rows.mean(axis=1), mistakes, otherwise, tolerance=1e-4)


def _rows_and_probabilities():
    """Return labels without ghosts, and four repeats of probabilities with some."""
    rng = np.random.default_rng(3)
    y = rng.integers(0, 2, (60, 3))
    y[:, 2] &= y[:, 0] & y[:, 1]
    probabilities = np.clip(y + rng.uniform(-0.8, 0.8, (4, 60, 3)), 0, 1)
    probabilities[:, :6] = 0.5  # decided by >= alone
    y[:3], y[3:6] = 1, [1, 0, 0]
    return y, probabilities


def _keep_third(labels, where):
    """Return a copy in which label_3 stays in some places only."""
    labels = labels.copy()
    labels[..., 2] &= where
    return labels


@checks(
    "03.2",
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
