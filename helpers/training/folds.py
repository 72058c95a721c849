"""One network per fold: its whole training compiled once, or `model.fit` where that can't be."""

import functools
import hashlib
import os
import queue
import threading
import warnings
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

import keras
import numpy as np
import tensorflow as tf

from helpers.training.building import (
    Builder,
    adapt_normalization,
    check_whole_number,
    naming_fold,
    with_variables,
)
from helpers.training.compilable import (
    can_be_padded,
    computes_the_same,
    flat_layers,
    program_key,
    why_not_compilable,
)
from helpers.training.early_stopping import EarlyStopping
from helpers.training.plain_fit import RowOrder, fit_plainly
from helpers.training.processes import in_pieces, no_progress
from helpers.training.program import Program, build_optimizer, numbers_of

MAX_KEPT = 4  # programs that are kept for the next call
# Networks that are made and not yet trained, and their weights: enough while a program compiles.
MAX_WAITING, MAX_WEIGHTS = 100, 10_000_000
_kept = []  # entries, the last used one at the end
_kept_lock = threading.Lock()


@dataclass(frozen=True)
class Settings:
    """How networks are trained, as in `keras.Model.fit`; checked when it is made.

    Parameters
    ----------
    epochs, batch_size, shuffle, validation_freq
        As in `fit`.
    early_stopping : EarlyStopping, optional
        Without it, every network trains for all epochs and keeps its last weights.
    jit_compile : bool or "auto", default="auto"
        Whether XLA compiles the training. "auto" does, unless the model has convolutions or random
        layers and there is no GPU for it.
    keep_weights : bool, default=False
        Give each network's weights back, too.

    Examples
    --------
    >>> Settings(epochs=0)
    Traceback (most recent call last):
    ...
    ValueError: epochs: found 0, expected a whole number >= 1.
    """

    epochs: int = 100
    batch_size: int = 32
    shuffle: bool = True
    early_stopping: EarlyStopping | None = None
    validation_freq: int = 1
    jit_compile: bool | str = "auto"
    keep_weights: bool = False

    def __post_init__(self):
        """Check the settings."""
        for name in ("epochs", "batch_size", "validation_freq"):
            check_whole_number(name, getattr(self, name), lowest=1)
            object.__setattr__(self, name, int(getattr(self, name)))  # TensorFlow needs int
        if not isinstance(self.shuffle, (bool, np.bool_)):
            raise TypeError(f"shuffle: found {self.shuffle!r}, expected True or False.")
        if not isinstance(self.early_stopping, EarlyStopping | None):
            raise TypeError(
                f"early_stopping is a {type(self.early_stopping).__name__}: pass "
                "helpers.evaluation.EarlyStopping(patience=...)."
            )
        if self.early_stopping is not None and self.validation_freq != 1:
            raise ValueError(
                f"validation_freq={self.validation_freq}: early_stopping looks at every epoch, so "
                "leave it 1."
            )
        if not (self.jit_compile == "auto" or isinstance(self.jit_compile, bool)):
            raise ValueError(
                f"jit_compile: found {self.jit_compile!r}, expected True, False or 'auto'."
            )


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
    weights : list of ndarray, or None
        What training left in ``model.variables``, with ``Settings(keep_weights=True)``.
    """

    probabilities: np.ndarray
    loss: np.ndarray
    val_loss: np.ndarray
    weights: list | None = None


def train_folds(
    make_models,
    X,
    y,
    folds,
    seeds,
    settings,
    *,
    groups=None,
    prepare=None,
    sum_to_one=False,
    n_jobs=None,
    n_threads=None,
    progress=None,
):
    """Train one network of each kind on each fold's training rows, and apply it to the rest.

    The training of a network is compiled as one program (`helpers.training.program.Program`), which
    every network of its kind then runs. What can't be compiled is trained by ``model.fit``, one
    network after the other, with a warning that says why. Both ways see the same batches.

    Parameters
    ----------
    make_models : list of callable
        ``make_model(n_inputs, n_outputs)`` returns a new compiled Keras model at each call. If it
        has an argument ``seed`` that is None by default, each fold's own seed goes there.
    X : ndarray of shape (n_samples, n_inputs)
        With `prepare`, whatever that takes. Where rows are pictures, and have more dimensions than
        one, `n_inputs` is a tuple, their shape.
    y : ndarray of shape (n_samples, n_outputs)
    folds : list of (train, test)
        Row numbers, as a scikit-learn splitter gives them.
    seeds : list of int
        One for each fold: initial weights, random layers and the order of rows come from it.
    settings : Settings
    groups : ndarray of int, of shape (n_samples,), optional
        Rows of one group do not part where early stopping takes validation rows.
    prepare : callable, optional
        ``prepare(X, y, train)`` returns the matrix of all rows as a fold with these training rows
        sees it. No more of them are in memory at a time than there are threads.
    sum_to_one : bool, default=False
        Refuse a model whose outputs do not sum to one.
    n_jobs : int or None, default=None
        As in `joblib.Parallel`: None trains in this process.
    n_threads : int, optional
        How many networks train at once in a process; as many as there are cores by default. No
        number depends on it.
    progress : callable, optional
        ``progress(total, unit)`` is a context manager that gives a function which is called with
        the number of steps that have just been done.

    Returns
    -------
    list of list of TrainedFold
        One list for each of `make_models`, in the order of `folds`.

    Examples
    --------
    >>> from helpers.models import make_mlp
    >>> X, y, folds = np.eye(6), np.eye(6)[:, :2], [(np.arange(4), np.arange(4, 6))]
    >>> trained = train_folds([make_mlp], X, y, folds, [1], Settings(epochs=2))
    >>> trained[0][0].probabilities.shape
    (2, 2)
    """
    n_other = int((np.sum(y, axis=1) != 1).sum())
    builders = [Builder(make_model, sum_to_one, n_other) for make_model in make_models]
    train = functools.partial(_train, builders, settings, prepare)
    data, progress = (X, y, groups), progress or no_progress
    return in_pieces(train, data, folds, seeds, len(builders), n_jobs, n_threads, progress)


def train_model(make_model, X, y, seed, settings, groups=None):
    """Train one network on all rows, and return its model.

    Parameters
    ----------
    make_model, X, y, settings, groups
        As in `train_folds`.
    seed : int
        Initial weights, random layers and the order of rows come from it.

    Returns
    -------
    keras.Model
        Compiled, with the weights that training left.

    Warns
    -----
    UserWarning
        If training diverged.

    Examples
    --------
    >>> from helpers.models import make_mlp
    >>> train_model(make_mlp, np.eye(4), np.eye(4)[:, :2], 1, Settings(epochs=2)).output_shape
    (None, 2)
    """
    rows = np.arange(len(y))
    freq = 1 if settings.early_stopping else settings.epochs  # its curve is not looked at
    settings = replace(settings, keep_weights=True, validation_freq=freq)
    folds = [(rows, rows[:1])]
    [[trained]] = train_folds([make_model], X, y, folds, [seed], settings, groups=groups)
    X = np.asarray(X, dtype="float32")
    model = Builder(make_model)(_n_inputs(X), y.shape[1], seed)
    adapt_normalization(model, X)
    for variable, weights in zip(model.variables, trained.weights, strict=True):
        variable.assign(weights)
    for layer in flat_layers(model):
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()  # it computes with plain tensors, made from its variables here
    if not np.isfinite(trained.loss).all() or np.isnan(trained.probabilities).any():
        warnings.warn(
            "Training diverged: the loss is not finite. Scale the features, or take a lower "
            "learning rate.",
            stacklevel=2,
        )
    return model


def _train(
    builders, settings, prepare, X, y, groups, folds, seeds, *, first_fold, n_threads, progress
):
    """Make the networks one after the other, while those that are made train in threads."""
    n_threads, n_inputs = n_threads or _n_cores(), None
    table = _Table(X, y) if prepare is None else None
    programs = _Programs(settings)
    trained = [[None] * len(folds) for _ in builders]
    total = settings.epochs * len(folds) * len(builders)
    with programs, progress(total, "epoch") as advance, _Threads(n_threads, advance) as threads:
        starts = _Starts(programs, threads)
        for k, (fold, seed) in enumerate(zip(folds, seeds, strict=True)):
            number = first_fold + k
            if prepare is not None:
                table = None
                threads.wait(n_threads - 1)  # each network that trains holds a table of its own
                with naming_fold(number):
                    table = _Table(prepare(X, y, fold[0]), y)
            n_inputs = n_inputs or _n_inputs(table.X)
            if _n_inputs(table.X) != n_inputs:
                raise ValueError(
                    f"preprocess makes {n_inputs} columns in fold {first_fold} and "
                    f"{table.X.shape[1]} in fold {number}: fix its categories or its vocabulary "
                    "beforehand, as make_preprocessor does."
                )
            for kind, builder in enumerate(builders):
                with naming_fold(number):
                    network = _Network(fold, seed, table, groups, settings, number)
                    make = functools.partial(builder, n_inputs, y.shape[1], seed)
                    program = starts.begin(network, kind, make)
                    if program is None:
                        trained[kind][k] = network.fit(advance)
                if program is not None:
                    n_waiting = min(MAX_WAITING, MAX_WEIGHTS // max(1, network.n_weights))
                    threads.wait(max(n_threads - 1, n_waiting))
                    threads.start(network.training(program), trained[kind], k)
                del network  # and with it the table
        threads.wait(0)
    programs.warn_of_refusals()
    return trained


def _n_inputs(X):
    """Return what a model is made for: the number of features, or the shape of a picture."""
    return X.shape[1] if X.ndim == 2 else X.shape[1:]


class _Table:
    """Features and labels where NumPy and TensorFlow can both use them: each is there only once."""

    def __init__(self, X, y):
        self.X, self.y = _aligned(X), _aligned(y)
        self.tensors = tuple(
            tf.experimental.dlpack.from_dlpack(array.__dlpack__()) for array in (self.X, self.y)
        )


def _aligned(array):
    """Copy an array of numbers to where TensorFlow takes it as it is, at a multiple of 64 bytes."""
    buffer = np.empty(array.size + 16, dtype="float32")  # 16 of them are 64 bytes
    start = -buffer.ctypes.data % 64 // 4
    copy = buffer[start:][: array.size].reshape(array.shape)
    copy[...] = array
    return copy


class _Network:
    """The rows that a network meets, where it begins, and how it is trained."""

    def __init__(self, fold, seed, table, groups, settings, number):
        train, self.test = fold
        self.validation = self.test
        if settings.early_stopping is not None:
            of_rows = None if groups is None else groups[train]
            train, self.validation = settings.early_stopping.split(train, seed, of_rows)
        self.table, self.settings, self.number = table, settings, number
        self.order = RowOrder(train, settings.shuffle, seed)
        self.model = self.numbers = None

    def take(self, model):
        """Begin with a model that has just been made."""
        adapt_normalization(model, self.table.X, self.order.rows)
        self.model = model

    @property
    def n_rows(self):
        return len(self.order.rows), len(self.validation), len(self.test)

    @property
    def n_weights(self):
        return sum(number.size for (of, _), number in self.numbers.items() if of == "model")

    def few_rows(self):
        """Return features and labels of some 16 training rows, to try a model on."""
        rows = self.order.rows[:: -(-len(self.order.rows) // 16)]
        return self.table.X[rows], self.table.y[rows]

    def fit(self, advance):
        """Train it by `model.fit`."""
        model, rows = with_variables(self.model), (self.validation, self.test)
        found = fit_plainly(
            model, self.table.X, self.table.y, self.order, rows, self.settings, advance
        )
        weights = None
        if self.settings.keep_weights:
            weights = [keras.ops.convert_to_numpy(variable) for variable in model.variables]
        return TrainedFold(*found, weights)

    def make_ready(self, program):
        """Keep the numbers of its model only, and compile the program where it is a new one."""
        if program.builds_optimizers:
            build_optimizer(with_variables(self.model))
        self.numbers, self.model = numbers_of(self.model), None
        rows, stopping = (self.validation, self.test), self.settings.early_stopping
        program.make_ready(self.numbers, self.table.tensors, len(self.order.rows), rows, stopping)

    def training(self, program):
        """Return its training by a program, to be started in a thread."""
        numbers, tables, order = self.numbers, self.table.tensors, self.order
        rows, settings, number = (self.validation, self.test), self.settings, self.number

        def train(results, place, stopped, report):
            with naming_fold(number):
                found = program.train(numbers, tables, order, rows, settings, stopped, report)
            if found is not None:
                results[place] = TrainedFold(*found)
                report(settings.epochs - len(found[1]))  # what early stopping has saved

        return train


class _Starts:
    """Where networks begin, so that a model is not made again for each of many learning rates.

    Kinds of network that share a program and begin with the same weights in the first fold do so in
    every fold: weights come from the fold's seed. What else they are made of, such as a learning
    rate, is no matter of the fold. The first of such kinds, their leader, is made for each fold.
    """

    def __init__(self, programs, threads):
        self._programs, self._threads = programs, threads
        self._leaders, self._own = {}, {}  # of the first fold: by what it begins with; by kind
        self._of_fold = {}  # program and weights of each leader, in the running fold

    def begin(self, network, kind, make):
        """Give a network its numbers and return its program; None where `fit` has to train it."""
        leader, numbers = self._own.get(kind, (kind, None))
        if leader != kind:
            program, weights = self._of_fold[leader]
            network.numbers = weights | numbers
            return program
        network.take(make())
        program = self._programs.find(kind, network)
        if program is None or not program.is_ready:
            self._threads.wait(0)  # see `Program.make_ready`
        if program is not None:
            network.make_ready(program)
            self._remember(network, kind, program)
        return program

    def _remember(self, network, kind, program):
        """Remember of a network that was made what others may begin with."""
        parts = {"model": {}, "other": {}}
        for name, number in network.numbers.items():
            parts["model" if name[0] == "model" else "other"][name] = number
        self._of_fold[kind] = program, parts["model"]
        if kind not in self._own and not program.builds_optimizers:
            begin = hashlib.sha256(b"".join(v.tobytes() for v in parts["model"].values()))
            leader = self._leaders.setdefault((program, begin.digest()), kind)
            self._own[kind] = leader, parts["other"]


class _Programs:
    """The programs of one call, each traced from the first model of its kind."""

    def __init__(self, settings):
        self.settings = settings
        self.found, self.warned = [], set()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for entry in self.found:
            entry.program.release()

    def find(self, kind, network):
        """Return the program for a network; None, with a warning, if `fit` has to train it."""
        reason = why_not_compilable(network.model)
        if reason is None:
            entry, key, pads = self._find(kind, network)
            if entry is None:
                try:
                    entry = self._trace(network, key, pads)
                except Exception as error:
                    reason = f"it can't be traced ({type(error).__name__}: {error})"
        if reason is None:
            return self._use(entry)
        if reason not in self.warned:
            self.warned.add(reason)
            warnings.warn(
                f"Training fold by fold with model.fit, which is slower: {reason}.", stacklevel=2
            )
        return None

    def _find(self, kind, network):
        """Return an entry that fits, or None; the network's key; whether to pad, if it is known."""
        model, table, settings = network.model, network.table, self.settings
        key, complete = program_key(model)
        key |= {
            "kind": None if complete else kind,
            "tables": [table.X.shape, table.y.shape],
            "batch_size": settings.batch_size,
            "stops early": settings.early_stopping is not None,
            "jit_compile": settings.jit_compile,
            "epsilon": keras.config.epsilon(),
        }
        pads = None
        for entry in self.found + (_kept if complete else []):
            if entry.key == key and (
                complete or computes_the_same(entry.model, model, *network.few_rows())
            ):
                pads = entry.program.pads
                if entry.program.fits(network.n_rows, settings.batch_size):
                    return entry, key, pads
        return None, key, pads

    def _trace(self, network, key, pads):
        model, few = with_variables(network.model), network.few_rows()
        if pads is None:
            pads = len(few[0]) > 1 and can_be_padded(model, *few)
        tables = network.table.tensors
        program = Program(model, *tables, network.n_rows, self.settings, pads)
        is_kept = key["kind"] is None
        return _Entry(key, is_kept, None if is_kept else model, program)

    def _use(self, entry):
        """Keep a program in mind for this call, and if its key says all, for the next ones."""
        if entry not in self.found:
            self.found.append(entry)
        if entry.is_kept:
            with _kept_lock:
                if entry in _kept:
                    _kept.remove(entry)
                _kept.append(entry)
                del _kept[:-MAX_KEPT]
        return entry.program

    def warn_of_refusals(self):
        """Say where XLA was asked for and could not do it."""
        refusals = {entry.program.refusal for entry in self.found} - {None}
        if refusals and self.settings.jit_compile is True:
            reason = min(refusals).splitlines()[0]
            warnings.warn(f"Trained without XLA, which refused the model: {reason}", stacklevel=2)


