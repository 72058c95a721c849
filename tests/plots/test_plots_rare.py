"""The figures of lesson 12: rows of each label, and curves of several models with bands."""

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from sklearn.metrics import precision_recall_curve

from helpers import plots

Y = np.array([[1, 0, 1]] * 3 + [[1, 0, 0]] * 5)


def test_labels_are_sorted_by_their_rows_and_those_of_few_are_orange():
    ax = plots.plot_label_counts(Y, ["a", "b", "c"], few=2)
    assert [text.get_text() for text in ax.get_xticklabels()] == ["a", "c", "b"]
    dots = ax.collections[1]
    np.testing.assert_array_equal(dots.get_offsets()[:, 1], [8, 3, 0.5])
    colors = [plots.LABEL_COLORS[0], plots.LABEL_COLORS[0], plots.ACCENT]
    np.testing.assert_allclose(dots.get_facecolors(), [to_rgba(color) for color in colors])
    assert ax.get_yscale() == "log"
    assert ax.get_title(loc="left") == "1 of 3 labels has fewer than 2 rows of 8"


def some_models():
    rng = np.random.default_rng(1)
    y = (rng.random(300) < 0.2).astype(int)
    good = [expit_of(2 * y + rng.normal(size=300) - 1) for _ in range(3)]
    return y, {"good": np.array(good), "noise": rng.random((3, 300))}


def expit_of(x):
    return 1 / (1 + np.exp(-x))


def test_a_curve_is_the_mean_over_training_sets_and_its_dot_the_threshold():
    y, models = some_models()
    ax = plots.plot_curve_bands(y, models, threshold=0.6, best=models["good"][0])
    lines = {line.get_label(): line for line in ax.get_lines()}
    recalls, means = lines["good"].get_data()
    expected = []
    for p in models["good"]:
        precision, recall, _ = precision_recall_curve(y, p)
        expected.append([precision[np.flatnonzero(recall >= r - 1e-9)[-1]] for r in recalls])
    np.testing.assert_allclose(means, np.mean(expected, axis=0))
    assert {"noise", "true probabilities"} <= set(lines)
    dots = [line for line in ax.get_lines() if line.get_marker() == "o"]
    recall = np.mean([(p[y == 1] >= 0.6).mean() for p in models["good"]])
    precision = np.mean([y[p >= 0.6].mean() for p in models["good"]])
    np.testing.assert_allclose([*dots[0].get_xdata(), *dots[0].get_ydata()], [recall, precision])


def test_bands_reach_two_standard_errors():
    y, models = some_models()
    ax = plots.plot_curve_bands(y, {"good": models["good"]})
    band = ax.collections[0].get_paths()[0].vertices
    means = next(line for line in ax.get_lines() if line.get_label() == "good").get_ydata()
    at_one = band[np.isclose(band[:, 0], 1.0), 1]
    curves = [precision_recall_curve(y, p) for p in models["good"]]
    highest = [precision[recall == 1].max() for precision, recall, _ in curves]
    error = np.std(highest, ddof=1) / 3**0.5
    assert at_one.max() - means[-1] == pytest.approx(2 * error)
    assert error > 0.01


def test_what_is_no_label_or_no_probability_is_refused():
    y, models = some_models()
    with pytest.raises(ValueError, match="y_true holds"):
        plots.plot_curve_bands(2 * y, models)
    with pytest.raises(ValueError, match=r"probabilities\['noise'\] holds"):
        plots.plot_curve_bands(y, models | {"noise": models["noise"] + 1})
