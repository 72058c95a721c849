"""Which models can be trained in a stack exactly, and why others can't."""

import inspect

import keras
from keras import layers, optimizers

# Layers whose result for one network does not depend on the others when they are mapped over the
# leading axis. Convolutions are missing because TensorFlow can't map over their kernels.
STACKABLE_LAYERS = frozenset(
    {
        layers.InputLayer,
        layers.Dense,
        *(layers.Activation, layers.ReLU, layers.LeakyReLU, layers.PReLU, layers.ELU),
        *(layers.Softmax, layers.Identity, layers.Rescaling, layers.Flatten, layers.Reshape),
        *(layers.Dropout, layers.GaussianNoise, layers.GaussianDropout),
        *(layers.ActivityRegularization, layers.BatchNormalization, layers.LayerNormalization),
        *(layers.Normalization, layers.Concatenate, layers.Add, layers.Subtract),
        *(layers.Multiply, layers.Average, layers.Maximum, layers.Minimum),
    }
)

# Optimizers that move each number by its own gradient alone. Adafactor, Lamb and Muon look at a
# whole weight matrix, which in the stack would be K matrices.
ELEMENTWISE_OPTIMIZERS = frozenset(
    {
        *(optimizers.SGD, optimizers.RMSprop, optimizers.Adam, optimizers.AdamW),
        *(optimizers.Adamax, optimizers.Adagrad, optimizers.Adadelta, optimizers.Nadam),
        *(optimizers.Ftrl, optimizers.Lion),
    }
)


def why_not_stackable(model):
    """Say why a compiled model can't be trained exactly in a stack.

    Parameters
    ----------
    model : keras.Model
        Compiled, as `make_model` returned it.

    Returns
    -------
    str or None
        The reason, as the end of a sentence; None if the model can be stacked.

    Examples
    --------
    >>> import keras
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, "sigmoid")])
    >>> model.compile("adam", "binary_crossentropy")
    >>> why_not_stackable(model) is None
    True
    >>> model.compile(keras.optimizers.Adam(clipnorm=1.0), "binary_crossentropy")
    >>> why_not_stackable(model)
    'its optimizer clips by the norm of a whole weight array (clipnorm)'
    """
    return _class_reason(model) or _layers_reason(model) or _compile_reason(model)


def _class_reason(model):
    for part in [model, *(layer for layer in model.layers if isinstance(layer, keras.Model))]:
        if type(part) not in (keras.Sequential, keras.Model, type(_functional_example())):
            return f"{type(part).__name__} is a model class of its own, with steps of its own"
        if part is not model and (reason := _class_reason(part)):
            return reason
    return None


def _functional_example():
    """`keras.Model(inputs, outputs)` makes an instance of a class that Keras keeps private."""
    inputs = keras.Input((1,))
    return keras.Model(inputs, inputs)


def _layers_reason(model):
    for layer in flat_layers(model):
        if type(layer) not in STACKABLE_LAYERS:
            return f"{type(layer).__name__} is not among the layers known to stack exactly"
        if isinstance(getattr(layer, "activation", None), keras.layers.Layer):
            return f"layer {layer.name!r} has another layer as its activation"
        if layer.dtype_policy.name != "float32":
            return f"layer {layer.name!r} computes in {layer.dtype_policy.name}, not float32"
    if any(v.constraint is not None for v in model.trainable_variables):
        return "a weight has a constraint, which would see all networks at once"
    if not model.trainable_variables:
        return "it has no trainable weights"
    return None


def _compile_reason(model):
    loss, optimizer = model.loss, model.optimizer
    if isinstance(loss, keras.losses.Loss) and not type(loss).__module__.startswith("keras."):
        return f"{type(loss).__name__} is a loss class of its own, which may remember things"
    if not isinstance(loss, (str, keras.losses.Loss)) and not inspect.isfunction(loss):
        return "its loss is neither a name, a function nor one of Keras' own"
    if type(optimizer) not in ELEMENTWISE_OPTIMIZERS:
        return f"{type(optimizer).__name__} is not among the optimizers known to stack exactly"
    for setting in ("clipnorm", "global_clipnorm"):
        if getattr(optimizer, setting) is not None:
            return f"its optimizer clips by the norm of a whole weight array ({setting})"
    for setting in ("use_ema", "loss_scale_factor", "gradient_accumulation_steps"):
        if getattr(optimizer, setting):
            return f"its optimizer uses {setting}"
    if getattr(optimizer, "_exclude_from_weight_decay", None) is not None:
        return "its optimizer excludes some weights from weight decay"
    if optimizer.built:
        return "its optimizer has already taken steps"
    return None


def flat_layers(model):
    """List all layers of a model, those of nested models in place of the nested model.

    Parameters
    ----------
    model : keras.Model

    Returns
    -------
    list of keras.layers.Layer

    Examples
    --------
    >>> import keras
    >>> inner = keras.Sequential([keras.Input((2,)), keras.layers.ReLU()])
    >>> [layer.__class__.__name__ for layer in flat_layers(keras.Sequential([inner]))]
    ['ReLU']
    """
    nested = [flat_layers(la) if isinstance(la, keras.Model) else [la] for la in model.layers]
    return [layer for layers in nested for layer in layers]
