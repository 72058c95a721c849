"""Values that a model has never met are told, or refused, by frame, by array and by command."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    OneHotEncoder,
    OrdinalEncoder,
)

from helpers import __main__ as command
from helpers.models import make_mlp
from helpers.persistence import load_model, save_model
from helpers.preprocessing import make_preprocessor, transform

TABLE = pd.DataFrame(
    {"size": np.arange(12.0), "zip": np.resize(["007", "0815", "10115"], 12), "mood": "good"}
)
ONE_HOT = OneHotEncoder(handle_unknown="ignore")
ORDINAL = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)


def save(path, preprocess, table, **settings):
    model = make_mlp(transform(preprocess, table).shape[1], 2, seed=1)
    names = {"feature_names": [str(name) for name in table], "label_names": ["sea", "sun"]}
    return save_model(path, model, preprocess=preprocess, **names, **settings)


@pytest.fixture(scope="module")
def model_path(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    return save(folder / "zip.model", make_preprocessor(TABLE).fit(TABLE), TABLE)


@pytest.fixture(scope="module")
def predictor(model_path):
    return load_model(model_path)


def warned(predict, *arguments, **settings):
    """Call it, and return what it warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.filterwarnings("ignore", message="__array__", category=DeprecationWarning)
        predict(*arguments, **settings)
    assert all(warning.filename == __file__ for warning in caught[:1])
    return [str(warning.message) for warning in caught]


# --- what is said --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "rows", "example"),
    [
        ({"007": "7", "0815": "815"}, 8, "'7', which differs from '007' only by case, blanks or"),
        ({"007": "007 "}, 4, "'007 ', which differs from '007' only by case, blanks or leading"),
        ({"007": "12345"}, 4, "'12345': all of them count as the same"),
        ({"007": "12345", "0815": " 0815"}, 8, "' 0815', which differs from '0815' only by"),
    ],
)
def test_unknown_values_are_told_once_with_rows_and_an_example(changes, rows, example, predictor):
    for table in (TABLE.replace({"zip": changes}), TABLE.replace({"zip": changes}).to_numpy()):
        (message,) = warned(predictor.predict_proba, table)
        assert "column 'zip' holds values that were not there in training" in message
        assert f"in {rows} of 12 rows, such as {example}" in message


def test_case_is_told(predictor):
    table = TABLE.assign(mood=["Good", *["good"] * 11])
    (message,) = warned(predictor.predict_proba, table)
    assert "in 1 of 12 rows, such as 'Good', which differs from 'good' only by case" in message


def test_column_of_unknown_values_alone_is_refused_unless_asked_for(predictor):
    """Zip codes that pandas has read as numbers."""
    table = TABLE[TABLE["zip"] != "10115"].astype({"zip": int})
    message = r"column 'zip' holds no value that was there in training, but '7', .* from '007'"
    for predict in (predictor.predict_proba, predictor.predict):
        with pytest.raises(ValueError, match=message):
            predict(table)
        (told,) = warned(predict, table, allow_unknown=True)
        assert "in 8 of 8 rows" in told


def test_known_values_are_not_mentioned(predictor):
    assert warned(predictor.predict_proba, TABLE) == []


# --- what is known -------------------------------------------------------------------------------

CODES = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": ["x", "y", "z"]})
PREPROCESSORS = {
    "one-hot": (ONE_HOT, ["b"]),
    "ordinal": (ORDINAL, ["b"]),
    "of all columns": (ORDINAL, ["a", "b"]),
    "by name": (ColumnTransformer([("e", ONE_HOT, ["b"])], remainder="passthrough"), ["a", "b"]),
    "by number": (ColumnTransformer([("e", ORDINAL, [1])], remainder="passthrough"), ["a", "b"]),
    "by mask": (ColumnTransformer([("e", ORDINAL, [False, True])]), ["a", "b"]),
    "twice": (ColumnTransformer([("e", ORDINAL, ["b"]), ("f", ONE_HOT, ["b"])]), ["b"]),
    "in a union": (FeatureUnion([("e", ORDINAL)]), ["b"]),
    "in pipelines": (make_pipeline(make_pipeline(FunctionTransformer(), ONE_HOT)), ["b"]),
    "behind a choice": (
        make_pipeline(
            SimpleImputer(strategy="most_frequent"), ColumnTransformer([("e", ORDINAL, [1])])
        ),
        ["a", "b"],
    ),
}


