"""How `make lab` starts JupyterLab; what stands in LAB_ARGS wins over it."""

import os
from pathlib import Path

c = get_config()  # noqa: F821  # JupyterLab defines it

c.ServerApp.ip = "127.0.0.1"  # this machine only
c.ServerApp.root_dir = str(Path(__file__).resolve().parents[2])
c.LabApp.default_url = "/lab/tree/notebooks/00_start_here.ipynb"
# In a container, root is the usual user.
c.ServerApp.allow_root = hasattr(os, "geteuid") and os.geteuid() == 0


def drop_emptied_displays(model, **kwargs):
    """Leave out of the saved file what a progress bar emptied when it was done."""
    if model["type"] == "notebook" and model["content"]:
        for cell in model["content"]["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"] = [out for out in cell["outputs"] if out.get("data") != {}]


c.ContentsManager.pre_save_hook = drop_emptied_displays
