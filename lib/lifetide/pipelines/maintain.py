"""`lifetide maintain`: old snapshots thinned out, small files made large, files that nobody reads removed."""

from __future__ import annotations

from datetime import date, timedelta

from pyspark.sql import DataFrame

from lifetide.pipelines.build import newest_build
from lifetide.pipelines.context import Context
from lifetide.pipelines.publishing import Candidate, Outcome, Run
from lifetide.storage import rows
from lifetide.tables import CHECK_RESULTS, CUSTOMER_PROFILES, RUNS, TABLES
from lifetide.vocabulary import RunStatus

MOST_SNAPSHOTS = 10_000


def maintain(context: Context) -> Outcome:
    """Removes daily snapshots past their time but for month ends, compacts every table, and vacuums.

    Readers of pinned versions are undisturbed: a file goes only when no version of the last `keep_versions_days`
    names it. Raises Busy where another run writes.
    """
    keeping = context.settings.storage
    with Run(context, "maintain") as run:
        newest = newest_build(run.store)
        outdated = None if newest is None else _outdated(newest, keeping.keep_daily_days)
        if outdated is not None:
            gone = _snapshots(run.store.read(CUSTOMER_PROFILES).where(outdated))
            run.outcome.notes.append(_said(gone, keeping.keep_daily_days))
        names = [*run.input_versions, CHECK_RESULTS.name, RUNS.name] if run.input_versions else []
        if not names:
            run.outcome.notes.append("there are no tables yet")
            return run.unchanged()
        for name in sorted(set(names)):
            table = TABLES[name]
            where = outdated if table is CUSTOMER_PROFILES else None
            run.offer(Candidate(table, run.store.read(table).limit(0), 0, "tidy", where=where))
        outcome = run.publish()
    if outcome.status is RunStatus.PUBLISHED and not context.dry_run:
        for name in sorted(set(names)):
            context.store.vacuum(TABLES[name], days=keeping.keep_versions_days)
        outcome.notes.append(f"files that no version of the last {keeping.keep_versions_days} days names are removed")
    return outcome


def _outdated(newest: date, days: int) -> str:
    """SQL over customer_profiles: the snapshots past their time; the last day of a month stays."""
    oldest = newest - timedelta(days=days)
    return f"as_of < DATE'{oldest}' AND as_of <> last_day(as_of)"


def _snapshots(profiles: DataFrame) -> list[date]:
    return sorted(row[0] for row in rows(profiles.select("as_of").distinct(), at_most=MOST_SNAPSHOTS))


def _said(gone: list[date], days: int) -> str:
    if not gone:
        return f"no snapshot is older than {days} days, month ends aside"
    what = "1 daily snapshot goes" if len(gone) == 1 else f"{len(gone)} daily snapshots go"
    return f"{what}, {gone[0]} to {gone[-1]}: older than {days} days and no month end"
