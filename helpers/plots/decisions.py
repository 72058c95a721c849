"""Figures about probabilities: what they are worth, and what is decided with them."""

import itertools

import numpy as np
from matplotlib.ticker import MaxNLocator

from helpers._arguments import check_labels
from helpers.labels import marginals, names_or_default
from helpers.metrics import true_and_predicted
from helpers.plots.house import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    LIGHT_GRAY,
    WHITE_BOX,
    capitalized,
    draw_group,
    draw_interval,
    house_style,
    label_color,
    name_label_set,
    name_rows,
    new_axes,
    new_panels,
    signed,
    titled,
    titled_panels,
    write_near,
)

TICKS = (0, 0.5, 1)
N_CELLS = 25  # a side, for densities
BINS = np.linspace(0, 1, 21)
METRIC_COLORS = (INK, *LABEL_COLORS[3:5], GRAY)  # metrics are not labels: other colours
NUMBER_WIDTH = 0.16  # what a number beside its bar takes up
SMALL = 0.005  # label sets that are less probable in this row are not drawn


@house_style
def plot_threshold(y_true, y_prob, threshold=0.5, label_names=None, axes=None, title=None):
    """Draw, per label, probabilities of rows with and without it, and a threshold's mistakes.

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)
    threshold : float or array-like of shape (n_labels,), default=0.5

    Examples
    --------
    >>> plot_threshold([[1, 0], [1, 1]], [[0.9, 0.6], [0.4, 0.7]])[0].figure.get_suptitle()
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
        ax.set(xlim=(0, 1), xticks=TICKS, xlabel="predicted probability")
    _scale_counts(axes)
    thresholds = np.array2string(np.asarray(threshold), separator=", ")
    mistakes = ", ".join(_count_mistakes(y_true, y_pred))
    finding = f"Threshold {thresholds}: {mistakes} (hatched) among {y_true.size:,} decisions"
    return titled_panels(axes, title, finding)


def _draw_sides(ax, y_true, y_pred, y_prob, color):
    """Draw the rows with the label above the axis, those without it below it."""
    width = np.diff(BINS)
    for truth, sign, right_color in [(1, 1, color), (0, -1, LIGHT_GRAY)]:
        right = (y_true == truth) & (y_pred == truth)
        wrong = (y_true == truth) & (y_pred != truth)
        n_right, n_wrong = (sign * np.histogram(y_prob[rows], BINS)[0] for rows in (right, wrong))
        ax.bar(BINS[:-1], n_right, width, align="edge", color=right_color)
        bars = ax.bar(BINS[:-1], n_wrong, width, bottom=n_right, align="edge", color=ACCENT)
        for bar in bars:
            bar.set(hatch="//", edgecolor="white", linewidth=0)
    ax.axhline(0, color=GRAY, linewidth=1)
    hits = (y_true & y_pred).sum()
    recall, precision = hits / max(y_true.sum(), 1), hits / max(y_pred.sum(), 1)
    misses, alarms = _count_mistakes(y_true, y_pred)
    above = ax.text(0.04, 0.97, f"recall {recall:.2f}\n{misses}", va="top")
    below = ax.text(0.96, 0.03, f"precision {precision:.2f}\n{alarms}", ha="right")
    for text in (above, below):
        text.set(transform=ax.transAxes, fontsize=10, bbox=WHITE_BOX | {"pad": 1.5, "alpha": 0.85})


def _scale_counts(axes):
    """Give the vertical axis, which all panels share, a square-root scale to both sides."""
    # With plain counts the full bins at both ends would press all others against the axis.
    functions = (lambda n: np.sign(n) * np.sqrt(np.abs(n)), lambda root: root * np.abs(root))
    axes[0].set_yscale("function", functions=functions)
    top = max(np.abs(ax.dataLim.intervaly).max() for ax in axes)
    ticks = [n for n in (30, 100, 300, 1000, 3000, 10_000, 30_000) if n <= top]
    axes[0].set_yticks([-n for n in ticks[::-1]] + [0, *ticks])
    axes[0].yaxis.set_major_formatter(lambda n, _: f"{abs(n):,.0f}")
    axes[0].set(ylim=(-1.6 * top, 1.6 * top))
    axes[0].set_ylabel("rows (square-root scale)\n← without | with the label →")


def _count_mistakes(y_true, y_pred):
    """Say how many labels are missed, and how many alarms are false."""
    misses, alarms = (y_true > y_pred).sum(), (y_true < y_pred).sum()
    missed = "1 miss" if misses == 1 else f"{misses:,} misses"
    return missed, "1 false alarm" if alarms == 1 else f"{alarms:,} false alarms"


@house_style
def plot_metric_curves(curves, within=0.01, ax=None, title=None):
    """Draw scores against one threshold for all labels: thick where they are near their best.

    Parameters
    ----------
    curves : DataFrame
        Index: thresholds; one column a metric, the larger the better.
    within : float, default=0.01
        How far below its best a score may be to be drawn thick.
    """
    ax = new_axes(ax, figsize=(7.5, 4))
    best = curves.idxmax()
    names = {metric: metric.replace("_", " ") for metric in curves}
    for (metric, curve), color in zip(curves.items(), itertools.cycle(METRIC_COLORS)):
        ax.plot(curve, color=color, linewidth=1.5)
        ax.plot(curve.where(curve >= curve.max() - within), color=color, linewidth=6, alpha=0.5)
        ax.plot(best[metric], curve.max(), "o", color=ACCENT, zorder=3)
        # In ink: pale text is hard to read.
        ax.text(curve.index[-1], curve.iloc[-1], f" {names[metric]}", va="center")
    ax.set(xlabel="threshold, the same for all labels", ylabel="score")
    low, high = (
        f"{best[metric]:.2f} by {names[metric]}" for metric in (best.idxmin(), best.idxmax())
    )
    return titled(ax, title, f"The best threshold is {low}, {high}")


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
def plot_two_decisions(set_proba, label_sets, label_names=None, axes=None, title=None):
    """Draw one row's probabilities of labels and of label sets, and what is decided by either.

    The first panel shows the labels, the second the label sets.

    Parameters
    ----------
    set_proba : array-like of shape (n_sets,)
    label_sets : array-like of shape (n_sets, n_labels)

    Examples
    --------
    >>> plot_two_decisions([0.4, 0.3, 0.3], [[0, 0], [1, 0], [1, 1]])[0].figure.get_suptitle()
    'Label by label: label_1. Most probable set: no label.'
    """
    set_proba, label_sets = np.asarray(set_proba), check_labels(label_sets, "label_sets")
    names = names_or_default(label_names, label_sets.shape[1])
    p_label = marginals(set_proba[None], label_sets)[0]
    drawn = np.flatnonzero(set_proba >= SMALL)
    drawn = drawn[np.argsort(-set_proba[drawn])]
    axes = new_panels(axes, 2, figsize=(9.5, 1.7 + 0.4 * max(len(drawn), len(names))))
    by_label = name_label_set(p_label >= 0.5, names, empty="no label")
    sets = [name_label_set(row, names, empty="no label") for row in label_sets[drawn]]
    _draw_bars(axes[0], p_label, names, [label_color(i) for i in range(len(names))], line=0.5)
    axes[0].set_title("probability of each label", fontweight="normal")
    colors = [ACCENT] + [GRAY] * (len(drawn) - 1)
    _draw_bars(axes[1], set_proba[drawn], sets, colors, note_at=by_label)
    axes[1].set_title("probability of each label set", fontweight="normal")
    return titled_panels(axes, title, f"Label by label: {by_label}. Most probable set: {sets[0]}.")


def _draw_bars(ax, values, names, colors, note_at=None, line=None):
    """Draw a bar for each probability, with a line to compare with and a note at one name."""
    ax.barh(range(len(values)), values, color=colors, height=0.65)
    if line is not None:
        ax.axvline(line, color=INK, linestyle="--", linewidth=1.5)
    for place, (name, value) in enumerate(zip(names, values, strict=True)):
        note = "  ← label by label" if name == note_at else ""
        on_line = line is not None and line - NUMBER_WIDTH < value < line  # write beyond it instead
        start = line if on_line else value
        ax.text(start + 0.02, place, f"{value:.2f}{note}", va="center", fontsize=11)
    ax.set_yticks(range(len(values)), names)
    ax.set(xlim=(0, 1), xlabel="probability")
    ax.invert_yaxis()


@house_style
def plot_differences(table, xlabel="difference", ax=None, title=None):
    """Draw differences with their confidence intervals.

    Parameters
    ----------
    table : DataFrame
        Index: what was compared; columns ``difference``, ``ci_low``, ``ci_high``.
    xlabel : str, default="difference"
        What is good about a positive one, and the unit.
    """
    ax = new_axes(ax, figsize=(9.5, 1.5 + 0.5 * len(table)))
    ax.axvline(0, color=GRAY, linewidth=1)
    clear = (table["ci_low"] > 0) | (table["ci_high"] < 0)
    for place, (name, row) in enumerate(table.iterrows()):
        value, color = row["difference"], ACCENT if clear[name] else GRAY
        draw_interval(ax, place, row["ci_low"], value, row["ci_high"], color)
        text = signed(value, 1)
        write_near(ax, text, value, place, (0, 9), ha="center", fontsize=11, bbox=WHITE_BOX)
    ax.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    name_rows(ax, table.index, above=0.7)
    ax.set(xlabel=xlabel)
    return titled(ax, title, f"{clear.sum()} of {len(table)} intervals lie to one side of zero")
