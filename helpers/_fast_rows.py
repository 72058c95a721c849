"""Rows of `sklearn.datasets.make_multilabel_classification`, many times faster.

Every random number is drawn as scikit-learn draws it, in the same order, so the rows are the same
to the last bit. Two things are faster. A label set's word probabilities are summed up once, not
for each row. And where a label is as rare as one in ten thousand, a row that needs it waits for ten
thousand draws of labels that it has already: one trip through Python passes over all of them.
"""

import ctypes

import numpy as np

LARGEST_BLOCK = 2048  # draws looked at in one go
STATE_BYTES = 4 * (624 + 1)  # the Mersenne Twister's numbers, and which of them comes next
WORTH_SKIPPING = 0.05  # chance of a new label below which looking ahead costs less than waiting


def draw_rows(n_rows, priors, word_proba, seed, n_labels=2, length=50, allow_unlabeled=True):
    """Draw X, counts of words, and y, 0 or 1, from the distributions that this seed has drawn."""
    n_words, n_classes = word_proba.shape
    rng = _Rewindable(seed)
    rng.random_sample(n_classes + n_words * n_classes)  # the distributions themselves
    label_ends, word_ends = np.cumsum(priors), {}
    X, y = np.zeros((n_rows, n_words)), np.zeros((n_rows, n_classes), dtype="int64")
    for row, target in zip(X, y, strict=True):
        size = rng.poisson(n_labels)
        while size > n_classes or (size == 0 and not allow_unlabeled):
            size = rng.poisson(n_labels)
        labels = _draw_labels(size, priors, label_ends, rng)
        while (n_drawn := rng.poisson(length)) == 0:
            pass
        if not labels:
            words = rng.randint(n_words, size=n_drawn)
        else:
            target[labels] = 1
            key = tuple(labels)  # their order, too, decides how a sum is rounded
            if key not in word_ends:
                ends = word_proba.take(labels, axis=1).sum(axis=1).cumsum()
                word_ends[key] = ends / ends[-1]
            words = word_ends[key].searchsorted(rng.random_sample(n_drawn))
        row[:] = np.bincount(words, minlength=n_words)
    return X, y


def _draw_labels(size, priors, ends, rng):
    labels = set()
    while (missing := size - len(labels)) > 0:
        if missing == 1 and labels:
            new = [label for label in range(len(priors)) if label not in labels]
            if sum(priors[label] for label in new) < WORTH_SKIPPING:
                _skip_rejected(new, priors, ends, rng)
        labels.update(ends.searchsorted(rng.random_sample(missing)).tolist())
    return list(labels)


def _skip_rejected(new, priors, ends, rng):
    """Move `rng` to just before the first draw of a label in `new`."""
    block = 1 + int(min(1 / priors[new].sum(), LARGEST_BLOCK))
    n_accepted = 0
    while not n_accepted:
        before = rng.save()
        draws = rng.random_sample(block)
        accepted = np.zeros(block, dtype=bool)
        for label in new:  # its draws lie between its neighbors' ends, as for searchsorted
            start = ends[label - 1] if label else -1
            accepted |= (start < draws) & (draws <= ends[label])
        n_accepted = np.count_nonzero(accepted)
    rng.restore(before)
    rng.random_sample(accepted.argmax())  # the next draw is the accepted one


class _Rewindable(np.random.RandomState):
    """A `RandomState` that remembers where it is a hundred times faster than `get_state`."""

    def __init__(self, seed):
        generator = np.random.MT19937()
        super().__init__(generator)
        self.seed(seed)
        self._address = generator.ctypes.state_address
        self._generator = generator  # lives as long as its address is used

    def save(self):
        return ctypes.string_at(self._address, STATE_BYTES)

    def restore(self, state):
        ctypes.memmove(self._address, state, STATE_BYTES)
