"""Each built slide fits a 16:9 screen in readable letters, and asks nothing from elsewhere."""

import nbformat
import pytest
from lab import SECONDS
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from notebook_form import ROOT, lessons
from slides import main as make_slides
from teaching_times import taught

from conftest import SCREENSHOTS

pytestmark = pytest.mark.browser

SLIDES = ROOT / "build" / "slides"
TAUGHT = [path.stem for path in lessons() if path.name[:2] in taught()]
SMALLEST = 13  # pixels of 720: the smallest letters that a full slide may shrink to
# What reaches beyond the slide, or beyond its own frame
TOO_LARGE = """() => {
  const slide = Reveal.getCurrentSlide(), { width, height } = Reveal.getConfig();
  const blocks = [...slide.querySelectorAll('pre, .output, p, mjx-container')];
  const wide = blocks.filter(b => b.scrollWidth > b.clientWidth + 1 && b.offsetParent);
  return wide.map(b => `${b.tagName}: ${b.textContent.slice(0, 40)}`)
    .concat(slide.scrollHeight > height ? [`${slide.scrollHeight} pixels high`] : [])
    .concat(slide.scrollWidth > width ? [`${slide.scrollWidth} pixels wide`] : []);
}"""
PLACES = "() => Reveal.getSlides().map(s => [Reveal.getIndices(s).h, Reveal.getIndices(s).v || 0])"
FONT = "() => parseFloat(getComputedStyle(Reveal.getCurrentSlide()).fontSize)"


def open_deck(page, path):
    """Open a deck on a 16:9 screen; return what it asks from elsewhere, and what fails, so far."""
    elsewhere, errors = [], []
    page.on("request", lambda r: r.url.startswith("http") and elsewhere.append(r.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(path.as_uri())
    page.wait_for_function("() => window.Reveal?.isReady()", timeout=30 * SECONDS)
    return elsewhere, errors


def turn_pages(page, pictures):
    """Show each slide in turn; yield its number, the size of its letters and what is too large."""
    for number, (h, v) in enumerate(page.evaluate(PLACES), 1):
        page.evaluate("([h, v]) => Reveal.slide(h, v, Infinity)", [h, v])  # with all fragments
        page.wait_for_timeout(300)  # until it has been fitted
        page.screenshot(path=f"{pictures}_{number:02}.png")
        yield number, page.evaluate(FONT), page.evaluate(TOO_LARGE)


@pytest.mark.parametrize("name", TAUGHT)
def test_each_slide_fits_the_screen(page, name):
    path = SLIDES / f"{name}.html"
    if not path.exists():
        pytest.skip("build/slides is missing: run `make slides`")
    elsewhere, errors = open_deck(page, path)
    pictures = SCREENSHOTS / "slides"
    pictures.mkdir(parents=True, exist_ok=True)
    slides = list(turn_pages(page, pictures / name))
    assert len(slides) > 8
    assert [slide for slide in slides if slide[1] < SMALLEST or slide[2]] == []
    assert elsewhere == [] and errors == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [("\n".join(["x = 1"] * 100), "pixels high"), (f"x = '{'long' * 60}'", "PRE: x = 'long")],
)
def test_a_slide_that_is_too_large_is_found(page, tmp_path, text, fault):
    cells = [new_markdown_cell("# 01. A small slide"), new_markdown_cell("## 1. A large one")]
    nb = new_notebook(cells=[*cells, new_code_cell(text, id="01-large")])
    nbformat.write(nb, tmp_path / "01_small.ipynb")
    make_slides([str(tmp_path / "01_small.ipynb")], build=tmp_path)
    open_deck(page, tmp_path / "01_small.html")
    small, large = turn_pages(page, tmp_path / "slide")
    assert small[1] >= SMALLEST and small[2] == []
    assert any(fault in found for found in large[2])
