"""Which models can be compiled, and which of them can share a program."""

import inspect
import warnings

import keras
import numpy as np
import tensorflow as tf

# Regularizers whose strength may be a variable. Those of L1L2 may not: it looks whether they are 0.
_PENALTIES = {keras.regularizers.L1: "l1", keras.regularizers.L2: "l2"}
# What `fit` does with a batch is what a program does only if these are Keras' own.
_STEPS = ("fit", "evaluate", "train_step", "test_step", "make_train_function", "make_test_function")
# Layers without layers in them, of which a configuration says all.
_LEAF_NAMES = """
    Activation Add AveragePooling1D AveragePooling2D BatchNormalization Conv1D Conv2D Dense
    Dropout ELU Embedding Flatten GaussianDropout GaussianNoise GlobalAveragePooling1D
    GlobalAveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D Identity LayerNormalization
    LeakyReLU MaxPooling1D MaxPooling2D Normalization PReLU ReLU Rescaling Reshape Softmax
"""
_LEAVES = {getattr(keras.layers, name) for name in _LEAF_NAMES.split()}
# Their configuration says all of their cell, too.
_RECURRENT = {keras.layers.GRU, keras.layers.LSTM, keras.layers.SimpleRNN}


def why_not_compilable(model):
    """Return the end of a sentence that says why a compiled model can't be trained by a program."""
    for name in _STEPS:
        if getattr(type(model), name) is not getattr(keras.Model, name) or name in vars(model):
            return f"{type(model).__name__} has its own {name}"
    return "it was compiled with run_eagerly=True" if model.run_eagerly else None


def program_key(model):
    """Describe all of a compiled model that must be the same for it to share another's program.

    Weights, seeds and names may differ, and so may a constant learning rate and the strengths of
    `keras.regularizers.L1` and `L2`: a program takes them as numbers. Returns a dictionary, to be
    compared with ``==``, and whether it says all there is to know. Of functions and classes of
    one's own it can't: they may do something else at the next call, under the same name.
    """
    complete = is_all_of_keras(model)
    layers = flat_layers(model)
    key = {
        "model": type(model),
        "weights": [(tuple(v.shape), v.dtype, v.trainable) for v in model.weights],
        "inputs": [(t.shape, t.dtype) for t in getattr(model, "inputs", None) or []],
        "layers": [(_settings(layer), layer.compute_dtype) for layer in layers],
        "dtypes": (getattr(model.loss, "dtype", None), keras.config.floatx()),
        # One that has trained before has its moments among its variables.
        "optimizer": (_settings(model.optimizer), len(model.optimizer.variables)),
        "loss": _settings(model.loss),
        # Some losses keep what they were given to themselves, such as the delta of Huber's.
        "arguments of the loss": getattr(model.loss, "_fn_kwargs", None) if complete else None,
        "loss weights": model.get_compile_config()["loss_weights"] if complete else None,
        # One penalty of two layers has one strength.
        "penalties": _places([id(part) for part in _regularizers(layers)]),
    }
    return _without_numbers(key), complete


def is_all_of_keras(model):
    """Tell whether a model is a row of Keras' own layers, its optimizer and its loss Keras', too.

    Losses of `helpers.models` count as Keras': their configuration says what they were given.
    """
    if type(model) is not keras.Sequential or "compute_loss" in vars(model):
        return False
    if not all(type(layer) in _LEAVES | _RECURRENT for layer in model.layers):
        return False
    if hasattr(model.optimizer, "_exclude_from_weight_decay"):
        return False  # no configuration says so
    cells = [layer.cell for layer in model.layers if type(layer) in _RECURRENT]
    in_cells = [part for cell in cells for part in vars(cell).values()]
    if any(isinstance(part, keras.regularizers.Regularizer) for part in in_cells):
        return False  # its strength is no number of a program: see `penalties`
    inside = in_cells + [part for layer in model.layers for part in vars(layer).values()]
    if any(isinstance(part, keras.Layer) and part not in cells for part in inside):
        return False  # a layer as an activation
    parts = [model.optimizer, model.loss, *model.layers]
    parts += [part for part in inside if callable(part)]
    schedule = getattr(model.optimizer, "_learning_rate", None)
    parts += [schedule] if callable(schedule) else []
    return all(isinstance(part, str) or _is_of_keras(part) for part in parts)


def computes_the_same(model, other, x, y):
    """Tell whether `other` has the loss and the gradients of `model`, with the weights of `other`.

    For models of one `program_key` that it does not tell all about. Neither is changed.
    """
    found = []
    for one in (model, other):
        parts = penalties(one)
        strengths = [getattr(part, name) for part, name in parts]
        try:
            for (part, name), (source, _) in zip(parts, penalties(other), strict=True):
                setattr(part, name, getattr(source, name))
            found.append(_learned(one, other.variables, x, y)[0])
        finally:
            for (part, name), strength in zip(parts, strengths, strict=True):
                setattr(part, name, strength)
    return _all_close(*found, tolerance=1e-6)


