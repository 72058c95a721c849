"""A copy of the notebooks as they are in the repository, without what running them has left."""

import shutil
from pathlib import Path

from notebook_form import ROOT

MADE_BY_LESSONS = [".ipynb_checkpoints", "models", "first_model.zip", "experiments*.jsonl"]
MADE_BY_LESSONS += ["recipe.keras", "recipe_scores.png", "my_work", "my_models"]


def copy_notebooks(folder):
    """Copy the notebooks and the files that they read; return the copy's folder."""
    copy = Path(folder) / "notebooks"
    shutil.copytree(ROOT / "notebooks", copy, ignore=shutil.ignore_patterns(*MADE_BY_LESSONS))
    return copy
