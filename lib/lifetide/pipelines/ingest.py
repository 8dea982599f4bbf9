"""`lifetide ingest`: new source rows become events, exactly once; what cannot be used is kept with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pyspark.sql import Column, DataFrame, Observation, Window
from pyspark.sql import functions as F

from lifetide.errors import SettingsError, SourceError
from lifetide.events import arrivals as arrived
from lifetide.events.arrivals import ARRIVAL, arrivals
from lifetide.events.cleaning import clean_order_lines, payload
from lifetide.events.identity import CONTENT, identified
from lifetide.events.mapping import IS_KEPT, mapped, unreadable_expressions
from lifetide.events.products import clean_products, one_per_product
from lifetide.pipelines.context import Context
from lifetide.pipelines.figures import daily_revenue_ratio, metrics_row
from lifetide.pipelines.fingerprints import changed_sources, source_fingerprints
from lifetide.pipelines.publishing import Candidate, Outcome, Run
from lifetide.settings import CANONICAL, Settings, Source
from lifetide.storage import conform, rows
from lifetide.storage.sources import read_source
from lifetide.tables import EVENTS, PRODUCTS, REJECTED_EVENTS, RUN_METRICS
from lifetide.vocabulary import RejectReason, SourceKind

MOST_KINDS = 10
_INCOMING = (arrived.NEW, arrived.REPLACES, arrived.SEEN)
_WRITTEN = (arrived.NEW, arrived.REPLACES, arrived.REPLACED)


@dataclass(frozen=True)
class Lines:
    """A source's cleaned rows, stored aside, and how many rows it had and left out."""

    source: Source
    clean: DataFrame
    read_count: int
    filtered_count: int
    clean_count: int


def ingest(context: Context, *, today: date, batch: str) -> Outcome:
    """Reads every source of the settings and publishes what is new as one batch.

    Raises SettingsError where mappings do not fit their sources, GateRefused where the batch is not trusted.
    """
    refuse_unreadable(context)
    with Run(context, "ingest", batch=batch) as run:
        run.source_fingerprints = source_fingerprints(context)
        changed_since = changed_sources(context, run.source_fingerprints)
        if not changed_since:
            run.outcome.notes.append("nothing new: no file and no mapping changed since the last ingest")
            return run.unchanged()
        return _ingest(run, [_lines(run, source, today) for source in changed_since], batch)


def _ingest(run: Run, lines: list[Lines], batch: str) -> Outcome:
    """Tells new rows from known ones, stages what is new, and publishes it."""
    context = run.context
    order_lines = [one for one in lines if one.source.kind is SourceKind.ORDER_LINES]
    placed = run.aside("arrivals", _placed(context, order_lines))
    counts = _by_arrival(placed.rows)
    rejected = run.aside("rejected_events", _rejected(context, lines, placed.rows, batch))
    events = placed.rows.where(F.col(ARRIVAL).isin(*_WRITTEN))
    event_rows = events.select(*[F.lit(batch).alias(n) if n == "batch" else n for n in EVENTS.column_names], ARRIVAL)
    changed = sum(counts.get(kind, 0) for kind in _WRITTEN)
    conform(event_rows.drop(ARRIVAL), EVENTS)
    run.offer(Candidate(EVENTS, event_rows, changed, "merge", delete_when=f"s.{ARRIVAL} = '{arrived.REPLACED}'"))
    run.offer(Candidate(REJECTED_EVENTS, rejected.rows, rejected.count, "merge"))
    _stage_products(run, lines)
    _tell(run, lines, counts)
    if not any(run.outcome.row_counts.get(table.name, 0) for table in (EVENTS, REJECTED_EVENTS, PRODUCTS)):
        run.outcome.notes.append("nothing new: every row was seen before")
        return run.unchanged()
    _stage_metrics(run, lines, events)
    return run.publish()


def refuse_unreadable(context: Context) -> None:
    """Raises SettingsError with every expression of every source that its columns cannot carry."""
    problems = mapping_problems(context.settings, context)
    if problems:
        raise SettingsError(f"{context.settings.path} does not fit its sources:", problems)


def mapping_problems(settings: Settings, context: Context) -> list[str]:
    """Every source that cannot be read and every expression that does not fit, in words."""
    problems = []
    for source in settings.sources:
        try:
            raw = read_source(context.session, source)
        except SourceError as error:
            problems.append(str(error))
            continue
        for key, why in unreadable_expressions(raw, source.columns, source.where):
            problems.append(f"sources.{source.name}.{key}: {why}")
    return problems


def cleaned(kept: DataFrame, kind: SourceKind, settings: Settings, today: date) -> DataFrame:
    """One row per mapped row, typed and judged as its kind of source wants it."""
    if kind is SourceKind.PRODUCTS:
        return clean_products(kept, timezone=settings.shop.timezone)
    return clean_order_lines(
        kept,
        timezone=settings.shop.timezone,
        currency=settings.shop.currency,
        today=today,
        policy=settings.policy.ingest,
    )


def _lines(run: Run, source: Source, today: date) -> Lines:
    """Maps and cleans one source in one pass, counting on the way."""
    context, settings = run.context, run.context.settings
    canonical = list(CANONICAL[source.kind])
    seen = Observation(f"read_{source.name}")
    raw = mapped(read_source(context.session, source), source.columns, canonical, source.where)
    counted = raw.observe(seen, F.count(F.lit(1)).alias("read"), F.count_if(~F.col(IS_KEPT)).alias("filtered"))
    kept = counted.where(F.col(IS_KEPT)).drop(IS_KEPT)
    clean = cleaned(kept, source.kind, settings, today)
    staged = run.aside(f"{source.name}", clean.withColumn("source", F.lit(source.name)))
    return Lines(source, staged.rows, int(seen.get["read"]), int(seen.get["filtered"]), staged.count)


