"""Labels that are not known are left out of the loss and of the scores."""

import warnings

import keras
import numpy as np
import pandas as pd
import pytest
from keras import layers, optimizers
from plain_loop import assert_equal_to_loop, evaluate_quietly, plain_loop
from sklearn import metrics
from sklearn.dummy import DummyClassifier
from sklearn.feature_selection import VarianceThreshold
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import MultiOutputClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from helpers.calibration import ProbabilityScaler, calibration_table, reliability_table
from helpers.estimators import evaluate_estimator
from helpers.evaluation import EarlyStopping, evaluate_model, evaluate_models
from helpers.evaluation.cross_validation import with_masked_loss
from helpers.metrics import (
    average_table,
    label_ranking_table,
    label_score_table,
    ranking_table,
    score_table,
)
from helpers.models import make_label_set_mlp, make_mlp, masked, weighted_binary_crossentropy
from helpers.splits import StratifiedLabelKFold, warn_of_absent_labels
from helpers.thresholds import choose_thresholds

RNG = np.random.default_rng(1)
Y = RNG.integers(0, 2, (80, 4))
P = np.round(RNG.random((80, 4)), 1)  # with ties
Y_GAPS = np.where(RNG.random((80, 4)) < 0.2, np.nan, Y)
KNOWN = ~np.isnan(Y_GAPS)
WHOLE = KNOWN.all(axis=1)
SHORT = {"epochs": 3, "batch_size": 16}


def with_gaps(y, share=0.3):
    return np.where(np.random.default_rng(2).random(y.shape) < share, np.nan, y)


# --- scores --------------------------------------------------------------------------------------


@pytest.mark.parametrize("zero_division", [0.0, 1.0])
def test_scores_are_those_of_known_cells_and_of_rows_that_are_wholly_known(zero_division):
    scores = score_table(Y_GAPS, P, zero_division=zero_division).loc[0]
    predicted = P >= 0.5
    assert scores["hamming_loss"] == pytest.approx((predicted != Y)[KNOWN].mean())
    assert scores["f1_micro"] == pytest.approx(metrics.f1_score(Y[KNOWN], predicted[KNOWN]))
    by_label = [
        metrics.f1_score(y[known], p[known])
        for y, p, known in zip(Y.T, predicted.T, KNOWN.T, strict=True)
    ]
    assert scores["f1_macro"] == pytest.approx(np.mean(by_label))
    rows = score_table(Y[WHOLE], P[WHOLE], zero_division=zero_division).loc[0]
    for name in ("subset_accuracy", "f1_samples", "jaccard_samples"):
        assert scores[name] == rows[name]


def test_scores_of_each_label_are_those_of_the_rows_that_know_it():
    both = (label_score_table, label_ranking_table)
    for table in both:
        found = table(Y_GAPS, P)
        for label, known in enumerate(KNOWN.T):
            alone = table(Y[known][:, [label]], P[known][:, [label]])
            np.testing.assert_allclose(found.iloc[[label]], alone, rtol=1e-12)


def test_rankings_of_rows_are_those_of_rows_that_are_wholly_known():
    found, whole = ranking_table(Y_GAPS, P, k=2).loc[0], ranking_table(Y[WHOLE], P[WHOLE], k=2)
    by_label = label_ranking_table(Y_GAPS, P)
    assert found["roc_auc_macro"] == by_label["roc_auc"].mean()
    by_label = ["average_precision_macro", "roc_auc_macro"]
    pd.testing.assert_series_equal(found.drop(by_label), whole.loc[0].drop(by_label))


def test_averages_are_those_of_known_cells():
    table = average_table(Y_GAPS, P)
    scores = score_table(Y_GAPS, P).loc[0]
    for average in ("micro", "macro", "samples"):
        assert table.loc["f1", average] == pytest.approx(scores[f"f1_{average}"])


def test_nothing_known_has_no_score():
    y_true, y_prob = np.full((5, 3), np.nan), np.full((5, 3), 0.2)
    assert score_table(y_true, y_prob).isna().all(axis=None)
    assert average_table(y_true, y_prob).isna().all(axis=None)


