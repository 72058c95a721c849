"""One network trained by `model.fit`, on the batches that the stack would see."""

import keras
import numpy as np

# Rows of one network that are evaluated at a time: large, since no weights move in between.
EVALUATION_BATCH_SIZE = 1024


class RowOrder:
    """The training rows of one fold, in the order of each epoch.

    Parameters
    ----------
    rows : array-like of int
    shuffle : bool
        False keeps their order.
    seed : int

    Examples
    --------
    >>> sorted(RowOrder([4, 5, 6], shuffle=True, seed=1).next_epoch().tolist())
    [4, 5, 6]
    """

    def __init__(self, rows, shuffle, seed):
        self.rows, self.shuffle, self.rng = np.asarray(rows), shuffle, np.random.default_rng(seed)

    def next_epoch(self):
        """Return the row numbers in the order of the next epoch."""
        return self.rng.permutation(self.rows) if self.shuffle else self.rows


class _Batches(keras.utils.PyDataset):
    """The batches of each epoch, for `model.fit`."""

    def __init__(self, X, y, order, batch_size):
        super().__init__()
        self.X, self.y, self.order, self.batch_size = X, y, order, batch_size
        self.rows = order.rows

    def __len__(self):
        return -(-len(self.rows) // self.batch_size)

    def __getitem__(self, step):
        rows = self.rows[step * self.batch_size :][: self.batch_size]
        return self.X[rows], self.y[rows]

    def reorder(self):
        """Take the next epoch's order. Keras calls a method `on_epoch_end` once too often."""
        self.rows = self.order.next_epoch()


def fit_plainly(
    model,
    X,
    y,
    test,
    watched,
    order,
    epochs,
    batch_size,
    advance,
    early_stopping=None,
    validation_freq=1,
):
    """Train one compiled model by `model.fit` and apply it to its held-out rows.

    Parameters
    ----------
    model : keras.Model
        Compiled; it is trained in place.
    X : ndarray of shape (n_samples, n_inputs), float32
    y : ndarray of shape (n_samples, n_outputs), float32
    test, watched : ndarray of int
        The held-out rows, and those whose loss is taken after each epoch.
    order : RowOrder
        Of the training rows.
    epochs, batch_size : int
    advance : callable
        Called after each epoch.
    early_stopping : helpers.early_stopping.EarlyStopping, optional
    validation_freq : int, default=1
        As in `keras.Model.fit`.

    Returns
    -------
    probabilities : ndarray of shape (len(test), n_outputs)
    loss, val_loss : ndarray of shape (epochs,), or of fewer if training stopped early
    """
    batches = _Batches(X, y, order, batch_size)
    callbacks = [
        keras.callbacks.LambdaCallback(
            on_epoch_begin=lambda *_: batches.reorder(), on_epoch_end=lambda *_: advance()
        )
    ]
    if early_stopping is not None:
        callbacks.append(
            keras.callbacks.EarlyStopping(
                patience=early_stopping.patience,
                min_delta=early_stopping.min_delta,
                restore_best_weights=True,
            )
        )
    history = model.fit(
        batches,
        validation_data=(X[watched], y[watched]),
        validation_batch_size=EVALUATION_BATCH_SIZE,
        validation_freq=validation_freq,
        epochs=epochs,
        shuffle=False,
        verbose=0,
        callbacks=callbacks,
    ).history
    probabilities = [
        keras.ops.convert_to_numpy(model(X[rows], training=False))
        for rows in np.split(test, range(EVALUATION_BATCH_SIZE, len(test), EVALUATION_BATCH_SIZE))
    ]
    loss = np.array(history["loss"])
    val_loss = np.full(len(loss), np.nan)
    val_loss[validation_freq - 1 :: validation_freq] = history.get("val_loss", [])
    return np.concatenate(probabilities), loss, val_loss
