"""Figures about scores of predicted labels: single answers, single labels, whole models."""

import numpy as np
from matplotlib.patches import Rectangle
from sklearn.metrics import precision_recall_curve

from helpers.labels import names_or_default
from helpers.metrics import (
    confusion_table,
    label_ranking_table,
    label_score_table,
    true_and_predicted,
)
from helpers.plots.house import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    SHADES,
    draw_heat_map,
    house_style,
    label_color,
    new_axes,
    new_panels,
    set_headline,
)


@house_style
def plot_answers(y_true, y_pred, label_names=None, ax=None, title=None):
    """Draw each row's true and predicted labels as a grid, and mark what is wrong.

    A disk is a true label, a ring around it a predicted one. A wrong label has a shaded cell.

    Parameters
    ----------
    y_true, y_pred : array-like of shape (n_samples, n_labels)
        0 or 1.
    label_names : list of str, optional

    Examples
    --------
    >>> plot_answers([[1, 0], [1, 1]], [[1, 0], [0, 1]]).get_title(loc="left")
    '1 of 2 rows and 3 of 4 labels are right'
    """
    y_true, y_pred = true_and_predicted(y_true, y_pred)
    names, wrong = names_or_default(label_names, y_true.shape[1]), y_true != y_pred
    ax = new_axes(ax, figsize=(max(6.5, 3.2 + 1.3 * len(names)), 1.9 + 0.42 * len(y_true)))
    for (row, label), mistake in np.ndenumerate(wrong):
        if mistake:
            cell = (label - 0.5, row - 0.5)
            ax.add_patch(Rectangle(cell, 1, 1, color=ACCENT, alpha=0.2, linewidth=0))
        marks = [(y_true, "o", 10, label_color(label), "none"), (y_pred, "o", 18, "none", INK)]
        for there, marker, size, face, edge in marks:
            if there[row, label]:
                ax.plot(
                    label,
                    row,
                    marker,
                    markersize=size,
                    markerfacecolor=face,
                    markeredgecolor=edge,
                    markeredgewidth=1.5,
                )
        if not y_true[row, label] and not y_pred[row, label]:
            ax.plot(label, row, ".", color=GRAY, markersize=3)
    for row, mistakes in enumerate(wrong.sum(axis=1)):
        verdict = "right" if mistakes == 0 else f"{mistakes} wrong"
        ax.text(len(names) - 0.4, row, verdict, va="center", color=ACCENT if mistakes else INK)
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks(range(len(y_true)), range(1, len(y_true) + 1))
    ax.set(xlim=(-0.5, len(names) + 0.4), ylim=(len(y_true) - 0.5, -0.5))
    ax.set_ylabel("row", fontsize="medium")  # also in Axes that were made in another style
    ax.set_xlabel("disk: true label · ring: predicted\nshaded: wrong", fontsize="medium")
    ax.tick_params(length=0, labelsize="medium")
    ax.spines[:].set_visible(False)
    ax.set_title(
        title
        or f"{(~wrong).all(axis=1).sum()} of {len(wrong)} rows and {(~wrong).sum()} of "
        f"{wrong.size} labels are right"
    )
    return ax


