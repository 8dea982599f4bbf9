"""Takes the pictures of README.md and of the guides: the report and the studio on the demo, in a real browser.

    python tests/pictures.py [--demo lifetide-demo]      (or: make pictures)

The demo has to be built. The pictures land in notebooks/guides/images.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "lib"), str(ROOT / "tests")]

from chromium import QUIET  # noqa: E402
from explorer.studio.lab import Desk, Lab  # noqa: E402
from explorer.test_report_in_browser import driven  # noqa: E402

IMAGES = ROOT / "notebooks" / "guides" / "images"
WIDTH, TALLEST = 1180, 1500
DESK = """
from lifetide import Studio
from lifetide.explorer.studio.rule_text import audience_of_text

studio = Studio({demo!r}, audiences="audiences")
for name, rule in {audiences!r}:
    studio.take(audience_of_text(rule, name)).save()
studio.take(audience_of_text({rule!r}, "Regulars who are late"))
studio
"""
RULE = """
- {field: lifecycle_group, operator: in, value: [slipping_away]}
- combinator: or
  rules:
    - {field: order_count, operator: ">=", value: 4}
    - {field: annual_revenue, operator: ">=", value: 1000}
- {field: days_since_last_order, operator: between, value: [35, 150]}
"""
AUDIENCES = [
    ("Champions to thank", "- {field: rfm_segment, operator: in, value: [champion]}"),
    ("Win back first", "- {field: rfm_segment, operator: in, value: [cant_lose_them, at_risk]}"),
    ("One order so far", "- {field: order_count, operator: '=', value: 1}"),
]


def of_report(browser: Any, demo: Path) -> None:
    """The head of the report in the light, its segments in the dark."""
    for name, scheme, anchor in (("report_light", "light", ""), ("report_segments_dark", "dark", "#segments")):
        page = browser.new_context(viewport={"width": WIDTH, "height": 1180}, color_scheme=scheme).new_page()
        page.goto((demo / "report.html").as_uri() + anchor)
        if anchor:
            page.locator(anchor).screenshot(path=IMAGES / f"{name}.png")
        else:
            page.screenshot(path=IMAGES / f"{name}.png")
        page.close()


def of_studio(browser: Any, demo: Path) -> None:
    """The builder and its pages, light and dark."""
    with tempfile.TemporaryDirectory() as place:
        lab = Lab(Path(place))
        try:
            page = browser.new_context(viewport={"width": 1640, "height": 4600}).new_page()
            desk = Desk(page)
            desk.run(lab.notebook("p.ipynb", DESK.format(demo=str(demo), audiences=AUDIENCES, rule=RULE)))
            page.locator(".lifetide").evaluate("(one, width) => { one.style.width = width + 'px' }", WIDTH)
            shots = (("studio_builder_light", "Light", "builder"), ("studio_overview_light", "Light", "overview"),
                     ("studio_rhythm_light", "Light", "rhythm"),
                     ("studio_segments_dark", "Dark", "segments"), ("studio_flows_dark", "Dark", "flows"),
                     ("studio_customer_light", "Light", "customer"))  # fmt: skip
            for name, theme, tab in shots:
                page.evaluate(
                    "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })",
                    f"JupyterLab {theme}",
                )
                page.locator(f"[data-key='tab:{tab}']").click()
                page.wait_for_timeout(2500)
                if tab == "customer":
                    page.locator("#customer-number").fill("13767")
                    page.keyboard.press("Enter")
                    page.get_by_role("heading", name="Customer 13767").wait_for()
                    page.wait_for_timeout(500)
                frame = page.locator(".lifetide").bounding_box()
                frame["height"] = min(frame["height"], TALLEST)
                page.screenshot(path=IMAGES / f"{name}.png", clip=frame)
        finally:
            lab.stop()


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--demo", type=Path, default=ROOT / "lifetide-demo")
    demo = words.parse_args().demo.resolve()
    if not (demo / "report.html").is_file():
        sys.exit(f"There is no demo in {demo}: run 'make demo' first.")
    from playwright.sync_api import sync_playwright

    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=driven(playwright), args=QUIET)
        of_report(browser, demo)
        of_studio(browser, demo)
        browser.close()
    print("\n".join(str(path.relative_to(ROOT)) for path in sorted(IMAGES.glob("*.png"))))


if __name__ == "__main__":
    main()
