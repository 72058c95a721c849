"""A saved model gives the same answers in another process, and refuses what it can't answer."""

import json
import os
import subprocess
import sys
import warnings
import zipfile

import keras
import numpy as np
import pandas as pd
import pytest

from helpers.data import make_dataset
from helpers.models import make_mlp
from helpers.persistence import load_model, save_model

FEATURES, LABELS = [f"f{i}" for i in range(10)], ["sea", "sun", "snow"]
NAMES = {"feature_names": FEATURES, "label_names": LABELS}


@pytest.fixture(scope="module")
def model():
    return make_mlp(10, 3, seed=1)


@pytest.fixture(scope="module")
def saved(model, tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "final.model"
    scores = {"subset_accuracy": np.float32(0.8)}
    return save_model(path, model, thresholds=[0.5, 0.4, 0.3], scores=scores, **NAMES)


@pytest.fixture(scope="module")
def predictor(saved):
    return load_model(saved)


@pytest.fixture(scope="module")
def table():
    return pd.DataFrame(make_dataset(30)[0], columns=FEATURES, index=range(100, 130))


@pytest.fixture
def copy(saved, tmp_path):
    """A copy that a test may damage."""
    path = tmp_path / "copy.model"
    path.write_bytes(saved.read_bytes())
    return path


# --- there and back ------------------------------------------------------------------------------


def test_new_process_predicts_the_same(saved, model, table, tmp_path):
    table.to_csv(tmp_path / "table.csv", index=False)
    script = (
        "import sys, numpy, pandas; from helpers.persistence import load_model;"
        "predictor = load_model(sys.argv[1]); table = pandas.read_csv(sys.argv[2]);"
        "numpy.save(sys.argv[3], predictor.predict_proba(table))"
    )
    files = [saved, tmp_path / "table.csv", tmp_path / "probabilities.npy"]
    subprocess.run([sys.executable, "-c", script, *map(str, files)], check=True, timeout=120)
    expected = np.asarray(model(table.to_numpy()))
    np.testing.assert_allclose(np.load(files[2]), expected, rtol=0, atol=1e-6)


def test_predictor_knows_what_was_saved(predictor):
    assert (predictor.feature_names, predictor.label_names) == (FEATURES, LABELS)
    assert predictor.thresholds.tolist() == [0.5, 0.4, 0.3]
    assert predictor.scores == {"subset_accuracy": pytest.approx(0.8)}
    assert predictor.versions["keras"] == keras.__version__
    assert predictor.created.endswith("+00:00")
    assert "10 features -> sea, sun, snow" in repr(predictor)


def test_predict_applies_the_thresholds_label_by_label(predictor, table):
    probabilities = predictor.predict_proba(table)
    labels = predictor.predict(table)
    assert list(labels.columns) == LABELS
    assert labels.index.equals(table.index)
    np.testing.assert_array_equal(labels, probabilities >= [0.5, 0.4, 0.3])
    between = (probabilities[:, 2] >= 0.3) & (probabilities[:, 2] < 0.5)
    assert between.any(), "no row shows that the third threshold is its own"


def test_one_threshold_serves_all_labels(model, tmp_path):
    path = save_model(tmp_path / "a.model", model, **NAMES)
    assert load_model(path).thresholds.tolist() == [0.5] * 3


def test_normalization_and_many_rows_survive(tmp_path):
    X, _ = make_dataset(1500)
    scaler = keras.layers.Normalization()
    scaler.adapt(X)
    output = keras.layers.Dense(3, "sigmoid")
    model = keras.Sequential([keras.Input((10,)), scaler, output])
    predictor = load_model(save_model(tmp_path / "a.model", model, **NAMES))
    np.testing.assert_allclose(predictor.predict_proba(X), model(X), rtol=0, atol=1e-6)


def test_model_with_a_loss_of_its_own_can_be_loaded(tmp_path):
    def own_loss(y_true, y_pred):
        return keras.ops.mean(keras.ops.square(y_true - y_pred), axis=-1)

    model = make_mlp(10, 3, seed=1)
    model.compile("adam", own_loss)
    predictor = load_model(save_model(tmp_path / "a.model", model, **NAMES))
    np.testing.assert_allclose(predictor.predict_proba(np.ones((1, 10))), model(np.ones((1, 10))))


# --- the table to predict from -------------------------------------------------------------------


def test_columns_are_found_by_name(predictor, table):
    turned = table[FEATURES[::-1]]
    np.testing.assert_array_equal(predictor.predict_proba(turned), predictor.predict_proba(table))


def test_an_array_is_taken_in_training_order(predictor, table):
    for same in (table.to_numpy(), table.to_numpy().tolist()):
        np.testing.assert_array_equal(predictor.predict_proba(same), predictor.predict_proba(table))
    assert predictor.predict(table.to_numpy()).index.tolist() == list(range(30))


def test_columns_named_by_numbers_are_found(model, tmp_path):
    numbers = {"feature_names": list(range(10)), "label_names": LABELS}
    predictor = load_model(save_model(tmp_path / "a.model", model, **numbers))
    X, _ = make_dataset(5)
    np.testing.assert_array_equal(predictor.predict(pd.DataFrame(X)), predictor.predict(X))


def test_extra_columns_are_left_out_with_a_warning(predictor, table):
    with pytest.warns(UserWarning, match=r"columns \['id'\] are unknown to the model"):
        probabilities = predictor.predict_proba(table.assign(id=7))
    np.testing.assert_array_equal(probabilities, predictor.predict_proba(table))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns="f3"), r"table lacks the columns \['f3'\]"),
        (lambda t: t.rename(columns={"f0": "g0"}), r"table lacks the columns \['f0'\]"),
        (lambda t: t.to_numpy()[:, :9], r"shape \(30, 9\).*10 features"),
        (lambda t: t.to_numpy()[0], r"shape \(10,\)"),
        (lambda t: t.assign(f2=np.nan), r"missing in \{'f2': 30\}.*row 0"),
        (lambda t: t.assign(f2="red"), "'f2' holds 'red' in row 0"),
        (lambda t: t.iloc[:0], "no rows"),
        (lambda t: pd.concat([t, t[["f1"]]], axis=1), r"table .*'f1'.* twice"),
    ],
)
def test_table_refused(change, message, predictor, table):
    with pytest.raises(ValueError, match=message):
        predictor.predict(change(table))


