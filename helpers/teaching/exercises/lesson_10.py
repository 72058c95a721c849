"""Checks of lesson 10: a test of marginal independence, a beam search by hand."""

import itertools

import numpy as np
from scipy.stats import chi2_contingency, fisher_exact

from helpers.teaching.exercises import Hint, call, checks, compare, read_array, read_number

# The four combinations 00, 01, 10 and 11 occur 14, 6, 5 and 9 times.
COUNTS = np.array([[14, 6], [5, 9]])
FIRST, SECOND = np.repeat([[0, 0, 1, 1], [0, 1, 0, 1]], COUNTS.ravel(), axis=1)
# Greed ends with 111, two beginnings with 011, the most probable set is 100.
LINKS = 0.52, [0.64, 0.54], [[0.18, 0.56], [0.19, 0.55]]


@checks("10.1", "With many pairs, expect one in twenty below 0.05 by chance alone.")
def _p_value(answer):
    answer = read_number(call(answer, FIRST, SECOND))
    yates, plain = chi2_contingency(COUNTS), chi2_contingency(COUNTS, correction=False)
    mistakes = [
        (yates.pvalue, "Nearly: Yates' correction is still on."),
        (plain.statistic, "This is the test's statistic. Its p-value is asked for."),
        (yates.statistic, "This is a statistic, and Yates' correction is on."),
        (1 - plain.pvalue, "This is 1 − p: a small p-value speaks against independence."),
        (fisher_exact(COUNTS).pvalue, "This is Fisher's exact test. Use chi2_contingency."),
        (np.corrcoef(FIRST, SECOND)[0, 1], "This is a correlation. How likely is it by chance?"),
        (
            chi2_contingency(np.stack([FIRST, SECOND]) + 1, correction=False).pvalue,
            "The labels themselves were taken for counts: count the four combinations first.",
        ),
    ]
    otherwise = "Is the table 2 × 2, rows for the first label, columns for the second, all counted?"
    compare(answer, plain.pvalue, mistakes, otherwise)


@checks("10.2", "The wider beam found more probable sets: here each width ends with another one.")
def _beam(answer):
    found = [_read_set(call(answer, LINKS, width)) for width in (1, 2, 4)]
    right = [_search(LINKS, width) for width in (1, 2, 4)]
    if found == right:
        return
    last = [_search(LINKS, width, product=False) for width in (1, 2, 4)]
    marginal = tuple(sum(p * np.array(s) for s, p in _all_sets()).round().astype(int).tolist())
    for value, hint in [
        ([right[0]] * 3, "This is greedy for every width: how many beginnings are kept?"),
        ([right[2]] * 3, "This tries all sets for every width: drop beginnings after each link."),
        ([right[1]] * 3, "The width is always 2. Use the argument."),
        ([marginal] * 3, "This is each label by its own probability, not the best set."),
        (last, "Rank beginnings by the product of all their links, not by the last one."),
        ([_search(LINKS, w, sign=1) for w in (1, 2, 4)], "The least probable ones are kept."),
        ([tuple(reversed(labels)) for labels in right], "The labels are in reverse order."),
        (
            [right[0], *right[2:], right[2]],
            "Width 1 is right, width 2 is not: after the second link, too, only two may be left.",
        ),
    ]:
        if found == value:
            raise Hint(hint)
    raise Hint("Extend each beginning by 0, with 1 − p, and by 1, with p; sort; keep `width`.")


def _read_set(labels):
    labels = read_array(labels, (3,), "one label after the other")
    if not np.isin(labels, [0, 1]).all():
        raise Hint("A label set is made of 0 and 1.")
    return tuple(labels.astype(int).tolist())


def _search(links, width, product=True, sign=-1):
    """Return the set that a beam ends with; `product` and `sign` make typical mistakes."""
    beam = [((), 1.0)]
    for link in links:
        longer = []
        for labels, p in beam:
            yes = link
            for label in labels:
                yes = yes[label]
            p = p if product else 1.0
            longer += [((*labels, 0), p * (1 - yes)), ((*labels, 1), p * yes)]
        beam = sorted(longer, key=lambda pair: sign * pair[1])[:width]
    return beam[0][0]


def _all_sets():
    """Return all label sets with their probabilities."""
    pairs = []
    for a, b, c in itertools.product((0, 1), repeat=3):
        ps = LINKS[0], LINKS[1][a], LINKS[2][a][b]
        pairs.append(((a, b, c), np.prod(np.where([a, b, c], ps, 1 - np.array(ps)))))
    return pairs
