"""Calibration: tables by hand, scaling against what is known of simulated probabilities."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from scipy.special import expit, logit
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.metrics import brier_score_loss, log_loss
from sklearn.model_selection import KFold, RepeatedKFold, ShuffleSplit

from helpers.calibration import (
    ProbabilityScaler,
    calibration_table,
    reliability_table,
    scale_out_of_fold,
)

Y_TRUE = np.array([[1, 1], [0, 1], [1, 0], [1, 1], [0, 0]])
Y_PROB = np.array([[0.1, 0.5], [0.3, 0.9], [0.4, 0.2], [0.8, 1.0], [0.0, 0.4]])


def simulate(n_rows, seed=1, slope=(1.0, 1.0), intercept=(0.0, 0.0)):
    """Labels drawn with known probabilities, and what an ill-scaled model says of them.

    Its logits are such that ``slope * logit + intercept`` is the true one.
    """
    rng = np.random.default_rng(seed)
    true = rng.normal(size=(n_rows, len(slope)))
    y = (rng.random(true.shape) < expit(true)).astype(int)
    return y, expit((true - intercept) / np.asarray(slope))


# --- tables --------------------------------------------------------------------------------------


def test_reliability_by_hand():
    table = reliability_table(Y_TRUE, Y_PROB, n_bins=2, label_names=["a", "b"])
    assert table["label"].tolist() == ["a", "a", "b", "b"]
    assert table[["low", "high"]].to_numpy().tolist() == [[0, 0.5], [0.5, 1]] * 2
    assert table["count"].tolist() == [4, 1, 2, 3]
    assert table["predicted"].tolist() == pytest.approx([0.8 / 4, 0.8, 0.3, 2.4 / 3])
    assert table["observed"].tolist() == pytest.approx([2 / 4, 1, 0, 3 / 3])


def test_calibration_by_hand():
    table = calibration_table(Y_TRUE, Y_PROB, n_bins=2, label_names=["a", "b"])
    assert (table.index.name, list(table.index)) == ("label", ["a", "b"])
    parts = ["reliability", "resolution", "uncertainty", "remainder"]
    assert list(table.columns) == ["log_loss", "brier", *parts, "ece"]
    squares = [0.81 + 0.09 + 0.36 + 0.04 + 0, 0.25 + 0.01 + 0.04 + 0 + 0.16]
    assert table["brier"].tolist() == pytest.approx([squares[0] / 5, squares[1] / 5])
    distances = [4 * 0.3 + 1 * 0.2, 2 * 0.3 + 3 * 0.2]
    assert table["ece"].tolist() == pytest.approx([distances[0] / 5, distances[1] / 5])
    squares = [4 * 0.3**2 + 1 * 0.2**2, 2 * 0.3**2 + 3 * 0.2**2]
    assert table["reliability"].tolist() == pytest.approx([squares[0] / 5, squares[1] / 5])
    squares = [4 * (0.5 - 0.6) ** 2 + 1 * (1 - 0.6) ** 2, 2 * 0.6**2 + 3 * 0.4**2]
    assert table["resolution"].tolist() == pytest.approx([squares[0] / 5, squares[1] / 5])
    assert table["uncertainty"].tolist() == pytest.approx([0.6 * 0.4] * 2)


@pytest.mark.parametrize("n_bins", [1, 3, 10])
def test_brier_score_is_the_sum_of_its_parts(n_bins):
    """The remainder is what Stephenson et al. say: variance and covariance within the bins."""
    y, p = simulate(400)
    table = calibration_table(y, p, n_bins)
    parts = table["reliability"] - table["resolution"] + table["uncertainty"]
    np.testing.assert_allclose(parts + table["remainder"], table["brier"])
    for i, remainder in enumerate(table["remainder"]):
        bins = np.minimum((n_bins * p[:, i]).astype(int), n_bins - 1)
        within = 0
        for k in np.unique(bins):
            q, o = p[bins == k, i], y[bins == k, i]
            within += ((q - q.mean()) * (q - q.mean() - 2 * (o - o.mean()))).sum()
        assert remainder == pytest.approx(within / len(y))


def test_nothing_remains_where_rows_of_a_bin_share_their_probability():
    y = simulate(500)[0]
    p = np.random.default_rng(2).choice([0.05, 0.35, 0.85], size=y.shape)
    np.testing.assert_allclose(calibration_table(y, p)["remainder"], 0, atol=1e-12)


def test_prevalence_is_calibrated_and_resolves_nothing():
    y = simulate(300)[0]
    table = calibration_table(y, np.tile(y.mean(axis=0), (300, 1)))
    np.testing.assert_allclose(table[["reliability", "resolution", "ece"]], 0, atol=1e-12)
    np.testing.assert_allclose(table["brier"], table["uncertainty"])


def test_log_loss_is_scikit_learn_s_also_of_a_constant_label():
    y, p = simulate(300)
    y[:, 1] = 1
    expected = [log_loss(y[:, i], p[:, i], labels=[0, 1]) for i in (0, 1)]
    np.testing.assert_allclose(calibration_table(y, p)["log_loss"], expected)


@pytest.mark.parametrize("n_bins", [1, 2, 3, 7, 10, 20, 100])
def test_lower_end_of_a_bin_is_in_it_and_one_is_in_the_last(n_bins):
    """Also where it is not exact: 0.3 is in the bin from 0.3 to 0.4."""
    ends = np.array([k / n_bins for k in range(n_bins + 1)])
    table = reliability_table(np.zeros((n_bins + 1, 1), int), ends[:, None], n_bins)
    assert table["count"].tolist() == [1] * (n_bins - 1) + [2]
    np.testing.assert_array_equal(table["low"], ends[:-1])
    np.testing.assert_array_equal(table["high"], ends[1:])


def test_empty_bins_have_no_shares_and_no_weight():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = reliability_table([[1], [0]], [[0.95], [0.95]])
        scores = calibration_table([[1], [0]], [[0.95], [0.95]])
    assert table["count"].tolist() == [0] * 9 + [2]
    assert table[["predicted", "observed"]].isna().all(axis=1).tolist() == [True] * 9 + [False]
    assert scores["ece"].item() == pytest.approx(0.45)


def test_calibrated_probabilities_have_hardly_any_error_and_others_have():
    y, good = simulate(50_000)
    overconfident = expit(3 * logit(good))
    assert (calibration_table(y, good)["ece"] < 0.01).all()
    assert (calibration_table(y, overconfident)["ece"] > 0.1).all()
    assert (
        calibration_table(y, overconfident)["brier"] > calibration_table(y, good)["brier"]
    ).all()


def test_brier_score_is_scikit_learn_s_and_needs_no_bins():
    y, p = simulate(300)
    few, many = (calibration_table(y, p, n_bins)["brier"] for n_bins in (2, 50))
    np.testing.assert_allclose(few, [brier_score_loss(y[:, i], p[:, i]) for i in (0, 1)])
    pd.testing.assert_series_equal(few, many)


def test_certain_and_right_is_perfect():
    table = calibration_table(Y_TRUE, Y_TRUE)[["log_loss", "brier", "reliability", "ece"]]
    np.testing.assert_allclose(table, 0, atol=1e-12)


def test_tables_take_frames_booleans_and_objects():
    expected = calibration_table(Y_TRUE, Y_PROB)
    for y in (pd.DataFrame(Y_TRUE), Y_TRUE.astype(bool), Y_TRUE.astype(object), Y_TRUE.tolist()):
        pd.testing.assert_frame_equal(calibration_table(y, pd.DataFrame(Y_PROB)), expected)


@pytest.mark.parametrize("function", [reliability_table, calibration_table])
@pytest.mark.parametrize(
    ("y", "p", "arguments", "message"),
    [
        (Y_TRUE, Y_PROB[:, :1], {}, "must agree"),
        (Y_PROB, Y_PROB, {}, "y_true holds"),
        (Y_TRUE, Y_PROB * 2, {}, "y_prob holds"),
        (Y_TRUE, Y_PROB, {"n_bins": 0}, "n_bins: found 0"),
        (Y_TRUE, Y_PROB, {"n_bins": 2.5}, r"n_bins: found 2\.5"),
        (Y_TRUE, Y_PROB, {"label_names": ["a"]}, "expected 2 different names"),
    ],
)
def test_tables_refuse(function, y, p, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(y, p, **arguments)


# --- scaling -------------------------------------------------------------------------------------


def test_platt_scaling_recovers_slope_and_intercept():
    y, p = simulate(40_000, slope=(0.4, 2.0), intercept=(0.5, -1.0))
    scaler = ProbabilityScaler().fit(p, y)
    np.testing.assert_allclose(scaler.slope_, [0.4, 2.0], rtol=0.06)
    np.testing.assert_allclose(scaler.intercept_, [0.5, -1.0], atol=0.06)
    before, after = calibration_table(y, p), calibration_table(y, scaler.transform(p))
    assert (after["ece"] < 0.015).all()
    better = ["log_loss", "brier", "reliability", "ece"]
    assert (after[better] < before[better]).all(axis=None)


def test_temperature_scaling_recovers_the_slope_and_has_no_intercept():
    y, p = simulate(40_000, slope=(0.4, 2.0))
    scaler = ProbabilityScaler("temperature").fit(p, y)
    np.testing.assert_allclose(scaler.slope_, [0.4, 2.0], rtol=0.06)
    assert scaler.intercept_.tolist() == [0, 0]
    assert ((scaler.transform(p) >= 0.5) == (p >= 0.5)).all(), "a temperature turns no label"


@pytest.mark.parametrize("method", ["platt", "temperature"])
def test_scaling_is_the_one_of_least_log_loss(method):
    y, p = simulate(300, slope=(0.5,), intercept=(0.7,))

    def log_loss(parameters):
        slope, intercept = parameters[0], parameters[1] if method == "platt" else 0.0
        scaled = expit(slope * logit(p) + intercept)
        return -np.mean(np.where(y == 1, np.log(scaled), np.log(1 - scaled)))

    best = minimize(log_loss, [1.0, 0.0], tol=1e-10).x
    scaler = ProbabilityScaler(method).fit(p, y)
    assert scaler.slope_[0] == pytest.approx(best[0], abs=1e-3)
    assert scaler.intercept_[0] == pytest.approx(best[1] if method == "platt" else 0, abs=1e-3)
    expected = expit(scaler.slope_ * logit(p) + scaler.intercept_)
    np.testing.assert_allclose(scaler.transform(p), expected)


def test_labels_are_scaled_one_by_one():
    y, p = simulate(200, slope=(0.5, 2.0))
    together = ProbabilityScaler().fit(p, y).transform(p)
    for i in (0, 1):
        alone = ProbabilityScaler().fit_transform(p[:, [i]], y[:, [i]])
        np.testing.assert_allclose(together[:, [i]], alone)


def test_probabilities_of_zero_and_one_can_be_scaled():
    y, p = simulate(100)
    p[0], p[1] = 0, 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scaled = ProbabilityScaler().fit(p, y).transform(p)
    assert ((scaled > 0) & (scaled < 1)).all()


def test_scaler_is_a_transformer_of_scikit_learn():
    y, p = simulate(100)
    scaler = ProbabilityScaler("temperature")
    assert scaler.fit(p, y) is scaler
    assert clone(scaler).get_params() == {"method": "temperature"}
    again = pickle.loads(pickle.dumps(scaler))
    np.testing.assert_array_equal(again.transform(p), scaler.transform(p))
    with pytest.raises(NotFittedError):
        clone(scaler).transform(p)


@pytest.mark.parametrize(
    ("method", "y", "p", "message"),
    [
        ("isotonic", Y_TRUE, Y_PROB, "method='isotonic': expected 'platt' or 'temperature'"),
        ("platt", Y_TRUE, Y_PROB[:, :1], "must agree"),
        ("platt", Y_TRUE, Y_PROB - 1, "y_prob holds"),
        ("platt", Y_TRUE * [1, 0], Y_PROB, "y_true: label number 1 never varies"),
    ],
)
def test_scaler_refuses(method, y, p, message):
    with pytest.raises(ValueError, match=message):
        ProbabilityScaler(method).fit(p, y)


@pytest.mark.parametrize("columns", [1, 3])
def test_scaler_refuses_other_labels_than_it_was_fitted_on(columns):
    scaler = ProbabilityScaler().fit(*simulate(50)[::-1])
    with pytest.raises(ValueError, match=rf"shape \(5, {columns}\): expected 2 labels"):
        scaler.transform(np.full((5, columns), 0.5))


def test_scaler_knows_labels_by_their_names():
    y, p = (pd.DataFrame(a, columns=["u", "v"]) for a in simulate(50))
    with pytest.raises(ValueError, match="put them into one order"):
        ProbabilityScaler().fit(p[["v", "u"]], y)
    with pytest.raises(ValueError, match="feature names should match"):
        ProbabilityScaler().fit(p, y).transform(p[["v", "u"]])


# --- out of fold ---------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["platt", "temperature"])
def test_a_fold_is_scaled_by_the_labels_of_the_others_alone(method):
    y, p = simulate(90)
    before = scale_out_of_fold(y, p, cv=KFold(3), method=method)
    y_other = y.copy()
    y_other[:30] = 1 - y_other[:30]
    after = scale_out_of_fold(y_other, p, cv=KFold(3), method=method)
    np.testing.assert_array_equal(before[:30], after[:30])
    assert (before[30:] != after[30:]).all()
    expected = ProbabilityScaler(method).fit(p[30:], y[30:]).transform(p[:30])
    np.testing.assert_array_equal(before[:30], expected)


def test_ten_folds_unless_told():
    y, p = simulate(50)
    expected = scale_out_of_fold(y, p, cv=list(KFold(10).split(p)), method="platt")
    np.testing.assert_array_equal(scale_out_of_fold(y, p), expected)


def test_rows_never_held_out_are_not_scaled():
    y, p = simulate(50)
    cv = ShuffleSplit(1, test_size=10, random_state=1)
    scaled = scale_out_of_fold(y, p, cv=cv)
    held_out = np.isin(np.arange(50), next(cv.split(p))[1])
    np.testing.assert_array_equal(np.isfinite(scaled).all(axis=1), held_out)
    np.testing.assert_array_equal(np.isnan(scaled).all(axis=1), ~held_out)


@pytest.mark.parametrize(
    ("rows", "cv", "message"),
    [
        (50, RepeatedKFold(n_splits=5, n_repeats=2), "cv holds rows out more than once"),
        (50, None, "cv holds rows out more than once"),
        (49, 5, r"y_true has shape \(50, 2\) and y_prob has \(49, 2\)"),
        (50, 60, "cv does not fit the 50 rows"),
    ],
)
def test_scaling_out_of_fold_refuses(rows, cv, message):
    y, p = simulate(50)
    with pytest.raises(ValueError, match=message):
        scale_out_of_fold(y, p[:rows], cv=cv)


# --- what holds unless something else is asked for, and at the edges ------------------------------


def test_there_are_ten_bins():
    y, p = simulate(500)
    pd.testing.assert_frame_equal(reliability_table(y, p), reliability_table(y, p, n_bins=10))
    pd.testing.assert_frame_equal(calibration_table(y, p), calibration_table(y, p, n_bins=10))
    assert not calibration_table(y, p, n_bins=5).equals(calibration_table(y, p))


def test_bins_are_counted_by_any_whole_number_but_not_by_a_bool():
    assert len(reliability_table(Y_TRUE, Y_PROB, np.int64(4))) == 8
    with pytest.raises(ValueError, match="n_bins"):
        reliability_table(Y_TRUE, Y_PROB, n_bins=True)


def test_labels_stay_in_the_order_of_the_columns():
    assert calibration_table(Y_TRUE, Y_PROB, label_names=["b", "a"]).index.tolist() == ["b", "a"]


def test_scaling_is_not_held_back_by_a_penalty():
    underconfident = np.array([[0.525]] * 3 + [[0.475]] * 3)  # right in two rows of three
    scaled = ProbabilityScaler("temperature").fit_transform(
        underconfident, [[1], [1], [0], [0], [0], [1]]
    )
    assert scaled.ravel() == pytest.approx([2 / 3] * 3 + [1 / 3] * 3, abs=1e-3)


def test_small_probabilities_stay_apart():
    y, p = simulate(500)
    tiny = ProbabilityScaler().fit(p, y).transform([[1e-6, 1e-6], [1e-5, 1e-5], [1e-4, 1e-4]])
    assert (np.diff(tiny, axis=0) > 0).all()


def test_a_label_that_varies_in_one_fold_only_is_named_as_that():
    y, p = simulate(60)
    y[:, 1] = 0
    y[:2, 1] = 1
    with pytest.raises(ValueError, match="label number 1 never varies in the rows to fit on"):
        scale_out_of_fold(y, p, cv=10)


def test_rows_never_held_out_are_named_as_that():
    with pytest.raises(ValueError, match="never held out"):
        calibration_table([[1], [0]], [[0.5], [np.nan]])
