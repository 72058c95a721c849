"""The figures of lesson 09: parts of a task, products of stacks, what stacks save, a cluster."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import FancyBboxPatch

from helpers.plots.scale import draw_cluster, plot_stack_times, plot_time_parts
from helpers.plots.stacks import draw_batched_matmul
from helpers.plots.style import ACCENT, INK, LABEL_COLORS, TRAIN_COLOR


def title(ax):
    return ax.get_title(loc="left")


def texts(ax):
    return [text.get_text().strip() for text in ax.texts]


def colors(patches):
    return [to_hex(patch.get_facecolor()) for patch in patches]


PARTS = pd.Series({"making": 0.25, "arithmetic": 0.0321, "all else": 8.0})


def test_parts_have_one_bar_each_in_their_order_and_one_of_them_stands_out():
    ax = plot_time_parts(PARTS, highlight="arithmetic")
    assert [bar.get_width() for bar in ax.patches] == list(PARTS)
    tops = [bar.get_y() for bar in ax.patches]
    assert tops == sorted(tops) and ax.yaxis_inverted(), "the first part is on top"
    assert [label.get_text() for label in ax.get_yticklabels()] == list(PARTS.index)
    expected = [TRAIN_COLOR, ACCENT, TRAIN_COLOR]
    assert colors(ax.patches) == [color.lower() for color in expected]
    assert texts(ax) == ["0.25 s", "0.032 s", "8.0 s"]
    assert ax.get_xlabel() == "seconds"
    assert title(ax) == "0.032 of 8.3 seconds are arithmetic"


def test_a_title_can_be_given():
    assert title(plot_time_parts(PARTS, "arithmetic", title="Mine")) == "Mine"


TIMES = pd.DataFrame(
    {"small": [4e-4, 1e-4, 5e-5], "large": [0.01, 0.02, np.nan]}, index=[1, 10, 100]
)


def test_there_is_one_line_a_size_and_its_end_says_what_was_gained():
    ax = plot_stack_times(TIMES)
    small, large = ax.lines
    assert list(small.get_xdata()) == [1, 10, 100]
    np.testing.assert_allclose(small.get_ydata(), [400, 100, 50])
    np.testing.assert_allclose(large.get_ydata(), [10_000, 20_000])
    assert [line.get_color() for line in ax.lines] == list(LABEL_COLORS[:2])
    assert texts(ax) == ["small: 8.0 times cheaper", "large: 2.0 times dearer"]
    assert [text.xy[0] for text in ax.texts] == [100, 10], "where the line ends"


def test_both_scales_are_logarithmic_and_named_with_their_units():
    ax = plot_stack_times(TIMES)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert ax.get_xlabel() == "networks in a stack"
    assert ax.get_ylabel() == "microseconds per network and step"
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "10", "100"]


def test_the_title_claims_an_order_only_where_there_is_one():
    assert title(plot_stack_times(TIMES)) == "The smaller the network, the more a stack saves"
    assert title(plot_stack_times(TIMES[["large", "small"]])) == "What a stack saves"


@pytest.mark.parametrize("n_networks", [3, 30])
def test_stacks_that_multiply_have_three_colors_and_say_their_shapes(n_networks):
    ax = draw_batched_matmul(n_networks, batch_size=32, n_inputs=10, n_outputs=20)
    drawn = min(n_networks, 8)
    expected = [LABEL_COLORS[1], TRAIN_COLOR, LABEL_COLORS[2]]
    assert colors(ax.patches) == [color.lower() for color in expected for _ in range(drawn)]
    shapes = [f"({n_networks}, {shape})" for shape in ("32, 10", "10, 20", "32, 20")]
    assert [text for text in texts(ax) if text.startswith("(")] == shapes
    note = f"{n_networks} sheets in each stack, one a network"
    assert note + (" (8 are drawn)" if n_networks > 8 else "") in texts(ax)
    assert title(ax) == f"One product of two stacks is {n_networks} products of matrices"
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    for sheet in ax.patches:
        assert left <= sheet.get_x() and sheet.get_x() + sheet.get_width() <= right
        assert bottom <= sheet.get_y() and sheet.get_y() + sheet.get_height() <= top


@pytest.mark.parametrize(
    ("n_workers", "last"), [(1, ["1"]), (2, ["1", "2"]), (64, ["1", "2", "64"])]
)
def test_a_cluster_has_a_box_for_each_part_and_arrows_for_what_travels(n_workers, last):
    ax = draw_cluster(n_workers, n_folds=12)
    boxes = [patch for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
    assert len(boxes) == 2 + len(last)
    named = [text for text in texts(ax) if text.startswith("worker ")]
    assert named == [f"worker {number}" for number in last]
    assert {"client", "scheduler", "table, once", "pieces of folds", "results"} <= set(texts(ax))
    arrows = [text.arrow_patch for text in ax.texts if getattr(text, "arrow_patch", None)]
    kinds = [to_hex(arrow.get_edgecolor()) for arrow in arrows]
    for color in (ACCENT, INK, LABEL_COLORS[2]):
        assert kinds.count(color.lower()) == 1 + len(last)
    assert any("12 folds" in text for text in texts(ax))
    assert title(ax) == "The table goes to each worker once, the folds go in pieces"


@pytest.mark.parametrize("n_workers", [1, 2, 3, 64])
def test_boxes_of_a_cluster_do_not_overlap_and_nothing_is_cut_off(n_workers):
    ax = draw_cluster(n_workers)
    corners = [(box.get_x(), box.get_y(), box.get_width(), box.get_height()) for box in ax.patches]
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    for x, y, width, height in corners:
        assert left <= x and x + width <= right and bottom <= y and y + height <= top
    for number, (x, y, width, height) in enumerate(corners):
        for other_x, other_y, *_ in corners[:number]:
            assert abs(x - other_x) >= width or abs(y - other_y) >= height
