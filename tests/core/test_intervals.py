"""Error bars: the formulas by hand, and by simulation how often they hold what they should."""

import numpy as np
import pytest
from scipy import stats

from helpers.results import (
    corrected_interval,
    corrected_std_error,
    naive_interval,
    paired_test,
    row_interval,
    row_std_error,
)

SCORES = np.array([0.8, 0.9, 0.7, 0.8])  # mean 0.8, variance 0.02 / 3
T_3 = 3.182446  # Student's t, 95 %, 3 degrees of freedom: from a printed table


# --- by hand -------------------------------------------------------------------------------------


def test_std_error_by_hand():
    assert corrected_std_error(SCORES, 75, 25) == pytest.approx((0.02 / 3 * (1 / 4 + 1 / 3)) ** 0.5)
    assert corrected_std_error(SCORES, 900, 100) == pytest.approx(
        (0.02 / 3 * (1 / 4 + 1 / 9)) ** 0.5
    )


def test_interval_by_hand():
    margin = T_3 * (0.02 / 3 * (1 / 4 + 1 / 3)) ** 0.5
    assert corrected_interval(SCORES, 75, 25) == pytest.approx((0.8 - margin, 0.8 + margin))


def test_naive_interval_by_hand():
    margin = T_3 * (0.02 / 3 / 4) ** 0.5
    assert naive_interval(SCORES) == pytest.approx((0.8 - margin, 0.8 + margin))


def test_naive_interval_is_student_s():
    expected = stats.t.interval(0.9, 3, SCORES.mean(), stats.sem(SCORES))
    assert naive_interval(SCORES, level=0.9) == pytest.approx(expected)


def test_correction_in_three_times_ten_folds_is_a_factor_of_about_two():
    scores = np.linspace(0.7, 0.9, 30)
    factor = corrected_std_error(scores, 900, 100) / stats.sem(scores)
    assert factor == pytest.approx((1 + 30 / 9) ** 0.5)
    assert factor == pytest.approx(2.08, abs=0.005)


@pytest.mark.parametrize("n_test", [0, 25])
def test_higher_level_is_wider_around_the_same_middle(n_test):
    low, high = corrected_interval(SCORES, 75, n_test, level=0.8)
    lower, higher = corrected_interval(SCORES, 75, n_test, level=0.99)
    assert lower < low < high < higher
    assert [(low + high) / 2, (lower + higher) / 2] == pytest.approx([0.8, 0.8])


def test_folds_of_unequal_size_count_by_their_mean():
    expected = corrected_std_error(SCORES, 75, 25)
    assert corrected_std_error(SCORES, [70, 80, 70, 80], [30, 20, 30, 20]) == expected
    assert corrected_interval(SCORES, [70, 80], 25) == corrected_interval(SCORES, 75, 25)


def test_equal_scores_have_no_width():
    assert corrected_interval([0.5, 0.5, 0.5], 20, 10) == (0.5, 0.5)


@pytest.mark.parametrize("scores", [[0.8], [], [0.8, np.nan], [0.8, np.inf], [[0.8, 0.9]]])
@pytest.mark.parametrize(
    "function",
    [lambda s: corrected_interval(s, 75, 25), naive_interval, lambda s: paired_test(s, 75, 25)],
    ids=["corrected", "naive", "paired"],
)
def test_scores_refused(scores, function):
    with pytest.raises(ValueError, match=r"scores has shape .*finite scores of two folds or more"):
        function(scores)


@pytest.mark.parametrize(("n_train", "n_test"), [(0, 10), (10, -1), (np.nan, 10), (-5, 5)])
def test_numbers_of_rows_refused(n_train, n_test):
    with pytest.raises(ValueError, match="expected numbers of rows"):
        corrected_interval(SCORES, n_train, n_test)


@pytest.mark.parametrize("level", [0, 1, 95, -0.5])
def test_level_refused(level):
    with pytest.raises(ValueError, match=rf"level={level}: expected a share"):
        corrected_interval(SCORES, 75, 25, level)


