"""Checks of lesson 04, a capstone in three steps: describe, evaluate, then fit, save and score."""

import numpy as np

from helpers.data import make_dataset, make_fresh_rows
from helpers.teaching.exercises import (
    Hint,
    NotAttemptedError,
    checks,
    compare,
    kind_of,
    read_array,
    read_number,
)

CAPSTONE = 3  # the random_state of its data set
PLAUSIBLE = 0.64, 0.73  # mean subset accuracy that the recipe reaches in cross-validation
PLAUSIBLE_FRESH = 0.61, 0.70  # and on fresh rows


@checks(
    "04.1",
    "All eight label sets occur here, and no label is rare: with more sets to tell apart, expect "
    "lower scores.",
)
def _description(answer):
    parts = _parts(answer, 3, "cardinality, number of label sets, share without labels")
    cardinality, n_sets, without = read_array(parts, (3,), "three numbers")
    y, ours = (make_dataset(random_state=seed)[1] for seed in (CAPSTONE, 1))
    size = y.sum(axis=1)
    own_data = "belongs to the lesson's data set. Take `y3`, of random_state=3."
    mistakes = [
        (ours.sum(axis=1).mean(), f"This cardinality {own_data}"),
        (y.mean(), "This is the share of ones in all of `y3`. Count the labels of a row first."),
        (y.sum(), "This counts all labels in `y3`. The cardinality is the mean per row."),
        (size[size > 0].mean(), "For the cardinality, rows without a label count, too, as 0."),
    ]
    otherwise = "Not this cardinality. Add up the labels of each row, then take the mean."
    compare(cardinality, size.mean(), mistakes, otherwise, tolerance=1e-3)
    mistakes = [
        (y.shape[1], "This is the number of labels. A label set is a whole row of `y3`."),
        (len(np.unique(size)), "These are the different *numbers* of labels. 100 and 010 differ."),
        (
            len(np.unique(y, axis=0)) - 1,
            "A row without labels has a set, too: the empty one.",
        ),
        (len(np.unique(ours, axis=0)), f"This number of label sets {own_data}"),
        (len(y), "This is the number of rows. Many rows have the same label set."),
    ]
    otherwise = "Not this number of label sets. Which rows of `y3` are different? See `np.unique`."
    compare(n_sets, len(np.unique(y, axis=0)), mistakes, otherwise)
    none = size == 0
    mistakes = [
        ((ours.sum(axis=1) == 0).mean(), f"This share of rows without a label {own_data}"),
        (none.sum(), "This is a number of rows. Report their share."),
        (100 * none.mean(), "Right, in percent. Report a share between 0 and 1."),
        (1 - none.mean(), "These are the rows *with* a label."),
        (1 - y.mean(), "This is the share of zeros in `y3`. A row counts if it has zeros only."),
    ]
    otherwise = "Not this share. A row has no label if the sum of its labels is 0."
    compare(without, none.mean(), mistakes, otherwise, tolerance=1e-3)


@checks(
    "04.2",
    "You have a score with its spread, far above the baseline, and it was noted before the final "
    "fit.",
)
def _evaluation(answer, result):
    mean, std, baseline = _three_scores(answer, result)
    _, y = make_dataset(random_state=CAPSTONE)
    _check_result(result, y)
    summary, scores = result.summary().loc["subset_accuracy"], result.scores["subset_accuracy"]
    mistakes = [
        (1 - result.scores["hamming_loss"].mean(), "This is the share of single labels right."),
        (result.scores["hamming_loss"].mean(), "This is the Hamming loss, of single labels."),
        (result.scores["f1_macro"].mean(), "This is macro F1. Take the subset accuracy."),
        (scores.max(), "This is the best fold. Report the mean of all thirty."),
        (100 * summary["mean"], "The mean is right, in percent. Report a share."),
    ]
    compare(mean, summary["mean"], mistakes, "This is not the mean of `result3`.", tolerance=1e-3)
    by_repeat = result.scores.groupby("repeat")["subset_accuracy"].mean()
    mistakes = [
        (scores.var(), "This is the variance. The SD is its root."),
        (summary["std_error"], "This is the error of the mean. The SD is that of single folds."),
        (scores.std() / np.sqrt(len(scores)), "This is divided by √30. Leave the SD as it is."),
        (by_repeat.std(), "This is the SD of three repeats. Take that of the thirty folds."),
    ]
    otherwise = "This is not the SD of the thirty scores: see the column `std` of the summary."
    compare(std, summary["std"], mistakes, otherwise, tolerance=5e-4)
    _, counts = np.unique(y, axis=0, return_counts=True)
    majority = (y == (y.mean(axis=0) >= 0.5)).all(axis=1).mean()
    mistakes = [
        (counts.max(), "This is the number of rows with that label set. Report their share."),
        (1 / len(counts), "This is a guess among equally frequent label sets. They are not."),
        (majority, "These are the labels that are each frequent. Which whole *set* is frequent?"),
        ((y == 0).all(axis=1).mean(), "This is the empty set. Is it the most frequent one?"),
        (0.319, "This is the baseline of the lesson's data. Count the label sets of `y3`."),
    ]
    otherwise = "Not this baseline. Count the rows of each label set, and take the largest share."
    compare(baseline, counts.max() / len(y), mistakes, otherwise, tolerance=1e-3)
    low, high = PLAUSIBLE
    if not low <= mean <= high:
        n_epochs = result.history["epoch"].max() if result.history is not None else "?"
        raise Hint(
            f"Your numbers fit `result3`, but after {n_epochs} epochs a mean of {mean:.3f} is not "
            "what this recipe reaches. Choose the epochs by the rule of section 1."
        )


