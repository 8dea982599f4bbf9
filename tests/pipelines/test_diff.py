"""What a change of definitions does, against the difference of sets that plain Python makes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from audiences.random_people import Shop, frame
from audiences.random_rules import AS_OF
from audiences.test_round_trip import DOCUMENT
from lifetide.audiences import Audience, parse
from lifetide.audiences.judging import judged
from lifetide.audiences.people import World
from lifetide.pipelines.comparing import Change, changed_kinds, changes
from lifetide.storage import MemoryStore
from lifetide.tables import CUSTOMER_PROFILES
from pipelines.small_shop import SmallShop, ordinary_days


def audience(key: str, *rules: dict[str, Any]) -> Audience:
    return parse({**DOCUMENT, "key": key, "include": {}, "rule": {"rules": list(rules)}})


def at_least(orders: int) -> dict[str, Any]:
    return {"field": "order_count", "operator": ">=", "value": orders}


def inside(key: str) -> dict[str, Any]:
    return {"field": "audience", "operator": "in", "value": key}


BASE = {
    "buyers": audience("buyers", at_least(2)),
    "kept": audience("kept", {"field": "has_email", "operator": "=", "value": True}),
    "gone": audience("gone", at_least(5)),
    "stands_on_buyers": audience("stands_on_buyers", inside("buyers")),
}
HEAD = {
    **{key: one for key, one in BASE.items() if key != "gone"},
    "buyers": audience("buyers", at_least(3)),
    "new": audience("new", {"field": "lifecycle_group", "operator": "!=", "value": "lost"}),
}


def test_only_what_may_differ_is_looked_at() -> None:
    assert changed_kinds(BASE, HEAD) == {
        "buyers": "changed", "gone": "removed", "new": "added", "stands_on_buyers": "moved",
    }  # fmt: skip
    assert changed_kinds(BASE, BASE) == {}


@pytest.fixture(scope="module")
def found(spark, tmp_path_factory) -> tuple[Shop, dict[str, Change]]:
    shop, store = Shop(5, 80), MemoryStore(spark)
    store.replace(CUSTOMER_PROFILES, frame(spark, CUSTOMER_PROFILES, shop.rows.profiles), where=None, run_id="r")
    small = SmallShop(spark, tmp_path_factory.mktemp("diff"))
    small.write(ordinary_days(range(1)))
    context = replace(small.context(), store=store)
    _, told = changes(context, BASE, HEAD, AS_OF)
    return shop, {one.key: one for one in told}


def test_members_in_and_out_are_the_difference_of_the_sets(found) -> None:
    shop, told = found
    people = shop.people()

    def members(state: dict[str, Audience], key: str) -> set[str]:
        if key not in state:
            return set()
        world = World(AS_OF, state)
        return {one for one, person in people.items() if judged(state[key], person, world).is_member}

    assert set(told) == {"buyers", "gone", "new", "stands_on_buyers"}
    for key, one in told.items():
        before, after = members(BASE, key), members(HEAD, key)
        assert (one.entered, one.left) == (len(after - before), len(before - after))
        assert (one.base.members if one.base else 0, one.head.members if one.head else 0) == (len(before), len(after))
    assert told["buyers"].left > 0
    assert told["new"].entered > 0


def test_the_shift_is_what_moves_of_those_before(found) -> None:
    _, told = found
    buyers = told["buyers"]
    assert buyers.base is not None
    assert buyers.shift == buyers.left / buyers.base.members
    assert told["gone"].shift == 1
    assert told["new"].shift is None
    assert "-    value: 2\n+    value: 3" in buyers.text
    assert told["stands_on_buyers"].text == ""
