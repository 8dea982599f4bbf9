"""The rhythm of a shop from its tables: what was learned, and how gaps and own intervals spread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.explorer.binning import (
    FEWEST_FOR_THIRDS,
    LEAST_DAYS_STEP,
    LEAST_RATIO_STEP,
    MOST_BINS,
    bins_from,
    ratio_reach,
    steps_to,
)
from lifetide.explorer.facts import RHYTHM_NAMES, Bin, Learned, RhythmExample, RhythmFacts, learned_by_name
from lifetide.storage.bounded import rows
from lifetide.vocabulary import ParameterScope


def rhythm_facts(
    profiles: DataFrame, state: DataFrame, parameters: DataFrame, parameters_as_of: date | None
) -> RhythmFacts:
    """`profiles` of one as_of; `state` is the current one and gives each customer's last eight gaps."""
    learned = _learned(parameters, parameters_as_of)
    cut95 = learned["cut95"].value if "cut95" in learned else 0.0
    back = profiles.where(F.col("order_day_count") >= 2)
    spread = _spread(back)
    gaps = state.select("customer_id", F.explode("last_gaps").alias("gap_days")).join(
        profiles.select("customer_id", "baseline_interval_days"), on="customer_id", how="inner"
    )
    ratios = gaps.select(F.try_divide(F.col("gap_days"), F.col("baseline_interval_days")).alias("value"))
    return RhythmFacts(
        population_interval=learned.get("population_interval_days"),
        just_ordered=learned.get("just_ordered_days"),
        cut75=learned.get("cut75"),
        cut95=learned.get("cut95"),
        gap_ratios=_bins(ratios, least=LEAST_RATIO_STEP, reach=ratio_reach(cut95)),
        own_intervals=_bins(
            back.select(F.col("own_interval_days").alias("value")), least=LEAST_DAYS_STEP, reach=spread.reach
        ),
        examples=_examples(back, spread),
    )


@dataclass(frozen=True)
class _Spread:
    """How far the intervals of returning customers reach: 97 of 100 own ones, and the thirds of baselines."""

    customers: int
    reach: float
    first: float
    second: float


def _spread(back: DataFrame) -> _Spread:
    row = rows(
        back.agg(
            F.count(F.lit(1)).alias("customers"),
            F.percentile("own_interval_days", F.lit(0.97)).alias("reach"),
            F.percentile("baseline_interval_days", F.lit(1 / 3)).alias("first"),
            F.percentile("baseline_interval_days", F.lit(2 / 3)).alias("second"),
        ),
        at_most=1,
    )[0]
    return _Spread(row["customers"], row["reach"] or 0.0, row["first"] or 0.0, row["second"] or 0.0)


def _learned(parameters: DataFrame, as_of: date | None) -> dict[str, Learned]:
    """The values in use, by name; those of the shop before those of a past build."""
    if as_of is None:
        return {}
    known = parameters.where((F.col("as_of") == F.lit(as_of)) & F.col("name").isin(*RHYTHM_NAMES))
    found = rows(known, at_most=len(RHYTHM_NAMES) * len(ParameterScope))
    return learned_by_name(found)


def _bins(values: DataFrame, *, least: float, reach: float) -> tuple[Bin, ...]:
    """Equal bins up to `reach`; the last one is open and holds the rest. Empty where there is no value."""
    step, last = steps_to(reach, least=least)
    place = F.least(F.floor(F.col("value") / F.lit(step)), F.lit(last)).cast("int")
    counted = values.where(F.col("value").isNotNull()).groupBy(place.alias("place")).count()
    counts = {row["place"]: row["count"] for row in rows(counted, at_most=MOST_BINS)}
    return bins_from(counts, step, last)


def _examples(back: DataFrame, spread: _Spread) -> tuple[RhythmExample, ...]:
    """Medians of three equal groups by interval; one group where there are few customers."""
    if not spread.customers:
        return ()
    interval = F.col("baseline_interval_days")
    third = F.when(interval <= F.lit(spread.first), 0).when(interval <= F.lit(spread.second), 1).otherwise(2)
    group = third if spread.customers >= FEWEST_FOR_THIRDS else F.lit(0)
    medians = back.groupBy(group.alias("third")).agg(
        F.count(F.lit(1)).alias("customers"),
        F.percentile("baseline_interval_days", F.lit(0.5)).alias("interval"),
        F.percentile("slip_after_days", F.lit(0.5)).alias("slip"),
        F.percentile("lost_after_days", F.lit(0.5)).alias("lost"),
    )
    return tuple(
        RhythmExample(row["customers"], row["interval"], row["slip"], row["lost"])
        for row in rows(medians.orderBy("third"), at_most=3)
    )
