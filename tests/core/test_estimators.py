"""evaluate_estimator: whatever form scikit-learn's answers have, and what is refused."""

import contextlib
import warnings

import numpy as np
import pandas as pd
import pytest
from plain_loop import evaluate_quietly
from scipy.sparse import coo_matrix, csr_array
from sklearn import config_context, get_config, metrics
from sklearn.base import BaseEstimator, clone
from sklearn.compose import make_column_transformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.model_selection import GridSearchCV, KFold, RepeatedKFold, cross_val_score
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier

from helpers import estimators
from helpers.data import make_dataset
from helpers.estimators import evaluate_estimator, label_probabilities
from helpers.evaluation import compare
from helpers.labels import LabelPowersetClassifier
from helpers.models import make_mlp

X, Y = make_dataset(n_samples=120, random_state=2)
CV = RepeatedKFold(n_splits=4, n_repeats=2, random_state=1)
LOGISTIC = LogisticRegression(solver="newton-cholesky")  # the fastest on so few rows

ESTIMATORS = {
    "one-vs-rest": OneVsRestClassifier(LOGISTIC),
    "multi-output, a list": MultiOutputClassifier(LOGISTIC),
    "chain": ClassifierChain(LOGISTIC, random_state=1),
    "forest, a list": RandomForestClassifier(5, random_state=1),
    "tree, a list": DecisionTreeClassifier(random_state=1),
    "neighbors, a list": KNeighborsClassifier(),
    "dummy, a list": DummyClassifier(strategy="prior"),
    "network": MLPClassifier((5,), max_iter=20, random_state=1),
    "label sets": LabelPowersetClassifier(KNeighborsClassifier()),
    "labels alone": MultiOutputClassifier(LinearSVC(random_state=1)),
    "labels alone, by itself": RidgeClassifier(),
    "pipeline": make_pipeline(StandardScaler(), KNeighborsClassifier()),
    "search": GridSearchCV(KNeighborsClassifier(), {"n_neighbors": [1, 5]}, cv=2),
    "search of a pipeline": GridSearchCV(
        make_pipeline(StandardScaler(), OneVsRestClassifier(LOGISTIC)),
        {"onevsrestclassifier__estimator__C": [0.1, 1.0]},
        cv=2,
    ),
}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("estimator", ESTIMATORS.values(), ids=ESTIMATORS)
def test_any_estimator_of_several_labels(estimator):
    """Scores, labels and probabilities are those of a plain loop over the folds."""
    before = {name: repr(value) for name, value in estimator.get_params().items()}
    result = evaluate_estimator(X, Y, estimator, cv=CV)
    assert {name: repr(value) for name, value in estimator.get_params().items()} == before
    assert not [name for name in vars(estimator) if name.endswith("_")], "it was fitted"

    expected = cross_val_score(clone(estimator), X, Y, cv=CV, scoring="accuracy")
    np.testing.assert_allclose(result.scores["subset_accuracy"], expected)
    for k, (train, test) in enumerate(CV.split(X)):
        fitted = clone(estimator).fit(X[train], Y[train])
        np.testing.assert_array_equal(result.labels[k // 4, test], fitted.predict(X[test]))
        np.testing.assert_allclose(
            result.probabilities[k // 4, test], probabilities_by_hand(fitted, X[test]), rtol=1e-6
        )
    assert result.history is None


def probabilities_by_hand(fitted, X_test):
    if not hasattr(fitted, "predict_proba"):
        return fitted.predict(X_test)
    found = fitted.predict_proba(X_test)
    return np.transpose([p[:, 1] for p in found]) if isinstance(found, list) else found


@pytest.mark.parametrize("constant", [0, 1])
@pytest.mark.parametrize(
    "estimator",
    [
        DummyClassifier(strategy="prior"),
        RandomForestClassifier(3, random_state=1),
        KNeighborsClassifier(),
        MultiOutputClassifier(DecisionTreeClassifier()),
        make_pipeline(StandardScaler(), DecisionTreeClassifier()),
        GridSearchCV(KNeighborsClassifier(), {"n_neighbors": [1, 2]}, cv=2),
    ],
    ids=lambda estimator: type(estimator).__name__,
)
def test_label_that_all_training_rows_share_or_lack(estimator, constant):
    """Its list entry has one column, and which class that is must be looked up."""
    y = Y.copy()
    y[:90, 1] = constant
    result = evaluate_estimator(X, y, estimator, cv=[(np.arange(90), np.arange(90, 120))])
    assert (result.probabilities[0, 90:, 1] == constant).all()
    assert (result.labels[0, 90:, 1] == constant).all()
    assert np.ptp(result.labels[0, 90:, 0]) or isinstance(estimator, DummyClassifier)


ONE_LABEL_ALONE = {
    "logistic": LOGISTIC,
    "labels alone": LinearSVC(random_state=1),
    "pipeline": make_pipeline(StandardScaler(), LOGISTIC),
    "of matrices": MultiOutputClassifier(LOGISTIC),
    "label sets": make_pipeline(StandardScaler(), LabelPowersetClassifier(LOGISTIC)),
    "search": GridSearchCV(ClassifierChain(LOGISTIC), {"estimator__C": [1.0]}, cv=2),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("estimator", ONE_LABEL_ALONE.values(), ids=ONE_LABEL_ALONE)
def test_one_label_alone(estimator):
    """A vector to those who want one, a matrix of one column to those who want that."""
    result = evaluate_estimator(X, Y[:, :1], estimator, cv=3)
    for k, (train, test) in enumerate(KFold(3).split(X)):
        plain = estimator if isinstance(estimator, LinearSVC) else LOGISTIC
        predicted = clone(plain).fit(X[train], Y[train, 0]).predict(X[test])
        assert (result.labels[0, test, 0] == predicted).mean() > 0.9, "scaling changes a little"
        found = result.labels[0, test, 0]
        assert result.scores["subset_accuracy"][k] == metrics.accuracy_score(Y[test, 0], found)
        assert result.scores["f1_macro"][k] == pytest.approx(metrics.f1_score(Y[test, 0], found))
    assert result.probabilities.shape == (1, 120, 1)


@pytest.mark.parametrize("constant", [0, 1])
def test_one_label_that_all_training_rows_share_or_lack(constant):
    y = Y[:, :1].copy()
    y[:90] = constant
    folds = [(np.arange(90), np.arange(90, 120))]
    result = evaluate_estimator(X, y, KNeighborsClassifier(), cv=folds)
    assert (result.probabilities[0, 90:] == constant).all()


def test_label_probabilities_may_be_sparse():
    class Sparse(DummyClassifier):
        def predict_proba(self, X):
            return coo_matrix(np.column_stack([p[:, 1] for p in super().predict_proba(X)]))

    found = label_probabilities(Sparse(strategy="prior").fit(X, Y), X[:5])
    np.testing.assert_allclose(found, np.tile(Y.mean(axis=0), (5, 1)))


# --- features of every kind ----------------------------------------------------------------------


def test_table_with_names_gaps_and_text_goes_to_the_pipeline_as_it_is():
    table = pd.DataFrame({"a": X[:, 0], "kind": np.where(X[:, 1] > 4, "much", "little")})
    table.loc[::7, "a"] = np.nan
    table.index = [f"row {i}" for i in range(120)]
    columns = make_column_transformer(
        (SimpleImputer(), ["a"]), (OneHotEncoder(handle_unknown="ignore"), ["kind"])
    )
    pipeline = make_pipeline(columns, KNeighborsClassifier())
    labels = pd.DataFrame(Y, index=table.index, columns=["x", "y", "z"])
    result = evaluate_estimator(table, labels, pipeline, cv=CV)
    expected = cross_val_score(pipeline, table, Y, cv=CV, scoring="accuracy")
    np.testing.assert_allclose(result.scores["subset_accuracy"], expected)


@pytest.mark.parametrize("kind", [np.array, list, pd.Series])
def test_texts_go_to_the_pipeline_as_they_are(kind):
    words = np.array(["sun", "rain", "wind"])
    texts = [" ".join(words[row == 1]) + " today" for row in Y]
    trees = OneVsRestClassifier(DecisionTreeClassifier())
    pipeline = make_pipeline(TfidfVectorizer(norm=None), trees)
    result = evaluate_estimator(kind(texts), Y, pipeline, cv=CV)
    assert (result.scores["subset_accuracy"] == 1).all(), "each label has its own word"


@pytest.mark.parametrize("kind", [coo_matrix, csr_array])
def test_sparse_features_are_fine(kind):
    tree = DecisionTreeClassifier(random_state=1)
    expected = evaluate_estimator(X, Y, tree, cv=CV)
    result = evaluate_estimator(kind(X), Y, tree, cv=CV)
    pd.testing.assert_frame_equal(result.scores, expected.scores)


# --- folds and processes -------------------------------------------------------------------------


def test_same_folds_as_a_keras_model_so_that_both_can_be_compared():
    neighbors = evaluate_estimator(X, Y, KNeighborsClassifier())
    assert len(neighbors.folds) == 30
    network = evaluate_quietly(X, Y, make_mlp, epochs=1)
    assert list(network.scores.columns) == list(neighbors.scores.columns)
    keys = ["repeat", "fold", "n_test"]
    pd.testing.assert_frame_equal(network.scores[keys], neighbors.scores[keys])
    assert compare(neighbors, network)["difference"] > 0, "one epoch is not enough"


@pytest.mark.slow
def test_two_processes_give_the_same_result():
    forest = RandomForestClassifier(3, random_state=1)
    one, two = (evaluate_estimator(X, Y, forest, cv=CV, n_jobs=n) for n in (1, 2))
    pd.testing.assert_frame_equal(one.scores, two.scores)
    np.testing.assert_array_equal(one.probabilities, two.probabilities)
    np.testing.assert_array_equal(one.labels, two.labels)


@pytest.mark.parametrize("n_jobs", [None, pytest.param(2, marks=pytest.mark.slow)])
def test_processes_keep_to_the_settings_of_the_caller(n_jobs):
    """Filters of warnings, and scikit-learn's own configuration."""
    hasty = OneVsRestClassifier(LogisticRegression(max_iter=1))
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        with pytest.raises(ConvergenceWarning):
            evaluate_estimator(X, Y, hasty, cv=CV, n_jobs=n_jobs)
    with config_context(assume_finite=True):
        result = evaluate_estimator(X, Y, AssumesFinite(), cv=CV, n_jobs=n_jobs)
    assert result.labels.all()


class AssumesFinite(BaseEstimator):
    """Give each row all labels, if that setting of scikit-learn has arrived."""

    def fit(self, X, y):
        self.n_labels_ = y.shape[1]
        return self

    def predict(self, X):
        return np.full((len(X), self.n_labels_), int(get_config()["assume_finite"]))


@pytest.mark.parametrize("progress", [False, True])
def test_bar_counts_folds(progress, monkeypatch):
    bars, ticks = [], []

    @contextlib.contextmanager
    def counting_bar(*arguments):
        bars.append(arguments)
        yield lambda: ticks.append(1)

    monkeypatch.setattr(estimators, "progress_bar", counting_bar)
    evaluate_estimator(X, Y, DummyClassifier(), cv=CV, progress=progress)
    assert (bars, len(ticks)) == ([(8, "fold", progress)], 8)


# --- refusals ------------------------------------------------------------------------------------


class KerasLike:
    def fit(self, X, y):
        """Learn nothing."""

    def predict(self, X):
        return np.zeros((len(X), 3))


class OneNumberARow(BaseEstimator):
    def fit(self, X, y):
        return self

    def predict(self, X):
        return np.zeros(len(X))


@pytest.mark.parametrize(
    "estimator", [KNeighborsClassifier, KerasLike(), StandardScaler(), "knn", None, make_mlp]
)
def test_what_is_no_estimator_is_refused(estimator):
    message = r"estimator is .*: pass a scikit-learn estimator such as .*evaluate_model"
    with pytest.raises(TypeError, match=message):
        evaluate_estimator(X, Y, estimator, cv=CV)


ONE_LABEL = r"estimator: by itself it predicts one label only; OneVsRestClassifier\(estimator\)"


@pytest.mark.parametrize(
    ("estimator", "message"),
    [
        (LOGISTIC, ONE_LABEL),
        (GaussianNB(), ONE_LABEL),
        (make_pipeline(StandardScaler(), SVC()), ONE_LABEL),
        (GridSearchCV(LOGISTIC, {"C": [1.0]}, cv=2, error_score="raise"), ONE_LABEL),
        (OneNumberARow(), r"its predict returned shape \(30,\) for 30 rows and 3 labels"),
        (RandomForestRegressor(2), r"predict\(X\) holds .*: each label must be 0 or 1"),
        (KNeighborsClassifier(n_neighbors=0), "n_neighbors"),  # scikit-learn says it best
    ],
    ids=lambda value: type(value).__name__,
)
def test_estimators_that_can_not_predict_several_labels(estimator, message):
    with pytest.raises(ValueError, match=message):
        evaluate_estimator(X, Y, estimator, cv=CV)


@pytest.mark.parametrize(
    "estimator",
    [
        MultiOutputClassifier(LOGISTIC),
        ClassifierChain(LOGISTIC),
        ClassifierChain(DecisionTreeClassifier()),  # fails when it is asked for probabilities
    ],
)
def test_estimator_that_can_not_learn_a_constant_label_is_told_which_and_where(estimator):
    y = Y.copy()
    y[30:, 2] = 0
    folds = list(KFold(4).split(X))[::-1]
    message = "is 0 in all training rows of fold 3, counted from 0, .*StratifiedLabelKFold.*It said"
    with pytest.raises(ValueError, match=f"estimator: label number 2 {message}"):
        evaluate_estimator(X, y, estimator, cv=folds)
    y = pd.DataFrame(y, columns=["rain", "wind", "snow"])
    with pytest.raises(ValueError, match=f"estimator: label 'snow' {message}"):
        evaluate_estimator(X, y, estimator, cv=folds)


@pytest.mark.parametrize(
    ("features", "labels", "message"),
    [
        (X, Y[:, 0], r"y has shape \(120,\)"),
        (X, Y * 2, "y holds 2"),
        (X[:100], Y, "X has 100 rows and y has 120"),
        (pd.DataFrame(X[:100]), Y, "X has 100 rows"),
        (coo_matrix(X[:100]), Y, "X has 100 rows"),
    ],
)
def test_data_refused(features, labels, message):
    with pytest.raises(ValueError, match=message):
        evaluate_estimator(features, labels, KNeighborsClassifier(), cv=CV)


def test_cv_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="cv does not fit the 120 rows"):
        evaluate_estimator(X, Y, KNeighborsClassifier(), cv=200)


def test_labels_that_are_not_0_and_1_have_no_probabilities_here():
    forest = RandomForestClassifier(2).fit([[0], [1]], [["yes", "no"], ["no", "yes"]])
    with pytest.raises(ValueError, match="expected 0 and 1"):
        label_probabilities(forest, [[0]])


def test_an_error_that_has_nothing_to_do_with_a_constant_label_stays_what_it_is():
    X, y = np.arange(12.0)[:, None], np.array([[1, 1], [0, 1]] * 6)
    with pytest.raises(ValueError, match="n_neighbors") as error:
        evaluate_estimator(X, y, KNeighborsClassifier(n_neighbors=0), cv=3)
    assert "stratify" not in str(error.value)
