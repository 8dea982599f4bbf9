"""A sample says of its customers what the whole warehouse says of them, and does not say who they are."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from audiences.random_people import Shop, frame
from audiences.random_rules import AS_OF
from audiences.test_three_ways import documents
from lifetide.command import main
from lifetide.errors import UsageError
from lifetide.pipelines.audiences import evaluate
from lifetide.pipelines.build import build
from lifetide.pipelines.context import Context
from lifetide.pipelines.sampling import prepare_sample, sample
from lifetide.settings import read_settings
from lifetide.storage import MemoryStore, rows
from lifetide.tables import (
    AUDIENCE_MEMBERS,
    CUSTOMER_DAYS,
    CUSTOMER_INTERESTS,
    CUSTOMER_PROFILES,
    EVENTS,
    IDENTITIES,
    ORDERS,
    RUNS,
    SALE_LINES,
)
from pipelines.small_shop import SmallShop, ordinary_days

SECRET = "not told"
THEN = datetime(2024, 1, 1, tzinfo=timezone.utc)


def masked(one: str) -> str:
    prefix, name = ("anon:", one) if one.startswith("anon:") else ("", one)
    return prefix + hashlib.sha256((SECRET + name).encode()).hexdigest()[:20]


def with_devices(shop: Shop) -> list[dict[str, Any]]:
    """Half of the events come from devices that were linked to their people on the first of January."""
    for place, row in enumerate(shop.rows.events):
        if place % 2:
            row["source_id"], row["anonymous_id"] = f"anon:device-{row['source_id']}", f"device-{row['source_id']}"
        row["query"] = f"{row['query']} ada@example.org" if row.get("query") else row.get("query")
    return [{"source_id": f"anon:device-{one}", "customer_id": one, "valid_from": THEN} for one in shop.ids]


@pytest.fixture(scope="module")
def places(spark, tmp_path_factory) -> tuple[Shop, Context, Context]:
    """A whole shop and a sample of 20 of its customers, taken by the first column of hashes."""
    shop, store = Shop(9, 60), MemoryStore(spark)
    links = with_devices(shop)
    tables = {
        CUSTOMER_PROFILES: shop.rows.profiles, ORDERS: shop.rows.orders, SALE_LINES: shop.rows.lines,
        CUSTOMER_DAYS: shop.rows.days, EVENTS: shop.rows.events, IDENTITIES: links,
        AUDIENCE_MEMBERS: [{**row, "recorded_from": THEN} for row in shop.rows.stretches],
        CUSTOMER_INTERESTS: [{**row, "as_of": AS_OF} for row in shop.rows.interests],
        RUNS: [{"run_id": "r", "job": "build", "status": "published", "as_of": AS_OF, "finished_at": THEN}],
    }  # fmt: skip
    for table, some in tables.items():
        store.append(table, frame(spark, table, some).coalesce(1), run_id="r")
    small = SmallShop(spark, tmp_path_factory.mktemp("whole"))
    small.write(ordinary_days(range(1)))
    whole = replace(small.context(), store=store, suites=())
    settings = read_settings(prepare_sample(tmp_path_factory.mktemp("sampled") / "to", whole))
    part = replace(whole, store=MemoryStore(spark), settings=settings)
    done = sample(whole, part, customers=20, secret=SECRET)
    assert done.customers == 20 < done.of
    return shop, whole, part


def ids(context: Context) -> set[str]:
    return {row[0] for row in rows(context.store.read(CUSTOMER_PROFILES).select("customer_id"), at_most=100)}


def test_random_rules_have_the_same_members_among_those_who_were_taken(places):
    _, whole, part = places
    audiences = documents(3, 40)
    asked = {key: one for key, one in audiences.items() if not any(word in repr(one) for word in NOT_THE_SAME)}
    assert len(asked) > 15
    found = [rows(evaluate(one, asked, audiences, AS_OF).rows, at_most=100) for one in (whole, part)]
    taken = ids(part)
    for key in asked:
        whole_, part_ = ({row["customer_id"] for row in each if row[f"in {key}"]} for each in found)
        assert {masked(one) for one in whole_} & taken == part_, key


NOT_THE_SAME = (
    "TOP_PERCENT",
    "BOTTOM_PERCENT",
    "TOP_N",
    "customer_id",
    "order_id",
    "'query'",
    "'page'",
    "InAudience",
)
"""Ranks ask about the whole shop; ids, searches and pages are masked."""


@pytest.mark.prove
def test_who_is_taken_is_decided_by_a_hash_so_that_a_smaller_sample_lies_in_a_larger_one(places, spark):
    _, whole, part = places
    fewer = replace(part, store=MemoryStore(spark))
    assert sample(whole, fewer, customers=7, secret=SECRET).customers == 7
    assert ids(fewer) < ids(part)


def test_nothing_in_it_names_anybody(places):
    shop, _, part = places
    told = ""
    for table in (CUSTOMER_PROFILES, ORDERS, SALE_LINES, CUSTOMER_DAYS, EVENTS, AUDIENCE_MEMBERS, CUSTOMER_INTERESTS):
        told += "".join(str(row) for row in rows(part.store.read(table), at_most=10_000))
    assert "ada@example.org" not in told
    assert "device-" not in told
    for one in shop.ids:
        assert f"'{one}'" not in told
        assert f"'{one}-o" not in told
    assert not rows(part.store.read(IDENTITIES), at_most=1)
    assert masked(sorted(shop.ids)[0]) not in ids(part) or len(ids(part)) < 60


def test_nothing_can_be_built_from_it(places):
    *_, part = places
    with pytest.raises(UsageError, match="This warehouse is a sample"):
        build(part, as_of=AS_OF + timedelta(days=1))


def test_a_folder_with_something_else_in_it_is_left_alone(places, tmp_path):
    _, whole, _ = places
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match="holds no sample"):
        prepare_sample(tmp_path, whole)
    assert prepare_sample(tmp_path / "new", whole) == prepare_sample(tmp_path / "new", whole)


@pytest.mark.prove
@pytest.mark.delta
def test_a_published_shop_is_sampled_and_every_reader_reads_the_sample(ordinary_shop, tmp_path, capsys):
    to, audiences = tmp_path / "sample", tmp_path / "audiences"
    audiences.mkdir()
    head = "spec: lifetide.audience/v1\nkey: often\nname: Often\nrule:\n  rules:\n"
    rule = "  - {field: orders, match: {mode: atLeast, threshold: 3}, timeframe: any_time}\n"
    (audiences / "often.yaml").write_text(head + rule)
    whole = ["--settings", str(ordinary_shop.context().settings.path)]
    sampled = ["--settings", str(to / "settings.toml")]
    assert main(["sample", *whole, "--customers", "20", "--to", str(to), "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["customers"] == 20 < told["of"]
    counts = {}
    for name, settings in (("whole", whole), ("sample", sampled)):
        assert main(["count", str(audiences / "often.yaml"), *settings, "--json"]) == 0
        counts[name] = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert counts["sample"]["customers"] == 20
    assert 0 < counts["sample"]["members"] <= counts["whole"]["members"]
    assert main(["check", *sampled, "--junit", str(tmp_path / "r.xml")]) == 0
    assert "expectations hold" in capsys.readouterr().out
    (tmp_path / "before").mkdir()
    (tmp_path / "before" / "often.yaml").write_text(head + rule.replace("3", "4"))
    assert main(["diff", str(tmp_path / "before"), "--folder", str(audiences), *sampled]) == 0
    assert "often: changed" in capsys.readouterr().out
    assert main(["build", "--as-of", "2025-06-29", *sampled]) == 2
    assert "This warehouse is a sample" in capsys.readouterr().err