# --- what is not saved ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"feature_names": FEATURES[:9]}, "feature_names: found .*expected 10 different names"),
        ({"feature_names": ["f0"] * 10}, "feature_names: found .*expected 10 different names"),
        ({"label_names": [*LABELS, "fog"]}, "label_names: found .*expected 3 different names"),
        ({"thresholds": [0.5, 0.5]}, "threshold has shape .*or 3, one a label"),
        ({"thresholds": 1.5}, r"threshold is 1\.5"),
    ],
)
def test_names_and_thresholds_must_fit_the_model(names, message, model, tmp_path):
    with pytest.raises(ValueError, match=message):
        save_model(tmp_path / "a.model", model, **NAMES | names)
    assert not list(tmp_path.iterdir())


def test_a_file_is_not_replaced_unasked(model, copy):
    before = copy.read_bytes()
    with pytest.raises(FileExistsError, match=r"copy\.model exists already.*overwrite=True"):
        save_model(copy, model, **NAMES)
    assert copy.read_bytes() == before
    save_model(copy, model, thresholds=0.2, overwrite=True, **NAMES)
    assert load_model(copy).thresholds.tolist() == [0.2] * 3


def test_folder_must_exist(model, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no folder .*nowhere"):
        save_model(tmp_path / "nowhere" / "a.model", model, **NAMES)


@pytest.mark.parametrize("broken", ["os.replace", "zipfile.ZipFile.writestr", "model.save"])
@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_failure_while_saving_leaves_the_old_file_whole(broken, error, copy, monkeypatch):
    def fail(*arguments, **keywords):
        raise error

    model, before = make_mlp(10, 3), copy.read_bytes()
    owner, _, name = broken.rpartition(".")
    owner = {"os": os, "zipfile.ZipFile": zipfile.ZipFile, "model": model}[owner]
    monkeypatch.setattr(owner, name, fail)
    with pytest.raises(type(error)):
        save_model(copy, model, overwrite=True, **NAMES)
    monkeypatch.undo()
    assert copy.read_bytes() == before
    assert list(copy.parent.iterdir()) == [copy], "something was left behind"


# --- what is not loaded --------------------------------------------------------------------------


def rewrite(path, **members):
    """Replace members of the archive; None drops one."""
    with zipfile.ZipFile(path) as file:
        contents = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(path, "w") as file:
        for name, content in (contents | members).items():
            if content is not None:
                file.writestr(name, content)


def card_of(path):
    with zipfile.ZipFile(path) as file:
        return json.loads(file.read("card.json"))


def zip_of_nothing(path):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("readme.txt", "nothing")


def flip_in_the_middle(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: path.write_bytes(b""), id="empty"),
        pytest.param(lambda path: path.write_text("a,b\n1,2\n"), id="a text"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:5000]), id="cut short"),
        pytest.param(flip_in_the_middle, id="one byte wrong"),
        pytest.param(zip_of_nothing, id="another zip file"),
        pytest.param(lambda path: make_mlp(2, 2).save(f"{path}.keras"), id="a file of Keras"),
        pytest.param(lambda path: rewrite(path, **{"card.json": None}), id="without card"),
        pytest.param(lambda path: rewrite(path, **{"card.json": "[1]"}), id="another card"),
        pytest.param(lambda path: rewrite(path, **{"card.json": "{"}), id="broken card"),
        pytest.param(lambda path: rewrite(path, **{"card.json": b"\xff"}), id="card not a text"),
        pytest.param(lambda path: rewrite(path, **{"model.keras": None}), id="without network"),
        pytest.param(lambda path: rewrite(path, **{"model.keras": b"?"}), id="broken network"),
    ],
)
def test_damaged_or_foreign_file_is_refused(damage, copy):
    damage(copy)
    path = next(iter(copy.parent.glob("*.keras")), copy)
    with pytest.raises(ValueError, match=rf"{path.name} is not a model saved by save_model"):
        load_model(path)


