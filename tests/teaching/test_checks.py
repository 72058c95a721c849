"""Every exercise's check: right answers, typical mistakes, and whatever else is typed in."""

import re
from copy import deepcopy
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.teaching import check
from helpers.teaching.exercises import find_exercises

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
    None,
    True,
    "0.8",
    "",
    [],
    {},
    set(),
    object(),
    int,
    np.nan,
    np.inf,
    -1e30,
    1j,
    np.nan * np.ones(3),
    np.zeros((0, 3)),
    np.zeros((4, 5, 6)),
    np.array("a"),
    np.array([None]),
    pd.DataFrame(),
    pd.Series(["a"]),
    [[1], [1, 2]],
    [...],
    (None, None),
    {"a": None},
    returns(None),
    returns("a"),
    returns(np.nan),
    returns([[1], [1, 2]]),
    raises,
]


MARKS = {"✓": "correct. ", "✗": "not yet. ", "○": "not attempted yet."}


def verdict(exercise, answer, capsys):
    """Return what the check prints, without the exercise's number."""
    assert check(exercise, answer, **CASES[exercise].given) is None
    printed = re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out)  # without its colors
    mark, said = printed.split(f" {exercise}: ")
    assert said.startswith(MARKS[mark]) and printed.count("\n") == 1
    return said.strip()


def test_a_verdict_has_a_color_and_a_mark(capsys):
    right = CASES["01.1"].right[0]
    for answer, start in [(right, "\x1b[1;34m✓ "), (1, "\x1b[1;38;5;166m✗ "), (..., "○ ")]:
        check("01.1", answer)
        assert capsys.readouterr().out.startswith(start + "01.1")


def test_every_exercise_has_cases_and_every_case_an_exercise():
    assert list(CASES) == list(find_exercises())


@pytest.mark.parametrize("exercise", CASES)
def test_right_answers_are_told_why_it_matters(exercise, capsys):
    _, why = find_exercises()[exercise]
    assert CASES[exercise].right
    for answer in CASES[exercise].right:
        assert verdict(exercise, answer, capsys) == f"correct. {why}"
    assert why.endswith(".") and len(why) < 200


def spoil(value):
    """Change what can be changed in place."""
    if isinstance(value, np.ndarray):
        value[...] = 0
    elif isinstance(value, pd.DataFrame | pd.Series):
        value.iloc[:] = value.iloc[0]
    if isinstance(value, pd.DataFrame):
        value["more"] = 0
    if isinstance(value, list | tuple):
        for part in value:
            spoil(part)


def spoils_its_arguments(function):
    """Make a function that returns the same and leaves nothing of its arguments."""

    def answer(*arguments):
        result = deepcopy(function(*arguments))
        spoil(arguments)
        return result

    return answer


@pytest.mark.parametrize("exercise", [e for e in CASES if callable(CASES[e].right[0])])
def test_an_answer_that_changes_its_arguments_spoils_no_later_one(exercise, capsys):
    for answer in CASES[exercise].right:
        for one in (spoils_its_arguments(answer), answer):
            assert verdict(exercise, one, capsys).startswith("correct. ")


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


# An experiment, which has no single right answer; then counts, a network, labels, label sets.
NOT_EXACT = ["00.1", "00.2", "02.2", "08.2", "10.2", "11.1", "11.2"]
OFF = {"11.3": 0.06}  # models are trained again there, and differ by a row or two


def almost(answer, off):
    """List the answer with one of its numbers a little off, for each of them; [] if it has none."""
    if isinstance(answer, float) or getattr(getattr(answer, "dtype", None), "kind", "") == "f":
        return [answer * (1 + off), answer * (1 - off)]
    if isinstance(answer, int) and not isinstance(answer, bool) and answer > 100:
        return almost(float(answer), off)
    if isinstance(answer, list | tuple):
        return [
            [*answer[:place], other, *answer[place + 1 :]]
            for place, part in enumerate(answer)
            for other in almost(part, off)
        ]
    return []


@pytest.mark.parametrize("exercise", [e for e in CASES if e not in NOT_EXACT])
def test_a_number_that_is_one_percent_off_is_not_right(exercise, capsys):
    answer, off = CASES[exercise].right[0], OFF.get(exercise, 0.012)
    others = [lambda *given: almost(answer(*given), off)[0]]
    for other in others if callable(answer) else almost(answer, off):
        assert verdict(exercise, other, capsys).startswith("not yet. "), other


def test_an_unknown_exercise_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=r"exercise='99.1': expected one of \['0"):
        check("99.1", 1)


def test_a_right_answer_is_right_even_if_a_mistake_leads_to_it_too(capsys):
    y_train, y_test = np.array([[0, 0], [1, 1]]), np.array([[0, 0], [0, 1]])
    check("06.3", 0.5, y_train=y_train, y_test=y_test)  # in reach as often as out of reach
    assert "✓" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"small": ...}, "from 50 held-out rows are missing"),
        ({"large": ...}, "from 200 held-out rows are missing"),
        ({"small": np.linspace(0.7, 0.9, 10)}, "should have the shape (30,)"),
        ({"large": np.linspace(70, 90, 30)}, "between 0 and 1"),
        ({"large": np.full(30, 0.8)}, "are the same"),
        ({"small": np.linspace(0.79, 0.8, 30)}, "change places"),
    ],
)
def test_the_ratio_of_spreads_comes_with_the_scores_it_was_made_of(change, hint, capsys):
    case = CASES["03.2"]
    check("03.2", case.right[0], **(case.given | change))
    assert hint in capsys.readouterr().out
