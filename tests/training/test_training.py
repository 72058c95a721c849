"""Compiled training must equal a plain loop of `model.fit`, to float32 rounding."""

import functools

import keras
import numpy as np
import pytest
from keras import layers, optimizers
from plain_loop import TOLERANCE, assert_equal_to_loop, cases, evaluate_quietly, plain_loop
from sklearn.model_selection import KFold

from helpers.data import make_dataset
from helpers.models import make_mlp
from helpers.training import (
    EarlyStopping,
    Settings,
    adapt_normalization,
    train_folds,
    train_model,
)

# Folds of 21 rows in batches of 8: two full ones and a short one of 5.
SHORT = {"epochs": 3, "batch_size": 8}


def compare_to_loop(make_model, X, y, folds, settings, tolerance=TOLERANCE, **fit_arguments):
    result = evaluate_quietly(X, y, make_model, cv=folds, shuffle=False, **settings)
    loop = plain_loop(make_model, X, y, folds, **settings, **fit_arguments)
    assert_equal_to_loop(result, loop, folds, tolerance)


def folds_of(X, n_splits):
    return list(KFold(n_splits).split(X))


def initializer(seed):
    return keras.initializers.GlorotUniform(seed)


def compiled(model, optimizer=None, loss="binary_crossentropy", **arguments):
    model.compile(optimizer or optimizers.SGD(0.02, momentum=0.9), loss, **arguments)
    return model


def make_sequential(n_inputs, n_outputs, seed, hidden, **arguments):
    """Put `hidden` layers between an input and a sigmoid layer."""
    output = layers.Dense(n_outputs, "sigmoid", kernel_initializer=initializer(seed))
    return compiled(keras.Sequential([keras.Input((n_inputs,)), *hidden, output]), **arguments)


# --- folds and batches ---------------------------------------------------------------------------


def make_sgd(n_inputs, n_outputs, seed=None):
    """Momentum: a network that has no rows in a step must not even coast."""
    return compiled(make_mlp(n_inputs, n_outputs, seed=seed))


