"""Figures about folds: the splits, the score of each, and how they differ."""

import numpy as np
import pandas as pd
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from scipy import stats

from helpers.labels import names_or_default
from helpers.plots.house import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    TEST_COLOR,
    TRAIN_COLOR,
    house_style,
    label_color,
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
            row[None],
            cmap=ListedColormap([TRAIN_COLOR, TEST_COLOR]),
            vmin=0,
            vmax=1,
            extent=(-0.5, n_rows - 0.5, k + gap[k] + 0.42, k + gap[k] - 0.42),
            aspect="auto",
        )
    places = np.arange(len(folds)) + gap
    ax.set(xlim=(-0.5, n_rows - 0.5), ylim=(places[-1] + 0.6, -0.6), xlabel="row of the table")
    ax.set_yticks(places, [k % n_splits for k in range(len(folds))], fontsize=9)
    ax.set_ylabel("fold" if gap[-1] == 0 else f"fold, in {gap[-1] + 1} repeats")
    ax.legend(
        handles=[
            Patch(color=TRAIN_COLOR, label="training row"),
            Patch(color=TEST_COLOR, label="held-out row"),
        ],
        loc="upper left",
        bbox_to_anchor=(1, 1),
    )
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
        ax.text(
            fold,
            label,
            f"{value:.0f}",
            ha="center",
            va="center",
            fontsize=9,
            color="white" if dark else INK,
        )
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


@house_style
def plot_learning_curves(history, epoch=None, ax=None, title=None):
    """Draw the learning curve of each fold's network, thin, and their median.

    If no held-out loss was taken, as with a `validation_freq` of more than all epochs, that of the
    training rows is drawn alone.

    Parameters
    ----------
    history : DataFrame
        As in `helpers.evaluation.EvaluationResult.history`.
    epoch : int, optional
        Mark this number of epochs.

    Examples
    --------
    >>> import pandas as pd
    >>> history = pd.DataFrame(
    ...     {"repeat": 0, "fold": 0, "epoch": [1, 2], "loss": [0.5, 0.4], "val_loss": [0.6, 0.5]}
    ... )
    >>> plot_learning_curves(history).get_title(loc="left")
    'Median held-out loss goes from 0.60 to 0.500 in 2 epochs'
    """
    ax, last = new_axes(ax), history["epoch"].max()
    kinds = [("loss", TRAIN_COLOR, "training"), ("val_loss", ACCENT, "held-out")]
    for column, color, name in [kind for kind in kinds if history[kind[0]].notna().any()]:
        curves = history.pivot_table(index="epoch", columns=["repeat", "fold"], values=column)
        ax.plot(curves, color=color, alpha=0.25, linewidth=0.8)
        median = curves.median(axis=1)
        ax.plot(median, color=color, linewidth=3, label=f"{name} rows, median")
    ax.set_ylim(0, history[column].quantile(0.97) * 1.5)
    if epoch is not None:
        ax.axvline(epoch, color=GRAY, linestyle="--", linewidth=1.5)
        ax.text(epoch, 0, f" {epoch} epochs", color=GRAY, va="bottom")
    ax.set(xlabel="epoch", ylabel="binary cross-entropy (nats a label)", xlim=(0, last + 1))
    legend = ax.legend(title=f"thin: {curves.shape[1]} networks")
    legend.set_alignment("left")
    ax.set_title(
        title
        or f"Median {name} loss goes from {median.iloc[0]:.2f} to {median.iloc[-1]:.3f} "
        f"in {last} epochs"
    )
    return ax


@house_style
def plot_agreement(loop, program, ax=None, title=None):
    """Draw the probabilities of two ways of training against each other.

    Parameters
    ----------
    loop, program : array-like of shape (n_samples, n_labels)

    Examples
    --------
    >>> ax = plot_agreement([[0.2, 0.8]], [[0.2, 0.8]])
    >>> ax.get_title(loc="left")
    'Loop and program agree: they differ by 0e+00 at most'
    """
    loop, program = np.asarray(loop), np.asarray(program)
    ax = new_axes(ax, figsize=(5.2, 4.8))
    ax.plot([0, 1], [0, 1], color=GRAY, linewidth=1)
    for label in range(loop.shape[1]):
        ax.plot(
            loop[:, label],
            program[:, label],
            "o",
            markersize=4,
            alpha=0.5,
            color=label_color(label),
            label=f"label_{label + 1}",
        )
    ax.set(xlabel="probability by the loop of model.fit", ylabel="probability by evaluate_model")
    ax.set_aspect("equal")
    ax.legend()
    difference = np.abs(loop - program).max()
    finding = "agree" if difference < 1e-3 else "disagree"
    ax.set_title(title or f"Loop and program {finding}: they differ by {difference:.0e} at most")
    return ax


