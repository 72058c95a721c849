"""Check answers to the lessons' exercises: a verdict, and a hint instead of the solution.

`check` is all that a lesson needs. What is right and which mistakes are typical stands in one
module a lesson, ``lesson_00`` and so on; ``answers`` has what they share. Where a lesson hands
its data to a check, the right answer is computed from them and fits changed knobs, too. An
experiment has no single right answer: its check asks whether what you report is plausible.
"""

from importlib import import_module
from pkgutil import iter_modules

from helpers.teaching.exercises.answers import Hint, NotAttemptedError

__all__ = ["check", "find_exercises"]


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
        What the lesson has computed and the right answer depends on; the exercise's cell passes
        it.

    Raises
    ------
    ValueError
        If there is no such exercise.

    Examples
    --------
    >>> check("01.1", ...)
    01.1: not attempted yet.
    """
    checks = find_exercises()
    if exercise not in checks:
        raise ValueError(f"exercise={exercise!r}: expected one of {list(checks)}.")
    print(f"{exercise}: {_verdict(checks[exercise], answer, given)}")


def find_exercises():
    """Return the check of every exercise, in order."""
    names = sorted(module.name for module in iter_modules(__path__) if "lesson" in module.name)
    lessons = [import_module(f"{__name__}.{name}") for name in names]
    return {number: found for lesson in lessons for number, found in lesson.CHECKS.items()}


def _verdict(found, answer, given):
    if answer is ...:
        return "not attempted yet."
    try:
        found.examine(answer, **given)
    except NotAttemptedError:
        return "not attempted yet."
    except Hint as hint:
        return f"not yet. {hint}"
    except Exception as error:  # an answer can be anything, and must not stop the notebook
        return f"not yet. The check could not use this answer ({type(error).__name__}: {error})."
    return f"correct. {found.why}"
