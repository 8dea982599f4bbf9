"""`lifetide ingest`: new source rows become events and records, exactly once; what cannot be used is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.events.currencies import daily_rates
from lifetide.events.kinds import EVENT_KINDS, ORDER, RECORDS, fresh_records, one_per_key
from lifetide.pipelines.arriving import Arrived, placed_events, stage_events, stage_rejected
from lifetide.pipelines.context import Context
from lifetide.pipelines.figures import daily_revenue_ratio, metrics_row
from lifetide.pipelines.fingerprints import replace_waits
from lifetide.pipelines.lines import Lines, house_of, read_lines
from lifetide.pipelines.opening import Opened, open_sources, to_read
from lifetide.pipelines.publishing import Outcome, Run
from lifetide.storage import Counted
from lifetide.tables import EVENTS, FX_RATES, RUN_METRICS
from lifetide.vocabulary import SourceKind


def ingest(context: Context, *, today: date, batch: str) -> Outcome:
    """Reads every source that changed and publishes what is new as one batch.

    Raises SettingsError where mappings do not fit their sources, GateRefused where the batch is not trusted.
    """
    opened = open_sources(context)
    with Run(context, "ingest", batch=batch) as run:
        run.outcome.notes += [f"source {one.source.name}: {change}" for one in opened for change in one.drift]
        run.source_fingerprints = {one.source.name: one.state.as_text() for one in opened}
        wanted = to_read(opened)
        if not wanted:
            run.outcome.notes.append("nothing new: no file and no mapping changed since the last ingest")
            return run.unchanged()
        return _ingest(run, wanted, today, batch)


def _ingest(run: Run, wanted: list[Opened], today: date, batch: str) -> Outcome:
    """Reads rates first, then the rest; stages events, rejects and records, and publishes them."""
    lines = _read(run, wanted, today, batch)
    arrived = placed_events(run, [one for one in lines if one.source.kind in EVENT_KINDS], batch)
    stage_events(run, arrived, batch)
    stage_rejected(run, lines, arrived, batch)
    for kind in RECORDS:
        _stage_record(run, kind, [one for one in lines if one.source.kind is kind])
    _tell(run, lines, arrived)
    if not any(candidate.count for candidate in run.candidates):
        run.outcome.notes.append("nothing new: every row was seen before")
        return run.unchanged()
    _stage_metrics(run, lines, arrived)
    return run.publish()


def _read(run: Run, wanted: Sequence[Opened], today: date, batch: str) -> list[Lines]:
    """Every source cleaned; exchange rates of the same run count."""
    house = house_of(run.context.settings, today)
    found: list[Lines] = []
    rates: DataFrame | None = None
    for one in wanted:
        if rates is None and one.needs_rates:
            rates = run.aside("daily_rates", _rates(run, found)).rows
        found.append(read_lines(run, one, house, rates if one.needs_rates else None, batch))
    return found


def _rates(run: Run, read: Sequence[Lines]) -> DataFrame:
    """The published rates, and over them those that this run brings."""
    rates = run.store.read(FX_RATES)
    fresh = [_usable(one) for one in read if one.source.kind is SourceKind.FX_RATES]
    if fresh:
        new = one_per_key(_union(fresh), RECORDS[SourceKind.FX_RATES])
        rates = rates.join(new.select("currency", "date"), ["currency", "date"], "left_anti").unionByName(new)
    return daily_rates(rates, max_age_days=run.context.settings.policy.ingest.fx_max_age_days)


def _stage_record(run: Run, kind: SourceKind, lines: Sequence[Lines]) -> None:
    """Rows of the shop's own data that are new or changed, one per key."""
    if not lines:
        return
    record = RECORDS[kind]
    chosen = Counted(one_per_key(_union([_usable(one) for one in lines]), record), keys=F.count(F.lit(1)))
    fresh = fresh_records(chosen.passing, run.store.read(record.table), record)
    run.stage(record.table, fresh, "merge")
    collapsed = sum(one.usable_count for one in lines) - chosen.told()["keys"]
    if collapsed:
        run.outcome.row_counts[f"{kind}:collapsed"] = collapsed


def _usable(one: Lines) -> DataFrame:
    """The rows that can be used, in the table's columns, and the order of their commits where it is known."""
    names = [*RECORDS[one.source.kind].table.column_names, *({ORDER} & set(one.clean.columns))]
    return one.usable.select(*names)


def _union(frames: Sequence[DataFrame]) -> DataFrame:
    whole = frames[0]
    for frame in frames[1:]:
        whole = whole.unionByName(frame, allowMissingColumns=True)
    return whole


def _stage_metrics(run: Run, lines: Sequence[Lines], arrived: Arrived) -> None:
    kept = sum(one.read_count - one.filtered_count for one in lines)
    rejected = run.outcome.rejected_count or 0
    usable = sum(one.clean_count for one in lines)
    figures = {
        "rejected_share": rejected / kept if kept else None,
        "lost_row_count": kept - usable,
        "daily_revenue_ratio": daily_revenue_ratio(arrived.new, run.store.read(EVENTS)),
    }
    run.stage(RUN_METRICS, metrics_row(run.context, "ingest", figures), "append")


def _tell(run: Run, lines: Sequence[Lines], arrived: Arrived) -> None:
    """Counts for `runs` and the terminal: rows in = events + seen before + collapsed + filtered + rejected."""
    outcome = run.outcome
    assert run.source_fingerprints is not None
    for one in lines:
        name = one.source.name
        run.source_fingerprints[name] = replace_waits(run.source_fingerprints[name], waits=one.waiting_count > 0)
        outcome.row_counts[f"read:{name}"] = one.read_count
        outcome.row_counts[f"filtered:{name}"] = one.filtered_count
    outcome.filtered_count = sum(one.filtered_count for one in lines)
    outcome.rejected_count = sum(one.refused_count for one in lines) + arrived.changed_count
    outcome.row_counts["rejected"] = outcome.rejected_count
    arrived.tell(outcome, sum(one.usable_count for one in lines if one.source.kind in EVENT_KINDS))
