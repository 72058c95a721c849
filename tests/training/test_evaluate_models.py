"""Several kinds of network on the same folds, and how they compare."""

import functools

import keras
import numpy as np
import pytest
from plain_loop import assert_equal_to_loop, cases, plain_loop
from sklearn.model_selection import KFold

from helpers.evaluation import evaluate_model, evaluate_models
from helpers.models import make_mlp
from helpers.results import comparison_table
from helpers.training import folds as engine

SHORT = {"epochs": 3, "batch_size": 8}
QUIET = {"shuffle": False, "progress": False, "jit_compile": False}


def penalized(n_inputs, n_outputs, seed=None, rate=0.01, kind=keras.regularizers.L2, strength=0.1):
    initializer = keras.initializers.GlorotUniform(seed)
    hidden = keras.layers.Dense(
        6, "relu", kernel_initializer=initializer, kernel_regularizer=kind(strength)
    )
    output = keras.layers.Dense(n_outputs, "sigmoid", kernel_initializer=initializer)
    model = keras.Sequential([keras.Input((n_inputs,)), hidden, output])
    model.compile(keras.optimizers.Adam(rate), "binary_crossentropy")
    return model


GRID = {
    "slow": functools.partial(penalized, rate=0.001),
    "fast": functools.partial(penalized, rate=0.1),
    "weak": functools.partial(penalized, strength=0.001),
    "strong": functools.partial(penalized, strength=3.0),
    "sparse": functools.partial(penalized, kind=keras.regularizers.L1, strength=0.3),
    "wide": functools.partial(make_mlp, hidden=(30,)),
}


@pytest.fixture(scope="module")
def grid(data):
    X, y = data
    return evaluate_models(GRID, X, y, cv=KFold(3), **QUIET, **SHORT)


@pytest.mark.slow
@pytest.mark.parametrize("name", cases(GRID, ["strong"]))
def test_each_of_a_grid_is_what_a_loop_finds(name, grid, data):
    X, y = data
    folds = list(KFold(3).split(X))
    loop = plain_loop(GRID[name], X, y, folds, **SHORT)
    assert_equal_to_loop(grid[name], loop, folds)


@pytest.mark.slow
def test_rates_and_strengths_are_numbers_of_one_program(data, monkeypatch):
    made = []

    class Program(engine.Program):
        def __init__(self, *arguments):
            made.append(self)
            super().__init__(*arguments)

    monkeypatch.setattr(engine, "Program", Program)
    monkeypatch.setattr(engine, "_kept", [])
    evaluate_models(GRID, *data, cv=3, epochs=1, **QUIET)
    assert len(made) == 3, "one for those with L2, one for that with L1, one for the wide one"


@pytest.mark.slow
def test_what_fit_has_to_train_may_be_one_of_them(data):
    X, y = data

    def eager(n_inputs, n_outputs, seed=None):
        model = make_mlp(n_inputs, n_outputs, seed=seed)
        model.run_eagerly = True
        return model

    with pytest.warns(UserWarning, match="run_eagerly"):
        found = evaluate_models({"mlp": make_mlp, "eager": eager}, X, y, cv=2, **QUIET, **SHORT)
    np.testing.assert_allclose(
        found["mlp"].probabilities, found["eager"].probabilities, rtol=0, atol=1e-5
    )


def skipping(from_input):
    def make_model(n_inputs, n_outputs, seed=None):
        inputs = keras.Input((n_inputs,))
        initializer = keras.initializers.GlorotUniform(seed)
        first = keras.layers.Dense(n_inputs, "relu", kernel_initializer=initializer)(inputs)
        second = keras.layers.Dense(n_inputs, "relu", kernel_initializer=initializer)(first)
        summed = keras.layers.Add()([inputs if from_input else first, second])
        output = keras.layers.Dense(n_outputs, "sigmoid", kernel_initializer=initializer)(summed)
        model = keras.Model(inputs, output)
        model.compile(keras.optimizers.SGD(0.02), "binary_crossentropy")
        return model

    return make_model


