"""Tables that describe the labels of a multi-label data set."""

import numpy as np
import pandas as pd

from helpers.validation import check_labels


def default_names(n, prefix="label"):
    """Name labels or features when nobody else did.

    Parameters
    ----------
    n : int
    prefix : str, default="label"

    Returns
    -------
    list of str

    Examples
    --------
    >>> default_names(3)
    ['label_1', 'label_2', 'label_3']
    """
    return [f"{prefix}_{i + 1}" for i in range(n)]


def names_or_default(names, n, prefix="label"):
    """Return the names as a list, or the default ones where there are none.

    Parameters
    ----------
    names : list, Index or array of str, or None
    n : int
    prefix : str, default="label"

    Returns
    -------
    list of str

    Examples
    --------
    >>> names_or_default(None, 2), names_or_default(("news", "sport"), 2)
    (['label_1', 'label_2'], ['news', 'sport'])
    """
    names = default_names(n, prefix) if names is None else list(names)
    if len(names) != n or len(set(names)) != n:
        raise ValueError(f"{prefix}_names: found {names}, expected {n} different names.")
    return names


def label_summary(y, label_names=None):
    """Count how often each label occurs.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)
    label_names : list of str, optional

    Returns
    -------
    DataFrame
        One row a label, columns ``count``, ``prevalence`` (share of all rows) and ``alone``
        (rows that have this label and no other).

    Examples
    --------
    >>> label_summary([[1, 1], [1, 0], [0, 0], [1, 0]])
             count  prevalence  alone
    label
    label_1      3        0.75      2
    label_2      1        0.25      0
    """
    y = check_labels(y)
    names = pd.Index(names_or_default(label_names, y.shape[1]), name="label")
    alone = y[y.sum(axis=1) == 1].sum(axis=0)
    return pd.DataFrame(
        {"count": y.sum(axis=0), "prevalence": y.mean(axis=0), "alone": alone}, index=names
    )


def label_statistics(y):
    """Describe a label matrix as a whole.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)

    Returns
    -------
    Series
        ``samples``, ``labels``, ``cardinality`` (mean number of labels a row), ``density``
        (cardinality divided by the number of labels), ``label_sets`` (distinct ones that occur)
        and ``unlabeled`` (share of rows without any label).

    References
    ----------
    Tsoumakas and Katakis, Multi-label classification: an overview (2007), for cardinality and
    density.

    Examples
    --------
    >>> label_statistics([[1, 1], [1, 0], [0, 0], [1, 0]])["cardinality"]
    np.float64(1.0)
    """
    y = check_labels(y)
    return pd.Series(
        {
            "samples": len(y),
            "labels": y.shape[1],
            "cardinality": y.sum(axis=1).mean(),
            "density": y.mean(),
            "label_sets": len(np.unique(y, axis=0)),
            "unlabeled": (y.sum(axis=1) == 0).mean(),
        },
        name="value",
    )


def label_set_table(y, label_names=None):
    """Count how often each set of labels occurs.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)
    label_names : list of str, optional

    Returns
    -------
    DataFrame
        One row for each set that occurs, the most frequent first: a 0/1 column a label, then
        ``count`` and ``share``. The index writes the set as digits, one a label: ``"110"``.

    Examples
    --------
    >>> label_set_table([[1, 1], [1, 0], [0, 0], [1, 0]])
               label_1  label_2  count  share
    label_set
    10               1        0      2   0.50
    00               0        0      1   0.25
    11               1        1      1   0.25
    """
    y = check_labels(y)
    sets, counts = np.unique(y, axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    index = pd.Index(["".join(map(str, s)) for s in sets[order]], name="label_set")
    table = pd.DataFrame(
        sets[order], columns=names_or_default(label_names, y.shape[1]), index=index
    )
    return table.assign(count=counts[order], share=counts[order] / len(y))


def co_occurrence(y, label_names=None):
    """Find how often a row with one label has the other.

    Parameters
    ----------
    y : array-like of shape (n_samples, n_labels)
    label_names : list of str, optional

    Returns
    -------
    DataFrame
        Entry (i, j) is the share of the rows with label i that also have label j; NaN where no
        row has label i.

    Examples
    --------
    >>> co_occurrence([[1, 1], [1, 0], [0, 0], [1, 0]]).round(2)
             label_1  label_2
    label_1      1.0     0.33
    label_2      1.0     1.00
    """
    y = check_labels(y)
    names = names_or_default(label_names, y.shape[1])
    both = y.T @ y
    counts = np.diag(both)[:, None]
    share = np.divide(both, counts, out=np.full(both.shape, np.nan), where=counts > 0)
    return pd.DataFrame(share, index=names, columns=names)
