"""Classifier chains that search for the most probable label set: lesson 10."""

import numbers

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.multioutput import ClassifierChain
from sklearn.utils import gen_batches, get_tags
from sklearn.utils.validation import check_is_fitted, validate_data

from helpers._arguments import check_labels, refuse_continuous

MAX_LABELS = 16  # 2 ** 16 label sets are listed, more are too many
ROWS_AT_A_TIME = 50_000  # of features that one estimator sees at once: bounds the memory


class ProbabilisticChainClassifier(MetaEstimatorMixin, ClassifierMixin, BaseEstimator):
    """Predict the most probable label set of a chain of classifiers, instead of a greedy one.

    The chain is scikit-learn's `ClassifierChain`, fitted with the true labels: each link predicts
    one label from the features and the labels before it. The product of its links' probabilities
    is the probability of a whole label set. `ClassifierChain.predict` follows the more probable
    answer at each link, and may miss the most probable set. This one searches for it.

    Parameters
    ----------
    estimator : scikit-learn classifier
        With `predict_proba`. It is cloned for each label, not fitted itself.
    order : array-like of shape (n_labels,), "random" or None, default=None
        As in `ClassifierChain`: which label comes first, second and so on; None is 0, 1, 2, ….
    beam_width : int or None, default=None
        How many beginnings of label sets are kept after each link. None keeps all, which is exact
        and costs ``2 ** n_labels - 1`` predictions for a row; 1 is greedy; any number from
        ``2 ** (n_labels - 1)`` on is exact for `predict`.
    random_state : int, RandomState instance or None, default=None
        For ``order="random"``, and for estimators that use random numbers.

    Attributes
    ----------
    chain_ : ClassifierChain
    order_ : list of int
        Which label each link predicts.
    classes_ : ndarray of shape (n_labels,)
        Numbers of the labels, as scikit-learn's `MLPClassifier` has them.
    n_features_in_ : int

    References
    ----------
    Dembczyński, Cheng and Hüllermeier, Bayes optimal multilabel classification via probabilistic
    classifier chains (2010), for the product rule; Kumar, Vembu, Menon and Elkan, Beam search
    algorithms for multilabel learning (2013).

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from helpers.data import make_dataset
    >>> X, y = make_dataset()
    >>> chain = ProbabilisticChainClassifier(LogisticRegression(max_iter=1000)).fit(X, y)
    >>> chain.predict(X[:1]).tolist(), chain.predict_label_set_proba(X).shape
    ([[1, 1, 0]], (1000, 8))
    """

    def __init__(self, estimator, *, order=None, beam_width=None, random_state=None):
        self.estimator = estimator
        self.order = order
        self.beam_width = beam_width
        self.random_state = random_state

    def fit(self, X, y):
        """Fit one clone of the estimator a label, on the features and the true labels before it.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Finite numbers.
        y : array-like of shape (n_samples, n_labels)
            0 or 1.

        Raises
        ------
        TypeError
            If the estimator has no `predict_proba`.
        ValueError
            If `beam_width` is not None or a whole number of 1 or more, it is None and there are
            more than 16 labels, or `X` or `y` are not as above.
        """
        if not hasattr(self.estimator, "predict_proba"):
            raise TypeError(f"estimator is {self.estimator!r}: pass one that has predict_proba.")
        validate_data(self, X, y, skip_check_array=True)  # refuses y=None
        X = validate_data(self, X)
        refuse_continuous(y)
        y = check_labels(y)
        _check_width(self.beam_width, y.shape[1])
        chain = ClassifierChain(
            clone(self.estimator), order=self.order, random_state=self.random_state
        )
        self.chain_ = chain.fit(X, y)
        self.order_ = [int(label) for label in self.chain_.order_]
        self.classes_ = np.arange(y.shape[1])
        return self

    def predict(self, X):
        """Return the most probable label set of each row that the search finds.

        Returns
        -------
        ndarray of shape (n_samples, n_labels), int64
        """
        sets, _ = self.search(X)
        return sets[:, 0]

    def predict_proba(self, X):
        """Return the probability of each label, summed over the label sets that have it.

        Exact if all sets are searched. A narrower beam knows the sets only that it has kept: their
        probabilities are divided by their sum first, so these are approximations.

        Returns
        -------
        ndarray of shape (n_samples, n_labels)
        """
        check_is_fitted(self)
        sets, log_proba = self._search_all(X, self.beam_width)
        proba = np.exp(log_proba - log_proba.max(axis=1, keepdims=True))
        proba /= proba.sum(axis=1, keepdims=True)
        return np.clip(np.einsum("ns,nsl->nl", proba, sets), 0, 1)

    def predict_label_set_proba(self, X):
        """Return the probability of each label set, whatever the width of the beam.

        Returns
        -------
        ndarray of shape (n_samples, 2 ** n_labels)
            Columns in the order of the binary numbers that the sets write: 000, 001, 010, ….
        """
        check_is_fitted(self)
        _check_width(None, len(self.classes_))
        sets, log_proba = self._search_all(X, None)
        column = sets @ (2 ** np.arange(len(self.classes_))[::-1])
        in_order = np.empty_like(log_proba)
        np.put_along_axis(in_order, column, np.exp(log_proba), axis=1)
        return in_order

    def search(self, X):
        """Return the label sets that the beam ends with, the most probable first.

        Returns
        -------
        sets : ndarray of shape (n_samples, n_kept, n_labels), int64
        proba : ndarray of shape (n_samples, n_kept)
            The probability that the chain gives each of them; they sum to 1 if all are kept. With
            about a thousand labels they can be too small for a float, and become 0; the order of
            the sets and `predict_proba` don't suffer, since the search adds logarithms.
        """
        check_is_fitted(self)
        sets, log_proba = self._search_all(X, self.beam_width)
        return sets, np.exp(log_proba)

    def _search_all(self, X, width):
        X = validate_data(self, X, reset=False)
        kept = 2 ** len(self.classes_) if width is None else min(width, 2 ** len(self.classes_))
        batches = gen_batches(len(X), max(ROWS_AT_A_TIME // kept, 1))
        found = [self._search_rows(X[rows], kept) for rows in batches]
        sets, log_proba = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return sets, log_proba

    def _search_rows(self, X, width):
        """Grow the beginnings of label sets by one label at a time, and keep the best `width`."""
        sets, log_proba = np.zeros((len(X), 1, 0), "int64"), np.zeros((len(X), 1))
        for link in self.chain_.estimators_:
            n_sets = sets.shape[1]
            before = sets.reshape(len(X) * n_sets, -1)
            features = np.hstack([np.repeat(X, n_sets, axis=0), before])
            yes = _probability_of_one(link, features).reshape(len(X), n_sets)
            with np.errstate(divide="ignore"):  # log 0 is -inf: such a set comes last
                log_proba = np.hstack([log_proba + np.log(1 - yes), log_proba + np.log(yes)])
            no_yes = np.repeat([0, 1], n_sets)[None, :, None] + np.zeros((len(X), 1, 1), "int64")
            sets = np.concatenate([np.concatenate([sets, sets], axis=1), no_yes], axis=2)
            best = np.argsort(-log_proba, axis=1, kind="stable")[:, :width]
            log_proba = np.take_along_axis(log_proba, best, axis=1)
            sets = np.take_along_axis(sets, best[:, :, None], axis=1)
        return sets[:, :, np.argsort(self.order_)], log_proba

    def __sklearn_tags__(self):
        """Expect label matrices."""
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = False
        tags.target_tags.single_output, tags.target_tags.multi_output = False, True
        tags.classifier_tags.multi_class, tags.classifier_tags.multi_label = False, True
        tags.classifier_tags.poor_score = get_tags(self.estimator).classifier_tags.poor_score
        return tags


def _probability_of_one(classifier, X):
    """Return P(label = 1) for each row, also if the training rows knew one answer only."""
    classes = list(classifier.classes_)
    return classifier.predict_proba(X)[:, classes.index(1)] if 1 in classes else np.zeros(len(X))


def _check_width(width, n_labels):
    if width is None and n_labels > MAX_LABELS:
        raise ValueError(
            f"{n_labels} labels have 2 ** {n_labels} sets, which are too many to try: pass a "
            "beam_width such as 10."
        )
    whole = isinstance(width, numbers.Integral) and not isinstance(width, bool)
    if width is not None and not (whole and width >= 1):
        raise ValueError(
            f"beam_width={width!r}: expected a whole number of 1 or more, or None for all."
        )
