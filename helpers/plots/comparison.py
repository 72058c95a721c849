"""Figures that put models and estimates side by side: two scores, two data sets, intervals."""

from collections import Counter

import numpy as np
from matplotlib.ticker import MaxNLocator

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
    name_rows,
    new_axes,
    new_panels,
    titled,
    titled_panels,
    write_near,
)


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
def plot_intervals(
    kinds, truth, truth_name="truth", xlabel="subset accuracy", axes=None, title=None
):
    """Draw the intervals of many samples, one panel for each kind, and which of them miss.

    Parameters
    ----------
    kinds : dict of str to array-like of shape (n_samples, 2)
        The low and high ends of each kind of interval, the samples in the same order.
    truth : float
        What the intervals should hold, drawn as a line.
    truth_name : str
    xlabel : str

    Examples
    --------
    >>> axes = plot_intervals({"narrow": [[0.5, 0.6]], "wide": [[0.3, 0.8]]}, truth=0.7)
    >>> axes[0].figure.get_suptitle()
    'The truth (0.700) lies within 0 of 1 intervals: narrow; 1: wide'
    """
    size = (3.6 * len(kinds), 5.2)
    axes = new_panels(axes, len(kinds), sharex=True, sharey=True, figsize=size)
    counts = []
    for ax, (name, ends) in zip(axes, kinds.items(), strict=True):
        ends = np.asarray(ends, dtype=float)
        ends = ends[ends.mean(axis=1).argsort(kind="stable")]
        low, high = ends.T
        holds = (low <= truth) & (truth <= high)
        counts.append(f"{holds.sum()}: {name}")
        ax.axvline(truth, color=INK, linewidth=1.5, zorder=3)
        colors = np.where(holds, LABEL_COLORS[4], ACCENT)
        ax.hlines(np.arange(len(ends)), low, high, color=colors, linewidth=3)
        ax.set_title(f"{name}: {holds.sum()} of {len(ends)}", fontweight="normal")
        ax.set(xlabel=xlabel, yticks=[])
    axes[0].set_ylabel("samples, sorted by their score; orange: misses")
    within = "; ".join(counts).replace(":", f" of {len(ends)} intervals:", 1)
    return titled_panels(axes, title, f"The {truth_name} ({truth:.3f}) lies within {within}")


@house_style
def plot_estimates(groups, score="subset accuracy", ax=None, title=None):
    """Draw the fold scores of several ways to estimate, and their means.

    Parameters
    ----------
    groups : dict of str to array-like
        The fold scores of each way.
    score : str
        Its name.

    Examples
    --------
    >>> plot_estimates({"mixed": [0.9], "in blocks": [0.82]}).get_title(loc="left")
    'Mixed: 0.900 on average; in blocks: 0.820'
    """
    ax = new_axes(ax, figsize=(8, 4.2))
    means = {}
    for place, (name, values) in enumerate(groups.items()):
        mean = means[name] = draw_group(ax, place, values, 0.2, 0.28, linewidth=2)
        ax.text(place + 0.3, mean, f"mean {mean:.3f}", va="center", bbox=WHITE_BOX | {"pad": 2})
    ax.set_xticks(range(len(groups)), list(groups))
    ax.set(xlim=(-0.5, len(groups) - 0.35), ylabel=score)
    ax.set_xlabel("one dot per fold; black: their mean")
    ax.margins(y=0.15)
    finding = "; ".join(f"{name}: {mean:.3f}" for name, mean in means.items())
    return titled(ax, title, capitalized(finding.replace(";", " on average;", 1)))


