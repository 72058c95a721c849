"""The lines for a bug report say what someone else needs to know, and nothing private."""

import platform
from pathlib import Path

import pandas as pd
import pytest

from helpers.teaching import check_environment, describe_environment

TABLE = pd.DataFrame(
    {
        "package": ["python", "numpy", "keras", "tqdm"],
        "installed": ["3.12.4", "2.0", "3.15.1", "−"],
        "pinned": [">=3.11, <3.14", "2.4.6", "3.15.1", "4.0"],
        "verdict": ["OK", "another version: …", "OK", "missing: …"],
    }
)


def test_there_is_a_line_a_package_and_versions_that_differ_stand_out():
    assert describe_environment(TABLE).splitlines()[1:] == [
        "python 3.12.4",
        "numpy 2.0 (tested with 2.4.6)",
        "keras 3.15.1",
        "tqdm − (tested with 4.0)",
    ]


@pytest.mark.parametrize(
    ("system", "named"),
    [("Darwin", "macOS 15.1"), ("Windows", "Windows 11"), ("Linux", "Ubuntu 24.04")],
)
def test_the_system_is_named_with_its_version(monkeypatch, system, named):
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "release", lambda: "11")
    monkeypatch.setattr(platform, "mac_ver", lambda: ("15.1", (), ""))
    release = {"PRETTY_NAME": "Ubuntu 24.04"}
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: release)
    assert describe_environment(TABLE).startswith(f"system: {named}, {platform.machine()}, ")


def test_a_linux_that_does_not_say_its_name_is_no_problem(monkeypatch):
    def fail():
        raise OSError

    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "freedesktop_os_release", fail)
    assert describe_environment(TABLE).startswith("system: Linux, ")


def test_it_names_no_folder_of_yours():
    text = describe_environment(check_environment())
    assert len(text.splitlines()) == len(check_environment()) + 1
    assert str(Path.home()) not in text
