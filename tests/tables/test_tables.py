"""A table of one's own: what is read from files and frames, and what is refused with what words."""

import bz2
import gzip
import subprocess
import sys
import warnings
import zipfile

import numpy as np
import pandas as pd
import pytest

from helpers.tables import read_table, text_file

LABELS = ["news", "sport"]


def make_frame(**columns):
    """Four rows: a number, a yes or no, a category and two labels."""
    given = {
        "size": [1.5, 2.5, -3.0, 4.0],
        "open": [True, False, False, True],
        "color": ["red", "blue", "red", "green"],
        "news": [1, 0, 1, 0],
        "sport": [0, 0, 1, 1],
    }
    return pd.DataFrame(given | columns)


def write(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.fixture
def csv(tmp_path):
    """A function that writes text to a file and returns its path."""
    return lambda text, name="table.csv": write(tmp_path / name, text)


def assert_same(table, expected):
    pd.testing.assert_frame_equal(table.X, expected.X)
    np.testing.assert_array_equal(table.y, expected.y)
    assert table[2:] == expected[2:]


# --- what comes out ------------------------------------------------------------------------------


def test_features_labels_and_their_names():
    X, y, feature_names, label_names = read_table(make_frame(), label_columns=LABELS)
    assert X.to_dict("list") == {
        "size": [1.5, 2.5, -3.0, 4.0],
        "open": [1.0, 0.0, 0.0, 1.0],
        "color": ["red", "blue", "red", "green"],
    }
    assert X.dtypes.astype(str).tolist() == ["float64", "float64", "object"]
    assert (y.dtype, y.tolist()) == ("int64", [[1, 0], [0, 0], [1, 1], [0, 1]])
    assert (feature_names, label_names) == (["size", "open", "color"], LABELS)


def test_labels_come_in_the_order_asked_for():
    table = read_table(make_frame(), label_columns=LABELS[::-1])
    assert (table.label_names, table.y[0].tolist()) == (["sport", "news"], [0, 1])


@pytest.mark.parametrize(
    ("topics", "keywords"),
    [
        (["news", "", "sport;news", " sport "], {}),
        (["news", None, "sport|news", "sport"], {"separator": "|"}),
        (["news", np.nan, "sport and news", "sport"], {"separator": " and "}),
        ([["news"], [], ("sport", "news"), {"sport"}], {}),
    ],
)
def test_labels_from_one_column_are_those_from_several(topics, keywords):
    frame = make_frame().drop(columns=LABELS).assign(topic=topics)
    table = read_table(frame, label_column="topic", **keywords)
    assert_same(table, read_table(make_frame(), label_columns=LABELS))


def test_columns_can_be_dropped():
    table = read_table(make_frame(), label_columns=["news"], drop=["sport", "open"])
    assert (table.feature_names, list(table.X)) == (["size", "color"], ["size", "color"])


def test_a_number_can_be_a_name():
    frame = make_frame(code=[10, 20, 10, 30])
    assert read_table(frame, label_columns=LABELS).X["code"].tolist() == [10, 20, 10, 30]
    table = read_table(frame, label_columns=LABELS, categorical=["code"])
    assert table.X["code"].tolist() == ["10", "20", "10", "30"]


def test_gaps_can_be_kept():
    frame = make_frame(size=[1.5, None, 3.0, 4.0], color=["red", "blue", None, "red"])
    X = read_table(frame, label_columns=LABELS, missing="keep").X
    assert X.isna().sum().to_dict() == {"size": 1, "open": 0, "color": 1}
    assert X["color"].tolist()[:2] == ["red", "blue"]


def test_rows_keep_their_index_even_where_it_repeats():
    frame = make_frame().set_index(pd.Index(["a", "a", "b", "a"]))
    X, y, *_ = read_table(frame, label_columns=LABELS)
    assert (X.index.tolist(), X["size"].tolist()) == (list("aaba"), [1.5, 2.5, -3.0, 4.0])
    assert y.shape == (4, 2)


def test_names_that_are_no_text_become_text():
    frame = pd.DataFrame([[5, 0.5, 1], [6, 1.5, 0]], columns=[0, 1.5, pd.Timestamp("2020")])
    table = read_table(frame, label_columns=[pd.Timestamp("2020")], drop=[0])
    assert (table.feature_names, table.label_names) == (["1.5"], ["2020-01-01 00:00:00"])


def test_the_frame_given_stays_as_it_was():
    frame = make_frame(size=["1", "2", "3", "4"]).rename(columns={"open": 7})
    before = frame.copy()
    read_table(frame, label_columns=LABELS, categorical=[7], drop=["color"])
    pd.testing.assert_frame_equal(frame, before)


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["t.csv", "t.CSV", "t.tsv", "t.csv.gz", "t.tsv.bz2", "t.csv.zip"])
def test_a_file_gives_what_its_frame_gives(tmp_path, name):
    make_frame().to_csv(tmp_path / name, index=False, sep="\t" if ".tsv" in name else ",")
    expected = read_table(make_frame(), label_columns=LABELS)
    assert_same(read_table(tmp_path / name, label_columns=LABELS), expected)
    assert_same(read_table(str(tmp_path / name), label_columns=LABELS), expected)


