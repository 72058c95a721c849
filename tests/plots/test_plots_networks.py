"""Figures about networks and their learning show the data they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import same_color, to_rgba
from matplotlib.patches import Rectangle

from helpers import plots
from helpers.plots import ACCENT, LIGHT_GRAY, TRAIN_COLOR, label_color
from helpers.plots.house import TEST_COLOR

Y_TRUE = [[1, 0, 1], [0, 0, 0]]
Y_PROB = [[0.9, 0.2, 0.3], [0.1, 0.5, 0.4]]  # wrong: label 3 of the first row, 2 of the second
CALLS = [
    (plots.plot_network, ([10, 20, 3],)),
    (plots.plot_learning_curve, ([3, 2, 1], [3, 2, 2])),
    (plots.plot_probabilities, (Y_TRUE, Y_PROB)),
]
each_figure = pytest.mark.parametrize(
    ("plot", "data"), CALLS, ids=lambda value: getattr(value, "__name__", "")
)


def title(ax):
    return ax.get_title(loc="left")


def texts(ax):
    return [text.get_text() for text in ax.texts]


@each_figure
def test_a_figure_has_a_title_and_named_axes(plot, data):
    ax = plot(*data)
    assert title(ax)
    assert ax.get_xlabel()
    assert ax.get_ylabel() or not len(ax.get_yticks())
    assert title(plot(*data, title="Mine")) == "Mine"


@each_figure
def test_a_figure_is_drawn_on_the_axes_given_and_leaves_the_settings_alone(plot, data):
    _, (ax, other) = plt.subplots(1, 2)
    before = dict(plt.rcParams)
    assert plot(*data, ax=ax) is ax
    assert dict(plt.rcParams) == before
    assert not other.has_data()
    assert plt.get_fignums() == [1]


# The drawing of a network


def wires(ax):
    """Return the color of each bundle of weights and how many it has."""
    return [(c.get_color()[0], len(c.get_segments())) for c in ax.collections if is_bundle(c)]


def is_bundle(collection):
    return hasattr(collection, "get_segments")


def units(ax):
    """Return how many units each layer shows."""
    return [len(c.get_offsets()) for c in ax.collections if not is_bundle(c)]


def test_a_small_network_shows_every_unit_and_every_weight():
    ax = plots.plot_network([4, 5, 2])
    assert units(ax) == [4, 5, 2]
    assert sum(count for _, count in wires(ax)) == 4 * 5 + 5 * 2
    assert "⋮" not in texts(ax)


def test_a_long_layer_is_abridged_and_counted():
    ax = plots.plot_network([10, 20, 3])
    assert units(ax) == [10, 8, 3]
    assert texts(ax).count("⋮") == 1
    assert [t.get_text() for t in ax.get_xticklabels()] == [
        "10 features",
        "20 hidden units",
        "3 labels",
    ]
    assert {"10·20 weights", "20·3 weights"} <= set(texts(ax))


def test_weights_are_gray_but_for_one_hidden_unit_and_each_label():
    colors = [color for color, _ in wires(plots.plot_network([10, 20, 3]))]
    assert sum(same_color(color, LIGHT_GRAY) for color in colors) == 7
    for label in range(3):
        assert sum(same_color(color, label_color(label)) for color in colors) == 1


def test_labels_have_their_names_and_colors():
    ax = plots.plot_network([2, 3], label_names=["cat", "dog", "owl"])
    found = {t.get_text(): t.get_color() for t in ax.texts}
    assert [found[name] for name in ["cat", "dog", "owl"]] == [label_color(k) for k in range(3)]
    outputs = [c for c in ax.collections if not is_bundle(c)][-1]
    assert np.allclose(outputs.get_facecolors(), [to_rgba(label_color(k)) for k in range(3)])


def test_an_abridged_layer_names_its_first_and_last_units():
    ax = plots.plot_network([12, 14])
    names = texts(ax)
    assert {"feature_1", "feature_4", "feature_9", "feature_12"} <= set(names)
    assert "feature_5" not in names
    assert {"label_4", "label_11", "label_14"} <= set(names)
    color = next(t.get_color() for t in ax.texts if t.get_text() == "label_14")
    assert color == label_color(13)


@pytest.mark.parametrize(("sizes", "total"), [([10, 20, 3], "283"), ([10, 50, 50, 3], "3,253")])
def test_the_title_counts_weights_and_biases(sizes, total):
    assert title(plots.plot_network(sizes)).endswith(f"= {total} numbers to learn")


# How a network learns


def test_both_losses_are_drawn_by_epoch_in_their_colors():
    ax = plots.plot_learning_curve([3, 2, 1], [4, 3, 2])
    train, test = ax.lines
    assert train.get_xdata().tolist() == test.get_xdata().tolist() == [1, 2, 3]
    assert (train.get_ydata().tolist(), test.get_ydata().tolist()) == ([3, 2, 1], [4, 3, 2])
    assert (train.get_color(), test.get_color()) == (TRAIN_COLOR, TEST_COLOR)
    assert (train.get_label(), test.get_label()) == ("training rows", "validation rows")
    assert title(ax) == "Validation loss ends at 2.00 after 3 epochs"


def test_the_lowest_validation_loss_is_marked_and_told():
    ax = plots.plot_learning_curve([3, 2, 1, 0.5], [4, 1.5, 2, 3])
    assert ax.collections[0].get_offsets().tolist() == [[2, 1.5]]
    assert texts(ax) == ["lowest: 1.500 after epoch 2"]
    assert title(ax) == "Validation loss is lowest after epoch 2 of 4, then rises"


def test_the_lowest_loss_is_told_above_the_curve():
    note = plots.plot_learning_curve([3, 2, 1, 0], [2, 1, 1.9, 1.9]).texts[0]
    assert note.xyann[1] > 1.9
    assert note.xy == (2, 1)


def test_one_epoch_is_enough():
    assert texts(plots.plot_learning_curve([1], [2])) == ["lowest: 2.000 after epoch 1"]


def test_a_wobble_is_not_called_a_rise():
    assert "rises" not in title(plots.plot_learning_curve([3, 2, 1], [4, 1, 1.04]))


def test_the_baseline_is_a_line_of_its_own():
    ax = plots.plot_learning_curve([3, 2], [3, 2], baseline=0.6)
    assert len(ax.lines) == 3
    assert set(ax.lines[0].get_ydata()) == {0.6}
    assert "trivial prediction" in texts(ax)
    assert [t.get_text() for t in ax.get_legend().texts] == ["training rows", "validation rows"]


# What it answers


def frames(ax):
    """Return the places (row, label) that are framed."""
    rectangles = [p for p in ax.patches if isinstance(p, Rectangle)]
    assert all(same_color(p.get_edgecolor(), ACCENT) for p in rectangles)
    centers = [(p.get_y() + p.get_height() / 2, p.get_x() + p.get_width() / 2) for p in rectangles]
    return np.round(centers, 6).tolist()


def test_probabilities_are_written_and_shaded():
    ax = plots.plot_probabilities(Y_TRUE, Y_PROB)
    assert np.allclose(ax.images[0].get_array(), Y_PROB)
    low, high = ax.images[0].get_clim()
    assert low == 0 and high >= 1
    assert texts(ax) == ["0.90", "0.20", "0.30", "0.10", "0.50", "0.40"]


def test_wrong_answers_are_framed_and_counted():
    ax = plots.plot_probabilities(Y_TRUE, Y_PROB)
    assert frames(ax) == [[0, 2], [1, 1]]
    assert title(ax) == "2 of 6 answers are on the wrong side of 0.5"


def test_another_threshold_frames_other_answers():
    ax = plots.plot_probabilities(Y_TRUE, Y_PROB, threshold=0.25)
    assert frames(ax) == [[1, 1], [1, 2]]
    assert title(ax).endswith("0.25")


def test_true_labels_have_a_dot_in_their_color():
    ax = plots.plot_probabilities(Y_TRUE, Y_PROB)
    dots = ax.collections[0]
    assert np.allclose(dots.get_offsets(), [[-0.3, 0], [1.7, 0]])
    assert np.allclose(dots.get_facecolors(), [to_rgba(label_color(k)) for k in (0, 2)])


def test_rows_and_labels_have_their_names():
    ax = plots.plot_probabilities(Y_TRUE, Y_PROB, row_names=[12, 7], label_names=["a", "b", "c"])
    assert [t.get_text() for t in ax.get_yticklabels()] == ["12", "7"]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["a", "b", "c"]
    assert [t.get_color() for t in ax.get_xticklabels()] == [label_color(k) for k in range(3)]
