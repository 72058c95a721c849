"""Early stopping equals Keras' callback, network by network, and sees no test row."""

import functools
import pickle
from types import SimpleNamespace

import joblib
import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers, optimizers
from plain_loop import assert_equal_to_loop, cases, evaluate_quietly, plain_loop
from sklearn.model_selection import GroupKFold, KFold
from sklearn.preprocessing import StandardScaler

from helpers.data import make_dataset
from helpers.evaluation import evaluate_model
from helpers.labels import find_label_sets, keep_seen_sets, marginals
from helpers.models import make_label_set_mlp, make_mlp
from helpers.training import EarlyStopping, Settings, network_seeds, train_folds
from helpers.training.early_stopping import judge_epoch
from helpers.training.plain_fit import RowOrder

LONG = {"epochs": 8, "batch_size": 16}


def make_model(n_inputs, n_outputs, seed=None, hidden=(), rate=0.05, momentum=0.9):
    """Large steps, so that validation losses rise again soon."""
    initializer = keras.initializers.GlorotUniform(seed)
    output = layers.Dense(n_outputs, "sigmoid", kernel_initializer=initializer)
    model = keras.Sequential([keras.Input((n_inputs,)), *hidden, output])
    model.compile(optimizers.SGD(rate, momentum), "binary_crossentropy")
    return model


def make_dropout(n_inputs, n_outputs, seed=None):
    initializer = keras.initializers.GlorotUniform(seed)
    hidden = [
        layers.Dense(8, "relu", kernel_initializer=initializer),
        layers.Dropout(0.3, seed=seed),
    ]
    return make_model(n_inputs, n_outputs, seed, hidden)


def make_batch_normalized(n_inputs, n_outputs, seed=None):
    """Moving means are no weights that are trained, but belong to the best ones."""
    initializer = keras.initializers.GlorotUniform(seed)
    hidden = [
        layers.Dense(8, "relu", kernel_initializer=initializer),
        layers.BatchNormalization(momentum=0.7),
    ]
    return make_model(n_inputs, n_outputs, seed, hidden, rate=0.3)


def make_normalized(n_inputs, n_outputs, seed=None):
    return make_model(n_inputs, n_outputs, seed, [layers.Normalization()], rate=0.3)


def make_adam(n_inputs, n_outputs, seed=None):
    model = make_model(n_inputs, n_outputs, seed)
    model.compile(optimizers.Adam(0.1), "binary_crossentropy")
    return model


def make_fast(n_inputs, n_outputs, seed=None):
    return make_model(n_inputs, n_outputs, seed, rate=0.5)


def make_slow(n_inputs, n_outputs, seed=None):
    return make_model(n_inputs, n_outputs, seed, rate=1e-4, momentum=0.0)


def make_eager(n_inputs, n_outputs, seed=None):
    model = make_model(n_inputs, n_outputs, seed, rate=0.5)
    model.run_eagerly = True
    return model


def compare_to_loop(make_model, X, y, folds, early_stopping, **arguments):
    """Return the epochs that each network ran."""
    arguments = LONG | arguments
    result = evaluate_quietly(
        X, y, make_model, cv=folds, shuffle=False, early_stopping=early_stopping, **arguments
    )
    loop = plain_loop(make_model, X, y, folds, early_stopping=early_stopping, **arguments)
    assert_equal_to_loop(result, loop, folds)
    return result.history.groupby(["repeat", "fold"])["epoch"].max().tolist()


# --- equal to Keras ------------------------------------------------------------------------------

