"""Each built slide fits a 16:9 screen in readable letters, and asks nothing from elsewhere."""

import pytest
from lab import SECONDS
from notebook_form import ROOT, lessons

from conftest import SCREENSHOTS

pytestmark = pytest.mark.browser

SLIDES = ROOT / "build" / "slides"
CORE = [path.stem for path in lessons()[1:5]]
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


@pytest.mark.parametrize("name", CORE)
def test_each_slide_fits_the_screen(page, name):
    path = SLIDES / f"{name}.html"
    if not path.exists():
        pytest.skip("build/slides is missing: run `make slides`")
    elsewhere, errors = [], []
    page.on("request", lambda r: r.url.startswith("http") and elsewhere.append(r.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(path.as_uri())
    page.wait_for_function("() => window.Reveal?.isReady()", timeout=30 * SECONDS)
    pictures = SCREENSHOTS / "slides"
    pictures.mkdir(parents=True, exist_ok=True)
    found = []
    for number, (h, v) in enumerate(page.evaluate(PLACES), 1):
        page.evaluate("([h, v]) => Reveal.slide(h, v, Infinity)", [h, v])  # with all fragments
        page.wait_for_timeout(300)  # until it has been fitted
        too_large, font = page.evaluate(TOO_LARGE), page.evaluate(FONT)
        if too_large or font < SMALLEST:
            found.append((number, font, *too_large))
        page.screenshot(path=pictures / f"{name}_{number:02}.png")
    assert number > 10
    assert found == []
    assert elsewhere == [] and errors == []
