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


def test_ranks_draw_a_line_a_model_in_the_color_of_its_kind():
    scores = pd.DataFrame({"ours": [0.9, 0.8, 0.7], "theirs": [0.1, 0.2, 0.3]}, index=NAMES)
    ax = plots.plot_ranks(scores, kinds={"tree": "one", "prior": "other"})
    lines = [line for line in ax.lines if len(line.get_xdata())]
    assert [list(line.get_ydata()) for line in lines] == [[1, 3], [2, 2], [3, 1]]
    assert [line.get_color() for line in lines] == [LABEL_COLORS[0], GRAY, LABEL_COLORS[1]]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["one", "other"]
    assert names_of(ax.xaxis) == ["ours,\nbest on top", "theirs,\nbest on top"]
    assert "tree  0.900" in texts(ax) and "0.100  tree" in texts(ax)
    assert ax.get_title(loc="left") == "The best on ours, tree, is number 3 of 3 on theirs"


def test_ranks_without_kinds_have_no_legend_and_need_two_data_sets(scores):
    assert plots.plot_ranks(scores).get_legend() is None
    with pytest.raises(ValueError, match="scores has 1 columns: pass two"):
        plots.plot_ranks(scores[["here"]])


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


def test_figures_draw_where_they_are_told_and_leave_the_settings_alone(scores):
    settings = matplotlib.rcParams.copy()
    for draw, data in [
        (plots.plot_two_scores, scores),
        (plots.plot_ranks, scores),
    ]:
        ax = plt.figure().add_subplot()
        assert draw(data, ax=ax, title="Mine") is ax
        assert ax.get_title(loc="left") == "Mine"
    assert matplotlib.rcParams == settings