def test_no_single_wrong_byte_in_the_archives_own_parts_escapes(copy):
    """Headers and card: whatever byte is wrong, the file loads or is refused in words.

    The network itself is not built, for speed.
    """
    content = copy.read_bytes()
    with zipfile.ZipFile(copy) as file:
        card = file.getinfo("card.json").header_offset
    for place in [*range(60), *range(card, len(content))][::7]:
        damaged = bytearray(content)
        damaged[place] ^= 0xFF
        copy.write_bytes(damaged)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(keras.saving, "load_model", lambda *a, **k: None)
                    load_model(copy)
            except ValueError as error:
                assert "is not a model saved by save_model" in str(error)


def test_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no file .*none\.model"):
        load_model(tmp_path / "none.model")


def make_with_code():
    """A Lambda layer is Python code; a file could bring any."""
    layers = [keras.layers.Lambda(lambda x: 2 * x), keras.layers.Dense(3, "sigmoid")]
    return keras.Sequential([keras.Input((10,)), *layers])


def test_code_in_a_file_is_not_run(copy, tmp_path):
    make_with_code().save(tmp_path / "code.keras")
    rewrite(copy, **{"model.keras": (tmp_path / "code.keras").read_bytes()})
    with pytest.raises(ValueError, match=r"copy\.model is not a model saved by save_model"):
        load_model(copy)


def test_model_that_could_not_be_loaded_again_is_not_saved(tmp_path):
    with pytest.raises(ValueError, match="not load it again without running code"):
        save_model(tmp_path / "a.model", make_with_code(), **NAMES)
    assert not list(tmp_path.iterdir())


def test_unknown_format_is_refused(copy):
    rewrite(copy, **{"card.json": json.dumps(card_of(copy) | {"format": "another 2"})})
    with pytest.raises(ValueError, match="is not a model saved by save_model"):
        load_model(copy)


@pytest.mark.parametrize(("version", "warns"), [("2.15.0", True), ("3.0.0", False)])
def test_other_major_version_of_keras_is_told(version, warns, copy):
    card = card_of(copy)
    card["versions"]["keras"] = version
    rewrite(copy, **{"card.json": json.dumps(card)})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        load_model(copy)
    told = [str(w.message) for w in caught if "was saved with Keras" in str(w.message)]
    assert bool(told) is warns
    assert not warns or "2.15.0" in told[0]
