"""Repeated k-fold cross-validation of Keras models: lesson 03, and every lesson after it.

`helpers.training` trains the networks; what they predict for held-out rows is scored here.
"""

import functools
import inspect
import warnings
from dataclasses import replace

import keras
import numpy as np
import pandas as pd
from sklearn.base import clone

from helpers._arguments import check_missing_labels, check_rows, check_X_y
from helpers._progress import progress_bar
from helpers.labels import find_label_sets, keep_seen_sets, marginals, most_probable_sets
from helpers.metrics import predict_labels
from helpers.models import make_mlp, masked
from helpers.preprocessing import transform
from helpers.results import collect_result
from helpers.splits import name_labels, number_groups, split_rows, warn_of_absent_labels
from helpers.training import Settings, network_seeds, train_folds


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
    label_sets=False,
    preprocess=None,
    early_stopping=None,
    validation_freq=1,
    jit_compile="auto",
    groups=None,
    missing_labels="refuse",
):
    """Cross-validate a Keras model: one network per fold, all trained by one program if possible.

    Each network learns what `keras.Model.fit` would teach it from the same weights and batches.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Finite numbers; with `preprocess`, whatever that takes. Or pictures, of shape (n_samples,
        height, width) or (n_samples, height, width, channels).
    y : array-like of shape (n_samples, n_labels)
        0 or 1. One column, a single yes-or-no label, is fine, too. NaN where a label is not known,
        with ``missing_labels="mask"``.
    make_model : callable, default=make_mlp
        ``make_model(n_inputs, n_outputs)`` returns a new compiled `keras.Model` at each call. For
        pictures `n_inputs` is a tuple, ``X.shape[1:]``, as `keras.Input` takes it. The function
        must depend on nothing but its arguments, since it may be called twice for a fold. If it has
        an argument ``seed`` whose default is None, it gets a seed of its own for each fold: for
        initial weights and masks, not for rates or strengths. Random layers of your own need a
        ``keras.random.SeedGenerator(seed)``.
    cv : scikit-learn splitter, int, iterable of (train, test), or None
        None is ``RepeatedKFold(n_splits=10, n_repeats=3, random_state=1)``.
    epochs, batch_size, shuffle
        As in `keras.Model.fit`.
    seed : int, default=1
        Decides initial weights, dropout masks and the order of rows. The splits are `cv`'s own.
        Your own global random state is left as it was.
    n_jobs : int or None, default=None
        Share the folds out to this many processes of `joblib` (−1: as many as there are cores);
        None trains in this one, which uses all cores by itself. Inside
        ``joblib.parallel_config(backend="dask")`` the folds go to the workers of a Dask cluster.
        No number depends on it.
    progress : bool, default=True
        Show a bar that counts epochs.
    label_sets : bool, default=False
        True asks the model which *set* of labels a row has: its outputs are one for each set that
        occurs in `y`, as in `helpers.models.make_label_set_mlp`. The most probable set is
        predicted, and a label's probability is the sum over the sets that have it. A set that no
        training row of a fold has gets probability 0 there.
    preprocess : scikit-learn transformer, optional
        Cloned and fitted on the training rows of each fold, for instance
        `helpers.preprocessing.make_preprocessor`; the model is made for what comes out of it. No
        more of these matrices are in memory at a time than there are cores.
    early_stopping : EarlyStopping, optional
        Let each network stop by itself, on validation rows taken from its training rows.
    validation_freq : int, default=1
        As in `keras.Model.fit`: take the held-out loss after every so many epochs only; it is NaN
        in between. A large number saves time where held-out rows are many.
    jit_compile : bool or "auto", default="auto"
        Whether XLA compiles the training: "auto" does, unless the model has convolutions or random
        layers and no GPU to run on. With False, all numbers are those of `fit` to float32 rounding.
        XLA rounds otherwise, and training lets the difference grow, as it does between two
        machines. Random layers draw the masks that `fit` draws with the same ``jit_compile``.
    groups : array-like of shape (n_samples,), optional
        Whose each row is, for instance the customer's number, where a customer has several rows.
        Rows of one group never stand on both sides of a split: a splitter that mixes them is
        refused, and the validation rows of `early_stopping` are whole groups. None for `cv` is
        then ``StratifiedLabelKFold(n_splits=10, n_repeats=3)`` of `helpers.splits`, and a number
        is that many folds of one repeat.
    missing_labels : {"refuse", "mask"}, default="refuse"
        What to do about labels that are not known, NaN in `y`. "mask" leaves them out of the loss,
        which it puts into `helpers.models.masked`, and of the scores, label by label, as in
        `helpers.metrics.score_table`.

    Returns
    -------
    helpers.results.EvaluationResult

    Warns
    -----
    UserWarning
        Once, with the reason, if the model can't be compiled and is trained by `fit`, fold by fold:
        a training step of its own, or ``run_eagerly=True``. Once, if the model's outputs sum to 1
        or its loss is categorical cross-entropy, though not every row has exactly one label. Once,
        if labels have no row to learn from, or none to be scored by, in some folds. If training
        diverges: the folds, whose scores are NaN.

    Examples
    --------
    >>> from helpers.data import make_dataset
    >>> X, y = make_dataset(n_samples=100)
    >>> result = evaluate_model(X, y, cv=5, epochs=2, progress=False)
    >>> result.scores.shape, result.probabilities.shape
    ((5, 9), (1, 100, 3))
    """
    results = _cross_validate(
        {None: make_model},
        X,
        y,
        cv=cv,
        epochs=epochs,
        batch_size=batch_size,
        shuffle=shuffle,
        seed=seed,
        n_jobs=n_jobs,
        progress=progress,
        label_sets=label_sets,
        preprocess=preprocess,
        early_stopping=early_stopping,
        validation_freq=validation_freq,
        jit_compile=jit_compile,
        groups=groups,
        missing_labels=missing_labels,
    )
    return results[None]


