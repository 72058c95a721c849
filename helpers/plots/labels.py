"""Figures about labels: how often, how many, and which ones together."""

import numpy as np

from helpers.labels import co_occurrence, label_set_table, label_summary, names_or_default
from helpers.plots.heatmap import draw_heat_map
from helpers.plots.style import GRAY, SHADES, house_style, label_color, new_axes, whole_numbers
from helpers.validation import check_labels


@house_style
def plot_prevalence(y, label_names=None, ax=None, title=None):
    """Show how many of all rows have each label.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)
    label_names : list of str, optional
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> plot_prevalence([[1, 1], [1, 0], [0, 0], [1, 0]]).get_title(loc="left")
    'label_1 is the most frequent label, label_2 the rarest'
    """
    summary = label_summary(y, label_names)
    ax = new_axes(ax, figsize=(7.5, 1.6 + 0.5 * len(summary)))
    colors = [label_color(i) for i in range(len(summary))]
    bars = ax.barh(summary.index, summary["prevalence"] * 100, color=colors)
    ax.bar_label(bars, [f"{share:.1%}" for share in summary["prevalence"]], padding=4)
    ax.set(xlim=(0, 100), xlabel="rows with this label (%)", ylabel="label")
    ax.invert_yaxis()
    if title is None:
        most, least = summary["prevalence"].idxmax(), summary["prevalence"].idxmin()
        title = f"{most} is the most frequent label, {least} the rarest"
        if summary["prevalence"].nunique() == 1:
            title = "All labels are equally frequent"
    ax.set_title(title)
    return ax


@house_style
def plot_cardinality(y, ax=None, title=None):
    """Show how many rows have no label, one, two and so on, and their mean.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> plot_cardinality([[1, 1], [1, 0], [0, 0], [1, 0]]).get_title(loc="left")
    'A row has 1.00 labels on average; 25.0% of the rows have none'
    """
    y = check_labels(y)
    n_labels = y.sum(axis=1)
    counts = np.bincount(n_labels, minlength=y.shape[1] + 1)
    ax = new_axes(ax, figsize=(7.5, 3.6))
    bars = ax.bar(range(len(counts)), counts, width=0.7, color=GRAY)
    ax.bar_label(bars, [f"{count:,}" for count in counts], padding=2)
    ax.set(xlabel="labels of a row", ylabel="number of rows", ylim=(0, 1.12 * counts.max()))
    whole_numbers(ax.xaxis)
    none = (n_labels == 0).mean()
    ax.set_title(
        title
        or f"A row has {n_labels.mean():.2f} labels on average; {none:.1%} of the rows have none"
    )
    return ax


@house_style
def plot_label_sets(y, label_names=None, max_sets=12, ax=None, title=None):
    """Show how often each label set occurs, the most frequent at the top.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)
    label_names : list of str, optional
    max_sets : int, default=12
        How many of the most frequent ones to show.
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> ax = plot_label_sets([[1, 1], [1, 0], [0, 0], [1, 0]])
    >>> ax.get_title(loc="left")
    '3 of the 4 possible label sets occur'
    >>> [tick.get_text() for tick in ax.get_yticklabels()]
    ['label_1', 'none', 'label_1 + label_2']
    """
    y = check_labels(y)
    names = names_or_default(label_names, y.shape[1])
    table = label_set_table(y, names)
    shown = table.head(max_sets)
    sets = [" + ".join(np.array(names)[row == 1]) or "none" for row in shown[names].to_numpy()]
    ax = new_axes(ax, figsize=(7.5, 1.6 + 0.45 * len(shown)))
    bars = ax.barh(range(len(shown)), shown["count"], color=GRAY)
    ax.bar_label(bars, [f"{count:,}" for count in shown["count"]], padding=4)
    ax.set_yticks(range(len(shown)), sets)
    ax.set(xlabel="number of rows", ylabel="label set", xlim=(0, 1.1 * shown["count"].max()))
    whole_numbers(ax.xaxis)
    ax.invert_yaxis()
    ax.set_title(title or f"{len(table)} of the {2 ** y.shape[1]:,} possible label sets occur")
    return ax


@house_style
def plot_co_occurrence(y, label_names=None, ax=None, title=None):
    """Show how many of the rows with one label also have the other.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)
    label_names : list of str, optional
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> plot_co_occurrence([[1, 1], [1, 0], [0, 0], [1, 0]]).get_title(loc="left")
    'Every row with label_2 also has label_1'
    """
    table = co_occurrence(y, label_names)
    size = len(table)
    ax = new_axes(ax, figsize=(max(6.5, 2.5 + 0.8 * size), 2 + 0.6 * size))
    draw_heat_map(ax, table, "{:.0%}".format, SHADES, (0, 1))
    ax.set(xlabel="… share that also have this label (%)", ylabel="of the rows with this label …")
    ax.set_title(title or _togetherness(table))
    return ax


def _togetherness(table):
    """Say which label implies which others, or which pair comes closest to it."""
    others = table.where(~np.eye(len(table), dtype=bool))
    always = (others == 1).sum(axis=1)
    if always.max() > 0:
        label = always.idxmax()
        implied = " and ".join(others.columns[others.loc[label] == 1])
        return f"Every row with {label} also has {implied}"
    strongest = others.max(axis=1)
    if strongest.isna().all():
        return "No two labels to compare"
    label = strongest.idxmax()
    return (
        f"Of the rows with {label}, {strongest[label]:.0%} also have {others.loc[label].idxmax()}"
    )
