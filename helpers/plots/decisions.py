"""Figures about calibration: whether probabilities hold what they say."""

import itertools

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.ticker import MaxNLocator, NullFormatter
from scipy.stats import binom

from helpers._arguments import check_labels
from helpers.labels import marginals, names_or_default
from helpers.metrics import true_and_predicted
from helpers.plots.house import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    LIGHT_GRAY,
    SHADES,
    house_style,
    label_color,
    new_axes,
    new_panels,
    set_headline,
)

TICKS = (0, 0.5, 1)
N_CELLS = 25  # a side, for densities
BEFORE = GRAY  # what is compared with is gray, what is looked at has its label's colour


@house_style
def plot_reliability(tables, axes=None, title=None):
    """Draw observed against predicted shares of each label, with the rows of each bin beneath.

    A bar shows where 95 % of a bin's shares would fall by chance if its probabilities were right.

    Parameters
    ----------
    tables : dict of str to DataFrame
        One or two, by name, as `helpers.calibration.reliability_table` returns them.
    axes : array of matplotlib.axes.Axes, shape (2, n_labels), optional

    Returns
    -------
    ndarray of matplotlib.axes.Axes, shape (2, n_labels)

    Examples
    --------
    >>> from helpers.calibration import reliability_table
    >>> table = reliability_table([[1], [0], [1]], [[0.1], [0.1], [0.9]])
    >>> plot_reliability({"before": table})[0, 0].figure.get_suptitle()
    'Bins outside their 95 % bars: 0 of 2 before (chance: 1 in 20)'
    """
    if not 1 <= len(tables) <= 2:
        raise ValueError(f"tables: found {len(tables)} of them, expected one or two.")
    labels = next(iter(tables.values()))["label"].unique()
    axes = new_panels(
        axes,
        len(labels),
        2,
        sharex=True,
        sharey="row",
        figsize=(3 * len(labels), 4.7),
        height_ratios=[2.6, 1],
    )
    told = []
    for place, (name, table) in enumerate(tables.items()):
        table = table[table["count"] > 0]
        outside = 0
        for i, label in enumerate(labels):
            last = place == len(tables) - 1
            color = label_color(i) if last else BEFORE
            bins = table[table["label"] == label]
            outside += _draw_bins(axes[0, i], bins, color, name, filled=last)
            shift = (place - (len(tables) - 1) / 2) / len(tables)
            width = bins["high"] - bins["low"]
            middle = bins["low"] + width / 2 + shift * 0.85 * width
            axes[1, i].bar(middle, bins["count"], 0.85 * width / len(tables), color=color)
        told.append(f"{outside} of {len(table)} {name}")
    for i, label in enumerate(labels):
        axes[0, i].plot([0, 1], [0, 1], color=LIGHT_GRAY, linewidth=1.5, zorder=0)
        axes[0, i].set_title(label, color=label_color(i))
        axes[1, i].set(xlabel="predicted probability", yscale="log", xlim=(-0.02, 1.02))
        axes[1, i].yaxis.set_major_formatter(lambda n, _: f"{n:,.0f}")
        axes[1, i].yaxis.set_minor_formatter(NullFormatter())
        axes[1, i].set_xticks(TICKS)
    axes[0, 0].set(ylabel="share of rows\nwith the label", ylim=(-0.02, 1.02), yticks=TICKS)
    axes[0, 0].legend(loc="lower right", fontsize=11, handletextpad=0.2)
    axes[1, 0].set(ylabel="rows\n(log scale)", ylim=(0.8, None))
    told = f"Bins outside their 95 % bars: {', '.join(told)} (chance: 1 in 20)"
    set_headline(axes, title or told)
    return axes


def _draw_bins(ax, bins, color, name, filled):
    """Draw the bins of one label, and count those outside their bars."""
    low, high = (
        binom.ppf(q, bins["count"], bins["predicted"]) / bins["count"] for q in (0.025, 0.975)
    )
    ax.vlines(bins["predicted"], low, high, color=color, alpha=0.3, linewidth=4)
    face = color if filled else "white"
    ax.plot(bins["predicted"], bins["observed"], "o", color=color, mfc=face, label=name)
    return int(((bins["observed"] < low) | (bins["observed"] > high)).sum())


