"""The house style of all figures: applied inside each figure function, never on import."""

import functools

import matplotlib.pyplot as plt
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


def house_style(figure_function):
    """Run a figure function in the house style and leave the reader's settings alone.

    Parameters
    ----------
    figure_function : callable

    Returns
    -------
    callable

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

    return styled


def label_color(label):
    """Return the colour of label number `label`, the same in every figure.

    Parameters
    ----------
    label : int
        Counted from 0.

    Returns
    -------
    str

    Examples
    --------
    >>> label_color(0)
    '#0072B2'
    """
    return LABEL_COLORS[label % len(LABEL_COLORS)]


def new_axes(ax=None, **kwargs):
    """Return `ax`, or the Axes of a new figure.

    Parameters
    ----------
    ax : matplotlib.axes.Axes, optional
    **kwargs
        Passed on to `matplotlib.pyplot.subplots`, for instance ``figsize``.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> ax = new_axes()
    >>> new_axes(ax) is ax
    True
    """
    return plt.subplots(**kwargs)[1] if ax is None else ax


def whole_numbers(axis):
    """Let an axis of counts have ticks at whole numbers only.

    Parameters
    ----------
    axis : matplotlib.axis.Axis

    Examples
    --------
    >>> whole_numbers(new_axes().xaxis)
    """
    axis.set_major_locator(MaxNLocator(integer=True))
