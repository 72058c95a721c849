"""Figures about thresholds: what one does, and how scores move with it."""

import itertools

import numpy as np

from helpers.labels import names_or_default
from helpers.metrics import true_and_predicted
from helpers.plots.panels import new_panels, set_headline
from helpers.plots.style import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    LIGHT_GRAY,
    house_style,
    label_color,
    new_axes,
)

BINS = np.linspace(0, 1, 21)
ALARM = "false alarm"
METRIC_COLORS = (INK, *LABEL_COLORS[3:5], GRAY)  # metrics are not labels: other colours


@house_style
def plot_threshold(y_true, y_prob, threshold=0.5, label_names=None, axes=None, title=None):
    """Draw the probabilities of rows with and without each label, and what a threshold gets wrong.

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)
    threshold : float or array-like of shape (n_labels,), default=0.5
    label_names : list of str, optional
    axes : array of n_labels matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    ndarray of n_labels matplotlib.axes.Axes

    Examples
    --------
    >>> axes = plot_threshold([[1, 0], [1, 1]], [[0.9, 0.6], [0.4, 0.7]])
    >>> axes[0].figure.get_suptitle()
    'Threshold 0.5: 1 miss, 1 false alarm (hatched) among 4 decisions'
    """
    y_true, y_pred = true_and_predicted(y_true, y_prob, threshold)
    n_labels = y_true.shape[1]
    names, y_prob = names_or_default(label_names, n_labels), np.asarray(y_prob)
    size = (max(4.5, 3 * n_labels), 3.5)
    axes = new_panels(axes, n_labels, sharey=True, figsize=size)
    for i, (ax, t) in enumerate(zip(axes, np.broadcast_to(threshold, n_labels), strict=True)):
        _draw_sides(ax, y_true[:, i], y_pred[:, i], y_prob[:, i], label_color(i))
        ax.axvline(t, 0.2, 0.8, color=INK, linestyle="--", linewidth=1.5)  # between the texts
        ax.set_title(names[i], color=label_color(i))
        ax.set(xlim=(0, 1), xticks=(0, 0.5, 1), xlabel="predicted probability")
    _scale_counts(axes)
    misses, alarms = (
        _count(which, one) for which, one in [(y_true > y_pred, "miss"), (y_true < y_pred, ALARM)]
    )
    shown = np.array2string(np.asarray(threshold), separator=", ")
    decisions = f"(hatched) among {y_true.size:,} decisions"
    set_headline(axes, title or f"Threshold {shown}: {misses}, {alarms} {decisions}")
    return axes


def _draw_sides(ax, y_true, y_pred, y_prob, color):
    for truth, sign, right_color in [(1, 1, color), (0, -1, LIGHT_GRAY)]:
        rows = y_true == truth
        right = rows & (y_pred == y_true)
        counts = [np.histogram(y_prob[these], BINS)[0] for these in (right, rows & ~right)]
        width = np.diff(BINS)
        ax.bar(BINS[:-1], sign * counts[0], width, align="edge", color=right_color)
        ax.bar(BINS[:-1], sign * counts[1], width, bottom=sign * counts[0], align="edge",
               color=ACCENT, hatch="//", edgecolor="white", linewidth=0)  # fmt: skip
    ax.axhline(0, color=GRAY, linewidth=1)
    hits, misses, alarms = (
        (rows & (y_true == truth)).sum()
        for rows, truth in [(y_pred == 1, 1), (y_pred == 0, 1), (y_pred == 1, 0)]
    )
    recall = f"recall {hits / max(hits + misses, 1):.2f}"
    precision = f"precision {hits / max(hits + alarms, 1):.2f}"
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5, "alpha": 0.85}
    style = {"transform": ax.transAxes, "fontsize": 10, "color": INK, "bbox": box}
    ax.text(0.04, 0.97, f"{recall}\n{_count(misses, 'miss')}", va="top", **style)
    ax.text(0.96, 0.03, f"{precision}\n{_count(alarms, ALARM)}", ha="right", **style)


