"""The formulas of scores that a lesson writes out are the library's."""

import re

import numpy as np
import pytest
from notebook_form import ROOT
from sklearn import metrics

LESSON = (ROOT / "notebooks" / "05_metrics.ipynb").read_text(encoding="utf-8")
FORMULA = r"\*\*({name})\*\* (?:is )?([\dTPFN()+/ ]*[TPFN)])"
SCORES = {
    "precision": metrics.precision_score,
    "recall": metrics.recall_score,
    "F1": metrics.f1_score,
    "Jaccard": metrics.jaccard_score,
}


@pytest.mark.parametrize("name", SCORES)
def test_a_score_is_computed_as_the_lesson_says(name):
    [(_, formula)] = re.findall(FORMULA.format(name=name), LESSON)
    counts = {"TP": 7, "FP": 3, "FN": 2}
    found = eval(re.sub(r"(\d) ", r"\1 * ", formula), counts)
    truth, predicted = np.repeat([[1, 0, 1], [1, 1, 0]], list(counts.values())[:3], axis=1)
    assert found == SCORES[name](truth, predicted)
