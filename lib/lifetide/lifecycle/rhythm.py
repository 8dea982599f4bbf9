"""What a shop's customers taught about rhythm, as one value for the functions that need it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyspark.sql import Column
from pyspark.sql import functions as F

from lifetide.policy import LifecyclePolicy

OF_CATEGORY = ": "
"""Between the name of a parameter and the main category that it is for."""
OF_GROUP = f"group_interval_days{OF_CATEGORY}"
"""Before the name of a main category; the parameter's value is the interval of its customers."""


@dataclass(frozen=True)
class Rhythm:
    """Learned (or pinned, or default) values; None = nobody taught it. `group_intervals` by main category."""

    population_interval_days: float
    cut75: float
    cut95: float
    just_ordered_days: float
    interval_cv_median: float | None
    regular_cv_cut: float | None
    group_intervals: Mapping[str, float] = field(default_factory=dict)


def rhythm_of(values: Mapping[str, float]) -> Rhythm:
    """The rhythm among learned parameters by name. Raises KeyError where one is missing."""
    return Rhythm(
        population_interval_days=values["population_interval_days"],
        cut75=values["cut75"],
        cut95=values["cut95"],
        just_ordered_days=values["just_ordered_days"],
        interval_cv_median=values.get("interval_cv_median"),
        regular_cv_cut=values.get("regular_cv_cut"),
        group_intervals={
            name.removeprefix(OF_GROUP): value for name, value in values.items() if name.startswith(OF_GROUP)
        },
    )


def has_group(rhythm: Rhythm) -> Column:
    """True where the row's main_category has a rhythm of its own."""
    return F.coalesce(F.col("main_category").isin(*rhythm.group_intervals), F.lit(False))


def group_interval(rhythm: Rhythm) -> Column:
    """The interval of the row's main_category where it has a rhythm of its own, else everyone's."""
    return of_category(rhythm.group_intervals, F.lit(float(rhythm.population_interval_days)))


def of_category(days: Mapping[str, float], everyone: Column) -> Column:
    """The days of the row's main_category among these, else everyone's."""
    if not days:
        return everyone
    pairs = [F.lit(value) for pair in sorted(days.items()) for value in pair]
    return F.coalesce(F.try_element_at(F.create_map(*pairs), F.col("main_category")), everyone)


def own_interval() -> Column:
    """The customer's own mean gap in days; null without a completed gap."""
    return F.try_divide(F.col("gap_sum_days").cast("double"), F.col("gap_count"))


def baseline(group: Column, gap_sum: Column, gap_count: Column, policy: LifecyclePolicy) -> Column:
    """Expected days to the next purchase: (κ·group + first to last purchase) ÷ (κ + gaps).

    One-time buyers get the group's value. spec: statistics, section 1. Null where κ is 0 and there is no gap.
    """
    return baseline_with(group, gap_sum, gap_count, policy.shrinkage)


def baseline_with(group: Column, gap_sum: Column, gap_count: Column, shrinkage: float) -> Column:
    """The baseline with another κ."""
    weight = F.lit(float(shrinkage))
    return F.coalesce(F.try_divide(weight * group + gap_sum.cast("double"), weight + gap_count.cast("double")), group)


def whole_day_limits(baseline_days: Column, rhythm: Rhythm) -> dict[str, Column]:
    """The limits of silence in whole days; every reader compares with these and with nothing else.

    Cuts are atoms of observed ratios, so comparing floats would flip customers on the last bit; 1e-6 takes up the
    rounding.
    """

    def whole(days: Column) -> Column:
        return F.floor(days + 1e-6).cast("int")

    slip = whole(F.lit(rhythm.cut75) * baseline_days)
    just_ordered = whole(F.lit(rhythm.just_ordered_days))
    lost = F.greatest(whole(F.lit(rhythm.cut95) * baseline_days), just_ordered, slip)
    return {"slip_after_days": slip, "just_ordered_until_days": just_ordered, "lost_after_days": lost}
