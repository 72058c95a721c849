"""A trained model as one file, and what predicts from it."""

from helpers.persistence.categories import UnknownCategories
from helpers.persistence.predictor import Predictor
from helpers.persistence.saving import load_model, save_model

__all__ = ["Predictor", "UnknownCategories", "load_model", "save_model"]
