"""The figures of lesson 14: trials by a setting, chosen settings elsewhere, scores by rows."""

import numpy as np
import pandas as pd
import pytest

from helpers import plots
from helpers.estimators import evaluate_estimator

TRIALS = pd.DataFrame(
    {
        "learning_rate": [0.001, 0.01, 0.1, 0.2],
        "epochs": [10, 20, 10, 20],
        "score": [0.5, 0.8, 0.75, np.nan],
        "std_error": [0.01, 0.05, 0.3, np.nan],
    }
)


def test_trials_stand_at_their_setting_with_their_errors_and_the_best_is_circled():
    ax = plots.plot_trials(TRIALS, "learning_rate", color="epochs")
    ten, twenty = ax.containers
    np.testing.assert_array_equal(ten[0].get_xydata(), [[0.001, 0.5], [0.1, 0.75]])
    np.testing.assert_array_equal(twenty[0].get_xydata(), [[0.01, 0.8]])
    low, high = twenty[2][0].get_segments()[0][:, 1]
    assert (low, high) == pytest.approx((0.75, 0.85))
    circle = next(line for line in ax.get_lines() if line.get_markerfacecolor() == "none")
    np.testing.assert_array_equal(circle.get_xydata(), [[0.01, 0.8]])
    assert ax.get_xscale() == "log" and ax.get_xlabel() == "learning rate (log scale)"
    # 0.75 is just within the best one's error; its own would be far larger.
    title = "1 of 3 trials are within one standard error of the best"
    assert ax.get_title(loc="left") == title
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["10 epochs", "20 epochs"]


def test_chosen_settings_stand_beside_themselves_in_other_samples():
    ax = plots.plot_optimism([0.03, 0.01, 0.02], [0.02, 0.015, 0.0])
    here, elsewhere = ax.get_lines()[:2]
    np.testing.assert_array_equal(here.get_ydata(), [0.01, 0.02, 0.03])
    np.testing.assert_array_equal(elsewhere.get_ydata(), [0.015, 0.0, 0.02])
    assert here.get_label() == "where it was chosen"
    assert ax.get_title(loc="left").startswith("In 2 of 3 samples")


def test_scores_by_rows_have_their_intervals_and_ceiling(data):
    from sklearn.neighbors import KNeighborsClassifier

    rng, folds = np.random.default_rng(1), [np.array_split(np.arange(42), 3)]
    folds = [(np.setdiff1d(np.arange(42), test), test) for test in folds[0]]
    curve = {
        n: evaluate_estimator(
            *data, KNeighborsClassifier(3), [(rng.choice(a, n, False), b) for a, b in folds]
        )
        for n in (9, 18)
    }
    ax = plots.plot_score_by_rows({"a": curve, "b": curve}, "hamming_loss", ceiling=0.1)
    table = {n: result.summary().loc["hamming_loss"] for n, result in curve.items()}
    line, _, level = ax.get_lines()
    np.testing.assert_allclose(line.get_xydata(), [[n, row["mean"]] for n, row in table.items()])
    vertices = ax.collections[0].get_paths()[0].vertices
    for n, row in table.items():
        found = vertices[vertices[:, 0] == n, 1]
        assert (found.min(), found.max()) == pytest.approx((row["ci_low"], row["ci_high"]))
    assert set(level.get_ydata()) == {0.1}
    gain = f"{table[18]['mean'] - table[9]['mean']:+.3f}".replace("-", "−")
    assert ax.get_title(loc="left") == f"B: from 9 to 18 rows, {gain}"
