"""Models that differ between folds, or hold things that a stack can't see, are trained apart."""

import itertools

import keras
import numpy as np
import pytest

from helpers.alike import why_not_alike
from helpers.evaluation import evaluate_model
from helpers.stackable import why_not_stackable

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(12, 3)), RNG.integers(0, 2, (12, 2))


def make(n_inputs=3, n_outputs=2, *, layers=(), loss="binary_crossentropy", rate=0.01, last=None):
    output = keras.layers.Dense(n_outputs, activation=last or "sigmoid")
    model = keras.Sequential([keras.Input((n_inputs,)), *layers, output])
    model.compile(keras.optimizers.SGD(rate), loss)
    return model


class Remembering(keras.losses.Loss):
    def __init__(self):
        super().__init__()
        self.steps = keras.Variable(1.0, trainable=False)

    def call(self, y_true, y_pred):
        self.steps.assign_add(1.0)
        return keras.ops.mean((y_true - y_pred) ** 2, axis=-1) / self.steps


class OwnModel(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(4)

    def call(self, x):
        return self.dense(x)


@pytest.mark.parametrize(
    ("keywords", "what"),
    [
        ({"rate": 0.5}, "optimizer"),
        ({"loss": "mse"}, "loss"),
        ({"loss": keras.losses.BinaryFocalCrossentropy()}, "loss"),
        ({"layers": [keras.layers.Dropout(0.5)]}, "layers|weights"),
        ({"last": "hard_sigmoid"}, "layers"),
    ],
)
def test_a_difference_between_two_models_is_named(keywords, what):
    reason = why_not_alike([make(), make(**keywords)])
    assert reason.startswith("make_model does not return the same")
    assert any(f"same {word} at" in reason for word in what.split("|"))


def test_seeds_names_and_own_loss_functions_do_not_count_as_a_difference():
    def build():
        def own_loss(y_true, y_pred):
            return keras.ops.mean((y_true - y_pred) ** 2, axis=-1)

        return make(layers=[keras.layers.Dropout(0.5, name=None)], loss=own_loss)

    assert why_not_alike([build(), build(), build()]) is None


def test_each_fold_trains_at_the_rate_that_its_own_model_has():
    def evaluate(rates):
        rates = itertools.cycle(rates)
        return evaluate_model(
            X, Y, lambda i, o: make(i, o, rate=next(rates)), cv=2, epochs=3, progress=False
        ).probabilities[0]

    slow, fast = evaluate([0.01]), evaluate([5.0])
    with pytest.warns(UserWarning, match="same optimizer"):
        mixed = evaluate([0.01, 5.0])
    np.testing.assert_allclose(mixed[:6], slow[:6], atol=1e-4)
    np.testing.assert_allclose(mixed[6:], fast[6:], atol=1e-4)
    assert np.abs(slow[6:] - fast[6:]).max() > 0.01


@pytest.mark.parametrize(
    ("build", "reason"),
    [
        (lambda: make(layers=[OwnModel()]), "OwnModel is a model class of its own"),
        (lambda: make(loss=Remembering()), "Remembering is a loss class of its own"),
        (
            lambda: make(layers=[keras.layers.Dense(2, activation=keras.layers.Dropout(0.5))]),
            "another layer as its activation",
        ),
    ],
)
def test_what_a_stack_cannot_see_is_not_stacked(build, reason):
    assert reason in why_not_stackable(build())


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"last": "linear"}, "not probabilities.*sigmoid"),
        ({"loss": "sparse_categorical_crossentropy"}, "its loss does not fit"),
        ({"loss": "binary_crossentropyy"}, "its loss does not fit"),
        ({"loss": keras.losses.BinaryCrossentropy(reduction=None)}, "one number a batch"),
    ],
)
def test_outputs_and_losses_that_do_not_fit_are_refused(keywords, message):
    def build(n_inputs, n_outputs):
        model = make(n_inputs, n_outputs, **keywords)
        kernel, _ = model.layers[-1].get_weights()
        model.layers[-1].set_weights([kernel, np.full(n_outputs, 9.0)])
        return model

    with pytest.raises(ValueError, match=message):
        evaluate_model(X, Y, build, cv=2, epochs=1, progress=False)


def test_normalization_out_of_reach_is_refused_rather_than_leaking():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.scale, self.out = keras.layers.Normalization(), keras.layers.Dense(2, "sigmoid")
            self.scale.adapt(X)

        def call(self, x):
            return self.out(self.scale(x))

    def build(n_inputs, n_outputs):
        model = Own()
        model.compile("adam", "binary_crossentropy")
        return model

    with pytest.raises(ValueError, match=r"Normalization layer .* can't be adapted fold by fold"):
        evaluate_model(X, Y, build, cv=2, epochs=1, progress=False)
