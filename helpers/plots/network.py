"""Figures about one network that learns: its loss, its curves and its answers."""

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
    LIGHT_GRAY,
    SHADES,
    TEST_COLOR,
    TRAIN_COLOR,
    house_style,
    label_color,
    new_axes,
    whole_numbers,
)

RISE = 1.05  # a curve has risen again if its end lies 5 % above its lowest point
PALE = 1.8  # the shade of this "probability" is the darkest: numbers and dots stay readable below 1


@house_style
def plot_log_loss(probabilities=(0.9, 0.5, 0.1), ax=None, title=None):
    """Plot what a predicted probability costs, if the label is there and if it isn't.

    Parameters
    ----------
    probabilities : array-like of float, default=(0.9, 0.5, 0.1)
        Predictions to mark on the curve of a label that is there.

    Examples
    --------
    >>> plot_log_loss([0.9, 0.1]).get_title(loc="left")
    'A label that is there costs 0.11 at p = 0.9, but 2.30 at p = 0.1'
    """
    ax = new_axes(ax)
    p = np.linspace(0.005, 0.995, 199)
    marked = np.sort(np.asarray(probabilities, dtype="float64"))[::-1]
    ax.plot(p, -np.log(p), color=INK)
    ax.plot(p, -np.log(1 - p), color=GRAY, linestyle="--")
    ax.text(0.05, 4.2, "label is there: −log p", color=INK)
    ax.text(0.95, 4.2, "label is not there: −log(1 − p)", color=GRAY, ha="right")
    ax.scatter(marked, -np.log(marked), s=60, color=ACCENT, zorder=3)
    for value in marked:
        cost = -np.log(value)
        ax.annotate(f"{cost:.2f}", (value, cost), (10, 12), textcoords="offset points", ha="center")
    ax.set(xlim=(0, 1), ylim=(0, 5.3), xlabel="predicted probability p", ylabel="cost")
    high, low = marked[0], marked[-1]
    costs = f"costs {-np.log(high):.2f} at p = {high:g}, but {-np.log(low):.2f} at p = {low:g}"
    ax.set_title(title or f"A label that is there {costs}")
    return ax


@house_style
def plot_learning_curve(loss, val_loss, baseline=None, ax=None, title=None):
    """Plot the loss of training and held-out rows by epoch, and mark the lowest held-out loss.

    Parameters
    ----------
    loss, val_loss : array-like of shape (n_epochs,)
        As in the history that `keras.Model.fit` returns.
    baseline : float, optional
        The loss of a trivial prediction, drawn as a line to compare with.

    Examples
    --------
    >>> plot_learning_curve([3, 2, 1, 1], [3, 2, 3, 4]).get_title(loc="left")
    'Held-out loss is lowest after epoch 2 of 4, then rises'
    """
    ax = new_axes(ax)
    loss, val_loss = np.asarray(loss, dtype="float64"), np.asarray(val_loss, dtype="float64")
    epochs, best = np.arange(1, len(loss) + 1), int(val_loss.argmin())
    if baseline is not None:
        ax.axhline(baseline, color=GRAY, linewidth=1, linestyle="--")
        ax.text(len(loss), baseline, "trivial prediction", color=GRAY, ha="right", va="bottom")
    ax.plot(epochs, loss, color=TRAIN_COLOR, label="training rows")
    ax.plot(epochs, val_loss, color=TEST_COLOR, label="held-out rows")
    ax.scatter([best + 1], [val_loss[best]], s=60, color=INK, zorder=3)
    # A network that starts badly would press all that follows against the floor.
    top = 1.6 * max(baseline or 0, np.quantile(val_loss, 0.9), np.quantile(loss, 0.9))
    is_late = best > len(loss) / 2
    span = (
        slice(best - len(loss) // 2, best + 1)
        if is_late
        else slice(best, best + len(loss) // 2 + 1)
    )
    ax.annotate(
        f"lowest: {val_loss[best]:.3f} after epoch {best + 1}",
        (best + 1, val_loss[best]),
        (best + 1, min(val_loss[span].max() + 0.06 * top, 0.75 * top)),  # above the curve there
        ha="right" if is_late else "left",
        arrowprops={"arrowstyle": "-", "color": GRAY},
    )
    ax.set(ylim=(0, top), xlabel="epoch", ylabel="loss (binary cross-entropy)")
    whole_numbers(ax.xaxis)
    ax.legend(loc="upper right")
    ax.set_title(title or _tell_curve(val_loss, best))
    return ax


def _tell_curve(val_loss, best):
    epochs = len(val_loss)
    if val_loss[-1] > RISE * val_loss[best]:
        return f"Held-out loss is lowest after epoch {best + 1} of {epochs}, then rises"
    change = f"from {val_loss[0]:.2f} to {val_loss[-1]:.2f}"
    return f"Held-out loss goes {change} in {epochs} epochs"


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
    row_names, label_names : list, optional
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
            ax.add_patch(Rectangle((k - 0.47, row - 0.44), 0.94, 0.88, ec=ACCENT, fill=False, lw=3))
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
    ax.set_title(title or f"{count} on the wrong side of {threshold:g}")
    return ax


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
