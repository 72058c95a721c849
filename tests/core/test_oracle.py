"""The oracle against what the generator draws, and against Bayes' theorem written out."""

import itertools

import numpy as np
import pytest
from scipy.stats import multinomial, poisson
from sklearn.datasets import make_multilabel_classification

from helpers.data import Oracle, make_dataset

# Keywords that change what the generator does; all seeds but 1 have labels that are common enough.
SETTINGS = {
    "the usual case": {"random_state": 2},
    "another seed": {"random_state": 3},
    "no row without labels": {"random_state": 4, "allow_unlabeled": False},
    "2 classes, short rows": {"random_state": 5, "n_classes": 2, "n_labels": 1, "length": 5},
    "4 classes, long rows": {"random_state": 6, "n_classes": 4, "n_labels": 3, "length": 200},
    "5 classes, 4 words": {"random_state": 7, "n_classes": 5, "n_features": 4},
    "6 classes, all of it": {
        "random_state": 8,
        "n_classes": 6,
        "n_features": 20,
        "n_labels": 4,
        "length": 20,
        "allow_unlabeled": False,
    },
}
settings = pytest.mark.parametrize("keywords", SETTINGS.values(), ids=SETTINGS)


@pytest.fixture(scope="module")
def article():
    """The article's 1,000 rows, followed by 50,000 fresh ones."""
    return make_dataset(51_000)


def standard_errors(events, probabilities):
    """How far, down the columns, the number of events is from the sum of their probabilities."""
    variance = (probabilities * (1 - probabilities)).sum(axis=0)
    return (events - probabilities).sum(axis=0)[variance > 5] / variance[variance > 5] ** 0.5


def which_sets(y, label_sets):
    """One column a label set: True where the row has it."""
    return (y[:, None, :] == label_sets).all(axis=2)


# --- against frequencies -------------------------------------------------------------------------


@pytest.mark.slow
def test_prior_is_what_200_000_rows_show():
    _, y = make_dataset(200_000, random_state=2)
    oracle = Oracle(2)
    drawn = which_sets(y, oracle.label_sets)
    assert drawn.any(axis=1).all(), "a set was drawn that the oracle does not know"
    assert (drawn.sum(axis=0) > 1000).all(), "too few to compare"
    errors = standard_errors(drawn, np.broadcast_to(oracle.label_set_prior, drawn.shape))
    assert np.abs(errors).max() < 4.5


@settings
def test_probabilities_are_as_frequent_as_they_say(keywords):
    """Sets, labels, and predicted sets: each in all rows and where the oracle is torn."""
    X, y = make_dataset(5000, **keywords)
    oracle = Oracle(**keywords)
    set_proba, label_proba = oracle.label_set_proba(X), oracle.predict_proba(X)
    torn = set_proba.max(axis=1) < np.median(set_proba.max(axis=1))
    right = (oracle.predict(X) == y).all(axis=1)[:, None]
    for rows in (slice(None), torn, ~torn):
        for events, probabilities in [
            (which_sets(y, oracle.label_sets), set_proba),
            (y, label_proba),
            (right, set_proba.max(axis=1, keepdims=True)),
        ]:
            errors = standard_errors(events[rows], probabilities[rows])
            assert len(errors), "nothing to compare"
            assert np.abs(errors).max() < 4.5


def test_subset_accuracy_of_the_article_s_rows_and_of_fresh_ones(article):
    X, y = article
    right = (Oracle().predict(X) == y).all(axis=1)
    assert right[:1000].sum() == 868
    assert right[1000:].mean() == pytest.approx(0.838, abs=0.004)


def test_hamming_accuracy_of_fresh_rows(article):
    """Its labels, not its label sets, are what this one asks for."""
    X, y = (part[1000:] for part in article)
    assert ((Oracle().predict_proba(X) >= 0.5) == y).mean() == pytest.approx(0.917, abs=0.004)


# --- against the theorem -------------------------------------------------------------------------


def generator(random_state, **keywords):
    """The generator's own priors and words, without any help of this workshop."""
    return make_multilabel_classification(
        1, random_state=random_state, return_distributions=True,
        **({"n_features": 10, "n_classes": 3, "n_labels": 2} | keywords),
    )[2:]  # fmt: skip


