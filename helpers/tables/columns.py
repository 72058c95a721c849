"""Columns of a table: names that differ, and values as numbers or as categories.

`helpers.tables.read_table` reads them (lesson 11), and so does a saved model (lesson 04).
"""

import re
import warnings
from decimal import Decimal

import numpy as np
import pandas as pd

SIMPLE = (str, bool, int, float, Decimal, np.bool_, np.integer, np.floating)
MOST_CATEGORIES = 100  # a text column with more distinct values is hardly a category
MOST_ONE_HOT = 1000  # values of a category, if more than half of the rows have their own
MOST_LOOKED_AT = 1000  # distinct values that are compared with patterns, which takes time

# What mostly stands for a gap, and pandas does not take for one in a column of names.
GAP_WORDS = {"\\n", "?", "-", "–", ".", "nan", "null", "none", "na", "n/a", "#n/a", "missing"}
GAP_WORDS |= {"#ref!", "#value!", "#div/0!", "#name?", "#num!", "(null)", "<na>"}

# A number as people and spreadsheets write it, and what may stand before and after it.
_DIGITS = r"\d{1,3}([.,'’_\s]\d{2,3})*[.,'’_\s]\d{3}([.,]\d+)?|\d*[.,]?\d+"
_MONEY = r"[$€£¥₹₽]|[A-Z]{3}(?=\s?\d)"
_UNIT = r"[%‰$€£¥₹₽°]|[^\W\d_]{1,12}|°\s?[CFK]|[^\W\d_]{1,4}[²³/][\w²³]{0,4}"
_QUANTITY = re.compile(
    rf"\(?(?P<before>{_MONEY})?\s*[-+−]?\s*(?P<digits>{_DIGITS})\)?\s*(?P<after>{_UNIT})?\)?"
)
_SIGNS = {*"%‰$€£¥₹₽°"}
_ORDINALS = {"st", "nd", "rd", "th"}
_MONTH = r"(jan|f[eé][bv]|m[aä]r|mai|may|a[pv]r|ju[in]n?|jui?l|au?g|ago|ao[uû]|se[pt]|o[ckt]t|nov"
_MONTH += r"|de[cz])[^\W\d_]*\.?"
_TIME = r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*([ap]\.?m\.?)?(z|utc|[+-]\d{2}(:?\d{2})?)?"
_DAY = r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?|\d{1,2}[-/.]\d{1,2}[-/.](\d{2}|\d{4})"
_DAY += rf"|\d{{1,2}}[-. ]*{_MONTH}[-, ]*(\d{{2}}|\d{{4}})|{_MONTH}\s+\d{{1,2}},?\s+\d{{4}}"
_DAY = rf"([^\W\d_]{{2,9}},?\s+)?({_DAY})"  # after the day of the week
_MOMENT = re.compile(rf"({_DAY})([T: ]\s*{_TIME})?|{_TIME}", re.IGNORECASE)
_ISO_DAY = r"\d{4}-\d{2}(-\d{2})?|\d{4}/\d{2}/\d{2}"
_ISO = re.compile(rf"({_ISO_DAY})([T ]{_TIME})?", re.IGNORECASE)


def refuse_duplicate_columns(names, table="the table"):
    """Refuse columns of the same name; `table` is what the message calls the table."""
    names = pd.Index(names)
    if names.has_duplicates:
        duplicates = sorted(set(names[names.duplicated()].astype(str)))
        raise ValueError(f"{table} has the columns {duplicates} twice or more often: rename them.")


def feature_column(column, categorical=False):
    """Return numbers as they were, booleans as 0.0 and 1.0, text as numbers or as categories.

    Text is taken for numbers if that is what at least half of its rows, or half of its different
    values, hold: the rest are slips, and refused. `categorical` takes any value for a name.
    """
    if categorical or isinstance(column.dtype, pd.CategoricalDtype):
        return _category_column(column)
    if pd.api.types.is_numeric_dtype(column.dtype) and column.dtype.kind != "c":
        return _finite(column)
    if column.dtype.kind in "cmM":
        raise ValueError(
            f"column {column.name!r} holds {column.dtype}: turn it into numbers first, such as "
            "days since a date, or drop it; dates can be named in `dates`."
        )
    return _numbers_or_categories(column)


def date_column(column, first_row=0):
    """Return datetimes, or text in ISO 8601 such as "2024-12-31", as datetime64 in UTC.

    Nothing is guessed: what is neither is refused with its row, counted from `first_row`.
    """
    if isinstance(column.dtype, np.dtype) and column.dtype.kind == "M":
        return column
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return column.dt.tz_convert("UTC").dt.tz_localize(None)
    if pd.api.types.is_numeric_dtype(column.dtype):
        raise ValueError(
            f"column {column.name!r} holds {column.dtype}, where dates are due: turn it into "
            "datetimes first (pandas.to_datetime), or leave it a number."
        )
    _refuse_other_values(column, pd.api.types.is_scalar)
    codes, values = pd.factorize(column.astype(object))  # each different text is read once
    texts = pd.Series([str(value).strip() for value in values] + [""], dtype="str")
    dates = pd.to_datetime(texts, format="ISO8601", errors="coerce", utc=True)
    bad = (dates.isna() & (texts != "")).to_numpy()[codes]
    if bad.any():
        row = int(bad.argmax())
        raise ValueError(
            f"column {column.name!r} holds {short_repr(column.iloc[row])} in row "
            f"{first_row + row}, where a date is due: {_how_to_read_date(column)}."
        )
    return dates.dt.tz_localize(None).iloc[codes].set_axis(column.index).rename(column.name)


