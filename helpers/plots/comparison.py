"""Figures that put models and estimates side by side: two metrics, two data sets, intervals."""

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
    new_panels,
    titled,
    titled_panels,
    write_near,
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
def plot_ranks(scores, marked=(), higher_is_better=(True, False), ax=None, title=None):
    """Draw the order of the models by two metrics; lines that cross are the disagreements.

    Parameters
    ----------
    scores : DataFrame
        One row per model, one column for each of the two metrics.
    marked : sequence of str
        Models to draw in the accent color.
    higher_is_better : pair of bool
        For each metric.
    """
    ax = new_axes(ax, figsize=(9, 1.2 + 0.36 * len(scores)))
    better = zip(scores.columns, higher_is_better, strict=True)
    ranks = [scores[name].rank(ascending=not high, method="first") for name, high in better]
    for name, left, right in zip(scores.index, *ranks, strict=True):
        line, ink, width = (ACCENT, ACCENT, 3) if name in marked else (GRAY, INK, 1.5)
        ax.plot([0, 1], [left, right], "o-", color=line, linewidth=width)
        first, second = scores.loc[name]
        ax.text(-0.04, left, f"{name}  {first:.3f}", ha="right", va="center", color=ink)
        ax.text(1.04, right, f"{second:.3f}  {name}", va="center", color=ink)
    metrics = [name.replace("_", " ") for name in scores.columns]
    ax.set_xticks([0, 1], [f"best first by\n{name}" for name in metrics])
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.set(xlim=(-1.1, 2.1), ylim=(len(scores) + 0.5, 0.5), yticks=[])
    ax.spines[:].set_visible(False)
    # Which of two models is better, for all pairs: a matrix for each metric.
    one, other = (np.sign(rank.to_numpy()[:, None] - rank.to_numpy()) for rank in ranks)
    swapped = (one != other).sum() // 2
    n_pairs = len(scores) * (len(scores) - 1) // 2
    found = f"order {swapped} of {n_pairs} pairs of models differently"
    return titled(ax, title, f"{capitalized(metrics[0])} and {metrics[1]} {found}", pad=12)


@house_style
def plot_two_tasks(scores, marked=(), xlabel="subset accuracy", axes=None, title=None):
    """Draw the scores of the same models on two data sets, side by side.

    Parameters
    ----------
    scores : DataFrame
        One row per model, one column per data set. Rows are sorted by the first.
    marked : sequence of str
        Models to draw in the accent color.
    xlabel : str
    """
    scores = scores.sort_values(scores.columns[0])
    size = (10, 1.5 + 0.42 * len(scores))
    axes = new_panels(axes, n_columns=2, sharey=True, figsize=size)
    places = np.arange(len(scores))
    colors = [ACCENT if name in marked else LABEL_COLORS[0] for name in scores.index]
    box = {"color": "white", "pad": 1}
    for ax, name in zip(axes, scores.columns, strict=True):
        ax.grid(axis="y", color=LIGHT_GRAY)
        ax.scatter(scores[name], places, s=70, color=colors, zorder=3)
        for place, value in enumerate(scores[name]):
            write_near(ax, f"{value:.3f}", value, place, (8, 0), va="center", fontsize=10, bbox=box)
        ax.margins(x=0.22)
        ax.set(xlabel=xlabel)
        ax.set_title(name, fontweight="normal")
    axes[0].set_yticks(places, scores.index)
    best = [f"best on {name}: {scores[name].idxmax()}" for name in scores.columns]
    return titled_panels(axes, title, capitalized("; ".join(best)))


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


@house_style
def plot_luck(others, ours, expected=None, xlabel="subset accuracy", ax=None, title=None):
    """Draw the score of our sample among those of other samples of the same size.

    Parameters
    ----------
    others : array-like of shape (n_samples,)
    ours : float
    expected : float, optional
        What was to be expected of ours, marked by a dashed line.
    xlabel : str

    Examples
    --------
    >>> plot_luck([0.80, 0.82, 0.84], ours=0.83).get_title(loc="left")
    'Our sample scores higher than 2 of 3 others'
    """
    others = np.asarray(others, dtype=float)
    ax = new_axes(ax, figsize=(9, 3.2))
    width = 0.004  # dots this near to each other are put into one stack
    top = _draw_stacks(ax, (np.floor(others / width) + 0.5) * width)
    ax.plot(ours, 0, "D", color=ACCENT, markersize=10)
    ax.text(ours, 0.7, f"ours {ours:.3f}", color=ACCENT, ha="center", va="bottom", weight="bold")
    if expected is not None:
        ax.axvline(expected, color=INK, linestyle="--", linewidth=1.2, zorder=0)
        ax.text(expected, top, f"expected of ours {expected:.3f} ", ha="right", va="top")
    ax.set(yticks=[], ylim=(-0.8, top + 0.4), xlabel=xlabel, ylabel="one dot a sample")
    lower = (others < ours).sum()
    return titled(ax, title, f"Our sample scores higher than {lower} of {len(others)} others")


def _draw_stacks(ax, values):
    """Draw a dot for each value, equal ones on top of each other; return the tallest's height."""
    counts = Counter(values)
    for value, count in counts.items():
        ax.plot(np.full(count, value), np.arange(count), "o", color=LABEL_COLORS[0], alpha=0.75)
    return max(counts.values())


@house_style
def plot_weights(true, learned, groups=None, xlabel="true", ylabel="learned", ax=None, title=None):
    """Draw learned weights against the true ones; on the line they are the same.

    Parameters
    ----------
    true, learned : array-like of shape (n_groups, n_features)
    groups : list of str, optional
        A name for each row.
    xlabel, ylabel : str

    Examples
    --------
    >>> plot_weights([[0.0, 1.0, 2.0]], [[0.1, 1.0, 1.9]]).get_title(loc="left")
    'Learned and true weights have a correlation of 1.00'
    """
    true, learned = np.asarray(true), np.asarray(learned)
    ax = new_axes(ax, figsize=(6.4, 5.2))
    ends = [min(true.min(), learned.min()), max(true.max(), learned.max())]
    ax.plot(ends, ends, color=LIGHT_GRAY, linewidth=1.5)
    markers = "osD^vP*X"
    labels = [None] * len(true) if groups is None else groups
    for row, (x, y, label) in enumerate(zip(true, learned, labels, strict=True)):
        marker, color = markers[row % len(markers)], label_color(row)
        ax.plot(x, y, marker, color=color, alpha=0.85, label=label)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if groups is not None:
        ax.legend(title="label set", loc="upper left")
    correlation = np.corrcoef(true.ravel(), learned.ravel())[0, 1]
    return titled(ax, title, f"Learned and true weights have a correlation of {correlation:.2f}")
