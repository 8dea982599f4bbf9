"""`customer_state`: sufficient statistics of each customer."""

from __future__ import annotations

from collections.abc import Collection

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lifetide.customers.people import ANONYMOUS, margin_if_known
from lifetide.customers.prices import PRICES, log_price
from lifetide.tables import CUSTOMER_STATE
from lifetide.tables.model import MONEY, UNITS

LAST_GAPS = 8
LONG_GAPS = CUSTOMER_STATE.column("long_gaps").type
YEAR = 365


def customer_state(days: DataFrame, purchases: DataFrame, categories: DataFrame, channels: DataFrame) -> DataFrame:
    """One row per customer, from person_days, purchase_days (with `is_rate_drop`), what they bought and channels."""
    joined = _activity(days).join(_purchasing(purchases), "customer_id", "left")
    counted = {name: F.coalesce(F.col(name), F.lit(0)) for name in ("order_day_count", "gap_count", "gap_sum_days",
                                                                     "gap_square_sum", "log_gap_sum")}  # fmt: skip
    types = {"gap_sum_days": "bigint", "gap_square_sum": "bigint", "log_gap_sum": "double"}
    return (
        joined.withColumns({name: value.cast(types.get(name, "int")) for name, value in counted.items()})
        .withColumns(
            {
                "last_gaps": F.coalesce("last_gaps", F.array().cast("array<int>")),
                "is_rate_drop": F.coalesce("is_rate_drop", F.lit(False)),
                "is_ticket_decline": F.coalesce("is_ticket_decline", F.lit(False)),
                "long_gaps": F.coalesce("long_gaps", F.array().cast(LONG_GAPS)),
                "is_anonymous": F.startswith("customer_id", F.lit(ANONYMOUS)),
            }
        )
        .join(categories, "customer_id", "left")
        .join(channels, "customer_id", "left")
        .withColumn("prices", F.coalesce("prices", F.array().cast(PRICES)))
    )


def with_signed_up(state: DataFrame, people: DataFrame, *, knows_money: bool, knows_clicks: bool) -> DataFrame:
    """One row per customer of `state` and per person of `people` without any activity: nothing done, nothing paid."""
    silent = people.select("customer_id").join(state, "customer_id", "left_anti")
    money = F.lit(0 if knows_money else None).cast(MONEY)
    zeros = {
        **{name: F.lit(0).cast(type_) for name, type_ in state.dtypes if type_ in ("int", "bigint", UNITS, "double")},
        **{name: money for name, type_ in state.dtypes if type_ == MONEY and name != "first_day_value"},
        "visit_count": F.lit(0 if knows_clicks else None).cast("bigint"),
        "is_anonymous": F.lit(False),
        "is_rate_drop": F.lit(False),
        "is_ticket_decline": F.lit(False),
        "last_gaps": F.array().cast("array<int>"),
        "long_gaps": F.array().cast(LONG_GAPS),
        "last_year": F.array().cast(dict(state.dtypes)["last_year"]),
        "prices": F.array().cast(PRICES),
    }
    return state.unionByName(silent.withColumns(zeros), allowMissingColumns=True)


def acquisition_channels(person_orders: DataFrame) -> DataFrame:
    """One row per customer with a net order: the channel of the first one; null = unknown."""
    return (
        person_orders.repartition("customer_id")
        .groupBy("customer_id")
        .agg(F.min_by("channel", F.struct("ordered_at", "order_id")).alias("acquisition_channel"))
    )


def by_category(person_items: DataFrame) -> DataFrame:
    """One row per customer who bought from a known category: main_category and prices.

    main_category: most units sold, ties by revenue, then name; null where nothing was sold. prices: as in
    customer_state, by name of the category.
    """
    bought = (
        person_items.where(F.col("category").isNotNull())
        .withColumn("log_price", log_price())
        .select("customer_id", "category", "units_sold", "net_revenue", "log_price")
        .repartition("customer_id")
        .groupBy("customer_id", "category")
        .agg(
            F.sum("units_sold").alias("units"),
            F.sum("net_revenue").alias("money"),
            F.count("log_price").alias("item_count"),
            F.sum("log_price").alias("log_price_sum"),
            F.sum(F.col("log_price") * F.col("log_price")).alias("log_price_square_sum"),
        )
    )
    rank = F.struct((-F.col("units")).alias("u"), (-F.col("money")).alias("m"), "category")
    price = F.struct("category", "item_count", "log_price_sum", "log_price_square_sum")
    return bought.groupBy("customer_id").agg(
        F.min(F.when(F.col("units") > 0, rank)).getField("category").alias("main_category"),
        F.sort_array(F.collect_list(F.when(F.col("item_count") > 0, price))).cast(PRICES).alias("prices"),
    )


