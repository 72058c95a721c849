"""The experiment log remembers trials, loses nothing, and its figure says which was best."""

import multiprocessing
import os
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from helpers import plots
from helpers.plots import ACCENT, LABEL_COLORS
from helpers.teaching import ExperimentLog


class Result:
    """What the log needs of an evaluation."""

    folds = [None] * 30

    def __init__(self, accuracy=0.8, loss=0.1):
        self.scores = {"subset_accuracy": accuracy, "hamming_loss": loss}

    def summary(self):
        means = pd.Series(self.scores)
        return pd.DataFrame({"mean": means, "ci_low": means - 0.03, "ci_high": means + 0.03})


@pytest.fixture
def log(tmp_path):
    return ExperimentLog(tmp_path / "experiments.jsonl")


def lines(log):
    return log.path.read_text().splitlines()


def test_nothing_is_written_before_the_first_trial(log):
    table = log.table()
    assert table.empty and list(table.columns) == ["mean", "ci_low", "ci_high"]
    assert list(log.path.parent.iterdir()) == []


def test_the_default_folder_is_the_current_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EXPERIMENT_LOG_FOLDER")
    ExperimentLog("experiments_03.jsonl").add(Result(), epochs=10)
    assert (tmp_path / "experiments_03.jsonl").exists()


def test_a_variable_sends_logs_without_a_folder_elsewhere(tmp_path, monkeypatch):
    for name in ("here", "here/inside", "elsewhere"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("EXPERIMENT_LOG_FOLDER", str(tmp_path / "elsewhere"))
    for path in ("bare.jsonl", "inside/a.jsonl", "../b.jsonl", tmp_path / "here" / "c.jsonl"):
        ExperimentLog(path).add(Result(), epochs=10)
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("[abc]*.jsonl")}
    assert found == {
        "elsewhere/bare.jsonl",
        "here/inside/a.jsonl",
        "b.jsonl",
        "here/c.jsonl",
    }


def test_tests_write_into_no_log_of_the_user():
    path = ExperimentLog("experiments_03.jsonl").path
    assert path.parent != Path.cwd() and "EXPERIMENT_LOG_FOLDER" in os.environ


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_stays_a_link(log, tmp_path):
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "mine.jsonl"
    link.symlink_to(log.path)
    for epochs in (10, 20):
        ExperimentLog(link).add(Result(), epochs=epochs)
    assert link.is_symlink() and len(log.table()) == 2
    assert list(link.parent.iterdir()) == [link]


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no folder '.*nowhere'"):
        ExperimentLog(tmp_path / "nowhere" / "experiments.jsonl")


def test_the_best_trial_comes_first_and_of_a_loss_the_lowest(log):
    for trial, (accuracy, loss) in enumerate([(0.7, 0.3), (0.9, 0.2), (0.8, 0.1)], 1):
        log.add(Result(accuracy, loss), epochs=trial)
    assert list(log.table().index) == [2, 3, 1]
    assert list(log.table("hamming_loss").index) == [3, 2, 1]
    best = log.table().iloc[0]
    assert list(best.index) == ["epochs", "mean", "ci_low", "ci_high"]
    assert best.tolist() == pytest.approx([2, 0.9, 0.87, 0.93])


def test_a_real_evaluation_is_kept_with_its_corrected_interval(log):
    from sklearn.multioutput import MultiOutputClassifier
    from sklearn.naive_bayes import GaussianNB

    from helpers.data import make_dataset
    from helpers.estimators import evaluate_estimator

    result = evaluate_estimator(*make_dataset(), MultiOutputClassifier(GaussianNB()), cv=5)
    log.add(result, model="bayes")
    for metric, row in result.summary().iterrows():
        found = log.table(metric).loc[1, ["mean", "ci_low", "ci_high"]].astype(float)
        np.testing.assert_allclose(found, row[["mean", "ci_low", "ci_high"]], atol=1e-6)


def test_knobs_come_back_as_what_they_were(log):
    knobs = {
        "an_int": 20,
        "a_float": 1e-3,
        "yes": True,
        "nothing": None,
        "units": (20, 5),
        "one": (1,),
        "text": 'a "quoted", long\nname',
        "number_as_text": "1",
        "umlaut": "größer",
        "of_numpy": np.int64(7),
        "real": np.float32(0.5),
        "no_number": float("nan"),
        "result": 1,
        "self": 2,
        "time": 3,
        "hamming_loss": 4,
        "rates": (1, (float("inf"), 2)),
        "a_list": [1, np.float64(2)],
        "infinite": float("inf"),
    }
    log.add(Result(), **knobs)
    row = log.table().iloc[0]
    expected = knobs | {"of_numpy": 7, "real": 0.5, "a_list": (1, 2.0)}
    for name in expected:
        if name != "no_number":
            assert row[name] == expected[name] or row[name] is expected[name], name
    assert np.isnan(row["no_number"])
    assert pd.api.types.is_integer_dtype(log.table()["an_int"])
    assert len(lines(log)) == 1


