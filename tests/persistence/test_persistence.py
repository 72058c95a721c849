"""A saved model gives the same answers in another process, and refuses what it can't answer."""

import contextlib
import functools
import os
import subprocess
import sys
import warnings
import zipfile

import keras
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    OneHotEncoder,
    OrdinalEncoder,
    StandardScaler,
)
from sklearn.svm import SVC

from helpers.data import make_dataset
from helpers.models import make_mlp
from helpers.persistence import load_model, save_model
from helpers.preprocessing import make_preprocessor, transform
from helpers.tables import read_table

THRESHOLDS = [0.5, 0.4321, 0.3003]  # more digits than two
FEATURES, LABELS = [f"f{i}" for i in range(10)], ["sea", "sun", "snow"]
NAMES = {"feature_names": FEATURES, "label_names": LABELS}


@pytest.fixture(scope="module")
def model():
    return make_mlp(10, 3, seed=1)


@pytest.fixture(scope="module")
def saved(model, tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "final.model"
    scores = {"subset_accuracy": np.float32(0.8)}
    return save_model(path, model, thresholds=THRESHOLDS, scores=scores, **NAMES)


@pytest.fixture(scope="module")
def predictor(saved):
    return load_model(saved)


@pytest.fixture(scope="module")
def table():
    return pd.DataFrame(make_dataset(30)[0], columns=FEATURES, index=range(100, 130))


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """A model of numbers with gaps and of categories: path, network, preprocessing and table."""
    X, y = make_dataset(60)
    table = pd.DataFrame(X[:, :3], columns=["a", "b", "c"])
    table["color"] = np.resize(["red", "green", "blue", np.nan], 60)
    table["color"] = table["color"].where(table["color"] != "nan", np.nan)
    table.loc[[3, 17], "b"] = np.nan
    preprocess = make_preprocessor(table, impute=True).fit(table, y)
    model = make_mlp(7, 3, seed=1)
    names = {"feature_names": list(table), "label_names": LABELS, "imputes": True}
    path = tmp_path_factory.mktemp("models") / "mixed.model"
    return save_model(path, model, preprocess=preprocess, **names), model, preprocess, table


@pytest.fixture
def copy(saved, tmp_path):
    """A copy that a test may damage."""
    path = tmp_path / "copy.model"
    path.write_bytes(saved.read_bytes())
    return path


# --- there and back ------------------------------------------------------------------------------


PREDICT = """
import sys, numpy, pandas, helpers.persistence.predictor
from helpers.persistence import load_model
predictor, table = load_model(sys.argv[1]), pandas.read_csv(sys.argv[2])
at_once = predictor.predict_proba(table)
helpers.persistence.predictor.CHUNK = 7
numpy.save(sys.argv[3], [at_once, predictor.predict_proba(table)])
"""


@pytest.mark.slow
def test_new_process_predicts_the_same_in_any_batches(mixed, tmp_path):
    """With preprocessing: numbers with gaps, and categories."""
    path, model, preprocess, table = mixed
    table.to_csv(tmp_path / "table.csv", index=False)
    files = [path, tmp_path / "table.csv", tmp_path / "probabilities.npy"]
    command = [sys.executable, "-c", PREDICT, *map(str, files)]
    subprocess.run(command, check=True, timeout=120, capture_output=True)
    expected = np.asarray(model(transform(preprocess, table)))
    assert np.ptp(expected) > 0.1
    for probabilities in np.load(files[2]):
        np.testing.assert_allclose(probabilities, expected, rtol=0, atol=1e-6)


def test_predictor_knows_what_was_saved(predictor):
    assert (predictor.feature_names, predictor.label_names) == (FEATURES, LABELS)
    assert predictor.thresholds.tolist() == THRESHOLDS
    assert predictor.scores == {"subset_accuracy": pytest.approx(0.8)}
    assert predictor.versions["keras"] == keras.__version__
    assert predictor.created.endswith("+00:00")
    assert "10 features -> sea, sun, snow" in repr(predictor)


def test_predict_applies_the_thresholds_label_by_label(predictor, table):
    probabilities = predictor.predict_proba(table)
    labels = predictor.predict(table)
    assert list(labels.columns) == LABELS
    assert labels.index.equals(table.index)
    np.testing.assert_array_equal(labels, probabilities >= THRESHOLDS)
    between = (probabilities[:, 2] >= THRESHOLDS[2]) & (probabilities[:, 2] < 0.5)
    assert between.any(), "no row shows that the third threshold is its own"


def test_one_threshold_serves_all_labels(model, tmp_path):
    path = save_model(tmp_path / "a.model", model, **NAMES)
    assert load_model(path).thresholds.tolist() == [0.5] * 3


def test_normalization_and_many_rows_survive(tmp_path):
    X, _ = make_dataset(1500)
    scaler = keras.layers.Normalization()
    scaler.adapt(X)
    output = keras.layers.Dense(3, "sigmoid")
    model = keras.Sequential([keras.Input((10,)), scaler, output])
    predictor = load_model(save_model(tmp_path / "a.model", model, **NAMES))
    np.testing.assert_allclose(predictor.predict_proba(X), model(X), rtol=0, atol=1e-6)


def test_model_with_a_loss_of_its_own_can_be_loaded(tmp_path):
    def own_loss(y_true, y_pred):
        return keras.ops.mean(keras.ops.square(y_true - y_pred), axis=-1)

    model = make_mlp(10, 3, seed=1)
    model.compile("adam", own_loss)
    predictor = load_model(save_model(tmp_path / "a.model", model, **NAMES))
    np.testing.assert_allclose(predictor.predict_proba(np.ones((1, 10))), model(np.ones((1, 10))))


# --- the table to predict from -------------------------------------------------------------------


def test_columns_are_found_by_name(predictor, table):
    turned = table[FEATURES[::-1]]
    np.testing.assert_array_equal(predictor.predict_proba(turned), predictor.predict_proba(table))


def test_an_array_is_taken_in_training_order(predictor, table):
    for same in (table.to_numpy(), table.to_numpy().tolist()):
        np.testing.assert_array_equal(predictor.predict_proba(same), predictor.predict_proba(table))
    assert predictor.predict(table.to_numpy()).index.tolist() == list(range(30))


def test_columns_named_by_numbers_are_found(model, tmp_path):
    numbers = {"feature_names": list(range(10)), "label_names": LABELS}
    predictor = load_model(save_model(tmp_path / "a.model", model, **numbers))
    X, _ = make_dataset(5)
    np.testing.assert_array_equal(predictor.predict(pd.DataFrame(X)), predictor.predict(X))


def test_extra_columns_are_left_out_with_a_warning(predictor, table):
    with pytest.warns(UserWarning, match=r"columns \['id'\] are unknown to the model"):
        probabilities = predictor.predict_proba(table.assign(id=7))
    np.testing.assert_array_equal(probabilities, predictor.predict_proba(table))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns="f3"), r"table lacks the columns \['f3'\]"),
        (lambda t: t.rename(columns={"f0": "g0"}), r"table lacks the columns \['f0'\]"),
        (lambda t: t.to_numpy()[:, :9], r"shape \(30, 9\).*10 features"),
        (lambda t: t.to_numpy()[0], r"shape \(10,\)"),
        (lambda t: t.assign(f2=np.nan), r"missing in \{'f2': 30\}.*row 0"),
        (lambda t: t.assign(f2="red"), "'f2' holds 'red' in row 0"),
        (lambda t: t.iloc[:0], "no rows"),
        (lambda t: pd.concat([t, t[["f1"]]], axis=1), r"table .*'f1'.* twice"),
    ],
)
def test_table_refused(change, message, predictor, table):
    with pytest.raises(ValueError, match=message):
        predictor.predict(change(table))


