"""Folds that go forward in time."""

import datetime
import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import KFold
from sklearn.neighbors import KNeighborsClassifier

from helpers.data import make_dataset
from helpers.estimators import evaluate_estimator
from helpers.splits import TimeSplit, split_rows


@given(
    st.lists(st.integers(0, 30), min_size=4, max_size=60),
    st.integers(1, 6),
    st.integers(0, 3),
)
@settings(max_examples=150, deadline=None)
def test_training_rows_are_earlier_by_more_than_the_gap(times, n_splits, gap):
    times = np.array(times)
    try:
        folds = list(TimeSplit(times, n_splits, gap).split(times[:, None]))
    except ValueError as error:
        n_times = len(np.unique(times))
        assert n_times <= n_splits if "different times" in str(error) else gap > 0
        return
    assert len(folds) == n_splits
    for train, test in folds:
        assert times[train].max() + gap < times[test].min()
        assert set(np.flatnonzero(times + gap < times[test].min())) == set(train)
    for (_, test), (_, later) in itertools.pairwise(folds):
        assert times[test].max() < times[later].min()
    held_out = np.concatenate([test for _, test in folds])
    first = times[held_out].min()
    assert sorted(held_out) == np.flatnonzero(times >= first).tolist()


def test_blocks_have_about_as_many_rows_each():
    times = np.random.default_rng(1).permutation(600)
    folds = list(TimeSplit(times).split(times))
    assert [len(test) for _, test in folds] == [100] * 5
    assert [len(train) for train, _ in folds] == [100, 200, 300, 400, 500]


@pytest.mark.parametrize(
    "times",
    [
        pd.date_range("2026-01-01", periods=30, freq="D"),
        pd.date_range("2026-01-01", periods=30, freq="D", tz="Asia/Tokyo"),
        pd.Series(pd.date_range("2026-01-01", periods=30, freq="D"), index=range(7, 37)),
        np.arange("2026-01-01", "2026-01-31", dtype="datetime64[D]"),
        [datetime.date(2026, 1, day) for day in range(1, 31)],
    ],
)
@pytest.mark.parametrize(
    "gap", ["7D", pd.Timedelta(days=7), np.timedelta64(7, "D"), datetime.timedelta(7)]
)
def test_gaps_of_days_are_those_of_numbers(times, gap):
    expected = TimeSplit(np.arange(30), n_splits=2, gap=7).split(np.zeros((30, 1)))
    found = TimeSplit(times, n_splits=2, gap=gap).split(np.zeros((30, 1)))
    for fold, other in zip(found, expected, strict=True):
        for rows, others in zip(fold, other, strict=True):
            np.testing.assert_array_equal(rows, others)


def test_what_is_known_later_only_does_not_help():
    """A label that changes with time: its new value is not known to a model that looks back."""
    rng = np.random.default_rng(1)
    times = np.arange(200)
    X = rng.integers(0, 2, (200, 1)) + rng.normal(scale=0.1, size=(200, 1))
    y = (X > 0.5).astype(int)
    y[100:] = 1 - y[100:]
    neighbors = KNeighborsClassifier(1)
    forward = evaluate_estimator(X, y, neighbors, cv=TimeSplit(times, n_splits=1))
    shuffled = evaluate_estimator(X, y, neighbors, cv=KFold(2, shuffle=True, random_state=1))
    assert forward.scores["subset_accuracy"].item() == 0
    assert shuffled.scores["subset_accuracy"].mean() > 0.3


def test_rows_of_the_first_block_have_no_result():
    X, y = make_dataset(60)
    result = evaluate_estimator(X, y, DummyClassifier(), cv=TimeSplit(np.arange(60)[::-1]))
    assert result.scores["repeat"].tolist() == [0] * 5
    assert result.scores["fold"].tolist() == list(range(5))
    never = np.arange(60) >= 50
    np.testing.assert_array_equal(np.isnan(result.probabilities[0]).all(axis=1), never)
    np.testing.assert_array_equal((result.labels[0] == -1).all(axis=1), never)
    assert result.summary()["ci_low"].notna().all()
    again = result.rescored(y, result.labels)
    pd.testing.assert_frame_equal(again.scores, result.scores)


def test_training_rows_of_groups_that_are_held_out_are_left_out():
    times, y = np.arange(60), np.zeros((60, 1), dtype=int)
    groups = np.where(times % 10 == 0, "regular", (times // 10).astype(str))
    groups[times % 10 == 5] = "monthly"
    train, test = split_rows(TimeSplit(times, n_splits=1), y, y, groups)[0]
    assert test.tolist() == list(range(30, 60))
    assert train.tolist() == [row for row in range(30) if row % 5]


@pytest.mark.parametrize(
    ("times", "settings", "message"),
    [
        ([1, 2, None, 4], {}, "times holds nan in row 2"),
        (pd.to_datetime(["2026-01-01", None]), {}, "times holds NaT in row 1"),
        (["2026-01-01", "2026-01-02"], {}, r"times holds '2026-01-01'.*pandas.to_datetime"),
        ([[1, 2], [3, 4]], {}, "times: expected one time|times holds"),
        ([1, 2, 3], {"n_splits": 0}, "n_splits: found 0"),
        ([1, 2, 3], {"gap": -1}, "gap: found -1"),
        ([1, 2, 3], {"gap": np.nan}, "gap: found nan"),
        ([1, 2, 3], {"gap": pd.Timedelta(days=1)}, "gap: found Timedelta"),
        (pd.to_datetime(["2026-01-01"] * 3), {"gap": 7}, r"gap: found 7.*pandas.Timedelta"),
        (pd.to_datetime(["2026-01-01"] * 3), {"gap": "-7D"}, "gap: found '-7D'"),
        (pd.to_datetime(["2026-01-01"] * 3), {"gap": "a week"}, "gap: found 'a week'"),
    ],
)
def test_times_and_gap_are_checked(times, settings, message):
    with pytest.raises(ValueError, match=message):
        TimeSplit(times, **settings)


@pytest.mark.parametrize(
    ("times", "settings", "message"),
    [
        (range(9), {}, "times has 9 values, and X has 12 rows"),
        ([1, 2] * 6, {"n_splits": 2}, "n_splits=2 needs 3 different times"),
        (range(12), {"gap": 5}, "gap=5 leaves no rows to train on in fold 0"),
    ],
)
def test_folds_that_can_not_be_are_refused(times, settings, message):
    with pytest.raises(ValueError, match=message):
        list(TimeSplit(times, **settings).split(np.zeros((12, 1))))


def test_groups_that_are_all_held_out_are_refused():
    with pytest.raises(ValueError, match="all rows from before fold 0 are of groups"):
        list(TimeSplit(range(12)).split(np.zeros((12, 1)), groups=["a"] * 12))
