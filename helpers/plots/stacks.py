"""Schematic drawings of stacks: networks in a loop or as one array, and how stacks multiply."""

from matplotlib.patches import Rectangle

from helpers.plots.style import ACCENT, GRAY, INK, LABEL_COLORS, TRAIN_COLOR, house_style, new_axes

COLUMNS, LEFT_OF_STACK = 10, 13  # networks in a row of the loop; where the stack begins
SHIFT = (0.1, 0.07)  # from one sheet of the stack to the next, to the right and up
ARROW = {"arrowstyle": "-|>", "color": GRAY, "linewidth": 1.5}


@house_style
def draw_stacked_training(n_networks=30, shape=(10, 20), ax=None, title=None):
    """Draw one training step of many networks: in a loop, and as one stack of their weights.

    A blue sheet is the weights of one network, a vermilion bar the preparing of a step.

    Parameters
    ----------
    n_networks : int, default=30
    shape : tuple of int, default=(10, 20)
        Of one layer's weights in one network.
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> ax = draw_stacked_training()
    >>> len(ax.patches)
    91
    >>> ax.get_title(loc="left")
    'A loop prepares each step 30 times, a stack once'
    """
    ax = new_axes(ax, figsize=(10.5, 4.4))
    _draw_loop(ax, n_networks)
    _draw_stack(ax, n_networks)
    each = ", ".join(map(str, shape))
    for left, heading, weights, steps in (
        (0, "Loop: one network after the other", f"{n_networks} arrays of shape ({each})",
         f"each step prepared {n_networks} times"),
        (LEFT_OF_STACK, "Stack: all at once", f"1 array of shape ({n_networks}, {each})",
         "each step prepared once"),
    ):  # fmt: skip
        ax.text(left, -0.8, heading, fontweight="bold", va="center")
        ax.text(left, 5.0, f"weights: {weights}", va="center", color=INK)
        ax.text(left, 5.7, steps, va="center", color=ACCENT)
    ax.set(xlim=(-0.1, LEFT_OF_STACK + 8), ylim=(6.1, -1.2))
    ax.axis("off")
    ax.set_title(title or f"A loop prepares each step {n_networks} times, a stack once")
    return ax


@house_style
def draw_batched_matmul(n_networks=30, batch_size=32, n_inputs=10, n_outputs=20, ax=None,
                        title=None):  # fmt: skip
    """Draw the product of two stacks of matrices: sheet by sheet, along the leading axis.

    Parameters
    ----------
    n_networks, batch_size, n_inputs, n_outputs : int
        The stacks are (networks, batch, inputs) and (networks, inputs, outputs).
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> ax = draw_batched_matmul(n_networks=4)
    >>> len(ax.patches)
    12
    >>> ax.get_title(loc="left")
    'One product of two stacks is 4 products of matrices'
    """
    ax = new_axes(ax, figsize=(10.5, 4))
    stacks = (
        ("rows", batch_size, n_inputs, LABEL_COLORS[1]),
        ("weights", n_inputs, n_outputs, TRAIN_COLOR),
        ("outputs", batch_size, n_outputs, LABEL_COLORS[2]),
    )
    longest = max(batch_size, n_inputs, n_outputs)
    shown = min(n_networks, 8)  # sheets in a drawn stack
    for place, (name, height, width, color) in enumerate(stacks):
        left = 5 * place
        size = (0.4 + 1.8 * width / longest, 0.4 + 1.8 * height / longest)
        for k in reversed(range(shown)):
            corner = (left + k * SHIFT[0], k * SHIFT[0])
            _sheet(ax, corner, size, color)
        ax.text(left, -0.3, name, fontweight="bold", va="top")
        ax.text(left, -0.65, f"({n_networks}, {height}, {width})", va="top")
        if place:
            ax.text(left - 0.9, 1.2, "@="[place - 1], fontsize=22, ha="center", va="center")
    drawn = "" if shown == n_networks else f" ({shown} are drawn)"
    note = f"{n_networks} sheets in each stack, one a network{drawn}"
    ax.text(3.1, 3.05, note, color=GRAY, va="center")
    ax.set(xlim=(-0.1, 13.2), ylim=(-1.1, 3.3))
    ax.axis("off")
    ax.set_title(title or f"One product of two stacks is {n_networks} products of matrices")
    return ax


def _draw_loop(ax, n_networks):
    n_rows = -(-n_networks // COLUMNS)
    height = min(1.4, 4.2 / n_rows)
    for k in range(n_networks):
        row, column = divmod(k, COLUMNS)
        corner = (column * 1.15, row * height)
        _preparing(ax, corner, 0.7 * height)
        _sheet(ax, (corner[0] + 0.25, corner[1]), (0.7, 0.7 * height))
        ax.text(corner[0] + 0.6, corner[1] + 0.35 * height, k + 1, ha="center", va="center",
                fontsize=10)  # fmt: skip


def _draw_stack(ax, n_networks):
    """Lay the sheets from the back to the front; the first network lies on top."""
    step = [shift * min(1, 30 / n_networks) for shift in SHIFT]
    depth = [part * (n_networks - 1) for part in step]
    bottom = 4.0  # of the sheet in front
    _preparing(ax, (LEFT_OF_STACK, bottom - 1.9), 1.9)
    for k in reversed(range(n_networks)):
        corner = (LEFT_OF_STACK + 0.4 + k * step[0], bottom - 1.9 - k * step[1])
        _sheet(ax, corner, (2.2, 1.9))
    ax.text(LEFT_OF_STACK + 1.5, bottom - 0.95, "1", ha="center", va="center")
    start = (LEFT_OF_STACK + 2.75, bottom)
    end = (start[0] + depth[0], start[1] - depth[1])
    ax.annotate("", end, start, arrowprops=ARROW)
    ax.text((start[0] + end[0]) / 2 + 0.25, (start[1] + end[1]) / 2 + 0.1,
            f"leading axis:\n{n_networks} networks", va="top", fontsize=11, color=GRAY)  # fmt: skip


def _sheet(ax, corner, size, color=TRAIN_COLOR):
    ax.add_patch(Rectangle(corner, *size, facecolor=color, edgecolor="white", linewidth=0.8))


def _preparing(ax, corner, height):
    ax.add_patch(Rectangle(corner, 0.17, height, facecolor=ACCENT, linewidth=0))
