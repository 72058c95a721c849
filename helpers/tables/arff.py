"""ARFF files, dense and sparse, as Weka, Mulan and MEKA write them, and Mulan's XML of labels.

Read with liac-arff. scikit-learn brings a copy of it (for `fetch_openml`), so nothing needs to be
installed; liac-arff itself is on PyPI as source only, which a folder of wheels could not hold.
"""

import contextlib
import io
import os
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd

from helpers.tables.text_file import opened, readable

YES_AND_NO = {"0", "1", "true", "false"}
_QUOTED = r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\""
_ATTRIBUTE = re.compile(rf"@attribute\s+({_QUOTED}|\S+?)\s*([\s{{].*)", re.IGNORECASE)


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
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "moods.xml")
    ...     _ = path.write_text('<labels><label name="sad"/><label name="calm"/></labels>')
    ...     read_label_names(path)
    ['sad', 'calm']
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

    Numbers are float64. Nominal attributes are of dtype category, unless they are 0 and 1. Dates
    are text.
    """
    if options:
        raise TypeError(f"{sorted(options)}: an ARFF file is read with encoding= alone.")
    arff = _arff()
    with readable(path):
        with _lines(path, encoding) as lines:
            sparse = _is_sparse(lines)
        with _lines(path, encoding) as lines:
            names = []
            kind = arff.LOD if sparse else arff.DENSE
            found = arff.load(_without_names(lines, names), return_type=kind)
        columns = (_sparse_columns if sparse else _dense_columns)(found)
        frame = pd.DataFrame(dict(enumerate(columns))).set_axis(names, axis=1)
    return frame, _labels_of_relation(found["relation"], names)


@contextlib.contextmanager
def _lines(path, encoding):
    with opened(path) as binary, io.TextIOWrapper(binary, encoding) as text:
        yield text


def _arff():
    try:
        from sklearn.externals import _arff as arff
    except ImportError:  # it is not part of what scikit-learn promises
        raise ValueError("this scikit-learn reads no ARFF files: save the table as CSV") from None
    return arff


def _is_sparse(lines):
    """Tell whether the first row after ``@data`` is in braces."""
    in_data = False
    for line in map(str.strip, lines):
        if in_data and line and not line.startswith("%"):
            return line.startswith("{")
        in_data = in_data or line.lower().startswith("@data")
    return False


def _without_names(lines, names):
    """Yield the lines with numbers for the attributes' names, which are appended to `names`.

    liac-arff leaves the backslashes of escaped quotation marks in them.
    """
    in_data = False
    for line in lines:
        in_data = in_data or line.strip().lower().startswith("@data")
        if not in_data and (parts := _ATTRIBUTE.fullmatch(line.strip())):
            name, kind = parts.groups()
            if name[0] in "'\"":
                name = re.sub(r"\\(.)", r"\1", name[1:-1])
            if kind.strip().lower().startswith("date"):
                kind = "string"  # for `dates` of read_table, if it is in ISO 8601
            line = f"@attribute {len(names)} {kind}\n"
            names.append(name)
        yield line


def _dense_columns(found):
    rows = found["data"]
    cells = zip(*rows, strict=True) if rows else [()] * len(found["attributes"])
    return [
        _column(list(values), kind)
        for (_, kind), values in zip(found["attributes"], cells, strict=True)
    ]


def _sparse_columns(found):
    """Fill in what a sparse row leaves out: 0, or the first of an attribute's nominal values."""
    attributes, rows = found["attributes"], found["data"]
    held = [([], []) for _ in attributes]
    for row, cells in enumerate(rows):
        for column, value in cells.items():
            held[column][0].append(row)
            held[column][1].append(value)
    columns = []
    for (_, kind), (where, values) in zip(attributes, held, strict=True):
        default = kind[0] or np.nan if isinstance(kind, list) else 0.0
        column = np.full(len(rows), default, dtype=object if isinstance(kind, list) else float)
        column[where] = values
        columns.append(_column(column, kind))
    return columns


def _column(values, kind):
    if isinstance(kind, list):
        kind = [value for value in kind if value is not None]  # "?" among the nominal values
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
