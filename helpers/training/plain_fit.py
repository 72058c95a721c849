"""One network trained by `model.fit`, on the batches that a program would see."""

import keras
import numpy as np

from helpers.training.program import EVALUATION_BATCH_SIZE


class RowOrder:
    """The training rows of one fold, in the order of each epoch."""

    def __init__(self, rows, shuffle, seed):
        self.rows, self.shuffle, self.rng = np.asarray(rows), shuffle, np.random.default_rng(seed)

    def next_epoch(self):
        """Return the row numbers in the order of the next epoch."""
        return self.rng.permutation(self.rows) if self.shuffle else self.rows


class _ShuffledBatches(keras.utils.PyDataset):
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


def fit_plainly(model, X, y, order, rows, settings, advance):
    """Train one compiled model in place by `model.fit` and apply it to its held-out rows.

    `rows` are those whose loss is taken after each epoch, and those held out. Returns
    probabilities, losses and validation losses, as `Program.train` does.
    """
    batches = _ShuffledBatches(X, y, order, settings.batch_size)
    callbacks = [
        keras.callbacks.LambdaCallback(
            on_epoch_begin=lambda *_: batches.reorder(), on_epoch_end=lambda *_: advance(1)
        )
    ]
    if settings.early_stopping is not None:  # the rule that programs have in `judge_epoch`
        callbacks.append(
            keras.callbacks.EarlyStopping(
                patience=settings.early_stopping.patience,
                min_delta=settings.early_stopping.min_delta,
                restore_best_weights=True,
            )
        )
    validation, test = rows
    history = model.fit(
        batches,
        validation_data=(X[validation], y[validation]),
        validation_batch_size=EVALUATION_BATCH_SIZE,
        validation_freq=settings.validation_freq,
        epochs=settings.epochs,
        shuffle=False,
        verbose=0,
        callbacks=callbacks,
    ).history
    probabilities = [
        keras.ops.convert_to_numpy(model(X[some], training=False))
        for some in np.split(test, range(EVALUATION_BATCH_SIZE, len(test), EVALUATION_BATCH_SIZE))
    ]
    n_trained = len(next(iter(history.values()), []))
    if "loss" not in history or (
        "val_loss" not in history and n_trained >= settings.validation_freq
    ):
        raise ValueError(
            f"make_model: train_step and test_step of {type(model).__name__} must return a "
            f"dictionary with 'loss', as Keras' own do; found {sorted(history)}."
        )
    loss = np.array(history["loss"])
    val_loss = np.full(len(loss), np.nan)
    freq = settings.validation_freq
    val_loss[freq - 1 :: freq] = history.get("val_loss", [])  # none if there are fewer epochs
    return np.concatenate(probabilities), loss, val_loss
