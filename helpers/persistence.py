"""A final model in one file, with all that is needed to use it.

The file is a zip archive of two members: ``model.keras`` (the network, as Keras saves it) and
``card.json`` (names of features and labels, thresholds, scores, versions, date). Nothing in it is
executed when it is loaded.
"""

import contextlib
import json
import os
import tempfile
import warnings
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import keras
import numpy as np

from helpers.metrics import check_threshold
from helpers.predictor import Predictor

FORMAT = "multilabel-workshop model 1"


def save_model(
    path, model, *, feature_names, label_names, thresholds=0.5, scores=None, overwrite=False
):
    """Save a trained model with all that is needed to use it, in one file.

    The file appears whole or not at all: it is written beside its place and then moved there.

    Parameters
    ----------
    path : str or Path
    model : keras.Model
        Trained; features to probabilities.
    feature_names : list of str
        In the order of the columns the model was trained on.
    label_names : list of str
        In the order of the model's outputs.
    thresholds : float or list of float, default=0.5
        One for all labels, or one for each.
    scores : dict of str to float, optional
        What is known of the model's quality, for those who will use it.
    overwrite : bool, default=False
        False refuses to replace a file.

    Returns
    -------
    Path

    Raises
    ------
    FileExistsError
        If the file exists and `overwrite` is False.
    ValueError
        If names and model do not fit together.

    Examples
    --------
    >>> import tempfile
    >>> from helpers.models import make_mlp
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = save_model(folder + "/my.model", make_mlp(2, 1, seed=1),
    ...                       feature_names=["width", "height"], label_names=["large"])
    ...     load_model(path).predict_proba([[1.0, 2.0]]).shape
    (1, 1)
    """
    path = Path(path)
    if path.exists() and not overwrite:
        raise FileExistsError(
            f"path: {path.name} exists already; pass overwrite=True to replace it."
        )
    if not path.parent.is_dir():
        raise FileNotFoundError(
            f"path: there is no folder {path.parent} to save in; make it first."
        )
    if not hasattr(model, "input_shape"):
        raise TypeError(
            f"model is a {type(model).__name__}: pass a Sequential or functional keras.Model."
        )
    card = {
        "format": FORMAT,
        "feature_names": _names("feature_names", feature_names, model.input_shape[-1]),
        "label_names": _names("label_names", label_names, model.output_shape[-1]),
        "thresholds": np.broadcast_to(
            check_threshold(thresholds, model.output_shape[-1]), model.output_shape[-1:]
        ).tolist(),
        "scores": {
            name: float(value) for name, value in ({} if scores is None else dict(scores)).items()
        },
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {"keras": keras.__version__, "numpy": np.__version__},
    }
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".saving-") as folder:
        network, archive = Path(folder, "model.keras"), Path(folder, "archive")
        model.save(network)
        _check_loads(network)
        with zipfile.ZipFile(archive, "w") as file:
            file.write(network, "model.keras")
            file.writestr("card.json", json.dumps(card, indent=1))
        os.replace(archive, path)
    return path


def load_model(path):
    """Load what `save_model` saved.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Predictor

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is damaged or is something else.

    Warns
    -----
    UserWarning
        If the file was saved with another major version of Keras.

    Examples
    --------
    >>> load_model("pyproject.toml")
    Traceback (most recent call last):
    ...
    ValueError: pyproject.toml is not a model saved by save_model, or it is damaged.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"path: there is no file {path}.")
    with _refusing_damage(path), zipfile.ZipFile(path) as file:
        card = json.loads(file.read("card.json"))
        if card["format"] != FORMAT:
            raise ValueError(f"unknown format {card['format']!r}")
        saved_with = card["versions"]["keras"]
        if saved_with.split(".")[0] != keras.__version__.split(".")[0]:
            warnings.warn(
                f"{path.name} was saved with Keras {saved_with}, this is {keras.__version__}: "
                "compare its predictions with known ones before you rely on them.",
                stacklevel=2,
            )
        with tempfile.TemporaryDirectory() as folder:
            network = file.extract("model.keras", folder)
            return Predictor(keras.saving.load_model(network, compile=False, safe_mode=True), card)


def _check_loads(network):
    try:
        keras.saving.load_model(network, compile=False, safe_mode=True)
    except Exception as error:
        raise ValueError(
            "model: Keras could save it, but not load it again without running code from the "
            f"file, so nothing was saved. Use Keras' own layers. Keras says: {error}"
        ) from error


@contextlib.contextmanager
def _refusing_damage(path):
    # A damaged archive can raise nearly anything, from zlib.error to NotImplementedError.
    try:
        yield
    except Exception as error:
        raise ValueError(
            f"{path.name} is not a model saved by save_model, or it is damaged."
        ) from error


def _names(argument, names, expected):
    if isinstance(names, str):
        raise TypeError(f"{argument} is the text {names!r}: pass a list of names.")
    names = [str(name) for name in names]
    if len(names) != expected or len(set(names)) != len(names):
        raise ValueError(
            f"{argument}: found {names}, expected {expected} different names, one for each of the "
            f"model's {'inputs' if argument == 'feature_names' else 'outputs'}."
        )
    return names
