"""Everything that is wrong with a table is said at once, with knobs that read it."""

import os
import re

import numpy as np
import pandas as pd
import pytest

from helpers.tables import read_table

N = 60


def make_frame(**columns):
    """A table as people have them: ids, a customer, free text, a date as text, gaps."""
    rng = np.random.default_rng(1)
    words = ["late", "broken", "nice", "again", "parcel", "refund", "thanks"]
    given = {
        "id": [f"T-{i:04d}" for i in range(N)],
        "customer": rng.integers(100, 120, N),
        "age": rng.normal(40, 9, N).round(1),
        "plan": rng.choice(["free", "pro"], N),
        "message": [f"{i} " + " ".join(rng.choice(words, 6)) for i in range(N)],
        "created": pd.date_range("2024-01-01", periods=N, freq="31h").strftime("%Y-%m-%dT%H:%M"),
        "billing": rng.integers(0, 2, N),
    }
    return pd.DataFrame(given | columns)


def many(**columns):
    """The same with more than a hundred rows, so that text is no category."""
    frame = pd.concat([make_frame(), make_frame()], ignore_index=True)
    frame["id"] = [f"T-{i:04d}" for i in range(2 * N)]
    frame["message"] += [f" {i}" for i in range(2 * N)]
    return frame.assign(**columns)


def refusal(table, **keywords):
    with pytest.raises(ValueError) as caught:
        read_table(table, label_columns=["billing"], **keywords)
    return str(caught.value)


def pasted(message):
    """The knobs of a message, run as the code they are."""
    knobs = {}
    exec(message.split("in capitals):\n")[1], knobs)
    return {name.lower(): value for name, value in knobs.items() if name.isupper()}


@pytest.mark.parametrize("as_file", [True, False])
def test_everything_is_said_at_once_and_the_knobs_read_the_table(as_file, tmp_path):
    frame = many(age=[None, *range(2 * N - 1)])
    if as_file:
        frame.to_csv(tmp_path / "t.csv", index=False)
    table = tmp_path / "t.csv" if as_file else frame
    message = refusal(table)
    for name in ("'id'", "'message'", "'created'", "'customer'", "{'age': 1}"):
        assert name in message
    assert "Tfidf" not in message
    knobs = pasted(message)
    assert knobs == {
        "missing": "keep",
        "drop": ["id"],
        "text": ["message"],
        "dates": ["created"],
        "group": "customer",
    }
    read = read_table(table, label_columns=["billing"], **knobs)
    assert read.feature_names == ["age", "plan", "message", "created"]


def test_knobs_keep_what_was_given():
    frame = many(zero=0.5)
    assert pasted(refusal(frame, drop=["zero"]))["drop"] == ["zero", "id"]
    knobs = pasted(refusal(frame, drop=["id", "zero"], text=["message"], group="customer"))
    assert knobs == {"dates": ["created"]}


