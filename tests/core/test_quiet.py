"""What `helpers.quiet` looks at before it imports Keras."""

import os
import subprocess
import sys

import pytest

from helpers.quiet import _refuse_other_backends


def test_another_backend_in_the_environment_is_named_before_keras_misses_it():
    found = subprocess.run(
        [sys.executable, "-c", "import helpers.quiet"],
        env=os.environ | {"KERAS_BACKEND": "jax", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    assert found.stderr.splitlines()[-1].startswith(
        "ImportError: the environment variable KERAS_BACKEND names 'jax' as the backend of Keras"
    )


@pytest.mark.parametrize("backend", ["theano", "torch"])
def test_another_backend_in_the_file_of_keras_is_named(backend, tmp_path, monkeypatch):
    file = tmp_path / "keras.json"
    file.write_text(f'{{"backend": "{backend}"}}')
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    with pytest.raises(ImportError, match=rf"keras\.json names '{backend}' .*KERAS_BACKEND=tensor"):
        _refuse_other_backends()
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    _refuse_other_backends()


@pytest.mark.parametrize("text", ['{"backend": "tensorflow"}', "{}", "nothing", None])
def test_files_that_name_no_other_backend_are_fine(text, tmp_path, monkeypatch):
    if text is not None:
        (tmp_path / "keras.json").write_text(text)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    _refuse_other_backends()
