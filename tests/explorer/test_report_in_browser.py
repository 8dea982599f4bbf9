from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from chromium import HOW, QUIET, chromium
from explorer.typed_facts import ACTIVE_THEN, no_customers, one_day, wholesaler
from lifetide.explorer.facts import ReportFacts, Seller
from lifetide.explorer.report import report_page

pytestmark = pytest.mark.browser

EVIL = '<img src=x onerror="document.title=1">'
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung 1234567890"


def missing(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}: a green CI has run everything")
    pytest.skip(what)


def driven(playwright: Any) -> str:
    """The Chromium that tests drive."""
    found = chromium(playwright)
    if found is None:
        missing(f"there is no Chromium: {HOW}")
    return str(found)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if importlib.util.find_spec("playwright") is None:
        missing("playwright is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=driven(playwright), args=QUIET)
        yield opened
        opened.close()


def crowded() -> ReportFacts:
    """Long names, large money, and text that would be markup."""
    facts = wholesaler()
    return replace(
        facts,
        shop=LONG,
        currency="JPY",
        sellers=(Seller(EVIL, Decimal("98765432101.00"), Decimal(9_999_999)), Seller(LONG, Decimal(5), Decimal(1))),
        groups=tuple(replace(one, net_revenue=one.net_revenue * 100_000) for one in facts.groups),
        active_then=tuple(replace(then, active=1_234_567) for then in ACTIVE_THEN),
    )


SHOPS = {"full": wholesaler, "first_day": one_day, "empty": no_customers, "crowded": crowded}


def opened(browser: Any, folder: Path, name: str, *, width: int, scheme: str) -> tuple[Any, list[str], list[str]]:
    file = folder / f"{name}.html"
    file.write_text(report_page(replace(SHOPS[name](), attribution="Data: somebody, CC BY 4.0")), encoding="utf-8")
    page = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    return page, said, asked


OUTSIDE = """width => {
  const within = '.scroll, nav, .unseen, .skip, .hit';
  return [...document.querySelectorAll('body *')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && !one.closest(within) && (box.right > width + 1 || box.left < -1)
  }).map(one => one.tagName + '.' + one.getAttribute('class') + ': ' + one.textContent.slice(0, 40))
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", SHOPS)
def test_the_page_fits_is_silent_and_asks_for_nothing(browser: Any, tmp_path: Path, name: str, scheme: str) -> None:
    page, said, asked = opened(browser, tmp_path, name, width=1280, scheme=scheme)
    for width in (320, 360, 768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert (width, page.evaluate("document.documentElement.scrollWidth")) == (width, width)
        assert (width, page.evaluate(OUTSIDE, width)) == (width, [])
        page.screenshot(path=tmp_path / f"{name}-{width}-{scheme}.png", full_page=True)
    assert said == []
    assert asked == [(tmp_path / f"{name}.html").as_uri()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", SHOPS)
def test_nothing_bars_anybody(browser: Any, tmp_path: Path, name: str, scheme: str) -> None:
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        missing("axe-playwright-python is not installed")
    page, _, _ = opened(browser, tmp_path, name, width=1280, scheme=scheme)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.evaluate((Path(str(found and found.origin)).parent / "axe.min.js").read_text(encoding="utf-8"))
    broken = page.evaluate("axe.run().then(found => found.violations.map(one => one.id + ': ' + one.nodes[0].html))")
    assert broken == []


def test_text_from_data_is_seen_as_text(browser: Any, tmp_path: Path) -> None:
    page, _, _ = opened(browser, tmp_path, "crowded", width=1280, scheme="light")
    assert page.locator("img").count() == 0
    assert page.locator(".sellers .name").first.inner_text() == EVIL


def test_pointing_at_a_day_shows_its_figures(browser: Any, tmp_path: Path) -> None:
    page, _, _ = opened(browser, tmp_path, "full", width=1280, scheme="light")
    page.locator("#growth-chart-middle-t").wait_for(state="attached")
    strip = page.locator(".at-middle .hit").nth(20)
    tip = strip.locator(".card-tip")
    assert tip.evaluate("one => getComputedStyle(one).opacity") == "0"
    strip.locator(".catch").hover()
    assert tip.evaluate("one => getComputedStyle(one).opacity") == "1"
    page.screenshot(path=tmp_path / "pointed.png")


@pytest.mark.parametrize("name", SHOPS)
def test_paper_shows_no_dark_no_links_and_no_closed_tables(browser: Any, tmp_path: Path, name: str) -> None:
    page, _, _ = opened(browser, tmp_path, name, width=1280, scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("nav").is_visible() is False
    assert page.locator("details:visible").count() == 0
    page.set_viewport_size({"width": 718, "height": 1000})
    assert page.evaluate("document.documentElement.scrollWidth") <= 718
    assert page.pdf(path=tmp_path / f"{name}.pdf", prefer_css_page_size=True).startswith(b"%PDF")
