"""Sensitivity to price: what a customer pays beside what is usual in the category."""

from __future__ import annotations

from math import log, sqrt

import pytest
from pyspark.sql import functions as F

from given import given
from lifetide.customers.prices import (
    DEVIATION,
    HIGH_BELOW,
    LOW_ABOVE,
    MEAN,
    Level,
    price_score,
    price_sums,
    score_sums,
    with_price_sensitivity,
)
from lifetide.customers.state import by_category
from lifetide.lifecycle.jackknife import interval
from lifetide.pipelines.prices import price_limits, usual_prices
from lifetide.policy import WorthPolicy
from lifetide.tables import CUSTOMER_ITEMS

ITEMS = """
    source_id | local_date | product_id | category | units_sold | gross_revenue | net_revenue
    ada       | 2026-01-01 | mug        | Mugs     | 1          |  2.00         |  2.00
    bob       | 2026-01-01 | mug        | Mugs     | 2          | 16.00         |  4.00
    cem       | 2026-01-01 | mug        | Mugs     | 1          |  4.00         |  4.00
    dan       | 2026-01-01 | tin        | Tins     | 1          |  4.00         |  4.00
    dan       | 2026-01-02 | tin        | Tins     | 1          |  4.00         |  4.00
    eve       | 2026-01-01 | mug        | Mugs     | 1          |  0.00         |  0.00
    eve       | 2026-01-02 | pen        | ·        | 1          |  9.00         |  9.00
"""
MUGS = Level(2 * log(2), log(2))
"""Prices 2, 4 and 8: the logarithms lie one ln 2 apart."""


def state_of(spark, items: str):
    """What customer_state holds of the items, each source id a customer of its own."""
    return by_category(given(spark, CUSTOMER_ITEMS, items).withColumnRenamed("source_id", "customer_id"))


@pytest.fixture(scope="module")
def state(spark):
    return state_of(spark, ITEMS).localCheckpoint()


def test_prices_count_before_discount_and_not_what_was_given_away_or_has_no_category(state) -> None:
    sums = price_sums(state).groupBy("category").agg(F.sum("count"), F.sum("total"), F.sum("squares"))
    found = {row.category: tuple(row)[1:] for row in sums.collect()}
    mugs, tins = found["Mugs"], found["Tins"]
    assert mugs == (3, pytest.approx(6 * log(2)), pytest.approx(14 * log(2) ** 2))
    assert tins == (2, pytest.approx(4 * log(2)), pytest.approx(8 * log(2) ** 2))
    assert len(found) == 2


def sums(*rows: tuple[int, float, float, float]) -> dict[str, list[float]]:
    """Of hash groups: number, count, total and squares."""
    return {
        name: [row[place] for row in rows] for place, name in enumerate(("hash_group", "count", "total", "squares"))
    }


def test_a_usual_price_is_the_mean_and_spread_of_logarithms() -> None:
    mugs = sums((4, 2, 4 * log(2), 10 * log(2) ** 2), (17, 1, 2 * log(2), 4 * log(2) ** 2))
    [(mean, deviation)] = usual_prices({"Mugs": mugs}, WorthPolicy(price_min_items=3)).values()
    assert (mean.name, mean.sample_count, mean.method) == (MEAN + "Mugs", 3, "mean")
    assert (mean.value, deviation.value) == (pytest.approx(MUGS.mean), pytest.approx(MUGS.deviation))


def test_few_items_or_one_price_alone_tell_no_usual_price() -> None:
    few = sums((4, 3, 6 * log(2), 14 * log(2) ** 2))
    alike = sums((4, 2, 4 * log(2), 8 * log(2) ** 2))
    assert usual_prices({"Mugs": few}, WorthPolicy(price_min_items=4)) == {}
    assert usual_prices({"Tins": alike}, WorthPolicy(price_min_items=2)) == {}


def test_fifty_customers_of_one_item_each_give_students_interval_and_it_may_lie_below_zero() -> None:
    each = sums(*((group, 1, group - 24.5, (group - 24.5) ** 2) for group in range(50)))
    [(mean, _)] = usual_prices({"Mugs": each}, WorthPolicy(price_min_items=2)).values()
    assert mean.learned is not None
    # 0 ± 1.67655 · 14.5774 ÷ √50
    assert interval(mean.learned.estimates, lowest=mean.lowest) == pytest.approx((-3.45629, 3.45629), abs=1e-4)


def test_a_score_says_how_many_deviations_above_the_usual_one_pays(state) -> None:
    scores = dict(state.select("customer_id", price_score({"Mugs": MUGS})).collect())
    assert scores == {
        "ada": pytest.approx(-1),
        "bob": pytest.approx(1),
        "cem": pytest.approx(0, abs=1e-12),
        "dan": None,
        "eve": None,
    }
    told = score_sums(state, {"Mugs": MUGS}).toPandas().to_dict("list")
    high, low = price_limits(told, WorthPolicy(price_spread=0.5))
    assert (high.value, low.value, low.sample_count) == (pytest.approx(-0.5), pytest.approx(0.5), 3)


def test_who_pays_little_is_sensitive_and_who_bought_nothing_comparable_is_unknown(state) -> None:
    learned = {MEAN + "Mugs": MUGS.mean, DEVIATION + "Mugs": MUGS.deviation, HIGH_BELOW: -0.5, LOW_ABOVE: 0.5}
    found = with_price_sensitivity(state, learned).select("customer_id", "price_sensitivity")
    assert dict(found.collect()) == {"ada": "high", "bob": "low", "cem": "average", "dan": None, "eve": None}


def test_a_customer_of_two_categories_is_the_mean_over_the_items(spark) -> None:
    state = state_of(spark, ITEMS + """
    ada       | 2026-01-03 | tin        | Tins     | 1          |  8.00         |  8.00
    ada       | 2026-01-04 | tin        | Tins     | 1          |  8.00         |  8.00
    """.strip("\n "))  # fmt: skip
    levels = {"Mugs": MUGS, "Tins": Level(2 * log(2), sqrt(2) * log(2))}
    scores = dict(state.select("customer_id", price_score(levels)).collect())
    assert scores["ada"] == pytest.approx((-1 + 2 / sqrt(2)) / 3)


def test_without_anything_learned_nobody_has_a_sensitivity(state) -> None:
    assert with_price_sensitivity(state, {}).where("price_sensitivity IS NOT NULL").isEmpty()