# --- what is not saved ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"feature_names": FEATURES[:9]}, "feature_names: found .*expected 10 different names"),
        ({"feature_names": ["f0"] * 10}, "feature_names: found .*expected 10 different names"),
        ({"label_names": [*LABELS, "fog"]}, "label_names: found .*expected 3 different names"),
        ({"thresholds": [0.5, 0.5]}, "threshold has shape .*or 3, one per label"),
        ({"thresholds": 1.5}, r"threshold is 1\.5"),
    ],
)
def test_names_and_thresholds_must_fit_the_model(names, message, model, tmp_path):
    with pytest.raises(ValueError, match=message):
        save_model(tmp_path / "a.model", model, **NAMES | names)
    assert not list(tmp_path.iterdir())


def test_names_without_an_order_are_refused(model, tmp_path):
    with pytest.raises(TypeError, match=r"label_names: found .*pass a list of names"):
        save_model(tmp_path / "a.model", model, **NAMES | {"label_names": {*LABELS}})


def test_a_file_is_not_replaced_unasked(model, copy):
    before = copy.read_bytes()
    with pytest.raises(FileExistsError, match=r"copy\.model exists already.*overwrite=True"):
        save_model(copy, model, **NAMES)
    assert copy.read_bytes() == before
    save_model(copy, model, thresholds=0.2, overwrite=True, **NAMES)
    assert load_model(copy).thresholds.tolist() == [0.2] * 3