def in_groups(purchases: DataFrame, state: DataFrame, groups: Collection[str]) -> DataFrame:
    """The purchase days, with main_category where some (`groups`) have a rhythm of their own."""
    if not groups:
        return purchases
    return purchases.join(state.select("customer_id", "main_category"), "customer_id", "left")


def _activity(days: DataFrame) -> DataFrame:
    whole = Window.partitionBy("customer_id")
    dated = days.withColumn("last_activity_date", F.max("local_date").over(whole))
    in_last_year = F.col("local_date") > F.date_sub("last_activity_date", YEAR)
    has_order = F.col("order_count") > 0
    tells = has_order | (F.col("net_revenue") != 0)
    day = F.struct("local_date", F.col("order_count").cast("int").alias("order_count"), "order_value", "net_revenue")
    last_before = F.array_compact(F.array(F.max(F.when(~in_last_year & has_order, day))))
    return dated.groupBy("customer_id").agg(
        F.min("local_date").alias("first_activity_date"),
        F.max("local_date").alias("last_activity_date"),
        _sum("order_count", "bigint"),
        _sum("item_count", UNITS),
        F.sum("order_value").cast(MONEY).alias("order_value_sum"),
        *(_sum(name, MONEY) for name in ("gross_revenue", "discount_amount", "refunded_amount", "net_revenue")),
        F.concat(last_before, F.sort_array(F.collect_list(F.when(in_last_year & tells, day)))).alias("last_year"),
        margin_if_known(),
        _sum("visit_count", "bigint"),
        F.max(F.when(F.col("visit_count") > 0, F.col("local_date"))).alias("last_visit_date"),
    )


def _purchasing(purchases: DataFrame) -> DataFrame:
    whole = Window.partitionBy("customer_id")
    from_end = F.col("gap_total") - F.col("gap_count")
    last = F.struct("gap_count", "is_rate_drop", "is_ticket_decline")
    from_last = Window.partitionBy("customer_id").orderBy(F.col("gap_count").desc())
    longest_later = F.max("gap_days").over(from_last.rowsBetween(Window.unboundedPreceding, -1))
    is_long = F.col("gap_days") > F.coalesce("longest_later", F.lit(0))
    is_first = F.col("gap_count") == 0
    return (
        purchases.withColumns({"gap_total": F.max("gap_count").over(whole), "longest_later": longest_later})
        .groupBy("customer_id")
        .agg(
            F.min("order_date").alias("first_order_date"),
            F.max("order_date").alias("last_order_date"),
            F.count(F.lit(1)).alias("order_day_count"),
            F.max("gap_count").alias("gap_count"),
            F.sum("gap_days").alias("gap_sum_days"),
            F.sum(F.col("gap_days").cast("bigint") * F.col("gap_days")).alias("gap_square_sum"),
            F.sum(F.ln("gap_days")).alias("log_gap_sum"),
            F.sort_array(
                F.collect_list(F.when((from_end < LAST_GAPS) & ~is_first, F.struct("gap_count", "gap_days")))
            )
            .getField("gap_days")
            .alias("last_gaps"),
            F.max(last).getField("is_rate_drop").alias("is_rate_drop"),
            F.max(last).getField("is_ticket_decline").alias("is_ticket_decline"),
            F.sort_array(
                F.collect_list(F.when(is_long, F.struct(F.col("order_date").alias("ended_on"), "gap_days")))
            ).alias("long_gaps"),
            F.max(F.when(is_first, F.col("order_value"))).alias("first_day_value"),
        )
    )


def _sum(name: str, type_: str) -> Column:
    return F.sum(name).cast(type_).alias(name)
