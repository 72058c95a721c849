"""Rows made with the faster random numbers are scikit-learn's own, bit for bit."""

import time

import numpy as np
import pytest
from sklearn.datasets import make_multilabel_classification

from helpers._skipping import SkippingRandomState

WORKSHOP = {"n_features": 10, "n_classes": 3, "n_labels": 2}
VARIANTS = [
    {},
    {"n_classes": 6, "n_labels": 3},
    {"n_classes": 1, "n_labels": 1},
    {"n_classes": 12, "n_labels": 12},
    {"length": 1},
    {"allow_unlabeled": False},
]


def draw(random_state, n_samples=60, **kwargs):
    """Return all that the generator returns, distributions included."""
    return make_multilabel_classification(
        n_samples, random_state=random_state, return_distributions=True, **(WORKSHOP | kwargs)
    )


@pytest.mark.parametrize("seed", range(2, 8))
@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_every_number_is_the_same(seed, variant):
    for fast, plain in zip(
        draw(SkippingRandomState(seed), **variant), draw(seed, **variant), strict=True
    ):
        np.testing.assert_array_equal(fast, plain)


def test_a_label_of_one_in_ten_thousand_is_the_same_and_much_faster():
    seconds, results = [], []
    for random_state in (SkippingRandomState(1), 1):
        start = time.process_time()
        results.append(draw(random_state))
        seconds.append(time.process_time() - start)
    X, y, priors, _ = results[0]
    assert priors[2] < 0.00011
    assert (y.sum(axis=1) == 3).sum() >= 5
    np.testing.assert_array_equal(X, results[1][0])
    np.testing.assert_array_equal(y, results[1][1])
    assert seconds[0] < seconds[1] / 3


def test_it_ends_where_the_plain_one_ends():
    fast, plain = SkippingRandomState(1), np.random.RandomState(1)
    draw(fast, n_samples=20)
    draw(plain, n_samples=20)
    assert fast.randint(2**31) == plain.randint(2**31)
