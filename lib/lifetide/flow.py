"""The flow: from events to what is known about each customer. This is the table of contents; subjects do the work.

events → sale lines, parts of credits → orders, refund_matches → customer_days, customer_items
days, identities → person days → purchase days → customer_state → learned parameters
state × parameters → customer_profiles;  purchase days × parameters → lifecycle_spells → base_growth
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.customers.days import customer_days
from lifetide.customers.items import customer_items
from lifetide.customers.people import person_days, purchase_days, resolved
from lifetide.customers.profiles import profiles, with_ordering
from lifetide.customers.state import customer_state, main_categories
from lifetide.lifecycle.groups import with_rhythm
from lifetide.lifecycle.learning import learned_rhythm
from lifetide.lifecycle.rate_drop import is_rate_drop
from lifetide.lifecycle.rhythm import rhythm_of
from lifetide.lifecycle.spells import lifecycle_spells
from lifetide.metrics.base_growth import base_growth
from lifetide.orders.lines import credit_lines, events_until, sale_lines
from lifetide.orders.orders import net_orders, orders
from lifetide.orders.refunds import credit_parts, refund_matches
from lifetide.policy import LifecyclePolicy, Policy
from lifetide.rfm.learning import learned_rfm_cuts
from lifetide.rfm.scores import rfm_cuts_of, with_rfm
from lifetide.vocabulary import LearnedMethod, ParameterScope

__all__ = [
    "Trade", "base_growth", "customer_days", "customer_items", "customer_profiles", "learned_parameters",
    "lifecycle_spells", "orders", "purchases", "refund_matches", "rhythm_of", "state", "trade",
]  # fmt: skip


@dataclass(frozen=True)
class Trade:
    """What was sold and given back up to as_of: one row per sale line, one row per part of a credit line."""

    sales: DataFrame
    parts: DataFrame


def trade(events: DataFrame, as_of: date) -> Trade:
    """Sale lines and parts of credits from the events up to as_of."""
    happened = events_until(events, as_of)
    sales = sale_lines(happened)
    return Trade(sales, credit_parts(sales, credit_lines(happened)))


def days(orders_: DataFrame, traded: Trade) -> DataFrame:
    """customer_days."""
    return customer_days(net_orders(orders_), traded.sales, traded.parts)


def items(orders_: DataFrame, traded: Trade, products: DataFrame) -> DataFrame:
    """customer_items."""
    return customer_items(net_orders(orders_), traded.sales, traded.parts, products)


def purchases(customer_days_: DataFrame, identities: DataFrame, policy: LifecyclePolicy) -> DataFrame:
    """One row per customer × purchase day, with `is_rate_drop` as known on that day."""
    bought = purchase_days(person_days(customer_days_, identities))
    drop = is_rate_drop(F.col("gap_count"), F.col("recency_days"), F.col("last_two_gap_days"), policy)
    return bought.withColumn("is_rate_drop", drop)


def state(
    customer_days_: DataFrame, customer_items_: DataFrame, identities: DataFrame, policy: LifecyclePolicy
) -> DataFrame:
    """customer_state."""
    bought = purchases(customer_days_, identities, policy)
    categories = main_categories(resolved(customer_items_, identities))
    return customer_state(person_days(customer_days_, identities), bought, categories)


def learned_parameters(
    state_: DataFrame, purchases_: DataFrame, policy: Policy, *, as_of: date, scope: ParameterScope
) -> DataFrame:
    """learned_parameters: what this shop teaches on this day; intervals are null for now."""
    silent = state_.withColumn("days_since_last_order", F.date_diff(F.lit(as_of), "last_order_date"))
    learned = learned_rhythm(state_, purchases_, policy.lifecycle).unionByName(
        learned_rfm_cuts(silent, policy.rfm, "days_since_last_order")
    )
    return learned.select(
        "name",
        F.lit(str(scope)).alias("scope"),
        F.lit(as_of).alias("as_of"),
        F.col("value").cast("double").alias("value"),
        F.lit(None).cast("double").alias("lower"),
        F.lit(None).cast("double").alias("upper"),
        "method",
        F.col("sample_count").cast("bigint").alias("sample_count"),
        (F.col("method") == str(LearnedMethod.PINNED)).alias("is_pinned"),
    )


def customer_profiles(
    state_: DataFrame,
    parameters: Mapping[str, float],
    policy: Policy,
    *,
    as_of: date,
    parameters_as_of: date,
    knows_discounts: bool,
) -> DataFrame:
    """customer_profiles for as_of: one narrow pass over customer_state."""
    ordering = with_ordering(state_, as_of, knows_discounts=knows_discounts)
    rhythmic = with_rhythm(ordering, rhythm_of(parameters), policy.lifecycle, as_of)
    segmented = with_rfm(rhythmic, rfm_cuts_of(parameters), policy.rfm)
    return profiles(segmented, as_of=as_of, parameters_as_of=parameters_as_of)
