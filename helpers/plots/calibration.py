"""Figures about whether probabilities are true."""

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.ticker import MaxNLocator, NullFormatter
from scipy.stats import binom

from helpers.labels import names_or_default
from helpers.plots.house import (
    ACCENT,
    GRAY,
    INK,
    LIGHT_GRAY,
    SHADES,
    house_style,
    label_color,
    name_rows,
    new_panels,
    spread_evenly,
    titled_panels,
)

TICKS = (0, 0.5, 1)
N_CELLS = 25  # a side, for densities


@house_style
def plot_reliability(tables, axes=None, title=None):
    """Draw observed against predicted shares of each label, with the rows of each bin beneath.

    A bar shows where 95 % of a bin's shares would fall by chance if its probabilities were right.
    The panels have shape (2, n_labels).

    Parameters
    ----------
    tables : dict of str to DataFrame
        One or two, by name, as `helpers.calibration.reliability_table` returns them.

    Raises
    ------
    ValueError
        If there are more tables, or none.
    """
    if not 1 <= len(tables) <= 2:
        raise ValueError(f"tables: found {len(tables)} of them, expected one or two.")
    labels = next(iter(tables.values()))["label"].unique()
    size, heights, n = (3 * len(labels), 4.7), [2.6, 1], len(labels)
    axes = new_panels(axes, n, 2, sharex=True, sharey="row", figsize=size, height_ratios=heights)
    told = []
    for place, (name, table) in enumerate(tables.items()):
        table = table[table["count"] > 0]
        last = place == len(tables) - 1  # what it is compared with is gray
        shift = (place - (len(tables) - 1) / 2) / len(tables)
        outside = 0
        for i, label in enumerate(labels):
            color = label_color(i) if last else GRAY
            bins = table[table["label"] == label]
            outside += _draw_bins(axes[0, i], bins, color, name, filled=last)
            width = bins["high"] - bins["low"]
            middle = bins["low"] + width / 2 + shift * 0.85 * width
            axes[1, i].bar(middle, bins["count"], 0.85 * width / len(tables), color=color)
        told.append(f"{name} {outside} of {len(table)}")
    for i, label in enumerate(labels):
        axes[0, i].plot([0, 1], [0, 1], color=LIGHT_GRAY, linewidth=1.5, zorder=0)
        axes[0, i].set_title(label, color=label_color(i))
        axes[1, i].set(xlabel="predicted probability", yscale="log", xlim=(-0.02, 1.02))
        axes[1, i].yaxis.set_major_formatter("{x:,.0f}")
        axes[1, i].yaxis.set_minor_formatter(NullFormatter())
        axes[1, i].set_xticks(TICKS)
    axes[0, 0].set(ylabel="share of rows\nwith the label", ylim=(-0.02, 1.02), yticks=TICKS)
    axes[0, 0].legend(loc="lower right", fontsize=11, handletextpad=0.2)
    axes[1, 0].set(ylabel="rows\n(log scale)", ylim=(0.8, None))
    finding = f"Bins outside their 95 % bars: {'; '.join(told)}"
    return titled_panels(axes, title, finding)


def _draw_bins(ax, bins, color, name, filled):
    """Draw the bins of one label, and count those outside their bars."""
    count, predicted, observed = bins["count"], bins["predicted"], bins["observed"]
    low, high = (binom.ppf(q, count, predicted) / count for q in (0.025, 0.975))
    ax.vlines(predicted, low, high, color=color, alpha=0.3, linewidth=4)
    ax.plot(predicted, observed, "o", color=color, mfc=color if filled else "white", label=name)
    return int(((observed < low) | (observed > high)).sum())


@house_style
def plot_calibration_errors(tables, axes=None, title=None):
    """Draw expected calibration errors beside those that chance alone gives, one panel a table.

    A bar ends where the mean of the group's `chance` is; an orange dot is above its own.

    Parameters
    ----------
    tables : dict of str to DataFrame
        By the name of the panel. Each has columns ``probabilities`` (the group), ``ece`` and
        ``chance``: an error that right probabilities exceed in one case of 20 only.

    Examples
    --------
    >>> import pandas as pd
    >>> table = {"probabilities": ["network"], "ece": [0.03], "chance": [0.02]}
    >>> axes = plot_calibration_errors({"100 rows": pd.DataFrame(table)})
    >>> axes[0].figure.get_suptitle()
    'Errors above the 95 % line of chance: 1 of 1 on 100 rows'
    """
    groups = list(next(iter(tables.values()))["probabilities"].unique())
    size = (4.8 * len(tables), 1.8 + 0.6 * len(groups))
    axes = new_panels(axes, len(tables), sharex=True, sharey=True, figsize=size)
    told = []
    for ax, (name, table) in zip(axes, tables.items(), strict=True):
        above = table["ece"] > table["chance"]
        for place, group in enumerate(groups):
            of_group = table["probabilities"] == group
            ax.barh(place, table["chance"][of_group].mean(), height=0.7, color=LIGHT_GRAY)
            places = spread_evenly(place, 0.25, of_group.sum())
            colors = np.where(above[of_group], ACCENT, INK)
            ax.scatter(table["ece"][of_group], places, color=colors, s=36, zorder=3)
        ax.set_title(name, fontweight="normal")
        ax.set(xlabel="expected calibration error")
        ax.xaxis.set_major_locator(MaxNLocator(4))
        name_rows(ax, groups)
        told.append(f"{above.sum()} of {len(table)} on {name}")
    axes[0].set(xlim=(0, None))
    axes[-1].plot([], [], "o", color=ACCENT, label="above chance")
    axes[-1].plot([], [], "o", color=INK, label="within chance")
    axes[-1].barh(0, 0, color=LIGHT_GRAY, label="95 % of chance")
    axes[-1].legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return titled_panels(axes, title, f"Errors above the 95 % line of chance: {', '.join(told)}")


@house_style
def plot_true_probabilities(y_prob, true_prob, label_names=None, axes=None, title=None):
    """Draw predicted probabilities against true ones, as densities, one panel per label.

    Parameters
    ----------
    y_prob, true_prob : array-like of shape (n_samples, n_labels)
        The true ones are those of an oracle.

    Examples
    --------
    >>> plot_true_probabilities([[0.2], [0.8]], [[0.1], [1.0]])[0].figure.get_suptitle()
    'Predicted probabilities are 0.15 away from the true ones, on average'
    """
    y_prob, true_prob = np.asarray(y_prob), np.asarray(true_prob)
    n_labels = y_prob.shape[1]
    names = names_or_default(label_names, n_labels)
    axes = new_panels(axes, n_labels, sharey=True, figsize=(3.5 * n_labels + 1, 4.2))
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
    finding = f"Predicted probabilities are {distance.mean():.2f} away from the true ones"
    return titled_panels(axes, title, f"{finding}, on average")