CASES = {
    "patience 0": (make_model, {"patience": 0}),
    "patience 1, dropout": (make_dropout, {"patience": 1}),
    "patience 2, batch normalization": (make_batch_normalized, {"patience": 2}),
    "half of the rows for validation": (
        make_normalized,
        {"patience": 2, "validation_fraction": 0.5},
    ),
    "least improvement": (make_adam, {"patience": 1, "min_delta": 0.05}),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", cases(CASES, ["patience 1, dropout"]))
def test_stopping_equals_keras(name, data):
    X, y = data
    make_model, settings = CASES[name]
    epochs_run = compare_to_loop(
        make_model, X, y, list(KFold(2).split(X)), EarlyStopping(**settings)
    )
    assert min(epochs_run) < LONG["epochs"], "nobody stopped: nothing was tested"


@pytest.mark.slow
def test_networks_stop_at_epochs_of_their_own(data):
    X, y = data
    epochs_run = compare_to_loop(
        make_model, X, y, list(KFold(3).split(X)), EarlyStopping(patience=3), epochs=7
    )
    assert len(set(epochs_run)) > 1
    assert max(epochs_run) == 7, "nobody went on to the end"


@pytest.mark.slow
def test_folds_of_unequal_size_equal_keras():
    X, y = make_dataset(50)
    folds = [(np.arange(20, 50), np.arange(20)), (np.arange(25), np.arange(25, 50))]
    epochs_run = compare_to_loop(make_model, X, y, folds, EarlyStopping(patience=1))
    assert min(epochs_run) < LONG["epochs"]


@pytest.mark.slow
def test_network_that_never_stops_keeps_its_last_weights(data):
    X, y = data
    folds = list(KFold(2).split(X / 10))
    epochs_run = compare_to_loop(make_slow, X / 10, y, folds, EarlyStopping(patience=1), epochs=4)
    assert epochs_run == [4, 4]


@pytest.mark.slow
def test_best_weights_are_kept_even_if_patience_outlasts_the_epochs(data):
    X, y = data
    folds = list(KFold(2).split(X))
    epochs_run = compare_to_loop(make_model, X, y, folds, EarlyStopping(patience=100), epochs=5)
    assert epochs_run == [5, 5]


def test_history_ends_with_each_networks_last_epoch(data):
    X, y = data
    result = evaluate_quietly(
        X, y, make_model, cv=6, early_stopping=EarlyStopping(patience=1), **LONG
    )
    for (repeat, fold), curves in result.history.groupby(["repeat", "fold"]):
        val_loss = curves["val_loss"].to_numpy()
        assert curves["epoch"].tolist() == list(range(1, len(curves) + 1))
        assert np.isfinite(val_loss).all(), (repeat, fold)
        stopped = len(curves) < LONG["epochs"]
        assert not stopped or val_loss[-1] >= val_loss[:-1].min()
        assert (np.diff(val_loss[:-1]) < 0).all(), "with patience 1 the first rise is the end"


# --- what can't be compiled ----------------------------------------------------------------------


@pytest.mark.slow
def test_stopping_of_what_is_trained_by_fit_equals_keras(data):
    X, y = data
    folds, early_stopping = list(KFold(2).split(X)), EarlyStopping(patience=1)
    with pytest.warns(UserWarning, match="fold by fold with model.fit"):
        result = evaluate_model(
            X,
            y,
            make_eager,
            cv=folds,
            shuffle=False,
            progress=False,
            early_stopping=early_stopping,
            **LONG,
        )
    loop = plain_loop(make_eager, X, y, folds, early_stopping=early_stopping, **LONG)
    assert_equal_to_loop(result, loop, folds)
    epochs_run = result.history.groupby("fold")["epoch"].max()
    assert epochs_run.min() < LONG["epochs"]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Training fold by fold")
def test_shuffled_rows_stop_as_by_fit(data):
    X, y = data
    settings = {"cv": KFold(2), "early_stopping": EarlyStopping(patience=1)} | LONG
    compiled = evaluate_quietly(X, y, make_fast, **settings)
    fitted = evaluate_model(X, y, make_eager, progress=False, **settings)
    np.testing.assert_allclose(compiled.probabilities, fitted.probabilities, rtol=0, atol=1e-4)
    columns = ["fold", "epoch", "loss", "val_loss"]
    np.testing.assert_allclose(compiled.history[columns], fitted.history[columns], atol=1e-4)
    assert len(compiled.history) < 2 * LONG["epochs"]
    in_order = evaluate_quietly(X, y, make_fast, shuffle=False, **settings)
    assert np.abs(in_order.probabilities - compiled.probabilities).max() > 0.01


def make_label_sets(n_inputs, n_outputs, seed=None):
    model = make_label_set_mlp(n_inputs, n_outputs, seed=seed)
    model.compile(optimizers.SGD(0.05), "categorical_crossentropy")
    return model


@pytest.mark.slow
def test_label_sets_stop_as_keras_would(data):
    X, y = data
    folds, early_stopping = list(KFold(2).split(X)), EarlyStopping(patience=1)
    result = evaluate_quietly(
        X,
        y,
        make_label_sets,
        cv=folds,
        shuffle=False,
        label_sets=True,
        early_stopping=early_stopping,
        **LONG,
    )
    sets, set_of_row = find_label_sets(y)
    targets = np.eye(len(sets))[set_of_row]
    loop = plain_loop(make_label_sets, X, targets, folds, early_stopping=early_stopping, **LONG)
    for k, (train, test) in enumerate(folds):
        expected = marginals(keep_seen_sets(loop[0][k], set_of_row[train]), sets)
        np.testing.assert_allclose(result.probabilities[0, test], expected, rtol=0, atol=1e-4)
        val_loss = result.history.loc[result.history["fold"] == k, "val_loss"]
        np.testing.assert_allclose(val_loss, loop[2][k], atol=1e-4)
    assert len(result.history) < 2 * LONG["epochs"]


# --- losses that are no numbers ------------------------------------------------------------------


def make_exploding(n_inputs, n_outputs, seed=None):
    """Linear outputs and their squares: where inputs are large, weights grow without bound."""
    initializer = keras.initializers.RandomUniform(0.0, 0.01, seed=seed)
    output = layers.Dense(n_outputs, kernel_initializer=initializer, bias_initializer="ones")
    model = keras.Sequential([keras.Input((n_inputs,)), output])
    model.compile(optimizers.SGD(1e-4), "mean_squared_error")
    return model


@pytest.mark.slow
@pytest.mark.parametrize("size", [1e9, 1e30])
@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_network_whose_loss_explodes_stops_as_in_keras_and_harms_no_other(size, data, monkeypatch):
    """With 1e30 the very first loss is no number, with 1e9 later ones are not."""
    X, y = data
    X = X.astype("float32") / 10
    X[:5] *= size  # rows that the first fold does not train on
    folds = [(np.arange(14, 42), np.arange(14)), (np.arange(28), np.arange(28, 42))]
    early_stopping = EarlyStopping(patience=3)
    monkeypatch.setattr("helpers.training.building._check_outputs", lambda *arguments: y[:1])
    settings = Settings(shuffle=False, early_stopping=early_stopping, jit_compile=False, **LONG)
    [trained] = train_folds([make_exploding], X, y, folds, network_seeds(1, 2), settings)
    loop = plain_loop(make_exploding, X, y, folds, early_stopping=early_stopping, **LONG)
    for fold, probabilities, loss, val_loss in zip(trained, *loop, strict=True):
        np.testing.assert_allclose(fold.probabilities, probabilities, rtol=1e-4)
        for found, expected in [(fold.loss, loss), (fold.val_loss, val_loss)]:
            # An infinite loss of one row may be NaN already where rows have weights.
            expected = np.where(np.isfinite(expected), expected, np.nan)
            found = np.where(np.isfinite(found), found, np.nan)
            np.testing.assert_allclose(found, expected, rtol=1e-4)
    assert np.isfinite(trained[0].loss).all()
    assert len(trained[1].loss) < LONG["epochs"]
    assert np.isfinite(trained[1].val_loss[0]) == (size < 1e30)
    assert not np.isfinite(trained[1].val_loss[-1])


class Model:
    """What Keras' callback needs of a model; its weight is the number of the epoch."""

    stop_training = False

    def __init__(self):
        self.weights = None

    def get_weights(self):
        return self.weights

    def set_weights(self, weights):
        self.weights = weights


def keras_says(losses, early_stopping):
    """Epochs run, and the epoch whose weights are kept."""
    callback = keras.callbacks.EarlyStopping(
        mode="min",
        patience=early_stopping.patience,
        min_delta=early_stopping.min_delta,
        restore_best_weights=True,
    )
    model = Model()
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, loss in enumerate(losses):
        model.weights = epoch
        callback.on_epoch_end(epoch, {"val_loss": loss})
        if model.stop_training:
            break
    callback.on_train_end()
    return epoch + 1, model.weights


# Few different values, so that there are ties, differences of just min_delta, and no numbers.
LOSSES = st.one_of(
    st.sampled_from([0.5, 0.25, 0.125, 0.375, np.nan, np.inf, np.float32(0.5 - 2**-25)]),
    # TensorFlow's processor settings take numbers below 1e-38 for 0, in some threads only.
    st.floats(0, 1, width=32, allow_subnormal=False),
).map(float)


@given(
    st.lists(LOSSES, min_size=1, max_size=12),
    st.integers(0, 4),
    st.sampled_from([0.0, 1e-9, 0.125, 0.3]),
)
@settings(max_examples=150, deadline=None)
def test_any_losses_are_judged_as_by_keras(losses, patience, min_delta):
    best, wait, kept = np.float32(np.inf), 0, None
    for epoch, loss in enumerate(losses):
        improved, best, wait, stop = judge_epoch(
            np.float32(loss), best, wait, epoch == 0, patience, np.float64(min_delta)
        )
        kept = epoch if improved else kept
        if stop:
            break
    assert (epoch + 1, kept) == keras_says(losses, EarlyStopping(patience, min_delta))


# --- no leak -------------------------------------------------------------------------------------


@pytest.mark.parametrize("preprocess", [None, StandardScaler()])
def test_rows_held_out_change_nothing_in_training(preprocess, data):
    """Neither their labels nor their features: other held-out rows keep their probabilities."""
    X, y = data
    train, test = np.arange(10, 42), np.arange(10)
    settings = {"cv": [(train, test)], "early_stopping": EarlyStopping(patience=2)} | LONG
    settings["preprocess"] = preprocess
    evaluate = functools.partial(evaluate_quietly, make_model=make_fast, **settings)
    before = evaluate(X, y)
    y_other, X_other = y.copy(), X.copy()
    y_other[test] = 1 - y[test]
    X_other[:5] = 1000 - X[:5]
    after = evaluate(X_other, y_other)
    assert len(before.history) < LONG["epochs"]
    np.testing.assert_array_equal(before.probabilities[0, 5:10], after.probabilities[0, 5:10])
    np.testing.assert_array_equal(before.history, after.history)
    assert before.scores["hamming_loss"][0] != after.scores["hamming_loss"][0]


def test_split_takes_a_share_of_the_training_rows_and_keeps_their_order():
    rows = np.random.default_rng(1).permutation(1000)[:200]
    training_rows, validation_rows = EarlyStopping(validation_fraction=0.15).split(rows, seed=3)
    assert len(validation_rows) == 30
    place = {row: i for i, row in enumerate(rows)}
    for part in (training_rows, validation_rows):
        assert [place[row] for row in part] == sorted(place[row] for row in part)
    assert sorted([*training_rows, *validation_rows]) == sorted(rows)


def test_split_depends_on_the_seed_and_on_places_only():
    split = EarlyStopping().split
    rows = np.arange(100)
    for part, same in zip(split(rows, 1), split(rows, 1), strict=True):
        np.testing.assert_array_equal(part, same)
    for part, moved in zip(split(rows, 1), split(rows + 500, 1), strict=True):
        np.testing.assert_array_equal(part + 500, moved)
    assert split(rows, 1)[1].tolist() != split(rows, 2)[1].tolist()
    first_of_the_order = RowOrder(rows, shuffle=True, seed=1).next_epoch()[:10]
    assert set(split(rows, 1)[1]) != set(first_of_the_order)


@pytest.mark.parametrize(
    ("n_rows", "fraction", "n_validation"), [(5, 0.01, 1), (10, 0.25, 2), (2, 0.4, 1)]
)
def test_split_leaves_one_row_for_validation_at_least(n_rows, fraction, n_validation):
    training_rows, validation_rows = EarlyStopping(validation_fraction=fraction).split(
        range(n_rows), 1
    )
    assert (len(training_rows), len(validation_rows)) == (n_rows - n_validation, n_validation)


@pytest.mark.parametrize(("n_rows", "fraction"), [(1, 0.1), (2, 0.9)])
def test_split_that_leaves_nothing_to_train_on_is_refused(n_rows, fraction):
    with pytest.raises(
        ValueError, match=f"validation_fraction={fraction} leaves nothing of {n_rows}"
    ):
        EarlyStopping(validation_fraction=fraction).split(range(n_rows), seed=1)


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("patience", value) for value in (-1, 1.5, "3", None, True, np.nan)),
        *(("min_delta", value) for value in (-0.1, "0", None, np.nan, np.inf, False)),
        *(("validation_fraction", value) for value in (0, 1, -0.5, 2, "0.1", None, np.nan, True)),
    ],
)
def test_parameters_are_checked(name, value):
    with pytest.raises(ValueError, match=f"{name}: found {value!r}, expected a"):
        EarlyStopping(**{name: value})


