"""Checks of lesson 14: the cheapest of the good trials, and what a nested search costs."""

import numpy as np
import pandas as pd

from helpers.teaching.exercises import call, checks, compare, read_number

TRIALS = pd.DataFrame(
    {
        "trial": [3, 8, 1, 5, 4, 9, 2],
        "epochs": [40, 20, 20, 10, 80, 10, 5],
        "score": [0.80, 0.79, 0.795, 0.76, 0.78, np.nan, 0.70],
        "std_error": [0.015, 0.03, 0.01, 0.08, 0.02, np.nan, 0.005],
    }
)
SEARCH = {"n_trials": 8, "inner": 3, "outer": 4, "epochs": 25}


@checks(
    "14.1",
    "Within an error of the best, a search can't tell trials apart, and you may as well save time.",
)
def _cheapest_good(answer):
    answer = read_number(call(answer, TRIALS.copy()))
    mistakes = [
        (3, "This is the best trial. Which cheaper ones are within its error?"),
        (8, "Two good trials have as few epochs. Which of them scores higher?"),
        (5, "Take the error of the *best* trial, not the trial's own."),
        (2, "This is the cheapest of all. Is it good?"),
        (9, "This trial has no score."),
        (20, "These are its epochs. What is its number?"),
    ]
    otherwise = "First the best score and its error, then the good ones, then the fewest epochs."
    compare(answer, 1, mistakes, otherwise)


@checks(
    "14.2",
    "A nested search costs one search for each outer fold, and one more for the model you keep.",
)
def _cost(answer):
    answer = read_number(call(answer, *SEARCH.values()))
    n_trials, inner, outer, epochs = SEARCH.values()
    one = n_trials * inner * epochs
    mistakes = [
        (outer * one, "Count the winners, too, and the last search."),
        (outer * (one + epochs), "Then comes a last search on all rows, with its refit."),
        ((outer + 1) * one, "Each winner is trained once more: on the outer fold, or on all rows."),
        ((outer + 1) * one + outer * epochs, "The last search has a refit, too."),
        (
            (outer + 1) * (n_trials * inner + 1),
            "These are networks. Each of them trains for some epochs.",
        ),
        (outer * one + epochs, "Each outer fold trains a winner, and a last search follows."),
        ((outer + 1) * (n_trials + 1) * epochs, "Each trial trains a network in each inner fold."),
    ]
    otherwise = "Count one search first: trials times inner folds times epochs, and its winner."
    compare(answer, (outer + 1) * (one + epochs), mistakes, otherwise)
