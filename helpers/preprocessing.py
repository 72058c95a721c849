"""From a table of numbers, categories, dates and texts to a matrix: lessons 11 and 13.

What is learned on the way, such as means and words, is learned from training rows alone.
"""

import numpy as np
import pandas as pd
import scipy.sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from helpers._arguments import check_X, refuse_pictures
from helpers.tables import date_column, refuse_duplicate_columns

MISSING = "(missing)"  # the category of a gap
MOST_DENSE = 200  # columns of categories, above which their zeros are not stored
CHUNK = 8192  # rows that are transformed at a time


class DateFeatures(TransformerMixin, BaseEstimator):
    """Turn each column of dates into four: year, month, weekday (Monday is 0), days since 1970.

    Takes datetimes, or text in ISO 8601 such as "2024-12-31", so that a saved model can use it on
    what a file holds. Hours are left out.

    Parameters
    ----------
    impute : bool, default=False
        Fill a gap with the median day of the rows it was fitted on. False leaves NaN.

    Attributes
    ----------
    median_days_ : ndarray of shape (n_columns,), float64
        In days since 1970-01-01; 0 where there was no date at all.

    Examples
    --------
    >>> DateFeatures().fit_transform(pd.DataFrame({"day": ["1970-02-01"]})).tolist()
    [[1970.0, 2.0, 6.0, 31.0]]
    """

    _parts = ("year", "month", "weekday", "days")

    def __init__(self, impute=False):
        self.impute = impute

    def fit(self, X, y=None):
        """Learn the median day of each column."""
        X = _named(self, _frame(X))
        days = [_days(date_column(X[name])) for name in X]
        known = [column[~np.isnan(column)] for column in days]
        self.median_days_ = np.array([np.floor(np.median(d)) if d.size else 0.0 for d in known])
        return self

    def transform(self, X):
        """Return an array of shape (n_rows, 4 * n_columns), float64."""
        X, made = _frame(X), []
        for name, median in zip(X, self.median_days_, strict=True):
            days = _days(date_column(X[name]))
            if self.impute:
                days = np.where(np.isnan(days), median, days)
            dates = pd.DatetimeIndex(pd.to_datetime(days, unit="D"))
            made += [dates.year, dates.month, dates.day_of_week, days]
        return np.column_stack([np.where(np.isnan(made[-1]), np.nan, m) for m in made])

    def get_feature_names_out(self, input_features=None):
        """Name the columns, such as "day_year"."""
        return np.array([f"{n}_{p}" for n in self.feature_names_in_ for p in self._parts], object)


class TextFeatures(TransformerMixin, BaseEstimator):
    """Turn each column of text into the TF-IDF weights of its most frequent words.

    Which words these are is learned in `fit`, but how many columns come out is fixed beforehand:
    where the rows hold fewer different words, as may happen in one fold, the last columns are 0.
    So the inputs of all folds have one shape. A gap is an empty text.

    Parameters
    ----------
    n_words : list of int
        How many words, one number for each column of text.

    Attributes
    ----------
    vectorizers_ : list of TfidfVectorizer or None
        None where a column held no words.

    Examples
    --------
    >>> made = TextFeatures([3]).fit_transform(pd.DataFrame({"note": ["good", "soup"]}))
    >>> made.toarray().tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """

    def __init__(self, n_words):
        self.n_words = n_words

    def fit(self, X, y=None):
        """Learn words and their weights."""
        X, self.vectorizers_ = _named(self, _frame(X)), []
        for name, n_words in zip(X, self.n_words, strict=True):
            texts = _texts(X[name])
            vectorizer = None
            if _count_words(texts, 1):
                vectorizer = TfidfVectorizer(max_features=n_words, dtype=np.float32).fit(texts)
            self.vectorizers_.append(vectorizer)
        return self

    def transform(self, X):
        """Return a sparse array of shape (n_rows, sum of n_words), float32."""
        X, made = _frame(X), []
        for name, vectorizer, n_words in zip(X, self.vectorizers_, self.n_words, strict=True):
            weights = scipy.sparse.csr_array((len(X), n_words), dtype="float32")
            if vectorizer is not None:
                weights = scipy.sparse.csr_array(vectorizer.transform(_texts(X[name])))
                weights.resize((len(X), n_words))
            made.append(weights)
        return scipy.sparse.hstack(made, format="csr")

    def get_feature_names_out(self, input_features=None):
        """Name the columns, such as "note_soup"; those without a word are "note_unused_1"."""
        names = []
        for name, vectorizer, n in zip(
            self.feature_names_in_, self.vectorizers_, self.n_words, strict=True
        ):
            words = [] if vectorizer is None else vectorizer.get_feature_names_out().tolist()
            words += [f"unused_{i + 1}" for i in range(n - len(words))]
            names += [f"{name}_{word}" for word in words]
        return np.array(names, dtype=object)


