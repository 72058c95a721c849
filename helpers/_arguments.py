"""Features, labels and probabilities checked at the door, with messages that help.

Each function returns what it has checked, mostly as an array of shape (n_samples, n_columns), or
raises a ValueError that names the argument, what was found where, and what to do.
"""

import numbers

import numpy as np
import pandas as pd
from sklearn.utils.multiclass import check_classification_targets


def check_X(X, name="X", first_row=0):
    """Return finite features as float32, without a copy if they are that already.

    Messages count rows from `first_row`, where `X` is a piece of a larger table.
    """
    refuse_pictures(X, name)
    return _as_finite(name, _as_matrix(name, X, "features"), first_row)


def check_table_or_pictures(X, name="X"):
    """Return features as `check_X` does, or pictures: one more dimension, or two, for each row."""
    if not are_pictures(X):
        return check_X(X, name)
    if 0 in np.shape(X):
        raise ValueError(f"{name} has shape {np.shape(X)}: there is nothing to work with.")
    return _as_finite(name, np.asarray(X), 0)


def are_pictures(X):
    """Tell whether `X` has the shape (rows, height, width) or (rows, height, width, channels)."""
    if hasattr(X, "iloc") or hasattr(X, "toarray"):
        return False
    return np.ndim(X) in (3, 4)


def refuse_pictures(X, name="X"):
    """Refuse pictures where a table is meant."""
    if are_pictures(X):
        raise ValueError(
            f"{name} has shape {np.shape(X)}, as pictures have, but a table is meant here: "
            f"expected 2 dimensions. Reshape to (rows, features): {name}.reshape(len({name}), -1)."
        )


def _as_finite(name, X, first_row):
    hint = (
        "Encode text first; within the folds of evaluate_model, "
        "preprocess=helpers.preprocessing.make_preprocessor(X) does."
    )
    given = _as_numbers(name, X, hint)
    with np.errstate(over="ignore"):
        X = given.astype("float32", copy=False)
    if not np.isfinite(X).all():
        row, *place = np.argwhere(~np.isfinite(X))[0].tolist()
        where = f"column {place[0]}" if len(place) == 1 else f"at {tuple(place)}"
        found, advice = given[row, *place], "fill in or drop missing and infinite values first."
        if np.isfinite(found):
            advice = "networks compute in float32, which ends at 3.4e38; rescale it."
        raise ValueError(f"{name} holds {found} in row {row + first_row}, {where}: {advice}")
    return X


def check_labels(y, name="y"):
    """Return labels, each 0 or 1 (a boolean array will do), as int64."""
    y = _as_matrix(name, y, "labels")
    valid = np.isin(y, [0, 1]) if y.dtype.kind in "biuf" else _is_zero_or_one(y)
    if not valid.all():
        row, column = np.argwhere(~valid)[0]
        hint = ""
        if isinstance(y[row, column], str):
            hint = _hint_at_text(y)
        elif y.dtype.kind == "f" and 0 < y[row, column] < 1:
            hint = " For probabilities choose a threshold first: (p >= 0.5)."
        elif pd.isna(y[row, column]):
            hint = (
                " It is a label that is not known: fill it in, leave the row out, or pass "
                'missing_labels="mask" where a function has that.'
            )
        found = y[row, column].item() if isinstance(y[row, column], np.generic) else y[row, column]
        raise ValueError(
            f"{name} holds {found!r} in row {row}, column {column}: each label must be 0 or 1."
            + hint
        )
    return y.astype("int64")


def check_known_labels(y, name="y"):
    """Return labels as `check_labels` does, or as float64 with NaN where some are not known."""
    matrix = _as_matrix(name, y, "labels")
    missing = pd.isna(matrix)
    if not missing.any():
        return check_labels(y, name)
    known = check_labels(np.where(missing, 0, matrix), name)
    return np.where(missing, np.nan, known)


