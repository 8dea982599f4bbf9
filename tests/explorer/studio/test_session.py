from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lifetide import LifetideError, Studio
from lifetide.audiences.tree import InAudience, Match
from lifetide.explorer.studio.elsewhere import Elsewhere
from lifetide.explorer.studio.rule_text import audience_of_text
from lifetide.explorer.studio.sampling import scaled, wilson

PEOPLE = pd.DataFrame(
    {
        "customer_id": ["ada", "bob", "cyd", "dee"],
        "city": ["Rome", "Oslo", None, "Rome"],
        "orders": [1, 2, 3, 40],
        "spent": [1.5, 20.0, None, 7.25],
    }
)
ROME = {"id": "a", "field": "city", "operator": "in", "value": ["Rome"]}
MANY = {"id": "b", "field": "orders", "operator": ">=", "value": 3}


def studio(tmp_path: Path, *rules: Any, combinator: str = "and", **more: Any) -> Studio:
    made = Studio(PEOPLE, as_of="2026-06-30", audiences=tmp_path)
    made.session.draft = {"id": "root", "combinator": combinator, "rules": list(rules), **more}
    return made


def ids(made: Studio) -> list[str]:
    return made.to_pandas()["customer_id"].tolist()


def test_a_pandas_table_is_enough(tmp_path: Path):
    assert ids(studio(tmp_path, ROME)) == ["ada", "dee"]
    assert ids(studio(tmp_path, ROME, MANY)) == ["dee"]
    assert ids(studio(tmp_path, ROME, MANY, combinator="or")) == ["ada", "cyd", "dee"]
    assert ids(studio(tmp_path, ROME, MANY, combinator="or", **{"not": True})) == ["bob"]


def test_a_negative_operator_holds_of_the_missing_unless_told_otherwise(tmp_path: Path):
    elsewhere = {**ROME, "operator": "notIn"}
    assert ids(studio(tmp_path, elsewhere)) == ["bob", "cyd"]
    assert ids(studio(tmp_path, {**elsewhere, "nulls": "exclude"})) == ["bob"]


def test_rules_that_are_off_unfinished_or_empty_groups_change_nothing(tmp_path: Path):
    empty = {"id": "g", "combinator": "or", "rules": [{**ROME, "value": []}]}
    assert len(ids(studio(tmp_path, {**ROME, "muted": True}, empty))) == 4
    assert ids(studio(tmp_path, {**ROME, "value": []}, MANY)) == ["cyd", "dee"]


def test_a_rule_that_is_wrong_is_said(tmp_path: Path):
    made = studio(tmp_path, {**MANY, "value": "three"})
    assert made.count == 4
    assert made.session.problems() == ["Orders: expected a number of at most 15 digits, found 'three'"]


def test_details_say_what_each_rule_changes_and_how_the_rules_narrow_it(tmp_path: Path):
    made = studio(tmp_path, ROME, MANY)
    told, members = made.session.count(made.session.draft)
    found: dict[str, Any] = {}
    for step in made.session.details(made.session.draft, members):
        found |= step
    assert told["n"] == 1
    assert [(node, count) for node, count, _ in found["funnel"]] == [("a", 2), ("b", 1)]
    assert {node: (one["own"], one["rest"]) for node, one in found["rules"].items()} == {"a": (2, 2), "b": (2, 2)}
    assert found["rules"]["a"]["facet"] == [0, 1]
    assert found["words"] == "Customers whose city is Rome, and with orders at least 3."


def test_rules_about_columns_of_one_s_own_are_no_definition(tmp_path: Path):
    with pytest.raises(LifetideError, match="copy it as SQL"):
        studio(tmp_path, ROME).save("Romans, all of them")
    assert list(tmp_path.iterdir()) == []


def test_saved_audiences_can_be_opened_and_named_in_others(tmp_path: Path):
    made = Studio(2_000, audiences=tmp_path)
    slipping = {"id": "a", "field": "lifecycle_group", "operator": "in", "value": ["slipping_away"]}
    made.session.draft = {"id": "root", "combinator": "and", "rules": [slipping]}
    count = made.count
    made.save("Slipping")
    made.open("")
    assert made.count == 2_000
    again = Studio(2_000, audiences=tmp_path).open("slipping")
    assert (again.count, again.session.standing.name) == (count, "Slipping")
    inside = {"id": "a", "field": "audience", "operator": "in", "value": ["slipping"]}
    made.session.draft = {"id": "root", "combinator": "and", "rules": [inside]}
    assert made.count == count
    made.session.draft = {"id": "root", "combinator": "and", "rules": [{**inside, "operator": "notIn"}]}
    assert made.count == 2_000 - count
    assert [row["key"] for row in made.shelf.table(made.session)] == ["slipping"]


