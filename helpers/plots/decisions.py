"""Figures about decisions: thresholds and other rules, and what they gain."""

import numpy as np
from matplotlib.patches import Rectangle
from scipy.stats import t

from helpers._arguments import check_true_and_prob
from helpers.labels import names_or_default
from helpers.plots.house import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    WHITE_BOX,
    capitalized,
    draw_group,
    draw_heat_map,
    draw_interval,
    house_style,
    label_color,
    name_rows,
    new_axes,
    new_panels,
    signed,
    titled,
    titled_panels,
)

THRESHOLDS = np.arange(5, 96) / 100
SHIFTS, MODEL_COLORS = (-0.22, 0, 0.22), (INK, GRAY, LABEL_COLORS[4])  # of up to three models


@house_style
def plot_errors_by_threshold(y_true, y_prob, label_names=None, axes=None, title=None):
    """Draw misses and false alarms of each label against its threshold, and their sum.

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)

    Examples
    --------
    >>> axes = plot_errors_by_threshold([[1], [1], [0]], [[0.9], [0.6], [0.2]])
    >>> axes[0].get_title(loc="left")
    'label_1: fewest at 0.21'
    """
    y_true, y_prob = check_true_and_prob(y_true, y_prob)
    n_labels = y_true.shape[1]
    names = names_or_default(label_names, n_labels)
    axes = new_panels(axes, n_labels, sharey=True, figsize=(3.3 * n_labels, 3.8))
    for i, ax in enumerate(axes):
        yes, there = y_prob[:, [i]] >= THRESHOLDS, y_true[:, [i]] == 1
        misses, alarms = (1000 * e.mean(axis=0) for e in (there & ~yes, yes & ~there))
        errors = misses + alarms
        ax.plot(THRESHOLDS, misses, color=ACCENT, label="misses")
        ax.plot(THRESHOLDS, alarms, color=GRAY, label="false alarms")
        ax.plot(THRESHOLDS, errors, color=INK, label="both")
        ax.set_title(f"{names[i]}: fewest at {THRESHOLDS[errors.argmin()]:.2f}")
        ax.set(xlabel="threshold")
    axes[0].set(ylabel="errors per 1,000 rows", ylim=(0, None))
    axes[-1].legend(loc="upper center")
    return titled_panels(axes, title, "A higher threshold: more misses, fewer false alarms")


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
    """
    ax = new_axes(ax, figsize=(7.5, 4))
    for i, (name, curve) in enumerate(curves.items()):
        color = label_color(i)
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
    return titled(ax, title, f"{score} is best at {found}")


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

    Examples
    --------
    >>> plot_gains({"promised": [0.03, 0.01], "kept": [-0.01]}).get_title(loc="left")
    'Promised: +0.020; kept: −0.010'
    """
    ax = new_axes(ax, figsize=(9, 3.8))
    colors = colors or [LABEL_COLORS[0]] * len(gains)
    ax.axhline(0, color=GRAY, linewidth=1)
    told = []
    for place, (name, values) in enumerate(gains.items()):
        mean = draw_group(ax, place, values, 0.2, 0.3, colors[place], alpha=0.6, linewidth=2)
        text = signed(mean, 3)
        ax.text(place + 0.33, mean, text, va="center", fontweight="bold", bbox=WHITE_BOX)
        told.append(f"{' '.join(name.split())}: {text}")
    ax.set_xticks(range(len(gains)), list(gains))
    ax.set(xlim=(-0.5, len(gains) - 0.3), ylabel=f"{score} gained over 0.5")
    return titled(ax, title, capitalized("; ".join(told)))


@house_style
def plot_rule_gains(gains, ax=None, title=None):
    """Draw what decision rules gain by each metric as a table of colors; frames mark the best.

    Parameters
    ----------
    gains : DataFrame
        One row a rule, one column a metric, in thousandths: the larger the better.

    Examples
    --------
    >>> import pandas as pd
    >>> gains = pd.DataFrame({"hamming_loss": [0, -1.2], "f1": [0, 2.0]}, ["p ≥ 0.5", "half"])
    >>> plot_rule_gains(gains).get_title(loc="left")
    'Each of 2 metrics has a winner of its own'
    """
    ax = new_axes(ax, figsize=(11, 1.6 + 0.62 * len(gains)))
    limit = np.abs(gains.to_numpy()).max() or 1.0
    shown = gains.rename(columns=lambda name: name.replace("_", "\n"))
    text = lambda value: signed(value, 1) if abs(value) >= 0.05 else "0"  # noqa: E731
    draw_heat_map(ax, shown, text, "RdBu", (-limit, limit))
    best = gains.to_numpy().argmax(axis=0)
    for column, row in enumerate(best):
        frame = Rectangle((column - 0.47, row - 0.46), 0.94, 0.92, fill=False)
        ax.add_patch(frame).set(edgecolor=ACCENT, linewidth=4)
    ax.set(xlabel="metric: gain over p ≥ 0.5, in thousandths (more is better)")
    finding = f"Each of {len(best)} metrics has a winner of its own"
    if len(set(best)) < len(best):
        winners = len(set(best))
        finding = f"{len(best)} metrics, {winners} winner{'s' * (winners > 1)}"
    return titled(ax, title, finding)


@house_style
def plot_gain_intervals(gains, ax=None, title=None):
    """Draw what decision rules gain, with 95 % intervals over independent repeats.

    Parameters
    ----------
    gains : dict of str to DataFrame
        By the name of a model, three at most: one row a repeat, one column a rule, in thousandths.

    Examples
    --------
    >>> import pandas as pd
    >>> gains = {"net": pd.DataFrame({"half": [1.0, 1.2, 1.1], "set": [-1.0, 0.1, 1.0]})}
    >>> plot_gain_intervals(gains).get_title(loc="left")
    'Intervals above zero, of 2: net 1'
    """
    rules = list(next(iter(gains.values())))
    ax = new_axes(ax, figsize=(9.5, 1.4 + 0.62 * len(rules)))
    ax.axvline(0, color=GRAY, linewidth=1)
    told = []
    for shift, color, (name, table) in zip(SHIFTS, MODEL_COLORS, gains.items(), strict=False):
        middle = table.mean()
        margin = t.ppf(0.975, len(table) - 1) * table.sem()
        for place, (mean, half) in enumerate(zip(middle, margin, strict=True)):
            draw_interval(ax, place + shift, mean - half, mean, mean + half, color)
        ax.plot([], [], "o-", color=color, linewidth=3, label=name)
        told.append(f"{name} {(middle > margin).sum()}")
    name_rows(ax, rules)
    ax.set(xlabel="gain over p ≥ 0.5 on the rule's own metric, in thousandths")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return titled(ax, title, f"Intervals above zero, of {len(rules)}: {', '.join(told)}")