def test_parquet_gives_what_its_frame_gives(tmp_path):
    pytest.importorskip("pyarrow")
    frame = make_frame(topic=[["a"], ["a", "b"], [], ["b"]])
    frame.to_parquet(tmp_path / "t.parquet")
    table = read_table(tmp_path / "t.parquet", label_column="topic", drop=LABELS)
    assert_same(table, read_table(frame, label_column="topic", drop=LABELS))
    assert table.y.tolist() == [[1, 0], [1, 1], [0, 0], [0, 1]]


def test_parquet_without_pyarrow(csv, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ValueError, match=r"t\.parquet needs a package more: pip install pyarrow"):
        read_table(csv("", "t.parquet"), label_columns=["a"])


def test_a_byte_order_mark_is_no_part_of_a_name(csv):
    table = read_table(csv("\ufeffsize,news\n1,0\n2,1\n"), label_columns=["news"])
    assert table.feature_names == ["size"]


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("size;news\n1,5;0\n2,5;1\n", {"sep": ";", "decimal": ","}),
        ("size;news\n1,5;0\n2,5;1\n", {"delimiter": ";", "decimal": ","}),
        ("size   news\n1.5 0\n2.5  1\n", {"sep": r"\s+"}),
        ("size::news\n1.5::0\n2.5::1\n", {"sep": "::", "engine": "python"}),
        ("made by hand\nsize,news\n1.5,0\n2.5,1\n", {"skiprows": 1}),
        ("id,size,news\n7,1.5,0\n8,2.5,1\n", {"usecols": ["size", "news"]}),
        ("id,size,news\n7,1.5,0\n8,2.5,1\n", {"index_col": 0}),
        ("1.5,0\n2.5,1\n", {"names": ["size", "news"]}),
        ("0,0\n2.5,1\n", {"names": ["size", "news"], "skiprows": 0}),
        ("größe,news\n1.5,0\n2.5,1\n".encode("latin-1"), {"encoding": "latin-1"}),
        ("size,news\n1.5,0\n2.5,1\n2.5,1\n", {"nrows": 2}),
    ],
)
@pytest.mark.filterwarnings("ignore:.*not looked through")
def test_options_of_the_reader_are_passed_on(csv, text, options):
    X, y, *_ = read_table(csv(text), label_columns=["news"], **options)
    assert (X.iloc[1, 0], y.tolist()) == (2.5, [[0], [1]])


def test_a_file_without_a_header_has_numbers_for_names(csv):
    path = csv("01,1,1\n02,0,1\n")
    table = read_table(path, label_columns=[2], categorical=[0], header=None)
    assert (table.feature_names, table.label_names) == (["0", "1"], ["2"])
    assert table.X["0"].tolist() == ["01", "02"]


def test_categories_of_a_file_keep_their_zeros(csv):
    path = csv("code,place,news\n0107,5,1\n0200,6,0\n")
    for dtype in ({}, {"dtype": {"place": "float32"}}, {"dtype": "float32"}):
        X = read_table(path, label_columns=["news"], categorical=["code"], **dtype).X
        assert (X["code"].tolist(), X["place"].tolist()) == (["0107", "0200"], [5, 6])
    assert X["place"].dtype == "float32"


