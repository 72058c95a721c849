"""Searches for hyperparameters, nested or not, and learning curves."""

import functools
import itertools
import json

import keras
import numpy as np
import pandas as pd
import pytest
from scipy.stats import loguniform
from sklearn.model_selection import GroupKFold, KFold
from sklearn.preprocessing import StandardScaler

from helpers.data import make_dataset
from helpers.evaluation import (
    evaluate_model,
    evaluate_models,
    learning_curve,
    nested_cross_validation,
    tune_model,
)
from helpers.evaluation import tuning as module
from helpers.models import make_mlp
from helpers.splits import TimeSplit
from helpers.training import EarlyStopping

RATES = {"learning_rate": [0.001, 0.05, 0.01]}
SHORT = {"cv": KFold(3), "epochs": 4, "progress": False, "jit_compile": False}


@pytest.fixture(scope="module")
def data():
    return make_dataset(n_samples=60)


def fails_where_wide(n_inputs, n_outputs, seed=None, learning_rate=0.01, hidden=4):
    if hidden > 5:
        raise MemoryError("no room")
    return make_mlp(n_inputs, n_outputs, hidden=(hidden,), seed=seed, learning_rate=learning_rate)


@pytest.fixture(scope="module")
def found(data):
    return tune_model(make_mlp, RATES, *data, n_trials=None, **SHORT)


# --- what a search finds -------------------------------------------------------------------------


def test_the_final_model_is_trained_by_all_settings_of_the_search(data, monkeypatch):
    seen, train_model = [], module.train_model
    monkeypatch.setattr(
        module, "train_model", lambda *args, **kw: seen.append(args[4]) or train_model(*args, **kw)
    )
    settings = {"epochs": 1, "batch_size": 7, "shuffle": False, "jit_compile": False}
    settings["early_stopping"] = EarlyStopping()
    tune_model(make_mlp, RATES, *data, n_trials=1, cv=KFold(2), progress=False, **settings)
    assert {name: getattr(seen[0], name) for name in settings} == settings


def test_each_trial_is_what_evaluate_model_finds(found, data):
    makers = {r: functools.partial(make_mlp, learning_rate=r) for r in RATES["learning_rate"]}
    results = evaluate_models(makers, *data, **SHORT)
    for row in found.trials.itertuples():
        summary = results[row.learning_rate].summary().loc["subset_accuracy"]
        assert row.score == pytest.approx(summary["mean"])
        assert row.std_error == pytest.approx(summary["std_error"])
    assert found.trials["n_train"].eq(40).all() and found.trials["n_epochs"].eq(4).all()
    assert found.n_networks == 9


def test_best_has_the_highest_score_and_of_a_loss_the_lowest(found, data):
    best = found.trials["score"].idxmax()
    assert found.best_score == found.trials["score"].max() > found.trials["score"].min()
    assert found.best_settings == {"learning_rate": found.trials["learning_rate"][best]}
    loss = tune_model(
        make_mlp, RATES, *data, n_trials=None, metric="hamming_loss", refit=False, **SHORT
    )
    assert loss.best_score == loss.trials["score"].min() < loss.trials["score"].max()
    assert loss.model is None


def test_model_has_the_best_settings_and_learned_from_all_rows(found, data):
    X, y = data
    rate = found.best_settings["learning_rate"]
    assert float(found.model.optimizer.learning_rate) == pytest.approx(rate)
    all_but_one = [(np.arange(59), [59])]
    settings = SHORT | {"cv": all_but_one}
    held_out = evaluate_model(
        X, y, functools.partial(make_mlp, learning_rate=rate), **settings
    ).probabilities[0, 59]
    assert np.abs(found.model(X.astype("float32")[59:]) - held_out).max() > 1e-4


@pytest.mark.slow
def test_epochs_and_batch_size_are_those_of_training(data):
    space = {"epochs": [2, 6], "batch_size": [4, 20]}
    trials = tune_model(make_mlp, space, *data, n_trials=None, refit=False, **SHORT).trials
    for row in trials.itertuples():
        settings = SHORT | {"epochs": row.epochs, "batch_size": row.batch_size}
        assert row.n_epochs == row.epochs
        expected = evaluate_model(*data, **settings).scores["subset_accuracy"].mean()
        assert row.score == pytest.approx(expected)


