"""The events of an ingest against those that are known, and the rows that were refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lifetide.counting import count_where
from lifetide.events import arrivals as arrival
from lifetide.events.arrivals import ARRIVAL, arrivals
from lifetide.events.deletions import cancellations, deletions_taken_back, still_there
from lifetide.events.identity import CONTENT, identified, identified_events
from lifetide.events.judging import payload
from lifetide.pipelines.lines import Lines, waits
from lifetide.pipelines.publishing import Candidate, Outcome, Run
from lifetide.storage import conform, rows
from lifetide.tables import EVENTS, REJECTED_EVENTS
from lifetide.vocabulary import RejectReason, SourceKind

MOST_KINDS = 10
_INCOMING = (arrival.NEW, arrival.REPLACES, arrival.SEEN)
_WRITTEN = (arrival.NEW, arrival.REPLACES, arrival.REPLACED)
_TAKEN_OUT = f"s.{ARRIVAL} = '{arrival.REPLACED}'"


@dataclass(frozen=True)
class Arrived:
    """Incoming events and the known ones that they replace, each with its `arrival`; counts by it.

    `deletion_count`: rows that tell of the source's deletions; they are nobody's input rows.
    """

    placed: DataFrame
    counts: dict[str, int]
    deletion_count: int

    @property
    def new(self) -> DataFrame:
        """Events never seen before."""
        return self.placed.where(F.col(ARRIVAL) == arrival.NEW)

    @property
    def changed_count(self) -> int:
        """Rows refused since their order, or event, was delivered differently before."""
        return self.counts.get(arrival.CHANGED, 0)

    def tell(self, outcome: Outcome, usable_count: int) -> None:
        """What became of the usable rows."""
        came = sum(self.counts.get(kind, 0) for kind in (*_INCOMING, arrival.CHANGED)) - self.deletion_count
        outcome.row_counts["events:collapsed"] = usable_count - came
        for kind in (*_INCOMING, arrival.REPLACED):
            outcome.row_counts[f"events:{kind}"] = self.counts.get(kind, 0)
        if self.deletion_count:
            outcome.row_counts["events:deleted"] = self.deletion_count


def placed_events(run: Run, lines: Sequence[Lines], batch: str) -> Arrived:
    """Usable rows of all sources of events against the known events, one source after the other."""
    known = run.store.read(EVENTS)
    nothing = known.limit(0).withColumns({name: F.lit("") for name in ("unit_key", "payload", ARRIVAL)})
    found = [nothing]
    for one in lines:
        placed = _placed(run, one, known, batch)
        found += placed
        known = known.unionByName(placed[0].where(F.col(ARRIVAL) == arrival.NEW).select(*EVENTS.column_names))
    whole = found[0]
    for frame in found[1:]:
        whole = whole.unionByName(frame, allowMissingColumns=True)
    staged = run.aside("arrivals", whole).rows
    is_deletion = F.startswith("event_id", F.lit("deleted:")) & F.col("payload").isNull() & F.col("unit_key").isNull()
    told = F.coalesce(is_deletion & (F.col(ARRIVAL) == arrival.NEW), F.lit(False))
    counted = staged.groupBy(ARRIVAL).agg(F.count(F.lit(1)).alias("n"), count_where(told).alias("deletions"))
    counts = rows(counted, at_most=MOST_KINDS)
    return Arrived(staged, {row[ARRIVAL]: row["n"] for row in counts}, sum(row["deletions"] for row in counts))


def _placed(run: Run, one: Lines, known: DataFrame, batch: str) -> list[DataFrame]:
    """The source's rows with their arrival, and what its deletions do to known events."""
    incoming = run.aside(f"once_{one.source.name}", _shaped(one)).rows
    if one.source.kind is not SourceKind.ORDER_LINES or not one.has_feed:
        return [arrivals(incoming, known, has_line_id=one.has_ids)]
    gone = None
    if one.deleted is not None:
        zone = run.context.settings.shop.timezone
        lost = cancellations(one.deleted, incoming, known, has_line_id=one.has_ids, timezone=zone, batch=batch)
        gone = run.aside(f"deleted_{one.source.name}", lost).rows
    left = still_there(known, gone)
    told = [] if gone is None else [gone]
    return [arrivals(incoming, left, has_line_id=one.has_ids), *told, deletions_taken_back(incoming, known)]


