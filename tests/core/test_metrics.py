"""Scores against values worked out by hand."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from sklearn import metrics

from helpers._arguments import check_threshold
from helpers.metrics import average_table, label_score_table, predict_labels, score_table
from helpers.thresholds import (
    choose_threshold,
    choose_thresholds,
    label_threshold_curves,
    threshold_curve,
)

Y_TRUE = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 0], [0, 1, 1]])
Y_PROB = np.array([[0.9, 0.6, 0.1], [0.8, 0.4, 0.0], [0.2, 0.3, 0.45], [0.1, 0.7, 0.5]])
# At 0.5 the predictions are 110, 100, 000, 011: rows 3 and 4 are right, one label each is wrong in
# rows 1 and 2.


def test_scores_by_hand():
    scores = score_table(Y_TRUE, Y_PROB)
    label_f1 = [1.0, 0.5, 1.0]  # of the second label: one hit, one false alarm, one miss
    row_f1 = [2 / 3, 2 / 3, 1.0, 1.0]  # the row without labels, predicted so, counts as right
    assert scores.loc[0].to_dict() == pytest.approx(
        {
            "subset_accuracy": 2 / 4,
            "hamming_loss": 2 / 12,
            "f1_micro": 2 * 4 / (2 * 4 + 1 + 1),
            "f1_macro": np.mean(label_f1),
            "f1_samples": np.mean(row_f1),
            "jaccard_samples": np.mean([1 / 2, 1 / 2, 1, 1]),
        }
    )


def test_score_table_is_one_row_in_the_order_of_the_lessons():
    scores = score_table(Y_TRUE, Y_PROB)
    assert scores.shape == (1, 6)
    assert list(scores.columns) == [
        "subset_accuracy",
        "hamming_loss",
        "f1_micro",
        "f1_macro",
        "f1_samples",
        "jaccard_samples",
    ]
    assert (scores.dtypes == "float64").all()


def test_threshold_by_default_is_one_half():
    """Probabilities between 0.5 and 0.7 tell."""
    assert predict_labels([[0.49, 0.5, 0.55, 0.69]]).tolist() == [[0, 1, 1, 1]]
    assert score_table([[0, 1, 1, 1]], [[0.49, 0.5, 0.55, 0.69]])["subset_accuracy"].item() == 1.0


def test_probability_equal_to_its_threshold_counts_as_label():
    assert predict_labels([[0.5, 0.3]], threshold=[0.5, 0.3]).tolist() == [[1, 1]]


def test_each_label_may_have_its_threshold():
    predicted = predict_labels(Y_PROB, threshold=[0.85, 0.35, 0.45])
    assert predicted.tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 1], [0, 1, 1]]
    one_by_one = score_table(Y_TRUE, Y_PROB, threshold=[0.85, 0.35, 0.45])
    pd.testing.assert_frame_equal(one_by_one, score_table(Y_TRUE, predicted))


def test_thresholds_of_none_and_all():
    assert predict_labels(Y_PROB, threshold=0.0).all()
    assert predict_labels([[1.0, 0.999]], threshold=1.0).tolist() == [[1, 0]]


def test_labels_will_do_in_place_of_probabilities():
    scores = score_table(Y_TRUE, Y_TRUE)
    assert scores["hamming_loss"].item() == 0
    assert (scores.drop(columns="hamming_loss") == 1).all(axis=None)
    pd.testing.assert_frame_equal(score_table(Y_TRUE, Y_TRUE.astype(bool)), scores)


@pytest.mark.parametrize("zero_division", [0.0, 1.0])
@pytest.mark.parametrize("seed", range(20))
def test_scores_are_those_of_scikit_learn(seed, zero_division):
    """Few rows and rare labels: rows, labels and whole matrices with nothing in them."""
    rng = np.random.default_rng(seed)
    shape, share = (rng.integers(1, 20), rng.integers(2, 6)), rng.random(2) ** 3
    y_true, y_pred = ((rng.random(shape) < part).astype(int) for part in share)
    expected = {
        "subset_accuracy": metrics.accuracy_score(y_true, y_pred),
        "hamming_loss": metrics.hamming_loss(y_true, y_pred),
        "jaccard_samples": metrics.jaccard_score(
            y_true, y_pred, average="samples", zero_division=zero_division
        ),
    }
    for average in ("micro", "macro", "samples"):
        expected[f"f1_{average}"] = metrics.f1_score(
            y_true, y_pred, average=average, zero_division=zero_division
        )
    scores = score_table(y_true, y_pred, zero_division=zero_division)
    assert scores.loc[0].to_dict() == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("zero_division", [0.0, 1.0])
def test_zero_division_decides_where_there_is_nothing_to_find(zero_division):
    """Row 1 and label 2 are empty in truth and in prediction."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scores = score_table(
            [[0, 0], [1, 0]], [[0.1, 0.1], [0.9, 0.1]], zero_division=zero_division
        )
    half = (1 + zero_division) / 2
    assert scores.loc[0].to_dict() == pytest.approx(
        {
            "subset_accuracy": 1.0,
            "hamming_loss": 0.0,
            "f1_micro": 1.0,
            "f1_macro": half,
            "f1_samples": half,
            "jaccard_samples": half,
        }
    )


