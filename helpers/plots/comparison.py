"""Figures that put models and estimates side by side: two scores, two data sets, intervals."""

from collections import Counter

import numpy as np

from helpers.plots.house import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    LIGHT_GRAY,
    WHITE_BOX,
    capitalized,
    draw_group,
    house_style,
    label_color,
    new_axes,
    titled,
)
from helpers.results import corrected_interval, naive_interval


@house_style
def plot_two_scores(scores, seeds=None, lines=None, xlabel="subset accuracy", ax=None, title=None):
    """Draw two scores of each model on one line, the best model on top.

    Parameters
    ----------
    scores : DataFrame
        One row per model; two columns, for instance cross-validated and fresh. Rows are sorted by
        the second.
    seeds : dict of str to array-like, optional
        Of some models, the single scores that the second column is the mean of.
    lines : dict of str to float, optional
        Scores to mark by a dashed vertical line, and their names.
    xlabel : str
    """
    first, second = scores.columns
    scores = scores.sort_values(second)
    seeds, lines = seeds or {}, lines or {}
    ax = new_axes(ax, figsize=(9, 1.5 + 0.36 * len(scores)))
    places = np.arange(len(scores))
    ax.hlines(places, scores.min(axis=1), scores.max(axis=1), color=LIGHT_GRAY, linewidth=5)
    for place, name in enumerate(scores.index):
        singles = seeds.get(name, [])
        ax.plot(singles, np.full(len(singles), place), "|", color=ACCENT, markersize=13)
    ax.plot(scores[first], places, "o", color=LABEL_COLORS[0], markersize=8, label=first)
    ax.plot(scores[second], places, "D", color=ACCENT, markersize=7, label=second)
    for name, score in lines.items():
        ax.axvline(score, color=INK, linestyle="--", linewidth=1.2, zorder=0)
        ax.text(score, len(places) - 0.4, name, ha="center", va="bottom", fontsize=10)
    ax.set_yticks(places, scores.index)
    ax.set(xlabel=xlabel, ylim=(-0.6, len(places) - 0.4))
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.06 if lines else 1.0), ncols=2, borderpad=0)
    lower = int((scores[second] < scores[first]).sum())
    models = f"{lower} of {len(scores)}" if lower < len(scores) else f"All {lower}"
    finding = f"{models} models score lower {second} than {first}"
    return titled(ax, title, finding, pad=46 if lines else 28)


@house_style
def plot_ranks(scores, kinds=None, ax=None, title=None):
    """Draw the order of the models on two data sets; lines that cross change places.

    Parameters
    ----------
    scores : DataFrame
        One row per model; two columns, one for each data set. More is better.
    kinds : dict of str to str, optional
        The kind of some models. Each kind has a color of its own; the other models are gray.

    Raises
    ------
    ValueError
        If `scores` has not two columns.
    """
    if scores.shape[1] != 2:
        raise ValueError(f"scores has {scores.shape[1]} columns: pass two, one for each data set.")
    kinds = kinds or {}
    colors = {kind: label_color(k) for k, kind in enumerate(dict.fromkeys(kinds.values()))}
    ax = new_axes(ax, figsize=(9, 1.7 + 0.36 * len(scores)))
    ranks = scores.rank(ascending=False, method="first")
    for name, (left, right) in zip(scores.index, ranks.to_numpy(), strict=True):
        color = colors.get(kinds.get(name), GRAY)
        ax.plot([0, 1], [left, right], "o-", color=color, linewidth=2.5)
        first, second = scores.loc[name]
        ax.text(-0.04, left, f"{name}  {first:.3f}", ha="right", va="center")
        ax.text(1.04, right, f"{second:.3f}  {name}", va="center")
    for kind, color in colors.items():
        ax.plot([], [], "o-", color=color, linewidth=2.5, label=kind)
    if colors:
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, 0), ncols=len(colors))
    ax.set_xticks([0, 1], [f"{name},\nbest on top" for name in scores.columns])
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.set(xlim=(-1.1, 2.1), ylim=(len(scores) + 0.5, 0.5), yticks=[])
    ax.spines[:].set_visible(False)
    first, second = scores.columns
    best = ranks[first].idxmin()
    place = f"number {ranks.loc[best, second]:.0f} of {len(scores)} on {second}"
    return titled(ax, title, f"The best on {first}, {best}, is {place}", pad=12)


