"""Checks of lesson 01: label sets, a label matrix from tags, labels that come together."""

from helpers.checks.answers import Check, Hint, read_number


def _rows_with_second_only(answer, y):
    answer = read_number(answer)
    without_first = y[:, 0] == 0
    if answer == (y[:, 1] == 1).sum():
        raise Hint("These are all rows with the second label. Some of them have the first as well.")
    if answer == without_first.sum():
        raise Hint("These are all rows without the first label. Must they not have the second?")
    if answer == (y[:, 1] == 1).mean() or 0 < answer < 1:
        raise Hint("A number of rows is asked for, not a share.")
    if answer != (without_first & (y[:, 1] == 1)).sum():
        raise Hint("In the table, add up the sets whose digits begin with 01.")


CHECKS = {
    "01.1": Check(
        _rows_with_second_only,
        "A label-set table answers every question of this kind: with this, but not with that.",
    ),
}
