"""What a run of the ledger found of each audience: members, who entered and left, and what the waits changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.counting import count_where
from lifetide.pipelines.ledger import Day, Recorded
from lifetide.pipelines.publishing import Run
from lifetide.storage import Store, given_rows, rows
from lifetide.tables import AUDIENCE_EVALUATIONS
from lifetide.vocabulary import ExitReason

MOST_REFERENCES = 1_000_000
Seen = dict[tuple[date, str], tuple[int, int, int]]


@dataclass(frozen=True)
class Evaluation:
    """One audience on the day; the `rule_` counts are those of the rule without waits."""

    key: str
    version: int
    members: int = 0
    entered: int = 0
    left: int = 0
    rule_entered: int = 0
    rule_left: int = 0
    holding: int = 0

    @property
    def waiting(self) -> int:
        """Members whom the waits alone keep."""
        return self.members - self.holding


def evaluations(run: Run, day: Day, recorded: Recorded) -> list[Evaluation]:
    """Every audience on the day; rows of audience_evaluations are staged, those of days first looked at with them."""
    first_looked_at = {one: each for one, each in day.replayed.items() if one not in day.evaluated}
    versions = first_looked_at | {day.on: day.versions}
    with run.step("evaluations") as counted:
        seen = _seen(recorded.stretches, list(versions))
        ruled = _seen(recorded.holding, list(versions)) if day.waits else seen
        found = {
            one: [_evaluation(day, one, key, version, seen, ruled) for key, version in each.items()]
            for one, each in versions.items()
        }
        counted.append(len(found[day.on]))
    at = run.context.now()
    made = [
        (when, one.key, one.version, at, run.outcome.run_id, one.members, one.entered, one.left,
         one.rule_entered, one.rule_left, one.waiting)
        for when, each in found.items()
        for one in each
    ]  # fmt: skip
    run.stage(AUDIENCE_EVALUATIONS, given_rows(run.context.session, AUDIENCE_EVALUATIONS, made), "merge")
    return found[day.on]


def members_on(store: Store, day: date) -> dict[str, int]:
    """Members by audience as the newest run that evaluated the day counted them."""
    asked = store.read(AUDIENCE_EVALUATIONS).where(F.col("as_of") == F.lit(day))
    found = rows(asked.select("audience_key", "member_count"), at_most=MOST_REFERENCES)
    return {row["audience_key"]: row["member_count"] for row in found}


def _evaluation(day: Day, on: date, key: str, version: int, seen: Seen, ruled: Seen) -> Evaluation:
    reference = f"{key}@{version}"
    members, entered, left = seen.get((on, reference), (0, 0, 0))
    holding, rule_entered, rule_left = ruled.get((on, reference), (0, 0, 0))
    if on == day.begins and reference in day.begun:
        entered = rule_entered = 0
    return Evaluation(key, version, members, entered, left, rule_entered, rule_left, holding)


def _seen(stretches: DataFrame, days: Sequence[date]) -> Seen:
    """By day and reference: stretches in force on the day, begun on it, ended on it."""
    told = stretches.withColumn("day", F.explode(F.array(*(F.lit(day) for day in days))))
    told = told.where(
        (F.col("valid_from") <= F.col("day")) & F.coalesce(F.col("valid_to") >= F.col("day"), F.lit(True))
    )
    ended = F.col("valid_to") == F.col("day")
    if "exit_reason" in stretches.columns:
        why = F.col("exit_reason").isin(str(ExitReason.NEW_VERSION), str(ExitReason.AUDIENCE_REMOVED))
        counted_out = ended & ~why
    else:
        counted_out = ended
    is_in = ~F.coalesce(ended, F.lit(False))
    counts = told.groupBy("day", "reference").agg(
        count_where(is_in).alias("members"),
        count_where(is_in & (F.col("valid_from") == F.col("day"))).alias("entered"),
        count_where(counted_out).alias("left"),
    )
    return {
        (row["day"], row["reference"]): (row["members"], row["entered"], row["left"])
        for row in rows(counts, at_most=MOST_REFERENCES)
    }
