"""What only lessons use: checked exercises, a log of experiments, a check of the installation."""

from helpers.teaching.exercises import check
from helpers.teaching.experiments import ExperimentLog

__all__ = ["ExperimentLog", "check"]