def test_other_knobs_than_before_make_new_columns_and_lose_nothing(log):
    log.add(Result(0.7), epochs=10, seed=1)
    log.add(Result(0.8), units=(20, 5))
    log.add(Result(0.9), seed=3, epochs=20)
    table = log.table().sort_index()
    assert list(table.columns[:3]) == ["epochs", "seed", "units"]
    assert table["epochs"].tolist()[::2] == [10, 20] and isinstance(table.loc[1, "epochs"], int)
    assert table["units"].isna().tolist() == [True, False, True]
    assert table["mean"].tolist() == [0.7, 0.8, 0.9]
    assert len(pd.read_json(log.path, lines=True)) == 3, "any other program can read it"


def test_the_same_trial_is_kept_once_even_with_other_knobs_in_between(log):
    log.add(Result(0.8), epochs=10)
    log.add(Result(0.9), units=5)
    before = log.path.read_bytes()
    log.add(Result(0.8 + 1e-9), epochs=10)
    assert log.path.read_bytes() == before and log.table().attrs["current"] == 1
    log.add(Result(0.8 + 1e-5), epochs=10)  # other scores: another trial
    log.add(Result(0.8), epochs=10.0)  # another knob
    assert len(log.table()) == 4


def test_each_line_has_a_time_in_utc_and_the_number_of_folds(log):
    log.add(Result(), epochs=10)
    row = pd.read_json(log.path, lines=True).iloc[0]
    age = pd.Timestamp.now(tz="UTC") - pd.Timestamp(row["time"])
    assert pd.Timedelta(0) <= age < pd.Timedelta("1min") and row["n_folds"] == 30


@pytest.mark.parametrize("name", ["trial", "mean", "ci_low", "ci_high"])
def test_names_of_columns_of_the_table_are_refused(log, name):
    with pytest.raises(ValueError, match=f"knob '{name}': the table has a column of this name"):
        log.add(Result(), **{name: 1})
    assert not log.path.exists()


def test_what_can_not_be_kept_is_refused(log):
    with pytest.raises(TypeError, match="result is float: expected an EvaluationResult"):
        log.add(0.8, epochs=10)
    with pytest.raises(TypeError, match="knob 'rows' is ndarray: expected a number"):
        log.add(Result(), rows=np.arange(3))
    with pytest.raises(TypeError, match="knob 'model' is object"):
        log.add(Result(), model=(1, object()))
    assert not log.path.exists()


def test_a_metric_that_no_trial_has_is_refused(log):
    log.add(Result())
    with pytest.raises(ValueError, match=r"metric='f1': expected one of \['subset_accuracy', 'ham"):
        log.table("f1")


