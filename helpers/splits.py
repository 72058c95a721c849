"""Folds of rows: checked, numbered, stratified by labels, by groups, in time (lesson 11)."""

import datetime
import warnings
from numbers import Integral

import numpy as np
import pandas as pd
from iterstrat.ml_stratifiers import RepeatedMultilabelStratifiedKFold
from sklearn.model_selection import RepeatedKFold, RepeatedStratifiedKFold, check_cv
from sklearn.utils import check_random_state

from helpers._arguments import check_known_labels
from helpers.labels import find_label_sets


def split_rows(cv, X, y, groups=None):
    """Return the folds of a splitter as pairs (train, test) of row numbers, checked.

    With `groups`, one for each row, no group stands on both sides of a fold: None and a number of
    folds keep them together, and a splitter that mixes them is refused.
    """
    if groups is not None:
        numbers = number_groups(groups, len(y))
        groups = np.asarray(groups)
        groups = groups if groups.ndim == 1 else numbers  # tuples become a matrix
        cv = _splitter_of_groups(cv, numbers.max() + 1)
    if cv is None:
        cv = RepeatedKFold(n_splits=10, n_repeats=3, random_state=1)
    rows = np.arange(len(y))  # a sparse X has no length
    try:
        with warnings.catch_warnings():  # what ignores the groups is found below
            warnings.filterwarnings("ignore", "The groups parameter is ignored")
            # Indexing turns masks and negative numbers into row numbers and refuses others.
            folds = [(rows[train], rows[test]) for train, test in check_cv(cv).split(X, y, groups)]
    except (ValueError, IndexError, TypeError) as error:
        hint = ""
        if "multilabel-indicator" in str(error):
            hint = " StratifiedLabelKFold of helpers.splits stratifies by several labels."
        raise ValueError(f"cv does not fit the {len(y)} rows of X and y: {error}{hint}") from error
    if not folds:
        raise ValueError("cv gives no folds at all: pass a splitter with one or more.")
    for k, (train, test) in enumerate(folds):
        if train.ndim != 1 or test.ndim != 1:
            raise ValueError(f"cv: fold {k} is not a pair of lists of row numbers.")
        if not len(train) or not len(test):
            raise ValueError(f"cv: fold {k} has {len(train)} training and {len(test)} test rows.")
        if len(np.intersect1d(train, test)):
            raise ValueError(f"cv: fold {k} trains on rows that it holds out: its score would lie.")
        if groups is not None:
            _refuse_mixed(k, numbers[train], numbers[test], groups[test])
    return folds


def number_groups(groups, n_samples):
    """Return the number of each row's group, counted from 0: int64 of shape (n_samples,)."""
    try:
        groups = pd.Series(groups)
        numbers, _ = pd.factorize(groups)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"groups: expected one value for each row, such as the customer's number; {error}."
        ) from error
    if len(numbers) != n_samples:
        raise ValueError(
            f"groups has {len(numbers)} values, and there are {n_samples} rows: each row needs "
            "its group."
        )
    if (numbers < 0).any():
        raise ValueError(
            f"groups holds {groups.iloc[np.argmin(numbers)]} in row {np.argmin(numbers)}: each row "
            "needs its group. Fill it in, with a value of its own if the row belongs to no other."
        )
    return numbers.astype("int64")


