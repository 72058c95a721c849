"""Checks of lesson 12: rows to label for a recall, and probabilities from a weighted loss."""

import numpy as np

from helpers.teaching.exercises import call, checks, compare, read_array, read_number

HALF_WIDTH, RECALL, SHARE = 0.05, 0.7, 0.02


@checks(
    "12.1",
    "Rows with the label make a recall sure, and a rare label makes them expensive to find.",
)
def _rows_to_label(answer):
    answer = read_number(call(answer, HALF_WIDTH, RECALL, SHARE))
    variance = RECALL * (1 - RECALL)
    with_label = (1.96 / HALF_WIDTH) ** 2 * variance
    right = with_label / SHARE
    mistakes = [
        (with_label, "So many rows *with the label* are needed. How many random rows hold them?"),
        (with_label * SHARE, "The rarer the label, the more rows: divide by its share."),
        (variance / HALF_WIDTH**2 / SHARE, "Half the interval is 1.96 standard errors, not one."),
        (right / 4, "± the half width is to each side, not from end to end."),
        (1.96**2 * variance / HALF_WIDTH / SHARE, "Square the half width: the error has a root."),
        ((1.96 / HALF_WIDTH) ** 2 * variance**0.5 / SHARE, "Take r(1 − r) itself, not its root."),
        ((1.96 / HALF_WIDTH) ** 2 * RECALL / SHARE, "The variance of one row found or missed?"),
        (
            (1.96 / HALF_WIDTH) ** 2 * SHARE * (1 - SHARE) / SHARE,
            "This is for the share of the label. Which proportion is in question?",
        ),
        ((1.96 / HALF_WIDTH) ** 2 * 0.25 / SHARE, "This is the worst case, a recall of 0.5."),
    ]
    otherwise = "Solve half_width = 1.96 · √(r(1 − r) / n) for n, then think of the share."
    compare(answer, right, mistakes, otherwise, tolerance=1)


@checks(
    "12.2",
    "A weight shifts the log-odds by a constant, so ranks stay as they are, and so do curves.",
)
def _take_back(answer):
    q = np.array([[0.9, 0.5], [0.2, 0.99], [0.6, 0.05], [0.0, 1.0]])
    weights = np.array([9.0, 4.0])
    answer = read_array(call(answer, q, weights), q.shape, "rows, labels")
    right = q / (q + weights * (1 - q))
    odds = q / np.maximum(1 - q, 1e-12)
    mistakes = [
        (
            weights * q / (weights * q + 1 - q),
            "This puts the weight in once more. Divide the odds.",
        ),
        (q / weights, "Odds are divided by the weight, not probabilities."),
        (q, "Nothing has changed. Where is the weight?"),
        (odds / weights, "These are odds, p / (1 − p). Turn them into p."),
        (
            q / (q + weights[::-1] * (1 - q)),
            "The weights belong to the other columns: they are one for each label.",
        ),
        (1 - right, "This is the probability that the label is *not* there."),
        (q / (1 + weights), "Solve q / (1 − q) = w · p / (1 − p) for p, step by step."),
    ]
    otherwise = "First the odds q / (1 − q), then divide by w, then solve for p."
    compare(answer, right, mistakes, otherwise)
