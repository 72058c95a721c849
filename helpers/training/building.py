"""Call `make_model` once for each fold: with a seed of its own, and checked at the door."""

import contextlib
import inspect
import random
import threading
import warnings
import weakref

import keras
import numpy as np
import tensorflow as tf

from helpers.training.compilable import flat_layers, is_all_of_keras, why_not_compilable

# The global generators are one for all threads, such as those of a Dask worker.
_generators = threading.RLock()
_IN_FOLD = "It went wrong in fold"


class Builder:
    """Make one compiled model for each fold by ``make_model(n_inputs, n_outputs[, seed])``.

    `sum_to_one` asks for outputs that share out a probability of one, as a softmax does. It is to
    be warned of a model made for rows that have exactly one label where `n_other` rows have not.
    """

    def __init__(self, make_model, sum_to_one=False, n_other=0):
        if isinstance(make_model, keras.Model) or not callable(make_model):
            raise TypeError(
                f"make_model is a {type(make_model).__name__}: pass a function "
                "make_model(n_inputs, n_outputs) that returns a new compiled model at each call. "
                "A scikit-learn estimator goes to helpers.evaluation.evaluate_estimator."
            )
        self.make_model, self.sum_to_one, self.n_other = make_model, sum_to_one, n_other
        self._parts = None  # of the models that were made and are still in use somewhere
        self._constants = False

    def __call__(self, n_inputs, n_outputs, seed):
        """Return a new compiled `keras.Model`, checked; the first one most closely."""
        try:
            model = self._make(n_inputs, n_outputs, seed, self._constants)
        except Exception:
            if not self._constants:
                raise
            self._constants = False  # what make_model does may need variables
            model = self._make(n_inputs, n_outputs, seed, False)
        if self._parts is None:
            self._parts = weakref.WeakValueDictionary()
            outputs = _check_outputs(model, n_inputs, n_outputs, self.sum_to_one)
            if self.n_other and (found := _made_for_one_label(model, outputs)):
                warnings.warn(
                    f"make_model returned a model with {found}, which is for rows that have "
                    f"exactly one label, but {self.n_other} rows of y have several or none: its "
                    "probabilities are wrong. Take one sigmoid per label and the loss "
                    "'binary_crossentropy', as make_mlp does.",
                    stacklevel=2,
                )
            # `fit` needs variables of its metrics, too.
            self._constants = is_all_of_keras(model) and why_not_compilable(model) is None
        self._check_new([model.optimizer, *model.variables])
        return model

    def _make(self, n_inputs, n_outputs, seed, constants):
        keywords = {"seed": seed} if takes_seed(self.make_model) else {}
        variables = _constants_for_variables() if constants else contextlib.nullcontext()
        with seeded(seed), variables:
            model = self.make_model(n_inputs, n_outputs, **keywords)
            if not isinstance(model, keras.Model):
                name = type(model).__name__
                raise TypeError(f"make_model returned {name}, expected a keras.Model.")
            if not model.built:
                _outputs_for_one_row(model, n_inputs)
        if not model.compiled or model.optimizer is None or model.loss is None:
            raise ValueError(
                "make_model returned a model without optimizer or loss: call "
                "model.compile(optimizer=..., loss=...) before you return it."
            )
        return model

    def _check_new(self, parts):
        if any(self._parts.get(id(part)) is part for part in parts):
            raise ValueError(
                "make_model returned models that share layers or an optimizer: build new layers, "
                "a new model and a new optimizer at each call."
            )
        self._parts.update({id(part): part for part in parts})


@contextlib.contextmanager
def _constants_for_variables():
    """Let TensorFlow make plain tensors where it would make variables, in half of the time.

    Networks that a program trains need their initial numbers only, and these are the same.
    """

    def creator(next_creator, initial_value=None, dtype=None, **settings):
        value = initial_value() if callable(initial_value) else initial_value
        return tf.convert_to_tensor(value, dtype=dtype)

    with tf.variable_creator_scope(creator):
        yield


