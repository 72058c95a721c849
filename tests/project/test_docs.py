"""README and docs say what is so: links, names, options, counts and the defaults of functions."""

import inspect
import re
import tomllib

import nbformat
import pytest
import teaching_times
from execute_notebooks import find_notebooks
from notebook_form import ROOT, anchors, lessons, links, sections
from packaging.specifiers import SpecifierSet
from prose_numbers import COUNTS
from rerun_numbers import shown

from helpers import models
from helpers.data import make_dataset
from helpers.evaluation import evaluate_model
from helpers.splits import split_rows

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
README, HELP, SETUP = (
    (ROOT / name).read_text(encoding="utf-8")
    for name in ["README.md", "docs/help.md", "docs/setup.md"]
)
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
# What pip, jupyter, git, apt, conda and pytest understand.
OF_OTHERS = """--no-browser --port --no-index --find-links --list --numprocesses --upgrade --user
--durations --allow-root --ip --install"""

# Of Python, in small letters or capitals, and of cells.
NAMES = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b|\b[A-Z]+(?:_[A-Z]+)+\b|\b\d\d-[a-z][a-z0-9-]+\b")
OF_PANDAS = {"date_format", "true_values", "false_values", "index_label"}


def sources(*folders):
    """Return all code and settings of some folders in one text."""
    kinds = [".py", ".sh", ".ipynb", ".toml", ".yml", ".js"]
    paths = [
        path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in kinds
    ]
    paths += [ROOT / name for name in ["Makefile", "pyproject.toml", "environment.yml"]]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def code(cells):
    """Return the code of some cells."""
    return "\n".join(cell.source for cell in cells if cell.cell_type == "code")


@pytest.fixture(scope="module")
def everything():
    names = " ".join(page.stem for page in PAGES)
    text = names + sources("helpers", "notebooks", "tests", "tools", "docs", ".github")
    return set(NAMES.findall(re.sub(r'"image/png": ".*?"', "", text)))


