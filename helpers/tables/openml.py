"""Well-known multi-label data sets from openml.org, kept on disk once they are fetched.

References: Vanschoren et al., OpenML: networked science in machine learning (2014); Probst et al.,
Multilabel classification with R package mlr (2017), who brought these data sets there.
"""

import os
import warnings
from http.client import HTTPException
from typing import NamedTuple
from urllib.error import URLError

from sklearn.datasets import fetch_openml, get_data_home

from helpers.tables.reading import read_table


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
    """Fetch a multi-label data set as a `Table`, or take it from disk if it was fetched before.

    `name` is one of `DATA_SETS`, `data_home` the folder to keep it in (by default scikit-learn's
    own, ``~/scikit_learn_data``). Features without any value, and labels that no row has, are left
    out. What can't be read is a ValueError; a network that does not answer, a ConnectionError; a
    folder that can't be written to, an OSError.

    >>> fetch_multilabel("roses")
    Traceback (most recent call last):
    ...
    ValueError: name='roses': expected one of ['emotions', 'image', 'reuters', 'scene', 'yeast'].
    """
    if name not in list(DATA_SETS):  # a list also takes what has no hash
        raise ValueError(f"name={name!r}: expected one of {sorted(DATA_SETS)}.")
    if data_home is not None and not isinstance(data_home, str | os.PathLike):
        raise TypeError(f"data_home={data_home!r}: pass the path of a folder, or None.")
    found = _fetch(name, data_home)
    empty = [column for column in found.feature_names if found.frame[column].isna().all()]
    labels = found.frame[found.target_names].astype(str).apply(lambda column: column.str.lower())
    somebody = labels.isin(["true", "1", "1.0"]).any()
    drop = [*empty, *somebody.index[~somebody]]
    return read_table(found.frame, label_columns=list(somebody.index[somebody]), drop=drop)


def _fetch(name, data_home):
    instead = "or go on with a file of your own: helpers.tables.read_table"
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "A network error occurred")  # if it lasts, we say so
            return fetch_openml(
                name,
                version=DATA_SETS[name].version,
                data_home=data_home,
                as_frame=True,
                parser="liac-arff",  # pandas turns TRUE into True, on which its parser fails
                n_retries=1,
            )
    except (URLError, HTTPException, TimeoutError, ConnectionError) as error:
        raise ConnectionError(
            f"{name} is not on disk, or not whole, and openml.org can't be reached ({error}). Try "
            f"again with a network; {instead}."
        ) from error
    except OSError as error:
        raise OSError(f"data_home: {name} can't be kept there ({error}); {instead}.") from error
    except Exception as error:  # scikit-learn's parsers of JSON and ARFF raise what they like
        raise ValueError(
            f"{name}: what is in {get_data_home(data_home)}, or came from openml.org, can't be "
            f"read ({type(error).__name__}: {error}). Remove that folder's openml and try again; "
            f"{instead}."
        ) from error
