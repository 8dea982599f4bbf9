"""The shop whose rows are judged in these tests, and rows as a mapping makes them."""

from __future__ import annotations

from datetime import date

from pyspark.sql import DataFrame, SparkSession

from lifetide.events.judging import House
from lifetide.events.mapping import IS_KEPT, mapped
from lifetide.policy import IngestPolicy
from lifetide.settings import CANONICAL
from lifetide.vocabulary import SourceKind

BERLIN = House("Europe/Berlin", "EUR", date(2025, 3, 10), IngestPolicy())


def rows_of(spark: SparkSession, kind: SourceKind, text: str) -> DataFrame:
    """Rows as typed, texts all of them: the first line names columns, an empty cell or · is null."""
    header, *lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    cells = [tuple(None if cell in ("", "·") else cell for cell in line) for line in lines]
    raw = spark.createDataFrame(cells, ", ".join(f"`{name}` string" for name in header)).coalesce(1)
    own = {name: f"`{name}`" for name in header if name in CANONICAL[kind]}
    beside = {name: f"`{name}`" for name in header if name not in own}
    return mapped(raw, {**own, **beside}, [*CANONICAL[kind], *beside], None).drop(IS_KEPT)
