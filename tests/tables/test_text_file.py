"""Text files as spreadsheets, R and pandas write them: the same table comes back, or a refusal."""

import os
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from helpers.tables import TextTable, read_table

EXAMPLES = int(os.environ.get("TABLE_EXAMPLES", "0"))
LABELS = {"label_columns": ["a", "b"], "missing": "keep"}
RIGHT = [[1, 0], [0, 1], [1, 1]]
TRAILING = "{0},1,0,1.5,\n{1},0,1,2.5,\n{2},1,1,0.5,\n"


@pytest.fixture
def write(tmp_path):
    def write(text, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


# --- separators at the end, row names ------------------------------------------------------------


@pytest.mark.parametrize("first", [(0, 1, 2), (1, 2, 3), (10, 20, 30), (5, 9, 1), ("x", "y", "z")])
@pytest.mark.parametrize(("name", "sep"), [("table.csv", ","), ("table.tsv", "\t")])
def test_a_separator_at_the_end_of_rows_shifts_nothing(first, name, sep, write):
    text = ("id,a,b,w\n" + TRAILING.format(*first)).replace(",", sep)
    with pytest.warns(UserWarning, match=rf"{name}: each row ends with a separator"):
        table = read_table(write(text, name), drop=["id"], **LABELS)
    assert table.y.tolist() == RIGHT
    assert table.X.to_dict("list") == {"w": [1.5, 2.5, 0.5]}


@pytest.mark.parametrize("first", ["123", "012", "xyz"])
def test_names_of_rows_without_a_name_of_their_own_are_no_column(first, write):
    """As R's write.table writes them."""
    text = 'a b w\n"{}" 1 0 1.5\n"{}" 0 1 2.5\n"{}" 1 1 0.5\n'.format(*first)
    with pytest.warns(UserWarning, match="first field of each row, such as .* taken for its name"):
        table = read_table(write(text), sep=" ", **LABELS)
    assert table.y.tolist() == RIGHT
    assert table.X["w"].tolist() == [1.5, 2.5, 0.5]
    assert table.X.index.astype(str).tolist() == list(first)


@pytest.mark.parametrize("first", ["133", "321", "246"])
def test_numbers_too_many_are_no_names_of_rows(first, write):
    """They may be decimal commas as well."""
    text = "a,b,w\n{},1,0,1.5\n{},0,1,2.5\n{},1,1,0.5\n".format(*first)
    with pytest.raises(ValueError, match=r"table\.csv: its rows have more fields than its header"):
        read_table(write(text), **LABELS)


def test_fields_too_many_are_noticed_where_rows_cannot_be_counted(write):
    text = "a,b,w\n1,1,0,1.5\n2,0,1,2.5\n"
    with pytest.raises(ValueError, match="more fields than its header"):
        read_table(write(text), engine="python", **LABELS)
    text = "a,b,w\n1,0,1.5,\n0,1,2.5,\n"
    assert read_table(write(text), engine="python", **LABELS).y.tolist() == RIGHT[:2]


# --- rows that are none --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1,0", "the header has 3 fields, row 1 2"),
        ("1,0,3,4", "the header has 3 fields, row 1 4"),
        ("1,0,3,", "the header has 3 fields, row 1 4"),
        ("# a remark", "the header has 3 fields, row 1 1. Fix the line; if it is a remark"),
        (",,", "row 1 is empty; remove the line"),
        (" , ,", "row 1 is empty"),
    ],
)
@pytest.mark.parametrize("name", ["table.csv", "table.csv.gz", "table.csv.zip"])
def test_rows_of_another_length_refused(row, message, name, tmp_path):
    path = tmp_path / name
    lines = pd.DataFrame({"a,b,w": ["1,1,2", row, "1,1,2"]})
    lines.to_csv(path, index=False, sep="\x01", quoting=3)
    with pytest.raises(ValueError, match=rf"{name}: {message}"):
        read_table(path, **LABELS)


