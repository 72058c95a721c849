"""Answers to the exercises of lesson 01."""

import numpy as np

from exercise_cases.cases import Case


def lift(y):
    prevalence = y.mean(axis=0)
    return both(y) / np.outer(prevalence, prevalence)


def lift_in_loops(y):
    labels = range(y.shape[1])
    return [
        [np.mean(y[:, i] * y[:, j]) / (y[:, i].mean() * y[:, j].mean()) for j in labels]
        for i in labels
    ]


def both(y):
    return y.T @ y / len(y)


def independent(y):
    return np.outer(y.mean(axis=0), y.mean(axis=0))


def shares(X, label, first=0):
    """Return how often each rule with "at least" is right."""
    return [
        np.mean((word >= k) == label) for word in X.T for k in range(first, int(word.max()) + 2)
    ]


def best_rule(X, label):
    return max(shares(X, label) + [1 - share for share in shares(X, label)])


def without_constant_rules(X, label):
    rules = [(word >= k) for word in X.T for k in range(1, int(word.max()) + 1)]
    found = [np.mean(rule == label) for rule in rules if 0 < rule.sum() < len(rule)]
    return max(found + [1 - share for share in found])


def rule_in_loops(X, label):
    best = 0
    for word in X.T:
        for k in range(int(word.max()) + 2):
            for rule in (word >= k, word < k):
                best = max(best, (rule == label).mean())
    return best


CASES = {
    "01.1": Case(
        right=[lift, lift_in_loops],
        wrong=[
            (lambda y: y.T @ y, "How large are the shares"),
            (both, "Compare them with independent labels"),
            (lambda y: both(y) / y.mean(axis=0), "divide once more"),
            (independent, "only what you divide by"),
            (lambda y: both(y) - independent(y), "Divide instead"),
            (lambda y: independent(y) / both(y).clip(1e-9), "Upside down"),
            (lambda y: y.T @ y / independent(y), "divide the counts by the rows first"),
            (
                lambda y: y.T @ y / np.outer(y.sum(axis=0), y.sum(axis=0)),
                "number of rows is missing",
            ),
            (lambda y: 1.5, "one for each pair"),
            (lambda y: both(y)[:3, :3], "4 labels × 4 labels"),
            (lambda y: np.ones((4, 4)), "Three shares make a lift"),
        ],
    ),
    "01.2": Case(
        right=[best_rule, rule_in_loops],
        wrong=[
            (lambda X, label: max(shares(X, label)), "a word can also speak against"),
            (lambda X, label: len(X) * best_rule(X, label), "a number of rows"),
            (lambda X, label: 1 - best_rule(X, label), "the best rule is wrong"),
            (lambda X, label: best_rule(X[:, :1], label), "Only the first word"),
            (lambda X, label: max(label.mean(), 1 - label.mean()), "the baseline"),
            (lambda X, label: 0, "still 0"),
            (lambda X, label: shares(X, label), "the best rule alone"),
            (without_constant_rules, "For a rare label"),
            (lambda X, label: 0.123, "For each word and each k"),
        ],
    ),
}