def _splitter_of_groups(cv, n_groups):
    """Return what keeps groups together for None and for a number of folds; others as they are."""
    if cv is None:
        n_splits, n_repeats, needed = 10, 3, 20  # of fewer groups, the repeats are too much alike
    elif isinstance(cv, Integral) and not isinstance(cv, bool):
        n_splits, n_repeats, needed = int(cv), 1, int(cv)
    else:
        return cv
    if n_groups < needed:
        hint = "a single group can't be split"
        if n_groups > 1:
            few = max(2, n_groups // 2)
            hint = f"pass cv=StratifiedLabelKFold(n_splits={few}) of helpers.splits, or fewer folds"
        raise ValueError(
            f"groups has {n_groups} different values, and cv={cv} needs {needed} or more: {hint}."
        )
    return StratifiedLabelKFold(n_splits=n_splits, n_repeats=n_repeats)


def _refuse_mixed(k, train, test, names):
    """Refuse a fold, given by numbers of groups, that has one of them on both sides."""
    mixed = np.isin(test, train)
    if mixed.any():
        name = names[mixed][0]
        raise ValueError(
            f"cv: fold {k} both trains on and holds out rows of group "
            f"{name.item() if isinstance(name, np.generic) else name!r}: its score would lie. "
            "StratifiedLabelKFold of helpers.splits and scikit-learn's GroupKFold keep groups "
            "together."
        )


def number_repeats(folds, n_samples):
    """Return the repeat of each fold: a new one begins where a row would be held out again."""
    repeat, held_out, repeats = 0, np.zeros(n_samples, dtype=bool), []
    for _, test in folds:
        if held_out[test].any():
            repeat, held_out[:] = repeat + 1, False
        held_out[test] = True
        repeats.append(repeat)
    return repeats


def name_labels(y, n_labels):
    """Return what to call the labels of `y` in a message: by name or by number, from 0."""
    names = [f"label {name!r}" for name in getattr(y, "columns", [])]
    return names or [f"label number {k}" for k in range(n_labels)]


def warn_of_absent_labels(y, folds, names, stacklevel=2):
    """Warn, once, of labels that some folds can't learn, or can't score, for want of rows.

    Labels that all rows have, or none, are passed over: no fold could.
    """
    yes, no = (y == 1).astype("float32"), (y == 0).astype("float32")
    varies = yes.any(axis=0) & no.any(axis=0)
    not_learned, not_found, common = np.zeros((3, len(folds), y.shape[1]), dtype=bool)
    for k, (train, test) in enumerate(folds):
        of_train, of_test = np.zeros((2, len(y)), dtype="float32")
        of_train[train] = of_test[test] = 1
        not_learned[k] = varies & ((of_train @ yes == 0) | (of_train @ no == 0))
        not_found[k] = varies & (of_test @ yes == 0)
        # So many are expected among rows drawn at random that none is hardly chance.
        common[k] = len(test) * np.minimum(yes.mean(axis=0), no.mean(axis=0)) > 5
    parts = []
    if not_learned.any():
        parts.append(f"All training rows have one answer to {_list_labels(not_learned, names)}.")
    if not_found.any():
        parts.append(
            f"No held-out row has {_list_labels(not_found, names)}: there, F1 is 1 if the label "
            "is not predicted, and 0 if it is."
        )
    if not parts:
        return
    why, advice = "Labels are too rare for these folds", "Take fewer folds, or"
    if (common & (not_learned | not_found)).any():
        why = "Labels are spread unevenly over these folds"
        advice = "If rows are sorted, take KFold(shuffle=True). Else fewer folds, or"
    warnings.warn(
        f"{why}, counted from 0. {' '.join(parts)} {advice} StratifiedLabelKFold of "
        "helpers.splits, and score all rows together: score_table(y, result.labels[0]).",
        stacklevel=stacklevel,
    )


def _list_labels(found, names, at_most=5):
    """List the labels, and the folds, where `found` is true: boolean, (n_folds, n_labels)."""
    labels = np.flatnonzero(found.any(axis=0))
    texts = []
    for label in labels[:at_most]:
        folds = np.flatnonzero(found[:, label])
        more = f" and {len(folds) - at_most} more" if len(folds) > at_most else ""
        texts.append(f"{names[label]} (folds {', '.join(map(str, folds[:at_most]))}{more})")
    more = f" and {len(labels) - at_most} more labels" if len(labels) > at_most else ""
    return ", ".join(texts) + more


class StratifiedLabelKFold:
    """Repeated k-fold that keeps the shares of labels alike; pass it as `cv`.

    Where every label set has a row for each fold, label sets are spread evenly over the folds,
    which is exact. Else labels are, by iterative stratification, the rarest first. Of labels that
    are not known (NaN in `y`), both answers that are known are spread.

    With `groups`, whole groups go to the folds, one after the other: those with the largest shares
    of the labels first, each to the fold that has least of what it brings. This is the idea of
    scikit-learn's `StratifiedGroupKFold`, for several labels. A group that is larger than a fold
    makes folds unequal, and with few groups the repeats are much alike.

    Parameters
    ----------
    n_splits : int, default=10
        Folds in a repeat.
    n_repeats : int, default=3
    random_state : int, default=1

    References
    ----------
    Sechidis, Tsoumakas and Vlahavas, On the stratification of multi-label data (2011).

    Examples
    --------
    >>> y = np.array([[1, 0], [0, 1]] * 10)
    >>> splitter = StratifiedLabelKFold(n_splits=2, n_repeats=1)
    >>> [y[test].sum(axis=0).tolist() for _, test in splitter.split(y, y)]
    [[5, 5], [5, 5]]
    """

    def __init__(self, n_splits=10, n_repeats=3, random_state=1):
        self.n_splits, self.n_repeats, self.random_state = n_splits, n_repeats, random_state

    def get_n_splits(self, X=None, y=None, groups=None):
        """Return the number of folds in all repeats."""
        return self.n_splits * self.n_repeats

    def split(self, X, y, groups=None):
        """Yield row numbers to train on and to hold out.

        Parameters
        ----------
        X : ignored
        y : array-like of shape (n_samples, n_labels)
            0 or 1; NaN where a label is not known.
        groups : array-like of shape (n_samples,), optional
            Rows of one group are held out together.
        """
        y = check_known_labels(y)
        if not isinstance(self.n_splits, Integral) or self.n_splits < 2:
            raise ValueError(f"n_splits: found {self.n_splits!r}, expected a whole number >= 2.")
        if len(y) < self.n_splits:
            raise ValueError(f"n_splits={self.n_splits}: y has {len(y)} rows only.")
        # Of one label alone, which is no label matrix to scikit-learn, both answers are spread.
        answers = np.hstack([y == 1, y == 0])
        if groups is not None:
            yield from self._split_groups(answers, number_groups(groups, len(y)))
            return
        is_known = y.dtype.kind == "i"
        classes = y if is_known and y.shape[1] > 1 else answers.astype("int64")
        splitter = RepeatedMultilabelStratifiedKFold
        _, set_of_row = find_label_sets(classes)
        if np.bincount(set_of_row).min() >= self.n_splits:
            splitter, classes = RepeatedStratifiedKFold, set_of_row
        splitter = splitter(
            n_splits=self.n_splits, n_repeats=self.n_repeats, random_state=self.random_state
        )
        yield from splitter.split(np.zeros((len(y), 1)), classes)

    def _split_groups(self, answers, group_of_row):
        """Yield folds of whole groups; `answers` is boolean, (n_samples, n_answers)."""
        n_groups = group_of_row.max() + 1
        if n_groups < self.n_splits:
            raise ValueError(
                f"n_splits={self.n_splits}: groups has {n_groups} different values only."
            )
        if not isinstance(self.n_repeats, Integral) or self.n_repeats < 1:
            raise ValueError(f"n_repeats: found {self.n_repeats!r}, expected a whole number >= 1.")
        # Rows themselves are one more column, so that folds are of equal size.
        columns = np.column_stack([np.ones(len(answers)), answers])
        counts = np.zeros((n_groups, columns.shape[1]))
        np.add.at(counts, group_of_row, columns)
        shares = counts / np.maximum(counts.sum(axis=0), 1)
        random, rows = check_random_state(self.random_state), np.arange(len(answers))
        for _ in range(self.n_repeats):
            fold_of_row = _deal_out(shares, self.n_splits, random)[group_of_row]
            for fold in range(self.n_splits):
                yield rows[fold_of_row != fold], rows[fold_of_row == fold]


def _deal_out(shares, n_folds, random):
    """Return a fold for each group, given its shares of all labels: (n_groups, n_columns)."""
    # Groups of about one size go in random order; otherwise all repeats would be the same.
    size = np.round(np.log2((shares**2).sum(axis=1)))
    order = random.permutation(len(shares))
    order = order[np.argsort(-size[order], kind="stable")]
    filled = np.zeros((n_folds, shares.shape[1]))
    fold_of_group = np.empty(len(shares), dtype="int64")
    for group in order:
        # Adding g to a fold that has f raises the sum of squares by g·(2f + g): least where g·f is.
        fold = np.argmin(filled @ shares[group])
        filled[fold] += shares[group]
        fold_of_group[group] = fold
    return fold_of_group


class TimeSplit:
    """Train on earlier rows and test on a later block of rows, as if time went by; pass it as `cv`.

    Rows are cut into ``n_splits + 1`` blocks with about as many rows each, in the order of time;
    rows of one time stay in one block. Each block but the first is held out once, by a model that
    was trained on rows from before it only.

    Parameters
    ----------
    times : array-like of shape (n_samples,)
        Datetimes or numbers, one for each row of `X`; the rows may stand in any order.
    n_splits : int, default=5
    gap : number or timedelta, default=0
        Every training row is from before the first held-out row by more than this. Where `times`
        are datetimes, a `pandas.Timedelta`, or what makes one, such as ``"7D"``.

    Notes
    -----
    The first block is never held out: its rows have no out-of-fold probabilities (NaN in
    `EvaluationResult.probabilities`, −1 in its `labels`). Leave them out of what you compute from
    them: ``rows = np.concatenate([test for _, test in result.folds])``.

    `helpers.evaluation.EarlyStopping` takes its validation rows at random from the training rows of
    a fold, so all of them are from before the held-out rows and the gap. Among themselves they are
    not in the order of time.

    With `groups`, training rows whose group is held out are left out of the fold: the score is then
    that of groups not seen before. Leave `groups` out if the model will meet known groups again.

    Examples
    --------
    >>> times = [5, 1, 9, 2, 12, 7]
    >>> for train, test in TimeSplit(times, n_splits=2, gap=2).split(np.zeros((6, 1))):
    ...     print(train, test)
    [1 3] [0 5]
    [0 1 3] [2 4]
    """

    def __init__(self, times, n_splits=5, gap=0):
        if not isinstance(n_splits, Integral) or isinstance(n_splits, bool) or n_splits < 1:
            raise ValueError(f"n_splits: found {n_splits!r}, expected a whole number >= 1.")
        self.times, self.n_splits, self.gap = _check_times(times), int(n_splits), gap
        self._gap = _check_gap(gap, self.times)

    def __repr__(self):
        """Show it without its times."""
        return f"TimeSplit(<{len(self.times)} times>, n_splits={self.n_splits}, gap={self.gap!r})"

    def get_n_splits(self, X=None, y=None, groups=None):
        """Return the number of folds."""
        return self.n_splits

    def split(self, X, y=None, groups=None):
        """Yield row numbers to train on and to hold out, the earliest block first.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_samples, n_features)
        y : ignored
        groups : array-like of shape (n_samples,), optional
            Training rows whose group is held out are left out.
        """
        n_samples = X.shape[0] if hasattr(X, "shape") else len(X)
        if n_samples != len(self.times):
            raise ValueError(
                f"times has {len(self.times)} values, and X has {n_samples} rows: each row needs "
                "its time."
            )
        numbers = None if groups is None else number_groups(groups, n_samples)
        block_of_row = self._blocks()
        for fold in range(self.n_splits):
            test = np.flatnonzero(block_of_row == fold + 1)
            early = self.times < self.times[test].min()
            early[early] = self.times[test].min() - self.times[early] > self._gap
            if not early.any():
                raise ValueError(f"gap={self.gap!r} leaves no rows to train on in fold {fold}.")
            if numbers is not None:
                early &= ~np.isin(numbers, numbers[test])
                if not early.any():
                    raise ValueError(
                        f"groups: all rows from before fold {fold} are of groups that it holds "
                        "out. If the model will meet known groups again, leave groups out."
                    )
            yield np.flatnonzero(early), test

    def _blocks(self):
        """Return the block of each row, from 0 for the earliest to `n_splits`."""
        _, number, counts = np.unique(self.times, return_inverse=True, return_counts=True)
        n_blocks, ends = self.n_splits + 1, np.cumsum(counts)
        if len(counts) < n_blocks:
            raise ValueError(
                f"n_splits={self.n_splits} needs {n_blocks} different times or more, and times has "
                f"{len(counts)}: take fewer folds."
            )
        cuts = [0]  # the first time of each block
        for block in range(1, n_blocks):
            first, last = cuts[-1] + 1, len(counts) - (n_blocks - block)
            off = np.abs(ends[first - 1 : last] - block * len(self.times) / n_blocks)
            cuts.append(first + int(np.argmin(off)))
        return np.searchsorted(cuts, number, side="right") - 1


def _check_times(times):
    """Return times as an array of datetime64 or of numbers."""
    try:
        times = pd.Series(times).reset_index(drop=True)
        if pd.api.types.infer_dtype(times) in ("date", "datetime"):
            times = pd.to_datetime(times)
    except (TypeError, ValueError) as error:
        raise ValueError(f"times: expected one time for each row; {error}.") from error
    if isinstance(times.dtype, pd.DatetimeTZDtype):
        times = times.dt.tz_convert("UTC").dt.tz_localize(None)
    if times.isna().any():
        row = int(np.argmax(times.isna()))
        raise ValueError(f"times holds {times[row]} in row {row}: each row needs its time.")
    if times.dtype.kind not in "Miuf":
        raise ValueError(
            f"times holds {times.iloc[0]!r}: expected datetimes or numbers. pandas.to_datetime "
            "reads dates from text."
        )
    return times.to_numpy()


def _check_gap(gap, times):
    """Return the gap in a form that can be compared with differences of times."""
    is_number = isinstance(gap, (int, float, np.integer, np.floating)) and not isinstance(
        gap, (bool, np.timedelta64)
    )
    if times.dtype.kind != "M":
        if not is_number or not 0 <= gap < np.inf:
            raise ValueError(f"gap: found {gap!r}, expected a number of 0 or more, as times are.")
        return gap
    kinds = str, datetime.timedelta, np.timedelta64
    try:
        found = pd.Timedelta(0) if is_number and gap == 0 else None
        if isinstance(gap, kinds):
            found = pd.Timedelta(gap)
    except ValueError:
        found = None
    if found is None or not found >= pd.Timedelta(0):
        raise ValueError(
            f"gap: found {gap!r}, expected a timedelta of 0 or more, such as "
            "pandas.Timedelta(days=7): times are datetimes."
        )
    return found.to_timedelta64()