def test_masking_leaves_a_model_s_own_way_of_compiling_alone():
    class Own(keras.Sequential):
        def compile(self, alpha, **arguments):
            super().compile(**arguments)
            self.alpha = alpha

    def make_model():
        model = Own([keras.Input((3,)), layers.Dense(2, "sigmoid")])
        model.compile(10, loss="binary_crossentropy")
        return model

    model = with_masked_loss(make_model)()
    assert model.alpha == 10
    loss = model.loss(np.array([[np.nan, 1.0]]), np.array([[0.3, 0.5]]))
    assert np.asarray(loss) == pytest.approx(-np.log(0.5))


def test_a_label_that_no_row_knows_has_no_score_and_no_part_in_the_mean():
    y = np.column_stack([Y[:, :3].astype(float), np.full(80, np.nan)])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert label_score_table(y, P).iloc[3].isna().all()
        assert label_ranking_table(y, P).iloc[3].isna().all()
        scores, ranks = score_table(y, P).loc[0], ranking_table(y, P).loc[0]
        averages = average_table(y, P)
    assert scores["f1_macro"] == score_table(Y[:, :3], P[:, :3]).loc[0, "f1_macro"]
    assert scores[["subset_accuracy", "f1_samples", "jaccard_samples"]].isna().all()
    assert scores["hamming_loss"] == score_table(Y[:, :3], P[:, :3]).loc[0, "hamming_loss"]
    assert np.isnan(ranks["lrap"]) and ranks["roc_auc_macro"] > 0
    assert averages["samples"].isna().all() and averages["macro"].notna().all()


def test_calibration_is_that_of_rows_that_know_the_label():
    table, bins = calibration_table(Y_GAPS, P), reliability_table(Y_GAPS, P)
    scaler = ProbabilityScaler().fit(P, Y_GAPS)
    for label, known in enumerate(KNOWN.T):
        y, p = Y[known][:, [label]], P[known][:, [label]]
        np.testing.assert_allclose(table.iloc[[label]], calibration_table(y, p))
        np.testing.assert_allclose(
            bins[bins["label"] == f"label_{label + 1}"].drop(columns="label"),
            reliability_table(y, p).drop(columns="label"),
        )
        assert scaler.slope_[label] == ProbabilityScaler().fit(p, y).slope_[0]
    nothing = np.where([False] * 3 + [True], np.nan, Y)
    for refusing in (lambda: calibration_table(nothing, P), lambda: scaler.fit(P, nothing)):
        with pytest.raises(ValueError, match="y_true: label number 3"):
            refusing()


# --- the loss ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "loss",
    [
        "binary_crossentropy",
        "mse",
        keras.losses.BinaryFocalCrossentropy(gamma=1.5),
        keras.losses.BinaryCrossentropy(label_smoothing=0.2),
        weighted_binary_crossentropy([0.5, 1, 3, 9]),
        weighted_binary_crossentropy(2.0, focal_gamma=2.0),
        masked(),
    ],
)
def test_masked_loss_is_the_mean_over_the_known_labels_of_a_row(loss):
    """Found label by label: by a loss that sees the others as right, which costs nothing."""
    y_true, y_pred = Y_GAPS.astype("float32"), np.clip(P, 0.05, 0.95).astype("float32")
    function = keras.losses.get(loss) if isinstance(loss, str) else loss
    function = getattr(function, "call", function)

    def term(label):
        """What a change of the label's probability changes, from where it costs least."""
        costs = []
        for p in (y_pred[:, label], y_true[:, label]):
            others = np.zeros_like(y_pred)
            truth = others.copy()
            others[:, label], truth[:, label] = p, np.nan_to_num(y_true[:, label])
            costs.append(np.asarray(function(truth, np.nan_to_num(others))))
        return 4 * (costs[0] - costs[1])

    smooth = getattr(loss, "_fn_kwargs", {}).get("label_smoothing")
    if smooth:  # its best probability is not the truth: compare differences only
        q = np.where(Y == 1, 1 - smooth / 2, smooth / 2)
        terms = -(q * np.log(y_pred) + (1 - q) * np.log(1 - y_pred))
    else:
        terms = np.column_stack([term(label) for label in range(4)])
    expected = np.where(KNOWN, terms, 0).sum(axis=1) / KNOWN.sum(axis=1)
    np.testing.assert_allclose(masked(loss)(y_true, y_pred), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "loss", ["binary_crossentropy", weighted_binary_crossentropy([1, 2, 3, 4])]
)
def test_masked_loss_of_whole_rows_is_the_loss(loss):
    y_true, y_pred = Y.astype("float32"), P.astype("float32")
    function = keras.losses.get(loss)
    np.testing.assert_allclose(
        masked(loss)(y_true, y_pred), function(y_true, y_pred), rtol=1e-6, atol=1e-7
    )


