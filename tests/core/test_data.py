"""The data set of the lessons, its fresh rows, and what is refused as data."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from sklearn.datasets import load_digits, make_multilabel_classification

from helpers._arguments import check_labels, check_X, check_X_y
from helpers.data import (
    TOPICS,
    make_dataset,
    make_digit_pictures,
    make_fresh_rows,
    make_tickets,
    read_translations,
)


def test_data_set_is_the_one_of_the_article():
    X, y = make_dataset()
    assert (X.shape, y.shape) == ((1000, 10), (1000, 3))
    assert (X.dtype, y.dtype) == ("float64", "int64")
    assert X[0].tolist() == [3, 3, 6, 7, 8, 2, 11, 11, 1, 3]
    assert y[0].tolist() == [1, 1, 0]
    assert set(np.unique(y)) == {0, 1}


def test_data_set_is_scikit_learns():
    X, y = make_dataset(200)
    X_expected, y_expected = make_multilabel_classification(
        200, n_features=10, n_classes=3, n_labels=2, random_state=1
    )
    np.testing.assert_array_equal(X, X_expected)
    np.testing.assert_array_equal(y, y_expected)


def test_keywords_reach_scikit_learn():
    X, y = make_dataset(50, 4, n_features=6, n_classes=5, n_labels=1, allow_unlabeled=False)
    assert (X.shape, y.shape) == ((50, 6), (50, 5))
    assert y.any(axis=1).all()


def test_another_seed_makes_other_data():
    first, second = make_dataset(100), make_dataset(100, random_state=2)
    assert not np.array_equal(first[0], second[0])
    assert not np.array_equal(first[1], second[1])


@pytest.mark.parametrize("seed", [1, 2])
def test_a_longer_run_begins_with_the_data_set(seed):
    """That fresh rows are fresh hangs on this."""
    X, y = make_dataset(1000, seed)
    X_long, y_long = make_dataset(1300, seed)
    np.testing.assert_array_equal(X_long[:1000], X)
    np.testing.assert_array_equal(y_long[:1000], y)
    X_fresh, y_fresh = make_fresh_rows(300, 1000, seed)
    np.testing.assert_array_equal(X_long[1000:], X_fresh)
    np.testing.assert_array_equal(y_long[1000:], y_fresh)


def test_fresh_rows_are_as_many_as_asked_and_of_the_same_kind():
    X, y = make_dataset()
    X_fresh, y_fresh = make_fresh_rows(5000)
    assert (X_fresh.shape, y_fresh.shape) == ((5000, 10), (5000, 3))
    np.testing.assert_allclose(y_fresh.mean(axis=0), y.mean(axis=0), atol=0.05)
    np.testing.assert_allclose(X_fresh.mean(axis=0), X.mean(axis=0), atol=0.5)


def test_fresh_rows_take_the_keywords_of_the_data_set():
    keywords = {"n_features": 4, "n_classes": 2}
    X_fresh, _ = make_fresh_rows(7, 20, 3, **keywords)
    X_long, _ = make_dataset(27, 3, **keywords)
    np.testing.assert_array_equal(X_fresh, X_long[20:])


# --- checks --------------------------------------------------------------------------------------


def test_checked_data_is_what_networks_need():
    table = pd.DataFrame({"height": [1, 2], "width": [0.5, 1.5]})
    X, y = check_X_y(table, pd.DataFrame({"tall": [False, True]}))
    assert (X.dtype, y.dtype) == ("float32", "int64")
    assert (X.tolist(), y.tolist()) == ([[1, 0.5], [2, 1.5]], [[0], [1]])


@pytest.mark.parametrize("y", [[[True, False]], [[1.0, 0.0]], np.array([[1, 0]], dtype=object)])
def test_zeros_and_ones_of_any_type_are_labels(y):
    labels = check_labels(y)
    assert (labels.dtype, labels.tolist()) == ("int64", [[1, 0]])


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([1, 0, 1], r"y has shape \(3,\): expected 2 dimensions \(rows, labels\)"),
        ([[0, 2]], "y holds 2 in row 0, column 1: each label must be 0 or 1"),
        ([[0, 1], [-1, 0]], "y holds -1 in row 1, column 0"),
        ([[0.3, 1]], r"y holds 0\.3 in row 0, column 0.*threshold first"),
        ([[np.nan, 1]], "y holds nan in row 0, column 0"),
        ([["a", "b"]], "y holds 'a' in row 0, column 0.*MultiLabelBinarizer"),
        ([["1", "0"]], "y holds '1' in row 0, column 0"),
        ([[None, 1]], "y holds None in row 0, column 0"),
        ([[pd.NA, 1]], "y holds <NA> in row 0, column 0"),
        (np.zeros((0, 3)), r"y has shape \(0, 3\): there is nothing"),
        (csr_matrix([[0, 1]]), r"y is a sparse matrix: pass y\.toarray\(\)"),
    ],
)
def test_labels_refused(y, message):
    with pytest.raises(ValueError, match=message):
        check_labels(y)


def test_refusal_calls_the_argument_by_its_name():
    with pytest.raises(ValueError, match="y_true holds 5"):
        check_labels([[5]], "y_true")


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([1.0, 2.0], r"X has shape \(2,\): expected 2 dimensions \(rows, features\)"),
        (np.ones((2, 2, 2)), r"X has shape \(2, 2, 2\)"),
        ([[1.0, np.nan]], "X holds nan in row 0, column 1: fill in or drop"),
        ([[np.inf, 0.0]], "X holds inf in row 0, column 0"),
        ([[1.0], [1e39]], r"X holds 1e\+39 in row 1, column 0"),
        ([["red"]], "X: expected numbers only.*red.*Encode text first"),
        (np.ones((0, 3)), r"X has shape \(0, 3\): there is nothing"),
        (csr_matrix([[0, 1]]), r"X is a sparse matrix: pass X\.toarray\(\)"),
    ],
)
def test_features_refused(X, message):
    with pytest.raises(ValueError, match=message):
        check_X(X)


def test_rows_in_another_order_are_refused():
    """Where frames have an index that says so."""
    X = pd.DataFrame({"a": [1.0, 2.0, 3.0]})
    y = pd.DataFrame({"b": [0, 1, 1]})
    with pytest.raises(ValueError, match=r"X and y hold the same rows.*y\.loc\[X\.index\]"):
        check_X_y(X, y[::-1])
    assert check_X_y(X, y[::-1].to_numpy())[1].ravel().tolist() == [1, 1, 0]
    assert check_X_y(X, y.set_axis([7, 8, 9]))[1].ravel().tolist() == [0, 1, 1]


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="X has 2 rows and y has 1: each row needs its labels"):
        check_X_y([[1.0], [2.0]], [[1]])


def test_fresh_rows_follow_the_thousand_of_the_data_set():
    X, y = make_fresh_rows(50)
    X_long, y_long = make_dataset(1050)
    assert (X_long[1000:] == X).all() and (y == y_long[1000:]).all()


@pytest.mark.parametrize("random_state", [None, np.random.RandomState(1), 1.5])
def test_fresh_rows_need_the_number_of_the_data_set(random_state):
    with pytest.raises(ValueError, match="pass the whole number of the data"):
        make_fresh_rows(5, random_state=random_state)


def pieces(picture):
    """Return the six cells of a picture, (6, 8, 8)."""
    return picture.reshape(2, 8, 3, 8).swapaxes(1, 2).reshape(6, 8, 8)


@pytest.mark.parametrize(
    ("writers", "part"), [("first", slice(1157)), ("others", slice(1157, None))]
)
def test_digits_on_a_picture_are_its_labels_and_of_the_writers_asked_for(writers, part):
    images, digits = load_digits(return_X_y=True)
    digit_of = {
        (image.reshape(8, 8) / 16).astype("float32").tobytes(): digit
        for image, digit in zip(images[part], digits[part], strict=True)
    }
    pictures, y = make_digit_pictures(40, writers=writers)
    assert (pictures.dtype, y.dtype) == ("float32", "int64")
    for picture, labels in zip(pictures, y, strict=True):
        found = [digit_of[piece.tobytes()] for piece in pieces(picture) if piece.any()]
        assert sorted(found) == np.flatnonzero(labels).tolist()


def test_each_number_of_digits_is_as_likely_as_the_others():
    _, y = make_digit_pictures(6000, max_digits=2)
    np.testing.assert_allclose(np.bincount(y.sum(axis=1)), [2000] * 3, atol=120)
    np.testing.assert_allclose(y.mean(axis=0), 0.1, atol=0.02)


def test_free_digits_leave_their_cells_and_cover_no_other():
    pictures, y = make_digit_pictures(300, max_digits=6, positions="free")
    in_cells, _ = make_digit_pictures(300, max_digits=6)
    ink, expected = pictures.sum(axis=(1, 2)), in_cells.sum(axis=(1, 2))
    assert ink.mean() == pytest.approx(expected.mean(), rel=0.05)  # nothing is covered
    crossed = (pictures[:, :, 7:9] > 0).any(axis=1).all(axis=1)  # ink on both sides of a border
    assert crossed[y.sum(axis=1) < 4].any()


def test_pictures_are_the_same_with_the_same_seed_only():
    first, again, other = (make_digit_pictures(50, random_state=seed) for seed in [1, 1, 2])
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    assert not np.array_equal(first[1], other[1])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"n_samples": 0}, "n_samples=0"),
        ({"max_digits": 7}, "max_digits=7: expected 1 to 6"),
        ({"writers": "all"}, "writers='all'"),
        ({"positions": "any"}, "positions='any'"),
    ],
)
def test_pictures_that_cannot_be_drawn_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        make_digit_pictures(**settings)


HABITS = ["customer", "channel", "plan"]  # columns that a customer has once and for all


@pytest.fixture(scope="module")
def tickets():
    return make_tickets()


def test_tickets_are_a_table_as_people_bring_it(tickets):
    assert tickets.shape == (1976, 23)
    assert tickets["received"].is_monotonic_increasing
    assert tickets["ticket"].is_unique
    assert set(np.unique(tickets[[*TOPICS]])) == {0, 1}
    share = tickets[[*TOPICS]].mean()
    assert share[["legal", "breach"]].between(0.002, 0.02).all()
    assert share.drop(["legal", "breach"]).min() > 0.1
    gaps = tickets.isna().mean()
    assert set(gaps.index[gaps > 0]) == {"region", "seats"}


def test_tickets_are_the_same_in_each_call_and_none_disturbs_another(tickets):
    """Only then are rows of other customers, or of later months, rows of the same world."""
    pd.testing.assert_frame_equal(make_tickets(), tickets)
    names = [*HABITS, "received", "message", *TOPICS]
    some = make_tickets(20, range(3, 8), first_customer=30)
    first, last = some["customer"].min(), some["customer"].max()
    same = tickets[
        tickets["customer"].between(first, last)
        & tickets["received"].between("2024-04-01", "2024-08-31")
    ]
    assert len(some) > 50
    assert some[names].to_numpy().tolist() == same[names].to_numpy().tolist()


def test_another_seed_draws_other_tickets_of_the_same_customers(tickets):
    others = make_tickets(random_state=2)
    known, again = (table[HABITS].drop_duplicates("customer") for table in (tickets, others))
    both = known.merge(again, on="customer")
    assert len(both) > 90
    assert (both["plan_x"] == both["plan_y"]).all()
    assert not set(others["message"].head(50)) & set(tickets["message"].head(50))


def test_customers_have_habits_and_topics_drift(tickets):
    of_customer = tickets.groupby("customer")["crash"].agg(["mean", "size"])
    p, often = tickets["crash"].mean(), of_customer["size"] >= 10
    by_chance = (p * (1 - p) / of_customer["size"])[often].mean()
    assert of_customer["mean"][often].var() > 4 * by_chance
    early, late = tickets["received"] < "2024-07", tickets["received"] >= "2025-01"
    assert tickets.loc[late, "mobile"].mean() > 1.5 * tickets.loc[early, "mobile"].mean()
    assistant = tickets["message"].str.contains("assistant")
    assert not assistant[early].any()
    assert assistant[late].any()


@pytest.mark.parametrize(
    "wrong", [{"n_customers": 0}, {"first_customer": -1}, {"months": [-1]}, {"random_state": -2}]
)
def test_tickets_refuse_what_they_cannot_draw(wrong):
    (name,) = wrong
    with pytest.raises(ValueError, match=name):
        make_tickets(**wrong)


@pytest.fixture(scope="module")
def translations():
    return read_translations(["es", "gl", "sv"], min_words=4)


def test_translations_have_a_row_a_message_and_language(translations):
    assert set(translations["language"]) == {"Spanish", "Galician", "Swedish"}
    assert not translations.duplicated(["message", "language"]).any()
    assert translations["message"].nunique() > 300
    assert (translations["text"].str.split().str.len() >= 4).all()


def test_translations_hold_no_english_words_and_no_placeholders(translations):
    for message, text in translations[["message", "text"]].itertuples(index=False):
        assert not set(text.split()) & set(message.lower().split())
    assert not translations["text"].str.contains(r"[%`{}\d_]|[A-Z]").any()


def test_a_text_that_two_languages_share_is_left_out(translations):
    assert not translations["text"].duplicated().any()
    alone = read_translations(["es"], min_words=4)
    assert len(alone) > (translations["language"] == "Spanish").sum()


def test_language_without_messages_is_refused_with_those_that_there_are():
    with pytest.raises(ValueError, match=r"no messages in 'xx'; expected some of .*'pt_BR'"):
        read_translations(["es", "xx"])
