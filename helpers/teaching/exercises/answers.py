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
    """How an exercise is checked.

    Attributes
    ----------
    examine : callable
        ``examine(answer, **given)`` raises a `Hint` if the answer is wrong, else returns.
    why : str
        One sentence for a right answer: why it matters.
    """

    examine: callable
    why: str


def read_number(answer):
    """Return the answer as a float.

    Parameters
    ----------
    answer : object

    Returns
    -------
    float

    Raises
    ------
    Hint
        If it is not one finite number.

    Examples
    --------
    >>> read_number(np.float32(0.5))
    0.5
    """
    if np.ndim(answer) == 0 and isinstance(answer, np.ndarray):
        answer = answer.item()
    if isinstance(answer, bool | np.bool_) or not isinstance(answer, Number):
        raise Hint(f"One number is asked for, and this is {describe(answer)}.")
    if isinstance(answer, complex) or not np.isfinite(answer):
        raise Hint(f"One ordinary number is asked for, and this is {answer}.")
    return float(answer)


def read_array(answer, shape, meaning):
    """Return the answer as an array of numbers of the shape asked for.

    Parameters
    ----------
    answer : object
    shape : tuple of int
    meaning : str
        What the axes are, for the hint: for instance "one number a label".

    Returns
    -------
    ndarray of shape `shape`, float64

    Raises
    ------
    Hint
        If it is not that, or has NaN or infinity in it.

    Examples
    --------
    >>> read_array([True, False], (2,), "one a row")
    array([1., 0.])
    """
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
    """Call a function that is the answer, as the exercise says, on copies of a small example.

    Parameters
    ----------
    function : object
        The answer.
    *arguments

    Returns
    -------
    object
        What it returned.

    Raises
    ------
    Hint
        If it is no function, or raises something itself.
    NotAttemptedError
        If it returns ``...`` as in the scaffold.

    Examples
    --------
    >>> call(abs, -2)
    2
    """
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
    """Accept the right answer; else give the hint of the mistake that leads to this one.

    Parameters
    ----------
    answer, right : array-like of numbers
        `right` comes first, for a mistake can lead to the right answer, too.
    mistakes : list of (array-like of numbers, str)
        What each typical mistake leads to, and its hint.
    otherwise : str
        The hint for any other answer.
    tolerance : float
        How far apart two numbers may be that count as the same.

    Raises
    ------
    Hint

    Examples
    --------
    >>> compare(0.5, right=0.5, mistakes=[(2, "Upside down.")], otherwise="Divide.")
    """
    for value, hint in [(right, None), *mistakes]:
        same = np.shape(value) == np.shape(answer)
        if same and np.allclose(answer, value, rtol=0, atol=tolerance):
            if hint is None:
                return
            raise Hint(hint)
    raise Hint(otherwise)


def describe(answer):
    """Say in a few words what kind of thing an answer is.

    Parameters
    ----------
    answer : object

    Returns
    -------
    str

    Examples
    --------
    >>> describe(np.zeros((2, 3))), describe("0.8")
    ('an array of shape (2, 3)', 'a text')
    """
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
