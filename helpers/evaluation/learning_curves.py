"""Scores against the number of training rows: whether more rows would help."""

from numbers import Integral, Real

from helpers.evaluation.cross_validation import check_data, evaluate_model, with_defaults
from helpers.evaluation.tuning import shorten
from helpers.models import make_mlp
from helpers.splits import split_rows


def learning_curve(
    X, y, make_model=make_mlp, train_sizes=(0.1, 0.2, 0.4, 0.7, 1.0), cv=None, seed=1, **settings
):
    """Cross-validate a Keras model that learns from fewer rows, and from more.

    All sizes are scored on the same held-out rows, and a larger one holds all rows of a smaller.

    Parameters
    ----------
    X, y, make_model, cv, seed, **settings
        As in `evaluate_model`.
    train_sizes : iterable of float or int
        Shares of each fold's training rows, above 0 and at most 1, or numbers of rows, as in
        `sklearn.model_selection.learning_curve`.

    Returns
    -------
    dict of int to EvaluationResult
        By the number of training rows, the smallest first; ``results[n].summary()`` has the score
        with its error, and `helpers.plots.plot_score_by_rows` draws them.

    Examples
    --------
    >>> from helpers.data import make_dataset
    >>> X, y = make_dataset(n_samples=100)
    >>> list(learning_curve(X, y, train_sizes=(0.5, 80), cv=5, epochs=2, progress=False))
    [40, 80]
    """
    settings = with_defaults(settings)
    checked, known = check_data(X, y, settings["preprocess"], settings["missing_labels"])
    folds = split_rows(cv, checked, known, settings["groups"])
    fewest = min(len(train) for train, _ in folds)
    results = {}
    for n_rows in sorted({_n_rows(size, fewest) for size in train_sizes}):
        some = shorten(folds, n_rows, seed)
        results[n_rows] = evaluate_model(X, y, make_model, **settings | {"cv": some, "seed": seed})
    return results


def _n_rows(size, fewest):
    """Return how many rows a size means, in the fold that has the fewest."""
    if isinstance(size, Integral) and not isinstance(size, bool) and 1 <= size <= fewest:
        return int(size)
    if isinstance(size, Real) and not isinstance(size, Integral) and 0 < size <= 1:
        return max(1, round(size * fewest))
    raise ValueError(
        f"train_sizes holds {size!r}: expected shares above 0 and at most 1, such as 0.5, or "
        f"numbers of rows from 1 to {fewest}, which the smallest fold trains on."
    )
