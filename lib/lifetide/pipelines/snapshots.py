"""The days that have a snapshot, and a customer's spells."""

from __future__ import annotations

from datetime import date
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.storage import Store, rows
from lifetide.tables import LIFECYCLE_SPELLS

MOST_SNAPSHOTS = 10_000
MOST_SPELLS = 10_000


def no_snapshot(profiles: DataFrame, day: date) -> str | None:
    """What to say of a day that customer_profiles has no snapshot of; None where it has one."""
    days = snapshot_days(profiles)
    if day in days:
        return None
    known = ", ".join(str(one) for one in days[-5:]) or "none"
    return f"There is no snapshot of {day}. Snapshots: {known}. Make one with `lifetide build --as-of {day}`."


def snapshot_days(profiles: DataFrame) -> list[date]:
    """The as_of of rows of customer_profiles, oldest first."""
    return sorted(row[0] for row in rows(profiles.select("as_of").distinct(), at_most=MOST_SNAPSHOTS))


def spells_of(store: Store, customer_id: str) -> list[dict[str, Any]]:
    """The spells of one customer as known now, in time."""
    mine = store.read(LIFECYCLE_SPELLS).where(F.col("customer_id") == customer_id)
    return [row.asDict() for row in rows(mine.orderBy(F.col("valid_from").asc()), at_most=MOST_SPELLS)]


def is_during(spell: dict[str, Any], day: date) -> bool:
    """True where the day lies in the spell: first day included, last day not."""
    begun: bool = spell["valid_from"] <= day
    return begun and (spell["valid_to"] is None or day < spell["valid_to"])
