"""Figures about decisions: what a choice of thresholds brings, and two ways to decide a row."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from helpers.label_sets import marginals
from helpers.labels import names_or_default
from helpers.plots.panels import new_panels, set_headline
from helpers.plots.style import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    house_style,
    label_color,
    new_axes,
)
from helpers.validation import check_labels

WHITE = {"facecolor": "white", "edgecolor": "none", "pad": 1}
ROOM = 0.16  # what a number beside its bar takes up
SMALL = 0.005  # label sets that are less probable in this row are not drawn


@house_style
def plot_gains(gains, colors=None, score="F1", ax=None, title=None):
    """Draw what a choice has gained, several times for each way of choosing, and the means.

    Parameters
    ----------
    gains : dict of str to array-like
        The gains of each way; negative is a loss.
    colors : list of str, optional
        One a way.
    score : str, default="F1"
        What was gained.
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> plot_gains({"promised": [0.03, 0.01], "kept": [-0.01]}).get_title(loc="left")
    'Promised: +0.020; kept: −0.010'
    """
    ax = new_axes(ax, figsize=(9, 3.8))
    colors = colors or [LABEL_COLORS[0]] * len(gains)
    means = {name: np.mean(values) for name, values in gains.items()}
    ax.axhline(0, color=GRAY, linewidth=1)
    for place, (name, values) in enumerate(gains.items()):
        spread = np.linspace(-0.2, 0.2, len(values)) if len(values) > 1 else [0]
        ax.plot(place + np.asarray(spread), values, "o", color=colors[place], alpha=0.6)
        ax.hlines(means[name], place - 0.3, place + 0.3, color=INK, linewidth=2)
        style = {"va": "center", "fontweight": "bold", "bbox": WHITE}
        ax.text(place + 0.33, means[name], _signed(means[name]), **style)
    ax.set_xticks(range(len(gains)), list(gains))
    ax.set(xlim=(-0.5, len(gains) - 0.3), ylabel=f"{score} gained over 0.5")
    told = "; ".join(f"{' '.join(name.split())}: {_signed(mean)}" for name, mean in means.items())
    ax.set_title(title or told[0].upper() + told[1:])
    return ax


def _signed(value, digits=3):
    return f"{value:+.{digits}f}".replace("-", "−")


@house_style
def plot_two_decisions(set_proba, label_sets, label_names=None, axes=None, title=None):
    """Draw one row's probabilities of labels and of label sets, and what is decided by either.

    Parameters
    ----------
    set_proba : array-like of shape (n_sets,)
    label_sets : array-like of shape (n_sets, n_labels)
    label_names : list of str, optional
    axes : array of 2 matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    ndarray of 2 matplotlib.axes.Axes
        Labels, label sets.

    Examples
    --------
    >>> axes = plot_two_decisions([0.4, 0.3, 0.3], [[0, 0], [1, 0], [1, 1]])
    >>> axes[0].figure.get_suptitle()
    'Label by label: label_1. Most probable set: no label.'
    """
    set_proba, label_sets = np.asarray(set_proba), check_labels(label_sets, "label_sets")
    names = names_or_default(label_names, label_sets.shape[1])
    p_label = marginals(set_proba[None], label_sets)[0]
    shown = np.flatnonzero(set_proba >= SMALL)
    shown = shown[np.argsort(-set_proba[shown])]
    axes = new_panels(axes, 2, figsize=(9.5, 1.7 + 0.4 * max(len(shown), len(names))))
    by_label = _name_set(p_label >= 0.5, names)
    set_names = [_name_set(row, names) for row in label_sets[shown]]
    _draw_bars(axes[0], p_label, names, [label_color(i) for i in range(len(names))], line=0.5)
    axes[0].set_title("probability of each label", fontweight="normal")
    colors = [ACCENT] + [GRAY] * (len(shown) - 1)
    _draw_bars(axes[1], set_proba[shown], set_names, colors, note_at=by_label)
    axes[1].set_title("probability of each label set", fontweight="normal")
    set_headline(axes, title or f"Label by label: {by_label}. Most probable set: {set_names[0]}.")
    return axes


def _draw_bars(ax, values, names, colors, note_at=None, line=None):
    ax.barh(range(len(values)), values, color=colors, height=0.65)
    if line is not None:
        ax.axvline(line, color=INK, linestyle="--", linewidth=1.5)
    for place, (name, value) in enumerate(zip(names, values, strict=True)):
        note = "  ← label by label" if name == note_at else ""
        on_line = line is not None and line - ROOM < value < line  # write beyond it instead
        start = line if on_line else value
        ax.text(start + 0.02, place, f"{value:.2f}{note}", va="center", fontsize=11)
    ax.set_yticks(range(len(values)), names)
    ax.set(xlim=(0, 1), xlabel="probability")
    ax.invert_yaxis()


def _name_set(row, names):
    return " + ".join(np.array(names)[np.asarray(row) == 1]) or "no label"


@house_style
def plot_differences(table, xlabel="difference", ax=None, title=None):
    """Draw differences with their confidence intervals.

    Parameters
    ----------
    table : DataFrame
        Index: what was compared; columns ``difference``, ``ci_low``, ``ci_high``.
    xlabel : str, default="difference"
        What is good about a positive one, and the unit.
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import pandas as pd
    >>> columns = ["difference", "ci_low", "ci_high"]
    >>> table = pd.DataFrame([[2, 1, 3], [1, -1, 3]], ["a", "b"], columns)
    >>> plot_differences(table).get_title(loc="left")
    '1 of 2 intervals lie to one side of zero'
    """
    ax = new_axes(ax, figsize=(9.5, 1.5 + 0.5 * len(table)))
    ax.axvline(0, color=GRAY, linewidth=1)
    clear = (table["ci_low"] > 0) | (table["ci_high"] < 0)
    for place, (name, row) in enumerate(table.iterrows()):
        color = ACCENT if clear[name] else GRAY
        ax.hlines(place, row["ci_low"], row["ci_high"], color=color, linewidth=3)
        ax.plot(row["difference"], place, "o", color=color, markersize=9)
        text = _signed(row["difference"], 1)
        ax.annotate(text, (row["difference"], place), (0, 9), textcoords="offset points",
                    ha="center", fontsize=11, bbox=WHITE)  # fmt: skip
    ax.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    ax.set_yticks(range(len(table)), table.index)
    ax.set(xlabel=xlabel, ylim=(len(table) - 0.5, -0.7))
    ax.set_title(title or f"{clear.sum()} of {len(table)} intervals lie to one side of zero")
    return ax
