"""Folds in several processes: on this machine by joblib, and on a Dask cluster of two workers."""

import contextlib
import functools
import os
import signal
import threading
import warnings

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.model_selection import KFold
from sklearn.preprocessing import StandardScaler

from helpers.evaluation import EarlyStopping, evaluate_model, evaluate_models
from helpers.models import make_mlp
from helpers.training import network_seeds, processes
from helpers.training.processes import in_pieces, no_progress

N_FOLDS = 7
SETTINGS = {"cv": KFold(N_FOLDS), "epochs": 8, "batch_size": 8, "progress": False}


@pytest.fixture(scope="module")
def one(data):
    return evaluate_model(*data, **SETTINGS)


@pytest.fixture(scope="module")
def client():
    """Two workers, each a process of its own, on this machine only."""
    from dask.distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        yield client


def assert_same(a, b):
    """Equal to the last digit: a network does not depend on where it was trained."""
    np.testing.assert_array_equal(a.probabilities, b.probabilities)
    pd.testing.assert_frame_equal(a.history, b.history)
    pd.testing.assert_frame_equal(a.scores, b.scores)


# --- pieces, in threads or in this process -------------------------------------------------------


def cut(train, data, folds, seeds, n_networks=1, n_jobs=None, progress=no_progress):
    return in_pieces(train, data, folds, seeds, n_networks, n_jobs, None, progress)


def trained_pieces(n_folds, **arguments):
    """Return what comes back and the folds of each piece."""
    pieces = []

    def train(X, folds, seeds, first_fold, **_):
        pieces.append((first_fold, len(folds), X))
        networks = list(zip(folds, seeds, strict=True))
        return [[(name, *network) for network in networks] for name in "ab"]

    folds, seeds = list(range(n_folds)), [10 * k for k in range(n_folds)]
    with joblib.parallel_config(backend="threading"):
        result = cut(train, ("X",), folds, seeds, **arguments)
    assert result == [[(name, k, 10 * k) for k in range(n_folds)] for name in "ab"]
    return sorted(pieces)


def test_folds_come_back_in_order_however_they_are_cut():
    assert trained_pieces(5) == [(0, 5, "X")]
    assert trained_pieces(5, n_jobs=2) == [(0, 3, "X"), (3, 2, "X")]
    assert [n for _, n, _ in trained_pieces(3, n_jobs=50)] == [1, 1, 1]


def test_a_piece_holds_no_more_networks_than_it_may_lose():
    sizes = [n for _, n, _ in trained_pieces(3 * processes.MAX_NETWORKS, n_jobs=2, n_networks=2)]
    assert max(sizes) * 2 <= processes.MAX_NETWORKS
    assert sum(sizes) == 3 * processes.MAX_NETWORKS


def test_a_piece_says_when_it_is_done():
    ticks = []

    @contextlib.contextmanager
    def progress(total, unit):
        ticks.append((total, unit))
        yield ticks.append

    def train(folds, seeds, **_):
        return [folds]

    with joblib.parallel_config(backend="threading"):
        cut(train, (), [1, 2, 3], [1, 2, 3], n_jobs=3, progress=progress)
    assert ticks == [(3, "piece"), 1, 1, 1]


# --- what goes wrong elsewhere -------------------------------------------------------------------


class Picky(TransformerMixin, BaseEstimator):
    """Fails on training rows without row 9, that is in fold 1."""

    def fit(self, X, y=None):
        if 9.5 not in X[:, 0]:
            raise KeyError("nothing like that")
        return self

    def transform(self, X):
        return X


class Unportable(Exception):
    def __init__(self, a, b):
        super().__init__(f"{a} {b}")


@pytest.mark.slow
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_transformer_that_fails_names_its_fold(n_jobs, data):
    X, y = data
    X = X.copy()
    X[9, 0] = 9.5
    with (
        joblib.parallel_config(backend="threading"),
        pytest.raises(
            ValueError, match=r"can't be fitted on training rows.*nothing like"
        ) as caught,
    ):
        evaluate_model(X, y, preprocess=Picky(), n_jobs=n_jobs, **SETTINGS)
    message = " ".join([str(caught.value), *getattr(caught.value, "__notes__", [])])
    assert "in fold 1, counted from 0" in message


@pytest.mark.slow
def test_an_error_from_another_process_has_its_reason_and_its_fold(data):
    seeds = network_seeds(1, N_FOLDS)

    def make_model(n_inputs, n_outputs, seed=None):
        if seed == seeds[5]:
            raise Unportable("out of", "luck")
        return make_mlp(n_inputs, n_outputs, seed=seed)

    with (
        warnings.catch_warnings(),
        pytest.raises(
            RuntimeError, match=r"^Unportable: out of luck .*in fold 5, counted"
        ) as error,
    ):
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "Labels are too rare")  # which they are
        evaluate_model(*data, make_model, n_jobs=2, **SETTINGS)
    assert error.value.__cause__ is None, "no other process's trace"