# --- rows ----------------------------------------------------------------------------------------

RIGHT = np.array([[1, 1, 0, 1, 0], [1, 0, 0, 1, 1]])  # two repeats, five rows


def test_row_error_counts_each_row_once():
    expected = stats.sem([1, 0.5, 0, 1, 0.5])
    assert row_std_error(RIGHT) == pytest.approx(expected)
    assert row_std_error(np.tile(RIGHT, (50, 1))) == pytest.approx(expected)


def test_row_error_of_one_repeat_is_that_of_a_share():
    right = np.repeat([True, False], [80, 20])
    assert row_std_error(right) == pytest.approx((0.8 * 0.2 / 99) ** 0.5)
    assert row_std_error(right[None]) == row_std_error(right)


def test_row_interval_is_student_s():
    by_row = RIGHT.mean(axis=0)
    expected = stats.t.interval(0.9, 4, by_row.mean(), stats.sem(by_row))
    assert row_interval(RIGHT, level=0.9) == pytest.approx(expected)


@pytest.mark.parametrize("values", [[1], [], 1, [[0.5], [0.5]], [1, np.nan], np.ones((2, 2, 2))])
def test_values_of_rows_refused(values):
    with pytest.raises(ValueError, match=r"values has shape .*of two rows or more"):
        row_interval(values)


# --- the paired test -----------------------------------------------------------------------------

DIFFERENCES = np.array([0.02, -0.01, 0.05, 0.03, 0.0, 0.02])


def test_paired_test_without_correction_is_scipy_s():
    test = paired_test(DIFFERENCES, n_train=50, n_test=0, level=0.9)
    expected = stats.ttest_1samp(DIFFERENCES, 0)
    interval = expected.confidence_interval(0.9)
    assert test == pytest.approx(
        {
            "difference": DIFFERENCES.mean(),
            "std_error": stats.sem(DIFFERENCES),
            "ci_low": interval.low,
            "ci_high": interval.high,
            "t": expected.statistic,
            "p_value": expected.pvalue,
        }
    )


def test_correction_shrinks_t_by_the_same_factor_as_it_widens_the_interval():
    plain, corrected = (paired_test(DIFFERENCES, 50, n_test) for n_test in (0, 10))
    factor = ((1 / 6 + 10 / 50) / (1 / 6)) ** 0.5
    assert corrected["t"] == pytest.approx(plain["t"] / factor)
    assert corrected["std_error"] == pytest.approx(plain["std_error"] * factor)
    assert corrected["p_value"] == pytest.approx(2 * stats.t.cdf(-plain["t"] / factor, df=5))


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_interval_leaves_zero_out_where_the_test_rejects(level):
    test = paired_test(DIFFERENCES, 50, 10, level)
    assert (test["ci_low"] > 0) == (test["p_value"] < 1 - level)
    touching = paired_test(DIFFERENCES, 50, 10, level=1 - test["p_value"])
    assert touching["ci_low"] == pytest.approx(0, abs=1e-12)


def test_no_difference_at_all():
    test = paired_test(np.zeros(5), 50, 10)
    assert (test["t"], test["p_value"], test["ci_low"], test["ci_high"]) == (0, 1, 0, 0)


def test_same_difference_in_all_folds_leaves_no_doubt():
    test = paired_test([0.25, 0.25, 0.25], 50, 10)
    assert (test["t"], test["p_value"], test["ci_low"]) == (np.inf, 0, 0.25)


# --- by simulation -------------------------------------------------------------------------------
# Many small data sets with two classes, x normal around +MEAN or −MEAN, and a learner in closed
# form: the class whose centroid is nearer. How often a trained one is right in the population is
# known exactly, so we can count how many intervals hold it.

N_SETS, N_ROWS, N_FOLDS, N_REPEATS = 500, 100, 10, 3
MEAN = np.full(20, 0.09)


