"""Sentences as a person would write them, read aloud."""

from __future__ import annotations

from typing import Any

import pytest

from audiences.test_round_trip import DOCUMENT, ruled
from lifetide.audiences import parse
from lifetide.audiences.sentence import sentence, universe_sentence

LAST_90 = {"mode": "in_the_last", "quantity": 90, "unit": "day"}


def shoes(*more: dict[str, Any], **of: Any) -> dict[str, Any]:
    return {**of, "rules": [{"field": "category", "operator": "=", "value": "shoes"}, *more]}


def test_the_example_of_the_language() -> None:
    audience = parse(DOCUMENT)
    assert sentence(audience) == (
        "is slipping away, bought in category shoes at least 2 times in the last 90 days, "
        "and is not in recently_contacted"
    )
    assert universe_sentence(audience.include) == "known customers subscribed to email"


SAID = [
    ({"field": "order_count", "operator": ">=", "value": 2}, "order count is at least 2"),
    ({"field": "days_since_last_order", "operator": "between", "value": [60, 180]},
     "days since last order is from 60 to 180"),
    ({"field": "importance", "operator": ">=", "value": "high"}, "importance is at least high"),
    ({"field": "lifecycle_group", "operator": "in", "value": ["lost", "active"]}, "is active or lost"),
    ({"field": "main_category", "operator": "beginsWith", "value": "sho"}, "main category begins with “sho”"),
    ({"field": "main_category", "operator": "!=", "value": "hats", "nulls": "exclude"},
     "main category is not “hats” and known"),
    ({"field": "has_email", "operator": "=", "value": True}, "has an e-mail address"),
    ({"field": "ltv_historic", "operator": "topPercent", "value": 10}, "ltv historic is among the top 10%"),
    ({"field": "nps_score", "operator": "null"}, "nps score is unknown"),
    ({"field": "last_order_date", "operator": "withinLast", "value": {"quantity": 1, "unit": "month"}},
     "last order date is within the last month"),
    ({"field": "days_since_last_order", "operator": ">", "valueSource": "field",
      "value": "own_interval_days", "scale": 2},
     "days since last order is above 2 times own interval days"),
    ({"field": "orders", "match": {"mode": "none"}, "timeframe": LAST_90}, "did not order in the last 90 days"),
    ({"field": "messages", "match": {"mode": "atLeast"}, "timeframe": "this_month",
      "value": {"rules": [{"field": "event_type", "operator": "=", "value": "message_opened"}]}},
     "opened a message at least once this month"),
    ({"field": "items", "match": {"mode": "all"}, "value": shoes(), "timeframe": "any_time"},
     "all items at any time were in category shoes"),
    ({"field": "items", "match": {"mode": "exactly", "threshold": 3, "count_by": "product_id"},
      "timeframe": "last_year"},
     "bought with exactly 3 different values of product id last year"),
    ({"field": "orders", "aggregate": {"measure": "sum", "of": "net_revenue"}, "operator": ">=", "value": 500,
      "timeframe": LAST_90}, "the total net revenue of orders in the last 90 days is at least 500"),
    ({"field": "orders", "aggregate": {"measure": "daysSinceLast"}, "operator": "<", "value": 30,
      "timeframe": "any_time",
      "where": {"rules": [{"field": "channel", "operator": "=", "value": "web"}]}},
     "days since the last of orders with channel web at any time is below 30"),
    ({"field": "carts", "timeframe": {"mode": "in_the_last", "quantity": 30, "unit": "day"},
      "sequence": {"same": ["product_id"], "steps": [
          {}, {"field": "items", "negate": True, "within": {"quantity": 7, "unit": "day"}}]}},
     "put something in the cart in the last 30 days, then did not buy within 7 days, each with the same product id"),
    ({"field": "items", "firstTime": True, "value": shoes(),
      "timeframe": {"mode": "between_ago", "from": 30, "to": 90, "unit": "day"}},
     "bought in category shoes for the first time 30 to 90 days ago"),
    ({"field": "audience", "operator": "wasIn", "value": ["vips"], "timeframe": {"mode": "before_the_last",
      "quantity": 1, "unit": "year"}}, "was in vips 1 year ago or earlier"),
    ({"field": "interest", "operator": "interestedIn", "value": {"categories": ["shoes", "hats"]}, "minimum": 0.2},
     "is interested in hats or shoes with a score of at least 0.2"),
    ({"combinator": "or", "not": True, "rules": [{"field": "order_count", "operator": "=", "value": 0},
      {"field": "audience", "operator": "in", "value": ["a", "b"]}]},
     "not (order count is 0 or is in a or b)"),
    ({"field": "views", "match": {"mode": "some"}, "timeframe": {"mode": "between", "from": "2024-01-01"},
      "value": {"combinator": "or", "rules": [{"field": "page", "operator": "contains", "value": "sale"},
                                              {"field": "category", "operator": "=", "value": "shoes"}]}},
     "viewed something with page containing “sale” or in category shoes since 2024-01-01"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "text"), SAID, ids=[text for _, text in SAID])
def test_each_kind_of_rule(rule: dict[str, Any], text: str) -> None:
    assert sentence(parse(ruled(rule))) == text


def test_groups_inside_groups_stand_in_brackets() -> None:
    inner = {"combinator": "or", "rules": [{"field": "order_count", "operator": "=", "value": 1},
                                           {"field": "has_email", "operator": "=", "value": False}]}  # fmt: skip
    rule = ruled(inner, {"field": "lifecycle_group", "operator": "=", "value": "lost"})
    assert sentence(parse(rule)) == "(order count is 1 or has no e-mail address) and is lost"