def test_numbers_of_numpy_are_taken():
    early_stopping = EarlyStopping(np.int64(3), np.float32(0.5), np.float64(0.25))
    assert early_stopping == EarlyStopping(3, 0.5, 0.25)


@pytest.mark.parametrize("value", [True, 5, keras.callbacks.EarlyStopping(), EarlyStopping])
def test_something_else_is_refused(value, data):
    with pytest.raises(TypeError, match=r"early_stopping is a .*helpers.evaluation.EarlyStopping"):
        evaluate_model(*data, cv=2, epochs=1, early_stopping=value, progress=False)


# --- in several processes ------------------------------------------------------------------------


@pytest.mark.slow
def test_n_jobs_changes_no_number(data):
    """In threads, which start at once."""
    X, y = data
    settings = {"early_stopping": EarlyStopping(patience=1), "preprocess": StandardScaler()}
    settings |= {"cv": KFold(3), "epochs": 6, "batch_size": 8}
    one = evaluate_quietly(X, y, functools.partial(make_mlp, learning_rate=0.3), **settings)
    with joblib.parallel_config(backend="threading"):
        two = evaluate_quietly(
            X, y, functools.partial(make_mlp, learning_rate=0.3), n_jobs=2, **settings
        )
    np.testing.assert_allclose(one.probabilities, two.probabilities, rtol=0, atol=1e-6)
    np.testing.assert_allclose(one.history, two.history, rtol=1e-5)
    assert len(one.history) < 18


