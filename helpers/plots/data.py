"""Figures about data: kinds of tasks, labels and label sets, features, images, generated rows."""

import itertools
import textwrap

import numpy as np
import pandas as pd
from matplotlib.patches import Rectangle
from matplotlib.transforms import offset_copy

from helpers._arguments import check_labels, check_X_y, refuse_pictures
from helpers.labels import co_occurrence, label_set_table, label_summary, names_or_default
from helpers.plots.house import (
    GRAY,
    SHADES,
    draw_arrow,
    draw_box,
    draw_heat_map,
    house_style,
    label_color,
    name_label_set,
    new_axes,
    signed,
    titled,
    whole_numbers,
)

DIVERGING = "PuOr_r"  # less than elsewhere is purple, more is orange, no difference is white
WIDEST = 320  # points for the squares of a label set; more of them are written as names
GAP = 2.4  # between two tables, in cells
# What is asked, the classes, the things to classify, and a 0/1 row of answers for each thing.
TASKS = (
    (
        "Binary:\nyes or no?",
        ("spam",),
        ("mail 1", "mail 2", "mail 3", "mail 4"),
        ((1,), (0,), (0,), (1,)),
    ),
    (
        "Multiclass:\nwhich one?",
        ("dog", "cat", "bird"),
        ("animal 1", "animal 2", "animal 3", "animal 4"),
        ((1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 0)),
    ),
    (
        "Multi-label:\nwhich ones, if any?",
        ("dog", "people", "beach"),
        ("photo 1", "photo 2", "photo 3", "photo 4"),
        ((1, 1, 0), (0, 0, 1), (0, 0, 0), (1, 1, 1)),
    ),
)


@house_style
def draw_steps(steps, ax=None, title=None):
    """Draw boxes from left to right, with arrows between them.

    Parameters
    ----------
    steps : sequence of (heading, text)

    Examples
    --------
    >>> draw_steps([("Data", "look at it"), ("Model", "build it")]).get_title(loc="left")
    '2 steps, from left to right'
    """
    ax = new_axes(ax, figsize=(2.4 * len(steps), 2.1))
    for place, (heading, text) in enumerate(steps):
        draw_box(ax, place, 0, 0.84, 1, rounding=0.05)
        ax.text(place + 0.42, 0.84, heading, ha="center", va="center", fontweight="bold")
        ax.text(place + 0.42, 0.66, textwrap.fill(text, 22), ha="center", va="top", fontsize=10.5)
        if place:
            draw_arrow(ax, (place - 0.16, 0.5), (place, 0.5), GRAY)
    ax.set(xlim=(-0.02, len(steps) - 0.14), ylim=(-0.05, 1.05))
    ax.axis("off")
    return titled(ax, title, f"{len(steps)} steps, from left to right")


@house_style
def draw_task_types(tasks=TASKS, ax=None, title=None):
    """Draw kinds of classification side by side: one table each, a filled cell is a yes.

    Parameters
    ----------
    tasks : sequence of (heading, classes, things, answers), optional
        `answers` has one row a thing and one 0/1 entry a class.

    Examples
    --------
    >>> len(draw_task_types().patches)
    28
    """
    ax = new_axes(ax, figsize=(9, 4))
    left = 0
    for heading, classes, things, answers in tasks:
        _draw_table(ax, left, classes, things, answers)
        ax.text(left, -1.6, heading, fontweight="bold", va="top", linespacing=1.3)
        left += len(classes) + GAP
    height = max(len(things) for _, _, things, _ in tasks)
    ax.set(xlim=(-1.6, left - GAP + 1.2), ylim=(height + 0.1, -1.7))
    ax.set_aspect("equal")
    ax.axis("off")
    return titled(ax, title, "How many cells of a row may be filled: that is the difference")


def _draw_table(ax, left, classes, things, answers):
    """Draw one kind of task: a row for each thing, a column for each class."""
    for column, name in enumerate(classes):
        ax.text(left + column + 0.5, -0.15, name, ha="center", va="bottom", fontsize=10)
    for row, (thing, answer) in enumerate(zip(things, answers, strict=True)):
        ax.text(left - 0.2, row + 0.5, thing, ha="right", va="center", fontsize=10, color=GRAY)
        for column, yes in enumerate(answer):
            corner = (left + column + 0.06, row + 0.06)
            face = label_color(column) if yes else "white"
            ax.add_patch(Rectangle(corner, 0.88, 0.88, facecolor=face, edgecolor=GRAY))


