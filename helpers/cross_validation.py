"""The work behind `helpers.evaluation`: networks of one or several kinds on the same folds."""

import functools
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.early_stopping import EarlyStopping
from helpers.label_sets import find_label_sets, keep_seen_sets, marginals, most_probable_sets
from helpers.making import check_softmax
from helpers.metrics import predict_labels
from helpers.preprocessing import transform_for_each_fold
from helpers.results import collect_result
from helpers.seeds import network_seeds
from helpers.sharing import train_shared
from helpers.splits import split_rows
from helpers.training import train_folds
from helpers.validation import check_rows, check_two_labels, check_X_y


def cross_validate(
    make_models, X, y, *, cv, seed, n_jobs, progress, label_sets, preprocess, **settings
):
    """Cross-validate one or several kinds of model on the same folds, with the same seeds.

    Parameters
    ----------
    make_models : list of callable
    X, y, cv, seed, n_jobs, progress, label_sets, preprocess
        As in `helpers.evaluation.evaluate_model`.
    **settings
        Those that `helpers.training.train_folds` takes.

    Returns
    -------
    list of helpers.results.EvaluationResult
        One for each of `make_models`.
    """
    settings["shuffle"] = bool(settings["shuffle"])
    X, y = check_X_y(X, y) if preprocess is None else check_rows(X, y)
    check_two_labels(y)
    _check_settings(seed=seed, **settings)
    folds = split_rows(cv, X, y)
    sets, set_of_row = find_label_sets(y)
    targets = np.eye(len(sets), dtype="float32")[set_of_row] if label_sets else y
    train = functools.partial(_train, make_models, preprocess, label_sets, settings)
    seeds = network_seeds(seed, len(folds))
    trained = train_shared(train, (X, targets), folds, seeds, len(make_models), n_jobs, progress)
    if label_sets:
        return [_result_of_sets(y, folds, networks, sets, set_of_row) for networks in trained]
    return [
        _result(y, folds, networks, probabilities, list(map(predict_labels, probabilities)))
        for networks in trained
        for probabilities in [[network.probabilities for network in networks]]
    ]


def _train(
    make_models, preprocess, label_sets, settings, X, targets, folds, seeds, first_fold, progress
):
    if preprocess is not None:
        X, targets, folds = transform_for_each_fold(preprocess, X, targets, folds, first_fold)
    for make_model in make_models if label_sets else []:
        check_softmax(make_model, X.shape[1], targets.shape[1])
    return train_folds(
        make_models, X, targets, folds, seeds, first_fold=first_fold, progress=progress, **settings
    )


def _result_of_sets(y, folds, networks, sets, set_of_row):
    set_proba = [
        keep_seen_sets(network.probabilities, set_of_row[train])
        for network, (train, _) in zip(networks, folds, strict=True)
    ]
    labels = [most_probable_sets(proba, sets) for proba in set_proba]
    return _result(y, folds, networks, [marginals(proba, sets) for proba in set_proba], labels)


def _result(y, folds, networks, probabilities, labels):
    result = collect_result(y, folds, probabilities, labels)
    return replace(result, history=_history(result.scores, networks))


def _history(scores, networks):
    curves = []
    for repeat, fold, network in zip(scores["repeat"], scores["fold"], networks, strict=True):
        epoch = np.arange(1, len(network.loss) + 1)
        columns = {"repeat": repeat, "fold": fold, "epoch": epoch}
        curves.append(pd.DataFrame(columns | {"loss": network.loss, "val_loss": network.val_loss}))
    return pd.concat(curves, ignore_index=True)


def _check_settings(shuffle, early_stopping, **numbers):
    for name, value in numbers.items():
        lowest = 0 if name == "seed" else 1
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < lowest:
            raise ValueError(f"{name}: found {value!r}, expected a whole number >= {lowest}.")
    if not isinstance(early_stopping, EarlyStopping | None):
        raise TypeError(
            f"early_stopping is a {type(early_stopping).__name__}: pass "
            "helpers.early_stopping.EarlyStopping(patience=...)."
        )
    if early_stopping is not None and numbers["validation_freq"] != 1:
        raise ValueError(
            f"validation_freq={numbers['validation_freq']}: early_stopping watches every epoch, so "
            "leave it 1."
        )