@house_style
def plot_intervals(table, truth="fresh", xlabel="subset accuracy", ax=None, title=None):
    """Draw the naive and the corrected interval of each score, with what turned out to be true.

    Parameters
    ----------
    table : DataFrame
        Index: names. Columns ``mean``, ``naive_low``, ``naive_high``, ``corrected_low``,
        ``corrected_high`` and the one that `truth` names. The first row is drawn on top.
    truth : str, default="fresh"
        The column of the scores that the intervals should hold.
    xlabel : str
    """
    many, places = len(table) > 20, np.arange(len(table))
    ax = new_axes(ax, figsize=(9, 6.2 if many else 1.6 + 0.4 * len(table)))
    n_held = {}
    for kind, color, width in [("corrected", LABEL_COLORS[4], 2.5), ("naive", GRAY, 6)]:
        low, high = table[f"{kind}_low"], table[f"{kind}_high"]
        held = table[truth].between(low, high)
        n_held[kind] = held.sum()
        colors = np.where(held, color, INK) if kind == "naive" else color
        width = width / 1.6 if many else width
        ax.hlines(places, low, high, color=colors, linewidth=width, label=f"{kind} 95 % interval")
    ax.plot(table["mean"], places, "|", color="white", markersize=4 if many else 7)
    ax.plot(table[truth], places, "D", color=ACCENT, markersize=3 if many else 5, label=truth)
    if many:
        ax.set(yticks=[], ylabel=f"{len(table)} samples; black: the naive interval misses")
    else:
        ax.set_yticks(places, table.index)
    ax.set(xlabel=xlabel, ylim=(len(table) - 0.4, -0.6))
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderpad=0)
    counts = f"in {n_held['naive']} of {len(table)} cases, corrected ones in {n_held['corrected']}"
    return titled(ax, title, f"Naive intervals hold the {truth} score {counts}", pad=28)


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

    Examples
    --------
    >>> plot_estimates({"mixed": [0.9], "in blocks": [0.82]}, reference=0.83).get_title(loc="left")
    'In blocks (0.820) came closest to new rows (0.830)'
    """
    ax = new_axes(ax, figsize=(8, 4.2))
    means = {}
    for place, (name, values) in enumerate(groups.items()):
        mean = means[name] = draw_group(ax, place, values, 0.2, 0.28, linewidth=2)
        ax.text(place + 0.3, mean, f"mean {mean:.3f}", va="center", bbox=WHITE_BOX | {"pad": 2})
    if reference is not None:
        ax.axhline(reference, color=ACCENT, linestyle="--", linewidth=2, zorder=1)
        text = f"{reference_name}: {reference:.3f}"
        ax.text(-0.48, reference, text, color=ACCENT, va="bottom", fontweight="bold")
    ax.set_xticks(range(len(groups)), list(groups))
    ax.set(xlim=(-0.5, len(groups) - 0.35), ylabel=score)
    ax.set_xlabel("one dot per fold; black: their mean")
    ax.margins(y=0.15)
    if reference is None:
        finding = "; ".join(f"{name}: {mean:.3f}" for name, mean in means.items())
        finding = finding.replace(";", " on average;", 1)
    else:
        best = min(means, key=lambda name: abs(means[name] - reference))
        finding = f"{best} ({means[best]:.3f}) came closest to {reference_name} ({reference:.3f})"
    return titled(ax, title, capitalized(finding))


@house_style
def plot_fold_differences(
    differences, n_train, n_test, names=("a", "b"), fresh=None, score="score", ax=None, title=None
):
    """Draw one model's lead over another in each fold, and two intervals of its mean.

    Parameters
    ----------
    differences : array-like of shape (n_folds,)
        The first model's score minus the second's, fold by fold.
    n_train, n_test : int
        Rows trained on and held out in a fold, for the corrected interval.
    names : pair of str
        The two models.
    fresh : float, optional
        The difference on fresh rows, to be marked.
    score : str, default="score"

    Examples
    --------
    >>> plot_fold_differences([0.02, -0.01], 75, 25, ("forest", "tree")).get_title(loc="left")
    'Forest is ahead of tree in 1 of 2 folds, by 0.005 on average'
    """
    differences = np.asarray(differences, dtype=float)
    mean = differences.mean()
    ax = new_axes(ax, figsize=(9, 4))
    top = _draw_stacks(ax, differences.round(6))
    naive, corrected = naive_interval(differences), corrected_interval(differences, n_train, n_test)
    intervals = [("naive", naive, INK), ("corrected", corrected, LABEL_COLORS[4])]
    for place, (name, (low, high), color) in enumerate(intervals, 1):
        ax.hlines(-place, low, high, color=color, linewidth=6)
        ax.plot(mean, -place, "|", color="white", markersize=9)
        contains = "holds" if low <= 0 <= high else "does not hold"
        ax.text(high, -place, f"  {name} interval: {contains} 0", va="center", fontsize=11)
    ax.axvline(0, color=GRAY, linestyle="--", linewidth=1.5, zorder=0)
    if fresh is not None:
        ax.plot(fresh, -3, "D", color=ACCENT, markersize=8)
        ax.text(fresh, -3, "   on fresh rows", va="center", color=ACCENT, fontsize=11)
    ax.set(yticks=[], ylim=(-3.7, top), ylabel="one dot per fold")
    ax.set_xlabel(f"{score} of {names[0]} minus that of {names[1]}")
    ahead = f"in {(differences > 0).sum()} of {len(differences)} folds, by {mean:.3f} on average"
    return titled(ax, title, f"{capitalized(names[0])} is ahead of {names[1]} {ahead}")


def _draw_stacks(ax, values):
    """Draw a dot for each value, equal ones on top of each other; return the tallest's height."""
    counts = Counter(values)
    for value, count in counts.items():
        ax.plot(np.full(count, value), np.arange(count), "o", color=LABEL_COLORS[0], alpha=0.75)
    return max(counts.values())
