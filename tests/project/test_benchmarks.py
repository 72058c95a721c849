"""The benchmark compares what computes the same, and does its sums right; nothing is timed."""

import itertools
import json

import bench
import numpy as np
import pandas as pd
import pytest
import report
from competitors import COMPETITORS, keras_loop, numpy_by_hand, ours, scikit_learn
from joblib import parallel_config
from measure import folds_to_run
from searches import SEARCHES, fit_loop, format_searches, halved, nested, search_rows, tuned
from searches import scikit_learn as scikit_search
from tasks import ARTICLE, GROWTH, KINDS, SEED, SIZES, Task

from helpers.training import network_seeds

ALL_TASKS = [*SIZES, *KINDS, *itertools.chain(*GROWTH.values())]
TINY = Task("tiny", rows=120, hidden=(7, 5), folds=3, repeats=2, epochs=4)


@pytest.fixture(scope="module")
def arguments():
    """A task, its table and all its folds with their numbers, as competitors get them."""
    X, y = TINY.data()
    return TINY, X, y, [(k, *fold) for k, fold in enumerate(TINY.splitter().split(X))]


def initial_weights():
    seeds = network_seeds(SEED, TINY.n_folds)
    models = [TINY.make_model(TINY.features, TINY.labels, seed) for seed in seeds]
    return [np.stack(weights) for weights in zip(*(m.get_weights() for m in models), strict=True)]


@pytest.mark.slow
@pytest.mark.parametrize("n_together", [1, 4, 6])
def test_numpy_computes_what_evaluate_model_does(arguments, n_together, monkeypatch):
    """From the same weights and the same order of rows, however many train at a time."""
    weights = initial_weights()
    n_weights = sum(array[0].size for array in weights)
    monkeypatch.setattr("competitors.NUMPY_WEIGHTS", n_together * n_weights)
    by_hand, _ = numpy_by_hand(*arguments, weights)
    ours_, _ = ours(*arguments)
    assert len(by_hand) == len(ours_) == TINY.n_folds
    np.testing.assert_allclose(by_hand, ours_, rtol=0, atol=1e-4)
    assert np.ptp(by_hand) > 0.1, "nothing to compare"


@pytest.mark.slow
def test_the_loop_computes_what_evaluate_model_does(arguments):
    *task, folds = arguments
    some = [folds[k] for k in (1, 5)]
    loop, _ = keras_loop(*task, some, shuffle=False)
    ours_, _ = ours(*task, some, shuffle=False)
    np.testing.assert_allclose(loop, ours_, rtol=0, atol=1e-4)
    kept, _ = keras_loop(*task, some[:1], shuffle=False, steps_per_execution=32)
    np.testing.assert_allclose(kept, loop[:1], rtol=0, atol=1e-4)
    shuffled, _ = keras_loop(*task, some[:1])
    assert np.abs(shuffled[0] - loop[0]).max() > 1e-4


def test_numpy_draws_weights_as_keras_does():
    from numpy_networks import initial_weights as drawn

    sizes = (TINY.features, *TINY.hidden, TINY.labels)
    for own, keras_own in zip(drawn(sizes, range(300)), initial_weights(), strict=True):
        assert own.shape[1:] == keras_own.shape[1:]
        assert own.dtype == np.float32
        largest = np.abs(own).max()
        assert largest * 0.8 <= np.abs(keras_own).max() <= largest * 1.01


def test_scikit_learn_runs_all_epochs_without_a_penalty(arguments, monkeypatch):
    fitted = []
    monkeypatch.setattr(
        "sklearn.neural_network.MLPClassifier.predict_proba",
        lambda self, X: fitted.append(self) or np.zeros((len(X), 3)),
    )
    with parallel_config("threading"):
        scikit_learn(*arguments[:3], arguments[3][:2])
    assert [network.n_iter_ for network in fitted] == [TINY.epochs] * 2
    assert {(n.alpha, n.hidden_layer_sizes, n.batch_size) for n in fitted} == {(0, (7, 5), 32)}


# --- what is planned ------------------------------------------------------------------------------


def test_command_lines():
    assert not bench.parse_arguments([]).quick
    quick = bench.parse_arguments(["--quick", "--only", "1000x10", "--output", "there"])
    assert (quick.quick, quick.only, quick.output.name) == (True, ["1000x10"], "there")
    with pytest.raises(SystemExit):
        bench.parse_arguments(["--only", "huge"])


def test_plans():
    assert [task.name for task, _ in bench.plan(quick=True, only=None)] == [
        "1000x10",
        "2 hidden layers",
    ]
    everything = bench.plan(quick=False, only=None)
    assert [task for task, _ in everything] == ALL_TASKS
    assert [names for task, names in everything if task in SIZES] == [list(COMPETITORS)] * 4
    assert [task.rows for task, _ in bench.plan(False, ["rows"])] == [10_000, 100_000]
    assert all("evaluate_model" in names for _, names in everything)
    assert len(bench.plan(True, ["layers"])) == 1
    with pytest.raises(SystemExit):
        bench.parse_arguments(["--quick", "--only", "10000x500"])


