"""How often the data's generator draws each label set: worked out from its story, not counted."""

import itertools

import numpy as np
from scipy.stats import poisson

MAX_CLASSES = 16  # 2 ** 16 label sets are listed, more are too many


def label_set_prior(p_c, n_labels=2, allow_unlabeled=True):
    """Compute the probability of each label set before any word is seen.

    A row first draws how many labels it has, a Poisson number, again if there are not as many
    classes; then which ones, one by one, again if it has the label already.

    Parameters
    ----------
    p_c : array-like of shape (n_classes,)
        Probability of each class in one draw; they sum to 1, and none is 0.
    n_labels : float, default=2
        Mean of the Poisson number.
    allow_unlabeled : bool, default=True
        Whether a row may have no label.

    Returns
    -------
    label_sets : ndarray of shape (2 ** n_classes, n_classes), int64
        All sets, as rows of 0 and 1, in the order of the binary numbers that they write.
    prior : ndarray of shape (2 ** n_classes,)
        The probability of each; they sum to 1.

    Raises
    ------
    ValueError
        If there are more than 16 classes, or the probabilities are none.

    References
    ----------
    scikit-learn, `make_multilabel_classification`: Notes on the generative process.

    Examples
    --------
    >>> label_sets, prior = label_set_prior([0.5, 0.5], n_labels=2)
    >>> label_sets.tolist()
    [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> prior.round(6).tolist()  # Poisson: 1, 2 and 2 parts for no label, one and two
    [0.2, 0.2, 0.2, 0.4]
    """
    p_c = np.asarray(p_c, dtype="float64")
    if (n_classes := len(p_c)) > MAX_CLASSES:
        raise ValueError(f"n_classes={n_classes}: 2 ** {n_classes} label sets are too many.")
    if not (p_c > 0).all() or not np.isclose(p_c.sum(), 1):
        raise ValueError(f"p_c={p_c.tolist()}: expected numbers above 0 that sum to 1.")
    label_sets = np.array(list(itertools.product([0, 1], repeat=n_classes)))
    p_size = poisson.pmf(np.arange(n_classes + 1), n_labels)
    p_size[0] *= allow_unlabeled
    return label_sets, p_size[label_sets.sum(axis=1)] * _chance(label_sets, p_c) / p_size.sum()


def _chance(label_sets, p_c):
    """How likely the labels drawn are just these, in any order, among sets of the same size."""
    members = [tuple(np.flatnonzero(label_set)) for label_set in label_sets]
    drawn = {(): 1.0}
    for labels in sorted(members, key=len)[1:]:
        drawn[labels] = 0.0
        for i, last in enumerate(labels):
            before = labels[:i] + labels[i + 1 :]
            chance_of_new = np.delete(p_c, before).sum()  # a draw of `before` is rejected
            drawn[labels] += drawn[before] * p_c[last] / chance_of_new
    return np.array([drawn[labels] for labels in members])
