"""Figures about scores of predicted labels: single answers, single labels, whole models."""

import numpy as np
from matplotlib.patches import Rectangle
from sklearn.metrics import precision_recall_curve

from helpers.labels import names_or_default
from helpers.metrics import (
    label_ranking_table,
    label_score_table,
    true_and_predicted,
)
from helpers.plots.house import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    LIGHT_GRAY,
    house_style,
    label_color,
    name_rows,
    new_axes,
    new_panels,
    titled,
    titled_panels,
    write_near,
)

FOUND, MISSED, FALSE = LABEL_COLORS[0], LIGHT_GRAY, ACCENT


@house_style
def plot_answers(y_true, y_pred, label_names=None, ax=None, title=None):
    """Draw each row's true and predicted labels as a grid, and mark what is wrong.

    A disk is a true label, a ring around it a predicted one. A wrong label has a shaded cell.

    Parameters
    ----------
    y_true, y_pred : array-like of shape (n_samples, n_labels)
        0 or 1.

    Examples
    --------
    >>> plot_answers([[1, 0], [1, 1]], [[1, 0], [0, 1]]).get_title(loc="left")
    '1 of 2 rows and 3 of 4 labels are right'
    """
    y_true, y_pred = true_and_predicted(y_true, y_pred)
    names, wrong = names_or_default(label_names, y_true.shape[1]), y_true != y_pred
    ax = new_axes(ax, figsize=(max(6.5, 3.2 + 1.3 * len(names)), 1.9 + 0.42 * len(y_true)))
    for row, label in np.ndindex(y_true.shape):
        _draw_answer(ax, row, label, y_true[row, label], y_pred[row, label])
    for row, mistakes in enumerate(wrong.sum(axis=1)):
        verdict = "right" if mistakes == 0 else f"{mistakes} wrong"
        ax.text(len(names) - 0.4, row, verdict, va="center", color=ACCENT if mistakes else INK)
    ax.set_xticks(range(len(names)), names)
    name_rows(ax, range(1, len(y_true) + 1))
    ax.set(xlim=(-0.5, len(names) + 0.4))
    ax.set_ylabel("row", fontsize="medium")  # also in Axes that were made in another style
    ax.set_xlabel("disk: true label · ring: predicted\nshaded: wrong", fontsize="medium")
    ax.tick_params(length=0, labelsize="medium")
    ax.spines[:].set_visible(False)
    rows_right, labels_right = (~wrong).all(axis=1).sum(), (~wrong).sum()
    finding = f"{rows_right} of {len(wrong)} rows and {labels_right} of {wrong.size} labels"
    return titled(ax, title, f"{finding} are right")


def _draw_answer(ax, row, label, truth, predicted):
    """Draw the disk, the ring and the shade of one cell."""
    if truth != predicted:
        cell = (label - 0.5, row - 0.5)
        ax.add_patch(Rectangle(cell, 1, 1, color=ACCENT, alpha=0.2, linewidth=0))
    if truth:
        ax.plot(label, row, "o", markersize=10, color=GRAY, mec="none", mew=1.5)
    if predicted:
        ax.plot(label, row, "o", markersize=18, mfc="none", mec=INK, mew=1.5)
    if not truth and not predicted:
        ax.plot(label, row, ".", color=GRAY, markersize=3)


@house_style
def plot_found(counts, label="the label", ax=None, title=None):
    """Draw how many rows with a rare label are found and missed, and how many alarms are false.

    Parameters
    ----------
    counts : DataFrame
        One row a way to decide, the first being the one to compare with; columns
        ``true_positive``, ``false_negative`` and ``false_positive``, numbers of rows.
    label : str
        Its name.
    """
    ax = new_axes(ax, figsize=(9, 1.8 + 0.6 * len(counts)))
    places = np.arange(len(counts))
    columns = ["true_positive", "false_negative", "false_positive"]
    found, missed, false = counts[columns].to_numpy(dtype="float64").T
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
    name_rows(ax, counts.index, above=0.9)
    right = 1.35 * (found + missed).max()
    ax.set(xlim=(-1.1 * max(false.max(), 1), right), xlabel="rows")
    ax.xaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
    return titled(ax, title, _tell_found(counts.index, found, missed, false, label))


def _tell_found(names, found, missed, false, label):
    """Say what the first way finds, and what the best way finds and costs."""
    best = int(found.argmax())
    told = f"Of {found[0] + missed[0]:.3g} rows with {label}, {names[0]} finds {found[0]:.3g}"
    if best == 0:
        return f"{told}, and no other way finds more"
    more = false[best] - false[0]
    change = f"{abs(more):.3g} {'more' if more >= 0 else 'fewer'} false alarms"
    return f"{told}, {names[best]} {found[best]:.3g},\nwith {change}"


