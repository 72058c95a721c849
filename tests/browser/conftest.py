"""What the tests in a browser share: the browser, a JupyterLab, pages and their pictures."""

import os
import re
import shutil
from pathlib import Path

import pytest
from lab import Lab
from notebook_form import ROOT

SCREENSHOTS = ROOT / "build" / "screenshots"
CHROMIUM = Path("/usr/bin/chromium")  # Debian's; other builds are not tried out
# Without these, the browser asks its maker's servers for updates and lists.
FLAGS = [
    "--disable-background-networking",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
]


@pytest.fixture(scope="session")
def browser():
    """Start Debian's chromium, without a window."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not (CHROMIUM.exists() and shutil.which(str(CHROMIUM))):
        pytest.skip(f"{CHROMIUM} is missing: on Debian, `apt-get install chromium`")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS + as_root)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(browser, tmp_path_factory):
    """Start one JupyterLab for all tests; without a browser there is no need for one."""
    with Lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture
def page(browser, request):
    """Open an empty page, and keep a picture of what it shows at the end."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    yield page
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"\W+", "_", request.node.name.removeprefix("test_")).strip("_")
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
    page.close()
