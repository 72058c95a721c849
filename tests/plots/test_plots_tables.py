import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from sklearn.model_selection import KFold

from helpers import plots
from helpers.plots import ACCENT, LABEL_COLORS


@pytest.fixture
def counts():
    """Return the answers of three ways to decide about ten rows with a label."""
    columns = {
        "true_positive": [3.0, 7.5, 2.0],
        "false_negative": [7.0, 2.5, 8.0],
        "false_positive": [1.0, 5.0, 0.0],
    }
    return pd.DataFrame(columns, index=["plain", "weighted", "timid"])


@pytest.fixture
def history():
    """Return the history of two networks: best after 2 epochs of 3, and after 3 of 4."""
    first = pd.DataFrame({"repeat": 0, "fold": 0, "epoch": [1, 2, 3], "val_loss": [0.5, 0.3, 0.4]})
    losses = [0.6, 0.5, 0.2, 0.3]
    second = pd.DataFrame({"repeat": 0, "fold": 1, "epoch": [1, 2, 3, 4], "val_loss": losses})
    return pd.concat([first, second], ignore_index=True)


@pytest.fixture
def labels_and_folds():
    """Return 20 rows, of which the first two have label_1 and every other one label_2."""
    y = np.column_stack([np.arange(20) < 2, np.arange(20) % 2 == 0]).astype(int)
    in_order, dealt = KFold(4).split(y), KFold(4).split(y)
    deal = np.arange(20).reshape(5, 4).T.ravel()
    dealt = [(deal[train], deal[test]) for train, test in dealt]
    return y, {"in order": list(in_order), "dealt": dealt}


def texts(ax):
    return " ".join(text.get_text() for text in ax.texts)


def widths(ax, group):
    return [bar.get_width() for bar in ax.containers[group]]


def test_images_stand_side_by_side_each_with_its_text():
    images = np.random.default_rng(0).uniform(0, 16, (3, 8, 6))
    ax = plots.plot_images(images, ["one", "two\nlines", "three"])
    assert len(ax.images) == 3
    for drawn, image in zip(ax.images, images, strict=True):
        np.testing.assert_array_equal(np.asarray(drawn.get_array()), image)
        assert drawn.get_clim() == (0, images.max())
    lefts = [image.get_extent()[0] for image in ax.images]
    rights = [image.get_extent()[1] for image in ax.images]
    assert all(right < left for right, left in zip(rights, lefts[1:], strict=False))
    assert [text.get_text() for text in ax.texts] == ["one", "two\nlines", "three"]
    assert ax.get_title(loc="left") == "3 rows of the table: images of 8 × 6 pixels"


def test_images_need_a_text_each_or_none():
    assert plots.plot_images(np.eye(8)[None]).texts[0].get_text() == ""
    with pytest.raises(ValueError, match="shorter"):
        plots.plot_images(np.zeros((2, 8, 8)), ["one"])


def test_found_shows_right_and_wrong_answers_on_two_sides(counts):
    ax = plots.plot_found(counts, "news")
    assert widths(ax, 0) == [-1, -5, 0]
    assert widths(ax, 1) == [3, 7.5, 2]
    assert widths(ax, 2) == [7, 2.5, 8]
    assert [bar.get_x() for bar in ax.containers[2]] == [3, 7.5, 2]
    assert to_hex(ax.containers[0][0].get_facecolor()) == ACCENT.lower()
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["plain", "weighted", "timid"]
    for text in ("7 missed", "2.5 missed", "7.5", "false alarms", "found"):
        assert text in texts(ax)
    assert ax.get_xlabel() == "rows" and ax.xaxis.get_major_formatter()(-5, 0) == "5"
    title = ax.get_title(loc="left")
    assert title == "Of 10 rows with news, plain finds 3, weighted 7.5,\nwith 4 more false alarms"


def test_found_says_if_nothing_finds_more_or_if_alarms_get_fewer(counts):
    title = plots.plot_found(counts.iloc[[1, 0]], "news").get_title(loc="left")
    assert title == "Of 10 rows with news, weighted finds 7.5, and no other way finds more"
    fewer = counts.assign(false_positive=[4.0, 1.0, 0.0])
    title = plots.plot_found(fewer, "news").get_title(loc="left")
    assert title.endswith("weighted 7.5,\nwith 3 fewer false alarms")


def test_counts_by_fold_have_a_dot_a_count_and_mark_zero(labels_and_folds):
    y, folds = labels_and_folds
    axes = plots.plot_counts_by_fold(y, folds, label_names=["rare", "frequent"])
    assert [ax.get_title(loc="left") for ax in axes] == ["in order", "dealt"]
    for ax, pairs in zip(axes, folds.values(), strict=True):
        held_out = np.array([y[test].sum(axis=0) for _, test in pairs])
        for place, dots in enumerate(ax.collections):
            shown, times = np.unique(held_out[:, place], return_counts=True)
            np.testing.assert_array_equal(dots.get_offsets()[:, 0], shown)
            assert (dots.get_offsets()[:, 1] == place).all()
            np.testing.assert_allclose(dots.get_sizes() / dots.get_sizes().sum(), times / 4)
            colors = [ACCENT if count == 0 else LABEL_COLORS[0] for count in shown]
            assert [to_hex(c) for c in dots.get_facecolors()] == [c.lower() for c in colors]
        assert [line.get_xdata()[0] for line in ax.lines] == [2 / 4, 10 / 4]  # even folds
        assert ax.get_xlabel() == "held-out rows with the label"
    assert [tick.get_text() for tick in axes[0].get_yticklabels()] == ["rare", "frequent"]
    headline = axes[0].figure.get_suptitle()
    assert headline == "How often a label is missing from a fold: in order 3 ×, dealt 4 ×"


