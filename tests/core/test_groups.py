"""Rows of one group never stand on both sides of a split."""

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold, ShuffleSplit
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from helpers.calibration import scale_out_of_fold
from helpers.estimators import evaluate_estimator
from helpers.metrics import score_table
from helpers.splits import StratifiedLabelKFold, split_rows

NEIGHBOR = KNeighborsClassifier(1)


@pytest.fixture(scope="module")
def customers():
    """Sixty customers with five rows each: features tell who it is, labels are by chance."""
    rng = np.random.default_rng(1)
    groups = np.repeat(np.arange(60), 5)
    X = rng.normal(size=(60, 4))[groups] + rng.normal(scale=0.01, size=(300, 4))
    y = rng.integers(0, 2, (60, 3))[groups]
    order = rng.permutation(300)
    return X[order], y[order], groups[order]


@pytest.fixture(scope="module")
def unequal():
    """Groups of 1 to 40 rows, twelve labels, the rarest in 1 row of 50."""
    rng = np.random.default_rng(1)
    groups = np.repeat(np.arange(200), rng.geometric(0.12, 200).clip(max=40))
    y = (rng.random((len(groups), 12)) < np.linspace(0.02, 0.5, 12)).astype(int)
    return y, rng.permutation(groups)


def is_apart(groups, folds):
    return all(not set(groups[train]) & set(groups[test]) for train, test in folds)


# --- the splitter --------------------------------------------------------------------------------


def test_groups_stay_together_and_each_row_is_held_out_once_a_repeat(unequal):
    y, groups = unequal
    folds = list(StratifiedLabelKFold(n_splits=5, n_repeats=2).split(y, y, groups))
    assert len(folds) == 10
    assert is_apart(groups, folds)
    for repeat in (folds[:5], folds[5:]):
        held_out = np.concatenate([test for _, test in repeat])
        assert sorted(held_out.tolist()) == list(range(len(y)))


def test_labels_are_spread_over_folds_of_groups(unequal):
    y, groups = unequal

    def off(splitter):
        folds = splitter.split(y, y, groups)
        return np.array([np.abs(y[test].mean(axis=0) - y.mean(axis=0)) for _, test in folds])

    spread = off(StratifiedLabelKFold(n_splits=5, n_repeats=4))
    plain = [off(GroupKFold(5, shuffle=True, random_state=seed)) for seed in range(4)]
    assert spread.mean() < 0.5 * np.mean(plain)
    sizes = [len(test) for _, test in StratifiedLabelKFold(5, 4).split(y, y, groups)]
    assert np.ptp(sizes) < 0.1 * np.mean(sizes)


def test_repeats_of_groups_differ_and_seeds_repeat(unequal):
    y, groups = unequal

    def tests(seed):
        splitter = StratifiedLabelKFold(n_splits=5, n_repeats=2, random_state=seed)
        return [test.tolist() for _, test in splitter.split(y, y, groups)]

    folds = tests(1)
    assert folds == tests(1) != tests(2)
    assert folds[:5] != folds[5:]


def test_no_fold_is_empty_with_as_many_groups_as_folds():
    groups = np.repeat([0, 1, 2], [50, 2, 1])
    y = np.zeros((53, 2), dtype=int)
    folds = list(StratifiedLabelKFold(n_splits=3, n_repeats=1).split(y, y, groups))
    assert sorted(len(test) for _, test in folds) == [1, 2, 50]


# --- what evaluation does with groups ------------------------------------------------------------


def test_rows_of_a_group_would_give_each_other_away(customers):
    """The nearest neighbor is a row of the same customer, if it may be: groups forbid it."""
    X, y, groups = customers
    leaked = evaluate_estimator(X, y, NEIGHBOR).scores["hamming_loss"].mean()
    honest = evaluate_estimator(X, y, NEIGHBOR, groups=groups)
    assert leaked < 0.01
    assert honest.scores["hamming_loss"].mean() > 0.4
    assert len(honest.folds) == 30
    assert is_apart(groups, honest.folds)


@pytest.mark.parametrize("cv", [4, GroupKFold(4), StratifiedLabelKFold(4, 1)])
def test_a_number_and_splitters_that_keep_groups_together_are_taken(cv, customers):
    X, y, groups = customers
    folds = split_rows(cv, X, y, groups)
    assert len(folds) == 4
    assert is_apart(groups, folds)


@pytest.mark.parametrize("cv", [KFold(4), ShuffleSplit(2, random_state=1)])
def test_splitter_that_mixes_groups_is_refused_by_fold_and_group(cv, customers):
    X, y, groups = customers
    names = pd.Series(groups).map("customer {}".format)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match=r"cv: fold 0 .* rows of group 'customer \d+'"):
            evaluate_estimator(X, y, NEIGHBOR, cv=cv, groups=names)


