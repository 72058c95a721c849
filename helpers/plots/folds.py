"""Figures about folds: the splits, the score of each, how they differ; and about trials."""

import numpy as np
import pandas as pd
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, NullLocator

from helpers._arguments import check_labels
from helpers.labels import names_or_default
from helpers.plots.house import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    LIGHT_GRAY,
    TEST_COLOR,
    TRAIN_COLOR,
    WHITE_BOX,
    draw_group,
    draw_interval,
    house_style,
    label_color,
    name_rows,
    new_axes,
    new_panels,
    spread_evenly,
    titled,
    titled_panels,
    whole_numbers,
    write_near,
)

FOLD_REACH = 0.38  # how far the dots of a repeat go to both sides
MAX_NUMBERED = 40  # folds whose numbers fit below the axis
INTERVAL = ["mean", "ci_low", "ci_high"]
MAX_TRIALS = 12
LARGEST_DOT = 260  # area in points² of the dot that stands for all folds


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

    Raises
    ------
    ValueError
        If `n_splits` does not divide the number of folds.

    Examples
    --------
    >>> from sklearn.model_selection import KFold
    >>> plot_splits(list(KFold(2).split(range(6))), n_splits=2).get_title(loc="left")
    'Each row is held out exactly once in each repeat'
    """
    if len(folds) % n_splits:
        advice = "pass the number of folds in a repeat"
        raise ValueError(f"n_splits={n_splits} does not divide the {len(folds)} folds: {advice}.")
    n_rows = min(n_rows, 1 + max(rows.max() for fold in folds for rows in fold))
    ax = new_axes(ax, figsize=(8.5, 0.9 + 0.18 * len(folds)))
    held_out = np.zeros((len(folds), n_rows))
    for k, (_, test) in enumerate(folds):
        held_out[k, test[test < n_rows]] = 1
    number = np.arange(len(folds))
    places = number + number // n_splits  # one place is left free after each repeat
    colors = ListedColormap([TRAIN_COLOR, TEST_COLOR])
    for place, row in zip(places, held_out, strict=True):
        box = (-0.5, n_rows - 0.5, place + 0.42, place - 0.42)
        ax.imshow(row[None], cmap=colors, vmin=0, vmax=1, extent=box, aspect="auto")
    ax.set(xlim=(-0.5, n_rows - 0.5), ylim=(places[-1] + 0.6, -0.6), xlabel="row of the table")
    ax.set_yticks(places, number % n_splits, fontsize=9)
    ax.tick_params(axis="y", length=0)
    middle = places.reshape(-1, n_splits).mean(axis=1)
    ax.set_yticks(middle, [f"repeat {r}" for r in range(len(middle))], minor=True)
    ax.set_ylabel("fold")
    ax.tick_params(axis="y", which="minor", length=0, pad=22)
    kinds = [(TRAIN_COLOR, "training row"), (TEST_COLOR, "held-out row")]
    handles = [Patch(color=color, label=name) for color, name in kinds]
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(1, 1))
    times = held_out.reshape(-1, n_splits, n_rows).sum(axis=1)
    exactly = "exactly once" if (times == 1).all() else f"{times.min():.0f} to {times.max():.0f} ×"
    return titled(ax, title, f"Each row is held out {exactly} in each repeat")


@house_style
def plot_counts_by_fold(y, folds, n_rarest=None, label_names=None, axes=None, title=None):
    """Draw how many held-out rows have each label, fold by fold, one panel for each splitter.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)
    folds : dict of str to list of (train, test)
        The folds of each splitter.
    n_rarest : int, optional
        Draw this many of the rarest labels; None draws all.

    Examples
    --------
    >>> y, rows = np.array([[1], [1], [0], [0]]), np.arange(4)
    >>> folds = {"mixed": [(rows[::2], rows[1::2]), (rows[1::2], rows[::2])]}
    >>> plot_counts_by_fold(y, folds)[0].figure.get_suptitle()
    'How often a label is missing from a fold: mixed 0 ×'
    """
    y = check_labels(y)
    rarest = np.argsort(y.sum(axis=0), kind="stable")[:n_rarest]
    names = np.array(names_or_default(label_names, y.shape[1]))[rarest]
    size = (5 * len(folds), 1.8 + 0.32 * len(rarest))
    axes = new_panels(axes, len(folds), sharex=True, sharey=True, figsize=size)
    told = []
    for ax, (splitter, pairs) in zip(axes, folds.items(), strict=True):
        held_out = np.array([y[test].sum(axis=0) for _, test in pairs])
        told.append(f"{splitter} {(held_out == 0).sum()} ×")
        for place, label in enumerate(rarest):
            counts, times = np.unique(held_out[:, label], return_counts=True)
            colors = [ACCENT if count == 0 else LABEL_COLORS[0] for count in counts]
            area = LARGEST_DOT * times / len(pairs)
            ax.scatter(counts, np.full(len(counts), place), s=area, c=colors, zorder=3)
            ax.plot(y[:, label].sum() / len(pairs), place, "|", color=INK, markersize=14, zorder=4)
        name_rows(ax, names, above=0.6, below=0.6)
        ax.tick_params(axis="y", labelsize=10)
        ax.set_title(splitter, fontweight="normal")
        ax.set(xlabel="held-out rows with the label")
        whole_numbers(ax.xaxis)
        ax.grid(axis="y", color=LIGHT_GRAY, linewidth=0.6)
    finding = f"How often a label is missing from a fold: {', '.join(told)}"
    return titled_panels(axes, title, finding)


@house_style
def plot_fold_scores(
    scores,
    metric="subset_accuracy",
    baseline=None,
    baseline_name="baseline",
    ax=None,
    title=None,
    interval=None,
):
    """Draw the score of each fold, by repeat, with the mean and a trivial baseline.

    The vertical axis is broken, with a mark, where a baseline would press the folds into a corner.

    Parameters
    ----------
    scores : DataFrame
        As in `helpers.evaluation.EvaluationResult.scores`.
    metric : str, default="subset_accuracy"
        A column of `scores`.
    baseline : float, optional
        The score of something trivial, drawn as a dashed line.
    baseline_name : str
    interval : (low, high), optional
        A 95 % interval of the mean, drawn as a band.
    """
    ax = new_axes(ax, figsize=(10, 6))
    values, mean = scores[metric], scores[metric].mean()
    right = scores["repeat"].max() + 0.5
    _number_folds(ax, scores)
    for repeat, group in scores.groupby("repeat"):
        draw_group(ax, repeat, group[metric], FOLD_REACH, 0.44, size=9, linewidth=1.8, zorder=3)
    named = f"mean {mean:.3f}"
    if interval is not None:
        ax.axhspan(*interval, color=ACCENT, alpha=0.15, linewidth=0, zorder=0)
        named += "\n 95 % interval\n {:.3f} to {:.3f}".format(*interval)
    lines = [(mean, ACCENT, "-", named)]
    if baseline is not None:
        lines.append((baseline, GRAY, "--", f"{baseline_name} {baseline:.3f}"))
        _break_axis(ax, values, baseline)
    for height, color, style, text in lines:
        ax.axhline(height, color=color, linestyle=style, linewidth=1.2, zorder=1)
        ax.text(right, height, f" {text}", color=color, va="center", clip_on=False)
    ax.set(xlim=(-0.5, right), ylabel=metric.replace("_", " "))
    ax.set_xlabel("one dot per fold; black: mean of the repeat")
    span = f"{values.min():.2f} to {values.max():.2f}"
    return titled(ax, title, f"Folds score {span}, with a mean of {mean:.3f}")


def _number_folds(ax, scores):
    """Name the repeats below the axis and, where there is room, number their folds."""
    repeats = sorted(scores["repeat"].unique())
    ax.set_xticks(repeats, [f"repeat {r}" for r in repeats])
    ax.tick_params(axis="x", length=0)
    if len(scores) <= MAX_NUMBERED:
        folds = [scores.loc[scores["repeat"] == r, "fold"] for r in repeats]
        places = [spread_evenly(r, FOLD_REACH, len(f)) for r, f in zip(repeats, folds, strict=True)]
        ax.set_xticks(np.concatenate(places), np.concatenate(folds), minor=True)
        ax.tick_params(axis="x", which="minor", length=3, labelsize=10)
        ax.tick_params(axis="x", pad=20)


def _break_axis(ax, values, baseline):
    """Shorten the axis between the folds and a baseline far away, and mark where it is broken."""
    low, high = values.min(), values.max()
    room = max(high - low, 0.02)
    near, far, side = (low, high, -1) if baseline < low else (high, low, 1)
    edge = near + 0.15 * side * room  # beyond it, the scale is another one
    distance = side * (baseline - edge)
    if not distance > 1.5 * room:
        return
    shrink = 0.3 * room / distance

    def scale(y):
        return np.where(side * (y - edge) > 0, shrink, 1)

    def squeeze(y):
        return edge + (y - edge) * scale(y)

    def stretch(y):
        return edge + (y - edge) / scale(y)

    ticks = MaxNLocator(6, steps=[1, 2, 5, 10]).tick_values(low, high)
    ax.set_yscale("function", functions=(squeeze, stretch))
    ax.set_yticks([*ticks[(ticks >= low - 0.15 * room) & (ticks <= high + 0.1 * room)], baseline])
    ax.yaxis.set_major_formatter("{x:.2f}")
    ax.yaxis.set_minor_locator(NullLocator())
    ax.set_ylim(*sorted([far - 0.1 * side * room, float(stretch(edge + 0.42 * side * room))]))
    mark = float(stretch(edge + 0.12 * side * room))
    ax.text(-0.5, mark, "≈", ha="center", va="center", fontsize=16, bbox=WHITE_BOX)


@house_style
def plot_spreads(groups, intervals=None, ylabel="subset accuracy", ax=None, title=None):
    """Draw several groups of numbers side by side on one scale, with their standard deviations.

    Parameters
    ----------
    groups : dict of str to array-like
        The numbers of each group.
    intervals : dict of str to (low, high), optional
        How sure each standard deviation is.
    ylabel : str

    Examples
    --------
    >>> plot_spreads({"folds": [0.7, 0.9], "seeds": [0.8, 0.8]}).get_title(loc="left")
    'Folds differ most, seeds least'
    """
    ax = new_axes(ax)
    deviations = {name: np.std(values, ddof=1) for name, values in groups.items()}
    for place, (name, values) in enumerate(groups.items()):
        draw_group(ax, place, values, 0.25, 0.32, linewidth=1.5)
        text = f"SD {deviations[name]:.4f}\n"
        if intervals is not None:
            text += "({:.4f} to {:.4f})\n".format(*intervals[name])
        ax.text(place, max(values), text, ha="center", va="bottom")
    ax.set_xticks(range(len(groups)), list(groups))
    ax.set(xlim=(-0.6, len(groups) - 0.4), ylabel=ylabel)
    ax.margins(y=0.3 if intervals else 0.2)
    most, least = max(deviations, key=deviations.get), min(deviations, key=deviations.get)
    return titled(ax, title, f"{most.capitalize()} differ most, {least} least")


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
    """
    ax, last = new_axes(ax), history["epoch"].max()
    held_out = history.attrs.get("val_loss", "held-out")  # with early stopping: validation rows
    kinds = [("loss", TRAIN_COLOR, "training"), ("val_loss", ACCENT, held_out)]
    for column, color, name in [kind for kind in kinds if history[kind[0]].notna().any()]:
        curves = history.pivot_table(index="epoch", columns=["repeat", "fold"], values=column)
        ax.plot(curves, color=color, alpha=0.25, linewidth=0.8)
        median = curves.median(axis=1)
        ax.plot(median, color=color, linewidth=3, label=f"{name} rows, median")
    ax.set_ylim(0, history[column].quantile(0.97) * 1.5)
    if epoch is not None:
        ax.axvline(epoch, color=GRAY, linestyle="--", linewidth=1.5)
        ax.text(epoch, 0, f" {epoch} epochs", color=GRAY, va="bottom")
    ax.set(xlabel="epoch", ylabel="loss (binary cross-entropy)", xlim=(0, last + 1))
    ax.legend(title=f"thin: {curves.shape[1]} networks", alignment="left")
    finding = f"Median {name} loss is {median.iloc[-1]:.3f} after {median.index[-1]} epochs"
    return titled(ax, title, finding)


