"""Copy the README's figure from the notebook that draws it, so that they cannot differ."""

import base64
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "notebooks" / "03_evaluation.ipynb"
CELL = "03-fold-scores"
FIGURE = ROOT / "docs" / "fold_scores.png"


def picture():
    """Return the picture that the cell shows, as the bytes of a PNG file."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    (cell,) = (cell for cell in notebook.cells if cell.id == CELL)
    (image,) = (o.data["image/png"] for o in cell.outputs if "image/png" in o.get("data", {}))
    return base64.b64decode(image)


if __name__ == "__main__":
    FIGURE.parent.mkdir(exist_ok=True)
    FIGURE.write_bytes(picture())
