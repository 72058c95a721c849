"""The instructor's guide says what is so: times add up, links lead somewhere, errors are real."""

import functools
import itertools
import re
import subprocess
import sys
import threading
import warnings

import joblib
import numpy as np
import pandas as pd
import pytest
import teaching_times
from notebook_form import ROOT, lessons, links
from sklearn import linear_model, metrics, preprocessing, svm
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import GroupKFold, KFold, RepeatedKFold, StratifiedKFold

from helpers import __main__ as command
from helpers.calibration import ProbabilityScaler, scale_out_of_fold
from helpers.chains import ProbabilisticChainClassifier
from helpers.decisions import maximize_expected_f1
from helpers.labels import label_summary
from helpers.metrics import predict_labels, score_table
from helpers.models import balanced_weights
from helpers.results import row_interval
from helpers.tables import read_table
from helpers.thresholds import choose_thresholds

PARTS = ["instructors_guide", "instructors_lessons", "setup", "survey", "adapt"]
TEXTS = {name: (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in PARTS}
README = (ROOT / "README.md").read_text(encoding="utf-8")
SCHEDULES = {
    "Half a day: 3 hours": 180,
    "A full day: 6 hours": 360,
    "A second half day: 3 hours": 180,
}
LESSONS = {path.name[:2]: path for path in lessons()}


def section(text, heading, level="##"):
    """Return what stands beneath a heading."""
    _, _, rest = text.partition(f"\n{level} {heading}\n")
    assert rest, f"there is no heading {heading!r}"
    return re.split(rf"^{level} ", rest, flags=re.M)[0]


def tables(text):
    """Return the rows of all tables in a text, heads and rules left out, as lists of cells."""
    rows = re.findall(r"^\| .*\|$", text, re.M)
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]


def schedule(heading):
    """Return the rows of a schedule: from, to and minutes as numbers, what happens, lesson."""
    rows = [
        row
        for row in tables(section(TEXTS["instructors_guide"], heading))
        if re.match(r"\d:\d\d$", row[0])
    ]
    clock = [[60 * int(t[0]) + int(t[2:]) for t in row[:2]] for row in rows]
    return [(*times, int(row[2]), *row[3:]) for times, row in zip(clock, rows, strict=True)]


@pytest.mark.parametrize(("heading", "total"), SCHEDULES.items())
def test_times_of_a_schedule_follow_each_other_and_add_up(heading, total):
    rows = schedule(heading)
    starts, ends, minutes = zip(*[row[:3] for row in rows], strict=True)
    assert starts == (0, *ends[:-1])
    assert minutes == tuple(end - start for start, end in zip(starts, ends, strict=True))
    assert sum(minutes) == ends[-1] == total


@pytest.mark.parametrize("heading", SCHEDULES)
def test_a_schedule_has_breaks_and_its_lessons_in_order(heading):
    rows = schedule(heading)
    pauses = [
        (start, end) for start, end, *_, what, _ in rows if re.search(r"\bbreak\b", what, re.I)
    ]
    assert len(pauses) >= 2
    begins, ends = zip((0, 0), *pauses, (rows[-1][1], None), strict=True)
    assert max(b - e for b, e in zip(begins[1:], ends, strict=False)) <= 90, "over 90 minutes"
    taught = [number for *_, cell in rows if (number := teaching_times.what_is_taught(cell)[0])]
    assert taught == sorted(taught, key=list(dict.fromkeys(taught)).index), "to and fro"
    core = set() if "second" in heading else {"00", "01", "02", "03", "04"}
    assert core <= set(taught) <= set(LESSONS)


@pytest.mark.parametrize("heading", SCHEDULES)
def test_each_slot_is_long_enough_for_what_is_in_it(heading):
    for start, *_, minutes, _, cell in schedule(heading):
        number, covered, exercises = teaching_times.what_is_taught(cell)
        if number:
            needed = teaching_times.minutes_by_section(number)
            assert set(covered) <= set(needed), f"{cell}: no such section"
            known = teaching_times.exercises(number)
            assert known, f"{number}: no exercise has minutes in its heading"
            assert set(exercises) <= set(known), f"{cell}: no such exercise"
            total = sum(needed[k] for k in covered) + sum(known.get(e, 0) for e in exercises)
            assert total <= minutes, f"{start} min, {cell}: takes {total:.1f} minutes"