# scikit-learn itself wants a frame for the others.
ON_ARRAYS = [name for name in PREPROCESSORS if name not in ("of all columns", "by name", "twice")]


@pytest.mark.parametrize(
    ("name", "as_array"),
    [(name, False) for name in PREPROCESSORS] + [(name, True) for name in ON_ARRAYS],
)
def test_encoders_are_found(name, as_array, tmp_path):
    preprocess, features = PREPROCESSORS[name]
    X = CODES[features]
    preprocess.fit(X.to_numpy() if as_array else X)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = save(tmp_path / "a.model", preprocess, X, text_features=["b"])
    (message,) = warned(load_model(path).predict_proba, X.replace({"b": {"y": "q"}}))
    assert "column 'b' holds values" in message
    assert "in 1 of 3 rows, such as 'q'" in message


def test_categories_that_are_numbers(tmp_path):
    X = pd.DataFrame({"a": [7, 8, 9]})
    predictor = load_model(save(tmp_path / "a.model", ORDINAL.fit(X), X))
    (message,) = warned(predictor.predict_proba, pd.DataFrame({"a": [7.0, 8.5]}))
    assert "in 1 of 2 rows, such as 8.5" in message
    with pytest.raises(ValueError, match=r"column 'a' holds no value .* but 10\.0:"):
        predictor.predict_proba([[10], [11]])


@pytest.mark.parametrize(
    ("preprocess", "column"),
    [
        (make_pipeline(KBinsDiscretizer(2, encode="ordinal"), ONE_HOT), "a"),
        (ColumnTransformer([("w", CountVectorizer(token_pattern=".+"), "b")]), "b"),
    ],
    ids=["bins", "words"],
)
def test_what_has_no_categories_of_its_own_is_not_concerned(preprocess, column, tmp_path):
    X = CODES[[column]]
    predictor = load_model(save(tmp_path / "a.model", preprocess.fit(X), X))
    other = pd.DataFrame({column: [2.5, 1.1] if column == "a" else ["q", "r"]})
    assert warned(predictor.predict_proba, other) == []


def test_gap_that_is_filled_is_not_unknown(tmp_path):
    """Even where the category that fills it was not there in training."""
    filler = SimpleImputer(strategy="constant", fill_value="(missing)")
    preprocess = make_pipeline(filler, ONE_HOT).fit(CODES[["b"]])
    predictor = load_model(save(tmp_path / "a.model", preprocess, CODES[["b"]], imputes=True))
    assert warned(predictor.predict_proba, pd.DataFrame({"b": ["x", None]})) == []
    (message,) = warned(predictor.predict_proba, pd.DataFrame({"b": [None, None]}))
    assert "columns ['b'] hold no value at all" in message


def test_columns_are_found_behind_a_step_that_adds_some(tmp_path):
    X = pd.DataFrame({"a": ["u", np.nan, "v"], "b": ["x", "y", "z"]})
    filler = SimpleImputer(strategy="most_frequent", add_indicator=True)
    preprocess = make_pipeline(filler, ONE_HOT).fit(X)
    predictor = load_model(save(tmp_path / "a.model", preprocess, X, imputes=True))
    assert predictor.text_features == ["a", "b"]
    (message,) = warned(predictor.predict_proba, X.replace({"b": {"y": "q"}}))
    assert "column 'b' holds values" in message
    assert "in 1 of 3 rows, such as 'q'" in message


def test_gap_that_nothing_fills_is_unknown(tmp_path):
    preprocess = ONE_HOT.fit(CODES[["b"]])
    predictor = load_model(save(tmp_path / "a.model", preprocess, CODES[["b"]], imputes=True))
    (message,) = warned(predictor.predict_proba, pd.DataFrame({"b": [None, None]}))
    assert "in 2 of 2 rows, such as a gap" in message


