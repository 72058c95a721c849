"""The whole training of a network as one compiled function, run for each network of its kind.

`model.fit` comes back to Python after every batch, and with a small network nearly all of its time
goes there. A `Program` holds everything from the first batch of the first epoch to the predictions
for the held-out rows in one TensorFlow function, traced from a model by the calls that
`keras.Model.train_step` makes. The traced graph is then turned into a function of its variables:
to train another network, its initial weights are put into them. Several threads can run one program
at once, each with variables of its own.

All of Keras is used while tracing, in the main thread. Threads only run what was compiled.
"""

import contextlib
import gc
import queue
import threading
import time
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from helpers.training.compilable import flat_layers, penalties
from helpers.training.early_stopping import judge_epoch

# Rows that are evaluated at a time: many, since no weights move in between.
EVALUATION_BATCH_SIZE = 1024

# A piece of training that is run without coming back to Python: long enough for the way there and
# back not to count, short enough for a stop button to answer.
PIECE_SECONDS = 0.25
MAX_EPOCHS, MAX_ORDER = 100, 1_000_000  # of a piece: epochs, and row numbers in its orders

# With padding, places for rows to be evaluated come in multiples of it.
PLACES = 32
# XLA's convolutions and random numbers are slower on a processor than TensorFlow's own, by far.
_SLOW_ON_CPU = ("Conv", "DepthwiseConv", "StatelessRandom")
# Training steps with fewer numbers in them (weights x rows) leave a GPU waiting for orders.
_GPU_NUMBERS = 2_000_000


class _Batches(NamedTuple):
    """How rows are cut into batches, of which the last may be short or padded."""

    weights: np.ndarray  # (n_places,) so that a mean over a batch's places is one over its rows
    shares: np.ndarray  # (n_batches,) of all rows, to add up losses of batches


class _Piece(NamedTuple):
    """A piece of training: some epochs, or a part of one."""

    orders: np.ndarray  # (max_epochs, n_places) row numbers
    evaluates: np.ndarray  # (max_epochs,) whether to take the validation loss after an epoch
    first: np.ndarray  # () the step of each epoch to begin with
    last: np.ndarray  # () and the one to end before
    n_epochs: np.ndarray  # ()
    is_end: np.ndarray  # () whether training is over then


