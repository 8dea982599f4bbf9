"""Queries of react-querybuilder become rules and rules become queries; what cannot be said is refused."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from audiences.random_rules import Rules
from audiences.test_round_trip import ruled
from lifetide.audiences import check, parse
from lifetide.audiences.brief import brief
from lifetide.audiences.querybuilder_in import rule_of
from lifetide.audiences.querybuilder_out import query_of
from lifetide.command import main
from lifetide.definitions import read_json
from lifetide.errors import DefinitionError

HEAD = {"spec": "lifetide.audience/v1", "key": "a", "name": "a"}
OWN = ("ignore_case", "nulls", "scale", "count_by", "vacuous", "aggregate", "sequence", "firstTime", "minimum")
"""Keys of rules for which a query has no place, besides timeframes."""


def taken(query: object) -> tuple[Any, list[str]]:
    rule, problems = rule_of(json.loads(json.dumps(query)))
    audience, found = check({**HEAD, "rule": rule})
    return audience, [str(one) for one in (*problems, *found)]


# What a page with default settings holds: ids, texts of numbers, lists with commas, the dates' own comparisons.
PAGE = {
    "id": "root", "combinator": "and", "not": False,
    "rules": [
        {"id": "1", "field": "order_count", "operator": ">=", "valueSource": "value", "value": "3"},
        {"id": "2", "field": "ltv_historic", "operator": "between", "value": "50,99.50", "disabled": True},
        {"id": "3", "field": "lifecycle_group", "operator": "in", "value": "lost, slipping_away", "path": [2]},
        {"field": "main_category", "operator": "notIn", "value": r"cups\, mugs,hats"},
        {"field": "has_email", "operator": "=", "value": "true"},
        {"field": "nps_score", "operator": "null", "value": ""},
        {"field": "first_order_date", "operator": "<=", "value": "2024-02-28"},
        {"field": "last_order_date", "operator": ">", "value": "2024-01-31"},
        {"field": "order_count", "operator": ">", "valueSource": "field", "value": "frequency"},
        {"field": "items", "operator": "=", "match": {"mode": "atLeast", "threshold": "2"},
         "value": {"combinator": "or", "rules": [{"field": "quantity", "operator": ">", "value": "1"}]}},
        {"field": "orders", "operator": "=", "match": {"mode": "none", "threshold": 1},
         "value": {"combinator": "and", "rules": []}},
        {"combinator": "or", "not": True, "rules": [
            {"field": "audience", "operator": "in", "value": "vips,friends"},
            {"field": "cohort_month", "operator": "=", "value": "2024-02-01"}]},
    ],
}  # fmt: skip
MEANT = [
    {"field": "order_count", "operator": ">=", "value": 3},
    {"field": "ltv_historic", "operator": "between", "value": [50, 99.5]},
    {"field": "lifecycle_group", "operator": "in", "value": ["slipping_away", "lost"]},
    {"field": "main_category", "operator": "notIn", "value": ["cups, mugs", "hats"]},
    {"field": "has_email", "operator": "=", "value": True},
    {"field": "nps_score", "operator": "null"},
    {"field": "first_order_date", "operator": "before", "value": "2024-02-29"},
    {"field": "last_order_date", "operator": "after", "value": "2024-01-31"},
    {"field": "order_count", "operator": ">", "value": "frequency", "valueSource": "field"},
    {"field": "items", "match": {"mode": "atLeast", "threshold": 2}, "timeframe": "any_time",
     "value": {"rules": [{"field": "quantity", "operator": ">", "value": 1}], "combinator": "or"}},
    {"field": "orders", "match": {"mode": "none"}, "timeframe": "any_time"},
    {"combinator": "or", "not": True, "rules": [
        {"field": "audience", "operator": "in", "value": ["friends", "vips"]},
        {"field": "cohort_month", "operator": "on", "value": "2024-02-01"}]},
]  # fmt: skip


def test_a_page_s_query_means_what_a_person_reads_in_it():
    audience, problems = taken(PAGE)
    assert problems == []
    assert audience == parse({**HEAD, "rule": {"rules": MEANT}})


REFUSED = [
    ({"field": "order_count", "operator": "=", "value": "many"},
     "rule.rules[0].value: expected a number of at most 15 digits, found 'many'"),
    ({"field": "order_count", "operator": "=", "value": 1, "muted": True},
     "rule.rules[0]: it is muted, so it does not count there: take it out, or let it count"),
    ({"field": "order_count", "operator": "=", "value": 1, "weight": 3},
     "rule.rules[0].weight: 'weight' is not a key here; it can be field, operator, value, valueSource, scale, "
     "ignore_case, nulls"),
    ({"field": "last_order_date", "operator": "!=", "value": "2024-01-01"},
     "rule.rules[0].operator: '!=' is not an operator of last_order_date; it can be before, after, on, between, "
     "withinLast, withinNext, null, notNull"),
    ({"field": "~", "operator": "~", "value": ""}, "rule.rules[0].field: '~' is not a field"),
    ({"field": "orders", "operator": "=", "match": {"mode": "atLeast", "threshold": 0.5},
      "value": {"combinator": "and", "rules": []}},
     "rule.rules[0].match.threshold: expected a whole number from 0 to 1,000,000, found 0.5"),
    ({"field": "orders", "operator": "=", "match": {"mode": "some"}, "value": ""},
     "rule.rules[0].value: expected a mapping with combinator, rules, not, found an empty text"),
    ({"field": "orders", "operator": "=", "match": {"mode": "some"}},
     "rule.rules[0].value: what its elements must be is missing: expected a group"),
    ({"combinator": "xor", "rules": []}, "rule.rules[0].combinator: 'xor' is not a combinator; did you mean or?"),
    ({"rules": [{"field": "order_count", "operator": "=", "value": 1}, "or",
                {"field": "order_count", "operator": "=", "value": 2}]},
     "rule.rules[0].rules: a combinator between rules is not read: make groups of them first (convertFromIC does)"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "message"), REFUSED, ids=range(len(REFUSED)))
def test_what_a_rule_cannot_say_is_refused(rule, message):
    assert message in taken({"combinator": "and", "rules": [rule]})[1]


def test_all_of_it_is_said_at_once():
    _, problems = taken({"combinator": "and", "rules": [rule for rule, _ in REFUSED[:7]]})
    assert len(problems) >= 7


def as_a_page_writes(value: Any, dice: random.Random) -> Any:
    """The same query with ids, and with some values as the texts that a page's inputs give."""
    if isinstance(value, list):
        return [as_a_page_writes(one, dice) for one in value]
    if not isinstance(value, dict):
        return value
    made = {key: as_a_page_writes(one, dice) for key, one in value.items()}
    if "field" not in made and "rules" not in made:
        return made
    made["id"] = str(dice.random())
    plain = made.get("value")
    is_number = isinstance(plain, int | float) and not isinstance(plain, bool)
    if dice.random() < 0.5 and (is_number and made["operator"] not in ("topN", "topPercent", "bottomPercent")):
        made["value"] = str(plain)
    if isinstance(plain, bool) and dice.random() < 0.5:
        made["value"] = str(plain).lower()
    if isinstance(plain, list) and all(isinstance(one, str) and one == one.strip() != "" for one in plain):
        made["value"] = ",".join(one.replace(",", "\\,") for one in plain)
    return made


