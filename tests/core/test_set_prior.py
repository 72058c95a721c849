"""The shares of label sets, against sets worked out by hand and against what is drawn."""

import numpy as np
import pytest

from helpers.data import Oracle, label_set_prior, make_dataset


def test_a_rare_label_comes_with_all_others():
    label_sets, prior = label_set_prior([0.4, 0.6 - 1e-9, 1e-9], n_labels=2)
    shares = {"".join(map(str, s)): p for s, p in zip(label_sets, prior, strict=True)}
    parts = np.array([1, 2, 2, 4 / 3])  # 2 ** k / k!: Poisson numbers of mean 2, without exp(-2)
    none, one, two, three = parts / parts.sum()
    by_hand = {"000": none, "100": 0.4 * one, "010": 0.6 * one, "110": two, "111": three}
    for name, share in shares.items():
        assert share == pytest.approx(by_hand.get(name, 0), abs=1e-8)


@pytest.mark.parametrize("settings", [{"n_labels": 4}, {"allow_unlabeled": False}])
def test_it_is_as_frequent_as_among_drawn_rows(settings):
    _, y, p_c, _ = make_dataset(20_000, 3, return_distributions=True, **settings)
    label_sets, prior = label_set_prior(p_c, **settings)
    drawn = (y[:, None, :] == label_sets).all(axis=2).mean(axis=0)
    assert np.abs(drawn - prior).max() < 4.5 * 0.5 / np.sqrt(len(y))
    np.testing.assert_array_equal(Oracle(3, **settings).label_set_prior, prior[prior > 0])


@pytest.mark.parametrize("p_c", [[0.5, 0.6], [1.0, 0.0], [np.nan, 1], [2, -1]])
def test_what_is_no_probability_is_refused(p_c):
    with pytest.raises(ValueError, match=r"p_c=.*: expected numbers above 0 that sum to 1"):
        label_set_prior(p_c)


def test_too_many_classes_are_refused():
    with pytest.raises(ValueError, match=r"n_classes=17: 2 \*\* 17 label sets are too many"):
        label_set_prior(np.full(17, 1 / 17))
