"""Whether probabilities are true, and a scaling that corrects them: lesson 09."""

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.utils.validation import check_is_fitted, validate_data

from helpers._arguments import (
    check_known_and_prob,
    check_known_labels,
    check_probabilities,
    check_same_names,
    check_same_shape,
)
from helpers.labels import names_or_default
from helpers.splits import number_repeats, split_rows

BRIER_PARTS = ["reliability", "resolution", "uncertainty", "remainder"]


def reliability_table(y_true, y_prob, n_bins=10, label_names=None):
    """Compare predicted with observed shares, in bins of equal width.

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)
        Labels that are not known (NaN in `y_true`) are left out.
    n_bins : int, default=10
    label_names : list of str, optional

    Returns
    -------
    DataFrame
        One row for each label and bin: ``label``, ``low``, ``high`` (the bin; its lower end is
        in it, and 1 is in the last), ``count`` (rows in it), ``predicted`` (their mean
        probability) and ``observed`` (share of them with the label); NaN in an empty bin.

    References
    ----------
    Guo et al., On calibration of modern neural networks (2017).

    Examples
    --------
    >>> reliability_table([[1], [0], [1], [1]], [[0.1], [0.2], [0.8], [1.0]], n_bins=2)
         label  low  high  count  predicted  observed
    0  label_1  0.0   0.5      2       0.15       0.5
    1  label_1  0.5   1.0      2       0.90       1.0
    """
    y_true, y_prob = check_known_and_prob(y_true, y_prob)
    if isinstance(n_bins, bool) or not isinstance(n_bins, (int, np.integer)) or n_bins < 1:
        raise ValueError(f"n_bins: found {n_bins!r}, expected a whole number of 1 or more.")
    edges = np.arange(n_bins + 1) / n_bins  # linspace's 0.3 is a little more than 0.3
    tables = []
    names = names_or_default(label_names, y_true.shape[1])
    for name, y, p in zip(names, y_true.T, y_prob.T, strict=True):
        y, p = y[~np.isnan(y)], p[~np.isnan(y)]
        bins = np.digitize(p, edges[1:-1])
        count, predicted, observed = (np.bincount(bins, w, n_bins) for w in (None, p, y))
        with np.errstate(invalid="ignore"):
            columns = {"predicted": predicted / count, "observed": observed / count}
        place = {"label": name, "low": edges[:-1], "high": edges[1:], "count": count}
        tables.append(pd.DataFrame(place | columns))
    return pd.concat(tables, ignore_index=True)


def calibration_table(y_true, y_prob, n_bins=10, label_names=None):
    """Score the probabilities of each label, and take its Brier score apart.

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)
        Labels that are not known (NaN in `y_true`) are left out.
    n_bins : int, default=10
    label_names : list of str, optional

    Returns
    -------
    DataFrame
        One row per label. ``log_loss`` and ``brier`` (mean squared distance between probability
        and truth) reward calibration and sharpness together. ``ece`` is the expected calibration
        error: the mean distance between predicted and observed share over the bins, weighted by
        their rows; chance alone keeps it above 0. Over the same bins, ``brier = reliability -
        resolution + uncertainty + remainder``: ``reliability`` is the mean squared distance
        between predicted and observed share (0 is best), ``resolution`` that between observed
        share and prevalence (more is better), ``uncertainty`` the Brier score of the prevalence;
        ``remainder`` comes from the bins, whose rows don't share one probability.

    Raises
    ------
    ValueError
        If labels, probabilities, `n_bins` or names don't fit.

    References
    ----------
    Murphy, A new vector partition of the probability score (1973); Stephenson et al., Two extra
    components in the Brier score decomposition (2008), for the ``remainder``; Naeini et al.,
    Obtaining well calibrated probabilities using Bayesian binning (2015), for the ``ece``.

    Examples
    --------
    >>> table = calibration_table([[1], [0], [1], [1]], [[0.1], [0.2], [0.8], [1.0]], n_bins=2)
    >>> table.loc["label_1", ["brier", "reliability", "resolution", "ece"]].round(3).to_dict()
    {'brier': 0.223, 'reliability': 0.066, 'resolution': 0.062, 'ece': 0.225}
    """
    y_true, y_prob = check_known_and_prob(y_true, y_prob)
    known = ~np.isnan(y_true)
    _refuse_labels(~known.any(axis=0), "is known in no row")
    n_known = known.sum(axis=0)
    bins = reliability_table(y_true, y_prob, n_bins, label_names).dropna()
    names, prevalence = bins["label"].unique(), np.nansum(y_true, axis=0) / n_known
    gaps = bins["predicted"] - bins["observed"]
    sharpness = bins["observed"] - bins["label"].map(dict(zip(names, prevalence, strict=True)))
    parts = pd.DataFrame({"reliability": gaps**2, "resolution": sharpness**2, "ece": gaps.abs()})
    rows = bins["label"].map(dict(zip(names, n_known, strict=True)))
    parts = parts.mul(bins["count"] / rows, axis=0)
    table = parts.groupby(bins["label"], sort=False).sum()
    table["uncertainty"] = prevalence * (1 - prevalence)
    table["brier"] = np.nansum((y_true - y_prob) ** 2, axis=0) / n_known
    exact = table["reliability"] - table["resolution"] + table["uncertainty"]
    table["remainder"] = table["brier"] - exact
    columns = zip(y_true.T, y_prob.T, known.T, strict=True)
    table["log_loss"] = [log_loss(y[rows], p[rows], labels=[0, 1]) for y, p, rows in columns]
    return table[["log_loss", "brier", *BRIER_PARTS, "ece"]]


