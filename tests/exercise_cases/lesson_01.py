"""Answers to the exercises of lesson 01."""

from exercise_cases.cases import Case
from helpers.data import make_dataset

X, y = make_dataset()

CASES = {
    "01.1": Case(
        right=[207],
        wrong=[
            (731, "all rows with the second label"),
            (363, "all rows without the first label"),
            (0.207, "not a share"),
            (12, "begin with 01"),
        ],
        given={"y": y},
    ),
}
