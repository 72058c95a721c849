"""Answers to the exercises of lesson 12."""

import numpy as np
from scipy.special import expit, logit

from exercise_cases.cases import Case


def rows_to_label(half_width, recall, share):
    """Compute the rows with the label, then all rows."""
    return 1.96**2 * recall * (1 - recall) / half_width**2 / share


def take_back(q, weights):
    """Divide the odds."""
    return q / (q + weights * (1 - q))


def by_log_odds(q, weights):
    """Do the same on the scale of log-odds."""
    with np.errstate(divide="ignore"):
        return expit(logit(q) - np.log(weights))


def no_share(half_width, recall, share):
    """Count rows with the label only."""
    return rows_to_label(half_width, recall, 1)


CASES = {
    "12.1": Case(
        right=[rows_to_label, lambda *given: np.ceil(rows_to_label(*given))],
        wrong=[
            (no_share, "with the label"),
            (lambda h, r, s: no_share(h, r, s) * s, "divide by its share"),
            (lambda h, r, s: r * (1 - r) / h**2 / s, "not one"),
            (lambda h, r, s: rows_to_label(2 * h, r, s), "not from end to end"),
            (lambda h, r, s: rows_to_label(h, r, s) * h, "Square the half width"),
            (lambda h, r, s: (1.96 / h) ** 2 * np.sqrt(r * (1 - r)) / s, "not its root"),
            (lambda h, r, s: (1.96 / h) ** 2 * r / s, "found or missed"),
            (lambda h, r, s: (1.96 / h) ** 2 * (1 - s), "share of the label"),
            (lambda h, r, s: rows_to_label(h, 0.5, s), "worst case"),
            (lambda *_: 100, "Solve half_width"),
            (lambda *_: [1, 2], "One number is asked for"),
        ],
    ),
    "12.2": Case(
        right=[take_back, by_log_odds],
        wrong=[
            (lambda q, w: w * q / (w * q + 1 - q), "once more"),
            (lambda q, w: q / w, "not probabilities"),
            (lambda q, w: q, "Where is the weight"),
            (lambda q, w: q / np.maximum(1 - q, 1e-12) / w, "These are odds"),
            (lambda q, w: take_back(q, w[::-1]), "other columns"),
            (lambda q, w: 1 - take_back(q, w), "not* there"),
            (lambda q, w: q / (1 + w), "step by step"),
            (lambda q, w: q**2, "First the odds"),
            (lambda q, w: take_back(q, w)[0], "should have the shape"),
        ],
    ),
}
