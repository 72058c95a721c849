"""recipe.py, which readers copy: it runs from beginning to end and leaves what it says."""

import re
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from matplotlib import image

RECIPE = Path(__file__).parents[2] / "notebooks" / "recipe.py"


def run(source, folder):
    folder.joinpath("recipe.py").write_text(source)
    done = subprocess.run(
        [sys.executable, "recipe.py"], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


def assert_complete(output, folder, n_folds):
    scores = [float(score) for score in re.findall(r"^fold .*: ([\d.]+)$", output, re.MULTILINE)]
    mean, deviation = re.search(r"mean ([\d.]+), standard deviation ([\d.]+)", output).groups()
    assert len(scores) == n_folds
    assert float(mean) == pytest.approx(np.mean(scores), abs=1e-3)
    assert float(deviation) == pytest.approx(np.std(scores, ddof=1), abs=1e-3)
    assert image.imread(folder / "recipe_scores.png").std() > 0.05
    model = keras.saving.load_model(folder / "recipe.keras")
    row = np.array([[2, 5, 3, 9, 4, 6, 8, 10, 0, 4]])
    found = re.search(r"probabilities \[(.*)\], labels \[(.*)\]", output)
    probabilities, labels = (np.array(part.split(), dtype=float) for part in found.groups())
    np.testing.assert_allclose(model(row).numpy()[0], probabilities, atol=1e-3)
    np.testing.assert_array_equal(labels, probabilities >= 0.5)
    return float(mean)


def test_recipe_runs_with_few_epochs(tmp_path):
    source = RECIPE.read_text()
    shorter = source.replace("EPOCHS = 100", "EPOCHS = 1")
    shorter = shorter.replace("n_splits=10, n_repeats=3", "n_splits=2, n_repeats=1")
    shorter = shorter.replace("n_samples=1000", "n_samples=60")
    assert len(shorter.splitlines()) == len(source.splitlines())
    assert_complete(run(shorter, tmp_path), tmp_path, n_folds=2)


@pytest.mark.slow
def test_recipe_finds_what_the_lessons_find(tmp_path):
    mean = assert_complete(run(RECIPE.read_text(), tmp_path), tmp_path, n_folds=30)
    assert 0.79 < mean < 0.84


def test_recipe_needs_nothing_of_the_workshop():
    imported = re.findall(r"^(?:import|from) (\w+)", RECIPE.read_text(), re.MULTILINE)
    assert set(imported) == {"keras", "matplotlib", "numpy", "sklearn"}
