"""Which networks train together, and that it makes no difference to any of them."""

import functools

import keras
import numpy as np
import pytest
from plain_loop import assert_equal_to_loop, evaluate_quietly, plain_loop
from sklearn.model_selection import KFold

from helpers import networks
from helpers.comparison import comparison_table
from helpers.evaluation import evaluate_models
from helpers.models import make_mlp
from helpers.networks import Network, seats, stacks_of
from helpers.plain_fit import RowOrder

SHORT = {"epochs": 3, "batch_size": 8}


def network(number=0, n_rows=20, kind=0, **arguments):
    rows, model = np.arange(n_rows), make_mlp(4, 2, seed=1, **arguments)
    return Network(number, kind, model, RowOrder(rows, True, 1), rows, rows)


def test_networks_of_one_shape_and_size_share_a_stack():
    some = [network(), network(learning_rate=0.5), network(hidden=(3,)), network(n_rows=21)]
    assert [[some.index(n) for n in stack] for stack in stacks_of([*some, some[0]])] == [
        *([0, 1, 0], [2], [3])
    ]
    assert stacks_of([]) == []


@pytest.mark.parametrize(("allowed", "sizes"), [(10**9, [7]), (3, [3, 2, 2]), (0.1, [1] * 7)])
def test_stacks_are_no_larger_than_pays(allowed, sizes, monkeypatch):
    one = network()
    numbers = one.model.count_params() + networks.EVALUATION_BATCH_SIZE * 4
    monkeypatch.setattr(networks, "MAX_NUMBERS", int(allowed * numbers))
    assert [len(stack) for stack in stacks_of([one] * 7)] == sizes


def test_a_small_network_sits_where_its_fold_says():
    some = [network(number) for number in (15, 16, 17, 1)]
    numbers = [None if n is None else n.number for n in seats(some)]
    assert numbers == [16, 17, *[None] * 13, 15, None, 1, *[None] * 14]


def test_many_kinds_on_few_folds_are_not_filled_up():
    some = [network(0, kind=kind) for kind in range(20)]
    assert seats(some) == some


def test_large_networks_are_not_filled_up():
    some = [network(number, hidden=(500,)) for number in (15, 16)]
    assert seats(some) == some


@pytest.mark.parametrize("normalize", [False, True])
def test_the_size_of_the_stacks_changes_not_a_digit(normalize, monkeypatch):
    """Odd numbers of units and labels, so that networks lie anywhere in memory."""
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(133, 5)), rng.integers(0, 2, (133, 3))
    make_model = functools.partial(make_mlp, hidden=(7,), learning_rate=0.05, normalize=normalize)
    found = []
    for size in (19, 5, 1):
        numbers = make_model(5, 3).count_params() + networks.EVALUATION_BATCH_SIZE * 5
        monkeypatch.setattr(networks, "MAX_NUMBERS", size * numbers)
        found.append(evaluate_quietly(X, y, make_model, cv=KFold(19), **SHORT | {"epochs": 20}))
    for other in found[1:]:
        np.testing.assert_array_equal(found[0].probabilities, other.probabilities)
        np.testing.assert_array_equal(found[0].history, other.history)


# --- several kinds of network on the same folds --------------------------------------------------


def penalized(n_inputs, n_outputs, seed=None, rate=0.01, kind=keras.regularizers.L2, strength=0.1):
    initializer = keras.initializers.GlorotUniform(seed)
    hidden = keras.layers.Dense(
        *(6, "relu"), kernel_initializer=initializer, kernel_regularizer=kind(strength)
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
    return evaluate_models(GRID, X, y, cv=KFold(3), shuffle=False, progress=False, **SHORT)


@pytest.mark.parametrize("name", GRID)
def test_each_of_a_grid_is_what_a_loop_finds(name, grid, data):
    X, y = data
    folds = list(KFold(3).split(X))
    loop = plain_loop(GRID[name], X, y, folds, **SHORT)
    assert_equal_to_loop(grid[name], loop, folds)


def test_networks_that_differ_in_rate_or_strength_share_a_stack(data, monkeypatch):
    sizes = []
    real = networks.stacks_of
    monkeypatch.setattr(
        "helpers.training.stacks_of",
        lambda some: sizes.extend(map(len, stacks := real(some))) or stacks,
    )
    evaluate_models(GRID, *data, cv=3, epochs=1, progress=False)
    assert sorted(sizes) == [3, 3, 12]


def test_rates_may_differ_between_large_networks_too(data):
    """Their weights are joined then, without filling up."""
    X, y = data
    rates = {rate: functools.partial(make_mlp, hidden=(300,), learning_rate=rate)
             for rate in (0.001, 0.01)}  # fmt: skip
    found = evaluate_models(rates, X, y, cv=KFold(2), shuffle=False, progress=False, **SHORT)
    folds = list(KFold(2).split(X))
    for rate, make_model in rates.items():
        assert_equal_to_loop(found[rate], plain_loop(make_model, X, y, folds, **SHORT), folds)


def test_a_model_that_cannot_be_stacked_may_be_one_of_them(data):
    X, y = data

    def clipped(n_inputs, n_outputs, seed=None):
        model = make_mlp(n_inputs, n_outputs, seed=seed)
        model.compile(keras.optimizers.Adam(clipnorm=1e9), "binary_crossentropy", run_eagerly=True)
        return model

    with pytest.warns(UserWarning, match="clipnorm"):
        found = evaluate_models(
            {"mlp": make_mlp, "clipped": clipped}, X, y, cv=2, progress=False, **SHORT
        )
    np.testing.assert_allclose(
        found["mlp"].probabilities, found["clipped"].probabilities, rtol=0, atol=1e-4
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
    found = evaluate_models(make_models, X, y, cv=KFold(2), shuffle=False, progress=False, **SHORT)
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
