"""Figures about scores show what was scored, and their titles say what was found."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from helpers import plots
from helpers.plots import ACCENT, LABEL_COLORS

# Counted by hand: label 1 is found once, missed once, right twice without it;
# label 2 is found once, a false alarm once, right twice without it.
TRUTH = np.array([[1, 0], [1, 1], [0, 0], [0, 0]])
ANSWER = np.array([[1, 0], [0, 1], [0, 1], [0, 0]])
PROBABILITIES = np.array([[0.9, 0.1], [0.4, 0.8], [0.2, 0.7], [0.1, 0.2]])
F1 = pd.DataFrame({"micro": [0.9, 0.8], "macro": [0.7, 0.85]}, index=["A", "B"])
MODELS = pd.DataFrame({"rows right": [0.8, 0.1, 0.3], "precision": [0.9, 1.0, 0.9]},
                      index=["network", "all-zero", "prior"])  # fmt: skip
ACCURACIES = pd.DataFrame({"network": [0.8, 0.9, 0.6], "all-zero": [0.1, 0.5, 0.75]},
                          index=["rows", "labels", "Keras"])  # fmt: skip
COUNTS = pd.DataFrame({"n_labels": [3, 3, 40, 40], "model": ["network", "all-zero"] * 2,
                       "hamming_accuracy": [0.9, 0.6, 0.98, 0.97],
                       "f1_micro": [0.9, 0, 0.4, 0]})  # fmt: skip

FIGURES = {
    "answers": lambda **k: plots.plot_answers(TRUTH, ANSWER, **k),
    "winners": lambda **k: plots.plot_winners(F1, **k),
    "model_scores": lambda **k: plots.plot_model_scores(MODELS, **k),
    "precision_recall": lambda **k: plots.plot_precision_recall(TRUTH, PROBABILITIES, **k),
    "accuracies": lambda **k: plots.plot_accuracies(ACCURACIES, **k),
    "label_counts": lambda **k: plots.plot_label_counts(COUNTS, **k),
}


def title(ax):
    return ax.get_title(loc="left")


def texts(ax):
    return [text.get_text() for text in ax.texts]


def ticks(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def _says(part, words):
    return isinstance(part, Text) and part.get_text() == words


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_it_draws_on_the_axes_given_and_leaves_settings_alone(figure):
    ax = plt.figure().add_subplot()  # the first figure chooses the backend, which is a setting too
    before = dict(mpl.rcParams)
    assert figure(ax=ax, title="Mine") is ax
    assert title(ax) == "Mine"
    assert len(plt.get_fignums()) == 1
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_nothing_is_cut_off(figure):
    fig = figure().figure
    fig.canvas.draw()
    drawn, page = fig.get_tightbbox(), fig.bbox_inches
    assert drawn.x0 >= page.x0 - 0.01 and drawn.y0 >= page.y0 - 0.01
    assert drawn.x1 <= page.x1 + 0.01 and drawn.y1 <= page.y1 + 0.01


def test_answers_have_a_disk_a_true_label_and_a_ring_a_predicted_one():
    ax = plots.plot_answers(TRUTH, ANSWER, ["dog", "cat"])
    rings = [line for line in ax.lines if line.get_markerfacecolor() == "none"]
    disks = [line for line in ax.lines if line.get_markerfacecolor() in LABEL_COLORS]

    def places(marks):
        return sorted((int(m.get_ydata()[0]), int(m.get_xdata()[0])) for m in marks)

    assert places(disks) == list(map(tuple, np.argwhere(TRUTH)))
    assert places(rings) == list(map(tuple, np.argwhere(ANSWER)))
    assert {m.get_xdata()[0]: m.get_markerfacecolor() for m in disks} == {
        0: LABEL_COLORS[0],
        1: LABEL_COLORS[1],
    }
    shaded = sorted((patch.get_y() + 0.5, patch.get_x() + 0.5) for patch in ax.patches)
    assert shaded == [(1, 0), (2, 1)]
    assert texts(ax) == ["right", "1 wrong", "1 wrong", "right"]
    assert title(ax) == "2 of 4 rows and 6 of 8 labels are right"
    assert ticks(ax.xaxis) == ["dog", "cat"] and ticks(ax.yaxis) == ["1", "2", "3", "4"]
    assert ax.yaxis_inverted()


def test_answers_are_as_large_in_axes_of_ones_own_as_in_new_ones():
    own = plots.plot_answers(TRUTH, ANSWER, ax=plt.subplots()[1])
    new = plots.plot_answers(TRUTH, ANSWER)

    def sizes(ax):
        parts = [ax.xaxis.label, ax.yaxis.label, *ax.get_xticklabels(), *ax.get_yticklabels()]
        return {part.get_size() for part in parts}

    assert sizes(own) == sizes(new) == {12}


def test_answers_refuse_shapes_that_differ():
    with pytest.raises(ValueError, match="shape"):
        plots.plot_answers(TRUTH, ANSWER[:, :1])


def test_winners_are_ringed_and_named():
    ax = plots.plot_winners(F1)
    assert title(ax) == "By micro A wins, by macro B wins"
    lines = [line.get_ydata().tolist() for line in ax.lines if len(line.get_xdata()) == 2]
    assert lines == F1.to_numpy().tolist()
    rings = [line for line in ax.lines if line.get_markeredgecolor() == ACCENT]
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in rings] == [(0, 0.9), (1, 0.85)]
    assert {"A 0.90", "B 0.85"} <= set(texts(ax))
    assert ticks(ax.xaxis) == ["micro", "macro"] and ax.get_ylabel() == "F1"


def test_confusions_count_each_label_in_its_color():
    axes = plots.plot_confusions(TRUTH, ANSWER, label_names=["dog", "cat"])
    assert axes.shape == (2,)
    assert [title(ax) for ax in axes] == ["dog", "cat"]
    # In the order of scikit-learn: true negative, false positive, false negative, true positive.
    assert [text.split("\n")[0] for text in texts(axes[0])] == ["2", "0", "1", "1"]
    assert [text.split("\n")[0] for text in texts(axes[1])] == ["2", "1", "0", "1"]
    assert texts(axes[1])[1] == "1\nfalse positive"
    np.testing.assert_allclose(axes[1].images[0].get_array(), [[2 / 3, 1 / 3], [0, 1]])
    assert "precision 1.00\nrecall 0.50\nspecificity 1.00" in axes[0].get_xlabel()
    assert axes[0].figure.get_suptitle() == "dog is found least: recall 0.50"
    titles = [ax.findobj(lambda part, ax=ax: _says(part, title(ax)))[0] for ax in axes]
    assert [to_hex(text.get_color()).upper() for text in titles] == list(LABEL_COLORS[:2])


def test_confusions_take_probabilities_a_threshold_and_axes_of_ones_own():
    own = plt.subplots(1, 2)[1]
    axes = plots.plot_confusions(TRUTH, PROBABILITIES, 0.3, axes=own, title="Mine")
    assert list(axes) == list(own) and axes[0].figure.get_suptitle() == "Mine"
    assert "recall 1.00" in axes[0].get_xlabel()
    with pytest.raises(ValueError, match="this figure needs"):
        plots.plot_confusions(TRUTH, ANSWER, axes=own[:1])


def test_confusions_of_a_label_that_no_row_has():
    axes = plots.plot_confusions([[0, 1], [0, 0]], [[0, 1], [0, 0]])
    assert [text.split("\n")[0] for text in texts(axes[0])] == ["2", "0", "0", "0"]


def test_model_scores_frame_what_is_had_for_nothing():
    ax = plots.plot_model_scores(MODELS)
    assert texts(ax) == ["0.80", "0.90", "0.10", "1.00", "0.30", "0.90"]
    frames = sorted((round(p.get_y() + 0.47), round(p.get_x() + 0.47)) for p in ax.patches)
    assert frames == [(1, 1), (2, 1)]
    assert {to_hex(frame.get_edgecolor()).upper() for frame in ax.patches} == {ACCENT}
    assert title(ax) == "Network is matched in precision"
    assert ticks(ax.xaxis) == ["rows\nright", "precision"]
    assert title(plots.plot_model_scores(MODELS[["rows right"]])) == "Network is matched nowhere"


def test_precision_recall_has_a_curve_a_dot_and_a_chance_level_a_label():
    ax = plots.plot_precision_recall(TRUTH, PROBABILITIES)
    curves = [line for line in ax.lines if line.get_drawstyle() == "steps-post"]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    chance = [line for line in ax.lines if line.get_linestyle() == "--"]
    for lines in (curves, dots, chance):
        assert [line.get_color() for line in lines] == list(LABEL_COLORS[:2])
    places = [(line.get_xdata()[0], line.get_ydata()[0]) for line in dots]
    assert places == [(0.5, 1.0), (1.0, 0.5)]  # recall, precision at 0.5
    assert [line.get_ydata()[0] for line in chance] == [0.5, 0.25]
    assert texts(ax)[0] == "label_1: average precision 1.00, chance 0.50"
    assert "recall" in ax.get_xlabel() and "precision" in ax.get_ylabel()


def test_precision_recall_says_which_label_is_ranked_worst_and_skips_one_that_no_row_has():
    y_true = np.column_stack([TRUTH, np.zeros(4, dtype=int)])
    y_prob = np.column_stack([PROBABILITIES, np.full(4, 0.5)])
    y_prob[:, 1] = 1 - y_prob[:, 1]
    ax = plots.plot_precision_recall(y_true, y_prob)
    assert title(ax) == "label_2 is ranked worst: average precision 0.25, chance 0.25"
    assert len(texts(ax)) == 2


def test_accuracies_show_both_models_and_mark_where_the_wrong_one_is_ahead():
    ax = plots.plot_accuracies(ACCURACIES)
    pairs = [line for line in ax.lines if len(line.get_xdata()) == 2]
    assert [line.get_color() == ACCENT for line in pairs] == [False, False, True]
    dots = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"]
    assert dots == ACCURACIES.to_numpy().ravel().tolist()
    assert title(ax) == 'The same network is 60 % to 90 % "accurate"'
    assert {"network", "all-zero", "0.75"} <= set(texts(ax))
    assert ticks(ax.yaxis) == ["rows", "labels", "Keras"] and ax.yaxis_inverted()


def test_label_counts_have_two_lines_a_model():
    ax = plots.plot_label_counts(COUNTS.sample(frac=1, random_state=0).sort_values("model",
                                    ascending=False))  # fmt: skip
    assert title(ax) == "From 3 to 40 labels: labels right 90 % → 98 %, F1 0.90 → 0.40"
    assert [line.get_ydata().tolist() for line in ax.lines] == [
        [0.9, 0.98],
        [0.9, 0.4],
        [0.6, 0.97],
        [0, 0],
    ]
    assert [line.get_linestyle() for line in ax.lines] == ["-", "--"] * 2
    assert [line.get_color() for line in ax.lines[2:]] == [ACCENT] * 2
    assert ticks(ax.xaxis) == ["3", "40"] and "labels" in ax.get_xlabel()
    assert "network: F1 (micro)" in texts(ax)
