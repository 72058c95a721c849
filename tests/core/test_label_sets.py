"""Label sets as classes, and the classifier that takes them so."""

import pickle

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from sklearn.base import clone, is_classifier
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted

from helpers.data import make_dataset
from helpers.labels import (
    LabelPowersetClassifier,
    find_label_sets,
    independent_set_proba,
    keep_seen_sets,
    marginals,
    most_probable_sets,
)

ALL_SETS = np.array([[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1],
                     [1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]])  # fmt: skip
X, Y = make_dataset(n_samples=200)
LOGISTIC = LogisticRegression(solver="newton-cholesky")


# --- the functions -------------------------------------------------------------------------------


def test_label_sets_are_those_that_occur_in_the_order_of_their_numbers():
    y = ALL_SETS[[6, 2, 2, 0, 6, 5]]
    label_sets, set_of_row = find_label_sets(y)
    assert label_sets.tolist() == ALL_SETS[[0, 2, 5, 6]].tolist()
    assert set_of_row.tolist() == [3, 1, 1, 0, 3, 2]
    assert label_sets.dtype == set_of_row.dtype == "int64"


def test_label_sets_of_tables_and_booleans():
    for y in (pd.DataFrame(Y), Y.astype(bool), Y.tolist()):
        label_sets, set_of_row = find_label_sets(y)
        np.testing.assert_array_equal(label_sets[set_of_row], Y)


def test_marginals_by_hand():
    set_proba = [[0.1, 0.2, 0.3, 0.4], [1, 0, 0, 0]]
    label_sets = [[0, 0, 1], [0, 1, 1], [1, 0, 0], [1, 1, 0]]
    found = marginals(set_proba, label_sets)
    np.testing.assert_allclose(found, [[0.7, 0.6, 0.3], [0, 0, 1]])


def test_marginals_never_pass_one():
    shares = np.full((1, 8), 1 / 8 + 1e-9)  # what float32 may sum up to
    assert marginals(shares, np.ones((8, 3), int)).tolist() == [[1.0, 1.0, 1.0]]


def test_most_probable_set_need_not_be_that_of_the_most_probable_labels():
    set_proba = np.array([[0.4, 0.3, 0.3], [0.2, 0.5, 0.3]])
    label_sets = [[0, 0], [1, 0], [1, 1]]
    assert most_probable_sets(set_proba, label_sets).tolist() == [[0, 0], [1, 0]]
    assert (marginals(set_proba, label_sets) >= 0.5).astype(int).tolist() == [[1, 0], [1, 0]]


def test_independence_by_hand():
    found = independent_set_proba([[0.2, 0.7, 0.5]], ALL_SETS[[0, 3, 6]])
    np.testing.assert_allclose(found, [[0.8 * 0.3 * 0.5, 0.8 * 0.7 * 0.5, 0.2 * 0.7 * 0.5]])


def test_independence_over_all_sets_is_the_way_back_from_marginals():
    y_prob = np.random.default_rng(1).random((50, 3))
    set_proba = independent_set_proba(y_prob, ALL_SETS)
    np.testing.assert_allclose(set_proba.sum(axis=1), 1)
    np.testing.assert_allclose(marginals(set_proba, ALL_SETS), y_prob)
    most_probable = most_probable_sets(set_proba, ALL_SETS)
    np.testing.assert_array_equal(most_probable, (y_prob >= 0.5).astype(int))


def test_marginals_forget_how_labels_hang_together():
    set_proba = np.array([[0.5, 0.0, 0.0, 0.5]])  # both or none
    label_sets = [[0, 0], [0, 1], [1, 0], [1, 1]]
    found = independent_set_proba(marginals(set_proba, label_sets), label_sets)
    assert found.tolist() == [[0.25] * 4]


