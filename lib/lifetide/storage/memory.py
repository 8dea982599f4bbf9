"""A store in memory: for tests, tutorials and dry runs. Nothing is written anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lifetide.storage.conforming import conform
from lifetide.storage.given import given_rows
from lifetide.storage.store import Staged
from lifetide.tables import Table


class MemoryStore:
    """A `Store` that keeps DataFrames; every version of every table stays readable."""

    def __init__(self, session: SparkSession) -> None:
        self._session = session
        self._history: dict[str, list[DataFrame]] = {}

    def read(self, table: Table, *, version: int | None = None) -> DataFrame:
        """The newest rows, or those of a given version; empty where nothing was written."""
        kept = self._history.get(table.name)
        if not kept:
            return given_rows(self._session, table, [])
        return kept[-1 if version is None else version]

    def versions(self) -> dict[str, int]:
        """Newest version by table name."""
        return {name: len(kept) - 1 for name, kept in self._history.items()}

    def changes(self, table: Table, *, since: int) -> DataFrame | None:
        """The rows by which the two versions differ."""
        before, after = self.read(table, version=since), self.read(table)
        return before.exceptAll(after).unionByName(after.exceptAll(before))

    def stage(self, name: str, rows: DataFrame) -> Staged:
        """Computes the rows once."""
        del name
        held = rows.localCheckpoint()
        return Staged(held, held.count())

    def replace(self, table: Table, rows: DataFrame, *, where: str | None, run_id: str) -> int:
        """Replaces the slice that `where` selects, or everything."""
        del run_id
        kept = rows if where is None else self.read(table).where(f"NOT ({where})").unionByName(conform(rows, table))
        return self._keep(table, kept)

    def merge(self, table: Table, rows: DataFrame, *, run_id: str, delete_when: str | None = None) -> int:
        """Inserts or updates by key; deletes matches for which `delete_when` is true."""
        del run_id
        old, new = self.read(table).alias("t"), rows.alias("s")
        same = F.lit(True)
        for name in table.key:
            same = same & F.col(f"t.{name}").eqNullSafe(F.col(f"s.{name}"))
        untouched = old.join(new, same, "left_anti")
        wanted = new if delete_when is None else new.where(f"NOT ({delete_when})")
        return self._keep(table, untouched.unionByName(wanted.select(*table.column_names)))

    def append(self, table: Table, rows: DataFrame, *, run_id: str) -> int:
        """Adds rows."""
        del run_id
        return self._keep(table, self.read(table).unionByName(conform(rows, table)))

    def note(self, table: Table, rows: Sequence[Sequence[Any]], *, run_id: str) -> int:
        """Adds a few rows that the driver knows."""
        return self.append(table, given_rows(self._session, table, rows), run_id=run_id)

    def tidy(self, table: Table, *, where: str | None) -> int:
        """Deletes what `where` selects."""
        return self._keep(table, self.read(table).where(f"NOT ({where or 'false'})"))

    def vacuum(self, table: Table, *, days: int) -> None:
        """There are no files."""

    def lock(self, run_id: str, job: str, since: str) -> bool:
        """Nobody else can write to this memory."""
        return False

    def unlock(self, *, in_order: bool) -> None:
        """Nothing was locked."""

    def recover(self) -> list[str]:
        """Nothing outlives a run here."""
        return []

    def clear_stage(self) -> None:
        """Nothing is staged outside memory."""

    def _keep(self, table: Table, rows: DataFrame) -> int:
        kept = self._history.setdefault(table.name, [])
        kept.append(conform(rows, table).localCheckpoint())
        return len(kept) - 1
