"""What the ledger says of one customer and one audience: since when, by which version, and what was believed when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timezone

from pyspark.sql import functions as F

from lifetide.pipelines.context import Context
from lifetide.storage import rows
from lifetide.tables import AUDIENCE_EVALUATIONS, AUDIENCE_MEMBERS

MOST_STRETCHES = 10_000


@dataclass(frozen=True)
class Stay:
    """A stretch of membership as believed from `recorded_from` until `recorded_to` (null = still)."""

    version: int
    valid_from: date
    valid_to: date | None
    enter_reason: str
    exit_reason: str | None
    recorded_from: datetime
    recorded_to: datetime | None
    run_id: str

    def covers(self, day: date) -> bool:
        """True on the days of the stretch."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def is_believed(self, at: datetime | None) -> bool:
        """True where the stretch was believed at an instant; None = it still is."""
        if at is None:
            return self.recorded_to is None
        return self.recorded_from <= at and (self.recorded_to is None or at < self.recorded_to)


@dataclass(frozen=True)
class Remembered:
    """All beliefs about a customer and an audience; `evaluated_at` = when `day` was evaluated, None = it was not.

    `version` was evaluated on the day.
    """

    day: date
    stays: tuple[Stay, ...]
    evaluated_at: datetime | None
    version: int | None
    is_ever_evaluated: bool

    @property
    def now(self) -> Stay | None:
        """The stretch that covers the day by today's knowledge."""
        return next((one for one in self.stays if one.is_believed(None) and one.covers(self.day)), None)

    @property
    def then(self) -> Stay | None:
        """The stretch that covers the day as it was believed once the day had been evaluated."""
        if self.evaluated_at is None:
            return None
        return next((one for one in self.stays if one.is_believed(self.evaluated_at) and one.covers(self.day)), None)


def remembered(context: Context, *, customer_id: str, key: str, day: date) -> Remembered:
    """The rows of the ledger about one customer, oldest first."""
    ledger = context.store.read(AUDIENCE_MEMBERS)
    mine = ledger.where((F.col("customer_id") == customer_id) & (F.col("audience_key") == key))
    found = rows(mine.orderBy("valid_from", "recorded_from"), at_most=MOST_STRETCHES)
    asked = context.store.read(AUDIENCE_EVALUATIONS).where(F.col("audience_key") == key)
    is_it = F.col("as_of") == F.lit(day)
    told = [F.max(F.when(is_it, F.col(name))).alias(name) for name in ("evaluated_at", "version")]
    seen = rows(asked.agg(*told, F.count(F.lit(1)).alias("times")), at_most=1)[0]
    stays = tuple(_stay(row.asDict()) for row in found)
    return Remembered(day, stays, _utc(seen["evaluated_at"]), seen["version"], bool(seen["times"]))


def _stay(row: dict[str, object]) -> Stay:
    said = {name: row[name] for name in Stay.__dataclass_fields__}
    for name in ("recorded_from", "recorded_to"):
        said[name] = _utc(said[name])
    return Stay(**said)  # type: ignore[arg-type]


def _utc(at: object) -> datetime | None:
    """The session's zone is UTC."""
    return at.replace(tzinfo=timezone.utc) if isinstance(at, datetime) else None
