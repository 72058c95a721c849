"""Lessons run in JupyterLab in a real browser, and can be stopped and carried on.

Every lesson runs as a test without a browser, too; here are those that ask most of JupyterLab.
"""

import pytest
from lab import IDLE, NOTEBOOK, SECONDS, cells, choose, wait_until_done
from notebook_form import lessons

pytestmark = pytest.mark.browser


def problems(page):
    """Name the cells that show an error or have not run."""
    return [
        (cell["id"], *cell["errors"])
        for cell in cells(page)
        if cell["errors"] or cell["count"] is None
    ]


# The first one; a command started in a cell; thousands of steps of a progress bar; other processes.
IN_BROWSER = ("00", "11", "14", "15")


@pytest.mark.parametrize("name", [p.name for p in lessons() if p.name.startswith(IN_BROWSER)])
def test_lesson_runs(lab, page, name):
    lab.open(page, name)
    choose(page, "Run", "runmenu:run-all")
    wait_until_done(page)
    assert problems(page) == []


def test_a_run_that_was_stopped_can_be_carried_on(lab, page):
    lab.open(page, "03_evaluation.ipynb")
    (long,) = [cell for cell in cells(page) if cell["id"] == "03-loop"]
    choose(page, "Run", "runmenu:restart-and-run-all")
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    is_running = f"""() => {NOTEBOOK}.model.cells.get({long["place"]}).executionState === 'running'
      || {NOTEBOOK}.widgets[{long["place"]}].node.textContent.includes('[*]')"""
    before = [cell["id"] for cell in cells(page) if cell["place"] < long["place"]]
    page.wait_for_function(
        f"""before => {NOTEBOOK}.model.sharedModel.cells
          .filter(cell => before.includes(cell.id)).every(cell => cell.execution_count !== null)
          && ({is_running})()""",
        arg=before,
        timeout=600 * SECONDS,
    )
    page.wait_for_timeout(2 * SECONDS)  # into the middle of the training
    stop = page.locator('.jp-NotebookPanel-toolbar [data-command="notebook:interrupt-kernel"]')
    stop.click()
    page.wait_for_timeout(3 * SECONDS)
    if not page.locator(IDLE).count():  # Python drops an interrupt that meets it in a destructor:
        stop.click()  # press again, as one would
    page.wait_for_selector(IDLE, timeout=180 * SECONDS)

    for _ in range(100):  # the kernel's last messages may be shown a moment after it is idle
        stopped = {cell["id"]: cell["errors"] for cell in cells(page) if cell["errors"]}
        if stopped:
            break
        page.wait_for_timeout(0.1 * SECONDS)
    assert list(stopped) == [long["id"]]
    assert stopped[long["id"]][0].startswith("KeyboardInterrupt")
    assert cells(page)[-1]["count"] is None

    page.evaluate(f"() => {{ {NOTEBOOK}.activeCellIndex = {long['place']} }}")
    choose(page, "Run", "notebook:run-all-below")
    page.wait_for_selector(IDLE.replace("idle", "busy"), timeout=60 * SECONDS)
    wait_until_done(page)
    assert problems(page) == []
