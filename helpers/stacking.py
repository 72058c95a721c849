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
from keras import layers, optimizers

from helpers.plain_fit import EVALUATION_BATCH_SIZE

# Layers whose result for one network does not depend on the others when they are mapped over the
# leading axis. Convolutions are missing because TensorFlow can't map over their kernels.
STACKABLE_LAYERS = frozenset(
    {
        layers.InputLayer,
        layers.Dense,
        *(layers.Activation, layers.ReLU, layers.LeakyReLU, layers.PReLU, layers.ELU),
        *(layers.Softmax, layers.Identity, layers.Rescaling, layers.Flatten, layers.Reshape),
        *(layers.Dropout, layers.GaussianNoise, layers.GaussianDropout),
        *(layers.ActivityRegularization, layers.BatchNormalization, layers.LayerNormalization),
        *(layers.Normalization, layers.Concatenate, layers.Add, layers.Subtract),
        *(layers.Multiply, layers.Average, layers.Maximum, layers.Minimum),
    }
)

# Optimizers that move each number by its own gradient alone. Adafactor, Lamb and Muon look at a
# whole weight matrix, which in the stack would be K matrices.
ELEMENTWISE_OPTIMIZERS = frozenset(
    {
        *(optimizers.SGD, optimizers.RMSprop, optimizers.Adam, optimizers.AdamW),
        *(optimizers.Adamax, optimizers.Adagrad, optimizers.Adadelta, optimizers.Nadam),
        *(optimizers.Ftrl, optimizers.Lion),
    }
)


def why_not_stackable(model):
    """Say why a compiled model can't be trained exactly in a stack.

    Parameters
    ----------
    model : keras.Model
        Compiled, as `make_model` returned it.

    Returns
    -------
    str or None
        The reason, as the end of a sentence; None if the model can be stacked.

    Examples
    --------
    >>> import keras
    >>> model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, "sigmoid")])
    >>> model.compile("adam", "binary_crossentropy")
    >>> why_not_stackable(model) is None
    True
    >>> model.compile(keras.optimizers.Adam(clipnorm=1.0), "binary_crossentropy")
    >>> why_not_stackable(model)
    'its optimizer clips by the norm of a whole weight array (clipnorm)'
    """
    if type(model) not in (keras.Sequential, keras.Model, type(_functional_example())):
        return f"{type(model).__name__} is a model class of its own, with steps of its own"
    return _layers_reason(model) or _optimizer_reason(model.optimizer)


def _functional_example():
    """`keras.Model(inputs, outputs)` makes an instance of a class that Keras keeps private."""
    inputs = keras.Input((1,))
    return keras.Model(inputs, inputs)


def _layers_reason(model):
    for layer in flat_layers(model):
        if type(layer) not in STACKABLE_LAYERS:
            return f"{type(layer).__name__} is not among the layers known to stack exactly"
        if layer.dtype_policy.name != "float32":
            return f"layer {layer.name!r} computes in {layer.dtype_policy.name}, not float32"
    if any(v.constraint is not None for v in model.trainable_variables):
        return "a weight has a constraint, which would see all networks at once"
    if not model.trainable_variables:
        return "it has no trainable weights"
    return None


def _optimizer_reason(optimizer):
    if type(optimizer) not in ELEMENTWISE_OPTIMIZERS:
        return f"{type(optimizer).__name__} is not among the optimizers known to stack exactly"
    for setting in ("clipnorm", "global_clipnorm"):
        if getattr(optimizer, setting) is not None:
            return f"its optimizer clips by the norm of a whole weight array ({setting})"
    for setting in ("use_ema", "loss_scale_factor", "gradient_accumulation_steps"):
        if getattr(optimizer, setting):
            return f"its optimizer uses {setting}"
    if getattr(optimizer, "_exclude_from_weight_decay", None) is not None:
        return "its optimizer excludes some weights from weight decay"
    if optimizer.built:
        return "its optimizer has already taken steps"
    return None


def flat_layers(model):
    """List all layers of a model, those of nested models included."""
    nested = [flat_layers(la) if isinstance(la, keras.Model) else [la] for la in model.layers]
    return [layer for layers in nested for layer in layers]


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
    batch_size : int
    """

    def __init__(self, models, X, y, batch_size):
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
        self.train_epoch = tf.function(self._train_epoch)
        self.evaluate = tf.function(self._evaluate)

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
        """One epoch over `rows` (K, n_train); returns the mean loss of each network."""
        n_full = rows.shape[1] // self.batch_size * self.batch_size
        full = tf.reshape(rows[:, :n_full], (rows.shape[0], -1, self.batch_size))
        rest = rows[:, n_full:]
        total = tf.zeros(tf.shape(rows)[0])
        for batch in tf.transpose(full, (1, 0, 2)):
            total += self.batch_size * self._train_step(batch)
        if rest.shape[1]:
            total += rest.shape[1] * self._train_step(rest)
        return total / rows.shape[1]

    def _evaluate(self, rows):
        """Loss (K,) and outputs (K, n_rows, n_outputs) on `rows` (K, n_rows)."""
        total, outputs = tf.zeros(tf.shape(rows)[0]), []
        for start in range(0, rows.shape[1], EVALUATION_BATCH_SIZE):
            batch = rows[:, start : start + EVALUATION_BATCH_SIZE]
            losses, batch_outputs, _ = self._all_networks(batch, training=False)
            total += batch.shape[1] * losses
            outputs.append(batch_outputs)
        return total / rows.shape[1], tf.concat(outputs, axis=1)

    def restore(self):
        """Give the template's Normalization layers their own tensors back."""
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
