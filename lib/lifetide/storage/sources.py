"""Reads the user's own tables and files as they are."""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession

from lifetide.errors import SourceError
from lifetide.settings import Source

FEW_FILES = 4
SPREAD = 8

DEFAULT_OPTIONS: dict[str, dict[str, str]] = {
    "csv": {"header": "true"},
    "json": {"primitivesAsString": "true"},
    "parquet": {"mergeSchema": "false"},
    "delta": {},
}


def read_source(session: SparkSession, source: Source) -> DataFrame:
    """The source's rows. Raises SourceError naming the source and what to look at."""
    try:
        if source.table is not None:
            return session.read.table(source.table)
        format_ = source.format or "parquet"
        options = {**DEFAULT_OPTIONS.get(format_, {}), **source.options}
        rows = session.read.format(format_).options(**options).load(source.path)
        _ = rows.schema
        if source.path is not None and len(rows.inputFiles()) < FEW_FILES:
            rows = rows.repartition(SPREAD)  # one small file is one task, whatever the number of cores
    except Exception as error:  # the class differs between Spark and Spark Connect
        place = source.table or source.path
        first = str(error).strip().splitlines()[0]
        raise SourceError(f"Source {source.name} cannot be read from {place}: {first}") from error
    return rows
