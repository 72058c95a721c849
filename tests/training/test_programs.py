"""What is compiled and what is not, with and without XLA; which networks share a program."""

import functools
import gc
import threading
import warnings
import weakref

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, optimizers
from plain_loop import assert_equal_to_loop, cases, evaluate_quietly, plain_loop
from sklearn.model_selection import KFold
from sklearn.preprocessing import StandardScaler

from helpers.evaluation import EarlyStopping, evaluate_model
from helpers.models import make_mlp, masked
from helpers.training import Settings, building, network_seeds, train_folds
from helpers.training import folds as engine
from helpers.training.compilable import flat_layers, is_all_of_keras, why_not_compilable
from helpers.training.program import Program

SHORT = {"epochs": 4, "batch_size": 8, "cv": KFold(3)}


@pytest.fixture
def made(monkeypatch):
    """List the programs that are made; none is there from before."""
    programs = []

    class Counted(Program):
        def __init__(self, *arguments):
            programs.append(self)
            super().__init__(*arguments)

    monkeypatch.setattr(engine, "Program", Counted)
    monkeypatch.setattr(engine, "_kept", [])
    return programs


def compiled(hidden, optimizer=optimizers.Adam, loss="binary_crossentropy", **compile_arguments):
    def make_model(n_inputs, n_outputs, seed=None):
        output = layers.Dense(n_outputs, "sigmoid", kernel_initializer=initializer(seed))
        model = keras.Sequential([keras.Input((n_inputs,)), *hidden(seed), output])
        model.compile(optimizer(), loss, **compile_arguments)
        return model

    return make_model


def initializer(seed):
    return keras.initializers.GlorotUniform(seed)


def dense(seed, units=5, activation="relu", **arguments):
    return [layers.Dense(units, activation, kernel_initializer=initializer(seed), **arguments)]


def with_state(seed):
    return [
        layers.Normalization(),
        *dense(seed),
        layers.BatchNormalization(),
        layers.Dropout(0.3, seed=seed),
    ]


def convolution(seed):
    return [
        layers.Reshape((10, 1)),
        layers.Conv1D(2, 3, kernel_initializer=initializer(seed)),
        layers.Flatten(),
    ]


# --- what `fit` has to train ---------------------------------------------------------------------


class OwnSteps(keras.Sequential):
    """A training step of the user's own: it learns twice from each batch."""

    def train_step(self, data):
        super().train_step(data)
        return super().train_step(data)


class OwnEvaluate(keras.Sequential):
    """`fit` takes the loss of held-out rows from it."""

    def evaluate(self, *arguments, **keywords):
        return super().evaluate(*arguments, **keywords)


class OwnFit(keras.Sequential):
    def fit(self, *arguments, **keywords):
        return super().fit(*arguments, **keywords)


def make_own_steps(n_inputs, n_outputs, seed=None, kind=OwnSteps):
    model = kind(make_mlp(n_inputs, n_outputs, seed=seed).layers)
    model.compile(optimizers.SGD(0.02), "binary_crossentropy")
    return model


def make_numpy_loss(n_inputs, n_outputs, seed=None):
    """It looks at numbers, which are not there while a program is made."""

    def loss(y_true, y_pred):
        factor = 2.0 if float(keras.ops.max(y_true)) > 0 else 1.0
        return factor * keras.ops.mean((y_true - y_pred) ** 2, axis=-1)

    model = make_mlp(n_inputs, n_outputs, seed=seed)
    model.compile(optimizers.SGD(0.02), loss, run_eagerly=True)
    return model


