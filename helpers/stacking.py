"""K networks of one shape, trained as one: their weights share a leading axis K.

Cross-validation trains the same small network on K subsets of one table. In a loop of
``model.fit`` nearly all the time is overhead, paid again for each network and each batch. Here
each weight of the K networks is one array, ``(K, *shape)``, and one training step moves all of
them. The forward pass and the loss are the model's own, mapped over the leading axis by
``tf.vectorized_map``; the update is the model's own optimizer.
"""

import keras
import numpy as np
import tensorflow as tf

from helpers.plain_fit import EVALUATION_BATCH_SIZE
from helpers.stackable import flat_layers


class FoldStack:
    """Train K compiled models of one architecture at once, each on its own rows.

    Parameters
    ----------
    models : list of keras.Model
        K compiled models that `why_not_stackable` accepts. Their weights are read, not changed;
        the optimizer of the first one is used up.
    X : ndarray of shape (n_samples, n_inputs), float32
    y : ndarray of shape (n_samples, n_outputs), float32
        One table for all networks: each batch gathers its rows from it.
    n_train, batch_size : int
        Rows each network trains on, and rows in a batch.

    Attributes
    ----------
    train_epoch : callable
        ``train_epoch(rows)`` takes the training rows (K, n_train) in their order, as an int32
        tensor, moves all networks by one epoch and returns the mean loss of each, (K,).
    """

    def __init__(self, models, X, y, n_train, batch_size):
        self.model, self.batch_size = models[0], batch_size
        self.X, self.y = tf.constant(X), tf.constant(y)
        self.trainable = _stack_variables([m.trainable_variables for m in models])
        self.state = _stack_variables([m.non_trainable_variables for m in models])
        self.optimizer = self.model.optimizer
        self.optimizer.build(self.trainable)
        # A Normalization layer computes with plain tensors made from its variables.
        self.normalizations = [
            layer
            for layer in flat_layers(self.model)
            if isinstance(layer, keras.layers.Normalization)
        ]
        self.train_epoch = self._trace(self._train_epoch, n_train)

    def evaluator(self, n_rows):
        """Make the function that applies the networks to `n_rows` rows each.

        Parameters
        ----------
        n_rows : int

        Returns
        -------
        callable
            Takes rows (K, n_rows), as an int32 tensor, and returns the loss of each network and
            its outputs (K, n_rows, n_outputs).
        """
        return self._trace(self._evaluate, n_rows)

    def get_weights(self):
        """Return the weights and states of all networks, arrays of shape (K, ...)."""
        return [v.numpy() for v in (*self.trainable, *self.state)]

    def set_weights(self, weights):
        """Put back what `get_weights` returned."""
        for variable, weight in zip((*self.trainable, *self.state), weights, strict=True):
            variable.assign(weight)

    def _trace(self, function, n_rows):
        # Once for each stack; a plain tf.function would count the traces of all stacks together
        # and warn.
        rows = tf.TensorSpec((self.trainable[0].shape[0], n_rows), tf.int32)
        try:
            return tf.function(function, autograph=False).get_concrete_function(rows)
        finally:
            self._restore_normalizations()

    def _network(self, trainable, state, rows, training):
        """One network of the K on its batch: loss, outputs, new state."""
        x, y = tf.gather(self.X, rows), tf.gather(self.y, rows)
        mapping = [
            *zip(self.model.trainable_variables, trainable, strict=True),
            *zip(self.model.non_trainable_variables, state, strict=True),
        ]
        with keras.StatelessScope(state_mapping=mapping, collect_losses=True) as scope:
            for layer in self.normalizations:
                layer.finalize_state()
            outputs = self.model(x, training=training)
            loss = self.model.compute_loss(x, y, outputs, training=training)
            state = [scope.get_current_value(v) for v in self.model.non_trainable_variables]
        return loss, outputs, state

    def _all_networks(self, rows, training):
        def network(elements):
            return self._network(*elements, training=training)

        variables = ([v.value for v in self.trainable], [v.value for v in self.state])
        return tf.vectorized_map(network, (*variables, rows), warn=False)

    def _train_step(self, rows):
        with tf.GradientTape() as tape:
            losses, _, state = self._all_networks(rows, training=True)
            # The sum, not the mean: its gradient for one network is that network's own.
            total = tf.reduce_sum(losses)
        gradients = tape.gradient(total, [v.value for v in self.trainable])
        self.optimizer.apply(gradients, self.trainable)
        for variable, value in zip(self.state, state, strict=True):
            variable.assign(value)
        return losses

    def _train_epoch(self, rows):
        n_full = rows.shape[1] // self.batch_size * self.batch_size
        full = tf.reshape(rows[:, :n_full], (rows.shape[0], -1, self.batch_size))
        rest = rows[:, n_full:]
        full, total = tf.transpose(full, (1, 0, 2)), tf.zeros(rows.shape[0])

        def one_step(step, total):
            return step + 1, total + self.batch_size * self._train_step(full[step])

        # Written as TensorFlow's loop: letting TensorFlow rewrite a Python loop takes longer.
        if full.shape[0]:
            _, total = tf.while_loop(lambda step, _: step < full.shape[0], one_step, (0, total))
        if rest.shape[1]:
            total += rest.shape[1] * self._train_step(rest)
        return total / rows.shape[1]

    def _evaluate(self, rows):
        n_full = rows.shape[1] // EVALUATION_BATCH_SIZE * EVALUATION_BATCH_SIZE
        total, outputs = tf.zeros(rows.shape[0]), []
        if n_full:
            full = tf.reshape(rows[:, :n_full], (rows.shape[0], -1, EVALUATION_BATCH_SIZE))
            losses, full_outputs = tf.map_fn(
                lambda batch: self._all_networks(batch, training=False)[:2],
                tf.transpose(full, (1, 0, 2)),
                fn_output_signature=(tf.float32, tf.float32),
            )
            total += EVALUATION_BATCH_SIZE * tf.reduce_sum(losses, axis=0)
            outputs.append(tf.concat(tf.unstack(full_outputs), axis=1))
        if n_full < rows.shape[1]:
            losses, rest, _ = self._all_networks(rows[:, n_full:], training=False)
            total += (rows.shape[1] - n_full) * losses
            outputs.append(rest)
        return total / rows.shape[1], tf.concat(outputs, axis=1)

    def _restore_normalizations(self):
        """Give the template's layers numbers again: tracing left them symbols of the trace."""
        for layer in self.normalizations:
            layer.finalize_state()


def _stack_variables(variables_of_models):
    return [
        keras.Variable(
            np.stack([keras.ops.convert_to_numpy(v) for v in same]),
            dtype=same[0].dtype,
            trainable=same[0].trainable,
            name=same[0].name,
        )
        for same in zip(*variables_of_models, strict=True)
    ]
