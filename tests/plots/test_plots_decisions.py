import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from helpers import plots
from helpers.plots import ACCENT, GRAY, LABEL_COLORS

SETS = [[0, 0], [0, 1], [1, 0], [1, 1]]


@pytest.fixture
def curves():
    values = {"one": [0.5, 0.9, 0.895, 0.4], "two": [0.7, 0.6, 0.5, 0.4]}
    return pd.DataFrame(values, index=[0.2, 0.4, 0.6, 0.8])


def texts(ax):
    return " ".join(text.get_text() for text in ax.texts)


def headline(axes):
    return axes.flat[0].figure.get_suptitle()


def heights(ax, color):
    """Sum of the bars of one colour, rows above the axis positive and below it negative."""
    return sum(bar.get_height() for bar in ax.patches if to_hex(bar.get_facecolor()) == color)


def test_threshold_counts_what_is_right_and_what_is_wrong_on_either_side():
    y_true = np.array([[1, 0]] * 3 + [[0, 1]] * 2)
    y_prob = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.6], [0.7, 0.9], [0.1, 0.4]])
    axes = plots.plot_threshold(y_true, y_prob, 0.5, label_names=["cat", "dog"])
    assert [ax.get_title(loc="left") for ax in axes] == ["cat", "dog"]
    right = [heights(ax, LABEL_COLORS[i].lower()) for i, ax in enumerate(axes)]
    assert right == [2, 1]
    for ax in axes:  # one miss above the line, one false alarm beneath it
        wrong = [b.get_height() for b in ax.patches if to_hex(b.get_facecolor()) == ACCENT.lower()]
        assert (max(wrong), min(wrong)) == (1, -1)
        assert "1 miss" in texts(ax) and "1 false alarm" in texts(ax)
    assert "recall 0.67" in texts(axes[0]) and "precision 0.67" in texts(axes[0])
    assert headline(axes) == "Threshold 0.5: 2 misses, 2 false alarms (hatched) among 10 decisions"


def test_threshold_may_differ_between_labels_and_moves_the_line():
    axes = plots.plot_threshold([[1, 0], [0, 1]], [[0.9, 0.2], [0.4, 0.3]], [0.95, 0.25])
    assert [ax.lines[-1].get_xdata()[0] for ax in axes] == [0.95, 0.25]
    assert (
        headline(axes)
        == "Threshold [0.95, 0.25]: 1 miss, 0 false alarms (hatched) among 4 decisions"
    )


def test_metric_curves_mark_the_best_and_what_is_close_to_it(curves):
    ax = plots.plot_metric_curves(curves, within=0.01)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [(dot.get_xdata()[0], dot.get_ydata()[0]) for dot in dots] == [(0.4, 0.9), (0.2, 0.7)]
    thick = [line for line in ax.lines if line.get_linewidth() > 5]
    assert [np.isfinite(line.get_ydata()).sum() for line in thick] == [2, 1]
    assert {"one", "two"} <= set(texts(ax).split())
    assert ax.get_title(loc="left") == "The best threshold is 0.20 by two, 0.40 by one"
    assert ax.get_ylabel() == "score" and "threshold" in ax.get_xlabel()


def test_label_curves_use_the_labels_colors_and_draw_the_rule(curves):
    ax = plots.plot_label_curves(curves, rule=[0.45, 0.3], rule_name="half")
    colors = [line.get_color() for line in ax.lines if line.get_marker() != "o"]
    assert colors == list(LABEL_COLORS[:2])
    rules = [lines.get_segments()[0][:, 0] for lines in ax.collections]
    assert np.array_equal(rules, [[0.45, 0.45], [0.3, 0.3]])
    assert "half" in texts(ax)
    assert ax.get_title(loc="left") == "F1 is best at 0.40 (one), 0.20 (two)"
    assert not plots.plot_label_curves(curves).collections


def test_gains_show_each_value_and_the_means():
    ax = plots.plot_gains({"leak": [0.02, 0.04], "fresh\nrows": [-0.01]}, colors=["red", "blue"])
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [list(line.get_ydata()) for line in dots] == [[0.02, 0.04], [-0.01]]
    assert [dot.get_color() for dot in dots] == ["red", "blue"]
    assert "+0.030" in texts(ax) and "−0.010" in texts(ax)
    assert ax.get_title(loc="left") == "Leak: +0.030; fresh rows: −0.010"
    assert "gained over 0.5" in ax.get_ylabel()


def test_two_decisions_show_labels_and_the_sets_that_matter():
    axes = plots.plot_two_decisions([0.39, 0.0, 0.31, 0.3], SETS, ["cat", "dog"])
    labels, sets = axes
    assert [bar.get_width() for bar in labels.patches] == pytest.approx([0.61, 0.3])
    assert [bar.get_width() for bar in sets.patches] == [0.39, 0.31, 0.3]
    names = [tick.get_text() for tick in sets.get_yticklabels()]
    assert names == ["no label", "cat", "cat + dog"]
    assert to_hex(sets.patches[0].get_facecolor()) == ACCENT.lower()
    assert "0.31  ← label by label" in texts(sets)
    assert headline(axes) == "Label by label: cat. Most probable set: no label."


def test_two_decisions_write_no_number_across_the_threshold():
    labels, _ = plots.plot_two_decisions([0.52, 0.03, 0.0, 0.45], SETS, ["cat", "dog"])
    starts = {text.get_text(): text.get_position()[0] for text in labels.texts}
    assert starts == {"0.45": pytest.approx(0.52), "0.48": pytest.approx(0.52)}


def test_differences_color_the_intervals_that_leave_zero_out():
    rows = [[2.0, 1.0, 3.0], [-2.0, -3.0, -1.0], [0.5, -1.0, 2.0]]
    table = pd.DataFrame(rows, ["a", "b", "c"], ["difference", "ci_low", "ci_high"])
    ax = plots.plot_differences(table, "more right")
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [dot.get_color() for dot in dots] == [ACCENT, ACCENT, GRAY]
    spans = [lines.get_segments()[0][:, 0].tolist() for lines in ax.collections]
    assert spans == [[1, 3], [-3, -1], [-1, 2]]
    assert ax.get_title(loc="left") == "2 of 3 intervals lie to one side of zero"
    assert "−2.0" in texts(ax) and ax.get_xlabel() == "more right"


@pytest.fixture
def y_prob():
    return np.random.default_rng(0).uniform(size=(400, 3))


@pytest.fixture
def y_true(y_prob):
    return (np.random.default_rng(1).uniform(size=y_prob.shape) < y_prob).astype(int)


def test_panels_are_drawn_where_they_are_told_and_settings_stay(y_true, y_prob):
    settings = matplotlib.rcParams.copy()
    own = plt.figure().subplots(1, 3)
    drawn = plots.plot_threshold(y_true, y_prob, axes=own, title="Mine")
    assert all(mine is theirs for mine, theirs in zip(own, drawn, strict=True))
    assert headline(drawn) == "Mine"
    assert matplotlib.rcParams == settings
    with pytest.raises(ValueError, match=r"shape \(2,\): this figure needs \(3,\) panels"):
        plots.new_panels(own[:2], n_columns=3)
