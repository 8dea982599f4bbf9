"""CDNOW: 23,570 real customers through Spark, against published figures and the plain Python evaluation."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lifetide import flow
from lifetide.events.cleaning import clean_order_lines
from lifetide.events.identity import identified
from lifetide.events.mapping import IS_KEPT, mapped
from lifetide.policy import Policy
from lifetide.settings import CANONICAL
from lifetide.storage import MemoryStore, rows
from lifetide.tables import EVENTS, IDENTITIES, PRODUCTS
from lifetide.vocabulary import ParameterScope, SourceKind
from plain_flow import traded
from reference import evaluate

AS_OF = date(1997, 9, 30)
MAPPING = {
    "order_id": "concat_ws('-', customer_id, date)",
    "ordered_at": "date",
    "customer_id": "customer_id",
    "quantity": "quantity",
    "amount": "amount",
}


@pytest.fixture(scope="module")
def events(spark: SparkSession) -> DataFrame:
    raw = spark.read.parquet(str(Path(__file__).parent / "data" / "cdnow_master.parquet")).repartition(4)
    kept = mapped(raw, MAPPING, list(CANONICAL[SourceKind.ORDER_LINES]), None).drop(IS_KEPT)
    clean = clean_order_lines(
        kept, timezone="America/New_York", currency="USD", today=date(2000, 1, 1), policy=Policy().ingest
    )
    assert clean.where(F.size("reasons") > 0).count() == 0
    lines = identified(clean, has_line_id=False, drop_duplicates=False)
    columns = [
        F.col(c.name) if c.name in lines.columns else F.lit(None).cast(c.type).alias(c.name) for c in EVENTS.columns
    ]
    return lines.select(*columns).localCheckpoint()


@pytest.fixture(scope="module")
def learned_and_profiles(spark: SparkSession, events: DataFrame) -> tuple[dict[str, float], DataFrame]:
    policy, memory = Policy(), MemoryStore(spark)
    shop, known = flow.Shop(memory.read(PRODUCTS), memory.read(IDENTITIES)), flow.Known(discounts=False)
    trade = traded(spark, events, AS_OF, known, shop)
    orders = flow.orders(trade.sales, trade.parts).localCheckpoint()
    links = flow.links(shop, AS_OF, policy.identity)
    days = flow.days(orders, trade, known).localCheckpoint()
    items = flow.items(orders, trade, shop, known)
    purchases = flow.purchases(days, links, policy).localCheckpoint()
    state = flow.state(
        orders, days, items, purchases, links, shop=shop, known=known, policy=policy, as_of=AS_OF
    ).localCheckpoint()
    learned = flow.learned_parameters(state, purchases, policy, as_of=AS_OF, scope=ParameterScope.SHOP)
    values = {row["name"]: row["value"] for row in rows(learned, at_most=100)}
    profiles = flow.customer_profiles(state, values, policy, as_of=AS_OF, parameters_as_of=AS_OF, known=known)
    return values, profiles.localCheckpoint()


def test_all_money_of_the_log_is_in_the_events(events: DataFrame) -> None:
    assert str(events.agg(F.sum("amount")).first()[0]) == "2500315.63"
    assert events.count() == 69659


def test_the_cuts_and_the_shares_of_the_groups_are_those_published(
    learned_and_profiles: tuple[dict[str, float], DataFrame],
) -> None:
    learned, profiles = learned_and_profiles
    assert round(learned["cut75"], 4) == 1.4876
    assert round(learned["cut95"], 4) == 3.6244
    counts = {row[0]: row[1] for row in profiles.groupBy("lifecycle_group").count().collect()}
    assert sum(counts.values()) == 23570
    shares = [round(counts[group] / 23570, 4) for group in ("just_ordered", "active", "slipping_away", "lost")]
    assert shares == [0.0719, 0.0940, 0.1131, 0.7210]


def test_every_customers_rhythm_equals_an_independent_evaluation(
    events: DataFrame, learned_and_profiles: tuple[dict[str, float], DataFrame]
) -> None:
    wanted = ("event_id", "event_type", "event_at", "source_id", "customer_id", "order_id", "refunds_order_id",
              "product_id", "is_product", "category", "quantity", "amount", "discount_amount", "channel")  # fmt: skip
    instants = events.withColumn("micros", F.unix_micros("event_at"))
    plain = [_as_event(row.asDict(), wanted) for row in instants.select(*wanted, "micros").collect()]
    expected = {row["customer_id"]: row for row in evaluate(plain, AS_OF, "America/New_York").profiles}
    _, profiles = learned_and_profiles
    numbers = ("own_interval_days", "group_interval_days", "baseline_interval_days", "overdue_ratio", "interval_cv",
               "recent_rate", "earlier_rate")  # fmt: skip
    exact = ("frequency", "recency_days", "tenure_days", "order_count", "ltv_historic", "monetary_value",
             "average_order_value", "slip_after_days", "lost_after_days", "lifecycle_group", "lifecycle_reason",
             "regularity", "rfm_recency", "rfm_frequency", "rfm_monetary", "rfm_segment", "is_rate_drop",
             "expected_next_order_date", "annual_orders", "annual_revenue")  # fmt: skip
    found = profiles.select("customer_id", *numbers, *exact).collect()
    assert len(found) == len(expected) == 23570
    for row in found:
        other = expected[row["customer_id"]]
        for name in numbers:
            same = row[name] is None if other[name] is None else math.isclose(row[name], other[name], rel_tol=1e-9)
            assert same, (row["customer_id"], name, row[name], other[name])
        assert {name: row[name] for name in exact} == {name: other[name] for name in exact}


def _as_event(row: dict[str, object], wanted: tuple[str, ...]) -> dict[str, object]:
    from datetime import datetime, timedelta, timezone

    at = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=int(str(row["micros"])))
    return {name: row[name] for name in wanted} | {"event_at": at}