def test_blank_lines_and_line_breaks_in_quotes_are_fine(write):
    text = 'a,b,w\n\n1,0,"red\n\nor blue"\n   \n0,1,green\n\n'
    table = read_table(write(text), **LABELS)
    assert table.X["w"].tolist() == ["red\n\nor blue", "green"]


def test_fields_of_any_length(write):
    text = f"a,b,w\n1,0,{'x' * 200_000}\n0,1,y\n"
    assert len(read_table(write(text), **LABELS).X["w"][0]) == 200_000


@pytest.mark.parametrize("total", ["Total", "TOTAL:", "Sum", "Grand total", "Gesamtergebnis"])
def test_a_total_at_the_end_is_told(total, write):
    text = f"id,a,b,w\n1,1,0,3\n2,0,1,4\n{total},1,1,7\n"
    with pytest.warns(UserWarning, match=f"last row holds '{total}' in column 'id': if it is a"):
        read_table(write(text), drop=["id"], **LABELS)


def test_the_same_word_in_other_rows_is_no_total(write):
    text = "id,a,b,w\ntotal,1,0,3\npart,0,1,4\ntotal,1,1,7\n"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_table(write(text), drop=["id"], **LABELS)


@pytest.mark.parametrize(
    "text",
    [
        'id,note,a,b\n1,"x,0,1\n2,q,1,0\n3,z",1,1\n4,w,0,1\n',
        'note,id,a,b\nred,1,0,1\n"blue,2,1,0\ngreen",3,1,1\n',
    ],
)
def test_a_quotation_mark_that_swallows_rows_is_told(text, write):
    with pytest.warns(UserWarning, match="lines that look like rows: is a quotation mark missing"):
        read_table(write(text), drop=["note"], **LABELS)


def test_the_header_in_the_middle_is_refused(write):
    with pytest.raises(ValueError, match="row 1 is the header again"):
        read_table(write("a,b,w\n1,0,red\na,b,w\n0,1,red\n"), **LABELS)


def test_lines_before_the_header_and_remarks_are_counted_out(write):
    text = "# made by hand\n\na,b,w\n1,0,1.5\n# half\n0,1,2.5\n"
    assert read_table(write(text), comment="#", **LABELS).y.tolist() == RIGHT[:2]
    text = "title\na,b,w\n1,0,1.5\n0,1\n"
    for options in ({"skiprows": 1}, {"header": 1}):
        with pytest.raises(ValueError, match="the header has 3 fields, row 1 2"):
            read_table(write(text), **options, **LABELS)


@pytest.mark.parametrize("first", ["sep=;\r\n", '"sep=;"\n'])
def test_excel_s_line_about_the_separator_is_heeded(first, write):
    table = read_table(write(first + "a;b;w\r\n1;0;1.5\r\n0;1;2.5\r\n"), **LABELS)
    assert table.y.tolist() == RIGHT[:2]


def test_empty_columns_at_the_end_are_left_out(write):
    with pytest.warns(UserWarning, match="3 empty columns at its end are left out"):
        table = read_table(write("a,b,w,,,\n1,0,1.5,,,\n0,1,2.5,,,\n"), **LABELS)
    assert (list(table.X), table.y.tolist()) == (["w"], RIGHT[:2])
    with pytest.raises(ValueError, match=r"columns .* twice or more often"):
        read_table(write("a,b,w,,,\n1,0,1.5,,7,\n0,1,2.5,,,\n"), **LABELS)


# --- numbers -------------------------------------------------------------------------------------


def test_zeros_in_front_are_not_lost(write):
    text = "zip,a,b\n01234,1,0\n81234,0,1\n"
    with pytest.raises(ValueError, match="column 'zip' holds '01234': numbers with zeros in front"):
        read_table(write(text), **LABELS)
    assert read_table(write(text), categorical=["zip"], **LABELS).X["zip"][0] == "01234"
    assert read_table(write("w,zip,a,b\n1,01,1,0\n2,02,0,1\n"), drop=["zip"], **LABELS).y.any()


