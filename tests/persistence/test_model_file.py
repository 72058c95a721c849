"""Damaged, foreign and hostile model files are refused; a save that is killed harms nothing."""

import io
import json
import os
import pickle
import signal
import subprocess
import sys
import time
import tracemalloc
import warnings
import zipfile

import h5py
import keras
import numpy as np
import pandas as pd
import pytest
import skops.io
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import FunctionTransformer

from helpers.models import make_mlp
from helpers.persistence import load_model, save_model
from helpers.preprocessing import make_preprocessor

TABLE = pd.DataFrame({"size": [1.0, 2.0, 4.0], "color": ["red", "blue", "red"]})
NAMES = {"feature_names": ["size", "color"], "label_names": ["sea", "sun"]}


def make_parts(seed):
    return make_mlp(3, 2, hidden=(2,), seed=seed), make_preprocessor(TABLE).fit(TABLE)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    model, preprocess = make_parts(seed=1)
    path = tmp_path_factory.mktemp("models") / "final.model"
    return save_model(
        path, model, preprocess=preprocess, thresholds=[0.4, 0.6], scores={"f1": 0.5}, **NAMES
    )


@pytest.fixture(scope="module")
def content(saved):
    return saved.read_bytes()


@pytest.fixture(scope="module")
def expected(saved):
    return everything(load_model(saved))


def everything(predictor):
    """All that can be asked of a predictor."""
    about = {k: v for k, v in vars(predictor).items() if k not in ("model", "preprocess")}
    return predictor.predict_proba(TABLE).tolist(), repr(about)


