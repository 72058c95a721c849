"""What all figures share: their style, and what their docstrings say of `ax` and `title`."""

import inspect

import pytest
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
