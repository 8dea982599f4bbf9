"""What is allowed but seldom meant is told with its path, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from audiences.test_round_trip import ruled
from lifetide.audiences import parse
from lifetide.audiences.lints import data_lints, lints
from lifetide.pipelines.definitions import definitions_in
from lifetide.shipped import shipped_audiences

ORDERED: dict[str, Any] = {"field": "orders", "match": {"mode": "some"}}
R0 = "rule.rules[0]"
SAID = [
    ({**ORDERED, "timeframe": "any_time"}, f"{R0}.timeframe: no beginning: the whole history is read for it"),
    ({**ORDERED, "timeframe": {"mode": "before_the_last", "quantity": 1, "unit": "year"}},
     f"{R0}.timeframe: no beginning: the whole history is read for it"),
    ({**ORDERED, "timeframe": {"mode": "in_the_next", "quantity": 7, "unit": "day"}},
     f"{R0}.timeframe: nothing has happened after as_of yet: this sees no element"),
    ({"field": "orders", "match": {"mode": "atLeast", "threshold": 0}, "timeframe": "this_year"},
     f"{R0}.match.threshold: at least 0 is always true"),
    ({"field": "ltv_historic", "operator": "bottomPercent", "value": 100},
     f"{R0}.value: 100% is everybody with a value"),
    ({"field": "main_category", "operator": "matches", "value": "sho.*"},
     f"{R0}.value: matches knows * for any text and ? for one character, no regular expressions"),
    ({"field": "searches", "match": {"mode": "some"}, "timeframe": "this_year",
      "value": {"rules": [{"field": "query", "operator": "matches", "value": "^shoes"}]}},
     f"{R0}.value.rules[0].value: matches knows * for any text and ? for one character, no regular expressions"),
    ({"combinator": "or", "rules": []}, f"{R0}: a group without rules holds for everyone"),
    ({"field": "interest", "operator": "interestedIn", "value": {"categories": ["hats"]}, "minimum": 0.1},
     f"{R0}: interestedIn reads customer_interests, which no command of this release writes"),
]  # fmt: skip
FINE: list[dict[str, Any]] = [
    {**ORDERED, "timeframe": "this_year"},
    {"field": "orders", "match": {"mode": "atMost", "threshold": 0}, "timeframe": "this_year"},
    {"field": "orders", "firstTime": True, "timeframe": "last_month"},
    {"field": "ltv_historic", "operator": "topPercent", "value": 99.9},
    {"field": "order_count", "operator": "<=", "value": 100},
    {"field": "main_category", "operator": "matches", "value": "sh?es (a.b) *"},
]


@pytest.mark.parametrize(("rule", "message"), SAID, ids=[message for _, message in SAID])
def test_each_is_told_once_wherever_it_lies(rule, message):
    assert [str(one) for one in lints(parse(ruled(rule)))] == [message]
    deeper = {"combinator": "or", "rules": [FINE[0], rule]}
    assert [str(one) for one in lints(parse(ruled(deeper)))] == [message.replace(R0, f"{R0}.rules[1]")]


@pytest.mark.parametrize("rule", FINE, ids=range(len(FINE)))
def test_ordinary_rules_are_left_alone(rule):
    assert lints(parse(ruled(rule))) == []


def test_the_shipped_examples_are_ordinary():
    assert {key: lints(one) for key, one in definitions_in(shipped_audiences()).audiences.items() if lints(one)} == {}


def test_nobody_and_everybody_are_told_where_there_are_customers():
    assert data_lints("a", 0, 10) == ["a: nobody is in it"]
    assert data_lints("a", 10, 10) == ["a: every customer is in it"]
    assert data_lints("a", 9, 10) == data_lints("a", 1, 10) == data_lints("a", 0, 0) == []
