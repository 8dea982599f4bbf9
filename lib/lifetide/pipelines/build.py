"""`lifetide build`: events up to as_of become orders, days, customers, spells and growth. `lifetide fit` learns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide import flow
from lifetide.errors import NotFound, UsageError
from lifetide.pipelines.base import Base, base_of_all
from lifetide.pipelines.context import Context
from lifetide.pipelines.daily import base_of_changes
from lifetide.pipelines.figures import metrics_row, money_differences, snapshot_figures
from lifetide.pipelines.flows import stage_flows
from lifetide.pipelines.going_on import GoingOn, going_on, published_builds
from lifetide.pipelines.learning import learn
from lifetide.pipelines.models import chosen_models
from lifetide.pipelines.parameters import Parameters, chosen_parameters, values_of
from lifetide.pipelines.publishing import Outcome, Run
from lifetide.pipelines.shop import MASTER_DATA, names_of
from lifetide.pipelines.slices import renew, within
from lifetide.pipelines.valuing import fit_models, models_for, with_value
from lifetide.storage import Store, rows
from lifetide.tables import (
    BASE_GROWTH,
    CUSTOMER_PROFILES,
    EVENTS,
    LEARNED_PARAMETERS,
    LIFECYCLE_SPELLS,
    LTV_MODELS,
    RUN_METRICS,
    RUNS,
    Table,
)
from lifetide.vocabulary import ParameterScope, RunStatus

MAKE_SNAPSHOTS = ("build", "sample")
"""Jobs that leave a snapshot of profiles behind."""


def build(context: Context, *, as_of: date, parameters_from: date | None = None, full: bool = False) -> Outcome:
    """Builds as_of from all events up to it; does nothing where that was done from the same events and policy.

    `full` builds in any case, and from all events. A build of the greatest as_of so far is current and writes every
    table; it goes on from the last one where it can, so that only what changed is worked out anew. An earlier one
    writes its snapshot of customer_profiles alone. Raises GateRefused where a gate says no; then nothing changed.
    """
    _refuse_sample(context)
    with Run(context, "build", as_of=as_of) as run:
        if not full and parameters_from is None and _is_done(run, as_of):
            run.outcome.notes.append(
                f"{as_of} was built from these events and this policy before; --full builds again"
            )
            return run.unchanged()
        return _build(run, as_of, parameters_from, full=full)


def _refuse_sample(context: Context) -> None:
    """A sample has no orders' events: what would be built from it is nobody's shop."""
    if not context.settings.sources and rows(context.store.read(RUNS).where("job = 'sample'").limit(1), at_most=1):
        raise UsageError("This warehouse is a sample: build in the one that it was taken from, then sample again.")


def _is_done(run: Run, as_of: date) -> bool:
    """True where the last build of as_of read the versions that are published now, under the same fingerprint."""
    done = published_builds(run.store).where(F.col("as_of") == F.lit(as_of))
    last = rows(done.orderBy(F.col("finished_at").desc()).limit(1), at_most=1)
    if not last or last[0]["fingerprint"] != run.fingerprint:
        return False
    then = last[0]["input_versions"] or {}
    return all(then.get(table.name) == run.input_versions.get(table.name) for table in (EVENTS, *MASTER_DATA))


def _build(run: Run, as_of: date, parameters_from: date | None, *, full: bool) -> Outcome:
    newest = newest_build(run.store)
    run.is_current = newest is None or as_of >= newest
    start = "--full was asked for" if full else going_on(run, as_of) if run.is_current else "an earlier as_of"
    _say(run, as_of, start, newest)
    if isinstance(start, GoingOn):
        base = base_of_changes(run, start, as_of)
    else:
        base = base_of_all(run, events_until(run.store, as_of), as_of, publish=run.is_current)
    run.knows = sorted(names_of(base.known))
    known = chosen_parameters(run.store, as_of, parameters_from)
    models = models_for(run, base, as_of, None if known is None else known.as_of)
    valued = with_value(run, base, models, as_of)
    parameters = known or _own_parameters(run, base, as_of, valued)
    run.outcome.notes.append(f"parameters of {parameters.as_of}")
    profiles = _profiles(run, replace(base, state=valued), parameters, as_of)
    if run.is_current:
        _history(run, base, parameters, as_of, None if isinstance(start, str) else start.as_of)
        stage_flows(run, base, parameters, profiles, as_of)
    _stage_metrics(run, base, profiles, as_of)
    return run.publish()


def _say(run: Run, as_of: date, start: GoingOn | str, newest: date | None) -> None:
    """Which build it is, and why."""
    kind = "current" if run.is_current else f"past ({newest} is the current one): its snapshot only"
    if isinstance(start, GoingOn):
        how = f"goes on from {start.as_of} with {start.touched_count:,} touched events"
    else:
        how = f"from all events, since {start}"
    run.outcome.notes.append(f"build of {as_of}: {kind}; {how}")


def fit(context: Context, *, as_of: date) -> Outcome:
    """Learns the shop's parameters and models from what happened up to as_of and adds them; a day is learned once."""
    with Run(context, "fit", as_of=as_of) as run:
        has_parameters, has_models = (_is_learned(run, one, as_of) for one in (LEARNED_PARAMETERS, LTV_MODELS))
        if has_parameters and has_models:
            run.outcome.notes.append(f"{as_of} was learned before; what was learned is added, never changed")
            return run.unchanged()
        base = base_of_all(run, events_until(run.store, as_of), as_of, publish=False)
        if has_models:
            models = chosen_models(run.store, as_of, as_of)
        else:
            models = fit_models(run, base, as_of, ParameterScope.SHOP)
        if not has_parameters:
            learn(run, base, as_of, ParameterScope.SHOP, with_value(run, base, models, as_of))
        return run.publish()