DAMAGE = {
    "half a line": lambda line: line[:40],
    "two trials in one line": lambda line: line + line,
    "a score that is no number": lambda line: line.replace('"mean": 0.8', '"mean": "0.8oo"'),
    "a score that is not there": lambda line: line.replace('"mean"', '"men"'),
    "a time that is none": lambda line: line.replace('"time": "', '"time": "yesterday'),
    "no object": lambda line: "[1, 2]",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_line_is_reported_skipped_and_kept(log, damage):
    for epochs in (10, 20, 30):
        log.add(Result(0.8), epochs=epochs)
    first, second, third = lines(log)
    broken = damage(second)
    assert broken != second
    log.path.write_text("\n".join([first, broken, third]))  # and no newline at the end
    with pytest.warns(UserWarning, match=r"experiments.jsonl, line 2, is damaged \(.+\): it is "):
        assert list(log.table()["epochs"]) == [10, 30]
    log.add(Result(0.9), other_knob=(1, 2))
    assert lines(log)[:3] == [first, broken, third] and len(lines(log)) == 4
    with pytest.warns(UserWarning, match="line 2, is damaged"):
        assert list(log.table().index) == [4, 1, 3]


def test_bytes_that_are_no_text_are_kept(log):
    log.add(Result(), epochs=10)
    with log.path.open("ab") as file:
        file.write(b"\xff\xfe\x00\n\n")
    log.add(Result(), units=5)
    assert b"\n\xff\xfe\x00\n\n" in log.path.read_bytes()
    with pytest.warns(UserWarning, match="line 2"):
        assert len(log.table()) == 2


def test_lines_ended_as_on_windows_are_read(log):
    log.add(Result(), epochs=10)
    log.path.write_bytes(log.path.read_bytes().replace(b"\n", b"\r\n"))
    log.add(Result(), epochs=20)
    assert list(log.table()["epochs"]) == [10, 20]


def test_what_excel_puts_in_front_is_no_damage(log):
    log.add(Result(), epochs=10)
    log.path.write_bytes(b"\xef\xbb\xbf" + log.path.read_bytes().replace(b"\n", b"\r\n"))
    log.add(Result(), epochs=20)
    assert list(log.table()["epochs"]) == [10, 20]


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "time,a\n", "\n[1, 2]"])
def test_another_file_is_left_alone(log, text):
    log.path.write_text(text)
    with pytest.raises(ValueError, match=r"experiments.jsonl: .* is not the beginning of an expe"):
        log.add(Result())
    assert log.path.read_text() == text


def test_a_crash_while_writing_leaves_all_other_lines_whole(log):
    log.add(Result(), epochs=10)
    with log.path.open("ab") as file:
        file.write(lines(log)[0].encode()[:50])  # as far as a crash let it come
    log.add(Result(), epochs=20)
    with pytest.warns(UserWarning, match="line 2, is damaged"):
        assert list(log.table()["epochs"]) == [10, 20]


def add_many(path, who, n_trials):
    for trial in range(n_trials):
        # Each process has a knob of its own, so that the first line changes as well.
        ExperimentLog(path).add(Result(), **{who: trial, "who": who})


def read_until_done(path, done, problems):
    while not done.is_set():
        table = ExperimentLog(path).table()
        if not set(table["mean"]) <= {0.8}:
            problems.put(str(table))


@pytest.mark.slow
def test_two_processes_add_at_once_and_a_third_reads_whole_lines_only(log):
    context = multiprocessing.get_context("spawn")
    done, problems = context.Event(), context.Queue()
    reader = context.Process(target=read_until_done, args=(log.path, done, problems))
    writers = [context.Process(target=add_many, args=(log.path, who, 25)) for who in "ab"]
    log.add(Result(), who="first")
    for process in [reader, *writers]:
        process.start()
    for process in writers:
        process.join()
    done.set()
    reader.join()
    assert [process.exitcode for process in [reader, *writers]] == [0, 0, 0] and problems.empty()
    table = log.table()
    assert table.groupby("who").size().to_dict() == {"a": 25, "b": 25, "first": 1}
    assert sorted(table["a"].dropna()) == sorted(table["b"].dropna()) == list(range(25))


# The figure


@pytest.fixture
def table(log):
    for accuracy, knobs in [(0.8, {"epochs": 100, "seed": 1}), (0.7, {"epochs": 20, "seed": 1}),
                            (0.75, {"epochs": 20, "seed": 1, "units": (5, 5)})]:  # fmt: skip
        log.add(Result(accuracy), **knobs)
    return log.table()


