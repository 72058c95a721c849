"""Figures about networks: their units, what they learn, and drawings of how they are trained."""

from itertools import pairwise

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from helpers._arguments import check_labels
from helpers.labels import default_names, names_or_default
from helpers.metrics import predict_labels
from helpers.plots.house import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    LIGHT_GRAY,
    SHADES,
    TEST_COLOR,
    TRAIN_COLOR,
    draw_arrow,
    draw_box,
    frame_cell,
    house_style,
    label_color,
    name_rows,
    new_axes,
    titled,
    whole_numbers,
)

MAX_UNITS = 10  # of a longer layer only the first and last few units are drawn
RISE = 1.05  # a curve has risen again if its end lies 5 % above its lowest point
PALE = 1.8  # the shade of this "probability" is the darkest: numbers and dots stay readable below 1
STEPS_DRAWN = 8
# What travels: its name, color, height beside the other arrows, and the style of its arrow.
TRAFFIC = (
    ("table, once", ACCENT, 0.42, "-|>"),
    ("pieces of folds", INK, 0.0, "-|>"),
    ("results", LABEL_COLORS[2], -0.42, "<|-"),
)


@house_style
def plot_network(layer_sizes, label_names=None, ax=None, title=None):
    """Draw the units of a dense network and the weights between them.

    Parameters
    ----------
    layer_sizes : list of int
        Units of each layer: features first, labels last. Of a layer of more than 10 units only
        the first and the last four are drawn.

    Examples
    --------
    >>> plot_network([10, 20, 3]).get_title(loc="left")
    '10·20 + 20 + 20·3 + 3 = 283 numbers to learn'
    """
    sizes, last = list(layer_sizes), len(layer_sizes) - 1
    ax = new_axes(ax, figsize=(8.5, 5))
    layers = [_place_units(size) for size in sizes]
    for i in range(last):
        _draw_weights(ax, i, layers[i], layers[i + 1], to_labels=i + 1 == last)
        ax.text(i + 0.5, 5.2, f"{sizes[i]}·{sizes[i + 1]} weights", ha="center", color=GRAY)
    for i, (units, y) in enumerate(layers):
        colors = [label_color(k) if i == last else INK for k in units]
        ax.scatter(np.full(len(units), i), y, s=130, c=colors, edgecolors="white", zorder=3)
        if sizes[i] > len(units):
            ax.text(i, 0, "⋮", ha="center", va="center", fontsize=22)
    features = default_names(sizes[0], "feature")
    for k, y in zip(*layers[0], strict=True):
        ax.text(-0.07, y, features[k], ha="right", va="center", fontsize=10)
    labels = names_or_default(label_names, sizes[-1])
    for k, y in zip(*layers[-1], strict=True):
        ax.text(last + 0.07, y, labels[k], va="center", color=label_color(k), fontweight="bold")
    roles = [f"{sizes[0]} features", *(f"{n} hidden units" for n in sizes[1:-1])]
    ax.set_xticks(range(last + 1), [*roles, f"{sizes[-1]} labels"])
    ax.set(xlim=(-0.6, last + 0.6), ylim=(-5, 5.8), yticks=[], xlabel="layer, from input to output")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    terms = [f"{n_in}·{n_out} + {n_out}" for n_in, n_out in pairwise(sizes)]
    total = sum((n_in + 1) * n_out for n_in, n_out in pairwise(sizes))
    return titled(ax, title, f"{' + '.join(terms)} = {total:,} numbers to learn")


def _place_units(size):
    """Return the numbers of the units to draw, and their heights."""
    if size <= MAX_UNITS:
        return np.arange(size), ((size - 1) / 2 - np.arange(size)) * min(2, 9 / size)
    y = 1.5 + np.arange(4)[::-1]
    return np.r_[0:4, size - 4 : size], np.r_[y, -y[::-1]]


def _draw_weights(ax, i, left, right, to_labels):
    """Draw the weights into one layer: the first hidden unit's, and each label's, stand out."""
    for k, y in zip(*right, strict=True):
        color = label_color(k) if to_labels else INK if k == 0 else LIGHT_GRAY
        width, layer = (0.6, 1) if color == LIGHT_GRAY else (1.2, 2)
        lines = [[(i, start), (i + 1, y)] for start in left[1]]
        ax.add_collection(LineCollection(lines, colors=color, linewidths=width, zorder=layer))


