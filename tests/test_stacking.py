"""What can't be stacked exactly is trained by `fit`, with one warning; and the stack itself."""

import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, optimizers
from plain_loop import assert_equal_to_loop, evaluate_quietly, plain_loop
from sklearn.model_selection import KFold

from helpers.evaluation import evaluate_model
from helpers.models import make_mlp
from helpers.plain_fit import RowOrder, fit_plainly
from helpers.stackable import flat_layers, why_not_stackable
from helpers.stacking import FoldStack

SHORT = {"epochs": 2, "batch_size": 8}


def compiled(model, optimizer=None):
    # Eagerly, to save the seconds of tracing; it changes no number.
    model.compile(optimizer or optimizers.SGD(0.02), "binary_crossentropy", run_eagerly=True)
    return model


def with_optimizer(optimizer, **settings):
    def make_model(n_inputs, n_outputs, seed=None):
        return compiled(make_mlp(n_inputs, n_outputs, seed=seed), optimizer(**settings))

    return make_model


def with_hidden(*make_layers):
    def make_model(n_inputs, n_outputs, seed=None):
        initializer = keras.initializers.GlorotUniform(seed)
        hidden = [make(initializer) for make in make_layers]
        output = layers.Dense(n_outputs, "sigmoid", kernel_initializer=initializer)
        return compiled(keras.Sequential([keras.Input((n_inputs,)), *hidden, output]))

    return make_model


class Doubling(layers.Layer):
    """A layer of the user's own."""

    def call(self, inputs):
        return 2 * inputs


class OwnDense(layers.Dense):
    """Not exactly `Dense`: nobody knows what it does."""


class OwnModel(keras.Model):
    """A subclassed model without a `build` method."""

    def __init__(self, n_outputs, seed):
        super().__init__()
        initializer = keras.initializers.GlorotUniform(seed)
        self.out = layers.Dense(n_outputs, "sigmoid", kernel_initializer=initializer)

    def call(self, inputs):
        return self.out(inputs)


class OwnSteps(keras.Sequential):
    """A model with a training step of its own."""


def make_own_model(n_inputs, n_outputs, seed=None):
    return compiled(OwnModel(n_outputs, seed))


def make_own_steps(n_inputs, n_outputs, seed=None):
    return compiled(OwnSteps(make_mlp(n_inputs, n_outputs, seed=seed).layers))


make_convolution = with_hidden(
    lambda _: layers.Reshape((10, 1)),
    lambda initializer: layers.Conv1D(2, 3, kernel_initializer=initializer),
    lambda _: layers.Flatten(),
)
make_constrained = with_hidden(
    lambda initializer: layers.Dense(
        5, "relu", kernel_initializer=initializer, kernel_constraint=keras.constraints.MaxNorm(0.5)
    )
)
make_clipped = with_optimizer(optimizers.SGD, learning_rate=0.1, clipnorm=0.1)
make_averaged = with_optimizer(
    optimizers.SGD, learning_rate=0.02, use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=3
)


def make_partly_decayed(n_inputs, n_outputs, seed=None):
    optimizer = optimizers.AdamW()
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    return compiled(make_mlp(n_inputs, n_outputs, seed=seed), optimizer)


def make_after_a_step(n_inputs, n_outputs, seed=None):
    model = compiled(make_mlp(n_inputs, n_outputs, seed=seed))
    model.train_on_batch(np.ones((2, n_inputs)), np.ones((2, n_outputs)))
    return model


def make_frozen(n_inputs, n_outputs, seed=None):
    model = make_mlp(n_inputs, n_outputs, seed=seed)
    model.trainable = False
    return compiled(model)


