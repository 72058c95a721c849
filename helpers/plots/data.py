"""Figures about data: kinds of tasks, labels and label sets, features, images, generated rows."""

import textwrap

import numpy as np
import pandas as pd
from matplotlib.patches import Rectangle

from helpers._arguments import check_labels, check_X_y
from helpers.data import label_set_prior
from helpers.labels import co_occurrence, label_set_table, label_summary, names_or_default
from helpers.plots.house import (
    ACCENT,
    GRAY,
    INK,
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
def plot_cardinality(y, ax=None, title=None):
    """Show how many rows have no label, one, two and so on, and their mean.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)

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
    ax.bar_label(bars, fmt="{:,.0f}", padding=2)
    ax.set(xlabel="labels of a row", ylabel="number of rows", ylim=(0, 1.12 * counts.max()))
    whole_numbers(ax.xaxis)
    none = (n_labels == 0).mean()
    finding = f"A row has {n_labels.mean():.2f} labels on average; {none:.1%} of the rows have none"
    return titled(ax, title, finding)


@house_style
def plot_label_sets(y, label_names=None, max_sets=12, ax=None, title=None):
    """Show how often each label set occurs, the most frequent at the top.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)
    max_sets : int, default=12
        How many of the most frequent ones to show.

    Examples
    --------
    >>> plot_label_sets([[1, 1], [1, 0], [0, 0], [1, 0]]).get_title(loc="left")
    '3 of the 4 possible label sets occur'
    """
    y = check_labels(y)
    names = names_or_default(label_names, y.shape[1])
    table = label_set_table(y, names)
    frequent = table.head(max_sets)
    counts = frequent["count"]
    ax = new_axes(ax, figsize=(7.5, 1.6 + 0.45 * len(frequent)))
    bars = ax.barh(range(len(frequent)), counts, color=GRAY)
    ax.bar_label(bars, fmt="{:,.0f}", padding=4)
    sets = [name_label_set(row, names, empty="none") for row in frequent[names].to_numpy()]
    ax.set_yticks(range(len(frequent)), sets)
    ax.set(xlabel="number of rows", ylabel="label set", xlim=(0, 1.1 * counts.max()))
    whole_numbers(ax.xaxis)
    ax.invert_yaxis()
    return titled(ax, title, f"{len(table)} of the {2 ** y.shape[1]:,} possible label sets occur")


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
    ax.set(xlabel="mean with the label minus mean without it (words a document)", ylabel="label")
    return titled(ax, title, _tell_strongest(table, strongest))


def _difference_by_label(X, y, label_names, feature_names):
    """Return labels × features; NaN where all rows or none have the label."""
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
def plot_word_distributions(p_w_c, label_names=None, ax=None, title=None):
    """Show how likely each word is under each label.

    Parameters
    ----------
    p_w_c : array-like of shape (n_features, n_labels)
        Probability of each word given a label; each column sums to 1.

    Examples
    --------
    >>> plot_word_distributions([[0.9, 0.2], [0.1, 0.8]]).get_title(loc="left")
    'Most frequent word: 1 with label_1, 2 with label_2'
    """
    p_w_c = np.asarray(p_w_c)
    n_words, n_labels = p_w_c.shape
    names = names_or_default(label_names, n_labels)
    ax = new_axes(ax, figsize=(9, 4))
    width = 0.8 / n_labels
    for i, name in enumerate(names):
        place = np.arange(n_words) + (i - (n_labels - 1) / 2) * width
        ax.bar(place, p_w_c[:, i] * 100, width, color=label_color(i), label=name)
    ax.axhline(100 / n_words, color=INK, linewidth=1, linestyle="--", label="no label: all alike")
    ax.set_xticks(range(n_words), range(1, n_words + 1))
    ax.set(xlabel="word (number of the feature)", ylabel="probability of the word (%)")
    ax.legend(ncols=n_labels + 1, loc="upper center", bbox_to_anchor=(0.5, -0.18))
    best = [f"{p_w_c[:, i].argmax() + 1} with {name}" for i, name in enumerate(names[:4])]
    return titled(ax, title, "Most frequent word: " + ", ".join(best))


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

    Examples
    --------
    >>> plot_sample_and_fresh([[1], [0]], [[1], [0], [0]]).get_title(loc="left")
    '2 of 2 label sets are as frequent as in fresh rows, within sampling error'
    """
    shares = {"sample": label_set_table(y)["share"], "fresh": label_set_table(y_fresh)["share"]}
    shares = pd.DataFrame(shares).fillna(0).sort_index()
    sample, fresh = shares["sample"], shares["fresh"]
    error = 2 * np.sqrt(fresh * (1 - fresh) / len(y))
    within = (np.abs(sample - fresh) <= error).sum()
    ax = new_axes(ax, figsize=(8.5, 4.8))
    place = np.arange(len(shares))
    told = f"{len(y_fresh):,} fresh rows; bars: ± two standard errors of {len(y):,} rows"
    ax.errorbar(place, fresh * 100, error * 100, fmt="_", c=INK, ms=18, capsize=5, label=told)
    ax.plot(place, sample * 100, "o", color=ACCENT, label=f"our sample of {len(y):,} rows")
    ax.set_xticks(place, shares.index)
    ax.set(xlabel="label set", ylabel="share of the rows (%)")
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.14))
    finding = f"{within} of {len(shares)} label sets are as frequent as in fresh rows"
    return titled(ax, title, f"{finding}, within sampling error")


@house_style
def plot_set_prior(p_c, n_labels=2, label_names=None, ax=None, title=None):
    """Show how often the generator draws each label set, and what share of rows has each label.

    Parameters
    ----------
    p_c : array-like of shape (n_classes,)
        Probability of each class in one draw.
    n_labels : float, default=2
        Mean of the Poisson number that a row draws first.

    Examples
    --------
    >>> plot_set_prior([0.5, 0.5], n_labels=2).get_title(loc="left")
    'n_labels=2 gives 1.20 labels a row; label_2 is in 60.0%, alone in 20.0%'
    """
    label_sets, prior = label_set_prior(p_c, n_labels)
    names = names_or_default(label_names, label_sets.shape[1])
    prevalence = prior @ label_sets
    ax = new_axes(ax, figsize=(8, 4.2))
    bars = ax.bar(range(len(prior)), prior * 100, width=0.7, color=GRAY)
    ax.bar_label(bars, [_percent_or_less(share) for share in prior], padding=2)
    ax.set_xticks(range(len(prior)), ["".join(map(str, row)) for row in label_sets])
    ax.set(xlabel="label set", ylabel="share of the rows (%)", ylim=(0, 100))
    for k, name in enumerate(names):
        text = f"{name}: drawn with p = {p_c[k]:.4f}, in {prevalence[k]:.1%} of the rows"
        line = ax.text(0.99, 0.97 - 0.08 * k, text, transform=ax.transAxes, ha="right", va="top")
        line.set(color=label_color(k), fontweight="bold")
    alone = prior[(label_sets.sum(axis=1) == 1) & (label_sets[:, -1] == 1)].sum()
    finding = f"n_labels={n_labels:g} gives {prevalence.sum():.2f} labels a row"
    last = f"{names[-1]} is in {prevalence[-1]:.1%}, alone in {_percent_or_less(alone)}"
    return titled(ax, title, f"{finding}; {last}")


def _percent_or_less(share):
    """Write a share so that a small one does not read as none."""
    return "< 0.1%" if 0 < share < 0.0005 else f"{share:.1%}"
