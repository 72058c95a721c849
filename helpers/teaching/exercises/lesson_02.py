"""Checks of lesson 02: layers without a bend, the loss from logits, and luck in training."""

import numpy as np
from scipy.special import expit, log_softmax, softmax

from helpers.teaching.exercises.answers import (
    Check,
    Hint,
    call,
    compare,
    describe,
    read_array,
    read_number,
)

LN_2 = np.log(2)  # the loss of saying 0.5 everywhere
FLOOR = 0.05  # a held-out loss below this is not plausible
SEEDS = (1, 2, 3, 4)


def _one_layer(answer):
    rng = np.random.default_rng(1)
    A1, a1, A2, a2 = (rng.normal(size=s) for s in [(4, 5), (5,), (5, 2), (2,)])
    result = call(answer, A1, a1, A2, a2)
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise Hint(f"A matrix and a vector are asked for, W and b; this is {describe(result)}.")
    if np.shape(result[0]) == (2, 4):
        raise Hint("The matrix lies on its side: one row a feature, one column a label.")
    W = read_array(result[0], (4, 2), "one row a feature, one column a label")
    b = read_array(result[1], (2,), "one number a label")
    if np.allclose(W, np.maximum(A1, 0) @ A2) or np.allclose(b, np.maximum(a1, 0) @ A2 + a2):
        raise Hint("There is still a ReLU in it. Leave it out: the layers have no bend here.")
    if not np.allclose(W, A1 @ A2):
        raise Hint("The matrix is not right yet. Multiply out the brackets: what is before X @?")
    if np.allclose(b, a2):
        raise Hint("W is right. But where does the second layer send the first layer's biases?")
    if np.allclose(b, a1 @ A2):
        raise Hint("W is right. But the second layer's own biases are missing.")
    if not np.allclose(b, a1 @ A2 + a2):
        raise Hint("W is right, b is not yet. What comes out for a row of zeros?")


def _loss_from_logits(answer):
    y = np.array([[1.0, 0, 1], [0, 1, 0], [1, 1, 0], [0, 0, 0]])
    z = np.array([[2.0, -1, 0.5], [-3, 1, 0], [-0.5, 2, 1], [-1, -2, 3]])
    with np.errstate(all="ignore"):
        result, sure = call(answer, y, z), call(answer, y, 1000 * z)
    right = np.mean(np.logaddexp(0, z) - y * z)
    if np.ndim(result):
        raise Hint(f"One number is asked for, the mean of all; this is {describe(result)}.")
    if isinstance(result, float | np.floating) and np.isnan(result):
        raise Hint("The result is NaN: a logit is no probability, it may be below 0 or above 1.")
    result = read_number(result)
    otherwise = "Turn each logit into a probability, then into its cost, then take the mean."
    compare(result, right, _loss_mistakes(y, z, right), otherwise, tolerance=1e-4)
    if not np.isfinite(sure):
        raise Hint("Right for small logits. With z = 1000, log(0) spoils it: how did we clip it?")


def _loss_mistakes(y, z, right):
    """Yield the results of typical mistakes, each with its hint."""
    total = "added up over"
    yield -right, "The right size, but below 0: a cost is positive, since log p is not."
    yield right * y.shape[1], f"This is {total} the labels of a row. Take the mean of all cells."
    yield right * y.shape[0], f"This is {total} the rows. Take the mean of rows and labels alike."
    yield right * y.size, f"This is {total} all rows and labels. Take the mean."
    yield right / LN_2, "The logarithm to base 2 is in it. The loss uses the natural one."
    yield right / np.log(10), "The logarithm to base 10 is in it. The loss uses the natural one."
    yield _cost(y, softmax(z, axis=1)), "A softmax is left in: its labels share one whole."
    cost = -np.sum(y * log_softmax(z, axis=1))
    hint = "This is the loss of a softmax, for exactly one true class. Each label is its own here."
    yield from ((value, hint) for value in (cost / len(y), cost / y.size))
    yield _cost(y, expit(expit(z))), "The sigmoid is there twice. Once is enough."
    yield _cost(1 - y, expit(z)), "Here a label that is there costs what an absent one should."
    yield (
        np.mean(-y * np.log(expit(z))),
        "Labels that are not there cost nothing here: the second term of the formula is missing.",
    )


def _cost(y, p):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def _losses_of_seeds(answer):
    losses = read_array(answer, (len(SEEDS),), "the held-out loss for each of four seeds")
    if np.ptp(losses) == 0:
        raise Hint("Four times the same number: does each training get its own seed?")
    if (losses < 0).any():
        raise Hint("A loss of this kind is never below 0. Is a sign turned around?")
    if (losses < FLOOR).any():
        raise Hint(
            "So low a held-out loss is not plausible here. On which rows did you measure it?"
        )
    if (losses > LN_2).all():
        raise Hint(
            "All are worse than saying 0.5 everywhere. Are they the losses after the last epoch, "
            "of the trained network?"
        )
    if losses.max() < 0.24:
        raise Hint("All as low as after 100 epochs: have you passed epochs=15?")


CHECKS = {
    "02.1": Check(
        _one_layer,
        "However many layers you stack: without a bend between them they are one layer.",
    ),
    "02.2": Check(
        _loss_from_logits,
        "This is what Keras computes with from_logits=True, and why large logits do it no harm.",
    ),
    "02.3": Check(
        _losses_of_seeds,
        "One training is one throw of dice: a difference smaller than that between seeds says "
        "little.",
    ),
}
