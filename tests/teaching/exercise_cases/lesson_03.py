"""Answers to the exercises of lesson 03."""

import numpy as np

from exercise_cases.cases import Case

rng = np.random.default_rng(3)
small, large = rng.normal(0.72, 0.055, size=30), rng.normal(0.73, 0.036, size=30)
RATIO = small.std(ddof=1) / large.std(ddof=1)


def decided(probabilities, y):
    return (probabilities >= 0.5) == y


def root(scores, inside, ddof=1):
    return np.std(scores, ddof=ddof) * np.sqrt(inside)


CASES = {
    "03.1": Case(
        right=[
            lambda p, y: decided(p, y).all(axis=2).mean(axis=1),
            lambda p, y: [float(np.mean(np.all((q >= 0.5).astype(int) == y, axis=1))) for q in p],
        ],
        wrong=[
            (lambda p, y: decided(p, y).mean(axis=(1, 2)), "averaged over labels"),
            (lambda p, y: decided(p, y).any(axis=2).mean(axis=1), "`any` or `all`"),
            (lambda p, y: ((p > 0.5) == y).all(axis=2).mean(axis=1), "exactly 0.5"),
            (lambda p, y: (p == y).all(axis=2).mean(axis=1), "decide first"),
            (lambda p, y: decided(p, y).all(axis=2).sum(axis=1), "A share is asked for"),
            (lambda p, y: (~decided(p, y).all(axis=2)).mean(axis=1), "rows that are wrong"),
            (lambda p, y: decided(p, y).all(axis=2).mean(), "which axis counts them"),
            (lambda p, y: decided(p, y).all(axis=2), "one value a row"),
            (lambda p, y: decided(p, y).mean(axis=1), "one value a label"),
            (lambda p, y: decided(p, y).all(axis=1).mean(axis=0), "should have the shape (4,)"),
            (lambda p, y: [0.1, 0.2, 0.3, 0.4], "three steps"),
            (lambda p, y: p.all(axis=9), "your function raised AxisError"),
        ],
    ),
    "03.2": Case(
        right=[lambda s, train, test: root(s, 1 / len(s) + test / train)],
        wrong=[
            (lambda s, train, test: np.std(s, ddof=1), "the SD itself"),
            (lambda s, train, test: root(s, 1 / len(s)), "as if the folds were independent"),
            (lambda s, train, test: np.var(s, ddof=1) * (1 / len(s) + test / train), "is its root"),
            (lambda s, train, test: root(s, 1 / len(s) + test / train, ddof=0), "see `ddof`"),
            (lambda s, train, test: root(s, 1 / len(s) + train / test), "upside down"),
            (lambda s, train, test: root(s, 1 / len(s) + test / (train + test)), "by all rows"),
            (lambda s, train, test: root(s, 1 / len(s)) + root(s, test / train), "one root"),
            (lambda s, train, test: root(s, test / train), "Only the overlap"),
            (lambda s, train, test: 0.05, "under the root are two parts"),
        ],
    ),
    "03.3": Case(
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