def refuse_continuous(y):
    """Refuse targets that are no classes in scikit-learn's words, as its own estimators do."""
    targets = np.asarray(y)
    if targets.dtype.kind == "f" and np.isfinite(targets).all():
        check_classification_targets(targets)


def check_missing_labels(missing_labels):
    """Return the function that checks labels of which some may be missing, or none."""
    checks = {"refuse": check_labels, "mask": check_known_labels}
    if not isinstance(missing_labels, str) or missing_labels not in checks:
        raise ValueError(f"missing_labels={missing_labels!r}: expected 'refuse' or 'mask'.")
    return checks[missing_labels]


def check_same_order(X, y, names="X and y"):
    """Refuse frames that hold the same rows, by their index, in different orders."""
    first, second = (getattr(part, "index", None) for part in (X, y))
    if not (isinstance(first, pd.Index) and isinstance(second, pd.Index)):
        return
    if len(first) != len(second) or first.equals(second):
        return
    if first.is_unique and second.is_unique and first.isin(second).all():
        raise ValueError(
            f"{names} hold the same rows, by their index, in different orders: sort one like the "
            "other (y.loc[X.index]), or, if they match as they stand, pass y.to_numpy()."
        )


def check_X_y(X, y, check_y=check_labels):
    """Return features or pictures as float32, labels as int64, if there are as many of both."""
    check_same_order(X, y)
    X, y = check_table_or_pictures(X), check_y(y)
    if len(X) != len(y):
        taken = f"X has shape {X.shape}, taken as {len(X)} pictures. " if X.ndim > 2 else ""
        raise ValueError(
            f"{taken}X has {len(X)} rows and y has {len(y)}: each row needs its labels."
        )
    return X, y


def check_rows(X, y, check_y=check_labels):
    """Check labels, and that there is a row of features for each; the features may be anything."""
    check_same_order(X, y)
    if hasattr(X, "tocsr"):
        X = X.tocsr()  # not every sparse matrix lets itself be indexed
    X = X if hasattr(X, "iloc") or hasattr(X, "tocsr") else np.asarray(X)
    y = check_y(y)
    if not X.ndim:
        raise ValueError(f"X is a {type(X.item()).__name__}: expected one row for each of y.")
    if X.shape[0] != len(y):
        raise ValueError(f"X has {X.shape[0]} rows and y has {len(y)}: each row needs its labels.")
    return X, y


def _hint_at_text(y):
    found = {str(value) for value in np.ravel(y)}
    if found <= {"0", "1"}:
        return " Turn text into numbers with .astype(int)."
    if {value.lower() for value in found} <= {"true", "false"}:
        yes = next((value for value in found if value.lower() == "true"), "TRUE")
        return f" Turn text into yes and no with == {yes!r}."
    return " scikit-learn's MultiLabelBinarizer turns label names into such columns."


def _as_numbers(name, matrix, hint):
    """Return numbers as they are, and objects as float: gaps of pandas become NaN, too."""
    if matrix.dtype.kind in "fiub":
        return matrix
    try:
        if matrix.dtype.kind == "c":
            raise TypeError("Complex data not supported")
        if matrix.dtype.kind == "O":
            matrix = np.where(pd.isna(matrix), np.nan, matrix)
        return matrix.astype("float64")
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: expected numbers only, but {error}. {hint}") from None


def _is_zero_or_one(y):
    number = (numbers.Number, np.bool_)
    return np.array([[isinstance(v, number) and v in (0, 1) for v in row] for row in y])


def _as_matrix(name, values, what):
    _refuse_sparse(name, values)
    matrix = np.asarray(values)
    if matrix.ndim != 2:
        raise ValueError(
            f"{name} has shape {matrix.shape}: expected 2 dimensions (rows, {what}); "
            "for one row use [row], for one column [:, None]."
        )
    if 0 in matrix.shape:
        raise ValueError(f"{name} has shape {matrix.shape}: there is nothing to work with.")
    return matrix