def test_a_column_is_read_in_one_way_from_its_first_row_to_its_last(tmp_path):
    """Read in pieces, as pandas does by default, the first "01" would be the number 1."""
    codes = ["01"] * 400_000 + [f"x{i}" for i in range(3)]
    pd.DataFrame({"code": codes, "news": 1}).to_csv(tmp_path / "t.csv", index=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        X = read_table(tmp_path / "t.csv", label_columns=["news"], categorical=["code"]).X
        assert X["code"].iloc[[0, -1]].tolist() == ["01", "x2"]
        with pytest.raises(ValueError, match="column 'code' holds '01'"):
            read_table(tmp_path / "t.csv", label_columns=["news"])


@pytest.mark.parametrize("options", [{}, {"header": None, "skiprows": 1}])
def test_only_an_empty_text_means_no_label(csv, options):
    path = csv("size,where\n1,NA\n2,NA;EU\n3,\n4,None\n")
    table = read_table(path, label_column="1" if options else "where", **options)
    assert table.label_names == ["EU", "NA", "None"]
    assert table.y.tolist() == [[0, 1, 0], [1, 1, 0], [0, 0, 0], [0, 0, 1]]


@pytest.mark.parametrize("options", [{}, {"engine": "python"}, {"index_col": 0}])
def test_gaps_outside_the_labels_are_those_of_pandas(csv, options):
    assert set(text_file.GAPS) == pd._libs.parsers.STR_NA_VALUES
    rows = [f"{i},{gap},NA" for i, gap in enumerate(text_file.GAPS)]
    path = csv("\n".join(["id,size,where", *rows, "99,1.5,EU\n"]))
    table = read_table(path, label_column="where", missing="keep", **options)
    assert table.X["size"].isna().tolist() == [True] * len(rows) + [False]
    assert table.y[[0, -1]].tolist() == [[0, 1], [1, 0]]


def test_what_is_a_gap_among_the_labels_can_be_said(csv):
    path = csv("size,where\n1,-\n2,EU\n")
    table = read_table(path, label_column="where", na_values="-")
    assert (table.label_names, table.y.tolist()) == (["EU"], [[0], [1]])


def test_labels_that_are_numbers_are_names_too(csv):
    table = read_table(csv("size,topics\n1,7\n2,12\n"), label_column="topics")
    assert (table.label_names, table.y.tolist()) == (["12", "7"], [[0, 1], [1, 0]])


# --- refused: arguments --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keywords", "error", "message"),
    [
        ({}, ValueError, "pass either label_columns .* or label_column"),
        ({"label_columns": LABELS, "label_column": "news"}, ValueError, "pass either label_col"),
        ({"label_columns": "news"}, TypeError, "label_columns is the text 'news': pass a list"),
        ({"label_columns": 5}, TypeError, "label_columns=5: pass a list of column names"),
        ({"label_columns": []}, ValueError, "label_columns is empty"),
        ({"label_columns": ["news", "news"]}, ValueError, "label_columns=.*named twice"),
        (
            {"label_columns": ["now"]},
            ValueError,
            r"label_columns: .* no columns \['now'\]; it has ",
        ),
        ({"label_column": "now"}, ValueError, r"label_column: the table has no columns \['now'\]"),
        ({"label_column": LABELS}, TypeError, "label_column=.*pass one name, or several as label_"),
        ({"label_column": "color", "separator": ""}, ValueError, "separator is empty"),
        ({"label_column": "color", "separator": None}, TypeError, "separator=None: pass the text"),
        ({"label_columns": LABELS, "drop": "size"}, TypeError, "drop is the text 'size'"),
        ({"label_columns": LABELS, "drop": None}, TypeError, "drop=None: pass a list"),
        (
            {"label_columns": LABELS, "drop": ["sise"]},
            ValueError,
            r"drop: .* no columns \['sise'\]",
        ),
        (
            {"label_columns": LABELS, "drop": ["news"]},
            ValueError,
            r"\['news'\]: named in label_col",
        ),
        ({"label_columns": LABELS, "categorical": "size"}, TypeError, "categorical is the text"),
        ({"label_columns": LABELS, "categorical": ["x"]}, ValueError, r"categorical: .* \['x'\]"),
        ({"label_columns": LABELS, "categorical": ["news"]}, ValueError, "and in categorical; dec"),
        ({"label_columns": LABELS, "missing": "mean"}, ValueError, "missing='mean': expected 'ref"),
        ({"label_columns": LABELS, "missing": None}, ValueError, "missing=None: expected 'refuse'"),
        ({"label_columns": LABELS, "seperator": ","}, TypeError, r"\['seperator'\]: a DataFrame"),
    ],
)
def test_arguments_refused(keywords, error, message):
    with pytest.raises(error, match=message):
        read_table(make_frame(), **keywords)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (np.ones((2, 2)), r"path_or_frame is a numpy\.ndarray: pass a path, or a DataFrame"),
        (pd.Series([1]), r"path_or_frame is a pandas\..*Series"),
        (b"table.csv", r"path_or_frame is a builtins\.bytes"),
        (None, r"path_or_frame is a builtins\.NoneType"),
    ],
)
def test_only_paths_and_frames_are_read(given, message):
    with pytest.raises(TypeError, match=message):
        read_table(given, label_columns=["a"])