@checks(
    "04.3",
    "A score of the recipe, its interval, and a saved model that other programs can use: that is "
    "the whole recipe.",
)
def _fresh_score(answer, predictor, result, X, y):
    parts = _parts(answer, 2, "the fresh score, and whether it lies inside the interval")
    if any(part is ... for part in (predictor, result, X, y)):
        raise NotAttemptedError
    if not hasattr(predictor, "label_names"):
        raise Hint(f"`predictor3` is {kind_of(predictor)}. Take what `load_model` returns.")
    fresh, inside = read_number(parts[0]), parts[1]
    data, right_y = make_dataset(random_state=CAPSTONE)
    _check_result(result, right_y)
    _check_fresh(np.asarray(X), np.asarray(y), data)
    hits = np.asarray(predictor.predict(X)) == y
    right = hits.all(axis=1).mean()
    own = (np.asarray(predictor.predict(data)) == right_y).all(axis=1).mean()
    mean, low, high = result.summary().loc["subset_accuracy", ["mean", "ci_low", "ci_high"]]
    mistakes = [
        (hits.mean(), "This is the share of single labels right. A row needs all three."),
        (own, "This is the score on the rows that the model was fitted on."),
        (mean, "This is the cross-validated mean. Score `predictor3` on the fresh rows."),
        (100 * right, "The score is right, in percent. Report a share."),
    ]
    otherwise = (
        "Not this score. Predict the fresh rows with `predictor3`; all labels of a row count."
    )
    compare(fresh, right, mistakes, otherwise, tolerance=1e-3)
    if not isinstance(inside, bool | np.bool_):
        raise Hint(f"`inside3` should be True or False, and this is {kind_of(inside)}.")
    if inside != (low <= right <= high):
        raise Hint(
            "Your score is right. Look again whether it lies between `ci_low` and `ci_high` of "
            "`result3.summary()`."
        )
    if not PLAUSIBLE_FRESH[0] <= right <= PLAUSIBLE_FRESH[1]:
        raise Hint(
            f"You scored the model well, but {right:.3f} is not what this recipe reaches. Was it "
            "fitted on all rows of `X3`, for `epochs3` epochs?"
        )


def _parts(answer, count, meaning):
    """Return the parts of an answer that is a list, if none of them is still to be done."""
    if isinstance(answer, list | tuple) and any(part is ... for part in answer):
        raise NotAttemptedError
    if not isinstance(answer, list | tuple) or len(answer) != count:
        raise Hint(f"A list of {count} is asked for ({meaning}), and this is {kind_of(answer)}.")
    return answer


def _three_scores(answer, result):
    parts = _parts(answer, 3, "mean, SD and baseline")
    if result is ...:
        raise NotAttemptedError
    return read_array(parts, (3,), "mean, SD and baseline")


def _check_result(result, y):
    """Ask whether a cross-validation is one of these labels, by 3 x 10 folds."""
    if not hasattr(result, "summary"):
        raise Hint(f"`result3` is {kind_of(result)}. Take what `evaluate_model` returns.")
    if len(result.scores) != 30 or result.labels.shape != (3, *y.shape):
        raise Hint(f"`result3` has {len(result.scores)} folds. Ten folds, three times: `cv=None`.")
    again = result.rescored(y, result.labels).scores["subset_accuracy"]
    if not np.allclose(again, result.scores["subset_accuracy"]):
        raise Hint("`result3` belongs to other rows. Evaluate `X3` and `y3`.")


def _check_fresh(X, y, data):
    if X.ndim != 2 or X.shape[1:] != data.shape[1:] or len(X) != len(y) or len(X) < 5:
        raise Hint("`X_fresh3` and `y_fresh3` should be what `make_fresh_rows` returns.")
    first, _ = make_fresh_rows(5, random_state=CAPSTONE)
    if np.array_equal(X[:5], data[:5]):
        raise Hint("These are the rows that the model was fitted on. Take fresh ones.")
    if not np.array_equal(X[:5], first):
        raise Hint("These are fresh rows of another data set: mind the `random_state`.")
