"""A built site and a headless Chromium for the browser tests."""

import os
import shutil

import pytest

#: Authorities whose pages are built for these tests: large, tiny, new, ended.
SAMPLE = ["Hackney", "City of London", "Cumberland", "Cumbria", "Hampshire"]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The reports, built once into a folder whose path has blanks and letters beyond ASCII."""
    from cptrends import reports

    out = tmp_path_factory.mktemp("site") / "Kinderschutz – reports é"
    assert reports.build(out=out, area=SAMPLE) == 0
    return out


@pytest.fixture(scope="module")
def browser():
    """Chromium from the system; without one the tests are skipped, in CI they fail.

    For one module: while it is open Playwright's event loop runs in this thread, and others need theirs.
    """
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
    if path is None:
        if os.environ.get("CPTRENDS_REQUIRE_BROWSER"):
            pytest.fail("no Chromium was found, and CPTRENDS_REQUIRE_BROWSER is set")
        pytest.skip("no Chromium on this machine: install one to test the pages in a browser")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: see the browser extra")
    flags = [
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with playwright.sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=path, args=flags)
        yield launched
        launched.close()


@pytest.fixture
def page(browser):
    """A fresh page that remembers what it asked for and what it complained of."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.asked, opened.complaints = [], []
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.on("console", lambda message: opened.complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    yield opened
    opened.close()
