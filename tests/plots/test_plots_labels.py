"""Figures of data and labels, and drawings, show what the data calls for."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import FancyBboxPatch, Rectangle

from helpers import plots
from helpers.plots import LABEL_COLORS
from helpers.plots.data import TASKS

# Counted by hand: prevalences 4/6, 2/6, 1/6; label sets 100 ×2, 110 ×1, 111 ×1, 000 ×2.
Y = np.array([[1, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1], [0, 0, 0], [0, 0, 0]])
X = np.array([[4, 0], [4, 0], [4, 6], [4, 6], [0, 1], [0, 1]])
SHARES = pd.DataFrame({"00": [0.5, 0.25], "01": [0.5, 0.0], "11": [0.0, 0.75]}, index=[3, 8])

FIGURES = {
    "prevalence": lambda **k: plots.plot_prevalence(Y, **k),
    "label_sets": lambda **k: plots.plot_label_sets(Y, **k),
    "co_occurrence": lambda **k: plots.plot_co_occurrence(Y, **k),
    "features_by_label": lambda **k: plots.plot_features_by_label(X, Y, **k),
    "label_set_shares": lambda **k: plots.plot_label_set_shares(SHARES, **k),
}
DRAWINGS = {
    "task_types": lambda **k: plots.draw_task_types(**k),
    "compiled_training": lambda **k: plots.draw_compiled_training(**k),
    "steps": lambda **k: plots.draw_steps([("One", "first"), ("Two", "then")], **k),
}


@pytest.mark.parametrize("figure", (FIGURES | DRAWINGS).values(), ids=FIGURES | DRAWINGS)
def test_it_draws_on_the_axes_given_and_leaves_settings_alone(figure):
    ax = plt.figure().add_subplot()  # the first figure chooses the backend, which is a setting too
    before = dict(mpl.rcParams)
    assert figure(ax=ax) is ax
    assert len(plt.get_fignums()) == 1
    assert ax.patches or ax.lines or ax.images
    assert ax.get_title(loc="left") + ax.get_title()
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("figure", (FIGURES | DRAWINGS).values(), ids=FIGURES | DRAWINGS)
def test_a_title_of_ones_own_replaces_the_finding(figure):
    assert figure(title="Mine").get_title(loc="left") == "Mine"


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_both_axes_say_what_they_show(figure):
    ax = figure()
    assert len(ax.get_xlabel()) > 3
    assert len(ax.get_ylabel()) > 3


@pytest.mark.parametrize("figure", (FIGURES | DRAWINGS).values(), ids=FIGURES | DRAWINGS)
def test_nothing_is_cut_off(figure):
    fig = figure().figure
    fig.canvas.draw()
    drawn, page = fig.get_tightbbox(), fig.bbox_inches
    assert drawn.x0 >= page.x0 - 0.01
    assert drawn.x1 <= page.x1 + 0.01
    assert drawn.y0 >= page.y0 - 0.01
    assert drawn.y1 <= page.y1 + 0.01


def title(ax):
    return ax.get_title(loc="left")


def texts(ax):
    return [text.get_text() for text in ax.texts]


def ticks(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def test_prevalence_has_a_bar_a_label_in_its_color():
    ax = plots.plot_prevalence(Y)
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([400 / 6, 200 / 6, 100 / 6])
    assert [to_hex(bar.get_facecolor()).upper() for bar in ax.patches] == list(LABEL_COLORS[:3])
    assert ticks(ax.yaxis) == ["label_1", "label_2", "label_3"]
    assert texts(ax) == ["66.7%", "33.3%", "16.7%"]
    assert ax.yaxis_inverted()
    assert title(ax) == "label_1 is the most frequent label, label_3 the rarest"


def test_prevalence_uses_names_and_sees_equal_labels():
    ax = plots.plot_prevalence([[1, 0], [0, 1]], label_names=["cat", "dog"])
    assert ticks(ax.yaxis) == ["cat", "dog"]
    assert title(ax) == "All labels are equally frequent"


def test_label_sets_are_in_order_and_those_that_never_occur_come_last():
    ax = plots.plot_label_sets(Y)
    assert [bar.get_width() for bar in ax.patches] == [2, 2, 1, 1, 0, 0, 0, 0]
    assert texts(ax) == ["2", "2", "1", "1", "0", "0", "0", "0", "label_1", "label_2", "label_3"]
    assert title(ax) == "4 of the 8 possible label sets occur"


def test_label_sets_are_drawn_as_squares_in_the_colors_of_their_labels():
    ax = plots.plot_label_sets(Y)
    sets = [[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1], [0, 0, 1], [0, 1, 0], [0, 1, 1], [1, 0, 1]]
    for label, squares in enumerate(ax.collections):
        faces = [to_hex(face).upper() for face in squares.get_facecolors()]
        assert faces == [LABEL_COLORS[label] if row[label] else "#FFFFFF" for row in sets]
        assert squares.get_offsets()[:, 1].tolist() == list(range(8))


@pytest.mark.parametrize(("n_labels", "name"), [(1, "news"), (5, "label_"), (3, "a longer name ")])
def test_all_squares_are_on_the_page(n_labels, name):
    names = [f"{name}{i}" for i in range(n_labels)]
    fig = plots.plot_label_sets(np.eye(n_labels, dtype=int), names).figure
    fig.canvas.draw()
    assert fig.axes[0].collections
    assert fig.get_tightbbox().x0 >= -0.01


def test_label_sets_of_many_labels_are_named():
    y = np.eye(7, dtype=int)[[1, 1, 3]]
    assert ticks(plots.plot_label_sets(y).yaxis) == ["label_2", "label_4"]


def test_label_sets_shows_the_most_frequent_but_counts_all():
    ax = plots.plot_label_sets(Y, max_sets=3)
    assert len(ax.patches) == 3
    assert title(ax) == "4 of the 8 possible label sets occur"


def test_co_occurrence_reads_by_rows():
    ax = plots.plot_co_occurrence(Y)
    cells = ax.images[0].get_array()
    expected = [[1, 0.5, 0.25], [1, 1, 0.5], [1, 1, 1]]
    np.testing.assert_allclose(cells, expected)
    assert texts(ax) == [f"{share:.0%}" for row in expected for share in row]
    assert ticks(ax.xaxis) == ticks(ax.yaxis) == ["label_1", "label_2", "label_3"]
    assert title(ax) == "Every row with label_3 also has label_1 and label_2"


@pytest.mark.parametrize(
    ("y", "finding"),
    [
        ([[1, 1], [1, 0], [1, 1], [0, 1]], "Of the rows with label_1, 67% also have label_2"),
        ([[1, 0], [0, 0]], "Of the rows with label_1, 0% also have label_2"),
        ([[0, 0], [0, 0]], "No two labels to compare"),
        ([[1], [0]], "No two labels to compare"),
    ],
)
def test_co_occurrence_says_what_it_finds(y, finding):
    assert title(plots.plot_co_occurrence(y)) == finding


def test_features_by_label_shows_means_with_minus_means_without():
    ax = plots.plot_features_by_label(X, Y)
    expected = [[4, 2], [2, 5.5], [1.6, 4.4]]
    np.testing.assert_allclose(ax.images[0].get_array(), expected)
    assert texts(ax) == ["+4.0", "+2.0", "+2.0", "+5.5", "+1.6", "+4.4"]
    assert ticks(ax.xaxis) == ["feature_1", "feature_2"]
    assert ax.images[0].get_clim() == (-5.5, 5.5)
    assert title(ax) == "Strongest sign: with label_2, feature_2 is 5.5 higher than without"


def test_features_by_label_also_says_lower():
    ax = plots.plot_features_by_label([[1.0], [4.0]], [[1], [0]])
    assert texts(ax) == ["−3.0"]
    assert title(ax) == "Strongest sign: with label_1, feature_1 is 3.0 lower than without"


def test_features_by_label_leaves_out_a_label_that_never_varies():
    ax = plots.plot_features_by_label([[1.0], [4.0]], [[1, 1], [0, 1]])
    assert texts(ax) == ["−3.0"]
    ax = plots.plot_features_by_label([[1.0], [4.0]], [[1], [1]])
    assert texts(ax) == []
    assert title(ax) == "No label to compare: all rows have it, or none"


def test_label_set_shares_mark_sets_that_never_occur():
    ax = plots.plot_label_set_shares(SHARES)
    assert texts(ax) == ["50.0%", "50.0%", "−", "25.0%", "−", "75.0%"]
    assert ticks(ax.xaxis) == ["00", "01", "11"]
    assert ticks(ax.yaxis) == ["3", "8"]
    assert title(ax) == "All 3 label sets occur with 0 of the 2 seeds"
    assert "with 1 of the 1 seeds" in title(plots.plot_label_set_shares(SHARES.iloc[:1, :2]))


def test_numbers_are_readable_on_dark_and_on_light_cells_and_empty_where_nan():
    ax = plt.figure().add_subplot()
    plots.draw_heat_map(ax, pd.DataFrame([[0.0, 1.0, np.nan]]), "{:.0f}".format, "Blues", (0, 1))
    assert texts(ax) == ["0", "1"]
    assert [text.get_color() for text in ax.texts] == ["#222222", "white"]
    assert [text.get_position() for text in ax.texts] == [(0, 0), (1, 0)]


def test_task_types_fills_a_cell_for_each_yes():
    ax = plots.draw_task_types()
    cells = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    answers = np.concatenate([np.ravel(answers) for *_, answers in TASKS])
    filled = [to_hex(cell.get_facecolor()) != "#ffffff" for cell in cells]
    np.testing.assert_array_equal(filled, answers)
    corners = {cell.get_xy() for cell in cells}
    assert len(corners) == len(cells)
    for heading, classes, things, _ in TASKS:
        assert {heading, *classes, *things} <= set(texts(ax))


def test_the_drawn_examples_are_of_the_kinds_they_are_said_to_be():
    binary, multiclass, multilabel = (np.array(answers) for *_, answers in TASKS)
    assert binary.shape[1] == 1
    assert (multiclass.sum(axis=1) == 1).all()
    assert {0, 3} <= set(multilabel.sum(axis=1))


def test_steps_has_a_box_a_step_and_arrows_between():
    ax = plots.draw_steps(
        [("One", "first"), ("Two", "a text of some words to be wrapped"), ("3", "")]
    )
    boxes = [patch for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
    assert len(boxes) == 3
    assert [text for text in texts(ax) if text] == [
        "One",
        "first",
        "Two",
        "a text of some words\nto be wrapped",
        "3",
    ]
    arrows = [text for text in ax.texts if getattr(text, "arrow_patch", None)]
    assert len(arrows) == 2
    assert title(ax) == "3 steps, from left to right"