@house_style
def plot_winners(scores, ax=None, title=None):
    """Draw several models' scores by several averages, and ring the winner of each.

    Parameters
    ----------
    scores : DataFrame
        One row a model, one column an average.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"micro": [0.9, 0.8], "macro": [0.7, 0.8]}, index=["A", "B"])
    >>> plot_winners(scores).get_title(loc="left")
    'By micro A wins, by macro B wins'
    """
    ax = new_axes(ax)
    winners = scores.idxmax()
    for place, (model, values) in enumerate(scores.iterrows()):
        style = ["-", "--", ":", "-."][place % 4]
        ax.plot(range(len(values)), values, style, color=INK, marker="o", markersize=7)
        ax.text(len(values) - 0.9, values.iloc[-1], model, va="center", fontweight="bold")
    for place, (average, model) in enumerate(winners.items()):
        best = scores.loc[model, average]
        ax.plot(
            place, best, "o", markersize=18, color="none", markeredgecolor=ACCENT, markeredgewidth=2
        )
        ax.annotate(
            f"{model} {best:.2f}",
            (place, best),
            (0, 14),
            textcoords="offset points",
            ha="center",
            color=ACCENT,
        )
    ax.set_xticks(range(scores.shape[1]), scores.columns)
    ax.set(xlim=(-0.4, scores.shape[1] - 0.5), xlabel="average", ylabel="F1")
    ax.margins(y=0.2)
    finding = ", ".join(f"by {average} {model} wins" for average, model in winners.items())
    ax.set_title(title or finding[0].upper() + finding[1:])
    return ax


@house_style
def plot_confusions(y_true, y_prob, threshold=0.5, label_names=None, axes=None, title=None):
    """Draw each label's confusion matrix, with precision, recall and specificity beneath.

    Cells are shaded by their share of the rows that are alike in truth. So the shades on the
    diagonal are specificity (top left) and recall (bottom right).

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)
    threshold : float or array-like of shape (n_labels,), default=0.5
    label_names : list of str, optional
    axes : array of matplotlib.axes.Axes, one a label, optional

    Returns
    -------
    ndarray of matplotlib.axes.Axes, shape (n_labels,)

    Examples
    --------
    >>> axes = plot_confusions([[1, 0], [1, 1], [0, 0]], [[1, 0], [0, 1], [0, 0]])
    >>> axes[0].figure.get_suptitle()
    'label_1 is found least: recall 0.50'
    """
    counts = confusion_table(y_true, y_prob, threshold, label_names)
    scores = label_score_table(y_true, y_prob, threshold, label_names=label_names)
    axes = new_panels(axes, len(counts), figsize=(1 + 3 * len(counts), 4.2))
    for place, (ax, name) in enumerate(zip(axes, counts.index, strict=True)):
        matrix = counts.loc[name].to_numpy().reshape(2, 2)
        share = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
        ax.imshow(share, cmap=SHADES, vmin=0, vmax=1)
        for (truth, predicted), count in np.ndenumerate(matrix):
            kind = ("true" if truth == predicted else "false", ("negative", "positive")[predicted])
            color = "white" if share[truth, predicted] > 0.6 else INK
            text = f"{count:,}\n{' '.join(kind)}"
            ax.text(predicted, truth, text, ha="center", va="center", color=color, fontsize=11)
        ax.set_xticks([0, 1], ["no", "yes"])
        ax.set_yticks([0, 1], ["no", "yes"])
        precision, recall, specificity = scores.loc[name, ["precision", "recall", "specificity"]]
        ax.set_xlabel(
            f"predicted\n\nprecision {precision:.2f}\nrecall {recall:.2f}\n"
            f"specificity {specificity:.2f}"
        )
        ax.tick_params(length=0)
        ax.set_title(name, color=label_color(place))
    axes[0].set_ylabel("truth")
    least = scores["recall"].idxmin()
    set_headline(axes, title or f"{least} is found least: recall {scores['recall'].min():.2f}")
    return axes


