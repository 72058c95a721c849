"""The house style, applied inside each figure function, never on import; parts of all figures."""

import functools
import inspect
import re

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.ticker import MaxNLocator

# Okabe and Ito's palette, which colour-blind readers can tell apart: one fixed colour per label.
LABEL_COLORS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
INK, GRAY, LIGHT_GRAY = "#222222", "#767676", "#D9D9D9"
ACCENT = "#D55E00"  # what the reader should look at: a mean, a median, a chosen value
TRAIN_COLOR, TEST_COLOR = "#56B4E9", "#D55E00"  # training rows and held-out rows
SHADES = "Blues"  # colour map of shares and probabilities, white is 0
WHITE_BOX = {"facecolor": "white", "edgecolor": "none", "pad": 1}  # behind a text

STYLE = {
    "figure.figsize": (7.5, 4.2),
    "figure.dpi": 100,
    "figure.facecolor": "white",
    "figure.constrained_layout.use": True,
    "font.size": 12,
    "axes.titlesize": 13,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.edgecolor": GRAY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
    "lines.linewidth": 2,
}

# What the docstrings of all figures say of the same arguments, by their names.
ARGUMENTS = {
    "label_names": "label_names : list of str, optional\n    Else label_1, label_2 and so on.",
    "ax": "ax : matplotlib.axes.Axes, optional\n    Draw here instead of on a new figure.",
    "axes": "axes : array of matplotlib.axes.Axes, optional\n    Draw on these panels instead.",
    "title": "title : str, optional\n    Say it differently.",
}
RETURNS = "Returns\n-------\n{}matplotlib.axes.Axes"


def house_style(figure_function):
    """Run a figure function in the house style and leave the reader's settings alone.

    Its docstring gets what is the same for all figures: `ax`, `title` and the Axes that come back.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> house_style(lambda: plt.rcParams["legend.frameon"])()
    False
    """

    @functools.wraps(figure_function)
    def styled(*args, **kwargs):
        # Not plt.rc_context: it would undo what the notebook's backend sets at its first figure.
        before = {name: plt.rcParams[name] for name in STYLE}
        plt.rcParams.update(STYLE)
        try:
            return figure_function(*args, **kwargs)
        finally:
            plt.rcParams.update(before)

    styled.__doc__ = _with_common_parts(figure_function)
    return styled


def _with_common_parts(figure_function):
    """Return the docstring, with what it does not say itself of ARGUMENTS and RETURNS."""
    if not (doc := inspect.getdoc(figure_function)):
        return None
    summary, *sections = re.split(r"\n\n(?=[A-Z]\w+\n-+\n)", doc)
    names = inspect.signature(figure_function).parameters
    missing = [
        text
        for name, text in ARGUMENTS.items()
        if name in names and not re.search(rf"^{name} :", doc, re.MULTILINE)
    ]
    if missing and not (sections and sections[0].startswith("Parameters")):
        sections.insert(0, "Parameters\n----------")
    if missing:
        sections[0] = "\n".join([sections[0], *missing])
    if not any(section.startswith("Returns") for section in sections):
        returned = RETURNS.format("ndarray of " if "axes" in names else "")
        sections.insert(bool(sections and sections[0].startswith("Parameters")), returned)
    return "\n\n".join([summary, *sections])


def label_color(label):
    """Return the colour of label number `label`, the same in every figure."""
    return LABEL_COLORS[label % len(LABEL_COLORS)]


def signed(value, digits):
    """Write a number with its sign, and with a true minus."""
    return f"{value:+.{digits}f}".replace("-", "−")


def capitalized(text):
    """Begin a text with a capital and leave the rest alone."""
    return text[0].upper() + text[1:]


def name_label_set(row, names, empty):
    """Name the labels of a 0/1 row, or say `empty`."""
    return " + ".join(np.array(names)[np.asarray(row) == 1]) or empty


def new_axes(ax=None, **kwargs):
    """Return `ax`, or the Axes of a new figure; `kwargs` go to `matplotlib.pyplot.subplots`."""
    return plt.subplots(**kwargs)[1] if ax is None else ax


