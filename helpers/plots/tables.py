"""Figures about a table of one's own: its rows as images, a rare label, many labels in folds."""

import matplotlib.pyplot as plt
import numpy as np

from helpers._arguments import check_labels
from helpers.labels import names_or_default
from helpers.plots.house import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    LIGHT_GRAY,
    TEST_COLOR,
    house_style,
    new_axes,
    whole_numbers,
)

FOUND, MISSED, FALSE = LABEL_COLORS[0], LIGHT_GRAY, ACCENT
LARGEST_DOT = 260  # area in points² of the dot that stands for all folds


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
    >>> ax = plot_images(np.eye(8)[None], ["a stroke"])
    >>> ax.get_title(loc="left")
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
        box = (left, left + width, height, 0)
        ax.imshow(image, cmap="Greys", vmin=0, vmax=images.max(), extent=box)
        ax.plot(
            left + np.array([0, width, width, 0, 0]),
            [0, 0, height, height, 0],
            color=GRAY,
            linewidth=1,
        )
        ax.text(left + width / 2, 1.08 * height, name, ha="center", va="top", fontsize=11)
    ax.set(xlim=(-0.1, left + width + 0.1), ylim=(height * (1 + text_height), -0.1), anchor="W")
    ax.axis("off")
    row = "row of the table: an image" if count == 1 else "rows of the table: images"
    ax.set_title(title or f"{count} {row} of {height} × {width} pixels")
    return ax


@house_style
def plot_found(counts, label="the label", ax=None, title=None):
    r"""Draw how many rows with a rare label are found and missed, and how many alarms are false.

    Parameters
    ----------
    counts : DataFrame
        One row a way to decide, the first being the one to compare with; columns
        ``true_positive``, ``false_negative`` and ``false_positive``, as in
        `helpers.metrics.confusion_table`.
    label : str
        Its name.

    Examples
    --------
    >>> import pandas as pd
    >>> counts = pd.DataFrame(
    ...     {"true_positive": [3, 7], "false_negative": [7, 3], "false_positive": [1, 5]},
    ...     index=["plain", "weighted"],
    ... )
    >>> plot_found(counts, "news").get_title(loc="left")
    'Of 10 rows with news, plain finds 3, weighted 7,\nwith 4 more false alarms'
    """
    ax = new_axes(ax, figsize=(9, 1.8 + 0.6 * len(counts)))
    places = np.arange(len(counts))
    found, missed, false = (
        counts[name].to_numpy(dtype="float64")
        for name in ("true_positive", "false_negative", "false_positive")
    )
    alarms = ax.barh(places, -false, color=FALSE, height=0.6)
    hits = ax.barh(places, found, color=FOUND, height=0.6)
    misses = ax.barh(places, missed, left=found, color=MISSED, height=0.6)
    for bars, values in [(alarms, false), (hits, found)]:
        texts = [f"{value:.3g}" if value else "" for value in values]
        ax.bar_label(bars, texts, label_type="center", color="white", fontweight="bold")
    ax.bar_label(misses, [f"{value:.3g} missed" for value in missed], padding=5, color=GRAY)
    ax.axvline(0, color=INK, linewidth=1.5)
    for text, color, side in [("false alarms ", FALSE, "right"), (" found", FOUND, "left")]:
        ax.text(0, -0.42, text, color=color, ha=side, va="bottom", fontweight="bold")
    ax.set_yticks(places, counts.index)
    right = 1.35 * (found + missed).max()
    ax.set(xlim=(-1.1 * max(false.max(), 1), right), ylim=(len(counts) - 0.5, -0.9), xlabel="rows")
    ax.xaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
    ax.set_title(title or _tell_found(counts.index, found, missed, false, label))
    return ax


def _tell_found(names, found, missed, false, label):
    best = int(found.argmax())
    told = f"Of {found[0] + missed[0]:.3g} rows with {label}, {names[0]} finds {found[0]:.3g}"
    if best == 0:
        return f"{told}, and no other way finds more"
    more = false[best] - false[0]
    change = f"{abs(more):.3g} {'more' if more >= 0 else 'fewer'} false alarms"
    return f"{told}, {names[best]} {found[best]:.3g},\nwith {change}"