def test_only_one_column_is_the_group():
    frame = many(device_id=np.arange(2 * N) // 3, user_id=np.arange(2 * N) // 4)
    assert pasted(refusal(frame))["group"] == "customer"
    assert pasted(refusal(frame))["drop"] == ["id", "device_id", "user_id"]
    assert "group" not in pasted(refusal(frame, group="device_id"))


def test_one_column_alone_is_said_in_one_sentence():
    kilos = [f"{i} kg" for i in range(12, 72)]
    message = refusal(make_frame(age=kilos), drop=["id", "message", "created"], group="customer")
    assert message.startswith("column 'age' holds '12 kg' in row 0, where a number is due")
    assert pasted(message)["drop"] == ["id", "message", "created", "age"]


@pytest.mark.parametrize(
    ("values", "knob"),
    [
        ([f"2024-01-0{i % 9 + 1}" for i in range(150)], "dates"),
        ([f"2024-01-05 12:{i // 60:02}:{i % 60:02}" for i in range(150)], "dates"),
        ([f"{i % 28 + 1:02}.03.2024" for i in range(150)], "drop"),
        ([f"{i} kg" for i in range(150)], "drop"),
        ([f"{i * 7919:x}-{i:x}" for i in range(150)], "drop"),
        ([f"is it broken number {i}" for i in range(150)], "text"),
        ([f"town{i % 120}" for i in range(360)], "categorical"),
        ([f"c{i % 120}" for i in range(360)], "group"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_each_column_gets_the_knob_that_suits_it(values, knob):
    name = "client_id" if knob == "group" else "thing"
    frame = pd.DataFrame({"size": np.linspace(0, 0.9, len(values)), name: values, "billing": 1})
    knobs = pasted(refusal(frame))
    assert knobs == {knob: name if knob == "group" else [name]}


@pytest.mark.parametrize("mark", [",", ".250,"])
def test_numbers_that_options_would_read_are_not_to_be_dropped(mark):
    values = [f"{i}{mark}5" for i in range(1, 151)]
    message = refusal(pd.DataFrame({"size": range(150), "thing": values, "billing": 1}))
    assert "decimal=','" in message and "thing" not in message.partition("Knobs")[2]


def test_thousands_of_different_dates_are_dates_too():
    days = pd.date_range("2020-01-01", periods=2500, freq="7min").astype(str)
    message = refusal(pd.DataFrame({"day": days, "billing": 1}))
    assert "'2020-01-01 00:00:00' in row 0" in message and "different texts" not in message
    assert pasted(message) == {"dates": ["day"]}


def test_a_column_without_a_name_is_said_with_the_others():
    frame = many().rename_axis("").reset_index(names="Unnamed: 0")
    assert pasted(refusal(frame))["drop"] == ["Unnamed: 0", "id"]


def test_all_labels_that_cant_be_used_are_said_at_once():
    frame = make_frame(a=[2] * N, b=["x"] * N, c=0, d=1)[["age", "a", "b", "c", "d"]]
    with pytest.raises(
        ValueError, match=r"label column 'a' holds 2(.|\n)*label column 'b' holds 'x"
    ):
        read_table(frame, label_columns=["a", "b", "c", "d"])


def test_a_label_that_nobody_has_can_be_dropped():
    frame = make_frame(c=0, d=1)[["age", "c", "d"]]
    with pytest.raises(ValueError, match=r"no row has the labels \['c'\]") as caught:
        read_table(frame, label_columns=["c", "d"])
    table = read_table(frame, label_columns=["c", "d"], **pasted(str(caught.value)))
    assert (table.label_names, table.feature_names) == (["d"], ["age"])


def test_numbers_read_wrongly_and_codes_are_said_together(tmp_path):
    rows = "".join(f"0{i},1.234.5,{i % 2}\n" for i in range(100, 130))
    (tmp_path / "t.csv").write_text("zip,size,billing\n" + rows)
    message = refusal(tmp_path / "t.csv", thousands=".", decimal=",")
    assert "'zip' holds '0100'" in message and "'size' holds '1.234.5' in row 0" in message
    assert pasted(message) == {"categorical": ["zip"], "drop": ["size"]}


# --- what passes, but should be known ------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "values", "knob"),
    [
        ("nr", range(5, 65), "DROP = ["),
        ("ORDER_ID", np.arange(60) // 3, 'GROUP = "ORDER_ID"'),
        ("customer_id", np.arange(60) // 3, 'GROUP = "customer_id"'),
        ("patientId", [float(i // 2) for i in range(60)], 'GROUP = "patientId"'),
        ("user", [f"u{i // 4}" for i in range(60)], 'GROUP = "user"'),
    ],
)
def test_ids_that_pass_as_features_are_named(name, values, knob):
    frame = pd.DataFrame({name: list(values), "size": 0.5, "billing": 1})
    with pytest.warns(UserWarning, match=f"column '{name}' .*{re.escape(knob)}"):
        read_table(frame, label_columns=["billing"])


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("age", np.arange(60) % 30),
        ("income", np.linspace(0, 9.5, 60)),
        ("paid", np.arange(60) // 3),
        ("customers", np.arange(60) // 3),
        ("user", ["new", "old"] * 30),
        ("index", np.arange(60) // 3),
        ("covid", np.arange(60) // 3),
    ],
)
def test_nothing_is_said_of_others(name, values, recwarn):
    frame = pd.DataFrame({name: values, "size": 0.5, "billing": 1})
    read_table(frame, label_columns=["billing"])
    assert not recwarn.list


def test_categories_of_very_many_values_are_refused_and_many_are_told():
    messages = [f"text {i}" for i in range(1200)]
    frame = pd.DataFrame({"size": 0.5, "message": messages, "billing": 1})
    message = refusal(frame, categorical=["message"])
    assert (
        "1200 different values in 1200 rows: too many for a category. Name it in `text`" in message
    )
    frame["message"] = [f"text {i % 150}" for i in range(1200)]
    with pytest.warns(UserWarning, match="150 different values in 1200 rows, which become as many"):
        read_table(frame, label_columns=["billing"], categorical=["message"])


# --- files ---------------------------------------------------------------------------------------


def test_the_path_looked_at_is_printed_in_full(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    where = re.escape(repr(os.path.join(os.getcwd(), "data", "t.csv")))
    with pytest.raises(FileNotFoundError, match=f"there is no file {where}"):
        read_table("data/t.csv", label_columns=["a"])


@pytest.mark.parametrize(
    "text",
    ["size;news\n1;0\n", "size;news\n1,5;0\n", "a,b;size;news\n1;2;0\n", "a;b;c\n1,2,3;4;5\n"],
)
@pytest.mark.filterwarnings("ignore:table.csv")
def test_a_semicolon_file_is_recognised(text, tmp_path):
    (tmp_path / "table.csv").write_text(text)
    with pytest.raises(ValueError, match='pass sep=";", which seems to separate'):
        read_table(tmp_path / "table.csv", label_columns=["news"])


def test_dates_that_dates_can_read_are_to_be_named_there():
    frame = pd.DataFrame({"day": ["2012/01/01", "2012/02/01"] * 3, "y": [0, 1] * 3})
    with pytest.raises(ValueError, match=r'DATES = \["day"\]'):
        read_table(frame, label_columns=["y"])
    assert str(read_table(frame, label_columns=["y"], dates=["day"]).X["day"].dt.month[1]) == "2"