@pytest.mark.parametrize("loss", ["binary_crossentropy", weighted_binary_crossentropy(2.0, 1.0)])
def test_no_gradient_comes_from_what_is_not_known(loss):
    tf = pytest.importorskip("tensorflow")
    y_true = Y_GAPS.astype("float32")
    y_true[0] = np.nan
    y_pred = tf.Variable(np.where(P > 0.5, 1, P).astype("float32"))
    with tf.GradientTape() as tape:
        rows = masked(loss)(y_true, y_pred)
    gradient = tape.gradient(rows, y_pred).numpy()
    assert rows.numpy()[0] == 0
    assert np.isfinite(rows).all() and np.isfinite(gradient).all()
    assert (gradient[np.isnan(y_true)] == 0).all()
    assert (gradient[KNOWN & (P > 0) & (P <= 0.5) & ~np.isnan(y_true)] != 0).all()


@pytest.mark.parametrize(
    "loss",
    [
        "categorical_crossentropy",
        keras.losses.CategoricalCrossentropy(),
        keras.losses.BinaryCrossentropy(reduction="sum"),
        ["binary_crossentropy"],
        None,
    ],
)
def test_losses_that_can_not_be_masked_are_refused(loss):
    with pytest.raises(TypeError, match="masked"):
        masked(loss)


# --- in evaluate_model ---------------------------------------------------------------------------


def make_model(n_inputs, n_outputs, seed=None, loss="binary_crossentropy"):
    initializer = keras.initializers.GlorotUniform(seed)
    output = layers.Dense(n_outputs, "sigmoid", kernel_initializer=initializer)
    model = keras.Sequential([keras.Input((n_inputs,)), output])
    model.compile(optimizers.SGD(0.05, 0.9), loss)
    return model


def make_masked_model(n_inputs, n_outputs, seed=None):
    return make_model(n_inputs, n_outputs, seed, masked())


@pytest.mark.slow
@pytest.mark.parametrize("early_stopping", [None, EarlyStopping(1, validation_fraction=0.3)])
def test_compiled_and_equal_to_fit_with_the_masked_loss(early_stopping, data):
    """Folds of unequal size share a program by padding; the short last batch is padded, too."""
    X, y = data[0], with_gaps(data[1])
    y[5] = np.nan
    folds = [(np.arange(15, 42), np.arange(15)), (np.arange(20), np.arange(20, 42))]
    settings = SHORT | {"early_stopping": early_stopping}
    result = evaluate_quietly(
        X, y, make_model, cv=folds, shuffle=False, missing_labels="mask", **settings
    )
    loop = plain_loop(make_masked_model, X, y, folds, **settings)
    assert_equal_to_loop(result, loop, folds)


def test_what_is_not_known_in_training_rows_changes_nothing(data):
    """One and zero where y has a gap: without the mask, the networks would learn them."""
    X, y = data
    cv, gaps = KFold(3), with_gaps(y)
    settings = SHORT | {"cv": cv, "missing_labels": "mask"}
    masked_result = evaluate_quietly(X, gaps, make_mlp, **settings)
    filled = evaluate_quietly(X, np.nan_to_num(gaps), make_mlp, **settings)
    assert np.abs(masked_result.probabilities - filled.probabilities).max() > 0.001
    assert masked_result.history.notna().all(axis=None)
    assert masked_result.scores.notna().all(axis=None)