@house_style
def plot_spreads(groups, ylabel="subset accuracy", ax=None, title=None):
    """Draw several groups of numbers side by side on one scale, with their standard deviations.

    Parameters
    ----------
    groups : dict of str to array-like
        The numbers of each group.
    ylabel : str

    Examples
    --------
    >>> plot_spreads({"folds": [0.7, 0.9], "seeds": [0.8, 0.8]}).get_title(loc="left")
    'Folds differ most, seeds least'
    """
    ax = new_axes(ax)
    deviations = {}
    for place, (name, values) in enumerate(groups.items()):
        values = np.asarray(values, dtype=float)
        deviations[name] = values.std(ddof=1)
        spread = np.linspace(-0.25, 0.25, len(values))
        ax.plot(place + spread, values, "o", color=LABEL_COLORS[0], alpha=0.75)
        ax.hlines(values.mean(), place - 0.32, place + 0.32, color=INK, linewidth=1.5)
        ax.text(place, values.max(), f"SD {deviations[name]:.4f}\n", ha="center", va="bottom")
    ax.set_xticks(range(len(groups)), list(groups))
    ax.set(xlim=(-0.6, len(groups) - 0.4), ylabel=ylabel)
    ax.margins(y=0.2)
    most, least = max(deviations, key=deviations.get), min(deviations, key=deviations.get)
    ax.set_title(title or f"{most.capitalize()} differ most, {least} least")
    return ax


@house_style
def plot_row(probabilities, label_names, truth=None, threshold=0.5, ax=None, title=None):
    """Draw the predicted probability of each label for one row.

    Parameters
    ----------
    probabilities : array-like of shape (n_labels,)
    label_names : list of str
    truth : array-like of shape (n_labels,), optional
        0 or 1: what the row's labels really are.
    threshold : float, default=0.5

    Examples
    --------
    >>> plot_row([0.9, 0.2], ["news", "sport"], truth=[1, 0]).get_title(loc="left")
    'Predicted: news; all 2 labels right'
    """
    probabilities = np.asarray(probabilities)
    ax = new_axes(ax, figsize=(7.5, 1.4 + 0.55 * len(label_names)))
    places = np.arange(len(label_names))
    ax.barh(places, probabilities, color=[label_color(i) for i in places], height=0.6)
    for place, p in zip(places, probabilities, strict=True):
        note = "" if truth is None else f"   truth: {'yes' if truth[place] else 'no'}"
        ax.text(1.02, place, f"{p:.2f}{note}", va="center")
    ax.axvline(threshold, color=INK, linestyle="--", linewidth=1.5)
    ax.text(threshold, -0.55, f" threshold {threshold:g}", va="bottom", fontsize=10)
    ax.set_yticks(places, label_names)
    ax.set(xlim=(0, 1), ylim=(len(places) - 0.5, -0.9), xlabel="predicted probability")
    predicted = probabilities >= threshold
    chosen = [name for name, yes in zip(label_names, predicted, strict=True) if yes]
    verdict = ""
    if truth is not None:
        right = int((predicted == np.asarray(truth, dtype=bool)).sum())
        whole = f"all {len(places)}" if right == len(places) else f"{right} of {len(places)}"
        verdict = f"; {whole} labels right"
    ax.set_title(title or f"Predicted: {', '.join(chosen) or 'no label'}{verdict}")
    return ax


TOP = 0.1  # of the axis: always the same, so that pictures can be compared


@house_style
def plot_interval_widths(
    share, n_samples, n_splits=10, n_repeats=3, max_repeats=30, ax=None, title=None
):
    """Draw half the width of the naive and the corrected 95 % interval by the number of repeats.

    Parameters
    ----------
    share : float
        The mean score, for instance a subset accuracy.
    n_samples : int
        Rows of the table.
    n_splits, n_repeats : int
        Folds and repeats: the dots.
    max_repeats : int, default=30
        How far the lines go.

    Notes
    -----
    Folds are taken to differ by the number of rows in them alone. The dashed line is where
    the corrected interval ends up with very many repeats: that of a share of the training rows.

    Examples
    --------
    >>> plot_interval_widths(0.8, 1000).get_title(loc="left")
    '10 folds × 3 repeats: ±0.015 if naive, ±0.031 corrected'
    """
    ax = new_axes(ax, figsize=(8.5, 4.4))
    repeats = np.arange(1, max(max_repeats, n_repeats) + 1)
    lines = _expected_margins(share, n_samples, n_splits, repeats)
    chosen = _expected_margins(share, n_samples, n_splits, n_repeats)
    n_train = n_samples * (1 - 1 / n_splits)
    floor = stats.norm.ppf(0.975) * np.sqrt(share * (1 - share) / n_train)
    ax.axhline(floor, color=GRAY, linestyle="--", linewidth=1.5)
    ax.axvline(n_repeats, color=INK, linestyle=":", linewidth=1.2)
    named = zip(("naive", "corrected"), (LABEL_COLORS[0], ACCENT), lines, chosen, strict=True)
    for name, color, line, margin in named:
        ax.plot(repeats, line, color=color)
        ax.plot(n_repeats, margin, "o", color=color, markersize=9)
        ax.text(
            repeats[-1] + 0.5, line[-1], f" {name}", color=color, va="center", fontweight="bold"
        )
    ax.text(
        repeats[-1],
        floor - 0.0015,
        "endless repeats, corrected",
        color=GRAY,
        ha="right",
        va="top",
        fontsize=10,
    )
    ax.set(xlim=(0.5, repeats[-1] + 0.4), ylim=(0, TOP))
    ax.set_xlabel(f"repeats of {n_splits} folds (dots: {n_repeats})")
    ax.set_ylabel("half the width of the 95 % interval")
    whole_numbers(ax.xaxis)
    found = f"±{chosen[0]:.3f} if naive, ±{chosen[1]:.3f} corrected"
    times = "1 repeat" if n_repeats == 1 else f"{n_repeats} repeats"
    ax.set_title(title or f"{n_splits} folds × {times}: {found}")
    return ax


