"""Checks of lesson 02: an epoch by hand, a Keras network, and the best threshold."""

import numpy as np
from scipy.special import expit

from helpers.teaching.exercises import Hint, call, checks, compare, kind_of, read_array

HIDDEN, N_FEATURES, N_LABELS = [30, 15], 7, 4  # of the network in 02.2; not those of the lesson


@checks("02.1", "This is what fit does in an epoch; Adam only chooses other steps.")
def _one_epoch(answer):
    rng = np.random.default_rng(1)
    X, y = rng.poisson(3.0, (8, 3)), rng.integers(0, 2, (8, 2))
    W, b = rng.normal(size=(3, 2)), rng.normal(size=2)
    result = call(answer, X, y, W, b, 0.1, 3)
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise Hint(f"Two arrays are asked for, W and b; this is {kind_of(result)}.")
    new_W = read_array(result[0], W.shape, "one row for each feature, one column for each label")
    new_b = read_array(result[1], b.shape, "one number for each label")

    def learn(step=0.1, size=3, rows=8, **changes):
        return _learn(X[:rows], y[:rows], W, b, step, size, **changes)

    mistakes = [
        (_joined(W, b), "Nothing has changed: does the loop run, and do you return the new W, b?"),
        (learn(size=8), "This is a single step with all rows. Make one for each batch."),
        (learn(size=1), "This is a step for each row. A batch has batch_size rows."),
        (learn(rows=3), "Only the first batch is used: is `return` inside the loop?"),
        (learn(rows=6), "The last batch, which is shorter, is left out."),
        (learn(divide=3), "The last batch has fewer rows than batch_size: divide by its own."),
        (learn(divide=8), "Divide by the number of rows in the batch, not by that of all rows."),
        (learn(divide=1), "These are sums over the rows of a batch. Take the mean."),
        (learn(step=-0.1), "This goes uphill: subtract the step, if the error is p - y."),
        (learn(bias=0), "W is right, but b is not updated as it should be."),
        (learn(stay=True), "Each step has to start from the weights of the step before."),
    ]
    otherwise = "For each batch: rows in order, p, mean gradient, then one step of W and b."
    compare(_joined(new_W, new_b), learn(), mistakes, otherwise)


def _learn(X, y, W, b, step, size, divide=None, bias=1, stay=False):
    start_W, start_b = W, b
    for first in range(0, len(X), size):
        rows, truth = X[first : first + size], y[first : first + size]
        error = expit(rows @ (start_W if stay else W) + (start_b if stay else b)) - truth
        n_rows = divide or len(rows)
        W = W - step * rows.T @ error / n_rows
        b = b - bias * step * error.sum(axis=0) / n_rows
    return _joined(W, b)


def _joined(W, b):
    return np.concatenate([np.ravel(W), b])


@checks("02.2", "For 10 features and 3 labels it has 843 parameters: 330 + 465 + 48.")
def _my_network(answer):
    model = call(answer, N_FEATURES, N_LABELS)
    if not hasattr(model, "layers"):
        raise Hint(f"A Keras network is asked for, and this is {kind_of(model)}.")
    dense = [layer for layer in model.layers if hasattr(layer, "units")]
    sizes = [layer.units for layer in dense]
    names = [getattr(layer.activation, "__name__", "") for layer in dense]
    if len(dense) != 3:
        raise Hint(f"Two hidden layers and the outputs are 3 Dense layers; this has {len(dense)}.")
    if not model.built:
        raise Hint("The network has no weights yet: begin with keras.Input((n_features,)).")
    if model.input_shape != (None, N_FEATURES):
        raise Hint(f"Asked for {N_FEATURES} features, it takes {model.input_shape[1:]}.")
    if sizes[:2] != HIDDEN:
        raise Hint(f"The hidden layers should have {HIDDEN} units; these have {sizes[:2]}.")
    if sizes[2] != N_LABELS:
        raise Hint(f"Asked for {N_LABELS} labels, it has {sizes[2]} outputs.")
    if names[:2] != ["relu", "relu"]:
        raise Hint(f"The hidden layers should end in ReLU; these end in {names[:2]}.")
    if names[2] == "softmax":
        raise Hint("A softmax lets the labels compete. Here any number of them can be true.")
    if names[2] != "sigmoid":
        raise Hint(f"The outputs ({names[2]}) are not probabilities, each for itself.")
    if not model.compiled:
        raise Hint("The network is built, but not compiled.")
    _check_how_it_learns(model)


def _check_how_it_learns(model):
    loss = model.loss if isinstance(model.loss, str) else getattr(model.loss, "name", None)
    loss = loss or getattr(model.loss, "__name__", "none")
    short = loss.lower().replace("_", "")
    if "categorical" in short:
        raise Hint(f"The loss {loss} is for rows of exactly one class.")
    if short not in ("binarycrossentropy", "bce"):
        raise Hint(f"The loss is {loss}. Which one charges each label for itself (section 4)?")
    optimizer = type(model.optimizer).__name__
    if optimizer != "Adam":
        raise Hint(f"The optimizer should be Adam, and is {optimizer}.")


@checks("02.3", "No threshold saves it: outputs that add up to 1 cannot be all high or all low.")
def _best_threshold(answer):
    rng = np.random.default_rng(6)
    y = rng.integers(0, 2, (12, 3))
    p = np.floor(100 * rng.beta(1 + 2 * y, 3 - y)) / 100 + 0.005  # never at a threshold
    result = call(answer, y, p)
    if np.ndim(result) == 0:
        raise Hint(f"Two numbers are asked for, threshold and score; this is {kind_of(result)}.")
    result = read_array(result, (2,), "the threshold and its subset accuracy")
    thresholds = np.arange(1, 100) / 100
    hits = np.array([(p >= t) == y for t in thresholds])
    subset = hits.all(axis=2).mean(axis=1)
    best, last = subset.argmax(), len(subset) - 1 - subset[::-1].argmax()
    single, any_label = hits.mean(axis=(1, 2)), hits.any(axis=2).mean(axis=1)
    mistakes = [
        ([subset[best], thresholds[best]], "The right numbers, in the wrong order."),
        ([best, subset[best]], "The first number is a place in the list, not the threshold."),
        ([thresholds[best], 12 * subset[best]], "The second is a number of rows, not a share."),
        ([thresholds[last], subset[last]], "As good, but not the lowest of the best thresholds."),
        ([0.5, subset[49]], "This is the score at 0.5. Try the other thresholds, too."),
        ([thresholds[single.argmax()], single.max()], "This counts single labels, not rows."),
        ([thresholds[any_label.argmax()], any_label.max()], "A row is right if all are, not any."),
        ([thresholds[subset.argmin()], subset.min()], "This is the worst threshold."),
        ([thresholds[best], single[best]], "The threshold is right; the score is not subset's."),
    ]
    otherwise = "For each threshold: predict p >= t, and find the share of right rows."
    compare(result, [thresholds[best], subset[best]], mistakes, otherwise)
