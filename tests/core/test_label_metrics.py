"""Scores of single labels, rankings and averages: by hand and against scikit-learn."""

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from helpers.metrics import (
    average_table,
    label_ranking_table,
    label_score_table,
    ranking_table,
    score_table,
)

# Label 1: two hits, two right nos. Label 2: one hit, one false alarm, two misses.
Y_TRUE = np.array([[1, 0], [1, 1], [0, 1], [0, 1]])
Y_PROB = np.array([[0.9, 0.6], [0.7, 0.8], [0.2, 0.4], [0.1, 0.3]])
RNG = np.random.default_rng(1)
Y_MANY, P_MANY = RNG.integers(0, 2, (200, 4)), RNG.random((200, 4))
NAMES = ["a", "b", "c", "d"]


# --- each label by itself ------------------------------------------------------------------------


def test_label_scores_by_hand():
    scores = label_score_table(Y_TRUE, Y_PROB, label_names=["first", "second"])
    assert scores.index.tolist() == ["first", "second"]
    assert scores.index.name == "label"
    first = {name: float(name != "hamming_loss") for name in scores.columns}
    second = {"accuracy": 1 / 4, "hamming_loss": 3 / 4, "precision": 1 / 2, "recall": 1 / 3}
    second |= {"specificity": 0.0, "f1": 2 / 5, "jaccard": 1 / 4}
    assert scores.loc["first"].to_dict() == first
    assert scores.loc["second"].to_dict() == pytest.approx(second)


def test_label_scores_are_those_of_scikit_learn():
    y_pred = (P_MANY >= 0.3).astype(int)
    scores = label_score_table(Y_MANY, P_MANY, threshold=0.3, label_names=NAMES)
    for i, name in enumerate(NAMES):
        y, p = Y_MANY[:, i], y_pred[:, i]
        expected = {
            "accuracy": metrics.accuracy_score(y, p),
            "hamming_loss": metrics.hamming_loss(y, p),
            "precision": metrics.precision_score(y, p),
            "recall": metrics.recall_score(y, p),
            "specificity": metrics.recall_score(y, p, pos_label=0),
            "f1": metrics.f1_score(y, p),
            "jaccard": metrics.jaccard_score(y, p),
        }
        assert scores.loc[name].to_dict() == pytest.approx(expected)


def test_labels_by_themselves_average_to_the_scores_of_all():
    labels, everything = label_score_table(Y_MANY, P_MANY), score_table(Y_MANY, P_MANY).loc[0]
    assert labels["hamming_loss"].mean() == pytest.approx(everything["hamming_loss"])
    assert labels["f1"].mean() == pytest.approx(everything["f1_macro"])


@pytest.mark.parametrize("zero_division", [0.0, 1.0])
def test_zero_division_of_a_label_that_is_never_there(zero_division):
    y_true, y_pred = [[1, 0], [1, 0]], [[1, 0], [0, 0]]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scores = label_score_table(y_true, y_pred, zero_division=zero_division)
    empty = ["precision", "recall", "f1", "jaccard"]
    assert scores.loc["label_2", empty].tolist() == [zero_division] * 4
    assert scores.loc["label_2", "specificity"] == 1
    assert scores.loc["label_1", "specificity"] == zero_division, "no row is without it"


# --- rankings ------------------------------------------------------------------------------------


def test_rankings_of_rows_by_hand():
    """Row 1 has its labels in order; in row 2 the one true label comes second of three."""
    y_true, y_prob = [[1, 1, 0], [0, 1, 0]], [[0.9, 0.8, 0.1], [0.7, 0.6, 0.2]]
    ranks = ranking_table(y_true, y_prob).loc[0]
    assert ranks["lrap"] == pytest.approx((1 + 1 / 2) / 2)
    assert ranks["coverage_error"] == pytest.approx((2 + 2) / 2)
    assert ranks["ranking_loss"] == pytest.approx((0 + 1 / 2) / 2)


