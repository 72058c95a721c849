"""`make lab`: our defaults, over which a user's options win."""

import json
import os
import subprocess
import sys
from pathlib import Path

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