@pytest.mark.parametrize("task", ALL_TASKS, ids=lambda task: task.name)
def test_folds_of_the_slow_are_among_those_of_all(task):
    assert task.from_dict(json.loads(json.dumps(task.as_dict()))) == task
    numbers = {name: task.chosen(folds_to_run(name, task)) for name in COMPETITORS}
    assert numbers["evaluate_model"] == list(range(task.n_folds))
    for own in numbers.values():
        assert len(set(own)) == len(own) >= min(2, task.loop_folds)
        assert set(own) <= set(range(task.n_folds))


@pytest.mark.slow
def test_searches_train_as_many_networks_as_they_say():
    """With few epochs and settings; halving trains some of them again."""
    assert tuned(1, 3)[0] == 30
    assert halved(1, 3)[0] == 50  # 3 settings, then 1, then 1, on ten folds
    assert nested(1, outer_cv=2, n_trials=2, cv=2)[0] == 2 * 2 * 2 + 2
    with parallel_config("threading"):
        assert scikit_search(1, 2)[0] == 20
    n_networks, score = fit_loop(1, 1)
    assert n_networks == 1 and 0 <= score <= 1


def test_only_networks_that_were_left_out_are_scaled_up():
    measured = {name: (4.0, 2 if "loop" in name else 1000, 0.8) for name in SEARCHES}
    rows = search_rows(measured)
    assert [row["seconds"] for row in rows] == [4, 4, 4, 4, 2000]
    lines = format_searches(rows).splitlines()
    assert len(lines) == 2 + len(SEARCHES)
    assert lines[-1].split()[-5:] == ["2000.0", "2", "of", "1000", "0.800"]
    assert lines[2].split() == ["tune_model", "4.0", "1000", "0.800"]
    asked = bench.parse_arguments(["--only", "searches"])
    assert bench.searches_too(asked) and bench.plan(asked.quick, asked.only) == []
    assert not bench.searches_too(bench.parse_arguments(["--quick"]))


def test_chosen_folds_are_spread_over_the_repeats():
    assert ARTICLE.chosen(6) == [0, 5, 10, 15, 20, 25]
    assert ARTICLE.chosen(2) == [0, 15]


# --- what is reported -----------------------------------------------------------------------------

MEASURED = {
    "plain Keras loop": [{"seconds": 12.0, "scores": {0: 0.5, 15: 0.7}, "peak": 800.0}],
    "NumPy by hand": [{"seconds": 2.0, "scores": dict.fromkeys(range(30), 0.6), "peak": None}],
    "evaluate_model": [
        {"seconds": seconds, "scores": {k: k / 100 for k in range(30)}, "peak": 900.0}
        for seconds in (3.0, 1.5)
    ],
}


@pytest.fixture
def rows():
    return report.table_rows(ARTICLE, MEASURED)


def test_scaling_is_by_the_share_of_folds():
    assert report.scaled(12.0, folds_run=2, folds=30) == 180
    assert report.scaled(12.0, folds_run=30, folds=30) == 12


def test_csv_has_ratios_of_the_loops_seconds_to_ones_own(rows, tmp_path):
    path = tmp_path / "new" / "bench.csv"
    report.write_csv(rows, path)
    table = pd.read_csv(path).set_index("competitor")
    assert table["seconds"].tolist() == [180, 2, 3, 1.5]
    assert table["seconds_run"].tolist() == [12, 2, 3, 1.5]
    assert table["ratio"].tolist() == [1, 90, 60, 120]
    assert table["folds_run"].tolist() == [2, 30, 30, 30]
    assert table.index.tolist()[2:] == ["evaluate_model, first call", "evaluate_model, second call"]
    assert [file.name for file in path.parent.iterdir()] == ["bench.csv"]


def test_accuracy_is_that_of_the_folds_that_all_did(rows):
    assert [row["subset_accuracy"] for row in rows] == pytest.approx([0.6, 0.6, 0.075, 0.075])
    assert {row["accuracy_folds"] for row in rows} == {2}


def test_text_says_what_was_scaled_and_what_is_unknown(rows):
    lines = report.format_table(rows).splitlines()
    assert lines[0].startswith("1000x10: 1,000 rows × 10, 20 hidden, 3 labels, 30 folds, 100 epoch")
    assert lines[2].split() == [
        "plain",
        "Keras",
        "loop",
        "1.0×",
        "180.00",
        "2",
        "of",
        "30",
        "0.600",
        "800",
    ]
    assert lines[3].split()[3:] == ["90.0×", "2.00", "30", "0.600", "n/a"]


def test_figure_shows_each_ratio_and_states_the_finding(rows):
    slower = [row | {"task": "another", "ratio": row["ratio"] / 100} for row in rows]
    ax = report.plot_ratios(rows + slower)
    found = "The networks train 0.6 to 60 times as fast as in a loop of fit"
    assert ax.get_title(loc="left") == found
    assert ax.get_xscale() == "log"
    drawn = {line.get_label(): line.get_xdata() for line in ax.lines}
    assert list(drawn["NumPy by hand"]) == [90, 0.9]
    assert list(drawn["evaluate_model, second call"]) == [120, 1.2]
    assert [text.get_text() for text in ax.get_yticklabels()] == [
        "1000x10: 20 hidden, 30 folds",
        "another: 20 hidden, 30 folds",
    ]
