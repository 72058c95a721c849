"""A file or a data frame becomes features, labels and their names.

Lessons 04 and 11 read tables with it. It needs no TensorFlow.
"""

from helpers.tables.columns import number_column, refuse_duplicate_columns, text_column
from helpers.tables.openml import DATA_SETS, fetch_multilabel
from helpers.tables.reading import Table, read_table
from helpers.tables.text_file import TextTable, note_of_total

__all__ = [
    "DATA_SETS",
    "Table",
    "TextTable",
    "fetch_multilabel",
    "note_of_total",
    "number_column",
    "read_table",
    "refuse_duplicate_columns",
    "text_column",
]
