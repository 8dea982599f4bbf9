"""What customers are worth: what they brought and what they are expected to bring within a year."""

from __future__ import annotations

from math import log

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.ltv.gamma_gamma import GammaGamma
from lifetide.policy import WorthPolicy
from lifetide.tables.model import MONEY

SCORED = ("p_alive", "p_order_30d", "p_order_90d", "p_order_365d", "expected_orders_365d")
LIMITS = ("lower_orders", "upper_orders")


def with_worth(
    state: DataFrame, scores: DataFrame, history: dict[str, Column], values: GammaGamma | None, policy: WorthPolicy
) -> DataFrame:
    """One row per customer of customer_state, with the columns of worth; null for prospects.

    `scores`: one row per history with its answers; `history` names a customer's. Without a model of values (the shop
    sends no money, or nothing was worth anything) money is null.
    """
    names = list(history)
    keyed = state.withColumns({f"its_{name}": value for name, value in history.items()})
    answers = scores.select(*(F.col(name).alias(f"its_{name}") for name in names), *SCORED, *LIMITS)
    joined = keyed.join(answers, [f"its_{name}" for name in names], "left").drop(*(f"its_{name}" for name in names))
    of_order = _money(F.lit(None)) if values is None else _value_of_order(values)
    valued = joined.withColumn("expected_order_value", F.when(F.col("last_order_date").isNotNull(), of_order))
    factor = present_value(policy.discount_rate)
    predicted, lower, upper = (_orders_worth(name, factor) for name in ("expected_orders_365d", *LIMITS))
    return valued.withColumn("ltv_predicted_365d", predicted).withColumns(
        {
            "ltv_predicted_365d_lower": F.least("ltv_predicted_365d", lower),
            "ltv_predicted_365d_upper": F.greatest("ltv_predicted_365d", upper),
            "ltv_predicted_365d_margin": _money(F.col("ltv_predicted_365d").cast("double") * margin_share()),
            "ltv_total": _money(F.col("net_revenue") + F.col("ltv_predicted_365d")),
        }
    ).drop(*LIMITS)  # fmt: skip


def with_sums(customers: DataFrame) -> DataFrame:
    """One row per customer, with ltv_total_margin and ltv_net_of_acquisition where worth is known at all."""
    if "ltv_total" not in customers.columns:
        return customers
    margin = F.col("ltv_historic_margin") + F.col("ltv_predicted_365d_margin")
    cost = F.col("acquisition_cost") if "acquisition_cost" in customers.columns else F.lit(None)
    less_cost = _money(F.col("ltv_total") - cost.cast(MONEY))
    return customers.withColumns({"ltv_total_margin": _money(margin), "ltv_net_of_acquisition": less_cost})


def present_value(rate: float) -> float:
    """What one unit of the coming year is worth today, paid evenly over the year: (1 − 1/(1+d)) ÷ ln(1+d)."""
    return 1.0 if rate == 0 else (1 - 1 / (1 + rate)) / log(1 + rate)


def margin_share() -> Column:
    """The customer's margin so far ÷ net revenue, between −1 and 1; null where either is unknown or not above 0."""
    share = F.try_divide(F.col("margin").cast("double"), F.when(F.col("net_revenue") > 0, F.col("net_revenue")))
    return F.when(share.isNotNull(), F.greatest(F.lit(-1.0), F.least(F.lit(1.0), share)))


def _value_of_order(of: GammaGamma) -> Column:
    """Gamma-Gamma: p (γ + n·m) ÷ (p·n + q − 1), in cents; the shop's mean for orders worth nothing."""
    total = F.greatest(F.col("order_value_sum").cast("double"), F.lit(0.0))
    days = F.when(F.col("order_value_sum") > 0, F.col("order_day_count")).otherwise(0)
    return _money(F.lit(of.p) * (F.lit(of.gamma) + total) / (F.lit(of.p) * days + F.lit(of.q - 1)))


def _orders_worth(orders: str, factor: float) -> Column:
    return _money(F.col(orders) * F.col("expected_order_value").cast("double") * F.lit(factor))


def _money(value: Column) -> Column:
    return F.round(value, 2).cast(MONEY)
