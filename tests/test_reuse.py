"""Traces are kept between calls, and a second call can't be told from a first one."""

import functools

import keras
import numpy as np
import pytest
from keras import layers
from plain_loop import evaluate_quietly
from sklearn.model_selection import KFold

from helpers import reuse
from helpers.alike import all_of_keras, stack_key
from helpers.models import make_mlp
from helpers.stacking import FoldStack

SHORT = {"epochs": 4, "batch_size": 8, "cv": KFold(3)}


@pytest.fixture(autouse=True)
def nothing_kept():
    reuse._kept.clear()
    yield
    reuse._kept.clear()


@pytest.fixture
def traced(monkeypatch):
    """Count the stacks that are built anew."""
    built = []
    start = FoldStack.__init__

    def count(self, *arguments):
        built.append(self)
        start(self, *arguments)

    monkeypatch.setattr(FoldStack, "__init__", count)
    return built


def compiled(hidden, optimizer=None, loss="binary_crossentropy", **compile_arguments):
    def make_model(n_inputs, n_outputs, seed=None):
        output = layers.Dense(n_outputs, "sigmoid", kernel_initializer=_initializer(seed))
        model = keras.Sequential([keras.Input((n_inputs,)), *hidden(seed), output])
        model.compile((optimizer or keras.optimizers.Adam)(), loss, **compile_arguments)
        return model

    return make_model


def _initializer(seed):
    return keras.initializers.GlorotUniform(seed)


def dense(seed, **arguments):
    return [layers.Dense(5, "relu", kernel_initializer=_initializer(seed), **arguments)]


def with_state(seed):
    return [
        *(layers.Normalization(), *dense(seed)),
        *(layers.BatchNormalization(), layers.Dropout(0.3, seed=seed)),
    ]


@pytest.mark.parametrize(
    "make_model",
    [
        make_mlp,
        compiled(with_state),
        compiled(dense, functools.partial(keras.optimizers.SGD, 0.1, momentum=0.9)),
        compiled(lambda seed: dense(seed, kernel_regularizer=keras.regularizers.L2(0.1))),
    ],
    ids=["mlp", "layers with a state", "momentum", "penalty"],
)
def test_a_second_call_gives_the_numbers_of_a_first_one(make_model, data, traced):
    X, y = data
    first = evaluate_quietly(X, y, make_model, **SHORT)
    again = evaluate_quietly(X, y, make_model, **SHORT)
    assert len(traced) == 1
    np.testing.assert_array_equal(first.probabilities, again.probabilities)
    np.testing.assert_array_equal(first.history, again.history)


def test_what_may_change_between_two_calls_is_not_kept(data, traced):
    """Rows, seed, learning rate, epochs and strength of a penalty are those of the new call."""
    X, y = data

    def make_model(n_inputs, n_outputs, seed=None, rate=0.001, strength=0.1):
        penalty = keras.regularizers.L2(strength)
        optimizer = functools.partial(keras.optimizers.Adam, rate)
        return compiled(lambda s: dense(s, kernel_regularizer=penalty), optimizer)(
            n_inputs, n_outputs, seed
        )

    evaluate_quietly(X, y, make_model, **SHORT)
    changes = [
        (X[::-1], {}),
        (X, {"seed": 2}),
        (X, {"make_model": functools.partial(make_model, rate=0.1)}),
        (X, {"make_model": functools.partial(make_model, strength=2.0)}),
        (X, {"epochs": 6}),
    ]
    kept, fresh = [], []
    for results in (kept, fresh):
        for table, change in changes:
            if results is fresh:
                reuse._kept.clear()
            arguments = {"make_model": make_model} | SHORT | change
            results.append(evaluate_quietly(table, y, **arguments))
    assert len(traced) == 1 + len(changes)
    for a, b in zip(kept, fresh, strict=True):
        np.testing.assert_array_equal(a.probabilities, b.probabilities)
        np.testing.assert_array_equal(a.history, b.history)


