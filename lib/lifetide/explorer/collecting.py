"""The figures of a report from the published tables: few small aggregations, each with a bounded result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from lifetide.counting import count_where
from lifetide.explorer.facts import (
    ZERO,
    GroupFacts,
    GrowthDay,
    OrderFacts,
    ReportFacts,
    SegmentFacts,
    Seller,
    total,
)
from lifetide.explorer.growth_facts import active_then, growth_day
from lifetide.explorer.playbook import Playbook, playbook
from lifetide.explorer.reading_audiences import audiences_facts
from lifetide.explorer.reading_flows import backtests, flows, stage_metrics
from lifetide.explorer.reading_rhythm import rhythm_facts
from lifetide.explorer.reading_runs import run_history, table_checks, table_rows
from lifetide.explorer.reading_worth import worth_facts
from lifetide.settings import Shop
from lifetide.storage.bounded import rows
from lifetide.vocabulary import LifecycleGroup, OrderState, RfmSegment

Read = Callable[[str], DataFrame]

MOST_DAYS = 60_000  # days of growth; more than 160 years
MOST_REASON_SETS = 10_000
BEST_SELLERS = 10


def collect_facts(
    read: Read, *, shop: Shop, as_of: date, attribution: str | None = None, plays: Playbook | None = None
) -> ReportFacts:
    """The facts of as_of. `read` gives a published table by name, empty where nobody published it.

    Orders, items and spells are those of the current build: for a past as_of they carry what is known today, and
    the facts say so (`orders.restated_on`). `plays`: what to do with each class; None = as shipped.
    """
    history = run_history(read("runs"), as_of)
    profiles = read("customer_profiles").where(F.col("as_of") == F.lit(as_of))
    people = rows(_people(profiles), at_most=len(LifecycleGroup) * len(RfmSegment))
    parameters_as_of = max((row["parameters_as_of"] for row in people), default=None)
    growth = _growth(read("base_growth"), as_of)
    kind, sellers = _sellers(read, as_of)
    rejected_rows, rejections = _rejections(read("rejected_events"))
    return ReportFacts(
        shop=shop.name,
        currency=shop.currency,
        as_of=as_of,
        parameters_as_of=parameters_as_of,
        run=history.run,
        orders=_orders(read("orders"), as_of, history.later_than(as_of)),
        groups=_groups(people),
        segments=_segments(people),
        growth=growth,
        active_then=active_then(growth, as_of),
        rhythm=rhythm_facts(profiles, read("customer_state"), read("learned_parameters"), parameters_as_of),
        sellers=sellers,
        seller_kind=kind,
        checks=table_checks(read("check_results"), history),
        rejected_rows=rejected_rows,
        rejections=rejections,
        row_counts=table_rows(read("events"), history),
        attribution=attribution,
        flows=flows(read("transitions"), as_of),
        stage_metrics=stage_metrics(read("stage_metrics"), as_of),
        backtests=backtests(read("backtests"), as_of),
        worth=worth_facts(profiles, read("ltv_models"), as_of, parameters_as_of),
        playbook=plays or playbook(),
        audiences=audiences_facts(read, as_of),
    )


def _people(profiles: DataFrame) -> DataFrame:
    """One row per lifecycle group and segment with anybody in both."""
    return profiles.groupBy("lifecycle_group", "rfm_segment").agg(
        F.count(F.lit(1)).alias("customers"),
        F.coalesce(F.sum("ltv_historic"), F.lit(ZERO)).alias("net_revenue"),
        F.coalesce(F.sum("annual_revenue"), F.lit(ZERO)).alias("annual_revenue"),
        F.max("parameters_as_of").alias("parameters_as_of"),
    )


def _groups(people: list[Row]) -> tuple[GroupFacts, ...]:
    found = []
    for group in LifecycleGroup:
        here = [row for row in people if row["lifecycle_group"] == group.value]
        if here:
            customers = sum(row["customers"] for row in here)
            annual = total(row["annual_revenue"] for row in here)
            found.append(GroupFacts(group, customers, total(row["net_revenue"] for row in here), annual))
    return tuple(found)


def _segments(people: list[Row]) -> tuple[SegmentFacts, ...]:
    found = []
    for segment in RfmSegment:
        here = [row for row in people if row["rfm_segment"] == segment.value]
        if here:
            customers = sum(row["customers"] for row in here)
            found.append(SegmentFacts(segment, customers, total(row["net_revenue"] for row in here)))
    return tuple(found)


def _orders(orders: DataFrame, as_of: date, restated_on: date | None) -> OrderFacts:
    """Totals of everybody's orders up to as_of; a credit that stands alone is money, but no order."""
    is_order = F.col("state") != F.lit(OrderState.CREDIT.value)
    is_voided = F.coalesce(F.col("voided_on") <= F.lit(as_of), F.lit(False))
    is_guest = F.col("source_id").isNull()
    made = orders.where(F.col("order_date") <= F.lit(as_of)).agg(
        count_where(is_order & ~is_voided).alias("orders"),
        F.sum("net_revenue").alias("net_revenue"),
        count_where(is_order & is_voided).alias("voided_orders"),
        F.sum("refunded_amount").alias("returned_money"),
        count_where(is_order & ~is_voided & is_guest).alias("guest_orders"),
        F.sum(F.when(is_guest, F.col("net_revenue"))).alias("guest_revenue"),
        F.min(F.when(is_order, F.col("order_date"))).alias("first_date"),
        F.max(F.when(is_order, F.col("order_date"))).alias("last_date"),
    )
    row = rows(made, at_most=1)[0]
    return OrderFacts(
        orders=row["orders"],
        net_revenue=_money(row["net_revenue"]),
        voided_orders=row["voided_orders"],
        returned_money=_money(row["returned_money"]),
        guest_orders=row["guest_orders"],
        guest_revenue=_money(row["guest_revenue"]),
        first_date=row["first_date"],
        last_date=row["last_date"],
        restated_on=restated_on,
    )


