"""Tables about labels, against counts by hand."""

import numpy as np
import pandas as pd
import pytest

from helpers.data import make_dataset
from helpers.labels import (
    co_occurrence,
    default_names,
    label_set_table,
    label_statistics,
    label_summary,
)

#            rain wind snow
Y = np.array([[1, 1, 0], [1, 0, 0], [0, 0, 0], [1, 1, 0], [0, 1, 0]])
NAMES = ["rain", "wind", "snow"]


def test_default_names_count_from_one():
    assert default_names(2) == ["label_1", "label_2"]
    assert default_names(3, "feature") == ["feature_1", "feature_2", "feature_3"]
    assert default_names(0) == []


def test_label_summary_by_hand():
    expected = pd.DataFrame(
        {"count": [3, 3, 0], "prevalence": [0.6, 0.6, 0.0], "alone": [1, 1, 0]},
        index=pd.Index(NAMES, name="label"),
    )
    pd.testing.assert_frame_equal(label_summary(Y, NAMES), expected)


def test_label_statistics_by_hand():
    assert label_statistics(Y).to_dict() == pytest.approx(
        {
            "samples": 5,
            "labels": 3,
            "cardinality": 6 / 5,
            "density": 6 / 15,
            "label_sets": 4,
            "unlabeled": 1 / 5,
        }
    )


def test_label_set_table_by_hand():
    table = label_set_table(Y, NAMES)
    assert list(table.columns) == [*NAMES, "count", "share"]
    assert table.index.name == "label_set"
    assert table["count"].to_dict() == {"110": 2, "000": 1, "010": 1, "100": 1}
    assert table["share"].tolist() == [0.4, 0.2, 0.2, 0.2]
    assert table.loc["110", NAMES].tolist() == [1, 1, 0]
    assert table.index[0] == "110"


def test_co_occurrence_by_hand():
    table = co_occurrence(Y, NAMES)
    assert list(table.index) == list(table.columns) == NAMES
    expected = [[1, 2 / 3, 0], [2 / 3, 1, 0], [np.nan] * 3]
    np.testing.assert_allclose(table, expected)


def test_co_occurrence_reads_from_row_to_column():
    """All rows with snow have rain, but not the other way round."""
    table = co_occurrence([[1, 1], [1, 0]], ["rain", "snow"])
    assert (table.loc["snow", "rain"], table.loc["rain", "snow"]) == (1.0, 0.5)


@pytest.mark.parametrize("function", [label_summary, label_set_table, co_occurrence])
def test_labels_are_named_when_nobody_did(function):
    table = function(Y)
    names = [name for name in [*table.index, *table.columns] if str(name).startswith("label_")]
    assert set(names) == {"label_1", "label_2", "label_3"}


@pytest.mark.parametrize("names", ["abc", 3, [("a", 1), ("b", 2), ("c", 3)], [["a"]] * 3, {*"abc"}])
@pytest.mark.parametrize("function", [label_summary, label_set_table, co_occurrence])
def test_names_that_are_no_list_of_names(function, names):
    with pytest.raises(ValueError, match=r"label_names: found .*, expected a list of 3 names"):
        function(Y, names)


def test_tables_of_the_workshops_data():
    _, y = make_dataset()
    assert label_summary(y)["prevalence"].round(3).tolist() == [0.637, 0.731, 0.205]
    statistics = label_statistics(y)
    assert (round(statistics["cardinality"], 3), statistics["unlabeled"]) == (1.573, 0.156)
    counts = label_set_table(y)["count"].to_dict()
    assert counts == {"110": 319, "010": 207, "111": 205, "000": 156, "100": 113}
    assert label_set_table(y).index[0] == "110"


@pytest.mark.parametrize(
    "function", [label_summary, label_statistics, label_set_table, co_occurrence]
)
def test_tables_take_booleans_and_refuse_others(function):
    a, b = function(Y), function(pd.DataFrame(Y.astype(bool)))
    (pd.testing.assert_series_equal if isinstance(a, pd.Series) else pd.testing.assert_frame_equal)(
        a, b
    )
    with pytest.raises(ValueError, match="y holds 2 in row 0, column 0"):
        function(2 * Y)
    with pytest.raises(ValueError, match=r"y has shape \(5,\)"):
        function(Y[:, 0])
