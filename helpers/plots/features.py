"""Figures about features and the labels that they speak for."""

import numpy as np
import pandas as pd

from helpers.labels import names_or_default
from helpers.plots.heatmap import draw_heat_map
from helpers.plots.style import INK, house_style, label_color, new_axes
from helpers.validation import check_X_y

DIVERGING = "PuOr_r"  # less than elsewhere is purple, more is orange, no difference is white


@house_style
def plot_word_distributions(p_w_c, label_names=None, ax=None, title=None):
    """Show how likely each word is under each label.

    Parameters
    ----------
    p_w_c : array-like of shape (n_features, n_labels)
        Probability of each word given a label; each column sums to 1.
    label_names : list of str, optional
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

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
    ax.set_title(title or "Most frequent word: " + ", ".join(best))
    return ax


@house_style
def plot_features_by_label(X, y, label_names=None, feature_names=None, ax=None, title=None):
    """Show for each feature how much its mean is higher in rows with a label than without it.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
    y : array-like of shape (n_samples, n_labels)
    label_names, feature_names : list of str, optional
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> ax = plot_features_by_label([[1, 5], [4, 5], [4, 5]], [[0, 1], [1, 0], [1, 1]])
    >>> ax.get_title(loc="left")
    'Strongest sign: with label_1, feature_1 is 3.0 higher than without'
    """
    table = difference_by_label(X, y, label_names, feature_names)
    ax = new_axes(ax, figsize=(max(9, 2 + 0.8 * table.shape[1]), 1.9 + 0.6 * len(table)))
    strongest = table.abs().max(axis=1)
    limit = strongest.max() if strongest.max() > 0 else 1
    draw_heat_map(ax, table, _signed, DIVERGING, (-limit, limit))
    ax.set_xticks(ax.get_xticks(), table.columns, rotation=30, ha="right", rotation_mode="anchor")
    ax.set(xlabel="mean with the label minus mean without it (words a document)", ylabel="label")
    ax.set_title(title or _strongest_sign(table, strongest))
    return ax


def _signed(value):
    return f"{value:+.1f}".replace("-", "−")


def _strongest_sign(table, strongest):
    if strongest.isna().all():
        return "No label to compare: all rows have it, or none"
    label = strongest.idxmax()
    feature = table.loc[label].abs().idxmax()
    value = table.loc[label, feature]
    higher = "higher" if value > 0 else "lower"
    return f"Strongest sign: with {label}, {feature} is {abs(value):.1f} {higher} than without"


def difference_by_label(X, y, label_names=None, feature_names=None):
    """Compute the mean of each feature in rows with a label, minus that in rows without it.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
    y : array-like of shape (n_samples, n_labels)
    label_names, feature_names : list of str, optional

    Returns
    -------
    DataFrame
        One row a label, one column a feature; NaN where all rows or none have the label.

    Examples
    --------
    >>> difference_by_label([[1, 5], [4, 5], [4, 5]], [[0, 1], [1, 0], [1, 1]])
             feature_1  feature_2
    label_1        3.0        0.0
    label_2       -1.5        0.0
    """
    X, y = check_X_y(X, y)
    X, n_with = X.astype("float64"), y.sum(axis=0)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        difference = y.T @ X / n_with - (1 - y).T @ X / (len(y) - n_with)
    return pd.DataFrame(
        difference,
        index=names_or_default(label_names, y.shape[1]),
        columns=names_or_default(feature_names, X.shape[1], "feature"),
    )