def test_what_cannot_be_sent_is_refused_at_once(data):
    lock = threading.Lock()

    def make_model(n_inputs, n_outputs):
        with lock:
            return make_mlp(n_inputs, n_outputs)

    with pytest.raises(TypeError, match="can't be sent to another process: cannot pickle"):
        evaluate_model(*data, make_model, n_jobs=2, **SETTINGS)


# --- a cluster -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_cluster_gives_the_same_numbers(client, data, one):
    with joblib.parallel_config(backend="dask"):
        assert_same(evaluate_model(*data, **SETTINGS), one)


@pytest.mark.slow
def test_a_scheduler_at_an_address_will_do(client, data, one):
    address = client.scheduler.address
    with joblib.parallel_config(backend="dask", scheduler_host=address):
        assert_same(evaluate_model(*data, **SETTINGS), one)


@pytest.mark.slow
def test_everything_else_works_on_a_cluster_too(client, data):
    X, y = data
    settings = SETTINGS | {"preprocess": StandardScaler(), "label_sets": True}
    settings |= {"early_stopping": EarlyStopping(patience=2)}
    from helpers.models import make_label_set_mlp

    models = {
        rate: functools.partial(make_label_set_mlp, learning_rate=rate) for rate in (0.1, 1.0)
    }
    here = evaluate_models(models, X, y, **settings)
    with joblib.parallel_config(backend="dask"):
        there = evaluate_models(models, X, y, **settings)
    for rate in models:
        assert_same(here[rate], there[rate])


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_worker_that_is_killed_costs_nothing_but_time(client, data, one, tmp_path):
    """It dies for good in the middle of its piece; another worker does that piece."""
    marker = str(tmp_path / "killed")

    def make_model(n_inputs, n_outputs, seed=None):
        from distributed import get_worker  # fails where no worker runs this

        get_worker()
        if not os.path.exists(marker):
            with open(marker, "w") as file:
                file.write(str(os.getpid()))
            os.kill(os.getpid(), signal.SIGKILL)
        return make_mlp(n_inputs, n_outputs, seed=seed)

    before = {worker["pid"] for worker in client.run(lambda: {"pid": os.getpid()}).values()}
    with joblib.parallel_config(backend="dask"):
        result = evaluate_model(*data, make_model, **SETTINGS)
    with open(marker) as file:
        assert int(file.read()) in before
    assert_same(result, one)


@pytest.mark.slow
def test_data_goes_to_each_worker_once(client, monkeypatch):
    """However many pieces there are, none of them carries the table; each call has its own."""
    X = np.random.default_rng(1).normal(size=(20_000, 10))
    sent = []
    client.wait_for_workers(2)  # joblib does by itself what one alone would have to do
    submit = type(client).submit

    def spy(self, function, *arguments, tasks, **keywords):
        sent.extend(argument for _, task, _ in tasks for argument in task[1:3])
        return submit(self, function, *arguments, tasks=tasks, **keywords)

    def train(X, folds, seeds, **_):
        return [[float(X.sum())] * len(folds)]

    monkeypatch.setattr(type(client), "submit", spy)
    monkeypatch.setattr(processes, "MAX_NETWORKS", 1)
    with joblib.parallel_config(backend="dask"):
        for _ in range(2):
            [sums] = cut(train, (X,), [[]] * 6, [0] * 6)
            assert sums == pytest.approx([X.sum()] * 6)
    assert len(sent) == 2 * 6 * 2  # the table and the row numbers of all folds
    assert {type(table).__name__ for table in sent} == {"Future"}
    # Not 2: where a later call shares a key, the end of the earlier one takes its data away.
    assert len({table.key for table in sent}) == 2 * 2


@pytest.mark.slow
def test_on_a_cluster_too_an_error_has_its_reason_and_its_fold(client, data):
    seeds = network_seeds(1, N_FOLDS)

    def make_model(n_inputs, n_outputs, seed=None):
        if seed == seeds[5]:
            raise MemoryError("no room")
        return make_mlp(n_inputs, n_outputs, seed=seed)

    with (
        joblib.parallel_config(backend="dask"),
        pytest.raises(RuntimeError, match=r"^MemoryError: no room .*in fold 5, counted from 0"),
    ):
        evaluate_model(*data, make_model, **SETTINGS)
