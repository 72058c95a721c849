"""What a cross-validation found, how sure that is, and how models compare: lessons 03, 06, 07."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats

from helpers._arguments import check_known_labels, check_labels
from helpers.metrics import SCORES, score_labels
from helpers.splits import number_repeats

FOLD_COLUMNS = ["repeat", "fold", "n_test"]


@dataclass(frozen=True)
class EvaluationResult:
    """Scores, out-of-fold probabilities and learning curves of a cross-validation.

    Attributes
    ----------
    scores : DataFrame
        One row per fold: ``repeat``, ``fold`` (counted from 0), ``n_test`` and the columns of
        `helpers.metrics.score_table`. As there, a score is 1 where a fold gives it nothing to
        divide by (scikit-learn's scorers take 0). If labels are so rare that folds lack some,
        trust the scores of all rows together: ``score_table(y, result.labels[0])``. NaN where the
        training of a fold diverged. Labels that are not known (NaN in `y`) are left out, label by
        label, as in `score_table`: ``subset_accuracy``, ``f1_samples`` and ``jaccard_samples`` are
        those of rows that are wholly known, NaN in a fold that has none.
    probabilities : ndarray of shape (n_repeats, n_samples, n_labels), float32 or float64
        What a model said of each row while that row was held out, in the model's own precision
        (Keras': float32); NaN where it never was (as the first rows of a
        `helpers.splits.TimeSplit`), or where training diverged.
    labels : ndarray of shape (n_repeats, n_samples, n_labels), int64
        The labels it then predicted, which are what is scored; −1 where there are none.
    history : DataFrame or None
        Of a Keras model, long: ``repeat``, ``fold``, ``epoch`` (counted from 1), ``loss`` and
        ``val_loss``: on the held-out rows or, with early stopping, on its validation rows.
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
            of the mean, by `helpers.results.corrected_interval`; NaN if there is one fold only.
            All is NaN if a fold's training diverged.
        """
        scores = self.scores.drop(columns=FOLD_COLUMNS)
        # A fold that diverged is not left out of a mean without a word: the mean is NaN, too.
        names = ("mean", "std", "min", "max")
        table = pd.DataFrame({name: getattr(scores, name)(skipna=False) for name in names})
        table = table.rename_axis("metric")
        sizes = _fold_sizes(self.folds)
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
            0 or 1; NaN where a label is not known.
        labels : array-like of shape (n_repeats, n_samples, n_labels)
            0 or 1, for instance ``result.probabilities >= 0.3``.

        Returns
        -------
        EvaluationResult
        """
        y, labels = check_known_labels(y), np.asarray(labels)
        if labels.shape != self.labels.shape:
            raise ValueError(
                f"labels has shape {labels.shape}: expected {self.labels.shape}, that is "
                "(repeats, rows, labels), as in result.probabilities."
            )
        if y.shape != labels.shape[1:]:
            raise ValueError(f"y has shape {y.shape}: expected {labels.shape[1:]}, as evaluated.")
        probabilities, predicted = [], []
        for repeat, (_, test) in zip(self.scores["repeat"], self.folds, strict=True):
            held_out = self.probabilities[repeat, test]
            probabilities.append(held_out)
            if np.isnan(held_out).any():  # training diverged
                predicted.append(np.full(held_out.shape, -1))
            else:
                predicted.append(check_labels(labels[repeat, test], "labels"))
        result = collect_result(y, self.folds, probabilities, predicted)
        return replace(result, history=self.history)


def collect_result(y, folds, probabilities, labels):
    """Put what each fold's model said into one result, and score it.

    `y` and `labels` are checked already; probabilities and labels are those of each fold's held-out
    rows, (n_test, n_labels), NaN and -1 where training diverged.
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
        row = {"repeat": repeats[k], "fold": k - repeats.index(repeats[k]), "n_test": len(test)}
        if (np.asarray(labels[k]) >= 0).all():
            row |= score_labels(y[test], np.asarray(labels[k], dtype="int64"))
        else:  # -1 where training diverged
            row |= dict.fromkeys(SCORES, np.nan)
        scores.append(row)
    return EvaluationResult(pd.DataFrame(scores), all_probabilities, all_labels, None, folds)


def _fold_sizes(folds):
    """Count the training rows and the held-out rows of each fold."""
    return [len(train) for train, _ in folds], [len(test) for _, test in folds]


def corrected_interval(scores, n_train, n_test, level=0.95):
    """Compute a confidence interval of a cross-validated mean score.

    Fold scores are not independent: training sets share rows, and repeats score the same rows
    again. Nadeau and Bengio's correction adds n_test / n_train to 1 / n_folds. They derived it for
    random splits; for repeated k-fold it is a rule of thumb, and rather too wide than too narrow.

    Parameters
    ----------
    scores : array-like of shape (n_folds,)
        One score per fold, all repeats together.
    n_train, n_test : int or array-like of shape (n_folds,)
        Rows trained on and rows held out; where folds differ, their mean is taken.
    level : float, default=0.95
        How often such intervals shall hold the true mean; nearly, since the correlation between
        folds is assumed, not measured.

    Returns
    -------
    (low, high) : tuple of float

    Raises
    ------
    ValueError
        If there are fewer than two scores, one is not finite, or another argument does not fit.

    Notes
    -----
    It is about the mean score of models trained on n_train rows, not about one fitted model. An
    unbiased estimator of the variance of k-fold cross-validation does not exist.

    References
    ----------
    Nadeau and Bengio, Inference for the generalization error, Machine Learning 52 (2003);
    Bouckaert and Frank, Evaluating the replicability of significance tests (2004), for repeats;
    Bengio and Grandvalet, No unbiased estimator of the variance of k-fold cross-validation (2004).

    Examples
    --------
    >>> low, high = corrected_interval([0.8, 0.9, 0.7, 0.8], n_train=75, n_test=25)
    >>> round(low, 3), round(high, 3)
    (0.602, 0.998)
    """
    return _interval(scores, corrected_std_error(scores, n_train, n_test), level)


def naive_interval(scores, level=0.95):
    """Compute the interval that takes the folds' scores for independent.

    With several repeats it is too narrow: it counts the same rows once a repeat.

    Parameters
    ----------
    scores : array-like of shape (n_folds,)
    level : float, default=0.95

    Returns
    -------
    (low, high) : tuple of float

    Examples
    --------
    >>> low, high = naive_interval([0.8, 0.9, 0.7, 0.8])
    >>> round(low, 3), round(high, 3)
    (0.67, 0.93)
    """
    return _interval(scores, corrected_std_error(scores, n_train=1, n_test=0), level)


def row_interval(values, level=0.95):
    """Compute a confidence interval of a mean over rows from how much the rows differ.

    Each row counts once, however often it was held out. So this works for a score that is a mean
    over rows, such as subset accuracy or Hamming loss, and not for F1 or AUC.

    Parameters
    ----------
    values : array-like of shape (n_rows,) or (n_repeats, n_rows)
        What each row scored while it was held out, for instance 1 where all its labels were right
        and 0 elsewhere; or one model's value minus another's.
    level : float, default=0.95

    Returns
    -------
    (low, high) : tuple of float

    Raises
    ------
    ValueError
        If there are fewer than two rows, a value is not finite, or `level` does not fit.

    Notes
    -----
    Rows are taken for independent. They share models, so with few rows for their features the
    interval is too narrow.

    Examples
    --------
    >>> low, high = row_interval([1, 0, 1, 1])
    >>> round(low, 3), round(high, 3)
    (-0.046, 1.546)
    """
    return _interval(_mean_by_row(values), row_std_error(values), level)


def row_std_error(values):
    """Return the standard error of a mean over rows; `values` as in `row_interval`."""
    by_row = _mean_by_row(values)
    return by_row.std(ddof=1) / np.sqrt(len(by_row))


def _mean_by_row(values):
    values = np.asarray(values, dtype="float64")
    if values.ndim not in (1, 2) or values.shape[-1] < 2 or not np.isfinite(values).all():
        raise ValueError(
            f"values has shape {values.shape}: expected finite numbers, (rows,) or "
            "(repeats, rows), of two rows or more."
        )
    return np.atleast_2d(values).mean(axis=0)


def corrected_std_error(scores, n_train, n_test):
    """Return Nadeau and Bengio's ``std * sqrt(1 / n_folds + n_test / n_train)``."""
    scores = np.asarray(scores, dtype="float64")
    if scores.ndim != 1 or len(scores) < 2 or not np.isfinite(scores).all():
        raise ValueError(
            f"scores has shape {scores.shape}: expected the finite scores of two folds or more."
        )
    try:
        n_train, n_test = np.mean(n_train), np.mean(n_test)
        fits = n_train > 0 and n_test >= 0
    except TypeError:
        fits = False
    if not fits:
        raise ValueError(f"n_train={n_train!r}, n_test={n_test!r}: expected numbers of rows.")
    return scores.std(ddof=1) * np.sqrt(1 / len(scores) + n_test / n_train)


def paired_test(differences, n_train, n_test, level=0.95):
    """Test whether the mean of differences on the same folds may be zero.

    Parameters
    ----------
    differences : array-like of shape (n_folds,)
        One model's score minus the other's, fold by fold.
    n_train, n_test : int or array-like of shape (n_folds,)
        ``n_test=0`` leaves the correction out.
    level : float, default=0.95

    Returns
    -------
    dict
        ``difference`` (their mean), ``std_error``, ``ci_low``, ``ci_high``, ``t`` and two-sided
        ``p_value``, from Student's t distribution with n_folds − 1 degrees of freedom.

    Examples
    --------
    >>> test = paired_test([0.02, 0.01, 0.03, 0.02], n_train=75, n_test=25)
    >>> round(float(test["t"]), 2), round(float(test["p_value"]), 3)
    (3.21, 0.049)
    """
    std_error = corrected_std_error(differences, n_train, n_test)
    low, high = _interval(differences, std_error, level)
    mean = np.mean(differences)
    with np.errstate(divide="ignore"):
        t = np.divide(mean, std_error) if mean else 0.0
    p_value = 2 * stats.t.sf(abs(t), len(differences) - 1)
    named = {"difference": mean, "std_error": std_error, "ci_low": low, "ci_high": high}
    return named | {"t": t, "p_value": p_value}


def _interval(scores, std_error, level):
    if not 0 < level < 1:
        raise ValueError(f"level={level}: expected a share between 0 and 1, such as 0.95.")
    margin = stats.t.ppf((1 + level) / 2, len(scores) - 1) * std_error
    return float(np.mean(scores) - margin), float(np.mean(scores) + margin)


def compare(a, b, metric="subset_accuracy", level=0.95, corrected=True):
    """Compare two models fold by fold, on the same folds.

    Parameters
    ----------
    a, b : EvaluationResult
        Of the same rows and the same `cv`.
    metric : str, default="subset_accuracy"
        A column of their scores.
    level : float, default=0.95
        Of the confidence interval.
    corrected : bool, default=True
        Allow for training sets that overlap, after Nadeau and Bengio. False shows what a plain
        paired t-test would have said, which claims too much.

    Returns
    -------
    Series
        ``mean_a``, ``mean_b``, ``difference`` (a minus b; more is worse where the metric is a
        loss), ``std_error``, ``ci_low``, ``ci_high``, ``t`` and ``p_value``, as in `paired_test`.

    Raises
    ------
    ValueError
        If the folds are not the same, or `metric` is not one of the scores.

    Examples
    --------
    See `comparison_table`, which compares several.
    """
    _check_comparable(a, b)
    metrics = list(a.scores.columns.drop(FOLD_COLUMNS))
    if metric not in metrics:
        raise ValueError(f"metric={metric!r}: expected one of {metrics}.")
    n_train, n_test = _fold_sizes(a.folds)
    differences = a.scores[metric] - b.scores[metric]
    test = paired_test(differences, n_train, n_test if corrected else 0, level)
    return pd.Series({"mean_a": a.scores[metric].mean(), "mean_b": b.scores[metric].mean()} | test)


def _check_comparable(a, b):
    """Refuse results of other folds or labels, and those of one fold."""
    same = len(a.folds) == len(b.folds) and all(
        np.array_equal(ours, theirs)
        for pair, other in zip(a.folds, b.folds, strict=True)
        for ours, theirs in zip(pair, other, strict=True)
    )
    if not same:
        raise ValueError(
            "a and b were not scored on the same folds, so they can't be compared pair by pair: "
            "evaluate both with the same rows and the same cv (with a fixed random_state)."
        )
    if a.labels.shape[-1] != b.labels.shape[-1]:
        raise ValueError(
            f"a has {a.labels.shape[-1]} labels and b has {b.labels.shape[-1]}: compare models "
            "that were evaluated on the same y."
        )
    if len(a.folds) < 2:
        raise ValueError("a and b have one fold only: from it, no error bar can be told.")


def comparison_table(results, metric="subset_accuracy", level=0.95):
    """Put the results of several models into one table, the best first.

    Parameters
    ----------
    results : dict of str to EvaluationResult
        Of the same rows and the same `cv`, for instance of `helpers.evaluation.evaluate_models`.
    metric : str, default="subset_accuracy"
        A column of their scores. Of a loss, the smallest is the best.
    level : float, default=0.95
        Of the confidence intervals.

    Returns
    -------
    DataFrame
        Index ``model``; columns ``mean``, ``ci_low``, ``ci_high``, as in
        `EvaluationResult.summary`, and ``behind_best``, ``behind_low``, ``behind_high``: how much
        worse than the best a model was on the same folds, with the corrected interval of that
        difference. Where it holds 0, these folds don't tell the two apart. NaN in the first row,
        and where a mean is NaN. An interval says nothing of having picked the best of many.

    Raises
    ------
    ValueError
        If the folds are not the same, or `metric` is not one of the scores.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> from helpers.data import make_dataset
    >>> from helpers.estimators import evaluate_estimator
    >>> X, y = make_dataset(n_samples=100)
    >>> models = {"nothing": DummyClassifier(), "neighbors": KNeighborsClassifier()}
    >>> results = {name: evaluate_estimator(X, y, model, cv=5) for name, model in models.items()}
    >>> comparison_table(results).index.tolist()
    ['neighbors', 'nothing']
    >>> bool(compare(results["neighbors"], results["nothing"])["ci_low"] > 0)
    True
    """
    if not results:
        raise ValueError("results is empty: pass a dictionary with at least one result.")
    sign = -1 if metric.endswith("_loss") else 1
    tables = {name: result.summary(level) for name, result in results.items()}
    if unknown := [name for name, table in tables.items() if metric not in table.index]:
        known = list(tables[unknown[0]].index)
        raise ValueError(f"metric={metric!r}: expected one of {known}.")
    means = pd.Series({name: sign * table.loc[metric, "mean"] for name, table in tables.items()})
    best, *others = means.sort_values(ascending=False, kind="stable").index  # NaN comes last
    rows = []
    for name in (best, *others):
        row = tables[name].loc[metric, ["mean", "ci_low", "ci_high"]].to_dict()
        row |= dict.fromkeys(["behind_best", "behind_low", "behind_high"], np.nan)
        if name != best and not np.isnan(means[name]):
            found = compare(results[best], results[name], metric, level)
            # Of a loss, best minus other is negative, and its interval turns round with it.
            low, middle, high = sorted(sign * found[["ci_low", "difference", "ci_high"]])
            row |= {"behind_best": middle, "behind_low": low, "behind_high": high}
        rows.append(row)
    return pd.DataFrame(rows, index=pd.Index([best, *others], name="model"))
