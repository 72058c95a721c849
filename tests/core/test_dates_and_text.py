"""Dates and texts beside numbers and categories, in one preprocessor."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from sklearn import clone
from sklearn.model_selection import KFold

from helpers import preprocessing
from helpers.evaluation.cross_validation import _transform_for_fold
from helpers.preprocessing import DateFeatures, TextFeatures, make_preprocessor, transform

NAN = np.nan


@pytest.fixture
def table():
    """A number, a category, a date and a text, each with a gap."""
    return pd.DataFrame(
        {
            "size": [1.0, NAN, 3.0, 5.0],
            "color": ["red", "blue", NAN, "red"],
            "day": pd.to_datetime(["2024-01-05", "2024-03-01", None, "1969-12-31"]),
            "note": ["good soup", "soup, soup", NAN, "bad wine"],
        }
    )


# --- dates ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "days",
    [
        pd.to_datetime(["2024-12-31 23:59", "1969-12-31 00:00"]),
        ["2024-12-31T23:59", "1969-12-31"],
        pd.to_datetime(["2024-12-31 23:59", "1969-12-31 00:00"]).tz_localize("UTC"),
    ],
    ids=["datetime64", "text", "zone"],
)
def test_a_date_becomes_year_month_weekday_and_days(days):
    made = DateFeatures().fit_transform(pd.DataFrame({"day": days}))
    assert made.tolist() == [[2024, 12, 1, 20088], [1969, 12, 2, -1]]


def test_a_gap_stays_or_becomes_the_median_day():
    X = pd.DataFrame({"day": ["2024-01-01", "2024-01-02", "2024-06-01", None], "never": None})
    kept = DateFeatures().fit_transform(X[["day"]])
    assert np.isnan(kept[3]).all() and not np.isnan(kept[:3]).any()
    filled = DateFeatures(impute=True).fit(X).transform(X)
    assert filled[3, :4].tolist() == filled[1, :4].tolist()
    assert filled[3, 4:].tolist() == [1970, 1, 3, 0]


def test_dates_are_scaled_and_imputed_in_a_table(table):
    preprocess = make_preprocessor(table[["size", "day"]], impute=True).fit(table)
    made = preprocess.transform(table)
    assert made.shape == (4, 5)
    np.testing.assert_allclose(made.mean(axis=0), 0, atol=1e-12)
    names = preprocess.get_feature_names_out().tolist()
    assert names[1:] == [f"dates__day_{part}" for part in ("year", "month", "weekday", "days")]
    as_text = table.assign(day=table["day"].dt.strftime("%Y-%m-%d"))
    np.testing.assert_array_equal(preprocess.transform(as_text), made)


def test_a_date_that_cant_be_read_is_named():
    preprocess = DateFeatures().fit(pd.DataFrame({"day": ["2024-01-01"]}))
    with pytest.raises(
        ValueError, match=r"can't transform .* column 'day' holds '5\.1\.24' in row 0"
    ):
        transform(preprocess, pd.DataFrame({"day": ["5.1.24"]}))


# --- text ----------------------------------------------------------------------------------------


def test_the_most_frequent_words_are_kept():
    X = pd.DataFrame({"note": ["a soup soup", "soup wine", "wine bread"]})
    preprocess = make_preprocessor(X, text=["note"], max_words=2).fit(X)
    names = preprocess.get_feature_names_out().tolist()
    assert names == ["text__note_soup", "text__note_wine"]
    np.testing.assert_allclose(transform(preprocess, X)[0], [1, 0])


def test_each_fold_learns_its_own_words_and_all_have_one_width():
    X = pd.DataFrame({"note": ["rare words here", "soup", "soup", "soup", "wine", "soup"]})
    preprocess = make_preprocessor(X, text=["note"])
    made = [
        _transform_for_fold(preprocess, X, np.ones((6, 1)), train) for train, _ in KFold(3).split(X)
    ]
    assert {matrix.shape for matrix in made} == {(6, 5)}
    assert not made[0][0].any()  # its words are in no training row
    assert made[1][0].any()
    fitted = clone(preprocess).fit(X[2:])
    assert fitted.get_feature_names_out().tolist()[-1] == "text__note_unused_3"


def test_a_fold_without_any_word_is_zero():
    X = pd.DataFrame({"note": ["soup", "!", "?"]})
    preprocess = make_preprocessor(X, text=["note"]).fit(X[1:])
    assert transform(preprocess, X).tolist() == [[0], [0], [0]]


def test_texts_have_words_of_their_own():
    X = pd.DataFrame({"a": ["soup", "wine"], "b": ["soup", "soup"]})
    made = TextFeatures([2, 1]).fit_transform(X).toarray()
    assert made.tolist() == [[1, 0, 1], [0, 1, 1]]


def test_a_table_of_all_kinds_with_gaps(table):
    preprocess = make_preprocessor(table, impute=True, text=["note"])
    assert scipy.sparse.issparse(preprocess.fit_transform(table))
    made = transform(preprocess, table)
    assert (made.dtype, made.shape) == ("float32", (4, 1 + 4 + 3 + 4))
    assert not made[2, -4:].any() and made[[0, 1, 3], -4:].any(axis=1).all()
    with pytest.raises(ValueError, match=r"gaps in .*'day': 1, 'note': 1.*pass impute=True"):
        make_preprocessor(table, text=["note"])


@pytest.mark.parametrize(
    ("keywords", "error", "message"),
    [
        ({"text": "note"}, TypeError, "text='note': pass a list"),
        ({"text": ["nota"]}, ValueError, r"text: X has no columns \['nota'\]"),
        ({"text": ["size"]}, ValueError, "text: column 'size' holds float64, expected text"),
        ({"text": ["day"]}, ValueError, "text: column 'day' holds datetime64"),
        ({"text": ["signs"]}, ValueError, "text: column 'signs' holds no words"),
        ({"max_words": 0}, ValueError, "max_words=0: expected a whole number"),
        ({"max_words": 9.5}, ValueError, r"max_words=9\.5: expected a whole number"),
    ],
)
def test_texts_refused(keywords, error, message, table):
    with pytest.raises(error, match=message):
        make_preprocessor(table.assign(signs="!"), impute=True, **keywords)


# --- memory --------------------------------------------------------------------------------------


def test_many_categories_are_sparse_until_they_are_transformed():
    X = pd.DataFrame({"town": [f"town {i}" for i in range(300)]})
    preprocess = make_preprocessor(X).fit(X)
    assert scipy.sparse.issparse(preprocess.transform(X))
    assert transform(preprocess, X).sum() == 300


@pytest.mark.parametrize("n_rows", [7, 8, 20])
def test_pieces_make_the_whole(n_rows, monkeypatch):
    X = pd.DataFrame({"size": np.arange(n_rows) ** 2, "note": ["soup wine"] * n_rows})
    preprocess = make_preprocessor(X, text=["note"]).fit(X)
    whole = transform(preprocess, X)
    monkeypatch.setattr(preprocessing, "CHUNK", 7)
    np.testing.assert_array_equal(transform(preprocess, X), whole)
    with pytest.raises(ValueError, match=f"in row {100 + n_rows - 1}, column 0"):
        X["size"] = X["size"].astype(float)
        X.loc[n_rows - 1, "size"] = np.inf
        transform(make_preprocessor(X, scale=False, text=["note"]).fit(X), X, first_row=100)
