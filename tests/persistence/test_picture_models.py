"""A model of pictures is saved, loaded and used on arrays; the command takes tables only."""

import subprocess
import sys

import keras
import numpy as np
import pytest
from keras import layers
from sklearn.preprocessing import StandardScaler

from helpers.__main__ import main
from helpers.models import make_mlp
from helpers.persistence import load_model, save_model

LABELS = {"label_names": ["sea", "sun"]}


def network(*shape):
    start = keras.initializers.GlorotUniform(1)
    parts = [layers.Flatten(), layers.Dense(2, "sigmoid", kernel_initializer=start)]
    if len(shape) == 3 and None not in shape:
        parts.insert(0, layers.Conv2D(2, 3, kernel_initializer=start))
    return keras.Sequential([keras.Input(shape), *parts])


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return save_model(tmp_path_factory.mktemp("m") / "a.model", network(4, 5, 1), **LABELS)


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 1)])
def test_predictions_are_those_of_the_network(tmp_path, shape):
    model = network(*shape)
    pictures = np.random.default_rng(1).random((6, *shape))
    predictor = load_model(save_model(tmp_path / "a.model", model, **LABELS))
    expected = model(pictures.astype("float32")).numpy()
    np.testing.assert_allclose(predictor.predict_proba(pictures), expected, atol=1e-6)
    assert predictor.predict(pictures).columns.tolist() == LABELS["label_names"]
    assert predictor.input_shape == shape
    assert f"pictures of shape {shape}" in repr(predictor)


@pytest.mark.parametrize("shape", [(4, 5, 1), (2, 5, 4, 1), (2, 20), (2, 4, 5)])
def test_pictures_of_another_shape_are_refused(path, shape):
    with pytest.raises(ValueError, match=r"takes pictures, so pass .* \(rows, 4, 5, 1\)"):
        load_model(path).predict_proba(np.zeros(shape))


def test_pixel_that_is_missing_is_named(path):
    pictures = np.zeros((2, 4, 5, 1))
    pictures[1, 2, 3] = np.nan
    with pytest.raises(ValueError, match=r"table holds nan in row 1, at \(2, 3, 0\)"):
        load_model(path).predict(pictures)


def test_model_of_a_table_refuses_pictures(tmp_path):
    names = {"feature_names": ["a", "b"], "label_names": ["sea", "sun"]}
    predictor = load_model(save_model(tmp_path / "a.model", make_mlp(2, 2, seed=1), **names))
    assert predictor.input_shape == (2,)
    with pytest.raises(ValueError, match=r"as pictures have.*Reshape to \(rows, features\)"):
        predictor.predict_proba(np.zeros((3, 2, 2)))


@pytest.mark.parametrize(
    "given", [{"feature_names": ["a"]}, {"preprocess": StandardScaler().fit(np.zeros((2, 2)))}]
)
def test_what_belongs_to_a_table_is_refused(tmp_path, given):
    with pytest.raises(ValueError, match=f"{next(iter(given))} belongs to a table"):
        save_model(tmp_path / "a.model", network(4, 5), **LABELS, **given)


def test_table_needs_names_of_features(tmp_path):
    with pytest.raises(TypeError, match="feature_names: pass the names"):
        save_model(tmp_path / "a.model", make_mlp(2, 2, seed=1), **LABELS)


def test_size_that_is_left_open_is_refused(tmp_path):
    pool = [layers.GlobalMaxPooling2D(), layers.Dense(2, "sigmoid")]
    model = keras.Sequential([keras.Input((None, 5, 1)), *pool])
    with pytest.raises(ValueError, match="leaves a size open"):
        save_model(tmp_path / "a.model", model, **LABELS)


def test_describe_shows_the_shape(path, capsys):
    assert main(["describe", str(path)]) == 0
    said = capsys.readouterr().out
    assert "pictures: an array of shape (rows, 4, 5, 1)" in said
    assert "features" not in said and "gaps" not in said


def test_command_says_that_it_takes_no_pictures(path, tmp_path, capsys):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    output = tmp_path / "p.csv"
    assert main(["predict", str(path), str(tmp_path / "t.csv"), "-o", str(output)]) == 1
    assert "takes pictures, arrays of shape (rows, 4, 5, 1)" in capsys.readouterr().err
    assert not output.exists()


@pytest.mark.slow
def test_another_process_predicts_the_same(path, tmp_path):
    pictures = np.random.default_rng(1).random((3, 4, 5, 1)).astype("float32")
    np.save(tmp_path / "pictures.npy", pictures)
    code = (
        "import sys, numpy as np; from helpers.persistence import load_model; "
        "print(load_model(sys.argv[1]).predict_proba(np.load(sys.argv[2])).tolist())"
    )
    arguments = [sys.executable, "-c", code, str(path), str(tmp_path / "pictures.npy")]
    said = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
    expected = load_model(path).predict_proba(pictures)
    np.testing.assert_allclose(eval(said.splitlines()[-1]), expected, atol=1e-6)
