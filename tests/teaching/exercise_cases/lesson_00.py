"""Answers to the exercises of lesson 00."""

import numpy as np

from exercise_cases.cases import Case

CASES = {
    "00.1": Case(
        right=[8, np.int64(8), 8.0],
        wrong=[
            (3, "among five rows"),
            (4, "with a 0 in that column"),
            (10, "Another column"),
            (12, "all rows"),
            (100, "count the ones again"),
        ],
    ),
    "00.2": Case(
        right=[
            lambda y: y.sum(axis=1),
            lambda y: y @ np.ones(y.shape[1]),
            lambda y: [sum(row) for row in y],
        ],
        wrong=[
            (lambda y: y.sum(), "the whole table"),
            (lambda y: y.sum(axis=0), "down the columns"),
            (lambda y: y.mean(axis=1), "shares"),
            (lambda y: y.shape[1] - y.sum(axis=1), "does not have"),
            (lambda y: y.any(axis=1), "any label at all"),
            (lambda y: len(y), "a single value"),
            (lambda y: y, "should have the shape (4,)"),
            (lambda y: y.sum(axis=1) + 1, "110 should give 2"),
        ],
    ),
}
