"""Figures about folds: the splits, the score of each, and how they differ."""

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch

from helpers.labels import names_or_default
from helpers.plots.style import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    TEST_COLOR,
    TRAIN_COLOR,
    house_style,
    new_axes,
    whole_numbers,
)


@house_style
def plot_splits(folds, n_rows=60, n_splits=10, ax=None, title=None):
    """Draw which rows each fold trains on and which it holds out.

    Parameters
    ----------
    folds : list of (train, test)
        Row numbers, as a scikit-learn splitter gives them.
    n_rows : int, default=60
        Draw the first rows of the table only.
    n_splits : int, default=10
        Folds in a repeat: a gap is left after each.
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> from sklearn.model_selection import KFold
    >>> ax = plot_splits(list(KFold(2).split(range(6))), n_rows=6, n_splits=2)
    >>> ax.get_title(loc="left")
    'Each row is held out exactly once in each repeat'
    """
    if len(folds) % n_splits:
        raise ValueError(
            f"n_splits={n_splits} does not divide the {len(folds)} folds: pass the number of folds "
            "in a repeat."
        )
    n_rows = min(n_rows, 1 + max(rows.max() for fold in folds for rows in fold))
    ax = new_axes(ax, figsize=(8.5, 0.9 + 0.22 * len(folds)))
    held_out = np.zeros((len(folds), n_rows))
    for k, (_, test) in enumerate(folds):
        held_out[k, test[test < n_rows]] = 1
    times = held_out.reshape(-1, n_splits, n_rows).sum(axis=1)
    gap = np.arange(len(folds)) // n_splits
    for k, row in enumerate(held_out):
        ax.imshow(
            row[None], cmap=ListedColormap([TRAIN_COLOR, TEST_COLOR]), vmin=0, vmax=1,
            extent=(-0.5, n_rows - 0.5, k + gap[k] + 0.42, k + gap[k] - 0.42), aspect="auto",
        )  # fmt: skip
    places = np.arange(len(folds)) + gap
    ax.set(xlim=(-0.5, n_rows - 0.5), ylim=(places[-1] + 0.6, -0.6), xlabel="row of the table")
    ax.set_yticks(places, [k % n_splits for k in range(len(folds))], fontsize=9)
    ax.set_ylabel("fold" if gap[-1] == 0 else f"fold, in {gap[-1] + 1} repeats")
    ax.legend(
        handles=[
            Patch(color=TRAIN_COLOR, label="training row"),
            Patch(color=TEST_COLOR, label="held-out row"),
        ],
        loc="upper left", bbox_to_anchor=(1, 1),
    )  # fmt: skip
    exactly = "exactly once" if (times == 1).all() else f"{times.min():.0f} to {times.max():.0f} ×"
    ax.set_title(title or f"Each row is held out {exactly} in each repeat")
    return ax


@house_style
def plot_fold_scores(
    scores, metric="subset_accuracy", baseline=None, baseline_name="baseline", ax=None, title=None
):
    """Draw the score of each fold, by repeat, with the mean and a trivial baseline.

    Parameters
    ----------
    scores : DataFrame
        As in `helpers.evaluation.EvaluationResult.scores`.
    metric : str, default="subset_accuracy"
        A column of `scores`.
    baseline : float, optional
        The score of something trivial, drawn as a dashed line.
    baseline_name : str
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"repeat": [0, 0], "fold": [0, 1], "subset_accuracy": [0.8, 0.9]})
    >>> plot_fold_scores(scores, baseline=0.3).get_title(loc="left")
    'Folds score 0.80 to 0.90, with a mean of 0.850'
    """
    ax = new_axes(ax)
    values, mean = scores[metric], scores[metric].mean()
    for repeat, group in scores.groupby("repeat"):
        # Folds of one repeat stand side by side, so that equal scores don't hide one another.
        spread = np.linspace(-0.28, 0.28, len(group)) if len(group) > 1 else [0]
        ax.plot(repeat + np.asarray(spread), group[metric], "o", color=LABEL_COLORS[0], alpha=0.75)
        ax.hlines(
            group[metric].mean(), repeat - 0.34, repeat + 0.34, color=INK, linewidth=1.8, zorder=3
        )
    right = scores["repeat"].max() + 0.5
    lines = [(mean, ACCENT, "-", f"mean {mean:.3f}")]
    if baseline is not None:
        lines.append((baseline, GRAY, "--", f"{baseline_name} {baseline:.3f}"))
    for height, color, style, text in lines:
        ax.axhline(height, color=color, linestyle=style, linewidth=1.2, zorder=1)
        ax.text(right, height, f" {text}", color=color, va="center", clip_on=False)
    repeats = sorted(scores["repeat"].unique())
    ax.set_xticks(repeats, [f"repeat {r}" for r in repeats])
    ax.set(xlim=(-0.5, right), ylabel=metric.replace("_", " "))
    ax.set_xlabel("one dot a fold; black: mean of the repeat")
    ax.set_title(
        title or f"Folds score {values.min():.2f} to {values.max():.2f}, with a mean of {mean:.3f}"
    )
    return ax


@house_style
def plot_prevalence_by_fold(y, folds, label_names=None, ax=None, title=None):
    """Draw how often each label occurs in each fold's held-out rows, as a heat-map.

    Parameters
    ----------
    y : ndarray of shape (n_samples, n_labels)
    folds : list of (train, test)
    label_names : list of str, optional
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import numpy as np
    >>> y = np.array([[1], [0], [0], [0]])
    >>> folds = [(np.array([2, 3]), np.array([0, 1])), (np.array([0, 1]), np.array([2, 3]))]
    >>> plot_prevalence_by_fold(y, folds).get_title(loc="left")
    'Held-out folds hold 0 % to 50 % rows with label_1; all rows, 25.0 %'
    """
    names = names_or_default(label_names, y.shape[1])
    share = 100 * np.array([y[test].mean(axis=0) for _, test in folds]).T
    overall = 100 * y.mean(axis=0)
    ax = new_axes(ax, figsize=(9.5, 1.6 + 0.5 * len(names)))
    deviation = share - overall[:, None]
    limit = max(np.abs(deviation).max(), 1)
    image = ax.imshow(deviation, cmap="PuOr", vmin=-limit, vmax=limit, aspect="auto")
    for (label, fold), value in np.ndenumerate(share):
        dark = abs(deviation[label, fold]) > 0.6 * limit
        ax.text(fold, label, f"{value:.0f}", ha="center", va="center", fontsize=9,
                color="white" if dark else INK)  # fmt: skip
    ax.set_yticks(
        range(len(names)), [f"{n}\n{o:.1f} % overall" for n, o in zip(names, overall, strict=True)]
    )
    for tick, label in zip(ax.get_yticklabels(), range(len(names)), strict=True):
        tick.set_color(LABEL_COLORS[label % len(LABEL_COLORS)])
    whole_numbers(ax.xaxis)
    ax.set_xlabel("fold, counted through all repeats (number: % of its held-out rows)")
    ax.figure.colorbar(image, ax=ax, label="percentage points\nfrom overall")
    most = (np.ptp(share, axis=1) / np.maximum(overall, 1)).argmax()
    ax.set_title(
        title
        or f"Held-out folds hold {share[most].min():.0f} % to {share[most].max():.0f} % rows with "
        f"{names[most]}; all rows, {overall[most]:.1f} %"
    )
    return ax
