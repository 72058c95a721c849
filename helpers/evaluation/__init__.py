"""Cross-validation, tuning and learning curves of Keras models: lessons 03, 14, and all others.

`helpers.training` trains the networks; what they predict for held-out rows is scored here.
"""

from helpers.estimators import evaluate_estimator
from helpers.evaluation.cross_validation import evaluate_model, evaluate_models
from helpers.evaluation.learning_curves import learning_curve
from helpers.evaluation.nested import NestedResult, nested_cross_validation
from helpers.evaluation.tuning import TuningResult, tune_model
from helpers.results import EvaluationResult, compare, comparison_table, corrected_interval
from helpers.training import EarlyStopping

__all__ = [
    "EarlyStopping",
    "EvaluationResult",
    "NestedResult",
    "TuningResult",
    "compare",
    "comparison_table",
    "corrected_interval",
    "evaluate_estimator",
    "evaluate_model",
    "evaluate_models",
    "learning_curve",
    "nested_cross_validation",
    "tune_model",
]
