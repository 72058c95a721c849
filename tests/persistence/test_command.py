"""The command `python -m helpers`: what it writes, what it says, and what it leaves behind."""

import gzip
import os
import signal
import stat
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers import __main__ as command
from helpers.__main__ import main
from helpers.data import make_dataset
from helpers.models import make_mlp
from helpers.persistence import Predictor, load_model, save_model
from helpers.preprocessing import make_preprocessor, transform

posix = pytest.mark.skipif(os.name != "posix", reason="done as Linux and macOS do it")
LABELS = ["sea", "sun"]
COLUMNS = ["row", "sea_probability", "sun_probability", "sea", "sun"]


@pytest.fixture(scope="module")
def table():
    """Numbers, and a category that looks like a number."""
    X, _ = make_dataset(50)
    table = pd.DataFrame(X[:, :3], columns=["a", "b", "c"])
    table["zip"] = np.resize(["007", "7", "0815"], 50)
    return table


@pytest.fixture(scope="module")
def model_path(table, tmp_path_factory):
    preprocess = make_preprocessor(table).fit(table)
    model = make_mlp(6, 2, seed=4)
    inputs = transform(preprocess, table)
    thresholds = np.median(model(inputs), axis=0).round(3).tolist()
    path = tmp_path_factory.mktemp("models") / "final.model"
    names = {"feature_names": list(table), "label_names": LABELS}
    scores = {"f1_macro": 0.81234}
    return save_model(
        path, model, preprocess=preprocess, thresholds=thresholds, scores=scores, **names
    )


@pytest.fixture(scope="module")
def predictor(model_path):
    return load_model(model_path)


@pytest.fixture(autouse=True)
def loaded_once(request, predictor, monkeypatch):
    """Loading costs time and is tested elsewhere."""
    if "real_load" not in request.fixturenames:
        monkeypatch.setattr(command, "_load", lambda path: predictor)


@pytest.fixture
def real_load():
    pass


@pytest.fixture
def folder(table, tmp_path):
    table.to_csv(tmp_path / "table.csv", index=False)
    return tmp_path


@pytest.fixture
def predict(folder, model_path):
    """Run `predict`; return the exit status, and check that nothing lies about."""

    def run(table="table.csv", *options, output="out.csv", model=model_path):
        before = {path for path in folder.iterdir() if path != folder / output}
        status = main(
            ["predict", str(model), str(folder / table), "-o", str(folder / output), *options]
        )
        assert {path for path in folder.iterdir() if path != folder / output} == before
        return status

    return run


def assert_equals_predictor(written, predictor, table):
    assert list(written.columns) == COLUMNS
    assert written["row"].tolist() == list(range(len(table)))
    probabilities = written[COLUMNS[1:3]].to_numpy()
    expected = predictor.predict_proba(table)
    np.testing.assert_allclose(probabilities, expected, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(written[LABELS], expected >= predictor.thresholds)
    assert ((expected >= 0.5) != written[LABELS]).to_numpy().any(), "0.5 would have done as well"


# --- what it writes ------------------------------------------------------------------------------


@pytest.mark.parametrize("chunk", [7, 25, 50, 1000])
def test_predictions_equal_those_of_the_predictor(
    chunk, predict, predictor, table, folder, monkeypatch, capsys
):
    monkeypatch.setattr(command, "CHUNK", chunk)
    assert predict() == 0
    assert_equals_predictor(pd.read_csv(folder / "out.csv"), predictor, table)
    assert capsys.readouterr() == (f"50 rows -> {folder / 'out.csv'}\n", "")


@posix
def test_file_is_plain_text_with_six_digits(predict, folder):
    assert predict() == 0
    lines = (folder / "out.csv").read_bytes().decode("ascii").split("\n")
    assert lines[0] == "row,sea_probability,sun_probability,sea,sun"
    assert (len(lines), lines[-1]) == (52, "")
    assert all(len(number) <= 8 for line in lines[1:-1] for number in line.split(","))
    mode = stat.S_IMODE((folder / "table.csv").stat().st_mode)
    assert stat.S_IMODE((folder / "out.csv").stat().st_mode) == mode, "not readable as usual"


def test_text_is_read_as_text(predict, predictor, table, folder):
    """ "007" is not "7", even where the column looks like numbers."""
    table.assign(zip="007").to_csv(folder / "zeros.csv", index=False)
    assert predict("zeros.csv") == 0
    written = pd.read_csv(folder / "out.csv")
    expected = predictor.predict_proba(table.assign(zip="007"))
    np.testing.assert_allclose(written[COLUMNS[1:3]], expected, rtol=0, atol=1e-6)
    other = predictor.predict_proba(table.assign(zip="7"))
    assert np.abs(expected - other).max() > 0.01


def test_columns_in_any_order_and_extra_ones(predict, predictor, table, folder, capsys):
    turned = table[["zip", "c", "a", "b"]].assign(name="x", id=7)
    turned.to_csv(folder / "turned.csv", index=False)
    assert predict("turned.csv") == 0
    assert_equals_predictor(pd.read_csv(folder / "out.csv"), predictor, table)
    err = capsys.readouterr().err
    assert err == "note: columns ['name', 'id'] are unknown to the model, left out\n"


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("t.tsv", {"sep": "\t"}),
        ("t.csv.gz", {}),
        ("t.CSV", {}),
        ("mark.csv", {"encoding": "utf-8-sig"}),
        ("lines.csv", {"lineterminator": "\r\n"}),
    ],
)
def test_other_text_tables_are_read(name, options, predict, predictor, table, folder):
    table.to_csv(folder / name, index=False, **options)
    assert predict(name) == 0
    assert_equals_predictor(pd.read_csv(folder / "out.csv"), predictor, table)


