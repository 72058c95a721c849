"""Checks of lesson 01: label sets, a data set without unlabeled rows, labels that come together."""

import numpy as np

from helpers.data import label_set_prior, make_dataset
from helpers.teaching.exercises import Hint, call, checks, compare, kind_of, read_number

# Eight rows: four have the first label, three the second, two of these both; a third label is
# never there together with the first.
FIRST, SECOND, APART = np.array(
    [[1, 1, 1, 1, 0, 0, 0, 0], [1, 1, 0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 1, 1, 0, 0]]
)


@checks(
    "01.1", "A label-set table answers every question of this kind: with this, but not with that."
)
def _rows_with_second_only(answer, y):
    answer = read_number(answer)
    first, second = y[:, 0] == 1, y[:, 1] == 1
    right = (~first & second).sum()
    if answer != right and 0 < answer < 1:
        raise Hint("A number of rows is asked for, not a share.")
    mistakes = [
        (second.sum(), "These are all rows with the second label. Some have the first as well."),
        ((~first).sum(), "These are all rows without the first label. Have they all the second?"),
    ]
    otherwise = "How do the digits of a set begin that has the second label, but not the first?"
    compare(answer, right, mistakes, otherwise)


@checks(
    "01.2",
    "A setting that sounds harmless moved cardinality by nearly a fifth: describe the data set "
    "you have, not the one you asked for.",
)
def _cardinality_without_unlabeled(answer):
    answer = read_number(answer)
    *_, p_c, _ = make_dataset(1, return_distributions=True)
    sets, prior = label_set_prior(p_c, allow_unlabeled=False)
    y_lesson, y = (make_dataset(allow_unlabeled=allowed)[1] for allowed in (True, False))
    lesson = y_lesson.sum(axis=1).mean()
    labeled = y_lesson.sum() / y_lesson.any(axis=1).sum()
    story = (prior @ sets).sum()
    density = y.mean()
    if answer == y.sum():
        raise Hint("That is the number of ones in the whole label matrix. Divide by its rows.")
    mistakes = [
        (lesson, "That is the data set of the lesson. Make another one, with a new keyword."),
        (labeled, "Unlabeled rows left out of the old data: a good prediction. Now measure."),
        (story, "That is what the story leads one to expect. Now measure it in 1,000 rows."),
        (density, "That is the density, the share of ones. How many labels has a row on average?"),
    ]
    otherwise = "Report three digits after the point, of 1,000 rows made with random_state=1."
    compare(answer, y.sum(axis=1).mean(), mistakes, otherwise, tolerance=0.00051)  # three digits


@checks(
    "01.3",
    "Labels with a lift far from 1 tell about each other: a model that treats them one by one "
    "leaves that unused.",
)
def _lift(answer):
    result = call(answer, FIRST, SECOND)
    if np.ndim(result):
        raise Hint(f"One number a pair of labels is asked for, and this is {kind_of(result)}.")
    a, b, share = FIRST.mean(), SECOND.mean(), np.mean(FIRST * SECOND)
    right = share / (a * b)
    once_more = "This is the share of one label among the rows of the other: divide once more."
    mistakes = [
        (share, "This is the share of rows with both. Compare it with what chance would give."),
        (share / a, once_more),
        (share / b, once_more),
        (a * b, "This is what independent labels would give: only the lower part of the ratio."),
        (share - a * b, "This is the difference of the two shares. How many times as many?"),
        (1 / right, "Upside down: above 1 should mean together more often than by chance."),
        (right / len(FIRST), "Counts and shares are mixed: divide all counts by the rows."),
    ]
    otherwise = "Three shares are needed: rows with both, with the first, with the second."
    compare(read_number(result), right, mistakes, otherwise, tolerance=1e-5)
    if read_number(call(answer, FIRST, APART)) != 0:
        raise Hint("For two labels that never come together it should be 0.")
