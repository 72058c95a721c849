"""One column as a feature: numbers, categories, and what is refused with its row."""

import datetime
import importlib.util
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from helpers.tables.columns import (
    MOST_CATEGORIES,
    feature_column,
    number_column,
    short_repr,
    text_column,
)

NAN = float("nan")
ARROW = importlib.util.find_spec("pyarrow") is not None


def column(values, dtype=None):
    if str(dtype).endswith("[pyarrow]") and not ARROW:
        pytest.skip("needs pyarrow")
    return pd.Series(values, dtype=dtype, name="size", index=range(10, 10 + len(values)))


# --- numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "dtype", "expected"),
    [
        ([1, 2], "int64", "int64"),
        ([1, 2], "uint8", "uint8"),
        ([1.5, NAN], "float32", "float32"),
        ([2**64 - 1, 1], "uint64", "uint64"),
        ([1, None], "Int64", "float64"),
        ([1.5, None], "Float32", "float64"),
        ([0.0, 1.5], "Sparse[float64]", "float64"),
        ([1.5, None], "double[pyarrow]", "float64"),
        ([2**70, -1], object, "float64"),
        ([Decimal("1.5"), None], object, "float64"),
        (["1.5", " 2 ", "-1e3"], None, "float64"),
        (["1.5", 2, None], object, "float64"),
        (["1.5", None], "string", "float64"),
        ([None, None], object, "float64"),
    ],
)
def test_numbers_stay_numbers(values, dtype, expected):
    given = column(values, dtype)
    result = feature_column(given)
    numbers = [NAN if value is None else float(value) for value in values]
    np.testing.assert_array_equal(result.to_numpy(float), numbers)
    assert (result.dtype, result.name) == (expected, "size")
    assert result.index.equals(given.index)


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([True, False], bool),
        ([True, False], "boolean"),
        ([True, None], "boolean"),
        ([True, None], "bool[pyarrow]"),
        ([True, False, None], object),
        ([True, False], "Sparse[bool]"),
        (["True", "false", " TRUE", None], object),
    ],
)
def test_yes_and_no_are_one_and_zero(values, dtype):
    result = feature_column(column(values, dtype))
    meaning = {"true": 1.0, "false": 0.0, "none": NAN}
    assert result.dtype == "float64"
    np.testing.assert_array_equal(result, [meaning[str(v).strip().lower()] for v in values])


@pytest.mark.parametrize(
    ("values", "dtype", "row"),
    [
        ([1, np.inf], "float64", 1),
        ([-np.inf, np.inf], "float32", 0),
        ([1, np.inf], "float16", 1),
        ([None, 1, np.inf], "Float64", 2),
        (["1", "inf"], None, 1),
        (["1", "2", "-Infinity"], None, 2),
        (["1", "1e999"], None, 1),
        ([1, 10**400], object, 1),
        ([1, Decimal("inf")], object, 1),
    ],
)
def test_infinite_numbers_refused(values, dtype, row):
    with pytest.raises(ValueError, match=f"column 'size' is infinite in row {row}: fix or drop"):
        feature_column(column(values, dtype))


@pytest.mark.parametrize(
    ("values", "found", "row"),
    [
        (["1", "2", "n/a", "4"], "'n/a'", 2),
        (["?", "2", "3", "4"], r"'\?'", 0),
        (["1", "a", "2", "b", "3"], "'a'", 1),  # 60 % numbers
        (["1", "a"], "'a'", 1),  # half
        ([1.5, 2.5, "x"], "'x'", 2),
        ([None, "1", "", "2"], "''", 2),
        (["1", "nan"], "'nan'", 1),
        (["7"] * 8 + ["low", "high", "none"], "'low'", 8),  # few different numbers, in most rows
        (["1", "x" * 99], "'x{56}\\.\\.\\.", 1),
    ],
)
def test_slips_among_numbers_refused(values, found, row):
    message = f"column 'size' holds {found} in row {row}, where a number is due: .*fix it, or name"
    with pytest.raises(ValueError, match=message):
        feature_column(column(values))


def test_decimal_commas_refused_with_the_way_out():
    with pytest.raises(ValueError, match=r"holds '1,5' in row 1.*: read it with decimal=','"):
        feature_column(column(["2", "1,5", "0,5", "7,25"]))


# --- categories ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        (["red", "blue", "red"], None),
        (["red", "blue", None], object),
        (["red", "blue", NAN], "str"),
        (["red", "blue", None], "string"),
        (["red", None], "string[pyarrow]"),
        (["red", "blue", None], "category"),
        (["1", "a", "b", "c"], None),
        (["yes", "no", ""], None),
    ],
)
def test_text_is_a_category(values, dtype):
    given = column(values, dtype)
    result = feature_column(given)
    gap = [value is None or value is NAN for value in values]
    assert (result.dtype, result.name) == (object, "size")
    assert result.index.equals(given.index)
    assert result.isna().tolist() == gap
    assert all(type(v) is (float if g else str) for v, g in zip(result, gap, strict=True))
    assert result[~np.array(gap)].tolist() == [v for v, g in zip(values, gap, strict=True) if not g]


