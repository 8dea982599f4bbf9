"""Which run published what a report shows, what its gates said, and how many rows it wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timezone

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.explorer.facts import FailedCheck, RunFacts, TableChecks
from lifetide.storage.bounded import rows
from lifetide.tables import CATALOGUE
from lifetide.vocabulary import RunStatus, Severity

MOST_CHECKS = 5_000


@dataclass(frozen=True)
class RunHistory:
    """What `runs` says about an as_of: its newest build, the newest ingest, and the newest as_of of all."""

    run: RunFacts | None
    row_counts: dict[str, int]
    ingest_run_id: str | None
    newest_as_of: date | None

    def later_than(self, as_of: date) -> date | None:
        """The current as_of, where it is later."""
        return self.newest_as_of if self.newest_as_of is not None and self.newest_as_of > as_of else None


def run_history(runs: DataFrame, as_of: date) -> RunHistory:
    """The history behind a report of as_of, in one pass over the published runs."""
    done = F.col("status").isin(RunStatus.PUBLISHED.value, RunStatus.UNCHANGED.value)
    is_build, is_ingest = F.col("job") == F.lit("build"), F.col("job") == F.lit("ingest")
    is_mine = is_build & (F.col("as_of") == F.lit(as_of))
    micros = F.unix_micros("finished_at")
    moment = F.struct("finished_at", "run_id")
    built = F.struct("run_id", "status", "seconds", "row_counts", micros.alias("micros"))
    found = rows(
        runs.where(done).agg(
            F.max(F.when(is_build, F.col("as_of"))).alias("newest_as_of"),
            F.max_by(built, F.when(is_mine, moment)).alias("built"),
            F.max_by("run_id", F.when(is_ingest, moment)).alias("ingest_run_id"),
        ),
        at_most=1,
    )[0]
    row = found["built"]
    if row is None:
        return RunHistory(None, {}, found["ingest_run_id"], found["newest_as_of"])
    when = datetime.fromtimestamp(row["micros"] / 1_000_000, tz=timezone.utc)
    run = RunFacts(row["run_id"], when, row["status"], row["seconds"])
    return RunHistory(run, dict(row["row_counts"] or {}), found["ingest_run_id"], found["newest_as_of"])


def table_checks(results: DataFrame, history: RunHistory) -> tuple[TableChecks, ...]:
    """The gates of that build, and of the newest ingest, in the order of the flow."""
    if history.run is None:
        return ()
    ingested = [history.ingest_run_id] if history.ingest_run_id else []
    found = rows(results.where(F.col("run_id").isin(history.run.run_id, *ingested)), at_most=MOST_CHECKS)
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


def table_rows(events: DataFrame, history: RunHistory) -> tuple[tuple[str, int], ...]:
    """Rows that the build wrote, and all events, in the order of the flow."""
    if history.run is None:
        return ()
    counts = history.row_counts | {"events": rows(events.agg(F.count(F.lit(1))), at_most=1)[0][0]}
    return tuple((table.name, counts[table.name]) for table in CATALOGUE if table.name in counts)
