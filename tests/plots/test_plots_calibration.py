import re

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from helpers import plots
from helpers.calibration import reliability_table
from helpers.plots import ACCENT, GRAY, LABEL_COLORS


def headline(axes):
    return axes.flat[0].figure.get_suptitle()


def heights(ax, color):
    """Sum of the bars of one colour."""
    return sum(bar.get_height() for bar in ax.patches if to_hex(bar.get_facecolor()) == color)


@pytest.fixture
def y_prob():
    return np.random.default_rng(0).uniform(size=(400, 3))


@pytest.fixture
def y_true(y_prob):
    return (np.random.default_rng(1).uniform(size=y_prob.shape) < y_prob).astype(int)


def test_reliability_shows_all_bins_and_their_rows(y_true, y_prob):
    table = reliability_table(y_true, y_prob, n_bins=5)
    axes = plots.plot_reliability({"before": table, "after": table})
    assert axes.shape == (2, 3)
    for i, label in enumerate(["label_1", "label_2", "label_3"]):
        of_label = table[table["label"] == label]
        before, after = [line for line in axes[0, i].lines if line.get_marker() == "o"]
        assert np.array_equal(after.get_xdata(), of_label["predicted"])
        assert np.array_equal(after.get_ydata(), of_label["observed"])
        assert (before.get_color(), after.get_color()) == (GRAY, LABEL_COLORS[i])
        assert heights(axes[1, i], LABEL_COLORS[i].lower()) == len(y_true)
        assert axes[0, i].get_title(loc="left") == label
    names = [text.get_text() for text in axes[0, 0].get_legend().get_texts()]
    assert names == ["before", "after"]
    assert axes[1, 0].get_xlabel() == "predicted probability"


def test_reliability_counts_bins_that_chance_does_not_explain(y_true, y_prob):
    right = reliability_table(y_true, y_prob)
    wrong = reliability_table(1 - y_true, y_prob)
    told = headline(plots.plot_reliability({"wrong": wrong, "right": right}))
    found = re.fullmatch(
        r"Bins outside their 95 % bars: wrong (\d+) of 30; right (\d+) of 30", told
    )
    n_wrong, n_right = map(int, found.groups())
    assert n_wrong >= 20 and n_right <= 6  # one in 20 by chance


def test_reliability_leaves_empty_bins_out_and_takes_two_tables_at_most():
    table = reliability_table([[1], [0]], [[0.9], [0.95]], n_bins=10)
    axes = plots.plot_reliability({"only": table})
    dots = next(line for line in axes[0, 0].lines if line.get_marker() == "o")
    assert len(dots.get_xdata()) == 1
    with pytest.raises(ValueError, match="found 3 of them, expected one or two"):
        plots.plot_reliability(dict.fromkeys("abc", table))


def test_calibration_errors_stand_beside_chance():
    rows = [["net", 0.02, 0.03], ["net", 0.01, 0.02], ["oracle", 0.004, 0.02]]
    few = pd.DataFrame(rows, columns=["probabilities", "ece", "chance"])
    many = few.assign(chance=[0.005, 0.011, 0.004])
    axes = plots.plot_calibration_errors({"few": few, "many": many})
    for ax, table, above in zip(axes, (few, many), (0, 1), strict=True):
        drawn = [dots for dots in ax.collections if len(dots.get_offsets())]
        errors = np.concatenate([dots.get_offsets()[:, 0] for dots in drawn])
        assert errors.tolist() == table["ece"].tolist()
        colors = [to_hex(color) for dots in drawn for color in dots.get_facecolors()]
        assert colors.count(ACCENT.lower()) == above
        bars = [bar.get_width() for bar in ax.patches if bar.get_width()]
        assert bars == pytest.approx(table.groupby("probabilities")["chance"].mean().tolist())
    assert [tick.get_text() for tick in axes[0].get_yticklabels()] == ["net", "oracle"]
    assert headline(axes) == "Errors above the 95 % line of chance: 0 of 3 on few, 1 of 3 on many"


def test_true_probabilities_count_every_row_once():
    rng = np.random.default_rng(0)
    y_prob, true = rng.uniform(size=(2, 300, 2))
    axes = plots.plot_true_probabilities(y_prob, true, ["cat", "dog"])
    for i, ax in enumerate(axes):
        assert ax.collections[0].get_array().sum() == 300
        distance = np.abs(y_prob - true)[:, i].mean()
        name = ["cat", "dog"][i]
        assert ax.get_title(loc="left") == f"{name}: {distance:.3f} away"
        assert ax.get_xlabel() == "predicted probability"
    assert axes[0].get_ylabel() == "true probability"


def test_true_probabilities_put_the_prediction_on_the_horizontal_axis():
    (ax,) = plots.plot_true_probabilities([[0.99]] * 30, [[0.01]] * 30)
    cells = np.ma.filled(ax.collections[0].get_array(), 0)
    assert cells[0, -1] == 30


def test_panels_are_drawn_where_they_are_told_and_settings_stay(y_prob):
    settings = matplotlib.rcParams.copy()
    own = plt.figure().subplots(1, 3)
    drawn = plots.plot_true_probabilities(y_prob, y_prob, axes=own, title="Mine")
    assert all(mine is theirs for mine, theirs in zip(own, drawn, strict=True))
    assert headline(drawn) == "Mine"
    assert matplotlib.rcParams == settings
    with pytest.raises(ValueError, match=r"shape \(2,\): this figure needs \(3,\) panels"):
        plots.new_panels(own[:2], n_columns=3)
