"""What a run of the ledger found of each audience: members, who entered and left, and what the waits changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.audiences.ledger import covers
from lifetide.pipelines.ledger import Day, Recorded
from lifetide.pipelines.publishing import Run
from lifetide.storage import Store, given_rows, rows
from lifetide.tables import AUDIENCE_EVALUATIONS
from lifetide.vocabulary import ExitReason

MOST_REFERENCES = 100_000


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
    """Every audience of the run; its rows of audience_evaluations are staged."""
    with run.step("evaluations") as counted:
        seen = _seen(recorded.stretches, day.date)
        ruled = _seen(recorded.holding, day.date) if day.waits else seen
        found = [_evaluation(day, key, seen, ruled) for key in day.versions]
        counted.append(len(found))
    at = run.context.now()
    made = [
        (day.date, one.key, one.version, at, run.outcome.run_id, one.members, one.entered, one.left,
         one.rule_entered, one.rule_left, one.waiting)
        for one in found
    ]  # fmt: skip
    run.stage(AUDIENCE_EVALUATIONS, given_rows(run.context.session, AUDIENCE_EVALUATIONS, made), "merge")
    return found


def members_on(store: Store, day: date) -> dict[str, int]:
    """Members by audience as the newest run that evaluated the day counted them."""
    asked = store.read(AUDIENCE_EVALUATIONS).where(F.col("as_of") == F.lit(day))
    found = rows(asked.select("audience_key", "member_count"), at_most=MOST_REFERENCES)
    return {row["audience_key"]: row["member_count"] for row in found}


def _evaluation(day: Day, key: str, seen: dict[str, list[int]], ruled: dict[str, list[int]]) -> Evaluation:
    reference = day.references[key]
    members, entered, left = seen.get(reference, [0, 0, 0])
    holding, rule_entered, rule_left = ruled.get(reference, [0, 0, 0])
    if reference in day.begun:
        entered = rule_entered = 0
    return Evaluation(key, day.versions[key], members, entered, left, rule_entered, rule_left, holding)


def _seen(stretches: DataFrame, day: date) -> dict[str, list[int]]:
    """By reference: stretches in force on the day, begun on it, ended on it."""
    ended = F.col("valid_to") == F.lit(day)
    if "exit_reason" in stretches.columns:
        ended = ended & ~F.col("exit_reason").isin(str(ExitReason.NEW_VERSION), str(ExitReason.AUDIENCE_REMOVED))
    is_in = covers(day)
    counts = stretches.groupBy("reference").agg(
        F.count_if(is_in).alias("members"),
        F.count_if(is_in & (F.col("valid_from") == F.lit(day))).alias("entered"),
        F.count_if(ended).alias("left"),
    )
    return {
        row["reference"]: [row["members"], row["entered"], row["left"]]
        for row in rows(counts, at_most=MOST_REFERENCES)
    }
