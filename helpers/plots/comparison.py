"""Figures that put several models side by side: two estimates, two metrics, two data sets."""

from collections import Counter

import numpy as np
import pandas as pd

from helpers.plots.house import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    LIGHT_GRAY,
    house_style,
    new_axes,
    new_panels,
    set_headline,
)
from helpers.results import corrected_interval, naive_interval


@house_style
def plot_two_scores(scores, seeds=None, lines=None, xlabel="subset accuracy", ax=None, title=None):
    """Draw two scores of each model on one line, the best model on top.

    Parameters
    ----------
    scores : DataFrame
        One row a model; two columns, for instance cross-validated and fresh. Rows are sorted by
        the second.
    seeds : dict of str to array-like, optional
        Of some models, the single scores that the second column is the mean of.
    lines : dict of str to float, optional
        Scores to mark by a dashed vertical line, and their names.
    xlabel : str

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"here": [0.8, 0.7], "there": [0.7, 0.6]}, index=["tree", "forest"])
    >>> plot_two_scores(scores).get_title(loc="left")
    'All 2 models score lower there than here'
    """
    scores = scores.sort_values(scores.columns[1])
    ax = new_axes(ax, figsize=(9, 1.5 + 0.36 * len(scores)))
    first, second = scores.columns
    places = np.arange(len(scores))
    ax.hlines(places, scores.min(axis=1), scores.max(axis=1), color=LIGHT_GRAY, linewidth=5)
    for place, name in enumerate(scores.index):
        singles = (seeds or {}).get(name, [])
        ax.plot(singles, np.full(len(singles), place), "|", color=ACCENT, markersize=13)
    ax.plot(scores[first], places, "o", color=LABEL_COLORS[0], markersize=8, label=first)
    ax.plot(scores[second], places, "D", color=ACCENT, markersize=7, label=second)
    for name, score in (lines or {}).items():
        ax.axvline(score, color=INK, linestyle="--", linewidth=1.2, zorder=0)
        ax.text(score, len(places) - 0.4, name, ha="center", va="bottom", fontsize=10)
    ax.set_yticks(places, scores.index)
    ax.set(xlabel=xlabel, ylim=(-0.6, len(places) - 0.4))
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.06 if lines else 1.0), ncols=2, borderpad=0)
    lower = int((scores[second] < scores[first]).sum())
    models = f"{lower} of {len(scores)}" if lower < len(scores) else f"All {lower}"
    found = f"{models} models score lower {second} than {first}"
    ax.set_title(title or found, pad=46 if lines else 28)
    return ax


