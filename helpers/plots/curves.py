"""Figures about a cross-validation as a whole: curves, agreement, spreads, the final model."""

import numpy as np

from helpers.plots.style import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    TRAIN_COLOR,
    house_style,
    label_color,
    new_axes,
)


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
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

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
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

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
        ax.plot(loop[:, label], program[:, label], "o", markersize=4, alpha=0.5,
                color=label_color(label), label=f"label_{label + 1}")  # fmt: skip
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
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

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
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

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
