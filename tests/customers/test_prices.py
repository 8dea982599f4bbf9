"""Sensitivity to price: what a customer pays beside what is usual in the category."""

from __future__ import annotations

from math import log, sqrt

import pytest

from given import given
from lifetide.customers.prices import (
    DEVIATION,
    HIGH_BELOW,
    LOW_ABOVE,
    MEAN,
    Level,
    level,
    price_score,
    price_sums,
    score_deviation,
    with_price_sensitivity,
)
from lifetide.customers.state import by_category
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
MUGS = Level(2 * log(2), log(2), 3)
"""Prices 2, 4 and 8: the logarithms lie one ln 2 apart."""


def state_of(spark, items: str):
    """What customer_state holds of the items, each source id a customer of its own."""
    return by_category(given(spark, CUSTOMER_ITEMS, items).withColumnRenamed("source_id", "customer_id"))


@pytest.fixture(scope="module")
def state(spark):
    return state_of(spark, ITEMS).localCheckpoint()


def test_prices_count_before_discount_and_not_what_was_given_away_or_has_no_category(state) -> None:
    found = {row.category: tuple(row)[1:] for row in price_sums(state).collect()}
    mugs, tins = found["Mugs"], found["Tins"]
    assert mugs == (3, pytest.approx(6 * log(2)), pytest.approx(14 * log(2) ** 2))
    assert tins == (2, pytest.approx(4 * log(2)), pytest.approx(8 * log(2) ** 2))
    assert len(found) == 2


def test_a_usual_price_is_the_mean_and_spread_of_logarithms() -> None:
    known = level(3, 6 * log(2), 14 * log(2) ** 2, WorthPolicy(price_min_items=3))
    assert (known.mean, known.deviation, known.count) == (pytest.approx(MUGS.mean), pytest.approx(MUGS.deviation), 3)


def test_few_items_or_one_price_alone_tell_no_usual_price() -> None:
    assert level(3, 6 * log(2), 14 * log(2) ** 2, WorthPolicy(price_min_items=4)) is None
    assert level(2, 4 * log(2), 8 * log(2) ** 2, WorthPolicy(price_min_items=2)) is None


def test_a_score_says_how_many_deviations_above_the_usual_one_pays(state) -> None:
    scores = dict(state.select("customer_id", price_score({"Mugs": MUGS})).collect())
    assert scores == {
        "ada": pytest.approx(-1),
        "bob": pytest.approx(1),
        "cem": pytest.approx(0, abs=1e-12),
        "dan": None,
        "eve": None,
    }
    spread = score_deviation(state, {"Mugs": MUGS}).first()
    assert tuple(spread) == (pytest.approx(1), 3)


def test_who_pays_little_is_sensitive_and_who_bought_nothing_comparable_is_unknown(state) -> None:
    learned = {MEAN + "Mugs": MUGS.mean, DEVIATION + "Mugs": MUGS.deviation, HIGH_BELOW: -0.5, LOW_ABOVE: 0.5}
    found = with_price_sensitivity(state, learned).select("customer_id", "price_sensitivity")
    assert dict(found.collect()) == {"ada": "high", "bob": "low", "cem": "average", "dan": None, "eve": None}


def test_a_customer_of_two_categories_is_the_mean_over_the_items(spark) -> None:
    state = state_of(spark, ITEMS + """
    ada       | 2026-01-03 | tin        | Tins     | 1          |  8.00         |  8.00
    ada       | 2026-01-04 | tin        | Tins     | 1          |  8.00         |  8.00
    """.strip("\n "))  # fmt: skip
    levels = {"Mugs": MUGS, "Tins": Level(2 * log(2), sqrt(2) * log(2), 4)}
    scores = dict(state.select("customer_id", price_score(levels)).collect())
    assert scores["ada"] == pytest.approx((-1 + 2 / sqrt(2)) / 3)


def test_without_anything_learned_nobody_has_a_sensitivity(state) -> None:
    assert with_price_sensitivity(state, {}).where("price_sensitivity IS NOT NULL").isEmpty()