@house_style
def plot_calibration_errors(tables, axes=None, title=None):
    """Draw expected calibration errors beside those that chance alone gives.

    Parameters
    ----------
    tables : dict of str to DataFrame
        By the name of the panel. Each has columns ``probabilities`` (whose), ``label``, ``ece``
        and ``chance``: an error that right probabilities exceed in one case of 20 only.
    axes : array of matplotlib.axes.Axes, one a table, optional

    Returns
    -------
    ndarray of matplotlib.axes.Axes

    Examples
    --------
    >>> import pandas as pd
    >>> columns = ["probabilities", "label", "ece", "chance"]
    >>> few = pd.DataFrame([["a", "x", 0.02, 0.03]], columns=columns)
    >>> many = pd.DataFrame([["a", "x", 0.02, 0.01]], columns=columns)
    >>> axes = plot_calibration_errors({"few rows": few, "many rows": many})
    >>> axes[0].figure.get_suptitle()
    'Errors above the 95 % line of chance: 0 of 1 on few rows, 1 of 1 on many rows'
    """
    first = next(iter(tables.values()))
    groups, labels = first["probabilities"].unique(), first["label"].unique()
    size = (4.8 * len(tables), 1.6 + 0.6 * len(groups))
    axes = new_panels(axes, len(tables), sharex=True, sharey=True, figsize=size)
    told = []
    for ax, (name, table) in zip(axes, tables.items(), strict=True):
        for row in table.itertuples():
            i = list(labels).index(row.label)
            place = list(groups).index(row.probabilities) + (i - (len(labels) - 1) / 2) * 0.22
            ax.barh(place, row.chance, height=0.2, color=LIGHT_GRAY)
            ax.plot(row.ece, place, "o", color=label_color(i), markersize=8)
        ax.set_title(name, fontweight="normal")
        ax.set(xlabel="expected calibration error")
        ax.xaxis.set_major_locator(MaxNLocator(4))
        ax.set_yticks(range(len(groups)), groups)
        told.append(f"{(table['ece'] > table['chance']).sum()} of {len(table)} on {name}")
    axes[0].set(xlim=(0, None), ylim=(len(groups) - 0.5, -0.5))
    for i, label in enumerate(labels):
        axes[-1].plot([], [], "o", color=label_color(i), markersize=8, label=label)
    axes[-1].barh(0, 0, color=LIGHT_GRAY, label="95 % of\nchance")
    axes[-1].legend(loc="center left", bbox_to_anchor=(1, 0.5))
    set_headline(axes, title or f"Errors above the 95 % line of chance: {', '.join(told)}")
    return axes


@house_style
def plot_true_probabilities(y_prob, true_prob, label_names=None, axes=None, title=None):
    """Draw predicted probabilities against true ones, as densities.

    Parameters
    ----------
    y_prob, true_prob : array-like of shape (n_samples, n_labels)
        The true ones are those of an oracle.
    label_names : list of str, optional
    axes : array of n_labels matplotlib.axes.Axes, optional

    Returns
    -------
    ndarray of n_labels matplotlib.axes.Axes

    Examples
    --------
    >>> axes = plot_true_probabilities([[0.2], [0.8]], [[0.1], [1.0]])
    >>> axes[0].figure.get_suptitle()
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
    set_headline(
        axes,
        title
        or f"Predicted probabilities are {distance.mean():.2f} away from the true ones, on average",
    )
    return axes


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
    numbers = np.array2string(np.asarray(threshold), separator=", ")
    decisions = f"(hatched) among {y_true.size:,} decisions"
    set_headline(axes, title or f"Threshold {numbers}: {misses}, {alarms} {decisions}")
    return axes


def _draw_sides(ax, y_true, y_pred, y_prob, color):
    for truth, sign, right_color in [(1, 1, color), (0, -1, LIGHT_GRAY)]:
        rows = y_true == truth
        right = rows & (y_pred == y_true)
        counts = [np.histogram(y_prob[these], BINS)[0] for these in (right, rows & ~right)]
        width = np.diff(BINS)
        ax.bar(BINS[:-1], sign * counts[0], width, align="edge", color=right_color)
        ax.bar(
            BINS[:-1],
            sign * counts[1],
            width,
            bottom=sign * counts[0],
            align="edge",
            color=ACCENT,
            hatch="//",
            edgecolor="white",
            linewidth=0,
        )
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
    likely = np.flatnonzero(set_proba >= SMALL)
    likely = likely[np.argsort(-set_proba[likely])]
    axes = new_panels(axes, 2, figsize=(9.5, 1.7 + 0.4 * max(len(likely), len(names))))
    by_label = _name_set(p_label >= 0.5, names)
    set_names = [_name_set(row, names) for row in label_sets[likely]]
    _draw_bars(axes[0], p_label, names, [label_color(i) for i in range(len(names))], line=0.5)
    axes[0].set_title("probability of each label", fontweight="normal")
    colors = [ACCENT] + [GRAY] * (len(likely) - 1)
    _draw_bars(axes[1], set_proba[likely], set_names, colors, note_at=by_label)
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
        ax.annotate(
            text,
            (row["difference"], place),
            (0, 9),
            textcoords="offset points",
            ha="center",
            fontsize=11,
            bbox=WHITE,
        )
    ax.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    ax.set_yticks(range(len(table)), table.index)
    ax.set(xlabel=xlabel, ylim=(len(table) - 0.5, -0.7))
    ax.set_title(title or f"{clear.sum()} of {len(table)} intervals lie to one side of zero")
    return ax
