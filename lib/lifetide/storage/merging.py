"""Rows into a table by its key: the files that hold a touched key are written anew, all others stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from pathlib import Path

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lifetide.storage.bounded import rows as bounded_rows
from lifetide.storage.conforming import conform, ddl
from lifetide.storage.folders import Folders
from lifetide.tables import Table

SMALL = 32 * 1024 * 1024
"""Bytes; a table up to it is written anew as a whole, since looking for its touched files costs as much."""
MOST_FILES = 1_000_000
_FILE = "file_of_row"


@dataclass(frozen=True)
class Merge:
    """`rows` into `table`, in the place of those with their keys; where `delete_when` (SQL over s), just out."""

    session: SparkSession
    folders: Folders
    table: Table
    rows: DataFrame
    delete_when: str | None

    def written(self, place: Path, transaction: str) -> int:
        """Stages the new files at `place` and exchanges them for the touched ones; returns the table's version."""
        files = self.folders.files(self.table)
        touched = files if sum(files.values()) <= SMALL else self._touched(files)
        fresh = self.rows.alias("s")
        if self.delete_when is not None:
            fresh = fresh.where(f"NOT coalesce({self.delete_when}, false)")
        whole = conform(fresh.select(*self.table.column_names), self.table)
        if touched:
            whole = self._at(touched).join(self._keys(), self._same(), "left_anti").unionByName(whole)
        if touched and sum(touched.values()) <= SMALL:
            whole = whole.coalesce(1)
        whole.write.mode("overwrite").parquet(str(place))
        return self.folders.exchange(self.table, place, touched, transaction=transaction)

    def _touched(self, files: dict[str, int]) -> dict[str, int]:
        """The files with a row whose key is among the rows'."""
        known = self._at(files).select(*self.table.key, F.col("_metadata.file_name").alias(_FILE))
        met = known.join(self._keys(), self._same(), "left_semi").select(_FILE).distinct()
        names = {row[0] for row in bounded_rows(met, at_most=MOST_FILES)}
        return {path: size for path, size in files.items() if Path(path).name in names}

    def _at(self, files: dict[str, int]) -> DataFrame:
        folder = self.folders.root / self.table.name
        return self.session.read.schema(ddl(self.table)).parquet(*(str(folder / path) for path in files))

    def _keys(self) -> DataFrame:
        return self.rows.select(*(F.col(name).alias(f"touched_{name}") for name in self.table.key))

    def _same(self) -> Column:
        both = (F.col(name).eqNullSafe(F.col(f"touched_{name}")) for name in self.table.key)
        return reduce(Column.__and__, both)


def merge_sql(name: str, view: str, table: Table, delete_when: str | None) -> str:
    """The same as one SQL statement, for tables that Spark alone reaches."""
    on = " AND ".join(f"t.`{key}` <=> s.`{key}`" for key in table.key)
    columns = [f"`{column}`" for column in table.column_names]
    deletes = f"WHEN MATCHED AND {delete_when} THEN DELETE" if delete_when else ""
    guard = f"AND NOT ({delete_when})" if delete_when else ""
    updates = ", ".join(f"t.{column} = s.{column}" for column in columns)
    return (
        f"MERGE INTO {name} t USING {view} s ON {on} {deletes} WHEN MATCHED THEN UPDATE SET {updates} "
        f"WHEN NOT MATCHED {guard} THEN INSERT ({', '.join(columns)}) "
        f"VALUES ({', '.join(f's.{column}' for column in columns)})"
    )
