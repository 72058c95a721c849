"""Save and load a final model in one file, with all that is needed to use it (lessons 04, 08)."""

import warnings
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline

from helpers._arguments import check_threshold
from helpers.persistence.model_file import read_archive, write_archive
from helpers.persistence.predictor import Predictor, model_inputs


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
    path = _check_path(path, overwrite)
    n_inputs, n_labels = _check_network(model)
    features = _names("feature_names", feature_names, n_inputs if preprocess is None else None)
    if text_features is None:
        text_features = _find_text_features(preprocess, features)
    texts = _names("text_features", text_features, None)
    if (set(texts) - set(features)) or ((texts or imputes) and preprocess is None):
        raise ValueError(
            f"text_features={texts}, imputes={imputes}: expected some of the feature_names, and a "
            "preprocess that turns text into numbers or fills gaps."
        )
    if preprocess is not None:
        _check_preprocess(preprocess, features, texts, n_inputs)
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


def _check_path(path, overwrite):
    path = Path(path)
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


def _check_network(model):
    """Return the numbers of features and labels; refuse all but matrix to matrix."""
    shapes = [getattr(model, name, None) for name in ("input_shape", "output_shape")]
    if not all(isinstance(shape, tuple) and len(shape) == 2 for shape in shapes):
        raise TypeError(
            f"model is a {type(model).__name__} from {shapes[0]} to {shapes[1]}: pass a Sequential "
            "or functional keras.Model from (rows, features) to (rows, labels)."
        )
    return shapes[0][1], shapes[1][1]


def _find_text_features(preprocess, feature_names):
    """Return those features that an encoder knows categories of text of, or a vectorizer words."""
    known = _known_values(preprocess, feature_names)
    return [name for name in feature_names if isinstance(known.get(name), str)]


def _check_preprocess(preprocess, feature_names, text_features, n_inputs):
    """Refuse a transformer that can't turn a row of the features into the model's inputs."""
    forgotten = set(_find_text_features(preprocess, feature_names)) - set(text_features)
    if forgotten:
        raise ValueError(
            f"text_features lacks {sorted(forgotten)}, which preprocess takes as text: name them, "
            "or leave text_features out."
        )
    row = dict.fromkeys(feature_names, 0.5) | dict.fromkeys(text_features, "")
    row |= _known_values(preprocess, feature_names)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            shape = model_inputs(preprocess, pd.DataFrame([row, row])).shape
    except Exception as error:
        raise ValueError(
            f"preprocess can't take a row with the features {feature_names}, of which "
            f"{text_features} are text: {error}"
        ) from error
    if shape != (2, n_inputs):
        raise ValueError(
            f"preprocess makes {shape} of 2 rows, but the model takes {n_inputs} inputs: pass the "
            "transformer that made the rows it was trained on."
        )


def _known_values(transformer, names):
    """One value that a transformer knows for each of the features it has learned values of."""
    if isinstance(transformer, ColumnTransformer):
        known = {}
        for _, part, columns in transformer.transformers_:
            known |= _known_values(part, _chosen(columns, names))
        return known
    if isinstance(transformer, Pipeline):
        steps = [_known_values(step, names) for _, step in transformer.steps]
        return next((known for known in steps if known), {})
    if hasattr(transformer, "vocabulary_"):
        return dict.fromkeys(names, "")
    known = zip(names, getattr(transformer, "categories_", []), strict=False)
    return {name: _first_value(categories) for name, categories in known if len(categories)}


def _chosen(columns, names):
    """Names of a ColumnTransformer's columns, which are given by name, number, slice or mask."""
    row = pd.Series(names, index=names, dtype=object)
    given = [columns.start, columns.stop] if isinstance(columns, slice) else np.ravel(columns)
    by_name = any(isinstance(column, str) for column in given)
    chosen = (row.loc if by_name else row.iloc)[columns]
    return [chosen] if isinstance(chosen, str) else chosen.tolist()


def _first_value(categories):
    values = [value for value in categories.tolist() if not pd.isna(value)]
    return next((value for value in values if isinstance(value, str)), values[0] if values else 0.5)