@pytest.mark.parametrize(
    ("values", "dtype", "expected"),
    [
        ([1, 2], "int64", ["1", "2"]),
        ([1.0, NAN, 2.5], "float64", ["1", NAN, "2.5"]),
        ([1, None], "Int64", ["1", NAN]),
        ([np.inf, 1], "float64", ["inf", "1"]),
        (["a", np.inf, None], object, ["a", "inf", NAN]),
        ([True, None], object, ["True", NAN]),
        ([True, 1, "1"], object, ["True", "1", "1"]),
        (["007", "7"], None, ["007", "7"]),
        ([2**70, Decimal("0.10")], object, [str(2**70), "0.10"]),
        ([datetime.date(2020, 1, 2), None], object, ["2020-01-02", NAN]),
        (["a", None], "category", ["a", NAN]),
        ([1.0, None, 2.0], "category", ["1", NAN, "2"]),
        ([None, None], object, [NAN, NAN]),
    ],
)
def test_anything_can_be_named_a_category(values, dtype, expected):
    given = column(values, dtype)
    for result in (feature_column(given, categorical=True), text_column(given)):
        pd.testing.assert_series_equal(result, column(expected, object))


def test_bins_are_categories():
    assert feature_column(pd.cut(column([1, 5]), [0, 3, 6])).tolist() == ["(0, 3]", "(3, 6]"]


def test_many_different_texts_are_refused_unless_named():
    texts = column([f"text {i}" for i in range(MOST_CATEGORIES + 1)])
    assert feature_column(texts[:-1]).tolist() == texts[:-1].tolist()
    message = (
        f"column 'size' holds {MOST_CATEGORIES + 1} different texts, such as 'text 0': name it"
    )
    with pytest.raises(ValueError, match=message):
        feature_column(texts)
    assert feature_column(texts, categorical=True).tolist() == texts.tolist()


# --- neither -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ([[1], [2]], "a list in row 0"),
        (["a", None, {"b": 1}], "a dict in row 2"),
        ([np.ones(2), "a"], "a ndarray in row 0"),
        (["a", ("b",)], "a tuple in row 1"),
    ],
)
def test_more_than_one_value_in_a_cell_refused(values, what):
    for categorical in (False, True):
        with pytest.raises(ValueError, match=f"column 'size' holds {what}: expected numbers or te"):
            feature_column(column(values, object), categorical)


@pytest.mark.parametrize(
    ("values", "dtype", "what"),
    [
        (["2020-01-01", None], "datetime64[ns]", r"datetime64\[ns\]: turn it into numbers first"),
        (["2020-01-01"], "datetime64[ns, UTC]", r"datetime64\[ns, UTC\]: turn it"),
        ([1, 2], "timedelta64[ns]", r"timedelta64\[ns\]: turn it"),
        ([1j, 2], "complex128", "complex128: turn it"),
        ([1j, "a"], object, "a complex in row 0: expected numbers or text"),
        ([None, "a", np.complex64(1j)], object, "a complex64 in row 2"),
        (["2020", "2021"], "period[D]", "a Period in row 0"),
        ([pd.Interval(0, 1)], "interval", "a Interval in row 0"),
        ([b"a", "a"], object, "a bytes in row 0"),
        (["a", datetime.date(2020, 1, 1)], object, "a date in row 1"),
        (["a", pd.Timestamp("2020")], object, "a Timestamp in row 1"),
        ([datetime.date(2020, 1, 1)], "date32[pyarrow]", r"date32\[day\]\[pyarrow\]: turn it"),
        ([datetime.time(1)], "time64[us][pyarrow]", "a time in row 0"),
    ],
)
def test_what_is_neither_number_nor_text_refused(values, dtype, what):
    with pytest.raises(ValueError, match=f"column 'size' holds {what}"):
        feature_column(column(values, dtype))


# --- as a model was trained on -------------------------------------------------------------------


@pytest.mark.parametrize("values", [["1", "2.5", None], [1, 2.5, None], ["true", 2.5, NAN]])
def test_numbers_for_a_model(values):
    np.testing.assert_array_equal(number_column(column(values, object)), [1, 2.5, NAN])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            ["1", "red"],
            "'size' holds 'red' in row 1, where a number is due: fix it, ask for it",
        ),
        ([1j, 2], "column 'size' holds 1j in row 0"),
        ([1.0, np.inf], "column 'size' is infinite in row 1"),
    ],
)
def test_numbers_for_a_model_refused(values, message):
    with pytest.raises(ValueError, match=message):
        number_column(column(values), "ask for it")