def test_without_gaps_masking_changes_nothing(data):
    X, y = data
    results = [
        evaluate_quietly(X, labels, make_mlp, cv=3, missing_labels=missing, **SHORT)
        for labels, missing in [(y, "refuse"), (y.astype(float), "mask")]
    ]
    np.testing.assert_array_equal(*(result.probabilities for result in results))
    pd.testing.assert_frame_equal(*(result.scores for result in results))


def test_scores_of_folds_and_rescored_ones_leave_gaps_out(data):
    X, y = data[0], with_gaps(data[1])
    result = evaluate_quietly(X, y, make_mlp, cv=3, missing_labels="mask", **SHORT)
    for k, (_, test) in enumerate(result.folds):
        expected = score_table(y[test], result.labels[0, test]).loc[0]
        np.testing.assert_allclose(result.scores.loc[k, expected.index].astype(float), expected)
    again = result.rescored(y, result.labels)
    pd.testing.assert_frame_equal(again.scores, result.scores)


@pytest.mark.slow
def test_models_are_compared_with_gaps_in_y(data):
    X, y = data[0], with_gaps(data[1])
    results = evaluate_models(
        {"a": make_mlp, "b": make_model}, X, y, cv=2, missing_labels="mask", progress=False, **SHORT
    )
    alone = evaluate_model(X, y, make_model, cv=2, missing_labels="mask", progress=False, **SHORT)
    np.testing.assert_array_equal(results["b"].probabilities, alone.probabilities)


def test_gaps_are_refused_unless_asked_for(data):
    X, y = data[0], with_gaps(data[1])
    for evaluate in (evaluate_model, lambda X, y: evaluate_estimator(X, y, KNeighborsClassifier())):
        with pytest.raises(ValueError, match=r'y holds nan in row .*missing_labels="mask"'):
            evaluate(X, y)
    with pytest.raises(ValueError, match="missing_labels='drop': expected 'refuse' or 'mask'"):
        evaluate_model(X, y, missing_labels="drop")
    with pytest.raises(ValueError, match="label_sets=True needs rows whose labels are all known"):
        evaluate_model(X, y, make_label_set_mlp, label_sets=True, missing_labels="mask")


@pytest.mark.slow
def test_gaps_of_pandas_are_gaps(data):
    X, y = data
    frame = pd.DataFrame(with_gaps(y)).astype("Int64")
    result = evaluate_quietly(X, frame, make_mlp, cv=2, missing_labels="mask", **SHORT)
    same = evaluate_quietly(X, with_gaps(y), make_mlp, cv=2, missing_labels="mask", **SHORT)
    np.testing.assert_array_equal(result.probabilities, same.probabilities)


# --- in evaluate_estimator -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrap", [OneVsRestClassifier, pytest.param(MultiOutputClassifier, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("frame", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_each_label_is_learned_from_the_rows_that_know_it(wrap, frame, data):
    X, y = data[0], with_gaps(data[1])
    table = pd.DataFrame(X) if frame else X
    estimator = make_pipeline(VarianceThreshold(), wrap(LogisticRegression()))
    folds = list(KFold(2).split(X))
    result = evaluate_estimator(table, y, estimator, cv=folds, missing_labels="mask")
    for train, test in folds:
        for label in range(3):
            rows = train[~np.isnan(y[train, label])]
            alone = LogisticRegression().fit(X[rows], y[rows, label])
            np.testing.assert_allclose(
                result.probabilities[0, test, label], alone.predict_proba(X[test])[:, 1]
            )
            np.testing.assert_array_equal(result.labels[0, test, label], alone.predict(X[test]))


def test_a_label_with_one_known_answer_is_predicted_as_that(data):
    X, y = data[0], data[1].astype(float)
    y[:, 0] = np.where(y[:, 0] == 1, 1, np.nan)
    estimator = OneVsRestClassifier(LogisticRegression())
    result = evaluate_estimator(X, y, estimator, cv=2, missing_labels="mask")
    assert (result.labels[0, :, 0] == 1).all()
    assert (result.probabilities[0, :, 0] == 1).all()


