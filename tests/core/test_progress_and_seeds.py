"""Repeatable without touching the user's random numbers; progress that leaves no trace."""

import _thread
import contextlib
import functools
import io
import json
import random
import subprocess
import sys
import threading

import keras
import nbformat
import numpy as np
import pytest
import tensorflow as tf
from nbclient import NotebookClient
from plain_loop import assert_equal_to_loop, evaluate_quietly, plain_loop
from sklearn.model_selection import KFold
from tqdm import tqdm

from helpers import _progress
from helpers._progress import progress_bar
from helpers.evaluation import EarlyStopping, evaluate_model
from helpers.models import make_mlp
from helpers.training import Settings, network_seeds, train_folds
from helpers.training.building import seeded, takes_seed

TINY = {"cv": 2, "epochs": 2, "batch_size": 8}


def make_random(n_inputs, n_outputs):
    """Names no seed anywhere: weights and masks are as Keras pleases."""
    model = keras.Sequential(
        [
            keras.Input((n_inputs,)),
            keras.layers.Dense(6, "relu"),
            keras.layers.Dropout(0.4),
            keras.layers.Dense(n_outputs, "sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy")
    return model


def make_random_eager(n_inputs, n_outputs):
    model = make_random(n_inputs, n_outputs)
    model.run_eagerly = True
    return model


MAKERS = [
    make_random,
    pytest.param(
        make_random_eager,
        marks=[pytest.mark.slow, pytest.mark.filterwarnings("ignore:Training fold by fold")],
    ),
]

# --- seeds ---------------------------------------------------------------------------------------

CALL = """
from helpers.quiet import keras
from helpers.data import make_dataset
from helpers.evaluation import EarlyStopping, evaluate_model

def make_random(n_inputs, n_outputs):
    layers = [keras.layers.Dense(6, "relu"), keras.layers.Dropout(0.4)]
    output = keras.layers.Dense(n_outputs, "sigmoid")
    model = keras.Sequential([keras.Input((n_inputs,)), *layers, output])
    model.compile("adam", "binary_crossentropy")
    return model

X, y = make_dataset(n_samples=42)
result = evaluate_model(X, y, make_random, cv=2, epochs=2, batch_size=8, seed=4)
"""


@pytest.fixture(scope="module")
def kernel():
    """Run CALL in the kernel of a notebook, with the progress bar, and print its numbers."""
    cells = [CALL, "print(result.probabilities.tolist())"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    return NotebookClient(notebook, timeout=120, kernel_name="python3").execute().cells


@pytest.mark.parametrize("make_model", MAKERS)
def test_same_seed_same_numbers_other_seed_other_numbers(make_model, data):
    """Whatever the user's own seed is."""
    results = []
    for users_seed, seed in [(1, 4), (2, 4), (2, 5)]:
        keras.utils.set_random_seed(users_seed)
        results.append(evaluate_model(*data, make_model, seed=seed, progress=False, **TINY))
    first, again, other = results
    np.testing.assert_allclose(first.probabilities, again.probabilities, rtol=0, atol=1e-6)
    np.testing.assert_allclose(first.history["loss"], again.history["loss"], rtol=1e-5)
    assert np.abs(first.probabilities - other.probabilities).max() > 0.01


@pytest.mark.slow
def test_new_process_gives_the_same_numbers(kernel, data):
    here = evaluate_quietly(*data, make_random, jit_compile="auto", seed=4, **TINY)
    there = np.array(json.loads(kernel[1].outputs[0].text))
    np.testing.assert_allclose(there, here.probabilities, rtol=0, atol=1e-6)


def draws():
    """What a user would draw after the call, from everything that has a global state."""
    return [
        random.random(),
        np.random.rand(),  # noqa: NPY002
        tf.random.normal(()).numpy(),
        float(keras.random.normal(())),
        make_random(2, 2).get_weights()[0][0, 0],
    ]


@pytest.mark.parametrize("make_model", MAKERS)
def test_random_numbers_of_the_user_are_left_alone(make_model, data):
    keras.utils.set_random_seed(7)
    expected = draws()
    keras.utils.set_random_seed(7)
    evaluate_model(*data, make_model, progress=False, **TINY)
    assert draws() == expected


def test_seed_of_a_fold_does_not_depend_on_how_many_there_are():
    seeds = network_seeds(1, 30)
    assert network_seeds(1, 7) == seeds[:7]
    assert len(set(seeds)) == 30
    assert all(isinstance(s, int) and 0 <= s < 2**31 for s in seeds)
    assert not set(seeds) & set(network_seeds(2, 30))


def test_seeded_restores_the_state_even_after_an_error():
    python_state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002
    with pytest.raises(ZeroDivisionError), seeded(1):
        first = random.random(), np.random.rand()  # noqa: NPY002
        raise ZeroDivisionError
    assert random.getstate() == python_state
    np.testing.assert_array_equal(np.random.get_state()[1], numpy_state[1])  # noqa: NPY002
    with seeded(1):
        assert (random.random(), np.random.rand()) == first  # noqa: NPY002


@pytest.mark.parametrize(
    ("make_model", "takes"),
    [
        (make_mlp, True),
        (make_random, False),
        (lambda n_inputs, n_outputs, seed: None, True),
        (lambda n_inputs, n_outputs, seed=0: None, False),
        (functools.partial(make_mlp, hidden=(5,)), True),
        (functools.partial(make_mlp, seed=3), False),
    ],
)
def test_takes_seed_where_one_is_waited_for(make_model, takes):
    assert takes_seed(make_model) is takes


# --- progress ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_saved_notebook_holds_no_trace_of_the_bar(kernel):
    bar, *others = kernel[0].outputs
    assert (bar.output_type, bar.data, others) == ("display_data", {}, [])
    assert [output.name for output in kernel[1].outputs] == ["stdout"]


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_bar_in_a_terminal_counts_and_vanishes(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(_progress, "tqdm", functools.partial(tqdm, file=sys.stderr, mininterval=0))
    with progress_bar(3, "epoch") as advance:
        for _ in range(3):
            advance()
    written = sys.stderr.getvalue()
    assert "3/3" in written
    assert written.endswith("\r")
    assert not written.rpartition("\r")[0].rpartition("\r")[2].strip()


@pytest.mark.parametrize("show", [True, False])
def test_no_bar_where_nobody_watches(show, capsys):
    with progress_bar(2, "epoch", show) as advance:
        advance()
        advance()
    assert capsys.readouterr() == ("", "")


class FakeDisplay:
    """Stands in for a notebook's display."""

    def __init__(self, monkeypatch):
        import IPython.display

        self.shown, self.display_id = [], "1"
        monkeypatch.setattr(_progress, "_in_notebook", lambda: True)
        monkeypatch.setattr(IPython.display, "display", self.display)
        monkeypatch.setattr(IPython.display, "publish_display_data", self.publish)

    def display(self, html, display_id):
        self.shown.append(html.data)
        return self

    def update(self, html):
        self.shown.append(html.data)

    def publish(self, data, transient, update):
        assert (transient, update) == ({"display_id": "1"}, True)
        self.shown.append(data)


def test_bar_in_a_notebook_counts_and_vanishes(monkeypatch):
    display = FakeDisplay(monkeypatch)
    monkeypatch.setattr(_progress, "_PAUSE", 0)
    with pytest.raises(KeyboardInterrupt), progress_bar(5, "epoch") as advance:
        advance()
        raise KeyboardInterrupt
    first, second, last = display.shown
    assert "epoch 0 of 5" in first
    assert "epoch 1 of 5" in second
    assert last == {}


def test_bar_in_a_notebook_sends_few_messages(monkeypatch):
    """Two thousand at once overflow Jupyter's queue, and it loses the cell's last ones."""
    display = FakeDisplay(monkeypatch)
    with progress_bar(100_000, "network") as advance:
        for _ in range(100_000):
            advance()
    assert len(display.shown) < 100
    assert "network 100000 of 100000" in display.shown[-2]


@pytest.mark.parametrize("make_model", MAKERS)
@pytest.mark.parametrize(
    "early_stopping", [pytest.param(None, marks=pytest.mark.slow), EarlyStopping(patience=0)]
)
def test_progress_counts_the_epochs_of_all_networks(make_model, early_stopping, data):
    """What early stopping saves is counted when a network stops."""
    X, y = data
    counted = []

    @contextlib.contextmanager
    def count(total, unit):
        counted.append((total, unit))
        yield counted.append

    folds = [(np.arange(30), np.arange(30, 42)), (np.arange(20), np.arange(20, 42))]
    settings = Settings(epochs=9, early_stopping=early_stopping)
    [trained] = train_folds([make_model], X, y, folds, [1, 2], settings, progress=count)
    assert counted[0] == (18, "epoch")
    n_epochs = sum(len(network.loss) for network in trained)
    assert sum(counted[1:]) == (18 if make_model is make_random else n_epochs)


# --- interrupt -----------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("hidden", [(20,), (2000, 500)])
def test_interrupt_stops_all_threads_and_leaves_everything_usable(hidden, data):
    """A million epochs end when the stop button is pressed, whatever the threads are doing."""
    X, y = data
    state, threads = random.getstate(), set(threading.enumerate())
    make_model = functools.partial(make_mlp, hidden=hidden)
    button = threading.Timer(2, _thread.interrupt_main)
    button.start()
    with pytest.raises(KeyboardInterrupt):
        evaluate_model(X, y, make_model, epochs=10**6, progress=False)
    button.join()
    assert random.getstate() == state
    assert set(threading.enumerate()) <= threads, "something goes on in a thread"
    folds, settings = list(KFold(2).split(X)), {"epochs": 3, "batch_size": 8}
    result = evaluate_quietly(X, y, make_mlp, cv=folds, shuffle=False, **settings)
    assert_equal_to_loop(result, plain_loop(make_mlp, X, y, folds, **settings), folds)


# --- imports -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "modules", ["helpers", "helpers.data, helpers.labels, helpers.metrics, helpers.plots"]
)
def test_the_ground_floor_does_without_tensorflow(modules):
    script = (
        f"import sys, {modules}; import importlib, pkgutil;"
        "plots = sys.modules.get('helpers.plots');"
        "[importlib.import_module('helpers.plots.' + m.name)"
        " for m in pkgutil.iter_modules(plots.__path__ if plots else [])];"
        "print([name for name in ('tensorflow', 'keras') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