SIZES = {
    "unequal folds, one of them in fewer steps": (100, 3, 66),
    "short last batch": (42, 2, 8),
    "full batches only": (42, 2, 7),
    "batch larger than a fold": (42, 2, 64),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", cases(SIZES, ["short last batch"]))
def test_any_fold_and_batch_size_equals_fit(name):
    n_samples, n_folds, batch_size = SIZES[name]
    X, y = make_dataset(n_samples)
    settings = {"epochs": 3, "batch_size": batch_size}
    compare_to_loop(make_sgd, X, y, folds_of(X, n_folds), settings)


@pytest.mark.slow
def test_single_fold_equals_fit(data):
    X, y = data
    compare_to_loop(make_sgd, X, y, [(np.arange(6, 42), np.arange(6))], SHORT)


@pytest.mark.slow
def test_folds_of_very_unequal_size_equal_fit(data):
    """Training rows out of order, some rows in no fold at all."""
    X, y = data
    rows = np.arange(42)
    folds = [(rows[:20:-1], rows[:3]), (rows[:5], rows[5:30])]
    compare_to_loop(make_sgd, X, y, folds, SHORT)


@pytest.mark.slow
def test_equals_fit_as_compiled_by_keras(data):
    """The other tests run `fit` eagerly, this one as Keras itself would."""
    X, y = data
    folds = folds_of(X, 2)
    result = evaluate_quietly(X, y, fixed_mlp, cv=folds, shuffle=False, **SHORT)
    for train, test in folds:
        model = fixed_mlp(10, 3)
        model.fit(X[train], y[train], shuffle=False, verbose=0, **SHORT)
        expected = model.predict(X[test], verbose=0)
        np.testing.assert_allclose(result.probabilities[0, test], expected, rtol=0, atol=1e-4)


def fixed_mlp(n_inputs, n_outputs):
    """The same initial weights for every fold."""
    return make_mlp(n_inputs, n_outputs, learning_rate=0.01, seed=3)


# --- optimizers ----------------------------------------------------------------------------------

OPTIMIZERS = {
    "sgd": lambda: optimizers.SGD(0.02),
    "sgd, schedule": lambda: optimizers.SGD(optimizers.schedules.ExponentialDecay(0.05, 2, 0.5)),
    "sgd, clipped, nesterov": lambda: optimizers.SGD(
        0.05, momentum=0.9, nesterov=True, weight_decay=0.5, clipvalue=0.02
    ),
    "adam": lambda: optimizers.Adam(0.02),
    "adamw": lambda: optimizers.AdamW(0.02, weight_decay=0.3),
    "rmsprop": lambda: optimizers.RMSprop(0.01, momentum=0.5, centered=True),
    "adamax": lambda: optimizers.Adamax(0.02),
    "adagrad": lambda: optimizers.Adagrad(0.05),
    "adadelta": lambda: optimizers.Adadelta(1.0),
    "nadam": lambda: optimizers.Nadam(0.01),
    "ftrl": lambda: optimizers.Ftrl(0.05, l1_regularization_strength=0.01),
    "lion": lambda: optimizers.Lion(0.005),
    "lamb": lambda: optimizers.Lamb(0.02),
    "adafactor": lambda: optimizers.Adafactor(0.02),
    "muon": lambda: optimizers.Muon(0.02),
    "schedule free": lambda: optimizers.ScheduleFreeAdamW(0.02),
    "loss scale, as such": lambda: optimizers.LossScaleOptimizer(optimizers.SGD(0.02)),
    "loss scale, fixed": lambda: optimizers.Adam(0.02, loss_scale_factor=2.0),
    "clipnorm": lambda: optimizers.SGD(0.1, clipnorm=0.1),
    "global clipnorm": lambda: optimizers.SGD(0.1, global_clipnorm=0.1),
    "averaged weights": lambda: optimizers.SGD(0.02, use_ema=True, ema_momentum=0.5),
    "averaged weights, put back": lambda: optimizers.SGD(
        0.02, use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=3
    ),
    "averaged weights, wrapped": lambda: optimizers.LossScaleOptimizer(
        optimizers.SGD(0.02, use_ema=True, ema_momentum=0.5)
    ),
    "accumulated gradients": lambda: optimizers.Adam(0.02, gradient_accumulation_steps=2),
    "several": lambda: optimizers.MultiOptimizer(
        optimizers.OptimizerMap(optimizers.SGD(0.02), {".*bias": optimizers.Adam(0.02)})
    ),
    "partly decayed": lambda: partly_decayed(optimizers.AdamW(0.02, weight_decay=0.3)),
}


def partly_decayed(optimizer):
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    return optimizer


@pytest.mark.parametrize(
    "name",
    cases(OPTIMIZERS, ["adamw", "clipnorm"]),
)
def test_optimizer_equals_fit(name, data):
    X, y = data

    def make_model(n_inputs, n_outputs, seed=None):
        return compiled(make_mlp(n_inputs, n_outputs, hidden=(), seed=seed), OPTIMIZERS[name]())

    compare_to_loop(make_model, X, y, folds_of(X, 2), {"epochs": 2, "batch_size": 12})


def test_every_optimizer_of_keras_is_tested():
    tested = {type(make()) for make in OPTIMIZERS.values()}
    known = {
        value
        for value in vars(keras.optimizers).values()
        if isinstance(value, type) and issubclass(value, keras.optimizers.Optimizer)
    }
    assert known - tested == {keras.optimizers.Optimizer}


# --- layers and losses ---------------------------------------------------------------------------


def make_regularized(n_inputs, n_outputs, seed=None):
    hidden = layers.Dense(
        8,
        "relu",
        True,
        initializer(seed),
        kernel_regularizer=keras.regularizers.L2(0.05),
        bias_regularizer=keras.regularizers.L1(0.01),
    )
    return make_sequential(n_inputs, n_outputs, seed, [hidden])


def make_activity_regularized(n_inputs, n_outputs, seed=None):
    hidden = [
        layers.Dense(8, "tanh", True, initializer(seed), activity_regularizer="l2"),
        layers.ActivityRegularization(l1=0.01),
    ]
    return make_sequential(n_inputs, n_outputs, seed, hidden)


def make_dropout(n_inputs, n_outputs, seed=None):
    hidden = [
        layers.Dropout(0.3, seed=seed),
        layers.Dense(8, "relu", True, initializer(seed)),
        layers.GaussianNoise(0.5, seed=seed),
        layers.GaussianDropout(0.3, seed=seed),
    ]
    return make_sequential(n_inputs, n_outputs, seed, hidden)


def make_batch_normalized(n_inputs, n_outputs, seed=None):
    hidden = [
        layers.Dense(8, "relu", True, initializer(seed)),
        layers.BatchNormalization(momentum=0.7),
    ]
    return make_sequential(n_inputs, n_outputs, seed, hidden)


def make_normalized(n_inputs, n_outputs, seed=None):
    hidden = [layers.Normalization(), layers.Dense(8, "relu", True, initializer(seed))]
    return make_sequential(n_inputs, n_outputs, seed, hidden)


def make_frozen(n_inputs, n_outputs, seed=None):
    hidden = [
        layers.Dense(8, "relu", True, initializer(seed), trainable=False),
        layers.BatchNormalization(trainable=False),
    ]
    return make_sequential(n_inputs, n_outputs, seed, hidden)


def make_medley(n_inputs, n_outputs, seed=None):
    """One after the other: layers that need no model of their own."""
    hidden = [
        layers.Rescaling(0.1),
        layers.Normalization(mean=[0.5] * 10, variance=[2.0] * 10),
        layers.Dense(12, None, True, initializer(seed)),
        layers.LayerNormalization(),
        layers.Activation("tanh"),
        layers.Reshape((3, 4)),
        layers.Softmax(),
        layers.Flatten(),
        layers.Dense(9, None, True, initializer(seed)),
        layers.PReLU(),
        layers.LeakyReLU(),
        layers.Dense(9, None, True, initializer(seed)),
        layers.ELU(),
        layers.Identity(),
        layers.ReLU(negative_slope=0.1),
    ]
    return make_sequential(n_inputs, n_outputs, seed, hidden)


def make_functional(n_inputs, n_outputs, seed=None):
    """Two branches, merged in every way, with a layer used twice and a model in the model."""
    inputs = keras.Input((n_inputs,))
    left = layers.Dense(6, "relu", True, initializer(seed))(inputs)
    right = layers.Dense(6, "tanh", True, initializer(seed))(inputs)
    merges = [layers.Add, layers.Subtract, layers.Multiply, layers.Average]
    merged = [merge()([left, right]) for merge in (*merges, layers.Maximum, layers.Minimum)]
    inner = keras.Sequential([keras.Input((6,)), layers.Dense(6, "elu", True, initializer(seed))])
    joined = layers.Concatenate()([*merged, inner(left), inner(right)])
    outputs = layers.Dense(n_outputs, "sigmoid", True, initializer(seed))(joined)
    return compiled(keras.Model(inputs, outputs), optimizers.SGD(0.01))


def make_logistic(n_inputs, n_outputs, seed=None):
    return compiled(make_mlp(n_inputs, n_outputs, hidden=(), seed=seed))


def make_deep(n_inputs, n_outputs, seed=None):
    return compiled(make_mlp(n_inputs, n_outputs, hidden=(15, 7, 4), seed=seed))


def weighted_square(y_true, y_pred):
    """A loss of one's own, which looks at the whole batch."""
    weights = 1.0 + keras.ops.mean(y_true, axis=0)
    return keras.ops.mean(weights * keras.ops.square(y_true - y_pred), axis=-1)


def make_own_loss(n_inputs, n_outputs, seed=None):
    return compiled(make_mlp(n_inputs, n_outputs, seed=seed), loss=weighted_square)


def make_focal_loss(n_inputs, n_outputs, seed=None):
    loss = keras.losses.BinaryFocalCrossentropy(label_smoothing=0.1)
    mlp = make_mlp(n_inputs, n_outputs, seed=seed)
    return compiled(mlp, loss=loss, loss_weights=[3.0], metrics=["binary_accuracy"])


def with_hidden(make_hidden, **arguments):
    def make_model(n_inputs, n_outputs, seed=None):
        return make_sequential(n_inputs, n_outputs, seed, make_hidden(seed), **arguments)

    return make_model


def orthogonal(seed):
    return keras.initializers.Orthogonal(seed=seed)


class Doubling(layers.Layer):
    """A layer of the user's own."""

    def call(self, inputs):
        return 2 * inputs


class OwnAttention(layers.Layer):
    """Weights in a layer of the user's own."""

    def __init__(self, seed):
        super().__init__()
        self.attention = layers.MultiHeadAttention(2, 3, kernel_initializer=initializer(seed))

    def build(self, shape):
        self.attention.build(shape, shape)

    def call(self, inputs):
        return self.attention(inputs, inputs)


class OwnModel(keras.Model):
    """A subclassed model without a `build` method."""

    def __init__(self, n_outputs, seed):
        super().__init__()
        self.out = layers.Dense(n_outputs, "sigmoid", kernel_initializer=initializer(seed))

    def call(self, inputs):
        return self.out(inputs)


class Remembering(keras.losses.Loss):
    """A loss with a variable that no model knows of."""

    def __init__(self):
        super().__init__()
        self.steps = keras.Variable(1.0, trainable=False)

    def call(self, y_true, y_pred):
        self.steps.assign_add(1.0)
        return keras.ops.mean((y_true - y_pred) ** 2, axis=-1) / self.steps


def make_own_model(n_inputs, n_outputs, seed=None):
    return compiled(OwnModel(n_outputs, seed))


def make_remembering_loss(n_inputs, n_outputs, seed=None):
    return compiled(make_mlp(n_inputs, n_outputs, seed=seed), loss=Remembering())


def make_after_a_step(n_inputs, n_outputs, seed=None):
    model = compiled(make_mlp(n_inputs, n_outputs, seed=seed), optimizers.Adam(0.02))
    model.run_eagerly = True
    model.train_on_batch(np.ones((2, n_inputs)), np.ones((2, n_outputs)))
    model.run_eagerly = False
    return model


def make_nothing_to_train(n_inputs, n_outputs, seed=None):
    model = make_mlp(n_inputs, n_outputs, seed=seed)
    model.trainable = False
    return compiled(model)


MODELS = {
    "convolution": with_hidden(
        lambda seed: [
            layers.Reshape((10, 1)),
            layers.Conv1D(2, 3, kernel_initializer=initializer(seed)),
            layers.MaxPooling1D(2),
            layers.Flatten(),
        ]
    ),
    "LSTM": with_hidden(
        lambda seed: [
            layers.Reshape((5, 2)),
            layers.LSTM(
                4,
                kernel_initializer=initializer(seed),
                recurrent_initializer=orthogonal(seed),
                dropout=0.3,
                seed=seed,
            ),
        ]
    ),
    "GRU": with_hidden(
        lambda seed: [
            layers.Reshape((5, 2)),
            layers.GRU(
                4, kernel_initializer=initializer(seed), recurrent_initializer=orthogonal(seed)
            ),
        ]
    ),
    "attention in an own layer": with_hidden(
        lambda seed: [layers.Reshape((5, 2)), OwnAttention(seed), layers.Flatten()]
    ),
    "embedding": with_hidden(
        lambda seed: [
            layers.Embedding(
                40, 3, embeddings_initializer=keras.initializers.RandomUniform(seed=seed)
            ),
            layers.GlobalAveragePooling1D(),
        ]
    ),
    "own layer": with_hidden(lambda seed: [Doubling()]),
    "lambda": with_hidden(lambda seed: [layers.Lambda(lambda x: 2 * x)]),
    "own model": make_own_model,
    "own loss with a variable": make_remembering_loss,
    "another layer as activation": with_hidden(
        lambda seed: [
            layers.Dense(
                9, activation=layers.Dropout(0.5, seed=seed), kernel_initializer=initializer(seed)
            )
        ]
    ),
    "constraint": with_hidden(
        lambda seed: [
            layers.Dense(
                5,
                "relu",
                kernel_initializer=initializer(seed),
                kernel_constraint=keras.constraints.MaxNorm(0.5),
            )
        ]
    ),
    "half precision": with_hidden(
        lambda seed: [layers.Dense(9, kernel_initializer=initializer(seed), dtype="mixed_bfloat16")]
    ),
    "an optimizer that has taken a step": make_after_a_step,
    "nothing to train": make_nothing_to_train,
    "weights regularized": make_regularized,
    "dropout and noise": make_dropout,
    "batch normalization": make_batch_normalized,
    "inputs normalized": make_normalized,
    "frozen layers": make_frozen,
    "many layers": make_medley,
    "functional": make_functional,
    "no hidden layer": make_logistic,
    "three hidden layers": make_deep,
    "loss of Keras with settings": make_focal_loss,
}


QUICK = ["convolution", "dropout and noise", "batch normalization", "functional"]


@pytest.mark.slow
@pytest.mark.parametrize("name", cases(MODELS, QUICK))
def test_model_equals_fit(name, data):
    """Held-out rows are taken up to 1,024 at a time: some models notice."""
    X, y = data
    # bfloat16 has three digits, and processors that compute with it round in other places.
    of_kind = {"validation_batch_size": 1024, "tolerance": 0.01 if "half" in name else TOLERANCE}
    compare_to_loop(MODELS[name], X, y, folds_of(X, 2), SHORT, **of_kind)


LOSSES_OF_A_BATCH = [make_activity_regularized, make_own_loss]


@pytest.mark.slow
@pytest.mark.parametrize("make_model", LOSSES_OF_A_BATCH)
def test_loss_that_is_no_mean_over_rows_equals_fit(make_model, data):
    """It depends on how held-out rows are cut: evaluate_model takes up to 1,024 of them at once."""
    X, y = data
    compare_to_loop(make_model, X, y, folds_of(X, 2), SHORT, validation_batch_size=1024)


@pytest.mark.slow
def test_batch_normalization_with_last_batch_of_one_row_equals_fit():
    X, y = make_dataset(34)
    compare_to_loop(make_batch_normalized, X, y, folds_of(X, 2), {"epochs": 2, "batch_size": 8})


# --- every fold is a network of its own ----------------------------------------------------------


def probabilities_of_twins(make_model, X, y, seeds=(1, 2), shuffle=False):
    """Train two networks on the very same fold."""
    fold = (np.arange(21), np.arange(21, 42))
    settings = Settings(shuffle=shuffle, jit_compile=False, **SHORT)
    [trained] = train_folds([make_model], X, y, [fold, fold], seeds, settings)
    return [t.probabilities for t in trained]


def test_networks_of_equal_weights_and_rows_stay_equal(data):
    first, second = probabilities_of_twins(fixed_mlp, *data)
    np.testing.assert_allclose(first, second, rtol=0, atol=1e-5)


def test_each_fold_has_initial_weights_of_its_own(data):
    first, second = probabilities_of_twins(make_mlp, *data)
    assert np.abs(first - second).max() > 0.01


def test_each_fold_has_an_order_of_rows_of_its_own(data):
    first, second = probabilities_of_twins(fixed_mlp, *data, shuffle=True)
    assert np.abs(first - second).max() > 0.001


@pytest.mark.slow
def test_each_fold_has_dropout_masks_of_its_own(data):
    def make_model(n_inputs, n_outputs):
        """Weights are fixed, the seed of the masks is Keras' choice."""
        hidden = [layers.Dense(8, "relu", True, initializer(1)), layers.Dropout(0.5)]
        return make_sequential(n_inputs, n_outputs, 1, hidden)

    first, second = probabilities_of_twins(make_model, *data)
    assert np.abs(first - second).max() > 0.01


def make_with_everything(n_inputs, n_outputs, seed=None, run_eagerly=False):
    hidden = [
        layers.Normalization(),
        layers.Dense(8, "relu", True, initializer(seed)),
        layers.BatchNormalization(),
        layers.Dropout(0.3, seed=seed),
    ]
    return make_sequential(n_inputs, n_outputs, seed, hidden, run_eagerly=run_eagerly)


def make_to_be_fitted(n_inputs, n_outputs, seed=None):
    return make_with_everything(n_inputs, n_outputs, seed, run_eagerly=True)


@pytest.mark.slow
def test_shuffled_rows_are_those_of_plain_fit(data):
    X, y = data
    folds, settings = folds_of(X, 2), Settings(jit_compile=False, **SHORT)
    [compiled] = train_folds([make_with_everything], X, y, folds, [5, 6], settings)
    with pytest.warns(UserWarning, match="run_eagerly"):
        [plain] = train_folds([make_to_be_fitted], X, y, folds, [5, 6], settings)
    for a, b in zip(compiled, plain, strict=True):
        np.testing.assert_allclose(a.probabilities, b.probabilities, rtol=0, atol=1e-5)
        np.testing.assert_allclose(a.loss, b.loss, rtol=1e-5)
        np.testing.assert_allclose(a.val_loss, b.val_loss, rtol=1e-5)


@pytest.mark.slow
def test_rows_are_shuffled_anew_in_each_epoch(data):
    """Two epochs in one call are not the same epoch twice, and each has every row once."""
    X, y = data
    batches = []

    def make_model(n_inputs, n_outputs):
        model = fixed_mlp(n_inputs, n_outputs)
        model.compute_loss = functools.partial(record, model)
        model.run_eagerly = True
        return model

    def record(model, x=None, *arguments, training=True, **keywords):
        if training and x is not None:
            batches.append(np.asarray(x))
        return type(model).compute_loss(model, x, *arguments, training=training, **keywords)

    fold = (np.arange(21), np.arange(21, 42))
    with pytest.warns(UserWarning, match="run_eagerly"):
        train_folds([make_model], X, y, [fold], [1], Settings(epochs=2, batch_size=8))
    first, second = np.concatenate(batches[:3]), np.concatenate(batches[3:])
    assert [len(batch) for batch in batches] == [8, 8, 5, 8, 8, 5]
    assert not np.array_equal(first, second)
    for epoch in (first, second):
        np.testing.assert_array_equal(np.sort(epoch, axis=0), np.sort(X[:21], axis=0))


# --- what is held out stays out ------------------------------------------------------------------


@pytest.mark.parametrize("make_model", [make_normalized, make_batch_normalized])
def test_held_out_rows_do_not_reach_the_training(make_model, data):
    """Change the held-out rows beyond recognition: predictions for a probe row stay the same."""
    X, y = data
    train, test = np.arange(20), np.arange(20, 42)
    probe = 20  # held out too, and left alone
    X_other, y_other = X.copy(), y.copy()
    X_other[21:] = X_other[21:] * 100 + 50
    y_other[21:] = 1 - y_other[21:]
    before, after = (
        evaluate_quietly(*table, make_model, cv=[(train, test)], shuffle=True, **SHORT)
        for table in [(X, y), (X_other, y_other)]
    )
    np.testing.assert_array_equal(before.probabilities[0, probe], after.probabilities[0, probe])
    np.testing.assert_array_equal(before.history["loss"], after.history["loss"])
    assert not np.array_equal(before.history["val_loss"], after.history["val_loss"])


@pytest.mark.slow
def test_adapting_to_all_rows_would_give_other_numbers(data):
    """So the comparison of `inputs normalized` to the loop can tell a leak."""
    X, y = data
    folds = folds_of(X, 2)[:1]

    class AdaptsToAll(layers.Normalization):
        def adapt(self, rows):
            super().adapt(X)

    def leaky(n_inputs, n_outputs, seed=None):
        hidden = [AdaptsToAll(), layers.Dense(8, "relu", True, initializer(seed))]
        return make_sequential(n_inputs, n_outputs, seed, hidden)

    own, _, _ = plain_loop(make_normalized, X, y, folds, **SHORT)
    leaked, _, _ = plain_loop(leaky, X, y, folds, **SHORT)
    assert min(np.abs(a - b).max() for a, b in zip(own, leaked, strict=True)) > 0.01


def test_adapt_normalization_sees_what_reaches_the_layer():
    model = keras.Sequential(
        [
            keras.Input((2,)),
            layers.Rescaling(10.0),
            layers.Normalization(),
            layers.Normalization(mean=1.0, variance=4.0),
            layers.Normalization(),
        ]
    )
    X = np.random.default_rng(1).normal(3.0, 2.0, (50, 2))
    adapt_normalization(model, X)
    _, first, given, last = model.layers
    np.testing.assert_allclose(np.ravel(first.mean), 10 * X.mean(axis=0), rtol=1e-4)
    np.testing.assert_allclose(np.ravel(first.variance), 100 * X.var(axis=0), rtol=1e-3)
    assert (given.input_mean, given.input_variance) == (1.0, 4.0)
    np.testing.assert_allclose(np.ravel(last.mean), -0.5, atol=1e-4)
    outputs = np.asarray(model(X))
    np.testing.assert_allclose(outputs.mean(axis=0), 0.0, atol=1e-4)
    np.testing.assert_allclose(outputs.std(axis=0), 1.0, atol=1e-3)


def test_normalization_in_an_inner_model_is_refused(data):
    def make_model(n_inputs, n_outputs):
        inner = keras.Sequential([keras.Input((n_inputs,)), layers.Normalization(name="scaler")])
        return make_sequential(n_inputs, n_outputs, 1, [inner])

    with pytest.raises(ValueError, match="'scaler' sits where it can't be adapted"):
        evaluate_quietly(*data, make_model, cv=2, epochs=1)


# --- what comes back -----------------------------------------------------------------------------


@pytest.mark.slow
def test_train_folds_returns_one_result_a_fold_in_order(data):
    X, y = data
    folds = [(np.arange(10), np.arange(10, 13)), (np.arange(20), np.arange(20, 42))]
    [trained] = train_folds([make_mlp], X, y, folds, [1, 2], Settings(epochs=2))
    assert [t.probabilities.shape for t in trained] == [(3, 3), (22, 3)]
    assert [t.probabilities.dtype for t in trained] == ["float32"] * 2
    assert all(t.loss.shape == t.val_loss.shape == (2,) for t in trained)


def test_training_lowers_the_loss(data):
    X, y = data
    fold = (np.arange(30), np.arange(30, 42))
    [[trained]] = train_folds([fixed_mlp], X, y, [fold], [1], Settings(epochs=30))
    assert trained.loss[-1] < 0.8 * trained.loss[0]


def test_whole_numbers_of_numpy_are_taken_as_int():
    numbers = {"epochs": 2, "batch_size": 8, "validation_freq": 2}
    settings = Settings(**{name: np.int64(number) for name, number in numbers.items()})
    for name, number in numbers.items():
        found = getattr(settings, name)
        assert type(found) is int and found == number


@pytest.mark.slow
@pytest.mark.parametrize("name", ["plain", "normalized", "early", "fit"])
def test_train_model_leaves_the_weights_that_a_fold_has(name, data):
    X, y = data
    stopping = EarlyStopping(patience=1, min_delta=0.01) if name == "early" else None
    settings = Settings(epochs=9, batch_size=8, early_stopping=stopping, jit_compile=False)
    make_model = functools.partial(make_mlp, normalize=name == "normalized")
    if name == "fit":
        make_model = run_eagerly
    rows, held_out = np.arange(30), np.arange(30, 42)
    [[fold]] = train_folds([make_model], X, y, [(rows, held_out)], [5], settings)
    model = train_model(make_model, X[:30], y[:30], 5, settings)
    np.testing.assert_allclose(model(X[30:]), fold.probabilities, atol=1e-6)
    assert model.compiled


def run_eagerly(n_inputs, n_outputs, seed=None):
    model = make_mlp(n_inputs, n_outputs, seed=seed)
    model.compile("adam", "binary_crossentropy", run_eagerly=True)
    return model