@house_style
def plot_learning_curve(loss, val_loss, baseline=None, ax=None, title=None):
    """Plot the loss of training and validation rows by epoch, and mark the lowest validation loss.

    Parameters
    ----------
    loss, val_loss : array-like of shape (n_epochs,)
        As in the history that `keras.Model.fit` returns.
    baseline : float, optional
        The loss of a trivial prediction, drawn as a line to compare with.

    Examples
    --------
    >>> plot_learning_curve([3, 2, 1, 1], [3, 2, 3, 4]).get_title(loc="left")
    'Validation loss is lowest after epoch 2 of 4, then rises'
    """
    ax = new_axes(ax)
    loss, val_loss = np.asarray(loss, dtype="float64"), np.asarray(val_loss, dtype="float64")
    epochs, best = np.arange(1, len(loss) + 1), int(val_loss.argmin())
    if baseline is not None:
        ax.axhline(baseline, color=GRAY, linewidth=1, linestyle="--")
        ax.text(len(loss), baseline, "trivial prediction", color=GRAY, ha="right", va="bottom")
    ax.plot(epochs, loss, color=TRAIN_COLOR, label="training rows")
    ax.plot(epochs, val_loss, color=TEST_COLOR, label="validation rows")
    ax.scatter([best + 1], [val_loss[best]], s=60, color=INK, zorder=3)
    # A network that starts badly would press all that follows against the floor.
    top = 1.6 * max(baseline or 0, np.quantile(val_loss, 0.9), np.quantile(loss, 0.9))
    _name_lowest(ax, val_loss, best, top)
    ax.set(ylim=(0, top), xlabel="epoch", ylabel="loss (binary cross-entropy)")
    whole_numbers(ax.xaxis)
    ax.legend(loc="upper right")
    finding = f"ends at {val_loss[-1]:.2f} after {len(loss)} epochs"
    if val_loss[-1] > RISE * val_loss[best]:
        finding = f"is lowest after epoch {best + 1} of {len(loss)}, then rises"
    return titled(ax, title, f"Validation loss {finding}")


def _name_lowest(ax, val_loss, best, top):
    """Name the lowest loss above the part of the curve that the text covers."""
    half = len(val_loss) // 2
    is_late = best > len(val_loss) / 2
    covered = val_loss[best - half : best + 1] if is_late else val_loss[best : best + half + 1]
    ax.annotate(
        f"lowest: {val_loss[best]:.3f} after epoch {best + 1}",
        (best + 1, val_loss[best]),
        (best + 1, min(covered.max() + 0.06 * top, 0.75 * top)),
        ha="right" if is_late else "left",
        arrowprops={"arrowstyle": "-", "color": GRAY},
    )


@house_style
def plot_probabilities(
    y_true, y_prob, row_names=None, label_names=None, threshold=0.5, ax=None, title=None
):
    """Show predicted probabilities row by row, mark the true labels and frame what is wrong.

    Parameters
    ----------
    y_true : array-like of shape (n_rows, n_labels)
        0 or 1.
    y_prob : array-like of shape (n_rows, n_labels)
    row_names : list, optional
    threshold : float, default=0.5
        A label is predicted where its probability is at least this.

    Examples
    --------
    >>> plot_probabilities([[1, 0], [0, 0]], [[0.9, 0.2], [0.7, 0.1]]).get_title(loc="left")
    '1 of 4 answers is on the wrong side of 0.5'
    """
    y_true, y_prob = check_labels(y_true, "y_true"), np.asarray(y_prob, dtype="float64")
    wrong = predict_labels(y_prob, threshold) != y_true
    ax = new_axes(ax, figsize=(7.5, 0.45 * len(y_true) + 1.8))
    ax.imshow(y_prob, cmap=SHADES, vmin=0, vmax=PALE, aspect="auto")
    for (row, k), p in np.ndenumerate(y_prob):
        ax.text(k, row, f"{p:.2f}", ha="center", va="center")
        if wrong[row, k]:
            frame_cell(ax, row, k, height=0.88)
    rows, labels = np.nonzero(y_true)
    colors = [label_color(k) for k in labels]
    ax.scatter(labels - 0.3, rows, s=90, c=colors, edgecolors="white", linewidths=1.5, zorder=3)
    ax.set_xticks(range(y_true.shape[1]), names_or_default(label_names, y_true.shape[1]))
    for k, text in enumerate(ax.get_xticklabels()):
        text.set(color=label_color(k), fontweight="bold")
    ax.set_yticks(range(len(y_true)), range(len(y_true)) if row_names is None else row_names)
    ax.tick_params(length=0)
    ax.set(xlabel="label (dot: truly there; frame: wrong answer)", ylabel="held-out row")
    count = f"{wrong.sum()} of {wrong.size} answers {'is' if wrong.sum() == 1 else 'are'}"
    return titled(ax, title, f"{count} on the wrong side of {threshold:g}")


