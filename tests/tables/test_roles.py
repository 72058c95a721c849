"""Columns with a part of their own: text, dates, groups and times, and labels nobody knows."""

import copy
import pickle

import numpy as np
import pandas as pd
import pytest

from helpers.tables import Table, read_table

CSV = """\
id,day,note,who,size,news,sport
1,2024-01-05,good soup,07,1.5,1,0
2,2024-02-29T12:30,soup,7,2.5,0,1
3,2023-12-31,NOT good,07,3.5,,1
"""


@pytest.fixture
def csv(tmp_path):
    (tmp_path / "t.csv").write_text(CSV)
    return tmp_path / "t.csv"


def read(table, labels=("sport",), **keywords):
    drop = keywords.pop("drop", ["id", "news"])
    return read_table(table, label_columns=list(labels), drop=drop, **keywords)


def test_text_and_dates_stay_one_column_each(csv):
    for table in (csv, pd.read_csv(csv)):
        X = read(table, text=["note"], dates=["day"], drop=["id", "news", "who"]).X
        assert X["note"].tolist() == ["good soup", "soup", "NOT good"]
        assert X["day"].dtype.kind == "M"
        assert X["day"].astype(str).str[:10].tolist() == ["2024-01-05", "2024-02-29", "2023-12-31"]


def test_groups_and_times_are_no_features_and_lie_beside_the_table(csv):
    table = read(csv, text=["note"], group="who", time="day")
    X, _, feature_names, _ = table
    assert list(X) == feature_names == ["note", "size"]
    assert table.groups.tolist() == ["07", "7", "07"]  # as they stand in the file
    assert table.times.dtype.kind == "M"
    assert table.times[1] == np.datetime64("2024-02-29T12:30")
    both = read(csv, text=["note"], group="who", time="day", dates=["day"])
    assert both.feature_names == ["day", "note", "size"] and both.times is not None


def test_groups_that_differ_by_a_blank_alone_are_told():
    table = pd.DataFrame({"size": [1, 2, 3], "who": ["K07", "K07 ", "K08"], "sport": [0, 1, 0]})
    with pytest.warns(UserWarning, match=r"group column 'who': \['K07', 'K07 '\] are different"):
        read_table(table, label_columns=["sport"], group="who")


def test_a_table_without_groups_has_none(csv):
    table = read(csv, drop=["id", "news", "day", "who", "note"])
    assert (table.groups, table.times, len(table)) == (None, None, 4)


@pytest.mark.parametrize("again", [copy.copy, lambda table: pickle.loads(pickle.dumps(table))])
def test_groups_and_times_outlive_a_copy(again, csv):
    table = again(read(csv, text=["note"], group="who", time="day"))
    assert isinstance(table, Table) and table.groups.tolist() == ["07", "7", "07"]
    assert table.label_names == ["sport"] and len(table.times) == 3


@pytest.mark.parametrize(
    "values",
    [
        pd.to_datetime(["2024-01-05", "2024-01-06", None]),
        pd.to_datetime(["2024-01-05T01:00+01:00", "2024-01-06T01:00+01:00", None]),
        [pd.Timestamp("2024-01-05").date(), pd.Timestamp("2024-01-06").date(), None],
        ["2024-01-05", " 2024-01-06T00:00Z ", ""],
        pd.Categorical(["2024-01-05", "2024-01-06", None]),
    ],
    ids=["datetime64", "zone", "date", "text", "category"],
)
def test_dates_in_any_dress(values):
    frame = pd.DataFrame({"day": values, "news": 1})
    day = read_table(frame, label_columns=["news"], dates=["day"], missing="keep").X["day"]
    expected = np.array(["2024-01-05", "2024-01-06", "NaT"], "datetime64[s]")
    np.testing.assert_array_equal(day.to_numpy().astype("datetime64[s]"), expected)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["2024-01-05", "05.01.2024"], r"'05.01.2024' in row 1.*date_format='%d.%m.%Y'"),
        (["01/05/2024", "2024-01-05"], r"'01/05/2024' in row 0.*'%m/%d/%Y' or '%d/%m/%Y', which"),
        (["2024-01-05", "soon"], "'soon' in row 1, where a date is due: write it as 2024-12-31"),
        (["2024-02-30", "2024-01-05"], "'2024-02-30' in row 0, where a date is due"),
        ([20240105, 20240106], "int64, where dates are due: .*pandas.to_datetime"),
        ([1.5, None], "float64, where dates are due"),
    ],
)
def test_other_dates_are_refused_with_what_to_do(values, message):
    frame = pd.DataFrame({"day": values, "size": 0.5, "news": 1})
    for keywords in ({"dates": ["day"]}, {"time": "day"}):
        with pytest.raises(ValueError, match=f"column 'day' holds {message}"):
            read_table(frame, label_columns=["news"], **keywords)


