"""Laws over random shops: Spark says what the plain evaluation says, row by row, whatever the order of the input."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from math import isclose
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyspark.sql import DataFrame, SparkSession

from lifetide import flow
from lifetide.policy import Policy
from lifetide.storage import conform, ddl
from lifetide.tables import (
    BASE_GROWTH,
    CUSTOMER_DAYS,
    CUSTOMER_ITEMS,
    CUSTOMER_PROFILES,
    CUSTOMER_STATE,
    EVENTS,
    IDENTITIES,
    LEARNED_PARAMETERS,
    LIFECYCLE_SPELLS,
    ORDERS,
    PRODUCTS,
    REFUND_MATCHES,
    Table,
)
from lifetide.vocabulary import LifecycleGroup, ParameterScope, RfmSegment
from plain_flow import traded as trade_of
from random_shops import FIRST_DAY, SPAN_DAYS, ZONES, Event, shop
from reference import Result, evaluate

LAST_DAY = FIRST_DAY + timedelta(days=SPAN_DAYS)
NOON = datetime(2025, 6, 1, 12, tzinfo=timezone.utc)
POLICY = Policy()
Rows = list[dict[str, Any]]

SHOPS = st.builds(
    lambda seed, customers, steps, zone, days: (shop(seed, customers=customers, steps=steps, zone=zone), zone, days),
    st.integers(0, 2**32),
    st.integers(6, 25),
    st.integers(1, 80),
    st.sampled_from(ZONES),
    st.integers(0, 120).map(lambda early: LAST_DAY - timedelta(days=early)),
)


def built(
    spark: SparkSession, events: Rows, as_of: date, partitions: int = 2, identities: DataFrame | None = None
) -> dict[Table, Rows]:
    """Every table as the flow makes it, each stage computed once."""
    tables: dict[Table, Rows] = {}

    def kept(frame: DataFrame, table: Table) -> DataFrame:
        found = conform(frame, table).collect()
        tables[table] = [row.asDict(recursive=True) for row in found]
        return spark.createDataFrame(found, ddl(table))

    def empty(table: Table) -> DataFrame:
        return spark.createDataFrame([], ddl(table))

    names = EVENTS.column_names
    typed = spark.createDataFrame([tuple(event.get(name) for name in names) for event in events], ddl(EVENTS))
    typed = typed.repartition(partitions)
    shop = flow.Shop(products=empty(PRODUCTS), identities=identities or empty(IDENTITIES))
    knows = any(event["discount_amount"] is not None for event in events if event["event_date"] <= as_of)
    known = flow.Known(discounts=knows)
    traded = trade_of(spark, typed, as_of, known, shop)
    links = flow.links(shop, as_of, POLICY.identity).localCheckpoint()
    orders = kept(flow.orders(traded.sales, traded.parts), ORDERS)
    kept(flow.refund_matches(traded.parts), REFUND_MATCHES)
    days = kept(flow.days(orders, traded, known), CUSTOMER_DAYS)
    items = kept(flow.items(orders, traded, shop, known), CUSTOMER_ITEMS)
    purchases = flow.purchases(days, links, POLICY).localCheckpoint()
    state_ = flow.state(orders, days, items, purchases, links, shop=shop, known=known, policy=POLICY, as_of=as_of)
    state = kept(state_, CUSTOMER_STATE)
    kept(
        flow.learned_parameters(state, purchases, POLICY, as_of=as_of, scope=ParameterScope.SHOP), LEARNED_PARAMETERS
    )
    values = {row["name"]: row["value"] for row in tables[LEARNED_PARAMETERS]}
    profiles = flow.customer_profiles(state, values, POLICY, as_of=as_of, parameters_as_of=as_of, known=known)
    kept(profiles, CUSTOMER_PROFILES)
    spells = kept(flow.lifecycle_spells(purchases, flow.rhythm_of(values), POLICY.lifecycle), LIFECYCLE_SPELLS)
    kept(flow.base_growth(spells, POLICY.growth, as_of), BASE_GROWTH)
    return tables


def told(result: Result) -> dict[Table, Rows]:
    return {
        ORDERS: result.orders,
        REFUND_MATCHES: result.refund_matches,
        CUSTOMER_DAYS: result.customer_days,
        CUSTOMER_ITEMS: result.customer_items,
        CUSTOMER_STATE: result.customer_state,
        LEARNED_PARAMETERS: result.learned,
        CUSTOMER_PROFILES: result.profiles,
        LIFECYCLE_SPELLS: result.lifecycle_spells,
        BASE_GROWTH: result.base_growth,
    }


def differences(table: Table, actual: Rows, expected: Rows) -> list[str]:
    """Keys that only one side has, and cells that differ; floats within 1e-9 of each other are the same."""
    ours, theirs = (_by_key(table, rows) for rows in (actual, expected))
    found = [f"{table.name} {key}: only in Spark" for key in ours if key not in theirs]
    found += [f"{table.name} {key}: missing in Spark" for key in theirs if key not in ours]
    for key in sorted(ours.keys() & theirs.keys(), key=str):
        for name in table.column_names:
            left, right = _plain(ours[key][name]), _plain(theirs[key][name])
            if not _same(left, right):
                found.append(f"{table.name} {key} {name}: Spark {left!r}, reference {right!r}")
    return found


def _by_key(table: Table, rows: Rows) -> dict[tuple[Any, ...], dict[str, Any]]:
    keyed = {tuple(row[name] for name in table.key): row for row in rows}
    assert len(keyed) == len(rows), f"{table.name}: two rows with one key"
    return keyed


def _plain(value: Any) -> Any:
    """Spark returns naive UTC wall clocks; the reference keeps the zone."""
    return value.replace(tzinfo=None) if getattr(value, "tzinfo", None) else value


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        return isclose(left, right, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(left[name], right[name]) for name in left)
    return bool(left == right) and isinstance(left, bool) == isinstance(right, bool)


def check_all(spark: SparkSession, events: list[Event], zone: str, as_of: date) -> dict[Table, Rows]:
    tables, expected = built(spark, events, as_of), told(evaluate(events, as_of, zone))
    found = [problem for table in tables for problem in differences(table, tables[table], expected[table])]
    assert not found, "\n".join(found[:20])
    check_laws(tables, events, as_of)
    return tables


def check_laws(tables: dict[Table, Rows], events: list[Event], as_of: date) -> None:
    """Money adds up, everyone is somewhere, and the group of a profile is the spell of that day."""
    money = sum((event["amount"] for event in events if event["event_date"] <= as_of), Decimal(0))
    assert sum((order["net_revenue"] for order in tables[ORDERS]), Decimal(0)) == money

    profiles = tables[CUSTOMER_PROFILES]
    guests = sum((order["net_revenue"] for order in tables[ORDERS] if order["source_id"] is None), Decimal(0))
    assert sum((profile["ltv_historic"] for profile in profiles), Decimal(0)) + guests == money
    assert {profile["rfm_segment"] for profile in profiles} <= {str(segment) for segment in RfmSegment}
    assert {profile["lifecycle_group"] for profile in profiles} <= {str(group) for group in LifecycleGroup}

    by_spell = {
        spell["customer_id"]: (spell["lifecycle_group"], spell["reason"])
        for spell in tables[LIFECYCLE_SPELLS]
        if spell["valid_from"] <= as_of and (spell["valid_to"] is None or spell["valid_to"] > as_of)
    }
    by_profile = {
        profile["customer_id"]: (profile["lifecycle_group"], profile["lifecycle_reason"])
        for profile in profiles
        if profile["lifecycle_group"] != "prospect"
    }
    assert by_spell == by_profile
    if tables[BASE_GROWTH]:
        last = next(row for row in tables[BASE_GROWTH] if row["date"] == as_of)
        parts = ("new_count", "active_count", "slipping_away_count", "lost_count")
        assert sum(last[name] for name in parts) == len(by_profile)


UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
"""A shop comes from one seed: a smaller seed is no simpler shop, and each try costs a whole build."""
SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(phases=UNSHRUNK, suppress_health_check=SLOW)
@given(made=SHOPS)
def test_spark_and_the_plain_evaluation_agree_on_every_row_of_every_table(spark, made):
    check_all(spark, made[0], made[1], made[2])


@pytest.mark.prove
@settings(max_examples=60, derandomize=False, phases=UNSHRUNK, suppress_health_check=SLOW)
@given(made=SHOPS)
def test_they_agree_on_many_more_shops(spark, made):
    check_all(spark, made[0], made[1], made[2])


@pytest.fixture
def shuffle_partitions(spark, request):
    before = spark.conf.get("spark.sql.shuffle.partitions")
    spark.conf.set("spark.sql.shuffle.partitions", request.param)
    yield request.param
    spark.conf.set("spark.sql.shuffle.partitions", before)


@pytest.mark.parametrize("shuffle_partitions", [7], indirect=True)
def test_events_in_another_order_and_other_partitions_make_the_same_rows(spark, shuffle_partitions):
    """The laws above run with three partitions; here the plain evaluation sees the events in their first order."""
    events = shop(11, customers=12, steps=50, zone="Europe/London")
    shuffled = Random(shuffle_partitions).sample(events, k=len(events))
    found = built(spark, shuffled, LAST_DAY, partitions=shuffle_partitions)
    expected = told(evaluate(events, LAST_DAY, "Europe/London"))
    assert [problem for table in found for problem in differences(table, found[table], expected[table])] == []


@pytest.mark.prove
@pytest.mark.usefixtures("code_generation")
def test_compiled_plans_make_the_same_rows(spark):
    check_all(spark, shop(12, customers=8, steps=40, zone="Pacific/Auckland"), "Pacific/Auckland", LAST_DAY)


def test_a_shop_of_one_customer_and_one_day(spark):
    events = [
        event | {"order_id": "o", "source_id": "c0"} for event in sales(shop(1, customers=1, steps=3, zone="UTC"))
    ]
    noon = [event | {"event_at": NOON, "event_date": NOON.date()} for event in events]
    tables = check_all(spark, noon, "UTC", NOON.date())
    assert [profile["frequency"] for profile in tables[CUSTOMER_PROFILES]] == [0]
    assert len(tables[BASE_GROWTH]) == 1


@pytest.mark.prove
def test_a_shop_of_guests(spark):
    events = shop(2, customers=6, steps=20, zone="UTC")
    tables = check_all(spark, [event | {"source_id": None, "customer_id": None} for event in events], "UTC", LAST_DAY)
    assert tables[ORDERS]
    assert tables[CUSTOMER_DAYS] == tables[CUSTOMER_PROFILES] == tables[LIFECYCLE_SPELLS] == tables[BASE_GROWTH] == []


@pytest.mark.prove
def test_a_shop_of_credits(spark):
    events = [event for event in shop(3, customers=6, steps=60, zone="UTC") if event["quantity"] < 0]
    tables = check_all(spark, events, "UTC", LAST_DAY)
    assert {order["state"] for order in tables[ORDERS]} == {"credit"}
    assert {profile["lifecycle_group"] for profile in tables[CUSTOMER_PROFILES]} == {"prospect"}


def test_a_shop_to_which_nobody_returns(spark):
    events = sales(shop(4, customers=20, steps=20, zone="UTC"))
    first = {event["source_id"]: event["order_id"] for event in reversed(events)}
    once = [event for event in events if first[event["source_id"]] == event["order_id"]]
    tables = check_all(spark, once, "UTC", LAST_DAY)
    assert {profile["rfm_segment"] for profile in tables[CUSTOMER_PROFILES]} == {"first_time"}


def sales(events: list[Event]) -> list[Event]:
    return [event for event in events if event["event_type"] == "order_completed"]


def test_people_merged_unmerged_and_merged_again_are_those_of_a_log_that_knew_them_from_the_start(spark):
    """Each credit names its order, so that no unit is looked for among the sales of one id alone."""
    events = shop(23, customers=12, steps=45, zone="UTC")
    sold = {event["order_id"] for event in events if event["event_type"] == "order_completed"}
    named = [event for event in events if event["order_id"] in sold or event["refunds_order_id"] in sold]
    person = {f"c{number}": f"c{number - 1}" for number in range(1, 12, 2)} | {"anon:v0": "c0"}
    known = [
        {**event, "source_id": person.get(who, who), "customer_id": event["customer_id"] and person.get(who, who)}
        for event in named
        for who in [event["source_id"]]
    ]
    links = [
        (who, into, NOON + timedelta(days=begins), None if ends is None else NOON + timedelta(days=ends))
        for who, into in person.items()
        for begins, ends in ((0, 10), (20, None))
    ]
    identities = spark.createDataFrame(links, ddl(IDENTITIES))
    merged = built(spark, named, LAST_DAY, identities=identities)
    from_the_start = built(spark, known, LAST_DAY)
    for table in (CUSTOMER_PROFILES, LIFECYCLE_SPELLS, CUSTOMER_STATE, BASE_GROWTH):
        assert differences(table, merged[table], from_the_start[table]) == []
