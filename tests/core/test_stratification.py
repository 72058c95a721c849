"""Folds in which labels are as frequent as in the whole table."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from plain_loop import evaluate_quietly
from sklearn.model_selection import (
    KFold,
    RepeatedStratifiedKFold,
    StratifiedKFold,
    cross_val_score,
)
from sklearn.neighbors import KNeighborsClassifier

from helpers.data import make_dataset
from helpers.estimators import evaluate_estimator
from helpers.labels import find_label_sets
from helpers.models import make_mlp
from helpers.splits import StratifiedLabelKFold


@pytest.fixture(scope="module")
def many_labels():
    """Most label sets are on one row; the rarest label is on 1 row in 50."""
    rng = np.random.default_rng(1)
    return (rng.random((500, 12)) < np.linspace(0.02, 0.5, 12)).astype(int)


def shares(y, folds):
    return np.array([y[test].mean(axis=0) for _, test in folds])


def test_few_label_sets_are_dealt_out_exactly():
    """As scikit-learn deals out classes: each fold has each set's share, to within one row."""
    _, y = make_dataset(1000)
    folds = list(StratifiedLabelKFold(n_splits=10, n_repeats=2, random_state=3).split(y, y))
    sets, set_of_row = find_label_sets(y)
    assert len(sets) == 5
    for _, test in folds:
        counts = np.bincount(set_of_row[test], minlength=5)
        assert (np.abs(counts - np.bincount(set_of_row) / 10) < 1).all()
    expected = RepeatedStratifiedKFold(n_splits=10, n_repeats=2, random_state=3)
    for fold, same in zip(folds, expected.split(y, set_of_row), strict=True):
        for rows, same_rows in zip(fold, same, strict=True):
            np.testing.assert_array_equal(rows, same_rows)


def test_many_label_sets_keep_each_labels_share(many_labels):
    y = many_labels
    folds = list(StratifiedLabelKFold(n_splits=5, n_repeats=2).split(y, y))
    off = np.abs(shares(y, folds) - y.mean(axis=0))
    plain = np.abs(shares(y, KFold(5, shuffle=True, random_state=1).split(y)) - y.mean(axis=0))
    assert off.mean() < 0.4 * plain.mean()
    assert off[:, 0].max() < 0.01
    counts = np.array([y[test, 0].sum() for _, test in folds])
    assert np.ptp(counts) <= 1, "the rarest label is not dealt out evenly"


def test_one_rare_label_set_is_enough_for_the_second_way():
    """Nine rows of a set can't be in ten folds; exactness of sets is given up, of labels kept."""
    y = np.repeat([[1, 0], [0, 1], [1, 1]], [50, 50, 9], axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        folds = list(StratifiedLabelKFold(n_splits=10, n_repeats=1).split(y, y))
    assert np.ptp([y[test, 0].sum() for _, test in folds]) <= 1
    y = np.repeat([[1, 0], [0, 1], [1, 1]], [50, 50, 10], axis=0)
    folds = list(StratifiedLabelKFold(n_splits=10, n_repeats=1).split(y, y))
    assert [(y[test].sum(axis=1) == 2).sum() for _, test in folds] == [1] * 10


@pytest.mark.parametrize("n_positive", [50, 7, 0])
def test_one_label_is_dealt_out_evenly(n_positive):
    """Also where it has fewer rows than there are folds, without scikit-learn's warning."""
    y = np.repeat([[1], [0]], [n_positive, 100 - n_positive], axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        folds = list(StratifiedLabelKFold(n_splits=10, n_repeats=1).split(y, y))
    assert np.ptp([y[test].sum() for _, test in folds]) <= 1
    assert np.ptp([len(test) for _, test in folds]) <= 1


@pytest.mark.parametrize("kind", ["few label sets", "many label sets"])
def test_repeats_differ_and_seeds_repeat(kind, many_labels):
    y = many_labels if kind == "many label sets" else make_dataset(1000)[1]

    def tests(**settings):
        splitter = StratifiedLabelKFold(n_splits=5, **settings)
        return [test.tolist() for _, test in splitter.split(y, y)]

    folds = tests(n_repeats=2, random_state=4)
    assert folds == tests(n_repeats=2, random_state=4)
    assert folds[:5] != folds[5:]
    assert folds != tests(n_repeats=2, random_state=5)


@given(
    arrays.arrays(
        np.int64, st.tuples(st.integers(2, 40), st.integers(2, 6)), elements=st.integers(0, 1)
    ),
    st.integers(2, 5),
)
@settings(max_examples=80, deadline=None)
def test_every_row_is_held_out_once_a_repeat_whatever_the_labels(y, n_splits):
    splitter = StratifiedLabelKFold(n_splits=n_splits, n_repeats=2)
    if len(y) < n_splits:
        with pytest.raises(ValueError, match=f"n_splits={n_splits}: y has {len(y)} rows only"):
            list(splitter.split(y, y))
        return
    folds = list(splitter.split(y, y))
    assert len(folds) == splitter.get_n_splits() == 2 * n_splits
    for repeat in (folds[:n_splits], folds[n_splits:]):
        held_out = np.concatenate([test for _, test in repeat])
        assert sorted(held_out.tolist()) == list(range(len(y)))
    for train, test in folds:
        assert sorted([*train, *test]) == list(range(len(y)))


@pytest.mark.slow
def test_serves_scikit_learn_and_evaluate_model(data):
    X, y = data
    cv = StratifiedLabelKFold(n_splits=3, n_repeats=2)
    assert len(cross_val_score(KNeighborsClassifier(), X, y, cv=cv)) == 6
    result = evaluate_quietly(X, y, make_mlp, cv=cv, epochs=1)
    assert result.scores["repeat"].tolist() == [0, 0, 0, 1, 1, 1]
    assert np.isfinite(result.probabilities).all()


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([[0.5, 1]] * 20, r"y holds 0\.5"),
        ([0, 1] * 10, r"y has shape \(20,\)"),
        (None, "y has shape"),
    ],
)
def test_labels_are_checked(y, message):
    with pytest.raises(ValueError, match=message):
        list(StratifiedLabelKFold(n_splits=2).split(np.zeros(20), y))


def test_stratified_folds_of_scikit_learn_name_those_of_the_workshop(data):
    with pytest.raises(ValueError, match=r"multilabel-indicator.* StratifiedLabelKFold"):
        evaluate_estimator(*data, KNeighborsClassifier(), cv=StratifiedKFold(3))


@pytest.mark.parametrize("settings", [{"n_splits": 1}, {"n_splits": 0}, {"n_repeats": 0}])
def test_numbers_are_checked(settings, data):
    _, y = data
    with pytest.raises(ValueError, match=r"1|0"):
        list(StratifiedLabelKFold(**{"n_splits": 2} | settings).split(y, y))
