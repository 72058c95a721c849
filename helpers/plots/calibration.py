"""Figures about calibration: whether probabilities hold what they say."""

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.ticker import MaxNLocator, NullFormatter
from scipy.stats import binom

from helpers.labels import names_or_default
from helpers.plots.panels import new_panels, set_headline
from helpers.plots.style import GRAY, INK, LIGHT_GRAY, SHADES, house_style, label_color

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
    title : str, optional

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
        axes, len(labels), 2, sharex=True, sharey="row", figsize=(3 * len(labels), 4.7),
        height_ratios=[2.6, 1],
    )  # fmt: skip
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
    title : str, optional

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
    title : str, optional

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
