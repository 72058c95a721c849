"""The figures of lesson 15: parts of a task, a cluster."""

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import FancyBboxPatch

from helpers import plots
from helpers.plots import ACCENT, INK, LABEL_COLORS, TRAIN_COLOR


def title(ax):
    return ax.get_title(loc="left")


def texts(ax):
    return [text.get_text().strip() for text in ax.texts]


def colors(patches):
    return [to_hex(patch.get_facecolor()) for patch in patches]


PARTS = pd.Series({"making": 0.25, "arithmetic": 0.0321, "all else": 8.0})


def test_parts_have_one_bar_each_in_their_order_and_one_of_them_stands_out():
    ax = plots.plot_time_parts(PARTS, highlight="arithmetic")
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
    assert title(plots.plot_time_parts(PARTS, "arithmetic", title="Mine")) == "Mine"


@pytest.mark.parametrize(
    ("n_workers", "last"), [(1, ["1"]), (2, ["1", "2"]), (64, ["1", "2", "64"])]
)
def test_a_cluster_has_a_box_for_each_part_and_arrows_for_what_travels(n_workers, last):
    ax = plots.draw_cluster(n_workers, n_folds=12)
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
    ax = plots.draw_cluster(n_workers)
    corners = [(box.get_x(), box.get_y(), box.get_width(), box.get_height()) for box in ax.patches]
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    for x, y, width, height in corners:
        assert left <= x and x + width <= right and bottom <= y and y + height <= top
    for number, (x, y, width, height) in enumerate(corners):
        for other_x, other_y, *_ in corners[:number]:
            assert abs(x - other_x) >= width or abs(y - other_y) >= height