def make_preprocessor(X, impute=False, scale=True, text=(), max_words=1000):
    """Make the transformer that suits the columns of a table; it is not fitted yet.

    Numbers are brought to mean 0 and variance 1. Categories become one column each, of 0 and 1.
    Dates (datetime64) become year, month, weekday and days since 1970, which are scaled like
    numbers. Text becomes TF-IDF weights of words. Which categories there are is read from `X` now,
    and how many words; means, variances, medians and the words themselves are learned in `fit`,
    from training rows only. A category that is not in `X` becomes 0 in all its columns.

    What comes out has as many columns in each fold: for a text, `max_words`, or as many as there
    are different words in `X`, if they are fewer. With text, or more than 200 columns for
    categories, it is sparse; `transform` of this module makes it a dense float32 array piece by
    piece, which takes 4 bytes times rows times columns, and little beside it.

    Parameters
    ----------
    X : DataFrame
        As `helpers.tables.read_table` returns it: numbers, datetimes, and text for categories.
    impute : bool, default=False
        Fill gaps: in numbers with the median, in dates with the median day, in categories with a
        category of their own, in texts with an empty text. False refuses gaps.
    scale : bool, default=True
        False leaves numbers as they are.
    text : list of str, optional
        Columns of free text, which are no categories.
    max_words : int, default=1000
        How many words of each text column are used, the most frequent ones.

    Returns
    -------
    sklearn.compose.ColumnTransformer

    Raises
    ------
    TypeError, ValueError
        If `X` has gaps and `impute` is False, or holds anything but numbers, datetimes and text;
        if `text` names what is no column of text, or one without any word.

    Examples
    --------
    >>> X = pd.DataFrame({"size": [1.0, 3.0], "color": ["red", "blue"]})
    >>> make_preprocessor(X).fit_transform(X).tolist()
    [[-1.0, 0.0, 1.0], [1.0, 1.0, 0.0]]
    """
    refuse_pictures(X)
    if not isinstance(X, pd.DataFrame):
        raise TypeError(f"X is a {type(X).__name__}: expected a DataFrame, as of read_table.")
    _check_names(X)
    sparse = [name for name in X if isinstance(X[name].dtype, pd.SparseDtype)]
    if sparse:
        raise TypeError(
            f"X: column {sparse[0]!r} is sparse ({len(sparse)} of {X.shape[1]} are): make them "
            "dense, here and from here on, X[columns].sparse.to_dense()."
        )
    text = _check_text(X, text, max_words)
    dates = [name for name in X if X[name].dtype.kind == "M" and name not in text]
    categories = [name for name in X if name not in [*text, *dates] and _holds_text(X[name])]
    numbers = [name for name in X if name not in [*text, *dates, *categories]]
    gaps = X.isna().sum()
    if gaps.any() and not impute:
        raise ValueError(f"X has gaps in {gaps[gaps > 0].to_dict()}: pass impute=True.")
    number_steps = [SimpleImputer(strategy="median", keep_empty_features=True)] if impute else []
    date_steps = [DateFeatures(impute)]
    number_steps += [StandardScaler()] if scale else []
    date_steps += [StandardScaler()] if scale else []
    filled = [MISSING] if impute else []
    known = [sorted({*X[name].dropna(), *filled}) for name in categories]
    is_sparse = bool(text) or sum(map(len, known)) > MOST_DENSE
    encoder = OneHotEncoder(categories=known, handle_unknown="ignore", sparse_output=is_sparse)
    filler = SimpleImputer(strategy="constant", fill_value=MISSING, keep_empty_features=True)
    parts = [
        ("numbers", make_pipeline(*number_steps) if number_steps else "passthrough", numbers),
        ("dates", make_pipeline(*date_steps), dates),
        ("categories", make_pipeline(filler, encoder) if impute else encoder, categories),
        ("text", make_pipeline(TextFeatures(_n_words(X, text, max_words))), text),
    ]
    parts = [part for part in parts if part[2]]
    return ColumnTransformer(parts, sparse_threshold=float(is_sparse))


