"""`make lab`: our defaults, over which a user's options win."""

import json
import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import MagicMock

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

ROOT = Path(__file__).resolve().parents[2]


def test_what_a_user_asks_for_wins_over_our_defaults():
    command = [sys.executable, "-m", "jupyterlab", "--ip=0.0.0.0", "--show-config-json"]
    own = {"JUPYTER_CONFIG_PATH": str(ROOT / "tools" / "jupyter")}
    shown = subprocess.run(
        command, env=os.environ | own, capture_output=True, text=True, check=True
    ).stdout
    settings = json.loads(shown[shown.index("{") :])
    assert settings["ServerApp"]["ip"] == "0.0.0.0"
    assert settings["ServerApp"]["root_dir"] == str(ROOT)
    assert settings["LabApp"]["default_url"].endswith("notebooks/00_start_here.ipynb")


def test_what_a_progress_bar_emptied_is_not_saved():
    source = (ROOT / "tools" / "jupyter" / "jupyter_lab_config.py").read_text(encoding="utf-8")
    config = MagicMock()
    exec(source, {"get_config": lambda: config, "__file__": str(ROOT / "a" / "b" / "c.py")})
    emptied = new_output("display_data", {})
    kept = [new_output("stream", text="1\n"), new_output("display_data", {"text/plain": "2"})]
    cells = [new_code_cell("f()", outputs=[emptied, *kept]), new_markdown_cell("text")]
    model = {"type": "notebook", "content": new_notebook(cells=cells)}
    config.ContentsManager.pre_save_hook(model=model, path="a.ipynb", contents_manager=None)
    assert model["content"].cells[0].outputs == kept
    for other in [{"type": "file", "content": "text"}, {"type": "notebook", "content": None}]:
        config.ContentsManager.pre_save_hook(model=other, path="b", contents_manager=None)
