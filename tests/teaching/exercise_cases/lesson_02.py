"""Answers to the exercises of lesson 02."""

import numpy as np

from exercise_cases.cases import Case


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    raised = np.exp(z - z.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def costs(y, p, log=np.log):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return -(y * log(p) + (1 - y) * log(1 - p))


def naive(y, z):
    p = sigmoid(z)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def bent(A1, a1, A2, a2):
    return np.maximum(A1, 0) @ A2, np.maximum(a1, 0) @ A2 + a2


CASES = {
    "02.1": Case(
        right=[
            lambda A1, a1, A2, a2: (A1 @ A2, a1 @ A2 + a2),
            lambda A1, a1, A2, a2: [(A2.T @ A1.T).T, A2.T @ a1 + a2],
        ],
        wrong=[
            (lambda A1, a1, A2, a2: A1 @ A2, "A matrix and a vector"),
            (lambda A1, a1, A2, a2: ((A1 @ A2).T, a1 @ A2 + a2), "on its side"),
            (bent, "still a ReLU"),
            (lambda A1, a1, A2, a2: (A1 @ A2, a2), "where does the second layer send"),
            (lambda A1, a1, A2, a2: (A1 @ A2, a1 @ A2), "own biases are missing"),
            (lambda A1, a1, A2, a2: (A1 @ A2, a1 + a2), "could not be broadcast"),
            (lambda A1, a1, A2, a2: (A2 @ A1, a2), "mismatch"),
            (lambda A1, a1, A2, a2: (A1 @ A2, a1), "should have the shape (2,)"),
            (lambda A1, a1, A2, a2: (A1 @ A2, a1 @ A2 - a2), "a row of zeros"),
            (lambda A1, a1, A2, a2: (A1[:, :2], a2), "Multiply out"),
        ],
    ),
    "02.2": Case(
        right=[
            lambda y, z: np.mean(np.logaddexp(0, z) - y * z),
            lambda y, z: costs(y, sigmoid(z)).mean(),
        ],
        wrong=[
            (naive, "log(0)"),
            (lambda y, z: -costs(y, sigmoid(z)).mean(), "a cost is positive"),
            (lambda y, z: costs(y, sigmoid(z)).sum(axis=1).mean(), "the labels of a row"),
            (lambda y, z: costs(y, sigmoid(z)).sum(axis=0).mean(), "over the rows"),
            (lambda y, z: costs(y, sigmoid(z)).sum(), "all rows and labels"),
            (lambda y, z: costs(y, sigmoid(z), np.log2).mean(), "base 2"),
            (lambda y, z: costs(y, sigmoid(z), np.log10).mean(), "base 10"),
            (lambda y, z: costs(y, softmax(z)).mean(), "A softmax is left in"),
            (lambda y, z: -(y * np.log(softmax(z))).sum(axis=1).mean(), "exactly one true class"),
            (lambda y, z: costs(y, sigmoid(sigmoid(z))).mean(), "twice"),
            (lambda y, z: costs(1 - y, sigmoid(z)).mean(), "absent one"),
            (lambda y, z: -(y * np.log(sigmoid(z))).mean(), "second term"),
            (lambda y, z: -np.mean(y * np.log(z) + (1 - y) * np.log(1 - z)), "no probability"),
            (lambda y, z: costs(y, sigmoid(z)).mean(axis=0), "One number"),
            (lambda y, z: 0.5, "Turn each logit"),
        ],
    ),
    "02.3": Case(
        right=[[0.33, 0.42, 0.25, 0.37], np.array([0.3, 0.71, 0.26, 0.35])],
        wrong=[
            ([0.33] * 4, "its own seed"),
            ([-0.33, -0.42, -0.25, -0.37], "never below 0"),
            ([2.2, 5.4, 1.9, 3.3], "after the last epoch"),
            ([0.195, 0.2, 0.19, 0.21], "epochs=15"),
            ([0.33, 0.01, 0.25, 0.37], "On which rows"),
            (0.17, "should have the shape (4,)"),
        ],
    ),
}
