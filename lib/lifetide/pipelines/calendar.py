"""The days on which audiences were evaluated, and by which version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pyspark.sql import functions as F

from lifetide.storage import Store, rows
from lifetide.tables import AUDIENCE_EVALUATIONS
from lifetide.vocabulary import EnterReason

MOST_VERSIONS = 100_000
MOST_EVALUATIONS = 1_000_000


@dataclass(frozen=True)
class Calendar:
    """`last` = the newest evaluated day before or on the day of the run; `firsts` = first day by (key, version)."""

    last: date | None
    firsts: dict[tuple[str, int], date]

    @property
    def first_days(self) -> dict[str, date]:
        """First evaluated day by key, whatever the version."""
        found: dict[str, date] = {}
        for (key, _), first in self.firsts.items():
            found[key] = min(first, found.get(key, first))
        return found

    def begun(self, versions: dict[str, int], day: date) -> dict[str, EnterReason]:
        """References that were never evaluated before the day, and what entries on it are due to."""
        found = {}
        for key, version in versions.items():
            if self.firsts.get((key, version), day) >= day:
                is_known = any(other == key and first < day for (other, _), first in self.firsts.items())
                found[f"{key}@{version}"] = EnterReason.NEW_VERSION if is_known else EnterReason.FIRST_EVALUATION
        return found


def calendar(store: Store) -> Calendar:
    """All versions that were ever evaluated."""
    first = store.read(AUDIENCE_EVALUATIONS).groupBy("audience_key", "version")
    known = rows(first.agg(F.min("as_of").alias("first"), F.max("as_of").alias("last")), at_most=MOST_VERSIONS)
    firsts = {(row["audience_key"], row["version"]): row["first"] for row in known}
    return Calendar(max((row["last"] for row in known), default=None), firsts)


def versions_on(store: Store, first: date, before: date) -> dict[date, dict[str, int]]:
    """The version of each audience on each evaluated day from `first` on, `before` left out; days in order."""
    asked = store.read(AUDIENCE_EVALUATIONS).where(
        (F.col("as_of") >= F.lit(first)) & (F.col("as_of") < F.lit(before))
    )
    found: dict[date, dict[str, int]] = {}
    for row in rows(asked.select("as_of", "audience_key", "version"), at_most=MOST_EVALUATIONS):
        found.setdefault(row["as_of"], {})[row["audience_key"]] = row["version"]
    return dict(sorted(found.items()))
