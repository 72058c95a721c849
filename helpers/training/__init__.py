"""The engine: many networks, each trained as `model.fit` would train it, in seconds.

It imports nothing else of helpers: arrays, functions that return compiled Keras models, and row
numbers of folds go in; predictions and learning curves come out.
"""

from helpers.training.building import adapt_normalization, network_seeds
from helpers.training.early_stopping import EarlyStopping
from helpers.training.folds import Settings, TrainedFold, train_folds, train_model

__all__ = [
    "EarlyStopping",
    "Settings",
    "TrainedFold",
    "adapt_normalization",
    "network_seeds",
    "train_folds",
    "train_model",
]