def names(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def marked(ax):
    return [t.get_text() for t in ax.get_yticklabels() if to_hex(t.get_color()) == ACCENT.lower()]


def test_each_trial_is_a_score_with_its_interval_best_on_top(table):
    ax = plots.plot_experiments(table)
    points = [line.get_xydata()[0].tolist() for line in ax.lines]
    assert points == [[0.8, 0], [0.75, 1], [0.7, 2]] and ax.yaxis_inverted()
    intervals = [part.get_segments()[0][:, 0].tolist() for part in ax.collections]
    np.testing.assert_allclose(intervals, [[0.77, 0.83], [0.72, 0.78], [0.67, 0.73]])
    assert ax.get_title(loc="left") == "Best of 3 trials: epochs=100, with 0.800"
    assert ax.get_xlabel() == "subset accuracy, line: corrected 95 % interval"


def test_trials_are_named_by_the_knobs_that_differ(table):
    assert names(plots.plot_experiments(table)) == [
        "epochs=100",
        "epochs=20, units=(5, 5)",
        "epochs=20",
    ]


def test_the_trial_added_last_is_marked(log, table):
    ax = plots.plot_experiments(table)
    assert marked(ax) == ["epochs=20, units=(5, 5)"]
    assert [line.get_color() for line in ax.lines] == [
        LABEL_COLORS[0],
        ACCENT,
        LABEL_COLORS[0],
    ]
    assert [t.get_text() for t in ax.texts] == ["0.800", "0.750  ← this trial", "0.700"]
    assert marked(plots.plot_experiments(ExperimentLog(log.path).table())) == [
        "epochs=20, units=(5, 5)"
    ]
    log.add(Result(0.7), epochs=20, seed=1)  # the second trial again
    assert marked(plots.plot_experiments(log.table())) == ["epochs=20"]
    assert marked(plots.plot_experiments(table, current=1)) == ["epochs=100"]


def test_a_current_trial_whose_line_was_deleted_is_forgotten(log, table):
    log.path.write_text("\n".join(lines(log)[:-1]) + "\n")
    assert log.table().attrs["current"] is None
    assert marked(plots.plot_experiments(log.table())) == ["epochs=20"]


def test_a_trial_may_be_numbered_zero(table):
    table.index = table.index - 1
    table.attrs["current"] = 0
    assert marked(plots.plot_experiments(table)) == ["epochs=100"]
    table.attrs["current"] = 1
    assert marked(plots.plot_experiments(table, current=0)) == ["epochs=100"]


def test_a_knob_that_was_none_differs_from_one_not_named(log):
    log.add(Result(0.8), weights=None)
    log.add(Result(0.7), epochs=3)
    assert names(plots.plot_experiments(log.table())) == ["weights=None", "epochs=3"]


def test_trials_with_the_same_knobs_are_told_apart_by_their_numbers(log):
    log.add(Result(0.8), epochs=3)
    assert names(plots.plot_experiments(log.table())) == ["trial 1"]
    assert plots.plot_experiments(log.table()).get_title(loc="left") == (
        "One trial so far: subset accuracy 0.800"
    )
    log.add(Result(0.7), epochs=3)
    log.add(Result(0.9), epochs=4)
    assert names(plots.plot_experiments(log.table())) == [
        "epochs=4",
        "trial 1: epochs=3",
        "trial 2: epochs=3",
    ]


def test_seeds_are_no_ranking_and_small_differences_can_be_luck(log):
    for seed, accuracy in enumerate([0.81, 0.82, 0.8]):
        log.add(Result(accuracy), epochs=100, seed=seed)
    title = plots.plot_experiments(log.table()).get_title(loc="left")
    assert title == "3 seeds, 0.800 to 0.820: differences of this size are luck"
    log.add(Result(0.83), epochs=200, seed=1)
    title = plots.plot_experiments(log.table()).get_title(loc="left")
    assert title == "4 trials, 0.800 to 0.830: such differences can be luck"
    log.add(Result(0.6), epochs=5, seed=1)
    title = plots.plot_experiments(log.table()).get_title(loc="left")
    assert title.startswith("Best of 5 trials: epochs=200, seed=1")


def test_of_many_trials_the_best_and_the_current_are_drawn(log):
    for trial in range(20):
        log.add(Result(0.9 - trial / 100), seed=trial)
    ax = plots.plot_experiments(log.table(), max_trials=5)
    assert names(ax) == ["seed=0", "seed=1", "seed=2", "seed=3", "seed=4", "seed=19"]
    assert marked(ax) == ["seed=19"] and "20 seeds" in ax.get_title(loc="left")


def test_a_loss_is_named_and_the_lowest_is_best(log):
    log.add(Result(loss=0.2), epochs=1)
    log.add(Result(loss=0.1), epochs=2)
    ax = plots.plot_experiments(log.table("hamming_loss"))
    assert ax.get_title(loc="left") == "Best of 2 trials: epochs=2, with 0.100"
    assert ax.get_xlabel().startswith("hamming loss")


def test_no_trials_and_unknown_trials_are_refused(log, table):
    with pytest.raises(ValueError, match="table has no trials yet"):
        plots.plot_experiments(ExperimentLog(log.path.with_name("other.jsonl")).table())
    with pytest.raises(ValueError, match=r"current=9: expected one of the trials \[1, 2, 3\]"):
        plots.plot_experiments(table, current=9)


def test_the_figure_takes_an_axes_and_a_title(table):
    _, ax = plt.subplots()
    assert plots.plot_experiments(table, ax=ax, title="Mine") is ax
    assert ax.get_title(loc="left") == "Mine"