def test_one_seed_draws_the_same_trials(data):
    space = {"learning_rate": loguniform(1e-3, 1e-1)}
    settings = SHORT | {"n_trials": 2, "epochs": 1, "refit": False}
    first, again, other = (
        tune_model(make_mlp, space, *data, seed=seed, **settings).trials.drop(columns="seconds")
        for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(first, again)
    assert not first["learning_rate"].isin(other["learning_rate"]).any()


def test_preprocessing_is_fitted_within_folds_and_returned_for_the_model(data):
    X, y = data
    scaled = tune_model(
        make_mlp, RATES, X * 1e6, y, n_trials=None, preprocess=StandardScaler(), **SHORT
    )
    np.testing.assert_allclose(scaled.preprocess.mean_, 1e6 * X.mean(axis=0))
    assert scaled.trials["score"].max() > 0.2


# --- halving -------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("halving", "n_train", "n_epochs"),
    [("epochs", [40] * 3, [1, 3, 9]), ("rows", [4, 13, 40], [9] * 3)],
)
def test_halving_gives_the_best_of_each_rung_more(halving, n_train, n_epochs, data):
    space = {"learning_rate": loguniform(1e-3, 1e-1)}
    settings = SHORT | {"epochs": 9, "halving": halving, "refit": False}
    found = tune_model(make_mlp, space, *data, n_trials=7, **settings)
    rungs = [rung for _, rung in found.trials.groupby("rung")]
    assert [len(rung) for rung in rungs] == [7, 3, 1]
    assert [rung["n_train"].unique().tolist() for rung in rungs] == [[n] for n in n_train]
    assert [rung["n_epochs"].unique().tolist() for rung in rungs] == [[n] for n in n_epochs]
    for before, after in itertools.pairwise(rungs):
        best = before.sort_values(["score", "trial"], ascending=[False, True])["trial"]
        assert set(after["trial"]) == set(best[: len(after)])
    assert found.best_score == rungs[-1]["score"].item()
    # The last rung has all epochs and all rows.
    rate = found.best_settings["learning_rate"]
    whole = evaluate_model(
        *data, functools.partial(make_mlp, learning_rate=rate), **SHORT | {"epochs": 9}
    )
    assert found.best_score == pytest.approx(whole.scores["subset_accuracy"].mean())


# --- trials that fail ----------------------------------------------------------------------------


def test_a_trial_that_fails_is_recorded_and_the_others_go_on(data):
    space = {"hidden": [4, 500], "learning_rate": [0.01, 0.05]}
    with pytest.warns(UserWarning, match="2 of 4 trials have no score"):
        found = tune_model(fails_where_wide, space, *data, n_trials=None, **SHORT)
    trials = found.trials.set_index(["hidden", "learning_rate"])
    assert trials.loc[500, "error"].eq("MemoryError: no room").all()
    assert trials.loc[500, "score"].isna().all()
    assert trials.loc[4, "score"].notna().all() and trials.loc[4, "error"].isna().all()


def test_a_trial_that_diverges_is_recorded_with_its_folds(data):
    space = {"rate": [np.inf, 0.0]}
    with pytest.warns(UserWarning, match="1 of 2 trials have no score"):
        found = tune_model(sgd, space, *data, n_trials=None, refit=False, **SHORT)
    assert found.trials["error"][0] == "training diverged in folds [0, 1, 2]"
    assert found.best_settings == {"rate": 0.0}


def sgd(n_inputs, n_outputs, rate=1.0):
    model = keras.Sequential([keras.Input((n_inputs,)), keras.layers.Dense(n_outputs, "sigmoid")])
    model.compile(keras.optimizers.SGD(rate), "binary_crossentropy")
    return model


def test_where_all_trials_fail_the_first_error_is_raised(data):
    with pytest.raises(MemoryError, match="no room"):
        tune_model(fails_where_wide, {"hidden": [50, 60]}, *data, n_trials=None, **SHORT)


# --- the log -------------------------------------------------------------------------------------