UNSTACKABLE = {
    "convolution": (make_convolution, "Conv1D is not among the layers"),
    "own layer": (with_hidden(lambda _: Doubling()), "Doubling is not among the layers"),
    "subclass of a layer": (with_hidden(lambda _: OwnDense(4)), "OwnDense is not among"),
    "lambda": (with_hidden(lambda _: layers.Lambda(lambda x: 2 * x)), "Lambda is not among"),
    "own model": (make_own_model, "OwnModel is a model class of its own"),
    "own training step": (make_own_steps, "OwnSteps is a model class of its own"),
    "constraint": (make_constrained, "a weight has a constraint"),
    "half precision": (
        with_hidden(lambda _: layers.Dense(4, name="half", dtype="mixed_float16")),
        "'half' computes in mixed_float16",
    ),
    "clipnorm": (make_clipped, r"\(clipnorm\)"),
    "global clipnorm": (with_optimizer(optimizers.SGD, global_clipnorm=1), r"\(global_clipnorm\)"),
    "averaged weights": (make_averaged, "use_ema"),
    "loss scale": (with_optimizer(optimizers.Adam, loss_scale_factor=2.0), "loss_scale_factor"),
    "accumulated gradients": (
        with_optimizer(optimizers.Adam, gradient_accumulation_steps=2),
        "gradient_accumulation_steps",
    ),
    "partly decayed": (make_partly_decayed, "excludes some weights from weight decay"),
    "optimizer of a matrix": (with_optimizer(optimizers.Lamb), "Lamb is not among the optimizers"),
    "optimizer in use": (make_after_a_step, "has already taken steps"),
    "nothing to train": (make_frozen, "no trainable weights"),
}


@pytest.mark.parametrize("name", UNSTACKABLE)
def test_why_not_stackable_names_the_reason(name):
    make_model, reason = UNSTACKABLE[name]
    model = make_model(10, 3, seed=1)
    model(np.zeros((1, 10), "float32"))
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(why_not_stackable(model))


def test_why_not_stackable_has_no_reason_against_ordinary_models():
    inputs = keras.Input((4,))
    functional = compiled(keras.Model(inputs, layers.Dense(2)(inputs)))
    nested = compiled(keras.Sequential([keras.Input((4,)), functional, layers.Dense(2)]))
    assert [why_not_stackable(m) for m in (make_mlp(4, 2), functional, nested)] == [None] * 3


