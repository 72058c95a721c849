"""Compare models that were evaluated on the same folds."""

import numpy as np
import pandas as pd

from helpers.intervals import paired_test
from helpers.results import FOLD_COLUMNS, fold_sizes


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
        loss), ``std_error``, ``ci_low``, ``ci_high``,
        ``t`` and ``p_value``, as in `helpers.intervals.paired_test`.

    Raises
    ------
    ValueError
        If the folds are not the same, or `metric` is not one of the scores.

    References
    ----------
    Nadeau and Bengio, Inference for the generalization error, Machine Learning 52 (2003).

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> from helpers.data import make_dataset
    >>> from helpers.estimators import evaluate_estimator
    >>> X, y = make_dataset(n_samples=100)
    >>> neighbors = evaluate_estimator(X, y, KNeighborsClassifier(), cv=5)
    >>> nothing = evaluate_estimator(X, y, DummyClassifier(), cv=5)
    >>> bool(compare(neighbors, nothing)["ci_low"] > 0)
    True
    """
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
    metrics = list(a.scores.columns.drop(FOLD_COLUMNS))
    if metric not in metrics:
        raise ValueError(f"metric={metric!r}: expected one of {metrics}.")
    n_train, n_test = fold_sizes(a.folds)
    differences = a.scores[metric] - b.scores[metric]
    test = paired_test(differences, n_train, n_test if corrected else 0, level)
    return pd.Series({"mean_a": a.scores[metric].mean(), "mean_b": b.scores[metric].mean()} | test)


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
        worse than the best of them a model was on the same folds, with the corrected interval of
        that difference. Where it holds 0, these folds don't tell the two apart. The first row's
        is NaN. An interval says nothing of having picked the best of many.

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
    """
    if not results:
        raise ValueError("results is empty: pass a dictionary with at least one result.")
    sign = -1 if metric.endswith("_loss") else 1
    tables = {name: result.summary(level) for name, result in results.items()}
    if unknown := [name for name, table in tables.items() if metric not in table.index]:
        known = list(tables[unknown[0]].index)
        raise ValueError(f"metric={metric!r}: expected one of {known}.")
    best, *others = sorted(tables, key=lambda name: -sign * tables[name].loc[metric, "mean"])
    rows = []
    for name in (best, *others):
        row = tables[name].loc[metric, ["mean", "ci_low", "ci_high"]].to_dict()
        behind = [np.nan] * 3
        if name != best:
            found = compare(results[best], results[name], metric, level)
            behind = sorted(sign * found[["ci_low", "difference", "ci_high"]])
            behind = [behind[1], behind[0], behind[2]]
        columns = ["behind_best", "behind_low", "behind_high"]
        rows.append(row | dict(zip(columns, behind, strict=True)))
    return pd.DataFrame(rows, index=pd.Index([best, *others], name="model"))
