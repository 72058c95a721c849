"""The work behind `helpers.evaluation`: networks of one or several kinds on the same folds."""

import functools
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.label_sets import find_label_sets, keep_seen_sets, marginals, most_probable_sets
from helpers.metrics import predict_labels
from helpers.preprocessing import transform_for_fold
from helpers.progress import progress_bar
from helpers.results import collect_result
from helpers.splits import split_rows
from helpers.training import Settings, network_seeds, train_folds
from helpers.validation import check_rows, check_two_labels, check_X_y


def cross_validate(
    make_models, X, y, *, cv, seed, n_jobs, progress, label_sets, preprocess, **settings
):
    """Cross-validate one or several kinds of model on the same folds, with the same seeds.

    Parameters
    ----------
    make_models : dict of str to callable
    X, y, cv, seed, n_jobs, progress, label_sets, preprocess
        As in `helpers.evaluation.evaluate_model`.
    **settings
        Of `helpers.training.Settings`.

    Returns
    -------
    dict of str to helpers.results.EvaluationResult
        One for each of `make_models`.
    """
    settings = Settings(**settings)
    X, y = check_X_y(X, y) if preprocess is None else check_rows(X, y)
    check_two_labels(y)
    folds = split_rows(cv, X, y)
    sets, set_of_row = find_label_sets(y)
    targets = np.eye(len(sets), dtype="float32")[set_of_row] if label_sets else y
    trained = train_folds(
        list(make_models.values()),
        X,
        targets,
        folds,
        network_seeds(seed, len(folds)),
        settings,
        prepare=None if preprocess is None else functools.partial(transform_for_fold, preprocess),
        sum_to_one=label_sets,
        n_jobs=n_jobs,
        progress=functools.partial(progress_bar, show=progress),
    )
    results = {}
    for name, networks in zip(make_models, trained, strict=True):
        _warn_of_divergence(name, networks)
        probabilities, labels = [], []
        for network, (train, test) in zip(networks, folds, strict=True):
            proba = network.probabilities
            if np.isnan(proba).any():
                probabilities.append(np.full((len(test), y.shape[1]), np.nan, "float32"))
                labels.append(np.full((len(test), y.shape[1]), -1))
            elif label_sets:
                proba = keep_seen_sets(proba, set_of_row[train])
                probabilities.append(marginals(proba, sets))
                labels.append(most_probable_sets(proba, sets))
            else:
                probabilities.append(proba)
                labels.append(predict_labels(proba))
        result = collect_result(y, folds, probabilities, labels)
        results[name] = replace(result, history=_history(result.scores, networks))
    return results


def _history(scores, networks):
    curves = []
    for repeat, fold, network in zip(scores["repeat"], scores["fold"], networks, strict=True):
        epoch = np.arange(1, len(network.loss) + 1)
        columns = {"repeat": repeat, "fold": fold, "epoch": epoch}
        curves.append(pd.DataFrame(columns | {"loss": network.loss, "val_loss": network.val_loss}))
    return pd.concat(curves, ignore_index=True)


def _warn_of_divergence(name, networks):
    # The last step of all shows in the predictions only.
    losses = [
        np.append(n.loss, np.nan if np.isnan(n.probabilities).any() else 0.0) for n in networks
    ]
    diverged = [k for k, loss in enumerate(losses) if not np.isfinite(loss).all()]
    if not diverged:
        return
    epoch = min(min(np.argmin(np.isfinite(losses[k])) + 1, len(networks[k].loss)) for k in diverged)
    lost = [k for k in diverged if np.isnan(networks[k].probabilities).any()]
    whose = "" if name is None else f"{name}: "
    outcome = f"The scores of folds {lost} are NaN" if lost else "All folds have finite predictions"
    warnings.warn(
        f"{whose}training diverged in folds {diverged}, counted from 0: the loss is not finite, "
        f"from epoch {epoch} on at the earliest. {outcome}; folds without divergence are sound. "
        "Scale the features (preprocess=make_preprocessor(X), or a Normalization layer), or take "
        "a lower learning rate.",
        stacklevel=4,
    )
