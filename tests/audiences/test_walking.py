"""Who looked at a product, put it in the cart and bought it: typed, a customer a line, times of one product."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import pytest
from pyspark.sql import functions as F

from audiences.test_round_trip import ruled
from lifetide.audiences import parse
from lifetide.audiences.following import follows
from lifetide.audiences.tree import Sequence

AS_OF = date(2026, 3, 31)
LISTS = ", ".join(
    f"{name} array<struct<day:date,at:timestamp,same:array<string>>>" for name in ("views", "carts", "buys")
)

BOUGHT = [
    ("viewed, carted, bought on three days", "1", "2", "3", True),
    ("bought before the cart", "1", "3", "2", False),
    ("all on one day, hour by hour", "1 9h", "1 10h", "1 11h", True),
    ("all on one day, nobody knows when", "1", "1", "1", False),
    ("carted at the hour of the second view", "1 9h, 1 13h", "1 13h", "2", True),
    ("carted at the hour of the only view", "1 13h", "1 13h", "2", False),
    ("carted on the fourth day after", "1", "5", "6", False),
    ("… but viewed once more in between", "1, 3", "5", "6", True),
    ("viewed once more after the cart", "1, 6", "5", "7", False),
    ("carted twice, bought after the second", "1", "2, 4", "4 9h", True),
    ("another product was bought", "1", "2", "3 of q", False),
    ("carts of two products, each half of the way", "1, 1 of q", "2 of q", "3", False),
    ("nobody knows which product", "1 of ?", "2 of ?", "3 of ?", False),
    ("nothing was carted", "1", "", "3", False),
]


@pytest.fixture(scope="module")
def told(spark) -> dict[str, bool]:
    within = {"within": {"quantity": 3, "unit": "day"}}
    steps = [{"field": "views"}, {"field": "carts", **within}, {"field": "items"}]
    rule = parse(
        ruled({"field": "views", "sequence": {"steps": steps, "same": ["product_id"]}, "timeframe": "any_time"})
    )
    [node] = rule.rule.rules
    assert isinstance(node, Sequence)
    rows = [(name, listed(views), listed(carts), listed(buys)) for name, views, carts, buys, _ in BOUGHT]
    frame = spark.createDataFrame(rows, f"name string, {LISTS}")
    found = frame.select(
        "name", follows(node, [F.col("views"), F.col("carts"), F.col("buys")], AS_OF).alias("bought")
    )
    return {row["name"]: row["bought"] for row in found.collect()}


@pytest.mark.parametrize(("name", "bought"), [(name, bought) for name, *_, bought in BOUGHT])
def test_a_product_was_viewed_carted_within_three_days_and_bought(told, name, bought):
    assert told[name] is bought


def listed(said: str) -> list[Any]:
    """`1 9h of q` = the first of March at nine, product q; p unless said, ? = nobody knows which."""
    return [_element(one) for one in said.split(", ") if one]


def _element(said: str) -> tuple[date, datetime | None, list[str | None]]:
    when, _, product = said.partition(" of ")
    day, _, hour = when.partition(" ")
    at = datetime(2026, 3, int(day), int(hour.rstrip("h")), tzinfo=timezone.utc) if hour else None
    return date(2026, 3, int(day)), at, [None if product == "?" else product or "p"]
