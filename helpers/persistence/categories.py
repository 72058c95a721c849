"""The values that a fitted preprocessing has learned, and those of a table that it never met."""

import contextlib
import reprlib

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import FeatureUnion, Pipeline

from helpers.preprocessing import DateFeatures, TextFeatures

OF_TEXT = DateFeatures, TextFeatures  # they take text and have no categories
GAP, PLAIN, ALIKE = range(3)  # how well an unknown value shows what is wrong


class UnknownCategories:
    """Counts the rows whose categories a model does not know, over all pieces of a table.

    Examples
    --------
    >>> from sklearn.preprocessing import OneHotEncoder
    >>> table = pd.DataFrame({"zip": ["0815", "007"]})
    >>> encoder = OneHotEncoder(handle_unknown="ignore").fit(table)
    >>> unknown = UnknownCategories()
    >>> unknown.count(encoder, table.replace("007", "7"))
    >>> print(unknown.messages()[0])
    column 'zip' holds values that were not there in training, in 1 of 2 rows, such as '7', which
    differs from '007' only by case, blanks or leading zeros: all of them count as the same.
    """

    def __init__(self):
        self._n_rows, self._empty = 0, None  # features without a value in any row
        self._columns = {}  # name: numbers of rows known and unknown, and the best example

    def count(self, preprocess, table):
        """Add the rows of a piece of the table.

        Parameters
        ----------
        preprocess : fitted scikit-learn transformer
        table : DataFrame of shape (n_rows, n_features)
            In training order. A gap that `preprocess` fills is neither known nor unknown.
        """
        self._n_rows += len(table)
        empty = {name for name in table if table[name].isna().all()}
        self._empty = empty if self._empty is None else self._empty & empty
        for name, (unknown, categories) in _find_unknown(preprocess, table).items():
            n_known, n_unknown, best = self._columns.get(name, (0, 0, (GAP, "a gap")))
            n_known += int((table[name].notna() & ~unknown).sum())
            n_unknown += int(unknown.sum())
            examples = _examples(table[name][unknown].dropna().unique(), categories)
            best = max([best, *examples], key=lambda example: example[0])
            self._columns[name] = n_known, n_unknown, best

    def messages(self, allow=False):
        """Say which columns hold unknown values, in how many rows, and name one.

        Parameters
        ----------
        allow : bool, default=False
            False refuses a column of which no value is known.

        Returns
        -------
        list of str
            One for each column that holds unknown values, and one for those without any value.

        Raises
        ------
        ValueError
            If no value of a column is known, and `allow` is False.
        """
        messages = []
        counted = {name for name, (_, n_unknown, _) in self._columns.items() if n_unknown}
        if self._n_rows > 1 and (empty := sorted((self._empty or set()) - counted)):
            messages.append(
                f"columns {empty} hold no value at all: each row has a gap there, "
                "filled as in training."
            )
        for name, (n_known, n_unknown, (rank, example)) in self._columns.items():
            if rank > GAP and not n_known and not allow:
                raise ValueError(
                    f"column {name!r} holds no value that was there in training, but {example}: "
                    "write its values as they were then, or allow unknown ones "
                    "(allow_unknown=True, --allow-unknown)."
                )
            if n_unknown:
                messages.append(
                    f"column {name!r} holds values that were not there in training, in {n_unknown} "
                    f"of {self._n_rows} rows, such as {example}: all of them count as the same."
                )
        return messages


