"""The exact count behind a sample of the demo, by Spark and by the files, against the demo held whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lifetide import Studio
from lifetide.command.studio_spark import OnSpark
from lifetide.explorer.studio import app
from lifetide.explorer.studio.shelf import Shelf
from lifetide.explorer.studio.sources import published

pytestmark = [pytest.mark.delta, pytest.mark.prove]

BEST = {"id": "r", "field": "ltv_total", "operator": "topPercent", "value": 20}
OFTEN = {
    "id": "b",
    "field": "items",
    "match": {"mode": "atLeast", "threshold": 3, "count_by": "order_id"},
    "timeframe": {"mode": "in_the_last", "quantity": 180, "unit": "day"},
}
TWICE = {
    "id": "s",
    "field": "orders",
    "sequence": {"steps": [{}, {"field": "orders", "within": {"quantity": 30, "unit": "day"}}]},
    "timeframe": {"mode": "any_time"},
}
WITHIN = {"id": "w", "field": "audience", "operator": "notIn", "value": ["best"]}
TWICERS = {"id": "t", "field": "audience", "operator": "in", "value": ["twicers"]}
CASES = {
    "a rank": [BEST], "behaviour": [OFTEN, BEST], "an order": [TWICE], "not in the best": [TWICE, WITHIN],
    "behaviour within": [TWICERS, BEST],
}  # fmt: skip


@pytest.fixture(scope="module")
def both(spark: Any, demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Studio, app.Studio]:
    """The demo held whole, and a sample of 500 of it, with the same saved audiences."""
    del spark
    folder = tmp_path_factory.mktemp("audiences")
    whole = Studio(demo_folder, audiences=folder)
    for name, rule in (("Best", BEST), ("Twicers", TWICE)):
        whole.session.draft = rules([rule])
        whole.save(name)
        whole.session.clear()
    shelf = Shelf(folder)
    held = published(demo_folder / "warehouse", "The demo", most_rows=1_000, size=500)
    return whole, app.Studio(held, "£", shelf, OnSpark(demo_folder / "settings.toml", held, shelf))


def rules(them: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": "root", "combinator": "and", "rules": them}


@pytest.mark.parametrize("case", CASES)
def test_the_exact_count_is_that_of_the_demo_held_whole(both: tuple[Studio, app.Studio], case: str):
    whole, sampled = both
    for one in both:
        one.session.draft = rules(CASES[case])
    assert 0 < whole.count < 4_000
    assert sampled.count == whole.count
    told, _ = sampled.session.count(sampled.session.draft)
    low, high = told["interval"]
    if "wait" not in told:
        assert low <= whole.count <= high
    members = sorted(sampled.to_pandas()["customer_id"])
    assert members == sorted(whole.to_pandas()["customer_id"])
    assert sampled.customers().count() == whole.count
