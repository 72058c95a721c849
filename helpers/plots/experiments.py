"""A figure of an experiment log: what each trial scored, and how sure that is."""

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from helpers.plots.style import ACCENT, INK, LABEL_COLORS, house_style, new_axes

PARTS = ["mean", "ci_low", "ci_high"]
MAX_TRIALS = 12


@house_style
def plot_experiments(table, metric=None, current=None, max_trials=MAX_TRIALS, ax=None, title=None):
    """Draw each trial's score with its corrected interval, named by the knobs that differ.

    Parameters
    ----------
    table : DataFrame
        As `helpers.experiments.ExperimentLog.table` returns it: best first.
    metric : str, optional
        Name of the score; without it, what the table was made for.
    current : int, optional
        The trial to mark; without it, the one that was added last.
    max_trials : int, default=12
        Of more, the best are drawn, and the current one.
    ax : matplotlib.axes.Axes, optional
    title : str, optional

    Returns
    -------
    matplotlib.axes.Axes

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
    shown = table[(np.arange(len(table)) < max_trials) | (table.index == current)]
    ax = new_axes(ax, figsize=(9, 1.6 + 0.4 * len(shown)))
    for place, (trial, row) in enumerate(shown.iterrows()):
        color = ACCENT if trial == current else LABEL_COLORS[0]
        ax.hlines(place, row["ci_low"], row["ci_high"], color=color, linewidth=3)
        ax.plot(row["mean"], place, "o", color=color, markersize=9)
        note = f"{row['mean']:.3f}" + ("  ← this trial" if trial == current else "")
        ax.annotate(note, (row["mean"], place), (0, 7), textcoords="offset points", ha="center",
                    fontsize=10, color=color)  # fmt: skip
    ax.set_yticks(range(len(shown)), [names[trial] for trial in shown.index])
    ax.get_yticklabels()[shown.index.get_loc(current)].set_color(ACCENT)
    ax.set(ylim=(len(shown) - 0.5, -0.7))
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
    alike = pd.Series(named).duplicated(keep=False)
    return {
        trial: f"trial {trial}" + f": {name}" * bool(name) if alike[trial] or not name else name
        for trial, name in named.items()
    }


def _finding(table, names, score):
    best, mean = names[table.index[0]], table["mean"].iloc[0]
    if len(table) == 1:
        return f"One trial so far: {score} {mean:.3f}"
    named = f"{best}, with " * (len(best) <= 40)  # a longer name stands beside its line anyway
    return f"Best of {len(table)} trials: {named}{mean:.3f}"
