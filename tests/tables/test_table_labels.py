"""Labels from columns of zeros and ones, and from one column of names."""

import importlib.util
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import MultiLabelBinarizer

from helpers.tables import read_table
from helpers.tables.labels import labels_from_text, zeros_and_ones

ARROW = importlib.util.find_spec("pyarrow") is not None


def column(values, dtype=None):
    if str(dtype).endswith("[pyarrow]") and not ARROW:
        pytest.skip("needs pyarrow")
    return pd.Series(values, dtype=dtype, name="news")


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([1, 0], "int64"),
        ([1, 0], "uint8"),
        ([1.0, 0.0], "float32"),
        ([True, False], bool),
        ([True, False], "boolean"),
        ([1, 0], "Int64"),
        ([True, False], object),
        ([True, "0"], object),
        (["1", " 0 "], None),
        (["1.0", "0.0"], None),
        (["TRUE", "False"], None),
        (["true", "false"], "string"),
        (["TRUE", "FALSE"], "category"),
        ([1, 0], "category"),
        ([1, 0], "Sparse[int64]"),
        ([True, False], "bool[pyarrow]"),
        ([1, 0], "int64[pyarrow]"),
    ],
)
def test_zero_and_one_in_any_dress(values, dtype):
    labels = zeros_and_ones(column(values, dtype))
    assert (labels.dtype, labels.tolist()) == ("int64", [1, 0])


@pytest.mark.parametrize(
    ("values", "dtype", "found"),
    [
        ([0, 1, 2], "int64", "2"),
        ([0, 1, -1], "int64", "-1"),
        ([0, 1, 0.5], "float64", "0.5"),
        ([0, 1, np.nan], "float64", "a gap"),
        ([0, 1, np.inf], "float64", "inf"),
        ([True, False, None], "boolean", "a gap"),
        ([1, 0, None], "Int64", "a gap"),
        ([True, False, None], object, "a gap"),
        (["1", "0", None], "string", "a gap"),
        (["1", "0", ""], None, "''"),
        (["1", "0", "nan"], None, "'nan'"),
        (["1", "0", "yes"], None, "'yes'"),
        (["1", "0", "news;sport"], None, "'news;sport'"),
        (["1", "0", "2"], "category", "'2'"),
        ([1, 0, None], "category", "a gap"),
        ([0, 1, [1]], object, r"\[1\]"),
        ([0, 1, np.ones(2)], object, r"array\(\[1., 1.\]\)"),
        ([0, 1, 2**70], object, str(2**70)),
        ([0, 1, 1j], object, "1j"),
        ([True, False, None], "bool[pyarrow]", "a gap"),
        ([1.0, 0.0, None], "double[pyarrow]", "a gap"),
    ],
)
def test_anything_else_refused_with_its_row(values, dtype, found):
    message = f"^label column 'news' holds {found} in row 2: expected 0 or 1, or false or true"
    with pytest.raises(ValueError, match=message):
        zeros_and_ones(column(values, dtype))


def test_dates_are_no_labels():
    with pytest.raises(ValueError, match=r"label column 'news' holds Timestamp\('2020.*in row 0"):
        zeros_and_ones(column(pd.to_datetime(["2020-01-01"])))


def test_rows_are_counted_from_zero_whatever_the_index():
    with pytest.raises(ValueError, match="holds 5 in row 2"):
        zeros_and_ones(column([1, 0, 5]).set_axis([7, 7, 7]))


def test_labels_that_nobody_has_are_all_named():
    frame = pd.DataFrame({"a": [0, 0], "b": [0, 1], "c": [False, False], "size": [1.5, 2.5]})
    with pytest.raises(ValueError, match=r"no row has the labels \['a', 'c'\]: nothing can be lea"):
        read_table(frame, label_columns=["a", "b", "c"])


# --- one column of names -------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["str", "string", object, "category", "string[pyarrow]"])
def test_names_in_text(dtype):
    y, names = labels_from_text(column(["b; a", None, "", "b", "b;a;b;;", " ; "], dtype))
    assert (y.dtype, names) == ("int64", ["a", "b"])
    assert y.tolist() == [[1, 1], [0, 0], [0, 0], [0, 1], [1, 1], [0, 0]]


@pytest.mark.parametrize("kind", [list, tuple, set, frozenset, np.array])
def test_names_in_lists(kind):
    y, names = labels_from_text(column([kind(["b", "a"]), kind([]), None, kind(["b", " "])]))
    assert (y.tolist(), names) == ([[1, 1], [0, 0], [0, 0], [0, 1]], ["a", "b"])


@pytest.mark.parametrize("separator", [";", ",", "|", " ", " and ", ".", "\t"])
def test_separators_are_plain_text(separator):
    y, names = labels_from_text(column([f"news{separator}sport", "sport"]), separator)
    assert (y.tolist(), names) == ([[1, 1], [0, 1]], ["news", "sport"])


def test_another_separator_separates_nothing():
    assert labels_from_text(column(["news;sport"]), ",")[1] == ["news;sport"]