@house_style
def draw_compiled_training(n_steps=2900, ax=None, title=None):
    """Draw the training of a network in time: by `model.fit`, and as one compiled program.

    Parameters
    ----------
    n_steps : int, default=2900
        A few of them are drawn.

    Examples
    --------
    >>> draw_compiled_training(290).get_title(loc="left")
    'fit returns to Python after each of 290 steps, a program does not'
    """
    ax = new_axes(ax, figsize=(9.5, 2.9))
    parts = [(1.0, ACCENT), (0.14, TRAIN_COLOR)]
    for name, bottom, n_returns in [("model.fit", 1.2, STEPS_DRAWN), ("compiled\nprogram", 0, 1)]:
        ax.text(-0.2, bottom + 0.3, name, ha="right", va="center", fontweight="bold")
        left = 0
        for step in range(STEPS_DRAWN):
            for width, color in parts if step < n_returns else parts[1:]:
                ax.add_patch(Rectangle((left, bottom), width, 0.6, facecolor=color, edgecolor="w"))
                left += width
        ax.text(left + 0.15, bottom + 0.3, f"… {n_steps:,} steps", va="center")
    ax.text(0, 2.05, "in Python", color=ACCENT, fontweight="bold")
    ax.text(1.6, 2.05, "arithmetic of a step", color=TRAIN_COLOR, fontweight="bold")
    ax.set(xlim=(-1.5, 11), ylim=(-0.1, 2.4))
    ax.axis("off")
    finding = f"fit returns to Python after each of {n_steps:,} steps, a program does not"
    return titled(ax, title, finding)


@house_style
def plot_time_parts(seconds, highlight, ax=None, title=None):
    """Draw one bar for each part of a task, as long as the part took.

    Parameters
    ----------
    seconds : Series
        Seconds of each part, by its name, in the order in which they happen.
    highlight : str
        The part that the reader should look at.

    Examples
    --------
    >>> import pandas as pd
    >>> seconds = pd.Series({"waiting": 99.0, "work": 1.0})
    >>> plot_time_parts(seconds, highlight="work").get_title(loc="left")
    '1.0 of 100.0 seconds are work'
    """
    ax = new_axes(ax, figsize=(9, 0.9 + 0.55 * len(seconds)))
    colors = [ACCENT if name == highlight else TRAIN_COLOR for name in seconds.index]
    # The edge keeps a bar visible that is nearly nothing.
    ax.barh(range(len(seconds)), seconds, color=colors, edgecolor=colors, linewidth=1.5, height=0.6)
    for place, value in enumerate(seconds):
        ax.text(value, place, f"  {_rounded(value)} s", va="center")
    name_rows(ax, seconds.index)
    ax.set(xlabel="seconds", xlim=(0, 1.15 * seconds.max()))
    ax.tick_params(axis="y", length=0)
    finding = f"{_rounded(seconds[highlight])} of {_rounded(seconds.sum())} seconds are {highlight}"
    return titled(ax, title, finding)


def _rounded(seconds):
    """Write seconds with one decimal, and less than one of them with two digits."""
    return f"{seconds:.1f}" if seconds >= 1 else f"{seconds:.2g}"


@house_style
def draw_cluster(n_workers=2, n_folds=30, ax=None, title=None):
    """Draw what goes where when a cluster trains the folds.

    Parameters
    ----------
    n_workers : int, default=2
        At most three are drawn.
    n_folds : int, default=30

    Examples
    --------
    >>> len(draw_cluster(n_workers=3).patches)
    5
    """
    ax = new_axes(ax, figsize=(10.5, 4.8))
    drawn, middle = min(n_workers, 3), 2.0
    heights = [middle + 3.2 * ((drawn - 1) / 2 - k) / max(drawn - 1, 1) for k in range(drawn)]
    numbers = [*range(1, drawn), n_workers]  # the last worker is always drawn
    _draw_machine(ax, 0, middle, "client", "your notebook:\ntable, folds, seeds")
    _draw_machine(ax, 4.3, middle, "scheduler", "keeps the list of pieces,\nknows who is alive")
    for height, number in zip(heights, numbers, strict=True):
        _draw_machine(ax, 8.6, height, f"worker {number}", "own TensorFlow,\nwhole table")
    for name, color, shift, style in TRAFFIC:
        draw_arrow(ax, (2.15, middle + shift), (4.25, middle + shift), color, style)
        ax.text(3.2, middle + shift + 0.05, name, ha="center", va="bottom", color=color)
        for height in heights:
            start = (6.45, middle + 0.35 * (height - middle) + shift / 3)
            draw_arrow(ax, start, (8.55, height + shift / 3), color, style)
    ax.text(0, -0.55, "The table is sent to each worker once, and stays there.", color=ACCENT)
    ax.text(0, -0.95, f"{n_folds} folds are cut into pieces: row numbers and seeds, no rows.")
    ax.set(xlim=(-0.1, 10.8), ylim=(-1.1, 4.4))
    ax.axis("off")
    return titled(ax, title, "The table goes to each worker once, the folds go in pieces")


def _draw_machine(ax, left, middle, heading, text):
    """Draw the box of a machine, with its name and what it has."""
    draw_box(ax, left, middle - 0.6, 2.1, 1.2, rounding=0.08)
    ax.text(left + 1.05, middle + 0.35, heading, ha="center", va="center", fontweight="bold")
    ax.text(left + 1.05, middle - 0.15, text, ha="center", va="center", fontsize=10, color=GRAY)
