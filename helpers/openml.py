"""Well-known multi-label data sets from openml.org, kept on disk once they are fetched."""

from typing import NamedTuple
from urllib.error import URLError

import numpy as np
from sklearn.datasets import fetch_openml

from helpers.tables import read_table


class Source(NamedTuple):
    """Where a data set is: OpenML's version of it, and what it is about."""

    version: int
    about: str


DATA_SETS = {
    "emotions": Source(4, "pieces of music; the moods they raise"),
    "image": Source(4, "photographs; what is in them"),
    "reuters": Source(4, "news; their topics"),
    "scene": Source(4, "photographs; the kinds of landscape"),
    "yeast": Source(4, "genes of yeast; what they do in the cell"),
}


def fetch_multilabel(name, data_home=None):
    """Fetch a multi-label data set, or take it from disk if it has been fetched before.

    Parameters
    ----------
    name : str
        One of `DATA_SETS`.
    data_home : str or Path, optional
        The folder to keep it in; None is scikit-learn's own, ``~/scikit_learn_data``.

    Returns
    -------
    helpers.tables.Table
        ``X, y, feature_names, label_names``.

    Raises
    ------
    ValueError
        If the name is unknown.
    ConnectionError
        If it is not on disk and the network does not answer.

    References
    ----------
    Vanschoren et al., OpenML: networked science in machine learning (2014); Probst et al.,
    Multilabel classification with R package mlr (2017), who brought these data sets there.

    Examples
    --------
    >>> fetch_multilabel("roses")
    Traceback (most recent call last):
    ...
    ValueError: name='roses': expected one of ['emotions', 'image', 'reuters', 'scene', 'yeast'].
    """
    if name not in DATA_SETS:
        raise ValueError(f"name={name!r}: expected one of {sorted(DATA_SETS)}.")
    try:
        found = fetch_openml(
            name,
            version=DATA_SETS[name].version,
            data_home=data_home,
            as_frame=True,
            parser="pandas",
            n_retries=1,
        )
    except (URLError, OSError) as error:
        raise ConnectionError(
            f"{name} is not on disk, and openml.org can't be reached ({error}). Try again with a "
            "network; or go on with a file of your own: helpers.tables.read_table."
        ) from error
    labels = list(found.target_names)
    frame = found.frame.dropna(axis="columns", how="all")
    somebody = [c for c in labels if np.isin(frame[c].astype(str), ["TRUE", "1"]).any()]
    return read_table(frame, label_columns=somebody, drop=sorted({*labels} - {*somebody}))