class Program:
    """Train networks of one kind, on as many rows each.

    It is traced from `model`, whose weights are read, not changed, and whose optimizer is built.
    `n_rows` are the numbers of training, validation and test rows; with `pads`, which says that
    batches may be padded by rows of weight 0, others do that `fits` accepts. Raises whatever the
    model raises while it is traced. `refusal` says why XLA could not compile it.
    """

    def __init__(self, model, X, y, n_rows, settings, pads):
        self.pads, self.refusal = pads, None
        self.batch_size = min(settings.batch_size, n_rows[0])
        self.n_places = self._places(n_rows)
        self.steps = -(-n_rows[0] // self.batch_size)  # in an epoch
        self.max_epochs = max(1, min(MAX_EPOCHS, MAX_ORDER // n_rows[0]))
        self._device = _device(model, self.batch_size)
        before = list(model.optimizer.variables)
        training = _Training(model, self.batch_size, settings, pads)
        slots = model.optimizer.variables
        # Most begin with zeros, or whatever their settings say.
        self.builds_optimizers = any(
            a is not b for a, b in zip(before, slots, strict=False)
        ) or any(v.shape.num_elements() and np.ptp(v.numpy()) > 0 for v in slots[len(before) :])
        with _traceable(model) as strengths:
            traced = tf.function(training.run, autograph=False).get_concrete_function(
                tf.TensorSpec(X.shape),
                tf.TensorSpec(y.shape),
                _batch_specs(self.n_places[0], self.batch_size),
                _batch_specs(self.n_places[1], EVALUATION_BATCH_SIZE),
                tf.TensorSpec((self.n_places[1],), tf.int32),
                tf.TensorSpec((self.n_places[2],), tf.int32),
                tf.TensorSpec((), tf.int32),
                tf.TensorSpec((), tf.float64),
                _Piece(
                    tf.TensorSpec((self.max_epochs, self.n_places[0]), tf.int32),
                    tf.TensorSpec((self.max_epochs,), tf.bool),
                    *(tf.TensorSpec((), tf.int32) for _ in range(3)),
                    tf.TensorSpec((), tf.bool),
                ),
            )
        self._find_variables(traced, model, strengths)
        self._graph = _without_places(traced)
        self._inputs = [(t.name, tf.TensorSpec(t.shape, t.dtype)) for t in traced.inputs]
        self._outputs = [tensor.name for tensor in traced.outputs]
        wanted = settings.jit_compile
        self.compiled_by_xla = self._pays_with_xla() if wanted == "auto" else bool(wanted)
        self._function = self._make_function(self.compiled_by_xla)
        self._free, self._lock = queue.LifoQueue(), threading.Lock()
        self.is_ready = False
        self._step_seconds = PIECE_SECONDS  # so that the first piece, which tells, is one step

    def fits(self, n_rows, batch_size):
        """Tell whether a network with so many rows can be trained by this program."""
        return (
            self.batch_size == min(batch_size, n_rows[0]) and self._places(n_rows) == self.n_places
        )

    def make_ready(self, numbers, tables, n_train, rows, early_stopping):
        """Compile it, by training on nothing; without XLA where XLA can't do it.

        Only where no other thread uses TensorFlow, and without Python's garbage collector: if it
        deletes any function while TensorFlow 2.21 makes another one ready, the process crashes.
        """
        nothing = np.zeros((self.max_epochs, self.n_places[0]), "int32")
        nothing = _Piece(nothing, np.zeros(self.max_epochs, bool), 0, self.steps, 0, False)
        with self._lock, _without_garbage_collection(), tf.device(self._device):
            if self.is_ready:
                return
            variables = self._take_variables(numbers)
            fixed = tables, n_train, rows, early_stopping
            try:
                self._runner(variables, *fixed)(nothing)
            except tf.errors.OpError as error:
                if not self.compiled_by_xla:
                    raise
                self.refusal, self.compiled_by_xla = str(error), False
                self._function = self._make_function(False)
                self._runner(variables, *fixed)(nothing)
            self._free.put(variables)
            self.is_ready = True

    def train(self, numbers, tables, order, rows, settings, stopped, report):
        """Train a network and apply it to its held-out rows, once the program is ready.

        `numbers` are those of `numbers_of`, where the network begins; `rows` the validation and the
        test rows. `report` is called with the number of epochs that have just been finished.
        Returns probabilities, losses, validation losses and weights, if these are to be kept; or
        None: once the event `stopped` is set, training ends with the piece that is running.
        """
        losses, val_losses = [], []
        epoch, done = 0, 0  # finished epochs, and finished steps of the next one
        with tf.device(self._device):
            variables = self._take_variables(numbers)
            run = self._runner(variables, tables, len(order.rows), rows, settings.early_stopping)
            while not stopped.is_set():
                n_epochs, last = self._next_piece(done, settings.epochs - epoch)
                if done == 0:
                    orders = np.zeros((self.max_epochs, self.n_places[0]), "int32")
                    for place in range(n_epochs):
                        orders[place] = _padded(order.next_epoch(), self.n_places[0])
                    orders = tf.constant(orders)
                epochs = np.arange(epoch + 1, epoch + 1 + self.max_epochs)
                asked = epochs % settings.validation_freq == 0
                is_end = last == self.steps and epoch + n_epochs == settings.epochs
                evaluates = asked | (epochs == settings.epochs)
                clock = time.perf_counter()
                n_trained, is_over, loss, val_loss, outputs = run(
                    _Piece(orders, evaluates, done, last, n_epochs, is_end)
                )
                n_steps = (last - done) * n_epochs
                self._step_seconds = (time.perf_counter() - clock) / n_steps
                n_finished = n_trained if last == self.steps else 0
                losses.append(loss[:n_finished])
                val_losses.append(np.where(asked, val_loss, np.nan)[:n_finished])
                report(n_finished)
                epoch, done = epoch + n_finished, 0 if n_finished else last
                if is_over:
                    weights = self._weights(variables, numbers) if settings.keep_weights else None
                    self._free.put(variables)
                    probabilities = outputs[: len(rows[1])]
                    curves = np.concatenate(losses), np.concatenate(val_losses)
                    curves = [curve.astype("float64") for curve in curves]
                    return probabilities, *curves, weights
        return None

    def release(self):
        """Give back the memory of variables that no thread uses."""
        self._free = queue.LifoQueue()

    def _places(self, n_rows):
        """Return how many places there are for rows of each sort.

        As many as there are rows; with padding more of them, so that folds of unequal size share a
        program. What is computed must not depend on other folds, so neither does this.
        """
        if not self.pads:
            return n_rows
        units = self.batch_size, PLACES, PLACES
        return tuple(-(-n // unit) * unit for n, unit in zip(n_rows, units, strict=True))

    def _next_piece(self, done, epochs_left):
        """Return how many epochs to train on, and the step of each to end before."""
        steps = max(1, int(PIECE_SECONDS / self._step_seconds))
        if done or steps < self.steps:
            return 1, min(done + steps, self.steps)
        return min(steps // self.steps, epochs_left, self.max_epochs), self.steps

    def _runner(self, variables, tables, n_train, rows, early_stopping):
        """Return a function that trains one network for a `_Piece`."""
        validation, test = rows
        stopping = (0, 0.0)
        if early_stopping is not None:
            stopping = min(early_stopping.patience, 2**31 - 1), early_stopping.min_delta
        fixed = [
            *tables,
            *_batches(n_train, self.n_places[0], self.batch_size),
            *_batches(len(validation), self.n_places[1], EVALUATION_BATCH_SIZE),
            _padded(validation, self.n_places[1]),
            _padded(test, self.n_places[2]),
            tf.constant(stopping[0], tf.int32),
            tf.constant(stopping[1], tf.float64),
        ]
        captured = [
            variables[place].handle if isinstance(place, int) else place for place in self._captures
        ]

        def run(piece):
            outputs = self._function(*fixed, *map(tf.convert_to_tensor, piece), *captured)
            return [tensor.numpy() for tensor in outputs]

        return run

    def _make_function(self, jit_compile):
        """Import the traced graph as a function to which its variables are arguments, too."""
        names, specs = zip(*self._inputs, strict=True)
        used = {f"{name.partition(':')[0]}:0" for node in self._graph.node for name in node.input}

        def run(*inputs):
            given = {name: t for name, t in zip(names, inputs, strict=True) if name in used}
            return tf.graph_util.import_graph_def(self._graph, given, self._outputs, name="")

        function = tf.function(run, autograph=False, jit_compile=jit_compile)
        with tf.device(self._device):
            return function.get_concrete_function(*specs)

    def _find_variables(self, traced, model, strengths):
        """Remember of each variable in the graph whose it is, and its number where it is nobody's.

        Nobody's are those of the training itself, and those that a loss of one's own may hold.
        """
        sources = {"model": model.variables, "optimizer": model.optimizer.variables}
        names = {
            id(variable.value): (source, place)
            for source, variables in sources.items()
            for place, variable in enumerate(variables)
        }
        names |= {id(variable): ("strength", place) for place, variable in enumerate(strengths)}
        self._variables = [(names.get(id(v)), v.numpy()) for v in traced.variables]
        # All at once: a thread that comes back to Python waits for those that are there.
        self._assign = tf.function(_assign, autograph=False).get_concrete_function(
            [tf.TensorSpec((), tf.resource) for _ in traced.variables],
            [tf.TensorSpec(v.shape, v.dtype) for v in traced.variables],
        )
        place_of = {id(v.handle): place for place, v in enumerate(traced.variables)}
        # The graph's last inputs: variables, by their place, and constants, as they are.
        self._captures = [place_of.get(id(tensor), tensor) for tensor in traced.captured_inputs]

    def _take_variables(self, numbers):
        """Take variables that no other thread uses, and put in where a network begins."""
        try:
            variables = self._free.get_nowait()
        except queue.Empty:
            variables = [tf.Variable(number) for _, number in self._variables]
        numbers = [numbers.get(name, number) for name, number in self._variables]
        self._assign([variable.handle for variable in variables], numbers)
        return variables

    def _weights(self, variables, numbers):
        """Return what is in the model's variables now; those not in the graph never change."""
        now = {name: v for (name, _), v in zip(self._variables, variables, strict=True)}
        names = [name for name in numbers if name[0] == "model"]
        return [now[name].numpy() if name in now else numbers[name] for name in names]

    def _pays_with_xla(self):
        nodes = [*self._graph.node]
        for function in self._graph.library.function:
            nodes += function.node_def
        slow = any(node.op.startswith(_SLOW_ON_CPU) for node in nodes)
        return not (slow and "CPU" in self._device)


class _Training:
    """What a `Program` is traced from: the training of a model, by the model's own methods."""

    def __init__(self, model, batch_size, settings, pads):
        self.model, self.batch_size, self.pads = model, batch_size, pads
        self.stops_early = settings.early_stopping is not None
        with tf.device("CPU:0"):
            build_optimizer(model)
            self.total = tf.Variable(0.0)  # loss of the running epoch so far
            self.is_over = tf.Variable(False)
            if self.stops_early:
                self.is_first = tf.Variable(True)
                self.best, self.wait = tf.Variable(np.float32(np.inf)), tf.Variable(0)
                self.best_weights = [tf.Variable(weight.numpy()) for weight in model.weights]

    def run(self, X, y, batches, validation_batches, validation, test, patience, min_delta, piece):
        """Train for a piece.

        Returns the number of its epochs, fewer if training stopped early; whether training is over;
        the losses of each epoch; and once training is over, the predictions for the test rows.
        """
        for layer in _scalers(self.model):
            layer.finalize_state()  # it computes with plain tensors, made from its variables here

        def evaluate():
            return self._evaluate(X, y, validation, validation_batches)

        def end_epoch(place, outputs):
            loss = self._end_training(X, y, piece.orders[place], batches)
            val_loss, outputs = tf.cond(
                piece.evaluates[place], evaluate, lambda: (np.float32(0), outputs)
            )
            if self.stops_early:
                self._judge(val_loss, patience, min_delta)
            return loss, val_loss, outputs

        def one_epoch(place, losses, val_losses, outputs):
            self._train_batches(X, y, piece.orders[place], batches, piece.first, piece.last)
            loss, val_loss, outputs = tf.cond(
                piece.last == batches.shares.shape[0],
                lambda: end_epoch(place, outputs),
                lambda: (np.float32(0), np.float32(0), outputs),
            )
            losses = tf.tensor_scatter_nd_update(losses, [[place]], [loss])
            val_losses = tf.tensor_scatter_nd_update(val_losses, [[place]], [val_loss])
            return place + 1, losses, val_losses, outputs

        zeros = tf.zeros(piece.orders.shape[0])
        n_trained, losses, val_losses, outputs = tf.while_loop(
            lambda place, *_: (place < piece.n_epochs) & ~self.is_over,
            one_epoch,
            (0, zeros, zeros, tf.zeros((validation.shape[0], y.shape[1]))),
            parallel_iterations=1,
        )
        is_over = piece.is_end | self.is_over
        # Otherwise the last evaluation was that of the test rows, with the last weights.
        if self.stops_early or _replaces_weights_at_the_end(self.model.optimizer):
            outputs = tf.cond(
                is_over,
                lambda: self._finish(X, y, test),
                lambda: tf.zeros((test.shape[0], y.shape[1])),
            )
        return n_trained, is_over, losses, val_losses, outputs

    def _train_batches(self, X, y, rows, batches, first, last):
        """Train on all batches that have as many places; without padding, that is the full ones."""
        n_batches = rows.shape[0] // self.batch_size
        n_places = n_batches * self.batch_size
        places, weights = (
            tf.reshape(part[:n_places], (n_batches, self.batch_size))
            for part in (rows, batches.weights)
        )

        def one_step(step):
            self._train_on(X, y, places[step], weights[step], batches.shares[step])
            return step + 1

        tf.while_loop(
            lambda step: step < tf.minimum(last, n_batches),
            one_step,
            (first,),
            parallel_iterations=1,
        )

    def _end_training(self, X, y, rows, batches):
        """Train on the short last batch of an epoch, if there is one, and return the loss."""
        n_rest = rows.shape[0] % self.batch_size
        if n_rest:
            self._train_on(X, y, rows[-n_rest:], None, batches.shares[-1])
        loss = tf.identity(self.total)
        self.total.assign(0.0)
        return loss

    def _train_on(self, X, y, rows, weights, share):
        """Do what `keras.Model.train_step` does."""
        model, optimizer = self.model, self.model.optimizer
        with tf.GradientTape() as tape:
            loss, _ = self._apply(X, y, rows, weights, training=True)
            scaled = optimizer.scale_loss(loss)
        if model.trainable_variables:
            gradients = tape.gradient(scaled, [v.value for v in model.trainable_variables])
            optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        self.total.assign_add(share * tf.cast(loss, tf.float32))

    def _apply(self, X, y, rows, weights, training):
        x, targets = tf.gather(X, rows), tf.gather(y, rows)
        outputs = self.model(x, training=training)
        weights = weights if self.pads else None
        loss = self.model.compute_loss(x, targets, outputs, weights, training=training)
        return tf.cast(loss, tf.float32), tf.cast(outputs, tf.float32)

    def _evaluate(self, X, y, rows, batches):
        """Return the mean loss and the outputs, as `model.evaluate` finds them."""
        losses, outputs = [], []
        n_full = rows.shape[0] // EVALUATION_BATCH_SIZE
        ends = [n_full * EVALUATION_BATCH_SIZE, rows.shape[0] % EVALUATION_BATCH_SIZE]
        (full, rest), (full_weights, rest_weights) = (
            tf.split(part, ends) for part in (rows, batches.weights)
        )
        if n_full:
            some, all_outputs = tf.map_fn(
                lambda batch: self._apply(X, y, *batch, training=False),
                [
                    tf.reshape(part, (n_full, EVALUATION_BATCH_SIZE))
                    for part in (full, full_weights)
                ],
                fn_output_signature=(tf.float32, tf.float32),
            )
            losses.append(some)
            outputs.append(tf.reshape(all_outputs, (-1, y.shape[1])))
        if rest.shape[0]:
            loss, rest_outputs = self._apply(X, y, rest, rest_weights, training=False)
            losses.append([loss])
            outputs.append(rest_outputs)
        return tf.reduce_sum(batches.shares * tf.concat(losses, 0)), tf.concat(outputs, 0)

    def _judge(self, val_loss, patience, min_delta):
        """Stop early or not, and remember the weights if they are the best so far."""
        improved, best, wait, stop = judge_epoch(
            val_loss, self.best, self.wait, self.is_first, patience, min_delta
        )
        for best_weight, weight in zip(self.best_weights, self.model.weights, strict=True):
            best_weight.assign(tf.where(improved, weight.value, best_weight))
        self.best.assign(best)
        self.wait.assign(wait)
        self.is_first.assign(False)
        self.is_over.assign(stop)

    def _finish(self, X, y, test):
        """Leave the weights that `fit` leaves, and predict."""
        if self.stops_early:
            for best_weight, weight in zip(self.best_weights, self.model.weights, strict=True):
                weight.value.assign(best_weight)
        else:
            self.model.optimizer.finalize_variable_values(self.model.trainable_variables)
        n_rows = test.shape[0]
        return self._evaluate(X, y, test, _batches(n_rows, n_rows, EVALUATION_BATCH_SIZE))[1]


def _assign(handles, numbers):
    for handle, number in zip(handles, numbers, strict=True):
        tf.raw_ops.AssignVariableOp(resource=handle, value=number)


def build_optimizer(model):
    """Let the optimizer make what it remembers of each weight."""
    if model.trainable_variables and not model.optimizer.built:
        model.optimizer.build(model.trainable_variables)


def numbers_of(model):
    """Return all in which a model may differ from the one that its program was traced from."""
    numbers = {("model", place): v.numpy() for place, v in enumerate(model.variables)}
    # Before its first step an optimizer has the number of steps and its learning rate only.
    for place, variable in enumerate(model.optimizer.variables):
        numbers["optimizer", place] = variable.numpy()
    for place, (part, name) in enumerate(penalties(model)):
        numbers["strength", place] = getattr(part, name)
    return numbers


def _batches(n_rows, n_places, batch_size):
    """Cut rows, the first `n_rows` of `n_places`, into batches of that many places."""
    starts = np.arange(0, n_places, batch_size)
    places = np.minimum(batch_size, n_places - starts)
    rows = np.minimum(places, n_rows - starts)
    weights = np.repeat(places / rows, places)
    weights[n_rows:] = 0
    return _Batches(weights.astype("float32"), (rows / n_rows).astype("float32"))


def _batch_specs(n_places, batch_size):
    return _Batches(tf.TensorSpec((n_places,)), tf.TensorSpec((-(-n_places // batch_size),)))


def _padded(rows, n_places):
    """Fill places with the last row, which is a real one, so that its loss can't be NaN."""
    return np.concatenate([rows, np.repeat(rows[-1:], n_places - len(rows))]).astype("int32")


@contextlib.contextmanager
def _traceable(model):
    """Make variables of what Keras would write into a graph as constants of this one model."""
    parts = penalties(model)
    strengths = [getattr(part, name) for part, name in parts]
    try:
        variables = [tf.Variable(strength, dtype=tf.float32) for strength in strengths]
        for (part, name), variable in zip(parts, variables, strict=True):
            setattr(part, name, variable)
        yield variables
    finally:
        for (part, name), strength in zip(parts, strengths, strict=True):
            setattr(part, name, strength)
        for layer in _scalers(model):
            layer.finalize_state()  # tracing left tensors of the graph in it


@contextlib.contextmanager
def _without_garbage_collection():
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _replaces_weights_at_the_end(optimizer):
    """Tell whether averaged weights replace the others; a wrapper hands that on to its inside."""
    base = keras.optimizers.Optimizer.finalize_variable_values
    return optimizer.use_ema or type(optimizer).finalize_variable_values is not base


def _scalers(model):
    return [la for la in flat_layers(model) if isinstance(la, keras.layers.Normalization)]


def _without_places(traced):
    """Return a traced function's graph without its inputs and the devices it was traced for."""
    graph, inputs = traced.graph.as_graph_def(), {tensor.op.name for tensor in traced.inputs}
    nodes = [node for node in graph.node if node.name not in inputs]
    del graph.node[:]
    graph.node.extend(nodes)
    for some in (graph.node, *(function.node_def for function in graph.library.function)):
        for node in some:
            node.device = ""
    return graph


def _device(model, batch_size):
    """Return where to train: a GPU only if there is one and a step has enough to do."""
    enough = model.count_params() * batch_size >= _GPU_NUMBERS
    return "GPU:0" if enough and tf.config.list_logical_devices("GPU") else "CPU:0"
