"""A file or a data frame becomes features, labels and their names.

Lessons 04 and 11 read tables with it. It needs no TensorFlow.
"""

from helpers.tables.arff import read_label_names
from helpers.tables.columns import (
    date_column,
    number_column,
    refuse_duplicate_columns,
    text_column,
)
from helpers.tables.openml import DATA_SETS, fetch_multilabel
from helpers.tables.reading import Table, read_table
from helpers.tables.text_file import GAPS, TextTable, note_of_total

__all__ = [
    "DATA_SETS",
    "GAPS",
    "Table",
    "TextTable",
    "date_column",
    "fetch_multilabel",
    "note_of_total",
    "number_column",
    "read_label_names",
    "read_table",
    "refuse_duplicate_columns",
    "text_column",
]
