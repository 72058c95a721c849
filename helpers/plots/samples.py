"""Figures that compare one sample of rows with others."""

import numpy as np

from helpers.labels import label_set_table, names_or_default
from helpers.plots.heatmap import draw_heat_map
from helpers.plots.style import ACCENT, GRAY, INK, SHADES, house_style, label_color, new_axes
from helpers.set_prior import label_set_prior


@house_style
def plot_label_set_shares(shares, ax=None, title=None):
    """Show how the rows of several data sets divide into label sets.

    Parameters
    ----------
    shares : DataFrame
        One row a data set (index: its seed), one column a label set, shares of its rows; 0 where
        the set does not occur.
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import pandas as pd
    >>> shares = pd.DataFrame({"00": [0.5, 0.1], "11": [0.5, 0.0], "01": [0.0, 0.9]}, index=[1, 2])
    >>> plot_label_set_shares(shares).get_title(loc="left")
    'All 3 label sets occur with 0 of the 2 seeds'
    """
    n_seeds, n_sets = shares.shape
    ax = new_axes(ax, figsize=(8, 1.8 + 0.42 * n_seeds))
    draw_heat_map(ax, shares, _percent, SHADES, (0, shares.to_numpy().max()))
    ax.set(xlabel="label set (cells: share of the rows in %, − where it never occurs)")
    ax.set(ylabel="seed")
    complete = (shares > 0).all(axis=1).sum()
    ax.set_title(title or f"All {n_sets} label sets occur with {complete} of the {n_seeds} seeds")
    return ax


def _percent(share):
    return f"{share:.1%}" if share > 0 else "−"


@house_style
def plot_sample_and_fresh(y, y_fresh, ax=None, title=None):
    """Show the share of each label set in a sample beside that in many fresh rows.

    A bar spans two standard errors to each side of the fresh share: where most samples as large
    as this one would fall.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)
        The sample.
    y_fresh : array-like of shape (n_rows, n_labels)
        Many fresh rows of the same distribution.
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> plot_sample_and_fresh([[1], [0]], [[1], [0], [0]]).get_title(loc="left")
    '2 of 2 label sets are as frequent as in fresh rows, within sampling error'
    """
    sample, fresh = label_set_table(y)["share"], label_set_table(y_fresh)["share"]
    sets = fresh.index.union(sample.index)
    sample, fresh = sample.reindex(sets, fill_value=0), fresh.reindex(sets, fill_value=0)
    error = 2 * np.sqrt(fresh * (1 - fresh) / len(y))
    ax = new_axes(ax, figsize=(8.5, 4.8))
    place = np.arange(len(sets))
    expected = f"{len(y_fresh):,} fresh rows; bars: ± two standard errors of {len(y):,} rows"
    style = {"fmt": "_", "color": INK, "markersize": 18, "capsize": 5}
    ax.errorbar(place, fresh * 100, error * 100, label=expected, **style)
    ax.plot(place, sample * 100, "o", color=ACCENT, label=f"our sample of {len(y):,} rows")
    ax.set_xticks(place, sets)
    ax.set(xlabel="label set", ylabel="share of the rows (%)")
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.14))
    within = (np.abs(sample - fresh) <= error).sum()
    finding = f"{within} of {len(sets)} label sets are as frequent as in fresh rows"
    ax.set_title(title or f"{finding}, within sampling error")
    return ax


@house_style
def plot_set_prior(p_c, n_labels=2, label_names=None, ax=None, title=None):
    """Show how often the generator draws each label set, and what share of rows has each label.

    Parameters
    ----------
    p_c : array-like of shape (n_classes,)
        Probability of each class in one draw.
    n_labels : float, default=2
        Mean of the Poisson number that a row draws first.
    label_names : list of str, optional
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> ax = plot_set_prior([0.5, 0.5], n_labels=2)
    >>> ax.get_title(loc="left")
    'n_labels=2 gives 1.20 labels a row; label_2 is in 60.0%, alone in 20.0%'
    """
    label_sets, prior = label_set_prior(p_c, n_labels)
    names = names_or_default(label_names, label_sets.shape[1])
    prevalence, last = prior @ label_sets, len(names) - 1
    ax = new_axes(ax, figsize=(8, 4.2))
    bars = ax.bar(range(len(prior)), prior * 100, width=0.7, color=GRAY)
    ax.bar_label(bars, [_or_less(share) for share in prior], padding=2)
    ax.set_xticks(range(len(prior)), ["".join(map(str, s)) for s in label_sets])
    ax.set(xlabel="label set", ylabel="share of the rows (%)", ylim=(0, 100))
    for k, name in enumerate(names):
        text = f"{name}: drawn with p = {p_c[k]:.4f}, in {prevalence[k]:.1%} of the rows"
        place = (0.99, 0.97 - 0.08 * k)
        look = {"color": label_color(k), "fontweight": "bold"}
        ax.text(*place, text, transform=ax.transAxes, ha="right", va="top", **look)
    alone = prior[(label_sets.sum(axis=1) == 1) & (label_sets[:, last] == 1)].sum()
    finding = f"n_labels={n_labels:g} gives {prevalence.sum():.2f} labels a row"
    named = f"{names[last]} is in {prevalence[last]:.1%}, alone in {_or_less(alone)}"
    ax.set_title(title or f"{finding}; {named}")
    return ax


def _or_less(share):
    return "< 0.1%" if 0 < share < 0.0005 else f"{share:.1%}"
