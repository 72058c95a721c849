"""Networks that nobody else could load, or that can't predict, are not saved."""

import zipfile

import keras
import numpy as np
import pytest
from keras import layers

from helpers.models import make_mlp
from helpers.persistence import load_model, save_model

NAMES = {"feature_names": ["a", "b", "c"], "label_names": ["sea", "sun"]}


def network(*parts, dtype="float32"):
    inputs = keras.Input((3,), dtype=dtype)
    return keras.Sequential([inputs, *parts, layers.Dense(2, "sigmoid")])


@keras.saving.register_keras_serializable("mine")
class OwnLayer(layers.Layer):
    def call(self, inputs):
        return inputs


@keras.saving.register_keras_serializable("mine")
class OwnStart(keras.initializers.Zeros):
    pass


@keras.saving.register_keras_serializable("mine")
def own_function(inputs):
    return inputs


@keras.saving.register_keras_serializable("mine")
def own_loss(y_true, y_pred):
    return keras.ops.mean(keras.ops.square(y_true - y_pred), axis=-1)


def compiled_inside():
    inner = network()
    inner.compile("adam", own_loss)
    return keras.Sequential([keras.Input((3,)), inner])


OWN = {
    "layer": ("OwnLayer", lambda: network(OwnLayer())),
    "activation": ("own_function", lambda: network(layers.Dense(3, own_function))),
    "activation layer": ("own_function", lambda: network(layers.Activation(own_function))),
    "initializer": ("OwnStart", lambda: network(layers.Dense(3, kernel_initializer=OwnStart()))),
    "in a network inside": ("OwnLayer", lambda: network(network(OwnLayer()))),
    "loss of a network inside": ("own_loss", compiled_inside),
}


@pytest.mark.parametrize("case", OWN)
def test_network_with_objects_of_ones_own_is_not_saved(case, tmp_path):
    """They are registered here, but not where the file will be loaded."""
    name, make = OWN[case]
    with pytest.raises(ValueError, match=rf"^model uses \['mine>{name}'\], which other processes"):
        save_model(tmp_path / "a.model", make(), **NAMES)
    assert not list(tmp_path.iterdir())
    assert keras.saving.get_registered_object(f"mine>{name}"), "it is no longer registered"


def test_objects_of_an_open_scope_are_not_there_elsewhere(tmp_path):
    class Other(layers.Dense):
        pass

    with (
        keras.saving.custom_object_scope({"Other": Other}),
        pytest.raises(ValueError, match=r"^model uses \['Other'\]"),
    ):
        save_model(tmp_path / "a.model", network(Other(3)), **NAMES)


def test_own_loss_is_not_needed(tmp_path):
    model = network()
    model.compile("adam", own_loss)
    path = save_model(tmp_path / "a.model", model, **NAMES)
    expected = np.asarray(model(np.ones((1, 3), "float32")))
    np.testing.assert_array_equal(load_model(path).predict_proba(np.ones((1, 3))), expected)


@pytest.mark.parametrize("case", OWN)
def test_file_made_elsewhere_names_what_is_missing(case, tmp_path, monkeypatch):
    """As an earlier save_model made it, which tried it where the object was registered."""
    name, make = OWN[case]
    path = save_model(tmp_path / "a.model", network(), **NAMES)
    make().save(tmp_path / "own.keras")
    with zipfile.ZipFile(path) as file:
        card = file.read("card.json")
    with zipfile.ZipFile(path, "w") as file:
        file.write(tmp_path / "own.keras", "model.keras")
        file.writestr("card.json", card)
    assert load_model(path).predict_proba(np.ones((1, 3))).shape == (1, 2)
    monkeypatch.delitem(keras.saving.get_custom_objects(), f"mine>{name}")
    with pytest.raises(ValueError, match=rf"^a\.model needs \['mine>{name}'\], which Keras does"):
        load_model(path)


@pytest.mark.parametrize(
    "model",
    [
        network(layers.StringLookup(vocabulary=["a"], output_mode="multi_hot"), dtype="string"),
        network(layers.StringLookup(vocabulary=["a"], output_mode="multi_hot")),
        network(
            layers.Reshape((3,)),
            layers.StringLookup(vocabulary=["a"], output_mode="multi_hot"),
            dtype="string",
        ),
        keras.Sequential(
            [
                keras.Input((1,), dtype="string"),
                layers.TextVectorization(vocabulary=["a"], output_mode="multi_hot"),
                layers.Flatten(),
                layers.Dense(2),
            ]
        ),
    ],
    ids=["words", "words from numbers", "behind another layer", "text"],
)
def test_network_that_takes_text_is_not_saved(model, tmp_path):
    names = NAMES | {"feature_names": ["a", "b", "c"][: model.input_shape[1]]}
    message = "model can't predict from rows of numbers, .* passed as preprocess"
    with pytest.raises(ValueError, match=message):
        save_model(tmp_path / "a.model", model, **names)
    assert not list(tmp_path.iterdir())


def test_network_that_takes_whole_numbers_is_saved(tmp_path):
    model = network(layers.IntegerLookup(vocabulary=[1], output_mode="multi_hot"), dtype="int64")
    predictor = load_model(save_model(tmp_path / "a.model", model, **NAMES))
    X = np.array([[1, 2, 3], [4, 5, 6]])
    np.testing.assert_allclose(predictor.predict_proba(X), model(X))


@pytest.mark.parametrize(
    "model",
    [
        make_mlp(3, 2, normalize=True),
        keras.Sequential([keras.Input((3,)), make_mlp(3, 2, normalize=True)]),
    ],
    ids=["outermost", "in a network inside"],
)
def test_normalization_that_was_never_adapted_is_not_saved(model, tmp_path):
    with pytest.raises(ValueError, match="Normalization layer 'normalization' was never adapted"):
        save_model(tmp_path / "a.model", model, **NAMES)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("mean", [None, 0.0], ids=["adapted", "told"])
def test_normalization_that_knows_its_numbers_is_saved(mean, tmp_path):
    scaler = layers.Normalization(mean=mean, variance=None if mean is None else 1.0)
    model = network(scaler)
    if mean is None:
        scaler.adapt(np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]]))
    X = np.ones((1, 3), "float32")
    predictor = load_model(save_model(tmp_path / "a.model", model, **NAMES))
    np.testing.assert_allclose(predictor.predict_proba(X), model(X))