def test_two_audiences_of_one_name_get_two_keys(tmp_path: Path):
    made = Studio(500, audiences=tmp_path)
    assert made.save("Everyone").name == "everyone.yaml"
    made.open("")
    assert made.save("Everyone").name == "everyone_2.yaml"


def test_a_file_that_cannot_be_read_is_listed_with_its_reason(tmp_path: Path):
    (tmp_path / "broken.yaml").write_text("spec: lifetide.audience/v1\nkey: other\nname: x\nrule: {rules: []}\n")
    made = Studio(500, audiences=tmp_path)
    (row,) = made.shelf.table(made.session)
    assert row["name"] == "broken"
    assert "must be the same" in row["problem"]


def test_an_audience_about_behaviour_is_listed_without_figures_and_nothing_is_begun(tmp_path: Path):
    (tmp_path / "bought.yaml").write_text(
        "spec: lifetide.audience/v1\nkey: bought\nname: Bought\nrule:\n  rules:\n"
        "  - {field: items, match: {mode: some}, timeframe: {mode: any_time}}\n"
    )
    (tmp_path / "inside.yaml").write_text(
        "spec: lifetide.audience/v1\nkey: inside\nname: Inside\nrule:\n  rules:\n"
        "  - {field: audience, operator: in, value: bought}\n"
    )
    made = Studio(500, audiences=tmp_path)
    begun: list[Any] = []
    made.session.elsewhere = Elsewhere(begun.append)
    rows = made.shelf.table(made.session)
    assert [(row["key"], "n" in row) for row in rows] == [("bought", False), ("inside", False)]
    assert begun == []
    made.session.elsewhere = Elsewhere(None)
    told, _ = made.open("inside").session.count(made.session.draft)
    assert told["wait"] == "rules about behaviour need a warehouse and are left out"


def test_copies_are_text_that_says_the_same(tmp_path: Path):
    made = Studio(2_000, audiences=tmp_path)
    rules = [
        {"id": "a", "field": "lifecycle_group", "operator": "notIn", "value": ["lost"]},
        {"id": "b", "field": "main_category", "operator": "contains", "value": "o's"},
    ]
    made.session.draft = {"id": "root", "combinator": "and", "rules": rules}
    assert "operator: notIn" in made.copy_as("yaml")
    sql = made.copy_as("sql")
    assert "(lifecycle_group IN ('lost')) IS NOT TRUE" in sql
    assert "position('o\\'s' IN main_category)" in sql
    assert 'is_member = F.expr(r"""' in made.copy_as("pyspark")
    with pytest.raises(LifetideError):
        made.copy_as("xml")


def test_more_than_was_allowed_is_refused(tmp_path: Path):
    with pytest.raises(LifetideError, match="more than at_most=3"):
        studio(tmp_path).to_pandas(at_most=3)


def test_behaviour_without_a_warehouse_is_left_out_and_said_so(tmp_path: Path):
    made = Studio(500, audiences=tmp_path)
    bought = {
        "id": "a",
        "field": "items",
        "match": {"mode": "atLeast", "threshold": 2},
        "timeframe": {"mode": "any_time"},
    }
    made.session.draft = {"id": "root", "combinator": "and", "rules": [bought]}
    told, _ = made.session.count(made.session.draft)
    assert told["n"] == 500
    assert told["wait"] == "rules about behaviour need a warehouse and are left out"
    with pytest.raises(LifetideError, match="rules about behaviour need a warehouse and are left out"):
        made.to_pandas()


def test_a_rule_worked_out_elsewhere_is_asked_once_and_then_exact(tmp_path: Path):
    made = Studio(500, audiences=tmp_path)
    asked: list[Any] = []

    def evaluate(node: Any) -> Any:
        asked.append(node)
        return made.session.engine.with_word("lifecycle_group", "lost")

    made.session.elsewhere = Elsewhere(evaluate)
    bought = {"id": "a", "field": "items", "match": {"mode": "none"}, "timeframe": {"mode": "any_time"}}
    made.session.draft = {"id": "root", "combinator": "and", "rules": [bought]}
    first, _ = made.session.count(made.session.draft)
    made.session.elsewhere.wait()
    then, _ = made.session.count(made.session.draft)
    assert (first["n"], "wait" in first) == (500, True)
    assert "wait" not in then
    assert 0 < then["n"] < 500
    assert [type(one) for one in asked] == [Match]
    made.session.elsewhere = Elsewhere(evaluate)
    assert made.count == len(made.to_pandas()) == then["n"]