@house_style
def plot_promises(promised, came_true=None, score="score", ax=None, title=None):
    """Draw what several kinds of folds promised, and what rows of the kind that each asks for got.

    Parameters
    ----------
    promised : dict of str to (low, value, high)
        The score and its interval, by the question that the folds ask; the first one's is drawn on
        as a line.
    came_true : dict of str to (low, value, high), optional
        The same for rows that came from outside the table, by the same names or some of them.
    score : str, default="score"
        Its name.

    Raises
    ------
    ValueError
        If `came_true` has a name that `promised` has not.

    Examples
    --------
    >>> promised = {"same people": (0.7, 0.8, 0.9), "new people": (0.5, 0.6, 0.7)}
    >>> ax = plot_promises(promised, {"new people": (0.6, 0.65, 0.7)}, score="accuracy")
    >>> ax.get_title(loc="left")
    'Promised for same people: 0.80. Came true for new people: 0.65'
    """
    came_true = came_true or {}
    if unknown := [name for name in came_true if name not in promised]:
        raise ValueError(f"came_true: {unknown} are not in promised, {list(promised)}.")
    ax = new_axes(ax, figsize=(10, 1.6 + 1.1 * len(promised)))
    for place, (name, (low, value, high)) in enumerate(promised.items()):
        draw_interval(ax, place - 0.14, low, value, high, LABEL_COLORS[0])
        write_near(ax, f"{value:.2f}", value, place - 0.14, (0, 7), ha="center", fontsize=11)
        if name in came_true:
            low, value, high = came_true[name]
            draw_interval(ax, place + 0.14, low, value, high, ACCENT)
            style = {"ha": "center", "va": "top", "fontsize": 11, "color": ACCENT}
            write_near(ax, f"{value:.2f}", value, place + 0.14, (0, -7), **style)
    name_rows(ax, list(promised), above=0.6, below=0.6)
    first_value = next(iter(promised.values()))[1]
    ax.plot([first_value] * 2, [0, ax.get_ylim()[0]], ":", color=LABEL_COLORS[0], zorder=0)
    ax.set_xlabel(f"{score}; blue: promised" + ("; orange: came true" if came_true else ""))
    ax.xaxis.set_major_locator(MaxNLocator(6))
    first, *others = promised
    finding = f"Promised for {first}: {promised[first][1]:.2f}"
    if seen := [name for name in others if name in came_true]:
        finding += ". Came true for " + ", ".join(f"{n}: {came_true[n][1]:.2f}" for n in seen)
    elif others:
        finding += ", for " + ", for ".join(f"{name}: {promised[name][1]:.2f}" for name in others)
    return titled(ax, title, finding)


@house_style
def plot_fold_differences(
    differences, intervals, names=("a", "b"), truth=None, score="score", ax=None, title=None
):
    """Draw one model's lead over another in each fold, and several intervals of its mean.

    Parameters
    ----------
    differences : array-like of shape (n_folds,)
        The first model's score minus the second's, fold by fold.
    intervals : dict of str to (low, high)
        The kinds of interval, from the top down.
    names : pair of str
        The two models.
    truth : pair of str and float, optional
        A name and what the difference turned out to be, to be marked.
    score : str, default="score"

    Examples
    --------
    >>> ax = plot_fold_differences([0.02, -0.01], {"naive": (-0.1, 0.2)}, ("forest", "tree"))
    >>> ax.get_title(loc="left")
    'Forest is ahead of tree in 1 of 2 folds, by 0.005 on average'
    """
    differences = np.asarray(differences, dtype=float)
    mean = differences.mean()
    ax = new_axes(ax, figsize=(9, 3.4 + 0.4 * len(intervals)))
    top = _draw_stacks(ax, differences.round(6))
    for place, (name, (low, high)) in enumerate(intervals.items(), 1):
        ax.hlines(-place, low, high, color=LABEL_COLORS[4], linewidth=6)
        ax.plot(mean, -place, "|", color=INK, markersize=9)
        contains = "holds" if low <= 0 <= high else "does not hold"
        ax.text(high, -place, f"  {name}: {contains} 0", va="center", fontsize=11)
    ax.axvline(0, color=GRAY, linestyle="--", linewidth=1.5, zorder=0)
    last = -len(intervals) - 1
    if truth is not None:
        ax.plot(truth[1], last, "D", color=ACCENT, markersize=8)
        ax.text(truth[1], last, f"   {truth[0]}", va="center", color=ACCENT, fontsize=11)
    ax.set(yticks=[], ylim=(last - 0.7, top), ylabel="one dot per fold")
    ax.set_xlabel(f"{score} of {names[0]} minus that of {names[1]}")
    ahead = f"in {(differences > 0).sum()} of {len(differences)} folds, by {mean:.3f} on average"
    return titled(ax, title, f"{capitalized(names[0])} is ahead of {names[1]} {ahead}")


def _draw_stacks(ax, values):
    """Draw a dot for each value, equal ones on top of each other; return the tallest's height."""
    counts = Counter(values)
    for value, count in counts.items():
        ax.plot(np.full(count, value), np.arange(count), "o", color=LABEL_COLORS[0], alpha=0.75)
    return max(counts.values())