def _refuse_sparse(name, values):
    if hasattr(values, "toarray"):
        raise ValueError(f"{name} is a sparse matrix: pass {name}.toarray().")


def check_probabilities(y_prob, name="y_prob"):
    """Check a matrix of label probabilities."""
    _refuse_sparse(name, y_prob)
    hint = "Pass one probability per label, as predict_proba gives it."
    y_prob = _as_numbers(name, np.asarray(y_prob), hint).astype("float64", copy=False)
    if y_prob.ndim != 2:
        raise ValueError(f"{name} has shape {y_prob.shape}: expected (rows, labels).")
    if not ((y_prob >= 0) & (y_prob <= 1)).all():
        row, column = np.argwhere(~((y_prob >= 0) & (y_prob <= 1)))[0]
        hint = "Does the last layer have a sigmoid?"
        if np.isnan(y_prob[row, column]):
            hint = "If it was never held out, or its network diverged, leave it out here, too."
        raise ValueError(
            f"{name} holds {y_prob[row, column]} in row {row}, column {column}: expected "
            f"probabilities between 0 and 1. {hint}"
        )
    return y_prob


def check_set_proba(set_proba, n_sets=None):
    """Check a matrix of probabilities of label sets."""
    set_proba = np.asarray(set_proba, dtype="float64")
    if set_proba.ndim != 2 or n_sets not in (None, set_proba.shape[1]):
        raise ValueError(
            f"set_proba has shape {set_proba.shape}: expected (rows, {n_sets or 'sets'}), "
            "one column per label set."
        )
    if np.isnan(set_proba).any():
        raise ValueError("set_proba holds NaN: leave out rows that were never held out.")
    return set_proba


def check_same_shape(y_true, y_prob, name="y_prob"):
    """Refuse predictions that do not fit the true labels."""
    if y_true.shape != y_prob.shape:
        raise ValueError(
            f"y_true has shape {y_true.shape} and {name} has {y_prob.shape}: they must agree."
        )


def check_same_names(y_true, y_prob):
    """Refuse frames whose columns have different names, or whose rows or columns another order."""
    check_same_order(y_true, y_prob, "y_true and y_prob")
    names = [list(getattr(y, "columns", [])) for y in (y_true, y_prob)]
    named = all(isinstance(name, str) for name in names[0] + names[1])
    if named and all(names) and names[0] != names[1]:
        raise ValueError(
            f"y_true has the columns {names[0]} and y_prob {names[1]}: put them into one order."
        )


def check_true_and_prob(y_true, y_prob):
    """Return true labels, int64, and probabilities of the same shape, float64."""
    check_same_names(y_true, y_prob)
    y_true, y_prob = check_labels(y_true, "y_true"), check_probabilities(y_prob)
    check_same_shape(y_true, y_prob)
    return y_true, y_prob


def check_known_and_prob(y_true, y_prob):
    """Do the same, but let true labels be float64 with NaN where some are not known."""
    check_same_names(y_true, y_prob)
    y_true, y_prob = check_known_labels(y_true, "y_true"), check_probabilities(y_prob)
    check_same_shape(y_true, y_prob)
    return y_true, y_prob


def check_threshold(threshold, n_labels):
    """Check one threshold for all labels, or one for each."""
    if hasattr(threshold, "keys"):  # a dictionary or a Series, whose order may be another one
        raise TypeError("threshold has names: pass numbers alone, in the order of the labels.")
    try:
        thresholds = np.asarray(threshold, dtype="float64")
    except (TypeError, ValueError):
        raise TypeError(f"threshold={threshold!r}: pass one number, or one per label.") from None
    if thresholds.shape not in [(), (n_labels,)]:
        raise ValueError(
            f"threshold has shape {thresholds.shape}: "
            f"pass one number, or {n_labels}, one per label."
        )
    if not ((thresholds >= 0) & (thresholds <= 1)).all():
        raise ValueError(f"threshold is {threshold}: expected numbers between 0 and 1.")
    return thresholds
