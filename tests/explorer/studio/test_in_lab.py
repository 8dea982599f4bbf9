"""The studio in a real JupyterLab, in a real browser: one server and one page for all."""

from __future__ import annotations

import importlib.util
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chromium import QUIET
from explorer.studio.lab import READY, Desk, Lab
from explorer.test_report_in_browser import EVIL, driven, missing

pytestmark = pytest.mark.browser

SHOP = "from lifetide import Studio\nstudio = Studio(20_000, audiences='audiences')\nstudio"
BACK = "print(len(studio.to_pandas()), studio.count, studio.audience.name)"
HOSTILE = f"""
import pandas as pd
from lifetide import Studio
evil = {EVIL!r}
frame = pd.DataFrame({{'customer_id': ['1', '2', '3'], evil: [evil, 'b', 'c'], 'colour': [evil, evil, 'red']}})
studio = Studio(frame, as_of='2026-06-30', audiences='hostile')
studio.session.rename(evil)
studio
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    for name in ("playwright", "jupyterlab", "anywidget"):
        if importlib.util.find_spec(name) is None:
            missing(f"{name} is not installed")
    opened = Lab(tmp_path_factory.mktemp("lab"))
    yield opened
    opened.stop()


@pytest.fixture(scope="module")
def desk(lab: Lab) -> Iterator[Desk]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=driven(playwright), args=QUIET)
        page = browser.new_context(viewport={"width": 1640, "height": 1300}).new_page()
        made = Desk(page)
        made.run(lab.notebook("shop.ipynb", SHOP, BACK))
        yield made
        browser.close()


@pytest.fixture
def picture(lab: Lab, desk: Desk) -> Any:
    folder = lab.folder / "pictures"
    folder.mkdir(exist_ok=True)
    return lambda name: desk.page.locator(".lifetide").last.screenshot(path=folder / f"{name}.png")


def broken(desk: Desk) -> list[str]:
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        missing("axe-playwright-python is not installed")
    if not desk.page.evaluate("'axe' in window"):
        desk.page.evaluate((Path(str(found and found.origin)).parent / "axe.min.js").read_text(encoding="utf-8"))
    return desk.page.evaluate(
        """() => axe.run(document.querySelector('.lifetide')).then(found => found.violations.flatMap(
             one => one.nodes.map(node => one.id + ': ' + node.html.slice(0, 160))))"""
    )


def test_everyone_is_in_at_first(desk: Desk, picture: Any) -> None:
    assert desk.count() == 20_000
    assert not desk.page.locator(".lifetide-card").is_visible()
    picture("empty")


def test_a_click_counts_exactly_and_the_next_cell_has_the_same_people(desk: Desk, picture: Any) -> None:
    page = desk.page
    found = desk.settles_at(lambda: page.get_by_role("button", name="Slipping away").first.click())
    assert 0 < found < 20_000
    assert desk.says(1) == f"{found} {found} Unnamed audience"
    assert page.locator(".lifetide .exact-word").inner_text() == "exact"
    picture("one_rule")


def test_one_click_is_one_question_and_two_answers(desk: Desk) -> None:
    sent, got = [], []
    session = desk.page.context.new_cdp_session(desk.page)
    session.send("Network.enable")
    session.on("Network.webSocketFrameSent", lambda frame: sent.append(frame["response"]["payloadData"]))
    session.on("Network.webSocketFrameReceived", lambda frame: got.append(frame["response"]["payloadData"]))
    desk.settles_at(lambda: desk.page.get_by_role("button", name="Lost", exact=False).first.click())
    desk.page.wait_for_timeout(200)
    session.detach()

    def holds(frames: list[str], words: str) -> int:
        return sum(words in _plain(one) for one in frames)

    assert (holds(sent, '"t":"count"'), holds(sent, '"t":"nudge"')) == (1, 1)
    assert (holds(got, '"t": "count"'), holds(got, '"t": "detail"')) == (1, 1)
    desk.settles_at(lambda: desk.page.locator("[data-key=undo]").click())


def test_a_click_paints_its_own_rule_and_the_number_is_whole_at_once(desk: Desk) -> None:
    page = desk.page
    page.get_by_role("button", name="Add rule").first.click()
    page.keyboard.type("rfm segment")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.lifetide .rule').length > 1")
    seen = page.evaluate(
        """async () => {
          const rules = () => [...document.querySelectorAll('.lifetide .rule')];
          const [big, words] = ['.big', '.words'].map(one => document.querySelector(`.lifetide ${one}`));
          const said = words.textContent;
          const [first, second] = rules();
          const before = big.dataset.n;
          [...first.querySelectorAll('.chip[aria-pressed=false]')].at(-1).click();
          const isSame = [rules()[0] === first, rules()[1] === second];
          const pressed = rules()[0].querySelectorAll('.chip[aria-pressed=true]').length;
          const end = performance.now() + 10_000;
          const until = async (holds) => {
            while (!holds() && performance.now() < end) await new Promise(done => setTimeout(done, 0));
          };
          await until(() => big.dataset.n !== before);
          const shown = Number(big.textContent.replaceAll(',', ''));
          const isWhole = shown === Number(big.dataset.n);
          await until(() => words.textContent !== said);
          return [isSame, pressed, big.dataset.n !== before, isWhole];
        }"""
    )
    assert seen == [[False, True], 2, True, True]
    desk.settles_at(lambda: page.locator("[data-key=undo]").click())
    page.locator("[data-key=undo]").click()
    page.wait_for_function("document.querySelectorAll('.lifetide .rule').length === 1")


def _plain(payload: str) -> str:
    import base64

    try:
        return base64.b64decode(payload).decode("utf-8", "replace")
    except ValueError:
        return payload


def test_a_drag_narrows_and_undo_takes_it_back_as_one_step(desk: Desk, picture: Any) -> None:
    page = desk.page
    before = desk.count()
    page.locator("[data-key='root:add']").click()
    page.keyboard.type("lifetime value")
    page.keyboard.press("Enter")
    page.locator(".brush").wait_for()
    box = page.locator(".brush").bounding_box()
    middle = box["y"] + box["height"] / 2

    def drag() -> None:
        page.mouse.move(box["x"] + box["width"] * 0.15, middle)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.4, middle, steps=8)
        page.mouse.move(box["x"] + box["width"] * 0.6, middle, steps=8)
        page.mouse.up()

    narrowed = desk.settles_at(drag)
    assert 0 < narrowed < before
    page.wait_for_function("document.querySelector('.lifetide .share b')?.textContent")
    picture("dragged")
    assert desk.says(1).startswith(f"{narrowed} ")
    assert desk.settles_at(lambda: page.locator("[data-key=undo]").click()) == before
    assert desk.settles_at(lambda: page.locator("[data-key=redo]").click()) == narrowed


def test_the_keyboard_alone_composes_counts_saves_and_takes_back(desk: Desk, lab: Lab) -> None:
    page = desk.page
    cells = page.locator(".jp-CodeCell").count()
    page.locator(".lifetide .name").focus()
    page.keyboard.type("Keys only")
    page.locator("[data-key='root:add']").focus()

    def compose() -> None:
        page.keyboard.press("Enter")
        page.keyboard.type("e-mail sub")
        page.keyboard.press("Enter")
        page.wait_for_function("document.activeElement.dataset.key?.endsWith(':field')")
        for _ in range(10):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "false":
                break
        page.keyboard.press("Space")

    before = desk.count()
    composed = desk.settles_at(compose)
    assert 0 < composed < before
    page.locator("[data-key=save]").focus()
    page.keyboard.press("Enter")
    page.locator(".lifetide .state.ok").wait_for()
    assert (lab.folder / "audiences" / "keys_only.yaml").read_text().startswith("spec: lifetide.audience/v1")
    assert desk.settles_at(lambda: page.keyboard.press("Control+z")) == before
    page.keyboard.press("d")
    page.keyboard.press("d")
    assert page.locator(".jp-CodeCell").count() == cells


def test_a_saved_audience_opens_as_it_was(desk: Desk) -> None:
    desk.settles_at(lambda: desk.page.locator(".lifetide .link", has_text="Keys only").click())
    assert desk.page.locator(".lifetide .name").input_value() == "Keys only"
    assert desk.says(1) == f"{desk.count()} {desk.count()} Keys only"


def test_the_pages_beside_the_builder_speak_of_the_same_people(desk: Desk, picture: Any) -> None:
    page = desk.page
    page.locator("[data-key='tab:builder']").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("heading", name=f"Audience: {desk.count():,} customers").wait_for()
    assert page.locator("[data-key='tab:overview']").get_attribute("aria-selected") == "true"
    assert not page.locator(".lifetide .big").is_visible()
    page.get_by_role("heading", name="No history here").or_(page.get_by_text("No history here")).first.wait_for()
    assert broken(desk) == []
    picture("overview")
    page.keyboard.press("ArrowLeft")
    assert page.locator(".lifetide .big").is_visible()


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_nothing_bars_anybody_and_nothing_is_cut(desk: Desk, picture: Any, theme: str, width: int) -> None:
    page = desk.page
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    is_dark = theme.endswith("Dark")
    page.wait_for_selector(f"body[data-jp-theme-light='{'false' if is_dark else 'true'}']", state="attached")
    page.locator(".lifetide").evaluate("(one, width) => { one.style.width = width + 'px' }", width)
    page.wait_for_timeout(250)
    assert broken(desk) == []
    outside = page.locator(".lifetide").evaluate(
        """root => {
          const frame = root.getBoundingClientRect();
          return [...root.querySelectorAll('*')].filter(one => {
            const box = one.getBoundingClientRect();
            const isOut = box.right > frame.right + 1 || box.left < frame.left - 1;
            return isOut && box.width > 1 && !one.closest('.scroll, .unseen');
          }).map(one => one.tagName + '.' + one.getAttribute('class'));
        }"""
    )
    assert outside == []
    picture(f"{'dark' if is_dark else 'light'}_{width}")


def test_text_from_data_is_seen_as_text(desk: Desk, lab: Lab, picture: Any) -> None:
    page = desk.page
    desk.run(lab.notebook("hostile.ipynb", HOSTILE))
    assert page.locator(".lifetide .name").last.input_value() == EVIL
    page.locator("[data-key='root:add']").last.click()
    page.keyboard.type("colour")
    page.keyboard.press("Enter")
    page.wait_for_timeout(400)
    page.locator(".lifetide select").last.select_option("in")
    page.wait_for_timeout(400)
    assert EVIL in page.locator(".lifetide").last.inner_text()
    page.locator("[data-key=save]").last.click()
    page.locator(".lifetide .state.ok").last.wait_for()
    assert page.locator(".lifetide img").count() == 0
    assert "1" not in page.title()
    picture("hostile")


def test_a_notebook_opened_again_without_a_kernel_shows_the_audience(desk: Desk, lab: Lab) -> None:
    page = desk.page
    desk.command("docmanager:save")
    page.wait_for_timeout(800)
    name = "hostile.ipynb"
    text = (lab.folder / name).read_text()
    assert "Run this cell to go on composing" in text
    desk.command("kernelmenu:shutdown")
    page.wait_for_timeout(500)
    page.goto(f"{lab.address}/lab/tree/{name}?reset")
    page.wait_for_selector(".jp-OutputArea-output", timeout=30_000)
    page.wait_for_timeout(1000)
    assert "3 of 3 customers" in page.locator(".lifetide-card").inner_text()
    assert page.locator(".lifetide-card img").count() == 0
    page.screenshot(path=lab.folder / "pictures" / "reopened.png")


def test_the_tile_in_the_launcher_opens_a_studio_and_the_next_cell_has_the_people(desk: Desk, lab: Lab) -> None:
    page = desk.page
    desk.command("launcher:create")
    tile = page.locator(".jp-LauncherCard", has_text="Audience studio")
    tile.wait_for(timeout=20_000)
    page.screenshot(path=lab.folder / "pictures" / "launcher.png")
    assert tile.locator("svg").count() == 1
    before = page.locator(".lifetide .big").count()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    tile.click()
    page.wait_for_function("n => document.querySelectorAll('.lifetide .big').length > n", arg=before, timeout=60_000)
    assert desk.count() == 500_000
    name = page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path")
    with urllib.request.urlopen(f"{lab.address}/api/sessions") as told:
        paths = [one["path"] for one in json.load(told)]
    assert paths.count(name) == 1
    assert all((lab.folder / one).exists() for one in paths)
    with urllib.request.urlopen(f"{lab.address}/api/kernels") as told:
        connections = [one["connections"] for one in json.load(told)]
    assert max(connections) == 1  # the kernel that was begun ahead has the notebook's connection alone
    started = next(place for place, one in enumerate(asked) if one.startswith(f"POST {lab.address}/api/sessions"))
    assert started < next(place for place, one in enumerate(asked) if "type=notebook&content=1" in one)
    found = desk.settles_at(lambda: page.get_by_role("button", name="First-time buyers").last.click())
    page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1 }")
    desk.command("notebook:run-cell")
    page.get_by_text("customer_id").last.wait_for(timeout=20_000)
    page.screenshot(path=lab.folder / "pictures" / "tile.png")
    assert 0 < found < 500_000


def test_what_lab_asks_with_the_first_notebook_is_asked_before_there_is_one(desk: Desk, lab: Lab) -> None:
    fresh = desk.page.context.new_page()
    asked: list[str] = []
    fresh.on("request", lambda request: asked.append(request.url))
    try:
        with fresh.expect_response("**/api/nbconvert*"):
            fresh.goto(f"{lab.address}/lab?reset")
        fresh.locator(".jp-LauncherCard[data-category='Notebook']").first.click()
        fresh.locator(".jp-Notebook").wait_for(timeout=20_000)
        fresh.wait_for_timeout(1500)
    finally:
        fresh.close()
    assert sum("/api/nbconvert" in one for one in asked) == 1


def test_when_the_kernel_is_gone_a_click_is_answered_in_words(desk: Desk) -> None:
    page = desk.page
    desk.command("kernelmenu:shutdown")
    page.wait_for_timeout(1000)
    page.locator(".lifetide").last.get_by_role("button", name="Switch rule off").click()
    page.locator(".lifetide .state.bad", has_text="No answer from the kernel").last.wait_for(timeout=15_000)


def test_the_basic_builder_counts_in_lab(desk: Desk, lab: Lab) -> None:
    page = desk.page
    code = "from lifetide import Studio\nstudio = Studio(5_000, audiences='basic', widgets='basic')\nstudio"
    page.goto(lab.notebook("basic.ipynb", code, "print(len(studio.to_pandas()))"))
    page.wait_for_function(READY, timeout=60_000)
    desk.command("notebook:run-all-cells")
    page.get_by_text("5,000 of 5,000 customers").or_(page.get_by_text("of 5,000 customers")).first.wait_for(
        timeout=60_000
    )
    page.locator(".widget-dropdown select").first.select_option("Life cycle")
    words = page.locator(".widget-select-multiple select")
    words.wait_for()
    words.select_option(index=4)
    page.wait_for_timeout(800)
    shown = page.locator(".widget-html-content", has_text="of 5,000 customers").first.inner_text()
    assert desk.says(1) == shown.split(" of ")[0].replace(",", "").strip()
    page.screenshot(path=lab.folder / "pictures" / "basic.png")


def test_nothing_was_asked_of_any_other_machine_and_nothing_failed(desk: Desk) -> None:
    assert desk.off_loopback() == []
    assert desk.errors == []