def can_be_padded(model, x, y):
    """Tell whether rows of weight 0 change neither the loss of a model nor its gradients.

    So it is where rows go through the model one by one, and the loss is a mean over them: not with
    batch normalization, random layers, or a penalty on the activity of a whole batch. `x` and `y`
    are two rows or more; the model is not changed.
    """
    for layer in flat_layers(model):
        if layer.compute_dtype != "float32" or layer.activity_regularizer is not None:
            return False  # too coarse to tell, or its strength may be 0 here and not elsewhere
    n_rows = (len(x) + 1) // 2
    for training in (True, False):
        of_rows, remembers = _learned(
            model, model.variables, x[:n_rows], y[:n_rows], None, training
        )
        if remembers:
            return False
        weights = row_weights(n_rows, len(x))
        of_places, _ = _learned(model, model.variables, x, y, weights, training)
        if not _all_close(of_rows, of_places, tolerance=1e-5):
            return False
    return True


def _learned(model, variables, x, y, weights=None, training=True):
    """Return loss and gradients for a batch, and whether the model keeps something of the batch.

    All of it is computed with the values of `variables`, without a trace in the model.
    """
    values = [tf.convert_to_tensor(v.value) for v in variables]
    mapping = list(zip(model.variables, values, strict=True))
    trainable = {id(v) for v in model.trainable_variables}
    weighed = [value for v, value in mapping if id(v) in trainable]
    with tf.GradientTape() as tape:
        tape.watch(weighed)
        with keras.StatelessScope(mapping, collect_losses=True) as scope:
            outputs = model(x, training=training)
            loss = model.compute_loss(x, y, outputs, weights, training=training)
    remembers = any(scope.get_current_value(v) is not value for v, value in mapping)
    gradients = tape.gradient(loss, weighed, unconnected_gradients="zero")
    return [loss, *map(tf.convert_to_tensor, gradients)], remembers  # embeddings' are sparse


def _all_close(found, expected, tolerance):
    return all(
        np.allclose(a, b, rtol=0, atol=tolerance * np.abs(a).max(), equal_nan=True)
        for a, b in zip(found, expected, strict=True)
    )


def row_weights(n_rows, n_places):
    """Weigh rows so that a mean over all places is one over the first `n_rows` of them."""
    is_row = tf.range(n_places) < n_rows
    return tf.where(is_row, tf.cast(n_places / n_rows, tf.float32), 0.0)


def penalties(model):
    """List the strengths in a model's regularizers: pairs of a regularizer and an attribute."""
    parts = {id(part): part for part in _regularizers(flat_layers(model))}
    return [(part, _PENALTIES[type(part)]) for part in parts.values()]


def flat_layers(model):
    """List all layers of a model, those of nested models in place of the nested model."""
    nested = [flat_layers(la) if isinstance(la, keras.Model) else [la] for la in model.layers]
    return [layer for layers in nested for layer in layers]


def _regularizers(layers):
    parts = [part for layer in layers for part in vars(layer).values()]
    return [part for part in parts if type(part) in _PENALTIES]


def _places(items):
    return [items.index(item) for item in items]


def _is_of_keras(part):
    own = part if inspect.isfunction(part) or inspect.isclass(part) else type(part)
    module = getattr(own, "__module__", None) or ""
    is_own_loss = module == "helpers.models" and not inspect.isfunction(part)
    return module.split(".")[0] == "keras" or is_own_loss


def _settings(part):
    """Type and configuration of a layer, an optimizer or a loss."""
    if inspect.isfunction(part):
        return part.__code__
    if isinstance(part, str):
        return part
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it is not to be saved, whatever is in it
            return type(part), part.get_config()
    except (AttributeError, NotImplementedError):  # one's own, which need not have one
        return type(part)


def _without_numbers(part):
    """Leave out of a configuration names, seeds, and the numbers that a program takes."""
    if isinstance(part, (list, tuple)):
        return [_without_numbers(value) for value in part]
    if not isinstance(part, dict):
        return part
    if part.get("module") == "keras.regularizers" and part.get("class_name") in ("L1", "L2"):
        return part["class_name"]
    rate = {"learning_rate": None} if isinstance(part.get("learning_rate"), float) else {}
    kept = {key: value for key, value in (part | rate).items() if key not in ("name", "seed")}
    return {key: _without_numbers(value) for key, value in kept.items()}