def evaluate_models(make_models, X, y, **settings):
    """Cross-validate several Keras models on the same folds, with the same seeds.

    Models that differ in nothing but a constant learning rate or the strengths of
    `keras.regularizers.L1` and `L2` share one compiled program.

    Parameters
    ----------
    make_models : dict of str to callable
        A name for each ``make_model``, which is as in `evaluate_model`.
    X, y
        As in `evaluate_model`.
    **settings
        The other arguments of `evaluate_model`, the same for all.

    Returns
    -------
    dict of str to helpers.results.EvaluationResult
        What `evaluate_model` would have found for each, in the order of `make_models`;
        `helpers.results.comparison_table` puts it into one table.

    Examples
    --------
    >>> from functools import partial
    >>> from helpers.data import make_dataset
    >>> X, y = make_dataset(n_samples=100)
    >>> make_models = {rate: partial(make_mlp, learning_rate=rate) for rate in (0.001, 0.01)}
    >>> list(evaluate_models(make_models, X, y, cv=5, epochs=2, progress=False))
    [0.001, 0.01]
    """
    if not isinstance(make_models, dict) or not make_models:
        raise TypeError(
            f"make_models is {make_models!r}: pass a dictionary with a name for each make_model, "
            'such as {"20 hidden units": make_mlp}.'
        )
    return _cross_validate(make_models, X, y, **with_defaults(settings))


def with_defaults(settings):
    """Return the arguments of `evaluate_model`, those in `settings` and the defaults of others."""
    known = {
        name: parameter.default
        for name, parameter in inspect.signature(evaluate_model).parameters.items()
        if name not in ("X", "y", "make_model")
    }
    if unknown := sorted(settings.keys() - known.keys()):
        raise TypeError(f"{unknown}: expected arguments of evaluate_model, {sorted(known)}.")
    return known | settings