PARTS = ["mean", "ci_low", "ci_high"]
MAX_TRIALS = 12


@house_style
def plot_experiments(table, metric=None, current=None, max_trials=MAX_TRIALS, ax=None, title=None):
    """Draw each trial's score with its corrected interval, named by the knobs that differ.

    Parameters
    ----------
    table : DataFrame
        As `helpers.teaching.ExperimentLog.table` returns it: best first.
    metric : str, optional
        Name of the score; without it, what the table was made for.
    current : int, optional
        The trial to mark; without it, the one that was added last.
    max_trials : int, default=12
        Of more, the best are drawn, and the current one.

    Raises
    ------
    ValueError
        If there are no trials, or `current` is none of them.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"epochs": [100, 20], "seed": 1, "mean": [0.82, 0.74],
    ...                       "ci_low": [0.78, 0.70], "ci_high": [0.86, 0.78]}, index=[1, 2])
    >>> ax = plot_experiments(table, metric="subset_accuracy")
    >>> ax.get_title(loc="left")
    'Best of 2 trials: epochs=100, with 0.820'
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['epochs=100', 'epochs=20']
    """
    if table.empty:
        raise ValueError("table has no trials yet: log.add(result, …) adds one.")
    if current is None:
        current = table.attrs.get("current")
    if current is None:
        current = table.index.max()
    if current not in table.index:
        raise ValueError(f"current={current}: expected one of the trials {sorted(table.index)}.")
    names = _names(table)
    drawn = table[(np.arange(len(table)) < max_trials) | (table.index == current)]
    ax = new_axes(ax, figsize=(9, 1.6 + 0.4 * len(drawn)))
    for place, (trial, row) in enumerate(drawn.iterrows()):
        color = ACCENT if trial == current else LABEL_COLORS[0]
        ax.hlines(place, row["ci_low"], row["ci_high"], color=color, linewidth=3)
        ax.plot(row["mean"], place, "o", color=color, markersize=9)
        note = f"{row['mean']:.3f}" + ("  ← this trial" if trial == current else "")
        ax.annotate(
            note,
            (row["mean"], place),
            (0, 7),
            textcoords="offset points",
            ha="center",
            fontsize=10,
            color=color,
        )
    ax.set_yticks(range(len(drawn)), [names[trial] for trial in drawn.index])
    ax.get_yticklabels()[drawn.index.get_loc(current)].set_color(ACCENT)
    ax.set(ylim=(len(drawn) - 0.5, -0.7))
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_locator(MaxNLocator(5))  # long names leave little room
    metric = metric or table.attrs.get("metric", "mean")
    score = metric.replace("_", " ")
    ax.set_xlabel(f"{score}, line: corrected 95 % interval", color=INK)
    ax.set_title(title or _finding(table, names, score))
    return ax


def _names(table):
    """Name each trial by the knobs in which it differs from some other."""
    knobs = table.drop(columns=PARTS).to_dict("list")
    differ = {name: values for name, values in knobs.items() if len(set(map(str, values))) > 1}
    named = {
        trial: ", ".join(
            values[place] if isinstance(values[place], str) else f"{name}={values[place]}"
            for name, values in differ.items()
            if values[place] == values[place]  # NaN: the trial did not name it
        )
        for place, trial in enumerate(table.index)
    }
    is_doubled = pd.Series(named).duplicated(keep=False)
    for trial, name in named.items():
        if not name:
            named[trial] = f"trial {trial}"
        elif is_doubled[trial]:
            named[trial] = f"trial {trial}: {name}"
    return named


def _finding(table, names, score):
    best, mean = names[table.index[0]], table["mean"].iloc[0]
    if len(table) == 1:
        return f"One trial so far: {score} {mean:.3f}"
    if len(best) > 40:  # it stands beside its line anyway
        return f"Best of {len(table)} trials: {mean:.3f}"
    return f"Best of {len(table)} trials: {best}, with {mean:.3f}"


def _expected_margins(share, n_samples, n_splits, n_repeats, level=0.95):
    """Half the widths of the naive and the corrected interval of a mean over folds.

    One fold's score has the standard deviation of a share of its rows.
    """
    n_test, n_folds = n_samples / n_splits, n_splits * n_repeats
    std = np.sqrt(share * (1 - share) / n_test)
    margin = stats.t.ppf((1 + level) / 2, n_folds - 1) * std
    overlap = n_test / (n_samples - n_test)
    return margin * np.sqrt(1 / n_folds), margin * np.sqrt(1 / n_folds + overlap)
