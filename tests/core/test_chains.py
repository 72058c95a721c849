"""The chain that searches, against every label set of the same chain tried one by one."""

import itertools

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.multioutput import ClassifierChain
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from helpers import chains
from helpers.chains import ProbabilisticChainClassifier

LOGISTIC = LogisticRegression(max_iter=1000)
ORDERS = [None, [2, 0, 3, 1], "random"]


@pytest.fixture(scope="module")
def rows():
    """Make rows of four labels that depend on each other, more than half of them unclear."""
    rng = np.random.default_rng(1)
    X = rng.normal(size=(200, 3))
    first = X[:, 0] + rng.normal(size=200) > 0
    second = np.where(first, X[:, 1] > 0.5, X[:, 1] < 0) ^ (rng.random(200) < 0.2)
    third = first ^ second ^ (rng.random(200) < 0.3)
    fourth = X[:, 2] + first + rng.normal(size=200) > 1
    return X, np.column_stack([first, second, third, fourth]).astype(int)


def fitted(rows, **settings):
    return ProbabilisticChainClassifier(LOGISTIC, random_state=3, **settings).fit(*rows)


def brute_force(chain, X):
    """Return all label sets and their probabilities, set by set and row by row."""
    sets = np.array(list(itertools.product([0, 1], repeat=len(chain.order_))))
    proba = np.ones((len(X), len(sets)))
    for i, x in enumerate(X):
        for j, labels in enumerate(sets):
            for k, link in enumerate(chain.estimators_):
                before = labels[list(chain.order_[:k])]
                p = link.predict_proba([[*x, *before]])[0]
                proba[i, j] *= p[labels[chain.order_[k]]]
    return sets, proba


@pytest.mark.parametrize("order", ORDERS)
def test_it_is_every_set_tried(rows, order):
    model, X = fitted(rows, order=order), rows[0][:30]
    sets, proba = brute_force(model.chain_, X)
    np.testing.assert_allclose(proba.sum(axis=1), 1)
    np.testing.assert_allclose(model.predict_label_set_proba(X), proba)
    np.testing.assert_allclose(model.predict_proba(X), proba @ sets)
    np.testing.assert_array_equal(model.predict(X), sets[proba.argmax(axis=1)])
    found, sorted_proba = model.search(X)
    np.testing.assert_allclose(sorted_proba, -np.sort(-proba, axis=1))
    assert found.shape == (30, 16, 4) and found.dtype == "int64"


@pytest.mark.parametrize("order", ORDERS)
def test_width_1_is_the_greedy_chain_and_half_of_all_sets_is_exact(rows, order):
    X = rows[0]
    greedy, all_sets = fitted(rows, order=order, beam_width=1), fitted(rows, order=order)
    np.testing.assert_array_equal(greedy.predict(X), greedy.chain_.predict(X))
    np.testing.assert_array_equal(greedy.predict_proba(X), greedy.predict(X))
    assert (greedy.predict(X) != all_sets.predict(X)).any(), "nothing to search"
    for width in (8, 16, 1000):
        wide = fitted(rows, order=order, beam_width=width)
        np.testing.assert_array_equal(wide.predict(X), all_sets.predict(X))
    np.testing.assert_allclose(wide.predict_proba(X), all_sets.predict_proba(X))


def test_a_wider_beam_never_ends_with_a_less_probable_set_here(rows):
    best = [fitted(rows, beam_width=width).search(rows[0])[1][:, 0] for width in (1, 2, 4, 8)]
    assert all((wide >= narrow).all() for narrow, wide in itertools.pairwise(best))
    assert (best[1] > best[0]).any()


def test_marginals_of_a_beam_are_shares_of_what_it_kept(rows):
    model = fitted(rows, beam_width=3)
    sets, proba = model.search(rows[0][:5])
    assert sets.shape == (5, 3, 4) and (proba.sum(axis=1) < 1).all()
    for row in range(5):
        expected = np.average(sets[row], axis=0, weights=proba[row])
        np.testing.assert_allclose(model.predict_proba(rows[0][:5])[row], expected)


def test_a_beam_gives_the_probabilities_of_all_sets_exactly(rows):
    narrow, exact = fitted(rows, beam_width=2), fitted(rows)
    X = rows[0][:7]
    np.testing.assert_allclose(narrow.predict_label_set_proba(X), exact.predict_label_set_proba(X))


