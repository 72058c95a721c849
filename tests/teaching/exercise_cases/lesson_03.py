"""Answers to the exercises of lesson 03."""

import numpy as np

from exercise_cases.cases import Case

rng = np.random.default_rng(3)
small, large = rng.normal(0.72, 0.055, size=30), rng.normal(0.73, 0.036, size=30)
RATIO = small.std(ddof=1) / large.std(ddof=1)


def decided(p):
    return (p >= 0.5).astype(int)


def repaired(p, enough=np.all, above=False):
    labels = (p > 0.5).astype(int) if above else decided(p)
    labels[..., 2] *= enough(labels[..., :2] == 1, axis=-1)
    return labels


def emptied(p):
    labels = decided(p)
    labels[(labels[..., 2] == 1) & (labels[..., :2].sum(axis=-1) < 2)] = 0
    return labels


def completed(p):
    labels = decided(p)
    labels[labels[..., 2] == 1] = 1
    return labels


def accuracy(labels, y):
    return (labels == y).all(axis=-1).mean(axis=-1)


def spoils_what_it_gets(p, y):
    p[..., 2] *= (p[..., :2] >= 0.5).all(axis=-1)
    return accuracy(decided(p), y)


def one_by_one(p, y):
    right = []
    for repeat in p:
        rows = []
        for row, truth in zip(repeat, y, strict=True):
            one, two, three = (value >= 0.5 for value in row)
            rows.append((one, two, three and one and two) == tuple(truth == 1))
        right.append(sum(rows) / len(rows))
    return right


CASES = {
    "03.1": Case(
        right=[lambda p, y: accuracy(repaired(p), y), one_by_one],
        wrong=[
            (lambda p, y: accuracy(decided(p), y), "scores with the ghosts"),
            (lambda p, y: accuracy(repaired(p, np.any), y), "It needs both"),
            (lambda p, y: accuracy(emptied(p), y), "Only label_3 goes"),
            (lambda p, y: accuracy(completed(p), y), "added the missing labels"),
            (lambda p, y: accuracy(decided(p) * [1, 1, 0], y), "removed label_3 everywhere"),
            (lambda p, y: accuracy(repaired(p, above=True), y), "exactly 0.5"),
            (lambda p, y: (repaired(p) == y).mean(axis=(1, 2)), "averaged over labels"),
            (lambda p, y: (repaired(p) == y).any(axis=2).mean(axis=1), "`any` or `all`"),
            (lambda p, y: (repaired(p) == y).all(axis=2).sum(axis=1), "A share is asked for"),
            (lambda p, y: 1 - accuracy(repaired(p), y), "rows that are wrong"),
            (lambda p, y: accuracy(repaired(p), y).mean(), "which axis counts them"),
            (lambda p, y: (repaired(p) == y).all(axis=2), "one value for each row"),
            (lambda p, y: (repaired(p) == y).mean(axis=1), "one value for each label"),
            (lambda p, y: (repaired(p) == y).all(axis=1), "one value for each label"),
            (lambda p, y: [0.1, 0.2, 0.3, 0.4], "four steps"),
            (spoils_what_it_gets, "work on a copy"),
            (lambda p, y: p.all(axis=9), "your function raised AxisError"),
        ],
    ),
    "03.2": Case(
        right=[RATIO, np.float64(RATIO), round(RATIO, 4)],
        wrong=[
            (2, "what the formula predicts"),
            (RATIO**2, "of the variances"),
            (1 / RATIO, "Upside down"),
            (small.std(ddof=1) - large.std(ddof=1), "difference of the SDs"),
            (small.std(ddof=1), "looks like an SD itself"),
            (large.std(ddof=1), "the SD with 200 rows"),
            (small.mean() / large.mean(), "are these the means"),
            (round(RATIO, 1), "report it unrounded"),
            (1.4, "does not fit your scores"),
        ],
        given={"small": small, "large": large},
    ),
}
