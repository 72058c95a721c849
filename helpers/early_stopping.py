"""Early stopping of many networks at once, each by validation rows of its own."""

from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np


@dataclass(frozen=True)
class EarlyStopping:
    """Stop a network when its loss on validation rows no longer falls, and keep its best weights.

    The validation rows are taken from the training rows of each fold, never from those held out.
    The rule is that of `keras.callbacks.EarlyStopping` with ``restore_best_weights=True``.

    Parameters
    ----------
    patience : int, default=10
        Epochs without improvement after which training stops.
    min_delta : float, default=0.0
        A smaller improvement counts as none.
    validation_fraction : float, default=0.1
        Share of the training rows that only watches.

    Raises
    ------
    ValueError
        If a parameter is no number or out of range.

    Examples
    --------
    >>> EarlyStopping(patience=5).validation_fraction
    0.1
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

    def split(self, train, seed):
        """Split a fold's training rows into rows to train on and rows to watch.

        Parameters
        ----------
        train : array-like of int
        seed : int

        Returns
        -------
        training, validation : ndarray of int
            Both in the order of `train`.

        Examples
        --------
        >>> training, validation = EarlyStopping(validation_fraction=0.25).split(range(8), seed=1)
        >>> len(training), len(validation)
        (6, 2)
        """
        train = np.asarray(train)
        n_validation = max(1, round(self.validation_fraction * len(train)))
        if n_validation >= len(train):
            raise ValueError(
                f"validation_fraction={self.validation_fraction} leaves nothing of {len(train)} "
                "training rows to train on."
            )
        # A stream of its own: the order of rows is drawn from the same seed.
        chosen = np.random.default_rng([seed, 1]).permutation(len(train))[:n_validation]
        watching = np.isin(np.arange(len(train)), chosen)
        return train[~watching], train[watching]


class BestWeights:
    """The weights of K networks, each at its lowest validation loss so far.

    Parameters
    ----------
    n_networks : int
    early_stopping : EarlyStopping

    Attributes
    ----------
    training : ndarray of shape (n_networks,), bool
        Which networks have not stopped yet.
    epochs_run : ndarray of shape (n_networks,), int
    weights : list of ndarray of shape (n_networks, ...)

    Examples
    --------
    >>> best = BestWeights(2, EarlyStopping(patience=1))
    >>> for losses, weight in [([0.5, 0.4], 1.0), ([0.3, 0.6], 2.0)]:
    ...     best.update(np.array(losses), [np.full((2, 1), weight)])
    >>> best.weights[0].tolist(), best.training.tolist()
    ([[2.0], [1.0]], [True, False])
    """

    def __init__(self, n_networks, early_stopping):
        self.early_stopping = early_stopping
        self.best = np.full(n_networks, np.inf, dtype="float32")
        self.wait = np.zeros(n_networks, dtype=int)
        self.epochs_run = np.zeros(n_networks, dtype=int)
        self.training = np.ones(n_networks, dtype=bool)
        self.weights = None

    def update(self, losses, weights):
        """Take note of one epoch's validation losses and of the weights that gave them.

        Parameters
        ----------
        losses : array-like of shape (n_networks,)
        weights : list of array-like of shape (n_networks, ...)
        """
        losses = np.asarray(losses, dtype="float64")
        # Keras rounds like this before it compares, and takes the first epoch even if it is NaN.
        lower = (losses + self.early_stopping.min_delta).astype("float32") < self.best
        improved = self.training & (lower | (self.epochs_run == 0))
        self.epochs_run += self.training
        if self.weights is None:
            self.weights = [np.array(weight) for weight in weights]
        if improved.any():
            self.best[improved] = losses[improved]
            for best, weight in zip(self.weights, weights, strict=True):
                best[improved] = np.asarray(weight)[improved]
        self.wait = np.where(improved, 0, self.wait + 1)
        self.training &= improved | (self.wait < self.early_stopping.patience)