@house_style
def plot_counts_by_fold(y, folds, n_rarest=None, label_names=None, axes=None, title=None):
    """Draw how many held-out rows have each label, fold by fold, for several ways to split.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)
    folds : dict of str to list of (train, test)
        The folds of each splitter.
    n_rarest : int, optional
        Draw this many of the rarest labels; None draws all.
    label_names : list of str, optional
    axes : list of matplotlib.axes.Axes, optional
        One a splitter.

    Returns
    -------
    ndarray of matplotlib.axes.Axes

    Examples
    --------
    >>> y, rows = np.array([[1], [1], [0], [0]]), np.arange(4)
    >>> folds = {"in order": [(rows[2:], rows[:2]), (rows[:2], rows[2:])],
    ...          "mixed": [(rows[::2], rows[1::2]), (rows[1::2], rows[::2])]}
    >>> plot_counts_by_fold(y, folds)[0].figure.get_suptitle()
    'How often a label is missing from a fold: in order 1 ×, mixed 0 ×'
    """
    y = check_labels(y)
    rarest = np.argsort(y.sum(axis=0), kind="stable")[:n_rarest]
    names = np.array(names_or_default(label_names, y.shape[1]))[rarest]
    if axes is None:
        size = (5 * len(folds), 1.8 + 0.32 * len(rarest))
        axes = plt.subplots(1, len(folds), sharex=True, sharey=True, squeeze=False, figsize=size)
        axes = axes[1].ravel()
    empty = {}
    for ax, (splitter, pairs) in zip(axes, folds.items(), strict=True):
        held_out = np.array([y[test].sum(axis=0) for _, test in pairs])
        empty[splitter] = int((held_out == 0).sum())
        for place, label in enumerate(rarest):
            counts, times = np.unique(held_out[:, label], return_counts=True)
            colors = [ACCENT if count == 0 else LABEL_COLORS[0] for count in counts]
            area = LARGEST_DOT * times / len(pairs)
            ax.scatter(counts, np.full(len(counts), place), s=area, c=colors, zorder=3)
            ax.plot(y[:, label].sum() / len(pairs), place, "|", color=INK, markersize=14, zorder=4)
        ax.set_yticks(range(len(rarest)), names, fontsize=10)
        ax.set_title(splitter, fontweight="normal")
        ax.set(ylim=(len(rarest) - 0.4, -0.6), xlabel="held-out rows with the label")
        whole_numbers(ax.xaxis)
        ax.grid(axis="y", color=LIGHT_GRAY, linewidth=0.6)
    told = ", ".join(f"{splitter} {times} ×" for splitter, times in empty.items())
    size, weight = plt.rcParams["axes.titlesize"], plt.rcParams["axes.titleweight"]
    headline = title or f"How often a label is missing from a fold: {told}"
    axes[0].figure.suptitle(headline, x=0.01, ha="left", fontsize=size, fontweight=weight)
    return np.asarray(axes)


WHITE = {"facecolor": "white", "edgecolor": "none", "pad": 2}


@house_style
def plot_stopping(history, ax=None, title=None):
    """Draw each network's loss on the rows that watch it, where it was best, and the median.

    Parameters
    ----------
    history : DataFrame
        Of an evaluation with early stopping, as in `helpers.results.EvaluationResult.history`.

    Examples
    --------
    >>> import pandas as pd
    >>> loss = [0.5, 0.3, 0.4, 0.6, 0.5, 0.4, 0.2, 0.3]
    >>> history = pd.DataFrame({"repeat": 0, "fold": [0] * 4 + [1] * 4, "epoch": [1, 2, 3, 4] * 2,
    ...                         "val_loss": loss})
    >>> plot_stopping(history).get_title(loc="left")
    '2 networks were at their best after 2 to 3 epochs'
    """
    ax = new_axes(ax, figsize=(8, 4.2))
    best = []
    for _, curve in history.groupby(["repeat", "fold"]):
        lowest = curve.loc[curve["val_loss"].idxmin()]
        best.append(lowest["epoch"])
        ax.plot(curve["epoch"], curve["val_loss"], color=TEST_COLOR, alpha=0.35, linewidth=1)
        ax.plot(lowest["epoch"], lowest["val_loss"], "o", color=INK, markersize=6, zorder=3)
    median = np.median(best)
    ax.axvline(median, color=GRAY, linestyle="--", linewidth=1.5)
    losses, last = history["val_loss"], history["epoch"].max()
    top = 3 * losses.median()  # the first epochs would press all that follows against the floor
    ax.text(median, 0.97 * top, f" median: {median:g} epochs", color=GRAY, va="top")
    ax.set(xlim=(0, last + 1), ylim=(0, top), xlabel="epoch")
    ax.set_ylabel("loss on the watching rows\n(binary cross-entropy)")
    ax.set_title(
        title
        or f"{len(best)} networks were at their best after {min(best):g} to {max(best):g} epochs"
    )
    return ax


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
    >>> groups = {"shuffled": [0.9, 0.92], "in blocks": [0.8, 0.84]}
    >>> plot_estimates(groups).get_title(loc="left")
    'Shuffled: 0.910 on average; in blocks: 0.820'
    >>> plot_estimates(groups, reference=0.83).get_title(loc="left")
    'In blocks (0.820) came closest to new rows (0.830)'
    """
    ax = new_axes(ax, figsize=(8, 4.2))
    means = {name: float(np.mean(values)) for name, values in groups.items()}
    for place, (name, values) in enumerate(groups.items()):
        spread = np.linspace(-0.2, 0.2, len(values)) if len(values) > 1 else [0]
        ax.plot(place + np.asarray(spread), values, "o", color=LABEL_COLORS[0], alpha=0.75)
        ax.hlines(means[name], place - 0.28, place + 0.28, color=INK, linewidth=2)
        ax.text(place + 0.3, means[name], f"mean {means[name]:.3f}", va="center", bbox=WHITE)
    if reference is not None:
        ax.axhline(reference, color=ACCENT, linestyle="--", linewidth=2, zorder=1)
        text = f"{reference_name}: {reference:.3f}"
        ax.text(-0.48, reference, text, color=ACCENT, va="bottom", fontweight="bold")
    ax.set_xticks(range(len(groups)), list(groups))
    ax.set(
        xlim=(-0.5, len(groups) - 0.35), ylabel=score, xlabel="one dot a fold; black: their mean"
    )
    ax.margins(y=0.15)
    told = "; ".join(f"{name}: {mean:.3f}" for name, mean in means.items())
    told = told.replace(";", " on average;", 1)
    if reference is not None:
        closest = min(means, key=lambda name: abs(means[name] - reference))
        told = (
            f"{closest} ({means[closest]:.3f}) came closest to {reference_name} ({reference:.3f})"
        )
    ax.set_title(title or told[0].upper() + told[1:])
    return ax
