"""When a network stops by itself: the rule of Keras' callback, on validation rows of its own.

Programs apply `judge_epoch`; what `fit` trains has the callback itself (`plain_fit.py`).
"""

from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np
import tensorflow as tf


@dataclass(frozen=True)
class EarlyStopping:
    """Stop a network when its loss on validation rows no longer falls, and keep its best weights.

    The validation rows are drawn at random from the training rows of each fold, never from those
    held out. Where groups are given, as in ``evaluate_model(..., groups=customers)``, whole groups
    are drawn. With a `helpers.splits.TimeSplit` they are from before the held-out rows, as all
    training rows are; among the training rows they are not the last ones.
    The rule is that of `keras.callbacks.EarlyStopping` with ``restore_best_weights=True``.

    Parameters
    ----------
    patience : int, default=10
        Epochs without improvement after which training stops.
    min_delta : float, default=0.0
        A smaller improvement counts as none.
    validation_fraction : float, default=0.1
        Share of the training rows that become validation rows. Of whole groups, the share comes
        out somewhat smaller; a group that is larger by itself stays with the training rows.

    Examples
    --------
    >>> training, validation = EarlyStopping(validation_fraction=0.25).split(range(8), seed=1)
    >>> len(training), len(validation)
    (6, 2)
    """

    patience: int = 10
    min_delta: float = 0.0
    validation_fraction: float = 0.1

    def __post_init__(self):
        """Check the parameters."""
        expected = {
            "patience": (Integral, lambda value: value >= 0, "a whole number of 0 or more"),
            "min_delta": (Real, lambda value: 0 <= value < np.inf, "a number of 0 or more"),
            "validation_fraction": (Real, lambda value: 0 < value < 1, "a share between 0 and 1"),
        }
        for name, (kind, fits, words) in expected.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, kind) or not fits(value):
                raise ValueError(f"{name}: found {value!r}, expected {words}.")

    def split(self, train, seed, groups=None):
        """Split a fold's training rows into rows to train on and rows for validation, in order.

        Parameters
        ----------
        train : array-like of int, of shape (n_train,)
        seed : int
        groups : array-like of shape (n_train,), optional
            The group of each of these rows. Rows of one group stay together.

        Returns
        -------
        (training, validation) : tuple of ndarray
        """
        train = np.asarray(train)
        n_validation = max(1, round(self.validation_fraction * len(train)))
        if n_validation >= len(train):
            raise ValueError(
                f"validation_fraction={self.validation_fraction} leaves nothing of {len(train)} "
                "training rows to train on."
            )
        # A stream of its own: the order of rows is drawn from the same seed.
        rng = np.random.default_rng([seed, 1])
        if groups is None:
            chosen = rng.permutation(len(train))[:n_validation]
            held_out = np.isin(np.arange(len(train)), chosen)
        else:
            held_out = _draw_groups(groups, n_validation, rng)
        return train[~held_out], train[held_out]


def _draw_groups(groups, n_wanted, rng):
    """Draw whole groups with `n_wanted` rows at most, at least one; return which rows they have."""
    _, number, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    if len(sizes) < 2:
        raise ValueError(
            "early_stopping: all training rows are of one group, so that none can be held out for "
            "validation. Leave early_stopping out, or take folds with more groups to train on."
        )
    small = np.flatnonzero(sizes <= n_wanted)
    if not len(small):
        return number == np.argmin(sizes)
    order = rng.permutation(small)
    return np.isin(number, order[np.cumsum(sizes[order]) <= n_wanted])


def judge_epoch(val_loss, best, wait, is_first, patience, min_delta):
    """Apply the rule to one epoch, all in tensors; return (improved, best, wait, stop).

    Keras adds in double precision, rounds before it compares, and takes the first epoch as the best
    one so far even if its loss is NaN.
    """
    limit = tf.cast(tf.cast(val_loss, tf.float64) + min_delta, tf.float32)
    improved = is_first | (limit < best)
    best, wait = tf.where(improved, val_loss, best), tf.where(improved, 0, wait + 1)
    return improved, best, wait, ~improved & (wait >= patience)