@pytest.mark.parametrize(
    "groups",
    [
        np.repeat(["ann", "bob"], 10),
        pd.Series(["ann"] * 10 + [7] * 10, index=range(100, 120)),
        [("ann", 1)] * 10 + [("bob", 2)] * 10,
        pd.Categorical(["ann"] * 10 + ["bob"] * 10),
        pd.to_datetime(["2026-01-01"] * 10 + ["2026-02-01"] * 10),
        np.repeat([0.5, -1.0], 10),
    ],
)
def test_groups_may_be_anything_hashable(groups):
    y = np.ones((20, 2), dtype=int)
    folds = split_rows(2, y, y, groups)
    assert sorted(test.tolist() for _, test in folds) == [list(range(10)), list(range(10, 20))]


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([1, 2, 3], "groups has 3 values, and there are 20 rows"),
        ([None, *range(19)], r"groups holds (nan|None) in row 0"),
        ([1.0, np.nan, *range(18)], "groups holds nan in row 1"),
        (pd.Series([pd.NaT] * 20), "groups holds NaT in row 0"),
        ([[1, 2]] * 20, "groups: expected one value for each row"),
        (np.ones((20, 2)), "groups: expected one value for each row"),
        (["a"] * 20, "groups has 1 different values, and cv=None needs 20"),
        (np.repeat(range(5), 4), r"cv=None needs 20 .*StratifiedLabelKFold\(n_splits=2\)"),
    ],
)
def test_groups_are_checked(groups, message):
    y = np.ones((20, 2), dtype=int)
    with pytest.raises(ValueError, match=message):
        evaluate_estimator(y, y, NEIGHBOR, groups=groups)


def test_too_few_groups_for_a_splitter_are_refused():
    y = np.ones((20, 2), dtype=int)
    with pytest.raises(ValueError, match=r"n_splits=3: groups has 2 different values only"):
        split_rows(StratifiedLabelKFold(3), y, y, np.repeat([0, 1], 10))


# --- splits within splits ------------------------------------------------------------------------


def search(cv, **grid):
    return GridSearchCV(KNeighborsClassifier(), grid or {"n_neighbors": [1, 25]}, cv=cv)


class LastSearch:
    """Remember how many neighbors a search has chosen, fold by fold."""

    def __init__(self, monkeypatch):
        self.chosen = []
        fit = GridSearchCV.fit

        def fit_and_remember(searching, X, y, **settings):
            fit(searching, X, y, **settings)
            self.chosen.append(searching.best_params_["n_neighbors"])
            return searching

        monkeypatch.setattr(GridSearchCV, "fit", fit_and_remember)


@pytest.mark.parametrize("pipeline", [False, True])
@pytest.mark.parametrize("cv", [3, None, GroupKFold(3)])
def test_a_search_chooses_by_folds_that_keep_groups_together(cv, pipeline, customers, monkeypatch):
    """One neighbor is best where the same customer is near: a choice by a leak."""
    X, y, groups = customers
    y = (np.random.default_rng(2).random((60, 1)) < 0.85).astype(int)[groups]
    last = LastSearch(monkeypatch)
    estimator = make_pipeline(StandardScaler(), search(cv)) if pipeline else search(cv)
    evaluate_estimator(X, y, estimator, cv=3, groups=groups)
    assert last.chosen == [25] * 3


def test_a_search_whose_splitter_mixes_groups_is_refused(customers):
    X, y, groups = customers
    with pytest.raises(ValueError, match=r"estimator: its own cv: fold 0 .* rows of group"):
        evaluate_estimator(X, y, search(KFold(3)), cv=3, groups=groups)


def test_what_splits_by_itself_is_warned_of(customers):
    X, y, groups = customers
    estimator = MLPClassifier(max_iter=1, early_stopping=True)
    with pytest.warns(UserWarning, match="early_stopping=True of MLPClassifier"):
        evaluate_estimator(X, y, estimator, cv=2, groups=groups)


def test_calibration_out_of_fold_keeps_groups_together(customers):
    """A change of one group's labels changes what is said of the other groups only."""
    _, y, groups = customers
    y_prob = np.random.default_rng(1).uniform(0.1, 0.9, y.shape)
    folds = split_rows(5, y_prob, y, groups)
    before = scale_out_of_fold(y, y_prob, folds, groups=groups)
    own = groups == 7
    after = scale_out_of_fold(np.where(own[:, None], 1 - y, y), y_prob, folds, groups=groups)
    np.testing.assert_array_equal(before[own], after[own])
    assert not np.array_equal(before, after)
    assert scale_out_of_fold(y, y_prob, 5, groups=groups).shape == y.shape
    with pytest.raises(ValueError, match="cv: fold 0 both trains on and holds out"):
        scale_out_of_fold(y, y_prob, KFold(5), groups=groups)
    assert score_table(y, before).notna().all(axis=None)


def test_folds_of_groups_are_of_equal_size_where_most_labels_are_not_known():
    y, groups = np.full((60, 1), np.nan), np.repeat(np.arange(12), 5)
    y[:10, 0] = [0, 1] * 5
    folds = StratifiedLabelKFold(n_splits=3, n_repeats=2).split(y, y, groups)
    assert [len(test) for _, test in folds] == 6 * [20]
