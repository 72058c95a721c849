"""Checks of lesson 00: a number read off after turning a knob, and a first small function."""

import numpy as np

from helpers.data import make_dataset
from helpers.teaching.exercises import Hint, call, checks, compare, read_array, read_number

N_ROWS = 12  # what the knob is to be turned to
SMALL = np.array([[1, 1, 0], [0, 0, 0], [1, 1, 1], [0, 1, 0]])


@checks(
    "00.1", "Predict, change, rerun, compare: every experiment of this workshop goes like this."
)
def _rows_with_label_1(answer):
    y = make_dataset(n_samples=N_ROWS)[1]
    right, second, third = y.sum(axis=0)
    of_five = y[:5, 0].sum()
    column = "Another column has this many. Count in the one called label_1."
    mistakes = [
        (of_five, "That is the count among five rows. Turn the knob, and rerun both its cells."),
        (N_ROWS - right, "These are the rows with a 0 in that column."),
        (second, column),
        (third, column),
        (N_ROWS, "These are all rows. Count only those with a 1 in the column label_1."),
    ]
    otherwise = "Rerun the two cells of section 3 with N_ROWS = 12, then count the ones again."
    compare(read_number(answer), right, mistakes, otherwise, tolerance=0)


@checks(
    "00.2",
    "Along which axis one adds up is half of all work with label matrices, and half of all errors.",
)
def _labels_of_each_row(answer):
    result, right = call(answer, SMALL), SMALL.sum(axis=1)
    if np.ndim(result) == 0:
        if result == SMALL.sum():
            raise Hint("This adds up the whole table. Each row should get a number of its own.")
        raise Hint("Your function returned a single value. Each row should get a number.")
    if np.array_equal(result, SMALL.sum(axis=0)):
        raise Hint("This counts down the columns: one number a label. Try the other axis.")
    result = read_array(result, right.shape, "one number a row; the example has four rows")
    if np.allclose(result, SMALL.mean(axis=1)):
        raise Hint("These are shares of the labels, a mean. Count them instead.")
    mistakes = [
        ((SMALL == 0).sum(axis=1), "This counts the labels that a row does not have."),
        (SMALL.max(axis=1), "This says whether a row has any label at all. How many has it?"),
    ]
    otherwise = "The shape is right. A row such as 110 should give 2, and 000 should give 0."
    compare(result, right, mistakes, otherwise, tolerance=0)
