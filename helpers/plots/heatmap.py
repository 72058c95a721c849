"""Tables as coloured cells, each with its number written in."""

import numpy as np

from helpers.plots.style import INK


def draw_heat_map(ax, table, text, cmap, limits):
    """Draw a table as coloured cells, rows from the top down.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    table : DataFrame
        Numbers; index and columns name the ticks. NaN stays white and empty.
    text : callable
        Turns a number into what its cell says.
    cmap : str
        Name of a matplotlib colour map.
    limits : tuple of two floats
        The numbers at the two ends of the colour map.

    Examples
    --------
    >>> import pandas as pd
    >>> from helpers.plots.style import new_axes
    >>> ax = new_axes()
    >>> draw_heat_map(ax, pd.DataFrame([[0.1, 0.9]]), "{:.0%}".format, "Blues", (0, 1))
    >>> [cell.get_text() for cell in ax.texts]
    ['10%', '90%']
    """
    values = table.to_numpy(dtype="float64")
    image = ax.imshow(values, cmap=cmap, vmin=limits[0], vmax=limits[1], aspect="auto")
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            red, green, blue, _ = image.cmap(image.norm(value))
            dark = 0.3 * red + 0.6 * green + 0.1 * blue < 0.5
            color = "white" if dark else INK
            ax.text(column, row, text(value), ha="center", va="center", color=color)
    ax.set_xticks(range(table.shape[1]), table.columns)
    ax.set_yticks(range(table.shape[0]), table.index)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