NOT_COMPILED = {
    "own training step": (make_own_steps, "OwnSteps has its own train_step"),
    "own fit": (functools.partial(make_own_steps, kind=OwnFit), "OwnFit has its own fit"),
    "own evaluate": (
        functools.partial(make_own_steps, kind=OwnEvaluate),
        "OwnEvaluate has its own evaluate",
    ),
    "eager": (make_numpy_loss, "it was compiled with run_eagerly=True"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", cases(NOT_COMPILED, ["own training step"]))
def test_what_is_not_compiled_is_trained_by_fit_with_one_warning(name, data):
    """That is all: whatever else Keras can train is in test_training.py."""
    X, y = data
    make_model, reason = NOT_COMPILED[name]
    folds = list(KFold(2).split(X))
    settings = {"epochs": 2, "batch_size": 8}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        result = evaluate_model(
            X, y, make_model, cv=folds, shuffle=False, progress=False, **settings
        )
    [warning] = [str(w.message) for w in caught if w.category is UserWarning]
    assert warning == f"Training fold by fold with model.fit, which is slower: {reason}."
    assert_equal_to_loop(result, plain_loop(make_model, X, y, folds, **settings), folds)
    mlp = evaluate_quietly(X, y, make_mlp, cv=folds, **settings)
    for name in ("scores", "history"):
        assert getattr(result, name).dtypes.to_dict() == getattr(mlp, name).dtypes.to_dict()
    assert result.probabilities.dtype == mlp.probabilities.dtype


@pytest.mark.filterwarnings("ignore:Training fold by fold")
def test_a_step_that_names_no_loss_is_refused(data):
    class Nameless(keras.Sequential):
        def train_step(self, batch):
            return {"mine": super().train_step(batch)["loss"]}

    def make_model(n_inputs, n_outputs, seed=None):
        model = Nameless([keras.Input((n_inputs,)), layers.Dense(n_outputs, "sigmoid")])
        model.compile("sgd", "binary_crossentropy")
        return model

    with pytest.raises(ValueError, match=r"Nameless must return a dictionary with 'loss'.*'mine'"):
        evaluate_model(*data, make_model, cv=2, epochs=1, progress=False)


def test_what_cannot_be_traced_is_trained_by_fit(data, monkeypatch):
    def fail(*arguments):
        raise RuntimeError("no graph today")

    monkeypatch.setattr(engine, "Program", fail)
    monkeypatch.setattr(engine, "_kept", [])
    with pytest.warns(UserWarning, match=r"it can't be traced \(RuntimeError: no graph today\)"):
        result = evaluate_model(*data, cv=2, epochs=1, progress=False)
    assert np.isfinite(result.probabilities).all()


def test_ordinary_models_are_compiled():
    functional = keras.Model(inputs := keras.Input((4,)), layers.Dense(2)(inputs))
    nested = keras.Sequential([keras.Input((4,)), functional, layers.Dense(2)])
    for model in (functional, nested):
        model.compile("adam", "mse")
    assert [why_not_compilable(m) for m in (make_mlp(4, 2), functional, nested)] == [None] * 3


def test_flat_layers_looks_into_models_in_the_model():
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.ReLU()])
    outer = keras.Sequential([keras.Input((4,)), inner, layers.Dense(2)])
    assert [type(la).__name__ for la in flat_layers(outer)] == ["Dense", "ReLU", "Dense"]


# --- XLA -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("make_model", [make_mlp, compiled(with_state)], ids=["mlp", "state"])
@pytest.mark.slow
def test_first_steps_with_xla_are_those_of_fit(make_model, data, made):
    """Random layers draw the masks that `fit` draws with the same jit_compile."""
    X, y = data
    folds, settings = list(KFold(2).split(X)), {"epochs": 2, "batch_size": 8}
    result = evaluate_quietly(
        X, y, make_model, cv=folds, shuffle=False, jit_compile=True, **settings
    )
    assert made[0].compiled_by_xla
    for (train, test), seed in zip(folds, network_seeds(1, 2), strict=True):
        model = make_model(10, 3, seed=seed)
        building.adapt_normalization(model, X, train)
        model.compile(model.optimizer, model.loss, jit_compile=True)
        model.fit(X[train], y[train], shuffle=False, verbose=0, **settings)
        expected = np.asarray(model(X[test], training=False))
        np.testing.assert_allclose(result.probabilities[0, test], expected, rtol=0, atol=1e-4)


def dropout(seed):
    return [*dense(seed), layers.Dropout(0.3, seed=seed)]


@pytest.mark.slow
@pytest.mark.parametrize("hidden", [dense, convolution, dropout])
def test_xla_compiles_what_pays(hidden, data, made):
    for jit_compile, expected in [("auto", hidden is dense), (True, True), (False, False)]:
        evaluate_quietly(*data, compiled(hidden), jit_compile=jit_compile, cv=2, epochs=1)
        assert made[-1].compiled_by_xla is expected, jit_compile