def test_folder_must_exist(model, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no folder .*nowhere"):
        save_model(tmp_path / "nowhere" / "a.model", model, **NAMES)


@pytest.mark.parametrize("broken", ["os.replace", "zipfile.ZipFile.writestr", "model.save"])
@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_failure_while_saving_leaves_the_old_file_whole(broken, error, copy, monkeypatch):
    def fail(*arguments, **keywords):
        raise error

    model, before = make_mlp(10, 3), copy.read_bytes()
    owner, _, name = broken.rpartition(".")
    owner = {"os": os, "zipfile.ZipFile": zipfile.ZipFile, "model": model}[owner]
    monkeypatch.setattr(owner, name, fail)
    with pytest.raises(type(error)):
        save_model(copy, model, overwrite=True, **NAMES)
    monkeypatch.undo()
    assert copy.read_bytes() == before
    assert list(copy.parent.iterdir()) == [copy], "something was left behind"


# --- what is not loaded --------------------------------------------------------------------------


def test_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no file .*none\.model"):
        load_model(tmp_path / "none.model")


def test_model_that_could_not_be_loaded_again_is_not_saved(tmp_path):
    layers = [keras.layers.Lambda(lambda x: 2 * x), keras.layers.Dense(3, "sigmoid")]
    with pytest.raises(ValueError, match="not load it again without running code"):
        save_model(tmp_path / "a.model", keras.Sequential([keras.Input((10,)), *layers]), **NAMES)
    assert not list(tmp_path.iterdir())


# --- preprocessing -------------------------------------------------------------------------------


def test_preprocessing_comes_back(mixed):
    path, model, preprocess, table = mixed
    predictor = load_model(path)
    assert (predictor.text_features, predictor.imputes) == (["color"], True)
    expected = model(transform(preprocess, table))
    np.testing.assert_allclose(predictor.predict_proba(table), expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda t: t[["color", "c", "b", "a"]], id="another order"),
        pytest.param(lambda t: t.astype({"color": object}), id="objects"),
        pytest.param(lambda t: t.astype({"color": "category"}), id="categories"),
        pytest.param(lambda t: t.astype({"color": "string"}), id="text with NA"),
        pytest.param(lambda t: t.astype({"a": "Int64", "b": "Float64"}), id="numbers with NA"),
        pytest.param(lambda t: t.astype({"a": str, "c": str}), id="numbers as text"),
        pytest.param(lambda t: t.to_numpy(), id="array"),
        pytest.param(lambda t: t.to_numpy().tolist(), id="list"),
    ],
)
def test_one_table_in_many_forms_gives_the_same(change, mixed):
    path, _, _, table = mixed
    predictor = load_model(path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message="__array__", category=DeprecationWarning)
        same = predictor.predict_proba(change(table))
    np.testing.assert_allclose(same, predictor.predict_proba(table), rtol=0, atol=1e-6)


def test_unseen_category_is_none_of_those_seen(mixed):
    path, model, preprocess, table = mixed
    row = table.iloc[:1]
    X = transform(preprocess, row)
    X[:, 3:] = 0
    violet = row.assign(color="violet")
    with pytest.warns(UserWarning, match="column 'color' holds values"):
        probabilities = load_model(path).predict_proba(violet, allow_unknown=True)
    np.testing.assert_allclose(probabilities, model(X), rtol=0, atol=1e-6)