@pytest.mark.parametrize(
    ("name", "options", "arguments"),
    [
        ("t.csv", {"sep": ";", "decimal": ","}, ["--sep", ";", "--decimal", ","]),
        ("t.csv", {"sep": "\t"}, ["--sep", r"\t"]),
        ("t.tsv", {"sep": "\t", "decimal": ","}, ["--decimal", ","]),
        ("t.txt", {"sep": "|"}, ["--sep=|"]),
        ("t.csv", {"decimal": ","}, ["--decimal", ","]),  # in quotes, then
        ("t.csv", {"encoding": "utf-16"}, ["--encoding", "utf-16"]),
        ("t.csv", {"index": True}, ["--index-col", "0"]),
        (
            "t.csv",
            {"decimal": ",", "sep": ";"},
            ["--sep", ";", "--decimal", ",", "--na-values", "?"],
        ),
    ],
)
def test_how_a_table_is_read_can_be_told(
    name, options, arguments, predict, predictor, table, folder
):
    halves = table.assign(a=table["a"] + 0.5)
    halves.to_csv(folder / name, **{"index": False} | options)
    assert predict(name, *arguments) == 0
    assert_equals_predictor(pd.read_csv(folder / "out.csv"), predictor, halves)


def test_the_column_that_numbers_rows_may_be_copied(predict, table, folder):
    table.assign(id=range(7, 57))[["id", *table]].to_csv(folder / "t.csv", index=False)
    assert predict("t.csv", "--index-col", "0", "--id-columns", "id") == 0
    assert pd.read_csv(folder / "out.csv")["id"].tolist() == [*range(7, 57)]


@pytest.mark.parametrize("start", [0, 1, 10])
def test_no_column_is_shifted(start, predict, predictor, table, folder, capsys):
    """By a separator at the end of each row, or by names of rows that the header has none for."""
    text = table.assign(id=range(start, start + 50))[["id", *table]].to_csv(index=False)
    header, *rows = text.splitlines()
    (folder / "end.csv").write_text("\n".join([header, *(row + "," for row in rows)]))
    assert predict("end.csv") == 0
    assert_equals_predictor(pd.read_csv(folder / "out.csv"), predictor, table)
    assert "note: end.csv: each row ends with a separator" in capsys.readouterr().err
    (folder / "names.csv").write_text("\n".join([header.partition(",")[2], *rows]))
    assert predict("names.csv", "--overwrite") == (0 if start < 10 else 1)
    if start < 10:
        assert_equals_predictor(pd.read_csv(folder / "out.csv"), predictor, table)
    else:
        assert "--index-col 0 if the first is the name" in capsys.readouterr().err
        assert predict("names.csv", "--overwrite", "--index-col", "0") == 0
        assert_equals_predictor(pd.read_csv(folder / "out.csv"), predictor, table)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b,c,zip\n1,2,3,é\n".encode("cp1252"), "Pass --encoding 'cp1252'"),
        ("a,b,c,zip\n1,2,3,7\n".encode("utf-16"), "Pass --encoding 'utf-16'"),
        (b'a,b,c,zip\n1,2,"1,234",7\n', "read it with --decimal ',' or --thousands ','"),
        (b"a,b,c,zip\n1,2,3,7\n\n1,2\n", "the header has 4 fields, row 1 2"),
        (b"a,b,c,zip\n1,2,3,7\n,,,\n", "row 1 is empty"),
    ],
)
def test_messages_name_the_options_of_the_command(text, message, predict, folder, capsys):
    (folder / "t.csv").write_bytes(text)
    assert predict("t.csv") == 1
    assert message in capsys.readouterr().err


