"""What only lessons use: exercises, claims, a log of experiments, a check of the installation."""

from helpers.teaching.claims import claim
from helpers.teaching.environment import (
    check_environment,
    check_machine,
    describe_environment,
)
from helpers.teaching.exercises import check
from helpers.teaching.experiments import ExperimentLog

__all__ = [
    "ExperimentLog",
    "check",
    "check_environment",
    "check_machine",
    "claim",
    "describe_environment",
]
