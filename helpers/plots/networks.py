"""Figures about the parts of a network: its wiring, and what its units compute."""

from itertools import pairwise

import numpy as np
from matplotlib.collections import LineCollection

from helpers.labels import default_names, names_or_default
from helpers.plots.style import (
    ACCENT,
    GRAY,
    INK,
    LIGHT_GRAY,
    house_style,
    label_color,
    new_axes,
)

MAX_UNITS = 10  # of a longer layer only the first and last few units are drawn


@house_style
def plot_network(layer_sizes, label_names=None, ax=None, title=None):
    """Draw the units of a dense network and the weights between them.

    Parameters
    ----------
    layer_sizes : list of int
        Units of each layer: features first, labels last. Of a layer of more than 10 units only
        the first and the last four are drawn.
    label_names : list of str, optional
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

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
    _name_units(ax, 0, default_names(sizes[0], "feature"), layers[0])
    _name_units(ax, last, names_or_default(label_names, sizes[-1]), layers[-1])
    roles = [f"{sizes[0]} features", *(f"{n} hidden units" for n in sizes[1:-1])]
    ax.set_xticks(range(last + 1), [*roles, f"{sizes[-1]} labels"])
    ax.set(xlim=(-0.6, last + 0.6), ylim=(-5, 5.8), yticks=[], xlabel="layer, from input to output")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_title(title or _parameter_sum(sizes))
    return ax


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
        lines = [[(i, start), (i + 1, y)] for start in left[1]]
        background = color == LIGHT_GRAY
        width, layer = (0.6, 1) if background else (1.2, 2)
        ax.add_collection(LineCollection(lines, colors=color, linewidths=width, zorder=layer))


def _name_units(ax, i, names, placed):
    for k, y in zip(*placed, strict=True):
        look = {"color": label_color(k), "fontweight": "bold"} if i else {"fontsize": 10}
        x, side = (i + 0.07, "left") if i else (-0.07, "right")
        ax.text(x, y, names[k], ha=side, va="center", **look)


def _parameter_sum(sizes):
    pairs = list(pairwise(sizes))
    total = sum(n_in * n_out + n_out for n_in, n_out in pairs)
    terms = " + ".join(f"{n_in}·{n_out} + {n_out}" for n_in, n_out in pairs)
    return f"{terms} = {total:,} numbers to learn"


@house_style
def plot_activation(function, name, points=(), ax=None, title=None):
    """Plot what a unit makes of its weighted sum.

    Parameters
    ----------
    function : callable
        Takes an array of weighted sums and returns the outputs.
    name : str
        What the function is called.
    points : array-like of shape (n_points,), default=()
        Weighted sums to mark on the curve.
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import numpy as np
    >>> ax = plot_activation(lambda z: np.maximum(0, z), "ReLU", points=[2])
    >>> ax.get_title(loc="left")
    'ReLU: sums from −6 to 6 become outputs from 0 to 6'
    """
    ax = new_axes(ax)
    points = np.asarray(points, dtype="float64")
    reach = np.ceil(max(6, *np.abs(points))) if len(points) else 6
    z = np.linspace(-reach, reach, 241)
    outputs = function(z)
    ax.axvline(0, color=LIGHT_GRAY, linewidth=1)
    ax.plot(z, outputs, color=INK)
    ax.scatter(points, function(points), s=60, color=ACCENT, zorder=3)
    low, high = (f"{value:.3g}".replace("-", "−") for value in (outputs.min(), outputs.max()))
    span = f"from −{reach:.0f} to {reach:.0f}"
    ax.set_title(title or f"{name}: sums {span} become outputs from {low} to {high}")
    ax.set(xlabel="weighted sum z", ylabel=f"output {name}(z)")
    return ax


@house_style
def plot_sigmoid_softmax(logits, label_names=None, ax=None, title=None):
    """Compare what sigmoid and softmax make of the same weighted sums.

    Parameters
    ----------
    logits : array-like of shape (n_labels,)
        The weighted sums of the output units.
    label_names : list of str, optional
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> plot_sigmoid_softmax([2.2, 2.2, -1]).get_title(loc="left")
    'Labels at 0.5 or more: 2 with sigmoid, 0 with softmax'
    """
    ax = new_axes(ax)
    logits = np.asarray(logits, dtype="float64")
    names = names_or_default(label_names, len(logits))
    raised = np.exp(logits - logits.max())
    outputs = [1 / (1 + np.exp(-logits)), raised / raised.sum()]
    colors = [label_color(k) for k in range(len(logits))]
    places = [i * (len(logits) + 1) + np.arange(len(logits)) for i in range(2)]
    for x, values, name in zip(places, outputs, ["sigmoid", "softmax"], strict=True):
        bars = ax.bar(x, values, color=colors, width=0.8)
        ax.bar_label(bars, [f"{value:.2f}" for value in values], padding=2)
        ax.text(x.mean(), 1.12, f"{name}: sum {values.sum():.2f}", ha="center", fontweight="bold")
    ax.axhline(0.5, color=GRAY, linewidth=1, linestyle="--", zorder=0)
    entries = [f"{n}\nz = {z:g}".replace("-", "−") for n, z in zip(names, logits, strict=True)]
    ax.set_xticks(np.concatenate(places), entries * 2)
    ax.tick_params(axis="x", length=0)
    ax.set(ylim=(0, 1.2), xlabel="output unit and its weighted sum z", ylabel="output")
    ax.set_yticks(np.arange(6) / 5)
    counts = [int((values >= 0.5).sum()) for values in outputs]
    ax.set_title(title or "Labels at 0.5 or more: {} with sigmoid, {} with softmax".format(*counts))
    return ax
