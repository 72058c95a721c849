"""The house style of all figures: applied inside each figure function, never on import."""

import functools
import inspect
import re

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

# Okabe and Ito's palette, which colour-blind readers can tell apart: one fixed colour per label.
LABEL_COLORS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
INK, GRAY, LIGHT_GRAY = "#222222", "#767676", "#D9D9D9"
ACCENT = "#D55E00"  # what the reader should look at: a mean, a median, a chosen value
TRAIN_COLOR, TEST_COLOR = "#56B4E9", "#D55E00"  # training rows and held-out rows
SHADES = "Blues"  # colour map of shares and probabilities, white is 0

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
    "ax": "ax : matplotlib.axes.Axes, optional\n    Draw here instead of on a new figure.",
    "title": "title : str, optional\n    Say it differently.",
}
RETURNS = "Returns\n-------\nmatplotlib.axes.Axes"


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
    """Return a docstring whose sections Parameters and Returns are complete."""
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
        sections.insert(bool(sections and sections[0].startswith("Parameters")), RETURNS)
    return "\n\n".join([summary, *sections])


def label_color(label):
    """Return the colour of label number `label`, the same in every figure."""
    return LABEL_COLORS[label % len(LABEL_COLORS)]


def new_axes(ax=None, **kwargs):
    """Return `ax`, or the Axes of a new figure."""
    return plt.subplots(**kwargs)[1] if ax is None else ax


def whole_numbers(axis):
    """Let an axis of counts have ticks at whole numbers only."""
    axis.set_major_locator(MaxNLocator(integer=True))


def new_panels(axes=None, n_columns=1, n_rows=1, **kwargs):
    """Return `axes` as an array, or the Axes of a new figure.

    Parameters
    ----------
    axes : array-like of matplotlib.axes.Axes, optional
    n_columns, n_rows : int, default=1
    **kwargs
        Passed on to `matplotlib.pyplot.subplots`, for instance ``figsize``.

    Returns
    -------
    ndarray of matplotlib.axes.Axes, shape (n_columns,), or (n_rows, n_columns) with several rows

    Raises
    ------
    ValueError
        If `axes` has another shape.

    Examples
    --------
    >>> new_panels(n_columns=3).shape, new_panels(n_columns=3, n_rows=2).shape
    ((3,), (2, 3))
    """
    shape = (n_columns,) if n_rows == 1 else (n_rows, n_columns)
    if axes is None:
        return plt.subplots(n_rows, n_columns, squeeze=False, **kwargs)[1].reshape(shape)
    axes = np.asarray(axes)
    if axes.shape != shape:
        raise ValueError(f"axes has shape {axes.shape}: this figure needs {shape} panels.")
    return axes


def set_headline(axes, title):
    """Write one title above all panels of a figure, in the manner of a title above one."""
    size, weight = plt.rcParams["axes.titlesize"], plt.rcParams["axes.titleweight"]
    figure = axes.flat[0].figure
    figure.suptitle(title, x=0.01, ha="left", fontsize=size, fontweight=weight)


def draw_heat_map(ax, table, text, cmap, limits):
    """Draw a table as coloured cells, rows from the top down; NaN stays white and empty."""
    values = table.to_numpy(dtype="float64")
    image = ax.imshow(values, cmap=cmap, vmin=limits[0], vmax=limits[1], aspect="auto")
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            red, green, blue, _ = image.cmap(image.norm(value))
            dark = 0.3 * red + 0.6 * green + 0.1 * blue < 0.5
            color = "white" if dark else INK
            ax.text(column, row, text(value), ha="center", va="center", color=color)
    ax.set_xticks(range(table.shape[1]), table.columns)
    ax.set_yticks(range(table.shape[0]), table.index)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
