"""Error bars of cross-validated scores that allow for training sets which overlap."""

import numpy as np
from scipy import stats


def corrected_interval(scores, n_train, n_test, level=0.95):
    """Compute a confidence interval of a cross-validated mean score.

    The folds' scores are not independent: any two networks share most of their training rows. The
    usual standard error ignores that and is too small. Nadeau and Bengio's correction adds the
    ratio n_test / n_train to the variance.

    Parameters
    ----------
    scores : array-like of shape (n_folds,)
        One score a fold, all repeats together.
    n_train, n_test : int or array-like of shape (n_folds,)
        Rows trained on and rows held out; where folds differ, their mean is taken.
    level : float, default=0.95
        How often intervals made in this way shall hold the true mean. This holds nearly, not
        exactly: the correlation between folds is assumed, not measured.

    Returns
    -------
    (low, high) : tuple of float

    Raises
    ------
    ValueError
        If there are fewer than two scores, one is not finite, or another argument does not fit.

    Notes
    -----
    It says how far the score of the *recipe* on rows of the same kind may be from the mean over
    these folds. It can't know whether the sample of rows as a whole is a lucky one.

    References
    ----------
    Nadeau and Bengio, Inference for the generalization error, Machine Learning 52 (2003);
    Bouckaert and Frank, Evaluating the replicability of significance tests (2004), for repeated
    cross-validation; Bengio and Grandvalet, No unbiased estimator of the variance of k-fold
    cross-validation (2004), for why it must be an approximation.

    Examples
    --------
    >>> low, high = corrected_interval([0.8, 0.9, 0.7, 0.8], n_train=75, n_test=25)
    >>> round(low, 3), round(high, 3)
    (0.602, 0.998)
    """
    return _interval(scores, corrected_std_error(scores, n_train, n_test), level)


def naive_interval(scores, level=0.95):
    """Compute the interval that takes the folds' scores for independent, for comparison only.

    Parameters
    ----------
    scores : array-like of shape (n_folds,)
    level : float, default=0.95

    Returns
    -------
    (low, high) : tuple of float
        Too narrow: see `corrected_interval`.

    Examples
    --------
    >>> low, high = naive_interval([0.8, 0.9, 0.7, 0.8])
    >>> round(low, 3), round(high, 3)
    (0.67, 0.93)
    """
    return _interval(scores, corrected_std_error(scores, n_train=1, n_test=0), level)


def corrected_std_error(scores, n_train, n_test):
    """Compute Nadeau and Bengio's standard error of a cross-validated mean.

    Parameters
    ----------
    scores : array-like of shape (n_folds,)
    n_train, n_test : int or array-like of shape (n_folds,)

    Returns
    -------
    float
        ``std * sqrt(1 / n_folds + n_test / n_train)``, with std from n_folds − 1.

    Examples
    --------
    >>> float(corrected_std_error([0.8, 0.9, 0.7, 0.8], n_train=75, n_test=25).round(4))
    0.0624
    """
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

    References
    ----------
    As in `corrected_interval`.

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


def expected_margins(share, n_samples, n_splits, n_repeats, level=0.95):
    """Compute how wide the intervals of a cross-validated share of rows may be expected to be.

    Folds are taken to differ by the number of rows in them alone, so that the scores of one fold
    have the standard deviation of a share, ``sqrt(share * (1 - share) / n_test)``.

    Parameters
    ----------
    share : float
        The mean score, for instance a subset accuracy.
    n_samples : int
        Rows of the table.
    n_splits, n_repeats : int
        Of repeated k-fold cross-validation.
    level : float, default=0.95

    Returns
    -------
    naive, corrected : float
        Half the width of the interval that takes the folds for independent, and of that by
        `corrected_std_error`.

    Examples
    --------
    >>> naive, corrected = expected_margins(0.8, n_samples=1000, n_splits=10, n_repeats=3)
    >>> round(float(naive), 3), round(float(corrected), 3)
    (0.015, 0.031)
    """
    n_test = n_samples / n_splits
    n_folds, std = n_splits * n_repeats, np.sqrt(share * (1 - share) / n_test)
    t = stats.t.ppf((1 + level) / 2, n_folds - 1)
    overlap = n_test / (n_samples - n_test)
    return t * std * np.sqrt(1 / n_folds), t * std * np.sqrt(1 / n_folds + overlap)


def _interval(scores, std_error, level):
    if not 0 < level < 1:
        raise ValueError(f"level={level}: expected a share between 0 and 1, such as 0.95.")
    margin = stats.t.ppf((1 + level) / 2, len(scores) - 1) * std_error
    return float(np.mean(scores) - margin), float(np.mean(scores) + margin)
