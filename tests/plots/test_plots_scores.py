"""Figures about scores show what was scored, and their titles say what was found."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers import plots
from helpers.plots import ACCENT, GRAY, INK, LABEL_COLORS

# Counted by hand: label 1 is found once, missed once, right twice without it;
# label 2 is found once, a false alarm once, right twice without it.
TRUTH = np.array([[1, 0], [1, 1], [0, 0], [0, 0]])
ANSWER = np.array([[1, 0], [0, 1], [0, 1], [0, 0]])
PROBABILITIES = np.array([[0.9, 0.1], [0.4, 0.8], [0.2, 0.7], [0.1, 0.2]])
CARDS = pd.DataFrame(
    {
        "question": ["All labels right?", "One label right?", "Something found?"],
        "network": [0.8, 0.9, 0.6],
        "nothing": [0.1, 0.5, 0.75],
        "prior": [0.3, 0.5, 0.2],
    },
    index=["rows", "labels", "Keras"],
)

FIGURES = {
    "answers": lambda **k: plots.plot_answers(TRUTH, ANSWER, **k),
    "cards": lambda **k: plots.plot_metric_cards(CARDS, **k),
}


def title(ax):
    return ax.get_title(loc="left")


def texts(ax):
    return [text.get_text() for text in ax.texts]


def ticks(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_it_draws_on_the_axes_given_and_leaves_settings_alone(figure):
    ax = plt.figure().add_subplot()  # the first figure chooses the backend, which is a setting too
    before = dict(mpl.rcParams)
    assert figure(ax=ax, title="Mine") is ax
    assert title(ax) == "Mine"
    assert len(plt.get_fignums()) == 1
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_nothing_is_cut_off(figure):
    fig = figure().figure
    fig.canvas.draw()
    drawn, page = fig.get_tightbbox(), fig.bbox_inches
    assert drawn.x0 >= page.x0 - 0.01 and drawn.y0 >= page.y0 - 0.01
    assert drawn.x1 <= page.x1 + 0.01 and drawn.y1 <= page.y1 + 0.01


def test_answers_have_a_disk_a_true_label_and_a_ring_a_predicted_one():
    ax = plots.plot_answers(TRUTH, ANSWER, ["dog", "cat"])
    rings = [line for line in ax.lines if line.get_markerfacecolor() == "none"]
    disks = [
        line for line in ax.lines if line.get_markerfacecolor() == GRAY and line.get_marker() == "o"
    ]

    def places(marks):
        return sorted((int(m.get_ydata()[0]), int(m.get_xdata()[0])) for m in marks)

    assert places(disks) == list(map(tuple, np.argwhere(TRUTH)))
    assert places(rings) == list(map(tuple, np.argwhere(ANSWER)))
    shaded = sorted((patch.get_y() + 0.5, patch.get_x() + 0.5) for patch in ax.patches)
    assert shaded == [(1, 0), (2, 1)]
    assert texts(ax) == ["right", "1 wrong", "1 wrong", "right"]
    assert title(ax) == "2 of 4 rows and 6 of 8 labels are right"
    assert ticks(ax.xaxis) == ["dog", "cat"] and ticks(ax.yaxis) == ["1", "2", "3", "4"]
    assert ax.yaxis_inverted()


def test_answers_are_as_large_in_axes_of_ones_own_as_in_new_ones():
    own = plots.plot_answers(TRUTH, ANSWER, ax=plt.subplots()[1])
    new = plots.plot_answers(TRUTH, ANSWER)

    def sizes(ax):
        parts = [ax.xaxis.label, ax.yaxis.label, *ax.get_xticklabels(), *ax.get_yticklabels()]
        return {part.get_size() for part in parts}

    assert sizes(own) == sizes(new) == {12}


def test_answers_refuse_shapes_that_differ():
    with pytest.raises(ValueError, match="shape"):
        plots.plot_answers(TRUTH, ANSWER[:, :1])


def test_cards_show_the_network_and_the_best_of_the_rest():
    ax = plots.plot_metric_cards(CARDS)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    network = [line.get_xdata()[0] for line in dots if line.get_color() == INK]
    rest = [(line.get_xdata()[0], line.get_color()) for line in dots if line.get_color() != INK]
    assert network == [0.8, 0.9, 0.6]
    assert rest == [(0.3, GRAY), (0.5, GRAY), (0.75, ACCENT)]
    assert {"prior 0.30", "any 0.50", "nothing 0.75", "0.80", "0.90", "0.60"} <= set(texts(ax))
    assert {"rows", "All labels right?", "network"} <= set(texts(ax))
    assert ax.yaxis_inverted()
    assert title(ax) == (
        "The same predictions score 0.60 to 0.90;\n"
        "in 1 of 3 metrics a model without features is at least as good"
    )


def test_a_card_counts_a_tie_as_as_good():
    ax = plots.plot_metric_cards(CARDS.assign(prior=[0.8, 0.1, 0.1]).iloc[:1])
    assert ACCENT in {line.get_color() for line in ax.lines}
    assert title(ax).endswith("in 1 of 1 metrics a model without features is at least as good")


def test_precision_recall_has_a_panel_a_label_with_its_curve_dot_and_chance_level():
    axes = plots.plot_precision_recall(TRUTH, PROBABILITIES)
    assert [title(ax) for ax in axes] == ["label_1", "label_2"]
    dots = [line for ax in axes for line in ax.lines if line.get_marker() == "o"]
    curves = [line for ax in axes for line in ax.lines if line.get_drawstyle() == "steps-post"]
    for lines in (curves, dots):
        assert [line.get_color() for line in lines] == list(LABEL_COLORS[:2])
    places = [(line.get_xdata()[0], line.get_ydata()[0]) for line in dots]
    assert places == [(0.5, 1.0), (1.0, 0.5)]  # recall, precision at 0.5
    chance = [line for ax in axes for line in ax.lines if line.get_linestyle() == "--"]
    assert [line.get_ydata()[0] for line in chance] == [0.5, 0.25]
    assert texts(axes[0]) == ["average precision 1.00", "chance 0.50"]
    assert "recall" in axes[0].get_xlabel() and "precision" in axes[0].get_ylabel()


def test_the_average_precision_stands_at_its_curve_not_at_the_chance_line():
    ax = plots.plot_precision_recall(TRUTH, PROBABILITIES)[0]
    told, chance = ax.texts
    assert told.xy[1] == 1.0 and told.get_color() == LABEL_COLORS[0]
    assert chance.xy[1] == 0.5 and chance.get_color() == GRAY


def test_precision_recall_says_which_label_is_lowest_and_skips_one_that_no_row_has():
    y_true = np.column_stack([np.zeros(4, dtype=int), TRUTH])
    y_prob = np.column_stack([np.full(4, 0.5), PROBABILITIES])
    y_prob[:, 2] = 1 - y_prob[:, 2]
    axes = plots.plot_precision_recall(y_true, y_prob, title=None)
    told = "label_3 has the lowest average precision: 0.25, chance 0.25"
    assert axes[0].figure.get_suptitle() == told
    assert [title(ax) for ax in axes] == ["label_2", "label_3"]


def test_precision_recall_takes_axes_of_ones_own_and_refuses_labels_without_rows():
    own = plt.subplots(1, 2)[1]
    axes = plots.plot_precision_recall(TRUTH, PROBABILITIES, axes=own, title="Mine")
    assert list(axes) == list(own) and axes[0].figure.get_suptitle() == "Mine"
    with pytest.raises(ValueError, match="no row has any label"):
        plots.plot_precision_recall(0 * TRUTH, PROBABILITIES)
