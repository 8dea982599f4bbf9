"""The flow for tests: a shop that sends order lines and nothing else, unless a test says more."""

from __future__ import annotations

from datetime import date

from pyspark.sql import DataFrame, SparkSession

from lifetide import flow
from lifetide.policy import IdentityPolicy, Policy
from lifetide.storage import ddl
from lifetide.tables import IDENTITIES, ORDERS, PRODUCTS, Table

FAR = date(9999, 12, 31)


def empty(spark: SparkSession, table: Table) -> DataFrame:
    return spark.createDataFrame([], ddl(table))


def shop_with(spark: SparkSession, **sent: DataFrame) -> flow.Shop:
    """The tables that a test names; products and identities are empty where it does not."""
    return flow.Shop(**{"products": empty(spark, PRODUCTS), "identities": empty(spark, IDENTITIES), **sent})


def traded(
    spark: SparkSession,
    events: DataFrame,
    as_of: date,
    known: flow.Known | None = None,
    shop: flow.Shop | None = None,
) -> flow.Trade:
    """Sales, parts of credits and clicks, computed once."""
    known, shop = known or flow.Known(), shop or shop_with(spark)
    told = flow.told(events, as_of, known).localCheckpoint()
    sales = flow.sold(told, shop, known, Policy().worth).localCheckpoint()
    parts = flow.matched(sales, flow.credit_lines(told), shop, known, Policy().worth).localCheckpoint()
    return flow.Trade(sales, parts, flow.clicked(events, as_of, known))


def nobody_linked(spark: SparkSession) -> DataFrame:
    return flow.links(shop_with(spark), FAR, IdentityPolicy())


def state_of(
    spark: SparkSession,
    days: DataFrame,
    items: DataFrame,
    *,
    as_of: date = FAR,
    known: flow.Known | None = None,
    orders: DataFrame | None = None,
    **sent: DataFrame,
) -> DataFrame:
    """customer_state of days and items typed by hand."""
    shop = shop_with(spark, **sent)
    links = flow.links(shop, as_of, IdentityPolicy())
    purchases = flow.purchases(days, links, Policy())
    return flow.state(
        orders if orders is not None else empty(spark, ORDERS), days, items, purchases, links,
        shop=shop, known=known or flow.Known(), policy=Policy(), as_of=as_of,
    )  # fmt: skip