def test_rankings_of_labels_by_hand():
    """Of label 1, rows are in the order yes no yes no: one of four pairs is wrong."""
    y_true = [[1, 0], [0, 1], [1, 0], [0, 1]]
    y_prob = [[0.9, 0.1], [0.8, 0.9], [0.7, 0.1], [0.6, 0.9]]
    ranks = label_ranking_table(y_true, y_prob, label_names=["one", "two"])
    assert ranks["prevalence"].tolist() == [0.5, 0.5]
    assert ranks["roc_auc"].tolist() == [3 / 4, 1]
    assert ranks["average_precision"].tolist() == pytest.approx([(1 / 1 + 2 / 3) / 2, 1])
    together = ranking_table(y_true, y_prob).loc[0]
    assert together["roc_auc_macro"] == pytest.approx(7 / 8)
    assert together["average_precision_macro"] == pytest.approx((5 / 6 + 1) / 2)


def test_rankings_are_those_of_scikit_learn():
    order, labeled = np.argsort(-P_MANY, axis=1), Y_MANY.any(axis=1)
    expected = {
        "lrap": metrics.label_ranking_average_precision_score(Y_MANY, P_MANY),
        "coverage_error": metrics.coverage_error(Y_MANY, P_MANY),
        "ranking_loss": metrics.label_ranking_loss(Y_MANY, P_MANY),
        "precision_at_k": (np.take_along_axis(Y_MANY, order[:, :2], 1)).mean(),
        "ndcg_at_k": metrics.ndcg_score(Y_MANY[labeled], P_MANY[labeled], k=2),
        "average_precision_macro": metrics.average_precision_score(Y_MANY, P_MANY),
        "roc_auc_macro": metrics.roc_auc_score(Y_MANY, P_MANY),
    }
    assert ranking_table(Y_MANY, P_MANY, k=2).loc[0].to_dict() == pytest.approx(expected)


