import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from helpers import plots
from helpers.plots import ACCENT, GRAY, LABEL_COLORS

NAMES = ["tree", "forest", "prior"]


@pytest.fixture
def scores():
    return pd.DataFrame({"here": [0.7, 0.8, 0.3], "there": [0.6, 0.7, 0.35]}, index=NAMES)


@pytest.fixture
def intervals():
    narrow = np.array([[0.79, 0.81], [0.69, 0.71], [0.29, 0.31]])
    return {"narrow": narrow, "wide": narrow + np.array([-0.1, 0.1])}


def texts(ax):
    return [text.get_text() for text in ax.texts]


def dots(ax, marker):
    return [line for line in ax.lines if line.get_marker() == marker]


def names_of(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def segments(collection):
    return [(part[0][0], part[1][0]) for part in collection.get_segments()]


def test_two_scores_are_sorted_by_the_second_with_the_best_on_top(scores):
    ax = plots.plot_two_scores(scores)
    assert names_of(ax.yaxis) == ["prior", "tree", "forest"]
    (here,), (there,) = dots(ax, "o"), dots(ax, "D")
    assert here.get_xdata().tolist() == [0.3, 0.7, 0.8]
    assert there.get_xdata().tolist() == [0.35, 0.6, 0.7]
    assert to_hex(there.get_color()) == ACCENT.lower()
    assert segments(ax.collections[0]) == [(0.3, 0.35), (0.6, 0.7), (0.7, 0.8)]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["here", "there"]
    assert ax.get_title(loc="left") == "2 of 3 models score lower there than here"
    assert ax.get_xlabel() == "subset accuracy"


def test_two_scores_say_all_only_where_it_is_all(scores):
    title = plots.plot_two_scores(scores.drop(index="prior")).get_title(loc="left")
    assert title == "All 2 models score lower there than here"


def test_two_scores_show_single_seeds_and_named_lines(scores):
    ax = plots.plot_two_scores(scores, seeds={"tree": [0.58, 0.62]}, lines={"oracle": 0.9})
    strokes = [line for line in dots(ax, "|") if len(line.get_xdata())]
    assert [line.get_xdata().tolist() for line in strokes] == [[0.58, 0.62]]
    assert strokes[0].get_ydata().tolist() == [1, 1]  # the place of "tree"
    assert texts(ax) == ["oracle"]
    assert [line.get_xdata()[0] for line in ax.lines if line.get_linestyle() == "--"] == [0.9]


def test_ranks_draw_a_line_a_model_and_count_the_pairs_that_swap():
    scores = pd.DataFrame(
        {"subset accuracy": [0.9, 0.8, 0.7], "Hamming loss": [0.2, 0.1, 0.3]}, index=NAMES
    )
    ax = plots.plot_ranks(scores, marked=["tree"])
    assert [line.get_ydata().tolist() for line in ax.lines] == [[1, 2], [2, 1], [3, 3]]
    colors = [to_hex(line.get_color()) for line in ax.lines]
    assert colors == [ACCENT.lower(), GRAY.lower(), GRAY.lower()]
    title = "Subset accuracy and Hamming loss order 1 of 3 pairs of models differently"
    assert ax.get_title(loc="left") == title
    assert names_of(ax.xaxis) == ["best first by\nsubset accuracy", "best first by\nHamming loss"]
    assert "tree  0.900" in texts(ax) and "0.200  tree" in texts(ax)


def test_ranks_know_which_way_is_better():
    scores = pd.DataFrame({"f1": [0.9, 0.8], "recall": [0.7, 0.6]}, index=NAMES[:2])
    agree = plots.plot_ranks(scores, higher_is_better=(True, True))
    assert "order 0 of 1 pairs" in agree.get_title(loc="left")
    assert "order 1 of 1 pairs" in plots.plot_ranks(scores).get_title(loc="left")


def test_two_tasks_keep_the_order_of_the_first_and_mark_models(scores):
    axes = plots.plot_two_tasks(scores, marked=["forest"])
    assert axes.shape == (2,)
    order = ["prior", "tree", "forest"]
    assert names_of(axes[0].yaxis) == order
    for ax, name in zip(axes, scores.columns, strict=True):
        (points,) = ax.collections
        assert points.get_offsets()[:, 0].tolist() == scores.loc[order, name].tolist()
        colors = [to_hex(color) for color in points.get_facecolors()]
        assert colors == [LABEL_COLORS[0].lower()] * 2 + [ACCENT.lower()]
        assert (ax.get_title(loc="left"), ax.get_xlabel()) == (name, "subset accuracy")
    assert axes[0].figure.get_suptitle() == "Best on here: forest; best on there: forest"


def test_intervals_are_drawn_sorted_and_counted(intervals):
    axes = plots.plot_intervals(intervals, truth=0.795, truth_name="fresh score")
    for ax, name in zip(axes, intervals, strict=True):
        (bars,) = ax.collections
        assert segments(bars) == [tuple(ends) for ends in intervals[name][::-1]]
        assert ax.lines[0].get_xdata() == [0.795, 0.795]
        assert ax.get_xlabel() == "subset accuracy"
    colors = [[to_hex(color).upper() for color in ax.collections[0].get_colors()] for ax in axes]
    held, missed = LABEL_COLORS[4], ACCENT
    assert colors == [[missed, missed, held], [missed, held, held]]
    assert [ax.get_title(loc="left") for ax in axes] == ["narrow: 1 of 3", "wide: 2 of 3"]
    title = "The fresh score (0.795) lies within 1 of 3 intervals: narrow; 2: wide"
    assert axes[0].figure.get_suptitle() == title


def test_fold_differences_show_each_fold_and_all_intervals():
    differences = [0.02, 0.01, -0.01, 0.02, 0.04, 0.03, 0.02, 0.01]
    intervals = {"naive": (0.005, 0.03), "corrected": (-0.002, 0.037)}
    ax = plots.plot_fold_differences(
        differences, intervals, ("a", "b"), truth=("on fresh rows", 0.015), score="F1"
    )
    shown = np.concatenate([line.get_xdata() for line in dots(ax, "o")])
    assert sorted(shown) == pytest.approx(sorted(differences))
    assert [segments(bar)[0] for bar in ax.collections] == list(intervals.values())
    assert texts(ax) == ["  naive: does not hold 0", "  corrected: holds 0", "   on fresh rows"]
    assert dots(ax, "D")[0].get_xdata().tolist() == [0.015]
    assert ax.get_title(loc="left") == "A is ahead of b in 7 of 8 folds, by 0.018 on average"
    assert ax.get_xlabel() == "F1 of a minus that of b"
    assert not dots(plots.plot_fold_differences(differences, intervals), "D")


def test_luck_shows_every_sample_and_where_ours_lies():
    others = np.linspace(0.8, 0.86, 13)
    ax = plots.plot_luck(others, ours=0.85, expected=0.83, xlabel="score")
    assert sum(len(line.get_xdata()) for line in dots(ax, "o")) == 13
    assert dots(ax, "D")[0].get_xdata().tolist() == [0.85]
    assert texts(ax) == ["ours 0.850", "expected of ours 0.830 "]
    assert ax.get_title(loc="left") == "Our sample scores higher than 10 of 13 others"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("score", "one dot a sample")


def test_weights_have_a_marker_a_group_and_state_the_correlation():
    true = np.array([[0.0, 1.0, 2.0], [1.0, 0.0, -1.0]])
    ax = plots.plot_weights(true, -true, groups=["10", "01"])
    points = ax.lines[1:]  # the first is the line on which both are the same
    assert [line.get_ydata().tolist() for line in points] == (-true).tolist()
    assert len({line.get_marker() for line in points}) == 2
    assert [line.get_color() for line in points] == list(LABEL_COLORS[:2])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["10", "01"]
    assert "correlation of -1.00" in ax.get_title(loc="left")


def test_figures_draw_where_they_are_told_and_leave_the_settings_alone(scores):
    settings = matplotlib.rcParams.copy()
    for draw, data in [
        (plots.plot_two_scores, scores),
        (plots.plot_ranks, scores),
    ]:
        ax = plt.figure().add_subplot()
        assert draw(data, ax=ax, title="Mine") is ax
        assert ax.get_title(loc="left") == "Mine"
    axes = plt.subplots(1, 2)[1]
    assert list(plots.plot_two_tasks(scores, axes=axes, title="Mine")) == list(axes)
    assert axes[0].figure.get_suptitle() == "Mine"
    assert matplotlib.rcParams == settings
