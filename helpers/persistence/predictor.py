"""A final model in use: a table of features in, probabilities or labels out (lessons 04, 11)."""

import warnings

import keras
import numpy as np
import pandas as pd

from helpers._arguments import (
    check_probabilities,
    check_table_or_pictures,
    check_X,
    refuse_pictures,
)
from helpers.metrics import predict_labels
from helpers.persistence.categories import UnknownCategories, date_features, learned
from helpers.preprocessing import transform
from helpers.tables import (
    date_column,
    number_column,
    refuse_duplicate_columns,
    text_column,
)

CHUNK = 8192  # rows that are turned into probabilities at a time


class Predictor:
    """A loaded model: features in, probabilities or labels out.

    Attributes
    ----------
    model : keras.Model
    preprocess : fitted transformer or None
        What turns a table into the model's inputs.
    feature_names, text_features, label_names : list of str
        A model that takes pictures has no names of features.
    input_shape : tuple of int
        What the network takes of a row: ``(n_inputs,)``, or a picture's shape, ``(height, width)``
        or ``(height, width, channels)``.
    date_features : list of str
        Those of `text_features` that are dates: datetimes, or text such as "2024-12-31".
    imputes : bool
        Whether `preprocess` fills gaps; otherwise they are refused.
    thresholds : ndarray of shape (n_labels,)
        A label is predicted where its probability is at least its threshold.
    scores : dict
        What was known of the model's quality when it was saved.
    created : str
        Date and time of saving, UTC.
    versions : dict
        Of keras and scikit-learn at saving.
    """

    def __init__(self, model, preprocess, card):
        self.model = model
        self.input_shape = tuple(model.input_shape[1:])
        self.preprocess = preprocess
        self.feature_names = card["feature_names"]
        self.text_features = card["text_features"]
        self.date_features = date_features(preprocess, self.feature_names)
        self.label_names = card["label_names"]
        self.imputes = card["imputes"]
        self.thresholds = np.array(card["thresholds"])
        self.scores = card["scores"]
        self.created = card["created"]
        self.versions = card["versions"]

    @property
    def takes_pictures(self):
        """Whether rows are pictures, and not those of a table."""
        return len(self.input_shape) > 1

    @property
    def categories(self):
        """What `preprocess` knows of each text feature: a list of values by the feature's name."""
        known = learned(self.preprocess, self.feature_names)
        return {name: categories for name, categories, _ in known if categories is not None}

    def __repr__(self):
        """Say what goes in and what comes out."""
        rows = f"{len(self.feature_names)} features"
        if self.takes_pictures:
            rows = f"pictures of shape {self.input_shape}"
        return f"Predictor({rows} -> {', '.join(self.label_names)}; saved {self.created})"

    def predict_proba(self, table, first_row=0, allow_unknown=False, unknown=None):
        """Predict the probability of each label.

        Parameters
        ----------
        table : DataFrame or array-like of shape (n_rows, n_features)
            Columns of a DataFrame are found by name, in any order; those the model does not know
            are left out with a warning. The columns of an array must be in training order. For a
            model of pictures, an array of shape ``(n_rows, *input_shape)``.
        first_row : int, default=0
            Number of the first row in messages, where the table is a piece of a larger one.
        allow_unknown : bool, default=False
            Let a column through of which no value was there in training. False refuses it.
        unknown : UnknownCategories, optional
            Counts the unknown values of a piece, and leaves warning and refusal to the caller.

        Returns
        -------
        ndarray of shape (n_rows, n_labels), float32

        Raises
        ------
        ValueError
            If features are missing, the number of columns differs, or a value is not finite (a
            gap is refused unless the model fills gaps), or a column holds nothing but unknown
            categories, or the outputs are no probabilities.

        Warns
        -----
        UserWarning
            For each column with categories that were not there in training.
        """
        return self._probabilities(table, first_row, allow_unknown, unknown)

    def predict(self, table, allow_unknown=False, id_columns=()):
        """Predict the labels, by the saved thresholds.

        Takes what `predict_proba` takes, and warns and refuses as it does. Returns a DataFrame of
        shape (n_rows, n_labels), 0 or 1, with columns named after the labels. Before them stand
        the columns of the table that `id_columns` names, such as a customer's number.
        """
        ids = None
        if len(id_columns):
            ids = self._ids(table, id_columns)
            table = table.drop(columns=[name for name in ids if name not in self.feature_names])
        labels = self.to_labels(self._probabilities(table, allow_unknown=allow_unknown))
        index = table.index if isinstance(table, pd.DataFrame) else None
        labels = pd.DataFrame(labels, columns=self.label_names, index=index)
        return labels if ids is None else pd.concat([ids, labels], axis=1)

    def to_labels(self, probabilities):
        """Apply the thresholds to what `predict_proba` returned: 0 or 1, int64."""
        return predict_labels(probabilities, self.thresholds)

    def _ids(self, table, names):
        if isinstance(names, str) or not isinstance(table, pd.DataFrame):
            raise TypeError("id_columns: pass a list of columns, and a DataFrame that has them.")
        if missing := [name for name in names if name not in table.columns]:
            raise ValueError(f"id_columns: table has no columns {missing}.")
        if both := [name for name in names if name in self.label_names]:
            raise ValueError(f"id_columns: {both} are names of labels, too; rename the columns.")
        return table[list(names)]

    def _probabilities(self, table, first_row=0, allow_unknown=False, unknown=None):
        table = self._checked(table, first_row)
        if self.preprocess is not None:
            counted = UnknownCategories() if unknown is None else unknown
            counted.count(self.preprocess, table)
            for message in counted.messages(allow_unknown) if unknown is None else []:
                warnings.warn(f"table: {message}", stacklevel=3)
        pieces = []
        for i in range(0, len(table), CHUNK):
            X = table.iloc[i : i + CHUNK] if hasattr(table, "iloc") else table[i : i + CHUNK]
            if not self.takes_pictures:
                X = model_inputs(self.preprocess, X, first_row + i)
            pieces.append(keras.ops.convert_to_numpy(self.model(X, training=False)))
        probabilities = np.concatenate(pieces)
        check_probabilities(probabilities, "the model's output")
        return probabilities

    def _checked(self, table, first_row):
        """Return the features, in training order, as numbers and text; or pictures."""
        if self.takes_pictures:
            return self._checked_pictures(table)
        refuse_pictures(table, "table")
        if not isinstance(table, pd.DataFrame):
            self._check_shape(np.shape(table))
            if self.preprocess is None:
                return check_X(table, "table", first_row)
            table = pd.DataFrame(table, columns=self.feature_names)
        table = table.rename(columns=str)
        self._check_columns(table)
        columns = {}
        for name in self.feature_names:
            if name in self.date_features:
                columns[name] = date_column(table[name], first_row)
            elif name in self.text_features:
                columns[name] = text_column(table[name])
            else:
                columns[name] = number_column(table[name], first_row=first_row)
        table = pd.DataFrame(columns)
        if not self.imputes:
            _refuse_gaps(table, first_row)
        return table

    def _checked_pictures(self, table):
        shape = np.shape(table)
        if shape[1:] != self.input_shape:
            expected = ", ".join(["rows", *map(str, self.input_shape)])
            raise ValueError(
                f"table has shape {shape}: the model takes pictures, so pass an array of shape "
                f"({expected}); for one picture use [picture]."
            )
        return check_table_or_pictures(table, "table")

    def _check_shape(self, shape):
        n_features = len(self.feature_names)
        if len(shape) != 2 or shape[1] != n_features:
            raise ValueError(
                f"table has shape {shape}: the model was trained on {n_features} features, so "
                f"pass (rows, {n_features}), in this order: {self.feature_names}."
            )

    def _check_columns(self, table):
        refuse_duplicate_columns(table.columns, "table")
        missing = [name for name in self.feature_names if name not in table.columns]
        if missing:
            raise ValueError(
                f"table lacks the columns {missing}: the model needs {self.feature_names}."
            )
        extra = [name for name in table.columns if name not in self.feature_names]
        if extra:
            warnings.warn(
                f"table: columns {extra} are unknown to the model, left out.", stacklevel=5
            )
        if table.empty:
            raise ValueError("table has no rows.")


def model_inputs(preprocess, table, first_row=0):
    """Turn rows of features, in training order, into the float32 rows that the network takes."""
    if preprocess is None:
        return check_X(table, "table", first_row)
    if not hasattr(preprocess, "feature_names_in_"):
        table = table.to_numpy()  # it was fitted on an array, and would warn of names
    return transform(preprocess, table, first_row)


def _refuse_gaps(table, first_row):
    gaps = table.isna().sum()
    if gaps.any():
        name = gaps.idxmax()
        row = int(table[name].isna().to_numpy().argmax())
        raise ValueError(
            f"table: values are missing in {gaps[gaps > 0].to_dict()} (column: rows), first in "
            f"row {first_row + row} of {name!r}: this model does not fill gaps."
        )
