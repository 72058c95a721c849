"""Nested cross-validation: what a tuned model scores on rows that had no part in tuning it."""

import functools
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.evaluation.cross_validation import evaluate_model, with_defaults
from helpers.evaluation.tuning import TRAINING, Search, draw_settings, for_model
from helpers.results import EvaluationResult, collect_result
from helpers.training import network_seeds


@dataclass(frozen=True)
class NestedResult:
    """Scores of a whole search, on rows that it did not see.

    Attributes
    ----------
    result : EvaluationResult
        Of the outer folds: each has a model of its own, with the settings that its training rows
        chose. ``result.summary()`` has the score with its error.
    choices : DataFrame
        A row for each outer fold: ``fold``, the settings that were chosen, ``inner_score``, which
        chose them, and ``outer_score``, on the held-out rows.
    trials : DataFrame
        As in `TuningResult`, with the outer ``fold`` in front.
    """

    result: EvaluationResult
    choices: pd.DataFrame
    trials: pd.DataFrame


def nested_cross_validation(
    make_model,
    space,
    X,
    y,
    outer_cv=5,
    n_trials=30,
    metric="subset_accuracy",
    cv=5,
    halving=None,
    factor=3,
    n_rungs=3,
    seed=1,
    log=None,
    progress=True,
    **settings,
):
    """Score a search on rows that it did not see: in each outer fold, tune anew.

    No row that an outer fold holds out has a part in its search, in what its preprocessing is
    fitted on, or in its model.

    Parameters
    ----------
    make_model, space, X, y, n_trials, metric, halving, factor, n_rungs, log, progress, **settings
        As in `tune_model`.
    outer_cv : scikit-learn splitter, int, iterable of (train, test), or None
        As `cv` in `evaluate_model`; 5 folds by default.
    cv : splitter, int, or callable
        Of the inner folds, within an outer fold's training rows. For a splitter that needs to know
        the rows, a function of their numbers: ``lambda rows: TimeSplit(times[rows])``.
    seed : int, default=1
        Decides which settings are drawn: the same in each outer fold. Networks get another one.

    Returns
    -------
    NestedResult

    References
    ----------
    Cawley and Talbot, On over-fitting in model selection and subsequent selection bias in
    performance evaluation, JMLR 11 (2010).

    Examples
    --------
    >>> from helpers.data import make_dataset
    >>> from helpers.models import make_mlp
    >>> X, y = make_dataset(n_samples=90)
    >>> space = {"learning_rate": [0.001, 0.01]}
    >>> nested = nested_cross_validation(
    ...     make_mlp, space, X, y, outer_cv=3, cv=2, n_trials=None, epochs=5, progress=False
    ... )
    >>> nested.choices.columns.tolist()
    ['fold', 'learning_rate', 'inner_score', 'outer_score']
    """
    drawn, settings = draw_settings(make_model, space, n_trials, seed), with_defaults(settings)
    search = Search(make_model, X, y, drawn, metric, halving, factor, n_rungs, settings)
    outer = search.split(outer_cv)
    inner = [search.split(cv, train) for train, _ in outer]
    seeds = network_seeds(seed, len(outer))
    fitted, choices, frames = [], [], []
    with search.running(log, inner, seed, progress) as run:
        for fold, (folds, own_seed) in enumerate(zip(inner, seeds, strict=True)):
            trials = run(folds, own_seed, fold)
            chosen, inner_score = search.best_of(trials)
            fitted.append(_evaluate(search, chosen, outer[fold], own_seed))
            outer_score = fitted[-1].scores[metric].iloc[0]
            scores = {"inner_score": inner_score, "outer_score": outer_score}
            choices.append({"fold": fold} | chosen | scores)
            trials.insert(0, "fold", fold)
            frames.append(trials)
    probabilities = [np.asarray(r.probabilities[0, r.folds[0][1]]) for r in fitted]
    labels = [r.labels[0, r.folds[0][1]] for r in fitted]
    result = collect_result(search.checked()[1], outer, probabilities, labels)
    return NestedResult(result, pd.DataFrame(choices), pd.concat(frames, ignore_index=True))


def _evaluate(search, chosen, fold, seed):
    """Train on an outer fold's training rows, with the settings that they chose, and score it."""
    make_model = functools.partial(search.make_model, **for_model(chosen))
    settings = search.settings | {name: chosen[name] for name in TRAINING if name in chosen}
    settings |= {"cv": [fold], "seed": seed, "progress": False}
    return evaluate_model(search.X, search.y, make_model, **settings)