def new_panels(axes=None, n_columns=1, n_rows=1, **kwargs):
    """Return `axes` as an array, or the Axes of a new figure: (n_columns,) or (rows, columns)."""
    shape = (n_columns,) if n_rows == 1 else (n_rows, n_columns)
    if axes is None:
        return plt.subplots(n_rows, n_columns, squeeze=False, **kwargs)[1].reshape(shape)
    axes = np.asarray(axes)
    if axes.shape != shape:
        raise ValueError(f"axes has shape {axes.shape}: this figure needs {shape} panels.")
    return axes


def titled(ax, title, finding, pad=None):
    """Give a figure the reader's title or, without one, what it shows; return its Axes."""
    ax.set_title(title or finding, pad=pad)
    return ax


def titled_panels(axes, title, finding):
    """Write one title above all panels, in the manner of a title above one; return the panels."""
    size, weight = plt.rcParams["axes.titlesize"], plt.rcParams["axes.titleweight"]
    axes.flat[0].figure.suptitle(title or finding, x=0.01, ha="left", size=size, weight=weight)
    return axes


def whole_numbers(axis):
    """Let an axis of counts have ticks at whole numbers only."""
    axis.set_major_locator(MaxNLocator(integer=True))


def name_rows(ax, names, above=0.5, below=0.5):
    """Name places 0, 1, … of the vertical axis from the top down, with room above and below."""
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 1 + below, -above)


def write_near(ax, text, x, y, offset, **kwargs):
    """Write a text `offset` points away from a place in the data."""
    ax.annotate(text, (x, y), offset, textcoords="offset points", **kwargs)


def frame_cell(ax, row, column, height=0.94):
    """Frame a cell of a table that is drawn as an image."""
    corner = (column - 0.47, row - height / 2)
    ax.add_patch(Rectangle(corner, 0.94, height, fill=False, edgecolor=ACCENT, linewidth=3))


def spread_evenly(place, spread, n_values):
    """Return places side by side around one place, so that equal values don't hide one another.

    Examples
    --------
    >>> spread_evenly(1, 0.5, 3).tolist(), spread_evenly(1, 0.5, 1).tolist()
    ([0.5, 1.0, 1.5], [1.0])
    """
    shift = np.linspace(-spread, spread, n_values) if n_values > 1 else np.zeros(n_values)
    return place + shift


def draw_group(
    ax, place, values, spread, reach, color=LABEL_COLORS[0], alpha=0.75, size=6, **kwargs
):
    """Draw values as dots side by side, and their mean as a line; return the mean."""
    values = np.asarray(values, dtype="float64")
    places = spread_evenly(place, spread, len(values))
    ax.plot(places, values, "o", color=color, alpha=alpha, markersize=size)
    ax.hlines(values.mean(), place - reach, place + reach, color=INK, **kwargs)
    return values.mean()


def draw_interval(ax, place, low, middle, high, color):
    """Draw a horizontal interval with a dot in it."""
    ax.hlines(place, low, high, color=color, linewidth=3)
    ax.plot(middle, place, "o", color=color, markersize=9)


def draw_box(ax, left, bottom, width, height, rounding):
    """Draw a rounded box for text."""
    style = f"round,pad=0,rounding_size={rounding}"
    box = ax.add_patch(FancyBboxPatch((left, bottom), width, height, style))
    box.set(edgecolor=LIGHT_GRAY, facecolor="#F4F4F4")


def draw_arrow(ax, start, end, color, style="-|>"):
    """Draw an arrow of matplotlib's `style` between two places in the data."""
    ax.annotate("", end, start, arrowprops={"arrowstyle": style, "color": color, "linewidth": 1.5})


def draw_heat_map(ax, table, text, cmap, limits):
    """Draw a table as coloured cells, rows from the top down; NaN stays white and empty."""
    values = table.to_numpy(dtype="float64")
    image = ax.imshow(values, cmap=cmap, vmin=limits[0], vmax=limits[1], aspect="auto")
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            red, green, blue, _ = image.cmap(image.norm(value))
            color = "white" if 0.3 * red + 0.6 * green + 0.1 * blue < 0.5 else INK
            ax.text(column, row, text(value), ha="center", va="center", color=color)
    ax.set_xticks(range(table.shape[1]), table.columns)
    ax.set_yticks(range(table.shape[0]), table.index)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
