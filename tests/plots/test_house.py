"""What all figures share: their style, and what their docstrings say of `ax` and `title`."""

import colorsys
import inspect

import pytest
from matplotlib.colors import to_rgb
from numpydoc.docscrape import FunctionDoc

from helpers import plots

FIGURES = [name for name in plots.__all__ if name.startswith(("plot_", "draw_"))]
FIGURES.remove("draw_heat_map")  # which draws into a figure of somebody else


@pytest.mark.parametrize("name", FIGURES)
def test_each_argument_of_a_figure_is_documented_once(name):
    function = getattr(plots, name)
    doc = FunctionDoc(function)
    documented = [n.strip("* ") for part in doc["Parameters"] for n in part.name.split(",")]
    assert sorted(documented) == sorted(inspect.signature(function).parameters)
    assert len(doc["Returns"]) == 1


@pytest.mark.parametrize(
    ("color", "low", "high"),
    [
        (plots.LABEL_COLORS[0], 190, 220),  # blue
        (plots.LABEL_COLORS[1], 35, 45),  # orange, but yellower than what stands out
        (plots.LABEL_COLORS[2], 150, 170),  # green
        (plots.TRAIN_COLOR, 195, 210),  # light blue
        (plots.ACCENT, 20, 30),
    ],
)
def test_colors_are_those_that_texts_and_labels_name(color, low, high):
    hue, *_ = colorsys.rgb_to_hsv(*to_rgb(color))
    assert low < 360 * hue < high
