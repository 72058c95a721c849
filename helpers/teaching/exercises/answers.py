"""What the checks of all lessons share: reading an answer, and hints for what is no answer."""

from copy import deepcopy
from numbers import Number
from typing import NamedTuple

import numpy as np


class Hint(Exception):
    """What is wrong with an answer, said without giving the right one away."""


class NotAttemptedError(Exception):
    """The answer still has the ``...`` of the scaffold in it."""


class Check(NamedTuple):
    """How an exercise is checked."""

    examine: callable
    why: str


def read_number(answer):
    """Return the answer as a float."""
    if np.ndim(answer) == 0 and isinstance(answer, np.ndarray):
        answer = answer.item()
    if isinstance(answer, bool | np.bool_) or not isinstance(answer, Number):
        raise Hint(f"One number is asked for, and this is {describe(answer)}.")
    if isinstance(answer, complex) or not np.isfinite(answer):
        raise Hint(f"One ordinary number is asked for, and this is {answer}.")
    return float(answer)


def read_array(answer, shape, meaning):
    """Return the answer as an array of numbers of the shape asked for."""
    try:
        array = np.asarray(answer, dtype="float64")
    except (TypeError, ValueError):
        raise Hint(
            f"An array of shape {shape} is asked for ({meaning}), and this is {describe(answer)}."
        ) from None
    if answer is None or array.shape != shape:
        found = describe(answer) if array.ndim == 0 else f"of shape {array.shape}"
        raise Hint(f"The answer should have the shape {shape} ({meaning}), and this is {found}.")
    if not np.isfinite(array).all():
        raise Hint("There is NaN or infinity in it: is something divided by zero?")
    return array


def call(function, *arguments):
    """Call a function that is the answer, as the exercise says, on copies of a small example."""
    if not callable(function):
        raise Hint(f"A function is asked for, and this is {describe(function)}.")
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
    for value, hint in [(right, None), *mistakes]:
        same = np.shape(value) == np.shape(answer)
        if same and np.allclose(answer, value, rtol=0, atol=tolerance):
            if hint is None:
                return
            raise Hint(hint)
    raise Hint(otherwise)


def describe(answer):
    """Say in a few words what kind of thing an answer is."""
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
