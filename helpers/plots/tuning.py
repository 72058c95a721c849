"""Figures about tuning: trials by a setting, the best of many, and scores by number of rows."""

import numpy as np

from helpers.plots.house import (
    ACCENT,
    GRAY,
    LABEL_COLORS,
    LIGHT_GRAY,
    capitalized,
    house_style,
    new_axes,
    signed,
    titled,
    whole_numbers,
    write_near,
)


@house_style
def plot_trials(trials, setting, color=None, ax=None, title=None):
    """Draw the score of each trial against one setting, with its standard error.

    Parameters
    ----------
    trials : DataFrame
        ``trials`` of a `helpers.evaluation.TuningResult`. Those without a score are left out.
    setting : str
        A column of numbers; its axis is logarithmic if they span more than a factor of 20.
    color : str, optional
        Another setting, told apart by colour.
    """
    trials = trials[trials["score"].notna()]
    ax, best = new_axes(ax, figsize=(8.5, 4.6)), trials.loc[trials["score"].idxmax()]
    groups = [(None, trials)] if color is None else trials.groupby(color)
    for (value, some), shade in zip(groups, LABEL_COLORS, strict=False):
        name = None if color is None else f"{value} {color}"
        style = {"fmt": "o", "color": shade, "ms": 7, "elinewidth": 1, "alpha": 0.85}
        ax.errorbar(some[setting], some["score"], some["std_error"], label=name, **style)
    ax.plot(best[setting], best["score"], "o", ms=14, mfc="none", mec=ACCENT, mew=2)
    near = (trials["score"] >= best["score"] - best["std_error"]).sum() - 1
    if trials[setting].max() > 20 * trials[setting].min() > 0:
        ax.set(xscale="log")
    log = " (log scale)" if ax.get_xscale() == "log" else ""
    ax.set(xlabel=setting.replace("_", " ") + log, ylabel="score, ± one standard error")
    if color is not None:
        ax.legend(loc="lower right")
    finding = f"{near} of {len(trials)} trials are within one standard error of the best"
    return titled(ax, title, capitalized(finding))


@house_style
def plot_optimism(here, elsewhere, ax=None, title=None):
    """Draw how good chosen settings look where they were chosen, and elsewhere.

    Parameters
    ----------
    here : array-like of shape (n_samples,)
        By how much the setting that was chosen in a sample is better than the others there.
    elsewhere : array-like of shape (n_samples,)
        By how much the same setting is better than the others in other samples.

    Examples
    --------
    >>> plot_optimism([0.03, 0.02], [0.01, 0.03]).get_title(loc="left")
    'In 1 of 2 samples the chosen setting looks better than it does elsewhere'
    """
    here, elsewhere = np.asarray(here, "float64"), np.asarray(elsewhere, "float64")
    order = np.argsort(here)
    here, elsewhere, places = here[order], elsewhere[order], np.arange(1, len(here) + 1)
    ax = new_axes(ax, figsize=(8.5, 4.4))
    ax.vlines(places, elsewhere, here, color=LIGHT_GRAY, linewidth=3)
    ax.plot(places, here, "D", color=ACCENT, ms=8, label="where it was chosen")
    ax.plot(places, elsewhere, "o", color=LABEL_COLORS[0], ms=8, label="in other samples")
    ax.axhline(0, color=GRAY, linewidth=1)
    ax.set(xlabel="sample, sorted", ylabel="score above that of all settings")
    whole_numbers(ax.xaxis)
    ax.legend(loc="upper left")
    n_better = f"{(here > elsewhere).sum()} of {len(here)} samples"
    return titled(
        ax, title, f"In {n_better} the chosen setting looks better than it does elsewhere"
    )


@house_style
def plot_score_by_rows(results, metric="subset_accuracy", ceiling=None, ax=None, title=None):
    """Draw scores against the number of training rows, with 95 % intervals.

    Parameters
    ----------
    results : dict of int to EvaluationResult, or dict of str to such a dict
        As `helpers.evaluation.learning_curve` returns it; of several models, by their names.
    metric : str, default="subset_accuracy"
    ceiling : float, optional
        The best possible score on these rows: a dashed line.
    """
    curves = results if isinstance(next(iter(results.values())), dict) else {None: results}
    ax, last = new_axes(ax, figsize=(8.5, 4.6)), {}
    for (name, curve), color in zip(curves.items(), LABEL_COLORS, strict=False):
        table = [result.summary().loc[metric] for result in curve.values()]
        mean, low, high = ([row[part] for row in table] for part in ("mean", "ci_low", "ci_high"))
        ax.plot(list(curve), mean, "o-", color=color, label=name)
        ax.fill_between(list(curve), low, high, color=color, alpha=0.15, linewidth=0)
        *_, before, last[name] = mean
        sizes = list(curve)[-2:]
    if ceiling is not None:
        ax.axhline(ceiling, color=GRAY, linestyle="dashed", linewidth=1.5)
        write_near(ax, "best possible", sizes[-1], ceiling, (0, 4), color=GRAY, ha="right")
    ax.set(xlabel="training rows", ylabel=metric.replace("_", " "))
    if len(curves) > 1:
        ax.legend(loc="lower right")
    gain = signed(mean[-1] - before, 3)
    whose = "" if len(curves) == 1 else f"{list(curves)[-1]}: "
    finding = f"{whose}from {sizes[0]} to {sizes[1]} rows, {gain}"
    return titled(ax, title, capitalized(finding))
