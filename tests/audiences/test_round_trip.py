"""Documents become trees and documents again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lifetide.audiences import FIELDS, canonical_json, check, document, parse, rule_hash
from lifetide.audiences.words import OPERATORS, FieldKind

DOCUMENT: dict[str, Any] = {
    "spec": "lifetide.audience/v1",
    "key": "shoe_repeaters_slipping",
    "name": "Shoe repeat buyers slipping away",
    "owner": "crm",
    "include": {"anonymous": False, "control_group": False, "consent": ["email"]},
    "membership": {"type": "dynamic", "min_days": 0, "exit_lag_days": 0},
    "rule": {
        "combinator": "and",
        "not": False,
        "rules": [
            {"field": "lifecycle_group", "operator": "in", "value": ["slipping_away"], "valueSource": "value"},
            {
                "field": "items",
                "match": {"mode": "atLeast", "threshold": 2, "count_by": "order_id"},
                "value": {
                    "combinator": "and",
                    "not": False,
                    "rules": [{"field": "category", "operator": "=", "value": "shoes", "valueSource": "value"}],
                },
                "timeframe": {"mode": "in_the_last", "quantity": 90, "unit": "day"},
            },
            {"field": "audience", "operator": "notIn", "value": ["recently_contacted"]},
        ],
    },
}  # fmt: skip


def ruled(*rules: object) -> dict[str, Any]:
    return {**DOCUMENT, "rule": {"combinator": "and", "not": False, "rules": list(rules)}}


def test_a_document_with_every_default_said_comes_back_as_it_was() -> None:
    assert document(parse(DOCUMENT)) == DOCUMENT


def test_defaults_left_out_make_the_same_tree_and_the_same_hash() -> None:
    short = ruled(
        {"field": "lifecycle_group", "operator": "in", "value": "slipping_away"},
        {"field": "views", "match": {"mode": "some"}, "timeframe": "this_month"},
        {"field": "order_count", "operator": "!=", "value": 2.0},
    )
    long = ruled(
        {"field": "lifecycle_group", "operator": "in", "value": ["slipping_away"], "valueSource": "value"},
        {
            "field": "views",
            "match": {"mode": "some"},
            "value": {"combinator": "and", "not": False, "rules": []},
            "timeframe": {"mode": "this_month"},
        },
        {"field": "order_count", "operator": "!=", "value": 2, "valueSource": "value", "nulls": "include"},
    )
    del short["rule"]["combinator"], short["rule"]["not"], short["include"]["control_group"]
    assert parse(short) == parse(long)
    assert rule_hash(parse(short)) == rule_hash(parse(long))


def test_name_and_owner_do_not_make_a_new_version_but_a_threshold_does() -> None:
    renamed = {**DOCUMENT, "name": "Another name", "owner": "shop"}
    changed = json.loads(json.dumps(DOCUMENT))
    changed["rule"]["rules"][1]["match"]["threshold"] = 3
    assert rule_hash(parse(renamed)) == rule_hash(parse(DOCUMENT)) != rule_hash(parse(changed))


def test_canonical_json_has_sorted_keys_and_no_spaces() -> None:
    text = canonical_json(parse(ruled({"field": "order_count", "operator": ">=", "value": 2})))
    assert text == (
        '{"include":{"anonymous":false,"consent":["email"],"control_group":false},'
        '"membership":{"exit_lag_days":0,"min_days":0,"type":"dynamic"},'
        '"rule":{"combinator":"and","not":false,"rules":'
        '[{"field":"order_count","operator":">=","value":2,"valueSource":"value"}]},'
        '"spec":"lifetide.audience/v1"}'
    )


@pytest.mark.parametrize("name", FIELDS)
def test_the_example_of_each_field_is_a_rule(name: str) -> None:
    audience, problems = check(ruled(FIELDS[name].example))
    assert not problems
    assert audience is not None
    assert parse(document(audience)) == audience


def test_every_problem_is_said_at_once_with_its_path_and_the_nearest_word() -> None:
    wrong = ruled(
        {"field": "lifecycle_grup", "operator": "in", "value": ["lost"]},
        {"field": "lifecycle_group", "operator": "in", "value": ["lots"]},
        {"field": "order_count", "operator": "greater", "value": 2},
        {"field": "order_count", "operator": ">", "value": "two"},
    )
    audience, problems = check(wrong)
    assert audience is None
    assert [str(one) for one in problems] == [
        "rule.rules[0].field: 'lifecycle_grup' is not a field; did you mean lifecycle_group?",
        "rule.rules[1].value[0]: 'lots' is not a value of lifecycle_group; did you mean lost?",
        "rule.rules[2].operator: 'greater' is not an operator of order_count",
        "rule.rules[3].value: expected a number of at most 15 digits, found 'two'",
    ]


def test_every_kind_of_field_says_its_operators() -> None:
    assert set(OPERATORS) == set(FieldKind)
    assert FIELDS["importance"].words == ("low", "medium", "high", "vip")
    assert FIELDS["regularity"].words == ("unknown", "irregular", "regular")