def test_gaps_are_refused_by_default(mixed, tmp_path):
    _, model, preprocess, table = mixed
    names = {"feature_names": list(table), "label_names": LABELS}
    predictor = load_model(save_model(tmp_path / "a.model", model, preprocess=preprocess, **names))
    with pytest.raises(ValueError, match=r"\{'b': 2, 'color': 15\}.*first in row 3 of 'color'"):
        predictor.predict(table)


def test_preprocessing_that_was_fitted_on_an_array_does_not_complain(tmp_path):
    X, _ = make_dataset(20)
    scaler, model = StandardScaler().fit(X), make_mlp(10, 3, seed=1)
    predictor = load_model(save_model(tmp_path / "a.model", model, preprocess=scaler, **NAMES))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message="__array__", category=DeprecationWarning)
        probabilities = predictor.predict_proba(pd.DataFrame(X, columns=FEATURES))
    np.testing.assert_allclose(probabilities, model(scaler.transform(X)), rtol=0, atol=1e-6)


TEXTS = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": ["x y", "y", "x"], "c": [7, 8, 7]})
PREPROCESSORS = {
    "encoder of text": (OneHotEncoder(), ["b"], ["b"]),
    "encoder of numbers": (OneHotEncoder(), ["c"], []),
    "encoder of all": (OrdinalEncoder(), ["a", "b", "c"], ["b"]),
    "in a column transformer": (
        ColumnTransformer([("e", OneHotEncoder(), ["b", "c"])]),
        "bc",
        ["b"],
    ),
    "chosen by number": (
        ColumnTransformer([("e", OneHotEncoder(), [1])], remainder="passthrough"),
        ["a", "b"],
        ["b"],
    ),
    "chosen by mask": (ColumnTransformer([("e", OneHotEncoder(), [False, True])]), "ab", ["b"]),
    "chosen by slice": (ColumnTransformer([("e", OneHotEncoder(), slice(1, 3))]), "abc", ["b"]),
    "chosen by type": (
        ColumnTransformer([("e", OneHotEncoder(), make_column_selector(dtype_exclude=np.number))]),
        "abc",
        ["b"],
    ),
    "behind an imputer": (
        make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder()),
        ["b"],
        ["b"],
    ),
    "words": (
        ColumnTransformer(
            [("w", CountVectorizer(token_pattern=".+"), "b")], remainder="passthrough"
        ),
        ["a", "b"],
        ["b"],
    ),
    "chosen by slice of names": (
        ColumnTransformer([("e", OneHotEncoder(), slice("b", "c"))]),
        "abc",
        ["b"],
    ),
    "best ones": (FeatureUnion([("pca", PCA(1)), ("best", SelectKBest(f_classif, k=1))]), "ac", []),
    "numbers": (StandardScaler(), ["a", "c"], []),
    "dropped": (ColumnTransformer([("d", "drop", ["a"])], remainder=StandardScaler()), "ac", []),
    "logarithms": (FunctionTransformer(np.log), ["a", "c"], []),
}


@pytest.mark.parametrize("name", PREPROCESSORS)
def test_text_features_are_found(name, tmp_path):
    preprocess, features, texts = PREPROCESSORS[name]
    X = TEXTS[list(features)]
    preprocess = clone(preprocess).fit(X, [0, 1, 0])
    Z = transform(preprocess, X)
    model = make_mlp(Z.shape[1], 3, seed=1)
    names = {"feature_names": list(features), "label_names": LABELS}
    predictor = load_model(save_model(tmp_path / "a.model", model, preprocess=preprocess, **names))
    assert predictor.text_features == texts
    np.testing.assert_allclose(predictor.predict_proba(X), model(Z), rtol=0, atol=1e-6)


def fitted(preprocess, *columns):
    return preprocess.fit(TEXTS[list(columns)])