@pytest.mark.parametrize(
    ("values", "options"),
    [
        (["1.234", "2.345", "999"], {"decimal": ","}),
        (["01.02.2020", "02.02.2020"], {"decimal": ",", "thousands": "."}),
        (["1.5", "2.25"], {"decimal": ",", "thousands": "."}),
        (["192.168.0.1", "10.0.0.1"], {"decimal": ",", "thousands": "."}),
        (["1,5", "2,75"], {"thousands": ","}),
    ],
    ids=str,
)
def test_marks_must_stand_where_they_belong(values, options, write):
    rows = "".join(f"{value};1;1\n" for value in values)
    with pytest.raises(ValueError, match=f"column 'w' holds '{values[0]}' in row 0, which is no"):
        read_table(write("w;a;b\n" + rows), sep=";", **options, **LABELS)
    text = "w;a;b\n1.234.567,5;1;1\n-1.000;1;1\n7;1;1\n"
    right = read_table(write(text), sep=";", decimal=",", thousands=".", **LABELS)
    assert right.X["w"].tolist() == [1234567.5, -1000, 7]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (["950", "1.200", "12.000"], True),
        (["950", "1.200", "12.5"], False),
        (["0.950", "1.200", "2.345"], False),
    ],
    ids=str,
)
def test_points_that_seem_to_separate_thousands_are_told(values, told, write):
    rows = "".join(f"{value};1;1\n" for value in values)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        read_table(write("w;a;b\n" + rows), sep=";", **LABELS)
    messages = [str(warning.message) for warning in caught]
    assert any("column 'w' mixes whole numbers" in message for message in messages) == told


def test_options_that_only_pandas_knows_are_said_to_hide_rows(write):
    with pytest.warns(UserWarning, match=r"with \['nrows'\] its rows are not looked through"):
        read_table(write("w,a,b\n1,1,0\n2,0,1\n"), nrows=2, **LABELS)


def test_words_of_the_reader_s_own_for_gaps_leave_other_names_alone(write):
    text = "w,topic\n1,None\n2,news\n?,NA\n4,None;news\n"
    with pytest.warns(UserWarning, match="as a name"):
        table = read_table(write(text), label_column="topic", na_values="?", missing="keep")
    assert table.label_names == ["NA", "None", "news"]
    assert table.y.sum(axis=0).tolist() == [1, 2, 2]


# --- encodings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "hint"),
    [
        ("utf-16", "'utf-16'"),
        ("utf-16-le", "'utf-16-le'"),
        ("utf-16-be", "'utf-16-be'"),
        ("cp1252", "'cp1252', for files from Windows"),
    ],
)
def test_the_encoding_is_guessed(encoding, hint, write):
    path = write("a,b,größe\n1,0,1.5\n0,1,2.5\n".encode(encoding))
    with pytest.raises(ValueError, match=rf"table\.csv can't be read.*Pass encoding={hint}"):
        read_table(path, **LABELS)
    assert list(read_table(path, encoding=encoding, **LABELS).X) == ["größe"]


# --- any table, written in many ways -------------------------------------------------------------

WORDS = [
    "red",
    "blue",
    "dark red",
    "größe",
    'the "best"',
    "a, b",
    "x;y",
    "line\nbreak",
    "tab\there",
]
numbers = st.sampled_from([0.0, 1.0, -1.5, 1234.5, 0.25, 1e6, -7.0, 12.125])


@st.composite
def tables(draw):
    n = draw(st.integers(3, 6))
    column = {"min_size": n, "max_size": n}
    labels = draw(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), **column))
    labels[0] = (1, 1)
    return pd.DataFrame(
        {
            "id": draw(st.sampled_from([range(n), range(1, n + 1), range(10, 10 * n + 1, 10)])),
            # Labels first, and numbers that could be labels behind them, so that a shift shows.
            "a": [pair[0] for pair in labels],
            "b": [pair[1] for pair in labels],
            "size": draw(st.lists(numbers, **column)),
            "kind": draw(st.lists(st.sampled_from(WORDS), **column)),
        }
    )


