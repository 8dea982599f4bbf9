"""Which run published what a report shows, what its gates said, and how many rows it wrote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timezone

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.explorer.facts import FailedCheck, RunFacts, TableChecks
from lifetide.storage.bounded import rows
from lifetide.tables import CATALOGUE
from lifetide.vocabulary import RunStatus, Severity

MOST_CHECKS = 5_000


def newest_current(runs: DataFrame) -> date | None:
    """The greatest as_of ever built."""
    newest: date | None = rows(runs.where(_published("build")).agg(F.max("as_of")), at_most=1)[0][0]
    return newest


def run_facts(runs: DataFrame, as_of: date) -> RunFacts | None:
    """The newest published build of as_of; None before the first."""
    builds = runs.where(_published("build") & (F.col("as_of") == F.lit(as_of)))
    newest = builds.orderBy(F.col("finished_at").desc(), F.col("run_id").desc()).limit(1)
    found = rows(
        newest.select("run_id", "status", "seconds", F.unix_micros("finished_at").alias("micros")), at_most=1
    )
    if not found:
        return None
    row = found[0]
    when = datetime.fromtimestamp(row["micros"] / 1_000_000, tz=timezone.utc)
    return RunFacts(row["run_id"], when, row["status"], row["seconds"])


def table_checks(results: DataFrame, runs: DataFrame, run: RunFacts | None) -> tuple[TableChecks, ...]:
    """The gates of that build, and of the newest ingest, in the order of the flow."""
    if run is None:
        return ()
    ingests = runs.where(_published("ingest")).orderBy(F.col("finished_at").desc(), F.col("run_id").desc())
    ingested = [row["run_id"] for row in rows(ingests.select("run_id").limit(1), at_most=1)]
    found = rows(results.where(F.col("run_id").isin(run.run_id, *ingested)), at_most=MOST_CHECKS)
    order = {table.name: place for place, table in enumerate(CATALOGUE)}
    tables = sorted({row["table_name"] for row in found}, key=lambda name: (order.get(name, len(order)), name))
    return tuple(_checks_of(name, [row.asDict() for row in found if row["table_name"] == name]) for name in tables)


def _checks_of(table: str, found: list[dict[str, object]]) -> TableChecks:
    failed = [row for row in found if not row["success"]]
    critical = sum(row["severity"] == Severity.CRITICAL.value for row in failed)
    return TableChecks(
        table=table,
        checks=len(found),
        passed=len(found) - len(failed),
        failed_critical=critical,
        failed_warnings=len(failed) - critical,
        failures=tuple(
            FailedCheck(str(row["check_name"]), str(row["severity"]), str(row["observed"] or ""), str(row["why"]))
            for row in sorted(failed, key=lambda row: str(row["check_name"]))
        ),
    )


def table_rows(read: Callable[[str], DataFrame], run: RunFacts | None) -> tuple[tuple[str, int], ...]:
    """Rows that the build wrote, and all events, in the order of the flow."""
    if run is None:
        return ()
    kept = read("runs").where(F.col("run_id") == F.lit(run.run_id)).select("row_counts")
    counts: dict[str, int] = dict(rows(kept, at_most=1)[0]["row_counts"] or {})
    counts["events"] = rows(read("events").agg(F.count(F.lit(1))), at_most=1)[0][0]
    return tuple((table.name, counts[table.name]) for table in CATALOGUE if table.name in counts)


def _published(job: str) -> Column:
    done = F.col("status").isin(RunStatus.PUBLISHED.value, RunStatus.UNCHANGED.value)
    return (F.col("job") == F.lit(job)) & done
