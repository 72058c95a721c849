"""The drawings of lesson 03: compiled training, and how wide intervals are to be expected."""

import re

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from matplotlib.colors import to_hex
from notebook_form import ROOT
from scipy import stats

from helpers import plots
from helpers.plots import ACCENT, LABEL_COLORS, TRAIN_COLOR
from helpers.plots.folds import _expected_margins
from helpers.plots.network import STEPS_DRAWN
from helpers.results import corrected_interval, naive_interval


def texts(ax):
    return [text.get_text().strip() for text in ax.texts]


def patches(ax, color):
    return [part for part in ax.patches if to_hex(part.get_facecolor()) == color.lower()]


def test_the_drawing_goes_back_to_python_at_each_step_of_fit_and_once_for_the_program():
    ax = plots.draw_compiled_training(1234)
    heights = {part.get_y() for part in ax.patches}
    count = {
        color: sorted(
            sum(part.get_y() == height for part in patches(ax, color)) for height in heights
        )
        for color in (ACCENT, TRAIN_COLOR)
    }
    assert count == {
        ACCENT: [1, STEPS_DRAWN],
        TRAIN_COLOR: [STEPS_DRAWN, STEPS_DRAWN],
    }
    assert texts(ax).count("… 1,234 steps") == 2
    assert "each of 1,234 steps" in ax.get_title(loc="left")


def test_nothing_of_the_drawing_is_cut_off():
    ax = plots.draw_compiled_training()
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    for part in ax.patches:
        assert left <= part.get_x() and part.get_x() + part.get_width() <= right
        assert bottom <= part.get_y() and part.get_y() + part.get_height() <= top


def test_margins_are_those_of_scores_that_differ_by_chance():
    # Scores with exactly the standard deviation of a share of 100 rows
    z = stats.zscore(np.random.default_rng(0).normal(size=30), ddof=1)
    scores = 0.8 + z * np.sqrt(0.8 * 0.2 / 100)
    naive, corrected = _expected_margins(0.8, n_samples=1000, n_splits=10, n_repeats=3)
    assert naive == pytest.approx(naive_interval(scores)[1] - 0.8)
    assert corrected == pytest.approx(corrected_interval(scores, 900, 100)[1] - 0.8)


def test_repeats_shrink_the_naive_margin_without_end_but_not_the_corrected_one():
    naive, corrected = _expected_margins(0.8, 1000, 10, np.array([10, 1000, 100_000]))
    assert naive[2] < naive[1] / 9 < naive[0] / 80
    # It ends at the margin of a share of the 900 training rows.
    assert corrected[2] == pytest.approx(stats.norm.ppf(0.975) * np.sqrt(0.16 / 900), rel=1e-3)


def test_the_figure_draws_both_margins_marks_the_choice_and_says_it():
    ax = plots.plot_interval_widths(0.8, 1000, n_splits=5, n_repeats=4, max_repeats=12)
    expected = _expected_margins(0.8, 1000, 5, np.arange(1, 13))
    curves = [line for line in ax.lines if len(line.get_xdata()) == 12]
    assert [line.get_color() for line in curves] == [LABEL_COLORS[0], ACCENT]
    np.testing.assert_allclose([line.get_ydata() for line in curves], expected)
    dots = [line.get_xydata()[0] for line in ax.lines if line.get_marker() == "o"]
    np.testing.assert_allclose(dots, [(4, expected[0][3]), (4, expected[1][3])])
    assert {"naive", "corrected", "endless repeats, corrected"} == set(texts(ax))
    naive, corrected = (margin[3] for margin in expected)
    assert ax.get_title(loc="left") == (
        f"5 folds × 4 repeats: ±{naive:.3f} if naive, ±{corrected:.3f} corrected"
    )
    assert ax.get_xlabel() == "repeats of 5 folds (dots: 4)"
    assert ax.get_ylabel() == "half the width of the 95 % interval"


def test_all_pictures_have_the_same_axis_so_that_a_slider_shows_the_change():
    limits = plots.plot_interval_widths(0.8, 1000, 3, 1).get_ylim()
    assert limits == plots.plot_interval_widths(0.8, 1000, 20, 30).get_ylim()
    assert "× 1 repeat:" in plots.plot_interval_widths(0.8, 1000, 10, 1).get_title(loc="left")


def test_the_dots_lie_in_the_picture_wherever_the_sliders_of_lesson_03_stand():
    cells = nbformat.read(ROOT / "notebooks" / "03_evaluation.ipynb", as_version=4).cells
    source = next(cell.source for cell in cells if cell.id == "03-widget")
    ends = re.findall(r"min=(\d+), max=(\d+)", source)
    (fewest_folds, most_folds), (fewest, most) = [(int(low), int(high)) for low, high in ends]
    bottom, top = plots.plot_interval_widths(0.8, 1000).get_ylim()
    for n_splits in range(fewest_folds, most_folds + 1):
        margins = _expected_margins(0.8, 1000, n_splits, np.arange(fewest, most + 1))
        assert bottom < np.min(margins) and np.max(margins) < 0.95 * top


@pytest.mark.parametrize(
    "figure", [plots.draw_compiled_training, lambda **k: plots.plot_interval_widths(0.8, 1000, **k)]
)
def test_figures_take_an_axes_and_a_title(figure):
    _, ax = plt.subplots()
    assert figure(ax=ax, title="Mine") is ax
    assert ax.get_title(loc="left") == "Mine"
