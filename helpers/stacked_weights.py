"""The trainable weights of K networks of one shape, with a leading axis K.

An optimizer does about a dozen small operations for each variable it moves. Where a network has few
weights, the cost of starting an operation is nearly all there is, so they are kept in one variable
``(K, P)``, cut into the weights of the layers when these are needed. Where it has many, cutting and
joining would cost more than it saves, and each weight is a variable of its own.
"""

import keras
import numpy as np
import tensorflow as tf

# Numbers in one network. Measured with 30 networks on two cores: with more, joining does not pay.
MAX_JOINED = 2_000


class StackedWeights:
    """One variable for all weights of K networks, or one for each weight.

    Parameters
    ----------
    models : list of keras.Model
        K models of one architecture. Their weights are read, not changed.
    joined : bool, optional
        None decides by how many numbers a network has.

    Attributes
    ----------
    joined : bool
    variables : list of keras.Variable
        What an optimizer moves: ``[(K, P)]`` if joined, else ``[(K, *shape), ...]``.

    Examples
    --------
    >>> from helpers.models import make_mlp
    >>> weights = StackedWeights([make_mlp(4, 2, hidden=(3,), seed=seed) for seed in range(5)])
    >>> weights.joined, [tuple(v.shape) for v in weights.variables]
    (True, [(5, 23)])
    >>> [tuple(tensor.shape) for tensor in weights.tensors()]
    [(5, 4, 3), (5, 3), (5, 3, 2), (5, 2)]
    """

    def __init__(self, models, joined=None):
        arrays = stack_variables(m.trainable_variables for m in models)
        self.shapes = [array.shape for array in arrays]
        self.sizes = [int(np.prod(shape[1:])) for shape in self.shapes]
        self.joined = sum(self.sizes) <= MAX_JOINED if joined is None else joined
        self.variables = [keras.Variable(array) for array in self._join(arrays)]

    def load(self, models):
        """Take over the weights of K other models of the same architecture."""
        arrays = stack_variables(m.trainable_variables for m in models)
        for variable, array in zip(self.variables, self._join(arrays), strict=True):
            variable.assign(array)

    def values(self):
        """Return TensorFlow's own variables, which a gradient can be taken of."""
        return [variable.value for variable in self.variables]

    def tensors(self):
        """Return each weight of the K networks, in the order of ``model.trainable_variables``."""
        if not self.joined:
            return [tf.convert_to_tensor(value) for value in self.values()]
        parts = tf.split(self.values()[0], self.sizes, axis=1)
        return [tf.reshape(part, shape) for part, shape in zip(parts, self.shapes, strict=True)]

    def _join(self, arrays):
        if not self.joined:
            return arrays
        return [np.concatenate([array.reshape(len(array), -1) for array in arrays], axis=1)]


def stack_variables(variables_of_models):
    """Stack the variables of K models: one array ``(K, *shape)`` for each variable.

    Parameters
    ----------
    variables_of_models : iterable of list of keras.Variable

    Returns
    -------
    list of ndarray
    """
    same = zip(*variables_of_models, strict=True)
    return [np.stack([keras.ops.convert_to_numpy(v) for v in variables]) for variables in same]