@house_style
def plot_images(images, names=None, ax=None, title=None):
    """Draw rows of pixels as images, side by side, with what is to be said of each below it.

    Parameters
    ----------
    images : array-like of shape (n_images, height, width)
        0 is white, the largest value black.
    names : list of str, optional
        One text an image; it may have several lines.

    Examples
    --------
    >>> plot_images(np.eye(8)[None], ["a stroke"]).get_title(loc="left")
    '1 row of the table: an image of 8 × 8 pixels'
    """
    images = np.asarray(images, dtype="float64")
    count, height, width = images.shape
    names = [""] * count if names is None else names
    side = min(1.5, 9 / (1.25 * count))  # of an image, in inches
    text_height = 0.1 + 0.2 / side * (max(str(name).count("\n") for name in names) + 1)
    ax = new_axes(ax, figsize=(max(1.25 * side * count, 7), side * (1 + text_height) + 0.5))
    for place, (image, name) in enumerate(zip(images, names, strict=True)):
        left = place * 1.25 * width
        right = left + width
        ax.imshow(image, cmap="Greys", vmin=0, vmax=images.max(), extent=(left, right, height, 0))
        frame = [left, right, right, left, left], [0, 0, height, height, 0]
        ax.plot(frame[0], frame[1], color=GRAY, linewidth=1)
        ax.text(left + width / 2, 1.08 * height, name, ha="center", va="top", fontsize=11)
    ax.set(xlim=(-0.1, right + 0.1), ylim=(height * (1 + text_height), -0.1), anchor="W")
    ax.axis("off")
    row = "row of the table: an image" if count == 1 else "rows of the table: images"
    return titled(ax, title, f"{count} {row} of {height} × {width} pixels")


@house_style
def plot_prevalence(y, label_names=None, ax=None, title=None):
    """Show how many of all rows have each label.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)

    Examples
    --------
    >>> plot_prevalence([[1, 1], [1, 0], [0, 0], [1, 0]]).get_title(loc="left")
    'label_1 is the most frequent label, label_2 the rarest'
    """
    prevalence = label_summary(y, label_names)["prevalence"]
    ax = new_axes(ax, figsize=(7.5, 1.6 + 0.5 * len(prevalence)))
    colors = [label_color(i) for i in range(len(prevalence))]
    bars = ax.barh(prevalence.index, prevalence * 100, color=colors)
    ax.bar_label(bars, [f"{share:.1%}" for share in prevalence], padding=4)
    ax.set(xlim=(0, 100), xlabel="rows with this label (%)", ylabel="label")
    ax.invert_yaxis()
    finding = f"{prevalence.idxmax()} is the most frequent label, {prevalence.idxmin()} the rarest"
    if (prevalence == prevalence.iloc[0]).all():
        finding = "All labels are equally frequent"
    return titled(ax, title, finding)


@house_style
def plot_label_sets(y, label_names=None, max_sets=12, ax=None, title=None):
    """Show how often each label set occurs, the most frequent at the top.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)
    max_sets : int, default=12
        How many of the most frequent ones to show. If there is room for all that are possible,
        those that never occur are shown, too.

    Examples
    --------
    >>> plot_label_sets([[1, 1], [1, 0], [0, 0], [1, 0]]).get_title(loc="left")
    '3 of the 4 possible label sets occur'
    """
    y = check_labels(y)
    n_labels = y.shape[1]
    names = names_or_default(label_names, n_labels)
    found = label_set_table(y)["count"]
    counts = found.head(max_sets)
    if 2**n_labels <= max_sets:
        possible = ["".join(digits) for digits in itertools.product("01", repeat=n_labels)]
        counts = counts.reindex(counts.index.union(possible, sort=False), fill_value=0)
    sets = np.array([[int(digit) for digit in name] for name in counts.index])
    ax = new_axes(ax, figsize=(9, 1.7 + 0.42 * len(sets)))
    bars = ax.barh(range(len(sets)), counts, color=GRAY)
    ax.bar_label(bars, [f"{count:,}" for count in counts], padding=4)
    ax.set(xlabel="number of rows", xlim=(0, 1.1 * counts.max()), ylim=(len(sets) - 0.4, -0.6))
    whole_numbers(ax.xaxis)
    column = 16 + 6 * max(len(str(name)) for name in names)  # its width in points
    if n_labels * column <= WIDEST:
        _draw_squares(ax, sets, names, column)
    else:
        ax.set_yticks(range(len(sets)), [name_label_set(row, names, empty="none") for row in sets])
        ax.set_ylabel("label set")
    return titled(ax, title, f"{len(found)} of the {2**n_labels:,} possible label sets occur")


