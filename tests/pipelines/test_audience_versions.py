"""A version stays what it was, and a static audience keeps the members that its version began with."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from audiences.random_people import Shop, frame
from audiences.random_rules import AS_OF
from audiences.test_round_trip import DOCUMENT
from lifetide.audiences import Audience, parse
from lifetide.errors import NotFound
from lifetide.pipelines.audiences import counted, evaluate, new_versions
from lifetide.pipelines.comparing import changes
from lifetide.pipelines.context import Context
from lifetide.pipelines.person import explained
from lifetide.storage import MemoryStore, given_rows, rows
from lifetide.tables import AUDIENCE_DEFINITIONS, AUDIENCE_EVALUATIONS, AUDIENCE_MEMBERS, CUSTOMER_PROFILES
from pipelines.small_shop import SmallShop, ordinary_days

BEFORE = AS_OF - timedelta(days=30)
THEN = datetime(2024, 3, 1, tzinfo=timezone.utc)


def audience(key: str, rule: dict[str, Any], kind: str = "dynamic") -> Audience:
    return parse({**DOCUMENT, "key": key, "include": {}, "membership": {"type": kind}, "rule": {"rules": [rule]}})


def at_least(orders: int) -> dict[str, Any]:
    return {"field": "order_count", "operator": ">=", "value": orders}


FROZEN = audience("fair", at_least(2), "static")


@pytest.fixture(scope="module")
def shop() -> Shop:
    return Shop(5, 40)


@pytest.fixture(scope="module")
def context(spark, shop, tmp_path_factory) -> Context:
    """Two versions of buyers and one of fair are published; c1 and c2 are in fair since 30 days, c3 was."""
    store = MemoryStore(spark)
    store.replace(CUSTOMER_PROFILES, frame(spark, CUSTOMER_PROFILES, shop.rows.profiles), where=None, run_id="r")
    for one in (
        audience("buyers", at_least(2)),
        audience("buyers", at_least(5)),
        FROZEN,
        replace(FROZEN, key="nobody"),
    ):
        store.append(
            AUDIENCE_DEFINITIONS, given_rows(spark, AUDIENCE_DEFINITIONS, new_versions(store, [one])), run_id="r"
        )
    said = {"audience_key": "fair", "version": 1, "recorded_from": THEN, "enter_reason": "rule", "run_id": "r"}
    members = [
        {**said, "customer_id": "c1", "valid_from": BEFORE},
        {**said, "customer_id": "c2", "valid_from": BEFORE},
        {**said, "customer_id": "c3", "valid_from": BEFORE, "valid_to": AS_OF},
        {**said, "customer_id": "c4", "valid_from": BEFORE, "recorded_to": THEN},
    ]
    store.append(AUDIENCE_MEMBERS, frame(spark, AUDIENCE_MEMBERS, members), run_id="r")
    begun = [{"as_of": BEFORE, "audience_key": key, "version": 1, "evaluated_at": THEN, "run_id": "r"}
             for key in ("fair", "nobody")]  # fmt: skip
    store.append(AUDIENCE_EVALUATIONS, frame(spark, AUDIENCE_EVALUATIONS, begun), run_id="r")
    small = SmallShop(spark, tmp_path_factory.mktemp("versions"))
    small.write(ordinary_days(range(1)))
    return replace(small.context(), store=store)


def members(context: Context, asked: Audience, *beside: Audience) -> set[str]:
    found = evaluate(context, {asked.key: asked}, {one.key: one for one in beside}, AS_OF)
    return {row["customer_id"] for row in rows(found.rows, at_most=100) if row[f"in {asked.key}"]}


def by_hand(shop: Shop, least: int) -> set[str]:
    known = [row for row in shop.rows.profiles if not row["is_anonymous"] and row["order_count"] is not None]
    return {row["customer_id"] for row in known if row["order_count"] >= least}


def named(*references: str) -> Audience:
    return audience("named", {"field": "audience", "operator": "in", "value": list(references)})


def test_a_version_is_the_rule_that_was_published_and_the_key_is_the_rule_of_today(context, shop):
    today = audience("buyers", at_least(10))
    sizes = [len(members(context, named(one), today)) for one in ("buyers@1", "buyers@2", "buyers")]
    assert sizes == [len(by_hand(shop, least)) for least in (2, 5, 10)]
    assert sizes[0] > sizes[1] > sizes[2] > 0


def test_a_version_that_was_never_published_is_named(context):
    with pytest.raises(NotFound, match=r"Version 7 of audience buyers was never published"):
        members(context, named("buyers@7"))


def test_a_static_audience_has_the_members_of_its_version_whatever_the_rule_says_by_now(context, shop):
    assert members(context, FROZEN) == {"c1", "c2"} != by_hand(shop, 2)
    assert members(context, replace(FROZEN, key="nobody")) == set()
    assert members(context, named("fair"), FROZEN) == {"c1", "c2"} - anonymous(shop)
    assert members(context, named("fair@1")) == {"c1", "c2"} - anonymous(shop)


def anonymous(shop: Shop) -> set[str]:
    return {row["customer_id"] for row in shop.rows.profiles if row["is_anonymous"]}


def test_another_rule_is_another_version_and_asks_the_profiles(context, shop):
    assert members(context, audience("fair", at_least(3), "static")) == by_hand(shop, 3)
    assert members(context, replace(FROZEN, key="never_published")) == by_hand(shop, 2)


def test_on_the_first_day_the_rule_decides(context, shop):
    store = context.store
    first = evaluate(replace(context, store=store), {"fair": FROZEN}, {}, AS_OF)
    assert counted(first).members == {"fair": 2}
    again = MemoryStore(context.session)
    again.replace(CUSTOMER_PROFILES, store.read(CUSTOMER_PROFILES), where=None, run_id="r")
    again.append(AUDIENCE_DEFINITIONS, store.read(AUDIENCE_DEFINITIONS), run_id="r")
    todays = [{"as_of": AS_OF, "audience_key": "fair", "version": 1, "evaluated_at": THEN, "run_id": "r"}]
    again.append(AUDIENCE_EVALUATIONS, frame(context.session, AUDIENCE_EVALUATIONS, todays), run_id="r")
    assert members(replace(context, store=again), FROZEN) == by_hand(shop, 2)


def test_a_diff_and_an_explanation_look_at_the_same_members(context, shop):
    _, found = changes(context, {"fair": FROZEN}, {"fair": audience("fair", at_least(2))}, AS_OF)
    (change,) = found
    by_rule = by_hand(shop, 2)
    assert (change.entered, change.left) == (len(by_rule - {"c1", "c2"}), len({"c1", "c2"} - by_rule))
    for customer in ("c1", "c3"):
        told = explained(context, customer_id=customer, key="fair", audiences={"fair": FROZEN}, as_of=AS_OF)
        assert told.verdict.is_member == (customer == "c1")
