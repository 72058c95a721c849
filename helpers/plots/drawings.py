"""Schematic drawings: kinds of classification, steps, and training with Python or without."""

import textwrap

from matplotlib.patches import FancyBboxPatch, Rectangle

from helpers.plots.style import (
    ACCENT,
    GRAY,
    LIGHT_GRAY,
    TRAIN_COLOR,
    house_style,
    label_color,
    new_axes,
)

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
GAP = 2.4  # between two tables, in cells
STEPS_DRAWN = 8


@house_style
def draw_task_types(tasks=TASKS, ax=None, title=None):
    """Draw kinds of classification side by side: one table each, a filled cell is a yes.

    Parameters
    ----------
    tasks : sequence of (heading, classes, things, answers), optional
        `answers` has one row a thing and one 0/1 entry a class.
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

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
    ax.set_title(title or "How many cells of a row may be filled: that is the difference")
    return ax


def _draw_table(ax, left, classes, things, answers):
    for column, name in enumerate(classes):
        ax.text(left + column + 0.5, -0.15, name, ha="center", va="bottom", fontsize=10)
    for row, (thing, answer) in enumerate(zip(things, answers, strict=True)):
        ax.text(left - 0.2, row + 0.5, thing, ha="right", va="center", fontsize=10, color=GRAY)
        for column, yes in enumerate(answer):
            corner, color = (left + column + 0.06, row + 0.06), label_color(column)
            face = color if yes else "white"
            ax.add_patch(Rectangle(corner, 0.88, 0.88, facecolor=face, edgecolor=GRAY))


@house_style
def draw_steps(steps, ax=None, title=None):
    """Draw boxes from left to right, with arrows between them.

    Parameters
    ----------
    steps : sequence of (heading, text)
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> ax = draw_steps([("Data", "look at it"), ("Model", "build it")])
    >>> len(ax.patches), ax.get_title(loc="left")
    (2, '2 steps, from left to right')
    """
    ax = new_axes(ax, figsize=(2.4 * len(steps), 2.1))
    box = {"boxstyle": "round,pad=0,rounding_size=0.05", "facecolor": "#F4F4F4"}
    arrow = {"arrowstyle": "-|>", "color": GRAY, "linewidth": 1.5}
    for place, (heading, text) in enumerate(steps):
        ax.add_patch(FancyBboxPatch((place, 0), 0.84, 1, edgecolor=LIGHT_GRAY, **box))
        ax.text(place + 0.42, 0.84, heading, ha="center", va="center", fontweight="bold")
        lines = textwrap.fill(text, 22)
        ax.text(place + 0.42, 0.66, lines, ha="center", va="top", fontsize=10.5)
        if place:
            ax.annotate("", (place, 0.5), (place - 0.16, 0.5), arrowprops=arrow)
    ax.set(xlim=(-0.02, len(steps) - 0.14), ylim=(-0.05, 1.05))
    ax.axis("off")
    ax.set_title(title or f"{len(steps)} steps, from left to right")
    return ax


@house_style
def draw_compiled_training(n_steps=2900, ax=None, title=None):
    """Draw the training of a network in time: by `model.fit`, and as one compiled program.

    Parameters
    ----------
    n_steps : int, default=2900
        A few of them are drawn.
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> ax = draw_compiled_training(290)
    >>> ax.get_title(loc="left")
    'fit returns to Python after each of 290 steps, a program does not'
    """
    ax = new_axes(ax, figsize=(9.5, 2.9))
    rows = (("model.fit", 1.2, STEPS_DRAWN), ("compiled\nprogram", 0, 1))
    for name, bottom, n_returns in rows:
        ax.text(-0.2, bottom + 0.3, name, ha="right", va="center", fontweight="bold")
        left = 0
        for step in range(STEPS_DRAWN):
            widths = [(1.0, ACCENT)] * (step < n_returns) + [(0.14, TRAIN_COLOR)]
            for width, color in widths:
                ax.add_patch(Rectangle((left, bottom), width, 0.6, facecolor=color, edgecolor="w"))
                left += width
        ax.text(left + 0.15, bottom + 0.3, f"… {n_steps:,} steps", va="center")
    ax.text(0, 2.05, "in Python", color=ACCENT, fontweight="bold")
    ax.text(1.6, 2.05, "arithmetic of a step", color=TRAIN_COLOR, fontweight="bold")
    ax.set(xlim=(-1.5, 11), ylim=(-0.1, 2.4))
    ax.axis("off")
    finding = f"fit returns to Python after each of {n_steps:,} steps, a program does not"
    ax.set_title(title or finding)
    return ax
