"""What `make wheelhouse` makes is enough to install everything, with no network at all."""

import os
import shutil
import subprocess
import sys

import pytest
import wheelhouse
from notebook_form import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="make and sh are not used there"),
]

NEEDED = ["helpers", "tools", "constraints.txt", "requirements.txt", "pyproject.toml"]
NEEDED += ["LICENSE", "README.md"]
NO_NETWORK = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_NO_CACHE_DIR": "1", "PYTHONPATH": ""}


@pytest.fixture
def folder(tmp_path):
    """Return a copy of what is needed to install; gigabytes are removed at the end."""
    folder = tmp_path / "a workshop"
    folder.mkdir()
    for name in NEEDED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    yield folder
    shutil.rmtree(tmp_path)


def test_everything_installs_from_a_wheelhouse_without_a_network(folder):
    wheels = folder.parent / "wheels"
    assert wheelhouse.main(wheels) == 0, "could not be filled: is there a network?"
    assert "make lab WHEELHOUSE=" in (wheels / "README.txt").read_text(encoding="utf-8")

    def run(*command, **environment):
        environment = {**os.environ, **NO_NETWORK, **environment}
        return subprocess.run(command, cwd=folder, env=environment, check=True)

    run("sh", "tools/setup.sh", sys.executable, WHEELHOUSE=str(wheels))
    python = str(folder / ".venv" / "bin" / "python")
    run(python, "-c", "from helpers.quiet import keras; import helpers.evaluation, jupyterlab")
    # As README says for Windows, where there is no setup.sh
    from_wheels = ["--no-index", "--find-links", str(wheels), "--requirement", "requirements.txt"]
    run(python, "-m", "pip", "install", *from_wheels)