def evaluate_with_warning(X, y, make_model, **arguments):
    """Return the result and the one warning."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = evaluate_model(X, y, make_model, progress=False, **arguments)
    caught = [str(w.message) for w in caught if not issubclass(w.category, DeprecationWarning)]
    assert len(caught) == 1, caught
    return result, caught[0]


@pytest.fixture(scope="module")
def stacked_result(data):
    X, y = data
    return evaluate_quietly(X, y, make_mlp, cv=KFold(2), **SHORT)


@pytest.mark.parametrize(
    "name", ["convolution", "own layer", "own model", "constraint", "clipnorm", "averaged weights"]
)
def test_unstackable_model_is_trained_by_fit_with_one_warning(name, data, stacked_result):
    X, y = data
    make_model, reason = UNSTACKABLE[name]
    folds = list(KFold(2).split(X))
    result, warning = evaluate_with_warning(X, y, make_model, cv=folds, shuffle=False, **SHORT)
    with pytest.raises(AssertionError, match=f"fold by fold with model.fit.*: .*{reason}"):
        raise AssertionError(warning)
    assert_equal_to_loop(result, plain_loop(make_model, X, y, folds, **SHORT), folds)
    assert_same_form(result, stacked_result)


def assert_same_form(a, b):
    for name in ("scores", "history"):
        first, second = getattr(a, name), getattr(b, name)
        assert first.dtypes.to_dict() == second.dtypes.to_dict()
        assert first.index.equals(second.index)
    assert a.history[["repeat", "fold", "epoch"]].equals(b.history[["repeat", "fold", "epoch"]])
    assert a.probabilities.shape == b.probabilities.shape
    assert a.probabilities.dtype == b.probabilities.dtype


def test_models_of_different_sizes_are_trained_by_fit(data):
    X, y = data
    sizes = iter([4, 7])

    def make_model(n_inputs, n_outputs, seed=None):
        return compiled(make_mlp(n_inputs, n_outputs, hidden=(next(sizes),), seed=seed))

    folds = list(KFold(2).split(X))
    result, warning = evaluate_with_warning(X, y, make_model, cv=folds, shuffle=False, **SHORT)
    assert "does not return the same weights at each call" in warning
    sizes = iter([4, 7])
    assert_equal_to_loop(result, plain_loop(make_model, X, y, folds, **SHORT), folds)


def test_flat_layers_looks_into_models_in_the_model():
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.ReLU()])
    outer = keras.Sequential([keras.Input((4,)), inner, layers.Dense(2)])
    assert [type(la).__name__ for la in flat_layers(outer)] == ["Dense", "ReLU", "Dense"]


def test_fold_stack_leaves_the_models_as_they_were(data):
    """The weights it trains are its own; only the first optimizer is used up."""
    X, y = (np.asarray(a, "float32") for a in data)
    models = [compiled(make_mlp(10, 3, seed=seed)) for seed in (1, 2)]
    before = [model.get_weights() for model in models]
    rows = tf.constant(np.stack([np.arange(21), np.arange(21, 42)]), tf.int32)
    X, y = tf.constant(X), tf.constant(y)
    stack = FoldStack(models, batch_size=8)
    first, second = (stack.train_epoch(X, y, rows).numpy() for _ in range(2))
    assert (second < first).all()
    loss, outputs = stack.evaluate(X, y, rows)
    assert (loss.shape, outputs.shape) == ((2,), (2, 21, 3))
    for model, weights in zip(models, before, strict=True):
        for now, then in zip(model.get_weights(), weights, strict=True):
            np.testing.assert_array_equal(now, then)


def test_fold_stack_gives_normalization_its_statistics_back(data):
    X, y = (np.asarray(a, "float32") for a in data)

    def make_model(rows):
        scaler = layers.Normalization()
        scaler.adapt(X[rows])
        return compiled(keras.Sequential([keras.Input((10,)), scaler, layers.Dense(3, "sigmoid")]))

    models = [make_model(slice(0, 21)), make_model(slice(21, 42))]
    before = [np.asarray(model(X)) for model in models]
    stack = FoldStack(models, batch_size=8)
    rows = tf.constant(np.stack([np.arange(21), np.arange(21, 42)]), tf.int32)
    stack.train_epoch(tf.constant(X), tf.constant(y), rows)
    for model, expected in zip(models, before, strict=True):
        np.testing.assert_array_equal(np.asarray(model(X)), expected)


def test_row_order_shuffles_the_rows_it_has_or_keeps_their_order():
    rows = [7, 3, 5, 1, 9]
    kept, shuffled = RowOrder(rows, False, seed=1), RowOrder(rows, True, seed=1)
    assert kept.next_epoch().tolist() == kept.next_epoch().tolist() == rows
    epochs = [shuffled.next_epoch().tolist() for _ in range(5)]
    assert all(sorted(epoch) == sorted(rows) for epoch in epochs)
    assert len(set(map(tuple, epochs))) > 1
    again = RowOrder(rows, True, seed=1)
    assert [again.next_epoch().tolist() for _ in range(5)] == epochs
    other = RowOrder(rows, True, seed=2)
    assert [other.next_epoch().tolist() for _ in range(5)] != epochs


def test_fit_plainly_applies_the_model_to_more_rows_than_one_batch():
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(2100, 10)).astype("float32"), np.ones((2100, 3), "float32")
    test, ticks = np.arange(20, 2100), []
    model = compiled(make_mlp(10, 3, seed=1))
    probabilities, loss, val_loss = fit_plainly(
        model, X, y, test, test, RowOrder(np.arange(20), False, 1), 2, 8, lambda: ticks.append(1)
    )
    np.testing.assert_allclose(probabilities, model(X[test]), rtol=0, atol=1e-6)
    expected = keras.ops.mean(keras.losses.binary_crossentropy(y[test], model(X[test])))
    assert val_loss[-1] == pytest.approx(float(expected), rel=1e-5)
    assert len(loss) == len(val_loss) == len(ticks) == 2