def test_rows_of_a_piece_are_numbered_on():
    with pytest.raises(ValueError, match="in row 101, where"):
        number_column(column(["1", "red"]), first_row=100)
    with pytest.raises(ValueError, match="infinite in row 101"):
        number_column(column([1, np.inf]), first_row=100)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.int64(2), "2"),
        (np.str_("a"), "'a'"),
        (None, "a gap"),
        (pd.NA, "a gap"),
        ([NAN], "[nan]"),
        ("x" * 58, repr("x" * 58)),
        ("x" * 59, "'" + "x" * 56 + "..."),
    ],
)
def test_values_in_messages_are_short_and_plain(value, text):
    assert short_repr(value) == text


# --- numbers and dates as people write them ------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "todo"),
    [
        (["1.234,56", "2.345,67", "12,5"], "thousands='.' and decimal=','"),
        (["1,234,567", "12,345,678", "1,234"], "thousands=','"),
        (["1,234", "5,678", "9"], "decimal=',' or thousands=',', whatever the comma means here"),
        (["1 234", "2 345", "3 456"], "thousands=' '"),
        (["1\u202f234", "2\u202f345", "7"], r"remove '\u202f' from the numbers first"),
        (["1'234", "5'678", "9"], '"\'"'),
        (["\u22125", "\u22126", "3"], "write its minus as '-'"),
        (["$1.23", "$4.50", "$3"], "remove '$', if it is a unit"),
        (["USD 5", "USD 6", "EUR 7"], "remove 'USD', if it is a unit"),
        (["12,50 €", "3,00 €", "7,25 €"], "remove '€', if it is a unit"),
        (["12%", "13 %", "7%"], "remove '%', if it is a unit"),
        (["5 kg", "7 kg", "12kg"], "remove 'kg', if it is a unit"),
        (["5 m²", "6 m²", "8 m²"], "remove 'm²', if it is a unit"),
        (["2020-01-01", "2021-02-03", "2020-05-06"], "days since a date"),
        (["2020-01-01T12:00:00Z", "2021-02-03 10:00", "2020-05-06 01:02:03.5"], "days since a"),
        (["01/02/2020", "3/4/21", "5/6/2020"], "days since a date"),
        (["1.2.2020", "3.4.2021", "5.6.2020"], "days since a date"),
        (["Jan 5, 2020", "6-Feb-21", "7. March 2020"], "days since a date"),
        (["12:30", "13:45:10", "1:30 PM"], "days since a date"),
    ],
    ids=str,
)
def test_quantities_and_dates_are_no_categories(values, todo):
    column = pd.Series(values * 2, name="size")
    with pytest.raises(ValueError, match=r"column 'size' holds .* in row 0") as caught:
        feature_column(column)
    assert todo in str(caught.value)
    assert "name the column in `categorical`" in str(caught.value)
    assert feature_column(column, categorical=True).tolist() == values * 2


@pytest.mark.parametrize(
    "values",
    [
        ["1st", "2nd", "3rd"],
        ["2WD", "4WD", "4WD"],
        ["10A", "12B", "7C"],
        ["18-25", "26-35", "36-50"],
        ["10.0.0.1", "10.0.0.2", "192.168.1.1"],
        ["1.2.3", "1.3.0", "2.0.1"],
        ["2020Q1", "2020Q2", "2020Q3"],
        ["Mon", "Tue", "Wed"],
        ["<5", "5-10", ">10"],
    ],
    ids=str,
)
def test_names_with_digits_in_them_are_categories(values):
    assert feature_column(pd.Series(values)).tolist() == values


@pytest.mark.parametrize(
    "values",
    [
        ["01JAN2020:12:30:00", "02JAN2020:12:30:00"],
        ["2020-01-01 00:00:00+00", "2020-01-02 00:00:00+00"],
        ["1. März 2020", "2. März 2020"],
        ["Mon, 06 Jan 2020", "Tue, 07 Jan 2020"],
        ["5%", "7%"],
        ["$5", "$7"],
    ],
    ids=str,
)
def test_two_values_are_enough_where_they_are_clear(values):
    with pytest.raises(ValueError, match="where a number is due"):
        feature_column(pd.Series(values * 3, name="size"))


@pytest.mark.parametrize("gap", ["?", "-", r"\N", "#REF!", " ", "null"])
def test_words_for_gaps_are_told(gap):
    values = ["red", "blue", "green", gap]
    with pytest.warns(UserWarning, match="column 'size' holds .* as a name. If it stands for a g"):
        assert feature_column(pd.Series(values, name="size")).tolist() == values
    with pytest.raises(ValueError, match=r"na_values=.* if it stands for a gap"):
        feature_column(pd.Series([gap, "1", "2", "3"]))


def test_categories_that_differ_in_case_or_blanks_alone_are_told():
    with pytest.warns(UserWarning, match=r"column 'size': \['Red', 'red', 'red '\] are different"):
        feature_column(pd.Series(["Red", "red", "red ", "blue"], name="size"))


def test_zeros_in_front_are_not_lost():
    with pytest.raises(ValueError, match="holds '007': numbers with zeros in front are mostly nam"):
        feature_column(pd.Series(["007", "12", "0815"], name="zip"))
