"""Figures about folds: the splits, the score of each, how they differ; and about trials."""

import numpy as np
import pandas as pd
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from scipy import stats

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
    draw_group,
    draw_interval,
    house_style,
    label_color,
    name_rows,
    new_axes,
    new_panels,
    titled,
    titled_panels,
    whole_numbers,
    write_near,
)

TOP = 0.1  # of the axis: always the same, so that pictures can be compared
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
    ax = new_axes(ax, figsize=(8.5, 0.9 + 0.22 * len(folds)))
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
    n_repeats = len(folds) // n_splits
    ax.set_ylabel("fold" if n_repeats == 1 else f"fold, in {n_repeats} repeats")
    kinds = [(TRAIN_COLOR, "training row"), (TEST_COLOR, "held-out row")]
    handles = [Patch(color=color, label=name) for color, name in kinds]
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(1, 1))
    times = held_out.reshape(-1, n_splits, n_rows).sum(axis=1)
    exactly = "exactly once" if (times == 1).all() else f"{times.min():.0f} to {times.max():.0f} ×"
    return titled(ax, title, f"Each row is held out {exactly} in each repeat")


@house_style
def plot_prevalence_by_fold(y, folds, label_names=None, ax=None, title=None):
    """Draw how often each label occurs in each fold's held-out rows, as a heat-map.

    Parameters
    ----------
    y : ndarray of shape (n_samples, n_labels)
    folds : list of (train, test)

    Examples
    --------
    >>> folds = [(np.array([2, 3]), np.array([0, 1])), (np.array([0, 1]), np.array([2, 3]))]
    >>> plot_prevalence_by_fold(np.array([[1], [0], [0], [0]]), folds).get_title(loc="left")
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
        color = "white" if abs(deviation[label, fold]) > 0.6 * limit else INK
        ax.text(fold, label, f"{value:.0f}", ha="center", va="center", fontsize=9, color=color)
    entries = [f"{n}\n{o:.1f} % overall" for n, o in zip(names, overall, strict=True)]
    ax.set_yticks(range(len(names)), entries)
    for label, tick in enumerate(ax.get_yticklabels()):
        tick.set_color(label_color(label))
    whole_numbers(ax.xaxis)
    ax.set_xlabel("fold, counted through all repeats (number: % of its held-out rows)")
    ax.figure.colorbar(image, ax=ax, label="percentage points\nfrom overall")
    most = (np.ptp(share, axis=1) / np.maximum(overall, 1)).argmax()
    low, high = share[most].min(), share[most].max()
    finding = f"Held-out folds hold {low:.0f} % to {high:.0f} % rows with {names[most]}"
    return titled(ax, title, f"{finding}; all rows, {overall[most]:.1f} %")


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
    """
    ax = new_axes(ax)
    values, mean = scores[metric], scores[metric].mean()
    for repeat, group in scores.groupby("repeat"):
        draw_group(ax, repeat, group[metric], 0.28, 0.34, linewidth=1.8, zorder=3)
    right = scores["repeat"].max() + 0.5
    lines = [(mean, ACCENT, "-", "mean")]
    if baseline is not None:
        lines.append((baseline, GRAY, "--", baseline_name))
    for height, color, style, name in lines:
        ax.axhline(height, color=color, linestyle=style, linewidth=1.2, zorder=1)
        ax.text(right, height, f" {name} {height:.3f}", color=color, va="center", clip_on=False)
    repeats = sorted(scores["repeat"].unique())
    ax.set_xticks(repeats, [f"repeat {r}" for r in repeats])
    ax.set(xlim=(-0.5, right), ylabel=metric.replace("_", " "))
    ax.set_xlabel("one dot per fold; black: mean of the repeat")
    span = f"{values.min():.2f} to {values.max():.2f}"
    return titled(ax, title, f"Folds score {span}, with a mean of {mean:.3f}")


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
    deviations = {name: np.std(values, ddof=1) for name, values in groups.items()}
    for place, (name, values) in enumerate(groups.items()):
        draw_group(ax, place, values, 0.25, 0.32, linewidth=1.5)
        ax.text(place, max(values), f"SD {deviations[name]:.4f}\n", ha="center", va="bottom")
    ax.set_xticks(range(len(groups)), list(groups))
    ax.set(xlim=(-0.6, len(groups) - 0.4), ylabel=ylabel)
    ax.margins(y=0.2)
    most, least = max(deviations, key=deviations.get), min(deviations, key=deviations.get)
    return titled(ax, title, f"{most.capitalize()} differ most, {least} least")