def draw(rng, n_sets, n_rows):
    y = rng.integers(0, 2, (n_sets, n_rows))
    return rng.normal(size=(n_sets, n_rows, len(MEAN))) + np.where(y[..., None], MEAN, -MEAN), y


def nearest_centroid(X, y):
    """Weights and offset of each data set's classifier: class 1 where x @ weights + offset > 0."""
    is_one = y[..., None]
    ones = (X * is_one).sum(axis=1) / is_one.sum(axis=1)
    zeros = (X * (1 - is_one)).sum(axis=1) / (1 - is_one).sum(axis=1)
    weights = ones - zeros
    return weights, -(weights * (ones + zeros) / 2).sum(axis=1)


def population_accuracy(weights, offset, mean):
    norm = np.linalg.norm(weights, axis=1)
    right = [stats.norm.cdf((weights @ mean + sign * offset) / norm) for sign in (1, -1)]
    return np.mean(right)


def cross_validate(rng, X, y):
    """Accuracy of each fold of each data set, (N_SETS, N_REPEATS * N_FOLDS)."""
    scores, size = [], N_ROWS // N_FOLDS
    for _ in range(N_REPEATS):
        order = rng.permutation(N_ROWS)
        for k in range(N_FOLDS):
            test = order[k * size : (k + 1) * size]
            train = np.setdiff1d(order, test)
            weights, offset = nearest_centroid(X[:, train], y[:, train])
            predicted = np.einsum("sif,sf->si", X[:, test], weights) + offset[:, None] > 0
            scores.append((predicted == y[:, test]).mean(axis=1))
    return np.transpose(scores)


def test_naive_intervals_miss_far_too_often_and_corrected_ones_do_not():
    rng = np.random.default_rng(1)
    true = population_accuracy(*nearest_centroid(*draw(rng, 2000, 90)), MEAN)
    scores = cross_validate(rng, *draw(rng, N_SETS, N_ROWS))
    assert scores.mean() == pytest.approx(true, abs=0.01)
    coverage = {
        name: np.mean([low <= true <= high for low, high in map(interval, scores)])
        for name, interval in {
            "naive": naive_interval,
            "corrected": lambda s: corrected_interval(s, n_train=90, n_test=10),
        }.items()
    }
    assert coverage["naive"] < 0.80
    assert 0.90 <= coverage["corrected"] < 0.99


def test_plain_paired_test_sees_differences_where_none_are():
    """Two learners, each with half of the features, all equally telling: neither is better."""
    rng = np.random.default_rng(2)
    X, y = draw(rng, N_SETS, N_ROWS)
    # The same folds for both, as in `helpers.results.compare`.
    first, second = (
        cross_validate(np.random.default_rng(3), X[..., half], y)
        for half in (slice(0, 10), slice(10, 20))
    )
    alarms = {
        n_test: np.mean([paired_test(d, 90, n_test)["p_value"] < 0.05 for d in first - second])
        for n_test in (0, 10)
    }
    assert alarms[0] > 0.20
    assert 0.01 < alarms[10] < 0.09


def test_folds_of_very_unequal_size_count_by_their_mean_too():
    expected = corrected_std_error(SCORES, 75, 25)
    assert corrected_std_error(SCORES, [60, 80, 80, 80], [40, 20, 20, 20]) == expected


def test_a_paired_test_has_an_interval_of_95_percent_unless_told():
    test = paired_test(SCORES, 75, 25)
    margin = T_3 * (0.02 / 3 * (1 / 4 + 1 / 3)) ** 0.5
    assert (test["ci_low"], test["ci_high"]) == pytest.approx((0.8 - margin, 0.8 + margin))


@pytest.mark.parametrize("n_train", [None, "900", [None, 1]])
def test_numbers_of_rows_must_be_numbers(n_train):
    with pytest.raises(ValueError, match="expected numbers of rows"):
        corrected_std_error(SCORES, n_train, 100)
