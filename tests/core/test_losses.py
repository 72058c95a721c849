"""Weighted, focal and asymmetric losses: their values, their slopes, and their use in training."""

from functools import partial

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import optimizers
from plain_loop import assert_equal_to_loop, evaluate_quietly, plain_loop
from sklearn.model_selection import KFold

from helpers.models import (
    asymmetric_loss,
    balanced_weights,
    make_mlp,
    weighted_binary_crossentropy,
)
from helpers.persistence import load_model, save_model

SHORT = {"epochs": 2, "batch_size": 16}


@pytest.fixture(scope="module")
def some():
    """Labels and probabilities, among them the extremes."""
    rng = np.random.default_rng(1)
    y_true = rng.integers(0, 2, (200, 3)).astype("float32")
    y_pred = rng.random((200, 3)).astype("float32")
    y_pred[:4] = [[0, 1, 0.5], [1, 0, 0.5], [1e-9, 1 - 1e-7, 0.5], [0.1, 0.9, 1]]
    return y_true, y_pred


def by_hand(y_true, y_pred, weights, gamma):
    """In double precision, from the definitions."""
    epsilon = np.float32(keras.config.epsilon())
    p = np.clip(y_pred, epsilon, 1 - epsilon).astype("float64")  # clipped as Keras does
    terms = -np.where(y_true == 1, np.log(p), np.log(1 - p))
    wrong = np.where(y_true == 1, 1 - y_pred.astype("float64"), y_pred)
    return (terms * np.where(y_true == 1, weights, 1.0) * wrong**gamma).mean(axis=1)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0, 5.0])
@pytest.mark.parametrize("weights", [1.0, 3.5, [0.2, 1.0, 7.0]])
def test_values_equal_the_definition(weights, gamma, some):
    loss = weighted_binary_crossentropy(weights, gamma)(*some).numpy()
    assert loss.shape == (200,)
    np.testing.assert_allclose(loss, by_hand(*some, weights, gamma), rtol=1e-4, atol=1e-5)


def test_without_settings_it_is_that_of_keras(some):
    expected = keras.losses.binary_crossentropy(*some)
    np.testing.assert_allclose(weighted_binary_crossentropy()(*some), expected, rtol=1e-6)


@pytest.mark.parametrize("gamma", [0.5, 1.0, 2.0, 3.5])
def test_focal_loss_is_that_of_keras(gamma, some):
    expected = keras.losses.BinaryFocalCrossentropy(gamma=gamma, reduction=None)(*some)
    loss = weighted_binary_crossentropy(focal_gamma=gamma)(*some)
    np.testing.assert_allclose(loss, expected, rtol=1e-5, atol=1e-5)


def test_one_weight_serves_all_labels(some):
    np.testing.assert_array_equal(
        weighted_binary_crossentropy(4)(*some), weighted_binary_crossentropy([4.0] * 3)(*some)
    )


def test_integer_labels_are_taken(some):
    y_true, y_pred = some
    loss = weighted_binary_crossentropy([1, 2, 3], 2)
    np.testing.assert_array_equal(loss(y_true.astype(int), y_pred), loss(y_true, y_pred))


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0])
def test_outputs_that_are_quite_sure_have_a_slope(gamma):
    """A sigmoid of 200 is 1 in float32: the slope of a root there would be infinite."""
    logits = tf.constant([[200.0, -200.0, 200.0, -200.0, 0.0]])
    y_true = np.array([[1, 0, 0, 1, 1]], "float32")
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = weighted_binary_crossentropy(2.0, gamma)(y_true, tf.sigmoid(logits))
    slope = tape.gradient(loss, logits).numpy()
    assert np.isfinite(slope).all()
    assert slope[0, 4] < 0


@pytest.mark.parametrize("weights", [0, -1, np.nan, np.inf, [1, 0, 2], [[1.0, 2.0, 3.0]]])
def test_weights_are_checked(weights):
    with pytest.raises(ValueError, match=r"positive_weights: found .*expected one positive number"):
        weighted_binary_crossentropy(weights)