@pytest.mark.parametrize(
    ("preprocess", "settings", "message"),
    [
        (StandardScaler(), {}, "can't take a row with the features .*not fitted yet"),
        (fitted(StandardScaler(), "a"), {}, r"was fitted on \['a'\]: pass those"),
        (
            fitted(StandardScaler(), "c", "a"),
            {},
            r"found \['a', 'c'\], but preprocess was fitted on",
        ),
        (fitted(StandardScaler(), "a", "c"), {"n_inputs": 3}, r"makes \(2, 2\) .* 3 inputs"),
        (SVC(), {}, "can't take a row"),
        (
            CountVectorizer().fit(TEXTS["b"].str.replace(" ", "long")),
            {"feature_names": ["b"]},
            "can't take a row",
        ),
        (
            fitted(OneHotEncoder(), "b"),
            {"feature_names": ["b"], "text_features": [], "n_inputs": 3},
            r"text_features lacks \['b'\], which preprocess takes as text",
        ),
        (fitted(StandardScaler(), "a", "c"), {"text_features": ["b"]}, r"text_features=\['b'\]"),
    ],
    ids=str,
)
def test_preprocessing_that_does_not_fit_is_not_saved(preprocess, settings, message, tmp_path):
    settings = {"feature_names": ["a", "c"], "label_names": LABELS, "n_inputs": 2} | settings
    model = make_mlp(settings.pop("n_inputs"), 3)
    with pytest.raises(ValueError, match=message):
        save_model(tmp_path / "a.model", model, preprocess=preprocess, **settings)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("settings", [{"text_features": ["f1"]}, {"imputes": True}])
def test_text_and_gaps_need_preprocessing(settings, model, tmp_path):
    with pytest.raises(ValueError, match="expected some of the feature_names, and a preprocess"):
        save_model(tmp_path / "a.model", model, **NAMES, **settings)


@pytest.mark.parametrize("scores", [{"f1": "good"}, [0.5], 0.5, {"f1": None}])
def test_scores_are_numbers_by_name(scores, model, tmp_path):
    with pytest.raises(ValueError, match=r"scores: found .*expected numbers by their names"):
        save_model(tmp_path / "a.model", model, scores=scores, **NAMES)


def test_scores_of_a_summary_are_taken(model, tmp_path):
    scores = pd.Series({"f1_macro": 0.5, "hamming_loss": np.nan})
    predictor = load_model(save_model(tmp_path / "a.model", model, scores=scores, **NAMES))
    assert predictor.scores == {"f1_macro": 0.5, "hamming_loss": pytest.approx(np.nan, nan_ok=True)}


def make_two_outputs():
    inputs = keras.Input((10,))
    return keras.Model(inputs, [keras.layers.Dense(3)(inputs), keras.layers.Dense(3)(inputs)])


@pytest.mark.parametrize(
    "model",
    [
        LogisticRegression(),
        make_two_outputs(),
        keras.Sequential([keras.Input((5, 2)), keras.layers.Dense(3)]),
        keras.Sequential([keras.layers.Dense(3)]),
    ],
    ids=["of scikit-learn", "two outputs", "three dimensions", "not built"],
)
def test_network_must_lead_from_a_matrix_to_a_matrix(model, tmp_path):
    with pytest.raises(TypeError, match=r"model is a .*from \(rows, features\) to \(rows, labels"):
        save_model(tmp_path / "a.model", model, **NAMES)


def test_errors_count_rows_from_the_top_of_the_table(predictor, table, monkeypatch):
    """Also where the table is worked on in pieces, or is one itself."""
    monkeypatch.setattr("helpers.persistence.predictor.CHUNK", 8)
    for value, message in [
        (1e39, r"1e\+39 in row {}"),
        ("?", "in row {},"),
        (np.inf, "in row {}:"),
        (np.nan, "first in row {} of 'f4'"),
    ]:
        bad = table.astype(object)
        bad.iloc[20, 4] = value
        for first_row in (0, 1000):
            with pytest.raises(ValueError, match=message.format(20 + first_row)):
                predictor.predict_proba(bad, first_row=first_row)
    with pytest.raises(ValueError, match="table holds nan in row 20, column 4"):
        predictor.predict_proba(
            table.to_numpy() * np.where(np.arange(300) == 204, np.nan, 1).reshape(30, 10)
        )


# --- whatever the table --------------------------------------------------------------------------

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6) | st.integers(),
    # Close to the largest float32, a column can be scaled but not every other row by its scale.
    st.floats(-1e30, 1e30) | st.sampled_from([np.nan, np.inf, -np.inf]),
    st.text(max_size=4),
    st.sampled_from(["1", "1.0", "true", "", " ", "nan", "inf", "red", b"x", [1], (1, 2), {}, 1j]),
    st.just(pd.NA),
    st.datetimes(),
    st.decimals(allow_nan=False),  # pandas can't even print a signaling NaN
)
DTYPES = [object, object, "float64", "Int64", "boolean", "string", "str", "category", "complex128"]