def says(node: Any, words: tuple[str, ...]) -> bool:
    """Whether the plain rule has one of the keys anywhere, or a timeframe other than any time."""
    if isinstance(node, list):
        return any(says(one, words) for one in node)
    if not isinstance(node, dict):
        return False
    timed = node.get("timeframe", {"mode": "any_time"}) != {"mode": "any_time"}
    return (
        timed or node.get("operator") == "wasIn" or any(key in words or says(one, words) for key, one in node.items())
    )


def test_every_random_rule_comes_back_as_it_was_or_is_refused_with_its_reasons():
    back = refused = 0
    for seed in range(1_500):
        audience = parse({**Rules(seed, ["vips"]).audience("a"), "include": {}})
        query, problems = query_of(audience)
        assert (query is None) == bool(problems) == says(brief(audience)["rule"], OWN), seed
        if query is None:
            refused += 1
            continue
        again, found = taken(as_a_page_writes(query, random.Random(seed)))
        assert found == [], seed
        assert again == audience, seed
        back += 1
    assert back > 200
    assert refused > 200


def test_what_a_query_cannot_say_is_told_with_every_place():
    audience = parse(ruled(
        {"field": "days_since_last_order", "operator": ">", "valueSource": "field", "value": "own_interval_days",
         "scale": 2},
        {"field": "main_category", "operator": "!=", "value": "hats", "ignore_case": True, "nulls": "exclude"},
        {"field": "items", "match": {"mode": "atLeast", "threshold": 2, "count_by": "order_id"},
         "timeframe": "this_month"},
        {"field": "orders", "aggregate": {"measure": "count"}, "operator": ">", "value": 1, "timeframe": "any_time"},
    ))  # fmt: skip
    query, problems = query_of(audience)
    assert query is None
    assert [str(one) for one in problems] == [
        "include: a query says the rule alone; with --rule-only it is left out",
        "rule.rules[0].scale: 2 times own_interval_days has no place in a query",
        "rule.rules[1].ignore_case: has no place in a query",
        "rule.rules[1].nulls: has no place in a query; add a rule main_category notNull",
        "rule.rules[2].timeframe: has no place in a query; say it as a rule about date inside the group",
        "rule.rules[2].match.count_by: has no place in a query",
        "rule.rules[3].aggregate: has no place in a query",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "q.json:1: not JSON: Expecting property name enclosed in double quotes."),
        (b'{"rules": [],\n"rules": []}', "q.json: 'rules' stands twice in one mapping."),
        (b'{"value": NaN}', "q.json: NaN is no number that JSON knows."),
        (b"\xff", "q.json: not UTF-8: save the file as UTF-8."),
        (b"[" * 90_000, "q.json: nested too deep."),
        (b" " * 100_001, "q.json: 100,001 bytes; a query has at most 100,000."),
    ],
)
def test_a_file_that_could_harm_or_means_two_things_is_refused(content, message):
    with pytest.raises(DefinitionError) as caught:
        read_json(content, "q.json")
    assert str(caught.value) == message


