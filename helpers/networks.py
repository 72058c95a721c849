"""The networks of a cross-validation, and which of them train together."""

from dataclasses import dataclass

import keras
import numpy as np

from helpers.alike import all_of_keras, stack_key
from helpers.early_stopping import EarlyStopping
from helpers.plain_fit import EVALUATION_BATCH_SIZE, RowOrder
from helpers.stacked_weights import MAX_JOINED

PACKET = 16  # numbers that a processor computes at once, at most

# How many networks train together. The more of them, the less each pays for starting an operation;
# but once the numbers that one step works with no longer fit into the processor's cache, each waits
# for memory, and one network at a time is faster. Counted for each network are its weights and the
# rows it is evaluated on at a time. Measured on two cores: 5 million numbers, 20 MB, is where the
# gain ends.
MAX_NUMBERS = 5_000_000


@dataclass(frozen=True)
class TrainedFold:
    """What one fold's network said of its held-out rows, and how it learned.

    Attributes
    ----------
    probabilities : ndarray of shape (n_test, n_outputs), float32
    loss, val_loss : ndarray of shape (epochs,)
        Training loss while the epoch ran and loss on the held-out rows after it, as in
        ``model.fit(..., validation_data=..., validation_batch_size=1024).history``. With early
        stopping, `val_loss` is that of the validation rows, and both end with the last epoch. NaN
        after epochs that `validation_freq` leaves out.
    """

    probabilities: np.ndarray
    loss: np.ndarray
    val_loss: np.ndarray


@dataclass(frozen=True)
class Training:
    """How long and in what steps the networks train, as in `keras.Model.fit`.

    Attributes
    ----------
    epochs, batch_size : int
    early_stopping : helpers.early_stopping.EarlyStopping, optional
        Without it, every network trains for all epochs and keeps its last weights.
    validation_freq : int, default=1
        Take `val_loss` after every so many epochs only.
    """

    epochs: int = 100
    batch_size: int = 32
    early_stopping: EarlyStopping | None = None
    validation_freq: int = 1


@dataclass(eq=False)
class Network:
    """A compiled model, the rows it meets, and in the end what came out.

    Attributes
    ----------
    number, kind : int
        Of its fold, and of the model builder that made it.
    model : keras.Model
    order : helpers.plain_fit.RowOrder
        Of its training rows.
    watched, test : ndarray of int
        The rows whose loss is taken after each epoch, and those held out.
    trained : TrainedFold or None
    """

    number: int
    kind: int
    model: keras.Model
    order: RowOrder
    watched: np.ndarray
    test: np.ndarray
    trained: TrainedFold | None = None

    def n_rows(self):
        """Count its rows, of each sort."""
        return len(self.order.rows), len(self.watched), len(self.test)


def stacks_of(networks):
    """Decide which networks train together.

    Parameters
    ----------
    networks : list of Network

    Returns
    -------
    list of list of Network
        Of one shape and with as many rows, and no more of them than `MAX_NUMBERS` allows.
    """
    groups = []
    for network in networks:
        # A key says all of a model only where each part is one of Keras' own.
        kind = None if all_of_keras(network.model) else network.kind
        key = network.n_rows(), kind, stack_key(network.model)
        for other, group in groups:
            if other == key:
                group.append(network)
                break
        else:
            groups.append((key, [network]))
    stacks = []
    for _, group in groups:
        model = group[0].model
        numbers = model.count_params() + EVALUATION_BATCH_SIZE * model.input_shape[-1]
        n_stacks = -(-len(group) // max(1, MAX_NUMBERS // numbers))
        stacks += [list(stack) for stack in np.array_split(group, n_stacks)]
    return stacks


def seats(networks):
    """Give each of a stack's small networks a place that depends on its fold alone.

    How a processor adds numbers up depends on where in memory they lie, and on whether they fill
    its packets of up to sixteen. The last digit may differ, and a ReLU near zero can blow that up.
    With fold k always in place k, k + 16, k + 32, ..., and no place left empty, a network comes out
    the same to the last digit, whoever trains beside it and in whichever process.

    Parameters
    ----------
    networks : list of Network

    Returns
    -------
    list of Network or None
        None where any network will do, to fill the place. Networks stay as they are where filling
        up would cost time: large ones, and many kinds of network on few folds.
    """
    if networks[0].model.count_params() > MAX_JOINED:
        return networks
    rows = []
    for network in networks:
        place = network.number % PACKET
        row = next((row for row in rows if row[place] is None), None)
        if row is None:
            rows.append(row := [None] * PACKET)
        row[place] = network
    if PACKET * len(rows) > 2 * max(PACKET, len(networks)):
        return networks
    return [network for row in rows for network in row]
