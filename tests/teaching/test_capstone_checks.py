"""The capstone of lesson 04 hands over what was made of it, and that may be wrong, too."""

import numpy as np
import pytest
from exercise_cases import lesson_04 as made

from helpers.data import make_fresh_rows
from helpers.teaching import check

CASES = made.CASES
FRESH_ELSEWHERE = make_fresh_rows(2000)
TOO_LOW = made.evaluated(made.y, share=0.5)


def says(exercise, answer, capsys, **change):
    check(exercise, answer, **(CASES[exercise].given | change))
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"result": ...}, "not attempted yet"),
        ({"result": 0.68}, "what `evaluate_model` returns"),
        ({"result": made.evaluated(made.y, n_repeats=1)}, "has 10 folds"),
        ({"result": made.evaluated(made.y_ours)}, "belongs to other rows"),
    ],
)
@pytest.mark.parametrize("exercise", ["04.2", "04.3"])
def test_a_wrong_evaluation_gets_a_hint(exercise, change, hint, capsys):
    assert hint in says(exercise, CASES[exercise].right[0], capsys, **change)


def test_too_few_epochs_get_a_hint(capsys):
    summary = TOO_LOW.summary().loc["subset_accuracy"]
    answer = [summary["mean"], summary["std"], made.BASE]
    assert "by the rule of section 1" in says("04.2", answer, capsys, result=TOO_LOW)


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"predictor": ...}, "not attempted yet"),
        ({"y": ...}, "not attempted yet"),
        ({"predictor": None}, "what `load_model` returns"),
        ({"X": made.X, "y": made.y}, "fitted on. Take fresh ones"),
        (dict(zip("Xy", FRESH_ELSEWHERE, strict=True)), "mind the `random_state`"),
        ({"X": made.X_fresh[:, :4]}, "what `make_fresh_rows` returns"),
    ],
)
def test_wrong_rows_or_a_wrong_model_get_a_hint(change, hint, capsys):
    assert hint in says("04.3", CASES["04.3"].right[0], capsys, **change)


def test_a_model_of_another_recipe_gets_a_hint(capsys):
    poor = made.Predictor(0.6)
    score = (poor.predict(made.X_fresh) == made.y_fresh).all(axis=1).mean()
    low, high = made.RESULT.summary().loc["subset_accuracy", ["ci_low", "ci_high"]]
    answer = [score, np.bool_(low <= score <= high)]
    assert "is not what this recipe reaches" in says("04.3", answer, capsys, predictor=poor)
