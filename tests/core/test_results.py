"""EvaluationResult, made by hand: how folds are put together, scored again and compared."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.model_selection import KFold, RepeatedKFold, ShuffleSplit

from helpers.metrics import score_table
from helpers.results import (
    collect_result,
    compare,
    comparison_table,
    corrected_interval,
    corrected_std_error,
    paired_test,
)

METRICS = [
    "subset_accuracy",
    "hamming_loss",
    "f1_micro",
    "f1_macro",
    "f1_samples",
    "jaccard_samples",
]
Y = np.random.default_rng(1).integers(0, 2, (60, 3))
FOLDS = list(RepeatedKFold(n_splits=5, n_repeats=2, random_state=3).split(Y))
HISTORY = pd.DataFrame({"repeat": [0], "fold": [0], "epoch": [1], "loss": [0.5], "val_loss": [0.6]})


def make_result(seed, quality=0.8, folds=FOLDS, y=Y):
    """A model whose labels are right with chance `quality`; its probabilities say the opposite."""
    rng = np.random.default_rng(seed)
    labels = [np.where(rng.random((len(t), 3)) < quality, y[t], 1 - y[t]) for _, t in folds]
    probabilities = [np.where(p == 1, 0.3, 0.6) for p in labels]
    return replace(collect_result(y, folds, probabilities, labels), history=HISTORY)


A, B = make_result(seed=1), make_result(seed=2, quality=0.6)


# --- collect_result ------------------------------------------------------------------------------


def test_each_fold_is_put_where_it_belongs():
    labels = [np.full((len(test), 3), k % 2) for k, (_, test) in enumerate(FOLDS)]
    probabilities = [np.full((len(test), 3), k / 10) for k, (_, test) in enumerate(FOLDS)]
    result = collect_result(Y, FOLDS, probabilities, labels)
    assert result.scores["repeat"].tolist() == [0] * 5 + [1] * 5
    assert result.scores["fold"].tolist() == [0, 1, 2, 3, 4] * 2
    assert result.scores["n_test"].tolist() == [12] * 10
    assert (result.probabilities.dtype, result.labels.dtype) == ("float64", "int64")
    assert result.probabilities.shape == result.labels.shape == (2, 60, 3)
    for k, (_, test) in enumerate(FOLDS):
        np.testing.assert_allclose(result.probabilities[k // 5, test], k / 10, rtol=1e-6)
        assert (result.labels[k // 5, test] == k % 2).all()
    assert result.history is None
    assert result.folds is FOLDS


def test_rows_never_held_out_are_marked():
    folds = list(ShuffleSplit(2, test_size=10, random_state=1).split(Y))
    result = make_result(1, folds=folds)
    for repeat, (_, test) in enumerate(folds):
        out = np.isin(np.arange(60), test)
        assert np.isfinite(result.probabilities[repeat, out]).all()
        assert np.isnan(result.probabilities[repeat, ~out]).all()
        assert set(np.unique(result.labels[repeat, out])) == {0, 1}
        assert (result.labels[repeat, ~out] == -1).all()


def test_labels_are_scored_not_probabilities():
    for k, (_, test) in enumerate(FOLDS):
        expected = score_table(Y[test], A.labels[k // 5, test])
        np.testing.assert_allclose(A.scores.loc[[k], METRICS], expected)
        by_probability = score_table(Y[test], A.probabilities[k // 5, test])
        assert A.scores.loc[k, "hamming_loss"] != by_probability["hamming_loss"].item()


def test_result_cannot_be_changed_by_accident():
    with pytest.raises(FrozenInstanceError):
        A.labels = None


# --- summary -------------------------------------------------------------------------------------


def test_summary_describes_the_folds_and_uses_the_corrected_interval():
    summary = A.summary()
    assert list(summary.index) == METRICS
    assert list(summary.columns) == ["mean", "std", "min", "max", "std_error", "ci_low", "ci_high"]
    for metric in METRICS:
        scores = A.scores[metric].to_numpy()
        expected = [scores.mean(), scores.std(ddof=1), scores.min(), scores.max()]
        expected += [corrected_std_error(scores, 48, 12), *corrected_interval(scores, 48, 12)]
        np.testing.assert_allclose(summary.loc[metric], expected)


def test_summary_takes_the_level():
    wide, narrow = A.summary(level=0.99), A.summary(level=0.5)
    assert (wide["ci_low"] < narrow["ci_low"]).all()
    low, high = corrected_interval(A.scores["f1_micro"], 48, 12, level=0.5)
    assert narrow.loc["f1_micro", ["ci_low", "ci_high"]].tolist() == [low, high]


def test_summary_of_unequal_folds_takes_their_mean_sizes():
    folds = list(KFold(7).split(Y))  # 8 or 9 rows
    result = make_result(1, folds=folds)
    expected = corrected_std_error(result.scores["f1_micro"], 60 * 6 / 7, 60 / 7)
    assert result.summary().loc["f1_micro", "std_error"] == pytest.approx(expected)


def test_summary_of_one_fold_has_no_interval():
    summary = make_result(1, folds=FOLDS[:1]).summary()
    assert summary["mean"].notna().all()
    assert summary[["std_error", "ci_low", "ci_high"]].isna().all(axis=None)


# --- rescored ------------------------------------------------------------------------------------


def test_rescored_scores_other_labels_on_the_same_folds():
    new = A.rescored(Y, A.probabilities >= 0.5)
    for k, (_, test) in enumerate(FOLDS):
        expected = score_table(Y[test], A.probabilities[k // 5, test], threshold=0.5)
        np.testing.assert_allclose(new.scores.loc[[k], METRICS], expected)
    np.testing.assert_array_equal(new.labels, 1 - A.labels)
    np.testing.assert_array_equal(new.probabilities, A.probabilities)
    assert new.folds is A.folds
    assert new.history is A.history


def test_rescored_with_its_own_labels_is_the_same():
    pd.testing.assert_frame_equal(A.rescored(Y, A.labels).scores, A.scores)
    pd.testing.assert_frame_equal(A.rescored(Y, A.labels.astype(float)).scores, A.scores)


def test_rescored_leaves_rows_alone_that_were_never_held_out():
    folds = list(ShuffleSplit(2, test_size=10, random_state=1).split(Y))
    result = make_result(1, folds=folds)
    new = result.rescored(Y, result.probabilities >= 0.5)  # NaN >= 0.5 is False, that is label 0
    np.testing.assert_array_equal(new.labels == -1, result.labels == -1)
    assert len(compare(result, new)) == 8


@pytest.mark.parametrize(
    ("y", "labels", "message"),
    [
        (Y, A.labels[0], r"labels has shape \(60, 3\): expected \(2, 60, 3\).*result\.prob"),
        (Y, A.labels[:, :, :2], r"labels has shape \(2, 60, 2\)"),
        (Y[:50], A.labels, r"y has shape \(50, 3\): expected \(60, 3\)"),
        (Y, A.probabilities, r"labels holds 0\.\d+ .*choose a threshold first"),
        (Y, A.labels * 2, "labels holds 2 in row"),
        (Y / 2, A.labels, r"y holds 0\.5"),
    ],
)
def test_rescored_refuses(y, labels, message):
    with pytest.raises(ValueError, match=message):
        A.rescored(y, labels)


# --- compare -------------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", METRICS)
def test_compare_is_the_corrected_paired_test_of_a_minus_b(metric):
    differences = A.scores[metric].to_numpy() - B.scores[metric].to_numpy()
    found = compare(A, B, metric)
    means = {"mean_a": A.scores[metric].mean(), "mean_b": B.scores[metric].mean()}
    assert found.to_dict() == pytest.approx(means | paired_test(differences, 48, 12))
    assert found["difference"] == pytest.approx(found["mean_a"] - found["mean_b"])


def test_compare_scores_subset_accuracy_unless_told():
    pd.testing.assert_series_equal(compare(A, B), compare(A, B, metric="subset_accuracy"))
    assert compare(A, B)["difference"] > 0, "A is the better one"


def test_compare_names_what_it_found():
    assert list(compare(A, B).index) == [
        "mean_a",
        "mean_b",
        "difference",
        "std_error",
        "ci_low",
        "ci_high",
        "t",
        "p_value",
    ]


def test_compare_the_other_way_round_turns_the_signs():
    there, back = compare(A, B, "f1_macro"), compare(B, A, "f1_macro")
    assert back["mean_a"] == there["mean_b"]
    for name in ("difference", "t"):
        assert back[name] == pytest.approx(-there[name])
    for name in ("std_error", "p_value"):
        assert back[name] == pytest.approx(there[name])
    assert [back["ci_low"], back["ci_high"]] == pytest.approx([-there["ci_high"], -there["ci_low"]])


def test_compare_to_itself_finds_nothing():
    found = compare(A, A)
    assert found["difference"] == found["ci_low"] == found["ci_high"] == found["t"] == 0
    assert found["p_value"] == 1


def test_compare_uncorrected_is_scipy_s_paired_test():
    expected = stats.ttest_rel(A.scores["f1_micro"], B.scores["f1_micro"])
    found = compare(A, B, "f1_micro", level=0.9, corrected=False)
    assert (found["t"], found["p_value"]) == pytest.approx((expected.statistic, expected.pvalue))
    interval = expected.confidence_interval(0.9)
    assert (found["ci_low"], found["ci_high"]) == pytest.approx((interval.low, interval.high))
    assert found["p_value"] < compare(A, B, "f1_micro")["p_value"]


@pytest.mark.parametrize(
    "folds",
    [
        FOLDS[:9],
        FOLDS[::-1],
        list(RepeatedKFold(n_splits=5, n_repeats=2, random_state=4).split(Y)),
        [(train[1:], test) for train, test in FOLDS],
        [(train, test[::-1]) for train, test in FOLDS],
    ],
    ids=["fewer", "other order", "other rows", "less to train on", "rows in other order"],
)
def test_compare_refuses_other_folds(folds):
    for pair in ((A, make_result(1, folds=folds)), (make_result(1, folds=folds), A)):
        with pytest.raises(ValueError, match="a and b were not scored on the same folds"):
            compare(*pair)


@pytest.mark.parametrize("metric", ["accuracy", "fold", "n_test"])
def test_compare_refuses_what_is_no_score(metric):
    with pytest.raises(ValueError, match=f"metric='{metric}': expected one of .*subset_accuracy"):
        compare(A, B, metric)


def test_probabilities_keep_the_precision_of_the_model():
    rows = np.arange(4)
    folds, y = [(rows[2:], rows[:2]), (rows[:2], rows[2:])], np.array([[1, 0], [0, 1]] * 2)
    at_the_threshold = np.array([[0.9, 0.7], [0.7, 0.9]])
    result = collect_result(y, folds, [at_the_threshold] * 2, [y[:2]] * 2)
    assert (result.probabilities >= 0.9).tolist() == [[[True, False], [False, True]] * 2]
    single = at_the_threshold.astype("float32")
    assert collect_result(y, folds, [single] * 2, [y[:2]] * 2).probabilities.dtype == "float32"


def test_other_labels_or_a_single_fold_are_not_compared():
    rows, two = np.arange(60), Y[:, :2]
    pieces = [two[test] for _, test in FOLDS]
    with pytest.raises(ValueError, match="a has 3 labels and b has 2"):
        compare(A, collect_result(two, FOLDS, pieces, pieces))
    one = collect_result(Y, [(rows[12:], rows[:12])], [Y[:12]], [Y[:12]])
    with pytest.raises(ValueError, match="one fold only"):
        compare(one, one)


def test_a_model_without_a_score_comes_last_in_the_table():
    lost = replace(B, scores=B.scores * np.nan)
    table = comparison_table({"lost": lost, "a": A})
    assert table.index.tolist() == ["a", "lost"]
    assert table.loc["lost"].isna().all() and table.loc["a", "mean"] > 0


def test_the_table_of_models_takes_the_level_for_both_of_its_intervals():
    table = comparison_table({"a": A, "b": B}, level=0.5)
    assert table.index.tolist() == ["a", "b"]
    for name, result in [("a", A), ("b", B)]:
        expected = result.summary(level=0.5).loc["subset_accuracy", ["ci_low", "ci_high"]]
        assert table.loc[name, ["ci_low", "ci_high"]].tolist() == expected.tolist()
    behind = compare(A, B, level=0.5)
    found = table.loc["b", ["behind_best", "behind_low", "behind_high"]].tolist()
    assert found == pytest.approx(behind[["difference", "ci_low", "ci_high"]].tolist())