def _cross_validate(
    make_models,
    X,
    y,
    *,
    cv,
    seed,
    n_jobs,
    progress,
    label_sets,
    preprocess,
    groups,
    missing_labels,
    **settings,
):
    """Cross-validate one or several kinds of model on the same folds, with the same seeds."""
    settings = Settings(**settings)
    given = y
    X, y = check_data(X, y, preprocess, missing_labels)
    folds = split_rows(cv, X, y, groups)
    makers = list(make_models.values())
    if np.isnan(y).any():
        makers = [with_masked_loss(make_model) for make_model in makers]
    targets, decode = y, _predict_labels
    if label_sets:
        if np.isnan(y).any():
            raise ValueError(
                "label_sets=True needs rows whose labels are all known, and y holds NaN in row "
                f"{np.argmax(np.isnan(y).any(axis=1))}: leave such rows out, or predict labels."
            )
        sets, set_of_row = find_label_sets(y)
        targets = np.eye(len(sets), dtype="float32")[set_of_row]
        decode = functools.partial(_predict_label_sets, sets, set_of_row)
    warn_of_absent_labels(y, folds, name_labels(given, y.shape[1]), stacklevel=4)
    trained = train_folds(
        makers,
        X,
        targets,
        folds,
        network_seeds(seed, len(folds)),
        settings,
        groups=None if groups is None else number_groups(groups, len(y)),
        prepare=None if preprocess is None else functools.partial(_transform_for_fold, preprocess),
        sum_to_one=label_sets,
        n_jobs=n_jobs,
        progress=progress if callable(progress) else functools.partial(progress_bar, show=progress),
    )
    results = {}
    for name, networks in zip(make_models, trained, strict=True):
        _warn_of_divergence(name, networks)
        probabilities, labels = [], []
        for network, (train, test) in zip(networks, folds, strict=True):
            if np.isnan(network.probabilities).any():  # training diverged
                shape = len(test), y.shape[1]
                proba, predicted = np.full(shape, np.nan, "float32"), np.full(shape, -1)
            else:
                proba, predicted = decode(network.probabilities, train)
            probabilities.append(proba)
            labels.append(predicted)
        result = collect_result(y, folds, probabilities, labels)
        history = _history(result.scores, networks)
        history.attrs["val_loss"] = "held-out" if settings.early_stopping is None else "validation"
        results[name] = replace(result, history=history)
    return results


def check_data(X, y, preprocess, missing_labels):
    """Return checked features and labels, as `evaluate_model` takes them."""
    check = check_X_y if preprocess is None else check_rows
    return check(X, y, check_missing_labels(missing_labels))


def with_masked_loss(make_model):
    """Let `make_model` return models whose loss leaves out labels that are not known."""
    if isinstance(make_model, keras.Model) or not callable(make_model):
        return make_model  # which is refused where it is called

    @functools.wraps(make_model)
    def make_masked(*arguments, **keywords):
        model = make_model(*arguments, **keywords)
        if isinstance(model, keras.Model) and model.compiled and model.loss is not None:
            keras.Model.compile(  # not a method of the model's own, with arguments of its own
                model,
                optimizer=model.optimizer,
                loss=masked(model.loss),
                loss_weights=model.get_compile_config().get("loss_weights"),
                run_eagerly=model.run_eagerly,
                jit_compile=model.jit_compile,
            )
        return model

    return make_masked


def _predict_labels(proba, train):
    return proba, predict_labels(proba)


def _predict_label_sets(sets, set_of_row, set_proba, train):
    """Return probabilities of labels and the most probable set, of those that `train` has."""
    set_proba = keep_seen_sets(set_proba, set_of_row[train])
    return marginals(set_proba, sets), most_probable_sets(set_proba, sets)


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


def _transform_for_fold(preprocess, X, y, train):
    """Fit a copy of a transformer on the training rows of a fold and apply it to all rows."""
    if isinstance(preprocess, type) or not hasattr(preprocess, "transform"):
        raise TypeError(
            f"preprocess is {preprocess!r}: expected a scikit-learn transformer, such as "
            "helpers.preprocessing.make_preprocessor(X)."
        )
    return transform(_fitted(preprocess, X, y, train), X)


def _fitted(preprocess, X, y, rows):
    X = X.iloc[rows] if hasattr(X, "iloc") else X[rows]
    try:
        return clone(preprocess).fit(X, y[rows])
    except Exception as error:
        raise ValueError(f"preprocess can't be fitted on training rows: {error}") from error
