"""The pages in a real JupyterLab on the demo: every figure in the browser is the kernel's, nothing bars anybody."""

from __future__ import annotations

import csv
import importlib.util
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chromium import QUIET
from explorer.studio.lab import Desk, Lab
from explorer.studio.reading import tables
from explorer.studio.test_in_lab import broken
from explorer.studio.test_pages_on_demo import RULES
from explorer.test_report_in_browser import driven, missing
from lifetide import Studio
from lifetide.explorer.studio.pages.book import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytestmark = [pytest.mark.browser, pytest.mark.delta, pytest.mark.prove]

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung 1234567890"
NOBODY = [{"id": "a", "field": "order_count", "operator": ">=", "value": 1_000_000}]
ONE = [{"id": "a", "field": "customer_id", "operator": "in", "value": ["12347"]}]
CASES = {**RULES, "nobody": NOBODY, "one": ONE}
READ = """() => {
  const found = {};
  const root = [...document.querySelectorAll('.lifetide')].at(-1).querySelector('.page').shadowRoot;
  for (const table of root.querySelectorAll('table')) {
    const name = table.querySelector('caption').textContent;
    const of = cell => cell.dataset.raw ?? cell.textContent;
    found[name] ??= [...table.querySelectorAll('tbody tr')].map(row => [...row.cells].map(of));
  }
  return found;
}"""
OUTSIDE = """() => {
  const host = [...document.querySelectorAll('.lifetide')].at(-1).querySelector('.page');
  const frame = host.getBoundingClientRect();
  return [...host.shadowRoot.querySelectorAll('.parts *')].filter(one => {
    const box = one.getBoundingClientRect();
    const isOut = box.right > frame.right + 1 || box.left < frame.left - 1;
    return isOut && box.width > 1 && !one.closest('.scroll, .unseen, .hit');
  }).map(one => one.tagName + '.' + one.getAttribute('class') + ': ' + one.textContent.slice(0, 30));
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    for name in ("playwright", "jupyterlab", "anywidget"):
        if importlib.util.find_spec(name) is None:
            missing(f"{name} is not installed")
    opened = Lab(tmp_path_factory.mktemp("lab"))
    (opened.folder / "pictures").mkdir()
    yield opened
    opened.stop()


@pytest.fixture(scope="module")
def desk(lab: Lab, demo_folder: Path) -> Iterator[Desk]:
    from playwright.sync_api import sync_playwright

    cell = f"from lifetide import Studio\nstudio = Studio({str(demo_folder)!r}, audiences='audiences')\nstudio"
    takes = "\n".join(
        ["from lifetide.explorer.studio.drafts import with_ids", f"cases = {CASES!r}",
         "studio.session.draft = with_ids({'id': 'root', 'combinator': 'and', 'rules': cases[case]})",
         "studio.session.rename(case if case != 'one' else " + repr(LONG) + ")",
         "studio.widget.show(is_saved=False)", "print(studio.count)"]
    )  # fmt: skip
    cells = [cell, *(f"case = {name!r}\n{takes}" for name in CASES)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=driven(playwright), args=QUIET)
        context = browser.new_context(viewport={"width": 1640, "height": 4600}, accept_downloads=True)
        made = Desk(context.new_page())
        made.run(lab.notebook("pages.ipynb", *cells))
        made.page.wait_for_timeout(1500)
        yield made
        browser.close()


@pytest.fixture(scope="module")
def studio(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return Studio(demo_folder, audiences=tmp_path_factory.mktemp("audiences"))


def turn_to(desk: Desk, name: str) -> None:
    """Opens a page and waits until its last part is there."""
    page = desk.page
    page.locator(f"[data-key='tab:{name}']").click()
    settle(desk)


def settle(desk: Desk) -> None:
    read = "() => document.querySelector('.lifetide .page').shadowRoot.querySelector('.parts').innerHTML"
    before = ""
    for _ in range(60):
        desk.page.wait_for_timeout(250)
        shown = desk.page.evaluate(read)
        if shown == before and "Counting…" not in shown:
            return
        before = shown


@pytest.mark.parametrize("case", CASES)
def test_every_figure_in_the_browser_is_the_kernels(desk: Desk, studio: Studio, case: str) -> None:
    count = desk.says(1 + list(CASES).index(case))
    studio.session.draft = {"id": "root", "combinator": "and", "rules": CASES[case]}
    assert count == str(studio.count)
    for name in PAGES:
        turn_to(desk, name)
        shown = {key: [tuple(row) for row in rows] for key, rows in desk.page.evaluate(READ).items()}
        assert shown == tables(studio, name), (case, name)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
@pytest.mark.parametrize("case", ["slipping", "nobody", "one"])
def test_nothing_bars_anybody_and_nothing_is_cut(desk: Desk, lab: Lab, theme: str, case: str) -> None:
    page = desk.page
    desk.says(1 + list(CASES).index(case))
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    page.wait_for_timeout(600)
    for name in PAGES:
        turn_to(desk, name)
        if name == "customer":
            page.locator("#customer-number").fill("12347")
            page.keyboard.press("Enter")
            page.get_by_role("heading", name="Customer 12347").wait_for()
            settle(desk)
        page.evaluate("""() => document.querySelector('.lifetide .page').shadowRoot.querySelectorAll('details')
            .forEach(one => { one.open = true })""")
        for width in (360, 768, 1280):
            page.locator(".lifetide").evaluate("(one, width) => { one.style.width = width + 'px' }", width)
            page.wait_for_timeout(150)
            assert page.evaluate(OUTSIDE) == [], (name, width)
            page.locator(".lifetide").screenshot(
                path=lab.folder / "pictures" / f"{theme[11:]}_{case}_{name}_{width}.png"
            )
        assert broken(desk) == [], name


def test_the_keyboard_alone_turns_pages_reads_marks_and_finds_a_customer(desk: Desk) -> None:
    page = desk.page
    desk.says(1 + list(CASES).index("slipping"))
    cells = page.locator(".jp-CodeCell").count()
    page.locator("[data-key='tab:builder']").click()
    page.keyboard.press("ArrowRight")
    settle(desk)
    assert page.locator("[data-key='tab:overview']").get_attribute("aria-selected") == "true"
    chart = page.locator(".at-middle svg[aria-labelledby='growth-here-middle-t']")
    chart.focus()
    page.keyboard.press("End")
    assert chart.locator(".hit.on").count() == 1
    assert "758" in chart.locator(".hit.on").text_content()
    assert "9 Dec 2011" in page.locator(".lifetide [aria-live]").inner_text()
    page.keyboard.press("Escape")
    assert chart.locator(".hit.on").count() == 0
    page.locator("[data-key='tab:flows']").focus()
    page.keyboard.press("ArrowRight")
    settle(desk)
    page.locator("#customer-number").fill("")
    page.keyboard.type("12347")
    page.keyboard.press("Enter")
    settle(desk)
    assert page.get_by_role("heading", name="Customer 12347").count() == 1
    page.locator(".pick", has_text="Show").focus()
    page.keyboard.press("d")
    page.keyboard.press("d")
    assert page.locator(".jp-CodeCell").count() == cells


def test_the_base_is_shown_for_a_time_that_is_chosen(desk: Desk) -> None:
    turn_to(desk, "overview")
    desk.page.locator(".pick", has_text="3 months").click()
    settle(desk)
    assert len(desk.page.evaluate(READ)["Customer base at month ends: Everyone"]) == 4
    assert desk.page.locator(".pick", has_text="3 months").get_attribute("aria-pressed") == "true"
    desk.page.locator(".pick", has_text="all").click()
    settle(desk)


def test_a_table_is_saved_as_it_is_shown(desk: Desk, tmp_path: Path) -> None:
    turn_to(desk, "segments")
    page = desk.page
    page.locator("summary", has_text="Show as a table").last.click()
    with page.expect_download() as waited:
        page.locator(".save").last.click()
    waited.value.save_as(tmp_path / "segments.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "segments.csv").read_text())))
    shown = page.evaluate(READ)["Segments"]
    assert waited.value.suggested_filename == "segments.csv"
    assert [[cell or "–" for cell in row] for row in rows[1:]] == shown


def test_popovers_bar_nobody(desk: Desk, lab: Lab) -> None:
    page = desk.page
    page.locator("[data-key='tab:builder']").click()
    for key in ("root:add", "open", "take"):
        page.locator(f"[data-key='{key}']").click()
        page.locator(".lifetide .pop").wait_for()
        assert broken(desk) == [], key
        page.locator(".lifetide").screenshot(path=lab.folder / "pictures" / f"popover_{key.replace(':', '_')}.png")
        page.keyboard.press("Escape")


def bought(desk: Desk) -> Locator:
    """Chooses purchases among the fields on offer; returns how often they are asked for."""
    desk.page.keyboard.type("bought")
    desk.page.keyboard.press("Enter")
    return desk.page.locator(".lifetide select[aria-label^='How often']")


def test_a_figure_of_behaviour_and_a_first_time_are_composed_by_hand(desk: Desk) -> None:
    page = desk.page
    desk.says(1 + list(CASES).index("everyone"))
    page.locator("[data-key='root:add']").click()
    form = bought(desk)
    form.select_option("sum")
    page.locator("input[aria-label='Amount']").fill("500")
    assert page.locator("select[aria-label='Figure']").count() == 1
    page.locator(".lifetide .estimating, .lifetide .exact-word").first.wait_for()
    form.select_option("first")
    assert page.locator("input[aria-label='Amount']").count() == 0
    form.select_option("atLeast")
    assert page.locator("input[aria-label='Times']").input_value() == "1"
    page.locator("[data-key=undo]").click()


def test_an_order_of_steps_is_composed_with_the_keyboard_and_counted(desk: Desk, lab: Lab) -> None:
    page = desk.page
    desk.says(1 + list(CASES).index("everyone"))
    page.locator("[data-key='root:add']").focus()
    page.keyboard.press("Enter")
    form = bought(desk)
    form.select_option("sequence")
    page.locator("select[aria-label='When']").select_option("any_time")
    assert page.locator(".lifetide .steps li").count() == 2
    page.locator("select[aria-label='Step 2: how soon']").select_option("within")
    page.locator("input[aria-label='Step 2: how long']").fill("30")
    page.get_by_role("button", name="Add step").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Step 3: what"
    page.locator("select[aria-label='Step 3: follows or not']").select_option("not")
    page.locator("select[aria-label='The same in all steps']").select_option("product_id")
    page.get_by_text("each with the same product id").first.wait_for(timeout=20_000)
    words = page.locator(".lifetide .words").inner_text()
    assert words == (
        "Customers who bought at any time, then bought within 30 days, then did not buy, "
        "each with the same product id."
    )
    for width in (360, 1280):
        page.locator(".lifetide").evaluate("(one, width) => { one.style.width = width + 'px' }", width)
        page.wait_for_timeout(150)
        assert broken(desk) == []
        page.locator(".lifetide").screenshot(path=lab.folder / "pictures" / f"steps_{width}.png")
    page.locator("[data-key$=':0:drop']").focus()
    page.keyboard.press("Enter")
    assert page.locator(".lifetide .steps li").count() == 2
    assert page.evaluate("document.activeElement.textContent") == "Add step"
    page.locator("[data-key$=':1:drop']").click()
    assert form.input_value() == "atLeast"
    page.locator("[data-key=undo]").click()
    assert page.locator(".lifetide .steps li").count() == 2


def test_after_a_restart_the_cell_opens_the_studio_anew(desk: Desk) -> None:
    page = desk.page
    desk.command("kernelmenu:restart")
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.wait_for_timeout(3000)
    desk.command("notebook:run-all-cells")
    page.wait_for_function("() => document.querySelectorAll('.lifetide .big').length > 0", timeout=60_000)
    page.wait_for_timeout(4000)
    turn_to(desk, "segments")
    assert len(desk.page.evaluate(READ)["Segments"]) == 14


SAMPLED = """
from pathlib import Path
from lifetide.explorer.studio.app import Studio
from lifetide.explorer.studio.shelf import Shelf
from lifetide.explorer.studio.sources import published
held = published(Path({root!r}), 'The demo, sampled', most_rows=1_000, size=500)
studio = Studio(held, '£', Shelf(None))
studio
"""


def test_a_sample_answers_at_once_and_the_exact_count_follows(desk: Desk, lab: Lab, demo_folder: Path) -> None:
    page = desk.page
    root = str(demo_folder / "warehouse")
    desk.run(lab.notebook("sampled.ipynb", SAMPLED.format(root=root), "print(studio.count)"))
    page.locator(".lifetide .exact-word").last.wait_for(timeout=20_000)
    page.get_by_role("button", name="Slipping away").first.click()
    page.locator(".lifetide .big", has_text="≈").last.wait_for()
    assert "95% sure" in page.locator(".lifetide .about").last.inner_text()
    page.locator(".lifetide").last.screenshot(path=lab.folder / "pictures" / "estimate.png")
    page.locator(".lifetide .exact-word").last.wait_for(timeout=20_000)
    page.locator(".lifetide").last.screenshot(path=lab.folder / "pictures" / "exact.png")
    assert "≈" not in page.locator(".lifetide .big").last.inner_text()
    assert desk.says(1) == str(desk.count())


def test_nothing_was_asked_of_any_other_machine_and_nothing_failed(desk: Desk) -> None:
    assert desk.off_loopback() == []
    assert desk.errors == []
