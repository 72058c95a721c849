"""Checks of lesson 04: the least sure row, the number of epochs, columns by name."""

import numpy as np
import pandas as pd

from helpers.teaching.exercises.answers import Check, Hint, call, compare, read_number


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
        if found == right:
            continue
        if found == distance.argmin():
            raise Hint("This counts through all probabilities, row after row. Which row is it in?")
        if found == distance.mean(axis=1).argmin():
            raise Hint("This row is unsure on average. The question is its closest label alone.")
        if found == np.abs(probabilities - 0.5).min(axis=1).argmin():
            raise Hint("This is right for 0.5 only: the threshold is handed to your function.")
        if found == (probabilities - threshold).min(axis=1).argmin():
            raise Hint("This row has the lowest probability. A distance has no sign: see `np.abs`.")
        if found == distance.min(axis=1).argmax():
            raise Hint("This row is the *most* sure one: its closest label is far away.")
        if np.isclose(found, distance.min()):
            raise Hint("This is the distance. Which row has it?")
        raise Hint("Not this row. First the smallest distance in each row, then the smallest row.")


def _example_history():
    """Four networks, with a pit of one of them, an outlier, and training that goes on."""
    usual = [0.90, 0.60, 0.415, 0.412, 0.404, 0.40, 0.405, 0.42, 0.43, 0.44]
    pit, failed = usual.copy(), [5, 4.5, 4, 3.5, 3, 2.5, 2, 1.5, 1.0, 1.9]
    pit[1] = 0.1
    epochs = np.arange(1, len(usual) + 1)
    frames = [
        pd.DataFrame({"repeat": 0, "fold": fold, "epoch": epochs, "val_loss": curve})
        for fold, curve in enumerate([usual, usual, pit, failed])
    ]
    history = pd.concat(frames, ignore_index=True)
    return history.assign(loss=0.5 ** history["epoch"])


def _choose_epochs(answer):
    history = _example_history()
    for tolerance in (0.02, 0.3):
        found = read_number(call(answer, history, tolerance))
        by_epoch = history.groupby("epoch")[["loss", "val_loss"]]
        median, mean = by_epoch.median(), by_epoch.mean()["val_loss"]
        losses = median["val_loss"]
        expected = _within(losses, tolerance)[0]
        mistakes = [
            (expected - 1, "One too few: epochs are counted from 1, places in an array from 0."),
            (losses.idxmin(), "Here the median is lowest. How much does it cost to stop earlier?"),
            (
                _within(median["loss"], tolerance)[0],
                "This goes by the loss on the training rows, which falls for ever.",
            ),
            (
                history.loc[history["val_loss"].idxmin(), "epoch"],
                "This is the lowest point of one network: chance. Take the median of all.",
            ),
            (
                _within(mean, tolerance)[0],
                "One network that failed pulls the mean away. Take the median.",
            ),
            (
                losses.index[losses <= losses.min() + tolerance][0],
                "The tolerance is a share of the lowest loss, not a loss itself.",
            ),
            (_within(losses, tolerance)[-1], "The last such epoch: the smallest is asked for."),
        ]
        otherwise = "Not this epoch. Median by epoch, its lowest value, the first that is near it."
        compare(found, expected, mistakes, otherwise)


def _within(losses, tolerance):
    return losses.index[losses <= (1 + tolerance) * losses.min()]


def _cost_of_position(answer, predictor, X, y):
    answer = read_number(answer)
    backwards = pd.DataFrame(X, columns=predictor.feature_names).iloc[:, ::-1]
    by_name = np.asarray(predictor.predict(backwards)) == y
    by_position = np.asarray(predictor.predict(backwards.to_numpy())) == y
    rows, wrong = by_name.all(axis=1).mean(), by_position.all(axis=1).mean()
    mistakes = [
        (rows, "This is the accuracy by name. What is lost without the names?"),
        (wrong, "This is what is left by position. How much is lost, against the names?"),
        (wrong - rows, "The size is right. A loss is asked for: by name minus by position."),
        (100 * (rows - wrong), "Right, in percent. Report it as a share of the rows."),
        (
            by_name.mean() - by_position.mean(),
            "This is the share of single labels. A row counts with all of its labels right.",
        ),
        (0, "Nothing is lost if both go by name: the second table must be a bare array."),
    ]
    otherwise = (
        "Not this number. Predict the reversed table twice: as it is, and as `.to_numpy()`; "
        "then compare both with y, row by row."
    )
    compare(answer, rows - wrong, mistakes, otherwise, tolerance=6e-4)


CHECKS = {
    "04.1": Check(
        _least_sure_row,
        "The rows that a model is least sure about are the ones to show to a human first.",
    ),
    "04.2": Check(
        _choose_epochs,
        "One rule, written down before you look, keeps you from choosing the epoch that flatters.",
    ),
    "04.3": Check(
        _cost_of_position,
        "An array carries no names: nothing warns you when its columns are in another order.",
    ),
}
