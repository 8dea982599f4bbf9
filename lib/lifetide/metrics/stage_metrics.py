"""How stages and audiences do, by month and quarter (feature rows 002.8 to 002.14)."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.counting import count_where
from lifetide.metrics.monthly import ANSWERED, DONE, has_answers, in_period
from lifetide.metrics.periods import Period, each
from lifetide.tables.model import MONEY
from lifetide.vocabulary import CustomerStage

Z90 = 1.6448536269514722
"""Normal quantile of 95%: a 90% interval, as all learned values carry."""
ADDED = (0.75, 0.75, 3.0)
"""Promoters, detractors and answers added before the NPS interval, so that few answers do not look certain."""


def stage_metrics(stood: DataFrame, referred: DataFrame | None, periods: Sequence[Period]) -> DataFrame:
    """One row per period × stage at its start (null = all stages) of customers with a net order by its end.

    `stood` is `moments` with the months of `monthly`; `referred` has customer_id and referred_on, None where the shop
    sends no referrals. A ratio is null where there is nothing to divide by.
    """
    here = _here(stood, referred, periods)
    stages = F.array_distinct(F.array(F.lit(None).cast("string"), F.col("before.customer_stage")))
    of_nobody = {"audience_key": F.lit(None).cast("string"), "members_on": F.lit(None).cast("date")}
    return _figures(here.withColumn("stage", F.explode(stages)).withColumns(of_nobody), referred)


def audience_metrics(
    stood: DataFrame, members: DataFrame, referred: DataFrame | None, periods: Sequence[Period]
) -> DataFrame:
    """One row per period × audience of its members with a net order by the period's end.

    Members are those of the eve of the period, as a stage is that of the eve: an audience that its rule fills with
    those who ordered in March would say of itself that everyone ordered in March. Of a period that began before the
    audience was first evaluated they are those of that first day. `members_on` = the day. `members` has one row per
    customer: `memberships`, structs of audience_key, known_from (the first evaluated day), valid_from and valid_to.
    """
    here = _here(stood.join(members, "customer_id"), referred, periods, "memberships")

    def is_in(one: Column) -> Column:
        day = _members_on(one)
        return (one["valid_from"] <= day) & F.coalesce(one["valid_to"] > day, F.lit(True))

    def named(one: Column) -> Column:
        return F.struct(one["audience_key"].alias("audience_key"), _members_on(one).alias("members_on"))

    theirs = F.transform(F.filter("memberships", is_in), named)
    laid = here.withColumn("one", F.explode(theirs)).withColumn("stage", F.lit(None).cast("string"))
    return _figures(laid.select("*", "one.*"), referred)


def _members_on(one: Column) -> Column:
    return F.greatest(F.col("eve"), one["known_from"])


def _here(stood: DataFrame, referred: DataFrame | None, periods: Sequence[Period], *kept: str) -> DataFrame:
    """One row per customer × period by whose end there was a net order, with what it did in it and `kept` columns."""
    if referred is None:
        joined = stood.withColumn("referred_on", F.lit(None).cast("date"))
    else:
        joined = stood.join(referred, "customer_id", "left")
    laid = joined.withColumn("span", F.explode(each(periods)))
    return laid.select(*kept, *_facts(asks=has_answers(stood))).where(F.col("then").isNotNull())


def _figures(laid: DataFrame, referred: DataFrame | None) -> DataFrame:
    """The rows of the table, from rows of `_here` with the rest of its grain."""
    grain = ("period_start", "period", "stage", "audience_key", "members_on")
    summed = laid.groupBy(*grain).agg(*_counts())
    share, lower, upper = _nps()
    newcomers = F.col("newcomers") if referred is not None else F.lit(0)
    return summed.select(
        *grain, "customer_count",
        F.try_divide("again", "ones").alias("repeat_ratio"),
        F.try_divide("back", "drop_offs").alias("activation_ratio"),
        F.try_divide("loyal_again", "drop_offs").alias("loyal_activation_ratio"),
        F.try_divide("orders", "buyers").alias("frequency_ratio"),
        F.round(F.try_divide(F.col("revenue").cast("decimal(20,4)"), F.col("orders").cast("decimal(12,0)")), 2)
        .cast(MONEY).alias("customer_value"),
        share.alias("nps"), lower.alias("nps_lower"), upper.alias("nps_upper"),
        F.try_divide("referred", newcomers).alias("referred_share"),
    )  # fmt: skip


def _facts(*, asks: bool) -> list[Column]:
    asked = [in_period(name) if asks else F.lit(0).cast("bigint") for name in ANSWERED]
    return [
        F.col("span.first").alias("period_start"),
        F.col("span.kind").alias("period"),
        F.col("span.eve").alias("eve"),
        F.try_element_at("stood", F.col("span.eve")).alias("before"),
        F.try_element_at("stood", F.col("span.last")).alias("then"),
        (F.col("referred_on") <= F.col("span.last")).alias("is_referred"),
        *(in_period(name).alias(name) for name in DONE),
        *(count.alias(name) for name, count in zip(ANSWERED, asked, strict=True)),
    ]


def _counts() -> list[Column]:
    is_one = F.col("before.order_count") == 1
    is_drop_off = F.col("before.customer_stage") == str(CustomerStage.DROP_OFF)
    is_back = is_drop_off & (F.col("order_count") > 0)
    is_new = F.col("before").isNull()
    return [
        F.count(F.lit(1)).alias("customer_count"),
        count_where(is_one).alias("ones"),
        count_where(is_one & (F.col("then.order_count") > 1)).alias("again"),
        count_where(is_drop_off).alias("drop_offs"),
        count_where(is_back).alias("back"),
        count_where(is_back & F.col("then.is_loyal")).alias("loyal_again"),
        F.sum("order_count").alias("orders"),
        count_where(F.col("order_count") > 0).alias("buyers"),
        F.sum("net_revenue").alias("revenue"),
        *(F.sum(name).alias(name) for name in ("answers", "promoters", "detractors")),
        count_where(is_new).alias("newcomers"),
        count_where(is_new & F.col("is_referred")).alias("referred"),
    ]


def _nps() -> tuple[Column, Column, Column]:
    """Promoters less detractors ÷ answers, and its 90% interval by the adjusted Wald method; null without answers.

    With shares p and d of n answers, to which three (¾, 1½, ¾) were added, the variance is (p + d − (p − d)²) ÷ n.
    Source: Rocks, Interval Estimation for the "Net Promoter Score", The American Statistician 70 (2016).
    """
    more_promoters, more_detractors, more = ADDED
    share = F.try_divide(F.col("promoters") - F.col("detractors"), F.col("answers"))
    n = F.col("answers") + more
    p, d = (F.col("promoters") + more_promoters) / n, (F.col("detractors") + more_detractors) / n
    reach = Z90 * F.sqrt((p + d - (p - d) * (p - d)) / n)
    is_any = F.col("answers") > 0
    return (
        share,
        F.when(is_any, F.greatest(p - d - reach, F.lit(-1.0))),
        F.when(is_any, F.least(p - d + reach, F.lit(1.0))),
    )
