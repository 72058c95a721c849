"""Pictures are evaluated as they are, and refused where a table is meant."""

import keras
import numpy as np
import pandas as pd
import pytest
from keras import layers
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import FunctionTransformer

from helpers.data import make_digit_pictures
from helpers.evaluation import evaluate_estimator, evaluate_model, evaluate_models
from helpers.plots import plot_features_by_label
from helpers.preprocessing import make_preprocessor

FAST = {"cv": 2, "epochs": 2, "progress": False}


@pytest.fixture(scope="module")
def data():
    pictures, y = make_digit_pictures(40, 3)
    return pictures, (y[:, :4] + np.resize(np.eye(4, dtype="int64"), (40, 4)) > 0).astype(int)


def make_network(n_inputs, n_outputs, seed=None):
    """A dense network of all pixels, for rows of any shape."""
    shape = n_inputs if isinstance(n_inputs, tuple) else (n_inputs,)
    start = keras.initializers.GlorotUniform(seed)
    output = layers.Dense(n_outputs, "sigmoid", kernel_initializer=start)
    model = keras.Sequential([keras.Input(shape), layers.Flatten(), output])
    model.compile("adam", "binary_crossentropy")
    return model


def make_cnn(n_inputs, n_outputs, seed=None):
    assert n_inputs == (16, 24, 1)
    start = keras.initializers.GlorotUniform(seed)
    model = keras.Sequential(
        [
            keras.Input(n_inputs),
            layers.Conv2D(2, 3, strides=2, kernel_initializer=start),
            layers.Flatten(),
            layers.Dense(n_outputs, "sigmoid", kernel_initializer=start),
        ]
    )
    model.compile("adam", "binary_crossentropy")
    return model


@pytest.mark.slow
def test_pictures_score_as_their_pixels_in_a_row(data):
    pictures, y = data
    flat = evaluate_model(pictures.reshape(len(pictures), -1), y, make_network, **FAST)
    for shape in [(40, 16, 24), (40, 16, 24, 1)]:
        found = evaluate_model(pictures.reshape(shape), y, make_network, **FAST)
        np.testing.assert_allclose(found.probabilities, flat.probabilities, atol=1e-5)


def test_convolutions_get_height_width_and_channels(data):
    pictures, y = data
    makers = {"convolution": make_cnn, "dense": make_network}
    results = evaluate_models(makers, pictures[..., None], y, **FAST)
    assert results["convolution"].probabilities.shape == (1, 40, 4)
    assert np.isfinite(results["convolution"].probabilities).all()


def test_pixel_that_is_missing_is_named(data):
    pictures, y = data
    pictures = pictures.copy()
    pictures[3, 5, 7] = np.nan
    with pytest.raises(ValueError, match=r"X holds nan in row 3, at \(5, 7\)"):
        evaluate_model(pictures, y, make_network, **FAST)


@pytest.mark.parametrize(
    "use_as_table",
    [
        lambda X, y: evaluate_estimator(X, y, KNeighborsClassifier(), cv=2),
        lambda X, y: make_preprocessor(X),
        plot_features_by_label,
    ],
)
def test_pictures_are_no_table(data, use_as_table):
    with pytest.raises(ValueError, match=r"\(40, 16, 24\), as pictures.*Reshape to \(rows, feat"):
        use_as_table(*data)


def test_no_pixels_at_all_are_refused(data):
    with pytest.raises(ValueError, match="there is nothing to work with"):
        evaluate_model(np.zeros((40, 0, 24)), data[1], make_network, **FAST)


def test_rows_of_five_dimensions_are_refused(data):
    with pytest.raises(ValueError, match="expected 2 dimensions"):
        evaluate_model(np.zeros((40, 2, 2, 2, 2)), data[1], make_network, **FAST)


def test_for_a_table_the_model_gets_the_number_of_features(data):
    X = pd.DataFrame(data[0].reshape(40, -1)[:, :3])
    given = []

    def make_noted(n_inputs, n_outputs):
        given.append(n_inputs)
        return make_network(n_inputs, n_outputs)

    evaluate_model(X, data[1], make_noted, **FAST)
    assert set(given) == {3}


def test_what_makes_a_table_of_pictures_may_do_so_within_the_folds(data):
    pictures, y = data
    rows = FunctionTransformer(lambda X: X.reshape(len(X), -1))
    settings = FAST | {"make_model": make_network}
    result = evaluate_model(pictures, y, preprocess=rows, **settings)
    expected = evaluate_model(pictures.reshape(len(pictures), -1), y, **settings)
    np.testing.assert_allclose(result.probabilities, expected.probabilities, atol=1e-6)


def test_network_for_rows_of_numbers_refuses_pictures(data):
    with pytest.raises(TypeError, match=r"n_inputs=\(16, 24\).*Reshape X"):
        evaluate_model(*data, cv=2, epochs=1, progress=False)