def test_an_interrupted_search_goes_on_where_it_stopped(data, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_LOGGED", 1)
    log, calls = tmp_path / "trials.jsonl", []

    def evaluate(makers, *arguments, stop_after=2, **settings):
        if len(calls) == stop_after:
            raise KeyboardInterrupt
        calls.append(list(makers))
        return evaluate_models(makers, *arguments, **settings)

    arguments = make_mlp, RATES, *data
    settings = SHORT | {"n_trials": None, "log": log, "refit": False}
    monkeypatch.setattr(module, "evaluate_models", evaluate)
    with pytest.raises(KeyboardInterrupt):
        tune_model(*arguments, **settings)
    monkeypatch.setattr(module, "evaluate_models", functools.partial(evaluate, stop_after=9))
    found = tune_model(*arguments, **settings)
    assert calls == [[0], [1], [2]]
    monkeypatch.setattr(module, "evaluate_models", evaluate_models)
    whole = tune_model(*arguments, **settings | {"log": None})
    columns = ["trial", "learning_rate", "score", "std_error"]
    pd.testing.assert_frame_equal(found.trials[columns], whole.trials[columns])


def test_a_damaged_line_costs_its_trial_only(data, tmp_path):
    log = tmp_path / "trials.jsonl"
    settings = SHORT | {"n_trials": None, "log": log, "refit": False}
    found = tune_model(make_mlp, RATES, *data, **settings)
    log.write_text(log.read_text()[:-20])
    with pytest.warns(UserWarning, match="1 lines of .* can't be read"):
        again = tune_model(make_mlp, RATES, *data, **settings)
    pd.testing.assert_series_equal(again.trials["score"], found.trials["score"])
    numbers = [
        json.loads(line)["trial"][2] for line in log.read_text().splitlines()[1:] if line[-1] == "}"
    ]
    assert sorted(numbers) == [0, 1, 2]


@pytest.mark.parametrize(
    "other", [{"epochs": 5}, {"seed": 2}, {"cv": KFold(2)}, {"space": {"learning_rate": [0.5]}}]
)
def test_a_log_of_another_search_is_refused(other, data, tmp_path):
    log = tmp_path / "trials.jsonl"
    settings = SHORT | {
        "space": {"learning_rate": [0.1]},
        "n_trials": 1,
        "log": log,
        "refit": False,
        "seed": 1,
    }
    tune_model(make_mlp, X=data[0], y=data[1], **settings)
    before = log.read_text()
    with pytest.raises(ValueError, match=r"log: .* is of another search"):
        tune_model(make_mlp, X=data[0], y=data[1], **settings | other)
    assert log.read_text() == before


def test_a_function_that_has_changed_makes_another_search(data, tmp_path):
    """Its name is the same, and so are the settings; where it is written doesn't matter."""
    source = "def make(a, b, learning_rate, seed): return make_mlp(a, b, (SIZE,), seed=seed)"
    settings = SHORT | {"space": {"learning_rate": [0.1]}, "n_trials": 1, "refit": False}

    def search(size, line):
        names = {"make_mlp": make_mlp}
        exec("\n" * line + source.replace("SIZE", str(size)), names)
        return tune_model(names["make"], X=data[0], y=data[1], log=tmp_path / "log", **settings)

    assert search(2, 0).n_networks > 0
    search(2, 7)
    with pytest.raises(ValueError, match="is of another search"):
        search(3, 0)


# --- nested --------------------------------------------------------------------------------------


def test_no_held_out_row_has_a_part_in_choosing(data):
    """Labels and features of one outer fold's rows are made nonsense: its choice stays the same."""
    X, y = data
    nested = functools.partial(
        nested_cross_validation, make_mlp, RATES, outer_cv=KFold(3), n_trials=None
    )
    settings = SHORT | {"cv": 2, "preprocess": StandardScaler()}
    before = nested(X, y, **settings)
    planted_X, planted_y = X.astype("float64"), y.copy()
    planted_X[20:40], planted_y[20:40] = 1e4, 1 - y[20:40]
    after = nested(planted_X, planted_y, **settings)
    chosen = ["learning_rate", "inner_score"]
    pd.testing.assert_series_equal(before.choices.loc[1, chosen], after.choices.loc[1, chosen])
    assert before.choices["inner_score"][0] != after.choices["inner_score"][0]
    assert before.choices["outer_score"][1] != after.choices["outer_score"][1]


def test_outer_scores_are_those_of_the_settings_that_were_chosen(data):
    settings = SHORT | {"cv": 2}
    nested = nested_cross_validation(
        make_mlp, RATES, *data, outer_cv=KFold(3), n_trials=None, **settings
    )
    assert len(nested.trials) == 9
    for fold, trials in nested.trials.groupby("fold"):
        best = trials.loc[trials["score"].idxmax()]
        row = nested.choices.loc[fold]
        assert row["learning_rate"] == best["learning_rate"]
        assert row["inner_score"] == best["score"]
    scores = nested.result.scores["subset_accuracy"]
    np.testing.assert_array_equal(scores, nested.choices["outer_score"])
    assert not np.isnan(nested.result.probabilities).any()


def test_groups_stay_together_on_both_levels(data):
    groups = np.arange(60) // 6
    settings = SHORT | {"groups": groups, "epochs": 1, "n_trials": 1}
    nested = nested_cross_validation(
        make_mlp, RATES, *data, outer_cv=GroupKFold(2), **settings | {"cv": 2}
    )
    assert len(nested.choices) == 2
    with pytest.raises(ValueError, match="both trains on and holds out rows of group"):
        nested_cross_validation(make_mlp, RATES, *data, outer_cv=KFold(7), **settings)
    with pytest.raises(ValueError, match="both trains on and holds out rows of group"):
        nested_cross_validation(
            make_mlp, RATES, *data, outer_cv=GroupKFold(2), **settings | {"cv": KFold(7)}
        )


@pytest.mark.slow
def test_inner_folds_may_depend_on_their_rows(data):
    times = np.arange(60)[::-1]
    nested = nested_cross_validation(
        make_mlp,
        RATES,
        *data,
        outer_cv=TimeSplit(times, n_splits=2),
        n_trials=1,
        **SHORT | {"cv": lambda rows: TimeSplit(times[rows], n_splits=2), "epochs": 1},
    )
    assert nested.choices["inner_score"].notna().all()


# --- learning curves -----------------------------------------------------------------------------


@pytest.mark.slow
def test_sizes_share_held_out_rows_and_a_larger_one_has_all_of_a_smaller(data):
    results = learning_curve(*data, train_sizes=[0.5, 10, 1.0], **SHORT)
    assert list(results) == [10, 20, 40]
    for small, large in [(10, 20), (20, 40)]:
        for ours, theirs in zip(results[small].folds, results[large].folds, strict=True):
            assert len(ours[0]) == small and set(ours[0]) < set(theirs[0])
            np.testing.assert_array_equal(ours[1], theirs[1])
    whole = evaluate_model(*data, **SHORT)
    np.testing.assert_array_equal(results[40].probabilities, whole.probabilities)


# --- at the door ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"space": {}}, TypeError, "space is {}"),
        ({"space": {"rate": [1]}}, ValueError, "make_model has no 'rate' to tune.*learning_rate"),
        ({"space": {"seed": [1]}}, ValueError, "make_model has no 'seed' to tune"),
        ({"space": {"learning_rate": 0.1}}, ValueError, r"space\['learning_rate'\] is 0.1"),
        ({"space": {"learning_rate": []}}, ValueError, r"space\['learning_rate'\] is \[\]"),
        ({"n_trials": 0}, ValueError, "n_trials: found 0"),
        ({"n_trials": 4}, ValueError, "space has 3 combinations only"),
        (
            {"n_trials": None, "space": {"learning_rate": loguniform(1, 2)}},
            ValueError,
            "are distrib",
        ),
        ({"metric": "accuracy"}, ValueError, "metric='accuracy': expected one of"),
        ({"halving": True}, ValueError, "halving: found True"),
        ({"halving": "rows", "factor": 1}, ValueError, "factor: found 1"),
        ({"halfing": "rows"}, TypeError, "halfing"),
        ({"log": "no/such/folder/log.jsonl"}, FileNotFoundError, "there is no folder"),
    ],
)
def test_bad_arguments_are_refused(arguments, kind, message, data):
    with pytest.raises(kind, match=message):
        tune_model(make_mlp, X=data[0], y=data[1], **{"space": RATES, "n_trials": 3} | arguments)


@pytest.mark.parametrize("bad", [0, 1.5, 41, True, "half"])
def test_bad_sizes_are_refused(bad, data):
    with pytest.raises(ValueError, match="train_sizes holds"):
        learning_curve(*data, train_sizes=[bad], **SHORT)