@pytest.mark.parametrize("weights", ["many", None, ["a", "b", "c"]])
def test_weights_that_are_no_numbers_are_refused(weights):
    with pytest.raises((TypeError, ValueError)):
        weighted_binary_crossentropy(weights)


@pytest.mark.parametrize("gamma", [-1, np.nan])
def test_gamma_is_checked(gamma):
    with pytest.raises(ValueError, match="focal_gamma: found"):
        weighted_binary_crossentropy(1.0, gamma)


# --- balanced weights ----------------------------------------------------------------------------


def test_balanced_weights_make_both_answers_count_the_same():
    y = np.random.default_rng(1).random((500, 4)) < [0.02, 0.3, 0.5, 0.9]
    weights = balanced_weights(y)
    np.testing.assert_allclose(weights * y.sum(axis=0), (~y).sum(axis=0))


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([[1, 0], [0, 0]], "label number 1 is the same in all rows"),
        ([[1, 0], [1, 1]], "label number 0 is the same in all rows"),
        ([[0.5, 0.2], [1, 0]], r"y holds 0\.5 in row 0"),
        ([1, 0, 1], r"y has shape \(3,\)"),
    ],
)
def test_labels_that_give_no_weights_are_refused(y, message):
    with pytest.raises(ValueError, match=message):
        balanced_weights(y)


# --- in a model ----------------------------------------------------------------------------------


def test_make_mlp_uses_them(some):
    y_true, y_pred = some
    model = make_mlp(4, 3, positive_weights=[1, 2, 3], focal_gamma=2)
    expected = by_hand(*some, [1, 2, 3], 2).mean()
    assert float(model.compute_loss(None, y_true, y_pred)) == pytest.approx(expected, rel=1e-4)
    only_focal = make_mlp(4, 3, focal_gamma=1)
    expected = by_hand(*some, 1, 1).mean()
    assert float(only_focal.compute_loss(None, y_true, y_pred)) == pytest.approx(expected, rel=1e-4)
    assert make_mlp(4, 3).loss == "binary_crossentropy"


@pytest.mark.parametrize("weights", [[1.0, 2.0], np.ones(4)])
def test_make_mlp_wants_one_weight_a_label(weights):
    with pytest.raises(ValueError, match=rf"positive_weights has {len(weights)}.*n_outputs=3"):
        make_mlp(4, 3, positive_weights=weights)


def make_weighted(n_inputs, n_outputs, seed=None):
    model = make_mlp(n_inputs, n_outputs, seed=seed, positive_weights=[0.5, 2, 9], focal_gamma=1.5)
    model.compile(optimizers.SGD(0.05), model.loss)
    return model


def make_asymmetric(n_inputs, n_outputs, seed=None):
    model = make_mlp(n_inputs, n_outputs, seed=seed)
    model.compile(optimizers.SGD(0.05), asymmetric_loss(gamma_pos=1))
    return model


@pytest.mark.slow
@pytest.mark.parametrize("make_model", [make_weighted, make_asymmetric])
def test_compiled_without_a_warning_and_equal_to_fit(make_model, data):
    X, y = data
    folds = list(KFold(2).split(X))
    result = evaluate_quietly(X, y, make_model, cv=folds, shuffle=False, **SHORT)
    assert_equal_to_loop(result, plain_loop(make_model, X, y, folds, **SHORT), folds)


@pytest.mark.slow
def test_weights_raise_the_probability_of_what_they_weigh(data):
    X, y = data
    heavy = partial(make_mlp, positive_weights=[1, 1, 50], learning_rate=0.02, normalize=True)
    plain = partial(make_mlp, learning_rate=0.02, normalize=True)
    settings = {"cv": 2, "epochs": 20}
    raised, usual = (
        evaluate_quietly(X, y, make, **settings).probabilities[0].mean(axis=0)
        for make in (heavy, plain)
    )
    assert raised[2] > usual[2] + 0.2
    np.testing.assert_allclose(raised[:2], usual[:2], atol=0.15)


