"""Axis labels with their units, means that are no medians, ties, and the lines to compare with."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from helpers import plots
from helpers.calibration import reliability_table
from helpers.results import collect_result
from helpers.thresholds import label_threshold_curves

SKEWED = [0.5, 0.6, 1.0]  # mean 0.7, median 0.6
Y = np.array([[1, 0], [1, 1], [0, 1], [0, 0]])
P = np.array([[0.9, 0.2], [0.6, 0.5], [0.5, 0.7], [0.1, 0.3]])
SCORES = pd.DataFrame({"repeat": 0, "fold": range(3), "subset_accuracy": SKEWED})
TWO = pd.DataFrame({"here": [0.7, 0.8], "there": [0.7, 0.6]}, index=["tree", "forest"])
# Networks of 1, 2 and 6 epochs at best: mean 3, median 2; at each epoch the losses are skewed, too.
HISTORY = pd.concat(
    pd.DataFrame(
        {"repeat": 0, "fold": fold, "epoch": range(1, 8), "val_loss": loss, "loss": loss}
    ).assign(val_loss=[loss + abs(epoch - best) for epoch in range(1, 8)])
    for fold, (best, loss) in enumerate([(1, 0.5), (2, 0.6), (6, 1.0)])
)
GAINS = pd.DataFrame({"half": SKEWED, "set": [0.0, 0.0, 0.0]})
ECE = pd.DataFrame({"probabilities": "net", "ece": [0.6, 0.5, 0.6], "chance": [0.6, 0.7, 0.2]})
COLUMNS = ["true_positive", "false_negative", "false_positive"]
COUNTS = pd.DataFrame([[3.0, 7.0, 1.0], [5.0, 5.0, 4.0]], ["a", "b"], COLUMNS)
CARDS = pd.DataFrame({"question": ["All right?"], "net": [0.8], "prior": [0.3]}, ["rows"])
TRIALS = pd.DataFrame({"mean": [0.8], "ci_low": [0.7], "ci_high": [0.9], "epochs": [3]}, [1])
TUNED = pd.DataFrame({"epochs": [3, 5], "score": [0.5, 0.8], "std_error": [0.1, 0.1]})
FOLDS = [(np.array([0, 1]), np.array([2, 3])), (np.array([2, 3]), np.array([0, 1]))]
CURVES = label_threshold_curves(Y, P)
RESULT = collect_result(Y, FOLDS, [P[:2], P[2:4]], [Y[:2], Y[2:4]])
PROMISED = {"same": (0.4, 0.7, 0.8), "new": (0.3, 0.5, 0.6)}
CROSS_ENTROPY = "loss (binary cross-entropy)"

# A figure, its arguments, and the labels of its horizontal and its vertical axis.
LABELED = [
    (plots.plot_answers, (Y, Y), "disk: true label · ring: predicted\nshaded: wrong", "row"),
    (plots.plot_found, (COUNTS,), "rows", ""),
    (
        plots.plot_metric_cards,
        (CARDS,),
        "score; gray or orange: best without features (orange: at least as good)",
        "",
    ),
    (
        plots.plot_precision_recall,
        (Y, P),
        "recall: share of the rows\nwith the label that are found",
        "precision: share of the rows\nabove the threshold that have it",
    ),
    (plots.plot_splits, (FOLDS, 4, 2), "row of the table", "fold"),
    (plots.plot_counts_by_fold, (Y, {"some": FOLDS}), "held-out rows with the label", ""),
    (
        plots.plot_fold_scores,
        (SCORES,),
        "one dot per fold; black: mean of the repeat",
        "subset accuracy",
    ),
    (plots.plot_spreads, ({"folds": SKEWED},), "", "subset accuracy"),
    (plots.plot_learning_curves, (HISTORY,), "epoch", CROSS_ENTROPY),
    (
        plots.plot_stopping,
        (HISTORY,),
        "epoch",
        "loss on the validation rows\n(binary cross-entropy)",
    ),
    (plots.plot_row, ([0.9, 0.5], ["a", "b"]), "predicted probability", ""),
    (plots.plot_experiments, (TRIALS,), "mean, line: corrected 95 % interval", ""),
    (
        plots.plot_trials,
        (TUNED, "epochs"),
        "epochs",
        "score, ± one standard error",
    ),
    (plots.plot_optimism, (SKEWED, SKEWED), "sample, sorted", "score above that of all settings"),
    (
        plots.plot_score_by_rows,
        ({2: RESULT, 4: RESULT}, "hamming_loss"),
        "training rows",
        "hamming loss",
    ),
    (plots.plot_errors_by_threshold, (Y, P), "threshold", "errors per 1,000 rows"),
    (plots.plot_label_curves, (CURVES,), "threshold of the label", "F1 of the label"),
    (plots.plot_gains, ({"one": SKEWED},), "", "F1 gained over 0.5"),
    (
        plots.plot_rule_gains,
        (GAINS,),
        "metric: gain over p ≥ 0.5, in thousandths (more is better)",
        "",
    ),
    (
        plots.plot_gain_intervals,
        ({"net": GAINS},),
        "gain over p ≥ 0.5 on the rule's own metric, in thousandths",
        "",
    ),
    (plots.plot_calibration_errors, ({"few": ECE},), "expected calibration error", ""),
    (plots.plot_true_probabilities, (P, P), "predicted probability", "true probability"),
    (plots.plot_two_scores, (TWO,), "subset accuracy", ""),
    (
        plots.plot_intervals,
        ({"wide": [[0.4, 0.6]]}, 0.5),
        "subset accuracy",
        "samples, sorted by their score; orange: misses",
    ),
    (
        plots.plot_estimates,
        ({"one": SKEWED},),
        "one dot per fold; black: their mean",
        "subset accuracy",
    ),
    (plots.plot_promises, (PROMISED,), "score; blue: promised", ""),
    (
        plots.plot_fold_differences,
        (SKEWED, {"naive": (0.1, 0.9)}),
        "score of a minus that of b",
        "one dot per fold",
    ),
    (plots.plot_prevalence, (Y,), "rows with this label (%)", "label"),
    (plots.plot_label_sets, (Y,), "number of rows", "label set"),
    (
        plots.plot_co_occurrence,
        (Y,),
        "… share that also have this label (%)",
        "of the rows with this label …",
    ),
    (
        plots.plot_features_by_label,
        (P, Y),
        "mean with the label minus mean without it (words per document)",
        "label",
    ),
    (
        plots.plot_label_set_shares,
        (pd.DataFrame({"00": [1.0]}, [3]),),
        "label set (cells: share of the rows in %, − where it never occurs)",
        "seed",
    ),
    (plots.plot_network, ([3, 2],), "layer, from input to output", ""),
    (plots.plot_learning_curve, ([3, 2], [3, 2]), "epoch", CROSS_ENTROPY),
    (
        plots.plot_probabilities,
        (Y, P),
        "label (dot: truly there; frame: wrong answer)",
        "held-out row",
    ),
    (plots.plot_time_parts, (pd.Series({"work": 1.0}), "work"), "seconds", ""),
    (
        plots.plot_label_counts,
        (Y,),
        "label, the most frequent first",
        "rows that have it (log scale)",
    ),
    (
        plots.plot_curve_bands,
        (Y[:, 0], {"net": P.T}),
        "recall: share of rows found (dots: threshold 0.5)",
        "precision: share of alarms that are right",
    ),
]
OTHERS = {"plot_reliability", "plot_ranks", "plot_images"}  # two rows of panels; no axes


def title(ax):
    return ax.get_title(loc="left")


def lines(ax, style):
    """Return the horizontal and the vertical ends of all lines of a style."""
    found = [line for line in ax.lines if line.get_linestyle() == style]
    return [(list(line.get_xdata()), list(line.get_ydata())) for line in found]


@pytest.mark.parametrize(
    ("plot", "data", "x", "y"), LABELED, ids=lambda v: getattr(v, "__name__", "")
)
def test_axes_say_what_they_show_and_its_unit(plot, data, x, y):
    first = np.ravel(plot(*data))[0]
    assert (first.get_xlabel(), first.get_ylabel()) == (x, y)


def test_each_figure_has_its_labels_tested():
    names = {name for name in plots.__all__ if name.startswith("plot_")}
    assert {plot.__name__ for plot, *_ in LABELED} | OTHERS == names


def test_reliability_names_shares_above_and_rows_below():
    axes = plots.plot_reliability({"net": reliability_table(Y, P)})
    labels = [ax.get_ylabel() for ax in axes[:, 0]]
    assert labels == ["share of rows\nwith the label", "rows\n(log scale)"]


@pytest.mark.parametrize(
    ("plot", "data", "x", "y"), LABELED, ids=lambda v: getattr(v, "__name__", "")
)
def test_no_dot_and_no_bar_lies_beyond_the_axes(plot, data, x, y):
    for ax in np.ravel(plot(*data)):
        dots = [line.get_xydata() for line in ax.lines if line.get_transform() == ax.transData]
        bars = [patch.get_bbox().get_points() for patch in ax.patches if hasattr(patch, "get_bbox")]
        places = np.concatenate([np.empty((0, 2)), *dots, *bars])
        places = places[np.isfinite(places).all(axis=1)]
        low, high = np.sort([ax.get_xlim(), ax.get_ylim()]).T
        assert ((places >= low - 1e-9) & (places <= high + 1e-9)).all()


# Means and medians


def test_fold_scores_draw_means():
    ax = plots.plot_fold_scores(SCORES)
    assert title(ax) == "Folds score 0.50 to 1.00, with a mean of 0.700"
    (repeat,) = ax.collections
    assert repeat.get_segments()[0][:, 1] == pytest.approx([0.7, 0.7])
    assert ax.lines[-1].get_ydata() == pytest.approx([0.7, 0.7])


def test_estimates_and_gains_tell_means():
    assert title(plots.plot_estimates({"one": SKEWED})) == "One: 0.700"
    assert title(plots.plot_gains({"one": SKEWED})) == "One: +0.700"
    ax = plots.plot_fold_differences(SKEWED, {"naive": (0.1, 0.9)})
    assert title(ax).endswith("by 0.700 on average")
    assert [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "|"] == [
        pytest.approx(0.7)
    ]


def test_gain_intervals_are_around_means():
    ax = plots.plot_gain_intervals({"net": GAINS})
    assert ax.collections[0].get_segments()[0][:, 0].mean() == pytest.approx(0.7)
    assert ax.lines[1].get_xdata()[0] == pytest.approx(0.7)  # its dot; the first is the zero line


def test_chance_is_drawn_as_a_mean_and_distances_are_told_as_means():
    (ax,) = plots.plot_calibration_errors({"few": ECE})
    assert ax.patches[0].get_width() == pytest.approx(0.5)
    axes = plots.plot_true_probabilities(np.array([SKEWED]).T, np.zeros((3, 1)))
    assert title(axes[0]) == "label_1: 0.700 away"
    assert " are 0.70 away " in axes[0].figure.get_suptitle()


def test_learning_curves_and_stopping_draw_medians():
    ax = plots.plot_learning_curves(HISTORY)
    thick = {line.get_label(): line for line in ax.lines if line.get_linewidth() == 3}
    assert thick["training rows, median"].get_ydata().tolist() == [0.6] * 7
    ax = plots.plot_stopping(HISTORY)
    assert "median: 2 epochs" in ax.texts[0].get_text()
    assert lines(ax, "--")[0][0] == [2, 2]


def test_bands_of_curves_are_around_means():
    y, sets = np.array([1, 1, 0, 0]), np.array([[4, 3, 2, 1], [4, 2, 3, 1], [3, 1, 4, 2]]) / 5
    ax = plots.plot_curve_bands(y, {"net": sets}, threshold=0.6)
    curve, dot = ax.lines[:2]
    assert curve.get_ydata()[[0, -1]] == pytest.approx([(1 + 1 + 0.5) / 3, (1 + 2 / 3 + 0.5) / 3])
    recall, precision = (1 + 0.5 + 0.5) / 3, (1 + 0.5 + 0.5) / 3  # at exactly 0.6, too
    assert [*dot.get_xdata(), *dot.get_ydata()] == pytest.approx([recall, precision])


# Ties


def test_a_probability_at_the_threshold_is_a_yes():
    assert title(plots.plot_row([0.5, 0.2], ["a", "b"])) == "Predicted: a"
    assert len(plots.plot_probabilities([[1]], [[0.5]]).patches) == 0
    (ax,) = plots.plot_errors_by_threshold([[1], [0]], [[0.5], [0.5]])
    misses, alarms, _ = (line.get_ydata()[45] for line in ax.lines)  # at 0.5
    assert (misses, alarms) == (0, 500)


def test_a_tie_is_no_win():
    assert title(plots.plot_two_scores(TWO)).startswith("1 of 2 models score lower")
    ax = plots.plot_fold_differences([0.0, 0.1, -0.1], {"naive": (-0.1, 0.1)})
    assert "ahead of b in 1 of 3 folds" in title(ax)
    assert title(plots.plot_gain_intervals({"net": GAINS})).endswith("of 2: net 1")
    axes = plots.plot_calibration_errors({"few": ECE})
    assert axes[0].figure.get_suptitle().endswith("1 of 3 on few")


# What is compared with


def test_dashed_lines_stand_where_their_names_say():
    assert lines(plots.plot_row([0.9], ["a"], threshold=0.3), "--")[0][0] == [0.3, 0.3]
    assert lines(plots.plot_label_counts(Y, few=3), "--")[0][1] == [3, 3]
    assert lines(plots.plot_learning_curves(HISTORY, epoch=5), "--")[0][0] == [5, 5]
    ax = plots.plot_fold_differences(SKEWED, {"naive": (0.1, 0.9)})
    assert lines(ax, "--")[0][0] == [0, 0]
    assert lines(plots.plot_promises(PROMISED), ":")[0][0] == [0.7, 0.7]
    ax = plots.plot_curve_bands([1, 0, 0, 0], {"net": P.T})
    assert [line.get_ydata()[0] for line in ax.lines if line.get_linewidth() == 1] == [0.25]
    rules = plots.plot_label_curves(CURVES, rule=[0.4, 0.45]).collections
    heights = [part.get_segments()[0][:, 1].tolist() for part in rules]
    assert heights == [[0, CURVES["label_1"][0.4]], [0, CURVES["label_2"][0.45]]]


def test_what_is_true_or_calibrated_is_on_the_diagonal():
    for ax in [
        plots.plot_reliability({"net": reliability_table(Y, P)})[0, 0],
        plots.plot_true_probabilities(P, P)[0],
    ]:
        assert ([0, 1], [0, 1]) in lines(ax, "-")


def test_bars_of_reliability_hold_95_percent():
    rng = np.random.default_rng(0)
    p = rng.random((2000, 1))
    table = reliability_table((rng.random(p.shape) < p).astype(int), p, n_bins=5)
    bars, *_ = plots.plot_reliability({"net": table})[0, 0].collections
    for (low, high), count, share in zip(
        [part[:, 1] for part in bars.get_segments()],
        table["count"],
        table["predicted"],
        strict=True,
    ):
        outside = binom.cdf(low * count - 1, count, share) + binom.sf(high * count, count, share)
        assert 0.03 < outside <= 0.05


def test_spreads_are_standard_deviations_of_samples():
    assert "SD 0.2646" in plots.plot_spreads({"folds": SKEWED}).texts[0].get_text()
