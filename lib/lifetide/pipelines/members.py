"""`lifetide audiences run`: who is in which audience today, written to the ledger; new versions of definitions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from pyspark.sql import functions as F

from lifetide.audiences import Audience
from lifetide.audiences.waits import has_waits
from lifetide.pipelines.audience_figures import stage_figures
from lifetide.pipelines.audience_gates import audience_figures
from lifetide.pipelines.audiences import Counted, counted, evaluate, new_versions, snapshot_on
from lifetide.pipelines.build import newest_build
from lifetide.pipelines.calendar import calendar, versions_on
from lifetide.pipelines.context import Context
from lifetide.pipelines.evaluations import Evaluation, evaluations, members_on
from lifetide.pipelines.figures import metrics_row
from lifetide.pipelines.ledger import Day, record
from lifetide.pipelines.news import JOB
from lifetide.pipelines.publishing import Outcome, Run
from lifetide.storage import Store, given_rows, rows
from lifetide.tables import AUDIENCE_DEFINITIONS, RUN_METRICS, RUNS
from lifetide.vocabulary import RunStatus

OWN_TABLES = frozenset({
    "audience_definitions", "audience_holds", "audience_members", "audience_evaluations", "audience_overview",
    "audience_classes", "audience_overlaps", "audience_products", "base_growth", "stage_metrics",
    "run_metrics",
})  # fmt: skip
MOST_VERSIONS = 100_000


def run_audiences(
    context: Context, audiences: Mapping[str, Audience], as_of: date | None, *, replay_from: date | None = None
) -> tuple[Outcome, Counted]:
    """Evaluates all audiences together and records who entered and left; definitions that changed become versions.

    A day that is not the current one is counted and not recorded. `replay_from`: everyone is looked at anew on
    every day since, from the events, and what differs from the belief is recorded; each of these days costs a build
    that is not published.
    """
    with Run(context, JOB, as_of=as_of) as run:
        day, profiles = snapshot_on(context, as_of)
        run.outcome.as_of = day
        changed = new_versions(context.store, audiences.values())
        before = members_on(context.store, day)
        if not changed and replay_from is None and set(before) == set(audiences) and _is_done(run, day):
            run.outcome.notes.append(f"the ledger was written for {day} from these tables and definitions before")
            return run.unchanged(), Counted(day, before, rows(profiles.agg(F.count(F.lit(1))), at_most=1)[0][0])
        evaluated = evaluate(context, audiences, {}, day)
        current = newest_build(context.store)
        if day != current:
            run.outcome.notes.append(f"{day} is counted only: the ledger is written for {current}, the current day")
            return run.unchanged(), counted(evaluated)
        if changed:
            run.stage(AUDIENCE_DEFINITIONS, given_rows(context.session, AUDIENCE_DEFINITIONS, changed), "append")
        replay = () if replay_from is None else _days(replay_from, day)
        known = versions_on(context.store, replay[0], day) if replay else {}
        versions = _versions(context.store, changed, audiences)
        told = Day(day, audiences, versions, calendar(context.store), replay, known)
        recorded = record(run, told, evaluated)
        found = evaluations(run, told, recorded)
        figures = stage_figures(run, told, recorded.stretches, evaluated.profiles)
        with run.step("run_metrics"):
            judged = audience_figures(run.store, told, found, figures, context.settings.policy.audiences)
        run.stage(RUN_METRICS, metrics_row(context, JOB, judged), "append")
        run.outcome.notes += [_with_waits(one) for one in found if has_waits(audiences[one.key].membership)]
        members = {one.key: one.members for one in found}
        return run.publish(), Counted(day, members, recorded.customers)


def _is_done(run: Run, day: date) -> bool:
    """True where the last run of the ledger was for the day, from the tables that are published now."""
    ended = F.col("status").isin(str(RunStatus.PUBLISHED), str(RunStatus.UNCHANGED))
    last = run.store.read(RUNS).where((F.col("job") == JOB) & ended & (F.col("as_of") == F.lit(day)))
    newest = rows(last.orderBy(F.col("finished_at").desc()).limit(1), at_most=1)
    if not newest or newest[0]["fingerprint"] != run.fingerprint:
        return False
    return _inputs(newest[0]["input_versions"] or {}) == _inputs(run.input_versions)


def _inputs(versions: Mapping[str, int]) -> dict[str, int]:
    return {name: version for name, version in versions.items() if name not in OWN_TABLES}


def _with_waits(one: Evaluation) -> str:
    """What min_days and exit_lag_days change, for whoever set them."""
    return (
        f"{one.key}: {one.entered + one.left:,} memberships moved, by the rule alone "
        f"{one.rule_entered + one.rule_left:,} would have; {one.waiting:,} members are kept by the waits alone"
    )


def _days(first: date, before: date) -> tuple[date, ...]:
    return tuple(first + timedelta(days=number) for number in range((before - first).days))


def _versions(store: Store, changed: list[tuple[object, ...]], audiences: Mapping[str, Audience]) -> dict[str, int]:
    """The version in force by key, those of this run among them."""
    newest = store.read(AUDIENCE_DEFINITIONS).groupBy("audience_key").agg(F.max("version").alias("version"))
    known = {row["audience_key"]: row["version"] for row in rows(newest, at_most=MOST_VERSIONS)}
    known |= {str(row[0]): int(str(row[1])) for row in changed}
    return {key: known[key] for key in audiences}