def test_a_category_called_na_is_no_gap(real_load, table, folder, predict, capsys):
    table = table.assign(zip=np.resize(["NA", "EU"], 50))
    preprocess = make_preprocessor(table, impute=True).fit(table)
    model, names = make_mlp(6, 2, seed=4), {"feature_names": list(table), "label_names": LABELS}
    path = save_model(folder / "na.model", model, preprocess=preprocess, imputes=True, **names)
    table.to_csv(folder / "na.csv", index=False)
    assert predict("na.csv", model=path) == 0
    found = pd.read_csv(folder / "out.csv")["sea_probability"]
    np.testing.assert_allclose(found, load_model(path).predict_proba(table)[:, 0], atol=1e-5)


def test_an_output_that_would_be_no_plain_text_is_refused(predict, capsys):
    assert predict(output="out.csv.gz") == 1
    assert "plain text is written; name a .csv file" in capsys.readouterr().err


def test_another_separator_is_hinted_at(predict, folder, capsys):
    (folder / "t.csv").write_text("a;b;c;zip\n1;2;3;7\n")
    assert predict("t.csv") == 1
    assert "note: t.csv has one column, 'a;b;c;zip'; pass --sep ';'" in capsys.readouterr().err


def test_a_total_at_the_end_is_told(predict, table, folder, capsys):
    total = table.tail(1).assign(id="Total")
    pd.concat([table.assign(id="x"), total]).to_csv(folder / "t.csv", index=False)
    assert predict("t.csv") == 0
    assert "note: the last row holds 'Total' in column 'id'" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--sep", "--decimal", "--thousands"])
@pytest.mark.parametrize("value", ["", "::", "tab"])
def test_separator_and_decimal_mark_are_one_character(option, value, predict, capsys):
    with pytest.raises(SystemExit, match="2"):
        predict("table.csv", option, value)
    assert f"argument {option}: {value!r} is not one character" in capsys.readouterr().err


def test_output_is_replaced_only_when_told(predict, folder, capsys):
    (folder / "out.csv").write_text("precious")
    assert predict() == 1
    assert "out.csv exists already; pass --overwrite to replace it" in capsys.readouterr().err
    assert (folder / "out.csv").read_text() == "precious"
    assert predict("table.csv", "--overwrite") == 0
    assert (folder / "out.csv").read_text().startswith("row,")


@posix
def test_link_is_followed(predict, folder):
    (folder / "real.csv").write_text("old")
    (folder / "out.csv").symlink_to(folder / "real.csv")
    assert predict("table.csv", "--overwrite") == 0
    assert (folder / "out.csv").is_symlink()
    assert (folder / "real.csv").read_text().startswith("row,")


def test_output_in_the_current_folder(folder, model_path, monkeypatch):
    monkeypatch.chdir(folder)
    assert main(["predict", str(model_path), "table.csv", "-o", "here.csv"]) == 0
    assert (folder / "here.csv").stat().st_size > 500


