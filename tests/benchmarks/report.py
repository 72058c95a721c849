"""The benchmark's table, as text and as CSV, and its figure."""

import os
from pathlib import Path

LOOP = "plain Keras loop"
CALLS = ("first call", "second call")


def table_rows(task, measured):
    """Turn what was measured on one task into rows of the table.

    `measured` has a list of runs for each competitor: ``{"seconds": …, "scores": {fold: …},
    "peak": …}``. Seconds of some of the folds are scaled up to all. The accuracy is the mean over
    the folds that all competitors did.
    """
    shared = set.intersection(*(set(run["scores"]) for runs in measured.values() for run in runs))
    rows = []
    for name, runs in measured.items():
        for call, run in zip(CALLS, runs, strict=False):
            row = {
                "task": task.name,
                "competitor": f"{name}, {call}" if len(runs) > 1 else name,
                "rows": task.rows,
                "features": task.features,
                "labels": task.labels,
                "hidden": "-".join(map(str, task.hidden)),
                "epochs": task.epochs,
                "folds": task.n_folds,
                "folds_run": len(run["scores"]),
                "seconds_run": run["seconds"],
                "seconds": scaled(run["seconds"], len(run["scores"]), task.n_folds),
                "ratio": None,
                "subset_accuracy": sum(run["scores"][k] for k in shared) / len(shared),
                "accuracy_folds": len(shared),
                "peak_mb": run["peak"],
            }
            rows.append(row)
    loop = next(row["seconds"] for row in rows if row["competitor"] == LOOP)
    return [row | {"ratio": loop / row["seconds"]} for row in rows]


def scaled(seconds, folds_run, folds):
    """Scale seconds up to all folds: each has its own model, traced anew, so all cost the same."""
    return seconds * folds / folds_run


def format_table(rows):
    """Write the rows as text, one block a task."""
    lines, task = [], None
    for row in rows:
        if row["task"] != task:
            task = row["task"]
            lines += ["", _heading(row), f"{'':30}  {'ratio':>6}  {'seconds':>8}  {'folds':>8}"
                      f"  {'accuracy':>8}  {'peak MB':>7}"]  # fmt: skip
        some = row["folds_run"] < row["folds"]
        folds = f"{row['folds_run']} of {row['folds']}" if some else f"{row['folds']}"
        peak = "n/a" if row["peak_mb"] is None else f"{row['peak_mb']:.0f}"
        lines.append(
            f"{row['competitor']:30}  {row['ratio']:5.1f}×  {row['seconds']:8.2f}  {folds:>8}"
            f"  {row['subset_accuracy']:8.3f}  {peak:>7}"
        )
    return "\n".join(lines[1:])


def _heading(row):
    return (
        f"{row['task']}: {row['rows']:,} rows × {row['features']:,}, {_hidden(row)} hidden, "
        f"{row['labels']} labels, {row['folds']} folds, {row['epochs']} epochs; "
        f"accuracy on {row['accuracy_folds']} folds"
    )


def _hidden(row):
    first, *others = row["hidden"].split("-")
    return f"{len(others) + 1} × {first}" if others else first


def write_csv(rows, path):
    """Write the table, all of it or nothing."""
    import pandas as pd

    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_suffix(".part")
    pd.DataFrame(rows).to_csv(written, index=False, float_format="%.6g")
    os.replace(written, path)


def finding(rows):
    """Say in a sentence how much faster the first call is, over all tasks."""
    first = [row for row in rows if row["competitor"] == f"evaluate_model, {CALLS[0]}"]
    low, high = (_short(choose(row["ratio"] for row in first)) for choose in (min, max))
    span = low if low == high else f"{low} to {high}"
    return f"The networks train {span} times as fast as in a loop of fit"


def _short(ratio):
    return f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}"


def plot_ratios(rows):
    """Draw each competitor's ratio, one line of dots a task; return the Axes."""
    from matplotlib.ticker import FuncFormatter

    from helpers.plots import ACCENT, GRAY, LABEL_COLORS, LIGHT_GRAY, house_style, new_axes

    def draw():
        tasks = {row["task"]: row for row in rows}
        places = {task: place for place, task in enumerate(tasks)}
        names = list(dict.fromkeys(row["competitor"] for row in rows))
        names.remove(LOOP)
        ax = new_axes(figsize=(12, 2.4 + 0.42 * len(tasks)))
        for place in range(len(tasks)):
            ax.axhline(place, color=LIGHT_GRAY, linewidth=1)
        ax.axvline(1, color=GRAY, linestyle="--", linewidth=1.5)
        colors, markers = iter(LABEL_COLORS), iter("osD^vP*X")
        for name in names:
            ours, first = name.startswith("evaluate_model"), name.endswith(CALLS[0])
            color, marker = (ACCENT, "o") if ours else (next(colors), next(markers))
            own = [row for row in rows if row["competitor"] == name]
            ax.plot(
                [row["ratio"] for row in own],
                [places[row["task"]] for row in own],
                marker,
                color=color,
                label=name,
                markersize=11 if first else 7,
                fillstyle="none" if first else "full",
                zorder=3 if ours else 2,
            )
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter(FuncFormatter(lambda ratio, _: f"{ratio:g}"))
        ax.set_yticks(
            range(len(tasks)),
            [f"{task}: {_hidden(row)} hidden, {row['folds']} folds" for task, row in tasks.items()],
        )
        ax.set_ylabel("task (rows × features, hidden units)")
        ax.set_xlabel("times as fast as the plain Keras loop (log scale; dashed: the loop itself)")
        ax.set_ylim(len(tasks) - 0.5, -0.5)
        ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
        ax.set_title(finding(rows))
        return ax

    return house_style(draw)()
