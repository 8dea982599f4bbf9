"""`lifetide check`: runs the gates on what is published."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide import flow
from lifetide.errors import NotFound, UsageError
from lifetide.gates import CheckResult, check, check_severities, gated_tables, load_suite
from lifetide.pipelines.build import newest_build
from lifetide.pipelines.context import Context
from lifetide.pipelines.figures import metrics_row, money_differences, snapshot_figures
from lifetide.pipelines.publishing import Run
from lifetide.tables import CUSTOMER_PROFILES, EVENTS, ORDERS, RUN_METRICS, TABLES, Keeping, Table


def check_published(context: Context, tables: Sequence[str]) -> list[CheckResult]:
    """Results of every suite on the published tables, newest snapshot of those kept by as_of.

    Raises UsageError for a table without a suite, NotFound before the first build.
    """
    known = gated_tables(context.suites)
    unknown = [name for name in tables if name not in known]
    if unknown:
        raise UsageError(f"No suite for {', '.join(unknown)}. Tables with a suite: {', '.join(known)}.")
    published = context.store.versions()
    suites = {name: load_suite(name, context.suites) for name in tables or known}
    check_severities(context.settings.gates.severity, [load_suite(name, context.suites) for name in known])
    run = Run(context, "check")
    results: list[CheckResult] = []
    for name, suite in suites.items():
        rows = _rows(context, TABLES[name]) if name in published else None
        if rows is None:
            continue
        with run.step(f"check {name}") as counted:
            found = check(rows, suite, context.settings.gates.severity)
            results += found
            counted.append(len(found))
    if not results:
        raise NotFound("Nothing is published yet: run `lifetide ingest` and `lifetide build` first.")
    return results


def _rows(context: Context, table: Table) -> DataFrame | None:
    store = context.store
    as_of = newest_build(store)
    if table is RUN_METRICS:
        if as_of is None:
            return None
        events = store.read(EVENTS).where(F.col("event_date") <= F.lit(as_of))
        sold, orders = flow.order_events(events, has_clicks=True), store.read(ORDERS)
        profiles = store.read(CUSTOMER_PROFILES).where(F.col("as_of") == F.lit(as_of))
        figures = {
            **money_differences(sold, orders, orders, profiles),
            **snapshot_figures(profiles, None, as_of),
        }
        return metrics_row(context, "check", figures)
    rows = store.read(table)
    if table.keeping is Keeping.BY_AS_OF and as_of is not None:
        return rows.where(F.col("as_of") == F.lit(as_of))
    return rows