def test_rules_that_a_hand_passes_through_are_not_worked_out(tmp_path: Path):
    made = Studio(500, audiences=tmp_path)
    asked: list[Any] = []

    def evaluate(node: Any) -> Any:
        asked.append(node.threshold)
        return made.session.engine.with_word("lifecycle_group", "lost")

    def bought(times: int) -> dict[str, Any]:
        often = {"mode": "atLeast", "threshold": times}
        rule = {"id": "a", "field": "items", "match": often, "timeframe": {"mode": "any_time"}}
        return {"id": "root", "combinator": "and", "rules": [rule]}

    made.session.elsewhere = Elsewhere(evaluate, calm=0.2)
    for times in (1, 2, 3, 4, 3):
        told, _ = made.session.count(bought(times))
    assert told["wait"].startswith("a rule about behaviour is being counted; the first one starts Spark")
    made.session.elsewhere.wait()
    assert asked == [3]
    told, _ = made.session.count(bought(1))
    assert told["wait"] == "a rule about behaviour is being counted"
    made.session.elsewhere.wait()
    assert asked == [3, 1]


def test_why_there_is_no_sql_is_said_where_it_was_asked_for(tmp_path: Path):
    made = Studio(50, audiences=tmp_path)
    messages: list[dict[str, Any]] = []
    made.widget.send = lambda content, buffers=None: messages.append(content)
    bought = {"id": "a", "field": "items", "match": {"mode": "some"}, "timeframe": {"mode": "any_time"}}
    for rules in ([bought], []):
        tree = {"id": "root", "combinator": "and", "rules": rules}
        made.widget._told(None, {"t": "copy", "form": "sql", "tree": tree, "name": ""}, [])
    assert messages[0]["problem"].startswith("Behaviour is no condition on customer_profiles: take the YAML")
    assert messages[1]["text"].startswith("-- Unnamed audience, over customer_profiles of 2026-06-30")


def test_an_order_of_steps_is_taken_over_as_the_editor_holds_it_and_goes_back_as_it_came():
    shoes = {"combinator": "and", "rules": [{"field": "category", "operator": "in", "value": ["shoes"]}]}
    steps = [
        {"field": "views", "value": shoes, "negate": False},
        {"field": "items", "negate": True, "within": {"quantity": 14, "unit": "day"}},
    ]
    rule = {"field": "views", "sequence": {"steps": steps, "same": ["product_id"]}, "timeframe": {"mode": "any_time"}}
    made = Studio(100)
    made.session.draft = {"id": "root", "combinator": "and", "rules": [{"id": "a", **rule}]}
    assert made.session.problems() == []
    made.take(made.audience)
    taken = {key: value for key, value in made.session.draft["rules"][0].items() if key != "id"}
    assert taken == rule


def test_rules_typed_into_a_cell():
    one = audience_of_text("- {field: order_count, operator: '>=', value: 3}", "Big ones")
    assert (one.key, one.name, len(one.rule.rules)) == ("big_ones", "Big ones", 1)
    whole = audience_of_text("name: A\nrule: {combinator: or, rules: [{field: audience, operator: in, value: b}]}")
    assert isinstance(whole.rule.rules[0], InAudience)
    with pytest.raises(LifetideError, match="did you mean order_count"):
        audience_of_text("field: order_cuont\noperator: '>='\nvalue: 3")


def test_the_interval_of_wilson_1927():
    assert wilson(15, 100, 10_000) == (930, 2329)  # 0.0931 to 0.2328, as tables give it
    assert wilson(0, 100, 1_000)[0] == 0


def test_what_a_sample_says_is_scaled_and_shares_are_not():
    told = {"n": 3, "ltv": 7.5, "rules": {"a": {"own": 2, "facet": [1, 0]}}, "funnel": [["a", 2, 1.5]]}
    assert scaled(told, 10.0) == {
        "n": 30, "ltv": 7.5, "rules": {"a": {"own": 20, "facet": [10, 0]}}, "funnel": [["a", 20, 1.5]],
    }  # fmt: skip
