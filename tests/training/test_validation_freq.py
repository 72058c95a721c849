"""Held-out losses that are taken after some epochs only, as in `keras.Model.fit`."""

import numpy as np
import pytest
from sklearn.model_selection import KFold

from helpers import plots
from helpers.evaluation import EarlyStopping, evaluate_model
from helpers.models import make_mlp


def make_plainly(n_inputs, n_outputs, seed=None):
    """Make the usual network, in a way that sends it to plain fit."""
    model = make_mlp(n_inputs, n_outputs, seed=seed)
    model.run_eagerly = True
    return model


@pytest.mark.filterwarnings("ignore:Training fold by fold")
@pytest.mark.parametrize(
    "make_model", [make_mlp, pytest.param(make_plainly, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize(("epochs", "freq"), [(4, 2), (5, 2), (2, 3)])
def test_it_leaves_out_losses_and_changes_nothing_else(make_model, epochs, freq, data):
    settings = {"cv": KFold(2), "epochs": epochs, "batch_size": 8, "progress": False}
    every = evaluate_model(*data, make_model, **settings)
    some = evaluate_model(*data, make_model, validation_freq=freq, **settings)
    np.testing.assert_allclose(some.probabilities, every.probabilities, rtol=0, atol=1e-6)
    np.testing.assert_allclose(some.history["loss"], every.history["loss"], rtol=1e-5)
    expected = every.history["val_loss"].where(every.history["epoch"] % freq == 0)
    np.testing.assert_allclose(some.history["val_loss"], expected, rtol=1e-5)


def test_early_stopping_needs_every_epoch(data):
    with pytest.raises(ValueError, match="validation_freq=5: early_stopping looks at every epoch"):
        evaluate_model(*data, early_stopping=EarlyStopping(patience=2), validation_freq=5)


@pytest.mark.parametrize("freq", [0, -1, 1.5, True])
def test_it_is_a_whole_number_from_1(freq, data):
    with pytest.raises(
        ValueError, match=r"validation_freq: found .*, expected a whole number >= 1"
    ):
        evaluate_model(*data, validation_freq=freq)


def test_learning_curves_connect_the_losses_that_were_taken(data):
    settings = {"cv": KFold(2), "epochs": 7, "progress": False}
    history = evaluate_model(*data, validation_freq=3, **settings).history
    ax = plots.plot_learning_curves(history)
    drawn = {tuple(line.get_xdata()) for line in ax.lines}
    assert drawn == {(1, 2, 3, 4, 5, 6, 7), (3, 6)}
    assert ax.get_title(loc="left").endswith("after 6 epochs")
    history = evaluate_model(*data, validation_freq=8, **settings).history  # none was taken
    ax = plots.plot_learning_curves(history)
    assert {tuple(line.get_xdata()) for line in ax.lines} == {(1, 2, 3, 4, 5, 6, 7)}
    assert ax.get_title(loc="left").startswith("Median training loss is")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["training rows, median"]