def test_sets_not_seen_lose_their_share_to_the_others():
    set_proba = np.array([[0.2, 0.3, 0.5], [0.0, 0.6, 0.4]])
    kept = keep_seen_sets(set_proba, seen=[2, 0, 0, 2])
    np.testing.assert_allclose(kept, [[0.2 / 0.7, 0, 0.5 / 0.7], [0, 0, 1]])
    assert set_proba.tolist() == [[0.2, 0.3, 0.5], [0.0, 0.6, 0.4]], "the input was changed"
    np.testing.assert_allclose(keep_seen_sets(set_proba, seen=[0, 1, 2]), set_proba)


def test_row_whose_whole_share_is_lost_leaves_all_seen_sets_alike():
    set_proba = np.array([[0, 1, 0], [0.5, 0, 0.5]], dtype="float32")
    kept = keep_seen_sets(set_proba, seen=[0, 2])
    assert kept.tolist() == [[0.5, 0, 0.5], [0.5, 0, 0.5]]


@pytest.mark.parametrize("seen", [[], [3], [-1]])
def test_some_set_must_have_been_seen(seen):
    with pytest.raises(ValueError, match=r"seen=.*expected numbers from 0 to 2"):
        keep_seen_sets([[0.2, 0.3, 0.5]], seen)


# --- the classifier ------------------------------------------------------------------------------


def test_classifier_is_the_multi_class_fit_on_set_numbers():
    numbers = Y @ [4, 2, 1]
    by_hand = clone(LOGISTIC).fit(X, numbers)
    classifier = LabelPowersetClassifier(LOGISTIC).fit(X, Y)
    np.testing.assert_array_equal(classifier.label_sets_ @ [4, 2, 1], by_hand.classes_)
    set_proba = by_hand.predict_proba(X)
    np.testing.assert_allclose(classifier.predict_label_set_proba(X), set_proba)
    np.testing.assert_array_equal(classifier.predict(X) @ [4, 2, 1], by_hand.predict(X))
    has_label = (by_hand.classes_[:, None] & [4, 2, 1]) > 0
    np.testing.assert_allclose(classifier.predict_proba(X), set_proba @ has_label)
    assert classifier.score(X, Y) == (by_hand.predict(X) == numbers).mean()


def test_the_most_probable_set_is_predicted_not_the_most_probable_labels():
    y = np.repeat([[0, 0], [1, 0], [1, 1]], [4, 3, 3], axis=0)
    classifier = LabelPowersetClassifier(DummyClassifier(strategy="prior")).fit(y, y)
    np.testing.assert_allclose(classifier.predict_proba(y), np.tile([0.6, 0.3], (10, 1)))
    assert classifier.predict(y).tolist() == [[0, 0]] * 10


def test_the_estimator_given_stays_unfitted():
    estimator = KNeighborsClassifier()
    classifier = LabelPowersetClassifier(estimator).fit(X, Y)
    assert classifier.estimator is estimator
    with pytest.raises(AttributeError, match="not fitted"):
        check_is_fitted(estimator)


def test_sets_that_training_rows_lack_are_never_predicted():
    rows = Y[:, 2] == 0
    classifier = LabelPowersetClassifier(KNeighborsClassifier()).fit(X[rows], Y[rows])
    assert not classifier.label_sets_[:, 2].any()
    assert not classifier.predict(X)[:, 2].any()
    assert not classifier.predict_proba(X)[:, 2].any()
    assert classifier.predict_proba(X).shape == (200, 3)


def test_columns_of_a_table_are_remembered_and_checked():
    table = pd.DataFrame(X, columns=[f"word {i}" for i in range(10)])
    classifier = LabelPowersetClassifier(LOGISTIC).fit(table, pd.DataFrame(Y))
    assert classifier.n_features_in_ == 10
    assert classifier.feature_names_in_.tolist() == list(table.columns)
    with pytest.raises(ValueError, match="feature names"):
        classifier.predict(table.rename(columns={"word 0": "other"}))


def test_texts_and_sparse_features_are_left_to_the_estimator():
    texts = np.array(["sun " * a + "rain " * b + "today" for a, b, _ in Y])
    pipeline = make_pipeline(CountVectorizer(), DecisionTreeClassifier())
    classifier = LabelPowersetClassifier(pipeline).fit(texts, Y[:, :2])
    np.testing.assert_array_equal(classifier.predict(texts), Y[:, :2])
    classifier = LabelPowersetClassifier(DecisionTreeClassifier()).fit(csr_array(X), Y)
    np.testing.assert_array_equal(classifier.predict(csr_array(X)), Y)


