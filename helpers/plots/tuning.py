"""Figures about tuning: trials by a setting, the best of many, and scores by number of rows."""

import numpy as np

from helpers.plots.house import (
    ACCENT,
    GRAY,
    LABEL_COLORS,
    LIGHT_GRAY,
    house_style,
    new_axes,
    signed,
    titled,
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
    return titled(ax, title, finding)


@house_style
def plot_optimism(gaps, chosen, ax=None, title=None):
    """Draw, sample by sample, how far cross-validated scores are above fresh ones.

    Parameters
    ----------
    gaps : array-like of shape (n_samples, n_settings)
        Cross-validated score minus score on fresh rows, of the same settings.
    chosen : array-like of int, of shape (n_samples,)
        The setting that was chosen in each sample: orange.

    Examples
    --------
    >>> plot_optimism([[0.0, 0.02], [0.01, -0.01]], [1, 0]).get_title(loc="left")
    'The chosen setting: +0.015 on average; all settings: +0.005'
    """
    gaps, chosen = np.asarray(gaps, dtype="float64"), np.asarray(chosen)
    ax, samples = new_axes(ax, figsize=(8.5, 4.4)), np.arange(len(gaps))
    own = gaps[samples, chosen]
    for sample, values in enumerate(gaps):
        ax.plot(np.full(len(values), sample), values, "o", color=LIGHT_GRAY, ms=5)
    ax.plot(samples, own, "D", color=ACCENT, ms=9, label="chosen")
    ax.axhline(0, color=GRAY, linewidth=1)
    ax.axhline(own.mean(), color=ACCENT, linewidth=1.5, linestyle="dashed")
    ax.axhline(gaps.mean(), color=GRAY, linewidth=1.5, linestyle="dotted")
    ax.set(xlabel="sample", ylabel="cross-validated minus fresh score")
    ax.set_xticks(samples, samples + 1)
    ax.legend(loc="upper right")
    means = signed(own.mean(), 3), signed(gaps.mean(), 3)
    finding = f"The chosen setting: {means[0]} on average; all settings: {means[1]}"
    return titled(ax, title, finding)


@house_style
def plot_score_by_rows(
    results, metric="subset_accuracy", ceiling=None, ax=None, title=None
):
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
    return titled(ax, title, finding)
