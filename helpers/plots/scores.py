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
    LIGHT_GRAY,
    SHADES,
    capitalized,
    draw_heat_map,
    frame_cell,
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
MODEL_COLORS = (LABEL_COLORS[0], ACCENT)  # the model that learned, the one that did not


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
        ax.plot(label, row, "o", markersize=10, color=label_color(label), mec="none", mew=1.5)
    if predicted:
        ax.plot(label, row, "o", markersize=18, mfc="none", mec=INK, mew=1.5)
    if not truth and not predicted:
        ax.plot(label, row, ".", color=GRAY, markersize=3)


@house_style
def plot_winners(scores, ax=None, title=None):
    """Draw several models' scores by several averages, and ring the winner of each.

    Parameters
    ----------
    scores : DataFrame
        One row per model, one column per average.
    """
    ax = new_axes(ax)
    winners = scores.idxmax()
    for place, (model, values) in enumerate(scores.iterrows()):
        style = ["-", "--", ":", "-."][place % 4]
        ax.plot(range(len(values)), values, style, color=INK, marker="o", markersize=7)
        ax.text(len(values) - 0.9, values.iloc[-1], model, va="center", fontweight="bold")
    for place, (average, model) in enumerate(winners.items()):
        best = scores.loc[model, average]
        ax.plot(place, best, "o", markersize=18, color="none", mec=ACCENT, mew=2)
        write_near(ax, f"{model} {best:.2f}", place, best, (0, 14), ha="center", color=ACCENT)
    ax.set_xticks(range(scores.shape[1]), scores.columns)
    ax.set(xlim=(-0.4, scores.shape[1] - 0.5), xlabel="average", ylabel="F1")
    ax.margins(y=0.2)
    finding = ", ".join(f"by {average} {model} wins" for average, model in winners.items())
    return titled(ax, title, capitalized(finding))


@house_style
def plot_confusions(y_true, y_prob, threshold=0.5, label_names=None, axes=None, title=None):
    """Draw each label's confusion matrix, with precision, recall and specificity beneath.

    Cells are shaded by their share of the rows with the same truth. So the shades on the diagonal
    are specificity (top left) and recall (bottom right).

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)
    threshold : float or array-like of shape (n_labels,), default=0.5

    Examples
    --------
    >>> plot_confusions([[1, 0], [1, 1]], [[1, 0], [0, 1]])[0].figure.get_suptitle()
    'label_1 is found least: recall 0.50'
    """
    counts = confusion_table(y_true, y_prob, threshold, label_names)
    scores = label_score_table(y_true, y_prob, threshold, label_names=label_names)
    axes = new_panels(axes, len(counts), figsize=(1 + 3 * len(counts), 4.2))
    for place, (ax, name) in enumerate(zip(axes, counts.index, strict=True)):
        _draw_confusion(ax, counts.loc[name].to_numpy().reshape(2, 2))
        precision, recall, specificity = scores.loc[name, ["precision", "recall", "specificity"]]
        told = f"precision {precision:.2f}\nrecall {recall:.2f}\nspecificity {specificity:.2f}"
        ax.set_xlabel(f"predicted\n\n{told}")
        ax.set_title(name, color=label_color(place))
    axes[0].set_ylabel("truth")
    least = scores["recall"].idxmin()
    finding = f"{least} is found least: recall {scores['recall'].min():.2f}"
    return titled_panels(axes, title, finding)


def _draw_confusion(ax, matrix):
    """Draw the confusion matrix of one label."""
    share = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    ax.imshow(share, cmap=SHADES, vmin=0, vmax=1)
    for (truth, predicted), count in np.ndenumerate(matrix):
        right, answer = truth == predicted, "positive" if predicted else "negative"
        text = f"{count:,}\n{'true' if right else 'false'} {answer}"
        color = "white" if share[truth, predicted] > 0.6 else INK
        ax.text(predicted, truth, text, ha="center", va="center", color=color, fontsize=11)
    ax.set_xticks([0, 1], ["no", "yes"])
    ax.set_yticks([0, 1], ["no", "yes"])
    ax.tick_params(length=0)


