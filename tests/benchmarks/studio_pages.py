"""The studio's pages against their bars, on made-up customers with made-up spells and gaps: kernel and browser.

    python tests/benchmarks/studio_pages.py [--customers 1000000] [--no-browser]

Each line: what, the figure, the bar. First paint = the first part of a page; all = its last part.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "lib"), str(ROOT / "tests"), str(ROOT / "tests" / "benchmarks")]

from studio import say, spread, warehouse  # noqa: E402

from lifetide.explorer.markup import Markup  # noqa: E402
from lifetide.explorer.studio.columns import EPOCH  # noqa: E402
from lifetide.explorer.studio.made_up import AS_OF, made_up_table  # noqa: E402
from lifetide.explorer.studio.pages.book import PAGES  # noqa: E402

GROUPS = ("just_ordered", "active", "slipping_away", "lost")
RULE = {"id": "a", "field": "lifecycle_group", "operator": "in", "value": ["slipping_away"]}
SPELLS = 6  # per customer, about what the demo's customers have
GAPS = 3


def with_history(folder: Path, customers: int) -> Path:
    """A published snapshot with what lies behind it: spells, gaps, learned values, flows."""
    from deltalake import write_deltalake

    settings = warehouse(folder, customers)
    home = folder / "warehouse"
    dice = np.random.default_rng(3)
    ids = pa.array(np.arange(customers)).cast(pa.string())
    cuts = np.sort((AS_OF - EPOCH).days - dice.integers(0, 1500, (customers, SPELLS)), axis=1).astype(np.int32)
    cuts += np.arange(SPELLS, dtype=np.int32)
    who = np.repeat(np.arange(customers), SPELLS)
    ends = np.concatenate([cuts[:, 1:], np.zeros((customers, 1), np.int32)], axis=1).reshape(-1)
    is_last = np.tile(np.arange(SPELLS) == SPELLS - 1, customers)
    groups = pa.DictionaryArray.from_arrays(pa.array(np.arange(len(who)) % 4), pa.array(GROUPS))
    spells = pa.table({
        "customer_id": ids.take(pa.array(who)), "lifecycle_group": groups.cast(pa.string()),
        "valid_from": pa.array(cuts.reshape(-1)).cast(pa.date32()),
        "valid_to": pa.array(ends, mask=is_last).cast(pa.date32()),
    })  # fmt: skip
    gaps = pa.array(dice.integers(1, 200, customers * GAPS).astype(np.int32))
    offsets = pa.array(np.arange(customers + 1, dtype=np.int32) * GAPS)
    state = pa.table({"customer_id": ids, "last_gaps": pa.ListArray.from_arrays(offsets, gaps)})
    write_deltalake(str(home / "lifecycle_spells"), spells)
    write_deltalake(str(home / "customer_state"), state)
    profiles = made_up_table(customers)
    own = profiles.column("own_interval_days")
    usual = pa.array(dice.uniform(20, 200, customers))
    more = {"order_day_count": profiles.column("order_count"), "baseline_interval_days": usual,
            "slip_after_days": usual, "lost_after_days": usual, "own_interval_days": own,
            "parameters_as_of": pa.array([AS_OF] * customers)}  # fmt: skip
    columns = {name: _plain(profiles.column(name)) for name in profiles.column_names} | more
    as_of = pa.array([AS_OF]).take(pa.array(np.zeros(customers, np.int64)))
    write_deltalake(str(home / "customer_profiles"), pa.table({"as_of": as_of, **columns}), mode="overwrite",
                    schema_mode="overwrite")  # fmt: skip
    learned = [("cut75", 1.2), ("cut95", 2.7), ("population_interval_days", 60.0), ("just_ordered_days", 30.0)]
    names, values = zip(*learned, strict=True)
    write_deltalake(str(home / "learned_parameters"), pa.table({
        "name": names, "scope": ["shop"] * 4, "as_of": pa.array([AS_OF] * 4), "value": values, "lower": values,
        "upper": values, "method": ["quantile"] * 4, "sample_count": [100] * 4, "is_pinned": [False] * 4,
    }))  # fmt: skip
    versions = [("customer_profiles", 1), ("lifecycle_spells", 0), ("customer_state", 0), ("learned_parameters", 0)]
    told = pa.table({"output_versions": pa.array([versions], pa.map_(pa.string(), pa.int64())),
                     "finished_at": pa.array([datetime.now(timezone.utc)])})  # fmt: skip
    write_deltalake(str(home / "runs"), told, mode="overwrite")
    return settings


def _plain(column: Any) -> Any:
    one = column.combine_chunks()
    return one.cast(pa.string()) if pa.types.is_dictionary(one.type) else one


def drawn(studio: Any, name: str, **asked: Any) -> tuple[float, float, int]:
    """Milliseconds to the first part and to the last, and bytes."""
    begun, first, size = time.perf_counter(), 0.0, 0
    for step in studio.book.page(name, asked):
        if isinstance(step, Markup):
            first = first or time.perf_counter() - begun
            size += len(step)
        else:
            step()
    return first * 1e3, (time.perf_counter() - begun) * 1e3, size


def kernel(settings: Path, customers: int) -> None:
    from lifetide import Studio

    studio = Studio(settings, audiences=settings.parent / "audiences")
    for name in PAGES:
        first, all_, _ = drawn(studio, name, customer="17")
        say(f"{name}, {customers:,}, opened first", f"{first:.0f} / all {all_:.0f} ms", "≤ 500 ms to the first part")
    sizes: dict[str, int] = {}
    firsts: dict[str, list[float]] = {name: [] for name in PAGES}
    alls: dict[str, list[float]] = {name: [] for name in PAGES}
    for turn in range(12):
        low = {"id": "b", "field": "days_since_last_order", "operator": ">=", "value": 5 * turn}
        studio.session.draft = {"id": "root", "combinator": "and", "rules": [RULE, low] if turn % 2 else [low]}
        studio.session.count(studio.session.draft)
        for name in PAGES:
            first, all_, sizes[name] = drawn(studio, name, customer=str(turn))
            firsts[name].append(first)
            alls[name].append(all_)
    for name in PAGES:
        say(f"{name}, another audience: first part", spread(firsts[name]), "≤ 300 ms")
        say(f"  all of it, {sizes[name] / 1e3:.0f} kB", spread(alls[name]), "≤ 300 ms")


TIMED = """async name => {
  const root = document.querySelector('.lifetide');
  const host = root.querySelector('.page');
  const pause = () => new Promise(done => setTimeout(done, 0));
  const painted = () => new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)));
  const parts = () => host.shadowRoot.querySelector('.parts');
  const first = () => parts().firstElementChild;
  const before = first();
  const begun = performance.now();
  root.querySelector(`[data-key='tab:${name}']`).click();
  while (first() === before || first()?.className === 'waiting') await pause();
  await painted();
  return performance.now() - begun;
}"""
CHANGED = """async () => {
  const root = document.querySelector('.lifetide');
  const parts = root.querySelector('.page').shadowRoot.querySelector('.parts');
  const pause = () => new Promise(done => setTimeout(done, 0));
  const before = parts.firstElementChild;
  const begun = performance.now();
  root.querySelector(`[data-key='${root.querySelector("[data-key=redo]").disabled ? 'undo' : 'redo'}']`).click();
  while (parts.firstElementChild === before) await pause();
  await new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)));
  const first = performance.now() - begun;
  await new Promise(done => setTimeout(done, 1500));
  return first;
}"""


def browser(settings: Path, customers: int) -> None:
    from playwright.sync_api import sync_playwright

    from chromium import QUIET
    from explorer.studio.lab import Desk, Lab
    from explorer.test_report_in_browser import driven

    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        lab = Lab(Path(place))
        try:
            opened = playwright.chromium.launch(executable_path=driven(playwright), args=QUIET)
            page = opened.new_context(viewport={"width": 1640, "height": 1300}).new_page()
            desk = Desk(page)
            code = f"from lifetide import Studio\nstudio = Studio({str(settings)!r}, audiences='audiences')\nstudio"
            desk.run(lab.notebook("bench.ipynb", code))
            page.wait_for_timeout(2000)
            page.get_by_role("button", name="Slipping away").first.click()
            page.wait_for_timeout(1500)
            for name in PAGES:
                first = page.evaluate(TIMED, name)
                page.wait_for_timeout(6000)
                page.locator("[data-key='tab:builder']").click()
                again = page.evaluate(TIMED, name)
                page.wait_for_timeout(800)
                say(f"{name}: tab to first paint, first / again", f"{first:.0f} / {again:.0f} ms", "≤ 500 ms")
                if name != "customer":
                    times = [page.evaluate(CHANGED) for _ in range(12)]
                    say(f"{name}: another audience, first part painted", spread(times), "≤ 300 ms")
            opened.close()
        finally:
            lab.stop()


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--customers", type=int, default=1_000_000)
    words.add_argument("--no-browser", action="store_true")
    asked = words.parse_args()
    print(f"{datetime.now(timezone.utc):%Y-%m-%d}, {asked.customers:,} made-up customers, {SPELLS} spells of each")
    with tempfile.TemporaryDirectory() as place:
        settings = with_history(Path(place), asked.customers)
        kernel(settings, asked.customers)
        if not asked.no_browser:
            browser(settings, asked.customers)


if __name__ == "__main__":
    main()
