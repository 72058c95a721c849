"""The set-up installs once, notices changes, mends what was cut short, and says what is missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="make and sh are not used there")

ROOT = Path(__file__).resolve().parents[2]
INPUTS = ["requirements.txt", "constraints.txt", "pyproject.toml"]

# Answers as Python would, without its cost: {version} and {note} are what tools/find_python.sh
# asks for; making .venv puts a copy of itself there; installing is only written down.
FAKE_PYTHON = """#!/bin/sh
case "$*" in
    *ensurepip*) echo "{version} {note} $0" ;;
    *base_prefix*) echo "{version}" ;;
    *version_info*) echo "{version}" ;;
    "-m venv .venv") mkdir -p .venv/bin; cp "$0" .venv/bin/python; echo venv >>log ;;
    "-m pip"*) echo pip >>log; echo "$*" >>asked; [ ! -e offline ] || exit 1 ;;
    *) exit 9 ;;
esac
"""


@pytest.fixture
def folder(tmp_path):
    """Return a folder, with a space in its name, with the scripts and what they read."""
    folder = tmp_path / "a workshop"
    (folder / "bin").mkdir(parents=True)
    shutil.copytree(ROOT / "tools", folder / "tools")
    for name in INPUTS:
        (folder / name).write_text(name, encoding="utf-8")
    for command in ["sh", "cat", "rm", "mkdir", "cp", "dirname"]:
        (folder / "bin" / command).symlink_to(shutil.which(command))
    return folder


def add_python(folder, name="python3.12", version="3.12", note="ok"):
    """Put a Python on the path."""
    path = folder / "bin" / name
    path.write_text(FAKE_PYTHON.format(version=version, note=note), encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def setup(folder, *arguments, **environment):
    """Run the set-up; return its exit status, what it did (each word once) and what it said."""
    log = folder / "log"
    log.write_text("", encoding="utf-8")
    result = subprocess.run(
        ["sh", "tools/setup.sh", *arguments],
        cwd=folder,
        env={**os.environ, "WHEELHOUSE": "", **environment, "PATH": str(folder / "bin")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    did = list(dict.fromkeys(log.read_text(encoding="utf-8").split()))
    return result.returncode, did, result.stdout + result.stderr


def test_a_second_call_does_nothing_and_says_nothing(folder):
    add_python(folder)
    assert setup(folder)[:2] == (0, ["venv", "pip"])
    assert setup(folder) == (0, [], "")


@pytest.mark.parametrize("name", INPUTS)
def test_changed_requirements_are_installed_but_new_file_times_are_not(folder, name):
    add_python(folder)
    setup(folder)
    (folder / name).touch()
    assert setup(folder)[1] == []
    (folder / name).write_text("changed", encoding="utf-8")
    assert setup(folder)[:2] == (0, ["pip"])


def test_a_set_up_that_was_killed_is_done_again(folder):
    add_python(folder)
    setup(folder)
    (folder / ".venv" / "unfinished").touch()
    assert setup(folder)[:2] == (0, ["venv", "pip"])


def test_two_set_ups_do_not_get_into_each_others_way(folder):
    add_python(folder)
    setup(folder)
    (folder / ".venv" / "unfinished").write_text(str(os.getpid()), encoding="utf-8")
    status, did, said = setup(folder)
    assert (status != 0, did) == (True, [])
    assert "Another make" in said


def test_a_lost_python_is_replaced(folder):
    add_python(folder)
    setup(folder)
    (folder / ".venv" / "bin" / "python").unlink()
    (folder / ".venv" / "bin" / "python").symlink_to("/nonexistent/python")
    assert setup(folder)[:2] == (0, ["venv", "pip"])


def test_another_python_makes_another_venv_and_stays(folder):
    add_python(folder)
    setup(folder)
    other = add_python(folder, "other python", version="3.13")
    assert setup(folder, other)[:2] == (0, ["venv", "pip"])
    assert setup(folder, other)[1] == []
    assert setup(folder)[1] == []


def test_a_wrong_choice_of_python_leaves_venv_alone(folder):
    add_python(folder)
    setup(folder)
    status, did, said = setup(folder, add_python(folder, "old", version="3.9"))
    assert (status != 0, did) == (True, [])
    assert "is Python 3.9" in said
    assert setup(folder)[1] == []


def test_without_a_network_it_says_so_and_keeps_what_was_there(folder):
    add_python(folder)
    setup(folder)
    (folder / "requirements.txt").write_text("changed", encoding="utf-8")
    (folder / "offline").touch()
    status, did, said = setup(folder)
    assert (status != 0, did) == (True, ["pip"])
    assert "HTTPS_PROXY" in said
    (folder / "offline").unlink()
    assert setup(folder)[:2] == (0, ["pip"])


@pytest.mark.parametrize(
    ("python", "message"),
    [
        ({}, "no Python at all"),
        ({"version": "3.9"}, "python3: is Python 3.9, too old"),
        ({"version": "3.14"}, "python3: is Python 3.14, too new"),
        ({"note": "no-venv"}, "sudo apt install python3.12-venv"),
        ({"note": "intel-mac"}, "Apple silicon"),
    ],
)
def test_without_a_fitting_python_it_says_what_to_do(folder, python, message):
    if python:
        add_python(folder, "python3", **python)
    status, did, said = setup(folder)
    assert (status != 0, did) == (True, [])
    assert message in said
    assert "make lab PYTHON=/path/to/python3.12" in said


def test_a_python_that_does_not_run_is_passed_over(folder):
    broken = folder / "bin" / "python3.12"
    broken.write_text("#!/bin/sh\necho 'command not found' >&2\nexit 127\n", encoding="utf-8")
    broken.chmod(0o755)
    add_python(folder, "python3", version="3.11")
    assert setup(folder)[:2] == (0, ["venv", "pip"])


def test_from_a_wheelhouse_no_network_is_asked(folder):
    add_python(folder)
    (folder / "my wheels").mkdir()
    assert setup(folder, WHEELHOUSE="my wheels")[:2] == (0, ["venv", "pip"])
    asked = (folder / "asked").read_text(encoding="utf-8").splitlines()
    assert asked
    assert [line for line in asked if "--no-index --find-links my wheels " not in line] == []


def test_a_wheelhouse_that_is_not_there_is_refused_before_anything_is_done(folder):
    add_python(folder)
    status, did, said = setup(folder, WHEELHOUSE="nowhere")
    assert (status != 0, did) == (True, [])
    assert "WHEELHOUSE=nowhere is no folder" in said
