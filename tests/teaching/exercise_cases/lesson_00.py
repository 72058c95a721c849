"""Answers to the exercises of lesson 00."""

import numpy as np

from exercise_cases.cases import Case

CASES = {
    "00.1": Case(
        right=[0.532, np.float32(0.514)],
        wrong=[
            (53.2, "between 0 and 1"),
            (0.319, "dashed line"),
            (0.817, "after 100 epochs"),
            (0.7, "all thirty networks"),
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
