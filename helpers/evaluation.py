"""Repeated k-fold cross-validation of a Keras model for multi-label classification."""

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from joblib import Parallel, delayed, effective_n_jobs

from helpers.data import check_X_y
from helpers.metrics import score_table
from helpers.models import make_mlp
from helpers.seeds import network_seeds
from helpers.splits import number_repeats, split_rows
from helpers.training import train_folds


@dataclass(frozen=True)
class EvaluationResult:
    """Scores, out-of-fold probabilities and learning curves of a cross-validation.

    Attributes
    ----------
    scores : DataFrame
        One row a fold: ``repeat``, ``fold`` (counted from 0), ``n_test`` and the columns of
        `helpers.metrics.score_table` at threshold 0.5.
    probabilities : ndarray of shape (n_repeats, n_samples, n_labels), float32
        What a network said of each row while that row was held out; NaN where it never was.
    history : DataFrame
        Long: ``repeat``, ``fold``, ``epoch`` (counted from 1), ``loss``, ``val_loss``.
    """

    scores: pd.DataFrame
    probabilities: np.ndarray
    history: pd.DataFrame

    def summary(self):
        """Summarize each metric over the folds.

        Returns
        -------
        DataFrame
            Index ``metric``; columns ``mean``, ``std`` (between folds, with n − 1), ``min`` and
            ``max``. The standard deviation tells how far folds differ; it is not an error bar of
            the mean.

        Examples
        --------
        >>> import pandas as pd
        >>> scores = pd.DataFrame({"repeat": 0, "fold": [0, 1], "n_test": 5, "f1_micro": [0.8, 1]})
        >>> EvaluationResult(scores, None, None).summary()
                  mean       std  min  max
        metric
        f1_micro   0.9  0.141421  0.8  1.0
        """
        scores = self.scores.drop(columns=["repeat", "fold", "n_test"])
        return scores.agg(["mean", "std", "min", "max"]).T.rename_axis("metric")


def evaluate_model(
    X,
    y,
    make_model=make_mlp,
    cv=None,
    epochs=100,
    batch_size=32,
    shuffle=True,
    seed=1,
    n_jobs=None,
    progress=True,
):
    """Cross-validate a Keras model: one network a fold, trained together.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Finite numbers.
    y : array-like of shape (n_samples, n_labels)
        0 or 1.
    make_model : callable, default=make_mlp
        ``make_model(n_inputs, n_outputs)`` returns a new compiled `keras.Model` at each call,
        always of the same architecture. If it has an argument ``seed`` whose default is None, it
        gets a seed of its own for each fold.
    cv : scikit-learn splitter, int, iterable of (train, test), or None
        None is ``RepeatedKFold(n_splits=10, n_repeats=3, random_state=1)``.
    epochs, batch_size, shuffle
        As in `keras.Model.fit`.
    seed : int, default=1
        Decides initial weights, dropout masks and the order of rows. The splits are `cv`'s own.
        Your own global random state is left as it was.
    n_jobs : int or None, default=None
        Share the folds out to this many processes of `joblib` (−1: as many as there are cores);
        None trains in this one. A process
        takes seconds to start, so this pays for large networks only.
    progress : bool, default=True
        Show a bar that counts epochs.

    Returns
    -------
    EvaluationResult

    Raises
    ------
    ValueError, TypeError
        Naming the argument, what was found and what to do.

    Warns
    -----
    UserWarning
        Once, with the reason, if the model can't be stacked exactly and is trained fold by fold.

    Examples
    --------
    >>> from helpers.data import make_dataset
    >>> X, y = make_dataset(n_samples=100)
    >>> result = evaluate_model(X, y, cv=5, epochs=2, progress=False)
    >>> result.scores.shape, result.probabilities.shape
    ((5, 9), (1, 100, 3))
    """
    X, y = check_X_y(X, y)
    if y.shape[1] == 1:
        raise ValueError(
            "y has one column: this is binary classification. Pass two labels or more."
        )
    _check_fit_arguments(epochs=epochs, batch_size=batch_size, seed=seed)
    folds = split_rows(cv, X, y)
    settings = {"epochs": epochs, "batch_size": batch_size, "shuffle": bool(shuffle)}
    seeds = network_seeds(seed, len(folds))
    trained = _train(make_model, X, y, folds, seeds, settings, n_jobs, progress)
    return _result(y, folds, trained)


def _train(make_model, X, y, folds, seeds, settings, n_jobs, progress):
    n_jobs = effective_n_jobs(n_jobs)
    if n_jobs == 1:
        return train_folds(make_model, X, y, folds, seeds, progress=progress, **settings)
    pieces = np.array_split(np.arange(len(folds)), min(len(folds), n_jobs))

    def train_piece(piece):
        own_folds, own_seeds = [folds[k] for k in piece], [seeds[k] for k in piece]
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("ignore")
            warnings.simplefilter("always", UserWarning)
            trained = train_folds(
                make_model, X, y, own_folds, own_seeds, progress=False, **settings
            )
        return trained, {str(warning.message) for warning in caught}

    # What a child process warns of would only reach a terminal: say it here, once.
    parts = Parallel(n_jobs=n_jobs)(delayed(train_piece)(piece) for piece in pieces)
    for message in set().union(*(messages for _, messages in parts)):
        warnings.warn(message, stacklevel=3)
    return [fold for trained, _ in parts for fold in trained]


def _result(y, folds, trained):
    repeats = number_repeats(folds, len(y))
    probabilities = np.full((repeats[-1] + 1, *y.shape), np.nan, dtype="float32")
    scores, history = [], []
    for k, ((_, test), fold) in enumerate(zip(folds, trained, strict=True)):
        number = {"repeat": repeats[k], "fold": k - repeats.index(repeats[k])}
        probabilities[repeats[k], test] = fold.probabilities
        row = score_table(y[test], fold.probabilities).iloc[0]
        scores.append(number | {"n_test": len(test)} | row.to_dict())
        curve = {"loss": fold.loss, "val_loss": fold.val_loss}
        epoch = np.arange(1, len(fold.loss) + 1)
        history.append(pd.DataFrame(number | {"epoch": epoch} | curve))
    return EvaluationResult(
        pd.DataFrame(scores), probabilities, pd.concat(history, ignore_index=True)
    )


def _check_fit_arguments(**arguments):
    for name, value in arguments.items():
        lowest = 0 if name == "seed" else 1
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < lowest:
            raise ValueError(f"{name}: found {value!r}, expected a whole number >= {lowest}.")
