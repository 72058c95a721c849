"""Models made for rows of exactly one label, where rows have several."""

import warnings

import keras
import numpy as np
import pytest

from helpers.evaluation import evaluate_model

X = np.random.default_rng(1).normal(size=(12, 2)).astype("float32")
SEVERAL = np.array([[1, 1, 0], [0, 1, 0], [0, 0, 0]] * 4)
ONE_EACH = np.eye(3, dtype=int)[[0, 1, 2] * 4]
SOFTMAX = "outputs that sum to 1, as those of a softmax do"


def made(activation, loss, kernel="glorot_uniform"):
    def make_model(n_inputs, n_outputs):
        layer = keras.layers.Dense(n_outputs, activation, kernel_initializer=kernel)
        model = keras.Sequential([keras.Input((n_inputs,)), layer])
        model.compile("adam", loss)
        return model

    return make_model


def messages(make_model, y, **settings):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        evaluate_model(
            X, y, make_model, cv=3, epochs=1, jit_compile=False, progress=False, **settings
        )
    return [str(w.message) for w in caught if "make_model" in str(w.message)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("activation", "loss", "found"),
    [
        ("softmax", "binary_crossentropy", SOFTMAX),
        (keras.ops.softmax, "mse", SOFTMAX),
        ("softmax", "categorical_crossentropy", f"{SOFTMAX} and the loss categorical_crossentropy"),
        ("sigmoid", "categorical_crossentropy", "the loss categorical_crossentropy"),
        ("sigmoid", keras.losses.CategoricalCrossentropy(), "the loss CategoricalCrossentropy"),
        ("sigmoid", keras.losses.categorical_crossentropy, "the loss categorical_crossentropy"),
    ],
)
def test_models_for_one_label_a_row_are_warned_of_once(activation, loss, found):
    (message,) = messages(made(activation, loss), SEVERAL)
    assert f"with {found}, which is for rows that have exactly one label" in message
    assert "but 8 rows of y have several or none" in message
    assert "'binary_crossentropy', as make_mlp does" in message


@pytest.mark.parametrize(
    ("make_model", "y"),
    [
        (made("softmax", "categorical_crossentropy"), ONE_EACH),
        (made("sigmoid", "binary_crossentropy"), SEVERAL),
        (made("sigmoid", "binary_crossentropy", kernel="zeros"), SEVERAL[:, :2]),  # 0.5 + 0.5
    ],
    ids=["one label each", "sigmoids", "sigmoids that happen to sum to 1"],
)
def test_models_that_fit_are_not_warned_of(make_model, y):
    assert messages(make_model, y) == []


def test_label_sets_are_not_warned_of():
    softmax = made("softmax", "categorical_crossentropy")
    assert messages(softmax, SEVERAL, label_sets=True) == []
