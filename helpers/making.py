"""Call `make_model` once for each fold, and check what it returns at the door."""

import keras
import numpy as np

from helpers.seeds import seeded, takes_seed
from helpers.splits import naming_fold


def new_models(make_model, n_inputs, n_outputs, seeds, first_fold=0):
    """Make one compiled model for each seed.

    Parameters
    ----------
    make_model : callable
        ``make_model(n_inputs, n_outputs)``; gets ``seed=`` too where it has an argument of that
        name which waits for a value.
    n_inputs, n_outputs : int
    seeds : list of int
    first_fold : int, default=0
        The number of the fold that the first seed belongs to, for messages.

    Returns
    -------
    list of keras.Model

    Raises
    ------
    TypeError, ValueError
        If something else than new, built, compiled models with `n_outputs` outputs comes back.

    Examples
    --------
    >>> from helpers.models import make_mlp
    >>> first, second = new_models(make_mlp, 10, 3, seeds=[1, 2])
    >>> bool((first.get_weights()[0] == second.get_weights()[0]).any())
    False
    """
    if isinstance(make_model, keras.Model) or not callable(make_model):
        raise TypeError(
            f"make_model is a {type(make_model).__name__}: pass a function "
            "make_model(n_inputs, n_outputs) that returns a new compiled model at each call. "
            "A scikit-learn estimator goes to helpers.evaluation.evaluate_estimator."
        )
    models = []
    for k, seed in enumerate(seeds):
        with naming_fold(first_fold + k):
            models.append(_new_model(make_model, n_inputs, n_outputs, seed))
    _check_outputs(models[0], n_inputs, n_outputs)
    parts = [[model.optimizer, *model.variables] for model in models]
    if len({id(part) for some in parts for part in some}) < sum(map(len, parts)):
        raise ValueError(
            "make_model returned models that share layers or an optimizer: build new layers, "
            "a new model and a new optimizer at each call."
        )
    return models


def check_softmax(make_model, n_inputs, n_sets):
    """Refuse a model whose outputs do not share out a probability of one among label sets.

    Parameters
    ----------
    make_model : callable
    n_inputs, n_sets : int

    Raises
    ------
    ValueError

    Examples
    --------
    >>> from helpers.models import make_mlp
    >>> check_softmax(make_mlp, 10, 5)
    Traceback (most recent call last):
    ...
    ValueError: make_model returned a model whose outputs do not sum to 1, but label_sets=True \
needs one probability a label set: use activation='softmax', as make_label_set_mlp does.
    """
    model = new_models(make_model, n_inputs, n_sets, seeds=[0])[0]
    total = keras.ops.convert_to_numpy(_outputs_for_one_row(model, n_inputs)).sum()
    if abs(total - 1) > 1e-3:
        raise ValueError(
            "make_model returned a model whose outputs do not sum to 1, but label_sets=True needs "
            "one probability a label set: use activation='softmax', as make_label_set_mlp does."
        )


def _new_model(make_model, n_inputs, n_outputs, seed):
    keywords = {"seed": seed} if takes_seed(make_model) else {}
    with seeded(seed):
        model = make_model(n_inputs, n_outputs, **keywords)
        if not isinstance(model, keras.Model):
            raise TypeError(f"make_model returned {type(model).__name__}, expected a keras.Model.")
        if not model.built:
            _outputs_for_one_row(model, n_inputs)
    if not model.compiled or model.optimizer is None or model.loss is None:
        raise ValueError(
            "make_model returned a model without optimizer or loss: call "
            "model.compile(optimizer=..., loss=...) before you return it."
        )
    return model


def _check_outputs(model, n_inputs, n_outputs):
    outputs = _outputs_for_one_row(model, n_inputs)
    shape = tuple(getattr(outputs, "shape", ()))
    if shape != (1, n_outputs):
        raise ValueError(
            f"make_model returned a model whose output for one row has shape {shape}, but y has "
            f"{n_outputs} labels: its one output layer needs n_outputs={n_outputs} units."
        )
    try:
        y = np.zeros((1, n_outputs), "float32")
        loss = model.compute_loss(_one_row(n_inputs), y, outputs, training=False)
    except Exception as error:
        raise ValueError(f"make_model: its loss does not fit y and the outputs: {error}") from error
    if tuple(loss.shape) != ():
        raise ValueError(
            f"make_model: its loss has shape {tuple(loss.shape)}, expected one number a batch: "
            "use a reduction such as 'sum_over_batch_size'."
        )
    values = keras.ops.convert_to_numpy(outputs)
    if not ((values >= 0) & (values <= 1)).all():
        raise ValueError(
            "make_model returned a model whose outputs are not probabilities between 0 and 1: "
            "give its last layer activation='sigmoid'."
        )


def _one_row(n_inputs):
    return np.ones((1, n_inputs), "float32")


def _outputs_for_one_row(model, n_inputs):
    try:
        return model(_one_row(n_inputs), training=False)
    except Exception as error:
        raise ValueError(
            f"make_model returned a model that can't take rows of n_inputs={n_inputs} "
            f"features: {error}"
        ) from error