class ProbabilityScaler(TransformerMixin, BaseEstimator):
    """Correct over- and underconfident probabilities, label by label.

    Parameters
    ----------
    method : {"platt", "temperature"}, default="platt"
        ``temperature`` multiplies the logit by one number; ``platt`` also shifts it. Both are
        plain maximum likelihood, without the smoothed targets of Platt's paper. For 0 and 1 stand
        1e-7 and 1 − 1e-7: a model that often says them (few neighbors) is not helped.

    Attributes
    ----------
    slope_, intercept_ : ndarray of shape (n_labels,)
        ``new logit = slope * logit + intercept``; the temperature is 1 / slope. A slope below 1,
        a temperature above 1, says that probabilities were overconfident: too near to 0 and 1.
        A slope below 0 says that the label was less likely where its probability was higher.

    References
    ----------
    Platt, Probabilistic outputs for support vector machines (1999); Guo et al., On calibration of
    modern neural networks (2017), for temperature scaling.

    Examples
    --------
    >>> y_prob = [[0.9], [0.9], [0.9], [0.1], [0.1], [0.1]]  # overconfident: right in 2 of 3 rows
    >>> scaler = ProbabilityScaler("temperature").fit(y_prob, [[1], [1], [0], [0], [0], [1]])
    >>> scaler.transform([[0.9], [0.1]]).round(3).tolist()
    [[0.667], [0.333]]
    """

    def __init__(self, method="platt"):
        self.method = method

    def fit(self, y_prob, y_true):
        """Fit one logistic regression a label, on the logit of its probabilities.

        Both are of shape (n_samples, n_labels), of rows that the model was not trained on. NaN in
        `y_true` is a label that is not known: it is left out.
        """
        if self.method not in ("platt", "temperature"):
            raise ValueError(f"method={self.method!r}: expected 'platt' or 'temperature'.")
        check_same_names(y_true, y_prob)
        logits, y_true = _logits(y_prob), check_known_labels(y_true, "y_true")
        validate_data(self, y_prob, y_true, skip_check_array=True)
        check_same_shape(y_true, logits)
        varies = (y_true == 0).any(axis=0) & (y_true == 1).any(axis=0)
        _refuse_labels(~varies, "never varies in the rows to fit on")
        known = ~np.isnan(y_true)
        # With one feature, this solver is the fastest by far, and the most exact.
        one = LogisticRegression(C=np.inf, solver="newton-cg", fit_intercept=self.method == "platt")
        regressions = [
            clone(one).fit(z[rows, None], y[rows])
            for z, y, rows in zip(logits.T, y_true.T, known.T, strict=True)
        ]
        self.slope_ = np.array([r.coef_[0, 0] for r in regressions])
        self.intercept_ = np.array([np.ravel(r.intercept_)[0] for r in regressions])
        return self

    def transform(self, y_prob):
        """Return the corrected probabilities, (n_samples, n_labels)."""
        check_is_fitted(self)
        logits, n_labels = _logits(y_prob), len(self.slope_)
        if logits.shape[1] != n_labels:
            raise ValueError(f"y_prob has shape {logits.shape}: expected {n_labels} labels.")
        validate_data(self, y_prob, reset=False, skip_check_array=True)
        return expit(self.slope_ * logits + self.intercept_)

    def __sklearn_tags__(self):
        """Expect probabilities and label matrices."""
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = tags.target_tags.required = True
        tags.target_tags.single_output, tags.target_tags.multi_output = False, True
        return tags


def scale_out_of_fold(y_true, y_prob, cv=10, method="platt", groups=None):
    """Correct each fold's probabilities by a scaling fitted on the other folds' rows.

    Parameters
    ----------
    y_true, y_prob : array-like of shape (n_samples, n_labels)
        `y_prob` are out-of-fold probabilities. Labels that are not known (NaN in `y_true`) are left
        out of the fits.
    cv : scikit-learn splitter, int or iterable of (train, test), default=10
        One repeat: each row is held out once.
    method : {"platt", "temperature"}, default="platt"
    groups : array-like of shape (n_samples,), optional
        As in `helpers.evaluation.evaluate_model`: rows of one group stay together.

    Returns
    -------
    ndarray of shape (n_samples, n_labels), NaN where a row is never held out

    Examples
    --------
    >>> y_true, y_prob = [[1], [0]] * 6, [[0.8], [0.3], [0.4], [0.6]] * 3
    >>> scale_out_of_fold(y_true, y_prob, cv=3).shape
    (12, 1)
    """
    y_true, y_prob = check_known_and_prob(y_true, y_prob)
    folds = split_rows(cv, y_prob, y_true, groups)
    if number_repeats(folds, len(y_true))[-1]:
        raise ValueError("cv holds rows out more than once: pass the folds of one repeat.")
    scaled = np.full(y_prob.shape, np.nan)
    for train, test in folds:
        scaler = ProbabilityScaler(method).fit(y_prob[train], y_true[train])
        scaled[test] = scaler.transform(y_prob[test])
    return scaled


def _refuse_labels(refused, why):
    if refused.any():
        raise ValueError(
            f"y_true: label number {np.argmax(refused)} {why}: leave it out, or choose folds in "
            "which it varies."
        )


def _logits(y_prob):
    smallest = 1e-7  # keeps probabilities away from 0 and 1, whose logits are infinite
    return logit(np.clip(check_probabilities(y_prob), smallest, 1 - smallest))