def test_counts_by_fold_can_be_kept_to_the_rarest_labels_and_drawn_elsewhere(labels_and_folds):
    y, folds = labels_and_folds
    axes = plt.figure().subplots(1, 2)
    drawn = plots.plot_counts_by_fold(y[:, ::-1], folds, n_rarest=1, axes=axes, title="Mine")
    assert list(drawn) == list(axes)
    assert [tick.get_text() for tick in axes[0].get_yticklabels()] == ["label_2"]
    assert [len(ax.collections) for ax in axes] == [1, 1]
    assert axes[0].figure.get_suptitle() == "Mine"


def test_stopping_marks_the_best_epoch_of_each_network_and_their_median(history):
    ax = plots.plot_stopping(history)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [(dot.get_xdata()[0], dot.get_ydata()[0]) for dot in dots] == [(2, 0.3), (3, 0.2)]
    curves = [line for line in ax.lines if len(line.get_xdata()) > 2]
    assert [len(curve.get_xdata()) for curve in curves] == [3, 4]
    assert "median: 2.5 epochs" in texts(ax)
    title = "2 networks were at their best after 2 to 3 epochs"
    assert ax.get_title(loc="left") == title
    assert ax.get_xlabel() == "epoch" and "cross-entropy" in ax.get_ylabel()


def test_estimates_show_each_fold_and_the_means():
    groups = {"shuffled": [0.9, 0.94, 0.92], "in blocks": [0.8, 0.84]}
    ax = plots.plot_estimates(groups)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [len(line.get_xdata()) for line in dots] == [3, 2]
    np.testing.assert_allclose(dots[1].get_ydata(), [0.8, 0.84])
    assert "mean 0.920" in texts(ax) and "mean 0.820" in texts(ax)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["shuffled", "in blocks"]
    assert ax.get_title(loc="left") == "Shuffled: 0.920 on average; in blocks: 0.820"
    assert ax.get_ylabel() == "subset accuracy"


def test_promises_stand_beside_what_came_true():
    promised = {"rows like these": (0.5, 0.6, 0.65), "new groups": (0.4, 0.45, 0.5)}
    came_true = {"rows like these": (0.58, 0.61, 0.64), "new groups": (0.41, 0.43, 0.45)}
    ax = plots.plot_promises(promised, came_true, "macro F1")
    dots = {line.get_color(): [] for line in ax.lines if line.get_marker() == "o"}
    for line in ax.lines:
        if line.get_marker() == "o":
            dots[line.get_color()].append(float(line.get_xdata()[0]))
    assert dots == {LABEL_COLORS[0]: [0.6, 0.45], ACCENT: [0.61, 0.43]}
    ends = [part.get_segments()[0][:, 0].tolist() for part in ax.collections]
    assert ends == [[0.5, 0.65], [0.58, 0.64], [0.4, 0.5], [0.41, 0.45]]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == list(promised)
    title = "Promised for rows like these: 0.60. Came true for new groups: 0.43"
    assert ax.get_title(loc="left") == title
    assert ax.get_xlabel() == "macro F1; blue: promised; orange: came true"


def test_promises_without_a_truth_show_promises_only():
    ax = plots.plot_promises({"one": (0.1, 0.2, 0.3), "two": (0.1, 0.15, 0.2)})
    assert len(ax.collections) == 2 and ax.get_xlabel() == "score; blue: promised"
    assert ax.get_title(loc="left") == "Promised for one: 0.20, for two: 0.15"
    assert plots.plot_promises({"one": (0.1, 0.2, 0.3)}).get_title(loc="left") == (
        "Promised for one: 0.20"
    )
    with pytest.raises(ValueError, match="three"):
        plots.plot_promises({"one": (0.1, 0.2, 0.3)}, {"three": (0.1, 0.2, 0.3)})


def test_figures_draw_where_they_are_told_and_leave_the_settings_alone(counts, history):
    settings = matplotlib.rcParams.copy()
    calls = [
        (plots.plot_images, (np.zeros((1, 8, 8)),)),
        (plots.plot_found, (counts,)),
        (plots.plot_stopping, (history,)),
        (plots.plot_estimates, ({"one": [0.5]},)),
        (plots.plot_promises, ({"one": (0.1, 0.2, 0.3)},)),
    ]
    for plot, arguments in calls:
        ax = plt.figure().add_subplot()
        assert plot(*arguments, ax=ax, title="Mine") is ax
        assert ax.get_title(loc="left") == "Mine"
    assert matplotlib.rcParams == settings
