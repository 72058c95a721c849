"""Preprocessing is fitted on the training rows of each fold, and says what does not suit it."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from keras import layers, optimizers
from plain_loop import assert_equal_to_loop, evaluate_quietly, plain_loop
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest
from sklearn.impute import SimpleImputer
from sklearn.model_selection import KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, OneHotEncoder, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from helpers.evaluation import evaluate_model
from helpers.evaluation.cross_validation import _transform_for_fold
from helpers.models import make_mlp
from helpers.preprocessing import MISSING, make_preprocessor, transform

SHORT = {"epochs": 2, "batch_size": 16}
NAN = np.nan


@pytest.fixture(scope="module")
def table(data):
    """Numbers, one of them with gaps, and two categories; one category is on a single row."""
    X, _ = data
    frame = pd.DataFrame(X[:, :4], columns=["a", "b", "c", "d"], index=range(500, 542))
    frame["color"] = np.resize(["red", "green", "blue"], 42)
    frame["shape"] = ["star"] + ["disc", "ring"] * 20 + ["disc"]
    frame.loc[frame.index[[3, 20, 41]], "b"] = NAN
    frame.loc[frame.index[[5, 30]], "color"] = NAN
    return frame


def make_model(n_inputs, n_outputs, seed=None):
    model = make_mlp(n_inputs, n_outputs, seed=seed)
    model.compile(optimizers.SGD(0.05), "binary_crossentropy")
    return model


# --- make_preprocessor ---------------------------------------------------------------------------


def test_numbers_are_scaled_and_categories_spread_out():
    X = pd.DataFrame({"size": [1.0, 3.0], "color": ["red", "blue"], "age": [5, 7]})
    made = make_preprocessor(X).fit_transform(X)
    assert made.tolist() == [[-1, -1, 0, 1], [1, 1, 1, 0]]


def test_numbers_can_be_left_as_they_are():
    X = pd.DataFrame({"size": [1.0, 3.0], "color": ["red", "blue"]})
    assert make_preprocessor(X, scale=False).fit_transform(X).tolist() == [[1, 0, 1], [3, 1, 0]]


@pytest.mark.parametrize("dtype", [object, "str", "category"])
def test_gaps_are_filled_with_median_and_with_a_category(dtype):
    X = pd.DataFrame({"size": [1.0, NAN, 3.0, 9.0], "color": ["red", "blue", NAN, "red"]})
    X["color"] = X["color"].astype(dtype)
    made = make_preprocessor(X, impute=True, scale=False).fit_transform(X)
    assert MISSING < "blue"
    assert made.tolist() == [[1, 0, 0, 1], [3, 0, 1, 0], [3, 1, 0, 0], [9, 0, 0, 1]]


def test_sparse_columns_are_refused():
    X = pd.DataFrame({"age": [1.0, 2.0], "word": pd.arrays.SparseArray([0, 1])})
    with pytest.raises(TypeError, match=r"column 'word' is sparse \(1 of 2 are\): .*to_dense"):
        make_preprocessor(X)


def test_gap_that_training_rows_did_not_have_is_filled():
    X = pd.DataFrame({"size": [1.0, 2.0, 9.0], "color": ["red", "blue", "red"]})
    preprocess = make_preprocessor(X, impute=True, scale=False).fit(X)
    gaps = pd.DataFrame({"size": [NAN], "color": pd.Series([NAN], dtype=object)})
    assert transform(preprocess, gaps).tolist() == [[2, 1, 0, 0]]


def test_column_of_gaps_only_becomes_zero():
    X = pd.DataFrame({"size": [NAN, NAN], "age": [1.0, 3.0]})
    assert make_preprocessor(X, impute=True).fit_transform(X).tolist() == [[0, -1], [0, 1]]


def test_unseen_category_is_none_of_those_seen():
    X = pd.DataFrame({"color": ["red", "blue"]})
    preprocess = make_preprocessor(X).fit(X)
    assert transform(preprocess, pd.DataFrame({"color": ["green", "red"]})).tolist() == [
        [0, 0],
        [0, 1],
    ]


def test_categories_of_the_whole_table_keep_the_width_of_every_fold(table, data):
    _, y = data
    preprocess = make_preprocessor(table, impute=True)
    for train, _ in KFold(7).split(table):
        assert _transform_for_fold(preprocess, table, y, train).shape == (42, 4 + 4 + 4)


def test_numbers_of_pandas_own_types_are_taken():
    X = pd.DataFrame(
        {
            "a": pd.array([1, None, 3], "Int64"),
            "b": pd.array([True, None, False], "boolean"),
            "c": True,
        }
    )
    assert make_preprocessor(X, impute=True).fit_transform(X).shape == (3, 3)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"a": pd.Series(["x", None], dtype=object)},
            "column 'a' holds None: expected numbers, or text with NaN",
        ),
        ({"a": pd.array(["x", None], "string")}, "column 'a' holds <NA>"),
        ({"a": [1, "x"]}, "column 'a' holds 1: expected"),
        ({"a": [[1], [2]]}, r"column 'a' holds \[1\]"),
        ({"a": [1j, 2.0]}, "column 'a' holds 1j"),
        ({"a": pd.to_timedelta([1, 2], unit="D")}, "column 'a' holds Timedelta"),
        ({"a": [1.0, NAN], "b": ["x", NAN]}, r"gaps in \{'a': 1, 'b': 1\}: pass impute=True"),
        ({0: [1.0, 2.0]}, r"column named 0, .*position.*X\.rename\(columns=str\)"),
    ],
)
def test_frame_that_does_not_suit_is_refused(columns, message):
    with pytest.raises(ValueError, match=message):
        make_preprocessor(pd.DataFrame(columns))


def test_columns_of_one_name_are_refused():
    X = pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"])
    with pytest.raises(ValueError, match=r"columns \['a'\] twice"):
        make_preprocessor(X)


def test_array_is_no_table():
    with pytest.raises(TypeError, match="X is a ndarray: expected a DataFrame"):
        make_preprocessor(np.eye(3))


# --- within the folds ----------------------------------------------------------------------------


@pytest.mark.parametrize("impute", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_each_fold_learns_from_its_training_rows_alone(impute, table, data):
    """Against the loop that fits by hand on the training rows: means, variances and medians."""
    _, y = data
    X = table if impute else table[["a", "c", "d", "shape"]]
    folds, preprocess = list(KFold(3).split(X)), make_preprocessor(X, impute=impute)
    result = evaluate_quietly(
        X, y, make_model, cv=folds, shuffle=False, preprocess=preprocess, **SHORT
    )
    for k, (train, test) in enumerate(folds):
        numbers = X.drop(columns=["color", "shape"], errors="ignore")
        numbers = numbers.fillna(numbers.iloc[train].median())
        columns = [(numbers - numbers.iloc[train].mean()) / numbers.iloc[train].std(ddof=0)]
        for name in X.columns.intersection(["color", "shape"]):
            values = X[name].fillna(MISSING)
            known = sorted({*values, *([MISSING] if impute else [])})
            columns += [(values == value).rename(f"{name} {value}") for value in known]
        matrix = pd.concat(columns, axis=1).to_numpy("float64")
        assert_probabilities_of_fold(k, result, matrix, y, train, test)


def assert_probabilities_of_fold(k, result, matrix, y, train, test):
    """Fold k is trained like the k-th of a loop over this matrix alone."""
    loop = plain_loop(make_model, matrix, y, [(train, test)] * (k + 1), **SHORT)
    np.testing.assert_allclose(result.probabilities[0, test], loop[0][k], rtol=0, atol=1e-4)


def test_fitted_anew_for_each_fold_and_never_on_rows_held_out(data):
    """A transformer that writes down what it sees."""
    X, y = data
    seen = []

    class Spy(TransformerMixin, BaseEstimator):
        def fit(self, X, y):
            seen.append((X[:, 0].tolist(), y.tolist()))
            self.fitted_ = True
            return self

        def transform(self, X):
            return X

    X = np.column_stack([np.arange(42.0), X[:, 1:]])
    spy, folds = Spy(), [*KFold(3).split(X), *KFold(2).split(X)]
    evaluate_quietly(X, y, make_model, cv=folds, preprocess=spy, **SHORT)
    assert seen == [(X[train, 0].tolist(), y[train].tolist()) for train, _ in folds]
    assert vars(spy) == {}, "the transformer that was passed has been changed"


def test_rows_held_out_change_no_other_row(data):
    X, y = data
    folds = [(np.arange(10, 42), np.arange(10))]
    settings = {"cv": folds, "preprocess": MinMaxScaler()} | SHORT
    before = evaluate_quietly(X, y, make_model, **settings).probabilities
    X_other, y_other = X.copy(), y.copy()
    X_other[:5], y_other[:10] = X[:5] * 1000 - 7, 1 - y[:10]
    after = evaluate_quietly(X_other, y_other, make_model, **settings).probabilities
    np.testing.assert_array_equal(before[0, 5:10], after[0, 5:10])
    assert np.abs(before[0, :5] - after[0, :5]).max() > 0.01


def test_labels_reach_the_transformer(data):
    """As with SelectKBest, which chooses features by their relation to a label."""
    X, y = data
    X = X.copy()
    X[:, 7] = y[:, 0]

    class Best(SelectKBest):
        def fit(self, X, y):
            return super().fit(X, y[:, 0])

    for train, _ in KFold(3).split(X):
        assert (_transform_for_fold(Best(k=1), X, y, train).ravel() == y[:, 0]).all()


def test_all_rows_are_transformed_by_what_the_training_rows_say(data):
    X, y = data
    for train in ([0, 1, 2], [5, 6]):
        found = _transform_for_fold(StandardScaler(), X, y, train)
        assert found.dtype == "float32"
        expected = StandardScaler().fit(X[train]).transform(X)
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_sparse_output_is_the_same_as_dense(table, data):
    _, y = data
    X = table[["shape"]]
    known = [sorted(X["shape"].unique())]
    sparse, dense = (
        evaluate_quietly(
            X,
            y,
            make_model,
            cv=2,
            preprocess=OneHotEncoder(categories=known, sparse_output=kind),
            **SHORT,
        )
        for kind in (True, False)
    )
    np.testing.assert_array_equal(sparse.probabilities, dense.probabilities)


@pytest.mark.parametrize("kind", ["csr", "csc", "coo", "lil"])
def test_sparse_input_is_the_same_as_dense(kind, data):
    X, y = data
    settings = {"cv": 2, "preprocess": FunctionTransformer(accept_sparse=True)} | SHORT
    sparse = evaluate_quietly(scipy.sparse.coo_array(X).asformat(kind), y, make_model, **settings)
    dense = evaluate_quietly(X, y, make_model, **settings)
    np.testing.assert_array_equal(sparse.probabilities, dense.probabilities)


# --- text ----------------------------------------------------------------------------------------

TEXTS = np.resize(["sun and sea", "snow", "sea and snow and sun", "sun sun sun"], 42)
WORDS = ["sea", "snow", "sun"]


def test_texts_become_words_within_the_folds(data):
    _, y = data
    preprocess = TfidfVectorizer(vocabulary=WORDS)
    settings = {"cv": KFold(2), "shuffle": False, "preprocess": preprocess} | SHORT
    result = evaluate_quietly(TEXTS, y, make_model, **settings)
    for k, (train, test) in enumerate(KFold(2).split(TEXTS)):
        matrix = TfidfVectorizer(vocabulary=WORDS).fit(TEXTS[train]).transform(TEXTS).toarray()
        assert_probabilities_of_fold(k, result, matrix, y, train, test)
    for same in (TEXTS.tolist(), pd.Series(TEXTS, index=range(7, 49))):
        again = evaluate_quietly(same, y, make_model, **settings)
        np.testing.assert_array_equal(again.probabilities, result.probabilities)


def test_text_column_beside_numbers(table, data):
    _, y = data
    X = table[["a", "c"]].assign(text=TEXTS)
    preprocess = ColumnTransformer(
        [("words", CountVectorizer(vocabulary=WORDS), "text")], remainder=StandardScaler()
    )
    result = evaluate_quietly(X, y, make_model, cv=2, preprocess=preprocess, **SHORT)
    assert np.isfinite(result.probabilities).all()


# --- what is refused -----------------------------------------------------------------------------


def evaluate(X, y, preprocess=None, cv=3, **settings):
    return evaluate_model(
        X, y, make_model, cv=cv, preprocess=preprocess, progress=False, **SHORT | settings
    )


def test_vocabulary_that_differs_between_folds_is_refused(data):
    _, y = data
    texts = [f"word{row} sun" for row in range(41)] + ["sun"]
    with pytest.raises(ValueError, match=r"makes 2[89] columns in fold 0 and 29 in fold 2.*vocab"):
        evaluate(texts, y, CountVectorizer())


def test_categories_that_differ_between_folds_are_refused(table, data):
    _, y = data
    encoder = OneHotEncoder(handle_unknown="ignore")
    with pytest.raises(ValueError, match="makes 2 columns in fold 0 and 3 in fold 1: fix its cate"):
        evaluate(table[["shape"]], y, encoder)


def test_unseen_category_that_the_encoder_does_not_ignore_is_refused(table, data):
    _, y = data
    with pytest.raises(ValueError, match=r"preprocess can't transform these rows: .*unknown categ"):
        evaluate(table[["shape"]], y, OneHotEncoder())


@pytest.mark.parametrize("preprocess", [StandardScaler, "scale", lambda X: X, SVC()])
def test_what_is_no_transformer_is_refused(preprocess, data):
    with pytest.raises(TypeError, match=r"preprocess is .*: expected a scikit-learn transformer"):
        evaluate(*data, preprocess)


REFUSED = {
    "gaps nobody fills": (
        lambda t: t[["a", "b"]],
        StandardScaler(),
        "output of preprocess holds nan in row 3, column 1",
    ),
    "text left as it is": (
        lambda t: t[["a", "shape"]],
        FunctionTransformer(),
        "output of preprocess: expected numbers only, but .*'star'",
    ),
    "text for a scaler": (
        lambda t: t[["a", "shape"]],
        StandardScaler(),
        "preprocess can't be fitted on training rows: could not convert.*'ring'",
    ),
    "words of a frame": (
        lambda t: t[["shape"]],
        CountVectorizer(vocabulary=WORDS),
        "preprocess makes 1 rows of 42.*ColumnTransformer",
    ),
    "fewer rows": (
        lambda t: t[["a"]],
        FunctionTransformer(lambda X: X[1:]),
        "preprocess makes 41 rows of 42",
    ),
    "no columns": (
        lambda t: t[["a"]],
        FunctionTransformer(lambda X: X[[]]),
        r"output of preprocess has shape \(42, 0\)",
    ),
    "one dimension": (
        lambda t: t[["a"]],
        FunctionTransformer(lambda X: X["a"]),
        r"output of preprocess has shape \(42,\)",
    ),
    "rows and labels": (lambda t: t[:-1], StandardScaler(), "X has 41 rows and y has 42"),
    "no table": (lambda t: None, StandardScaler(), "X is a NoneType: expected one row for each"),
    "numbers that are too large": (
        lambda t: t[["a"]] * 1e300,
        FunctionTransformer(),
        "output of preprocess holds .*e\\+300 in row 0, column 0",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_words(name, table, data):
    change, preprocess, message = REFUSED[name]
    with pytest.raises(ValueError, match=message):
        evaluate(change(table), data[1], preprocess)


def test_table_with_text_and_no_preprocess_is_told_of_it(table, data):
    with pytest.raises(
        ValueError, match=r"X: expected numbers only.*'red'.*preprocess=.*make_prep"
    ):
        evaluate(table, data[1])


@pytest.mark.slow
def test_models_own_normalization_sees_training_rows_of_its_fold(data):
    """A Normalization layer in the model, behind preprocessing."""
    X, y = data

    def make_normalized(n_inputs, n_outputs, seed=None):
        model = make_mlp(n_inputs, n_outputs, seed=seed, normalize=True)
        assert isinstance(model.layers[0], layers.Normalization)
        model.compile(optimizers.SGD(0.05), "binary_crossentropy")
        return model

    folds = list(KFold(2).split(X))
    settings = {"cv": folds, "shuffle": False, "preprocess": FunctionTransformer()} | SHORT
    result = evaluate_quietly(X, y, make_normalized, **settings)
    assert_equal_to_loop(result, plain_loop(make_normalized, X, y, folds, **SHORT), folds)


def test_transformer_in_a_pipeline_with_an_imputer_and_a_tree_is_not_confused(data):
    """A pipeline whose last step predicts has no `transform`."""
    with pytest.raises(TypeError, match="expected a scikit-learn transformer"):
        evaluate(*data, make_pipeline(SimpleImputer(), DecisionTreeClassifier()))
