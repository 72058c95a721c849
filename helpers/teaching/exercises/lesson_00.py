"""Checks of lesson 00: a number read off after turning a knob, and a first small function."""

import numpy as np

from helpers.data import make_dataset
from helpers.teaching.exercises.answers import Check, Hint, call, read_array, read_number

N_ROWS = 12  # what the knob is to be turned to
SMALL = np.array([[1, 1, 0], [0, 0, 0], [1, 1, 1], [0, 1, 0]])


def _rows_with_label_1(answer):
    answer = read_number(answer)
    y = make_dataset(n_samples=N_ROWS)[1]
    right = y[:, 0].sum()
    if answer == right:
        return
    if answer == y[:5, 0].sum():
        raise Hint("That is the count among five rows. Turn the knob, and rerun both its cells.")
    if answer == N_ROWS - right:
        raise Hint("These are the rows with a 0 in that column.")
    if answer in y.sum(axis=0)[1:]:
        raise Hint("Another column has this many. Count in the one called label_1.")
    if answer == N_ROWS:
        raise Hint("These are all rows. Count only those with a 1 in the column label_1.")
    raise Hint("Rerun the two cells of section 3 with N_ROWS = 12, then count the ones again.")


def _labels_of_each_row(answer):
    result, right = call(answer, SMALL), SMALL.sum(axis=1)
    if np.ndim(result) == 0:
        if result == SMALL.sum():
            raise Hint("This adds up the whole table. Each row should get a number of its own.")
        raise Hint("Your function returned a single value. Each row should get a number.")
    if np.shape(result) == (3,) and np.array_equal(result, SMALL.sum(axis=0)):
        raise Hint("This counts down the columns: one number a label. Try the other axis.")
    result = read_array(result, right.shape, "one number a row; the example has four rows")
    if np.allclose(result, SMALL.mean(axis=1)):
        raise Hint("These are shares of the labels, a mean. Count them instead.")
    if np.array_equal(result, (SMALL == 0).sum(axis=1)):
        raise Hint("This counts the labels that a row does not have.")
    if np.array_equal(result, SMALL.max(axis=1)):
        raise Hint("This says whether a row has any label at all. How many has it?")
    if not np.array_equal(result, right):
        raise Hint("The shape is right. A row such as 110 should give 2, and 000 should give 0.")


CHECKS = {
    "00.1": Check(
        _rows_with_label_1,
        "Predict, change, rerun, compare: every experiment of this workshop goes like this.",
    ),
    "00.2": Check(
        _labels_of_each_row,
        "Along which axis one adds up is half of all work with label matrices, and half of all "
        "errors.",
    ),
}
