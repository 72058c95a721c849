"""A file or a data frame becomes features, labels and their names.

Lessons 04 and 08 read tables with it. It needs no TensorFlow.
"""

from helpers.tables.columns import number_column, text_column
from helpers.tables.openml import DATA_SETS, fetch_multilabel
from helpers.tables.reading import Table, check_header, read_table, reader_for

__all__ = [
    "DATA_SETS",
    "Table",
    "check_header",
    "fetch_multilabel",
    "number_column",
    "read_table",
    "reader_for",
    "text_column",
]
