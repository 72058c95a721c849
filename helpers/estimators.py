"""Cross-validation of scikit-learn estimators, without TensorFlow: lessons 05 and 06.

Folds and results are those of `helpers.evaluation`, which has `evaluate_estimator`, too.
"""

import contextlib
import warnings

import numpy as np
from scipy.sparse import issparse
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier
from sklearn.pipeline import Pipeline
from sklearn.utils import get_tags
from sklearn.utils.parallel import Parallel, delayed

from helpers._arguments import (
    check_labels,
    check_missing_labels,
    check_rows,
    refuse_pictures,
)
from helpers._progress import progress_bar
from helpers.results import collect_result
from helpers.splits import name_labels, number_groups, split_rows, warn_of_absent_labels


def evaluate_estimator(
    X, y, estimator, cv=None, n_jobs=None, progress=False, groups=None, missing_labels="refuse"
):
    """Cross-validate a scikit-learn estimator that predicts several labels.

    Parameters
    ----------
    X : DataFrame, sparse matrix or array-like of shape (n_samples, n_features)
        Handed to the estimator as it is, row by row: a pipeline may take text, names, gaps.
    y : array-like of shape (n_samples, n_labels)
        0 or 1. One column, a single yes-or-no label, is handed over as a vector, as scikit-learn's
        classifiers expect it. NaN where a label is not known, with ``missing_labels="mask"``.
    estimator : estimator with `fit` and `predict`
        It is cloned for each fold and stays as it is. Its own `predict` is what is scored;
        `predict_proba`, where there is one, gives the probabilities.
    cv : scikit-learn splitter, int, iterable of (train, test), or None
        As in `helpers.evaluation.evaluate_model`; None is the same 3 × 10 folds.
    n_jobs : int or None, default=None
        Processes that share the folds, as in scikit-learn. What you have set for warnings and in
        `sklearn.set_config` holds in them, too.
    progress : bool, default=False
        Show a bar that counts folds.
    groups : array-like of shape (n_samples,), optional
        As in `helpers.evaluation.evaluate_model`: rows of one group never stand on both sides of a
        fold. The `cv` of a `GridSearchCV` or `RandomizedSearchCV` keeps them together, too; one
        that does not is refused.
    missing_labels : {"refuse", "mask"}, default="refuse"
        What to do about labels that are not known, NaN in `y`. "mask" leaves them out of the
        scores, as in `helpers.metrics.score_table`, and out of training, which takes an estimator
        that learns label by label: `OneVsRestClassifier` or `MultiOutputClassifier`, or a pipeline
        that ends with one. A clone of what is in it learns each label from the rows that know it.

    Returns
    -------
    helpers.results.EvaluationResult
        Without a history.

    Warns
    -----
    UserWarning
        Once, if labels have no row to learn from, or none to be scored by, in some folds. Once, if
        groups are given and a part of the estimator splits its training rows by itself,
        such as by ``early_stopping=True``: that split knows nothing of groups.

    Raises
    ------
    TypeError, ValueError
        Naming the argument, what was found and what to do.

    Examples
    --------
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> from helpers.data import make_dataset
    >>> X, y = make_dataset(n_samples=100)
    >>> result = evaluate_estimator(X, y, KNeighborsClassifier(), cv=5)
    >>> result.scores.shape, result.probabilities.shape
    ((5, 9), (1, 100, 3))
    """
    given = y
    refuse_pictures(X)
    X, y = check_rows(X, y, check_missing_labels(missing_labels))
    names = name_labels(given, y.shape[1])
    needed = ("fit", "predict", "get_params")  # the last one tells it from a Keras model
    if isinstance(estimator, type) or not all(hasattr(estimator, name) for name in needed):
        raise TypeError(
            f"estimator is {estimator!r}: pass a scikit-learn estimator such as "
            "KNeighborsClassifier(). For a Keras model use helpers.evaluation.evaluate_model."
        )
    if np.isnan(y).any():
        estimator = _masked(estimator)
    folds = split_rows(cv, X, y, groups)
    warn_of_absent_labels(y, folds, names, stacklevel=3)
    if groups is not None:
        groups = number_groups(groups, len(y))
        _warn_of_own_splits(estimator, len(y))
    pieces = Parallel(n_jobs=n_jobs, return_as="generator")(
        delayed(_fit_and_predict)(clone(estimator), X, y, groups, names, number, *fold)
        for number, fold in enumerate(folds)
    )
    probabilities, labels = [], []
    with progress_bar(len(folds), "fold", progress) as advance:
        for p, predicted in pieces:
            probabilities.append(p)
            labels.append(predicted)
            advance()
    return collect_result(y, folds, probabilities, labels)


def label_probabilities(estimator, X, one_label=False):
    """Return an estimator's label probabilities in one form, whatever form it gives them in.

    `one_label` says that it was fitted on a vector, of one label.
    """
    if not hasattr(estimator, "predict_proba"):
        return _predicted(estimator, X, one_label).astype("float64")
    found = estimator.predict_proba(X)
    if not (one_label or isinstance(found, list)):
        return np.asarray(_dense(found), dtype="float64")
    classes_of_labels = [estimator.classes_] if one_label else estimator.classes_
    # A label that all training rows share has one class only, and so one column.
    if not all(np.isin(classes, [0, 1]).all() for classes in classes_of_labels):
        raise ValueError(f"estimator was fitted on classes {classes_of_labels}: expected 0 and 1.")
    columns = [
        p[:, list(classes).index(1)] if 1 in classes else np.zeros(len(p))
        for p, classes in zip([found] if one_label else found, classes_of_labels, strict=True)
    ]
    return np.column_stack(columns)


