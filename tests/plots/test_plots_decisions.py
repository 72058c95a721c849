import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from helpers import plots
from helpers.plots import LABEL_COLORS


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


def test_errors_by_threshold_count_misses_and_false_alarms():
    y_true, y_prob = [[1, 0], [1, 0], [0, 1], [0, 1]], [[0.9, 0.7], [0.4, 0.1], [0.6, 0.8], [0, 0]]
    axes = plots.plot_errors_by_threshold(y_true, y_prob, ["cat", "dog"])
    at = {}
    for ax in axes:
        lines = {line.get_label(): line for line in ax.lines}
        place = np.argmin(np.abs(lines["misses"].get_xdata() - 0.5))
        name = ax.get_title(loc="left").split(":")[0]
        at[name] = {label: line.get_ydata()[place] for label, line in lines.items()}
    assert at["cat"] == {"misses": 250, "false alarms": 250, "both": 500}
    assert at["dog"] == {"misses": 250, "false alarms": 250, "both": 500}
    low, high = axes[0].lines[0].get_ydata()[[5, 60]]
    assert low < high  # misses rise with the threshold
    assert axes[1].get_title(loc="left") == "dog: fewest at 0.71"


def test_gain_intervals_use_the_t_distribution_of_the_repeats():
    table = pd.DataFrame({"set": [1.0, 2.0, 3.0], "half": [-1.0, 0.0, 1.0]})
    ax = plots.plot_gain_intervals({"oracle": table + 3, "net": table})
    spans = [lines.get_segments()[0][:, 0] for lines in ax.collections]
    margin = 4.3027 / np.sqrt(3)  # 97.5 % quantile with 2 degrees of freedom
    expected = [[5 - margin, 5 + margin], [3 - margin, 3 + margin]]
    expected += [[2 - margin, 2 + margin], [-margin, margin]]
    assert np.allclose(spans, expected, atol=0.001)
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["set", "half"]
    assert ax.get_title(loc="left") == "Intervals above zero, of 2: oracle 2, net 0"


@pytest.fixture
def gains():
    values = [[0.0, 0.0], [-1.5, 3.0], [0.25, 2.0]]
    return pd.DataFrame(values, ["half", "set", "best"], ["hamming_loss", "f1_macro"])


def test_rule_gains_frame_the_best_rule_of_each_metric(gains):
    ax = plots.plot_rule_gains(gains)
    frames = [(round(f.get_x() + 0.47), round(f.get_y() + 0.46)) for f in ax.patches]
    assert frames == [(0, 2), (1, 1)]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["half", "set", "best"]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["hamming\nloss", "f1\nmacro"]
    assert {"−1.5", "+3.0"} <= set(texts(ax).split())
    assert ax.get_title(loc="left") == "Each of 2 metrics has a winner of its own"
    assert "thousandths" in ax.get_xlabel()


def test_rule_gains_count_winners_and_leave_zero_white(gains):
    ax = plots.plot_rule_gains(gains.assign(f1_macro=[0, 1, 2]))
    assert ax.get_title(loc="left") == "2 metrics, 1 winner"
    low, high = ax.images[0].get_clim()
    assert low == -high
    plots.plot_rule_gains(0 * gains)
