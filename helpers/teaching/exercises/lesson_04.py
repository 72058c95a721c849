"""Checks of lesson 04: the least sure row, the number of epochs, columns by name."""

import numpy as np
import pandas as pd

from helpers.teaching.exercises import Hint, call, checks, compare, read_number


@checks("04.1", "The rows that a model is least sure about are the ones to show to a human first.")
def _least_sure_row(answer):
    # Each row is the answer to another mistake: see the comments.
    probabilities = np.array(
        [
            [0.99, 0.02, 0.90],  # 0: farthest from any threshold, on the whole
            [0.10, 0.58, 0.12],  # 1: right for 0.5
            [0.33, 0.33, 0.36],  # 2: close on average to 0.3 and 0.5, but not the closest
            [0.05, 0.01, 0.03],  # 3: the lowest of all
            [0.95, 0.31, 0.97],  # 4: right for 0.3
        ]
    )
    for threshold, right in ((0.3, 4), (0.5, 1)):
        found = read_number(call(answer, probabilities, threshold))
        distance = np.abs(probabilities - threshold)
        average = distance.mean(axis=1).argmin()
        for_half = np.abs(probabilities - 0.5).min(axis=1).argmin()
        lowest = (probabilities - threshold).min(axis=1).argmin()
        surest = distance.min(axis=1).argmax()
        place = distance.argmin()
        if np.isclose(found, distance.min()):
            raise Hint("This is the distance. Which row has it?")
        mistakes = [
            (place, "This counts through all probabilities, row after row. Which row is it in?"),
            (average, "This row is unsure on average. The question is its closest label alone."),
            (for_half, "This is right for 0.5 only: the threshold is handed to your function."),
            (lowest, "This row has the lowest probability. A distance has no sign: see `np.abs`."),
            (surest, "This row is the *most* sure one: its closest label is far away."),
        ]
        otherwise = "Not this row. First the smallest distance in each row, then the smallest row."
        compare(found, right, mistakes, otherwise, tolerance=0)


def _example_history():
    """Four networks, with a pit of one of them, an outlier, and training that goes on."""
    usual = [0.90, 0.60, 0.415, 0.412, 0.404, 0.40, 0.405, 0.42, 0.43, 0.44]
    pit = [0.90, 0.10, 0.415, 0.412, 0.404, 0.40, 0.405, 0.42, 0.43, 0.44]
    failed = [5, 4.5, 4, 3.5, 3, 2.5, 2, 1.5, 1.0, 1.9]
    fold, epoch = np.repeat(range(4), 10), np.tile(range(1, 11), 4)
    curves = {"val_loss": usual + usual + pit + failed, "loss": 0.5**epoch}
    return pd.DataFrame({"repeat": 0, "fold": fold, "epoch": epoch} | curves)


@checks(
    "04.2",
    "One rule, written down before you look, keeps you from choosing the epoch that flatters.",
)
def _choose_epochs(answer):
    history = _example_history()
    for tolerance in (0.02, 0.3):
        found = read_number(call(answer, history, tolerance))
        by_epoch = history.groupby("epoch")[["loss", "val_loss"]]
        losses = by_epoch.median()["val_loss"]
        right, *_, last = _within(losses, tolerance)
        falling = _within(by_epoch.median()["loss"], tolerance)[0]
        lowest = history.loc[history["val_loss"].idxmin(), "epoch"]
        by_mean = _within(by_epoch.mean()["val_loss"], tolerance)[0]
        absolute = losses.index[losses <= losses.min() + tolerance][0]
        mistakes = [
            (right - 1, "One too few: epochs are counted from 1, places in an array from 0."),
            (losses.idxmin(), "Here the median is lowest. How much does it cost to stop earlier?"),
            (falling, "This goes by the loss on the training rows, which falls for ever."),
            (lowest, "This is the lowest point of one network: chance. Take the median of all."),
            (by_mean, "One network that failed pulls the mean away. Take the median."),
            (absolute, "The tolerance is a share of the lowest loss, not a loss itself."),
            (last, "The last such epoch: the smallest is asked for."),
        ]
        otherwise = "Not this epoch. Median by epoch, its lowest value, the first that is near it."
        compare(found, right, mistakes, otherwise)


def _within(losses, tolerance):
    return losses.index[losses <= (1 + tolerance) * losses.min()]


@checks(
    "04.3", "An array carries no names: nothing warns you when its columns are in another order."
)
def _cost_of_position(answer, predictor, X, y):
    answer = read_number(answer)
    backwards = pd.DataFrame(X, columns=predictor.feature_names).iloc[:, ::-1]
    by_name = np.asarray(predictor.predict(backwards)) == y
    by_position = np.asarray(predictor.predict(backwards.to_numpy())) == y
    rows, wrong = by_name.all(axis=1).mean(), by_position.all(axis=1).mean()
    labels = by_name.mean() - by_position.mean()
    mistakes = [
        (rows, "This is the accuracy by name. What is lost without the names?"),
        (wrong, "This is what is left by position. How much is lost, against the names?"),
        (wrong - rows, "The size is right. A loss is asked for: by name minus by position."),
        (100 * (rows - wrong), "Right, in percent. Report it as a share of the rows."),
        (labels, "This is the share of single labels. A row counts with all of its labels right."),
        (0, "Nothing is lost if both go by name: the second table must be a bare array."),
    ]
    otherwise = (
        "Not this number. Predict the reversed table twice: as it is, and as `.to_numpy()`; "
        "then compare both with y, row by row."
    )
    compare(answer, rows - wrong, mistakes, otherwise, tolerance=6e-4)