@st.composite
def ways(draw):
    """How a table is written: the dialect, and what is done to its lines afterwards."""
    return {
        "sep": draw(st.sampled_from([",", ";", "\t", "|"])),
        "decimal": draw(st.sampled_from([".", ","])),
        "quoting": draw(st.sampled_from([0, 1, 2])),
        "lineterminator": draw(st.sampled_from(["\n", "\r\n", "\r"])),
        "encoding": draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])),
        "index": draw(st.booleans()),
        "change": draw(st.sampled_from(["none", *CHANGES])),
        "told": draw(st.booleans()),
    }


def no_header_for_names(lines, sep):
    """As R does."""
    return [lines[0].partition(sep)[2], *lines[1:]]


CHANGES = {
    "separator after rows": lambda lines, sep: [lines[0], *(line + sep for line in lines[1:])],
    "separator after all": lambda lines, sep: [line + sep for line in lines],
    "separator after one": lambda lines, sep: [*lines[:-1], lines[-1] + sep],
    "blank lines": lambda lines, sep: ["", lines[0], "", *lines[1:], "", ""],
    "empty row": lambda lines, sep: [*lines, sep * lines[0].count(sep)],
    "remark first": lambda lines, sep: ["# exported", *lines],
    "remark last": lambda lines, sep: [*lines, "# end of file"],
    "short row": lambda lines, sep: [*lines[:-1], lines[-1].rpartition(sep)[0]],
    "no name for row names": no_header_for_names,
    "cut off": lambda lines, sep: [*lines[:-1], lines[-1][:-3]],
}


def write_table(table, way, path):
    known = ("sep", "decimal", "quoting", "lineterminator", "index")
    text = table.to_csv(**{name: way[name] for name in known})
    if way["change"] != "none" and "line" not in table["kind"].str.cat():
        lines = text.split(way["lineterminator"])[:-1]
        lines = CHANGES[way["change"]](lines, way["sep"])
        text = way["lineterminator"].join([*lines, ""])
    path.write_bytes(text.encode(way["encoding"]))


WAY = {"sep": ",", "decimal": ".", "quoting": 0, "lineterminator": "\n", "encoding": "utf-8"}
WAY |= {"index": False, "change": "separator after rows", "told": True}
TABLE = pd.DataFrame(
    {"id": range(3), "a": [1, 0, 1], "b": [1, 1, 0], "size": [1.0, 0.0, 1.0], "kind": ["red"] * 3}
)


@pytest.mark.slow
@settings(
    max_examples=EXAMPLES or 300,
    deadline=None,
    derandomize=not EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(tables(), ways())
@example(TABLE, WAY)
@example(TABLE, WAY | {"change": "no name for row names", "index": True})
def test_the_same_table_comes_back_or_a_refusal(tmp_path, table, way):
    path = tmp_path / "table.csv"
    write_table(table, way, path)
    options = {}
    if way["told"]:
        options = {name: way[name] for name in ("sep", "decimal", "encoding")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = read_table(path, drop=["id"], **LABELS, **options)
        except ValueError:
            assert not way["told"] or way["change"] != "none" or way["index"]
            return
    assert found.y.tolist() == table[["a", "b"]].to_numpy().tolist()
    assert list(found.X) == ["size", "kind"]
    np.testing.assert_array_equal(found.X["size"], table["size"])
    assert found.X["kind"].tolist() == table["kind"].tolist()


def test_pieces_are_the_whole(write):
    text = "id,a,b,w\n" + "".join(f"{i},1,0,{i / 4},\n" for i in range(50))
    whole = TextTable(write(text), {}).read()[0]
    for n_rows in (1, 7, 50, 100):
        pieces = list(TextTable(write(text), {}).pieces([], n_rows))
        pd.testing.assert_frame_equal(pd.concat(pieces), whole)
        assert len(pieces) == -(-50 // n_rows)
