"""Numbers that each network of a stack has for itself: learning rates, strengths of penalties."""

import keras
import numpy as np

from helpers.stackable import flat_layers

STRENGTHS = {keras.regularizers.L1: "l1", keras.regularizers.L2: "l2"}


class Rates(keras.optimizers.schedules.LearningRateSchedule):
    """One constant learning rate a network, for weights that are joined as ``(K, P)``.

    Parameters
    ----------
    rates : list of float

    Examples
    --------
    >>> Rates([0.001, 0.01])(step=7).shape
    TensorShape([2, 1])
    """

    def __init__(self, rates):
        self.values = keras.Variable(np.reshape(rates, (-1, 1)), dtype="float32", trainable=False)

    def __call__(self, step):
        """Return the rates, (K, 1), whatever the step."""
        return keras.ops.convert_to_tensor(self.values)


def learning_rate(model):
    """Return a compiled model's learning rate as a float; None if a schedule changes it.

    Parameters
    ----------
    model : keras.Model

    Returns
    -------
    float or None

    Examples
    --------
    >>> from helpers.models import make_mlp
    >>> round(learning_rate(make_mlp(4, 2, learning_rate=0.25)), 3)
    0.25
    """
    try:
        rate = model.optimizer.get_config()["learning_rate"]
    except NotImplementedError:  # a schedule of one's own, which may have no configuration
        return None
    return rate if isinstance(rate, float) else None


def strengths(model):
    """List the strengths of a model's `keras.regularizers.L1` and `L2`.

    Parameters
    ----------
    model : keras.Model

    Returns
    -------
    list of float
    """
    return [float(getattr(part, STRENGTHS[type(part)])) for part in _regularizers(model)]


def set_strengths(model, values):
    """Give the regularizers of a model other strengths: numbers, or symbols of a trace.

    Parameters
    ----------
    model : keras.Model
    values : sequence
        As long as what `strengths` returns.
    """
    for part, value in zip(_regularizers(model), values, strict=True):
        setattr(part, STRENGTHS[type(part)], value)


def shared_regularizers(model):
    """Say which of these regularizers are one object, as places in the list of them.

    Parameters
    ----------
    model : keras.Model

    Returns
    -------
    list of int
        For each the place of the first that is the same object.
    """
    parts = [id(part) for part in _regularizers(model)]
    return [parts.index(part) for part in parts]


def _regularizers(model):
    parts = [part for layer in flat_layers(model) for part in vars(layer).values()]
    return [part for part in parts if type(part) in STRENGTHS]