def test_estimators_that_learn_from_whole_rows_refuse_gaps(data):
    X, y = data[0], with_gaps(data[1])
    with pytest.raises(ValueError, match=r"OneVsRestClassifier\(estimator\)"):
        evaluate_estimator(X, y, KNeighborsClassifier(), missing_labels="mask")


# --- folds ---------------------------------------------------------------------------------------


def test_known_answers_of_both_kinds_are_spread():
    y = np.full((300, 3), np.nan)
    y[::10, 0], y[5::10, 0], y[::3, 1], y[1::2, 2] = 1, 0, 0, 1
    folds = list(StratifiedLabelKFold(n_splits=5, n_repeats=1).split(y, y))
    for answer in (0, 1):
        assert np.ptp([(y[test] == answer).sum(axis=0) for _, test in folds], axis=0).max() <= 2


def test_frequent_labels_missing_from_folds_are_not_called_rare():
    """The first half of the rows has the label, the other half lacks it."""
    y = pd.DataFrame({"sea": np.repeat([1, 0], 30)})
    with pytest.warns(UserWarning, match=r"spread unevenly.*KFold\(shuffle=True\)"):
        evaluate_estimator(np.ones((60, 1)), y, DummyClassifier(), KFold(2))


@pytest.mark.slow
@pytest.mark.parametrize("evaluate", ["model", "estimator"])
def test_labels_missing_from_some_folds_are_named_once(evaluate, data):
    """Label 'fog' is in rows 0 to 9: one fold can't learn it, the other one can't find it."""
    X, y = data[0], pd.DataFrame(data[1], columns=["sea", "sun", "snow"])
    y["fog"], y["never"] = (np.arange(42) < 10).astype(int), 0
    with pytest.warns(UserWarning, match="Labels are too rare for these folds") as caught:
        if evaluate == "model":
            result = evaluate_model(X, y, cv=KFold(2), epochs=1, progress=False)
        else:
            result = evaluate_estimator(X, y, OneVsRestClassifier(KNeighborsClassifier()), KFold(2))
    messages = [str(w.message) for w in caught if "too rare" in str(w.message)]
    assert len(messages) == 1
    assert "All training rows have one answer to label 'fog' (folds 0)." in messages[0]
    assert "No held-out row has label 'fog' (folds 1)" in messages[0]
    assert "never" not in messages[0] and "sun" not in messages[0]
    assert caught[0].filename == __file__
    assert result.scores.notna().all(axis=None)


def test_thresholds_are_chosen_from_known_labels():
    """What is said of rows that don't know a label is no matter."""
    y = np.array([[1, 1], [0, np.nan], [1, 0], [0, 1], [np.nan, 0]])
    p = np.array([[0.9, 0.8], [0.2, 0.99], [0.7, 0.3], [0.1, 0.6], [0.8, 0.2]])
    chosen = choose_thresholds(y, p, shrinkage=1)
    other = p.copy()
    other[1, 1], other[4, 0] = 0.0, 0.0
    np.testing.assert_array_equal(choose_thresholds(y, other, shrinkage=1), chosen)
    apart = [choose_thresholds(y[k][:, [j]], p[k][:, [j]])[0] for j, k in enumerate(~np.isnan(y.T))]
    np.testing.assert_array_equal(choose_thresholds(y, p), apart)
    with pytest.raises(ValueError, match="label number 1 is known in no row"):
        choose_thresholds(np.array([[1, np.nan], [0, np.nan]]), p[:2])


@pytest.mark.parametrize("answer", [0, 1])
def test_a_label_with_one_answer_in_all_training_rows_is_named(answer):
    y = np.where([[True], [True], [True], [False]], answer, 1 - answer)
    with pytest.warns(UserWarning, match=r"All training rows have one answer to fog"):
        warn_of_absent_labels(y, [(np.arange(2), np.arange(2, 4))], ["fog"])
