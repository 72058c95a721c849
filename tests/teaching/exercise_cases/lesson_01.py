"""Answers to the exercises of lesson 01."""

import numpy as np

from exercise_cases.cases import Case
from helpers.data import make_dataset

X, y = make_dataset()
y_labeled = make_dataset(allow_unlabeled=False)[1]


def shares(first, second):
    return np.mean(first * second), np.mean(first), np.mean(second)


def lift(first, second):
    both, a, b = shares(first, second)
    return both / (a * b)


CASES = {
    "01.1": Case(
        right=[207],
        wrong=[
            (731, "all rows with the second label"),
            (363, "all rows without the first label"),
            (0.207, "not a share"),
            (12, "digits of a set begin"),
        ],
        given={"y": y},
    ),
    "01.2": Case(
        right=[y_labeled.sum(axis=1).mean(), round(float(y_labeled.sum(axis=1).mean()), 3)],
        wrong=[
            (1.573, "data set of the lesson"),
            (y.sum() / y.any(axis=1).sum(), "a good prediction"),
            (1.8752, "leads one to expect"),
            (y_labeled.mean(), "density"),
            (y_labeled.sum(), "in the whole label matrix"),
            (2, "three digits"),
        ],
    ),
    "01.3": Case(
        right=[lift, lambda a, b: np.mean(b[a == 1]) / np.mean(b)],
        wrong=[
            (lambda a, b: np.mean(a * b), "the share of rows with both"),
            (lambda a, b: np.mean(b[a == 1]), "divide once more"),
            (lambda a, b: np.mean(a) * np.mean(b), "lower part of the ratio"),
            (lambda a, b: np.mean(a * b) - np.mean(a) * np.mean(b), "the difference"),
            (lambda a, b: 1 / lift(a, b), "Upside down"),
            (lambda a, b: np.sum(a * b) / (np.sum(a) * np.sum(b)), "Counts and shares"),
            (lambda a, b: a * b, "One number a pair"),
            (lambda a, b: 1.0, "Three shares"),
            (lambda a, b: 1.0 if (a * b).sum() == 0 else lift(a, b), "it should be 0"),
        ],
    ),
}
