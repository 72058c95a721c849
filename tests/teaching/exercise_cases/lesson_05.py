"""Answers to the exercises of lesson 05."""

import numpy as np
from sklearn import metrics

from exercise_cases.cases import Case

# A screening: label 3 is found by its probability, most of the time.
rng = np.random.default_rng(1)
y = (rng.random((400, 3)) < [0.6, 0.7, 0.25]).astype(int)
probabilities = 0.35 * y + 0.65 * rng.random(y.shape)
truth, p = y[:, 2], probabilities[:, 2]


def precision(threshold):
    return metrics.precision_score(truth, p >= threshold)


found = [t for t in np.arange(1, 100) / 100 if metrics.recall_score(truth, p >= t) >= 0.95]
found_few = [t for t in np.arange(1, 100) / 100 if metrics.recall_score(truth, p >= t) >= 0.05]


def scores(y_true, y_pred):
    return metrics.accuracy_score(y_true, y_pred), metrics.hamming_loss(y_true, y_pred)


def right(y_true, y_prob, threshold):
    return (y_prob >= threshold) == y_true


CASES = {
    "05.1": Case(
        right=[
            lambda y, p, t: scores(y, p >= t),
            lambda y, p, t: [right(y, p, t).all(axis=1).mean(), (~right(y, p, t)).mean()],
        ],
        wrong=[
            (lambda y, p, t: scores(y, p >= 0.5), "use its argument"),
            (lambda y, p, t: scores(y, p > t), "equals the threshold"),
            (lambda y, p, t: scores(y, p >= t)[::-1], "in order"),
            (lambda y, p, t: (right(y, p, t).any(axis=1).mean(), 0.2), "*any*"),
            (lambda y, p, t: (right(y, p, t).all(axis=0).mean(), 0.2), "share of *labels*"),
            (lambda y, p, t: (right(y, p, t).mean(), 0.2), "single labels right, not of rows"),
            (lambda y, p, t: (right(y, p, t).all(axis=1).sum(), 0.2), "count of rows"),
            (lambda y, p, t: (0.6, right(y, p, t).mean()), "count what is wrong"),
            (lambda y, p, t: (0.6, 1 - right(y, p, t).all(axis=1).mean()), "counts rows"),
            (lambda y, p, t: (0.6, (~right(y, p, t)).sum(axis=1).mean()), "per row"),
            (lambda y, p, t: scores(y, p >= t)[0], "should have the shape (2,)"),
            (lambda y, p, t: (0.7, 0.1), "Make the matrix"),
            (lambda y, p, t: scores(y, p), "raised"),
        ],
    ),
    "05.2": Case(
        right=[precision(max(found)), np.float32(precision(max(found)) + 5e-4)],
        wrong=[
            (max(found), "Which precision"),
            (100 * precision(max(found)), "percentage"),
            (metrics.recall_score(truth, p >= max(found)), "recall there"),
            (precision(min(found)), "*lowest*"),
            (precision(0.5), "too few"),
            (metrics.accuracy_score(truth, p >= max(found)), "accuracy there"),
            (precision(max(found_few)), "one row in twenty"),
            (metrics.precision_score(y, probabilities >= max(found), average="micro"), "together"),
            (0.123, "Go down from 0.99"),
        ],
        given={"y": y, "probabilities": probabilities},
    ),
}