def test_early_stopping_can_be_sent_to_a_process():
    early_stopping = EarlyStopping(3, 0.5, 0.25)
    assert pickle.loads(pickle.dumps(early_stopping)) == early_stopping


# --- groups --------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_validation_rows_are_whole_groups(seed):
    groups = np.random.default_rng(seed).integers(0, 40, 500)
    training, validation = EarlyStopping().split(np.arange(1000, 1500), seed, groups)
    assert not set(groups[training - 1000]) & set(groups[validation - 1000])
    assert sorted([*training, *validation]) == list(range(1000, 1500))
    assert 20 <= len(validation) <= 50


@pytest.mark.parametrize(("sizes", "n_validation"), [([90, 6, 4], 10), ([60, 30, 20], 20)])
def test_a_large_group_stays_with_the_training_rows(sizes, n_validation):
    groups = np.repeat(["a", "b", "c"], sizes)
    for seed in range(5):
        _, validation = EarlyStopping().split(np.arange(len(groups)), seed, groups)
        assert len(validation) == n_validation


def test_a_single_group_to_train_on_is_refused():
    with pytest.raises(ValueError, match="all training rows are of one group"):
        EarlyStopping().split(np.arange(9), 1, np.zeros(9))


def test_groups_stop_as_keras_does_on_validation_rows_of_whole_groups(data):
    X, y = data
    groups = np.arange(42) % 14
    folds = list(GroupKFold(2).split(X, y, groups))
    stopping = EarlyStopping(patience=1, validation_fraction=0.3)
    in_groups = SimpleNamespace(
        patience=1, min_delta=0, split=lambda rows, seed: stopping.split(rows, seed, groups[rows])
    )
    result = evaluate_quietly(
        X, y, make_model, cv=folds, shuffle=False, early_stopping=stopping, groups=groups, **LONG
    )
    loop = plain_loop(make_model, X, y, folds, early_stopping=in_groups, **LONG)
    assert_equal_to_loop(result, loop, folds)
