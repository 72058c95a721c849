"""Checks of lesson 01: labels that occur together, and rules that look at one word only."""

import numpy as np

from helpers.teaching.exercises import Hint, call, checks, compare, read_array, read_number

# Six rows of four labels; no two labels are equally frequent, the last two never come together.
LABELS = np.array(
    [[1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 1], [1, 1, 0, 0], [0, 1, 0, 0]]
)
# Three words in nine rows. In all rows but one, the second tells the label: less than 11 times.
COUNTS = np.array(
    [
        [3, 6, 5, 4, 4, 7, 7, 0, 5],
        [7, 1, 4, 10, 2, 15, 13, 12, 0],
        [4, 1, 1, 4, 0, 0, 3, 1, 0],
    ]
).T
LABEL = np.array([1, 1, 1, 1, 1, 0, 0, 0, 0])
RARE = np.array([0, 0, 1, 0, 0, 0, 0, 0, 0])  # no rule is right more often than "never"


@checks(
    "01.1",
    "Labels with a lift far from 1 tell about each other: a model that treats them one by one "
    "leaves that unused.",
)
def _lift(answer):
    found = call(answer, LABELS)
    if np.ndim(found) == 0:
        read_number(found)
        raise Hint("That is one number. There should be one for each pair of labels.")
    found = read_array(found, (4, 4), "4 labels × 4 labels")
    n = len(LABELS)
    counts, prevalence = LABELS.T @ LABELS, LABELS.mean(axis=0)
    both, independent = counts / n, np.outer(prevalence, prevalence)
    once_more = "This is the share of one label among the rows of the other: divide once more."
    mistakes = [
        (counts, "These are the numbers of rows with both labels. How large are the shares?"),
        (both, "These are the shares of rows with both. Compare them with independent labels."),
        (both / prevalence, once_more),
        (both / prevalence[:, None], once_more),
        (independent, "That is what independent labels would give: only what you divide by."),
        (both - independent, "This is the difference of the two shares. Divide instead."),
        (independent / both.clip(1e-9), "Upside down: above 1 should mean more often together."),
        (counts / independent, "Counts and shares are mixed: divide the counts by the rows first."),
        (both / independent / n, "The number of rows is missing: use shares, not counts."),
    ]
    otherwise = "Three shares make a lift: rows with both, with the first, with the second label."
    compare(found, both / independent, mistakes, otherwise, tolerance=1e-5)


def _best_rules(X, label):
    """Return the best share for each direction: at least k, and less than k."""
    shares = [np.mean((word >= k) == label) for word in X.T for k in range(int(word.max()) + 2)]
    return max(shares), 1 - min(shares)


@checks(
    "01.2",
    "For label_3, not even the best one-word rule beats the baseline. A model has to combine "
    "several words.",
)
def _best_rule(answer):
    found = call(answer, COUNTS, LABEL)
    if np.ndim(found):
        raise Hint("One number is asked for: the share of the best rule alone.")
    at_least, less = _best_rules(COUNTS, LABEL)
    right = max(at_least, less)
    mistakes = [
        (at_least, 'Only "at least k" is tried: a word can also speak against a label.'),
        (right * len(LABEL), "That is a number of rows. Which share of all rows is it?"),
        (1 - right, "That is the share of rows in which the best rule is wrong."),
        (max(_best_rules(COUNTS[:, :1], LABEL)), "Only the first word is tried. Try all of them."),
        (LABEL.mean(), "That is the baseline: some rule is better. Which `best` do you keep?"),
        (0, "It is still 0, as at the beginning. Does `best` grow when a rule is better?"),
    ]
    otherwise = "For each word and each k: in which share of the rows is `word >= k` the label?"
    compare(read_number(found), right, mistakes, otherwise)
    for_rare = read_number(call(answer, COUNTS, RARE))
    otherwise = "For a rare label the rule that never says yes is best. Does k begin at 0?"
    compare(for_rare, max(_best_rules(COUNTS, RARE)), [], otherwise)