def test_dates_in_other_forms_are_read_by_pandas(tmp_path):
    (tmp_path / "t.csv").write_text("day,news\n05.01.2024,1\n31.12.2023,0\n")
    options = {"parse_dates": ["day"], "date_format": "%d.%m.%Y"}
    X = read_table(tmp_path / "t.csv", label_columns=["news"], dates=["day"], **options).X
    assert X["day"].astype(str).tolist() == ["2024-01-05", "2023-12-31"]


@pytest.mark.parametrize(
    ("keywords", "error", "message"),
    [
        ({"text": "note"}, TypeError, "text is the text 'note': pass a list"),
        ({"dates": 5}, TypeError, "dates=5: pass a list"),
        ({"group": ["who"]}, TypeError, r"group=\['who'\]: pass one name"),
        ({"time": ["day"]}, TypeError, r"time=\['day'\]: pass one name"),
        ({"text": ["nota"]}, ValueError, r"text: the table has no columns \['nota'\]"),
        ({"group": "whom"}, ValueError, r"group: the table has no columns \['whom'\]"),
        ({"group": "sport"}, ValueError, r"\['sport'\]: named in label_columns and in group"),
        ({"text": ["note"], "categorical": ["note"]}, ValueError, "in categorical and in text; d"),
        ({"text": ["day"], "dates": ["day"]}, ValueError, "named in text and in dates; decide"),
        ({"missing_labels": "no"}, ValueError, "missing_labels='no': expected 'refuse' or 'mask'"),
    ],
)
def test_parts_refused(keywords, error, message, csv):
    with pytest.raises(error, match=message):
        read(csv, **keywords)


@pytest.mark.parametrize("part", ["group", "time"])
def test_a_row_without_group_or_time_is_refused(part):
    frame = pd.DataFrame({"x": ["2024-01-01", None], "size": 0.5, "news": 1})
    with pytest.raises(ValueError, match=f"column 'x', named in {part}, has .* in row 1"):
        read_table(frame, label_columns=["news"], **{part: "x"})


# --- labels nobody knows -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [[1, 0, None], pd.array([1, 0, None], "Int64"), ["1", "FALSE", " "], [True, False, None]],
    ids=["float", "Int64", "text", "bool"],
)
def test_an_empty_label_cell_is_masked(values):
    frame = pd.DataFrame({"size": 0.5, "news": values, "sport": [0, 1, 1]})
    y = read_table(frame, label_columns=["news", "sport"], missing_labels="mask").y
    assert y.dtype == "float64"
    np.testing.assert_array_equal(y, [[1, 0], [0, 1], [np.nan, 1]])


def test_an_empty_label_cell_of_a_file_is_masked_or_refused(csv):
    keywords = {"labels": ["news", "sport"], "drop": ["id", "day", "note", "who"]}
    y = read(csv, missing_labels="mask", **keywords).y
    np.testing.assert_array_equal(y, [[1, 0], [0, 1], [np.nan, 1]])
    with pytest.raises(ValueError, match=r"'news' holds a gap in row 2.*missing_labels='mask'"):
        read(csv, **keywords)


def test_masked_labels_are_refused_where_they_are_neither_yes_nor_no_nor_empty():
    frame = pd.DataFrame({"size": 0.5, "news": [1, None, 2], "sport": 1})
    with pytest.raises(ValueError, match=r"'news' holds 2\.0 in row 2: expected 0 or 1"):
        read_table(frame, label_columns=["news"], missing_labels="mask")
    with pytest.raises(ValueError, match=r"no row has the labels \['news'\]"):
        frame["news"] = [0, None, 0]
        read_table(frame, label_columns=["news", "sport"], missing_labels="mask")
    with pytest.raises(ValueError, match="missing_labels='mask' needs label_columns"):
        read_table(frame, label_column="news", missing_labels="mask")