@house_style
def plot_model_scores(scores, ax=None, title=None):
    """Draw models × scores as a heat-map; frame each score that equals or beats the first row's.

    Parameters
    ----------
    scores : DataFrame
        One row a model, the first one that which learned something; one column a score between 0
        and 1, of which more is better.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = {"network": [0.8, 0.9], "all-zero": [0.1, 1.0]}
    >>> scores = pd.DataFrame.from_dict(rows, orient="index", columns=["recall", "precision"])
    >>> plot_model_scores(scores).get_title(loc="left")
    'Network is matched in precision'
    """
    ax = new_axes(ax, figsize=(max(6.5, 1.9 + scores.shape[1]), 1.7 + 0.5 * len(scores)))
    draw_heat_map(ax, scores, "{:.2f}".format, SHADES, (0, 1))
    ax.set_xticklabels([str(column).replace(" ", "\n") for column in scores.columns])
    values = scores.to_numpy()
    reached = values[1:] >= values[0]
    for row, column in np.argwhere(reached):
        frame = (column - 0.47, row + 1 - 0.47)
        ax.add_patch(Rectangle(frame, 0.94, 0.94, fill=False, edgecolor=ACCENT, linewidth=3))
    first, matched = str(scores.index[0]), scores.columns[reached.any(axis=0)]
    ax.set_xlabel(f"score; framed: at least that of {first}")
    finding = f"is matched in {' and '.join(matched)}" if len(matched) else "is matched nowhere"
    ax.set_title(title or f"{first[0].upper()}{first[1:]} {finding}")
    return ax


MODEL_COLORS = (LABEL_COLORS[0], ACCENT)  # the model that learned, the one that did not


@house_style
def plot_precision_recall(y_true, y_prob, threshold=0.5, label_names=None, ax=None, title=None):
    """Draw each label's precision against its recall, for all thresholds from high to low.

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)
    threshold : float or array-like of shape (n_labels,), default=0.5
        Marked by a dot on each curve.
    label_names : list of str, optional

    Returns
    -------
    matplotlib.axes.Axes
        A label that no row has is left out.

    References
    ----------
    scikit-learn, `sklearn.metrics.precision_recall_curve`.

    Examples
    --------
    >>> ax = plot_precision_recall([[1, 1], [0, 1], [1, 0]], [[0.9, 0.2], [0.8, 0.7], [0.3, 0.4]])
    >>> ax.get_title(loc="left")
    'label_1 is ranked worst: average precision 0.83, chance 0.67'
    """
    by_label = label_ranking_table(y_true, y_prob, label_names)
    chosen = label_score_table(y_true, y_prob, threshold, label_names=label_names)
    y_true, y_prob = np.asarray(y_true), np.asarray(y_prob)
    ax = new_axes(ax, figsize=(7.5, 5))
    for label, name in enumerate(by_label.index):
        prevalence, average = by_label.loc[name, ["prevalence", "average_precision"]]
        if prevalence == 0:
            continue
        color = label_color(label)
        precision, recall, _ = precision_recall_curve(y_true[:, label], y_prob[:, label])
        ax.plot(recall, precision, color=color, drawstyle="steps-post")
        ax.plot(
            *chosen.loc[name, ["recall", "precision"]],
            "o",
            color=color,
            markersize=9,
            markeredgecolor=INK,
        )
        ax.axhline(prevalence, color=color, linestyle="--", linewidth=1.2)
        told = f"{name}: average precision {average:.2f}, chance {prevalence:.2f}"
        ax.annotate(told, (0.01, prevalence), (0, 3), textcoords="offset points", fontsize=11)
    ax.set(xlim=(0, 1.02), ylim=(0, 1.03))
    ax.set_xlabel("recall: share of the rows with the label that are found")
    ax.set_ylabel("precision: share of the found rows\nthat have the label")
    worst = by_label["average_precision"].idxmin()
    average, chance = by_label.loc[worst, ["average_precision", "prevalence"]]
    ax.set_title(
        title or f"{worst} is ranked worst: average precision {average:.2f}, chance {chance:.2f}"
    )
    return ax


