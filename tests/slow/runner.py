"""Run a copy of a notebook in a kernel of its own: cell by cell, in any order, as a learner does.

The copy lies in a temporary folder, together with the files that the lessons read. So nothing of
the user's changes: no notebook, no saved model, no log of experiments. The kernels import the
`helpers` of this checkout.
"""

import contextlib
import os
import re

import nbformat
from execute_notebooks import WIDGET
from jupyter_client.manager import start_new_kernel
from nbformat.v4 import output_from_msg
from notebook_form import ROOT, tags

CELL_TIMEOUT = 900  # seconds; generous, since two notebooks run at a time


class Session:
    """One kernel and the cells of one notebook.

    The kernel is talked to directly: nbclient, which knows more, sometimes waits for a reply that
    has long come if a cell holds a widget (its issue 312).

    Attributes
    ----------
    cells : list of nbformat.NotebookNode
        All cells, also those of text; their outputs are those of the last run.
    committed : list of str
        What each cell showed in the file.
    code : list of int
        The places of the code cells.
    """

    def __init__(self, path):
        self.folder = path.parent
        self.cells = nbformat.read(path, as_version=4).cells
        self.committed = [shown(cell) for cell in self.cells]
        self.code = [place for place, cell in enumerate(self.cells) if cell.cell_type == "code"]

    @contextlib.contextmanager
    def kernel(self):
        """Keep a kernel running inside a `with` block."""
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        environment["EXPERIMENT_LOG_FOLDER"] = ""  # logs lie beside the copy, as a learner's do
        quiet = ["--IPKernelApp.log_level=ERROR"]
        manager, self.client = start_new_kernel(
            kernel_name="python3", extra_arguments=quiet, cwd=self.folder, env=environment
        )
        try:
            yield self
        finally:
            self.client.stop_channels()
            manager.shutdown_kernel(now=True)

    def run(self, place):
        """Run one cell; return what it shows as text, and its error in words ('' if none)."""
        cell = self.cells[place]
        cell.outputs = []

        def keep(message):
            if message["msg_type"] in ("stream", "display_data", "execute_result", "error"):
                cell.outputs.append(output_from_msg(message))

        self.client.execute_interactive(
            cell.source,
            allow_stdin=False,
            stop_on_error=False,  # so that one run tells all that is wrong
            timeout=CELL_TIMEOUT,
            output_hook=keep,
        )
        return shown(cell), problem(cell)


def shown(cell):
    """Return what a code cell shows as text; pictures, widgets and places in memory don't count.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_output
    >>> text = new_output("stream", name="stdout", text="<A at 0x7f00aa10>\\n")
    >>> shown(new_code_cell(outputs=[text]))
    '<A at 0x…>'
    """
    texts = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        if output.output_type == "stream":
            texts.append(output.text)
        elif "text/plain" in data and WIDGET not in data:
            texts.append(data["text/plain"] + "\n")
    return re.sub(r"0x[0-9a-f]{6,}", "0x…", "".join(texts)).strip()


def problem(cell):
    """Return the error that a cell shows without being meant to, in words; '' if there is none."""
    if "raises-exception" in tags(cell):
        return ""
    errors = [output for output in cell.outputs if output.output_type == "error"]
    return "".join(f"{error.ename}: {error.evalue}" for error in errors)


def comparable(cell):
    """Tell whether a cell promises to show the same text each time."""
    return "nbval-ignore-output" not in tags(cell)
