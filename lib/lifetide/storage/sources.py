"""Reads the user's own tables and files as they are."""

from __future__ import annotations

import hashlib

from pyspark.sql import DataFrame, SparkSession
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


def files_fingerprint(session: SparkSession, source: Source) -> str | None:
    """Hash over names, sizes and times of the source's files, from the listing alone; None for a catalog table."""
    if source.path is None:
        return None
    reader = session.read.format("binaryFile").option("recursiveFileLookup", "true")
    files = reader.load(source.path).select("path", "length", F.unix_micros("modificationTime").alias("at"))
    one = F.xxhash64("path", "length", "at")
    listed = bounded_rows(files.agg(F.count(F.lit(1)), F.sort_array(F.collect_list(one))), at_most=1)[0]
    return hashlib.sha256(repr((listed[0], listed[1])).encode()).hexdigest()[:16]
