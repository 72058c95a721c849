"""ARFF files, dense and sparse, as Weka, Mulan and MEKA write them, and Mulan's XML of labels.

Read with liac-arff. scikit-learn brings a copy of it (for `fetch_openml`), so nothing needs to be
installed; liac-arff itself is on PyPI as source only, which a folder of wheels could not hold.
"""

import os
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd

from helpers.tables.text_file import readable

YES_AND_NO = {"0", "1", "true", "false"}


def read_label_names(path):
    """Read the names of labels from the XML file that comes with Mulan's data sets.

    Parameters
    ----------
    path : str or Path
        Such as ``emotions.xml``: each ``<label name="...">`` in it is a label.

    Returns
    -------
    list of str
        For `label_columns` of `read_table`.

    Raises
    ------
    FileNotFoundError, ValueError
        If there is no such file, or no label in it.

    Examples
    --------
    >>> read_label_names("emotions.xml")
    Traceback (most recent call last):
    ...
    FileNotFoundError: path: there is no file ...
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"path: there is no file {os.path.abspath(path)!r}.")
    with readable(path):
        elements = list(ElementTree.parse(path).getroot().iter())
    names = [e.get("name") for e in elements if e.tag.rpartition("}")[2] == "label"]
    if not names or None in names:
        raise ValueError(f'{path.name}: expected labels such as <label name="sad"/> in it.')
    return names


def read_arff(path, encoding="utf-8", **options):
    """Return a frame, and the labels that the relation's name tells (MEKA's ``-C 6``) or None.

    Numbers are float64. Nominal attributes are of dtype category, unless they are 0 and 1.
    """
    if options:
        raise TypeError(f"{sorted(options)}: an ARFF file is read with encoding= alone.")
    arff = _arff()
    with readable(path):
        with path.open(encoding=encoding) as lines:
            sparse = _is_sparse(lines)
        with path.open(encoding=encoding) as lines:
            found = arff.load(lines, return_type=arff.LOD if sparse else arff.DENSE)
        columns = (_sparse_columns if sparse else _dense_columns)(found)
        frame = pd.DataFrame(columns)
    return frame, _labels_of_relation(found["relation"], list(frame.columns))


def _arff():
    try:
        from sklearn.externals import _arff as arff
    except ImportError:  # it is not part of what scikit-learn promises
        try:
            import arff
        except ImportError:
            raise ValueError("ARFF files need a package more: pip install liac-arff") from None
    return arff


def _is_sparse(lines):
    """Tell whether the first row after ``@data`` is in braces."""
    in_data = False
    for line in map(str.strip, lines):
        if in_data and line and not line.startswith("%"):
            return line.startswith("{")
        in_data = in_data or line.lower().startswith("@data")
    return False


def _dense_columns(found):
    rows = found["data"]
    cells = zip(*rows, strict=True) if rows else [()] * len(found["attributes"])
    return {
        name: _column(list(values), kind)
        for (name, kind), values in zip(found["attributes"], cells, strict=True)
    }


def _sparse_columns(found):
    """Fill in what a sparse row leaves out: 0, or the first of an attribute's nominal values."""
    attributes, rows = found["attributes"], found["data"]
    held = [([], []) for _ in attributes]
    for row, cells in enumerate(rows):
        for column, value in cells.items():
            held[column][0].append(row)
            held[column][1].append(value)
    columns = {}
    for (name, kind), (where, values) in zip(attributes, held, strict=True):
        default = kind[0] if isinstance(kind, list) else 0.0
        column = np.full(len(rows), default, dtype=object if isinstance(default, str) else float)
        column[where] = values
        columns[name] = _column(column, kind)
    return columns


def _column(values, kind):
    if isinstance(kind, list):
        if {value.strip().lower() for value in kind} <= YES_AND_NO:
            return pd.Series(values, dtype="str")  # labels, and features that need no encoding
        return pd.Series(pd.Categorical(values, categories=kind))
    return pd.Series(values, dtype="str" if kind == "STRING" else "float64")


def _labels_of_relation(relation, names):
    """Return the first n attributes for ``-C n``, the last for ``-C -n``, None without it."""
    told = re.search(r"-C\s+(-?\d+)", relation or "")
    n_labels = int(told[1]) if told else 0
    if not 0 < abs(n_labels) < len(names):
        return None
    return names[:n_labels] if n_labels > 0 else names[n_labels:]
