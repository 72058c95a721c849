"""evaluate_model: what it returns, what it accepts and what it refuses."""

import inspect

import joblib
import keras
import numpy as np
import pandas as pd
import pytest
from plain_loop import evaluate_quietly
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import GroupKFold, KFold, RepeatedKFold, ShuffleSplit

from helpers.evaluation import EvaluationResult, cross_validation, evaluate_model
from helpers.metrics import score_table
from helpers.models import make_label_set_mlp, make_mlp
from helpers.training import Settings, TrainedFold

METRICS = [
    "subset_accuracy",
    "hamming_loss",
    "f1_micro",
    "f1_macro",
    "f1_samples",
    "jaccard_samples",
]


@pytest.fixture
def trained_on(monkeypatch):
    """Replace the training by none, and keep what it was called with."""
    calls = {}

    def train_folds(make_models, X, y, folds, seeds, settings, **others):
        calls.update(X=X, y=y, folds=folds, seeds=seeds, settings=settings, **others)
        shapes = [(len(test), y.shape[1]) for _, test in folds]
        curves = np.ones((2, settings.epochs))
        networks = [TrainedFold(np.full(shape, 0.7, "float32"), *curves) for shape in shapes]
        return [networks for _ in make_models]

    monkeypatch.setattr(cross_validation, "train_folds", train_folds)
    return calls


# --- the result ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def result(data):
    """Two repeats of three folds, trained in earnest on small numbers: no probability is 0 or 1."""
    X, y = data
    cv = RepeatedKFold(n_splits=3, n_repeats=2, random_state=5)
    X_small, y_before = X / 10, y.copy()
    result = evaluate_quietly(X_small, y, make_mlp, cv=cv, epochs=4, batch_size=8)
    np.testing.assert_array_equal(X_small, X / 10, "evaluate_model changed its input")
    np.testing.assert_array_equal(y, y_before, "evaluate_model changed its input")
    return result


def test_scores_have_one_row_a_fold(result):
    assert list(result.scores.columns) == ["repeat", "fold", "n_test", *METRICS]
    assert result.scores["repeat"].tolist() == [0, 0, 0, 1, 1, 1]
    assert result.scores["fold"].tolist() == [0, 1, 2, 0, 1, 2]
    assert result.scores["n_test"].tolist() == [14] * 6
    assert list(result.scores.index) == list(range(6))


def test_every_row_is_predicted_once_a_repeat(result):
    assert result.probabilities.shape == (2, 42, 3)
    assert result.probabilities.dtype == np.float32
    assert np.isfinite(result.probabilities).all()
    assert np.abs(result.probabilities[0] - result.probabilities[1]).max() > 0.01