def _growth(growth: DataFrame, as_of: date) -> tuple[GrowthDay, ...]:
    everyone = growth.where(F.col("audience_key").isNull() & (F.col("date") <= F.lit(as_of))).orderBy("date")
    return tuple(growth_day(row) for row in rows(everyone, at_most=MOST_DAYS))


def _sellers(read: Read, as_of: date) -> tuple[str, tuple[Seller, ...]]:
    """The best categories; the best products where no category is known."""
    items = read("customer_items").where(F.col("local_date") <= F.lit(as_of))
    found = _best(items.where(F.col("category").isNotNull()).withColumn("seller", F.col("category")))
    if found:
        return "category", found
    names = read("products").select("product_id", F.col("name").alias("product_name"))
    named = items.join(names, on="product_id", how="left")
    return "product", _best(named.withColumn("seller", F.coalesce("product_name", "product_id")))


def _best(items: DataFrame) -> tuple[Seller, ...]:
    summed = items.groupBy("seller").agg(
        F.sum("net_revenue").alias("net_revenue"),
        F.sum(F.col("units_sold") - F.col("units_credited")).alias("units"),
    )
    sold = summed.where(F.col("net_revenue") > 0)
    best = sold.orderBy(F.col("net_revenue").desc(), F.col("seller").asc()).limit(BEST_SELLERS)
    return tuple(
        Seller(row["seller"], _money(row["net_revenue"]), row["units"]) for row in rows(best, at_most=BEST_SELLERS)
    )


def _rejections(rejected: DataFrame) -> tuple[int, tuple[tuple[str, int], ...]]:
    """Refused rows, and how many of them each reason was given to, most often first."""
    found = rows(rejected.groupBy("reasons").count(), at_most=MOST_REASON_SETS)
    counts: Counter[str] = Counter()
    for row in found:
        counts.update(dict.fromkeys(row["reasons"], row["count"]))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return sum(row["count"] for row in found), tuple(ranked)


def _money(value: Decimal | None) -> Decimal:
    return ZERO if value is None else value
