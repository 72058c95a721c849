"""Thresholds by brute force, and chosen without a look at the rows that are scored."""

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from helpers.metrics import SCORES, predict_labels, score_table
from helpers.thresholds import (
    GRID,
    LABEL_SCORES,
    choose_threshold,
    choose_thresholds,
    label_threshold_curves,
    threshold_curve,
)

RNG = np.random.default_rng(1)
P = RNG.random((40, 3)).round(2)  # two digits: some are equal to a threshold
Y = (RNG.random((40, 3)) < P**2).astype(int)
TWENTIETHS = np.arange(1, 20) / 20  # fewer than GRID, to save time


def true_positives(y, p):
    return int((y & p).sum())


# Each label score written out from its counts; where nothing is there to divide by, 0.
BY_HAND = {
    "f1": lambda y, p: 2 * true_positives(y, p) / max(y.sum() + p.sum(), 1),
    "jaccard": lambda y, p: true_positives(y, p) / max((y | p).sum(), 1),
    "precision": lambda y, p: true_positives(y, p) / max(p.sum(), 1),
    "recall": lambda y, p: true_positives(y, p) / max(y.sum(), 1),
    "accuracy": lambda y, p: (y == p).mean(),
    "balanced_accuracy": metrics.balanced_accuracy_score,
}


def test_thresholds_are_hundredths_unless_given():
    assert GRID.tolist() == [float(f"0.{i:02d}") for i in range(1, 100)]
    assert threshold_curve(Y, P).index.tolist() == GRID.tolist()
    assert label_threshold_curves(Y, P).index.tolist() == GRID.tolist()


# --- curves --------------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", SCORES)
def test_curve_scores_one_threshold_after_the_other(metric):
    curve = threshold_curve(Y, P, metric, TWENTIETHS)
    assert (curve.name, curve.index.name) == (metric, "threshold")
    np.testing.assert_array_equal(curve.index, TWENTIETHS)
    np.testing.assert_allclose(curve, scores_by_threshold(metric))


def scores_by_threshold(metric):
    labels = [np.greater_equal(P, t) for t in TWENTIETHS]
    return np.array([score_table(Y, predicted)[metric].item() for predicted in labels])


@pytest.mark.parametrize("metric", LABEL_SCORES)
def test_label_curves_are_written_out_by_hand(metric):
    curves = label_threshold_curves(Y, P, metric, TWENTIETHS, label_names=["a", "b", "c"])
    assert (list(curves.columns), curves.index.name) == (["a", "b", "c"], "threshold")
    for name, y, p in zip("abc", Y.T, P.T, strict=True):
        expected = [BY_HAND[metric](y, (p >= t).astype(int)) for t in TWENTIETHS]
        np.testing.assert_allclose(curves[name], expected)


def test_every_metric_has_been_tested():
    assert set(BY_HAND) == set(LABEL_SCORES)


def test_probability_equal_to_the_threshold_counts():
    y, p = [[1, 0], [0, 1]], [[0.5, 0.2], [0.2, 0.5]]
    assert threshold_curve(y, p, thresholds=[0.5, 0.51]).tolist() == [1, 0]
    assert label_threshold_curves(y, p, thresholds=[0.5, 0.51]).to_numpy().tolist() == [
        [1, 1],
        [0, 0],
    ]


@pytest.mark.parametrize("zero_division", [0.0, 1.0])
def test_zero_division_where_there_is_nothing(zero_division):
    y, p = np.zeros((2, 2), int), np.full((2, 2), 0.3)
    arguments = {"thresholds": [0.5], "zero_division": zero_division}
    assert label_threshold_curves(y, p, "f1", **arguments).iloc[0].tolist() == [zero_division] * 2
    assert threshold_curve(y, p, "f1_micro", **arguments).tolist() == [zero_division]


def test_choices_pass_zero_division_on():
    y, p = [[1, 0], [0, 1]], [[0.4, 0.1], [0.5, 0.3]]
    grid = {"metric": "precision", "thresholds": [0.2, 0.6]}
    assert choose_thresholds(y, p, **grid).tolist() == [0.2, 0.2]
    assert choose_thresholds(y, p, zero_division=1.0, **grid).tolist() == [0.6, 0.2]
    single = {"metric": "f1_micro", "thresholds": [0.2, 0.6]}
    nothing = np.zeros((2, 2), int)
    assert choose_threshold(nothing, p, zero_division=1.0, **single) == 0.6
    assert choose_threshold(nothing, p, zero_division=0.0, **single) == 0.2