class Refused(layers.Layer):
    """Something that XLA can't compile, as it can't compile anything where it is missing."""

    def call(self, inputs):
        same = tf.numpy_function(lambda x: x, [inputs], tf.float32)
        same.set_shape(inputs.shape)
        return inputs + tf.stop_gradient(0 * same)


def make_refused(n_inputs, n_outputs, seed=None):
    return compiled(lambda seed: [Refused(), *dense(seed)])(n_inputs, n_outputs, seed)


@pytest.mark.slow
def test_where_xla_refuses_a_model_it_is_trained_without(data, made):
    result = evaluate_quietly(*data, make_refused, jit_compile="auto", **SHORT)
    assert {program.compiled_by_xla for program in made} == {False}
    plain = evaluate_quietly(*data, compiled(dense), **SHORT)
    np.testing.assert_allclose(result.probabilities, plain.probabilities, atol=1e-6)
    with pytest.warns(UserWarning, match="without XLA, which refused the model: .*"):
        evaluate_model(*data, make_refused, jit_compile=True, progress=False, **SHORT)


@pytest.mark.slow
def test_a_program_is_made_ready_while_nothing_else_runs(data, made, monkeypatch):
    """Otherwise TensorFlow crashes now and then, when Python deletes another function meanwhile."""
    running, seen = [], []
    runner = Program._runner

    def watched_runner(program, *arguments):
        run = runner(program, *arguments)

        def watched(piece):
            if not program.is_ready:
                is_main = threading.current_thread() is threading.main_thread()
                seen.append((is_main, gc.isenabled(), len(running)))
            running.append(piece)
            try:
                return run(piece)
            finally:
                running.pop()

        return watched

    monkeypatch.setattr(Program, "_runner", watched_runner)
    rows = np.arange(42)
    folds = [(rows[n:40], rows[:n]) for n in (5, 9, 14)]
    evaluate_quietly(*data, make_mlp, cv=folds, epochs=1000, batch_size=8)
    assert seen == [(True, False, 0)] * 2, "(main thread, garbage collector on, others running)"
    assert gc.isenabled()


# --- which networks share a program --------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    "make_model",
    [
        make_mlp,
        compiled(with_state),
        compiled(dense, functools.partial(optimizers.SGD, 0.1, momentum=0.9)),
        compiled(lambda seed: dense(seed, kernel_regularizer=keras.regularizers.L2(0.1))),
        compiled(lambda seed: [layers.Reshape((5, 2)), layers.LSTM(2, seed=seed, dropout=0.2)]),
    ],
    ids=["mlp", "layers with a state", "momentum", "penalty", "cells"],
)
@pytest.mark.parametrize("jit_compile", cases([False, True], [True]))
def test_a_second_call_gives_the_numbers_of_a_first_one(make_model, jit_compile, data, made):
    first, again = (
        evaluate_quietly(*data, make_model, jit_compile=jit_compile, **SHORT) for _ in range(2)
    )
    assert len(made) == 1
    np.testing.assert_array_equal(first.probabilities, again.probabilities)
    np.testing.assert_array_equal(first.history, again.history)


@pytest.mark.slow
def test_folds_of_any_size_share_a_program_where_batches_can_be_padded(data, made):
    rows = np.arange(42)
    folds = [(rows[n:40], rows[:n]) for n in (5, 9, 14)]
    evaluate_quietly(*data, make_mlp, cv=folds, epochs=1, batch_size=8)
    assert [program.pads for program in made] == [True, True], "4 or 5 steps an epoch"
    made.clear()
    evaluate_quietly(*data, compiled(with_state), cv=folds, epochs=1, batch_size=8)
    assert [program.pads for program in made] == [False] * 3