def _draw_squares(ax, sets, names, column):
    """Draw the label set of each bar to its left: a square per label, filled for a yes."""
    ax.set_yticks([])
    for label, name in enumerate(names):
        x = column * (label - len(names) + 0.5)
        left = offset_copy(ax.get_yaxis_transform(), ax.figure, x, units="points")
        faces = [label_color(label) if yes else "white" for yes in sets[:, label]]
        squares = {"marker": "s", "s": 200, "c": faces, "edgecolors": GRAY}
        rows = range(len(sets))
        ax.scatter([0] * len(sets), rows, **squares, clip_on=False, transform=left)
        ax.text(0, -0.65, name, ha="center", va="bottom", fontsize=10, transform=left)
    ax.set_ylabel("label set", labelpad=column * len(names))


@house_style
def plot_co_occurrence(y, label_names=None, ax=None, title=None):
    """Show how many of the rows with one label also have the other.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)

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
    return titled(ax, title, _tell_co_occurrence(table))


def _tell_co_occurrence(table):
    """Say which label implies which others, or which pair comes closest to it."""
    others = table.where(~np.eye(len(table), dtype=bool))
    strongest = others.max(axis=1)
    if strongest.isna().all():
        return "No two labels to compare"
    always = (others == 1).sum(axis=1)
    if always.max() > 0:
        label = always.idxmax()
        implied = " and ".join(others.columns[others.loc[label] == 1])
        return f"Every row with {label} also has {implied}"
    label = strongest.idxmax()
    other = others.loc[label].idxmax()
    return f"Of the rows with {label}, {strongest[label]:.0%} also have {other}"


@house_style
def plot_features_by_label(X, y, label_names=None, feature_names=None, ax=None, title=None):
    """Show for each feature how much its mean is higher in rows with a label than without it.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
    y : array-like of shape (n_samples, n_labels)
    feature_names : list of str, optional

    Examples
    --------
    >>> plot_features_by_label([[1, 5], [4, 5], [4, 5]], [[0], [1], [1]]).get_title(loc="left")
    'Strongest sign: with label_1, feature_1 is 3.0 higher than without'
    """
    table = _difference_by_label(X, y, label_names, feature_names)
    ax = new_axes(ax, figsize=(max(9, 2 + 0.8 * table.shape[1]), 1.9 + 0.6 * len(table)))
    strongest = table.abs().max(axis=1)
    limit = strongest.max() if strongest.max() > 0 else 1
    draw_heat_map(ax, table, lambda value: signed(value, 1), DIVERGING, (-limit, limit))
    ax.set_xticks(ax.get_xticks(), table.columns, rotation=30, ha="right", rotation_mode="anchor")
    ax.set(xlabel="mean with the label minus mean without it (words per document)", ylabel="label")
    return titled(ax, title, _tell_strongest(table, strongest))


def _difference_by_label(X, y, label_names, feature_names):
    """Return labels × features; NaN where all rows or none have the label."""
    refuse_pictures(X)
    X, y = check_X_y(X, y)
    X = X.astype("float64")
    n_with = y.sum(axis=0)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        difference = y.T @ X / n_with - (1 - y).T @ X / (len(y) - n_with)
    labels = names_or_default(label_names, y.shape[1])
    return pd.DataFrame(difference, labels, names_or_default(feature_names, X.shape[1], "feature"))


def _tell_strongest(table, strongest):
    """Say which feature differs most with which label."""
    if strongest.isna().all():
        return "No label to compare: all rows have it, or none"
    label = strongest.idxmax()
    feature = table.loc[label].abs().idxmax()
    value = table.loc[label, feature]
    higher = "higher" if value > 0 else "lower"
    return f"Strongest sign: with {label}, {feature} is {abs(value):.1f} {higher} than without"


@house_style
def plot_label_set_shares(shares, ax=None, title=None):
    """Show how the rows of several data sets divide into label sets.

    Parameters
    ----------
    shares : DataFrame
        One row a data set (index: its seed), one column a label set, shares of its rows; 0 where
        the set does not occur.
    """
    n_seeds, n_sets = shares.shape
    ax = new_axes(ax, figsize=(8, 1.8 + 0.42 * n_seeds))
    limits = (0, shares.to_numpy().max())
    draw_heat_map(ax, shares, lambda share: f"{share:.1%}" if share > 0 else "−", SHADES, limits)
    ax.set_xlabel("label set (cells: share of the rows in %, − where it never occurs)")
    ax.set_ylabel("seed")
    complete = (shares > 0).all(axis=1).sum()
    seeds = f"{complete} of the {n_seeds} seeds"
    return titled(ax, title, f"All {n_sets} label sets occur with {seeds}")