def test_describe_says_what_goes_in_and_out(model_path, predictor, capsys):
    assert main(["describe", str(model_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"saved     {predictor.created}, with keras 3")
    assert lines[1] == "features  4: a, b, c, zip (text)"
    assert lines[2] == "gaps      are refused"
    assert lines[3] == "labels    2, predicted from these probabilities on:"
    assert lines[4:6] == [
        f"          {name}: {threshold:g}"
        for name, threshold in zip(LABELS, predictor.thresholds, strict=True)
    ]
    assert lines[6:] == ["scores    when it was saved:", "          f1_macro: 0.812"]


# --- what it refuses -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "column", "value", "message"),
    [
        (3, "b", "red", "column 'b' holds 'red' in row 3, where a number is due"),
        (33, "b", "red", "column 'b' holds 'red' in row 33, where a number is due"),
        (49, "c", "inf", "column 'c' is infinite in row 49"),
        (29, "a", "", "values are missing in {'a': 1} (column: rows), first in row 29 of 'a'"),
        (45, "zip", "", "first in row 45 of 'zip': this model does not fill gaps"),
        (48, "a", "1e39", "e+38 in row 48, column 0: networks compute in float32"),
    ],
)
def test_bad_value_is_named_by_its_row_in_the_table(
    row, column, value, message, predict, table, folder, monkeypatch, capsys
):
    """In whatever piece of the table it is; nothing is left of the pieces before it."""
    monkeypatch.setattr(command, "CHUNK", 10)
    bad = table.astype(object)
    bad.loc[row, column] = value
    bad.to_csv(folder / "bad.csv", index=False)
    assert predict("bad.csv") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert message in err
    assert err.count("\n") == 1
    assert not (folder / "out.csv").exists()


def test_old_output_outlives_a_bad_table(predict, table, folder, monkeypatch):
    monkeypatch.setattr(command, "CHUNK", 10)
    (folder / "out.csv").write_text("precious")
    table.assign(a=["1"] * 49 + ["red"]).to_csv(folder / "bad.csv", index=False)
    assert predict("bad.csv", "--overwrite") == 1
    assert (folder / "out.csv").read_text() == "precious"


HEADER = "a,b,c,zip\n"
TABLES = {
    "missing column": ("t.csv", b"a,b,zip\n1,2,7\n", "table lacks the columns ['c']"),
    "no rows": ("t.csv", HEADER.encode(), "has no rows"),
    "nothing": ("t.csv", b"", "t.csv is empty"),
    "two of one name": ("t.csv", b"a,b,b,c,zip\n1,2,3,4,7\n", "columns ['b'] twice"),
    "not UTF-8": ("t.csv", HEADER.encode() + "1,2,3,é\n".encode("latin-1"), "t.csv can't be read"),
    "header not UTF-8": ("t.csv", "a,é\n1,2\n".encode("latin-1"), "t.csv can't be read"),
    "fields too many": (
        "t.csv",
        (HEADER + "1,2,3,7\n1,2,3,4,7\n").encode(),
        "the header has 4 fields, row 1 5",
    ),
    "all rows too long": ("t.csv", (HEADER + "1,2,3,7,9\n" * 3).encode(), "more fields than"),
    "another separator": ("t.csv", b"a;b;c;zip\n1;2;3;7\n", "table lacks the columns"),
    "binary": ("t.csv", bytes(range(256)) * 9, "t.csv"),
    "open quotes": ("t.csv", (HEADER + '1,2,3,"7\n').encode(), "t.csv can't be read"),
    "cut off": ("t.csv.gz", gzip.compress(HEADER.encode() * 999)[:-9], "t.csv.gz can't be read"),
    "not compressed": ("t.csv.gz", HEADER.encode(), "t.csv.gz can't be read"),
    "parquet": ("t.parquet", b"PAR1", "t.parquet: expected a name that ends in .csv or .tsv"),
    "no ending": ("t", HEADER.encode(), "for other text pass --sep."),
}


@pytest.mark.parametrize("name", TABLES)
def test_table_refused(name, predict, folder, capsys):
    file, content, message = TABLES[name]
    (folder / file).write_bytes(content)
    assert predict(file) == 1
    out, err = capsys.readouterr()
    assert (out, err.splitlines()[-1].startswith("error: ")) == ("", True)
    assert message in err
    assert not (folder / "out.csv").exists()


def test_no_table_and_no_folder(predict, folder, capsys):
    assert predict("none.csv") == 1
    assert "there is no file" in capsys.readouterr().err
    assert predict("") == 1
    assert "there is no file" in capsys.readouterr().err
    assert predict(output="none/out.csv") == 1
    assert "there is no folder" in capsys.readouterr().err


def test_what_is_read_is_not_written_over(predict, folder, model_path, capsys):
    before = (folder / "table.csv").read_bytes(), model_path.read_bytes()
    assert predict("table.csv", "--overwrite", output="table.csv") == 1
    assert "is what is to be read" in capsys.readouterr().err
    assert predict("table.csv", "--overwrite", output=model_path) == 1
    assert ((folder / "table.csv").read_bytes(), model_path.read_bytes()) == before


def test_output_that_is_no_file_is_refused(predict, folder, capsys):
    (folder / "out.csv").mkdir()
    assert predict("table.csv", "--overwrite") == 1
    assert "is no ordinary file" in capsys.readouterr().err
    assert main(["predict", "m", str(folder / "table.csv"), "-o", os.devnull, "--overwrite"]) == 1


def test_unreadable_model_is_refused(real_load, folder, predict, capsys):
    (folder / "m.model").write_text("no model")
    assert predict(model=folder / "m.model") == 1
    assert capsys.readouterr().err == (
        "error: m.model is not a model saved by save_model, or it is damaged.\n"
    )
    for arguments in (
        ["describe", str(folder / "m.model")],
        ["describe", str(folder / "no.model")],
    ):
        assert main(arguments) == 1
        assert capsys.readouterr().err.startswith("error: ")


def test_labels_that_make_two_columns_of_one_name_are_refused(
    predict, predictor, capsys, monkeypatch
):
    monkeypatch.setattr(predictor, "label_names", ["row", "row_probability"])
    assert predict() == 1
    assert "two columns ['row', 'row_probability']" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "status"),
    [(KeyboardInterrupt(), 130), (OSError("disk full"), 1), (MemoryError(), None)],
    ids=str,
)
def test_failure_on_the_way_leaves_nothing(error, status, predict, folder, monkeypatch):
    """In the third of five pieces."""
    pieces = iter([None, None, error])
    real = Predictor.predict_proba

    def predict_proba(self, table, **settings):
        if (failure := next(pieces)) is not None:
            raise failure
        return real(self, table, **settings)

    monkeypatch.setattr(command, "CHUNK", 10)
    monkeypatch.setattr(Predictor, "predict_proba", predict_proba)
    if status is None:
        with pytest.raises(type(error)):
            predict()
    else:
        try:
            assert predict() == status
        except KeyboardInterrupt:
            pytest.fail("the interrupt was not caught")
    assert sorted(path.name for path in folder.iterdir()) == ["table.csv"]


