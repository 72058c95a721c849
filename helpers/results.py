"""What a cross-validation found: scores, out-of-fold probabilities and labels."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.intervals import corrected_interval, corrected_std_error
from helpers.metrics import score_table
from helpers.splits import number_repeats
from helpers.validation import check_labels

FOLD_COLUMNS = ["repeat", "fold", "n_test"]


@dataclass(frozen=True)
class EvaluationResult:
    """Scores, out-of-fold probabilities and learning curves of a cross-validation.

    Attributes
    ----------
    scores : DataFrame
        One row a fold: ``repeat``, ``fold`` (counted from 0), ``n_test`` and the columns of
        `helpers.metrics.score_table`. As there, a score is 1 where a fold gives it nothing to
        divide by (scikit-learn's scorers take 0). If labels are so rare that folds lack some,
        trust the scores of all rows together: ``score_table(y, result.labels[0])``. NaN where the
        training of a fold diverged.
    probabilities : ndarray of shape (n_repeats, n_samples, n_labels), float32 or float64
        What a model said of each row while that row was held out, in the model's own precision
        (Keras': float32); NaN where it never was, or where training diverged.
    labels : ndarray of shape (n_repeats, n_samples, n_labels), int64
        The labels it then predicted, which are what is scored; −1 where there are none.
    history : DataFrame or None
        Of a Keras model, long: ``repeat``, ``fold``, ``epoch`` (counted from 1), ``loss``,
        ``val_loss``.
    folds : list of (train, test)
        The row numbers that were trained on and held out.
    """

    scores: pd.DataFrame
    probabilities: np.ndarray
    labels: np.ndarray
    history: pd.DataFrame | None
    folds: list

    def summary(self, level=0.95):
        """Summarize each metric over the folds.

        Parameters
        ----------
        level : float, default=0.95

        Returns
        -------
        DataFrame
            Index ``metric``; columns ``mean``, ``std``, ``min``, ``max`` (of the folds' scores),
            and ``std_error``, ``ci_low``, ``ci_high``: the corrected standard error and interval
            of the mean, by `helpers.intervals.corrected_interval`; NaN if there is one fold only.
            All is NaN if a fold's training diverged.

        Examples
        --------
        >>> import numpy as np
        >>> y, rows = np.array([[1, 0], [1, 1], [0, 1], [0, 0]]), np.arange(4)
        >>> folds = [(rows[2:], rows[:2]), (rows[:2], rows[2:])]
        >>> result = collect_result(y, folds, [y[:2], 1 - y[2:]], [y[:2], 1 - y[2:]])
        >>> result.summary().loc["subset_accuracy", ["mean", "std"]].round(3).tolist()
        [0.5, 0.707]
        """
        scores = self.scores.drop(columns=FOLD_COLUMNS)
        # A fold that diverged is not left out of a mean without a word: the mean is NaN, too.
        names = ("mean", "std", "min", "max")
        table = pd.DataFrame({name: getattr(scores, name)(skipna=False) for name in names})
        table = table.rename_axis("metric")
        sizes = fold_sizes(self.folds)
        for metric in table.index:
            interval = [np.nan] * 3
            if len(scores) > 1 and scores[metric].notna().all():
                error = corrected_std_error(scores[metric], *sizes)
                interval = [error, *corrected_interval(scores[metric], *sizes, level)]
            table.loc[metric, ["std_error", "ci_low", "ci_high"]] = interval
        return table

    def rescored(self, y, labels):
        """Score other labels on the same folds, for instance those of another threshold.

        Parameters
        ----------
        y : array-like of shape (n_samples, n_labels)
        labels : array-like of shape (n_repeats, n_samples, n_labels)
            0 or 1, for instance ``result.probabilities >= 0.3``.

        Returns
        -------
        EvaluationResult

        Raises
        ------
        ValueError
            If `y` or `labels` have another shape than what was evaluated, or are not 0 or 1.
        """
        y, labels = check_labels(y), np.asarray(labels)
        if labels.shape != self.labels.shape:
            raise ValueError(
                f"labels has shape {labels.shape}: expected {self.labels.shape}, that is "
                "(repeats, rows, labels), as in result.probabilities."
            )
        if y.shape != labels.shape[1:]:
            raise ValueError(f"y has shape {y.shape}: expected {labels.shape[1:]}, as evaluated.")
        tests = [test for _, test in self.folds]
        held_out = list(zip(self.scores["repeat"], tests, strict=True))
        probabilities = [self.probabilities[place] for place in held_out]
        pieces = []
        for place, proba in zip(held_out, probabilities, strict=True):
            diverged = np.isnan(proba).any()
            pieces.append(
                np.full(proba.shape, -1) if diverged else check_labels(labels[place], "labels")
            )
        return replace(collect_result(y, self.folds, probabilities, pieces), history=self.history)


def collect_result(y, folds, probabilities, labels):
    """Put what each fold's model said into one result, and score it.

    Parameters
    ----------
    y : ndarray of shape (n_samples, n_labels)
    folds : list of (train, test)
    probabilities, labels : list of array-like of shape (n_test, n_labels)
        Of each fold's held-out rows; NaN and −1 where training diverged.

    Returns
    -------
    EvaluationResult
        Without a history.
    """
    repeats = number_repeats(folds, len(y))
    # Rounded to float32, 0.9 would be less than 0.9, and so below a threshold of 0.9.
    dtype = np.result_type("float32", *(np.asarray(p).dtype for p in probabilities))
    all_probabilities = np.full((repeats[-1] + 1, *y.shape), np.nan, dtype)
    all_labels = np.full(all_probabilities.shape, -1, dtype="int64")
    scores = []
    for k, (_, test) in enumerate(folds):
        all_probabilities[repeats[k], test] = probabilities[k]
        all_labels[repeats[k], test] = labels[k]
        number = {"repeat": repeats[k], "fold": k - repeats.index(repeats[k]), "n_test": len(test)}
        predicted = np.asarray(labels[k])
        sound = (predicted >= 0).all()  # -1 where training diverged
        score = score_table(y[test], predicted if sound else y[test]).iloc[0].to_dict()
        scores.append(number | (score if sound else dict.fromkeys(score, np.nan)))
    return EvaluationResult(pd.DataFrame(scores), all_probabilities, all_labels, None, folds)


def fold_sizes(folds):
    """Count the training rows and the held-out rows of each fold.

    Parameters
    ----------
    folds : list of (train, test)

    Returns
    -------
    n_train, n_test : list of int
    """
    return [len(train) for train, _ in folds], [len(test) for _, test in folds]
