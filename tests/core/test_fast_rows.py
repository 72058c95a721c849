"""Rows drawn by our faster generator are scikit-learn's own, bit for bit."""

import time

import numpy as np
import pytest
from sklearn.datasets import make_multilabel_classification

from helpers.data import make_dataset

WORKSHOP = {"n_features": 10, "n_classes": 3, "n_labels": 2}
VARIANTS = [
    {},
    {"n_classes": 6, "n_labels": 3},
    {"n_classes": 1, "n_labels": 1},
    {"n_classes": 12, "n_labels": 12},
    {"n_classes": 40, "n_labels": 4, "n_features": 3},
    {"length": 1},
    {"allow_unlabeled": False},
]


def assert_same(seed, n_samples, **variant):
    """Compare all that both generators return, distributions included."""
    settings = {"return_distributions": True, "random_state": seed} | variant
    ours = make_dataset(n_samples, **settings)
    plain = make_multilabel_classification(n_samples, **WORKSHOP | settings)
    for mine, theirs in zip(ours, plain, strict=True):
        assert mine.dtype == theirs.dtype
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("seed", range(2, 8))
@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_every_number_is_the_same(seed, variant):
    assert_same(seed, 100, **variant)


@pytest.mark.slow
def test_a_label_of_one_in_ten_thousand_is_the_same():
    *_, priors, _ = make_dataset(1, return_distributions=True)
    assert priors[2] < 0.00011
    assert_same(1, 60)


def test_a_thousand_rows_are_there_at_once():
    start = time.process_time()
    make_dataset(1000)
    assert time.process_time() - start < 1  # scikit-learn takes 20 s


@pytest.mark.parametrize("n_samples", [0, -1])
def test_no_rows_are_refused_as_by_scikit_learn(n_samples):
    with pytest.raises(ValueError, match="n_samples"):
        make_dataset(n_samples)


def test_other_forms_come_from_scikit_learn_itself():
    X, _ = make_dataset(20, random_state=2, sparse=True)
    np.testing.assert_array_equal(X.toarray(), make_dataset(20, random_state=2)[0])
