"""Checks of lesson 03: two repairs of impossible label sets, held-out parts of two sizes."""

import numpy as np

from helpers.teaching.exercises import Hint, call, checks, compare, read_array, read_number


@checks(
    "03.1",
    "What you know about your labels can correct predictions after training. Measure which "
    "correction helps: both give possible sets, and they don't gain the same.",
)
def _repaired_accuracies(answer):
    y, probabilities = _rows_and_probabilities()
    found = call(answer, probabilities, y)
    n_repeats, n_rows, n_labels = probabilities.shape
    shapes = {
        (n_repeats,): "This is one repair. Return two rows: label_3 removed, the others added.",
        (2,): "There is one number for each repair: which axis counts the repeats? Keep it.",
        (2, n_repeats, n_rows): "There is one value for each row of the table: average them.",
        (2, n_repeats, n_labels): "There is one value for each label: a row counts if all are "
        "right.",
        (n_repeats, 2): "This is turned on its side: one row for each repair is asked for.",
    }
    if hint := shapes.get(np.shape(found)):
        raise Hint(hint)
    found = read_array(found, (2, n_repeats), "one row for each repair, one column a repeat")
    decided = probabilities >= 0.5
    removed, added = _repair(decided)
    right, other = _accuracy(removed, y), _accuracy(added, y)
    if np.allclose(found, [other, right]):
        raise Hint("The two rows are swapped: first label_3 removed, then the others added.")
    compare(found[0], right, _mistakes(decided, removed, probabilities, y, 0), _STEPS)
    mistakes = _mistakes(decided, added, probabilities, y, 1)
    mistakes.insert(0, (right, "Your second repair finds nothing left to repair: use a copy."))
    compare(found[1], other, mistakes, _STEPS)


_STEPS = (
    "The shape is right, the numbers are not. There are four steps: decide, repair impossible "
    "sets only, ask for all labels of a row, average over rows."
)


def _mistakes(decided, repaired, probabilities, y, which):
    """List what typical mistakes give in one of the two rows, and a hint for each."""
    others = decided[..., :2]
    neither = decided[..., 2] & ~others.any(axis=2)
    impossible = decided[..., 2] & ~others.all(axis=2)
    half = _repair(decided, neither)[which]
    emptied = decided & ~impossible[..., None]
    everywhere = decided & [True, True, False]
    above = _repair(probabilities > 0.5)[which]
    right = repaired == y
    return [
        (
            _accuracy(decided, y),
            "These are the scores without a repair: impossible sets are still there.",
        ),
        (_accuracy(half, y), "Nearly. label_3 with only one of the others is impossible, too."),
        (_accuracy(emptied, y), "You removed all labels of such a row. Only label_3 goes."),
        (
            _accuracy(everywhere, y),
            "You removed label_3 everywhere, not from impossible sets alone.",
        ),
        (_accuracy(above, y), "Nearly. What happens to a probability of exactly 0.5?"),
        (right.mean(axis=(1, 2)), "You averaged over labels: a half-right row counts half."),
        (right.any(axis=2).mean(axis=1), "A row with a single right label counts: `any` or `all`?"),
        (right.all(axis=2).sum(axis=1), "These are numbers of rows. A share is asked for."),
        (1 - _accuracy(repaired, y), "This is the share of rows that are wrong."),
    ]


def _accuracy(labels, y):
    return (labels == y).all(axis=2).mean(axis=1)


def _repair(labels, impossible=None):
    """Return labels with label_3 removed from impossible sets, and with the others added."""
    if impossible is None:
        impossible = labels[..., 2] & ~labels[..., :2].all(axis=2)
    removed = labels.copy()
    removed[impossible, 2] = False
    return removed, labels | impossible[..., None]


def _rows_and_probabilities():
    """Return labels that are all possible, and four repeats of probabilities that are not."""
    rng = np.random.default_rng(3)
    y = rng.integers(0, 2, (60, 3))
    y[:, 2] &= y[:, 0] & y[:, 1]
    probabilities = np.clip(y + rng.uniform(-0.8, 0.8, (4, 60, 3)), 0, 1)
    probabilities[:, :6] = 0.5  # decided by >= alone
    y[:3], y[3:6] = 1, [1, 0, 0]
    return y, probabilities


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