@house_style
def plot_found(counts, label="the label", ax=None, title=None):
    """Draw how many rows with a rare label are found and missed, and how many alarms are false.

    Parameters
    ----------
    counts : DataFrame
        One row a way to decide, the first being the one to compare with; columns
        ``true_positive``, ``false_negative`` and ``false_positive``, as in
        `helpers.metrics.confusion_table`.
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
def plot_model_scores(scores, ax=None, title=None):
    """Draw models × scores as a heat-map; frame each score that equals or beats the first row's.

    Parameters
    ----------
    scores : DataFrame
        One row per model, the first one that which learned something; one column per score
        between 0 and 1, of which more is better.
    """
    ax = new_axes(ax, figsize=(max(6.5, 1.9 + scores.shape[1]), 1.7 + 0.5 * len(scores)))
    draw_heat_map(ax, scores, "{:.2f}".format, SHADES, (0, 1))
    ax.set_xticklabels([str(column).replace(" ", "\n") for column in scores.columns])
    first, *others = scores.to_numpy()
    reached = np.array(others) >= first
    for row, column in np.argwhere(reached):
        frame_cell(ax, row + 1, column)
    name, matched = str(scores.index[0]), scores.columns[reached.any(axis=0)]
    ax.set_xlabel(f"score; framed: at least that of {name}")
    found = f"in {' and '.join(matched)}" if len(matched) else "nowhere"
    return titled(ax, title, f"{capitalized(name)} is matched {found}")


@house_style
def plot_precision_recall(y_true, y_prob, threshold=0.5, label_names=None, ax=None, title=None):
    """Draw each label's precision against its recall, for all thresholds from high to low.

    Points are those of `sklearn.metrics.precision_recall_curve`. A label of no row is left out.

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)
    threshold : float or array-like of shape (n_labels,), default=0.5
        Marked by a dot on each curve.

    Examples
    --------
    >>> ax = plot_precision_recall([[1, 1], [0, 1], [1, 0]], [[0.9, 0.2], [0.8, 0.7], [0.3, 0.4]])
    >>> ax.get_title(loc="left")
    'label_1 is ranked worst: average precision 0.83, chance 0.67'
    """
    ranking = label_ranking_table(y_true, y_prob, label_names)
    chosen = label_score_table(y_true, y_prob, threshold, label_names=label_names)
    y_true, y_prob = np.asarray(y_true), np.asarray(y_prob)
    told = {
        name: f"average precision {row['average_precision']:.2f}, chance {row['prevalence']:.2f}"
        for name, row in ranking.iterrows()
    }
    ax = new_axes(ax, figsize=(7.5, 5))
    for label, (name, prevalence) in enumerate(ranking["prevalence"].items()):
        if prevalence == 0:
            continue
        color = label_color(label)
        precision, recall, _ = precision_recall_curve(y_true[:, label], y_prob[:, label])
        ax.plot(recall, precision, color=color, drawstyle="steps-post")
        recall, precision = chosen.loc[name, ["recall", "precision"]]
        ax.plot(recall, precision, "o", color=color, markersize=9, mec=INK)
        ax.axhline(prevalence, color=color, linestyle="--", linewidth=1.2)
        write_near(ax, f"{name}: {told[name]}", 0.01, prevalence, (0, 3), fontsize=11)
    ax.set(xlim=(0, 1.02), ylim=(0, 1.03))
    ax.set_xlabel("recall: share of the rows with the label that are found")
    ax.set_ylabel("precision: share of the found rows\nthat have the label")
    worst = ranking["average_precision"].idxmin()
    return titled(ax, title, f"{worst} is ranked worst: {told[worst]}")


@house_style
def plot_accuracies(table, ax=None, title=None):
    """Draw what two models get by several scores that are all called accuracy.

    Parameters
    ----------
    table : DataFrame
        One row per score between 0 and 1, two columns: the model that learned, one that did not.
    """
    ax = new_axes(ax, figsize=(8.5, 1.5 + 0.6 * len(table)))
    for place, pair in enumerate(table.to_numpy()):
        color = ACCENT if pair[1] > pair[0] else GRAY
        ax.plot(pair, [place, place], color=color, linewidth=3, zorder=1)
        for value, color in zip(pair, MODEL_COLORS, strict=True):
            ax.plot(value, place, "o", color=color, markersize=11)
            side, shift = ("left", 11) if value == pair.max() else ("right", -11)
            write_near(ax, f"{value:.2f}", value, place, (shift, 0), ha=side, va="center")
    for value, name, color in zip(table.iloc[0], table.columns, MODEL_COLORS, strict=True):
        write_near(ax, name, value, 0, (0, 12), ha="center", color=color, fontweight="bold")
    name_rows(ax, table.index, above=0.8)
    ax.set(xlim=(0, 1.08), xlabel="share called accuracy")
    learned = 100 * table.iloc[:, 0]
    span = f"{learned.min():.0f} % to {learned.max():.0f} %"
    return titled(ax, title, f'The same {table.columns[0]} is {span} "accurate"')


@house_style
def plot_label_counts(table, ax=None, title=None):
    """Draw how two models score as labels become more and rarer.

    Parameters
    ----------
    table : DataFrame
        Long: ``n_labels``, ``model`` (two of them: first the one that learned),
        ``hamming_accuracy`` and ``f1_micro``.
    """
    ax = new_axes(ax, figsize=(8.5, 4.8))
    models = dict(list(table.sort_values("n_labels").groupby("model")))
    names = table["model"].unique()
    for model, color in zip(names, MODEL_COLORS, strict=True):
        rows, learned = models[model], color == MODEL_COLORS[0]
        n_labels, accuracy, f1 = rows["n_labels"], rows["hamming_accuracy"], rows["f1_micro"]
        ax.plot(n_labels, accuracy, "-", color=color, marker="o")
        ax.plot(n_labels, f1, "--", color=color, marker="o")
        # Solid lines meet on the right, dashed ones come close to them on the left.
        text, offset = f"{model}: labels right", (0, 9 if learned else -18)
        write_near(ax, text, n_labels.iloc[0], accuracy.iloc[0], offset, color=color)
        text, offset = f"{model}: F1 (micro)", (0, -18 if learned else 9)
        write_near(ax, text, n_labels.iloc[-1], f1.iloc[-1], offset, color=color, ha="right")
    ticks = sorted(table["n_labels"].unique())
    ax.set_xscale("log")
    ax.set_xticks(ticks, ticks)
    ax.minorticks_off()
    ax.set(ylim=(-0.05, 1.12), xlabel="number of labels (log scale)", ylabel="score")
    first, last = models[names[0]].iloc[0], models[names[0]].iloc[-1]
    right = f"{100 * first['hamming_accuracy']:.0f} % → {100 * last['hamming_accuracy']:.0f} %"
    f1 = f"{first['f1_micro']:.2f} → {last['f1_micro']:.2f}"
    finding = f"From {ticks[0]} to {ticks[-1]} labels: labels right {right}, F1 {f1}"
    return titled(ax, title, finding)