# --- refused: frames -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"size": [1, np.inf, 3, 4]}, "column 'size' is infinite in row 1: fix or drop"),
        ({"size": [1, 2, 3, -np.inf]}, "column 'size' is infinite in row 3"),
        ({"size": ["1", "2", "3 cm", "4"]}, "column 'size' holds '3 cm' in row 2, where a number"),
        ({"size": [None, 2, None, 4]}, r"values are missing: \{'size': 2\} \(column: rows\)"),
        ({"color": [None, "a", "b", "a"]}, r"values are missing: \{'color': 1\}.*missing='keep'"),
        ({"size": [[1], [2], [3], [4]]}, "column 'size' holds a list in row 0"),
        ({"news": [1, 0, 2, 0]}, "label column 'news' holds 2 in row 2: expected 0 or 1"),
        ({"news": [1, 0, None, 0]}, "label column 'news' holds a gap in row 2: expected 0 or 1"),
        ({"sport": ["no", "0", "1", "1"]}, "label column 'sport' holds 'no' in row 0"),
        ({"sport": [0, 0, 0, 0]}, r"no row has the labels \['sport'\]: nothing can be learned"),
    ],
)
def test_columns_refused(columns, message):
    with pytest.raises(ValueError, match=message):
        read_table(make_frame(**columns), label_columns=LABELS)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (make_frame()[:0], "the table has no rows"),
        (make_frame()[[]], "the table is empty"),
        (pd.DataFrame(), "the table is empty"),
        (make_frame()[LABELS], "the table has no column left for the features"),
        (make_frame().rename(columns={"size": "color"}), r"has the columns \['color'\] twice"),
        (pd.DataFrame([[1, 1, 1]], columns=[1, "1", "news"]), r"has the columns \['1'\] twice"),
        (pd.DataFrame([[1, 1, 1]], columns=[1, "news", "news"]), r"the columns \['news'\] twice"),
        (make_frame().T.set_index([LABELS * 2 + ["x"], list("abcde")]).T, "names of 2 levels"),
        (make_frame().reset_index(names=""), r"has no name, here called '': pass drop=\[''\] if"),
    ],
)
def test_frames_refused(frame, message):
    with pytest.raises(ValueError, match=message):
        read_table(frame, label_columns=LABELS)


# --- refused: files ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["nowhere.csv", "nowhere.parquet", "", ".", "a,b\n1,2\n" * 999])
def test_no_such_file(path):
    with pytest.raises(FileNotFoundError, match="path_or_frame: there is no file '"):
        read_table(path, label_columns=["a"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"table\.csv is empty"),
        ("\n\n", r"table\.csv is empty"),
        ("size,news\n", "the table has no rows"),
        ("size,size,news\n1,2,0\n", r"has the columns \['size'\] twice or more often: rename them"),
        ("size,news,news\n1,0,1\n", r"has the columns \['news'\] twice"),
        (",,news\n1,2,0\n", r"has the columns \[''\] twice"),
        (
            ",size,news\n0,1.5,0\n1,2.5,1\n",
            r"has no name, here called 'Unnamed: 0': pass drop=\['U",
        ),
        ("size,news\n1,2,0\n3,4,1\n", r"table\.csv: its rows have more fields than.*index_col=0"),
        ("size,news\n1,0\n2,1,7\n", r"table\.csv: the header has 2 fields, row 1 3"),
        ('size,news\n"1,0\n2,1\n', r"table\.csv can't be read as a table: .*EOF inside string"),
        (
            "größe,news\n1,0\n".encode("latin-1"),
            "Pass encoding='cp1252'.* or 'latin-1'",
        ),
        (
            "size,news\n1,0\n".encode("utf-16"),
            "can't be read.*Pass encoding='utf-16'",
        ),
        ("size;news\n1;0\n", r"it has \['size;news'\]; pass sep=\";\", which seems"),
        ("size,news\n1,0\ninf,1\n", "column 'size' is infinite in row 1"),
        ("size,news\n1,0\n2,\n", "label column 'news' holds a gap in row 1"),
        ("size,news\n1,0\n2,0.5\n", "label column 'news' holds 0.5 in row 1"),
        ("size,news\n1,0\n,1\n", r"values are missing: \{'size': 1\}"),
        ("size,news\n1,0\n2,0\n", r"no row has the labels \['news'\]"),
        ("size,news\n1,0\n2 cm,1\n", "column 'size' holds '2 cm' in row 1, where a number is due"),
        ("size,news\n1\n2\n", "the header has 2 fields, row 0 1"),
        ("size;news\n1,5;0\n2,5;1\n", r"it has \['size;news'\]; pass sep=\";\""),
    ],
)
def test_text_files_refused(csv, text, message):
    with pytest.raises(ValueError, match=message):
        read_table(csv(text), label_columns=["news"])


