"""Answers to the exercises of lesson 04."""

import numpy as np
import pandas as pd

from exercise_cases.cases import Case


class Predictor:
    """A model that goes by the names of columns where there are any, as a loaded one does."""

    feature_names = ("a", "b", "c")

    def predict(self, table):
        if isinstance(table, pd.DataFrame):
            table = table[list(self.feature_names)].to_numpy()
        return pd.DataFrame((np.asarray(table)[:, :2] > 0).astype(int), columns=["one", "two"])


X = np.random.default_rng(4).normal(size=(200, 3))
y = (X[:, :2] > -0.1).astype(int)
by_name = np.asarray(Predictor().predict(X)) == y
by_position = np.asarray(Predictor().predict(X[:, ::-1])) == y
ROWS, WRONG = by_name.all(axis=1).mean(), by_position.all(axis=1).mean()


def epochs(history, tolerance, by="val_loss", how="median", which=0):
    losses = history.groupby("epoch")[by].agg(how)
    return losses.index[losses <= (1 + tolerance) * losses.min()][which]


def absolute(history, tolerance):
    median = history.groupby("epoch")["val_loss"].median()
    return median.index[median <= median.min() + tolerance][0]


CASES = {
    "04.1": Case(
        right=[lambda p, t: np.abs(p - t).min(axis=1).argmin()],
        wrong=[
            (lambda p, t: np.abs(p - t).argmin(), "counts through all probabilities"),
            (lambda p, t: np.abs(p - t).mean(axis=1).argmin(), "unsure on average"),
            (lambda p, t: np.abs(p - 0.5).min(axis=1).argmin(), "right for 0.5 only"),
            (lambda p, t: (p - t).min(axis=1).argmin(), "A distance has no sign"),
            (lambda p, t: np.abs(p - t).min(axis=1).argmax(), "*most* sure"),
            (lambda p, t: np.abs(p - t).min(), "Which row has it"),
            (lambda p, t: 99, "First the smallest distance in each row"),
        ],
    ),
    "04.2": Case(
        right=[epochs, lambda h, t: float(epochs(h, t))],
        wrong=[
            (lambda h, t: epochs(h, t) - 1, "One too few"),
            (lambda h, t: h.groupby("epoch")["val_loss"].median().idxmin(), "to stop earlier"),
            (lambda h, t: epochs(h, t, by="loss"), "which falls for ever"),
            (lambda h, t: h.loc[h["val_loss"].idxmin(), "epoch"], "lowest point of one network"),
            (lambda h, t: epochs(h, t, how="mean"), "pulls the mean away"),
            (lambda h, t: epochs(h, t, which=-1), "The last such epoch"),
            (lambda h, t: absolute(h, t), "a share of the lowest loss"),
            (lambda h, t: 99, "Not this epoch"),
        ],
    ),
    "04.3": Case(
        right=[ROWS - WRONG, round(ROWS - WRONG, 3)],
        wrong=[
            (ROWS, "the accuracy by name"),
            (WRONG, "what is left by position"),
            (WRONG - ROWS, "A loss is asked for"),
            (100 * (ROWS - WRONG), "in percent"),
            (by_name.mean() - by_position.mean(), "share of single labels"),
            (0, "must be a bare array"),
            (0.9999, "Predict the reversed table twice"),
        ],
        given={"predictor": Predictor(), "X": X, "y": y},
    ),
}
