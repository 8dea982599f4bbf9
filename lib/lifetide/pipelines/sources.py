"""`lifetide sources`: what each mapping makes of its source; writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pyspark.sql import functions as F

from lifetide.events.mapping import IS_KEPT, mapped
from lifetide.pipelines.context import Context
from lifetide.pipelines.ingest import cleaned, refuse_unreadable
from lifetide.settings import CANONICAL, Source
from lifetide.storage import rows
from lifetide.storage.sources import read_source

PREVIEW_ROWS = 10
MOST_REASONS = 100


@dataclass(frozen=True)
class Preview:
    """A mapping at a glance: ten mapped rows as text, types, and what would be left out and refused."""

    source: Source
    types: dict[str, str]
    rows: list[dict[str, str | None]]
    read_count: int
    filtered_count: int
    reject_counts: dict[str, int]


def previews(context: Context, *, today: date) -> list[Preview]:
    """One preview per source. Raises SettingsError where a mapping does not fit."""
    refuse_unreadable(context)
    return [_preview(context, source, today) for source in context.settings.sources]


def _preview(context: Context, source: Source, today: date) -> Preview:
    settings = context.settings
    canonical = [name for name in CANONICAL[source.kind] if name in source.columns]
    all_rows = mapped(
        read_source(context.session, source), source.columns, list(CANONICAL[source.kind]), source.where
    )
    kept = all_rows.where(F.col(IS_KEPT)).drop(IS_KEPT)
    clean = cleaned(kept, source.kind, settings, today)
    counts = rows(all_rows.agg(F.count(F.lit(1)), F.count_if(~F.col(IS_KEPT))), at_most=1)[0]
    reasons = clean.select(F.explode("reasons").alias("reason")).groupBy("reason").agg(F.count(F.lit(1)).alias("n"))
    shown = kept.select(*(F.col(name).cast("string").alias(name) for name in canonical)).limit(PREVIEW_ROWS)
    return Preview(
        source=source,
        types={name: type_ for name, type_ in kept.dtypes if name in canonical},
        rows=[row.asDict() for row in rows(shown, at_most=PREVIEW_ROWS)],
        read_count=counts[0],
        filtered_count=counts[1],
        reject_counts={row["reason"]: row["n"] for row in rows(reasons, at_most=MOST_REASONS)},
    )