def test_minutes_of_sections_are_those_of_the_lessons():
    text = TEXTS["instructors_guide"]
    stated = text.split(teaching_times.BEGIN)[1].split(teaching_times.END)[0]
    now = teaching_times.table()

    def each(table):
        return [(row[0], re.sub(r"\d+", "", row[1]), row[3]) for row in tables(table)[1:]]

    advice = "run `python tools/teaching_times.py`"
    assert [row[0][1:3] for row in each(now)] == list(LESSONS)
    assert each(stated) == each(now), advice
    old, new = (re.findall(r"\d+", text) for text in (stated, now))
    assert len(old) == len(new), advice
    assert all(abs(int(a) - int(b)) <= 1 for a, b in zip(old, new, strict=True)), advice


def test_words_are_those_that_are_read():
    text = "## 2. Don't [look](../a_b/c.md) at $x_1 + x_2$ or <b>this</b>\n```python\nx = 1\n```"
    assert teaching_times.words(text) == len(["2", "Don't", "look", "at", "or", "this"])


def test_minutes_of_each_lesson_are_those_that_it_states():
    rows = dict(re.findall(r"^\| \[(\d\d) .*\| (\d+ min \| \d+ s) \|$", README, re.M))
    for number, path in LESSONS.items():
        heading = next(h for h in re.findall(r"^## (.+)$", TEXTS["instructors_lessons"], re.M)
                       if h.startswith(number))  # fmt: skip
        text = section(TEXTS["instructors_lessons"], heading)
        assert path.name in text
        read, run = re.search(r"Read in (\d+) minutes, run in (\d+) seconds", text).groups()
        assert rows[number] == f"{read} min | {run} s"
        for part in ("**Goal.**", "**What confuses people**", "**Ask the room**", "**When late.**"):
            assert part in text, f"{number} lacks {part}"


@pytest.mark.parametrize("name", PARTS)
def test_links_lead_somewhere(name):
    local = [link for link in links(TEXTS[name]) if not link.startswith(("http", "#"))]
    assert [link for link in local if not (ROOT / "docs" / link).exists()] == []


def test_all_parts_and_the_guide_are_found():
    assert "docs/instructors_guide.md" in links(README)
    assert {f"{name}.md" for name in PARTS[1:]} <= set(links(TEXTS["instructors_guide"]))


@pytest.mark.parametrize("name", PARTS)
def test_lessons_exercises_and_sections_that_are_named_exist(name):
    text = TEXTS[name]
    for number in re.findall(r"notebooks/(\d\d)_", text):
        assert number in LESSONS
    for exercise in set(re.findall(r"\bexercise (\d\d\.\d)", text)):
        assert exercise in teaching_times.exercises(exercise[:2])
    for number, k in re.findall(r"(?<!\d)(\d\d)(?:\]\([^)]*\))? §(\d+)", text):
        assert int(k) in teaching_times.minutes_by_section(number), f"{number} §{k}"


def commands(text):
    """Return the commands in shell blocks, without what is said about them."""
    text = re.sub(r"^> ?", "", text, flags=re.M)
    blocks = re.findall(r"^```(?:bash|powershell)\n(.*?)^```", text, re.M | re.S)
    return {line.split("#")[0].strip() for block in blocks for line in block.splitlines()} - {""}


def test_commands_to_install_are_those_of_the_readme():
    without_network = {
        "make wheelhouse",
        "make wheelhouse PLATFORM=win_amd64 PYTHON_VERSION=3.12",
        "make wheelhouse PLATFORM=macosx_14_0_arm64 PYTHON_VERSION=3.12",
        "make lab WHEELHOUSE=/path/to/wheelhouse",
        "python -m pip install --no-index --find-links wheelhouse -r requirements.txt",
    }
    assert commands(TEXTS["setup"]) - without_network <= commands(README)
    letter = section(TEXTS["setup"], "A letter, two weeks ahead")
    assert {"make lab", "conda env create -f environment.yml"} < commands(letter)