def prior_by_brute_force(p_class, n_labels, allow_unlabeled):
    """Every order in which labels can be drawn without putting one back, added up by set."""
    n_classes = len(p_class)
    sizes = range(0 if allow_unlabeled else 1, n_classes + 1)
    weight = {size: poisson.pmf(size, n_labels) for size in sizes}
    prior = {}
    for size in sizes:
        for order in itertools.permutations(range(n_classes), size):
            chance, left = weight[size] / sum(weight.values()), 1.0
            for label in order:
                chance, left = chance * p_class[label] / left, left - p_class[label]
            key = tuple(int(label in order) for label in range(n_classes))
            prior[key] = prior.get(key, 0) + chance
    return prior


@settings
def test_prior_by_brute_force(keywords):
    p_class, _ = generator(**keywords)
    n_labels, unlabeled = keywords.get("n_labels", 2), keywords.get("allow_unlabeled", True)
    expected = prior_by_brute_force(p_class, n_labels, unlabeled)
    oracle = Oracle(**keywords)
    found = dict(zip(map(tuple, oracle.label_sets.tolist()), oracle.label_set_prior, strict=True))
    assert found == pytest.approx(expected, rel=1e-9)
    assert sum(found.values()) == pytest.approx(1)
    assert ((0,) * len(p_class) in found) == unlabeled


@settings
def test_probabilities_by_the_theorem(keywords):
    X, _ = make_dataset(20, **keywords)
    _, p_word = generator(**keywords)
    oracle = Oracle(**keywords)
    for x, found in zip(X.astype(int), oracle.label_set_proba(X), strict=True):
        joint = []
        for labels, prior in zip(oracle.label_sets, oracle.label_set_prior, strict=True):
            words = np.full(len(x), 1 / len(x))
            if labels.any():
                words = p_word[:, labels == 1].mean(axis=1)
            joint.append(prior * multinomial.pmf(x, x.sum(), words))
        np.testing.assert_allclose(found, np.array(joint) / sum(joint), rtol=1e-6, atol=1e-12)


@settings
def test_labels_are_sums_over_sets_and_predictions_the_largest(keywords):
    X, _ = make_dataset(50, **keywords)
    oracle = Oracle(**keywords)
    set_proba, label_proba = oracle.label_set_proba(X), oracle.predict_proba(X)
    np.testing.assert_allclose(set_proba.sum(axis=1), 1)
    for label in range(label_proba.shape[1]):
        has_it = oracle.label_sets[:, label] == 1
        np.testing.assert_allclose(label_proba[:, label], set_proba[:, has_it].sum(axis=1))
    best = which_sets(oracle.predict(X), oracle.label_sets)
    np.testing.assert_array_equal(best.sum(axis=1), 1)
    np.testing.assert_array_equal(set_proba[best], set_proba.max(axis=1))


def test_a_dozen_labels_work():
    X, y = make_dataset(30, 2, n_classes=12, n_labels=4)
    oracle = Oracle(2, n_classes=12, n_labels=4)
    assert oracle.label_sets.shape == (2**12, 12)
    assert oracle.label_set_prior.sum() == pytest.approx(1)
    assert (oracle.predict(X) == y).mean() > 0.7


def test_tables_and_whole_numbers_are_fine():
    X, _ = make_dataset(5)
    oracle = Oracle()
    expected = oracle.predict_proba(X)
    assert (expected.shape, oracle.predict(X).dtype) == ((5, 3), "int64")
    np.testing.assert_array_equal(oracle.predict_proba(X.astype(int).tolist()), expected)


# --- what it refuses -----------------------------------------------------------------------------

X_GOOD = make_dataset(3)[0]


@pytest.mark.parametrize(
    "X",
    [X_GOOD / 2, -X_GOOD, X_GOOD[:, :9], X_GOOD - X_GOOD.mean(axis=0)],
    ids=["halves", "negative", "a column less", "scaled"],
)
@pytest.mark.parametrize("method", ["label_set_proba", "predict_proba", "predict"])
def test_anything_but_counts_is_refused(X, method):
    with pytest.raises(ValueError, match=r"X: expected 10 columns of word counts.*unscaled"):
        getattr(Oracle(), method)(X)


def test_one_row_as_a_list_is_refused():
    with pytest.raises(ValueError, match=r"for one row use \[row\]"):
        Oracle().predict(X_GOOD[0])


@pytest.mark.parametrize("random_state", [None, np.random.RandomState(1)])
def test_without_a_number_to_repeat_there_is_no_oracle(random_state):
    with pytest.raises(ValueError, match=r"random_state=.*pass the whole number"):
        Oracle(random_state)


def test_too_many_classes_are_refused():
    with pytest.raises(ValueError, match="n_classes=17"):
        Oracle(n_classes=17)
