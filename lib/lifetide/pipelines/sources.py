"""`lifetide sources`: what each mapping makes of its source; writes nothing."""

from __future__ import annotations

from collections import Counter
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
MOST_COMBINATIONS = 10_000  # of reasons on one row


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
    judged = cleaned(all_rows, source.kind, settings, today).groupBy(IS_KEPT, "reasons")
    counts = rows(judged.agg(F.count(F.lit(1)).alias("n")), at_most=MOST_COMBINATIONS)
    rejects = Counter[str]()
    for one in counts:
        if one[IS_KEPT]:
            rejects.update(dict.fromkeys(one["reasons"], one["n"]))
    shown = kept.select(*(F.col(name).cast("string").alias(name) for name in canonical)).limit(PREVIEW_ROWS)
    return Preview(
        source=source,
        types={name: type_ for name, type_ in kept.dtypes if name in canonical},
        rows=[row.asDict() for row in rows(shown, at_most=PREVIEW_ROWS)],
        read_count=sum(one["n"] for one in counts),
        filtered_count=sum(one["n"] for one in counts if not one[IS_KEPT]),
        reject_counts=dict(rejects),
    )