@house_style
def plot_accuracies(table, ax=None, title=None):
    """Draw what two models get by several scores that are all called accuracy.

    Parameters
    ----------
    table : DataFrame
        One row a score between 0 and 1, two columns: the model that learned, one that did not.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"network": [0.9, 0.6], "all-zero": [0.5, 0.8]}, index=["a", "b"])
    >>> plot_accuracies(table).get_title(loc="left")
    'The same network is 60 % to 90 % "accurate"'
    """
    ax = new_axes(ax, figsize=(8.5, 1.5 + 0.6 * len(table)))
    learned = table.iloc[:, 0]
    for place, (_, pair) in enumerate(table.iterrows()):
        turned = pair.iloc[1] > pair.iloc[0]
        ax.plot(pair, [place, place], color=ACCENT if turned else GRAY, linewidth=3, zorder=1)
        for value, color in zip(pair, MODEL_COLORS, strict=True):
            ax.plot(value, place, "o", color=color, markersize=11)
            outside = "left" if value == pair.max() else "right"
            ax.annotate(
                f"{value:.2f}",
                (value, place),
                (11 if outside == "left" else -11, 0),
                textcoords="offset points",
                ha=outside,
                va="center",
            )
    for value, name, color in zip(table.iloc[0], table.columns, MODEL_COLORS, strict=True):
        ax.annotate(
            name,
            (value, 0),
            (0, 12),
            textcoords="offset points",
            ha="center",
            color=color,
            fontweight="bold",
        )
    ax.set_yticks(range(len(table)), table.index)
    ax.set(xlim=(0, 1.08), ylim=(len(table) - 0.5, -0.8), xlabel="share called accuracy")
    low, high = (f"{100 * share:.0f} %" for share in (learned.min(), learned.max()))
    ax.set_title(title or f'The same {table.columns[0]} is {low} to {high} "accurate"')
    return ax


@house_style
def plot_label_counts(table, ax=None, title=None):
    """Draw how two models score as labels become more and rarer.

    Parameters
    ----------
    table : DataFrame
        Long: ``n_labels``, ``model`` (two of them: first the one that learned),
        ``hamming_accuracy`` and ``f1_micro``.

    Examples
    --------
    >>> import pandas as pd
    >>> models = ["network", "network", "all-zero", "all-zero"]
    >>> table = pd.DataFrame({"n_labels": [3, 9, 3, 9], "model": models})
    >>> table = table.assign(hamming_accuracy=[0.9, 0.96, 0.6, 0.9], f1_micro=[0.9, 0.4, 0, 0])
    >>> plot_label_counts(table).get_title(loc="left")
    'From 3 to 9 labels: labels right 90 % → 96 %, F1 0.90 → 0.40'
    """
    ax = new_axes(ax, figsize=(8.5, 4.8))
    models = list(table["model"].unique())
    for model, color in zip(models, MODEL_COLORS, strict=True):
        rows = table[table["model"] == model].sort_values("n_labels")
        scores = [("hamming_accuracy", "-", "labels right"), ("f1_micro", "--", "F1 (micro)")]
        for column, style, name in scores:
            ax.plot(rows["n_labels"], rows[column], style, color=color, marker="o")
            # Solid lines meet on the right, dashed ones come close to them on the left.
            solid, below = style == "-", (style == "-") == (color != MODEL_COLORS[0])
            end = 0 if solid else -1
            ax.annotate(
                f"{model}: {name}",
                (rows["n_labels"].iloc[end], rows[column].iloc[end]),
                (0, -18 if below else 9),
                textcoords="offset points",
                color=color,
                ha="left" if solid else "right",
            )
    ticks = sorted(table["n_labels"].unique())
    ax.set_xscale("log")
    ax.set_xticks(ticks, ticks)
    ax.minorticks_off()
    ax.set(ylim=(-0.05, 1.12), xlabel="number of labels (log scale)", ylabel="score")
    first = table[table["model"] == models[0]].sort_values("n_labels").iloc[[0, -1]]
    right = [f"{100 * value:.0f} %" for value in first["hamming_accuracy"]]
    f1 = [f"{value:.2f}" for value in first["f1_micro"]]
    ax.set_title(
        title
        or f"From {ticks[0]} to {ticks[-1]} labels: labels right {right[0]} → {right[1]}, "
        f"F1 {f1[0]} → {f1[1]}"
    )
    return ax
