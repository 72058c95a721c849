"""Figures about many labels, most of them rare: how many rows they have, and losses on curves."""

import numpy as np
from sklearn.metrics import precision_recall_curve

from helpers._arguments import check_labels, check_probabilities
from helpers.labels import names_or_default
from helpers.plots.house import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    house_style,
    new_axes,
    titled,
    write_near,
)

RECALLS = np.linspace(0.01, 1, 100)


@house_style
def plot_label_counts(y, label_names=None, few=10, ax=None, title=None):
    """Draw how many rows each label has, from the most frequent to the rarest, on a log axis.

    A label of no row stands at the bottom of the axis, at one half.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)
        0 or 1.
    few : int, default=10
        Labels of fewer rows are orange.

    Examples
    --------
    >>> plot_label_counts([[1, 1], [1, 0], [1, 0]], few=2).get_title(loc="left")
    '1 of 2 labels has fewer than 2 rows of 3'
    """
    y = check_labels(y)
    counts, names = y.sum(axis=0), names_or_default(label_names, y.shape[1])
    order = np.argsort(-counts, kind="stable")
    colors = np.where(counts[order] < few, ACCENT, LABEL_COLORS[0])
    ax = new_axes(ax, figsize=(max(7.5, 2.5 + 0.22 * len(names)), 4.4))
    places = np.arange(len(names))
    ax.vlines(places, 0.5, np.maximum(counts[order], 0.5), color=colors, linewidth=3)
    ax.scatter(places, np.maximum(counts[order], 0.5), color=colors, s=36, zorder=3)
    ax.axhline(few, color=GRAY, linewidth=1, linestyle="dashed")
    write_near(ax, f"{few} rows", places[-1], few, (6, 4), color=GRAY, ha="right")
    ax.set(yscale="log", ylim=(0.5, 2 * len(y)), ylabel="rows that have it (log scale)")
    ax.set_xticks(places, [names[k] for k in order], rotation=90, fontsize=9)
    ax.set_xlabel("label, the most frequent first")
    n_few = (counts < few).sum()
    have = "has" if n_few == 1 else "have"
    finding = f"{n_few} of {len(names)} labels {have} fewer than {few} rows of {len(y):,}"
    return titled(ax, title, finding)


@house_style
def plot_curve_bands(y_true, probabilities, threshold=0.5, best=None, ax=None, title=None):
    """Draw precision against recall of one label for several models, with an error band each.

    A line is the mean over the sets that a model was trained on; its band reaches two standard
    errors of that mean to each side. Between points of a curve, precision is that of the next
    higher recall.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        0 or 1, of rows that nobody trained on.
    probabilities : dict of str to array-like of shape (n_sets, n_samples)
        By model: what those of each training set say of these rows; two sets or more.
    threshold : float, default=0.5
        Marked by a dot on each curve, at the mean recall and precision there.
    best : array-like of shape (n_samples,), optional
        True probabilities: their curve is dashed.
    """
    y_true = check_labels(np.asarray(y_true)[:, None], "y_true")[:, 0]
    ax, areas = new_axes(ax, figsize=(8.5, 5.6)), {}
    for (name, values), color in zip(probabilities.items(), LABEL_COLORS, strict=False):
        values = check_probabilities(values, f"probabilities[{name!r}]")
        curves = np.array([_precision_at_recalls(y_true, p) for p in values])
        mean, error = curves.mean(axis=0), curves.std(axis=0, ddof=1) / np.sqrt(len(curves))
        ax.fill_between(RECALLS, mean - 2 * error, mean + 2 * error, color=color, alpha=0.2, lw=0)
        ax.plot(RECALLS, mean, color=color, label=name)
        predicted = values >= threshold
        recall = (predicted & (y_true == 1)).sum(axis=1) / y_true.sum()
        chosen = (predicted & (y_true == 1)).sum(axis=1) / np.maximum(predicted.sum(axis=1), 1)
        ax.plot(recall.mean(), chosen.mean(), "o", ms=11, color=color, mec="white", zorder=4)
        areas[name] = mean.mean()
    if best is not None:
        dashed = _precision_at_recalls(y_true, best)
        ax.plot(RECALLS, dashed, "--", color=INK, lw=1.5, label="true probabilities")
    ax.axhline(y_true.mean(), color=GRAY, linewidth=1)
    write_near(ax, "chance", 0, y_true.mean(), (2, 4), color=GRAY)
    ax.set(xlim=(0, 1), ylim=(0, 1.02), ylabel="precision: share of alarms that are right")
    ax.set_xlabel(f"recall: share of rows found (dots: threshold {threshold:g})")
    ax.legend(loc="lower left", bbox_to_anchor=(0.0, 0.06))
    low, high = min(areas.values()), max(areas.values())
    finding = f"Areas under the curves {low:.2f} to {high:.2f}; the dots lie far apart"
    return titled(ax, title, finding)


def _precision_at_recalls(y_true, p):
    """Return the precision at each of RECALLS, or at the next higher recall that there is."""
    precision, recall, _ = precision_recall_curve(y_true, p)
    # From the highest recall down; that of the lowest threshold is 1.
    return precision[:-1][::-1][np.searchsorted(recall[:-1][::-1], RECALLS - 1e-12)]
