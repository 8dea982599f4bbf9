"""One source of an ingest, mapped and cleaned in one pass: whole, or what changed since it was last read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.counting import count_where
from lifetide.events import changes
from lifetide.events.identity import unit_key
from lifetide.events.judging import House
from lifetide.events.kinds import EVENT_KINDS, cleaned
from lifetide.events.mapping import IS_KEPT, mapped
from lifetide.pipelines.opening import Opened
from lifetide.pipelines.publishing import Run
from lifetide.settings import CANONICAL, Settings, Source
from lifetide.storage import Counted, RawArchive, rows
from lifetide.storage.sources import read_changes
from lifetide.vocabulary import RejectReason, SourceKind

MAY_COME = (RejectReason.MISSING_FX_RATE, RejectReason.FUTURE_DATE)
"""Reasons that time or another delivery may take away: a source with such rows is read whole next time."""


@dataclass(frozen=True)
class Lines:
    """A source's cleaned rows, stored aside, and how many rows it had, left out and refused.

    `waiting_count`: refused rows that time or another delivery may let in. `deleted`: unit_key and deleted_at of what
    the source took out, None where it does not tell. `is_whole`: every row of the source was read. `has_feed`: its
    deletions are told at some ingest.
    """

    source: Source
    clean: DataFrame
    read_count: int
    filtered_count: int
    clean_count: int
    refused_count: int
    waiting_count: int
    deleted: DataFrame | None
    is_whole: bool
    has_feed: bool

    @property
    def usable(self) -> DataFrame:
        """The rows that can be used."""
        return self.clean.where(F.size("reasons") == 0)

    @property
    def usable_count(self) -> int:
        """How many they are."""
        return self.clean_count - self.refused_count

    @property
    def has_ids(self) -> bool:
        """True where each row has an id of its own; else an order is known by its content."""
        return self.source.kind is SourceKind.EVENTS or "line_id" in self.source.columns


def house_of(settings: Settings, today: date) -> House:
    """What rows are judged by."""
    return House(settings.shop.timezone, settings.shop.currency, today, settings.policy.ingest)


def read_lines(run: Run, opened: Opened, house: House, rates: DataFrame | None, batch: str) -> Lines:
    """Maps and cleans one source, counting on the way."""
    source = opened.source
    feed = None if opened.since is None else _feed(run, opened, batch)
    canonical = list(CANONICAL[source.kind])
    if feed is None:
        chosen = mapped(_kept_raw(run, source, opened.raw, batch), source.columns, canonical, source.where)
        deleted = None
    else:
        changed = mapped(feed, source.columns, canonical, source.where)
        chosen, deleted = _changed(run, opened, changed, house, rates)
    counted = Counted(chosen, read=F.count(F.lit(1)), filtered=count_where(~F.col(IS_KEPT)))
    clean = cleaned(counted.passing.where(F.col(IS_KEPT)).drop(IS_KEPT), source.kind, house, rates)
    if feed is not None and source.kind in EVENT_KINDS:
        clean = changes.with_update_time(clean)
    named = clean.withColumn("source", F.lit(source.name))
    judged = Counted(named, refused=count_where(F.size("reasons") > 0), waiting=count_where(waits()))
    staged = run.aside(f"source_{source.name}", judged.passing)
    seen, told = counted.told(), judged.told(staged.rows)
    delta = opened.state.delta
    return Lines(
        source, staged.rows, seen["read"], seen["filtered"], staged.count, told["refused"], told["waiting"], deleted,
        is_whole=feed is None, has_feed=delta is not None and delta.has_changes,
    )  # fmt: skip


def waits() -> Column:
    """True for a refused row that time or another delivery may let in."""
    return F.arrays_overlap("reasons", F.array(*(F.lit(str(reason)) for reason in MAY_COME)))


def _feed(run: Run, opened: Opened, batch: str) -> DataFrame | None:
    """What changed since the source was last read; None, with a note, where the table no longer knows."""
    source, delta, since = opened.source, opened.state.delta, opened.since
    assert delta is not None
    assert since is not None
    try:
        feed = read_changes(run.context.session, source, since=since, state=delta)
        staged = run.aside(f"changes_{source.name}", _kept_raw(run, source, feed, batch))
    except Exception as error:  # noqa: BLE001 - vacuumed or overwritten: the class differs between Sparks
        run.outcome.notes.append(
            f"source {source.name}: its changes since version {since} cannot be read ({type(error).__name__}); "
            "the whole table is compared"
        )
        return None
    run.outcome.notes.append(f"source {source.name}: changes of versions {since + 1} to {delta.version}")
    return staged.rows


def _kept_raw(run: Run, source: Source, raw: DataFrame, batch: str) -> DataFrame:
    """The rows as they came, archived where the settings say so; then the archive is what is read on."""
    storage, context = run.context.settings.storage, run.context
    if not storage.keep_raw_days or context.dry_run:
        return raw
    archive = RawArchive(context.session, storage.root)
    with run.step(f"archive {source.name}"):
        return archive.keep(source.name, raw, batch=batch, at=context.now(), days=storage.keep_raw_days)


def _changed(
    run: Run, opened: Opened, told: DataFrame, house: House, rates: DataFrame | None
) -> tuple[DataFrame, DataFrame | None]:
    """Rows to clean, and the units that lost a row."""
    source = opened.source
    if source.kind is SourceKind.ORDER_LINES:
        has_line_id = "line_id" in source.columns
        last = changes.last_changes(told, "line_id") if has_line_id else told
        gone = cleaned(changes.went(last).drop(IS_KEPT), source.kind, house, rates)
        deleted = gone.where(F.size("reasons") == 0).select(
            unit_key(has_line_id=has_line_id, id_column="line_id").alias("unit_key"),
            F.col(changes.AT).cast("timestamp").alias("deleted_at"),
        )
        if has_line_id:
            return changes.came(last), deleted
        everything = mapped(opened.raw, source.columns, list(CANONICAL[source.kind]), source.where)
        return changes.whole_orders(told, everything), deleted
    lost = rows(changes.went(told).agg(F.count(F.lit(1))), at_most=1)[0][0]
    if lost:
        run.outcome.notes.append(f"source {source.name}: {lost} deleted rows; what they brought stays")
    return changes.came(told), None
