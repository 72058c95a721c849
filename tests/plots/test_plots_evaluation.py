"""The drawing of compiled training."""

import matplotlib.pyplot as plt
from matplotlib.colors import to_hex

from helpers import plots
from helpers.plots import ACCENT, TRAIN_COLOR
from helpers.plots.network import STEPS_DRAWN


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


def test_it_takes_an_axes_and_a_title():
    _, ax = plt.subplots()
    assert plots.draw_compiled_training(ax=ax, title="Mine") is ax
    assert ax.get_title(loc="left") == "Mine"