@dataclass(frozen=True, eq=False)
class _Entry:
    """A program and the key of its model.

    It is kept for the next call if the key says all; otherwise the model stays to be compared with.
    """

    key: dict
    is_kept: bool
    model: keras.Model | None
    program: Program


class _Threads:
    """Threads that train networks, while this one makes more of them and shows how far they are."""

    def __init__(self, n_threads, advance):
        self._pool, self._pending = ThreadPoolExecutor(n_threads), set()
        self._stopped, self._finished = threading.Event(), queue.SimpleQueue()
        self._advance = advance

    def start(self, train, *arguments):
        """Let a thread train as soon as one is free."""
        task = self._pool.submit(train, *arguments, self._stopped, self._finished.put)
        self._pending.add(task)

    def wait(self, at_most):
        """Wait until no more tasks than that are left; raise what one of them has raised."""
        while True:
            for task in [task for task in self._pending if task.done()]:
                self._pending.remove(task)
                task.result()
            while not self._finished.empty():
                self._advance(self._finished.get())
            if len(self._pending) <= at_most:
                return
            wait(self._pending, timeout=0.1, return_when=FIRST_COMPLETED)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        """Also after an interrupt: nothing goes on in a thread."""
        self._stopped.set()
        self._pool.shutdown(cancel_futures=True)


def _n_cores():
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