@house_style
def plot_interval_widths(
    share, n_samples, n_splits=10, n_repeats=3, max_repeats=30, ax=None, title=None
):
    """Draw half the width of the naive and the corrected 95 % interval by the number of repeats.

    Folds are taken to differ by the number of rows in them alone. The dashed line is where
    the corrected interval ends up with very many repeats: that of a share of the training rows.

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

    Examples
    --------
    >>> plot_interval_widths(0.8, 1000).get_title(loc="left")
    '10 folds × 3 repeats: ±0.015 if naive, ±0.031 corrected'
    """
    ax = new_axes(ax, figsize=(8.5, 4.4))
    repeats = np.arange(1, max(max_repeats, n_repeats) + 1)
    right = repeats[-1]
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
        ax.text(right + 0.5, line[-1], f" {name}", color=color, va="center", fontweight="bold")
    text = "endless repeats, corrected"
    ax.text(right, floor - 0.0015, text, color=GRAY, ha="right", va="top", fontsize=10)
    ax.set(xlim=(0.5, right + 0.4), ylim=(0, TOP))
    ax.set_xlabel(f"repeats of {n_splits} folds (dots: {n_repeats})")
    ax.set_ylabel("half the width of the 95 % interval")
    whole_numbers(ax.xaxis)
    times = "1 repeat" if n_repeats == 1 else f"{n_repeats} repeats"
    finding = f"±{chosen[0]:.3f} if naive, ±{chosen[1]:.3f} corrected"
    return titled(ax, title, f"{n_splits} folds × {times}: {finding}")


def _expected_margins(share, n_samples, n_splits, n_repeats, level=0.95):
    """Return half the widths of both intervals, if a fold's score is a share of its rows."""
    n_test, n_folds = n_samples / n_splits, n_splits * n_repeats
    std = np.sqrt(share * (1 - share) / n_test)
    margin = stats.t.ppf((1 + level) / 2, n_folds - 1) * std
    overlap = n_test / (n_samples - n_test)
    return margin * np.sqrt(1 / n_folds), margin * np.sqrt(1 / n_folds + overlap)


@house_style
def plot_agreement(loop, program, ax=None, title=None):
    """Draw the probabilities of two ways of training against each other.

    Parameters
    ----------
    loop, program : array-like of shape (n_samples, n_labels)

    Examples
    --------
    >>> plot_agreement([[0.2, 0.8]], [[0.2, 0.8]]).get_title(loc="left")
    'Loop and program agree: they differ by 0e+00 at most'
    """
    loop, program = np.asarray(loop), np.asarray(program)
    ax = new_axes(ax, figsize=(5.2, 4.8))
    ax.plot([0, 1], [0, 1], color=GRAY, linewidth=1)
    for i, name in enumerate(names_or_default(None, loop.shape[1])):
        ax.plot(loop[:, i], program[:, i], "o", color=label_color(i), ms=4, alpha=0.5, label=name)
    ax.set(xlabel="probability by the loop of model.fit", ylabel="probability by evaluate_model")
    ax.set_aspect("equal")
    ax.legend()
    difference = np.abs(loop - program).max()
    finding = "agree" if difference < 1e-3 else "disagree"
    return titled(ax, title, f"Loop and program {finding}: they differ by {difference:.0e} at most")


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
    ax.set(xlabel="epoch", ylabel="binary cross-entropy (nats a label)", xlim=(0, last + 1))
    ax.legend(title=f"thin: {curves.shape[1]} networks", alignment="left")
    span = f"from {median.iloc[0]:.2f} to {median.iloc[-1]:.3f}"
    return titled(ax, title, f"Median {name} loss goes {span} in {last} epochs")


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
    best, mean = names[table.index[0]], table["mean"].iloc[0]
    # A longer name stands beside its line anyway.
    named = f"{best}, with {mean:.3f}" if len(best) <= 40 else f"{mean:.3f}"
    finding = f"Best of {len(table)} trials: {named}"
    if len(table) == 1:
        finding = f"One trial so far: {score} {mean:.3f}"
    return titled(ax, title, finding)


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


def _name_trials(table):
    """Name each trial by the knobs in which it differs from some other."""
    knobs = table.drop(columns=INTERVAL)
    differ = [name for name in knobs if len(set(knobs[name].map(str))) > 1]
    names = pd.Series("", index=table.index)
    for name in differ:
        for trial, value in knobs[name].items():
            if value == value:  # not NaN: the trial did name it
                knob = value if isinstance(value, str) else f"{name}={value}"
                names[trial] += f", {knob}" if names[trial] else knob
    for trial in names.index[names.duplicated(keep=False) | (names == "")]:
        names[trial] = f"trial {trial}: {names[trial]}" if names[trial] else f"trial {trial}"
    return names