@house_style
def plot_metric_cards(cards, ax=None, title=None):
    """Draw what a model that learned gets by each metric, and the best of those that did not.

    Parameters
    ----------
    cards : DataFrame
        One row per metric between 0 and 1, of which more is better. The first column is the
        question that it answers, the second the model that learned, the others the rest.

    Examples
    --------
    >>> import pandas as pd
    >>> cards = {"question": ["All right?", "One right?"], "net": [0.8, 0.9], "prior": [0.3, 0.9]}
    >>> ax = plot_metric_cards(pd.DataFrame(cards, index=["rows", "labels"]))
    >>> print(ax.get_title(loc="left"))
    The same predictions score 0.80 to 0.90;
    in 1 of 2 metrics a model without features is at least as good
    """
    learned, others = cards.columns[1], list(cards.columns[2:])
    scores = cards[learned].astype(float)
    rest = cards[others].astype(float)
    ax = new_axes(ax, figsize=(10.5, 1.6 + 0.6 * len(cards)))
    for place, (metric, question) in enumerate(cards[cards.columns[0]].items()):
        write_near(ax, metric, -0.1, place, (-8, 1), ha="right", va="bottom", fontweight="bold")
        write_near(ax, question, -0.1, place, (-8, -1), ha="right", va="top", color=GRAY)
        _draw_card(ax, place, scores.iloc[place], rest.iloc[place])
    write_near(ax, learned, scores.iloc[0], 0, (0, 13), ha="center", fontweight="bold")
    name_rows(ax, [""] * len(cards), above=0.8)
    ax.tick_params(axis="y", length=0)
    ax.set(xlim=(-0.1, 1.35), xticks=np.arange(6) / 5)
    ax.set_xlabel("score; gray or orange: best without features (orange: at least as good)")
    as_good = (rest.max(axis=1) >= scores).sum()
    span = f"{scores.min():.2f} to {scores.max():.2f}"
    counted = f"in {as_good} of {len(cards)} metrics a model without features is at least as good"
    return titled(ax, title, f"The same predictions score {span};\n{counted}")


def _draw_card(ax, place, score, rest):
    """Draw one score, and beside it the best of the rest with its name."""
    best, as_good = rest.max(), rest.max() >= score
    name = "any" if len(rest) > 1 and np.ptp(rest) < 1e-9 else rest.idxmax()
    color = ACCENT if as_good else GRAY
    ax.plot([score, best], [place, place], color=LIGHT_GRAY, linewidth=3, zorder=1)
    ax.plot(best, place, "o", color=color, markersize=10)
    ax.plot(score, place, "o", color=INK, markersize=8)
    left, right = ((-10, 0), "right"), ((10, 0), "left")
    (near, side), (near_best, side_best) = (left, right) if as_good else (right, left)
    kwargs = {"va": "center"}
    write_near(ax, f"{score:.2f}", score, place, near, ha=side, fontweight="bold", **kwargs)
    write_near(
        ax, f"{name} {best:.2f}", best, place, near_best, ha=side_best, color=color, **kwargs
    )


@house_style
def plot_precision_recall(y_true, y_prob, threshold=0.5, label_names=None, axes=None, title=None):
    """Draw each label's precision against its recall, for all thresholds from high to low.

    Points are those of `sklearn.metrics.precision_recall_curve`. A label of no row is left out.

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)
    threshold : float or array-like of shape (n_labels,), default=0.5
        Marked by a dot on each curve.

    Examples
    --------
    >>> y_true, y_prob = [[1, 1], [0, 1], [1, 0]], [[0.9, 0.2], [0.8, 0.7], [0.3, 0.4]]
    >>> plot_precision_recall(y_true, y_prob)[0].figure.get_suptitle()
    'label_1 has the lowest average precision: 0.83, chance 0.67'
    """
    ranking = label_ranking_table(y_true, y_prob, label_names)
    chosen = label_score_table(y_true, y_prob, threshold, label_names=label_names)
    y_true, y_prob = np.asarray(y_true), np.asarray(y_prob)
    labels = np.flatnonzero(ranking["prevalence"])
    if not len(labels):
        raise ValueError("y_true: no row has any label, so there is no curve to draw.")
    axes = new_panels(axes, len(labels), sharey=True, figsize=(1.5 + 3 * len(labels), 4.2))
    for ax, label in zip(axes, labels, strict=True):
        points = precision_recall_curve(y_true[:, label], y_prob[:, label])[:2]
        dot = chosen.iloc[label][["recall", "precision"]]
        _draw_precision_recall(ax, *points, dot, ranking.iloc[label], label_color(label))
        ax.set_title(ranking.index[label], color=label_color(label))
    axes[0].set_ylabel("precision: share of the rows\nabove the threshold that have it")
    lowest = ranking["average_precision"].idxmin()
    precision, chance = ranking.loc[lowest, ["average_precision", "prevalence"]]
    finding = f"has the lowest average precision: {precision:.2f}, chance {chance:.2f}"
    return titled_panels(axes, title, f"{lowest} {finding}")


def _draw_precision_recall(ax, precision, recall, dot, ranks, color):
    """Draw the curve of one label with its average precision, its dot and its chance level."""
    ax.plot(recall, precision, color=color, drawstyle="steps-post")
    ax.plot(*dot, "o", color=color, markersize=9, mec=INK)
    below = precision[recall <= 0.6].min(initial=1)
    text = f"average precision {ranks['average_precision']:.2f}"
    write_near(ax, text, 0.03, below, (0, -6), va="top", color=color, fontsize=11)
    chance = ranks["prevalence"]
    ax.axhline(chance, color=GRAY, linestyle="--", linewidth=1.2)
    write_near(ax, f"chance {chance:.2f}", 0.03, chance, (0, -4), va="top", color=GRAY, fontsize=11)
    ax.set(xlim=(0, 1.03), ylim=(0, 1.03))
    ax.set_xlabel("recall: share of the rows\nwith the label that are found")
