"""Tables that nobody would think of: each is read, or refused in words of our own."""

import datetime
import os
import traceback
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, event, example, given, settings
from hypothesis import strategies as st

import helpers
from helpers.preprocessing import make_preprocessor, transform
from helpers.tables import read_table

# The same examples each time, so that a failure is a failure on the next run too. To look for
# more, set the number of examples: TABLE_EXAMPLES=20000 also draws new ones.
EXAMPLES = int(os.environ.get("TABLE_EXAMPLES", "0"))
many = settings(max_examples=EXAMPLES or 100, deadline=None, derandomize=not EXAMPLES)

HERE = Path(helpers.__file__).parent
ARGUMENTS = ("label_columns", "label_column", "separator", "categorical", "drop", "missing")
ARGUMENTS += ("text", "dates", "group", "time", "missing_labels")

# --- what may be in a table ----------------------------------------------------------------------

texts = st.sampled_from(["", " ", "a", "b;c", "0", "1", "true", "FALSE", "1.5", "1,5", "nan", "é"])
texts |= st.text(max_size=4)
numbers = st.integers() | st.integers(2**63, 2**200) | st.floats() | st.floats(width=32)
numbers |= st.sampled_from([0, 1, 0.0, 1.0, np.float32(1), np.int8(0), np.uint64(2**64 - 1)])
gaps = st.sampled_from([None, float("nan"), pd.NA, pd.NaT])
moments = st.datetimes(datetime.datetime(1900, 1, 1), datetime.datetime(2100, 1, 1))
strange = st.sampled_from(
    [
        [],
        ["a"],
        ["a", 1],
        [None],
        ("a",),
        {"a"},
        {},
        {"a": 1},
        b"a",
        1j,
        np.complex64(1j),
        Decimal("1.5"),
        Decimal("NaN"),
        Decimal("Infinity"),
        datetime.date(2020, 1, 1),
        pd.Timestamp("2020", tz="UTC"),
        pd.Timedelta(1),
        pd.Period("2020"),
        pd.Interval(0, 1),
        np.array("a"),
        np.array(["a", "b"]),
        np.ones((2, 2)),
        np.datetime64("2020"),
        object,
    ]
)
anything = texts | numbers | gaps | moments | st.booleans() | strange

KINDS = {
    "int64": st.integers(-(2**63), 2**63 - 1),
    "uint64": st.integers(0, 2**64 - 1),
    "int8": st.integers(0, 1),
    "float64": st.floats(),
    "float32": st.floats(width=32),
    "float16": st.floats(width=16),
    "complex128": st.complex_numbers(),
    "bool": st.booleans(),
    "str": texts | st.none(),
    "string": texts | st.none(),
    "category": texts | st.none() | st.integers(0, 3) | st.booleans(),
    "Int64": st.integers(-(2**63), 2**63 - 1) | st.none(),
    "UInt8": st.integers(0, 1) | st.none(),
    "Float64": st.floats() | st.none(),
    "boolean": st.booleans() | st.none(),
    "datetime64[ns]": moments | st.none(),
    "datetime64[us, UTC]": moments | st.none(),
    "timedelta64[ns]": st.timedeltas(datetime.timedelta(0), datetime.timedelta(9)) | st.none(),
    "period[D]": moments | st.none(),
    "Sparse[float64]": st.floats(),
    "Sparse[int64]": st.integers(0, 1),
    "object": anything,
}
zeros_and_ones = st.sampled_from([st.integers(0, 1), st.booleans(), st.sampled_from(["0", "TRUE"])])
lists = st.lists(texts, max_size=3)

names = st.sampled_from(["a", "b", "y", "0", "nan", "é;"]) | st.text(min_size=1, max_size=3)
odd_names = st.sampled_from(
    [
        0,
        1,
        0.5,
        float("nan"),
        None,
        pd.NA,
        True,
        ("a", "b"),
        b"a",
        2**70,
        "",
        " ",
        "Unnamed: 0",
        pd.Timestamp("2020"),
    ]
)


