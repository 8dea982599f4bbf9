"""Raw input as it came, at `<root>/_raw/<source>`: appended batch by batch, older batches removed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lifetide.storage.sql import quoted, says_missing

FOLDER = "_raw"
OURS = ("batch", "ingested_at")


class RawArchive:
    """One Delta table per source: its columns as they came, `batch` and `ingested_at`.

    A column that comes back with another type is kept beside the old one as `name (type)`. Names are free, so the
    tables use column mapping.
    """

    def __init__(self, session: SparkSession, root: str) -> None:
        self._session = session
        self._root = root.rstrip("/")

    def path(self, source: str) -> str:
        """Where the raw rows of a source lie; letters that a path does not like are replaced."""
        return f"{self._root}/{FOLDER}/{re.sub(r'[^A-Za-z0-9._-]', '_', source)}"

    def keep(self, source: str, raw: DataFrame, *, batch: str, at: datetime, days: int) -> DataFrame:
        """Adds a batch, once, removes those older than `days`, and returns the batch's rows as they were read."""
        path = self.path(source)
        names = self._names(path, raw)
        shown = raw.select(*(_storable(raw, name).alias(names[name]) for name in raw.columns))
        stamped = shown.withColumns({"batch": F.lit(batch), "ingested_at": F.lit(at).cast("timestamp")})
        its_batch = f"batch = '{quoted(batch)}'"
        writer = stamped.write.format("delta").option("mergeSchema", "true")
        writer = writer.option("delta.columnMapping.mode", "name")
        if self._exists(path):
            writer.option("replaceWhere", its_batch).mode("overwrite").save(path)
            oldest = at - timedelta(days=days)
            self._session.sql(
                f"DELETE FROM delta.`{path}` WHERE ingested_at < TIMESTAMP'{oldest.isoformat(sep=' ')}'"
            )
        else:
            writer.mode("error").save(path)
        stored = self._session.read.format("delta").load(path).where(F.col("batch") == batch)
        return stored.select(*(F.col(f"`{names[name]}`").alias(name) for name in raw.columns))

    def _names(self, path: str, raw: DataFrame) -> dict[str, str]:
        """The name under which each column is kept."""
        known: dict[str, str] = {}
        if self._exists(path):
            known = dict(self._session.read.format("delta").load(path).dtypes)
        taken = {}
        for name, type_ in raw.dtypes:
            stored = "string" if type_ == "void" else type_
            is_free = name not in OURS and known.get(name, stored) == stored
            taken[name] = name if is_free else f"{name} ({stored})"
        return taken

    def _exists(self, path: str) -> bool:
        try:
            _ = self._session.read.format("delta").load(path).schema
        except Exception as error:
            if says_missing(error):
                return False
            raise
        return True


def _storable(raw: DataFrame, name: str) -> Column:
    column = F.col(f"`{name}`")
    return column.cast("string") if dict(raw.dtypes)[name] == "void" else column