def test_model_with_such_a_loss_can_be_saved_and_loaded(tmp_path, data):
    X, _ = data
    model = make_weighted(10, 3, seed=1)
    names = {"feature_names": list("abcdefghij"), "label_names": ["sea", "sun", "snow"]}
    predictor = load_model(save_model(tmp_path / "a.model", model, **names))
    np.testing.assert_allclose(predictor.predict_proba(X), model(X), rtol=0, atol=1e-6)


# --- asymmetric loss -----------------------------------------------------------------------------


def asymmetric_by_hand(y_true, y_pred, gamma_pos, gamma_neg, clip):
    """Ridnik et al. (2021), equations 4 to 7, in double precision; mean over labels."""
    p = y_pred.astype("float64")
    q = np.maximum(p - clip, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        positive = np.where(p > 0, -((1 - p) ** gamma_pos) * np.log(p), np.inf)
        negative = np.where(q < 1, -(q**gamma_neg) * np.log(1 - q), np.inf)
    return np.where(y_true == 1, positive, negative).mean(axis=1)


@pytest.mark.parametrize("clip", [0.0, 0.05, 0.3])
@pytest.mark.parametrize("gammas", [(0, 4), (1, 4), (0, 0), (2, 2), (0.5, 0.5)])
def test_asymmetric_loss_equals_the_paper(gammas, clip, some):
    y_true, y_pred = some
    inside = (y_pred > 1e-6).all(axis=1) & (y_pred < 1 - 1e-6).all(axis=1)
    loss = asymmetric_loss(*gammas, clip)(y_true, y_pred).numpy()
    expected = asymmetric_by_hand(y_true, y_pred, *gammas, clip)
    assert loss.shape == (200,)
    assert np.isfinite(loss).all()
    np.testing.assert_allclose(loss[inside], expected[inside], rtol=1e-4, atol=1e-6)


def test_asymmetric_loss_without_asymmetry_is_known(some):
    np.testing.assert_allclose(
        asymmetric_loss(0, 0, 0)(*some), keras.losses.binary_crossentropy(*some), rtol=1e-5
    )
    np.testing.assert_allclose(
        asymmetric_loss(2, 2, 0)(*some),
        weighted_binary_crossentropy(focal_gamma=2)(*some),
        rtol=1e-5,
    )


@pytest.mark.parametrize("settings", [{}, {"gamma_pos": 0.5, "gamma_neg": 0.5, "clip": 0}])
def test_asymmetric_loss_has_a_slope_where_outputs_are_quite_sure(settings):
    logits = tf.constant([[200.0, -200.0, 200.0, -200.0, 0.0]])
    y_true = np.array([[1, 0, 0, 1, 1]], "float32")
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = asymmetric_loss(**settings)(y_true, tf.sigmoid(logits))
    slope = tape.gradient(loss, logits).numpy()
    assert np.isfinite(slope).all()
    assert slope[0, 4] < 0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"gamma_pos": -1}, "gamma_pos: found -1"),
        ({"gamma_neg": np.nan}, "gamma_neg: found nan"),
        ({"clip": 1.0}, "clip: found 1.0"),
        ({"clip": -0.1}, "clip: found -0.1"),
    ],
)
def test_settings_of_the_asymmetric_loss_are_checked(settings, message):
    with pytest.raises(ValueError, match=message):
        asymmetric_loss(**settings)


def test_model_with_asymmetric_loss_can_be_saved_and_loaded(tmp_path, data):
    X, _ = data
    model = make_asymmetric(10, 3, seed=1)
    names = {"feature_names": list("abcdefghij"), "label_names": ["sea", "sun", "snow"]}
    predictor = load_model(save_model(tmp_path / "a.model", model, **names))
    np.testing.assert_allclose(predictor.predict_proba(X), model(X), rtol=0, atol=1e-6)