def _shaped(one: Lines) -> DataFrame:
    """The usable rows of a source as rows of `events`, each once, with the unit that it arrived in."""
    drop = one.source.duplicates == "drop"
    if one.source.kind is SourceKind.EVENTS:
        usable = identified_events(one.usable, drop_duplicates=drop)
    else:
        usable = identified(one.usable, has_line_id=one.has_ids, drop_duplicates=drop)
    ours = [F.col(n) if n in usable.columns else _absent(n) for n in EVENTS.column_names]
    return usable.select(*ours, "unit_key", "payload")


def stage_events(run: Run, arrived: Arrived, batch: str) -> None:
    """What is new, newer, or replaced becomes a candidate for `events`."""
    written = arrived.placed.where(F.col(ARRIVAL).isin(*_WRITTEN))
    named = written.select(*[F.lit(batch).alias(n) if n == "batch" else n for n in EVENTS.column_names], ARRIVAL)
    conform(named.drop(ARRIVAL), EVENTS)
    changed = sum(arrived.counts.get(kind, 0) for kind in _WRITTEN)
    if changed == arrived.counts.get(arrival.NEW, 0):
        run.offer(Candidate(EVENTS, named.drop(ARRIVAL), changed, "append"))
    else:
        run.offer(Candidate(EVENTS, named, changed, "merge", delete_when=_TAKEN_OUT))


def stage_rejected(run: Run, lines: Sequence[Lines], arrived: Arrived, batch: str) -> None:
    """One row per refused row that was not refused before; those that wait no more are taken out.

    Of a source that was read whole, a row that waited and is not refused now was taken in.
    """
    refused = _changed(arrived.placed)
    for one in lines:
        refused = refused.unionByName(one.clean.where(F.size("reasons") > 0).select("source", "reasons", "payload"))
    same = Window.partitionBy("source", "payload").orderBy(F.col("reasons").asc())
    content = F.concat_ws("\u0000", "source", "payload", F.row_number().over(same).cast("string"))
    named = refused.withColumn("reject_id", F.sha2(content, 256)).withColumn("batch", F.lit(batch))
    known = run.store.read(REJECTED_EVENTS)
    fresh = named.join(known.select("reject_id"), "reject_id", "left_anti").withColumn(ARRIVAL, F.lit(arrival.NEW))
    whole = [one.source.name for one in lines if one.is_whole]
    taken = (
        known.where(F.col("source").isin(whole) & waits())
        .join(named.select("reject_id"), "reject_id", "left_anti")
        .withColumn(ARRIVAL, F.lit(arrival.REPLACED))
    )
    columns = [*REJECTED_EVENTS.column_names, ARRIVAL]
    staged = run.aside("rejected_events", fresh.select(*columns).unionByName(taken.select(*columns)))
    run.offer(Candidate(REJECTED_EVENTS, staged.rows, staged.count, "merge", delete_when=_TAKEN_OUT))


def _changed(placed: DataFrame) -> DataFrame:
    """Rows that differ from what was delivered before, and cannot say that they are newer."""
    differing = placed.where(F.col(ARRIVAL) == arrival.CHANGED).withColumn("row", F.struct(*CONTENT))
    reason = F.when(F.col("state").isNull(), str(RejectReason.EVENT_CHANGED)).otherwise(
        str(RejectReason.ORDER_CHANGED)
    )
    return differing.select("source", F.array(reason).alias("reasons"), payload(differing, "row").alias("payload"))


def _absent(name: str) -> Column:
    return F.lit(None).cast(EVENTS.column(name).type).alias(name)
