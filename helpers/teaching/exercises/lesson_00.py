"""Checks of lesson 00: a mean score after a change of a knob, and a first small function."""

import numpy as np

from helpers.teaching.exercises import Hint, call, checks, compare, read_array, read_number

SMALL = np.array([[1, 1, 0], [0, 0, 0], [1, 1, 1], [0, 1, 0]])


@checks("00.1", "Ten epochs are too few: the networks have not learned yet what there is to learn.")
def _mean_after_ten_epochs(answer):
    mean = read_number(answer)
    if mean > 1 or mean < 0:
        raise Hint("A share is asked for, between 0 and 1.")
    if abs(mean - 0.319) < 0.002:
        raise Hint("This is the dashed line, the answer that ignores the features.")
    if 0.78 < mean < 0.86:
        raise Hint("This is the mean after 100 epochs. Change the knob, and rerun both cells.")
    if not 0.42 < mean < 0.64:
        raise Hint("Not plausible for 10 epochs. Is it the mean over all thirty networks?")


@checks(
    "00.2",
    "With axis=1 it adds up along a row; with axis=0, down each column.",
)
def _labels_of_each_row(answer):
    result, right = call(answer, SMALL), SMALL.sum(axis=1)
    if np.ndim(result) == 0:
        if result == SMALL.sum():
            raise Hint("This adds up the whole table. Each row should get a number of its own.")
        raise Hint("Your function returned a single value. Each row should get a number.")
    if np.array_equal(result, SMALL.sum(axis=0)):
        raise Hint("This counts down the columns: one number per label. Try the other axis.")
    result = read_array(result, right.shape, "one number per row; the example has four rows")
    if np.allclose(result, SMALL.mean(axis=1)):
        raise Hint("These are shares of the labels, a mean. Count them instead.")
    mistakes = [
        ((SMALL == 0).sum(axis=1), "This counts the labels that a row does not have."),
        (SMALL.max(axis=1), "This says whether a row has any label at all. How many does it have?"),
    ]
    otherwise = "The shape is right. A row such as 110 should give 2, and 000 should give 0."
    compare(result, right, mistakes, otherwise, tolerance=0)