@pytest.mark.parametrize(
    "other",
    [
        compiled(lambda seed: [layers.Dense(6, "relu", kernel_initializer=_initializer(seed))]),
        compiled(lambda seed: [layers.Dense(5, "tanh", kernel_initializer=_initializer(seed))]),
        compiled(dense, functools.partial(keras.optimizers.Adam, beta_1=0.5)),
        compiled(dense, loss="binary_focal_crossentropy"),
        compiled(dense, loss=keras.losses.BinaryCrossentropy(label_smoothing=0.2)),
        compiled(dense, loss=keras.losses.Huber(delta=0.1)),
        compiled(dense, loss_weights=0.5),
        compiled(lambda seed: dense(seed, kernel_regularizer="l1")),
    ],
    ids=[
        "units",
        "activation",
        "optimizer",
        "loss",
        "loss's setting",
        "Huber",
        "loss weights",
        "penalty",
    ],
)
def test_another_model_gets_another_trace(other, data, traced):
    X, y = data
    evaluate_quietly(X, y, compiled(dense), **SHORT)
    found = evaluate_quietly(X, y, other, **SHORT)
    assert len(traced) == 2
    reuse._kept.clear()
    np.testing.assert_array_equal(
        found.history, evaluate_quietly(X, y, other, **SHORT).history, "from another's trace"
    )


def test_arguments_that_a_loss_keeps_to_itself_are_seen(data, traced):
    X, y = data
    for delta in (1.0, 0.1):
        loss = keras.losses.Huber(delta=delta)
        found = evaluate_quietly(X, y, compiled(dense, loss=loss), **SHORT)
    assert len(traced) == 2
    assert found.history["loss"].max() < 0.1


def test_a_penalty_of_two_layers_is_not_two_penalties(data, traced):
    X, y = data

    def two_layers(penalties):
        return compiled(
            lambda seed: [
                layers.Dense(5, kernel_initializer=_initializer(seed), kernel_regularizer=penalty)
                for penalty in penalties
            ]
        )

    apart = two_layers([keras.regularizers.L2(2.0), keras.regularizers.L2(0.0)])
    evaluate_quietly(X, y, two_layers([keras.regularizers.L2(0.01)] * 2), **SHORT)
    found = evaluate_quietly(X, y, apart, **SHORT)
    reuse._kept.clear()
    np.testing.assert_array_equal(found.history, evaluate_quietly(X, y, apart, **SHORT).history)


def test_functions_of_ones_own_are_traced_each_time(data, traced):
    """A function may do something else at the next call, under the same name."""
    X, y = data
    factor = [1.0]

    def loss(y_true, y_pred):
        return factor[0] * keras.ops.mean((y_true - y_pred) ** 2, axis=-1)

    first = evaluate_quietly(X, y, compiled(dense, loss=loss), **SHORT)
    factor[0] = 3.0
    second = evaluate_quietly(X, y, compiled(dense, loss=loss), **SHORT)
    assert len(traced) == 2
    assert second.history["loss"].iloc[0] > 2 * first.history["loss"].iloc[0]


def relu(x):
    return x


class OwnSchedule(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        return 0.1


def test_all_of_keras_knows_what_is_not():
    assert all_of_keras(compiled(with_state)(3, 2))
    assert all_of_keras(
        compiled(
            dense,
            lambda: keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)),
        )(3, 2)
    )
    for make_model in [
        compiled(lambda seed: [layers.Dense(5, relu)]),  # has the name of one of Keras' own
        compiled(lambda seed: dense(seed, kernel_regularizer=lambda w: keras.ops.sum(w**2))),
        compiled(dense, lambda: keras.optimizers.SGD(OwnSchedule())),
        compiled(dense, lambda: keras.optimizers.SGD(lambda: 0.1)),
        compiled(dense, loss=lambda y_true, y_pred: keras.ops.mean(y_pred)),
        compiled(lambda seed: [keras.Sequential(dense(seed))]),
    ]:
        assert not all_of_keras(make_model(3, 2))


def test_a_key_leaves_out_only_what_a_stack_holds_for_each_network():
    keys = [
        stack_key(make(3, 2, seed=seed))
        for seed, make in enumerate(
            [
                make_mlp,
                functools.partial(make_mlp, learning_rate=0.5),
                functools.partial(make_mlp, hidden=(7,)),
            ]
        )
    ]
    assert keys[0] == keys[1] != keys[2]


def test_a_failure_keeps_nothing():
    with pytest.raises(RuntimeError), reuse.traced_stack([make_mlp(3, 2, seed=1)], 8):
        raise RuntimeError
    assert reuse._kept == []


def test_few_stacks_are_kept():
    for batch_size in range(1, reuse.MAX_KEPT + 4):
        with reuse.traced_stack([make_mlp(3, 2, seed=1)], batch_size):
            pass
    assert len(reuse._kept) == reuse.MAX_KEPT


def test_a_stack_in_use_is_lent_to_nobody_else():
    model = make_mlp(3, 2, seed=1)
    with reuse.traced_stack([model], 8) as first, reuse.traced_stack([model], 8) as second:
        assert first is not second
