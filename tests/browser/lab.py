"""A JupyterLab of its own, on a copy of the notebooks, and how to drive it in a browser.

What a notebook shows is asked from JupyterLab's model of it, not from the page: the page draws
late, and only what can be seen.
"""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
from notebook_copy import copy_notebooks
from notebook_form import ROOT

SECONDS = 1000  # playwright counts in milliseconds

PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
IDLE = f'{PANEL} .jp-Notebook-ExecutionIndicator[data-status="idle"]'
CURRENT = "window.jupyterapp?.shell?.currentWidget?.content"  # nothing yet while it opens
NOTEBOOK = "window.jupyterapp.shell.currentWidget.content"
# The indicator says idle before there is a kernel, and cells that are run then are not run at all.
CONNECTED = """() => {
  const kernel = window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel;
  return kernel?.connectionStatus === 'connected' && kernel.status === 'idle' }"""
# Of each code cell: place, id, source, count (null: not run), errors
CELLS = f"""() => {NOTEBOOK}.model.sharedModel.cells
  .map((cell, place) => ({{cell, place}}))
  .filter(({{cell}}) => cell.cell_type === 'code' && cell.source.trim())
  .map(({{cell, place}}) => ({{
    place, id: cell.id, source: cell.source, count: cell.execution_count,
    errors: cell.outputs.filter(o => o.output_type === 'error')
      .map(o => `${{o.ename}}: ${{o.evalue}}`),
  }}))"""
DONE = f"""() => {{ const cells = ({CELLS})();
  return cells.every(c => c.count !== null) || cells.some(c => c.errors.length) }}"""


class Lab:
    """A running JupyterLab, on loopback only and with a token; use it in a `with` block."""

    def __init__(self, folder):
        self.folder = folder
        self.token = secrets.token_hex(16)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def __enter__(self):
        copy_notebooks(self.folder)
        command = [sys.executable, "-m", "jupyterlab", "--no-browser"]
        command += [f"--ServerApp.port={self.port}"]
        command += ["--ServerApp.port_retries=0"]
        command += [f"--ServerApp.root_dir={self.folder}", "--LabApp.expose_app_in_browser=True"]
        command += [f"--LabApp.user_settings_dir={self.folder / 'settings'}"]
        command += [f"--LabApp.workspaces_dir={self.folder / 'workspaces'}"]
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        # The token is not on the command line, where every user of the machine could read it.
        own = {"JUPYTER_CONFIG_PATH": str(ROOT / "tools" / "jupyter")}  # as `make lab` has it
        own |= {"PYTHONPATH": os.pathsep.join(paths), "JUPYTER_TOKEN": self.token}
        own["EXPERIMENT_LOG_FOLDER"] = ""  # logs lie beside the copy, as a learner's do
        environment = {**os.environ, **own}
        self.log = (self.folder / "lab.log").open("w")
        self.process = subprocess.Popen(
            command, stdout=self.log, stderr=subprocess.STDOUT, env=environment
        )
        self._wait()
        return self

    def __exit__(self, *error):
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()

    def _wait(self):
        """Wait until the server answers."""
        url = f"http://127.0.0.1:{self.port}/api/status?token={self.token}"
        for _ in range(480):
            try:
                return urllib.request.urlopen(url, timeout=2)
            except OSError:
                time.sleep(0.25)
        raise TimeoutError(f"JupyterLab does not answer: see {self.folder / 'lab.log'}")

    def open(self, page, name):
        """Open a notebook, wait for its kernel, and clear what the cells show."""
        base = f"http://127.0.0.1:{self.port}"
        page.goto(f"{base}/lab/tree/notebooks/{name}?reset&token={self.token}")
        expected = len(nbformat.read(self.folder / "notebooks" / name, as_version=4).cells)
        page.wait_for_function(
            f"expected => {CURRENT}?.model?.sharedModel?.cells?.length === expected",
            arg=expected,
            timeout=180 * SECONDS,
        )
        page.wait_for_function(CONNECTED, timeout=180 * SECONDS)
        page.wait_for_selector(IDLE, timeout=180 * SECONDS)
        page.evaluate("() => window.jupyterapp.commands.execute('editmenu:clear-all')")


def cells(page):
    """Return what JupyterLab knows about the code cells."""
    return page.evaluate(CELLS)


def choose(page, menu, command):
    """Choose a command from a menu."""
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.locator(f'.lm-Menu [data-command="{command}"]').click()


def wait_until_done(page):
    """Wait until all cells have run or one has failed, and the kernel rests."""
    page.wait_for_function(DONE, timeout=900 * SECONDS)
    page.wait_for_selector(IDLE, timeout=180 * SECONDS)