def test_the_chain_is_scikit_learns_with_true_labels(rows):
    ours = fitted(rows, order="random")
    theirs = ClassifierChain(LOGISTIC, order="random", random_state=3).fit(*rows)
    assert ours.order_ == list(theirs.order_) and ours.classes_.tolist() == [0, 1, 2, 3]
    for a, b in zip(ours.chain_.estimators_, theirs.estimators_, strict=True):
        np.testing.assert_array_equal(a.coef_, b.coef_)


def test_rows_are_searched_in_pieces_without_a_difference(rows, monkeypatch):
    model = fitted(rows)
    whole = model.predict_label_set_proba(rows[0])
    monkeypatch.setattr(chains, "ROWS_AT_A_TIME", 50)
    np.testing.assert_allclose(model.predict_label_set_proba(rows[0]), whole)


def test_a_label_that_never_changes_is_predicted(rows):
    X, y = rows
    y = np.column_stack([np.zeros(len(y), int), y[:, :2], np.ones(len(y), int)])
    model = ProbabilisticChainClassifier(DecisionTreeClassifier(max_depth=2)).fit(X, y)
    assert (model.predict(X)[:, [0, 3]] == [0, 1]).all()
    np.testing.assert_allclose(model.predict_label_set_proba(X).sum(axis=1), 1)


class Fixed(ClassifierMixin, BaseEstimator):
    """A link that gives 1 the same probability in each row."""

    def __init__(self, p=0.5):
        self.p = p

    def fit(self, X, y):
        self.classes_ = np.array([0, 1])
        return self

    def predict_proba(self, X):
        return np.tile([1 - self.p, self.p], (len(X), 1))

    def predict(self, X):
        return self.classes_[self.predict_proba(X).argmax(axis=1)]


def test_thousands_of_labels_do_not_underflow():
    X, y = np.zeros((2, 1)), np.tile([[0], [1]], 2000)
    model = ProbabilisticChainClassifier(Fixed(0.55), beam_width=3).fit(X, y)
    assert (model.predict(X) == 1).all()
    proba = model.predict_proba(X)
    assert np.isfinite(proba).all() and (proba > 0.6).all()


@pytest.mark.parametrize("width", [1, 3, None])
def test_a_tie_is_answered_with_0_as_in_scikit_learn(width):
    X, y = np.zeros((2, 1)), np.tile([[0], [1]], 4)
    model = ProbabilisticChainClassifier(Fixed(0.5), beam_width=width).fit(X, y)
    np.testing.assert_array_equal(model.predict(X), model.chain_.predict(X))
    np.testing.assert_array_equal(model.predict(X), 0)


def test_many_labels_need_a_beam():
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(60, 2)), rng.integers(2, size=(60, 17))
    with pytest.raises(ValueError, match=r"17 labels have 2 \*\* 17 sets.*beam_width"):
        ProbabilisticChainClassifier(LOGISTIC).fit(X, y)
    model = ProbabilisticChainClassifier(LOGISTIC, beam_width=4).fit(X, y)
    assert model.predict(X).shape == (60, 17)
    with pytest.raises(ValueError, match="too many to try"):
        model.predict_label_set_proba(X)


@pytest.mark.parametrize("width", [0, -1, 2.0, True, "5"])
def test_a_width_must_be_a_number_of_sets(rows, width):
    with pytest.raises(ValueError, match=r"beam_width=.*whole number of 1 or more"):
        fitted(rows, beam_width=width)


def test_it_refuses_what_has_no_probabilities(rows):
    with pytest.raises(TypeError, match=r"LinearSVC\(\): pass one that has predict_proba"):
        ProbabilisticChainClassifier(LinearSVC()).fit(*rows)


def test_it_clones_with_its_settings():
    model = ProbabilisticChainClassifier(LOGISTIC, order=[1, 0], beam_width=3, random_state=2)
    copy = clone(model)
    assert copy.get_params(deep=False).keys() == {
        "estimator",
        "order",
        "beam_width",
        "random_state",
    }
    assert (copy.order, copy.beam_width, copy.random_state) == ([1, 0], 3, 2)