def test_make_targets_that_are_named_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:\$ )?make ([a-z-]+)", "".join(TEXTS.values())))
    named |= set(re.findall(r"^make ([a-z-]+)", TEXTS["setup"], re.M))
    assert {"lab", "test", "site", "slides", "wheelhouse"} <= named
    assert {name for name in named if not re.search(rf"^{name}:", makefile, re.M)} == set()


def test_a_table_can_be_drawn_and_read_by_the_lines_of_the_guide(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    draw, read, in_lessons = re.findall(r"^```python\n(.*?)^```", TEXTS["adapt"], re.M | re.S)
    exec(draw, {})
    for lines in (read, "from helpers.tables import read_table\n" + in_lessons):
        names = {}
        exec(lines, names)
        assert names["label_names"] == ["news", "sport", "money"]
        assert names["X"].shape == (400, 5) and names["y"].shape == (400, 3)


# Each message that the tables of errors quote is made again, as a learner would make it.


@functools.cache
def keras_parts():
    from helpers import evaluation, models, persistence
    from helpers.quiet import keras

    return keras, evaluation, models, persistence


def in_another_python(code):
    """Run code in a Python that knows no installed package, and raise what it says."""
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False
    )
    raise RuntimeError(run.stderr)


def in_a_script(code, file):
    """Run code as a script, and raise what it says."""
    file.write_text(code, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-I", "-S", file], capture_output=True, text=True, check=False
    )
    raise RuntimeError(run.stderr)


