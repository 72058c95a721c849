"""Run notebooks again, in place, and write them in one normal form.

Usage: python tools/execute_notebooks.py [NOTEBOOK ...]      (none given: all of them)

Running a notebook twice gives the same bytes, so that a diff shows only what has really changed.
A notebook that fails is left as it was. Experiment logs start empty, in a folder that is removed
afterwards: yours, beside the notebooks, are neither shown nor changed.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

ROOT = Path(__file__).resolve().parent.parent
CELL_TIMEOUT = 300  # seconds; as in pyproject.toml's options for nbval
METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}
# What the lessons say about a cell: its tags, what is folded away, alternative texts for the site,
# its place among slides. Whatever else an editor remembers about a cell is its own affair.
CELL_METADATA = ("jupyter", "mystnb", "slideshow", "tags")
WIDGET = "application/vnd.jupyter.widget-view+json"


def find_notebooks(root=ROOT):
    """Return all notebooks of the workshop in order, without checkpoints and a reader's copies."""
    paths = (root / "notebooks").rglob("*.ipynb")
    return sorted(
        path
        for path in paths
        if ".ipynb_checkpoints" not in path.parts and "-Copy" not in path.name
    )


def normalise(notebook):
    """Bring a notebook into its normal form, in place, and return it."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict(
            {key: cell.metadata[key] for key in CELL_METADATA if cell.metadata.get(key)}
        )
        if cell.cell_type == "code":
            cell.outputs = _normal_outputs(cell.outputs)
    return notebook


def _normal_outputs(outputs):
    """Merge neighboring streams; drop widgets, dead without their kernel, and emptied displays."""
    merged = []
    for output in outputs:
        if "data" in output and (not output.data or WIDGET in output.data):
            continue
        last = merged[-1] if merged else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            merged.append(output)
    return merged


def execute(path):
    """Run one notebook from a fresh kernel; return None, or a message saying what failed where."""
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
        return f"not a valid notebook: {str(error).splitlines()[0]}"
    started = []  # the numbers of the cells that have been started: the last is the one that failed
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=CELL_TIMEOUT,
        record_timing=False,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # its advice on transport is for servers
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_start=lambda cell, cell_index: started.append(cell_index),
    )
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    try:
        with tempfile.TemporaryDirectory() as folder:
            client.execute(env={**os.environ, "EXPERIMENT_LOG_FOLDER": folder})
    except CellExecutionError as error:
        problem = f"{error.ename}: {error.evalue}"
    except CellTimeoutError:
        problem = f"took more than {CELL_TIMEOUT} seconds"
    except DeadKernelError:
        problem = "the kernel died; was there not enough memory?"
    else:
        _write(path, normalise(notebook))
        return None
    number = started[-1]
    first_line = notebook.cells[number].source.strip().splitlines()[0]
    return f"cell {number + 1}, `{first_line}`, failed: {problem}"


def _write(path, notebook):
    """Replace the file at once or not at all, and only if it changes."""
    nbformat.validate(notebook)
    text = nbformat.writes(notebook) + "\n"
    if text == path.read_text(encoding="utf-8"):
        return
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    os.replace(temporary, path)


def main(arguments):
    """Run the notebooks named, or all; return the exit status."""
    paths = [Path(name).resolve() for name in arguments] or find_notebooks()
    failed = 0
    for path in paths:
        name = os.path.relpath(path, ROOT)
        if not path.is_file():
            print(f"{name}: no such notebook", file=sys.stderr)
            failed += 1
            continue
        start = time.perf_counter()
        problem = execute(path)
        seconds = time.perf_counter() - start
        if problem:
            print(f"{name}: {problem}\n  The file is left as it was.", file=sys.stderr)
            failed += 1
        else:
            print(f"{name}: {seconds:.1f} s", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
