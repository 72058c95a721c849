"""Checks of lesson 02: layers without a bend, the loss from logits, and luck in training."""

import numpy as np
from scipy.special import expit, log_softmax, softmax

from helpers.teaching.exercises import Hint, call, checks, compare, kind_of, read_array, read_number

LN_2 = np.log(2)  # the loss of saying 0.5 everywhere
FLOOR = 0.05  # a held-out loss below this is not plausible
SEEDS = (1, 2, 3, 4)


@checks("02.1", "However many layers you stack: without a bend between them they are one layer.")
def _one_layer(answer):
    rng = np.random.default_rng(1)
    A1, a1, A2, a2 = (rng.normal(size=s) for s in [(4, 5), (5,), (5, 2), (2,)])
    result = call(answer, A1, a1, A2, a2)
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise Hint(f"A matrix and a vector are asked for, W and b; this is {kind_of(result)}.")
    if np.shape(result[0]) == (2, 4):
        raise Hint("The matrix lies on its side: one row a feature, one column a label.")
    W = read_array(result[0], (4, 2), "one row a feature, one column a label")
    b = read_array(result[1], (2,), "one number a label")
    if np.allclose(W, np.maximum(A1, 0) @ A2) or np.allclose(b, np.maximum(a1, 0) @ A2 + a2):
        raise Hint("There is still a ReLU in it. Leave it out: the layers have no bend here.")
    otherwise = "The matrix is not right yet. Multiply out the brackets: what is before X @?"
    compare(W, A1 @ A2, [], otherwise, tolerance=1e-5)
    mistakes = [
        (a2, "W is right. But where does the second layer send the first layer's biases?"),
        (a1 @ A2, "W is right. But the second layer's own biases are missing."),
    ]
    otherwise = "W is right, b is not yet. What comes out for a row of zeros?"
    compare(b, a1 @ A2 + a2, mistakes, otherwise, tolerance=1e-5)


@checks(
    "02.2", "This is what Keras computes with from_logits=True, and why large logits do it no harm."
)
def _loss_from_logits(answer):
    y = np.array([[1.0, 0, 1], [0, 1, 0], [1, 1, 0], [0, 0, 0]])
    z = np.array([[2.0, -1, 0.5], [-3, 1, 0], [-0.5, 2, 1], [-1, -2, 3]])
    with np.errstate(all="ignore"):
        result, sure = call(answer, y, z), call(answer, y, 1000 * z)
    right = np.mean(np.logaddexp(0, z) - y * z)
    if np.ndim(result):
        raise Hint(f"One number is asked for, the mean of all; this is {kind_of(result)}.")
    if isinstance(result, float | np.floating) and np.isnan(result):
        raise Hint("The result is NaN: a logit is no probability, it may be below 0 or above 1.")
    total = "This is added up over"
    of_softmax = -np.sum(y * log_softmax(z, axis=1))
    one_class = (
        "This is the loss of a softmax, for exactly one true class. Each label is its own here."
    )
    mistakes = [
        (-right, "The right size, but below 0: a cost is positive, since log p is not."),
        (right * y.shape[1], f"{total} the labels of a row. Take the mean of all cells."),
        (right * y.shape[0], f"{total} the rows. Take the mean of rows and labels alike."),
        (right * y.size, f"{total} all rows and labels. Take the mean."),
        (right / LN_2, "The logarithm to base 2 is in it. The loss uses the natural one."),
        (right / np.log(10), "The logarithm to base 10 is in it. The loss uses the natural one."),
        (_cost(y, softmax(z, axis=1)), "A softmax is left in: its labels share one whole."),
        (of_softmax / len(y), one_class),
        (of_softmax / y.size, one_class),
        (_cost(y, expit(expit(z))), "The sigmoid is there twice. Once is enough."),
        (_cost(1 - y, expit(z)), "Here a label that is there costs what an absent one should."),
        (
            -np.mean(y * np.log(expit(z))),
            "Labels that are not there cost nothing here: the second term of the formula is "
            "missing.",
        ),
    ]
    otherwise = "Turn each logit into a probability, then into its cost, then take the mean."
    compare(read_number(result), right, mistakes, otherwise, tolerance=1e-4)
    if not np.isfinite(sure):
        raise Hint("Right for small logits. With z = 1000, log(0) spoils it: how did we clip it?")


def _cost(y, p):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@checks(
    "02.3",
    "One training is one throw of dice: a difference smaller than that between seeds says little.",
)
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
