"""The network in a model file: whether others can load it, and whether it can predict at all."""

import contextlib
import json
import zipfile

import keras


class MissingObjects(ValueError):
    """Names the objects that a network needs, and that neither Keras nor this process has."""


def check_network(model, inputs):
    """Refuse a network that can't predict probabilities from `inputs`, or has a layer unadapted."""
    for layer in _flat_layers(model):
        if isinstance(layer, keras.layers.Normalization) and layer.input_mean is None:
            mean, variance, *_ = layer.get_weights()
            if not mean.any() and (variance == 1).all():
                raise ValueError(
                    f"model: its Normalization layer {layer.name!r} was never adapted, and does "
                    "nothing: adapt it to the training rows and train again, or leave it out."
                )
    try:
        keras.ops.convert_to_numpy(model(inputs, training=False)).astype("float32")
    except Exception as error:
        raise ValueError(
            "model can't predict from rows of numbers, which is all that it will get, so nothing "
            "was saved: turn text into numbers before the model, in a scikit-learn transformer "
            f"(CountVectorizer, OneHotEncoder), passed as preprocess. Keras says: {error}"
        ) from error
    if getattr(model.layers[-1], "activation", None) is keras.activations.linear:
        raise ValueError(
            "model: its last layer has no activation, so its outputs are no probabilities: give it "
            "activation='sigmoid', or add such a layer."
        )


def check_loads(path):
    """Refuse a saved network that another process could not load, or only by running its code."""
    try:
        with _nothing_registered():
            load_network(path)
    except MissingObjects as error:
        raise ValueError(
            f"model uses {error}, which other processes do not have, so nothing was saved: use "
            "Keras' own layers, activations and initializers."
        ) from error
    except Exception as error:
        raise ValueError(
            "model: Keras could save it, but not load it again without running code from the "
            f"file, so nothing was saved. Use Keras' own layers. Keras says: {error}"
        ) from error


def load_network(path):
    """Load a network without what it was compiled with, or say which objects are missing."""
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:
        with zipfile.ZipFile(path) as file:
            config = json.loads(file.read("config.json"))
        names = {*_foreign_names(config | {"compile_config": None})}
        missing = [name for name in names if not keras.saving.get_registered_object(name)]
        if missing:
            raise MissingObjects(f"{sorted(missing)}") from error
        raise


def _flat_layers(model):
    for layer in model.layers:
        yield from _flat_layers(layer) if isinstance(layer, keras.Model) else [layer]


@contextlib.contextmanager
def _nothing_registered():
    registered = keras.saving.get_custom_objects()
    kept = dict(registered)
    registered.clear()
    try:
        with keras.saving.custom_object_scope({}):
            yield
    finally:
        registered.update(kept)


def _foreign_names(config):
    """Yield the names under which classes and functions that Keras lacks would be registered."""
    if isinstance(config, dict):
        module = str(config.get("module")).split(".")[0]
        name = config.get("config" if config.get("class_name") == "function" else "registered_name")
        if module != "keras" and config.get("registered_name") and isinstance(name, str):
            yield name
        config = list(config.values())
    if isinstance(config, list):
        for part in config:
            yield from _foreign_names(part)
