"""Networks over label sets, networks that scale their inputs, and folds of many rows."""

import keras
import numpy as np
import pytest
from keras import layers
from plain_loop import assert_equal_to_loop, evaluate_quietly, plain_loop
from sklearn.model_selection import KFold

from helpers.labels import find_label_sets, keep_seen_sets, marginals, most_probable_sets
from helpers.metrics import score_table
from helpers.models import make_label_set_mlp, make_mlp
from helpers.training import adapt_normalization

SHORT = {"epochs": 2, "batch_size": 14}


@pytest.fixture(scope="module")
def sorted_data(data):
    """Rows in the order of their label sets: the first of three folds holds out all of some."""
    X, y = data
    order = np.lexsort(y.T[::-1])
    return X[order], y[order]


# --- make_mlp(normalize=True) and make_label_set_mlp ---------------------------------------------


@pytest.mark.parametrize("make_model", [make_mlp, make_label_set_mlp])
def test_normalize_puts_one_layer_in_front(make_model):
    model = make_model(4, 2, hidden=(5, 6), normalize=True, seed=1)
    names = ["normalization", "hidden_1", "hidden_2"]
    assert [layer.name for layer in model.layers][:3] == names
    plain = make_model(4, 2, hidden=(5, 6), seed=1)
    for ours, theirs in zip(model.trainable_weights, plain.trainable_weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert isinstance(plain.layers[0], layers.Dense), "not unless asked for"


def test_normalize_brings_features_to_mean_0_and_variance_1():
    X = np.random.default_rng(1).normal([5, -300], [0.1, 40], (500, 2)).astype("float32")
    model = make_mlp(2, 2, normalize=True)
    adapt_normalization(model, X)
    scaled = np.asarray(model.layers[0](X))
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(scaled.std(axis=0), 1, atol=1e-3)


@pytest.mark.slow
def test_normalized_models_are_trained_on_their_own_folds_statistics(data):
    X, y = data
    X = X * np.linspace(0.1, 30, 10)
    folds = list(KFold(2).split(X))
    make_model = with_arguments(make_mlp, normalize=True)
    result = evaluate_quietly(X, y, make_model, cv=folds, shuffle=False, **SHORT)
    assert_equal_to_loop(result, plain_loop(make_model, X, y, folds, **SHORT), folds)


def with_arguments(make, **arguments):
    def make_model(n_inputs, n_outputs, seed=None):
        return make(n_inputs, n_outputs, seed=seed, **arguments)

    return make_model


def test_label_set_network():
    model = make_label_set_mlp(10, 5)
    hidden, output = model.layers
    assert (hidden.units, output.units) == (20, 5)
    assert (hidden.activation.__name__, output.activation.__name__) == ("relu", "softmax")
    assert isinstance(hidden.kernel_initializer, keras.initializers.HeUniform)
    assert (model.compiled, model.loss) == (True, "categorical_crossentropy")
    assert isinstance(model.optimizer, keras.optimizers.Adam)
    assert output.name == "label_sets"
    outputs = np.asarray(model(np.random.default_rng(1).normal(size=(7, 10))))
    np.testing.assert_allclose(outputs.sum(axis=1), 1, rtol=1e-5)


def test_label_set_network_has_the_knobs_of_make_mlp():
    model = make_label_set_mlp(4, 3, hidden=(8, 5), learning_rate=0.3, seed=2)
    assert [layer.units for layer in model.layers] == [8, 5, 3]
    assert float(model.optimizer.learning_rate) == pytest.approx(0.3)
    same = make_mlp(4, 3, hidden=(8, 5), seed=2)
    for ours, theirs in zip(model.trainable_weights, same.trainable_weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    with pytest.raises(ValueError, match="n_outputs: found 0"):
        make_label_set_mlp(4, 0)


# --- outputs that share out a probability of one -------------------------------------------------


def test_evaluation_over_label_sets_refuses_sigmoids_before_it_trains(data):
    with pytest.raises(ValueError, match=r"label_sets=True needs.*make_label_set_mlp"):
        evaluate_quietly(*data, make_mlp, label_sets=True, epochs=10**9)


# --- evaluate_model(label_sets=True) -------------------------------------------------------------


@pytest.mark.slow
def test_label_sets_are_trained_as_keras_fit_trains_them_on_one_hot_rows(sorted_data):
    X, y = sorted_data
    folds = list(KFold(3).split(X))
    make_model = with_arguments(make_label_set_mlp, normalize=True, learning_rate=0.01)
    result = evaluate_quietly(X, y, make_model, cv=folds, shuffle=False, label_sets=True, **SHORT)

    sets, set_of_row = find_label_sets(y)
    one_hot = np.eye(len(sets))[set_of_row]
    set_proba, loss, val_loss = plain_loop(make_model, X, one_hot, folds, **SHORT)
    history = result.history.set_index(["fold", "epoch"])
    for k, (train, test) in enumerate(folds):
        kept = keep_seen_sets(set_proba[k], set_of_row[train])
        expected = marginals(kept, sets)
        assert np.ptp(expected) > 0.01, "nothing to compare"
        np.testing.assert_allclose(result.probabilities[0, test], expected, rtol=0, atol=1e-5)
        np.testing.assert_array_equal(result.labels[0, test], most_probable_sets(kept, sets))
        np.testing.assert_allclose(history.loc[k, "loss"], loss[k], rtol=1e-4)
        np.testing.assert_allclose(history.loc[k, "val_loss"], val_loss[k], rtol=1e-4)


def test_sets_that_no_training_row_has_get_no_probability(sorted_data):
    X, y = sorted_data
    folds = list(KFold(3).split(X))
    sets, set_of_row = find_label_sets(y)
    unseen = [np.setdiff1d(set_of_row, set_of_row[train]) for train, _ in folds]
    assert any(map(len, unseen)), "each fold sees each set: nothing to test"
    # Steps so small that the network stays as it was made: all sets about equally probable.
    make_model = with_arguments(make_label_set_mlp, learning_rate=1e-9)
    result = evaluate_quietly(X / 1000, y, make_model, cv=folds, label_sets=True, **SHORT)
    for k, (_, test) in enumerate(folds):
        seen = np.setdiff1d(np.arange(len(sets)), unseen[k])
        expected = np.tile(sets[seen].mean(axis=0), (len(test), 1))
        np.testing.assert_allclose(result.probabilities[0, test], expected, atol=0.02)
        predicted = np.unique(result.labels[0, test], axis=0).tolist()
        assert all(labels in sets[seen].tolist() for labels in predicted)


def test_scores_are_those_of_the_most_probable_sets(data):
    X, y = data
    result = evaluate_quietly(X, y, make_label_set_mlp, cv=2, label_sets=True, **SHORT)
    for k, (_, test) in enumerate(result.folds):
        expected = score_table(y[test], result.labels[0, test]).loc[0]
        assert result.scores.loc[k, expected.index].to_dict() == expected.to_dict()
    known = find_label_sets(y)[0].tolist()
    assert all(labels in known for labels in result.labels[0].tolist())
    assert (result.labels[0] != (result.probabilities[0] >= 0.5)).any(), "nothing to tell apart"


# --- folds of many held-out rows -----------------------------------------------------------------


def make_regularized(n_inputs, n_outputs, seed=None, hidden=()):
    """Not only the rows count in its loss."""
    initializer = keras.initializers.GlorotUniform(seed)
    first = layers.Dense(6, "relu", kernel_initializer=initializer, kernel_regularizer="l2")
    output = layers.Dense(n_outputs, "sigmoid", kernel_initializer=initializer)
    model = keras.Sequential([keras.Input((n_inputs,)), first, *hidden, output])
    model.compile("sgd", "binary_crossentropy")
    return model


def make_batch_normalized(n_inputs, n_outputs, seed=None):
    """Its batches can't be padded."""
    return make_regularized(n_inputs, n_outputs, seed, [layers.BatchNormalization()])


@pytest.mark.slow
@pytest.mark.parametrize("make_model", [make_regularized, make_batch_normalized])
@pytest.mark.parametrize("n_test", [100, 1000, 1024, 1025, 2048, 2500])
def test_held_out_rows_are_evaluated_as_keras_evaluates_them(n_test, make_model):
    """Up to 1,024 rows in one go, more in pieces, the last of which may be short or padded."""
    rng = np.random.default_rng(1)
    X = rng.normal(size=(3000, 4)).astype("float32")
    y = (rng.random((3000, 2)) < 0.3).astype("float32")
    rows = rng.permutation(3000)
    folds = [(rows[:19], rows[19 : 19 + n_test])]
    result = evaluate_quietly(X, y, make_model, cv=folds, shuffle=False, epochs=2, batch_size=8)
    loop = plain_loop(make_model, X, y, folds, epochs=2, batch_size=8, validation_batch_size=1024)
    assert_equal_to_loop(result, loop, folds)