@st.composite
def columns(draw, n_rows):
    """One column of anything, as a list or of a type of pandas."""
    some = draw(st.lists(VALUES, min_size=1, max_size=3))
    values = draw(st.lists(st.sampled_from(some), min_size=n_rows, max_size=n_rows))
    column = pd.Series(values, dtype=object)
    try:
        return column.astype(draw(st.sampled_from(DTYPES)))
    except (TypeError, ValueError, ArithmeticError):
        return column


@st.composite
def frames(draw, names):
    n_rows = draw(st.integers(0, 4))
    return pd.DataFrame({name: draw(columns(n_rows)) for name in names})


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::numpy.exceptions.ComplexWarning")
@given(frames(["a", "b", "c", "color"]))
@settings(max_examples=300, deadline=None)
def test_any_table_is_predicted_or_refused_in_words(mixed, frame):
    predictor = any_predictor(mixed[0])
    try:
        probabilities = predictor.predict_proba(frame)
    except ValueError as error:
        assert any(word in str(error) for word in ("column", "table", "X "))
    else:
        assert probabilities.shape == (len(frame), 3)
        assert np.isfinite(probabilities).all()


@functools.cache
def any_predictor(path):
    return load_model(path)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::numpy.exceptions.ComplexWarning")
@given(frames(["a", "b"]), frames(["a", "b"]), st.booleans())
@settings(max_examples=60, deadline=None)
def test_any_table_that_can_be_prepared_survives_saving(tmp_path_factory, frame, other, impute):
    """From a table of one's own to a loaded model: each step works or says why not."""
    frame["y"], frame["z"] = 1, np.arange(len(frame)) % 2
    try:
        X, _, feature_names, _ = read_table(frame, label_columns=["y", "z"], missing="keep")
        preprocess = make_preprocessor(X, impute=impute).fit(X)
        model = make_mlp(transform(preprocess, X).shape[1], 3, seed=1)
    except (TypeError, ValueError):
        return
    path = tmp_path_factory.mktemp("any") / "a.model"
    names = {"feature_names": feature_names, "label_names": LABELS, "imputes": impute}
    predictor = load_model(save_model(path, model, preprocess=preprocess, **names))
    expected = model(transform(preprocess, X))
    np.testing.assert_allclose(predictor.predict_proba(X), expected, rtol=0, atol=1e-6)
    with contextlib.suppress(ValueError):
        predictor.predict_proba(other)


def test_outputs_that_are_no_probabilities_are_refused(tmp_path):
    names = {"feature_names": ["a", "b"], "label_names": ["news"]}
    dense = keras.layers.Dense(1, "relu", kernel_initializer="ones")
    path = save_model(tmp_path / "a.model", keras.Sequential([keras.Input((2,)), dense]), **names)
    with pytest.raises(ValueError, match=r"the model's output holds 30\.0 in row 0"):
        load_model(path).predict_proba([[10.0, 20.0]])


def test_model_without_activation_is_not_saved(tmp_path):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    with pytest.raises(ValueError, match="its last layer has no activation"):
        save_model(tmp_path / "a.model", model, feature_names=["a", "b"], label_names=["news"])


def test_a_folder_is_not_replaced(tmp_path):
    with pytest.raises(IsADirectoryError, match="is a folder; name a file in it"):
        save_model(tmp_path, make_mlp(10, 3), overwrite=True, **NAMES)


def test_pieces_come_back_in_order_whatever_the_index_of_rows(predictor, table, monkeypatch):
    expected = predictor.model(table.to_numpy("float32"))
    monkeypatch.setattr("helpers.persistence.predictor.CHUNK", 7)
    np.testing.assert_allclose(predictor.predict_proba(table), expected, rtol=0, atol=1e-6)
    mixed_up = table.set_axis(np.arange(len(table))[::-1] / 2)
    np.testing.assert_allclose(predictor.predict_proba(mixed_up), expected, rtol=0, atol=1e-6)
