"""Copy figures of README and lessons from the cells that draw them, so that they cannot differ."""

import base64
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
# Where each figure is kept, and the notebook and the cell that draw it.
FIGURES = {
    ROOT / "docs" / "fold_scores.png": ("03_evaluation.ipynb", "03-fold-scores"),
    ROOT / "docs" / "misread_digits.png": ("13_text_and_pictures.ipynb", "13-mistakes"),
    ROOT / "docs" / "scale.png": ("15_scale.ipynb", "15-ways"),
    ROOT / "docs" / "tuning_optimism.png": ("14_tuning.ipynb", "14-luck-figure"),
}


def picture(name, cell_id):
    """Return the picture that a notebook's cell shows, as the bytes of a PNG file."""
    notebook = nbformat.read(ROOT / "notebooks" / name, as_version=4)
    (cell,) = (cell for cell in notebook.cells if cell.id == cell_id)
    (image,) = (o.data["image/png"] for o in cell.outputs if "image/png" in o.get("data", {}))
    return base64.b64decode(image)


if __name__ == "__main__":
    for figure, place in FIGURES.items():
        figure.write_bytes(picture(*place))
