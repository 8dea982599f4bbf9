"""`lifetide sources`: what each mapping makes of its source; writes nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.events.currencies import daily_rates
from lifetide.events.kinds import RECORDS, cleaned, one_per_key
from lifetide.events.mapping import IS_KEPT, mapped
from lifetide.pipelines.context import Context
from lifetide.pipelines.lines import house_of
from lifetide.pipelines.opening import Opened, open_sources
from lifetide.settings import CANONICAL, Source
from lifetide.storage import rows
from lifetide.tables import FX_RATES
from lifetide.vocabulary import SourceKind

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
    opened = open_sources(context)
    rates = None
    if any(one.needs_rates for one in opened):
        rates = _rates(context, opened, today)
    return [_preview(context, one, today, rates) for one in opened]


def _rates(context: Context, opened: list[Opened], today: date) -> DataFrame:
    """The published rates, and those that the sources would bring."""
    rates = context.store.read(FX_RATES)
    for one in opened:
        if one.source.kind is SourceKind.FX_RATES:
            kept = _mapped(one).where(F.col(IS_KEPT)).drop(IS_KEPT)
            judged = cleaned(kept, one.source.kind, house_of(context.settings, today), None)
            rates = rates.unionByName(judged.where(F.size("reasons") == 0).select(*FX_RATES.column_names))
    once = one_per_key(rates, RECORDS[SourceKind.FX_RATES])
    return daily_rates(once, max_age_days=context.settings.policy.ingest.fx_max_age_days)


def _mapped(one: Opened) -> DataFrame:
    return mapped(one.raw, one.source.columns, list(CANONICAL[one.source.kind]), one.source.where)


def _preview(context: Context, one_source: Opened, today: date, rates: DataFrame | None) -> Preview:
    source, all_rows = one_source.source, _mapped(one_source)
    canonical = [name for name in CANONICAL[source.kind] if name in source.columns]
    kept = all_rows.where(F.col(IS_KEPT)).drop(IS_KEPT)
    judged = cleaned(all_rows, source.kind, house_of(context.settings, today), rates).groupBy(IS_KEPT, "reasons")
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