def with_variables(model):
    """Give a model that was made with constants the variables that it would have had."""
    optimizer = getattr(model, "optimizer", None)  # none before the model is compiled
    slots = optimizer.variables if optimizer else []
    for variable in [*model.variables, *model.metrics_variables, *slots]:
        if not isinstance(variable.value, tf.Variable):
            value = tf.Variable(variable.value, trainable=variable.trainable)
            variable._initialize(value)  # private, as Keras' own constructor calls it
    return model


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

    Raises
    ------
    ValueError
        If such a layer is part of a model in the model, or of a model of one's own.

    Examples
    --------
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
            with_variables(model)
            before = keras.Model(model.inputs[0], layer.input)
            layer.adapt(keras.ops.convert_to_numpy(before(X if rows is None else X[rows])))


def network_seeds(seed, n_networks):
    """Draw one seed per network, in [0, 2**31), from one seed for all.

    Network k gets the same seed however many others there are.

    >>> network_seeds(1, 2) == network_seeds(1, 5)[:2]
    True
    """
    check_whole_number("seed", seed, lowest=0)
    return [int(s) % 2**31 for s in np.random.SeedSequence(seed).generate_state(n_networks)]


def check_whole_number(name, value, lowest):
    """Refuse what is not a whole number of `lowest` or more."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < lowest:
        raise ValueError(f"{name}: found {value!r}, expected a whole number >= {lowest}.")


@contextlib.contextmanager
def seeded(seed):
    """Seed Python's and NumPy's global generators inside the block and restore them after it."""
    # Keras draws the seed of an initializer or a dropout layer that was given none from `random`.
    with _generators:
        python_state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002
        random.seed(seed)
        np.random.seed(seed)  # noqa: NPY002
        try:
            yield
        finally:
            random.setstate(python_state)
            np.random.set_state(numpy_state)  # noqa: NPY002


def takes_seed(make_model):
    """Tell whether `make_model` has an argument `seed` that is None or has no default."""
    try:
        parameter = inspect.signature(make_model).parameters.get("seed")
    except (TypeError, ValueError):
        return False
    return parameter is not None and parameter.default in (inspect.Parameter.empty, None)


@contextlib.contextmanager
def naming_fold(number):
    """Add the number of the fold to whatever goes wrong inside the block."""
    try:
        yield
    except Exception as error:
        # An error of another fold's network may come to light while this one is made.
        if not any(note.startswith(_IN_FOLD) for note in getattr(error, "__notes__", [])):
            error.add_note(f"{_IN_FOLD} {number}, counted from 0.")
        raise


def _check_outputs(model, n_inputs, n_outputs, sum_to_one):
    # Without a trace: a loss of one's own may count its calls, and some layers draw masks in them.
    with keras.StatelessScope([(v, v.value) for v in model.variables]):
        return _check_outputs_and_loss(model, n_inputs, n_outputs, sum_to_one)


def _made_for_one_label(model, outputs):
    """Say what of the model is for rows that have exactly one label, if anything is."""
    loss = model.loss
    loss = loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)
    found = []
    # Of sigmoids not trained yet, two may sum to 1 by chance.
    activation = getattr(model.layers[-1], "activation", None) if model.layers else None
    if _sum_to_one(outputs) and activation is not keras.activations.sigmoid:
        found.append("outputs that sum to 1, as those of a softmax do")
    if loss.lower().replace("_", "") in ("categoricalcrossentropy", "categoricalfocalcrossentropy"):
        found.append(f"the loss {loss}")
    return " and ".join(found)


def _check_outputs_and_loss(model, n_inputs, n_outputs, sum_to_one):
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
    if sum_to_one and not _sum_to_one(values):
        raise ValueError(
            "make_model returned a model whose outputs do not sum to 1, but label_sets=True needs "
            "one probability per label set: use activation='softmax', as make_label_set_mlp does."
        )
    return values


def _sum_to_one(values):
    return abs(values.sum() - 1) < 1e-3


def _one_row(n_inputs):
    shape = n_inputs if isinstance(n_inputs, tuple) else (n_inputs,)
    return np.ones((1, *shape), "float32")


def _outputs_for_one_row(model, n_inputs):
    try:
        return model(_one_row(n_inputs), training=False)
    except Exception as error:
        raise ValueError(
            f"make_model returned a model that can't take rows of n_inputs={n_inputs} "
            f"features: {error}"
        ) from error
