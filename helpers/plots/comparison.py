"""Figures that put several models side by side: two estimates, two metrics, two data sets."""

import numpy as np
import pandas as pd

from helpers.plots.panels import new_panels, set_headline
from helpers.plots.style import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    LIGHT_GRAY,
    house_style,
    new_axes,
)


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
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

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
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

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
    title : str, optional

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
            ax.annotate(f"{value:.3f}", (value, place), (8, 0), textcoords="offset points",
                        va="center", fontsize=10,
                        bbox={"color": "white", "pad": 1})  # fmt: skip
        ax.margins(x=0.22)
        ax.set(xlabel=xlabel)
        ax.set_title(name, fontweight="normal")
    axes[0].set_yticks(places, scores.index)
    best = [f"best on {name}: {scores[name].idxmax()}" for name in scores.columns]
    set_headline(axes, title or "; ".join(best).replace("best", "Best", 1))
    return axes
