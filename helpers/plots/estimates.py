"""Figures about estimates: when networks were at their best, and what new rows made of a score."""

import numpy as np

from helpers.plots.style import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    TEST_COLOR,
    house_style,
    new_axes,
)

WHITE = {"facecolor": "white", "edgecolor": "none", "pad": 2}


@house_style
def plot_stopping(history, ax=None, title=None):
    """Draw each network's loss on the rows that watch it, where it was best, and the median.

    Parameters
    ----------
    history : DataFrame
        Of an evaluation with early stopping, as in `helpers.results.EvaluationResult.history`.
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import pandas as pd
    >>> loss = [0.5, 0.3, 0.4, 0.6, 0.5, 0.4, 0.2, 0.3]
    >>> history = pd.DataFrame({"repeat": 0, "fold": [0] * 4 + [1] * 4, "epoch": [1, 2, 3, 4] * 2,
    ...                         "val_loss": loss})
    >>> plot_stopping(history).get_title(loc="left")
    '2 networks were at their best after 2 to 3 epochs'
    """
    ax = new_axes(ax, figsize=(8, 4.2))
    best = []
    for _, curve in history.groupby(["repeat", "fold"]):
        lowest = curve.loc[curve["val_loss"].idxmin()]
        best.append(lowest["epoch"])
        ax.plot(curve["epoch"], curve["val_loss"], color=TEST_COLOR, alpha=0.35, linewidth=1)
        ax.plot(lowest["epoch"], lowest["val_loss"], "o", color=INK, markersize=6, zorder=3)
    median = np.median(best)
    ax.axvline(median, color=GRAY, linestyle="--", linewidth=1.5)
    losses, last = history["val_loss"], history["epoch"].max()
    top = 3 * losses.median()  # the first epochs would press all that follows against the floor
    ax.text(median, 0.97 * top, f" median: {median:g} epochs", color=GRAY, va="top")
    ax.set(xlim=(0, last + 1), ylim=(0, top), xlabel="epoch")
    ax.set_ylabel("loss on the watching rows\n(binary cross-entropy)")
    ax.set_title(
        title
        or f"{len(best)} networks were at their best after {min(best):g} to {max(best):g} epochs"
    )
    return ax


@house_style
def plot_estimates(
    groups, reference=None, reference_name="new rows", score="subset accuracy", ax=None, title=None
):
    """Draw the fold scores of several ways to estimate, their means, and what came true.

    Parameters
    ----------
    groups : dict of str to array-like
        The fold scores of each way.
    reference : float, optional
        The score on rows that came later, drawn as a dashed line.
    reference_name : str
    score : str
        Its name.
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> groups = {"shuffled": [0.9, 0.92], "in blocks": [0.8, 0.84]}
    >>> plot_estimates(groups).get_title(loc="left")
    'Shuffled: 0.910 on average; in blocks: 0.820'
    >>> plot_estimates(groups, reference=0.83).get_title(loc="left")
    'In blocks (0.820) came closest to new rows (0.830)'
    """
    ax = new_axes(ax, figsize=(8, 4.2))
    means = {name: float(np.mean(values)) for name, values in groups.items()}
    for place, (name, values) in enumerate(groups.items()):
        spread = np.linspace(-0.2, 0.2, len(values)) if len(values) > 1 else [0]
        ax.plot(place + np.asarray(spread), values, "o", color=LABEL_COLORS[0], alpha=0.75)
        ax.hlines(means[name], place - 0.28, place + 0.28, color=INK, linewidth=2)
        ax.text(place + 0.3, means[name], f"mean {means[name]:.3f}", va="center", bbox=WHITE)
    if reference is not None:
        ax.axhline(reference, color=ACCENT, linestyle="--", linewidth=2, zorder=1)
        text = f"{reference_name}: {reference:.3f}"
        ax.text(-0.48, reference, text, color=ACCENT, va="bottom", fontweight="bold")
    ax.set_xticks(range(len(groups)), list(groups))
    ax.set(
        xlim=(-0.5, len(groups) - 0.35), ylabel=score, xlabel="one dot a fold; black: their mean"
    )
    ax.margins(y=0.15)
    told = "; ".join(f"{name}: {mean:.3f}" for name, mean in means.items())
    told = told.replace(";", " on average;", 1)
    if reference is not None:
        closest = min(means, key=lambda name: abs(means[name] - reference))
        told = (
            f"{closest} ({means[closest]:.3f}) came closest to {reference_name} ({reference:.3f})"
        )
    ax.set_title(title or told[0].upper() + told[1:])
    return ax
