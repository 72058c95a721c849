"""Normalization layers adapted to the training rows, and to no others."""

import keras

from helpers.stackable import flat_layers


def adapt_normalization(model, X, rows=None):
    """Adapt each `Normalization` layer of a model to what reaches it from the rows of `X`.

    A layer that was given its mean and variance is left alone.

    Parameters
    ----------
    model : keras.Model
    X : ndarray of shape (n_samples, n_inputs)
        Training rows only: test rows must not leak into the statistics.
    rows : ndarray of int, optional
        The training rows among those of `X`; all of them if None.

    Examples
    --------
    >>> import keras, numpy as np
    >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Normalization()])
    >>> adapt_normalization(model, np.array([[1.0], [3.0]]))
    >>> model(np.array([[2.0]])).numpy().tolist()
    [[0.0]]
    """
    for layer in flat_layers(model):
        if isinstance(layer, keras.layers.Normalization) and layer.input_mean is None:
            if layer not in model.layers or not getattr(model, "inputs", None):
                raise ValueError(
                    f"make_model: the Normalization layer {layer.name!r} sits where it "
                    "can't be adapted fold by fold. Put it straight into a Sequential or a "
                    "functional model."
                )
            before = keras.Model(model.inputs[0], layer.input)
            layer.adapt(keras.ops.convert_to_numpy(before(X if rows is None else X[rows])))