# --- on the command line -------------------------------------------------------------------------


@pytest.fixture
def predict(predictor, model_path, tmp_path, monkeypatch):
    """Run the command on a table, in pieces of five rows; return its status."""
    monkeypatch.setattr(command, "_load", lambda path: predictor)
    monkeypatch.setattr(command, "CHUNK", 5)

    def run(table, *options):
        table.to_csv(tmp_path / "table.csv", index=False)
        files = [str(model_path), str(tmp_path / "table.csv"), "-o", str(tmp_path / "out.csv")]
        return command.main(["predict", *files, *options])

    return run


def test_command_notes_unknown_values_once_for_all_pieces(predict, capsys):
    assert predict(TABLE.replace({"zip": {"007": "7"}, "mood": {}})) == 0
    (note,) = capsys.readouterr().err.splitlines()
    assert note.startswith("note: column 'zip' holds values")
    assert "in 4 of 12 rows, such as '7', which differs from '007'" in note


def test_command_refuses_a_column_of_unknown_values_unless_told(predict, tmp_path, capsys):
    """In all pieces together: in one of them it may well be."""
    table = TABLE.assign(mood=["good"] * 5 + ["Good"] * 7)
    assert predict(table) == 0
    assert "in 7 of 12 rows" in capsys.readouterr().err
    (tmp_path / "out.csv").unlink()
    assert predict(table.assign(mood="Good")) == 1
    assert "error: column 'mood' holds no value that was there" in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()
    assert predict(table.assign(mood="Good"), "--allow-unknown") == 0
    assert "note: column 'mood' holds values" in capsys.readouterr().err
    assert len(pd.read_csv(tmp_path / "out.csv")) == 12


# --- one table, many ways ------------------------------------------------------------------------

TEXT = st.text("aB0 7é,\"'\n", min_size=1, max_size=3).filter(lambda text: text.strip())
NUMBER = st.floats(-1e6, 1e6).map(lambda number: round(number, 3))


@st.composite
def tables(draw):
    """Numbers and categories, some of them with gaps."""
    n_rows = draw(st.integers(2, 6))
    columns = {}
    for name in draw(st.lists(st.sampled_from(["a", "b b", "ç"]), min_size=1, unique=True)):
        kind = draw(st.sampled_from([NUMBER, TEXT]))
        some = st.sampled_from(draw(st.lists(kind, min_size=1, max_size=3)))
        values = draw(st.lists(some | st.just(np.nan), min_size=n_rows, max_size=n_rows))
        columns[name] = pd.Series(values, dtype="float64" if kind is NUMBER else object)
    table = pd.DataFrame(columns).fillna(draw(st.sampled_from([{}, dict.fromkeys(columns, 0.5)])))
    assume(len(columns) == 1 or not table.isna().all(axis=1).any())  # a file's empty row is refused
    return table


@pytest.mark.slow
@pytest.mark.filterwarnings("error:.*not there in training")
@given(tables())
@settings(max_examples=25, deadline=None, derandomize=True)
def test_frame_array_and_command_agree_on_the_rows_of_training(tmp_path_factory, table):
    folder = tmp_path_factory.mktemp("any")
    try:
        preprocess = make_preprocessor(table, impute=True).fit(table)
    except ValueError:
        return  # a column of text with 0.5 in it
    path = save(folder / "a.model", preprocess, table, imputes=True)
    predictor = load_model(path)
    expected = predictor.predict_proba(table)
    np.testing.assert_allclose(expected, predictor.model(transform(preprocess, table)), atol=1e-6)
    np.testing.assert_array_equal(predictor.predict_proba(table.to_numpy()), expected)
    table.to_csv(folder / "table.csv", index=False)
    files = [str(path), str(folder / "table.csv"), "-o", str(folder / "out.csv")]
    assert command.main(["predict", *files]) == 0
    written = pd.read_csv(folder / "out.csv")
    np.testing.assert_allclose(written.iloc[:, 1:3], expected, rtol=0, atol=1e-5)
    np.testing.assert_array_equal(written.iloc[:, 3:], predictor.to_labels(expected))
