"""One function a figure: frames and arrays go in, the matplotlib Axes come back.

Each draws on `ax` or, without one, on a new figure. The title states what the figure shows; pass
`title` to say it differently.
"""

from inspect import ismodule as _is_module

from helpers.plots.calibration import (
    plot_calibration_errors,
    plot_reliability,
    plot_true_probabilities,
)
from helpers.plots.comparison import (
    plot_estimates,
    plot_fold_differences,
    plot_intervals,
    plot_promises,
    plot_ranks,
    plot_two_scores,
)
from helpers.plots.data import (
    draw_steps,
    draw_task_types,
    plot_co_occurrence,
    plot_features_by_label,
    plot_images,
    plot_label_set_shares,
    plot_label_sets,
    plot_prevalence,
)
from helpers.plots.decisions import (
    plot_errors_by_threshold,
    plot_gain_intervals,
    plot_gains,
    plot_label_curves,
    plot_rule_gains,
)
from helpers.plots.folds import (
    plot_counts_by_fold,
    plot_experiments,
    plot_fold_scores,
    plot_learning_curves,
    plot_row,
    plot_splits,
    plot_spreads,
    plot_stopping,
)
from helpers.plots.house import (
    ACCENT,
    GRAY,
    INK,
    LABEL_COLORS,
    LIGHT_GRAY,
    TRAIN_COLOR,
    draw_heat_map,
    house_style,
    label_color,
    new_axes,
    new_panels,
)
from helpers.plots.network import (
    draw_cluster,
    draw_compiled_training,
    plot_learning_curve,
    plot_network,
    plot_probabilities,
    plot_time_parts,
)
from helpers.plots.rare import plot_curve_bands, plot_label_counts
from helpers.plots.scores import (
    plot_answers,
    plot_found,
    plot_metric_cards,
    plot_precision_recall,
)
from helpers.plots.tuning import plot_optimism, plot_score_by_rows, plot_trials

# All that was imported, without the modules that it came from.
__all__ = sorted(
    name for name, part in globals().items() if name[0] != "_" and not _is_module(part)
)
