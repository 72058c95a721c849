"""What a lesson says about one of its exercises, for tests/test_checks.py."""

from dataclasses import dataclass, field


@dataclass
class Case:
    """An exercise with answers that must be accepted, and ones that get a hint each.

    right: answers that are correct. wrong: at least three typical mistakes, each with a piece of
    the hint that it must get; no two mistakes may get the same hint. given: what the lesson's cell
    passes to `check` besides the answer.
    """

    right: list
    wrong: list  # of (answer, piece of the hint)
    given: dict = field(default_factory=dict)
