"""How well classes foretell who comes back: return rates and AUC from counts (feature row 000.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.counting import count_where
from lifetide.vocabulary import ClassKind, LifecycleGroup

CLASSES = {
    ClassKind.LIFECYCLE: "lifecycle_group",
    ClassKind.STAGE: "customer_stage",
    ClassKind.SEGMENT: "rfm_segment",
}
"""Kinds of classes, and the column of customer_profiles that holds each."""
LADDER = (
    LifecycleGroup.JUST_ORDERED,
    LifecycleGroup.ACTIVE,
    LifecycleGroup.SLIPPING_AWAY,
    LifecycleGroup.LOST,
)
"""The four groups in descending likelihood of returning."""


def returned_within(days: DataFrame, cutoff: date, horizon_days: int) -> DataFrame:
    """One row per customer who placed a net order within the days after the cut-off; `days` = person_days."""
    until = cutoff + timedelta(days=horizon_days)
    after = (F.col("local_date") > F.lit(cutoff)) & (F.col("local_date") <= F.lit(until))
    return days.where(after & (F.col("order_count") > 0)).select("customer_id").distinct()


def class_returns(profiles: DataFrame, returned: DataFrame) -> DataFrame:
    """One row per kind × class of customers with a net order: `customer_count`, `returned_count`."""
    buyers = profiles.where(F.col("order_count") > 0).join(
        returned.withColumn("is_back", F.lit(True)), "customer_id", "left"
    )
    each = F.array(
        *(
            F.struct(F.lit(str(kind)).alias("kind"), F.col(name).alias("class_value"))
            for kind, name in CLASSES.items()
        )
    )
    return (
        buyers.select("is_back", F.inline(each))
        .where(F.col("class_value").isNotNull())
        .groupBy("kind", "class_value")
        .agg(F.count(F.lit(1)).alias("customer_count"), count_where(F.col("is_back")).alias("returned_count"))
    )


@dataclass(frozen=True)
class ClassReturns:
    """A class at a cut-off; `expected_rate` = its rate at the cut-off before, None where there is none."""

    name: str
    customers: int
    returned: int
    expected_rate: float | None = None

    @property
    def rate(self) -> float:
        """Share of its customers who returned."""
        return self.returned / self.customers


@dataclass(frozen=True)
class KindReturns:
    """The classes of a kind at a cut-off, best first where their order is known, and the AUC of that order."""

    kind: ClassKind
    cutoff: date
    horizon_days: int
    classes: tuple[ClassReturns, ...]
    auc: float | None = None

    @property
    def falls(self) -> bool:
        """True where each class returned less than the one before it."""
        rates = [one.rate for one in self.classes]
        return all(higher > lower for higher, lower in pairwise(rates))


def kind_returns(
    kind: ClassKind,
    cutoff: date,
    horizon_days: int,
    counts: Sequence[tuple[str, int, int]],
    before: KindReturns | None,
) -> KindReturns:
    """From counts (class, customers, returned) and the same kind at the cut-off before.

    The four groups have an order of their own; other classes are ordered by what they did at the cut-off before, so
    the first one has no AUC. A class that nobody was in then comes where the mean rate would put it.
    """
    rates = {one.name: one.rate for one in before.classes} if before else {}
    found = [ClassReturns(name, customers, back, rates.get(name)) for name, customers, back in counts]
    if kind is ClassKind.LIFECYCLE:
        order = [str(group) for group in LADDER]
        ranked = sorted(found, key=lambda one: order.index(one.name))
        return KindReturns(kind, cutoff, horizon_days, tuple(ranked), auc([(one,) for one in ranked]))
    if before is None:
        return KindReturns(kind, cutoff, horizon_days, tuple(sorted(found, key=lambda one: one.name)))
    everyone = sum(one.returned for one in before.classes) / sum(one.customers for one in before.classes)
    expected = {one.name: everyone if one.expected_rate is None else one.expected_rate for one in found}
    ranked = sorted(found, key=lambda one: (-expected[one.name], one.name))
    tied = [tuple(rank) for _, rank in groupby(ranked, key=lambda one: expected[one.name])]
    return KindReturns(kind, cutoff, horizon_days, tuple(ranked), auc(tied))


def auc(ranks: Sequence[tuple[ClassReturns, ...]]) -> float | None:
    """The chance that somebody who returned stands in a better rank than somebody who did not, ties half.

    Ranks of classes, best first. None where all or none returned. (Mann and Whitney 1947, as a share of all pairs.)
    """
    back = [sum(one.returned for one in rank) for rank in ranks]
    gone = [sum(one.customers - one.returned for one in rank) for rank in ranks]
    pairs = sum(back) * sum(gone)
    if not pairs:
        return None
    won = sum(b * (sum(gone[place + 1 :]) + gone[place] / 2) for place, b in enumerate(back))
    return won / pairs
