"""What a run of the ledger says of the members: overview, classes, overlaps, growth, months, products."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide import flow
from lifetide.audiences.ledger import covers
from lifetide.customers.people import resolved
from lifetide.events.instants import local_date
from lifetide.metrics.audience_classes import KINDS, audience_classes
from lifetide.metrics.audience_overlaps import audience_overlaps
from lifetide.metrics.audience_overview import audience_overview
from lifetide.metrics.audience_products import BEST_DAYS, audience_products
from lifetide.metrics.base_growth import audience_growth
from lifetide.pipelines.audience_stages import stage_audience_metrics
from lifetide.pipelines.ledger import Day
from lifetide.pipelines.publishing import Run
from lifetide.pipelines.shop import shop_of
from lifetide.tables import (
    AUDIENCE_CLASSES,
    AUDIENCE_OVERLAPS,
    AUDIENCE_OVERVIEW,
    AUDIENCE_PRODUCTS,
    BASE_GROWTH,
    CUSTOMER_ITEMS,
    LIFECYCLE_SPELLS,
    PRODUCTS,
)

_OF_PROFILES = (
    "customer_id", "order_count", "order_value_sum", "annual_orders", "annual_revenue", "ltv_historic",
    "ltv_predicted_365d", "ltv_predicted_365d_lower", "ltv_predicted_365d_upper", "baseline_interval_days",
    "average_order_value",
)  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """The staged rows that gates look at."""

    overview: DataFrame
    classes: DataFrame


def stage_figures(run: Run, day: Day, stretches: DataFrame, profiles: DataFrame) -> Figures:
    """Stages the tables of the day; `stretches` = the ledger as it will stand."""
    policy, as_of = run.context.settings.policy, day.on
    shop = shop_of(run.store, run.context.settings)
    linked = run.aside("links", flow.links(shop, as_of, policy.identity))
    links = linked.rows if linked.count else None
    people = _people(run, stretches, profiles, as_of)
    slice_ = f"as_of = DATE'{as_of}'"
    overview = run.stage(AUDIENCE_OVERVIEW, audience_overview(people, list(day.versions), as_of), where=slice_)
    classes = run.stage(AUDIENCE_CLASSES, audience_classes(people, as_of), where=slice_)
    run.stage(AUDIENCE_OVERLAPS, audience_overlaps(people, as_of), where=slice_)
    of_members = people.where(F.size("audience_keys") > 0)
    members = of_members.select("customer_id", F.explode("audience_keys").alias("audience_key"))
    growth = audience_growth(run.store.read(LIFECYCLE_SPELLS), members, policy.growth, as_of)
    run.stage(BASE_GROWTH, growth, where="audience_key IS NOT NULL")
    sizes = overview.select("audience_key", F.col("member_count").alias("size"))
    stage_audience_metrics(run, day, stretches, profiles, shop, links)
    bought = _bought(run, people, links, as_of)
    products = audience_products(bought, _first_sold(run), sizes, as_of, policy.audiences.products)
    run.stage(AUDIENCE_PRODUCTS, products, where=slice_)
    return Figures(overview, classes)


def _people(run: Run, stretches: DataFrame, profiles: DataFrame, as_of: date) -> DataFrame:
    """One row per customer of the snapshot with what the tables speak of."""
    keys = F.sort_array(F.collect_set("audience_key")).alias("audience_keys")
    members = stretches.where(covers(as_of)).groupBy("customer_id").agg(keys)
    told = profiles.select(*dict.fromkeys((*_OF_PROFILES, *KINDS)))
    joined = told.join(members, "customer_id", "left")
    nobody = F.array().cast("array<string>")
    return run.aside("people", joined.withColumn("audience_keys", F.coalesce("audience_keys", nobody))).rows


def _bought(run: Run, people: DataFrame, links: flow.Links, as_of: date) -> DataFrame:
    """What customers bought in the dates that any logic looks at."""
    since = as_of - timedelta(days=BEST_DAYS)
    items = run.store.read(CUSTOMER_ITEMS).where(F.col("local_date") > F.lit(since))
    theirs = resolved(items, links, run.context.settings.policy.identity)
    told = theirs.select("customer_id", "local_date", "product_id", "order_count", "units_sold", "net_revenue")
    return told.join(people.select("customer_id", "audience_keys"), "customer_id")


def _first_sold(run: Run) -> DataFrame:
    """One row per product that was ever sold to a known customer or published."""
    sold = run.store.read(CUSTOMER_ITEMS).where(F.col("units_sold") > 0)
    first = sold.groupBy("product_id").agg(F.min("local_date").alias("sold_on"))
    published = run.store.read(PRODUCTS).select(
        "product_id", local_date(F.col("published_at"), run.context.settings.shop.timezone).alias("published_on")
    )
    both = first.join(published, "product_id", "left")
    return both.select("product_id", F.coalesce("published_on", "sold_on").alias("appeared_on"))