def test_clone_search_and_pickle():
    classifier = LabelPowersetClassifier(LOGISTIC)
    assert clone(classifier).get_params()["estimator__solver"] == "newton-cholesky"
    search = GridSearchCV(classifier, {"estimator__C": [1e-6, 1.0]}, cv=2).fit(X, Y)
    assert search.best_params_ == {"estimator__C": 1.0}
    again = pickle.loads(pickle.dumps(search))
    np.testing.assert_array_equal(again.predict_proba(X), search.predict_proba(X))


def test_scikit_learn_takes_it_for_a_multi_label_classifier():
    classifier = LabelPowersetClassifier(make_pipeline(StandardScaler(), LOGISTIC))
    assert is_classifier(classifier)
    assert get_tags(classifier).classifier_tags.multi_label
    assert get_tags(classifier).input_tags == get_tags(classifier.estimator).input_tags
    y_prob = cross_val_predict(classifier, X, Y, cv=2, method="predict_proba")
    assert y_prob.shape == (200, 3)
    area = cross_val_score(classifier, X, Y, cv=2, scoring="roc_auc")
    assert (area > 0.8).all()


@pytest.mark.parametrize(
    ("estimator", "error", "message"),
    [
        (LinearSVC(), TypeError, r"estimator is LinearSVC\(\): pass one that has predict_proba"),
        (LogisticRegression, TypeError, "instance"),
        (None, TypeError, "estimator is None"),
    ],
)
def test_estimators_refused(estimator, error, message):
    with pytest.raises(error, match=message):
        LabelPowersetClassifier(estimator).fit(X, Y)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (Y[:, 0], "y has shape"),
        (Y + 1, "y holds 2"),
        (np.where(Y == 1, np.nan, 0), "y holds nan in row 0"),
        (csr_array(Y), r"y is a sparse matrix: pass y\.toarray"),
        (Y * 0.5, "Unknown label type: continuous"),
        (Y[:, 0] * 0.5, "Unknown label type: continuous"),
    ],
)
def test_labels_refused(y, message):
    with pytest.raises(ValueError, match=message):
        LabelPowersetClassifier(LOGISTIC).fit(X, y)


def test_complex_features_are_refused_and_sparse_ones_where_the_estimator_refuses_them():
    with pytest.raises(ValueError, match="Complex data not supported"):
        LabelPowersetClassifier(LOGISTIC).fit(X * 1j, Y)
    with pytest.raises(TypeError, match="Sparse data was passed for X, but dense"):
        LabelPowersetClassifier(GaussianNB()).fit(csr_array(X), Y)


# --- what would otherwise be a wrong number ------------------------------------------------------


@pytest.mark.parametrize("seen", [[True, False, True], [0, 7], [-1, 0], [0.0, 1.0]])
def test_sets_seen_are_numbers_of_sets(seen):
    with pytest.raises(ValueError, match="expected numbers from 0 to 2"):
        keep_seen_sets([[0.2, 0.3, 0.5]], seen)


@pytest.mark.parametrize("function", [marginals, most_probable_sets])
def test_each_set_has_its_column(function):
    with pytest.raises(ValueError, match=r"expected \(rows, 3\), one column per label set"):
        function([[0.1, 0.9]], [[0, 0], [0, 1], [1, 1]])
    with pytest.raises(ValueError, match="holds NaN"):
        function([[0.1, 0.7, np.nan]], [[0, 0], [0, 1], [1, 1]])


def test_each_label_has_its_column_and_its_probability():
    with pytest.raises(ValueError, match="expected 3 labels"):
        independent_set_proba([[0.5], [0.2]], [[0, 0, 0], [1, 1, 1]])
    with pytest.raises(ValueError, match="between 0 and 1"):
        independent_set_proba([[0.5, 1.2]], [[0, 0], [1, 1]])