def load_quietly(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_model(path)


def refused_or_the_same(path, expected):
    """Return whether it was refused, in words; no other outcome is allowed."""
    try:
        predictor = load_quietly(path)
    except ValueError as error:
        assert str(error) == f"{path.name} is not a model saved by save_model, or it is damaged."
        return True
    assert everything(predictor) == expected
    return False


def rewrite(path, members):
    """Replace members of the archive, checksums and all; None drops one."""
    with zipfile.ZipFile(path) as file:
        contents = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(path, "w") as file:
        for name, content in (contents | members).items():
            if content is not None:
                file.writestr(name, content)


@pytest.fixture
def copy(content, tmp_path):
    path = tmp_path / "copy.model"
    path.write_bytes(content)
    return path


# --- damage --------------------------------------------------------------------------------------


@pytest.mark.slow
def test_wrong_bytes_are_refused_or_change_nothing(content, expected, copy):
    """Bytes all over the file, and every other one of what describes the archive itself."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        heads = [info.header_offset for info in file.infolist()]
        directory = file.start_dir
    places = {*np.linspace(0, len(content) - 1, 150).astype(int).tolist()}
    for head in heads:
        places.update(range(head, head + 45, 2))
    places.update(range(directory, len(content), 2))
    rng, refused = np.random.default_rng(1), 0
    for place in sorted(places):
        damaged = bytearray(content)
        damaged[place] ^= 1 << rng.integers(8)
        copy.write_bytes(damaged)
        refused += refused_or_the_same(copy, expected)
    assert len(places) > 250
    assert refused > 150


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_damage_is_refused_or_changes_nothing(content, expected, copy, data):
    """Cut off, cut out, doubled, overwritten."""
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 400)))
    middle = data.draw(
        st.sampled_from([b"", content[start:end] * 2, content[start:end][::-1], b"PK\x05\x06"])
        | st.binary(max_size=50)
    )
    tail = data.draw(st.sampled_from([content[end:], b""]))
    copy.write_bytes(content[:start] + middle + tail)
    refused_or_the_same(copy, expected)


def test_file_that_is_cut_short_is_refused(content, copy):
    for length in {*range(0, len(content), len(content) // 60), len(content) - 1}:
        copy.write_bytes(content[:length])
        with pytest.raises(ValueError, match="is not a model saved by save_model, or it is dam"):
            load_model(copy)


# --- other files ---------------------------------------------------------------------------------


def zip_with(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


def test_file_of_keras_alone_is_refused(tmp_path):
    model, _ = make_parts(seed=1)
    model.save(tmp_path / "alone.keras")
    with pytest.raises(ValueError, match=r"alone\.keras is not a model saved by save_model"):
        load_model(tmp_path / "alone.keras")


FOREIGN = {
    "nothing": b"",
    "a text": b"size,color\n1,red\n",
    "a pickle": pickle.dumps({"format": "multilabel-workshop model 2"}),
    "a document": zip_with({"word/document.xml": "<w/>", "[Content_Types].xml": "<Types/>"}),
    "an empty archive": zip_with({}),
    "a card alone": zip_with({"card.json": '{"format": "multilabel-workshop model 2"}'}),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_foreign_file_is_refused(name, tmp_path):
    path = tmp_path / "foreign.model"
    path.write_bytes(FOREIGN[name])
    with pytest.raises(ValueError, match=r"foreign\.model is not a model saved by save_model"):
        load_model(path)


def test_folder_is_no_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no file"):
        load_model(tmp_path)


def changed_card(path, **changes):
    with zipfile.ZipFile(path) as file:
        card = json.loads(file.read("card.json"))
    rewrite(path, {"card.json": json.dumps(card | changes)})


CARD = ["feature_names", "text_features", "label_names", "imputes", "thresholds", "scores"]
CARD += ["created", "versions"]


@pytest.mark.parametrize("name", [*CARD, "format", "preprocess"])
def test_card_without_an_entry_is_refused(name, copy):
    with zipfile.ZipFile(copy) as file:
        card = json.loads(file.read("card.json"))
    del card[name]
    rewrite(copy, {"card.json": json.dumps(card)})
    with pytest.raises(ValueError, match="is not a model saved by save_model"):
        load_model(copy)


@pytest.mark.parametrize(
    "changes",
    [
        *({name: None} for name in (*CARD, "format", "preprocess")),
        {"format": "multilabel-workshop model 1"},
        {"feature_names": "ab"},
        {"feature_names": ["size", 3]},
        {"feature_names": ["width", "color"]},
        {"feature_names": ["color", "size"]},
        {"text_features": []},
        {"text_features": ["weight"]},
        {"label_names": ["sea"]},
        {"label_names": ["sea", "sun", "snow"]},
        {"thresholds": [0.5]},
        {"thresholds": [0.5, "0.5"]},
        {"thresholds": 0.5},
        {"scores": [0.5]},
        {"scores": {"f1": "good"}},
        {"versions": {}},
        {"versions": {"keras": 3}},
        {"imputes": "no"},
        {"created": 2020},
        {"preprocess": False},
    ],
    ids=str,
)
def test_card_that_does_not_fit_is_refused(changes, copy):
    changed_card(copy, **changes)
    with pytest.raises(ValueError, match="is not a model saved by save_model"):
        load_model(copy)


@pytest.mark.parametrize("n_names", [2, 4])
def test_card_with_another_number_of_features_than_the_network_is_refused(n_names, tmp_path):
    path, names = tmp_path / "numbers.model", ["a", "b", "c"]
    save_model(path, make_parts(seed=1)[0], feature_names=names, label_names=["sea", "sun"])
    changed_card(path, feature_names=[*names, "d"][:n_names])
    with pytest.raises(ValueError, match="is not a model saved by save_model"):
        load_model(path)


@pytest.mark.parametrize(
    "members",
    [
        {"card.json": "[1]"},
        {"card.json": "{"},
        {"card.json": b"\xff"},
        {"model.keras": b"?"},
        {"preprocess.skops": None},
        {"model.keras": None},
        {"notes.txt": "hello"},
    ],
    ids=str,
)
def test_broken_missing_and_unknown_parts_are_refused(members, copy):
    """Without its preprocessing a model would predict, and wrongly."""
    rewrite(copy, members)
    with pytest.raises(ValueError, match="is not a model saved by save_model"):
        load_model(copy)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused(copy):
    with zipfile.ZipFile(copy, "a") as file:
        file.writestr("card.json", file.read("card.json"))
    with pytest.raises(ValueError, match="is not a model saved by save_model"):
        load_model(copy)


def test_network_that_does_not_fit_the_card_is_refused(copy, tmp_path):
    make_mlp(3, 5).save(tmp_path / "wide.keras")
    rewrite(copy, {"model.keras": (tmp_path / "wide.keras").read_bytes()})
    with pytest.raises(ValueError, match="is not a model saved by save_model"):
        load_model(copy)


@pytest.mark.parametrize(("version", "warns"), [("2.15.0", True), ("3.0.0", False)])
def test_other_major_version_of_keras_is_told(version, warns, copy):
    changed_card(copy, versions={"keras": version, "scikit-learn": "1.9.1"})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        load_model(copy)
    told = [str(w.message) for w in caught if "was saved with Keras" in str(w.message)]
    assert bool(told) is warns
    assert not warns or "2.15.0" in told[0]


def test_warning_comes_before_a_file_of_another_keras_is_refused(copy):
    changed_card(copy, versions={"keras": "4.0.0", "scikit-learn": "1.9.1"})
    rewrite(copy, {"model.keras": b"a form of tomorrow"})
    with (
        pytest.warns(UserWarning, match=r"copy\.model was saved with Keras 4\.0\.0") as caught,
        pytest.raises(ValueError, match="is not a model saved by save_model"),
    ):
        load_model(copy)
    assert caught[0].filename == __file__


# --- hostile files -------------------------------------------------------------------------------


@pytest.fixture
def marker(tmp_path):
    """A file that hostile code would make."""
    path = tmp_path / "executed"
    yield path
    assert not path.exists(), "code from the file was executed"


class Hostile:
    """Makes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_lambda_layer_in_a_file_is_not_run(copy, tmp_path):
    layers = [keras.layers.Lambda(lambda x: 2 * x), keras.layers.Dense(2, "sigmoid")]
    keras.Sequential([keras.Input((3,)), *layers]).save(tmp_path / "code.keras")
    rewrite(copy, {"model.keras": (tmp_path / "code.keras").read_bytes()})
    with pytest.raises(ValueError, match=r"copy\.model is not a model saved by save_model"):
        load_model(copy)


@pytest.mark.parametrize("dump", [pickle.dumps, skops.io.dumps])
def test_hostile_preprocessing_is_refused(dump, copy, marker):
    rewrite(copy, {"preprocess.skops": dump(Hostile(marker))})
    with pytest.raises(ValueError, match="is not a model saved by save_model"):
        load_model(copy)


@pytest.mark.parametrize("function", ["os.system", "builtins.open", "numpy.save", "builtins.eval"])
def test_function_in_preprocessing_is_not_called(function, copy, marker):
    """A harmless transformer whose function was changed in the file."""
    module, _, name = function.rpartition(".")
    dumped = skops.io.dumps(FunctionTransformer(np.sqrt))
    with zipfile.ZipFile(io.BytesIO(dumped)) as file:
        schema = file.read("schema.json").decode()
        others = {n: file.read(n) for n in file.namelist() if n != "schema.json"}
    assert '"sqrt"' in schema
    schema = schema.replace('"sqrt"', f'"{name}"').replace('"numpy"', f'"{module}"')
    rewrite(copy, {"preprocess.skops": zip_with(others | {"schema.json": schema})})
    with pytest.raises(ValueError, match="is not a model saved by save_model"):
        load_model(copy).predict_proba(pd.DataFrame({"size": [1.0], "color": [str(marker)]}))


@pytest.mark.parametrize(
    ("module", "name", "config"),
    [
        ("os", "system", "touch {}"),
        ("builtins", "open", {"file": "{}", "mode": "w"}),
        ("builtins", "eval", "open('{}', 'w')"),
        ("keras.layers", "Lambda", {"function": "open('{}', 'w')", "name": "f"}),
    ],
)
def test_object_in_network_is_not_made(module, name, config, copy, marker, tmp_path):
    model, _ = make_parts(seed=1)
    path = tmp_path / "network.keras"
    model.save(path)
    with zipfile.ZipFile(path) as file:
        network = json.loads(file.read("config.json"))
    config = json.loads(json.dumps(config).replace("{}", str(marker)))
    hostile = {"module": module, "class_name": name, "config": config, "registered_name": None}
    network["config"]["layers"].append(hostile)
    rewrite(path, {"config.json": json.dumps(network)})
    rewrite(copy, {"model.keras": path.read_bytes()})
    with pytest.raises(ValueError, match="is not a model saved by save_model"):
        load_model(copy)


@pytest.mark.parametrize("inside", [False, True])
def test_part_with_a_path_is_not_written_outside(inside, copy, tmp_path, monkeypatch):
    """In the archive itself, and in the archive of the network inside."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "t" / "t"))
    (tmp_path / "t" / "t").mkdir(parents=True)
    names = {"../evil": "x", "../../evil": "x", str(tmp_path / "evil"): "x"}
    if inside:
        path = tmp_path / "network.keras"
        make_parts(seed=1)[0].save(path)
        rewrite(path, names)
        rewrite(copy, {"model.keras": path.read_bytes()})
        load_quietly(copy)  # Keras leaves them where they are
    else:
        rewrite(copy, names)
        with pytest.raises(ValueError, match="is not a model saved by save_model"):
            load_model(copy)
    assert not list(tmp_path.rglob("evil"))


BOMB = b" " * 2**26


def packed(content, name, more=BOMB):
    """An archive in which one part goes on and on, and is packed to next to nothing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for part in old.namelist():
            if part == name:
                new.writestr(part, old.read(part) + more, zipfile.ZIP_DEFLATED)
            else:
                new.writestr(part, old.read(part))
    return buffer.getvalue()


def lying(content):
    """The same, but the directory says that the card is as short as it was."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        size = file.getinfo("card.json").file_size
    before, found, after = packed(content, "card.json").rpartition(
        (size + len(BOMB)).to_bytes(4, "little")
    )
    assert found
    return before + size.to_bytes(4, "little") + after


def with_part(content, name, change):
    """The archive with one part changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = {part: file.read(part) for part in file.namelist()}
    return zip_with(parts | {name: change(parts[name])})


def with_endless_weights(network):
    """Weights of which HDF5 stores nothing but their number."""

    def change(weights):
        buffer = io.BytesIO(weights)
        with h5py.File(buffer, "r+") as file:
            del file["layers/dense/vars/0"]
            file.create_dataset("layers/dense/vars/0", (2**24,), "f4", chunks=True, fillvalue=1)
        return buffer.getvalue()

    return with_part(network, "model.weights.h5", change)


def with_endless_matrix(dumped):
    """As skops lets SciPy pack sparse matrices."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, data=np.zeros(2**23))
    with zipfile.ZipFile(io.BytesIO(dumped)) as file:
        parts = {part: file.read(part) for part in file.namelist()}
    return zip_with(parts | {"matrix.npz": buffer.getvalue()})


BOMBS = {
    "card": lambda content: packed(content, "card.json"),
    "card, directory lies": lying,
    "card, not packed": lambda content: with_part(content, "card.json", lambda card: card + BOMB),
    "network": lambda content: packed(content, "model.keras"),
    "preprocessing": lambda content: packed(content, "preprocess.skops"),
    "in the network": lambda content: with_part(
        content, "model.keras", lambda part: packed(part, "config.json")
    ),
    "in the weights": lambda content: with_part(content, "model.keras", with_endless_weights),
    "in the preprocessing": lambda content: with_part(
        content, "preprocess.skops", lambda part: packed(part, "schema.json")
    ),
    "in a matrix": lambda content: with_part(content, "preprocess.skops", with_endless_matrix),
}


@pytest.mark.parametrize("name", BOMBS)
def test_part_that_unfolds_is_refused_before_it_is_read(name, content, copy):
    """64 MiB, of which no more than the file itself comes into memory."""
    copy.write_bytes(BOMBS[name](content))
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="is not a model saved by save_model"):
            load_model(copy)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2**23


def test_parts_that_share_their_bytes_are_refused(content, copy):
    """The directory may say that one part lies within another."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        network, card = file.getinfo("model.keras"), file.getinfo("card.json")
    size = card.file_size.to_bytes(4, "little")
    before, found, after = content.rpartition(size + size)
    assert found
    copy.write_bytes(before + 2 * (network.file_size * 5).to_bytes(4, "little") + after)
    with pytest.raises(ValueError, match="is not a model saved by save_model") as caught:
        load_model(copy)
    assert "larger than itself" in str(caught.value.__cause__)


# --- what is not saved ---------------------------------------------------------------------------


def test_card_that_would_be_too_long_is_not_saved(tmp_path, monkeypatch):
    monkeypatch.setattr("helpers.persistence.model_file.MOST_CARD", 100)
    model, preprocess = make_parts(seed=1)
    with pytest.raises(ValueError, match=r"names and scores take .* bytes, and a model "):
        save_model(tmp_path / "a.model", model, preprocess=preprocess, **NAMES)
    assert not list(tmp_path.iterdir())


class OwnTransformer(FunctionTransformer):
    """Its class would have to be imported, and so executed."""


@pytest.mark.parametrize(
    "preprocess",
    [OwnTransformer(), FunctionTransformer(lambda X: X), FunctionTransformer(len), Hostile("x")],
    ids=["own class", "lambda", "builtin", "no transformer"],
)
def test_preprocessing_that_needs_code_is_not_saved(preprocess, tmp_path):
    model = make_mlp(1, 2)
    with pytest.raises(ValueError, match=r"^preprocess .*(scikit-learn's own|can't take a row)"):
        save_model(
            tmp_path / "a.model",
            model,
            preprocess=preprocess,
            feature_names=["size"],
            label_names=["sea", "sun"],
        )
    assert not list(tmp_path.iterdir())


# --- killed --------------------------------------------------------------------------------------

SAVING = """
import sys, time, os, zipfile
from helpers.models import make_mlp
from helpers.persistence import save_model
path, slow = sys.argv[1:]
model = make_mlp(400, 2, hidden=(400,), seed=1)
names = {"feature_names": list(range(400)), "label_names": ["sea", "sun"]}
def pause(*arguments, **keywords):
    print("now", flush=True)
    time.sleep(60)
if slow == "replace":
    os.replace = pause
if slow == "writestr":
    zipfile.ZipFile.writestr = pause
print("now", flush=True)
for number in range(100_000):
    save_model(path, model, thresholds=number % 100 / 100, overwrite=True, **names)
    if number == 3:
        print("now", flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a signal of Linux and macOS")
def test_killed_while_saving_leaves_a_whole_file(content, expected, tmp_path):
    """By SIGKILL: before the move, in the middle of writing, and anywhere in a series of saves."""
    children = {}
    for slow in ("replace", "writestr", "no"):
        path = tmp_path / slow / "a.model"
        path.parent.mkdir()
        path.write_bytes(content)
        command = [sys.executable, "-c", SAVING, str(path), slow]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        children[path] = child
    for path, child in children.items():
        for _ in range(2):
            assert child.stdout.readline() == b"now\n"
        if path.parent.name == "no":
            time.sleep(0.13)
        child.kill()
        assert child.wait(timeout=60) == -signal.SIGKILL
        child.stdout.close()
    for path in children:
        left = [p.name for p in path.parent.iterdir() if p != path]
        assert all(name.startswith(".writing-") for name in left)
        if path.parent.name == "no":
            assert load_model(path).feature_names == [str(i) for i in range(400)]
        else:
            assert path.read_bytes() == content
            assert left, "the child was not killed in the middle"
        # What was left behind is in nobody's way.
        model, preprocess = make_parts(seed=1)
        save_model(path, model, preprocess=preprocess, overwrite=True, **NAMES)
        assert load_model(path).predict_proba(TABLE).tolist() == expected[0]