# --- its arguments -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [[], ["fly"], ["predict"], ["predict", "m", "t.csv"], ["describe"], ["predict", "m"]],
)
def test_wrong_arguments_end_with_2_and_the_usage(arguments, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert capsys.readouterr().err.startswith("usage: python -m helpers")


@pytest.mark.parametrize("arguments", [["--help"], ["predict", "--help"], ["describe", "-h"]])
def test_help_tells_what_it_does(arguments, capsys):
    with pytest.raises(SystemExit, match="0"):
        main(arguments)
    assert "usage: python -m helpers" in capsys.readouterr().out


# --- in earnest ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def processes(model_path, table, tmp_path_factory):
    """Four runs side by side, each a process of its own."""
    folder = tmp_path_factory.mktemp("runs")
    (folder / "apart").mkdir()  # where only one of them writes, so that it can be watched
    table.to_csv(folder / "table.csv", index=False)
    table.iloc[np.resize(np.arange(50), 400_000)].to_csv(folder / "long.csv", index=False)
    arguments = {
        "predict": ["predict", model_path, "table.csv", "-o", "out.csv"],
        "interrupted": ["predict", model_path, "long.csv", "-o", "apart/long-out.csv"],
        "unheard": ["describe", model_path],
        "nothing": [],
    }
    runs = {
        name: subprocess.Popen(
            [sys.executable, "-m", "helpers", *map(str, given)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
            # A shell's job in the background ignores Ctrl-C, and its children inherit that.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
            if os.name == "posix"
            else None,
        )
        for name, given in arguments.items()
    }
    runs["unheard"].stdout.close()
    return folder, runs


@pytest.mark.slow
@posix
def test_interrupted_by_the_user(processes):
    """Ctrl-C, as soon as it has begun to write."""
    folder, runs = processes
    deadline = time.monotonic() + 120
    while not list(folder.glob("apart/.writing-*")):
        assert runs["interrupted"].poll() is None, "it was over before it could be interrupted"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    runs["interrupted"].send_signal(signal.SIGINT)
    out, err = runs["interrupted"].communicate(timeout=60)
    assert (out, err) == ("", "interrupted: nothing was written\n")
    assert runs["interrupted"].returncode == 130
    assert list(folder.glob("apart/*")) == []


@pytest.mark.slow
def test_run_as_a_command(processes, predictor, table):
    folder, runs = processes
    out, err = runs["predict"].communicate(timeout=120)
    assert (runs["predict"].returncode, out, err) == (0, "50 rows -> out.csv\n", "")
    assert_equals_predictor(pd.read_csv(folder / "out.csv"), predictor, table)


def test_another_python_is_told_which_one_to_use():
    """Here one that finds none of the installed packages."""
    found = subprocess.run(
        [sys.executable, "-S", "-m", "helpers", "describe", "x.zip"],
        cwd=Path(command.__file__).parents[1],
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
        capture_output=True,
        text=True,
    )
    assert found.returncode == 1 and found.stdout == ""
    assert found.stderr.startswith(f"error: this Python ({sys.executable}) has no ")
    assert ".venv/bin/python" in found.stderr and found.stderr.count("\n") == 1


@pytest.mark.slow
@posix
def test_nobody_listens(processes):
    _, runs = processes
    assert runs["unheard"].wait(timeout=120) == 1
    assert runs["unheard"].stderr.read() == ""


@pytest.mark.slow
def test_without_arguments(processes):
    _, runs = processes
    out, err = runs["nothing"].communicate(timeout=60)
    assert (runs["nothing"].returncode, out) == (2, "")
    assert err.startswith("usage: python -m helpers")