@pytest.mark.slow
def test_what_may_change_between_two_calls_is_that_of_the_new_call(data, made, monkeypatch):
    """Rows, seed, learning rate, epochs and strength of a penalty."""
    X, y = data

    def make_model(n_inputs, n_outputs, seed=None, rate=0.001, strength=0.1):
        penalty = keras.regularizers.L2(strength)
        optimizer = functools.partial(optimizers.Adam, rate)
        return compiled(lambda s: dense(s, kernel_regularizer=penalty), optimizer)(
            n_inputs, n_outputs, seed
        )

    evaluate_quietly(X, y, make_model, **SHORT)
    changes = [
        (X[::-1], {}),
        (X, {"seed": 2}),
        (X, {"make_model": functools.partial(make_model, rate=0.1)}),
        (X, {"make_model": functools.partial(make_model, strength=2.0)}),
        (X, {"epochs": 6}),
        (X, {"epochs": 250}),
    ]
    kept, fresh = [], []
    for results in (kept, fresh):
        for table, change in changes:
            if results is fresh:
                monkeypatch.setattr(engine, "_kept", [])
            arguments = {"make_model": make_model} | SHORT | change
            results.append(evaluate_quietly(table, y, **arguments))
    assert len(made) == 1 + len(changes)
    for a, b in zip(kept, fresh, strict=True):
        np.testing.assert_array_equal(a.probabilities, b.probabilities)
        np.testing.assert_array_equal(a.history, b.history)


def test_the_weights_of_a_loss_belong_to_a_program(data, made):
    """The same loss made again shares the program of the call before; other weights do not."""
    X, y = data
    weights = [1.0, 1.0, 9.0, 9.0]
    found = []
    for weight in weights:
        make_model = functools.partial(make_mlp, positive_weights=weight, focal_gamma=2.0)
        found.append(evaluate_quietly(X, y, make_model, **SHORT).history["loss"])
    assert len(made) == 2
    np.testing.assert_array_equal(found[0], found[1])
    assert not np.allclose(found[1], found[2])
    np.testing.assert_array_equal(found[2], found[3])