def test_nothing_at_all_is_right_by_default():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scores = score_table(np.zeros((3, 2)), np.zeros((3, 2)))
    assert scores["f1_micro"].item() == scores["f1_samples"].item() == 1.0


@pytest.mark.parametrize(
    ("y_true", "y_prob", "message"),
    [
        (Y_TRUE, Y_PROB[:, :2], r"y_true has shape \(4, 3\) and y_prob has \(4, 2\)"),
        (Y_TRUE[:2], Y_PROB, "they must agree"),
        (Y_PROB, Y_PROB, r"y_true holds 0\.9 in row 0, column 0"),
        (Y_TRUE, Y_PROB + 0.5, r"y_prob holds 1\.4 in row 0, column 0.*sigmoid"),
        (Y_TRUE, -Y_PROB, r"y_prob holds -0\.9"),
        (Y_TRUE, np.where(Y_PROB > 0.8, np.nan, Y_PROB), "y_prob holds nan in row 0, column 0"),
        (Y_TRUE, Y_PROB[:, 0], r"y_prob has shape \(4,\)"),
        (Y_TRUE[:, 0], Y_PROB, r"y_true has shape \(4,\)"),
        (Y_TRUE, csr_array(Y_PROB), r"y_prob is a sparse matrix: pass y_prob\.toarray\(\)"),
        (
            Y_TRUE,
            np.where(Y_TRUE, "yes", "no"),
            "y_prob: expected numbers only.*'yes'.*as predict_proba gives it",
        ),
        (Y_TRUE, Y_PROB * 1j, "y_prob: expected numbers only, but Complex"),
        (Y_TRUE, pd.DataFrame(Y_PROB).convert_dtypes().mask(Y_TRUE == 1), "y_prob holds nan in"),
    ],
)
def test_scores_refuse(y_true, y_prob, message):
    with pytest.raises(ValueError, match=message):
        score_table(y_true, y_prob)


@pytest.mark.parametrize(
    "function",
    [
        score_table,
        average_table,
        label_score_table,
        threshold_curve,
        label_threshold_curves,
        choose_threshold,
        choose_thresholds,
    ],
)
@pytest.mark.parametrize("zero_division", [0.5, np.nan, "warn", None, [1.0]])
def test_zero_division_is_zero_or_one_for_all_who_take_it(function, zero_division):
    with pytest.raises(ValueError, match=r"^zero_division=.*: expected 0\.0 or 1\.0"):
        function(Y_TRUE, Y_PROB, zero_division=zero_division)


@pytest.mark.parametrize("zero_division", [1, np.int64(1), np.float32(1)])
def test_zero_division_may_be_any_kind_of_number(zero_division):
    expected = score_table(Y_TRUE, Y_PROB)
    pd.testing.assert_frame_equal(score_table(Y_TRUE, Y_PROB, 0.5, zero_division), expected)


@pytest.mark.parametrize("threshold", [-0.1, 1.1, np.nan, [0.5, 0.5, 2.0]])
def test_threshold_outside_the_probabilities_is_refused(threshold):
    with pytest.raises(ValueError, match=r"threshold is .*between 0 and 1"):
        score_table(Y_TRUE, Y_PROB, threshold)


@pytest.mark.parametrize("threshold", [[0.5], [0.5, 0.5], [[0.5, 0.5, 0.5]]])
def test_wrong_number_of_thresholds_is_refused(threshold):
    with pytest.raises(ValueError, match="pass one number, or 3, one per label"):
        predict_labels(Y_PROB, threshold)


def test_check_threshold_returns_floats():
    assert check_threshold(1, 3).dtype == check_threshold([0, 1, 0], 3).dtype == "float64"
    assert check_threshold(0.4, 3).shape == ()


def test_frames_with_their_labels_in_another_order_are_refused():
    y = pd.DataFrame({"a": [1, 1, 0, 0], "b": [0, 0, 1, 0]})
    assert score_table(y, y[["a", "b"]]).loc[0, "f1_micro"] == 1
    with pytest.raises(ValueError, match=r"columns \['a', 'b'\] and y_prob \['b', 'a'\]"):
        score_table(y, y[["b", "a"]])
    with pytest.raises(TypeError, match="threshold has names: pass numbers alone"):
        score_table(y, y, threshold=pd.Series({"b": 0.9, "a": 0.1}))
