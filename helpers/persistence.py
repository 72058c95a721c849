"""A final model in one file, with all that is needed to use it.

The file is a zip archive (see `helpers.model_file`): the network as Keras saves it, the
preprocessing as skops saves it, and a card with the names of features and labels, thresholds,
scores, versions and the date. Nothing in it is executed when it is loaded.
"""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from helpers.model_file import read_archive, write_archive
from helpers.predictor import Predictor
from helpers.probabilities import check_threshold
from helpers.saving_checks import check_network, check_preprocess, find_text_features


def save_model(
    path,
    model,
    *,
    feature_names,
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
        Of the table's columns, in the order of training.
    label_names : list of str
        In the order of the model's outputs.
    thresholds : float or list of float, default=0.5
        One for all labels, or one for each.
    scores : dict of str to float, optional
        What is known of the model's quality, for those who will use it: cross-validated means.
    preprocess : fitted scikit-learn transformer, optional
        Applied to each table before the model: the one that made the rows it was trained on.
    text_features : list of str, optional
        Features that `preprocess` takes as text; the others are numbers. None finds them by the
        categories and words that scikit-learn's encoders and vectorizers have learned.
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
        If names, preprocessing and model do not fit together.

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
    n_inputs, n_labels = check_network(model)
    features = _names("feature_names", feature_names, n_inputs if preprocess is None else None)
    if text_features is None:
        text_features = find_text_features(preprocess, features)
    texts = _names("text_features", text_features, None)
    if (set(texts) - set(features)) or ((texts or imputes) and preprocess is None):
        raise ValueError(
            f"text_features={texts}, imputes={imputes}: expected some of the feature_names, and a "
            "preprocess that turns text into numbers or fills gaps."
        )
    if preprocess is not None:
        check_preprocess(preprocess, features, texts, n_inputs)
    thresholds = np.broadcast_to(check_threshold(thresholds, n_labels), (n_labels,))
    card = {
        "feature_names": features,
        "text_features": texts,
        "imputes": bool(imputes),
        "label_names": _names("label_names", label_names, n_labels),
        "thresholds": thresholds.tolist(),
        "scores": _scores(scores),
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
    return Predictor(*read_archive(path))


def _scores(scores):
    try:
        return {
            str(name): float(score)
            for name, score in dict(() if scores is None else scores).items()
        }
    except (TypeError, ValueError):
        raise ValueError(f"scores: found {scores!r}, expected numbers by their names.") from None


def _names(argument, names, expected):
    if isinstance(names, str):
        raise TypeError(f"{argument} is the text {names!r}: pass a list of names.")
    names = [str(name) for name in names]
    if len(set(names)) != len(names) or expected not in (None, len(names)):
        number = "" if expected is None else f"{expected} "
        raise ValueError(
            f"{argument}: found {names}, expected {number}different names, one for each of the "
            f"model's {'outputs' if argument == 'label_names' else 'inputs'}."
        )
    return names