@pytest.mark.parametrize("as_text", [True, False])
def test_labels_are_those_of_scikit_learn(as_text):
    rng = np.random.default_rng(0)
    sets = [rng.choice(["sea", "sun", "snow", "sky"], n).tolist() for n in rng.integers(0, 5, 200)]
    binarizer = MultiLabelBinarizer()
    expected = binarizer.fit_transform(sets)
    y, names = labels_from_text(column([";".join(s) for s in sets] if as_text else sets))
    np.testing.assert_array_equal(y, expected)
    assert names == binarizer.classes_.tolist()


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["a", 3], "3"),
        (["a", 1.5], "1.5"),
        (["a", True], "True"),
        (["a", ["b", 3]], r"\['b', 3\]"),
        (["a", ["b", None]], r"\['b', None\]"),
        (["a", {"b": 1}], r"\{'b': 1\}"),
        (["a", np.array("b")], r"array\('b'"),
        (["a", np.array([["b"]])], r"array\(\[\['b'\]\]"),
        (["a", b"b"], "b'b'"),
        (["a", pd.Timestamp("2020-01-01")], r"Timestamp\('2020"),
    ],
)
def test_entries_refused_with_their_row(values, found):
    message = rf"^label column 'news' holds {found}.* in row 1: expected text such as 'news\|sport'"
    with pytest.raises(ValueError, match=message):
        labels_from_text(column(values, object), "|")


@pytest.mark.parametrize("values", [["", None, " ; "], [[], [""]], [None, None]])
def test_a_column_without_any_label_refused(values):
    with pytest.raises(ValueError, match="label column 'news': no row has any label"):
        labels_from_text(column(values, object))
    if values[0] == "":
        with pytest.raises(ValueError, match="label column 'news': no row has any label"):
            labels_from_text(column(values, "str"))


@pytest.mark.parametrize(
    ("separator", "error", "message"),
    [
        ("", ValueError, "separator is empty: pass the text that stands between"),
        (None, TypeError, "separator=None: pass the text"),
        (5, TypeError, "separator=5: pass the text"),
    ],
)
def test_separators_refused(separator, error, message):
    with pytest.raises(error, match=message):
        labels_from_text(column(["a"]), separator)


# --- lists as text, other separators -------------------------------------------------------------


@pytest.mark.parametrize("separator", [";", ","])
@pytest.mark.parametrize("dtype", [object, "str"])
@pytest.mark.parametrize(
    "texts",
    [
        ["['news', 'sport']", "[]", "['news']"],
        ['["news", "sport"]', "[ ]", '["news"]'],
        ["{'news', 'sport'}", "set()", "{'news'}"],
        ["('news', 'sport')", "()", "('news',)"],
        ["frozenset({'news', 'sport'})", "frozenset()", "frozenset({'news'})"],
    ],
    ids=str,
)
def test_lists_written_as_text_are_lists(texts, dtype, separator):
    y, names = labels_from_text(pd.Series(texts, dtype=dtype), separator)
    assert (y.tolist(), names) == ([[1, 1], [0, 0], [1, 0]], ["news", "sport"])


@pytest.mark.parametrize(
    "text", ["['a' 'b']", "[news, sport]", "[1, 2]", "{'a': 1}", "['a', ['b']]", "['it''s']"]
)
def test_what_only_looks_like_a_list_is_refused(text):
    column = pd.Series(["['a']", text], name="topic")
    with pytest.raises(ValueError, match=r"label column 'topic' holds .* in row 1: expected text"):
        labels_from_text(column)


@pytest.mark.parametrize(
    ("texts", "other"),
    [
        (["action|comedy", "drama|horror"], "'|'"),
        (["action, comedy", "drama, action", "drama"], "','"),
        (["action/comedy", "drama/action"], "'/'"),
        (["action comedy", "action", "comedy", "drama comedy"], "' '"),
        (["action & comedy", "action", "comedy", "comedy & drama", "drama"], "'&'"),
        (["action\ncomedy", "drama\naction", "drama"], r"'\n'"),
        (["a:b", "b:a", "a", "b", "c"], "':'"),
        (["a;b", "a,b", "b,a", "a"], "','"),
    ],
    ids=str,
)
def test_another_separator_is_told(texts, other):
    with pytest.warns(UserWarning, match=r"label column 'topic': \d rows hold") as caught:
        labels_from_text(pd.Series(texts, name="topic"))
    assert f"pass separator={other}" in str(caught[0].message)


@pytest.mark.parametrize(
    "texts",
    [
        ["science fiction", "romance", "western"],
        ["rock & roll", "jazz", "blues"],
        ["a|b", "news;sport"],
        ["news", "sport", "", None],
    ],
    ids=str,
)
def test_names_with_blanks_are_fine(texts):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        labels_from_text(pd.Series(texts, name="topic"))


def test_labels_that_differ_in_case_alone_are_told():
    with pytest.warns(UserWarning, match=r"\['News', 'news'\] are different now"):
        labels_from_text(pd.Series(["News;sport", "news"], name="topic"))


@pytest.mark.parametrize("answers", [["yes", "no"], ["0", "1"], ["True", "False"], ["t", "f"]])
def test_answers_to_one_question_are_no_two_labels(answers):
    with pytest.raises(ValueError, match="the answers to one question: pass it in label_columns"):
        labels_from_text(pd.Series([*answers, answers[0]], name="bought"))


@pytest.mark.parametrize("gap", ["NA", "nan", "?", "-"])
def test_words_for_gaps_among_labels_are_told(gap):
    with pytest.warns(UserWarning, match="label column 'topic' holds .* as a name. If it stands"):
        labels_from_text(pd.Series(["news", gap, "sport;news"], name="topic"))


def test_another_separator_is_counted_in_rows_from_a_file_as_from_a_frame(tmp_path):
    frame = pd.DataFrame({"topic": ["a,b"] * 30 + ["a", "b"] * 30, "x": np.arange(90) / 7})
    frame.to_csv(tmp_path / "t.csv", index=False)
    for table in [frame, tmp_path / "t.csv"]:  # texts of a file are split once each
        with pytest.warns(UserWarning, match="30 rows hold ','"):
            read_table(table, label_column="topic")
