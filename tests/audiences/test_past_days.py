"""Behaviour as it was known on past days: refunds and links that came later do not change what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pyspark.sql import functions as F

from audiences.test_round_trip import DOCUMENT
from given import given
from lifetide.audiences import Audience, parse
from lifetide.errors import NotFound
from lifetide.pipelines.audiences import evaluate
from lifetide.pipelines.context import Context
from lifetide.storage import MemoryStore, rows
from lifetide.tables import CUSTOMER_PROFILES, EVENTS, IDENTITIES, RUNS
from pipelines.small_shop import SmallShop, ordinary_days

# Ada's second order was given back on 5 March. Bob looked at the hat on a device that became known as his on the 15th
# of February, and bought it the day after he had looked.
HAPPENED = """
    event_id | event_type      | event_at         | state     | source_id | customer_id | order_id | refunds_order_id | product_id | category | is_product | quantity | amount
    a        | order_completed | 2026-01-10 10:00 | completed | ada       | ada         | o1       | ·                | cup        | cups     | true       | 1        | 10.00
    b        | order_completed | 2026-02-20 10:00 | completed | ada       | ada         | o2       | ·                | hat        | hats     | true       | 1        | 20.00
    c        | order_refunded  | 2026-03-05 10:00 | refunded  | ada       | ada         | o2x      | o2               | hat        | hats     | true       | -1       | -20.00
    d        | product_viewed  | 2026-02-01 09:00 | ·         | anon:d1   | ·           | ·        | ·                | hat        | hats     | ·          | ·        | ·
    e        | cart_added      | 2026-02-01 09:05 | ·         | anon:d1   | ·           | ·        | ·                | hat        | hats     | ·          | 1        | ·
    f        | order_completed | 2026-02-02 12:00 | completed | bob       | bob         | b1       | ·                | hat        | hats     | true       | 1        | 20.00
    g        | product_viewed  | 2026-03-20 09:00 | ·         | ada       | ada         | ·        | ·                | cup        | cups     | ·          | ·        | ·
"""  # noqa: E501
LINKS = """
    source_id | customer_id | valid_from
    anon:d1   | bob         | 2026-02-15 08:00
"""
DAYS = (date(2026, 2, 10), date(2026, 2, 28), date(2026, 3, 31))
PEOPLE = "\n".join(
    f"{day} | {name} | {str(name.startswith('anon:')).lower()}" for day in DAYS for name in ("ada", "bob", "anon:d1")
)
LAST_30 = {"mode": "in_the_last", "quantity": 30, "unit": "day"}
HATS = {"rules": [{"field": "category", "operator": "=", "value": "hats"}]}
STEPS = [{"field": "views"}, {"field": "carts"}, {"field": "items", "within": {"quantity": 7, "unit": "day"}}]
ASKED: dict[str, tuple[dict[str, Any], list[set[str]]]] = {
    "ordered_twice": (
        {"field": "orders", "match": {"mode": "atLeast", "threshold": 2}, "timeframe": "any_time"},
        [set(), {"ada"}, set()],
    ),
    "first_hat": (
        {"field": "items", "firstTime": True, "value": HATS, "timeframe": LAST_30},
        [{"bob"}, {"ada", "bob"}, set()],
    ),
    "viewed_then_bought": (
        {"field": "views", "sequence": {"steps": STEPS, "same": ["product_id"]}, "timeframe": "any_time"},
        [set(), {"bob"}, {"bob"}],
    ),
    "viewed": (
        {"field": "views", "match": {"mode": "some"}, "timeframe": "any_time"},
        [{"anon:d1"}, {"bob"}, {"ada", "bob"}],
    ),
    "viewed_and_never_bought_after": (
        {"field": "views", "sequence": {"steps": [{}, {"field": "orders", "negate": True}]}, "timeframe": "any_time"},
        [{"anon:d1"}, set(), {"ada"}],
    ),
    "spent": (
        {"field": "orders", "aggregate": {"measure": "sum", "of": "net_revenue"}, "operator": ">=", "value": 20,
         "timeframe": "any_time"},
        [{"bob"}, {"ada", "bob"}, {"bob"}],
    ),
}  # fmt: skip


def audience(key: str, rule: dict[str, Any]) -> Audience:
    return parse({**DOCUMENT, "key": key, "include": {"anonymous": True}, "rule": {"rules": [rule]}})


@pytest.fixture(scope="module")
def context(spark, tmp_path_factory) -> Context:
    store = MemoryStore(spark)
    events = given(spark, EVENTS, HAPPENED, source="shop", batch="b").withColumn("event_date", F.to_date("event_at"))
    store.append(EVENTS, events, run_id="r")
    store.append(IDENTITIES, given(spark, IDENTITIES, LINKS), run_id="r")
    store.append(
        CUSTOMER_PROFILES,
        given(spark, CUSTOMER_PROFILES, f"as_of | customer_id | is_anonymous\n{PEOPLE}"),
        run_id="r",
    )
    built = "run_id | job | status | as_of\nr | build | published | 2026-04-30"
    store.append(RUNS, given(spark, RUNS, built), run_id="r")
    small = SmallShop(spark, tmp_path_factory.mktemp("past"))
    small.write(ordinary_days(range(1)))
    return replace(small.context(), store=store)


@pytest.mark.parametrize("place", [pytest.param(0, marks=pytest.mark.prove), 1, 2], ids=[str(day) for day in DAYS])
def test_each_day_says_what_was_known_on_it(context, place):
    audiences = {key: audience(key, rule) for key, (rule, _) in ASKED.items()}
    found = rows(evaluate(context, audiences, {}, DAYS[place]).rows, at_most=10)
    told = {key: {row["customer_id"] for row in found if row[f"in {key}"]} for key in audiences}
    assert told == {key: wanted[place] for key, (_, wanted) in ASKED.items()}


def test_interest_without_scores_is_refused_and_says_what_is_missing(context):
    rule = {"field": "interest", "operator": "interestedIn", "value": {"categories": ["hats"]}, "minimum": 0.1}
    with pytest.raises(NotFound, match="customer_interests has no scores of 2026-03-31: no command of this release"):
        evaluate(context, {"a": audience("a", rule)}, {}, DAYS[2])
