"""The environment check reads the pins, and says of each package what to do."""

import re
from importlib import metadata
from pathlib import Path

import nbformat
import pytest

from helpers.teaching import check_environment, check_machine, environment

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    "pyproject.toml": '[project]\nname = "w"\nrequires-python = ">=3.11,<3.14"\n',
    "requirements.txt": (
        "# why\n-c constraints.txt\n\nalpha  # the first\nBeta_Pack>=2  # the second\n"
        "gamma\nlegacy; python_version < '3'\n-e .\n"
    ),
    "constraints.txt": (
        "alpha==1.2 # via x\nbeta-pack==2.5\ngamma==0.1 ; python_version < '3'\n"
        "gamma==0.3 ; python_version >= '3'\nlegacy==1\nunasked==9\n"
    ),
}


@pytest.fixture
def root(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def install(monkeypatch):
    """Return a function that says which packages are installed, and which Python runs."""

    def pretend(python="3.12.4", **versions):
        def version(name):
            if name not in versions:
                raise metadata.PackageNotFoundError(name)
            return versions[name]

        monkeypatch.setattr(environment.metadata, "version", version)
        monkeypatch.setattr(environment.platform, "python_version", lambda: python)

    return pretend


def verdicts(root):
    return check_environment(root).set_index("package")["verdict"].to_dict()


def test_all_is_well(root, install):
    install(alpha="1.2", Beta_Pack="2.5", gamma="0.3")
    table = check_environment(root)
    assert table["package"].tolist() == ["python", "alpha", "Beta_Pack", "gamma"]
    assert table["installed"].tolist() == ["3.12.4", "1.2", "2.5", "0.3"]
    assert table["pinned"].tolist() == [">=3.11, <3.14", "1.2", "2.5", "0.3"]
    assert set(table["verdict"]) == {"OK"}


def test_each_verdict_says_what_to_do(root, install):
    install(alpha="1.3", Beta_Pack="1.9")
    assert verdicts(root) == {
        "python": "OK",
        "alpha": "another version: %pip install alpha==1.2",
        "Beta_Pack": "does not fit: %pip install Beta_Pack==2.5",
        "gamma": "missing: %pip install gamma==0.3",
    }


def test_a_local_build_of_the_pinned_version_is_ok(root, install):
    install(alpha="1.2+cpu", Beta_Pack="2.5", gamma="0.3")
    assert verdicts(root)["alpha"] == "OK"


@pytest.mark.parametrize("python", ["3.10.9", "3.14.0", "2.7.18"])
def test_an_unsupported_python_is_named(root, install, python):
    install(python, alpha="1.2", Beta_Pack="2.5", gamma="0.3")
    assert verdicts(root)["python"].startswith("install a Python that is >=3.11, <3.14")


@pytest.mark.parametrize("python", ["3.11.0", "3.13.9", "3.12.0rc1"])
def test_a_supported_python_is_ok(root, install, python):
    install(python)
    assert verdicts(root)["python"] == "OK"


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named_with_what_to_do(root, name):
    (root / name).unlink()
    with pytest.raises(FileNotFoundError, match=rf"{name}.*pip install -e \.") as caught:
        check_environment(root)
    assert str(root) not in str(caught.value)


def test_a_package_without_a_pin_only_has_to_fit(root, install):
    (root / "constraints.txt").write_text("", encoding="utf-8")
    install(alpha="7", Beta_Pack="1.0")
    table = check_environment(root).set_index("package")
    assert table.loc["alpha", "verdict"] == "OK"
    assert table.loc["alpha", "pinned"] == "any"
    assert table.loc["Beta_Pack", "verdict"] == "does not fit: %pip install Beta_Pack"
    assert table.loc["gamma", "verdict"] == "missing: %pip install gamma"


def test_it_reads_this_workshops_own_files_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    names = [re.match(r"[\w-]+", line)[0] for line in lines if re.match(r"\w", line)]
    table = check_environment()
    assert table["package"].tolist() == ["python", *names]
    assert table["pinned"].str[0].str.isdigit()[1:].all()


def test_one_line_if_all_is_well(root, install, capsys):
    install(alpha="1.2", Beta_Pack="2.5", gamma="0.3")
    assert check_machine(root) is None
    [line] = capsys.readouterr().out.splitlines()
    assert re.match(r"Your machine is ready: Python and 3 packages are as tested \(.+\)\.$", line)


def test_otherwise_a_table_of_what_differs_only(root, install, capsys):
    install(alpha="1.3", Beta_Pack="2.5")
    assert check_machine(root) is None
    printed = capsys.readouterr().out
    assert printed.startswith("2 of 4 differ from what was tested (")
    assert "another version: %pip install alpha==1.2" in printed, "whole, however long"
    assert "missing: %pip install gamma==0.3" in printed and "Beta_Pack" not in printed


def test_the_map_says_of_each_lesson_what_the_lesson_says_itself():
    notebooks = ROOT / "notebooks"
    text = nbformat.read(notebooks / "00_start_here.ipynb", as_version=4)
    cells = "\n".join(cell.source for cell in text.cells)
    rows = re.findall(r"^\| \W*(\d\d) .*\| (\d+) \| (\d+) \|$", cells, re.MULTILINE)
    said = {}
    for path in sorted(notebooks.glob("[0-9][0-9]_*.ipynb")):
        opening = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells[:4])
        times = re.search(r"\*\*Time\*\*\D*(\d+) minutes to read\D*(\d+) seconds to run", opening)
        assert times, f"{path.name} does not say how long it takes"
        said[path.name[:2]] = times.groups()
    assert {number: (minutes, seconds) for number, minutes, seconds in rows} == said