def test_labels_that_all_rows_have_or_none_has_are_left_out_of_the_means():
    y_true = np.column_stack([np.ones(4, int), np.zeros(4, int), [1, 0, 1, 0]])
    y_prob = np.tile([[0.9], [0.8], [0.7], [0.6]], 3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        labels, together = label_ranking_table(y_true, y_prob), ranking_table(y_true, y_prob)
    assert labels["roc_auc"].isna().tolist() == [True, True, False]
    assert labels["average_precision"].isna().tolist() == [False, True, False]
    assert labels["average_precision"].iloc[0] == 1
    assert together["roc_auc_macro"].item() == labels["roc_auc"].iloc[2] == 3 / 4
    assert together["average_precision_macro"].item() == pytest.approx((1 + 5 / 6) / 2)


def test_the_first_k_by_hand():
    """Row 1 has its labels in places 1 and 3, row 2 its only one in place 2."""
    y_true, y_prob = [[1, 0, 1], [0, 1, 0]], [[0.8, 0.6, 0.3], [0.7, 0.5, 0.1]]
    second, third = 1 / np.log2(3), 1 / np.log2(4)
    expected = {
        1: ((1 + 0) / 2, (1 + 0) / 2),
        2: ((1 / 2 + 1 / 2) / 2, (1 / (1 + second) + second) / 2),
        3: ((2 / 3 + 1 / 3) / 2, ((1 + third) / (1 + second) + second) / 2),
    }
    for k, scores in expected.items():
        ranks = ranking_table(y_true, y_prob, k=k).loc[0, ["precision_at_k", "ndcg_at_k"]]
        assert ranks.tolist() == pytest.approx(scores)


def test_ties_at_the_cut_take_the_average_over_all_orders():
    y_true, y_prob = np.array([[1, 0, 1, 0, 0]]), np.array([[0.9, 0.5, 0.5, 0.5, 0.1]])
    orders = [y_true[0, [0, *rest]] for rest in itertools.permutations([1, 2, 3])]
    weights = 1 / np.log2([2, 3])
    ranks = ranking_table(y_true, y_prob, k=2).loc[0]
    assert ranks["precision_at_k"] == pytest.approx(np.mean([row[:2] for row in orders]))
    gains = np.mean([row[:2] @ weights for row in orders])
    assert ranks["ndcg_at_k"] == pytest.approx(gains / weights.sum())


def test_rows_without_labels_lower_precision_at_k_and_are_left_out_of_ndcg():
    ranks = ranking_table([[0, 0], [0, 1]], [[0.9, 0.2], [0.4, 0.5]], k=1).loc[0]
    assert ranks[["precision_at_k", "ndcg_at_k"]].tolist() == [1 / 2, 1]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nothing = ranking_table([[0, 0]], [[0.9, 0.2]]).loc[0]
    assert nothing["precision_at_k"] == 0 and np.isnan(nothing["ndcg_at_k"])


@pytest.mark.parametrize("k", [0, 3, -1, 1.5, None])
def test_k_is_a_number_of_labels(k):
    with pytest.raises(ValueError, match=r"^k=.*: expected a whole number from 1 to 2"):
        ranking_table(Y_TRUE, Y_PROB, k=k)


def test_rows_without_labels_count_as_well_ranked():
    ranks = ranking_table([[0, 0], [0, 1]], [[0.9, 0.2], [0.4, 0.5]]).loc[0]
    assert ranks[["lrap", "ranking_loss"]].tolist() == [1, 0]
    assert ranks["coverage_error"] == 1 / 2, "less than that of the one row that has a label"


# --- averages ------------------------------------------------------------------------------------


def test_averages_by_hand():
    """Pooled: 3 hits, 1 false alarm, 2 misses. Label 2 is there three times, label 1 twice."""
    table = average_table(Y_TRUE, Y_PROB, zero_division=0.0)
    assert list(table.index) == ["precision", "recall", "f1", "jaccard"]
    assert list(table.columns) == ["micro", "macro", "weighted", "samples"]
    assert table.index.name == "score"
    assert table["micro"].tolist() == pytest.approx([3 / 4, 3 / 5, 6 / 9, 3 / 6])
    assert table["macro"].tolist() == pytest.approx([3 / 4, 2 / 3, 7 / 10, 5 / 8])
    weighted = [(2 + 3 / 2) / 5, (2 + 1) / 5, (2 + 6 / 5) / 5, (2 + 3 / 4) / 5]
    assert table["weighted"].tolist() == pytest.approx(weighted)
    samples = [(1 / 2 + 1) / 4, 2 / 4, (2 / 3 + 1) / 4, (1 / 2 + 1) / 4]
    assert table["samples"].tolist() == pytest.approx(samples)


@pytest.mark.parametrize("zero_division", [0.0, 1.0])
def test_averages_are_those_of_scikit_learn(zero_division):
    table = average_table(Y_MANY, P_MANY, threshold=0.7, zero_division=zero_division)
    y_pred = P_MANY >= 0.7
    for name in table.index:
        score = getattr(metrics, f"{name}_score")
        for average in table.columns:
            expected = score(Y_MANY, y_pred, average=average, zero_division=zero_division)
            assert table.loc[name, average] == pytest.approx(expected)


def test_averages_agree_with_the_score_table():
    table, scores = average_table(Y_MANY, P_MANY), score_table(Y_MANY, P_MANY).loc[0]
    for average in ("micro", "macro", "samples"):
        assert table.loc["f1", average] == scores[f"f1_{average}"]
    assert table.loc["jaccard", "samples"] == scores["jaccard_samples"]


# --- one label alone -----------------------------------------------------------------------------


@pytest.mark.parametrize("zero_division", [0.0, 1.0])
@pytest.mark.parametrize("threshold", [0.3, 1.0])
def test_one_label_is_scored_as_by_the_binary_metrics(threshold, zero_division):
    y, p = Y_MANY[:, 0], (P_MANY[:, 0] >= threshold).astype(int)
    one = Y_MANY[:, :1], P_MANY[:, :1], threshold, zero_division
    names = ["precision", "recall", "f1", "jaccard"]
    functions = [getattr(metrics, f"{name}_score") for name in names]
    expected = [function(y, p, zero_division=zero_division) for function in functions]
    averages, labels, scores = average_table(*one), label_score_table(*one), score_table(*one)
    for average in ("micro", "macro", "weighted"):
        assert averages[average].tolist() == pytest.approx(expected)
    assert labels.loc["label_1", names].tolist() == pytest.approx(expected)
    assert labels["specificity"].item() == metrics.recall_score(y, p, pos_label=0)
    accuracy = metrics.accuracy_score(y, p)
    assert scores["subset_accuracy"].item() == labels["accuracy"].item() == accuracy
    assert scores["hamming_loss"].item() == pytest.approx(1 - accuracy)
    assert scores["f1_micro"].item() == scores["f1_macro"].item() == pytest.approx(expected[2])
    nothing = ((y == 0) & (p == 0)).mean() * zero_division  # row by row, that is 0/0
    by_row = pytest.approx(((y == 1) & (p == 1)).mean() + nothing)
    assert averages.loc["f1", "samples"] == scores["f1_samples"].item() == by_row
    assert averages.loc["jaccard", "samples"] == scores["jaccard_samples"].item() == by_row


def test_one_label_is_ranked_as_by_the_binary_metrics():
    y, p = Y_MANY[:, 0], P_MANY[:, 0]
    ranks = ranking_table(Y_MANY[:, :1], P_MANY[:, :1]).loc[0]
    assert ranks["roc_auc_macro"] == pytest.approx(metrics.roc_auc_score(y, p), rel=1e-12)
    expected = metrics.average_precision_score(y, p)
    assert ranks["average_precision_macro"] == pytest.approx(expected, rel=1e-12)
    assert ranks[["lrap", "coverage_error", "ranking_loss"]].tolist() == [1, y.mean(), 0]
    assert ranks[["precision_at_k", "ndcg_at_k"]].tolist() == [y.mean(), 1]


# --- what goes in --------------------------------------------------------------------------------

TABLES = [label_score_table, ranking_table, label_ranking_table, average_table]


@pytest.mark.parametrize("function", TABLES)
def test_data_frames_lists_and_booleans_are_fine(function):
    expected = function(Y_TRUE, Y_PROB)
    for y_true in (pd.DataFrame(Y_TRUE, columns=["x", "y"]), Y_TRUE.tolist(), Y_TRUE.astype(bool)):
        pd.testing.assert_frame_equal(function(y_true, pd.DataFrame(Y_PROB)), expected)


@pytest.mark.parametrize("function", TABLES)
@pytest.mark.parametrize(
    ("y_true", "y_prob", "message"),
    [
        (Y_TRUE, Y_PROB[:, :1], "must agree"),
        (Y_TRUE, Y_PROB + 1, "y_prob holds"),
        (Y_TRUE, np.where(Y_PROB > 0.8, np.nan, Y_PROB), "y_prob holds nan"),
        (Y_PROB, Y_PROB, "y_true holds"),
    ],
)
def test_data_refused(function, y_true, y_prob, message):
    with pytest.raises(ValueError, match=message):
        function(y_true, y_prob)


@pytest.mark.parametrize("function", [label_score_table, label_ranking_table])
def test_wrong_number_of_names_is_refused(function):
    with pytest.raises(ValueError, match="expected 2 different names"):
        function(Y_TRUE, Y_PROB, label_names=["a", "b", "c"])


# --- what holds unless something else is asked for ------------------------------------------------


def test_a_label_is_predicted_from_one_half_on():
    y_true, y_prob = [[1, 0], [1, 0], [0, 1], [0, 1]], [[0.5, 0.49], [0.52, 0.4], [0, 1], [0, 1]]
    assert label_score_table(y_true, y_prob)["accuracy"].tolist() == [1, 1]
    assert score_table(y_true, y_prob)["subset_accuracy"].item() == 1


def test_nothing_to_find_and_nothing_predicted_is_perfect():
    scores = label_score_table([[0, 0], [0, 0]], [[0.1, 0.2], [0.2, 0.3]])
    assert (scores[["precision", "recall", "f1", "jaccard"]] == 1).all(axis=None)


def test_prevalence_is_the_share_of_rows_with_the_label():
    assert label_ranking_table(Y_TRUE, Y_PROB)["prevalence"].tolist() == [0.5, 0.75]
