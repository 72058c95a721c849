"""K networks of one shape, trained as one: their weights share a leading axis K.

Cross-validation trains the same small network on K subsets of one table. In a loop of
``model.fit`` nearly all the time is overhead, paid again for each network and each batch. Here
the weights of the K networks are arrays ``(K, *shape)``, and one training step moves all of
them. The forward pass and the loss are the model's own, mapped over the leading axis by
``tf.vectorized_map``; the update is the model's own optimizer.
"""

import keras
import tensorflow as tf

from helpers.per_network import Rates, learning_rate, set_strengths, strengths
from helpers.plain_fit import EVALUATION_BATCH_SIZE
from helpers.stackable import flat_layers
from helpers.stacked_weights import StackedWeights, stack_variables

MAX_TRACES = 8  # of a stack: numbers of rows that came up in one or in several calls


class FoldStack:
    """Train K compiled models of one architecture at once, each on its own rows.

    Parameters
    ----------
    models : list of keras.Model
        K compiled models that `why_not_stackable` accepts and that have one
        `helpers.alike.stack_key`. Their weights are read, not changed; the optimizer of the first
        one is used up.
    batch_size : int
        Rows in a batch.
    """

    def __init__(self, models, batch_size):
        self.model, self.batch_size, self.n_networks = models[0], batch_size, len(models)
        rates = [learning_rate(model) for model in models]
        self.weights = StackedWeights(models, joined=True if len(set(rates)) > 1 else None)
        self.state = [
            keras.Variable(array, dtype=variable.dtype, trainable=False)
            for array, variable in zip(
                stack_variables(m.non_trainable_variables for m in models),
                self.model.non_trainable_variables,
                strict=True,
            )
        ]
        self.strengths = keras.Variable([strengths(m) for m in models], trainable=False)
        self.optimizer, self.rates = self.model.optimizer, None
        if self.weights.joined and rates[0] is not None:
            self.rates = Rates(rates)
            settings = self.optimizer.get_config() | {"learning_rate": self.rates}
            self.optimizer = type(self.optimizer).from_config(settings)
        self.optimizer.build(self.weights.variables)
        self.optimizer_start = [v.numpy() for v in self.optimizer.variables]
        # A Normalization layer computes with plain tensors made from its variables.
        self.normalizations = [
            layer
            for layer in flat_layers(self.model)
            if isinstance(layer, keras.layers.Normalization)
        ]
        self.traces = {}

    def load(self, models):
        """Begin again with K other models that have the same `helpers.alike.stack_key`.

        What was traced is kept, which is why `self.weights` must be joined.
        """
        self.weights.load(models)
        if self.rates is not None:
            self.rates.values.assign([[learning_rate(model)] for model in models])
        self.strengths.assign([strengths(model) for model in models])
        states = stack_variables(m.non_trainable_variables for m in models)
        for variable, array in zip(
            (*self.state, *self.optimizer.variables), (*states, *self.optimizer_start), strict=True
        ):
            variable.assign(array)

    def train_epoch(self, X, y, rows):
        """Move all networks by one epoch.

        Parameters
        ----------
        X, y : tensors of shape (n_samples, n_inputs) and (n_samples, n_outputs), float32
            One table for all networks: each batch gathers its rows from it.
        rows : tensor of shape (n_networks, n_train), int32
            The training rows of each network in their order.

        Returns
        -------
        tensor of shape (n_networks,)
            The mean loss of each while the epoch ran.
        """
        return self._traced(self._train_epoch, X, y, rows)

    def evaluate(self, X, y, rows):
        """Apply the networks.

        Parameters
        ----------
        X, y, rows
            As for `train_epoch`; (n_networks, n_rows) rows.

        Returns
        -------
        loss : tensor of shape (n_networks,)
        outputs : tensor of shape (n_networks, n_rows, n_outputs)
        """
        return self._traced(self._evaluate, X, y, rows)

    def get_weights(self):
        """Return the weights and states of all networks, arrays of shape (K, ...)."""
        return [v.numpy() for v in (*self.weights.variables, *self.state)]

    def set_weights(self, weights):
        """Put back what `get_weights` returned."""
        for variable, weight in zip((*self.weights.variables, *self.state), weights, strict=True):
            variable.assign(weight)

    def _traced(self, function, X, y, rows):
        # A plain tf.function would count the traces of all stacks together and warn.
        key = function.__name__, rows.shape[1]
        if key not in self.traces:
            for oldest in list(self.traces)[: -MAX_TRACES + 1]:
                del self.traces[oldest]
            tables = [tf.TensorSpec((None, table.shape[1]), tf.float32) for table in (X, y)]
            own_strengths = strengths(self.model)
            try:
                self.traces[key] = tf.function(function, autograph=False).get_concrete_function(
                    *tables, tf.TensorSpec(rows.shape, tf.int32)
                )
            finally:  # tracing left symbols of the trace in the parts of the model
                set_strengths(self.model, own_strengths)
                for layer in self.normalizations:
                    layer.finalize_state()
        return self.traces[key](X, y, rows)

    def _network(self, trainable, state, strengths, x, y, training):
        """One network of the K on its batch: loss, outputs, new state."""
        mapping = [
            *zip(self.model.trainable_variables, trainable, strict=True),
            *zip(self.model.non_trainable_variables, state, strict=True),
        ]
        set_strengths(self.model, tf.unstack(strengths))
        with keras.StatelessScope(state_mapping=mapping, collect_losses=True) as scope:
            for layer in self.normalizations:
                layer.finalize_state()
            outputs = self.model(x, training=training)
            loss = self.model.compute_loss(x, y, outputs, training=training)
            state = [scope.get_current_value(v) for v in self.model.non_trainable_variables]
        return loss, outputs, state

    def _all_networks(self, X, y, rows, training):
        elements = (
            *(self.weights.tensors(), [v.value for v in self.state], self.strengths.value),
            *(tf.gather(X, rows), tf.gather(y, rows)),
        )
        return tf.vectorized_map(
            lambda own: self._network(*own, training=training), elements, warn=False
        )

    def _train_step(self, X, y, rows):
        weights = self.weights.values()
        with tf.GradientTape() as tape:
            losses, _, state = self._all_networks(X, y, rows, training=True)
            # The sum, not the mean: its gradient for one network is that network's own.
            total = tf.reduce_sum(losses)
        self.optimizer.apply(tape.gradient(total, weights), self.weights.variables)
        for variable, value in zip(self.state, state, strict=True):
            variable.assign(value)
        return losses

    def _train_epoch(self, X, y, rows):
        n_full = rows.shape[1] // self.batch_size * self.batch_size
        full = tf.reshape(rows[:, :n_full], (rows.shape[0], -1, self.batch_size))
        rest = rows[:, n_full:]
        full, total = tf.transpose(full, (1, 0, 2)), tf.zeros(rows.shape[0])

        def one_step(step, total):
            return step + 1, total + self.batch_size * self._train_step(X, y, full[step])

        # Written as TensorFlow's loop: letting TensorFlow rewrite a Python loop takes longer.
        if full.shape[0]:
            _, total = tf.while_loop(lambda step, _: step < full.shape[0], one_step, (0, total))
        if rest.shape[1]:
            total += rest.shape[1] * self._train_step(X, y, rest)
        return total / rows.shape[1]

    def _evaluate(self, X, y, rows):
        n_full = rows.shape[1] // EVALUATION_BATCH_SIZE * EVALUATION_BATCH_SIZE
        total, outputs = tf.zeros(rows.shape[0]), []
        if n_full:
            full = tf.reshape(rows[:, :n_full], (rows.shape[0], -1, EVALUATION_BATCH_SIZE))
            losses, full_outputs = tf.map_fn(
                lambda batch: self._all_networks(X, y, batch, training=False)[:2],
                tf.transpose(full, (1, 0, 2)),
                fn_output_signature=(tf.float32, tf.float32),
            )
            total += EVALUATION_BATCH_SIZE * tf.reduce_sum(losses, axis=0)
            outputs.append(tf.concat(tf.unstack(full_outputs), axis=1))
        if n_full < rows.shape[1]:
            losses, rest, _ = self._all_networks(X, y, rows[:, n_full:], training=False)
            total += (rows.shape[1] - n_full) * losses
            outputs.append(rest)
        return total / rows.shape[1], tf.concat(outputs, axis=1)
