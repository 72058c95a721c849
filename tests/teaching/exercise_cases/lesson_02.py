"""Answers to the exercises of lesson 02."""

import numpy as np

from exercise_cases.cases import Case


def epoch(size=None, divide=None, sign=-1, bias=True, end=None):
    """Make an answer to 02.1: a right one, or one with a mistake."""

    def one_epoch(X, y, W, b, step_size, batch_size):
        for first in range(0, len(X), size or batch_size)[:end]:
            rows = slice(first, first + (size or batch_size))
            error = 1 / (1 + np.exp(-(X[rows] @ W + b))) - y[rows]
            n_rows = divide or len(error)
            W = W + sign * step_size * X[rows].T @ error / n_rows
            if bias:
                b = b + sign * step_size * error.sum(axis=0) / n_rows
        return W, b

    return one_epoch


def in_place(X, y, W, b, step_size, batch_size):
    for rows in np.split(np.arange(len(X)), range(batch_size, len(X), batch_size)):
        error = y[rows] - 1 / (1 + np.exp(-(X[rows] @ W + b)))
        W += step_size * X[rows].T @ error / len(rows)
        b += step_size * error.mean(axis=0)
    return [W, b]


def from_the_start(X, y, W, b, step_size, batch_size):
    start = W.copy(), b.copy()
    for first in range(0, len(X), batch_size):
        rows = slice(first, first + batch_size)
        error = 1 / (1 + np.exp(-(X[rows] @ start[0] + start[1]))) - y[rows]
        W = W - step_size * X[rows].T @ error / len(error)
        b = b - step_size * error.mean(axis=0)
    return W, b


def network(
    hidden=(30, 15),
    relu="relu",
    last="sigmoid",
    loss="binary_crossentropy",
    optimizer="adam",
    n_inputs=None,
    n_outputs=None,
    with_input=True,
):
    """Make an answer to 02.2; Keras is imported only when it is asked."""

    def my_network(n_features, n_labels):
        import keras

        model = keras.Sequential([keras.Input((n_inputs or n_features,))] if with_input else [])
        for units in hidden:
            model.add(keras.layers.Dense(units, relu))
        model.add(keras.layers.Dense(n_outputs or n_labels, last))
        if loss:
            model.compile(optimizer=optimizer, loss=loss)
        return model

    return my_network


def with_objects(n_features, n_labels):
    import keras

    return network(loss=keras.losses.BinaryCrossentropy(), optimizer=keras.optimizers.Adam(0.01))(
        n_features, n_labels
    )


THRESHOLDS = np.linspace(0.01, 0.99, 99)


def subset_accuracies(y, p):
    return np.array([((p >= t) == y).all(axis=1).mean() for t in THRESHOLDS])


def best(y, p):
    scores = subset_accuracies(y, p)
    return THRESHOLDS[scores.argmax()], scores.max()


def by_hand(y, p):
    found = (0.0, -1.0)
    for step in range(1, 100):
        score = np.mean([np.array_equal(a, b) for a, b in zip(p >= step / 100, y, strict=True)])
        if score > found[1]:
            found = (step / 100, score)
    return list(found)


def last_of_the_best(y, p):
    scores = subset_accuracies(y, p)
    return THRESHOLDS[np.flatnonzero(scores == scores.max())[-1]], scores.max()


def by_single_labels(y, p):
    scores = np.array([((p >= t) == y).mean() for t in THRESHOLDS])
    return THRESHOLDS[scores.argmax()], scores.max()


def by_any_label(y, p):
    scores = np.array([((p >= t) == y).any(axis=1).mean() for t in THRESHOLDS])
    return THRESHOLDS[scores.argmax()], scores.max()


def worst(y, p):
    scores = subset_accuracies(y, p)
    return THRESHOLDS[scores.argmin()], scores.min()


CASES = {
    "02.1": Case(
        right=[epoch(), in_place],
        wrong=[
            (lambda X, y, W, b, step_size, batch_size: (W, b), "Nothing has changed"),
            (lambda X, y, W, b, step_size, batch_size: W, "Two arrays"),
            (lambda X, y, W, b, step_size, batch_size: (W.T, b), "should have the shape (3, 2)"),
            (epoch(size=8), "a single step"),
            (epoch(size=1), "a step for each row"),
            (epoch(end=1), "inside the loop"),
            (epoch(end=-1), "is left out"),
            (epoch(divide=3), "fewer rows than batch_size"),
            (epoch(divide=8), "not by that of all rows"),
            (epoch(divide=1), "sums over the rows"),
            (epoch(sign=1), "uphill"),
            (epoch(bias=False), "b is not updated"),
            (from_the_start, "start from the weights"),
            (epoch(size=2), "rows in order"),
            (lambda X, y: (X, y), "raised TypeError"),
        ],
    ),
    "02.2": Case(
        right=[network(), with_objects, network(loss="BinaryCrossentropy", optimizer="Adam")],
        wrong=[
            (lambda n_features, n_labels: 843, "A Keras network"),
            (network(hidden=(30,)), "3 Dense layers"),
            (network(with_input=False), "begin with keras.Input"),
            (network(n_inputs=10), "Asked for 7 features"),
            (network(hidden=(15, 30)), "[30, 15] units"),
            (network(n_outputs=3), "Asked for 4 labels"),
            (network(relu=None), "should end in ReLU"),
            (network(last="softmax"), "compete"),
            (network(last=None), "not probabilities"),
            (network(loss=None), "not compiled"),
            (network(loss="categorical_crossentropy"), "exactly one class"),
            (network(loss="mean_squared_error"), "charges each label"),
            (network(optimizer="sgd"), "should be Adam"),
        ],
    ),
    "02.3": Case(
        right=[best, by_hand],
        wrong=[
            (lambda y, p: best(y, p)[0], "Two numbers"),
            (lambda y, p: best(y, p)[::-1], "wrong order"),
            (lambda y, p: (subset_accuracies(y, p).argmax(), best(y, p)[1]), "a place"),
            (lambda y, p: (best(y, p)[0], best(y, p)[1] * len(y)), "not a share"),
            (last_of_the_best, "not the lowest"),
            (lambda y, p: (0.5, ((p >= 0.5) == y).all(axis=1).mean()), "at 0.5"),
            (by_single_labels, "single labels"),
            (by_any_label, "not any"),
            (worst, "worst"),
            (lambda y, p: (best(y, p)[0], ((p >= best(y, p)[0]) == y).mean()), "not subset's"),
            (lambda y, p: (0.5, 0.9), "For each threshold"),
        ],
    ),
}
