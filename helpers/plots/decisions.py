"""Figures about probabilities: what they are worth, and what is decided with them."""

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator, NullFormatter
from scipy.stats import binom, t

from helpers._arguments import check_true_and_prob
from helpers.labels import names_or_default
from helpers.plots.house import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    LIGHT_GRAY,
    SHADES,
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

TICKS = (0, 0.5, 1)
N_CELLS = 25  # a side, for densities
THRESHOLDS = np.arange(5, 96) / 100
SHIFTS, MODEL_COLORS = (-0.22, 0, 0.22), (INK, GRAY, LABEL_COLORS[4])  # of up to three models


@house_style
def plot_reliability(tables, axes=None, title=None):
    """Draw observed against predicted shares of each label, with the rows of each bin beneath.

    A bar shows where 95 % of a bin's shares would fall by chance if its probabilities were right.
    The panels have shape (2, n_labels).

    Parameters
    ----------
    tables : dict of str to DataFrame
        One or two, by name, as `helpers.calibration.reliability_table` returns them.

    Raises
    ------
    ValueError
        If there are more tables, or none.
    """
    if not 1 <= len(tables) <= 2:
        raise ValueError(f"tables: found {len(tables)} of them, expected one or two.")
    labels = next(iter(tables.values()))["label"].unique()
    size, heights, n = (3 * len(labels), 4.7), [2.6, 1], len(labels)
    axes = new_panels(axes, n, 2, sharex=True, sharey="row", figsize=size, height_ratios=heights)
    told = []
    for place, (name, table) in enumerate(tables.items()):
        table = table[table["count"] > 0]
        last = place == len(tables) - 1  # what it is compared with is gray
        shift = (place - (len(tables) - 1) / 2) / len(tables)
        outside = 0
        for i, label in enumerate(labels):
            color = label_color(i) if last else GRAY
            bins = table[table["label"] == label]
            outside += _draw_bins(axes[0, i], bins, color, name, filled=last)
            width = bins["high"] - bins["low"]
            middle = bins["low"] + width / 2 + shift * 0.85 * width
            axes[1, i].bar(middle, bins["count"], 0.85 * width / len(tables), color=color)
        told.append(f"{outside} of {len(table)} {name}")
    for i, label in enumerate(labels):
        axes[0, i].plot([0, 1], [0, 1], color=LIGHT_GRAY, linewidth=1.5, zorder=0)
        axes[0, i].set_title(label, color=label_color(i))
        axes[1, i].set(xlabel="predicted probability", yscale="log", xlim=(-0.02, 1.02))
        axes[1, i].yaxis.set_major_formatter("{x:,.0f}")
        axes[1, i].yaxis.set_minor_formatter(NullFormatter())
        axes[1, i].set_xticks(TICKS)
    axes[0, 0].set(ylabel="share of rows\nwith the label", ylim=(-0.02, 1.02), yticks=TICKS)
    axes[0, 0].legend(loc="lower right", fontsize=11, handletextpad=0.2)
    axes[1, 0].set(ylabel="rows\n(log scale)", ylim=(0.8, None))
    finding = f"Bins outside their 95 % bars: {', '.join(told)} (chance: 1 in 20)"
    return titled_panels(axes, title, finding)


def _draw_bins(ax, bins, color, name, filled):
    """Draw the bins of one label, and count those outside their bars."""
    count, predicted, observed = bins["count"], bins["predicted"], bins["observed"]
    low, high = (binom.ppf(q, count, predicted) / count for q in (0.025, 0.975))
    ax.vlines(predicted, low, high, color=color, alpha=0.3, linewidth=4)
    ax.plot(predicted, observed, "o", color=color, mfc=color if filled else "white", label=name)
    return int(((observed < low) | (observed > high)).sum())


@house_style
def plot_calibration_errors(tables, axes=None, title=None):
    """Draw expected calibration errors beside those that chance alone gives, one panel a table.

    Parameters
    ----------
    tables : dict of str to DataFrame
        By the name of the panel. Each has columns ``probabilities`` (whose), ``label``, ``ece``
        and ``chance``: an error that right probabilities exceed in one case of 20 only.
    """
    first = next(iter(tables.values()))
    groups, labels = list(first["probabilities"].unique()), list(first["label"].unique())
    size = (4.8 * len(tables), 1.6 + 0.6 * len(groups))
    axes = new_panels(axes, len(tables), sharex=True, sharey=True, figsize=size)
    told = []
    for ax, (name, table) in zip(axes, tables.items(), strict=True):
        for row in table.itertuples():
            i = labels.index(row.label)
            place = groups.index(row.probabilities) + (i - (len(labels) - 1) / 2) * 0.22
            ax.barh(place, row.chance, height=0.2, color=LIGHT_GRAY)
            ax.plot(row.ece, place, "o", color=label_color(i), markersize=8)
        ax.set_title(name, fontweight="normal")
        ax.set(xlabel="expected calibration error")
        ax.xaxis.set_major_locator(MaxNLocator(4))
        name_rows(ax, groups)
        told.append(f"{(table['ece'] > table['chance']).sum()} of {len(table)} on {name}")
    axes[0].set(xlim=(0, None))
    for i, label in enumerate(labels):
        axes[-1].plot([], [], "o", color=label_color(i), markersize=8, label=label)
    axes[-1].barh(0, 0, color=LIGHT_GRAY, label="95 % of\nchance")
    axes[-1].legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return titled_panels(axes, title, f"Errors above the 95 % line of chance: {', '.join(told)}")


@house_style
def plot_true_probabilities(y_prob, true_prob, label_names=None, axes=None, title=None):
    """Draw predicted probabilities against true ones, as densities, one panel per label.

    Parameters
    ----------
    y_prob, true_prob : array-like of shape (n_samples, n_labels)
        The true ones are those of an oracle.

    Examples
    --------
    >>> plot_true_probabilities([[0.2], [0.8]], [[0.1], [1.0]])[0].figure.get_suptitle()
    'Predicted probabilities are 0.15 away from the true ones, on average'
    """
    y_prob, true_prob = np.asarray(y_prob), np.asarray(true_prob)
    n_labels = y_prob.shape[1]
    names = names_or_default(label_names, n_labels)
    axes = new_panels(axes, n_labels, sharey=True, figsize=(3 * n_labels + 1, 3.7))
    distance, cells = np.abs(y_prob - true_prob), np.linspace(0, 1, N_CELLS + 1)
    norm = LogNorm(1, max(len(y_prob) / 2, 10))
    for i, ax in enumerate(axes):
        counts, *_ = np.histogram2d(true_prob[:, i], y_prob[:, i], cells)
        image = ax.pcolormesh(cells, cells, np.ma.masked_equal(counts, 0), cmap=SHADES, norm=norm)
        ax.plot([0, 1], [0, 1], color=INK, linewidth=1.2)
        ax.set_title(f"{names[i]}: {distance[:, i].mean():.3f} away", color=label_color(i))
        ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="predicted probability", aspect="equal")
        ax.set(xticks=TICKS, yticks=TICKS)
    axes[0].set_ylabel("true probability")
    axes[0].figure.colorbar(image, ax=list(axes), label="rows (log scale)", shrink=0.8)
    finding = f"Predicted probabilities are {distance.mean():.2f} away from the true ones"
    return titled_panels(axes, title, f"{finding}, on average")


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
    'Of 2 intervals above zero: net 1'
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
    return titled(ax, title, f"Of {len(rules)} intervals above zero: {', '.join(told)}")
