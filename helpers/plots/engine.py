"""Figures of lesson 09: where the time goes, and who does what on a cluster."""

from matplotlib.patches import FancyBboxPatch

from helpers.plots.house import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    LIGHT_GRAY,
    TRAIN_COLOR,
    house_style,
    new_axes,
)

# What travels: its name, color, height beside the other arrows, and whether it goes back.
TRAFFIC = (
    ("table, once", ACCENT, 0.42, False),
    ("pieces of folds", INK, 0.0, False),
    ("results", LABEL_COLORS[2], -0.42, True),
)


@house_style
def plot_time_parts(seconds, highlight, ax=None, title=None):
    """Draw one bar for each part of a task, as long as the part took.

    Parameters
    ----------
    seconds : Series
        Seconds of each part, by its name, in the order in which they happen.
    highlight : str
        The part that the reader should look at.

    Examples
    --------
    >>> import pandas as pd
    >>> ax = plot_time_parts(pd.Series({"waiting": 99.0, "work": 1.0}), highlight="work")
    >>> ax.get_title(loc="left")
    '1.0 of 100.0 seconds are work'
    """
    ax = new_axes(ax, figsize=(9, 0.9 + 0.55 * len(seconds)))
    colors = [ACCENT if name == highlight else TRAIN_COLOR for name in seconds.index]
    # The edge keeps a bar visible that is nearly nothing.
    ax.barh(range(len(seconds)), seconds, color=colors, edgecolor=colors, linewidth=1.5, height=0.6)
    for place, value in enumerate(seconds):
        ax.text(value, place, f"  {_rounded(value)} s", va="center")
    ax.set(yticks=range(len(seconds)), yticklabels=seconds.index, xlabel="seconds")
    ax.set(xlim=(0, 1.15 * seconds.max()), ylim=(len(seconds) - 0.5, -0.5))
    ax.tick_params(axis="y", length=0)
    finding = f"{_rounded(seconds[highlight])} of {_rounded(seconds.sum())} seconds are {highlight}"
    ax.set_title(title or finding)
    return ax


@house_style
def draw_cluster(n_workers=2, n_folds=30, ax=None, title=None):
    """Draw what goes where when a cluster trains the folds.

    Parameters
    ----------
    n_workers : int, default=2
        At most three are drawn.
    n_folds : int, default=30

    Examples
    --------
    >>> ax = draw_cluster(n_workers=3)
    >>> len(ax.patches), ax.get_title(loc="left")
    (5, 'The table goes to each worker once, the folds go in pieces')
    """
    ax = new_axes(ax, figsize=(10.5, 4.8))
    drawn, middle = min(n_workers, 3), 2.0
    _box(ax, (0, middle), "client", "your notebook:\ntable, folds, seeds")
    _box(ax, (4.3, middle), "scheduler", "keeps the list of pieces,\nknows who is alive")
    for k in range(drawn):
        height = middle + 3.2 * ((drawn - 1) / 2 - k) / max(drawn - 1, 1)
        number = k if k < drawn - 1 else n_workers - 1
        _box(ax, (8.6, height), f"worker {number + 1}", "own TensorFlow,\nwhole table")
    for name, color, shift, back in TRAFFIC:
        _arrow(ax, (2.15, middle + shift), (4.25, middle + shift), color, back)
        ax.text(3.2, middle + shift + 0.05, name, ha="center", va="bottom", color=color)
        for k in range(drawn):
            height = middle + 3.2 * ((drawn - 1) / 2 - k) / max(drawn - 1, 1)
            start = middle + 0.35 * (height - middle)
            _arrow(ax, (6.45, start + shift / 3), (8.55, height + shift / 3), color, back)
    ax.text(0, -0.55, "The table is sent to each worker once, and stays there.", color=ACCENT)
    ax.text(0, -0.95, f"{n_folds} folds are cut into pieces: row numbers and seeds, no rows.")
    ax.set(xlim=(-0.1, 10.8), ylim=(-1.1, 4.4))
    ax.axis("off")
    ax.set_title(title or "The table goes to each worker once, the folds go in pieces")
    return ax


def _rounded(seconds):
    return f"{seconds:.1f}" if seconds >= 1 else f"{seconds:.2g}"


def _box(ax, corner, heading, text):
    style = {"boxstyle": "round,pad=0,rounding_size=0.08", "facecolor": "#F4F4F4"}
    left, height = corner
    ax.add_patch(FancyBboxPatch((left, height - 0.6), 2.1, 1.2, edgecolor=LIGHT_GRAY, **style))
    ax.text(left + 1.05, height + 0.35, heading, ha="center", va="center", fontweight="bold")
    ax.text(left + 1.05, height - 0.15, text, ha="center", va="center", fontsize=10, color=GRAY)


def _arrow(ax, start, end, color, back):
    style = "<|-" if back else "-|>"
    ax.annotate("", end, start, arrowprops={"arrowstyle": style, "color": color, "linewidth": 1.5})
