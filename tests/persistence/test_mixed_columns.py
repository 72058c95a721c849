"""A model of numbers, categories, dates and texts: saved, loaded, and used by frame and command."""

import numpy as np
import pandas as pd
import pytest

from helpers import __main__ as command
from helpers.__main__ import main
from helpers.models import make_mlp
from helpers.persistence import load_model, save_model
from helpers.preprocessing import make_preprocessor, transform
from helpers.tables import read_table

N = 40
LABELS = ["late", "broken"]


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(3)
    day = pd.date_range("2023-01-30", periods=N, freq="9D").strftime("%Y-%m-%d").tolist()
    note = [" ".join(rng.choice(["nice", "soup", "box", "again"], 4)) for _ in range(N)]
    frame = pd.DataFrame(
        {
            "ticket": [f"{i:03}" for i in range(N)],
            "customer": rng.integers(5, 15, N),
            "size": rng.normal(size=N).round(3),
            "color": np.resize(["red", "blue", "NA"], N),
            "day": day,
            "note": note,
        }
    )
    frame.loc[[3, 7], ["size", "note"]] = np.nan
    frame.loc[[4, 9], ["day", "color"]] = np.nan
    return frame


@pytest.fixture(scope="module")
def saved(frame, tmp_path_factory):
    """The path of the model, and what it says of the table's rows in memory."""
    table = read_table(
        frame.assign(late=1, broken=np.resize([0, 1], N)),
        label_columns=LABELS,
        drop=["ticket"],
        group="customer",
        text=["note"],
        dates=["day"],
        missing="keep",
    )
    preprocess = make_preprocessor(table.X, impute=True, text=["note"]).fit(table.X)
    inputs = transform(preprocess, table.X)
    model = make_mlp(inputs.shape[1], 2, seed=1)
    path = save_model(
        tmp_path_factory.mktemp("models") / "final.zip",
        model,
        feature_names=table.feature_names,
        label_names=LABELS,
        preprocess=preprocess,
        imputes=True,
    )
    return path, model(inputs).numpy()


@pytest.fixture(scope="module")
def predictor(saved):
    return load_model(saved[0])


@pytest.fixture
def predict(predictor, tmp_path, monkeypatch):
    """Run the command on a frame; return the exit status and the path of the output."""
    monkeypatch.setattr(command, "_load", lambda path: predictor)

    def run(frame, *options):
        frame.to_csv(tmp_path / "t.csv", index=False)
        out = tmp_path / "out.csv"
        arguments = ["predict", str(tmp_path / "m.zip"), str(tmp_path / "t.csv"), "-o", str(out)]
        return main([*arguments, *options]), out

    return run


def features(frame, predictor):
    return frame[predictor.feature_names]


def test_text_and_dates_are_found_by_themselves(predictor, saved, capsys):
    assert predictor.text_features == ["color", "day", "note"]
    assert predictor.date_features == ["day"]
    assert main(["describe", str(saved[0])]) == 0
    assert "size, color (text), day (date), note (text)" in capsys.readouterr().out


@pytest.mark.parametrize("dates", ["text", "datetimes"])
def test_a_frame_gives_what_the_model_in_memory_gave(dates, frame, predictor, saved):
    table = features(frame, predictor)
    if dates == "datetimes":
        table = table.assign(day=pd.to_datetime(table["day"]))
    np.testing.assert_allclose(predictor.predict_proba(table), saved[1], rtol=0, atol=1e-6)


@pytest.mark.parametrize("first_row", [0, 100])
def test_a_date_that_cant_be_read_is_named_with_its_row(first_row, frame, predictor):
    table = features(frame, predictor).copy()
    table.loc[6, "day"] = "5.1.2024"
    message = rf"column 'day' holds '5\.1\.2024' in row {first_row + 6}, where a date is due"
    with pytest.raises(ValueError, match=message):
        predictor.predict_proba(table, first_row=first_row)


def test_gaps_are_refused_by_a_model_that_does_not_fill_them(frame, tmp_path):
    whole = frame[["day", "note"]].fillna({"day": "2024-01-01", "note": "soup"})
    X = read_table(whole.assign(late=1), label_columns=["late"], dates=["day"], text=["note"]).X
    preprocess = make_preprocessor(X, text=["note"]).fit(X)
    model = make_mlp(transform(preprocess, X).shape[1], 1, seed=1)
    names = {"feature_names": ["day", "note"], "label_names": ["late"]}
    predictor = load_model(save_model(tmp_path / "m.zip", model, preprocess=preprocess, **names))
    assert predictor.predict_proba(whole).shape == (N, 1)
    with pytest.raises(ValueError, match=r"values are missing in \{'day': 2, 'note': 2\}"):
        predictor.predict_proba(frame[["day", "note"]])


# --- ids -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("chunk", [7, 1000])
@pytest.mark.parametrize(
    "options",
    [["--id-columns", "ticket,customer"], ["--id-columns", "ticket", "--id-columns=customer"]],
)
def test_ids_travel_into_the_predictions(chunk, options, frame, predict, capsys, monkeypatch):
    monkeypatch.setattr(command, "CHUNK", chunk)
    status, out = predict(frame, *options)
    assert status == 0 and capsys.readouterr().err == ""
    written = pd.read_csv(out, dtype={"ticket": str})
    assert list(written)[:4] == ["row", "ticket", "customer", "late_probability"]
    assert written["ticket"].tolist() == frame["ticket"].tolist()
    assert written["customer"].tolist() == frame["customer"].tolist()


def test_ids_are_copied_as_they_stand(frame, predict):
    ids = frame.assign(**{"a, b": np.resize(["NA", "007", "", "1e5", "x\ny"], N)})
    status, out = predict(ids, "--id-columns", '"a, b",color')
    assert status == 0
    written = pd.read_csv(out, dtype=str, keep_default_na=False)
    assert written["a, b"].tolist() == ids["a, b"].tolist()
    assert written["color"].tolist() == ids["color"].fillna("").tolist()


def test_id_columns_refused(frame, predict, capsys):
    assert predict(frame, "--id-columns", "tickets")[0] == 1
    assert "--id-columns: TABLE has no columns ['tickets']; it has" in capsys.readouterr().err
    assert predict(frame.assign(late=1), "--id-columns", "late")[0] == 1
    assert "two columns ['late']" in capsys.readouterr().err


def test_ids_stand_beside_labels_in_a_frame(frame, predictor, recwarn):
    labels = predictor.predict(frame, id_columns=["ticket", "customer"])
    assert list(labels) == ["ticket", "customer", *LABELS]
    pd.testing.assert_frame_equal(labels[LABELS], predictor.predict(features(frame, predictor)))
    assert labels["ticket"].equals(frame["ticket"]) and not recwarn.list


@pytest.mark.parametrize(
    ("names", "error", "message"),
    [
        ("ticket", TypeError, "id_columns: pass a list of columns"),
        (["tickets"], ValueError, r"id_columns: table has no columns \['tickets'\]"),
        (["late"], ValueError, r"id_columns: \['late'\] are names of labels, too"),
    ],
)
def test_ids_of_a_frame_refused(names, error, message, frame, predictor):
    with pytest.raises(error, match=message):
        predictor.predict(frame.assign(late=1), id_columns=names)
