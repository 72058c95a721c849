import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from sklearn.model_selection import RepeatedKFold, ShuffleSplit

from helpers import plots
from helpers.plots import LABEL_COLORS


@pytest.fixture
def folds():
    cv = RepeatedKFold(n_splits=5, n_repeats=2, random_state=0)
    return list(cv.split(np.zeros(20)))


@pytest.fixture
def scores():
    values = [0.7, 0.8, 0.9, 0.8]
    return pd.DataFrame({"repeat": [0, 0, 1, 1], "fold": [0, 1, 0, 1], "subset_accuracy": values})


@pytest.fixture
def history():
    frames = [
        pd.DataFrame(
            {"repeat": 0, "fold": k, "epoch": [1, 2, 3], "loss": loss, "val_loss": loss + 0.1 * k}
        )
        for k, loss in enumerate([np.array([0.9, 0.5, 0.3])] * 3)
    ]
    return pd.concat(frames, ignore_index=True)


def texts(ax):
    return " ".join(text.get_text() for text in ax.texts)


def test_splits_show_each_fold_and_mark_its_held_out_rows(folds):
    ax = plots.plot_splits(folds, n_rows=20, n_splits=5)
    assert len(ax.images) == len(folds)
    for image, (_, test) in zip(ax.images, folds, strict=True):
        assert np.flatnonzero(np.asarray(image.get_array())[0]).tolist() == sorted(test)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "training row",
        "held-out row",
    ]
    # The image draws 0, a training row, and 1 in the colors that the legend gives them.
    in_legend = [patch.get_facecolor() for patch in ax.get_legend().get_patches()]
    assert in_legend == [tuple(color) for color in ax.images[0].cmap([0, 1])]
    assert ax.get_title(loc="left") == "Each row is held out exactly once in each repeat"
    assert ax.get_xlabel() == "row of the table"


def test_splits_do_not_claim_once_where_it_is_not_so():
    random = list(ShuffleSplit(n_splits=5, test_size=4, random_state=0).split(np.zeros(20)))
    assert "exactly once" not in plots.plot_splits(random, 20, 5).get_title(loc="left")


def test_splits_draw_no_more_rows_than_there_are_and_refuse_odd_repeats(folds):
    ax = plots.plot_splits(folds, n_rows=60, n_splits=5)
    assert np.asarray(ax.images[0].get_array()).shape == (1, 20)
    with pytest.raises(ValueError, match="n_splits=3 does not divide the 10 folds"):
        plots.plot_splits(folds, n_splits=3)


def test_fold_scores_show_a_dot_a_fold_the_mean_and_the_baseline(scores):
    ax = plots.plot_fold_scores(scores, baseline=0.3, baseline_name="prior")
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert np.concatenate([line.get_ydata() for line in dots]).tolist() == [0.7, 0.8, 0.9, 0.8]
    heights = [line.get_ydata()[0] for line in ax.lines if line.get_marker() != "o"]
    assert heights == pytest.approx([0.8, 0.3])
    assert "mean 0.800" in texts(ax) and "prior 0.300" in texts(ax)
    assert ax.get_title(loc="left") == "Folds score 0.70 to 0.90, with a mean of 0.800"
    assert ax.get_ylabel() == "subset accuracy"


def test_learning_curves_show_each_network_and_the_median(history):
    ax = plots.plot_learning_curves(history, epoch=2)
    # Two losses: three thin lines and one thick median each; and the line that marks the epoch.
    assert len(ax.lines) == 2 * (3 + 1) + 1
    thick = [line for line in ax.lines if line.get_linewidth() == 3]
    np.testing.assert_allclose(thick[1].get_ydata(), [1.0, 0.6, 0.4])
    assert "2 epochs" in texts(ax)
    assert ax.get_title(loc="left") == "Median held-out loss is 0.400 after 3 epochs"
    assert ax.get_xlabel() == "epoch" and "cross-entropy" in ax.get_ylabel()


def test_fold_scores_number_the_folds_and_shade_the_interval(scores):
    ax = plots.plot_fold_scores(scores, interval=(0.75, 0.85))
    assert [tick.get_text() for tick in ax.get_xticklabels(minor=True)] == ["0", "1", "0", "1"]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["repeat 0", "repeat 1"]
    assert [patch.get_y() for patch in ax.patches] == [0.75]
    assert "95 % interval\n 0.750 to 0.850" in texts(ax)
    many = pd.DataFrame({"repeat": 0, "fold": range(50), "subset_accuracy": 0.5})
    assert plots.plot_fold_scores(many).get_xticklabels(minor=True) == []


@pytest.mark.parametrize(("baseline", "is_broken"), [(0.05, True), (0.6, False), (1.9, True)])
def test_fold_scores_break_the_axis_before_a_baseline_far_away(scores, baseline, is_broken):
    ax = plots.plot_fold_scores(scores, baseline=baseline)
    assert ("≈" in texts(ax)) == is_broken
    low, middle, high = ax.transData.transform([(0, 0.7), (0, 0.8), (0, 0.9)])[:, 1]
    bottom, top = ax.transAxes.transform([(0, 0), (0, 1)])[:, 1]
    place = ax.transData.transform((0, baseline))[1]
    assert bottom < place < top and bottom < low and high < top
    assert high - low > 0.4 * (top - bottom)
    assert middle == pytest.approx((low + high) / 2)
    if is_broken:
        assert baseline in ax.get_yticks()


def test_spreads_say_which_group_differs_most():
    ax = plots.plot_spreads({"narrow": [0.5, 0.5, 0.5], "wide": [0.1, 0.9]})
    assert ax.get_title(loc="left") == "Wide differ most, narrow least"
    assert [label.get_text() for label in ax.get_xticklabels()] == ["narrow", "wide"]
    assert [len(line.get_ydata()) for line in ax.lines] == [3, 2]
    assert "SD 0.0000" in texts(ax) and "SD 0.5657" in texts(ax)
    sure = {"narrow": (0, 0), "wide": (0.25, 18.05)}
    shown = texts(plots.plot_spreads({"narrow": [0.5, 0.5], "wide": [0.1, 0.9]}, sure))
    assert "SD 0.5657\n(0.2500 to 18.0500)" in shown


def test_row_shows_a_bar_a_label_the_threshold_and_the_truth():
    ax = plots.plot_row([0.9, 0.6, 0.1], ["a", "b", "c"], truth=[1, 0, 0])
    assert [bar.get_width() for bar in ax.patches] == [0.9, 0.6, 0.1]
    assert [to_hex(bar.get_facecolor()) for bar in ax.patches] == [
        color.lower() for color in LABEL_COLORS[:3]
    ]
    assert ax.get_title(loc="left") == "Predicted: a, b; 2 of 3 labels right"
    assert texts(ax).count("truth: yes") == 1 and texts(ax).count("truth: no") == 2
    title = plots.plot_row([0.9, 0.6, 0.1], ["a", "b", "c"], threshold=0.95).get_title(loc="left")
    assert title == "Predicted: no label"


def test_figures_draw_where_they_are_told_and_leave_the_settings_alone(scores):
    settings = matplotlib.rcParams.copy()
    ax = plt.figure().add_subplot()
    assert plots.plot_fold_scores(scores, ax=ax, title="Mine") is ax
    assert ax.get_title(loc="left") == "Mine"
    assert matplotlib.rcParams == settings
    with pytest.raises(KeyError):
        plots.plot_fold_scores(scores, metric="unknown")
    assert matplotlib.rcParams == settings
