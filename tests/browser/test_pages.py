"""The pages as their readers meet them: accessible, by keyboard, offline, on any width."""

import collections
import pathlib

import pytest

from cptrends.data import paths

pytestmark = pytest.mark.browser

WIDTHS = (320, 768, 1280)
#: What axe looks for. Only what it finds is wanted: to list all that is in order takes half of its time.
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]},
    "resultTypes": ["violations"],
}


def addresses(site):
    return sorted(path for path in [*site.glob("*.html"), *site.glob("areas/*.html")])


def test_every_kind_of_page_is_there(site):
    names = {path.relative_to(site).as_posix() for path in addresses(site)}
    assert {
        "index.html",
        "methods.html",
        "data.html",
        "downloads.html",
        "areas/hackney.html",
    } <= names
    notebooks = {f"{path.stem}.html" for path in paths.notebooks().glob("[0-9]*.ipynb")}
    assert {name for name in names if name[0].isdigit()} == notebooks


def test_no_page_is_heavy(site):
    weights = {path.relative_to(site).as_posix(): path.stat().st_size for path in addresses(site)}
    heavy = {name: size for name, size in weights.items() if size > (400_000 if name.startswith("areas/") else 600_000)}
    assert not heavy


@pytest.fixture
def axe():
    module = "axe_playwright_python.sync_playwright"
    return pytest.importorskip(module, reason="axe is not installed: see the browser extra").Axe()


def test_axe_finds_a_fault_that_is_there(page, axe):
    page.set_content('<html><title>x</title><p style="color: #ddd">pale</p><img src="x.png"></html>')
    found = {violation["id"] for violation in axe.run(page, options=RULES).response["violations"]}
    assert {"image-alt", "html-has-lang", "color-contrast"} <= found


def test_axe_finds_nothing_on_any_page_at_any_width(site, page, axe):
    faults = []
    for address in addresses(site):
        page.goto(address.as_uri())
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for violation in axe.run(page, options=RULES).response["violations"]:
                faults.append(f"{address.name} at {width}: {violation['id']}: {violation['nodes'][0]['html'][:120]}")
    assert not faults, "\n".join(faults)


def test_no_page_asks_for_anything_or_complains(site, page):
    for address in addresses(site):
        page.goto(address.as_uri())
    others = [url for url in page.asked if not url.startswith(("file:", "data:"))]
    assert not others
    assert not page.complaints


def test_nothing_runs_off_a_narrow_screen(site, page):
    page.set_viewport_size({"width": 320, "height": 800})
    wide = {}
    for address in addresses(site):
        page.goto(address.as_uri())
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[address.name] = width
    assert not wide


def test_ids_are_unique_and_every_drawing_has_a_name(site, page):
    for address in addresses(site):
        page.goto(address.as_uri())
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        repeated = [name for name, times in collections.Counter(ids).items() if times > 1]
        unnamed = page.evaluate(
            "[...document.querySelectorAll('svg.drawing')]"
            ".filter(s => !s.querySelector('title') || !s.querySelector('desc').textContent).length"
        )
        assert (address.name, repeated, unnamed) == (address.name, [], 0)


def test_links_between_pages_lead_somewhere(site, page):
    broken = []
    for address in addresses(site):
        page.goto(address.as_uri())
        for link in page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.href)"):
            if link.startswith("file:"):
                target = page.evaluate("(href) => decodeURIComponent(new URL(href).pathname)", link)
                if not pathlib.Path(target).exists():
                    broken.append(f"{address.name}: {link}")
    assert not broken, "\n".join(sorted(set(broken))[:20])


def test_the_keyboard_alone_skips_finds_an_authority_and_opens_the_code(site, page):
    page.goto((site / "index.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("Skip")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.evaluate("document.getElementById('find').scrollIntoView()")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "find":
            break
    page.keyboard.type("hackn")
    assert page.evaluate("[...document.querySelectorAll('#list li')].filter(i => !i.hidden).length") == 1
    assert "1 authority" in page.inner_text("#found")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("areas/hackney.html")
    page.goto((site / "01_demand.html").as_uri())
    page.focus("details.code summary")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('details.code').open")


def test_focus_is_visible(site, page):
    page.goto((site / "index.html").as_uri())
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