def transform(preprocess, X, first_row=0):
    """Apply a fitted transformer and check what comes out.

    Many rows are transformed in pieces, so that neither a sparse nor a float64 matrix of all of
    them is held beside the result.

    Parameters
    ----------
    preprocess : fitted scikit-learn transformer
        Of rows one by one, as those of scikit-learn are.
    X : DataFrame or array-like
        Rows as it was fitted on.
    first_row : int, default=0
        Number of the first row, for messages, where `X` is a piece of a larger table.

    Returns
    -------
    ndarray of shape (n_samples, n_inputs), float32, finite

    Examples
    --------
    >>> scaler = StandardScaler().fit([[1.0], [3.0]])
    >>> transform(scaler, [[2.0]]).tolist()
    [[0.0]]
    """
    n_rows = X.shape[0] if hasattr(X, "shape") else len(X)
    if n_rows <= CHUNK or not (hasattr(X, "iloc") or isinstance(X, np.ndarray)):
        return _transform_piece(preprocess, X, first_row)
    made = None
    for start in range(0, n_rows, CHUNK):
        rows = slice(start, start + CHUNK)
        piece = X.iloc[rows] if hasattr(X, "iloc") else X[rows]
        piece = _transform_piece(preprocess, piece, first_row + start)
        if made is None:
            made = np.empty((n_rows, piece.shape[1]), dtype="float32")
        made[rows] = piece
    return made


def _transform_piece(preprocess, X, first_row):
    try:
        matrix = preprocess.transform(X)
    except Exception as error:
        raise ValueError(f"preprocess can't transform these rows: {error}") from error
    if hasattr(matrix, "toarray"):
        matrix = matrix.astype("float32").toarray()
    matrix = check_X(matrix, "the output of preprocess", first_row)
    n_rows = X.shape[0] if hasattr(X, "shape") else len(X)
    if len(matrix) != n_rows:
        raise ValueError(
            f"preprocess makes {len(matrix)} rows of {n_rows}, expected one of each: what takes "
            "one column of text, such as TfidfVectorizer, belongs into a ColumnTransformer."
        )
    return matrix


def _frame(X):
    X = X if isinstance(X, pd.DataFrame) else pd.DataFrame(np.asarray(X, dtype=object))
    return X.rename(columns=str)


def _named(transformer, X):
    """Note the names of the columns, as scikit-learn's transformers do; return X."""
    transformer.feature_names_in_ = np.array(X.columns, dtype=object)
    transformer.n_features_in_ = X.shape[1]
    return X


def _days(dates):
    """Return days since 1970-01-01, rounded down, with NaN for a gap."""
    days = dates.to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(days), np.nan, days.astype("int64"))


def _texts(column):
    return ["" if pd.isna(value) else str(value) for value in column]


def _count_words(texts, most):
    """Count different words, up to so many."""
    words, split = set(), TfidfVectorizer().build_analyzer()
    for text in texts:
        words.update(split(text))
        if len(words) >= most:
            return most
    return len(words)


def _n_words(X, text, max_words):
    n_words = [_count_words(_texts(X[name]), max_words) for name in text]
    for name, n in zip(text, n_words, strict=True):
        if not n:
            raise ValueError(f"text: column {name!r} holds no words: leave the column out.")
    return n_words


def _check_text(X, text, max_words):
    if isinstance(text, str) or not pd.api.types.is_list_like(text):
        raise TypeError(f"text={text!r}: pass a list of column names.")
    if unknown := [name for name in text if name not in X.columns]:
        raise ValueError(f"text: X has no columns {unknown}; it has {list(X.columns)[:20]}.")
    if not isinstance(max_words, int | np.integer) or isinstance(max_words, bool) or max_words < 1:
        raise ValueError(f"max_words={max_words!r}: expected a whole number from 1 on.")
    for name in text:
        if X[name].dtype.kind == "M" or not _holds_text(X[name]):
            raise ValueError(f"text: column {name!r} holds {X[name].dtype}, expected text.")
    return list(dict.fromkeys(text))


def _check_names(X):
    for name in X.columns:
        if not isinstance(name, str):
            raise ValueError(
                f"X has a column named {name!r}, which scikit-learn would take for a position: "
                "pass X.rename(columns=str), here and from here on."
            )
    refuse_duplicate_columns(X.columns, "X")


def _holds_text(column):
    if pd.api.types.is_numeric_dtype(column.dtype) and column.dtype.kind != "c":
        return False
    for value in column.astype(object):
        if not (isinstance(value, str) or (isinstance(value, float) and np.isnan(value))):
            raise ValueError(
                f"X: column {column.name!r} holds {value!r}: expected numbers, or text with NaN "
                "where there is a gap, or a column of datetimes, as "
                "helpers.tables.read_table makes of it."
            )
    return True
