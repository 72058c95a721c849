"""Save and load a final model in one file, with all that is needed to use it (lessons 04, 11)."""

import warnings
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from helpers._arguments import check_threshold
from helpers.persistence.categories import (
    date_features,
    first_value,
    learned,
    names_known,
    text_features_of,
)
from helpers.persistence.model_file import read_archive, write_archive
from helpers.persistence.network import check_network
from helpers.persistence.predictor import Predictor, model_inputs


def save_model(
    path,
    model,
    *,
    feature_names=None,
    label_names,
    thresholds=0.5,
    scores=None,
    preprocess=None,
    text_features=None,
    imputes=False,
    overwrite=False,
):
    """Save a trained model with all that is needed to use it, in one file.

    The file appears whole or not at all: it is written beside its place and then moved there.

    Parameters
    ----------
    path : str or Path
    model : keras.Model
        Trained; features to probabilities.
    feature_names : list of str
        Of the table's columns, in the order of training. A model that takes pictures, of shape
        (rows, height, width) or (rows, height, width, channels), has none: leave them out. What it
        takes is noted as `Predictor.input_shape`.
    label_names : list of str
        In the order of the model's outputs.
    thresholds : float or list of float, default=0.5
        One for all labels, or one for each.
    scores : dict of str to float, optional
        What is known of the model's quality, for those who will use it: cross-validated means.
    preprocess : fitted scikit-learn transformer, optional
        Applied to each table before the model: the one that made the rows it was trained on.
    text_features : list of str, optional
        Features that `preprocess` takes as text, dates included; the others are numbers. None
        finds them by the categories and words that scikit-learn's encoders and vectorizers have
        learned, and by `helpers.preprocessing.DateFeatures`.
    imputes : bool, default=False
        Let gaps in a table through to `preprocess`, which fills them. False refuses gaps.
    overwrite : bool, default=False
        False refuses to replace a file.

    Returns
    -------
    Path

    Raises
    ------
    FileExistsError
        If the file exists and `overwrite` is False.
    TypeError, ValueError
        If names, preprocessing and model do not fit together, or if the file would be of no use:
        the model can't predict from numbers, holds a `Normalization` layer that was never adapted,
        or layers or functions that only this process has.

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
    path = _check_path(path, overwrite)
    input_shape, n_labels = _check_shapes(model)
    n_inputs = input_shape[-1]
    if len(input_shape) > 1:
        _check_no_table(input_shape, feature_names, preprocess)
        features = []
    elif feature_names is None:
        raise TypeError("feature_names: pass the names of the table's columns.")
    else:
        features = _names("feature_names", feature_names, n_inputs if preprocess is None else None)
    if text_features is None:
        text_features = text_features_of(preprocess, features)
    texts = _names("text_features", text_features, None)
    if (set(texts) - set(features)) or ((texts or imputes) and preprocess is None):
        raise ValueError(
            f"text_features={texts}, imputes={imputes}: expected some of the feature_names, and a "
            "preprocess that turns text into numbers or fills gaps."
        )
    if preprocess is None:
        inputs = np.zeros((2, *input_shape), "float32")
    else:
        inputs = _check_preprocess(preprocess, features, texts, n_inputs)
    check_network(model, inputs)
    thresholds = np.broadcast_to(check_threshold(thresholds, n_labels), (n_labels,))
    card = {
        "feature_names": features,
        "text_features": texts,
        "imputes": bool(imputes),
        "label_names": _names("label_names", label_names, n_labels),
        "thresholds": thresholds.tolist(),
        "scores": _scores({} if scores is None else scores),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    write_archive(path, model, preprocess, card)
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
        If the file is damaged or is something else, or if it needs layers or functions that are
        not registered with Keras here.

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
        raise FileNotFoundError(f"path: there is no file {path.absolute()}.")
    return Predictor(*read_archive(path))


def _check_path(path, overwrite):
    path = Path(path)
    if path.is_dir():
        raise IsADirectoryError(f"path: {path} is a folder; name a file in it.")
    if path.exists() and not overwrite:
        raise FileExistsError(
            f"path: {path.name} exists already; pass overwrite=True to replace it."
        )
    if not path.parent.is_dir():
        raise FileNotFoundError(
            f"path: there is no folder {path.parent} to save in; make it first."
        )
    return path


def _scores(scores):
    try:
        return {str(name): float(score) for name, score in dict(scores).items()}
    except (TypeError, ValueError):
        raise ValueError(f"scores: found {scores!r}, expected numbers by their names.") from None


def _names(argument, names, expected):
    if not pd.api.types.is_list_like(names, allow_sets=False):  # a set has no order
        raise TypeError(f"{argument}: found {names!r}, pass a list of names.")
    names = [str(name) for name in names]
    if len(set(names)) != len(names) or expected not in (None, len(names)):
        number = "" if expected is None else f"{expected} "
        raise ValueError(
            f"{argument}: found {names}, expected {number}different names, one for each of the "
            f"model's {'outputs' if argument == 'label_names' else 'inputs'}."
        )
    return names


def _check_shapes(model):
    """Return a row's shape and the number of labels; refuse what does not give a matrix."""
    shapes = [getattr(model, name, None) for name in ("input_shape", "output_shape")]
    n_dimensions = [len(s) if isinstance(s, tuple) else 0 for s in shapes]
    if n_dimensions[0] not in (2, 3, 4) or n_dimensions[1] != 2:
        raise TypeError(
            f"model is a {type(model).__name__} from {shapes[0]} to {shapes[1]}: pass a Sequential "
            "or functional keras.Model from (rows, features) to (rows, labels), or from pictures, "
            "(rows, height, width) or (rows, height, width, channels), to (rows, labels)."
        )
    if None in shapes[0][1:]:
        raise ValueError(
            f"model takes {shapes[0]}, which leaves a size open: fix it in keras.Input."
        )
    return shapes[0][1:], shapes[1][1]


def _check_no_table(input_shape, feature_names, preprocess):
    """Refuse what belongs to a table, where a model takes pictures."""
    for name, value in [("feature_names", feature_names), ("preprocess", preprocess)]:
        if value is not None:
            raise ValueError(
                f"{name} belongs to a table, but the model takes pictures of shape {input_shape}: "
                "leave it out."
            )


def _check_preprocess(preprocess, feature_names, text_features, n_inputs):
    """Turn rows of the features into the model's inputs, or refuse a transformer that can't."""
    forgotten = set(text_features_of(preprocess, feature_names)) - set(text_features)
    if forgotten:
        raise ValueError(
            f"text_features lacks {sorted(forgotten)}, which preprocess takes as text: name them, "
            "or leave text_features out."
        )
    known = names_known(preprocess, feature_names)
    if known != feature_names:
        raise ValueError(
            f"feature_names: found {feature_names}, but preprocess was fitted on {known}: pass "
            "those, in that order."
        )
    row = dict.fromkeys(feature_names, 0.5) | dict.fromkeys(text_features, "")
    for name, categories, _ in learned(preprocess, feature_names):
        if categories and name in row:
            row[name] = first_value(categories)
    row |= dict.fromkeys(date_features(preprocess, feature_names), "2000-01-01")
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            inputs = model_inputs(preprocess, pd.DataFrame([row, row]))
    except Exception as error:
        raise ValueError(
            f"preprocess can't take a row with the features {feature_names}, of which "
            f"{text_features} are text: {error}"
        ) from error
    if inputs.shape != (2, n_inputs):
        raise ValueError(
            f"preprocess makes {inputs.shape} of 2 rows, but the model takes {n_inputs} inputs: "
            "pass the transformer that made the rows it was trained on."
        )
    return inputs