@st.composite
def columns(draw, n_rows):
    kind = draw(st.sampled_from([*KINDS, "labels", "lists", "slips"]))
    if kind in KINDS:
        values = draw(st.lists(KINDS[kind], min_size=n_rows, max_size=n_rows))
        return make_series(values, kind)
    values = {
        "labels": draw(zeros_and_ones),
        "lists": lists | st.none(),
        "slips": st.sampled_from(["1", "2.5", "3", "-4", "n/a", None, 5]),
    }[kind]
    return make_series(draw(st.lists(values, min_size=n_rows, max_size=n_rows)), None)


def make_series(values, dtype):
    if dtype == "period[D]":
        return pd.Series(pd.PeriodIndex([pd.Timestamp(v or "NaT") for v in values], freq="D"))
    cells = np.empty(len(values), dtype=object)
    for row, value in enumerate(values):
        cells[row] = value
    series = pd.Series(cells, dtype=object)
    return series.infer_objects() if dtype is None else series.astype(dtype)


@st.composite
def indexes(draw, n_rows):
    kind = draw(st.sampled_from(["plain", "equal", "text", "levels", "gaps", "dates"]))
    return {
        "plain": pd.RangeIndex(n_rows),
        "equal": pd.Index([7] * n_rows),
        "text": pd.Index(list("abcabc")[:n_rows], name="y"),
        "levels": pd.MultiIndex.from_arrays([[0] * n_rows, [1] * n_rows]),
        "gaps": pd.Index([float("nan")] * n_rows),
        "dates": pd.DatetimeIndex(["2020"] * n_rows),
    }[kind]


rarely = st.sampled_from([False] * 15 + [True])
now_and_then = st.sampled_from([False] * 3 + [True])


@st.composite
def tables(draw):
    """A frame, and keywords of `read_table` for it, mostly sensible ones."""
    n_rows = 0 if draw(rarely) else draw(st.integers(1, 6))
    n_features = draw(st.sampled_from([1, 2, 3, 0]))
    n_labels = draw(st.sampled_from([1, 2, 3, 1, 2, 0]))
    parts = [draw(columns(n_rows)) for _ in range(n_features)]
    for _ in range(n_labels):
        values = draw(st.lists(draw(zeros_and_ones), min_size=n_rows, max_size=n_rows))
        values[:1] = [1] * len(values[:1])
        parts.append(draw(columns(n_rows)) if draw(rarely) else pd.Series(values, dtype=object))
    repeat, odd, levels = draw(rarely), draw(now_and_then), draw(rarely)
    size = {"min_size": len(parts), "max_size": len(parts)}
    titles = draw(st.lists(names | odd_names if odd else names, unique=not repeat, **size))
    order = draw(st.permutations(range(len(parts))))
    frame = pd.concat([parts[i] for i in order], axis=1) if parts else pd.DataFrame(index=[0] * 3)
    index = draw(indexes(n_rows)) if parts else frame.index
    frame.columns = pd.Index([titles[i] for i in order], dtype=object, tupleize_cols=False)
    if levels and parts:
        frame.columns = pd.MultiIndex.from_arrays([frame.columns, frame.columns])
    return frame.set_axis(index), draw(arguments(titles[:n_features], titles[n_features:]))


@st.composite
def arguments(draw, features, labels):
    any_name = st.sampled_from([*features, *labels, "nowhere"])
    few_features = st.lists(st.sampled_from(features), max_size=2) if features else st.just([])
    given = {"label_columns": labels}
    if draw(now_and_then):
        given = {
            "label_column": draw(any_name),
            "separator": draw(st.sampled_from([";", ",", "ab"])),
        }
    given["categorical"] = draw(few_features)
    given["drop"] = draw(few_features) if draw(now_and_then) else []
    given["missing"] = draw(st.sampled_from(["keep", "keep", "refuse"]))
    for argument in ("text", "dates"):
        given[argument] = draw(few_features) if draw(now_and_then) else []
    for argument in ("group", "time"):
        given[argument] = draw(st.sampled_from(features)) if features and draw(rarely) else None
    given["missing_labels"] = draw(st.sampled_from(["refuse", "refuse", "mask"]))
    if draw(rarely):
        given[draw(st.sampled_from(ARGUMENTS))] = draw(anything | any_name | st.lists(any_name))
    return given


