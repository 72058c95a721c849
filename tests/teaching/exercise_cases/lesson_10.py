"""Answers to the exercises of lesson 10."""

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency, fisher_exact

from exercise_cases.cases import Case


def table(a, b):
    """Count the four combinations."""
    return np.array([[np.sum((a == i) & (b == j)) for j in (0, 1)] for i in (0, 1)])


def p_value(a, b, correction=False):
    """Test two columns."""
    return chi2_contingency(table(a, b), correction=correction).pvalue


def by_pandas(a, b):
    """Do the same with pandas, and take the p-value from its place."""
    return chi2_contingency(pd.crosstab(a, b), correction=False)[1]


def beam_search(links, width, by_product=True, worst=False):
    """Search with a beam."""
    beam = {(): 1.0}
    for link in links:
        longer = {}
        for labels, p in beam.items():
            yes = np.array(link)[labels]
            p = p if by_product else 1
            longer[(*labels, 0)], longer[(*labels, 1)] = p * (1 - yes), p * yes
        best = sorted(longer, key=longer.get, reverse=not worst)[:width]
        beam = {labels: longer[labels] for labels in best}
    return best[0]


CASES = {
    "10.1": Case(
        right=[p_value, by_pandas],
        wrong=[
            (lambda a, b: p_value(a, b, True), "Yates' correction is still on"),
            (lambda a, b: chi2_contingency(table(a, b), False)[0], "the test's statistic"),
            (lambda a, b: chi2_contingency(table(a, b))[0], "a statistic, and Yates"),
            (lambda a, b: 1 - p_value(a, b), "This is 1 − p"),
            (lambda a, b: fisher_exact(table(a, b)).pvalue, "Fisher's exact test"),
            (lambda a, b: np.corrcoef(a, b)[0, 1], "This is a correlation"),
            (
                lambda a, b: chi2_contingency([a + 1, b + 1], correction=False).pvalue,
                "taken for counts",
            ),
            (lambda a, b: p_value(a, 1 - a), "2 × 2"),
            (0.05, "A function is asked for"),
        ],
    ),
    "10.2": Case(
        right=[beam_search, lambda *given: list(beam_search(*given))],
        wrong=[
            (lambda links, width: beam_search(links, 1), "greedy for every width"),
            (lambda links, width: beam_search(links, 8), "tries all sets"),
            (lambda links, width: beam_search(links, 2), "always 2"),
            (lambda *_: (1, 1, 0), "by its own probability"),
            (lambda *given: beam_search(*given, by_product=False), "not by the last one"),
            (lambda *given: beam_search(*given, worst=True), "least probable"),
            (lambda *given: beam_search(*given)[::-1], "reverse order"),
            (
                lambda links, width: beam_search(links, 1 if width == 1 else 8),
                "after the second link, too",
            ),
            (lambda *_: (0, 2, 1), "made of 0 and 1"),
            (lambda *_: (0, 1, 0), "Extend each beginning"),
            (lambda *_: 0.242, "should have the shape"),
        ],
    ),
}