def make_errors(X, y, folder):
    """Return functions that make the errors, by the words that the guide quotes."""
    keras, evaluation, models, persistence = keras_parts()
    network = models.make_mlp(X.shape[1], 3)
    names = {"feature_names": [f"f{i}" for i in range(10)], "label_names": list("abc")}
    file = persistence.save_model(folder / "final_model.zip", network, **names)
    p = np.full(y.shape, 0.4)
    layers = keras.layers

    def evaluate(make_model=models.make_mlp, cv=3, X=X):
        return evaluation.evaluate_model(X, y, make_model, cv=cv, epochs=1, progress=False)

    def with_end(activation):
        def make(n_inputs, n_outputs):
            model = keras.Sequential(
                [keras.Input((n_inputs,)), layers.Dense(n_outputs, activation)]
            )
            model.compile(loss="binary_crossentropy")
            return model

        return make

    def csv(text, **options):
        table = folder / "table.csv"
        table.write_bytes(text.encode("latin-1"))
        return read_table(table, label_columns=["news"], **options)

    def compare(metric="subset_accuracy", other=4):
        results = [evaluation.evaluate_estimator(X, y, dummy(), KFold(k)) for k in (3, other)]
        return evaluation.compare(*results, metric)

    def with_a_lock():
        lock = threading.Lock()

        def make(n_inputs, n_outputs):
            with lock:
                return models.make_mlp(n_inputs, n_outputs)

        with joblib.parallel_config(n_jobs=2):
            evaluate(make)

    def picture_file():
        pixels = [keras.Input((16, 24, 1)), layers.Flatten(), layers.Dense(3, "sigmoid")]
        file = folder / "picture_model.zip"
        return persistence.save_model(
            file, keras.Sequential(pixels), label_names=list("abc"), overwrite=True
        )

    def predict_by_command(model):
        table = folder / "pictures.csv"
        table.write_text("a,b\n1,2\n")
        words = ["predict", str(model), str(table), "-o", str(folder / "predicted.csv")]
        options = command._parser().parse_args(words)
        options.run(options)

    def dummy():
        from sklearn.dummy import DummyClassifier

        return DummyClassifier()

    return {
        # 00, 01
        "NameError: name 'check_machine' is not defined": lambda: eval("check_machine", {}),
        "No module named 'helpers'": lambda: in_another_python("import helpers"),
        "The truth value of an array with more than one element is ambiguous": lambda: (
            y[:, 0] == 1 and y[:, 1] == 1
        ),
        "unknown class(es) ['people'] will be ignored": lambda: preprocessing.MultiLabelBinarizer(
            classes=["dog"]
        ).fit_transform([["dog", "people"]]),
        "expected 2 dimensions (rows, labels)": lambda: label_summary(y[:, 0]),
        # 02
        "Expected shape (None, 10), but input has incompatible shape (10,)": lambda: network(X[0]),
        "expected axis -1 of input shape to have value 10, but received input with shape "
        "(None, 5)": lambda: network.fit(X[:, :5], y, verbose=0),
        "Arguments `target` and `output` must have the same shape.": lambda: network.fit(
            X, y[:, :2], verbose=0
        ),
        "You must call `compile()` before using the model.": lambda: keras.Sequential(
            [keras.Input((10,)), layers.Dense(3)]
        ).fit(X, y, verbose=0),
        "hidden=20: pass a tuple, one number a layer, e.g. (20,).": lambda: models.make_mlp(
            10, 3, hidden=20
        ),
        # 03
        "make_model is a Sequential: pass a function make_model(n_inputs, n_outputs)": lambda: (
            evaluate(models.make_mlp(10, 3))
        ),
        "Supported target types are: ('binary', 'multiclass'). Got 'multilabel-indicator' "
        "instead.": lambda: evaluate(cv=StratifiedKFold(3)),
        "make_model returned a model whose outputs are not probabilities between 0 and 1": lambda: (
            evaluate(with_end(None))
        ),
        "make_model returned NoneType, expected a keras.Model.": lambda: evaluate(
            lambda n_inputs, n_outputs: None
        ),
        # 04
        "exists already; pass overwrite=True to replace it.": lambda: persistence.save_model(
            file, network, **names
        ),
        "the model was trained on 10 features, so pass (rows, 10)": lambda: persistence.load_model(
            file
        ).predict(X[0]),
        "path: there is no folder": lambda: persistence.save_model(
            folder / "nowhere" / "model.zip", network, **names
        ),
        "File format not supported: filepath=": lambda: keras.models.load_model(file),
        # 05
        "Target is multilabel-indicator but average='binary'.": lambda: metrics.f1_score(y, y),
        "multilabel-indicator is not supported": lambda: metrics.confusion_matrix(y, y),
        "Classification metrics can't handle a mix of multilabel-indicator and "
        "continuous-multioutput targets": lambda: metrics.accuracy_score(y, p),
        "each label must be 0 or 1. For probabilities choose a threshold first": lambda: (
            score_table(p, y)
        ),
        # 06
        "a and b were not scored on the same folds, so they can't be compared": compare,
        "metric='accuracy': expected one of": lambda: compare("accuracy", other=3),
        "y should be a 1d array, got an array of shape": lambda: (
            linear_model.LogisticRegression().fit(X, y)
        ),
        "make_model is a LogisticRegression: pass a function": lambda: evaluate(
            linear_model.LogisticRegression()
        ),
        # 07
        "expected the finite scores of two folds or more.": lambda: evaluation.corrected_interval(
            [[0.8, 0.9]], 900, 100
        ),
        "of two rows or more.": lambda: row_interval([0.8]),
        # 08
        "expected (rows, labels).": lambda: choose_thresholds(y, np.stack([p] * 3)),
        "threshold has shape (2,): pass one number, or 3, one per label.": lambda: predict_labels(
            p, [0.5, 0.5]
        ),
        "expected (rows, 8), one column per label set.": lambda: maximize_expected_f1(
            p, list(itertools.product([0, 1], repeat=3))
        ),
        "expected probabilities between 0 and 1. Does the last layer have a sigmoid?": lambda: (
            score_table(y, 3 * p)
        ),
        # 09
        "method='isotonic': expected 'platt' or 'temperature'.": lambda: ProbabilityScaler(
            "isotonic"
        ).fit(p, y),
        "cv holds rows out more than once: pass the folds of one repeat.": lambda: (
            scale_out_of_fold(y, p, RepeatedKFold(n_splits=3, n_repeats=2))
        ),
        "never varies in the rows to fit on": lambda: scale_out_of_fold(y * [1, 1, 0], p, 3),
        # 10
        "sets, which are too many to try: pass a beam_width such as 10.": lambda: (
            ProbabilisticChainClassifier(linear_model.LogisticRegression()).fit(X, np.eye(len(X)))
        ),
        "pass one that has predict_proba.": lambda: ProbabilisticChainClassifier(
            svm.LinearSVC()
        ).fit(X, y),
        "label_sets=True needs": lambda: evaluation.evaluate_model(X, y, label_sets=True),
        # 11
        "values are missing:": lambda: csv("a,b,news\n1,,0\n2,2,1\n3,4,0\n"),
        "Knobs to paste (arguments of read_table, in capitals):": lambda: csv(
            "".join(["id,news\n", *(f"row {i},1\n" for i in range(101))])
        ),
        'pass sep=";", which seems to separate them.': lambda: csv("a;news\n1;0\n2;1\n"),
        "read it with decimal=','": lambda: csv("a;news\n1,5;0\n2,5;1\n3,5;1\n", sep=";"),
        "Pass encoding='cp1252', for files from Windows and Excel, or 'latin-1'.": lambda: csv(
            "größe,news\n1,0\n2,1\n"
        ),
        "if it holds names of labels, pass it as label_column.": lambda: csv(
            "a,news\n1,no\n2,yes\n"
        ),
        "The 'groups' parameter should not be None.": lambda: evaluate(cv=GroupKFold(3)),
        "X: expected numbers only, but could not convert string to float": lambda: evaluate(
            X=pd.DataFrame(X).assign(pen="thin")
        ),
        "both trains on and holds out rows of group": lambda: evaluation.evaluate_model(
            X, y, cv=KFold(3), groups=np.arange(len(y)) % 5, progress=False
        ),
        "where a date is due:": lambda: csv(
            "when,news\n01.02.2024,1\n2.3.2024,0\n", dates=["when"]
        ),
        # 12
        "is the same in all rows: leave it out.": lambda: balanced_weights(y * [1, 1, 0]),
        "metric='f1_micro': label_threshold_curves and choose_thresholds know": lambda: (
            choose_thresholds(y, p, "f1_micro")
        ),
        "make_model has no 'rate' to tune; expected some of": lambda: evaluation.tune_model(
            models.make_mlp, {"rate": [0.1]}, X, y
        ),
        "combinations only. Pass n_trials=None, which tries them all.": lambda: (
            evaluation.tune_model(models.make_mlp, {"learning_rate": [0.1]}, X, y)
        ),
        # 13
        "as pictures have, but a table is meant here: expected 2 dimensions.": lambda: (
            evaluation.evaluate_estimator(np.zeros((len(y), 4, 4)), y, dummy(), KFold(3))
        ),
        "table has shape (16, 24, 1): the model takes pictures": lambda: persistence.load_model(
            picture_file()
        ).predict(np.zeros((16, 24, 1))),
        "one column of text, such as TfidfVectorizer, belongs into a ColumnTransformer.": lambda: (
            evaluation.evaluate_model(
                pd.DataFrame({"text": ["some words"] * len(y)}),
                y,
                preprocess=TfidfVectorizer(),
                progress=False,
            )
        ),
        "takes pictures, arrays of shape": lambda: predict_by_command(picture_file()),
        # 15
        "make_model or preprocess can't be sent to another process": with_a_lock,
        "An attempt has been made to start a new process before the": lambda: in_a_script(
            "import multiprocessing\n"
            "process = multiprocessing.get_context('spawn').Process(target=print)\n"
            "process.start()\n"
            "process.join()\n",
            folder / "script.py",
        ),
    }


def quoted_errors():
    """Return what the guide's tables of errors quote, in order."""
    rows = tables(TEXTS["instructors_lessons"])
    return [re.match(r"`` ?(.+?) ?``|`([^`]+)`", row[0]) for row in rows if len(row) == 3]


def test_errors_are_those_that_the_code_gives(data, tmp_path):
    errors = make_errors(*data, tmp_path)
    for words, make in errors.items():
        assert words in TEXTS["instructors_lessons"], f"the guide no longer quotes {words!r}"
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                make()
            said = " ".join(str(warning.message) for warning in caught)
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
        assert words in said, f"the guide quotes {words!r}, the code says: {said[:300]}"
    quotes = [next(filter(None, match.groups())) for match in quoted_errors() if match]
    unproved = [q for q in quotes if not any(words in q for words in errors)]
    assert unproved == [], "quoted in the guide, and not made here"