def test_a_query_deeper_than_groups_may_lie_is_refused():
    query: Any = {"combinator": "and", "rules": []}
    for _ in range(300):
        query = {"combinator": "and", "rules": [query]}
    assert any("groups lie at most 8 deep" in one for one in taken(query)[1])


def test_the_commands_write_and_print_and_nothing_is_imported_where_one_is_wrong(tmp_path, capsys):
    folder = tmp_path / "audiences"
    folder.mkdir()
    good, bad = tmp_path / "big_spenders.json", tmp_path / "Bad.json"
    good.write_text('{"combinator": "and", "rules": [{"field": "ltv_historic", "operator": ">", "value": "500"}]}')
    bad.write_text('{"combinator": "and", "rules": [{"field": "ltv", "operator": ">", "value": "500"}]}')
    into = ["--folder", str(folder)]
    assert main(["audiences", "import", str(good), str(bad), *into]) == 2
    said = capsys.readouterr().err
    assert "Bad.json: key: 'Bad' is no key" in said
    assert "Bad.json: rule.rules[0].field: 'ltv' is not a field" in said
    assert not list(folder.iterdir())
    assert main(["audiences", "import", str(good), *into, "--name", "Spent 500"]) == 0
    assert (folder / "big_spenders.yaml").read_text() == (
        "spec: lifetide.audience/v1\nkey: big_spenders\nname: Spent 500\nrule:\n  combinator: and\n  rules:\n"
        "  - field: ltv_historic\n    operator: '>'\n    value: 500\n"
    )
    assert capsys.readouterr().out == f"Wrote {folder / 'big_spenders.yaml'}: ltv historic is above 500\n"
    assert main(["audiences", "import", str(good), *into]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["audiences", "query", "big_spenders", *into]) == 0
    assert json.loads(capsys.readouterr().out)["rules"] == [
        {"field": "ltv_historic", "operator": ">", "value": 500, "valueSource": "value"}
    ]
