"""Check answers to the lessons' exercises: a verdict, and a hint instead of the solution.

A lesson needs `check` only. What is right and which mistakes are typical stands in one module a
lesson, ``lesson_00`` and so on; here is what they share. Where a lesson hands its data to a check,
the right answer is computed from them and fits changed knobs, too. An experiment has no single
right answer: its check asks whether what you report is plausible.
"""

from copy import deepcopy
from importlib import import_module
from numbers import Number
from pkgutil import iter_modules

import numpy as np

# Terminals' codes for blue and orange, the two that nobody confuses; Jupyter knows them, too.
_BLUE, _ORANGE, _PLAIN = "\x1b[1;34m", "\x1b[1;38;5;166m", "\x1b[0m"
_MARKS = {"correct": ("✓", _BLUE), "not yet": ("✗", _ORANGE), "not attempted": ("○", "")}
_CHECKS = {}  # by number: a function that raises a Hint if the answer is wrong, and a sentence


def check(exercise, answer, **given):
    """Print whether an answer is right, or a hint fitted to the mistake.

    A wrong answer raises nothing, so a notebook with unsolved exercises runs to its end.

    Parameters
    ----------
    exercise : str
        Lesson and number, for instance ``"03.2"``.
    answer : object
        What you made of the exercise: a number, an array, a function … ``...`` is no answer yet.
    **given
        What the lesson has computed and the right answer depends on; its cell passes it.

    Raises
    ------
    ValueError
        If there is no such exercise.

    Examples
    --------
    >>> check("01.1", ...)
    ○ 01.1: not attempted yet.
    """
    exercises = find_exercises()
    if exercise not in exercises:
        raise ValueError(f"exercise={exercise!r}: expected one of {list(exercises)}.")
    examine, why = exercises[exercise]
    verdict = _verdict(examine, why, answer, given)
    mark, color = next(v for start, v in _MARKS.items() if verdict.startswith(start))
    print(f"{color}{mark} {exercise}{_PLAIN if color else ''}: {verdict}")


def find_exercises():
    """Return the check of every exercise, and why it matters, by its number and in order."""
    for module in iter_modules(__path__):  # only here, since lessons import names from this module
        import_module(f"{__name__}.{module.name}")
    return dict(sorted(_CHECKS.items()))


def _verdict(examine, why, answer, given):
    try:
        if answer is ...:
            raise NotAttemptedError
        examine(answer, **given)
    except NotAttemptedError:
        return "not attempted yet."
    except Hint as hint:
        return f"not yet. {hint}"
    except Exception as error:  # an answer can be anything, and must not stop the notebook
        return f"not yet. The check could not use this answer ({type(error).__name__}: {error})."
    return f"correct. {why}"


class Hint(Exception):
    """What is wrong with an answer, said without giving the right one away."""


class NotAttemptedError(Exception):
    """The answer still has the ``...`` of the scaffold in it."""


def checks(number, why):
    """Make the decorated function the check of this exercise; a right answer is told why."""

    def keep(examine):
        _CHECKS[number] = examine, why
        return examine

    return keep


def read_number(answer):
    """Return the answer as a float."""
    if np.ndim(answer) == 0 and isinstance(answer, np.ndarray):
        answer = answer.item()
    if isinstance(answer, bool | np.bool_) or not isinstance(answer, Number):
        raise Hint(f"One number is asked for, and this is {kind_of(answer)}.")
    if isinstance(answer, complex) or not np.isfinite(answer):
        raise Hint(f"One ordinary number is asked for, and this is {answer}.")
    return float(answer)


def read_array(answer, shape, meaning):
    """Return the answer as an array of numbers of this shape; the hint says what it means."""
    try:
        array = np.asarray(answer, dtype="float64")
    except (TypeError, ValueError):
        raise Hint(
            f"An array of shape {shape} is asked for ({meaning}), and this is {kind_of(answer)}."
        ) from None
    if answer is None or array.shape != shape:
        found = kind_of(answer) if array.ndim == 0 else f"of shape {array.shape}"
        raise Hint(f"The answer should have the shape {shape} ({meaning}), and this is {found}.")
    if not np.isfinite(array).all():
        raise Hint("There is NaN or infinity in it: is something divided by zero?")
    return array


def call(function, *arguments):
    """Call a function that is the answer, as the exercise says, on copies of a small example."""
    if not callable(function):
        raise Hint(f"A function is asked for, and this is {kind_of(function)}.")
    try:
        result = function(*deepcopy(arguments))
    except Exception as error:  # whatever the reader's function does
        kind = type(error).__name__
        raise Hint(f"On a small example your function raised {kind}: {error}.") from error
    if result is ...:
        raise NotAttemptedError
    if result is None:
        raise Hint("Your function returned None: does its last line begin with `return`?")
    return result


def compare(answer, right, mistakes, otherwise, tolerance=1e-6):
    """Accept the right answer; else give the hint of the mistake that leads to this one."""
    # The right answer comes first: with other data, a mistake may lead to it, too.
    for value, hint in [(right, None), *mistakes]:
        same = np.shape(value) == np.shape(answer)
        if same and np.allclose(answer, value, rtol=0, atol=tolerance):
            if hint is None:
                return
            raise Hint(hint)
    raise Hint(otherwise)


def kind_of(answer):
    """Say in a few words what an answer is."""
    if answer is None:
        return "None"
    if isinstance(answer, str):
        return "a text"
    if isinstance(answer, np.ndarray):
        return f"an array of shape {answer.shape}"
    if isinstance(answer, bool | np.bool_):
        return f"{answer}, that is yes or no"
    if isinstance(answer, Number):
        return f"the number {answer}"
    return f"of type {type(answer).__name__}"