def _fit_and_predict(estimator, X, y, groups, names, number, train, test):
    X_train, X_test = (X.iloc[rows] if hasattr(X, "iloc") else X[rows] for rows in (train, test))
    one_label = y.shape[1] == 1 and _takes_vector(estimator)
    search = _search_in(estimator)
    if groups is not None and search is not None:
        inner = 5 if search.cv is None else search.cv
        try:
            search.set_params(cv=split_rows(inner, X_train, y[train], groups[train]))
        except ValueError as error:
            raise ValueError(f"estimator: its own {error}") from error
    with _explaining(y[train], names, number):
        estimator.fit(X_train, y[train, 0] if one_label else y[train])
        labels = _predicted(estimator, X_test, one_label)
        probabilities = label_probabilities(estimator, X_test, one_label)
    for name, values in [("predict", labels), ("predict_proba", probabilities)]:
        if values.shape != (len(test), y.shape[1]):
            raise ValueError(
                f"estimator: its {name} returned shape {values.shape} for {len(test)} rows and "
                f"{y.shape[1]} labels. Does it predict several labels? "
                "OneVsRestClassifier and MultiOutputClassifier make it do so."
            )
    return probabilities, check_labels(labels, "the estimator's predict(X)")


def _takes_vector(estimator):
    """Tell whether it takes one label as a vector: all do but those made for label matrices."""
    if isinstance(estimator, Pipeline):
        return _takes_vector(estimator[-1])
    if isinstance(estimator, (GridSearchCV, RandomizedSearchCV)):
        return _takes_vector(estimator.estimator)
    return get_tags(estimator).target_tags.single_output


class _LabelByLabel(ClassifierMixin, BaseEstimator):
    """Fit a clone of a classifier to each label, on the rows that know it; NaN in `y` elsewhere."""

    def __init__(self, estimator):
        self.estimator = estimator

    def fit(self, X, y):
        self.estimators_ = []
        for column in y.T:
            rows = np.flatnonzero(~np.isnan(column))
            known = column[rows].astype("int64")
            one_answer = len(np.unique(known)) < 2  # none known counts as no
            self.estimators_.append(
                DummyClassifier(strategy="constant", constant=int(known.any())).fit(
                    [[0]] * 2, [0, 1]
                )
                if one_answer
                else clone(self.estimator).fit(
                    X.iloc[rows] if hasattr(X, "iloc") else X[rows], known
                )
            )
        return self

    def predict(self, X):
        return np.column_stack([fitted.predict(X) for fitted in self.estimators_])

    def predict_proba(self, X):
        return np.column_stack([label_probabilities(e, X, True)[:, 0] for e in self.estimators_])

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags = get_tags(self.estimator).input_tags
        tags.target_tags.single_output, tags.target_tags.multi_output = False, True
        return tags


def _masked(estimator):
    """Return the estimator that leaves out labels that are not known, or refuse."""
    if isinstance(estimator, Pipeline):
        *steps, (name, last) = estimator.steps
        return Pipeline([*steps, (name, _masked(last))], memory=estimator.memory)
    if not isinstance(estimator, (OneVsRestClassifier, MultiOutputClassifier)):
        raise ValueError(
            f"estimator is {estimator!r}, and y holds NaN: only what learns label by label can "
            "leave out labels that are not known. Pass OneVsRestClassifier(estimator), use "
            "helpers.evaluation.evaluate_model, or leave out rows that are not wholly known."
        )
    return _LabelByLabel(estimator.estimator)


def _search_in(estimator):
    """Return the search for hyperparameters that an estimator is or ends with, or None."""
    if isinstance(estimator, Pipeline):
        return _search_in(estimator[-1])
    return estimator if isinstance(estimator, (GridSearchCV, RandomizedSearchCV)) else None


def _warn_of_own_splits(estimator, n_rows):
    """Warn of parts that split training rows without regard to groups, but for a search's `cv`."""
    parameters, found = estimator.get_params(), []
    for name, value in parameters.items():
        *path, what = name.split("__")
        part = parameters["__".join(path)] if path else estimator
        is_off = isinstance(part, ClassifierChain) and value is None
        if what == "cv" and part is not _search_in(estimator):
            splits = not (is_off or (isinstance(value, str) and value == "prefit"))
        else:  # "auto" stops early where there are many rows
            splits = what == "early_stopping" and (
                value is True or (value == "auto" and n_rows > 10_000)
            )
        if splits:
            found.append(f"{what}={value!r} of {type(part).__name__}")
    if found:
        warnings.warn(
            f"estimator splits its training rows by itself ({', '.join(found)}), and that split "
            "does not keep groups together: what it chooses there may be too good to be true. The "
            "folds that are scored do.",
            stacklevel=3,
        )


@contextlib.contextmanager
def _explaining(y, names, number):
    """Say what is behind an error of an estimator whose training rows of a fold have labels `y`."""
    try:
        yield
    except ValueError as error:
        constant = np.flatnonzero(y.min(axis=0) == y.max(axis=0))
        if "1d array" in str(error):
            hint = (
                "by itself it predicts one label only; OneVsRestClassifier(estimator) and "
                "MultiOutputClassifier(estimator) predict several"
            )
        elif len(constant) and "class" in str(error):
            hint = (
                f"{names[constant[0]]} is {y[0, constant[0]]} in all training rows of fold "
                f"{number}, counted from 0, from which it may not learn; stratify the folds "
                "(StratifiedLabelKFold) or leave that label out"
            )
        else:
            raise
        raise ValueError(f"estimator: {hint}. It said: {error}") from error


def _predicted(estimator, X, one_label):
    labels = _dense(estimator.predict(X))
    return np.column_stack([labels]) if one_label else labels  # a vector becomes a column


def _dense(matrix):
    return matrix.toarray() if issparse(matrix) else np.asarray(matrix)