# --- what must hold ------------------------------------------------------------------------------


def refused_in_our_words(error, frame=None):
    """Whether an error was raised by our own code, with a message that says where to look."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    ours = Path(last.filename).is_relative_to(HERE) and "raise" in (last.line or "")
    named = [repr(str(name)) for name in ([] if frame is None else frame.columns)]
    words = [*ARGUMENTS, "the table", "column", "path_or_frame", "values are missing", *named]
    return ours and any(word in str(error) for word in words)


def written(frame):
    """All of a frame as one text."""
    columns = [frame.iloc[:, i] for i in range(frame.shape[1])]
    return repr((frame.index.tolist(), [(c.name, c.dtype, c.tolist()) for c in columns]))


def check_table(table, n_rows, missing, missing_labels="refuse"):
    X, y, feature_names, label_names = table
    assert X.shape == (n_rows, len(feature_names))
    assert list(X.columns) == feature_names and feature_names
    masked = missing_labels == "mask"
    assert (y.dtype, y.shape) == ("float64" if masked else "int64", (n_rows, len(label_names)))
    assert set(np.unique(y[~np.isnan(y)])) <= {0, 1} and (y == 1).any(axis=0).all()
    assert masked or not np.isnan(y).any()
    assert table.groups is None or table.groups.shape == (n_rows,)
    assert table.times is None or (table.times.dtype.kind, len(table.times)) == ("M", n_rows)
    assert len(set(label_names)) == len(label_names) and label_names
    assert all(type(name) is str for name in feature_names + label_names)
    for name in feature_names:
        values = X[name].dropna()
        if pd.api.types.is_numeric_dtype(X[name].dtype):
            assert isinstance(X[name].dtype, np.dtype)
            assert np.isfinite(values.to_numpy("float64")).all()
        elif X[name].dtype.kind == "M":
            assert isinstance(X[name].dtype, np.dtype)
        else:
            assert X[name].dtype == object and all(type(value) is str for value in values)
            assert all(type(value) is float for value in X[name][X[name].isna()])
    if missing == "refuse":
        assert not X.isna().any(axis=None)


@many
@given(tables())
def test_any_frame_is_read_or_refused(frame_and_arguments):
    frame, given = frame_and_arguments
    before = written(frame)
    try:
        table = read_table(frame, **given)
    except (ValueError, TypeError) as error:
        assert refused_in_our_words(error, frame), str(error)
    else:
        check_table(table, len(frame), given["missing"], given["missing_labels"])
        event("read")
        assert table.X.index.equals(frame.index)
    assert written(frame) == before


@many
@given(st.data())
def test_any_column_becomes_what_a_network_takes(data):
    """What is read can be turned into finite numbers, and again on the same rows."""
    n_rows = data.draw(st.integers(1, 6))
    frame = pd.DataFrame({"a": data.draw(columns(n_rows)), "y": 1})
    part = data.draw(st.sampled_from(["categorical", "drop", "text", "dates"]))
    given = {} if part == "drop" else {part: ["a"]}
    try:
        X = read_table(frame, label_columns=["y"], missing="keep", **given).X
    except ValueError as error:
        assert refused_in_our_words(error, frame), str(error)
        return
    if X["a"].dtype.kind != "M":
        assume(np.abs(pd.to_numeric(X["a"], errors="coerce").fillna(0)).max() < 1e30)
    text = ["a"] if part == "text" else []
    try:
        preprocess = make_preprocessor(X, impute=True, text=text)
    except ValueError as error:
        assert part == "text" and "holds no words" in str(error)
        return
    inputs = transform(preprocess.fit(X), X)
    assert inputs.dtype == "float32" and len(inputs) == n_rows
    if X["a"].dtype == object and not text:
        assert inputs.sum(axis=1).tolist() == [1] * n_rows


@many
@given(
    st.integers(1, 20),
    st.sampled_from(["nan", "2", "-1", "0.5", "inf", "yes", "", None, [0], 1j]),
    st.data(),
)
def test_the_row_in_the_message_is_the_row_in_the_table(n_rows, slip, data):
    row = data.draw(st.integers(0, n_rows - 1))
    values = data.draw(st.lists(st.sampled_from([0, 1]), min_size=n_rows, max_size=n_rows))
    frame = pd.DataFrame({"a": range(n_rows), "y": pd.Series(values, dtype=object)})
    frame.index = [5] * n_rows
    frame.iloc[row, 1] = slip
    with pytest.raises(ValueError, match=f"label column 'y' holds .* in row {row}: expected 0"):
        read_table(frame, label_columns=["y"])
    assume(slip not in (None, "-1", "2", "0.5") and n_rows > 1)
    frame["z"] = 1
    with pytest.raises(ValueError, match=f"column 'y' (holds .*|is infinite) in row {row}(,|:)"):
        read_table(frame, label_columns=["z"])


label_names_ = st.text("abc é", min_size=1, max_size=3).filter(lambda name: name == name.strip())


@many
@given(st.lists(st.sets(label_names_, max_size=4), min_size=1, max_size=8), st.sampled_from(";,|"))
def test_text_lists_and_columns_give_the_same_labels(sets, separator):
    everyone = sorted(set().union(*sets))
    assume(everyone)
    frame = pd.DataFrame({"a": range(len(sets))})
    text = frame.assign(y=[separator.join(names) for names in sets])
    listed = frame.assign(y=[list(names) for names in sets])
    wide = frame.assign(**{f"is {n}": [int(n in names) for names in sets] for n in everyone})
    expected = read_table(wide, label_columns=[f"is {name}" for name in everyone])
    for table in (
        read_table(text, label_column="y", separator=separator),
        read_table(listed, label_column="y"),
    ):
        np.testing.assert_array_equal(table.y, expected.y)
        assert table.label_names == everyone


cells = st.sampled_from(["red", "blue", "x y", 'say "no"', "a,b", "line\nbreak", "é"])


@pytest.mark.slow
@many
@given(
    st.lists(
        st.tuples(st.floats(allow_nan=False, allow_infinity=False), cells, st.integers(0, 1)),
        min_size=1,
        max_size=8,
    )
)
def test_a_file_gives_what_its_frame_gives(tmp_path_factory, rows):
    frame = pd.DataFrame(rows, columns=["size", "color", "news"])
    assume(frame["news"].any())
    path = tmp_path_factory.mktemp("tables") / "t.csv"
    frame.to_csv(path, index=False)
    expected = read_table(frame, label_columns=["news"])
    table = read_table(path, label_columns=["news"])
    pd.testing.assert_frame_equal(table.X, expected.X)
    np.testing.assert_array_equal(table.y, expected.y)


pieces = st.sampled_from(
    [
        b"a,y",
        b"\n",
        b",",
        b"0",
        b"1",
        b'"',
        b"\x00",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\r",
        b"1e999",
        b"a",
    ]
)


@many
@given(
    st.sampled_from(["csv", "tsv", "csv.gz", "csv.zip", "csv.bz2", "csv.xz", "csv.tar", "parquet"]),
    st.lists(pieces, max_size=12).map(b"".join) | st.binary(max_size=40),
    st.sampled_from([{"label_columns": ["y"]}, {"label_column": "y"}]),
)
@example("csv", b"a,y\n1,0\n2,1\n", {"label_columns": ["y"]})
@pytest.mark.filterwarnings("ignore::pandas.errors.ParserWarning")
def test_any_file_is_read_or_refused(tmp_path_factory, ending, content, given):
    path = tmp_path_factory.mktemp("tables") / f"t.{ending}"
    path.write_bytes(content)
    try:
        table = read_table(path, **given)
    except ValueError as error:
        assert refused_in_our_words(error) or f"t.{ending}" in str(error), str(error)
    else:
        check_table(table, len(table.X), "refuse")


@many
@given(
    st.text(max_size=9) | st.sampled_from(["/", "..", "a" * 9999, "\0.csv", "https://x.y/z.csv"])
)
def test_any_text_is_a_path_or_refused(path):
    assume(path != "LICENSE")  # the tests run beside it, and constants of the code are drawn, too
    with pytest.raises((FileNotFoundError, ValueError), match=r"path_or_frame: there is no file "):
        read_table(path, label_columns=["y"])
