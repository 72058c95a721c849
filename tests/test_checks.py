"""Every exercise's check: right answers, typical mistakes, and whatever else is typed in."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.checks import check, find_exercises

FOLDER = Path(__file__).parent / "exercise_cases"
CASES = {}
for path in sorted(FOLDER.glob("lesson_*.py")):
    CASES |= import_module(f"exercise_cases.{path.stem}").CASES


def returns(value):
    """Make a function that takes anything and returns this."""
    return lambda *_, **__: value


def raises(*_, **__):
    """Fail, as a reader's function may."""
    raise RuntimeError("my own mistake")


GARBAGE = [
    *[None, True, "0.8", "", [], {}, set(), object(), int, np.nan, np.inf, -1e30, 1j],
    *[np.nan * np.ones(3), np.zeros((0, 3)), np.zeros((4, 5, 6)), np.array("a"), np.array([None])],
    *[pd.DataFrame(), pd.Series(["a"]), [[1], [1, 2]], [...], (None, None), {"a": None}],
    *[returns(None), returns("a"), returns(np.nan), returns([[1], [1, 2]]), raises],
]


def verdict(exercise, answer, capsys):
    """Return what the check prints, without the exercise's number."""
    assert check(exercise, answer, **CASES[exercise].given) is None
    printed = capsys.readouterr().out
    assert printed.startswith(f"{exercise}: ") and printed.count("\n") == 1
    return printed.removeprefix(f"{exercise}: ").strip()


def test_every_exercise_has_cases_and_every_case_an_exercise():
    assert list(CASES) == list(find_exercises())


@pytest.mark.parametrize("exercise", CASES)
def test_right_answers_are_told_why_it_matters(exercise, capsys):
    why = find_exercises()[exercise].why
    assert CASES[exercise].right
    for answer in CASES[exercise].right:
        assert verdict(exercise, answer, capsys) == f"correct. {why}"
    assert why.endswith(".") and len(why) < 200


@pytest.mark.parametrize("exercise", CASES)
def test_nothing_is_not_attempted_yet(exercise, capsys):
    assert verdict(exercise, ..., capsys) == "not attempted yet."


@pytest.mark.parametrize("exercise", CASES)
def test_garbage_gets_a_hint_and_raises_nothing(exercise, capsys):
    for answer in GARBAGE:
        assert verdict(exercise, answer, capsys).startswith(("not yet. ", "not attempted yet."))


@pytest.mark.parametrize("exercise", CASES)
def test_each_typical_mistake_gets_its_own_hint(exercise, capsys):
    wrong = CASES[exercise].wrong
    hints = [verdict(exercise, answer, capsys) for answer, _ in wrong]
    for hint, (_, piece) in zip(hints, wrong, strict=True):
        assert hint.startswith("not yet. ") and piece in hint
        assert "could not use this answer" not in hint
    assert len(set(hints)) == len(hints) >= 3


def test_an_unknown_exercise_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=r"exercise='99.1': expected one of \['0"):
        check("99.1", 1)