def _scale_counts(axes):
    # With plain counts the full bins at both ends would press all others against the axis.
    scale = {"functions": (lambda n: np.sign(n) * np.sqrt(np.abs(n)), lambda r: r * np.abs(r))}
    axes[0].set_yscale("function", **scale)
    top = max(np.abs(ax.dataLim.intervaly).max() for ax in axes)
    ticks = [n for n in (30, 100, 300, 1000, 3000, 10_000, 30_000) if n <= top]
    axes[0].set_yticks([-n for n in ticks[::-1]] + [0, *ticks])
    axes[0].yaxis.set_major_formatter(lambda n, _: f"{abs(n):,.0f}")
    axes[0].set(ylim=(-1.6 * top, 1.6 * top))
    axes[0].set_ylabel("rows (square-root scale)\n← without | with the label →")


def _count(which, one):
    number = int(np.sum(which))
    ending = "" if number == 1 else "es" if one.endswith("s") else "s"
    return f"{number:,} {one}{ending}"


@house_style
def plot_metric_curves(curves, within=0.01, ax=None, title=None):
    """Draw scores against one threshold for all labels: thick where they are near their best.

    Parameters
    ----------
    curves : DataFrame
        Index: thresholds; one column a metric, the larger the better.
    within : float, default=0.01
        How far below its best a score may be to be drawn thick.
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import pandas as pd
    >>> curves = pd.DataFrame({"f1": [0.7, 0.6], "accuracy": [0.5, 0.8]}, index=[0.3, 0.5])
    >>> plot_metric_curves(curves).get_title(loc="left")
    'The best threshold is 0.30 by f1, 0.50 by accuracy'
    """
    ax = new_axes(ax, figsize=(7.5, 4))
    best = curves.idxmax()
    for name, color in zip(curves, itertools.cycle(METRIC_COLORS)):
        curve = curves[name]
        ax.plot(curve, color=color, linewidth=1.5)
        ax.plot(curve.where(curve >= curve.max() - within), color=color, linewidth=6, alpha=0.5)
        ax.plot(best[name], curve.max(), "o", color=ACCENT, zorder=3)
        text = f" {name.replace('_', ' ')}"
        ax.text(
            curve.index[-1], curve.iloc[-1], text, va="center"
        )  # in ink: pale text is hard to read
    ax.set(xlabel="threshold, the same for all labels", ylabel="score")
    low, high = best.idxmin(), best.idxmax()
    ax.set_title(
        title
        or f"The best threshold is {best[low]:.2f} by {low.replace('_', ' ')}, "
        f"{best[high]:.2f} by {high.replace('_', ' ')}"
    )
    return ax


@house_style
def plot_label_curves(curves, rule=None, rule_name="rule", score="F1", ax=None, title=None):
    """Draw a score of each label against its threshold, and mark the best.

    Parameters
    ----------
    curves : DataFrame
        As `helpers.thresholds.label_threshold_curves` returns them.
    rule : array-like of shape (n_labels,), optional
        Thresholds that a rule says are best, drawn as dashed lines.
    rule_name : str, default="rule"
    score : str, default="F1"
        What to call it.
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import pandas as pd
    >>> curves = pd.DataFrame({"news": [0.7, 0.6], "sport": [0.5, 0.8]}, index=[0.3, 0.5])
    >>> plot_label_curves(curves).get_title(loc="left")
    'F1 is best at 0.30 (news), 0.50 (sport)'
    """
    ax = new_axes(ax, figsize=(7.5, 4))
    for i, name in enumerate(curves):
        curve, color = curves[name], label_color(i)
        ax.plot(curve, color=color)
        ax.plot(curve.idxmax(), curve.max(), "o", color=color, markersize=9)
        ax.text(curve.index[-1], curve.iloc[-1], f" {name}", color=color, va="center")
        if rule is not None:
            height = np.interp(rule[i], curve.index, curve)
            ax.vlines(rule[i], 0, height, color=color, linestyle="--", linewidth=1.5)
    low, high = curves.min().min(), curves.max().max()
    ax.set(xlabel="threshold of the label", ylabel=f"{score} of the label")
    ax.set(ylim=(low - 0.05 * (high - low), high + 0.08 * (high - low)))
    if rule is not None:
        ax.text(max(rule), ax.get_ylim()[0], f"  {rule_name}", va="bottom", fontsize=11)
    found = ", ".join(f"{t:.2f} ({name})" for name, t in curves.idxmax().items())
    ax.set_title(title or f"{score} is best at {found}")
    return ax