def learned(transformer, names, table=None):
    """Yield what encoders have learned: name of a feature, its categories, its values in `table`.

    The values are those that reach the encoder, after what a pipeline does before it, which may
    make columns of other names, too. What takes words or dates knows no categories: they are None.
    """
    if getattr(transformer, "n_features_in_", len(names)) != len(names):
        return  # what came before it has made other columns
    if isinstance(transformer, ColumnTransformer):
        for _, part, columns in getattr(transformer, "transformers_", []):
            places = _places(columns, names)
            yield from learned(part, [names[i] for i in places], _columns(table, places))
    elif isinstance(transformer, FeatureUnion):
        for _, part in transformer.transformer_list:
            yield from learned(part, names, table)
    elif isinstance(transformer, Pipeline):
        for i, (_, step) in enumerate(transformer.steps):
            if any(True for _ in learned(step, names)):
                rows = table if table is None or not i else transformer[:i].transform(table)
                yield from learned(step, names, rows)
                break
            with contextlib.suppress(AttributeError, ValueError):  # not all steps name columns
                names = step.get_feature_names_out(names).tolist()
    elif isinstance(transformer, OF_TEXT) or hasattr(transformer, "vocabulary_"):
        yield from ((name, None, None) for name in names)
    else:
        for i, categories in enumerate(getattr(transformer, "categories_", [])):
            yield names[i], categories.tolist(), _columns(table, i)


def date_features(transformer, names):
    """Name the features that are taken as dates."""
    if isinstance(transformer, DateFeatures):
        return list(names)
    if isinstance(transformer, Pipeline):
        return date_features(transformer.steps[0][1], names)
    found = []
    if isinstance(transformer, ColumnTransformer):
        for _, part, columns in getattr(transformer, "transformers_", []):
            found += date_features(part, [names[i] for i in _places(columns, names)])
    return found


def text_features_of(transformer, names):
    """Name the features that an encoder knows categories of text of, or a vectorizer words."""
    texts = {
        name
        for name, categories, _ in learned(transformer, names)
        if categories is None or isinstance(first_value(categories), str)
    }
    return [name for name in names if name in texts]


def names_known(transformer, names):
    """Return the names that a transformer was fitted on, those left out that `names` leaves out.

    It may leave some out: a ColumnTransformer does without columns that it drops.
    """
    fitted_on = list(getattr(transformer, "feature_names_in_", names))
    known = [name for name in fitted_on if name in names]
    return known if len(known) == len(names) else fitted_on


def first_value(categories):
    """Return one of the categories, a text if there is any."""
    values = [value for value in categories if not pd.isna(value)]
    return next((value for value in values if isinstance(value, str)), values[0] if values else 0.5)


def _columns(table, places):
    if table is None:
        return None
    return table.iloc[:, places] if hasattr(table, "iloc") else table[:, places]


def _places(columns, names):
    """Places of a ColumnTransformer's columns, which are given by name, number, slice or mask."""
    row = pd.Series(range(len(names)), index=names)
    given = [columns.start, columns.stop] if isinstance(columns, slice) else np.ravel(columns)
    by_name = any(isinstance(column, str) for column in given)
    return np.ravel((row.loc if by_name else row.iloc)[columns]).tolist()


def _find_unknown(preprocess, table):
    """Mark, for each column, what one of its encoders does not know; list what they know."""
    found = {}
    rows = table if hasattr(preprocess, "feature_names_in_") else table.to_numpy()
    for name, categories, values in learned(preprocess, list(table), rows):
        if categories is not None and name in table:
            values = pd.Series(np.asarray(values), table.index, dtype=object)
            filled = table[name].isna() & values.notna()
            unknown, others = found.get(name, (False, []))
            found[name] = unknown | ~(values.isin(categories) | filled), others + categories
    return found


def _examples(values, categories):
    """Yield how well each value shows what is wrong, and the value in words."""
    alike = {_plain(category): category for category in categories}
    for value in values:
        if isinstance(value, str) and isinstance(other := alike.get(_plain(value)), str):
            differs = f"differs from {other!r} only by case, blanks or leading zeros"
            yield ALIKE, f"{reprlib.repr(value)}, which {differs}"
        else:
            yield PLAIN, reprlib.repr(value if isinstance(value, str) else float(value))


def _plain(value):
    text = "".join(str(value).casefold().split())
    return text.lstrip("0") or text[:1]