def test_decimal_commas_are_pointed_out(csv):
    path = csv("size\tnews\n1,5\t0\n2,5\t1\n", "table.tsv")
    with pytest.raises(ValueError, match=r"'1,5' in row 0.*read it with decimal=','"):
        read_table(path, label_columns=["news"])
    assert read_table(path, label_columns=["news"], decimal=",").X["size"].tolist() == [1.5, 2.5]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"seperator": ";"}, TypeError, r"\['seperator'\]: neither arguments of read_table nor"),
        ({"chunksize": 5}, TypeError, r"\['chunksize'\]: neither"),
        ({"iterator": True}, TypeError, r"\['iterator'\]: neither"),
        ({"sep": 5}, ValueError, r"table\.csv can't be read as a table"),
        ({"encoding": "klingon"}, ValueError, r"table\.csv can't be read as a table.*klingon"),
        ({"usecols": ["now"]}, ValueError, r"table\.csv can't be read as a table.*'now'"),
        ({"dtype": {"size": "int8"}}, ValueError, r"table\.csv can't be read as a table"),
        ({"header": [0, 1]}, ValueError, "names of 2 levels"),
        ({"header": 0, "names": ["a", "a"]}, ValueError, r"can't be read.*[Dd]uplicate"),
    ],
)
def test_options_of_the_reader_refused(csv, options, error, message):
    with pytest.raises(error, match=message):
        read_table(csv("size,news\n1.5,0\n2.5,1\n"), label_columns=["news"], **options)


@pytest.mark.parametrize("name", ["table.txt", "table.xlsx", "table"])
def test_endings_refused(csv, name):
    with pytest.raises(ValueError, match=rf"{name}: expected a name that ends in .csv or .tsv"):
        read_table(csv("size,news\n1,0\n2,1\n", name), label_columns=["news"])
    table = read_table(csv("size,news\n1,0\n2,1\n", name), label_columns=["news"], sep=",")
    assert table.feature_names == ["size"]


@pytest.mark.parametrize("name", [f"t.csv.{e}" for e in ("gz", "bz2", "xz", "zip", "tar")])
@pytest.mark.parametrize("content", [b"", b"size,news\n1,0\n"])
def test_files_that_are_not_compressed_as_they_say(csv, name, content):
    with pytest.raises(ValueError, match=r"t\.csv.* (can't be read as a table|is empty)"):
        read_table(csv(content, name), label_columns=["news"])


@pytest.mark.parametrize(("ending", "compress"), [("gz", gzip.compress), ("bz2", bz2.compress)])
@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_damaged_compressed_files(csv, ending, compress, damage):
    rows = np.random.default_rng(0).normal(size=2000)
    content = bytearray(compress(("size,news\n" + "".join(f"{r},1\n" for r in rows)).encode()))
    content = content[: len(content) // 2] if damage == "cut" else content
    content[600:620] = bytes(20)
    with pytest.raises(ValueError, match=rf"t\.csv\.{ending} can't be read as a table"):
        read_table(csv(bytes(content), f"t.csv.{ending}"), label_columns=["news"])


def test_an_archive_of_several_tables(tmp_path):
    with zipfile.ZipFile(tmp_path / "t.csv.zip", "w") as archive:
        archive.writestr("a.csv", "size,news\n1,0\n")
        archive.writestr("b.csv", "size,news\n1,0\n")
    with pytest.raises(ValueError, match=r"can't be read as a table.*'a\.csv', 'b\.csv'"):
        read_table(tmp_path / "t.csv.zip", label_columns=["news"])


@pytest.mark.parametrize("content", [b"", b"PAR1", b"size,news\n1,0\n" * 9])
def test_damaged_parquet(csv, content):
    pytest.importorskip("pyarrow")
    with pytest.raises(ValueError, match=r"t\.parquet can't be read as a table"):
        read_table(csv(content, "t.parquet"), label_columns=["news"])


# --- where it is found ---------------------------------------------------------------------------


def test_reading_tables_needs_no_networks_and_no_model_files():
    heavy = ("iterstrat", "keras", "matplotlib", "skops", "tensorflow")
    script = f"import sys, helpers.data; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
