"""A figure of what more folds and more repeats do to the error bar of a cross-validated score."""

import numpy as np
from scipy import stats

from helpers.intervals import expected_margins
from helpers.plots.style import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    house_style,
    new_axes,
    whole_numbers,
)

TOP = 0.1  # of the axis: always the same, so that pictures can be compared


@house_style
def plot_interval_widths(
    share, n_samples, n_splits=10, n_repeats=3, max_repeats=30, ax=None, title=None
):
    """Draw half the width of the naive and the corrected 95 % interval by the number of repeats.

    Parameters
    ----------
    share : float
        The mean score, for instance a subset accuracy.
    n_samples : int
        Rows of the table.
    n_splits, n_repeats : int
        Folds and repeats: the dots.
    max_repeats : int, default=30
        How far the lines go.
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Notes
    -----
    Folds are taken to differ as `helpers.intervals.expected_margins` says. The dashed line is where
    the corrected interval ends up with very many repeats: that of a share of the training rows.

    Examples
    --------
    >>> plot_interval_widths(0.8, 1000).get_title(loc="left")
    '10 folds × 3 repeats: ±0.015 if naive, ±0.031 corrected'
    """
    ax = new_axes(ax, figsize=(8.5, 4.4))
    repeats = np.arange(1, max(max_repeats, n_repeats) + 1)
    lines = expected_margins(share, n_samples, n_splits, repeats)
    chosen = expected_margins(share, n_samples, n_splits, n_repeats)
    n_train = n_samples * (1 - 1 / n_splits)
    floor = stats.norm.ppf(0.975) * np.sqrt(share * (1 - share) / n_train)
    ax.axhline(floor, color=GRAY, linestyle="--", linewidth=1.5)
    ax.axvline(n_repeats, color=INK, linestyle=":", linewidth=1.2)
    named = zip(("naive", "corrected"), (LABEL_COLORS[0], ACCENT), lines, chosen, strict=True)
    for name, color, line, margin in named:
        ax.plot(repeats, line, color=color)
        ax.plot(n_repeats, margin, "o", color=color, markersize=9)
        ax.text(
            repeats[-1] + 0.5, line[-1], f" {name}", color=color, va="center", fontweight="bold"
        )
    ax.text(repeats[-1], floor - 0.0015, "endless repeats, corrected", color=GRAY, ha="right",
            va="top", fontsize=10)  # fmt: skip
    ax.set(xlim=(0.5, repeats[-1] + 0.4), ylim=(0, TOP))
    ax.set_xlabel(f"repeats of {n_splits} folds (dots: {n_repeats})")
    ax.set_ylabel("half the width of the 95 % interval")
    whole_numbers(ax.xaxis)
    found = f"±{chosen[0]:.3f} if naive, ±{chosen[1]:.3f} corrected"
    times = f"{n_repeats} repeat" + "s" * (n_repeats > 1)
    ax.set_title(title or f"{n_splits} folds × {times}: {found}")
    return ax
