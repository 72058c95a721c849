"""Which compiled models are alike, so that they can be trained in one stack."""

import inspect

import keras

from helpers.per_network import learning_rate, shared_regularizers
from helpers.stackable import flat_layers


def why_not_alike(models):
    """Say in what the models of several folds differ, so that they can't share a stack.

    Parameters
    ----------
    models : list of keras.Model
        Compiled models.

    Returns
    -------
    str or None
        The reason, as the end of a sentence; None if only names, seeds and weights differ.

    Examples
    --------
    >>> from helpers.models import make_mlp
    >>> why_not_alike([make_mlp(4, 2, learning_rate=rate) for rate in (0.1, 0.2)])
    'make_model does not return the same optimizer at each call'
    >>> why_not_alike([make_mlp(4, 2, seed=seed) for seed in (1, 2)]) is None
    True
    """
    expected, *others = map(_description, models)
    for what in expected:
        if any(other[what] != expected[what] for other in others):
            return f"make_model does not return the same {what} at each call"
    return None


def stack_key(model):
    """Describe all of a model that must be the same for every network of a stack.

    Weights, seeds and names may differ, and so may two numbers that a stack holds for each network
    by itself: a constant learning rate, and the strength of `keras.regularizers.L1` and `L2`.

    Parameters
    ----------
    model : keras.Model
        Compiled.

    Returns
    -------
    dict
        To be compared with ``==``.

    Examples
    --------
    >>> from helpers.models import make_mlp
    >>> slow, fast = (make_mlp(4, 2, learning_rate=rate) for rate in (0.001, 0.01))
    >>> stack_key(slow) == stack_key(fast)
    True
    >>> stack_key(slow) == stack_key(make_mlp(4, 2, hidden=(30,)))
    False
    """
    key = _without_strengths(_description(model))
    weights = model.get_compile_config()["loss_weights"] if all_of_keras(model) else None
    return key | {"loss weights": weights}


def all_of_keras(model):
    """Tell whether a model is a plain row of Keras' own parts, fully described by its key.

    A function of the user's own may do something else tomorrow under the same name.

    Parameters
    ----------
    model : keras.Model
        One that `helpers.stackable.why_not_stackable` accepts.

    Returns
    -------
    bool

    Examples
    --------
    >>> from helpers.models import make_mlp
    >>> model = make_mlp(4, 2)
    >>> all_of_keras(model)
    True
    >>> model.compile("adam", lambda y_true, y_pred: keras.ops.mean(y_pred))
    >>> all_of_keras(model)
    False
    """
    nested = any(isinstance(layer, keras.Model) for layer in model.layers)
    if type(model) is not keras.Sequential or nested:
        return False
    parts = [model.optimizer, model.loss]
    parts += [part for layer in model.layers for part in vars(layer).values() if callable(part)]
    return all(isinstance(part, str) or _is_of_keras(part) for part in parts) and (
        learning_rate(model) is not None or _has_schedule_of_keras(model.optimizer)
    )


def _has_schedule_of_keras(optimizer):
    try:
        schedule = optimizer.get_config()["learning_rate"]
        return (schedule.get("module") or "").startswith("keras.")
    except NotImplementedError:  # a schedule of one's own
        return False


def _is_of_keras(part):
    own = part if inspect.isfunction(part) or inspect.isclass(part) else type(part)
    return (getattr(own, "__module__", None) or "").split(".")[0] == "keras"


def _description(model):
    return {
        "weights": [tuple(v.shape) for v in model.variables],
        "layers": [_settings(layer) for layer in flat_layers(model)],
        "optimizer": _settings(model.optimizer),
        "loss": _settings(model.loss),
        # Some losses keep what they were given to themselves, such as the delta of Huber's.
        "arguments of the loss": getattr(model.loss, "_fn_kwargs", None),
        "sharing of penalties": shared_regularizers(model),
    }


def _settings(part):
    """Type and configuration of a layer, an optimizer or a loss, without names and seeds."""
    if inspect.isfunction(part):
        return part.__code__, repr([cell.cell_contents for cell in part.__closure__ or ()])
    if not hasattr(part, "get_config"):
        return part
    # A schedule of one's own may have no configuration: the optimizer's class must do.
    try:
        return type(part), _without_names_and_seeds(part.get_config())
    except NotImplementedError:
        return type(part)


def _without_names_and_seeds(config):
    if isinstance(config, dict):
        kept = {key: value for key, value in config.items() if key not in ("name", "seed")}
        return {key: _without_names_and_seeds(value) for key, value in kept.items()}
    if isinstance(config, (list, tuple)):
        return [_without_names_and_seeds(value) for value in config]
    return config


def _without_strengths(part):
    if isinstance(part, (list, tuple)):
        return [_without_strengths(value) for value in part]
    if not isinstance(part, dict):
        return part
    if part.get("module") == "keras.regularizers" and part.get("class_name") in ("L1", "L2"):
        return part["class_name"]
    rate = {"learning_rate": None} if isinstance(part.get("learning_rate"), float) else {}
    return {key: _without_strengths(value) for key, value in (part | rate).items()}
