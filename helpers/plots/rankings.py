"""Figures about scores that need no threshold, and about scores that mislead."""

import numpy as np
from sklearn.metrics import precision_recall_curve

from helpers.label_metrics import label_ranking_table, label_score_table
from helpers.plots.style import ACCENT, GRAY, INK, LABEL_COLORS, house_style, label_color, new_axes

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
    ax : matplotlib.axes.Axes, optional
    title : str, optional

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
        ax.plot(*chosen.loc[name, ["recall", "precision"]], "o", color=color, markersize=9,
                markeredgecolor=INK)  # fmt: skip
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
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

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
            ax.annotate(f"{value:.2f}", (value, place), (11 if outside == "left" else -11, 0),
                        textcoords="offset points", ha=outside, va="center")  # fmt: skip
    for value, name, color in zip(table.iloc[0], table.columns, MODEL_COLORS, strict=True):
        ax.annotate(name, (value, 0), (0, 12), textcoords="offset points", ha="center", color=color,
                    fontweight="bold")  # fmt: skip
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
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

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
            ax.annotate(f"{model}: {name}", (rows["n_labels"].iloc[end], rows[column].iloc[end]),
                        (0, -18 if below else 9), textcoords="offset points", color=color,
                        ha="left" if solid else "right")  # fmt: skip
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
