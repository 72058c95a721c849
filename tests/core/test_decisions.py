"""Decisions about whole rows, against brute force over every possible prediction."""

import itertools

import numpy as np
import pytest

from helpers.decisions import maximize_expected_f1, predict_top_k


def all_sets(n_labels):
    return np.array(list(itertools.product([0, 1], repeat=n_labels)))


def expected_f1(predicted, set_proba, label_sets):
    """Compute one row's expected F1 set by set; of nothing predicted for nothing it is 1."""
    total = 0
    for p, labels in zip(set_proba, label_sets, strict=True):
        hits, size = (predicted & labels).sum(), predicted.sum() + labels.sum()
        total += p * (2 * hits / size if size else 1.0)
    return total


@pytest.mark.parametrize("n_labels", [1, 2, 3, 4])
@pytest.mark.parametrize("concentration", [0.05, 1.0])
def test_expected_f1_is_the_best_of_all_predictions(n_labels, concentration):
    rng = np.random.default_rng(n_labels)
    sets = all_sets(n_labels)
    set_proba = rng.dirichlet(np.full(len(sets), concentration), size=12)
    for p, predicted in zip(set_proba, maximize_expected_f1(set_proba, sets), strict=True):
        best = max(expected_f1(other, p, sets) for other in sets)
        assert expected_f1(predicted, p, sets) == pytest.approx(best, abs=1e-9)


def test_expected_f1_with_few_of_many_possible_sets():
    rng = np.random.default_rng(0)
    possible = all_sets(6)
    label_sets = possible[[0, 5, 22, 41, 63]]
    set_proba = rng.dirichlet(np.ones(5), size=6)
    for p, predicted in zip(set_proba, maximize_expected_f1(set_proba, label_sets), strict=True):
        best = max(expected_f1(other, p, label_sets) for other in possible)
        assert expected_f1(predicted, p, label_sets) == pytest.approx(best, abs=1e-9)


def test_expected_f1_may_predict_a_set_that_never_occurs():
    predicted = maximize_expected_f1([[0.5, 0.5]], [[1, 1, 0, 0], [1, 0, 1, 0]])
    assert predicted.tolist() == [[1, 1, 1, 0]]  # 0.8 for certain; either set gives 0.75


@pytest.mark.parametrize(("p_empty", "expected"), [(0.49, [1]), (0.5, [0]), (0.51, [0])])
def test_no_label_counts_as_right_for_rows_without_labels(p_empty, expected):
    assert maximize_expected_f1([[p_empty, 1 - p_empty]], [[0], [1]]).tolist() == [expected]


def test_expected_f1_of_many_labels():
    label_sets = np.eye(40, dtype=int)
    label_sets = np.vstack([label_sets, 1 - label_sets])
    set_proba = np.zeros((2, 80))
    set_proba[0, 3] = set_proba[1, 45] = 1
    predicted = maximize_expected_f1(set_proba, label_sets)
    assert predicted.dtype == "int64"
    assert np.array_equal(predicted, label_sets[[3, 45]])


@pytest.mark.parametrize(
    ("set_proba", "label_sets", "message"),
    [
        ([[0.5, 0.5]], [[0], [1], [1]], r"set_proba has shape \(1, 2\): expected \(rows, 3\)"),
        ([[0.5, 0.5]], [[0], [2]], "label_sets holds 2 in row 1, column 0"),
        ([[0.5, np.nan]], [[0], [1]], "set_proba holds NaN"),
        ([[1.5, -0.5]], [[0], [1]], "set_proba holds -0.5 in row 0, column 1: expected prob"),
        ([[np.inf, 0.5]], [[0], [1]], "set_proba holds inf in row 0, column 0"),
    ],
)
def test_expected_f1_refuses(set_proba, label_sets, message):
    with pytest.raises(ValueError, match=message):
        maximize_expected_f1(set_proba, label_sets)


def test_top_k_marks_k_labels_with_the_largest_probabilities():
    y_prob = np.random.default_rng(0).random((50, 6))
    for k in range(1, 7):
        predicted = predict_top_k(y_prob, k)
        assert predicted.dtype == "int64" and (predicted.sum(axis=1) == k).all()
        inside = np.where(predicted == 1, y_prob, np.inf).min(axis=1)
        outside = np.where(predicted == 0, y_prob, -np.inf).max(axis=1)
        assert (inside > outside).all()


def test_top_k_takes_the_first_of_equal_labels():
    assert predict_top_k([[0.3, 0.9, 0.3, 0.3]], 2).tolist() == [[1, 1, 0, 0]]
    many = np.random.default_rng(0).integers(3, size=(1, 200)) / 2  # short rows sort otherwise
    first = np.flatnonzero(many == 1)[:30]
    assert np.array_equal(np.flatnonzero(predict_top_k(many, 30)), first)


@pytest.mark.parametrize("k", [0, 4, -1, 1.0, True, "2", None])
def test_top_k_refuses_other_numbers(k):
    with pytest.raises(ValueError, match="expected a whole number from 1 to 3"):
        predict_top_k([[0.1, 0.2, 0.3]], k)


def test_top_k_refuses_what_is_no_probability():
    with pytest.raises(ValueError, match=r"y_prob holds 1\.2 in row 0, column 1"):
        predict_top_k([[0.1, 1.2]], 1)