def _is_learned(run: Run, table: Table, as_of: date) -> bool:
    """True where the shop learned rows of the table on that day."""
    of_shop = (F.col("as_of") == F.lit(as_of)) & (F.col("scope") == str(ParameterScope.SHOP))
    return bool(rows(run.store.read(table).where(of_shop).limit(1), at_most=1))


def newest_build(store: Store) -> date | None:
    """The greatest as_of ever built, or the one of a sample; None before the first build."""
    done = F.col("job").isin(*MAKE_SNAPSHOTS) & (F.col("status") == str(RunStatus.PUBLISHED))
    newest: date | None = rows(store.read(RUNS).where(done).agg(F.max("as_of")), at_most=1)[0][0]
    return newest


def built_day(store: Store, asked: date | None) -> date:
    """The day asked for, else the newest that was built. Raises NotFound where nothing is built."""
    day = asked or newest_build(store)
    if day is None:
        raise NotFound("Nothing is built yet: run `lifetide ingest` and `lifetide build` first.")
    return day


def newest_event_date(store: Store) -> date:
    """The newest local date with an event. Raises NotFound without events."""
    newest: date | None = rows(store.read(EVENTS).agg(F.max("event_date")), at_most=1)[0][0]
    if newest is None:
        raise NotFound("There are no events yet: run `lifetide ingest` first.")
    return newest


def events_until(store: Store, as_of: date) -> DataFrame:
    """The events with local dates up to as_of. Raises NotFound where there are none."""
    events = store.read(EVENTS).where(F.col("event_date") <= F.lit(as_of))
    if not rows(events.select("event_id").limit(1), at_most=1):
        raise NotFound(f"There are no events up to {as_of}: run `lifetide ingest` first, or choose a later --as-of.")
    return events


def _own_parameters(run: Run, base: Base, as_of: date, valued: DataFrame) -> Parameters:
    """What this build learns: for everyone where it is current, else for itself alone."""
    scope = ParameterScope.SHOP if run.is_current else ParameterScope.PAST
    staged = learn(run, base, as_of, scope, valued)
    run.outcome.notes.append(f"parameters learned from events up to {as_of}")
    return Parameters(values_of(staged.rows), as_of, scope)


def _profiles(run: Run, base: Base, parameters: Parameters, as_of: date) -> DataFrame:
    profiles = flow.customer_profiles(
        base.state,
        parameters.values,
        run.context.settings.policy,
        as_of=as_of,
        parameters_as_of=parameters.as_of,
        known=base.known,
        shop=base.shop,
        people_=flow.people(base.shop, base.links, as_of),
    )
    return run.stage(CUSTOMER_PROFILES, profiles, where=f"as_of = DATE'{as_of}'")


def _history(run: Run, base: Base, parameters: Parameters, as_of: date, before: date | None) -> None:
    """Spells and growth; spells of the touched alone where the last build, of `before`, had the same parameters."""
    policy = run.context.settings.policy
    rhythm = flow.rhythm_of(parameters.values)
    known = None if before is None else chosen_parameters(run.store, before, None)
    is_same = known is not None and known.values == parameters.values
    if is_same and base.touched is not None:
        kept = within(run.store.read(LIFECYCLE_SPELLS), base.touched.people, ("customer_id",))
        bought = flow.in_groups(base.touched.purchases, base.state, rhythm.group_intervals)
        theirs = flow.lifecycle_spells(bought, rhythm, policy.lifecycle)
        spells = renew(run, LIFECYCLE_SPELLS, kept, theirs).whole
    else:
        bought = flow.in_groups(base.purchases, base.state, rhythm.group_intervals)
        spells = run.stage(LIFECYCLE_SPELLS, flow.lifecycle_spells(bought, rhythm, policy.lifecycle))
    run.stage(BASE_GROWTH, flow.base_growth(spells, policy.growth, as_of), where="audience_key IS NULL")


def _stage_metrics(run: Run, base: Base, profiles: DataFrame, as_of: date) -> None:
    known = run.store.read(CUSTOMER_PROFILES).where(F.col("as_of") <= F.lit(as_of))
    with run.step("run_metrics"):
        then = None if _withdrawn_since_build(run) else rows(known.agg(F.max("as_of")), at_most=1)[0][0]
        before = None if then is None else known.where(F.col("as_of") == F.lit(then))
        figures = {
            **money_differences(base.sold, base.booked, base.orders, profiles),
            **snapshot_figures(profiles, before, as_of),
        }
    run.stage(RUN_METRICS, metrics_row(run.context, "build", figures), "append")


def _withdrawn_since_build(run: Run) -> bool:
    """True where a batch was taken out after the last build: then customers may be gone on purpose."""
    ended = run.store.read(RUNS).where(F.col("status") == str(RunStatus.PUBLISHED))

    def last(job: str) -> Column:
        return F.max(F.when(F.col("job") == job, F.col("finished_at")))

    known = ended.agg(last("withdraw").alias("withdrawn"), last("build").alias("built"))
    return bool(rows(known.where(F.col("withdrawn") > F.col("built")), at_most=1))
