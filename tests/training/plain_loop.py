"""The loop of `model.fit` that compiled training must equal, written out once for the tests."""

import warnings

import keras
import numpy as np
import pytest

from helpers.evaluation import evaluate_model
from helpers.training import network_seeds

TOLERANCE = 1e-4


def cases(names, quick):
    """Return the names of cases as parameters; all but those in `quick` are slow tests."""
    assert set(quick) < set(names)
    return [name if name in quick else pytest.param(name, marks=pytest.mark.slow) for name in names]


def plain_loop(
    make_model, X, y, folds, *, epochs, batch_size, seed=1, early_stopping=None, **fit_arguments
):
    """Train one model a fold by `model.fit`; return lists of probabilities, loss and val_loss."""
    results = []
    for (train, test), own_seed in zip(folds, network_seeds(seed, len(folds)), strict=True):
        watched = test
        if early_stopping is not None:
            train, watched = early_stopping.split(train, own_seed)
            fit_arguments["callbacks"] = [
                keras.callbacks.EarlyStopping(
                    patience=early_stopping.patience,
                    min_delta=early_stopping.min_delta,
                    restore_best_weights=True,
                )
            ]
        model = make_model(X.shape[1], y.shape[1], seed=own_seed)
        for layer in model.layers:
            if isinstance(layer, keras.layers.Normalization) and layer.input_mean is None:
                layer.adapt(X[train])
        model.run_eagerly = True  # the same arithmetic without tracing, which takes a second a fold
        history = model.fit(
            X[train],
            y[train],
            validation_data=(X[watched], y[watched]),
            epochs=epochs,
            batch_size=batch_size,
            shuffle=False,
            verbose=0,
            **fit_arguments,
        ).history
        probabilities = keras.ops.convert_to_numpy(model(X[test], training=False))
        results.append((probabilities, history["loss"], history["val_loss"]))
    return tuple(zip(*results, strict=True))


def evaluate_quietly(X, y, make_model, jit_compile=False, **arguments):
    """Call evaluate_model where every warning is an error: what falls back to `fit` fails.

    Without XLA, unless asked for: it rounds otherwise, and takes seconds to compile.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # Keras' own way of making arrays, which says nothing of this workshop.
        warnings.filterwarnings("ignore", message="__array__", category=DeprecationWarning)
        # Of a few rows, they are.
        warnings.filterwarnings("ignore", message="Labels are (too rare|spread unevenly)")
        return evaluate_model(
            X, y, make_model, progress=False, jit_compile=jit_compile, **arguments
        )


def assert_equal_to_loop(result, loop, folds, tolerance=TOLERANCE):
    """Compare an EvaluationResult of one repeat to what `plain_loop` returned."""
    probabilities, loss, val_loss = loop
    history = result.history.sort_values(["fold", "epoch"])
    near = {"rtol": tolerance, "atol": tolerance}
    for k, (_, test) in enumerate(folds):
        found = result.probabilities[0, test]
        np.testing.assert_allclose(found, probabilities[k], rtol=0, atol=tolerance)
        curves = history[history["fold"] == k]
        np.testing.assert_allclose(curves["loss"], loss[k], **near)
        np.testing.assert_allclose(curves["val_loss"], val_loss[k], **near)
    assert all(np.ptp(p) > 100 * TOLERANCE for p in probabilities), "nothing to compare"