def test_scores_are_those_of_the_held_out_probabilities(result, data):
    X, y = data
    folds = RepeatedKFold(n_splits=3, n_repeats=2, random_state=5).split(X)
    for k, (_, test) in enumerate(folds):
        expected = score_table(y[test], result.probabilities[k // 3, test], threshold=0.5)
        pd.testing.assert_frame_equal(
            result.scores.loc[[k], METRICS].reset_index(drop=True), expected
        )


def test_history_is_long_and_ends_where_the_probabilities_are(result, data):
    X, y = data
    history = result.history
    assert list(history.columns) == ["repeat", "fold", "epoch", "loss", "val_loss"]
    assert len(history) == 6 * 4
    assert history["epoch"].tolist() == [1, 2, 3, 4] * 6
    folds = RepeatedKFold(n_splits=3, n_repeats=2, random_state=5).split(X)
    last = history[history["epoch"] == 4].set_index(["repeat", "fold"])["val_loss"]
    for k, (_, test) in enumerate(folds):
        p = result.probabilities[k // 3, test]
        loss = -np.mean(np.where(y[test] == 1, np.log(p), np.log(1 - p)))
        assert last[(k // 3, k % 3)] == pytest.approx(loss, rel=1e-4)


def test_summary_by_hand():
    scores = pd.DataFrame(
        {"repeat": [0, 0], "fold": [0, 1], "n_test": [5, 5], "subset_accuracy": [0.6, 1.0]}
    )
    rows = np.arange(20)
    folds = [(rows[5:], rows[:5]), (rows[:15], rows[15:])]
    summary = EvaluationResult(scores, None, None, None, folds).summary()
    assert summary.index.name == "metric"
    # Student's t for one degree of freedom and 95 % is 12.706; n_test / n_train is a third.
    std_error = (0.08 * (1 / 2 + 1 / 3)) ** 0.5
    ends = {"ci_low": 0.8 - 12.7062 * std_error, "ci_high": 0.8 + 12.7062 * std_error}
    expected = {"mean": 0.8, "std": 0.08**0.5, "min": 0.6, "max": 1.0, "std_error": std_error}
    assert summary.loc["subset_accuracy"].to_dict() == pytest.approx(expected | ends)


def test_summary_covers_every_metric(result):
    summary = result.summary()
    assert list(summary.index) == METRICS
    np.testing.assert_allclose(summary["mean"], result.scores[METRICS].mean())


def test_result_cannot_be_changed_by_accident(result):
    with pytest.raises(AttributeError):
        result.scores = None


# --- arguments -----------------------------------------------------------------------------------


def test_signature_that_others_rely_on():
    parameters = inspect.signature(evaluate_model).parameters
    defaults = {name: p.default for name, p in parameters.items() if p.default is not p.empty}
    assert list(parameters)[:2] == ["X", "y"]
    assert defaults == {
        "make_model": make_mlp,
        "cv": None,
        "epochs": 100,
        "batch_size": 32,
        "shuffle": True,
        "seed": 1,
        "n_jobs": None,
        "progress": True,
        "label_sets": False,
        "preprocess": None,
        "early_stopping": None,
        "validation_freq": 1,
        "jit_compile": "auto",
        "groups": None,
        "missing_labels": "refuse",
    }


def test_cv_none_is_ten_folds_three_times(trained_on, data):
    X, y = data
    result = evaluate_model(X, y)
    expected = list(RepeatedKFold(n_splits=10, n_repeats=3, random_state=1).split(X))
    assert len(trained_on["folds"]) == 30
    for (train, test), (expected_train, expected_test) in zip(
        trained_on["folds"], expected, strict=True
    ):
        np.testing.assert_array_equal(train, expected_train)
        np.testing.assert_array_equal(test, expected_test)
    assert result.probabilities.shape == (3, 42, 3)
    assert trained_on["settings"] == Settings()


MASK = np.arange(42) < 5


@pytest.mark.parametrize(
    ("cv", "repeats", "tests"),
    [
        pytest.param(3, [0, 0, 0], [range(14), range(14, 28), range(28, 42)], id="a number"),
        pytest.param(KFold(2), [0, 0], [range(21), range(21, 42)], id="a splitter"),
        pytest.param([(range(5, 42), range(5))], [0], [range(5)], id="one fold"),
        pytest.param(iter([([7, 9], [3, 1])]), [0], [[3, 1]], id="an iterator of lists"),
        pytest.param([(~MASK, MASK)], [0], [range(5)], id="masks"),
        pytest.param([([0, 1], [-1, -2])], [0], [[41, 40]], id="counted from the end"),
        pytest.param(
            [([9], [0, 1]), ([9], [2, 3]), ([9], [3, 4])], [0, 0, 1], [[0, 1], [2, 3], [3, 4]],
            id="a row held out again begins a repeat",
        ),
    ],
)  # fmt: skip
def test_any_cv_of_scikit_learn_will_do(cv, repeats, tests, trained_on, data):
    X, y = data
    result = evaluate_model(X, y, cv=cv)
    assert result.scores["repeat"].tolist() == repeats
    assert [test.tolist() for _, test in trained_on["folds"]] == [list(test) for test in tests]
    held_out = np.zeros((max(repeats) + 1, 42), dtype=bool)
    for repeat, test in zip(repeats, tests, strict=True):
        held_out[repeat, test] = True
    np.testing.assert_array_equal(np.isfinite(result.probabilities).all(axis=2), held_out)


def test_folds_are_counted_anew_in_each_repeat(trained_on, data):
    X, y = data
    result = evaluate_model(X, y, cv=ShuffleSplit(3, test_size=0.5, random_state=1))
    assert result.scores[["repeat", "fold"]].to_numpy().tolist() == [[0, 0], [1, 0], [2, 0]]


@pytest.mark.parametrize(
    "convert",
    [
        pytest.param(lambda X, y: (pd.DataFrame(X), pd.DataFrame(y)), id="tables"),
        pytest.param(lambda X, y: (X.tolist(), y.tolist()), id="lists"),
        pytest.param(lambda X, y: (X.astype(int), y.astype(bool)), id="whole numbers, booleans"),
        pytest.param(lambda X, y: (X, y.astype(float)), id="labels 0.0 and 1.0"),
        pytest.param(lambda X, y: (X.astype("float32"), y.astype(object)), id="objects"),
    ],
)
def test_tables_lists_and_booleans_are_fine(convert, trained_on, data):
    X, y = data
    evaluate_model(*convert(X, y), cv=2)
    np.testing.assert_array_equal(trained_on["X"], X.astype("float32"))
    np.testing.assert_array_equal(trained_on["y"], y)


def test_one_hot_classes_are_fine(data):
    """A softmax over classes is legal too: one label in each row."""
    X, _ = data
    y = np.eye(3, dtype=int)[np.arange(42) % 3]

    def make_softmax(n_inputs, n_outputs):
        model = make_mlp(n_inputs, n_outputs, seed=1)
        model.layers[-1].activation = keras.activations.softmax
        model.compile("adam", "categorical_crossentropy")
        return model

    result = evaluate_quietly(X, y, make_softmax, cv=2, epochs=2)
    np.testing.assert_allclose(result.probabilities.sum(axis=2), 1.0, atol=1e-5)


def test_label_that_is_constant_in_a_fold_gives_no_warning(data):
    X, y = data[0], data[1].copy()
    y[:, 2], y[:21, 0], y[21:, 0] = 0, 1, 0
    result = evaluate_quietly(X, y, make_mlp, cv=KFold(2), epochs=2)
    assert np.isfinite(result.scores.to_numpy(dtype=float)).all()


@pytest.mark.parametrize(
    "settings", [{}, {"make_model": make_label_set_mlp, "label_sets": True}], ids=["", "sets"]
)
def test_one_label_is_a_problem_like_others(settings, data):
    X, y = data[0], data[1][:, :1]
    settings = {"make_model": make_mlp, "cv": 2, "epochs": 30} | settings
    result = evaluate_quietly(X, y, **settings)
    assert result.probabilities.shape == (1, 42, 1)
    for k, (_, test) in enumerate(result.folds):
        predicted = result.probabilities[0, test, 0] >= 0.5
        assert result.scores["subset_accuracy"][k] == accuracy_score(y[test], predicted)
        assert result.scores["f1_macro"][k] == pytest.approx(f1_score(y[test], predicted))


def test_row_held_out_alone_is_scored(data):
    X, y = data
    result = evaluate_quietly(X, y, make_mlp, cv=[(range(1, 42), [0])], epochs=1)
    assert result.scores["n_test"].tolist() == [1]


def make_named_mlp(n_inputs, n_outputs, seed=None):
    return make_mlp(n_inputs, n_outputs, hidden=(4,), seed=seed)


@pytest.mark.slow
def test_n_jobs_gives_the_same_numbers_and_warnings(data):
    X, y = data
    settings = {"cv": KFold(3), "epochs": 3, "batch_size": 8}
    one = evaluate_quietly(X, y, make_named_mlp, **settings)
    two = evaluate_quietly(X, y, lambda i, o, seed=None: make_named_mlp(i, o, seed),
                           n_jobs=2, **settings)  # fmt: skip
    np.testing.assert_allclose(one.probabilities, two.probabilities, rtol=0, atol=1e-6)
    pd.testing.assert_frame_equal(one.history, two.history, rtol=1e-5)
    pd.testing.assert_frame_equal(one.scores, two.scores)

    def make_eager(n_inputs, n_outputs):
        model = make_mlp(n_inputs, n_outputs)
        model.compile("adam", "binary_crossentropy", run_eagerly=True)
        return model

    with pytest.warns(UserWarning, match="run_eagerly") as caught:
        evaluate_model(X, y, make_eager, cv=2, epochs=1, n_jobs=2)
    assert len([w for w in caught if w.category is UserWarning]) == 1


@pytest.mark.parametrize("n_jobs", [1, 2, -1, 50])
def test_every_fold_is_trained_whatever_n_jobs(n_jobs, data):
    """In threads, which start at once."""
    with joblib.parallel_config(backend="threading"):
        result = evaluate_quietly(*data, make_mlp, cv=3, epochs=1, n_jobs=n_jobs)
    assert result.scores["n_test"].tolist() == [14] * 3


# --- refusals ------------------------------------------------------------------------------------


def changed(array, value):
    array = array.astype(object if isinstance(value, str) or value is None else float)
    array[3, 1] = value
    return array


REFUSED_DATA = {
    "X of one dimension": (lambda X, y: (X[:, 0], y), r"X has shape \(42,\).*2 dimensions"),
    "y of one dimension": (lambda X, y: (X, y[:, 0]), r"y has shape \(42,\).*2 dimensions"),
    "X of three dimensions": (lambda X, y: (X[None], y), r"X has shape \(1, 42, 10\)"),
    "different lengths": (lambda X, y: (X[:-1], y), "X has 41 rows and y has 42"),
    "no rows": (lambda X, y: (X[:0], y[:0]), r"X has shape \(0, 10\): there is nothing"),
    "no features": (lambda X, y: (X[:, :0], y), r"X has shape \(42, 0\)"),
    "NaN in X": (lambda X, y: (changed(X, np.nan), y), "X holds nan in row 3, column 1.*missing"),
    "infinity in X": (lambda X, y: (changed(X, -np.inf), y), "X holds -inf in row 3, column 1"),
    "too large for float32": (
        lambda X, y: (changed(X, 1e300), y),
        "X holds 1e\\+300 in row 3, .*rescale",
    ),
    "text in X": (lambda X, y: (changed(X, "red"), y), "X: expected numbers only.*'red'.*Encode"),
    "pandas' gap in X": (
        lambda X, y: (pd.DataFrame(changed(X, -1)).astype("Int64").replace(-1, pd.NA), y),
        "X holds nan in row 3, column 1.*missing",
    ),
    "complex X": (lambda X, y: (X * 1j, y), "X: .*Complex data not supported"),
    "NaN in y": (lambda X, y: (X, changed(y, np.nan)), "y holds nan in row 3, column 1"),
    "None in y": (lambda X, y: (X, changed(y, None)), "y holds None in row 3, column 1"),
    "probability in y": (lambda X, y: (X, changed(y, 0.3)), "y holds 0.3 .*threshold first"),
    "2 in y": (lambda X, y: (X, changed(y, 2)), "y holds 2.0 in row 3, column 1.*0 or 1"),
    "-1 in y": (lambda X, y: (X, changed(y, -1)), "y holds -1.0 in row 3"),
    "text in y": (lambda X, y: (X, changed(y, "sea")), "y holds 'sea' .*MultiLabelBinarizer"),
    "digits as text in y": (
        lambda X, y: (X, y.astype(str)),
        r"y holds '1' in row 0, column 0.* \.astype\(int\)\.$",
    ),
    "truth as text in y": (
        lambda X, y: (X, np.where(y == 1, "TRUE", "FALSE")),
        r"y holds 'TRUE' in row 0, column 0.* == 'TRUE'\.$",
    ),
    "missing label in y": (
        lambda X, y: (X, pd.DataFrame(y).astype("Int64").replace(1, pd.NA)),
        "y holds <NA> in row 0, column 0",
    ),
}


@pytest.mark.parametrize("name", REFUSED_DATA)
def test_data_refused_at_the_door(name, data):
    change, message = REFUSED_DATA[name]
    with pytest.raises(ValueError, match=message):
        evaluate_model(*change(*data), cv=2, epochs=1)


@pytest.mark.parametrize("value", [0, -1, 1.5, True, "3", None, np.nan])
@pytest.mark.parametrize("name", ["epochs", "batch_size"])
def test_epochs_and_batch_size_refused(name, value, data):
    with pytest.raises(ValueError, match=f"{name}: found .*{value}.*whole number >= 1"):
        evaluate_model(*data, **{name: value})


@pytest.mark.parametrize("value", [None, "yes", 2, "True"])
def test_jit_compile_refused(value, data):
    with pytest.raises(ValueError, match=f"jit_compile: found .*{value}.*True, False or 'auto'"):
        evaluate_model(*data, jit_compile=value)


@pytest.mark.parametrize("value", ["batch", None, 1])
def test_shuffle_other_than_true_or_false_is_refused(value, data):
    with pytest.raises(TypeError, match=f"shuffle: found .*{value}.*, expected True or False"):
        evaluate_model(*data, shuffle=value)


@pytest.mark.parametrize("seed", [-1, 0.5, None, "1"])
def test_seed_refused(seed, data):
    with pytest.raises(ValueError, match=f"seed: found .*{seed}.*whole number >= 0"):
        evaluate_model(*data, seed=seed)


@pytest.mark.parametrize(
    ("cv", "message"),
    [
        pytest.param(50, "cv does not fit the 42 rows.*n_splits=50", id="fewer rows than folds"),
        pytest.param(1, "cv does not fit the 42 rows.*n_splits=1", id="a single fold by number"),
        pytest.param(GroupKFold(2), "cv does not fit.*groups", id="needs groups"),
        pytest.param("ten", "cv does not fit.*ten", id="text"),
        pytest.param([], "cv gives no folds at all", id="no folds"),
        pytest.param([(range(42), [])], "fold 0 has 42 training and 0 test rows", id="no tests"),
        pytest.param([([0], [42])], "cv does not fit the 42 rows", id="row that is not there"),
        pytest.param([([0, 1], [1, 2])], "fold 0 trains on rows that it holds out", id="leak"),
    ],
)
def test_cv_refused(cv, message, data):
    with pytest.raises(ValueError, match=message):
        evaluate_model(*data, cv=cv, epochs=1)


def uncompiled(n_inputs, n_outputs):
    return keras.Sequential([keras.Input((n_inputs,)), keras.layers.Dense(n_outputs)])


def without_loss(n_inputs, n_outputs):
    model = uncompiled(n_inputs, n_outputs)
    model.compile("adam")
    return model


def with_two_outputs(n_inputs, n_outputs):
    inputs = keras.Input((n_inputs,))
    model = keras.Model(inputs, [keras.layers.Dense(n_outputs)(inputs) for _ in range(2)])
    model.compile("adam", "mse")
    return model


def with_two_inputs(n_inputs, n_outputs):
    inputs = [keras.Input((n_inputs,)), keras.Input((n_inputs,))]
    model = keras.Model(inputs, keras.layers.Dense(n_outputs)(keras.layers.Add()(inputs)))
    model.compile("adam", "mse")
    return model


def always_the_same():
    model = make_mlp(10, 3)
    return lambda n_inputs, n_outputs: model


def sharing(make_part):
    """Every model is new, but gets the same part: an optimizer or a layer."""
    part = make_part()

    def make_model(n_inputs, n_outputs):
        layer = [part] if isinstance(part, keras.Layer) else []
        output = keras.layers.Dense(n_outputs, "sigmoid")
        model = keras.Sequential([keras.Input((n_inputs,)), *layer, output])
        model.compile("adam" if layer else part, "binary_crossentropy")
        return model

    return make_model


REFUSED_MODELS = {
    "uncompiled": (uncompiled, ValueError, "without optimizer or loss.*compile"),
    "without loss": (without_loss, ValueError, "without optimizer or loss.*compile"),
    "too few outputs": (
        lambda n_inputs, n_outputs: make_mlp(n_inputs, n_outputs - 1),
        ValueError,
        r"\(1, 2\), but y has 3 labels.*n_outputs=3",
    ),
    "two outputs": (with_two_outputs, ValueError, "y has 3 labels.*one output layer"),
    "too many inputs": (
        lambda n_inputs, n_outputs: make_mlp(n_inputs + 1, n_outputs),
        ValueError,
        "can't take rows of n_inputs=10 features",
    ),
    "two inputs": (with_two_inputs, ValueError, "can't take rows of n_inputs=10 features"),
    "the same model twice": (always_the_same(), ValueError, "share layers or an optimizer"),
    "a shared optimizer": (sharing(keras.optimizers.SGD), ValueError, "share layers or an opt"),
    "a shared layer": (sharing(lambda: keras.layers.Dense(4)), ValueError, "share layers"),
    "a shared Normalization": (sharing(keras.layers.Normalization), ValueError, "share layers"),
    "no model": (lambda n_inputs, n_outputs: "mlp", TypeError, "returned str.*keras.Model"),
    "nothing": (lambda n_inputs, n_outputs: None, TypeError, "returned NoneType.*keras.Model"),
    "a model instead of a function": (make_mlp(10, 3), TypeError, "pass a function"),
    "not callable": ("mlp", TypeError, "is a str: pass a function"),
}


@pytest.mark.parametrize("name", REFUSED_MODELS)
def test_make_model_refused(name, data):
    make_model, error, message = REFUSED_MODELS[name]
    with pytest.raises(error, match=f"(?s)make_model.*{message}"):
        evaluate_model(*data, make_model, cv=2, epochs=1)


def test_outputs_that_are_no_probabilities_are_refused(data):
    def make_linear(n_inputs, n_outputs):
        model = make_mlp(n_inputs, n_outputs, hidden=(), seed=1)
        model.layers[-1].activation = keras.activations.linear
        model.compile("adam", "mse")
        return model

    with pytest.raises(ValueError, match=r"not probabilities between 0 and 1.*sigmoid"):
        evaluate_model(*data, make_linear, cv=2, epochs=1, progress=False)