@house_style
def plot_ranks(scores, marked=(), higher_is_better=(True, False), ax=None, title=None):
    """Draw the order of the models by two metrics; lines that cross are the disagreements.

    Parameters
    ----------
    scores : DataFrame
        One row a model, one column for each of the two metrics.
    marked : sequence of str
        Models to draw in the accent color.
    higher_is_better : pair of bool
        For each metric.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"accuracy": [0.8, 0.7], "loss": [0.2, 0.1]}, index=["a", "b"])
    >>> plot_ranks(scores).get_title(loc="left")
    'Accuracy and loss order 1 of 1 pairs of models differently'
    """
    ax = new_axes(ax, figsize=(9, 1.2 + 0.36 * len(scores)))
    pairs = zip(scores.columns, higher_is_better, strict=True)
    ranks = pd.DataFrame(
        {name: scores[name].rank(ascending=not high, method="first") for name, high in pairs}
    )
    for name, (left, right) in zip(scores.index, ranks.to_numpy(), strict=True):
        color = ACCENT if name in marked else GRAY
        ax.plot([0, 1], [left, right], "o-", color=color, linewidth=3 if name in marked else 1.5)
        values = scores.loc[name]
        ink = ACCENT if name in marked else INK
        ax.text(-0.04, left, f"{name}  {values.iloc[0]:.3f}", ha="right", va="center", color=ink)
        ax.text(1.04, right, f"{values.iloc[1]:.3f}  {name}", va="center", color=ink)
    titles = [name.replace("_", " ") for name in scores.columns]
    ax.set_xticks([0, 1], [f"best first by\n{name}" for name in titles])
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.set(xlim=(-1.1, 2.1), ylim=(len(scores) + 0.5, 0.5), yticks=[])
    ax.spines[:].set_visible(False)
    better = np.sign(ranks.to_numpy()[:, None] - ranks.to_numpy())
    swapped = int((better[..., 0] != better[..., 1]).sum() // 2)
    n_pairs = len(scores) * (len(scores) - 1) // 2
    found = f"order {swapped} of {n_pairs} pairs of models differently"
    first = titles[0][0].upper() + titles[0][1:]
    ax.set_title(title or f"{first} and {titles[1]} {found}", pad=12)
    return ax


@house_style
def plot_two_tasks(scores, marked=(), xlabel="subset accuracy", axes=None, title=None):
    """Draw the scores of the same models on two data sets, side by side.

    Parameters
    ----------
    scores : DataFrame
        One row a model, one column a data set. Rows are sorted by the first.
    marked : sequence of str
        Models to draw in the accent color.
    xlabel : str
    axes : pair of matplotlib.axes.Axes, optional

    Returns
    -------
    ndarray of two matplotlib.axes.Axes

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"ours": [0.8, 0.7], "theirs": [0.6, 0.7]}, index=["a", "b"])
    >>> plot_two_tasks(scores)[0].figure.get_suptitle()
    'Best on ours: a; best on theirs: b'
    """
    scores = scores.sort_values(scores.columns[0])
    size = (10, 1.5 + 0.42 * len(scores))
    axes = new_panels(axes, n_columns=2, sharey=True, figsize=size)
    places = np.arange(len(scores))
    colors = [ACCENT if name in marked else LABEL_COLORS[0] for name in scores.index]
    for ax, name in zip(axes, scores.columns, strict=True):
        ax.grid(axis="y", color=LIGHT_GRAY)
        ax.scatter(scores[name], places, s=70, color=colors, zorder=3)
        for place, value in zip(places, scores[name], strict=True):
            ax.annotate(
                f"{value:.3f}",
                (value, place),
                (8, 0),
                textcoords="offset points",
                va="center",
                fontsize=10,
                bbox={"color": "white", "pad": 1},
            )
        ax.margins(x=0.22)
        ax.set(xlabel=xlabel)
        ax.set_title(name, fontweight="normal")
    axes[0].set_yticks(places, scores.index)
    best = [f"best on {name}: {scores[name].idxmax()}" for name in scores.columns]
    set_headline(axes, title or "; ".join(best).replace("best", "Best", 1))
    return axes


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

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"mean": 0.8, "naive_low": 0.79, "naive_high": 0.81, "corrected_low": 0.77}
    >>> table = pd.DataFrame([row | {"corrected_high": 0.83, "fresh": 0.78}], index=["forest"])
    >>> plot_intervals(table).get_title(loc="left")
    'Naive intervals hold the fresh score in 0 of 1 cases, corrected ones in 1'
    """
    many = len(table) > 20
    ax = new_axes(ax, figsize=(9, 6.2 if many else 1.6 + 0.4 * len(table)))
    places = np.arange(len(table))
    n_held = {}
    for kind, color, width in [("corrected", LABEL_COLORS[4], 2.5), ("naive", GRAY, 6)]:
        low, high = table[f"{kind}_low"], table[f"{kind}_high"]
        held = table[truth].between(low, high)
        n_held[kind] = int(held.sum())
        colors = np.where(held, color, INK) if kind == "naive" else color
        width = width / 1.6 if many else width
        ax.hlines(places, low, high, color=colors, linewidth=width, label=f"{kind} 95 % interval")
    ax.plot(table["mean"], places, "|", color="white", markersize=4 if many else 7)
    ax.plot(table[truth], places, "D", color=ACCENT, markersize=3 if many else 5, label=truth)
    ax.set_yticks([] if many else places, [] if many else table.index)
    ax.set_ylabel(f"{len(table)} samples; black: the naive interval misses" if many else "")
    ax.set(xlabel=xlabel, ylim=(len(table) - 0.4, -0.6))
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderpad=0)
    counts = f"in {n_held['naive']} of {len(table)} cases, corrected ones in {n_held['corrected']}"
    ax.set_title(title or f"Naive intervals hold the {truth} score {counts}", pad=28)
    return ax


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
    >>> ax = plot_fold_differences([0.02, 0.01, -0.01, 0.04], 75, 25, names=("forest", "tree"))
    >>> ax.get_title(loc="left")
    'Forest is ahead of tree in 3 of 4 folds, by 0.015 on average'
    """
    differences = np.asarray(differences, dtype=float)
    ax = new_axes(ax, figsize=(9, 4))
    counts = Counter(differences.round(6))
    for value, count in counts.items():
        ax.plot(np.full(count, value), np.arange(count), "o", color=LABEL_COLORS[0], alpha=0.75)
    naive, corrected = naive_interval(differences), corrected_interval(differences, n_train, n_test)
    intervals = [("naive", naive, INK), ("corrected", corrected, LABEL_COLORS[4])]
    for place, (name, (low, high), color) in enumerate(intervals, 1):
        ax.hlines(-place, low, high, color=color, linewidth=6)
        ax.plot(differences.mean(), -place, "|", color="white", markersize=9)
        contains = "holds" if low <= 0 <= high else "does not hold"
        ax.text(high, -place, f"  {name} interval: {contains} 0", va="center", fontsize=11)
    ax.axvline(0, color=GRAY, linestyle="--", linewidth=1.5, zorder=0)
    if fresh is not None:
        ax.plot(fresh, -3, "D", color=ACCENT, markersize=8)
        ax.text(fresh, -3, "   on fresh rows", va="center", color=ACCENT, fontsize=11)
    ax.set(yticks=[], ylim=(-3.7, max(counts.values())), ylabel="one dot a fold")
    ax.set_xlabel(f"{score} of {names[0]} minus that of {names[1]}")
    ahead = int((differences > 0).sum())
    found = f"{names[0]} is ahead of {names[1]} in {ahead} of {len(differences)} folds"
    found = f"{found[0].upper()}{found[1:]}, by {differences.mean():.3f} on average"
    ax.set_title(title or found)
    return ax


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
    counts = Counter((np.floor(others / width) + 0.5) * width)
    for place, count in counts.items():
        ax.plot(np.full(count, place), np.arange(count), "o", color=LABEL_COLORS[0], alpha=0.75)
    top = max(counts.values())
    ax.plot(ours, 0, "D", color=ACCENT, markersize=10)
    ax.text(ours, 0.7, f"ours {ours:.3f}", color=ACCENT, ha="center", va="bottom", weight="bold")
    if expected is not None:
        ax.axvline(expected, color=INK, linestyle="--", linewidth=1.2, zorder=0)
        ax.text(expected, top, f"expected of ours {expected:.3f} ", ha="right", va="top")
    ax.set(yticks=[], ylim=(-0.8, top + 0.4), xlabel=xlabel, ylabel="one dot a sample")
    lower = int((others < ours).sum())
    ax.set_title(title or f"Our sample scores higher than {lower} of {len(others)} others")
    return ax


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
    for row, (x, y) in enumerate(zip(true, learned, strict=True)):
        label = None if groups is None else groups[row]
        ax.plot(
            x,
            y,
            markers[row % len(markers)],
            color=LABEL_COLORS[row % len(LABEL_COLORS)],
            alpha=0.85,
            label=label,
        )
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if groups is not None:
        ax.legend(title="label set", loc="upper left")
    correlation = np.corrcoef(true.ravel(), learned.ravel())[0, 1]
    ax.set_title(title or f"Learned and true weights have a correlation of {correlation:.2f}")
    return ax