def code_of(page):
    """Return the code in a page: between backticks, and in blocks."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"```.*?```", text, re.DOTALL)
    return blocks + re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


@each_page
def test_links_lead_to_files_and_headings(page):
    for target in links(
        re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.DOTALL)
    ):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


@pytest.mark.parametrize("path", [*PAGES, *find_notebooks()], ids=lambda path: path.name)
def test_a_link_to_a_lesson_says_its_number(path):
    text = path.read_text(encoding="utf-8")
    for said, meant in re.findall(r"\[(\d\d)\b[^\]]*\]\((?:[\w./]*/)?(\d\d)_\w+\.ipynb", text):
        assert said == meant, f"[{said} …] leads to {meant}"


@each_page
def test_names_in_code_are_those_of_the_workshop(page, everything):
    names = {name for code in code_of(page) for name in NAMES.findall(code)}
    assert names - everything - OF_PANDAS - {"win_amd", "test_loss", "PYTHON_VERSION"} == set()


@each_page
def test_options_exist(page, everything):
    options = {
        option for code in code_of(page) for option in re.findall(r"(?<=\s)--[a-z-]+", f" {code}")
    }
    known = set(re.findall(r"--[a-z-]+", sources("helpers", "tools", "tests/benchmarks")))
    assert options - known - set(OF_OTHERS.split()) == set()


@each_page
def test_values_of_arguments_are_among_those_that_the_functions_take(page):
    choices = {}
    code_of_helpers = sources("helpers")
    for name, values in re.findall(r"^    (\w+) : \{(.+?)\}", code_of_helpers, re.M):
        choices.setdefault(name, set()).update(re.findall(r"[\"'](\w+)[\"']", values))
    for name in re.findall(r"^    (\w+) : (?!\{)", code_of_helpers, re.M):
        choices.pop(name, None)  # elsewhere it takes more
    for code in code_of(page):
        for name, value in re.findall(r"\b(\w+)=\"(\w+)\"", code):
            assert value in choices.get(name, {value}), f"{name}={value!r}"


@each_page
def test_variables_given_to_make_are_those_of_the_makefile(page):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in re.findall(r"\bmake [a-z-]+((?: [A-Z_]+=\S+)+)", page.read_text(encoding="utf-8")):
        for name in re.findall(r"([A-Z_]+)=", line):
            assert f"$({name})" in makefile, name


@each_page
def test_files_that_are_named_exist(page):
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:docs|helpers|notebooks|tests|tools|\.github)/[\w./-]*)`", text):
        made_by_lessons = name.startswith("notebooks/m")
        assert made_by_lessons or (ROOT / name).exists(), name


@each_page
def test_versions_of_python_are_those_of_the_project(page):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    allowed = SpecifierSet(project["requires-python"])
    supported = [f"3.{minor}" for minor in range(30) if f"3.{minor}.0" in allowed]
    text = page.read_text(encoding="utf-8")
    assert set(re.findall(r"\b3\.1\d\b", text)) <= set(supported)
    for said in re.findall(r"Python (3\.\d+(?:, 3\.\d+)* or 3\.\d+)", text):
        assert re.findall(r"3\.\d+", said) == supported


def test_readme_counts_lessons_and_modules():
    words = {value: word for word, value in COUNTS.items()}
    assert f"You get {words[len(lessons())]} Jupyter notebooks" in README
    public = [path for path in (ROOT / "helpers").glob("[!_]*.py") if path.stem != "quiet"]
    folders = [path.parent.name for path in (ROOT / "helpers").glob("*/__init__.py")]
    said = re.search(
        r"(\w+) subjects in the order of the lessons, and (\w+) folders \((.*?)\)", README
    )
    assert (said[1], said[2]) == (words[len(public)], words[len(folders)])
    assert sorted(said[3].split(", ")) == sorted(folders)


def test_data_and_defaults_are_those_of_the_functions():
    X, y = make_dataset()
    assert f"({len(X):,} rows, {X.shape[1]} features, {y.shape[1]} labels)" in README
    folds = split_rows(None, X, y)
    assert len(folds) == 30 and "ten-fold cross-validation repeated three times" in README
    assert "each scored on 100 rows" in README and {len(test) for _, test in folds} == {100}
    defaults = {name: p.default for name, p in inspect.signature(evaluate_model).parameters.items()}
    words = dict(re.findall(r"^\| \*\*(.+?)\*\* \| .*? \| (.*?) \|$", HELP, re.M))
    numbers = {word: re.findall(r"[\d.,]*\d", text) for word, text in words.items()}
    expected = {
        "sample": [f"{len(X):,}"],
        "feature": [str(X.shape[1])],
        "label": [str(y.shape[1])],
        "fold": ["10"],
        "repeat": ["3"],
        "threshold": ["0.5"],
        "epoch": [str(defaults["epochs"])],
        "batch": [str(defaults["batch_size"])],
    }
    assert {word: numbers[word] for word in expected} == expected
    assert models.make_mlp(10, 3).count_params() == 283


def test_words_a_minute_are_those_that_minutes_are_made_of():
    pages = [page.read_text(encoding="utf-8") for page in PAGES]
    said = {n for text in pages for n in re.findall(r"divided by (\d+)", text)}
    assert said == {str(teaching_times.WORDS_A_MINUTE)}


def test_address_and_packages_are_those_of_makefile_and_lesson():
    port = re.search(r"^PORT \?= (\d+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)[1]
    assert f"http://127.0.0.1:{port}" in README
    lesson = nbformat.read(lessons()[0], as_version=4)
    printed = "\n".join(shown(cell.get("outputs", [])) for cell in lesson.cells)
    said = re.search(r"Your machine is ready: Python and \d+ packages are as tested", printed)[0]
    assert said in SETUP
    place = next(n for n, cells in enumerate(sections(lesson)) if "check_machine()" in code(cells))
    guide = (ROOT / "docs" / "instructors_guide.md").read_text(encoding="utf-8")
    for text, sentence in [
        (HELP, f"run section {place} of [00 Start here]"),
        (SETUP, f"Run All Cells**. Under section {place} it should say"),
        (SETUP, f"Run All Cells*. Under section {place} it should say"),
        (guide, f"when the line of section {place} names"),
    ]:
        assert sentence in text


def test_how_much_of_a_table_plays_the_future_is_what_the_lesson_takes():
    lesson = code(nbformat.read(lessons()[11], as_version=4).cells)
    assert "min(N_NEW, len(table.y) // 4)" in lesson
    adapt = (ROOT / "docs" / "adapt.md").read_text(encoding="utf-8")
    assert "which play the future; a quarter of the table at most" in adapt
