"""Answers to the exercises of lesson 03."""

import numpy as np

from exercise_cases.cases import Case

rng = np.random.default_rng(3)
small, large = rng.normal(0.72, 0.055, size=30), rng.normal(0.73, 0.036, size=30)
RATIO = small.std(ddof=1) / large.std(ddof=1)


def decided(p, above=False):
    return (p > 0.5 if above else p >= 0.5).astype(int)


def is_impossible(labels, fewest=2):
    return (labels[..., 2] == 1) & (labels[..., :2].sum(axis=-1) < fewest)


def removed(labels, **how):
    labels, impossible = labels.copy(), is_impossible(labels, **how)
    labels[impossible, 2] = 0
    return labels


def added(labels, **how):
    labels, impossible = labels.copy(), is_impossible(labels, **how)
    labels[impossible] = 1
    return labels


def accuracy(labels, y):
    return (labels == y).all(axis=-1).mean(axis=-1)


def both(score, p, y, **how):
    """Score both repairs."""
    return [score(repair(decided(p), **how), y) for repair in (removed, added)]


def on_the_same_array(p, y):
    labels = decided(p)
    labels[is_impossible(labels), 2] = 0
    first = accuracy(labels, y)
    labels[is_impossible(labels)] = 1
    return [first, accuracy(labels, y)]


def emptied(p):
    labels = decided(p)
    labels[is_impossible(labels)] = 0
    return labels


def one_by_one(p, y):
    scores = np.zeros((2, len(p)))
    for r, repeat in enumerate(p):
        for row, truth in zip(repeat, y, strict=True):
            one, two, three = (int(value >= 0.5) for value in row)
            scores[0, r] += [one, two, one * two * three] == list(truth)
            scores[1, r] += ([1, 1, 1] if three else [one, two, 0]) == list(truth)
    return scores / len(y)


def right_labels(labels, y):
    return (labels == y).mean(axis=(1, 2))


CASES = {
    "03.1": Case(
        right=[lambda p, y: both(accuracy, p, y), one_by_one],
        wrong=[
            (lambda p, y: 2 * [accuracy(decided(p), y)], "without a repair"),
            (lambda p, y: both(accuracy, p, y)[::-1], "swapped"),
            (on_the_same_array, "use a copy"),
            (lambda p, y: both(accuracy, p, y, fewest=1), "is impossible, too"),
            (lambda p, y: 2 * [accuracy(emptied(p), y)], "Only label_3 goes"),
            (lambda p, y: 2 * [accuracy(decided(p) * [1, 1, 0], y)], "label_3 everywhere"),
            (
                lambda p, y: [
                    accuracy(repair(decided(p, above=True)), y) for repair in (removed, added)
                ],
                "exactly 0.5",
            ),
            (lambda p, y: both(right_labels, p, y), "averaged over labels"),
            (lambda p, y: both(lambda a, b: (a == b).any(-1).mean(-1), p, y), "`any` or `all`"),
            (lambda p, y: both(lambda a, b: (a == b).all(-1).sum(-1), p, y), "A share is asked"),
            (lambda p, y: both(lambda a, b: 1 - accuracy(a, b), p, y), "rows that are wrong"),
            (lambda p, y: accuracy(removed(decided(p)), y), "This is one repair"),
            (lambda p, y: both(lambda a, b: accuracy(a, b).mean(), p, y), "counts the repeats"),
            (lambda p, y: both(lambda a, b: (a == b).all(-1), p, y), "each row of the table"),
            (lambda p, y: both(lambda a, b: (a == b).mean(1), p, y), "one value for each label"),
            (lambda p, y: np.transpose(both(accuracy, p, y)), "on its side"),
            (lambda p, y: 2 * [[0.1, 0.2, 0.3, 0.4]], "four steps"),
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
