"""The JSON Schema that editors read: it takes what `check` takes, and refuses what can be seen in one rule."""

from __future__ import annotations

from datetime import date
from typing import Any

import jsonschema
import pytest

from audiences.broken import BROKEN
from audiences.random_rules import Rules
from audiences.test_round_trip import ruled
from lifetide.audiences import FIELDS, check, document, parse
from lifetide.audiences.schema import audience_schema, schema_text
from lifetide.command import main
from lifetide.definitions import read_yaml
from lifetide.errors import DefinitionError
from lifetide.shipped import shipped_audiences, shipped_schema

NOT_SEEN_IN_ONE_RULE = {
    "another key than the file", "a day that is none", "ends that are swapped", "an audience that is not there",
    "itself", "nine groups deep", "two hundred and one conditions",
}  # fmt: skip


@pytest.fixture(scope="module")
def judge() -> Any:
    schema = audience_schema()
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def as_editors_read_it(value: Any) -> Any:
    """Dates as text: an editor's YAML knows none."""
    if isinstance(value, dict):
        return {key: as_editors_read_it(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_editors_read_it(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def test_the_shipped_file_is_what_the_catalogue_gives_and_what_the_command_writes(tmp_path, capsys):
    shipped = shipped_schema().read_text(encoding="utf-8")
    assert shipped == schema_text()
    assert main(["audiences", "schema", str(tmp_path / "a.json")]) == 0
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == shipped
    assert "# yaml-language-server: $schema=a.json" in capsys.readouterr().out
    assert main(["audiences", "schema"]) == 0
    assert capsys.readouterr().out == shipped


@pytest.mark.parametrize("path", sorted(shipped_audiences().glob("*.yaml")), ids=lambda path: path.stem)
def test_every_example_is_valid_and_names_the_schema(path, judge):
    assert not list(judge.iter_errors(as_editors_read_it(read_yaml(path.read_bytes(), path.name).data)))
    assert path.read_text(encoding="utf-8").splitlines()[1] == "# yaml-language-server: $schema=audience.schema.json"


def test_it_refuses_every_broken_definition_that_one_rule_shows(judge):
    taken = set()
    for name, (content, _) in BROKEN.items():
        try:
            data = as_editors_read_it(read_yaml(content, "a.yaml").data)
        except DefinitionError:
            continue
        if judge.is_valid(data):
            taken.add(name)
    assert taken == NOT_SEEN_IN_ONE_RULE


@pytest.mark.parametrize("name", FIELDS)
def test_the_example_of_each_field_is_valid_and_with_another_operator_is_not(name, judge):
    assert judge.is_valid(ruled(FIELDS[name].example))
    assert not judge.is_valid(ruled({**FIELDS[name].example, "operator": "likes"}))


def test_what_is_read_is_valid_as_it_was_written_and_as_it_is_written_again(judge):
    for seed in range(120):
        written = Rules(seed, ["vips", "others"]).audience("a")
        for one in (written, document(parse(written))):
            assert not [error.message for error in judge.iter_errors(as_editors_read_it(one))], seed


WRONG: list[dict[str, Any]] = [
    {"field": "orders", "match": {"mode": "some"}, "timeframe": "any_time", "value": {"rule": []}},
    {"field": "orders", "match": {"mode": "some", "count_by": "order_id"}, "timeframe": "any_time"},
    {"field": "orders", "match": {"mode": "some", "vacuous": True}, "timeframe": "any_time"},
    {"field": "orders", "match": {"mode": "some"}, "operator": ">", "timeframe": "any_time"},
    {"field": "orders", "match": {"mode": "some"}, "firstTime": True, "timeframe": "any_time"},
    {"field": "orders", "firstTime": False, "timeframe": "any_time"},
    {"field": "orders", "match": {"mode": "some"}, "timeframe": {"mode": "between"}},
    {"field": "orders", "match": {"mode": "some"}, "timeframe": {"mode": "this_month", "unit": "day"}},
    {"field": "orders", "aggregate": {"measure": "count", "of": "margin"}, "operator": ">", "value": 1,
     "timeframe": "any_time"},
    {"field": "orders", "aggregate": {"measure": "sum"}, "operator": ">", "value": 1, "timeframe": "any_time"},
    {"field": "visits", "aggregate": {"measure": "sum", "of": "date"}, "operator": ">", "value": 1,
     "timeframe": "any_time"},
    {"field": "orders", "sequence": {"steps": [{}, {"field": "views", "value": {"rules": [
        {"field": "order_id", "operator": "=", "value": "1"}]}}]}, "timeframe": "any_time"},
    {"field": "orders", "sequence": {"steps": [{}, {"within": 3}]}, "timeframe": "any_time"},
    {"field": "orders", "sequence": {"steps": [{}, {}], "same": ["colour"]}, "timeframe": "any_time"},
    {"field": "importance", "operator": ">=", "value": ["vip"]},
    {"field": "main_category", "operator": "contains", "value": ""},
    {"field": "order_count", "operator": ">", "value": 1, "ignore_case": True},
    {"field": "last_order_date", "operator": ">", "value": "2026-01-01"},
    {"field": "audience", "operator": "wasIn", "value": "a"},
    {"field": "audience", "operator": "in", "value": "a", "timeframe": "any_time"},
    {"field": "interest", "operator": "interestedIn", "value": {"categories": ["a"]}, "minimum": 2},
    {"combinator": "and"},
]  # fmt: skip


@pytest.mark.parametrize("rule", WRONG, ids=range(len(WRONG)))
def test_it_refuses_what_check_refuses(rule, judge):
    assert check(ruled(rule))[0] is None
    assert not judge.is_valid(ruled(rule))
