"""Reads the user's own tables and files as they are: whole, or what changed in a Delta table since a version."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from pyspark.sql import DataFrame, DataFrameReader, SparkSession
from pyspark.sql import functions as F

from lifetide.errors import SourceError
from lifetide.settings import Source
from lifetide.storage.bounded import rows as bounded_rows

FEW_FILES = 4
SPREAD = 8

DEFAULT_OPTIONS: dict[str, dict[str, str]] = {
    "csv": {"header": "true"},
    "json": {"primitivesAsString": "true"},
    "parquet": {"mergeSchema": "false"},
    "delta": {},
}
CHANGE_FEED = "delta.enableChangeDataFeed"


@dataclass(frozen=True)
class DeltaState:
    """Which Delta table a source is, at which version, and whether it keeps a change feed."""

    table_id: str
    version: int
    has_changes: bool


def read_source(session: SparkSession, source: Source, state: DeltaState | None = None) -> DataFrame:
    """The source's rows, of a Delta table those of `state`. Raises SourceError naming the source and the place."""
    try:
        if state is not None:
            rows = _load(session.read.option("versionAsOf", state.version), source)
        elif source.table is not None:
            return session.read.table(source.table)
        else:
            rows = _load(session.read, source)
        _ = rows.schema
        if source.path is not None and len(rows.inputFiles()) < FEW_FILES:
            rows = rows.repartition(SPREAD)  # one small file is one task, whatever the number of cores
    except Exception as error:  # the class differs between Spark and Spark Connect
        place = source.table or source.path
        first = str(error).strip().splitlines()[0]
        raise SourceError(f"Source {source.name} cannot be read from {place}: {first}") from error
    return rows


def read_changes(session: SparkSession, source: Source, *, since: int, state: DeltaState) -> DataFrame:
    """Rows that came, changed or went after version `since`, up to `state`, each with what happened to it and when.

    Raises whatever Spark raises where the table no longer has those versions, now or when the rows are read.
    """
    reader = (
        session.read.option("readChangeFeed", "true")
        .option("startingVersion", since + 1)
        .option("endingVersion", state.version)
    )
    return _load(reader, source).where(F.col("_change_type") != "update_preimage")


def delta_state(session: SparkSession, source: Source) -> DeltaState | None:
    """The state of a source that is a Delta table; None for files and for other tables of a catalog."""
    if source.table is None and source.format != "delta":
        return None
    name = source.table or f"delta.`{(source.path or '').replace('`', '``')}`"
    try:
        details = bounded_rows(session.sql(f"DESCRIBE DETAIL {name}").select("format", "id", "properties"), at_most=1)
        if not details or details[0]["format"] != "delta":
            return None
        newest = bounded_rows(session.sql(f"DESCRIBE HISTORY {name} LIMIT 1").select("version"), at_most=1)
    except Exception:  # noqa: BLE001 - a view, or no table at all: reading it says what is wrong
        return None
    keeps = (details[0]["properties"] or {}).get(CHANGE_FEED, "false").lower() == "true"
    return DeltaState(details[0]["id"], newest[0]["version"], keeps) if newest else None


def files_fingerprint(session: SparkSession, source: Source) -> str | None:
    """Hash over names, sizes and times of the source's files, from the listing alone; None for a catalog table."""
    if source.path is None:
        return None
    reader = session.read.format("binaryFile").option("recursiveFileLookup", "true")
    files = reader.load(source.path).select("path", "length", F.unix_micros("modificationTime").alias("at"))
    one = F.xxhash64("path", "length", "at")
    listed = bounded_rows(files.agg(F.count(F.lit(1)), F.sort_array(F.collect_list(one))), at_most=1)[0]
    return hashlib.sha256(repr((listed[0], listed[1])).encode()).hexdigest()[:16]


def _load(reader: DataFrameReader, source: Source) -> DataFrame:
    if source.table is not None:
        return reader.table(source.table)
    format_ = source.format or "parquet"
    return reader.format(format_).options(**{**DEFAULT_OPTIONS.get(format_, {}), **source.options}).load(source.path)
