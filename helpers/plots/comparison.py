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
