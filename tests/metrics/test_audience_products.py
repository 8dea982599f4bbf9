"""What audiences buy, beside a count in plain Python."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from math import sqrt

import pytest

from lifetide.metrics.audience_products import audience_products

AS_OF = date(2026, 3, 31)
MOST = 4
DAYS = {"best_selling": 90, "trending": 14, "new": 30}
KEYS = {
    f"c{number:02}": [key for place, key in enumerate(("a", "b")) if number % (place + 2) == 0]
    for number in range(30)
}


def purchases(seed: int) -> list[tuple[object, ...]]:
    """customer, keys, day, product, net orders, units, money; p0 rises, p1 is new, some money is given back."""
    chance = random.Random(seed)
    rows = {}
    for _ in range(700):
        product = f"p{chance.randrange(8)}"
        ago = chance.randrange(90)
        if product == "p0":
            ago = chance.randrange(13) if chance.random() < 0.8 else ago
        if product == "p1":
            ago = chance.randrange(29)
        customer = f"c{chance.randrange(30):02}"
        day = AS_OF - timedelta(days=ago)
        is_sale = chance.random() < 0.9
        units, money = (Decimal(chance.randint(1, 3)), Decimal(chance.randint(100, 900)) / 100)
        rows[customer, day, product] = (
            customer, KEYS[customer], day, product, int(is_sale), units if is_sale else Decimal(0),
            money if is_sale else -money,
        )  # fmt: skip
    return list(rows.values())


def by_hand(rows, first_sold, sizes) -> dict[tuple[object, ...], tuple[object, ...]]:
    shares, told = {}, defaultdict(list)
    for logic, days in DAYS.items():
        sums: dict[tuple[object, str], dict[str, object]] = defaultdict(
            lambda: {"who": defaultdict(Decimal), "units": Decimal(0), "money": None, "recent": 0, "before": 0}
        )
        for customer, keys, day, product, orders, units, money in rows:
            age = (AS_OF - day).days
            for key in [None, *keys]:
                one = sums[key, product]
                if age < days:
                    one["who"][customer] += units
                    one["units"] += units
                    one["money"] = (one["money"] or Decimal(0)) + money
                one["recent"] += orders if age < 14 else 0
                one["before"] += orders if 14 <= age < 70 else 0
        for (key, product), one in sums.items():
            buyers = sum(1 for units in one["who"].values() if units > 0)
            shares[key, logic, product] = buyers / sizes[key]
            rise = 2 * (sqrt(one["recent"] + 0.375) - sqrt((one["before"] + 0.375) / 4)) / sqrt(1.25)
            is_new = (AS_OF - first_sold[product]).days < 30
            score = {
                "best_selling": buyers,
                "trending": rise if rise > 3.09 else None,
                "new": buyers if is_new else None,
            }
            if score[logic] is not None and buyers:
                told[key, logic].append((-score[logic], -one["money"], product, buyers, one["units"], one["money"]))
    return {
        (key, logic, product): (
            rank,
            buyers,
            units,
            money,
            shares[key, logic, product] / shares[None, logic, product],
        )
        for (key, logic), each in told.items()
        for rank, (_, _, product, buyers, units, money) in enumerate(sorted(each)[:MOST], start=1)
    }


@pytest.mark.parametrize("seed", [5])
def test_ranks_buyers_money_and_lift_are_those_counted_by_hand(spark, seed):
    rows = purchases(seed)
    first_sold = {f"p{number}": AS_OF - timedelta(days=10 if number == 1 else 400) for number in range(8)}
    sizes = {None: 30, "a": 15, "b": 10}
    bought = spark.createDataFrame(
        rows, "customer_id string, audience_keys array<string>, local_date date, product_id string, order_count int, "
        "units_sold decimal(18,3), net_revenue decimal(18,2)"
    )  # fmt: skip
    sold = spark.createDataFrame(list(first_sold.items()), "product_id string, appeared_on date")
    counts = spark.createDataFrame(list(sizes.items()), "audience_key string, size bigint")
    found = audience_products(bought, sold, counts, AS_OF, MOST).collect()
    told = {
        (one.audience_key, one.logic, one.product_id):
            (one["rank"], one.buyers, one.units, one.net_revenue, pytest.approx(one.lift))
        for one in found
    }  # fmt: skip
    expected = by_hand(rows, first_sold, sizes)
    assert {key[:2] for key in expected} == {(key, logic) for key in (None, "a", "b") for logic in DAYS}
    assert {key for key in expected if key[1] == "trending"} >= {(None, "trending", "p0")}
    assert expected == told
