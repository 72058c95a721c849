"""Figures of several panels: their Axes, and one headline for all of them."""

import matplotlib.pyplot as plt
import numpy as np


def new_panels(axes=None, n_columns=1, n_rows=1, **kwargs):
    """Return `axes` as an array, or the Axes of a new figure.

    Parameters
    ----------
    axes : array-like of matplotlib.axes.Axes, optional
    n_columns, n_rows : int, default=1
    **kwargs
        Passed on to `matplotlib.pyplot.subplots`, for instance ``figsize``.

    Returns
    -------
    ndarray of matplotlib.axes.Axes, shape (n_columns,), or (n_rows, n_columns) with several rows

    Raises
    ------
    ValueError
        If `axes` has another shape.

    Examples
    --------
    >>> new_panels(n_columns=3).shape, new_panels(n_columns=3, n_rows=2).shape
    ((3,), (2, 3))
    """
    shape = (n_columns,) if n_rows == 1 else (n_rows, n_columns)
    if axes is None:
        return plt.subplots(n_rows, n_columns, squeeze=False, **kwargs)[1].reshape(shape)
    axes = np.asarray(axes)
    if axes.shape != shape:
        raise ValueError(f"axes has shape {axes.shape}: this figure needs {shape} panels.")
    return axes


def set_headline(axes, title):
    """Write one title above all panels of a figure, in the manner of a title above one.

    Parameters
    ----------
    axes : ndarray of matplotlib.axes.Axes
    title : str

    Examples
    --------
    >>> axes = new_panels(n_columns=2)
    >>> set_headline(axes, "Left and right differ")
    >>> axes[0].figure.get_suptitle()
    'Left and right differ'
    """
    size, weight = plt.rcParams["axes.titlesize"], plt.rcParams["axes.titleweight"]
    figure = axes.flat[0].figure
    figure.suptitle(title, x=0.01, ha="left", fontsize=size, fontweight=weight)