OTHER_MODELS = {
    "units": compiled(functools.partial(dense, units=6)),
    "activation": compiled(functools.partial(dense, activation="tanh")),
    "optimizer": compiled(dense, functools.partial(optimizers.Adam, beta_1=0.5)),
    "loss": compiled(dense, loss="binary_focal_crossentropy"),
    "loss's setting": compiled(dense, loss=keras.losses.BinaryCrossentropy(label_smoothing=0.2)),
    "Huber": compiled(dense, loss=keras.losses.Huber(delta=0.1)),
    "loss weights": compiled(dense, loss_weights=0.5),
    "penalty": compiled(lambda seed: dense(seed, kernel_regularizer="l1")),
    "two penalties": compiled(
        lambda seed: dense(seed, kernel_regularizer=keras.regularizers.L1L2(0.1, 0.2))
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", cases(OTHER_MODELS, ["units", "loss's setting", "penalty"]))
def test_another_model_gets_another_program(name, data, made, monkeypatch):
    evaluate_quietly(*data, compiled(dense), **SHORT)
    found = evaluate_quietly(*data, OTHER_MODELS[name], **SHORT)
    assert len(made) == 2
    monkeypatch.setattr(engine, "_kept", [])
    alone = evaluate_quietly(*data, OTHER_MODELS[name], **SHORT)
    np.testing.assert_array_equal(found.history, alone.history)


def recurrent(strength=None, activation="tanh"):
    penalty = None if strength is None else keras.regularizers.L2(strength)
    cells = functools.partial(layers.SimpleRNN, 2, activation, kernel_regularizer=penalty)
    return compiled(
        lambda seed: [
            layers.Reshape((5, 2)),
            cells(kernel_initializer=initializer(seed), recurrent_initializer="identity"),
        ]
    )


def reading(dtype):
    """Take features as numbers of this type."""

    def make_model(n_inputs, n_outputs, seed=None):
        output = layers.Dense(n_outputs, "sigmoid", kernel_initializer=initializer(seed))
        model = keras.Sequential([keras.Input((n_inputs,), dtype=dtype), output])
        model.compile("adam", "binary_crossentropy")
        return model

    return make_model


def active(strength):
    return compiled(lambda seed: dense(seed, activity_regularizer=keras.regularizers.L2(strength)))


def decayed(*names):
    def optimizer():
        adam = optimizers.AdamW(0.1, weight_decay=0.9)
        if names:
            adam.exclude_from_weight_decay(var_names=names)
        return adam

    return compiled(dense, optimizer)


def trained(make_model):
    """Make models whose optimizer has moments already."""

    def make_trained(n_inputs, n_outputs, seed=None):
        model = make_model(n_inputs, n_outputs, seed=seed)
        model.fit(np.ones((9, n_inputs)), np.ones((9, n_outputs)), verbose=0)
        return model

    return make_trained


def losing_otherwise(make_model):
    """Make models with a loss that no class and no argument of `compile` names."""

    def make_losing(n_inputs, n_outputs, seed=None):
        model = make_model(n_inputs, n_outputs, seed=seed)
        model.compute_loss = lambda x, y, y_pred, *_, **__: keras.ops.mean(y_pred)
        return model

    return make_losing


PAIRS = {
    "trained before": (trained(decayed()), decayed()),
    "loss of the object": (losing_otherwise(decayed()), decayed()),
    "penalty in a cell": (recurrent(0.0), recurrent(1.0)),
    "function in a cell": (recurrent(activation=lambda x: x), recurrent(activation=lambda x: -x)),
    "precision": (compiled(dense), compiled(functools.partial(dense, dtype="mixed_bfloat16"))),
    "type of inputs": (reading("float32"), reading("int32")),
    "penalty on a batch": (active(0.0), active(0.3)),
    "weight decay": (decayed(), decayed("kernel")),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", cases(PAIRS, ["penalty in a cell", "weight decay"]))
def test_what_a_first_model_was_changes_nothing_for_a_second(name, data, made, monkeypatch):
    X, y = data[0] / 3, data[1]
    first, second = PAIRS[name]
    before = evaluate_quietly(X, y, first, **SHORT)
    after = evaluate_quietly(X, y, second, **SHORT)
    monkeypatch.setattr(engine, "_kept", [])
    alone = evaluate_quietly(X, y, second, **SHORT)
    np.testing.assert_array_equal(after.history, alone.history)
    assert not np.array_equal(before.history, alone.history), "nothing to tell apart"


@pytest.mark.slow
def test_arguments_that_a_loss_keeps_to_itself_are_seen(data, made):
    for delta in (1.0, 0.1):
        loss = keras.losses.Huber(delta=delta)
        found = evaluate_quietly(*data, compiled(dense, loss=loss), **SHORT)
    assert len(made) == 2
    assert found.history["loss"].max() < 0.1


@pytest.mark.slow
def test_a_penalty_of_two_layers_is_not_two_penalties(data, made, monkeypatch):
    def two_layers(penalties):
        return compiled(
            lambda seed: [
                layers.Dense(5, kernel_initializer=initializer(seed), kernel_regularizer=penalty)
                for penalty in penalties
            ]
        )

    apart = two_layers([keras.regularizers.L2(2.0), keras.regularizers.L2(0.0)])
    evaluate_quietly(*data, two_layers([keras.regularizers.L2(0.01)] * 2), **SHORT)
    found = evaluate_quietly(*data, apart, **SHORT)
    monkeypatch.setattr(engine, "_kept", [])
    np.testing.assert_array_equal(found.history, evaluate_quietly(*data, apart, **SHORT).history)


@pytest.mark.slow
def test_functions_of_ones_own_are_traced_in_each_call(data, made):
    """A function may do something else at the next call, under the same name."""
    factor = [1.0]

    def loss(y_true, y_pred):
        return factor[0] * keras.ops.mean((y_true - y_pred) ** 2, axis=-1)

    first = evaluate_quietly(*data, compiled(dense, loss=loss), **SHORT)
    factor[0] = 3.0
    second = evaluate_quietly(*data, compiled(dense, loss=loss), **SHORT)
    assert len(made) == 2
    assert second.history["loss"].iloc[0] > 2 * first.history["loss"].iloc[0]


class Scaling(layers.Layer):
    """Hides a number of its own from its configuration."""

    def __init__(self, factor):
        super().__init__()
        self.hidden = [factor]

    def get_config(self):
        return {}

    def call(self, inputs):
        return self.hidden[0] * inputs


@pytest.mark.slow
def test_a_number_that_a_layer_hides_is_that_of_its_own_fold(data, made):
    X, y = data
    factors = {seed: factor for seed, factor in zip(network_seeds(1, 2), (1.0, 0.1), strict=True)}

    def make_model(n_inputs, n_outputs, seed=None):
        return compiled(lambda seed: [Scaling(factors[seed]), *dense(seed)])(
            n_inputs, n_outputs, seed
        )

    folds, settings = list(KFold(2).split(X)), {"epochs": 3, "batch_size": 8}
    result = evaluate_quietly(X, y, make_model, cv=folds, shuffle=False, **settings)
    assert len(made) == 2
    assert_equal_to_loop(result, plain_loop(make_model, X, y, folds, **settings), folds)


class Damped(layers.Layer):
    """Hides from its configuration how much of a gradient comes through."""

    def __init__(self, share):
        super().__init__()
        self.hidden = [share]

    def get_config(self):
        return {}

    def call(self, inputs):
        share = self.hidden[0]
        return share * inputs + (1 - share) * keras.ops.stop_gradient(inputs)


@pytest.mark.slow
def test_a_gradient_that_a_layer_hides_is_that_of_its_own_fold(data, made):
    X, y = data
    shares = dict(zip(network_seeds(1, 2), (1.0, 0.1), strict=True))

    def make_model(n_inputs, n_outputs, seed=None):
        return compiled(lambda seed: [*dense(seed), Damped(shares[seed])])(
            n_inputs, n_outputs, seed
        )

    folds, settings = list(KFold(2).split(X)), {"epochs": 3, "batch_size": 8}
    result = evaluate_quietly(X, y, make_model, cv=folds, shuffle=False, **settings)
    assert len(made) == 2
    assert_equal_to_loop(result, plain_loop(make_model, X, y, folds, **settings), folds)


def test_an_error_while_training_names_its_own_fold_only(data, monkeypatch):
    X, y = data
    folds, train = list(KFold(4).split(X)), Program.train

    def fail_in_fold_1(self, numbers, tables, order, rows, *rest):
        if np.array_equal(rows[1], folds[1][1]):
            raise MemoryError("no more of it")
        return train(self, numbers, tables, order, rows, *rest)

    monkeypatch.setattr(Program, "train", fail_in_fold_1)
    with pytest.raises(MemoryError) as caught:
        evaluate_quietly(X, y, make_mlp, cv=folds, epochs=2)
    assert caught.value.__notes__ == ["It went wrong in fold 1, counted from 0."]


@pytest.mark.slow
def test_each_fold_trains_the_model_that_is_made_for_it(data):
    """Architectures and learning rates may differ between folds."""
    X, y = data
    sizes = {seed: size for seed, size in zip(network_seeds(1, 3), (4, 7, 5), strict=True)}

    def make_model(n_inputs, n_outputs, seed=None):
        size = sizes[seed]
        return make_mlp(n_inputs, n_outputs, hidden=(size,), learning_rate=size / 100, seed=seed)

    folds, settings = list(KFold(3).split(X)), {"epochs": 3, "batch_size": 8}
    result = evaluate_quietly(X, y, make_model, cv=folds, shuffle=False, **settings)
    assert_equal_to_loop(result, plain_loop(make_model, X, y, folds, **settings), folds)


def relu(x):
    return x


def mean_of(y_true, y_pred, power):
    return keras.ops.mean(y_pred**power)


class OwnSchedule(optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        return 0.1


def test_what_is_all_of_keras():
    schedule = functools.partial(optimizers.schedules.ExponentialDecay, 0.1, 2, 0.5)
    assert is_all_of_keras(compiled(with_state)(3, 2))
    assert is_all_of_keras(compiled(dense, lambda: optimizers.SGD(schedule()))(3, 2))
    assert is_all_of_keras(recurrent(activation="tanh")(10, 2))
    for make_model in [
        compiled(lambda seed: [layers.Dense(5, relu)]),  # has the name of one of Keras' own
        compiled(lambda seed: dense(seed, kernel_regularizer=lambda w: keras.ops.sum(w**2))),
        compiled(dense, lambda: optimizers.SGD(OwnSchedule())),
        compiled(dense, lambda: optimizers.SGD(lambda: 0.1)),
        compiled(dense, loss=lambda y_true, y_pred: keras.ops.mean(y_pred)),
        compiled(dense, loss=functools.partial(mean_of, power=2)),
        compiled(dense, loss=masked(mean_of)),
        compiled(lambda seed: [keras.Sequential(dense(seed))]),
        recurrent(0.1),
        recurrent(activation=relu),
        recurrent(activation=layers.ReLU()),
    ]:
        assert not is_all_of_keras(make_model(10, 2))


@pytest.mark.slow
def test_few_programs_are_kept(data, made):
    for batch_size in range(1, engine.MAX_KEPT + 2):
        evaluate_quietly(*data, make_mlp, cv=2, epochs=1, batch_size=batch_size)
    assert [entry.program for entry in engine._kept] == made[-engine.MAX_KEPT :]
    assert all(entry.program._free.empty() for entry in engine._kept), "variables take memory"


# --- a network depends on nothing but its fold, its seed and the settings ------------------------


@pytest.mark.slow
@pytest.mark.parametrize("make_model", [make_mlp, compiled(with_state)], ids=["mlp", "state"])
@pytest.mark.parametrize("jit_compile", cases([False, True], [True]))
def test_threads_order_and_neighbours_change_not_a_digit(make_model, jit_compile):
    """Odd numbers of rows, units and labels; folds of two sizes."""
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(133, 5)), rng.integers(0, 2, (133, 3))
    folds, seeds = list(KFold(9).split(X)), network_seeds(1, 9)
    settings = Settings(epochs=5, batch_size=8, jit_compile=jit_compile)

    def train(chosen, n_threads):
        some = [folds[k] for k in chosen], [seeds[k] for k in chosen]
        [trained] = train_folds([make_model], X, y, *some, settings, n_threads=n_threads)
        return dict(zip(chosen, trained, strict=True))

    expected = train(range(9), n_threads=2)
    for found in [train(range(9), 1), train([8, 3, 0], 2), train([4], 2), train([7, 5], 5)]:
        for k, network in found.items():
            for part in ("probabilities", "loss", "val_loss"):
                np.testing.assert_array_equal(getattr(network, part), getattr(expected[k], part))


@pytest.mark.slow
def test_how_training_is_cut_into_pieces_changes_not_a_digit(data, monkeypatch):
    X, y = data
    settings = {"cv": KFold(2), "epochs": 7, "batch_size": 4, "jit_compile": "auto"}
    settings["early_stopping"] = EarlyStopping(patience=2)
    make_model = functools.partial(make_mlp, learning_rate=0.05)
    whole = evaluate_quietly(X, y, make_model, **settings)
    lengths = iter([(0, 1), (0, 3), (0, 5), (0, 1)] * 1000)

    def short_pieces(self, done, epochs_left):
        last = min(self.steps, done + next(lengths)[1])
        return 1, last

    monkeypatch.setattr(Program, "_next_piece", short_pieces)
    cut = evaluate_quietly(X, y, make_model, **settings)
    np.testing.assert_array_equal(whole.probabilities, cut.probabilities)
    np.testing.assert_array_equal(whole.history, cut.history)


@pytest.mark.slow
def test_models_made_with_constants_begin_as_those_with_variables(monkeypatch):
    """This uses a private method of Keras, `Variable._initialize`: it must fail here first."""
    builder = building.Builder(make_mlp)
    first, second = (builder(10, 3, seed) for seed in (1, 2))
    kinds = [{isinstance(v.value, tf.Variable) for v in m.variables} for m in (first, second)]
    assert kinds == [{True}, {False}]
    expected = make_mlp(10, 3, seed=2)
    for made, other in zip(second.weights, expected.weights, strict=True):
        np.testing.assert_array_equal(made, other)
    building.with_variables(second).fit(np.ones((4, 10)), np.ones((4, 3)), verbose=0)
    expected.fit(np.ones((4, 10)), np.ones((4, 3)), verbose=0)
    for made, other in zip(second.weights, expected.weights, strict=True):
        np.testing.assert_array_equal(made, other)


@pytest.mark.slow
def test_a_builder_that_needs_variables_gets_them(data):
    def make_model(n_inputs, n_outputs, seed=None):
        model = make_mlp(n_inputs, n_outputs, seed=seed)
        model.layers[0].bias.assign(np.full(20, 0.5))
        return model

    X, y = data
    folds, settings = list(KFold(3).split(X)), {"epochs": 3, "batch_size": 8}
    result = evaluate_quietly(X, y, make_model, cv=folds, shuffle=False, **settings)
    assert_equal_to_loop(result, plain_loop(make_model, X, y, folds, **settings), folds)


def test_models_are_left_as_they_were(data):
    models = []

    def make_model(n_inputs, n_outputs, seed=None):
        models.append(compiled(with_state)(n_inputs, n_outputs, seed))
        return models[-1]

    result = evaluate_quietly(*data, make_model, **SHORT)
    for model, (train, _), seed in zip(models, result.folds, network_seeds(1, 3), strict=True):
        expected = compiled(with_state)(10, 3, seed)
        building.adapt_normalization(expected, data[0], train)
        np.testing.assert_array_equal(model(data[0]), expected(data[0]))


@pytest.mark.slow
@pytest.mark.parametrize("n_threads", [1, 2])
def test_no_more_transformed_tables_than_threads(n_threads, data, monkeypatch):
    """Each is let go when the networks of its fold are trained."""
    X, y = data
    alive, most = weakref.WeakSet(), []

    class Table(engine._Table):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            alive.add(self)
            most.append(len(alive))

    def prepare(X, y, train):
        gc.collect()
        return StandardScaler().fit(X[train]).transform(X)

    monkeypatch.setattr(engine, "_Table", Table)
    gc.freeze()  # so that a collection looks at what is made from here on, and is quick
    folds, seeds = list(KFold(6).split(X)), network_seeds(1, 6)
    settings = Settings(epochs=2, jit_compile=False)
    try:
        train_folds(
            [make_mlp] * 2, X, y, folds, seeds, settings, prepare=prepare, n_threads=n_threads
        )
    finally:
        gc.unfreeze()
    assert len(most) == 6
    assert max(most) <= n_threads


# --- training that diverges ----------------------------------------------------------------------


def test_divergence_names_folds_and_epoch_and_keeps_the_others(data):
    X, y = data
    X = X.copy()
    X[:14] *= 1e30  # the first fold does not train on them
    settings = {"cv": KFold(3), "epochs": 3, "progress": False, "jit_compile": False}
    message = r"diverged in folds \[1, 2\], counted from 0.*from epoch 2 on.*lower learning rate"
    with pytest.warns(UserWarning, match=message):
        result = evaluate_model(X, y, compiled(dense, lambda: optimizers.SGD(1.0)), **settings)
    metrics = result.scores.columns[3:]
    assert result.scores[metrics].isna().all(axis=1).tolist() == [False, True, True]
    assert np.isnan(result.probabilities[0, 14:]).all()
    assert (result.labels[0, 14:] == -1).all()
    assert set(np.unique(result.labels[0, :14])) <= {0, 1}
    assert result.summary().isna().all(axis=None), "a mean that leaves folds out without a word"
    rescored = result.rescored(y, result.probabilities >= 0.3)
    assert rescored.scores[metrics].isna().all(axis=1).tolist() == [False, True, True]


def test_divergence_in_the_last_step_is_named_too(data):
    """Its loss was finite; its predictions are not."""
    X, y = data[0] - data[0].mean(axis=0), data[1]
    settings = {"cv": 2, "epochs": 1, "batch_size": 100, "progress": False, "jit_compile": False}
    with pytest.warns(UserWarning, match=r"diverged in folds \[0, 1\].*from epoch 1 on"):
        result = evaluate_model(X, y, compiled(dense, lambda: optimizers.SGD(np.inf)), **settings)
    assert np.isfinite(result.history["loss"]).all()


def test_metrics_of_what_fit_trains_have_their_variables(data):
    make_model = compiled(dense, run_eagerly=True, metrics=[keras.metrics.BinaryAccuracy()])
    with pytest.warns(UserWarning, match="run_eagerly"):
        result = evaluate_model(*data, make_model, cv=2, epochs=1, progress=False)
    assert np.isfinite(result.probabilities).all()