def test_columns_are_numbered_unless_named():
    assert list(label_threshold_curves(Y, P).columns) == ["label_1", "label_2", "label_3"]


# --- choices -------------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", SCORES)
def test_one_threshold_by_brute_force(metric):
    scores = scores_by_threshold(metric)
    best = scores.min() if metric == "hamming_loss" else scores.max()
    chosen = choose_threshold(Y, P, metric, TWENTIETHS)
    assert isinstance(chosen, float)
    places = np.flatnonzero(np.abs(scores - best) < 1e-12)
    assert chosen == TWENTIETHS[places[(len(places) - 1) // 2]]


@pytest.mark.parametrize("metric", LABEL_SCORES)
def test_thresholds_of_labels_by_brute_force(metric):
    chosen = choose_thresholds(Y, P, metric, TWENTIETHS)
    assert (chosen.shape, chosen.dtype) == ((3,), "float64")
    for t, y, p in zip(chosen, Y.T, P.T, strict=True):
        scores = np.array([BY_HAND[metric](y, (p >= u).astype(int)) for u in TWENTIETHS])
        places = np.flatnonzero(np.abs(scores - scores.max()) < 1e-12)
        assert t == TWENTIETHS[places[(len(places) - 1) // 2]]


@pytest.mark.slow
@pytest.mark.parametrize("zero_division", [0.0, 1.0])
@pytest.mark.parametrize("metric", LABEL_SCORES)
def test_scores_of_labels_are_those_of_scikit_learn_at_every_probability(metric, zero_division):
    function = getattr(metrics, f"{metric}_score")
    arguments = {} if "accuracy" in metric else {"zero_division": zero_division}
    thresholds = np.unique([0, *P.ravel(), 1])
    curves = label_threshold_curves(Y, P, metric, thresholds, zero_division)
    for label in range(3):
        predicted = [P[:, label] >= t for t in thresholds]
        expected = [function(Y[:, label], labels, **arguments) for labels in predicted]
        np.testing.assert_allclose(curves.iloc[:, label], expected)
        chosen = choose_thresholds(Y, P, metric, zero_division=zero_division)[label]
        score = function(Y[:, label], P[:, label] >= chosen, **arguments)
        assert score == pytest.approx(max(expected))


@pytest.mark.parametrize("metric", SCORES)
def test_no_threshold_for_all_labels_is_better_than_the_chosen_one(metric):
    sign = -1 if metric == "hamming_loss" else 1
    scores = [score_table(Y, P, t)[metric].item() for t in np.unique([0, *P.ravel(), 1])]
    found = score_table(Y, P, choose_threshold(Y, P, metric))[metric].item()
    assert found == sign * max(sign * score for score in scores)


def rare_label(p_without=0.002, p_with=0.008):
    """On 6 of 1,000 rows."""
    y = np.repeat([1, 0], [6, 994])[:, None]
    return y, np.where(y == 1, p_with, p_without)


@pytest.mark.parametrize("metric", ["f1", "jaccard", "accuracy", "balanced_accuracy"])
def test_labels_so_rare_or_so_frequent_that_no_hundredth_tells_them_apart(metric):
    assert choose_thresholds(*rare_label(), metric)[0] == pytest.approx(0.005)
    y, p = rare_label()
    assert choose_thresholds(1 - y, 1 - p, metric)[0] == pytest.approx(0.995)


def test_recall_of_a_rare_label_is_not_lost():
    y, p = rare_label()
    chosen = choose_thresholds(y, p, "recall")[0]
    assert chosen == pytest.approx(0.004), "up to 0.008 it is 1"


@pytest.mark.parametrize("metric", ["subset_accuracy", "hamming_loss", "f1_micro", "f1_macro"])
def test_one_threshold_for_rare_labels(metric):
    y, p = (np.hstack([values] * 2) for values in rare_label())
    assert choose_threshold(y, p, metric) == pytest.approx(0.005)


def test_of_many_probabilities_some_are_tried_for_all_labels(monkeypatch):
    rng, tried = np.random.default_rng(4), []
    p = rng.random((3000, 2))
    y = (rng.random(p.shape) < p).astype(int)
    monkeypatch.setitem(SCORES, "f1_micro", lambda *labels: tried.append(1) or 0.0)
    choose_threshold(y, p, "f1_micro")
    assert len(tried) == 500


@pytest.mark.parametrize("metric", LABEL_SCORES)
def test_a_label_that_no_row_has_keeps_one_half_unless_that_is_wrong(metric):
    p = np.array([[0.1], [0.2], [0.3]])
    chosen = choose_thresholds(np.zeros((3, 1)), p, metric)[0]
    assert chosen == (0.65 if "accuracy" in metric else 0.5), "above 0.3 there is no false alarm"


def test_neighboring_numbers_and_zeros_are_told_apart():
    larger = np.nextafter(0.3, 1)
    for low, high in [(0.3, larger), (0.0, 1.0), (0.0, 5e-324)]:
        assert low < choose_thresholds([[1], [0]], [[high], [low]])[0] <= high
    assert choose_thresholds([[1], [1]], [[0.0], [0.5]]).tolist() == [0]


def test_middle_of_those_that_are_equally_good():
    """Of those given, the middle one; else halfway between the two probabilities."""
    y, p = [[1, 0], [0, 1]], [[0.7, 0.3], [0.3, 0.7]]
    assert choose_threshold(y, p, thresholds=GRID) == 0.5, "0.31 to 0.70, of forty the twentieth"
    assert choose_threshold(y, p) == 0.5
    assert choose_thresholds(y, p).tolist() == [0.5, 0.5]
    assert choose_threshold(y, p, thresholds=[0.4, 0.6]) == 0.4
    assert choose_threshold(y, p, thresholds=[0.1, 0.4, 0.45, 0.6, 0.8]) == 0.45


def test_half_the_best_f1_is_the_best_threshold_of_calibrated_probabilities():
    """Lipton, Elkan and Naryanaswamy (2014); here with many rows of known probability."""
    rng = np.random.default_rng(3)
    p = rng.beta(1, 4, (50_000, 1))
    y = (rng.random(p.shape) < p).astype(int)
    chosen = choose_thresholds(y, p, "f1")
    best = label_threshold_curves(y, p, "f1", thresholds=chosen).iloc[0, 0]
    assert chosen[0] == pytest.approx(best / 2, abs=0.02)


def test_rows_that_thresholds_were_chosen_on_flatter_them():
    """Where probabilities are noise, nothing is to be gained; only fresh rows say so."""
    rng, same, fresh = np.random.default_rng(2), [], []
    for _ in range(20):
        p, y = rng.random((2, 20, 2)), rng.integers(0, 2, (2, 20, 2))
        chosen = choose_thresholds(y[0], p[0], "accuracy", TWENTIETHS)
        same.append(1 - score_table(y[0], p[0], chosen)["hamming_loss"].item())
        fresh.append(1 - score_table(y[1], p[1], chosen)["hamming_loss"].item())
    assert np.mean(same) > 0.55
    assert np.mean(fresh) == pytest.approx(0.5, abs=0.05)


def test_tables_and_lists_are_fine():
    chosen = choose_thresholds(Y, P, thresholds=TWENTIETHS)
    tables = pd.DataFrame(Y), pd.DataFrame(P)
    np.testing.assert_array_equal(choose_thresholds(*tables, thresholds=TWENTIETHS), chosen)
    lists = Y.tolist(), P.tolist()
    assert choose_threshold(*lists) == choose_threshold(Y, P)
    assert predict_labels(P, chosen).shape == Y.shape, "helpers.metrics takes them as they are"


# --- rare labels ---------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", ["f1_macro", "hamming_loss"])
def test_scores_of_all_labels_that_the_best_of_each_label_make_best(metric):
    """One name for model choice and thresholds: no other thresholds of the grid score better."""
    few = [0.2, 0.4, 0.6, 0.8]
    sign = -1 if metric == "hamming_loss" else 1
    chosen = choose_thresholds(Y, P, metric, few)
    scores = [
        sign * score_table(Y, P, t, zero_division=0.0)[metric].item()
        for t in itertools.product(few, repeat=3)
    ]
    assert sign * score_table(Y, P, chosen, zero_division=0.0)[metric].item() == max(scores)


def rare_and_frequent(n_rare=7, seed=1):
    """Two frequent labels, and one of a few rows that luck has given a tiny best threshold."""
    rng = np.random.default_rng(seed)
    p = np.column_stack([rng.beta(1, 1, 1000), rng.beta(1, 6, 1000), 0.02 * rng.random(1000)])
    y = (rng.random(p.shape) < p).astype(int)
    y[:, 2] = 0
    y[rng.choice(np.flatnonzero(p[:, 2] < 0.01), n_rare, replace=False), 2] = 1
    return y, p


def log_odds(t):
    return np.log(t / (1 - t))


def test_shrinkage_is_an_average_of_log_odds_by_number_of_rows():
    y, p = rare_and_frequent()
    own = choose_thresholds(y, p)
    with pytest.warns(UserWarning, match="common threshold"):
        common = choose_thresholds(y, p, min_positives=10_000)
    assert len(set(common)) == 1
    n = y.sum(axis=0)
    assert n[2] == 7
    weight = n / (n + 20)
    expected = weight * log_odds(np.maximum(own, 0.001)) + (1 - weight) * log_odds(common)
    np.testing.assert_allclose(log_odds(choose_thresholds(y, p, shrinkage=20)), expected)


def test_common_threshold_is_best_on_the_average_over_labels():
    y, p = rare_and_frequent()
    with pytest.warns(UserWarning):
        common = choose_thresholds(y, p, min_positives=10_000)[0]
    curve = label_threshold_curves(y, p, thresholds=np.linspace(0.001, 0.999, 999)).mean(axis=1)
    found = label_threshold_curves(y, p, thresholds=[common]).mean(axis=1).item()
    assert found > curve.max() - 0.002
    own = choose_thresholds(y, p)
    assert own.min() < common < own.max()


def test_labels_of_few_rows_have_no_say_in_the_common_threshold():
    y = np.array([[1, 1]] + [[1, 0]] * 9 + [[0, 0]] * 10)
    p = np.where(y, [0.8, 0.02], [0.4, 0.01])
    with pytest.warns(UserWarning, match=r"label_2 \(1\)"):
        assert (choose_thresholds(y, p, min_positives=2) > 0.4).all()


def test_label_with_few_rows_keeps_the_common_threshold_and_is_named():
    y, p = rare_and_frequent()
    assert choose_thresholds(y, p)[2] < 0.01
    names = ["sea", "sun", "snow"]
    with pytest.warns(UserWarning, match=r"min_positives=8 .*: snow \(7\)\.$"):
        chosen = choose_thresholds(pd.DataFrame(y, columns=names), p, min_positives=8)
    np.testing.assert_array_equal(chosen[:2], choose_thresholds(y, p)[:2])
    assert chosen[2] > 0.1
    with pytest.warns(UserWarning, match=r"label_3 \(7\)"):
        choose_thresholds(y, p, min_positives=8)
    with pytest.warns(UserWarning, match=r": c \(7\)"):
        choose_thresholds(y, p, min_positives=8, label_names=["a", "b", "c"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        choose_thresholds(y, p, shrinkage=10, min_positives=7)


def test_label_of_no_row_gets_the_common_threshold():
    y, p = rare_and_frequent(n_rare=0)
    with pytest.warns(UserWarning, match=r"label_3 \(0\)"):
        kept = choose_thresholds(y, p, min_positives=1)[2]
    assert choose_thresholds(y, p, shrinkage=10)[2] == pytest.approx(kept)
    nothing = choose_thresholds(np.zeros((5, 2), int), np.full((5, 2), 0.3), shrinkage=10)
    assert nothing.tolist() == [0.5, 0.5]


def test_of_many_rare_labels_twenty_are_named():
    with pytest.warns(UserWarning, match=r"\(0\) and 5 more\.$"):
        choose_thresholds(np.zeros((4, 25), int), np.full((4, 25), 0.1), min_positives=1)


def test_shrunk_thresholds_of_rare_labels_score_better_on_fresh_rows():
    """Sixty labels of one kind, each on 6 or so of 1,000 rows: their own thresholds are luck."""
    rng = np.random.default_rng(5)
    p = rng.beta(0.02, 3, (2, 1000, 60))
    y = (rng.random(p.shape) < p).astype(int)
    own, shrunk = (choose_thresholds(y[0], p[0], shrinkage=k) for k in (0, 10))
    fresh = [score_table(y[1], p[1], t, 0.0)["f1_macro"].item() for t in (own, shrunk)]
    assert fresh[1] > fresh[0] + 0.02


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"shrinkage": -1}, "shrinkage=-1: expected a number of rows"),
        ({"shrinkage": np.nan}, "shrinkage=nan"),
        ({"shrinkage": "some"}, "shrinkage='some'"),
        ({"min_positives": -1}, "min_positives=-1: expected a whole number"),
        ({"min_positives": 0.5}, "min_positives=0.5"),
    ],
)
def test_shrinkage_and_min_positives_are_checked(settings, message):
    with pytest.raises(ValueError, match=message):
        choose_thresholds(Y, P, **settings)


# --- refusals ------------------------------------------------------------------------------------

FOR_ALL, FOR_EACH = (threshold_curve, choose_threshold), (label_threshold_curves, choose_thresholds)


@pytest.mark.parametrize("function", FOR_ALL)
def test_metrics_of_one_label_are_refused_where_all_share_a_threshold(function):
    with pytest.raises(ValueError, match=r"metric='f1': .*f1_macro.*other pair of functions"):
        function(Y, P, "f1")


@pytest.mark.parametrize("function", FOR_EACH)
def test_metrics_of_all_labels_are_refused_where_each_has_its_threshold(function):
    with pytest.raises(ValueError, match=r"metric='f1_micro': .*'f1'.*other pair of functions"):
        function(Y, P, "f1_micro")


@pytest.mark.parametrize("function", [*FOR_ALL, *FOR_EACH])
def test_unknown_metrics_are_refused(function):
    with pytest.raises(ValueError, match=r"metric='auc': .* know \[[^\]]*\]\.$"):
        function(Y, P, "auc")


@pytest.mark.parametrize("thresholds", [[], 0.5, [0.5, 1.1], [-0.1], [np.nan], [[0.5]]])
@pytest.mark.parametrize("function", [*FOR_ALL, *FOR_EACH])
def test_thresholds_refused(function, thresholds):
    with pytest.raises(ValueError, match=r"thresholds=.*: expected numbers between 0 and 1"):
        function(Y, P, thresholds=thresholds)


@pytest.mark.parametrize(
    ("y", "p", "message"),
    [(Y, P[:, :2], "must agree"), (Y, P + 1, "y_prob holds"), (P, P, "y_true holds")],
)
@pytest.mark.parametrize("function", [*FOR_ALL, *FOR_EACH])
def test_data_refused(function, y, p, message):
    with pytest.raises(ValueError, match=message):
        function(y, p)


# --- what holds unless something else is asked for ------------------------------------------------


def test_one_threshold_is_for_whole_rows_and_one_a_label_for_f1():
    assert choose_threshold(Y, P) == choose_threshold(Y, P, "subset_accuracy")
    assert choose_threshold(Y, P) != choose_threshold(Y, P, "f1_micro")
    y, p = [[1], [1], [1], [0], [0], [0], [0]], [[0.9], [0.4], [0.4], [0.45], [0.42], [0.41], [0]]
    assert choose_thresholds(y, p, thresholds=[0.4, 0.5]).tolist() == [0.4]
    assert choose_thresholds(y, p, "accuracy", thresholds=[0.4, 0.5]).tolist() == [0.5]


def test_a_threshold_that_no_row_reaches_has_no_precision():
    curve = label_threshold_curves([[1], [0]], [[0.6], [0.4]], "precision", [0.5, 0.9])
    assert curve["label_1"].tolist() == [1, 0]


@pytest.mark.parametrize("metric", ["f1", "jaccard", "recall"])
@pytest.mark.parametrize("zero_division", [0.0, 1.0])
def test_a_label_that_no_row_has_scores_as_told(metric, zero_division):
    curve = label_threshold_curves([[0], [0]], [[0.6], [0.4]], metric, [0.9], zero_division)
    assert curve["label_1"].tolist() == [zero_division]


def test_a_hair_better_is_better():
    y, p = np.ones((2001, 1), dtype=int), np.full((2001, 1), 0.9)
    y[0], p[0] = 0, 0.4
    assert choose_thresholds(y, p, "accuracy", [0.3, 0.5]).tolist() == [0.5]


@pytest.mark.parametrize(("y", "expected"), [([0, 0], 0.5), ([1, 1], 0.5), ([0, 1], 0.0)])
def test_balanced_accuracy_of_a_label_that_never_varies(y, expected):
    y, p = np.array(y)[:, None], np.array([[0.9], [0.1]])
    curve = label_threshold_curves(y, p, "balanced_accuracy", [0.5])
    assert curve["label_1"].tolist() == [expected]


def test_the_middle_of_the_best_does_not_depend_on_the_order_of_the_grid():
    assert choose_thresholds([[1], [0]], [[0.95], [0.05]], "f1", [0.9, 0.1, 0.5]).tolist() == [0.5]
