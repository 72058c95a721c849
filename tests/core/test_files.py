"""A file is written whole or not at all."""

import os

import pytest

from helpers import _files
from helpers._files import whole_file


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    return path


def test_a_file_is_replaced_once_it_is_written(path):
    with whole_file(str(path)) as written:
        written.with_name("beside").write_text("gone in the end")
        written.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(path.parent.iterdir()) == [path]


def test_what_another_program_has_written_meanwhile_stays(tmp_path):
    path = tmp_path / "new.txt"
    with (
        pytest.raises(FileExistsError, match=r"new\.txt has been written"),
        whole_file(path, overwrite=False) as written,
    ):
        written.write_text("ours")
        path.write_text("theirs")
    assert path.read_text() == "theirs"


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_failure_leaves_the_old_file_and_nothing_else(path, error):
    with pytest.raises(type(error)), whole_file(path) as written:
        written.write_text("half")
        raise error
    assert path.read_text() == "old"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("failures", [1, 3, 4])
def test_a_file_that_somebody_reads_is_replaced_a_moment_later(path, failures, monkeypatch):
    replace, waits = os.replace, []

    def busy(*paths):
        if len(waits) < failures:
            raise PermissionError("in use")
        replace(*paths)

    monkeypatch.setattr(_files.os, "replace", busy)
    monkeypatch.setattr(_files.time, "sleep", waits.append)
    if failures > 3:
        with pytest.raises(PermissionError, match="in use"), whole_file(path) as written:
            written.write_text("new")
    else:
        with whole_file(path) as written:
            written.write_text("new")
    assert path.read_text() == ("old" if failures > 3 else "new")
    assert list(path.parent.iterdir()) == [path]
