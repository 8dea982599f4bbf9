"""`lifetide maintain`: old snapshots thinned out, small files made large, files that nobody reads removed."""

from __future__ import annotations

from datetime import date, timedelta

from lifetide.pipelines.build import newest_build
from lifetide.pipelines.context import Context
from lifetide.pipelines.publishing import Candidate, Outcome, Run
from lifetide.pipelines.snapshots import snapshot_days
from lifetide.tables import CHECK_RESULTS, CUSTOMER_PROFILES, RUNS, TABLES
from lifetide.vocabulary import RunStatus


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
            gone = snapshot_days(run.store.read(CUSTOMER_PROFILES).where(outdated))
            run.outcome.notes.append(_said(gone, keeping.keep_daily_days))
        if not run.input_versions:
            run.outcome.notes.append("there are no tables yet")
            return run.unchanged()
        tables = [TABLES[name] for name in sorted({*run.input_versions, CHECK_RESULTS.name, RUNS.name})]
        for table in tables:
            where = outdated if table is CUSTOMER_PROFILES else None
            run.offer(Candidate(table, run.store.read(table).limit(0), 0, "tidy", where=where))
        outcome = run.publish()
    if outcome.status is RunStatus.PUBLISHED and not context.dry_run:
        for table in tables:
            context.store.vacuum(table, days=keeping.keep_versions_days)
        outcome.notes.append(f"files that no version of the last {keeping.keep_versions_days} days names are removed")
    return outcome


def _outdated(newest: date, days: int) -> str:
    """SQL over customer_profiles: the snapshots past their time; the last day of a month stays."""
    oldest = newest - timedelta(days=days)
    return f"as_of < DATE'{oldest}' AND as_of <> last_day(as_of)"


def _said(gone: list[date], days: int) -> str:
    if not gone:
        return f"no snapshot is older than {days} days, month ends aside"
    what = "1 daily snapshot goes" if len(gone) == 1 else f"{len(gone)} daily snapshots go"
    return f"{what}, {gone[0]} to {gone[-1]}: older than {days} days and no month end"