def losing(weight, weights=None):
    def make_model(n_inputs, n_outputs, seed=None):
        def loss(y_true, y_pred, weight=weight):
            return weight * keras.ops.mean((y_true - y_pred) ** 2, axis=-1)

        model = make_mlp(n_inputs, n_outputs, seed=seed)
        own = "binary_crossentropy" if weights else loss
        model.compile(keras.optimizers.SGD(0.02), own, loss_weights=weights)
        return model

    return make_model


@pytest.mark.slow
@pytest.mark.parametrize(
    "make_models",
    [
        {"from input": skipping(True), "from layer": skipping(False)},
        {"weak": losing(0.1), "strong": losing(3.0)},
        {"light": losing(1.0, 0.1), "heavy": losing(1.0, 3.0)},
    ],
    ids=["wiring", "default of a loss", "loss weights"],
)
def test_kinds_that_only_look_alike_are_kept_apart(make_models, data):
    X, y = data
    found = evaluate_models(make_models, X, y, cv=KFold(2), **QUIET, **SHORT)
    folds = list(KFold(2).split(X))
    for name, make_model in make_models.items():
        assert_equal_to_loop(found[name], plain_loop(make_model, X, y, folds, **SHORT), folds)


@pytest.mark.parametrize("bad", [make_mlp, {}, [make_mlp], None])
def test_models_without_names_are_refused(bad, data):
    with pytest.raises(TypeError, match=r"make_models is .*dictionary with a name"):
        evaluate_models(bad, *data)


def test_unknown_settings_are_refused(data):
    with pytest.raises(TypeError, match=r"\['epoch'\]: expected arguments of evaluate_model"):
        evaluate_models({"a": make_mlp}, *data, epoch=3)


# --- the table of them ---------------------------------------------------------------------------


def test_comparison_table_has_the_best_first_and_paired_differences(grid):
    for metric, sign in {"subset_accuracy": 1, "hamming_loss": -1}.items():
        table = comparison_table(grid, metric)
        means = {name: result.scores[metric].mean() for name, result in grid.items()}
        assert sorted(table.index) == sorted(GRID)
        assert (table["mean"] * sign).is_monotonic_decreasing
        best = table.index[0]
        for name in table.index[1:]:
            assert table.loc[name, "mean"] == pytest.approx(means[name])
            behind = sign * (means[best] - means[name])
            assert table.loc[name, "behind_best"] == pytest.approx(behind)
            row = table.loc[name]
            assert row["behind_low"] <= row["behind_best"] <= row["behind_high"]
        assert table.loc[best, "behind_best":].isna().all()


def test_comparison_table_refuses_unknown_metrics(grid):
    with pytest.raises(ValueError, match="results is empty"):
        comparison_table({})
    with pytest.raises(ValueError, match="metric='accuracy': expected one of"):
        comparison_table(grid, "accuracy")


def test_weights_are_made_once_a_fold_for_kinds_that_begin_alike(data):
    """Those that begin otherwise, or where the seed does, are made for each fold."""
    calls = []

    def make_model(n_inputs, n_outputs, seed=None, name=None, rate=0.01, scale=1.0):
        calls.append(name)
        start = keras.initializers.RandomNormal(stddev=scale, seed=seed)
        output = keras.layers.Dense(n_outputs, "sigmoid", kernel_initializer=start)
        model = keras.Sequential([keras.Input((n_inputs,)), output])
        model.compile(keras.optimizers.SGD(rate), "binary_crossentropy")
        return model

    kinds = {"a": {}, "b": {"rate": 0.1}, "c": {"scale": 0.5}, "d": {"scale": 0.5, "rate": 1.0}}
    makers = {name: functools.partial(make_model, name=name, **kinds[name]) for name in kinds}
    together = evaluate_models(makers, *data, cv=KFold(3), **QUIET, **SHORT)
    assert [calls.count(name) for name in kinds] == [3, 1, 3, 1]
    for name, maker in makers.items():
        alone = evaluate_model(*data, maker, cv=KFold(3), **QUIET, **SHORT)
        np.testing.assert_array_equal(together[name].probabilities, alone.probabilities)
