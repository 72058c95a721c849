"""Every committed notebook has the form that notebook_form.py describes, and each rule can fail."""

import shutil
import subprocess
import sys

import nbformat
import notebook_form as form
import pytest
import teaching_times
from execute_notebooks import METADATA, execute, find_notebooks, normalise
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

LESSONS = form.lessons()
OTHERS = [path for path in find_notebooks() if path not in LESSONS]
CASES = [(rule, path) for path in LESSONS + OTHERS for rule in form.FOR_ALL]
CASES += [(rule, path) for path in LESSONS for rule in form.FOR_LESSONS]


def name_of(value):
    """Name a case by its rule and its file."""
    return getattr(value, "name", None) or value.__name__


@pytest.mark.parametrize(("rule", "path"), CASES, ids=name_of)
def test_notebook(rule, path):
    assert list(rule(nbformat.read(path, as_version=4), path)) == []


def test_there_are_lessons_numbered_in_order():
    expected = [*range(16)]
    assert [path.name[:2] for path in LESSONS] == [f"{n:02}" for n in expected]


@pytest.mark.slow
def test_copies_that_a_reader_made_are_passed_over(tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    lesson, copy = LESSONS[0], LESSONS[0].with_stem(LESSONS[0].stem + "-Copy1").name
    for path in [form.ROOT / "conftest.py", form.ROOT / "pyproject.toml", lesson]:
        shutil.copy(path, tmp_path / path.relative_to(form.ROOT))
    shutil.copy(lesson, tmp_path / "notebooks" / copy)
    for module in [form, teaching_times]:
        monkeypatch.setattr(module, "ROOT", tmp_path)
    found = [form.lessons(), find_notebooks(tmp_path), list(teaching_times.lessons().values())]
    assert found == 3 * [[tmp_path / "notebooks" / lesson.name]]
    for command in [
        ["pytest", "--collect-only", "-q", "notebooks"],
        ["ruff", "check", "--show-files"],
    ]:
        run = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert lesson.name in run.stdout and copy not in run.stdout


# Each rule accepts a good notebook, and finds what is wrong with a broken one

PATH = form.ROOT / "notebooks" / "01_good.ipynb"
HEAD = """# 01. A good notebook

How should a lesson look?

[Previous](00_start_here.ipynb) · [Contents](../README.md) · [Next](02_model.ipynb)"""
OPENING = """**You will learn** to look.

**Before you start**: nothing.

**Time**: 5 minutes to read, about 1 second to run on two cores."""
CLAIMS = {"jupyter": {"source_hidden": True}, "tags": sorted(form.CLAIMS)}
PICTURE = new_output("display_data", data={"image/png": "aGVsbG8=", "text/plain": "<Figure>"})


def good():
    """Return a notebook that keeps all the rules."""
    cells = [
        new_markdown_cell(HEAD),
        new_markdown_cell(OPENING, id="01-opening"),
        new_code_cell("import numpy as np\nfrom math import pi"),
        new_code_cell("N = 3  # rows", metadata={"tags": ["parameters"]}),
        new_markdown_cell("## 1. Look\n\nBack to [the start](#1.-Look)."),
        new_code_cell("%precision 3\nnp.arange(N)", outputs=[PICTURE.copy()]),
        new_markdown_cell("We see three numbers."),
        new_code_cell("claim('three numbers', lambda: N == 3)", metadata=CLAIMS),
        new_markdown_cell("## Try it\n\n## What we saw"),
        new_markdown_cell("## Further reading\n\n[NumPy](https://numpy.org)"),
        new_code_cell("print('Run All reached the end.')"),
    ]
    for count, number in enumerate([2, 3, 5, 7, 10], 1):
        cells[number].execution_count = count
    return new_notebook(cells=cells, metadata=nbformat.from_dict(METADATA))


def problems(rule, nb):
    """Apply a rule, as if there were a lesson before and one after."""
    names = ["00_start_here.ipynb", PATH.name, "02_model.ipynb"]
    others = {"others": [PATH.with_name(name) for name in names]} if rule is form.chained else {}
    return list(rule(nb, PATH, **others))


@pytest.fixture
def root(tmp_path, monkeypatch):
    """Put the good notebook's neighbours where its links look for them."""
    for name in ["README.md", "notebooks/00_start_here.ipynb", "notebooks/02_model.ipynb"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("# Title", encoding="utf-8")
    monkeypatch.setattr(form, "ROOT", tmp_path)
    monkeypatch.setitem(globals(), "PATH", tmp_path / "notebooks" / PATH.name)


@pytest.mark.parametrize("rule", form.FOR_ALL + form.FOR_LESSONS)
def test_a_good_notebook_keeps_the_rule(rule, root):
    assert problems(rule, good()) == []


def says(text, cell=4):
    """Break a notebook by what a cell says."""
    return lambda nb: nb.cells[cell].update(source=text)


def shows(kind, cell=5, **content):
    """Break a notebook by what a cell shows."""
    return lambda nb: nb.cells[cell].outputs.append(new_output(kind, **content))


def replaces(old, new):
    """Break a notebook by replacing text in every cell."""
    return lambda nb: [cell.update(source=cell.source.replace(old, new)) for cell in nb.cells]


def sets_metadata(cell=None, **content):
    """Break the metadata of a notebook, or of a cell."""
    return lambda nb: (nb if cell is None else nb.cells[cell]).metadata.update(content)


STREAM = {"name": "stdout", "text": "a"}
BREAKS = [
    (form.valid, lambda nb: nb.cells[0].update(cell_type="raw text")),
    (form.normal_form, sets_metadata(widgets={})),
    (form.normal_form, sets_metadata(cell=2, scrolled=True)),
    (form.normal_form, sets_metadata(language_info={"name": "python", "version": "3.11"})),
    (form.normal_form, lambda nb: [shows("stream", **STREAM)(nb) for _ in range(2)]),
    (form.executed_in_order, lambda nb: nb.cells[5].update(execution_count=4)),
    (form.executed_in_order, lambda nb: nb.cells[2].update(execution_count=None)),
    (form.clean_outputs, shows("stream", name="stderr", text="warning")),
    (form.clean_outputs, shows("error", ename="E", evalue="", traceback=[])),
    (form.no_machine_paths, shows("stream", name="stdout", text="in\n\x1b[31m/home/ann/x")),
    (form.no_machine_paths, shows("stream", name="stdout", text="in C:\\Users\\ann")),
    (form.no_machine_paths, says("open /tmp/x")),
    (form.no_machine_paths, lambda nb: says(f"`{form.ROOT}/x`")(nb)),
    (form.small, shows("display_data", data={"image/png": "a" * form.MAX_BYTES})),
    (form.short_cells, says("x = 1\n" * 16, cell=5)),
    (form.short_cells, says("x = 1;", cell=5)),
    (form.known_tags, sets_metadata(cell=5, tags=["nbval-chek-output"])),
    (form.finished, says("TODO: explain")),
    (form.figures_explained, lambda nb: nb.cells.pop(6)),
    (form.figures_explained, says("![](x.png)")),
    (form.figures_explained, says('<img src="x.png" width="100">')),
    (form.links_resolve, says("[gone](gone.ipynb)")),
    (form.links_resolve, says("[gone](#2.-Gone)")),
    (form.links_resolve, says("[gone](../README.md#gone)")),
    (form.links_resolve, says("[outside](../../)")),
    (form.title, replaces("# 01.", "# 02.")),
    (form.title, replaces("How should a lesson look?", "")),
    (form.chained, replaces("02_model", "03_evaluation")),
    (form.chained, replaces("[Contents](../README.md) · ", "")),
    (form.opening, replaces("**Time**", "Time")),
    (form.reading_time, replaces("5 minutes", "10 minutes")),
    (form.imports_first, says("import numpy as np\nprint(1)", cell=2)),
    (form.imports_first, says("import numpy as np", cell=5)),
    (form.one_knobs_cell, sets_metadata(cell=3, tags=[])),
    (form.one_knobs_cell, sets_metadata(cell=5, tags=["parameters"])),
    (form.numbered_sections, replaces("## 1.", "## 2.")),
    (form.numbered_sections, replaces("## 1.", "### 1.")),
    (form.closing, replaces("## What we saw", "")),
    (form.closing, lambda nb: nb.cells.pop()),
    (form.proof_apart, says("assert True", cell=5)),
    (form.proof_apart, says("claim('x is 1', lambda: x == 1)", cell=5)),
    (form.proof_apart, sets_metadata(cell=7, tags=["claims"])),
    (form.proof_apart, sets_metadata(cell=7, jupyter={})),
    (form.proof_apart, says("x = 1", cell=7)),
    (form.proof_apart, shows("stream", cell=7, **STREAM)),
    (form.proof_apart, lambda nb: nb.cells.insert(8, nb.cells[7])),
    (form.said_numbers_are_proved, says("Nine in ten of the rows are right.")),
    (form.said_numbers_are_proved, says("The score is 0.871.")),
    (form.said_numbers_are_proved, says("We see 3 %.", cell=6)),
    (form.claims_quote_the_text, says("claim('we see few numbers', lambda: True)", cell=7)),
    (form.claims_quote_the_text, says("claim('the table at the top: 0.5', lambda: True)", cell=7)),
    (form.claims_quote_the_text, says("We don't see three numbers.", cell=6)),
    (
        form.summaries_are_claimed,
        lambda nb: nb.cells[0].update(id="01-title", source="It is lower."),
    ),
    (form.said_numbers_are_proved, lambda nb: nb.cells[0].update(id="01-title", source="0.871.")),
    (form.short, says("word " * 2001)),
    (form.short, says("x = 1\n" * 13, cell=5)),
    (form.short, says(f"x = '{76 * 'a'}'", cell=5)),
    (form.short, lambda nb: nb.cells.extend([nb.cells[5]] * 36)),
]


@pytest.mark.parametrize(("rule", "spoil"), BREAKS, ids=lambda value: value.__name__)
def test_a_broken_notebook_is_found(rule, spoil, root):
    nb = good()
    spoil(nb)
    assert problems(rule, nb)


def test_every_rule_is_broken_somewhere():
    assert {rule for rule, _ in BREAKS} == set(form.FOR_ALL + form.FOR_LESSONS)


# `make notebooks`


def write(path, *sources):
    """Write a notebook of code cells that has never been run."""
    cells = [new_code_cell(source, metadata={"scrolled": True}) for source in sources]
    nbformat.write(new_notebook(cells=cells), path)


def test_running_twice_gives_the_same_bytes_in_normal_form(tmp_path):
    path = tmp_path / "good.ipynb"
    write(path, "print(1, flush=True)\nprint(2)", "{'a': 1}", "None")
    assert execute(path) is None
    first, nb = path.read_bytes(), nbformat.read(path, as_version=4)
    assert execute(path) is None
    assert path.read_bytes() == first
    assert nb == normalise(nbformat.read(path, as_version=4))
    assert nb.metadata == METADATA
    assert [cell.metadata for cell in nb.cells] == [{}, {}, {}]
    assert nb.cells[0].outputs == [new_output("stream", name="stdout", text="1\n2\n")]
    assert nb.cells[2].outputs == []


def test_a_failing_notebook_is_left_as_it_was(tmp_path):
    path = tmp_path / "bad.ipynb"
    write(path, "x = 1", "x / 0  # fails")
    before = path.read_bytes()
    assert execute(path) == "cell 2, `x / 0  # fails`, failed: ZeroDivisionError: division by zero"
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


LOG = """
import pandas as pd
from helpers.teaching import ExperimentLog

class Result:
    folds = [None]
    def summary(self):
        return pd.DataFrame({"mean": 0.5, "ci_low": 0.4, "ci_high": 0.6}, ["subset_accuracy"])

log = ExperimentLog("experiments_99.jsonl")
log.add(Result(), epochs=3)
print(list(log.table()["epochs"]))
"""


@pytest.mark.slow
def test_running_shows_and_changes_no_log_of_the_user(tmp_path, monkeypatch):
    monkeypatch.delenv("EXPERIMENT_LOG_FOLDER")
    path, log = tmp_path / "logs.ipynb", tmp_path / "experiments_99.jsonl"
    write(path, LOG)
    log.write_text("time,epochs,n_folds,subset_accuracy_mean\n2026-11-02T10:00:00,77,30,0.8\n")
    before = log.read_bytes()
    for _ in range(2):
        assert execute(path) is None
        assert nbformat.read(path, as_version=4).cells[0].outputs[0].text == "[3]\n"
    assert log.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == [log, path]
