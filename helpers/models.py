"""Compiled Keras models, ready for `fit` or for `helpers.evaluation.evaluate_model`."""

import keras


def make_mlp(n_inputs, n_outputs, hidden=(20,), learning_rate=0.001, seed=None):
    """Make a multi-layer perceptron for multi-label classification.

    Each hidden layer is dense with ReLU activation and He-uniform initial weights; the output
    layer has one sigmoid unit a label; loss is binary cross-entropy, optimizer is Adam.

    Parameters
    ----------
    n_inputs : int
        Number of features.
    n_outputs : int
        Number of labels.
    hidden : tuple of int, default=(20,)
        Units of each hidden layer, from the input up. ``()`` leaves a logistic regression.
    learning_rate : float, default=0.001
        Step size of Adam.
    seed : int or None, default=None
        Seed of the initial weights; each layer gets its own, counted up from it. None leaves the
        choice to Keras.

    Returns
    -------
    keras.Sequential
        Built and compiled.

    References
    ----------
    He et al., Delving deep into rectifiers (2015), for the initial weights of ReLU layers.

    Examples
    --------
    >>> model = make_mlp(n_inputs=10, n_outputs=3, seed=1)
    >>> model.count_params()
    283
    >>> model.output_shape
    (None, 3)
    """
    _check_sizes(n_inputs=n_inputs, n_outputs=n_outputs, hidden=hidden)
    layers = [keras.Input((n_inputs,), name="features")]
    for i, units in enumerate(hidden):
        initializer = keras.initializers.HeUniform(seed=_layer_seed(seed, i))
        layers.append(
            keras.layers.Dense(
                units, activation="relu", kernel_initializer=initializer, name=f"hidden_{i + 1}"
            )
        )
    initializer = keras.initializers.GlorotUniform(seed=_layer_seed(seed, len(hidden)))
    layers.append(
        keras.layers.Dense(
            n_outputs, activation="sigmoid", kernel_initializer=initializer, name="labels"
        )
    )
    model = keras.Sequential(layers)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="binary_crossentropy")
    return model


def _layer_seed(seed, layer):
    return None if seed is None else seed + layer


def _check_sizes(n_inputs, n_outputs, hidden):
    if isinstance(hidden, int):
        raise TypeError(f"hidden={hidden}: pass a tuple, one number a layer, e.g. ({hidden},).")
    for name, value in [("n_inputs", n_inputs), ("n_outputs", n_outputs)] + [
        ("hidden", units) for units in hidden
    ]:
        if int(value) != value or value < 1:
            raise ValueError(f"{name}: found {value!r}, expected a whole number of 1 or more.")