def _placed(context: Context, lines: list[Lines]) -> DataFrame:
    """Usable order lines of all sources against the known events, one after the other."""
    known = context.store.read(EVENTS)
    placed: DataFrame | None = None
    for one in lines:
        has_line_id = "line_id" in one.source.columns
        usable = identified(
            one.clean.where(F.size("reasons") == 0),
            has_line_id=has_line_id,
            drop_duplicates=one.source.duplicates == "drop",
        )
        shaped = usable.select(
            *[F.col(n) if n in usable.columns else _absent(n) for n in EVENTS.column_names],
            "unit_key",
            "payload",
        )
        found = arrivals(shaped, known, has_line_id=has_line_id)
        placed = found if placed is None else placed.unionByName(found)
        known = known.unionByName(found.where(F.col(ARRIVAL) == arrived.NEW).select(*EVENTS.column_names))
    if placed is None:
        nothing = known.limit(0)
        return nothing.withColumns({name: F.lit("") for name in ("unit_key", ARRIVAL)})
    return placed


def _absent(name: str) -> Column:
    return F.lit(None).cast(EVENTS.column(name).type).alias(name)


def _by_arrival(placed: DataFrame) -> dict[str, int]:
    counted = placed.groupBy(ARRIVAL).agg(F.count(F.lit(1)).alias("n"))
    return {row[ARRIVAL]: row["n"] for row in rows(counted, at_most=MOST_KINDS)}


def _rejected(context: Context, lines: list[Lines], placed: DataFrame, batch: str) -> DataFrame:
    """One row per refused row that was not refused before."""
    differing = placed.where(F.col(ARRIVAL) == arrived.ORDER_CHANGED).withColumn("row", F.struct(*CONTENT))
    changed = differing.select(
        "source",
        F.array(F.lit(str(RejectReason.ORDER_CHANGED))).alias("reasons"),
        payload(differing, "row").alias("payload"),
    )
    refused = changed
    for one in lines:
        refused = refused.unionByName(one.clean.where(F.size("reasons") > 0).select("source", "reasons", "payload"))
    same = Window.partitionBy("source", "payload").orderBy(F.col("reasons").asc())
    content = F.concat_ws("\u0000", "source", "payload", F.row_number().over(same).cast("string"))
    named = refused.withColumn("reject_id", F.sha2(content, 256)).withColumn("batch", F.lit(batch))
    return named.join(context.store.read(REJECTED_EVENTS).select("reject_id"), "reject_id", "left_anti").select(
        *REJECTED_EVENTS.column_names
    )


def _stage_products(run: Run, lines: list[Lines]) -> None:
    mapped_products = [one for one in lines if one.source.kind is SourceKind.PRODUCTS]
    if not mapped_products:
        return
    usable = None
    for one in mapped_products:
        good = one.clean.where(F.size("reasons") == 0).select(*PRODUCTS.column_names)
        usable = good if usable is None else usable.unionByName(good)
    assert usable is not None
    known = run.store.read(PRODUCTS)
    fresh = one_per_product(usable).select(*PRODUCTS.column_names).exceptAll(known)
    run.stage(PRODUCTS, fresh, "merge")


def _stage_metrics(run: Run, lines: list[Lines], events: DataFrame) -> None:
    kept = sum(one.read_count - one.filtered_count for one in lines)
    rejected = run.outcome.rejected_count or 0
    usable = sum(one.clean_count for one in lines)
    figures = {
        "rejected_share": rejected / kept if kept else None,
        "lost_row_count": kept - usable,
        "daily_revenue_ratio": daily_revenue_ratio(
            events.where(F.col(ARRIVAL) == arrived.NEW), run.store.read(EVENTS)
        ),
    }
    run.stage(RUN_METRICS, metrics_row(run.context, "ingest", figures), "append")


def _tell(run: Run, lines: list[Lines], counts: dict[str, int]) -> None:
    """Counts for `runs` and the terminal: rows in = events + seen before + collapsed + filtered + rejected."""
    by_source = {
        one.source.name: rows(one.clean.agg(F.count_if(F.size("reasons") > 0)), at_most=1)[0][0] for one in lines
    }
    refused_lines = sum(by_source[one.source.name] for one in lines if one.source.kind is SourceKind.ORDER_LINES)
    refused = sum(by_source.values()) + counts.get(arrived.ORDER_CHANGED, 0)
    run.outcome.filtered_count = sum(one.filtered_count for one in lines)
    run.outcome.rejected_count = refused
    for one in lines:
        run.outcome.row_counts[f"read:{one.source.name}"] = one.read_count
        run.outcome.row_counts[f"filtered:{one.source.name}"] = one.filtered_count
    arrived_count = sum(counts.get(kind, 0) for kind in (*_INCOMING, arrived.ORDER_CHANGED))
    of_orders = [one for one in lines if one.source.kind is SourceKind.ORDER_LINES]
    usable = sum(one.clean_count for one in of_orders) - refused_lines
    run.outcome.row_counts["rejected"] = refused
    run.outcome.row_counts["events:collapsed"] = usable - arrived_count
    for kind in (*_INCOMING, arrived.REPLACED):
        run.outcome.row_counts[f"events:{kind}"] = counts.get(kind, 0)
