"""What a model must have to be of use once it is saved: checked before anything is written."""

import warnings

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline

from helpers.predictor import model_inputs


def check_network(model):
    """Refuse what does not turn one matrix of features into one with a column for each label.

    Parameters
    ----------
    model : keras.Model

    Returns
    -------
    n_inputs, n_labels : int

    Raises
    ------
    TypeError

    Examples
    --------
    >>> from helpers.models import make_mlp
    >>> check_network(make_mlp(4, 2))
    (4, 2)
    """
    shapes = [getattr(model, name, None) for name in ("input_shape", "output_shape")]
    if not all(isinstance(shape, tuple) and len(shape) == 2 for shape in shapes):
        raise TypeError(
            f"model is a {type(model).__name__} from {shapes[0]} to {shapes[1]}: pass a Sequential "
            "or functional keras.Model from (rows, features) to (rows, labels)."
        )
    return shapes[0][1], shapes[1][1]


def find_text_features(preprocess, feature_names):
    """Find the features that a fitted transformer takes as text.

    Parameters
    ----------
    preprocess : fitted scikit-learn transformer or None
    feature_names : list of str

    Returns
    -------
    list of str
        Those that an encoder has learned categories of text for, or a vectorizer words.

    Examples
    --------
    >>> from helpers.preprocessing import make_preprocessor
    >>> X = pd.DataFrame({"size": [1.0, 3.0], "color": ["red", "blue"]})
    >>> find_text_features(make_preprocessor(X).fit(X), ["size", "color"])
    ['color']
    """
    known = _known_values(preprocess, feature_names)
    return [name for name in feature_names if isinstance(known.get(name), str)]


def check_preprocess(preprocess, feature_names, text_features, n_inputs):
    """Refuse a transformer that can't turn a row of the features into the model's inputs.

    Parameters
    ----------
    preprocess : fitted scikit-learn transformer
    feature_names, text_features : list of str
    n_inputs : int

    Raises
    ------
    ValueError

    Examples
    --------
    >>> from sklearn.preprocessing import StandardScaler
    >>> scaler = StandardScaler().fit([[1.0, 2.0], [3.0, 4.0]])
    >>> check_preprocess(scaler, ["a", "b"], [], n_inputs=3)
    Traceback (most recent call last):
    ...
    ValueError: preprocess makes (2, 2) of 2 rows, but the model takes 3 inputs: pass the \
transformer that made the rows it was trained on.
    """
    forgotten = set(find_text_features(preprocess, feature_names)) - set(text_features)
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
        parts = [
            _known_values(part, _chosen(columns, names))
            for _, part, columns in transformer.transformers_
        ]
        return {name: value for known in parts for name, value in known.items()}
    if isinstance(transformer, Pipeline):
        steps = [_known_values(step, names) for _, step in transformer.steps]
        return next(filter(None, steps), {})
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