@house_style
def plot_stopping(history, ax=None, title=None):
    """Draw each network's loss on its validation rows, where it was best, and the median.

    Parameters
    ----------
    history : DataFrame
        Of an evaluation with early stopping, as in `helpers.results.EvaluationResult.history`.
    """
    ax = new_axes(ax, figsize=(8, 4.2))
    best = history.sort_values("val_loss", kind="stable").groupby(["repeat", "fold"]).first()
    for _, curve in history.groupby(["repeat", "fold"]):
        ax.plot(curve["epoch"], curve["val_loss"], color=TEST_COLOR, alpha=0.35, linewidth=1)
    for epoch, loss in zip(best["epoch"], best["val_loss"], strict=True):
        ax.plot(epoch, loss, "o", color=INK, markersize=6, zorder=3)
    low, median, high = best["epoch"].min(), best["epoch"].median(), best["epoch"].max()
    ax.axvline(median, color=GRAY, linestyle="--", linewidth=1.5)
    losses, last = history["val_loss"], history["epoch"].max()
    top = 3 * losses.median()  # the first epochs would press all that follows against the floor
    ax.text(median, 0.97 * top, f" median: {median:g} epochs", color=GRAY, va="top")
    ax.set(xlim=(0, last + 1), ylim=(0, top), xlabel="epoch")
    ax.set_ylabel("loss on the validation rows\n(binary cross-entropy)")
    finding = f"{len(best)} networks were at their best after {low:g} to {high:g} epochs"
    return titled(ax, title, finding)


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
    probabilities, n_labels = np.asarray(probabilities), len(label_names)
    ax = new_axes(ax, figsize=(7.5, 1.4 + 0.55 * n_labels))
    colors = [label_color(i) for i in range(n_labels)]
    ax.barh(range(n_labels), probabilities, color=colors, height=0.6)
    for place, p in enumerate(probabilities):
        note = "" if truth is None else f"   truth: {'yes' if truth[place] else 'no'}"
        ax.text(1.02, place, f"{p:.2f}{note}", va="center")
    ax.axvline(threshold, color=INK, linestyle="--", linewidth=1.5)
    ax.text(threshold, -0.55, f" threshold {threshold:g}", va="bottom", fontsize=10)
    name_rows(ax, label_names, above=0.9)
    ax.set(xlim=(0, 1), xlabel="predicted probability")
    predicted = probabilities >= threshold
    finding = f"Predicted: {', '.join(np.array(label_names)[predicted]) or 'no label'}"
    if truth is not None:
        right = int((predicted == np.asarray(truth, dtype=bool)).sum())
        count = f"all {n_labels}" if right == n_labels else f"{right} of {n_labels}"
        finding = f"{finding}; {count} labels right"
    return titled(ax, title, finding)


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
    """
    current = _current_trial(table, current)
    score = (metric or table.attrs.get("metric", "mean")).replace("_", " ")
    names = _name_trials(table)
    drawn = table[(np.arange(len(table)) < max_trials) | (table.index == current)]
    ax = new_axes(ax, figsize=(9, 1.6 + 0.4 * len(drawn)))
    for place, (trial, row) in enumerate(drawn.iterrows()):
        mean = row["mean"]
        color = ACCENT if trial == current else LABEL_COLORS[0]
        text = f"{mean:.3f}  ← this trial" if trial == current else f"{mean:.3f}"
        draw_interval(ax, place, row["ci_low"], mean, row["ci_high"], color)
        write_near(ax, text, mean, place, (0, 7), ha="center", fontsize=10, color=color)
    name_rows(ax, [names[trial] for trial in drawn.index], above=0.7)
    ax.get_yticklabels()[drawn.index.get_loc(current)].set_color(ACCENT)
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_locator(MaxNLocator(5))  # long names leave little room
    ax.set_xlabel(f"{score}, line: corrected 95 % interval", color=INK)
    return titled(ax, title, _finding_of_trials(table, score, names[table.index[0]]))


def _finding_of_trials(table, score, best):
    """Say what the trials show: which is best, unless their differences can be luck."""
    means, n_trials = table["mean"], len(table)
    first = means.iloc[0]
    if n_trials == 1:
        return f"One trial so far: {score} {first:.3f}"
    span = f"{means.min():.3f} to {means.max():.3f}"
    if set(_knobs_that_differ(table)) == {"seed"}:
        return f"{n_trials} seeds, {span}: differences of this size are luck"
    if means.between(table["ci_low"].iloc[0], table["ci_high"].iloc[0]).all():
        return f"{n_trials} trials, {span}: such differences can be luck"
    # A longer name stands beside its line anyway.
    named = f"{best}, with {first:.3f}" if len(best) <= 40 else f"{first:.3f}"
    return f"Best of {n_trials} trials: {named}"


def _current_trial(table, current):
    """Return the trial to mark, or raise ValueError."""
    if table.empty:
        raise ValueError("table has no trials yet: log.add(result, …) adds one.")
    if current is None:
        current = table.attrs.get("current")
    if current is None:
        current = table.index.max()
    if current not in table.index:
        raise ValueError(f"current={current}: expected one of the trials {sorted(table.index)}.")
    return current


def _knobs_that_differ(table):
    knobs = table.drop(columns=INTERVAL)
    return [name for name in knobs if len(set(knobs[name].map(str))) > 1]


def _name_trials(table):
    """Name each trial by the knobs in which it differs from some other."""
    names = pd.Series("", index=table.index)
    for name in _knobs_that_differ(table):
        for trial, value in table[name].items():
            if value == value:  # not NaN: the trial did name it
                knob = value if isinstance(value, str) else f"{name}={value}"
                names[trial] += f", {knob}" if names[trial] else knob
    for trial in names.index[names.duplicated(keep=False) | (names == "")]:
        names[trial] = f"trial {trial}: {names[trial]}" if names[trial] else f"trial {trial}"
    return names
