"""The built site: no outside requests, no errors, no dead links, fit for phones and for all."""

import http.server
import threading
from functools import partial
from urllib.parse import urldefrag

import pytest
from lab import SECONDS
from notebook_form import ROOT, lessons

from conftest import SCREENSHOTS

pytestmark = pytest.mark.browser

SITE = ROOT / "build" / "site"
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
PAGES = [name for name in PAGES if not name.startswith(("_static/", "_modules/"))]
LESSON_PAGES = [f"notebooks/{path.stem}.html" for path in lessons()]
PHONE = {"width": 400, "height": 800}
# What reaches beyond the right edge of the window, and how wide the page is then
OVERFLOW = """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
  [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)
    .map(e => `${e.tagName.toLowerCase()}.${e.className}`).slice(0, 5)
    .concat(`the page is ${document.documentElement.scrollWidth} px wide`)"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serve files without a word for each."""

    def log_message(self, *arguments):
        """Say nothing."""


@pytest.fixture(scope="session")
def site():
    """Serve the site on loopback; return its address."""
    if not (SITE / "index.html").exists():
        pytest.skip("build/site is missing: run `make site`")
    handler = partial(Quiet, directory=SITE)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def complaints(page, site):
    """Collect what goes wrong on a page: errors, failed requests, requests to elsewhere."""
    found = []
    page.on("pageerror", lambda error: found.append(f"error: {error}"))
    page.on("console", lambda m: m.type == "error" and found.append(f"console: {m.text}"))
    page.on("response", lambda r: r.status >= 400 and found.append(f"{r.status}: {r.url}"))
    page.on(
        "request",
        lambda request: (
            request.url.startswith((site, "data:", "blob:"))
            or found.append(f"asks another host: {request.url}")
        ),
    )
    return found


def test_all_lessons_are_on_the_site(site):
    assert [name for name in LESSON_PAGES if name not in PAGES] == []


def test_pages_load_without_errors_and_their_links_lead_somewhere(site, page, complaints):
    links = {}
    for name in PAGES:
        page.goto(site + name, wait_until="load", timeout=120 * SECONDS)
        page.wait_for_load_state("networkidle", timeout=120 * SECONDS)
        for link in page.evaluate("() => [...document.links].map(link => link.href)"):
            links.setdefault(urldefrag(link).url, name)
    assert complaints == []
    ours = {link: name for link, name in links.items() if link.startswith(site)}
    assert len(ours) > len(LESSON_PAGES)
    dead = {link: name for link, name in ours.items() if page.request.get(link).status >= 400}
    assert dead == {}, "dead links, and a page that each is on"


def test_next_leads_from_lesson_to_lesson(site, page, complaints):
    page.goto(site + LESSON_PAGES[0])
    for name in LESSON_PAGES[1:]:
        page.locator("a.right-next").click()
        page.wait_for_url(site + name)
    assert complaints == []


def test_search_finds_threshold(site, page, complaints):
    page.goto(site + "index.html")
    page.wait_for_load_state("networkidle", timeout=120 * SECONDS)
    page.locator(".search-button__button:visible").first.click()
    page.locator("input[name=q]:visible").first.fill("threshold")
    page.keyboard.press("Enter")
    # Results come one by one, so it is not enough to look at those that are there first.
    page.locator("#search-results li a[href*='08_decisions']").first.wait_for(timeout=60 * SECONDS)
    assert complaints == []


def test_nothing_overflows_on_a_phone(site, page):
    page.set_viewport_size(PHONE)
    page.wait_for_timeout(0.5 * SECONDS)  # until the columns have moved
    wide = {}
    for name in PAGES:
        page.goto(site + name)
        page.wait_for_load_state("networkidle", timeout=120 * SECONDS)
        if overflow := page.evaluate(OVERFLOW):
            wide[name] = overflow
    assert wide == {}


def test_no_cell_of_a_lesson_scrolls_sideways_on_a_laptop(site, page):
    page.set_viewport_size({"width": 1280, "height": 900})
    wide = "() => [...document.querySelectorAll('.cell pre')].filter(WIDE).map(e => e.textContent)"
    for name in LESSON_PAGES:
        page.goto(site + name)
        page.wait_for_load_state("networkidle", timeout=120 * SECONDS)
        assert page.evaluate(OVERFLOW) == [], name
        assert page.evaluate(wide.replace("WIDE", "e => e.scrollWidth > e.clientWidth")) == [], name


def test_menu_of_colors_closes_by_a_choice_and_at_escape(site, page):
    page.goto(site + LESSON_PAGES[0])
    page.wait_for_load_state("networkidle", timeout=120 * SECONDS)
    menu = page.locator(".theme-switch-button:visible")
    dark = page.locator("button.dropdown-item", has_text="Dark")
    menu.click()
    dark.click()
    dark.wait_for(state="hidden")
    menu.click()
    dark.wait_for()
    page.keyboard.press("Escape")
    dark.wait_for(state="hidden")


@pytest.mark.parametrize("name", LESSON_PAGES)
def test_lesson_is_accessible(site, page, name):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page.goto(site + name)
    page.wait_for_load_state("networkidle", timeout=120 * SECONDS)
    faults = [
        f"{fault['impact']}: {fault['help']}, for instance {fault['nodes'][0]['html'][:200]}"
        for fault in axe.Axe().run(page).response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size(PHONE)
    page.wait_for_timeout(0.5 * SECONDS)  # until the columns have moved
    page.screenshot(path=SCREENSHOTS / f"phone_{page.url.rsplit('/')[-1]}.png")
    assert faults == []
