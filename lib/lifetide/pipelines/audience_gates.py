"""Figures by which gates hold back a bad day of audiences; they become the run's row of run_metrics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pyspark.sql import functions as F

from lifetide.audiences.turning import has_turned
from lifetide.pipelines.audience_figures import Figures
from lifetide.pipelines.evaluations import MOST_REFERENCES, Evaluation
from lifetide.pipelines.ledger import Day
from lifetide.policy import AudiencePolicy
from lifetide.storage import Store, rows
from lifetide.tables import AUDIENCE_EVALUATIONS


@dataclass(frozen=True)
class Before:
    """The evaluation before: its day, the version, the members."""

    day: date
    version: int
    members: int


def audience_figures(
    store: Store, day: Day, found: Sequence[Evaluation], figures: Figures, policy: AudiencePolicy
) -> dict[str, float | int | None]:
    """Judged are audiences with members enough, evaluated shortly before by the same version and calendar window."""
    before = _before(store, day.on)
    judged = [(one, then) for one in found if (then := before.get(one.key)) and _is_judged(one, then, day, policy)]
    counted = {one.key: one.members for one in found}
    difference = _difference(counted, figures)
    if not judged:
        return {"audience_difference_count": difference}
    ratios = [one.members / then.members for one, then in judged]
    moves = sum((one.entered + one.left) / (day.on - then.day).days for one, then in judged)
    return {
        "least_audience_ratio": min(ratios),
        "largest_audience_ratio": max(ratios),
        "audience_flip_share": moves / sum(then.members for _, then in judged),
        "emptied_audience_count": sum(1 for one, _ in judged if not one.members),
        "audience_difference_count": difference,
    }


def _is_judged(one: Evaluation, then: Before, day: Day, policy: AudiencePolicy) -> bool:
    is_near = (day.on - then.day).days <= policy.furthest_days
    is_same = then.version == one.version and then.members >= policy.fewest_members
    return is_near and is_same and not has_turned(day.audiences[one.key], day.audiences, then.day, day.on)


def _before(store: Store, day: date) -> dict[str, Before]:
    """The newest evaluation before the day, by audience."""
    earlier = store.read(AUDIENCE_EVALUATIONS).where(F.col("as_of") < F.lit(day))
    newest = earlier.groupBy("audience_key").agg(
        F.max("as_of").alias("day"),
        F.max_by("version", "as_of").alias("version"),
        F.max_by("member_count", "as_of").alias("members"),
    )
    found = rows(newest, at_most=MOST_REFERENCES)
    return {row["audience_key"]: Before(row["day"], row["version"], row["members"]) for row in found}


def _difference(counted: dict[str, int], figures: Figures) -> int:
    """Members that the overview or the lifecycle groups count differently from the ledger, summed over audiences."""
    of_groups = figures.classes.where(F.col("kind") == "lifecycle_group").groupBy("audience_key")
    named = F.col("audience_key").isNotNull()
    overview = rows(figures.overview.where(named).select("audience_key", "member_count"), at_most=MOST_REFERENCES)
    groups = rows(of_groups.agg(F.sum("member_count")).where(named), at_most=MOST_REFERENCES)
    return _apart(counted, overview) + _apart(counted, groups)


def _apart(counted: dict[str, int], seen: Iterable[Sequence[object]]) -> int:
    by_key = {str(row[0]): int(str(row[1])) for row in seen}
    return sum(abs(members - by_key.get(key, 0)) for key, members in counted.items())