def are_dates(column):
    """Tell whether a column holds datetimes, or mostly text that looks like ISO 8601."""
    if column.dtype.kind == "M":
        return True
    if pd.api.types.is_numeric_dtype(column.dtype):
        return False
    values = _spread(pd.Series(column.dropna().astype(str).unique(), dtype="str"))
    return bool(len(values)) and values.str.strip().map(_is_iso).mean() >= 0.5


def _is_iso(text):
    return _ISO.fullmatch(text) is not None


def _how_to_read_date(column):
    """Say how dates in another manner are read."""
    text = next((str(v).strip() for v in column.dropna() if not _is_iso(str(v).strip())), "")
    formats = {
        r"\d{1,2}\.\d{1,2}\.\d{4}": "'%d.%m.%Y'",
        r"\d{1,2}/\d{1,2}/\d{4}": "'%m/%d/%Y' or '%d/%m/%Y', whichever it is",
        r"\d{4}/\d{1,2}/\d{1,2}": "'%Y/%m/%d'",
    }
    known = next((fmt for form, fmt in formats.items() if re.fullmatch(form, text)), "...")
    return (
        "write it as 2024-12-31, or read the table with "
        f"parse_dates=[{column.name!r}], date_format={known}"
    )


def _spread(values):
    """Return at most MOST_LOOKED_AT of the values, from the first to the last."""
    return values[:: -(-len(values) // MOST_LOOKED_AT) or 1]


def _category_column(column):
    """Return a column as text, and tell of so many values that each would be on few rows."""
    text = text_column(column)
    n_values, n_rows = text.nunique(), len(text)
    if n_values > MOST_CATEGORIES:
        found = f"column {column.name!r} holds {n_values} different values in {n_rows} rows"
        if n_values > max(MOST_ONE_HOT, n_rows / 2):
            raise ValueError(
                f"{found}: too many for a category. Name it in `text` if it holds words, in "
                "`drop` if it names the rows."
            )
        warnings.warn(
            f"{found}, which become as many inputs. If it holds words, name it in `text` instead.",
            stacklevel=6,
        )
    return text


def text_column(column):
    """Return a column as text, of type object, with NaN where there is a gap."""
    _refuse_other_values(column, pd.api.types.is_scalar)
    if column.dtype == object:
        gaps = column.isna()
        text = [np.nan if gap else _text(v) for v, gap in zip(column, gaps, strict=True)]
    else:  # each different value is turned into text once, and kept in memory once
        codes, values = pd.factorize(column)
        text = np.array([*map(_text, values), np.nan], dtype=object)[codes]  # a gap's code is -1
    return pd.Series(text, column.index, dtype=object, name=column.name)


def number_column(column, advice="", first_row=0):
    """Return a column as float64, or refuse what is no number and say what to do.

    Where the column is a piece of a longer one, `first_row` is the number of its first row there.
    """
    if column.dtype.kind in "biuf" and pd.api.types.is_numeric_dtype(column.dtype):
        return _finite(column.astype("float64"), first_row)
    numbers = _to_numbers(column)
    bad = (numbers.isna() & column.notna()).to_numpy()
    if bad.any():
        row = bad.argmax()
        value = column.iloc[row]
        todo = ", ".join(part for part in (_how_to_read(value), advice) if part)
        raise ValueError(
            f"column {column.name!r} holds {short_repr(value)} in row {first_row + row}, where a "
            f"number is due: {todo}."
        )
    return _finite(numbers, first_row)


def short_repr(value):
    """Write a value of a table for an error message: briefly, and as Python's own types."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return "a gap"
    text = repr(value.item() if isinstance(value, np.generic) else value)
    return text if len(text) <= 60 else text[:57] + "..."


def _numbers_or_categories(column):
    _refuse_other_values(column, lambda value: isinstance(value, SIMPLE))
    codes, values = pd.factorize(column.dropna())
    values = pd.Series(values, dtype=object)
    numeric = _to_numbers(values).notna().to_numpy(copy=True)
    numeric[:MOST_LOOKED_AT] |= _are_quantities(values[:MOST_LOOKED_AT])
    if are_dates(values):
        numeric[:] = True
    if values.empty or max(numeric.mean(), numeric[codes].mean()) >= 0.5:
        if code := next((v for v in values if re.fullmatch(r"0\d+", str(v).strip())), None):
            raise ValueError(zeros_in_front(column.name, code))
        return number_column(column, advice="or name the column in `categorical`")
    if len(values) > MOST_CATEGORIES:
        raise ValueError(
            f"column {column.name!r} holds {len(values)} different texts, such as "
            f"{short_repr(values[0])}: name it in `drop` if it names the rows, in `text` if it "
            "holds words, or in `categorical`."
        )
    warn_of_names([str(value) for value in values], f"column {column.name!r}", stacklevel=7)
    return text_column(column)


def warn_of_names(names, where, stacklevel):
    """Warn of names that differ in case or blanks alone, and of those that mostly mean a gap."""
    alike = {}
    for name in names:
        alike.setdefault(" ".join(name.casefold().split()), []).append(name)
    if several := [sorted(group) for group in alike.values() if len(group) > 1]:
        warnings.warn(
            f"{where}: {several[0]} are different now, though they differ in case or blanks alone.",
            stacklevel=stacklevel,
        )
    if gaps := [name for name in names if not name.strip() or name.strip().lower() in GAP_WORDS]:
        warnings.warn(
            f"{where} holds {gaps[0]!r} as a name. If it stands for a gap, read the table with "
            f"na_values=[{gaps[0]!r}].",
            stacklevel=stacklevel,
        )


def zeros_in_front(column, value):
    """Say that a column holds codes rather than numbers."""
    return (
        f"column {column!r} holds {value!r}: numbers with zeros in front are mostly names; name "
        "the column in `categorical`, or turn it into numbers first."
    )


def _are_quantities(values):
    """Tell which values are numbers with separators or a unit, or dates and times."""
    text = values.astype(str).str.strip()
    moments = np.array([bool(_MOMENT.fullmatch(value)) for value in text], dtype=bool)
    matches = [_QUANTITY.fullmatch(value) for value in text]
    units = [match and (match["before"] or match["after"] or "") for match in matches]
    # "10 kg, 12 kg, 7 kg" are quantities; "10A, 12B, 7C", "1st, 2nd" and "2WD, 4WD" are names.
    different = {unit.lower() for unit in units if unit}
    few = len(values) > 2 and len(different) <= 2 and not different & _ORDINALS
    return moments | np.array(
        [unit == "" or bool(unit and (few or unit in _SIGNS)) for unit in units], dtype=bool
    )


def _how_to_read(value):
    """Say what to do with a text in a column of numbers."""
    text = str(value).strip()
    if _is_iso(text):
        return "dates are named in `dates`, or turned into numbers first, such as days since a date"
    if _MOMENT.fullmatch(text):
        return (
            "turn dates and times into numbers first, such as days since a date, or drop them; for "
            "`dates`, write them as 2024-12-31, or let pandas read them (parse_dates, date_format)"
        )
    if text.lower() in GAP_WORDS or not text:
        return f"read the table with na_values=[{value!r}] if it stands for a gap, or fix it"
    match = _QUANTITY.fullmatch(text)
    if match and (unit := match["before"] or match["after"]):
        return f"remove {unit!r}, if it is a unit, or fix it"
    marks = re.sub(r"\d", "", match["digits"]) if match else ""
    if not marks:
        return "write its minus as '-'" if "−" in text else "fix it"
    if marks == ",":
        thousands = re.fullmatch(r"\d{1,3},\d{3}", match["digits"])
        or_thousands = " or thousands=',', whatever the comma means here" if thousands else ""
        return f"read it with decimal=','{or_thousands}"
    if not marks[0].isascii():  # pandas takes no others
        return f"remove {marks[0]!r} from the numbers first"
    decimal = " and decimal=','" if marks[-1] == "," != marks[0] else ""
    return f"read it with thousands={marks[0]!r}{decimal}"


def _refuse_other_values(column, is_fine):
    simple = (np.dtype, pd.StringDtype, pd.CategoricalDtype)
    if isinstance(column.dtype, simple) and column.dtype != object:
        return
    for row, (value, gap) in enumerate(zip(column, column.isna(), strict=True)):
        if not (gap or is_fine(value)):
            raise ValueError(
                f"column {column.name!r} holds a {type(value).__name__} in row {row}: expected "
                "numbers or text."
            )


def _to_numbers(column):
    text = column.astype(object).map(lambda v: str(v).strip().lower(), na_action="ignore")
    return pd.to_numeric(text.replace({"true": 1, "false": 0}), errors="coerce").astype("float64")


def _text(value):
    if isinstance(value, (float, np.floating)) and value.is_integer():
        value = int(value)  # 1.0 is what pandas makes of 1 beside a gap
    return str(value)


def _finite(column, first_row=0):
    values = column.to_numpy(dtype="float64", na_value=np.nan)
    infinite = np.isinf(values)
    if infinite.any():
        raise ValueError(
            f"column {column.name!r} is infinite in row {first_row + infinite.argmax()}: fix or "
            "drop it."
        )
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iuf":
        return column
    return pd.Series(values, column.index, name=column.name)  # booleans, and pandas' own types
