"""Each lesson runs in JupyterLab in a real browser, and its widgets follow the keyboard."""

import pytest
from lab import IDLE, NOTEBOOK, SECONDS, cells, choose, show_cell, wait_until_done
from notebook_form import lessons

pytestmark = pytest.mark.browser

# All that a cell shows and a slider may change: pictures and text, without the slider's own number
SHOWN = """cell => [
  ...[...cell.querySelectorAll('img')].map(image => image.src),
  ...[...cell.querySelectorAll('.jp-RenderedText, .jp-RenderedHTMLCommon')].map(e => e.textContent),
].join('\\n')"""


def problems(page):
    """Name the cells that show an error or have not run."""
    return [
        (cell["id"], *cell["errors"])
        for cell in cells(page)
        if cell["errors"] or cell["count"] is None
    ]


@pytest.mark.parametrize("name", [path.name for path in lessons()])
def test_lesson_runs_and_its_sliders_move(lab, page, name):
    lab.open(page, name)
    choose(page, "Run", "runmenu:run-all")
    wait_until_done(page)
    assert problems(page) == []
    for cell in cells(page):
        if cell["widgets"]:
            move_sliders(page, cell)


def move_sliders(page, cell):
    """Move each slider of a cell by one step; what the cell shows must follow."""
    drawn = show_cell(page, cell["place"])
    sliders = drawn.get_by_role("slider")
    sliders.first.wait_for(timeout=60 * SECONDS)
    page.wait_for_selector(IDLE, timeout=180 * SECONDS)
    for number in range(sliders.count()):
        slider = sliders.nth(number)
        before, value = drawn.evaluate(SHOWN), slider.get_attribute("aria-valuenow")
        assert before, f"{cell['id']} shows nothing beside its sliders"
        at_the_end = float(value) >= float(slider.get_attribute("aria-valuemax"))
        slider.focus()
        page.keyboard.press("ArrowLeft" if at_the_end else "ArrowRight")
        page.wait_for_function(
            f"before => ({SHOWN})({NOTEBOOK}.widgets[{cell['place']}].node) !== before",
            arg=before,
            timeout=120 * SECONDS,
        )
        assert slider.get_attribute("aria-valuenow") != value
        page.wait_for_selector(IDLE, timeout=180 * SECONDS)


def test_there_are_lessons_with_sliders():
    texts = [path.read_text(encoding="utf-8") for path in lessons()]
    assert any("interact(" in text for text in texts)


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
