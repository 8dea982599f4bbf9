"""Published tables read without Spark: the Delta log and Parquet files by deltalake and Arrow, column by column.

Tables that Lifetide publishes use neither deletion vectors nor column mapping, so their files are their rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

from lifetide.errors import NotFound
from lifetide.storage.days import Footers

if TYPE_CHECKING:
    import pyarrow.compute as pc  # its functions are made when it is loaded: not where no row is read
    import pyarrow.dataset as ds  # it brings pandas along: half a second, not spent before rows are read
    from deltalake import DeltaTable

TOLD = ("runs", "check_results")  # what runs tell of themselves; no run names a version of it


@dataclass(frozen=True)
class Snapshot:
    """One as_of of one version of a table; each read gives the rows in the same order."""

    table: str
    version: int
    as_of: date
    schema: pa.Schema
    count: int
    empty_columns: frozenset[str]
    """Columns that hold nothing but nulls."""
    opened: Callable[[], ds.Dataset]
    where: pc.Expression | None
    """What the rows of the slice meet and others in their files do not; None where there are no others."""

    @cached_property
    def rows(self) -> ds.Dataset:
        """The rows of the files; only those that meet `where` are of the slice."""
        return self.opened()

    def read(self, columns: list[str]) -> pa.Table:
        """Columns of the slice."""
        return self.rows.to_table(columns=columns, filter=self.where)

    def blocks(self, columns: list[str], rows: int) -> Iterator[pa.Table]:
        """The same rows in the same order, so many at a time (the last block what is left), few of them in memory."""
        scan = self.rows.scanner(
            columns=columns, filter=self.where, batch_size=rows, batch_readahead=2, fragment_readahead=1
        )
        held: list[pa.RecordBatch] = []
        count = 0
        for batch in scan.to_batches():
            held.append(batch)
            count += batch.num_rows
            while count >= rows:
                some = pa.Table.from_batches(held)
                yield some.slice(0, rows)
                count -= rows
                held = some.slice(rows).to_batches()
        if count or not self.count:
            yield pa.Table.from_batches(held, schema=None if held else scan.projected_schema)


@dataclass(frozen=True)
class Published:
    """The published tables of a folder as they stood at one moment: what is read later is of the same versions."""

    root: Path
    versions: Mapping[str, int]
    _logs: dict[str, DeltaTable] = field(default_factory=dict, repr=False, compare=False)
    _opened: dict[str, ds.Dataset] = field(default_factory=dict, repr=False, compare=False)

    def has(self, table: str) -> bool:
        """False for a table that no finished run has named."""
        return table in self.versions

    def log(self, table: str) -> DeltaTable:
        """The log of a table at its version. Raises NotFound with what to do."""
        from deltalake import DeltaTable

        if table not in self.versions:
            raise NotFound(
                f"Nothing is published as {table} in {self.root}: run `lifetide ingest` and `lifetide build` first."
            )
        if table not in self._logs:
            self._logs[table] = DeltaTable(str(self.root / table), version=self.versions[table])
        return self._logs[table]

    def rows(self, table: str) -> ds.Dataset:
        """The rows of a table. Raises NotFound with what to do."""
        if table not in self._opened:
            self._opened[table] = self.log(table).to_pyarrow_dataset()
        return self._opened[table]

    def read(self, table: str, columns: list[str], where: ds.Expression | None = None) -> pa.Table:
        """Columns of a table, all its rows or those that meet `where`; no rows of a table that is not published.

        A column that a table of an older release lacks is null.
        """
        if not self.has(table):
            return pa.table({name: pa.array([], pa.null()) for name in columns})
        rows = self.rows(table)
        found = rows.to_table(columns=[name for name in columns if name in rows.schema.names], filter=where)
        for name in set(columns) - set(found.column_names):
            found = found.append_column(name, pa.nulls(found.num_rows))
        return found.select(columns)

    def of_customer(self, table: str, column: str, ids: Sequence[str], *, most: int) -> list[dict[str, Any]]:
        """Rows of one customer, at most `most`; [] of a table that is not published."""
        if not self.has(table):
            return []
        import pyarrow.compute as pc

        found: list[dict[str, Any]] = self.rows(table).filter(pc.field(column).isin(list(ids))).head(most).to_pylist()
        return found

    def snapshot(self, table: str, as_of: date | None = None) -> Snapshot:
        """The rows of an as_of, the newest where none is named. Raises NotFound with what to do."""
        footers = self._footers(table)
        counts = footers.rows_by_day("as_of")
        if not counts:
            raise NotFound(f"{table} in {self.root} has no rows: run `lifetide build` first.")
        day = as_of or max(counts)
        if day not in counts:
            raise NotFound(f"{table} has no snapshot of {day}; the newest is of {max(counts)}.")
        schema, empty = pa.schema(self.log(table).schema()), footers.empty_columns("as_of", day)
        files, version = footers.files_of("as_of", day), self.versions[table]
        if files is None:
            import pyarrow.compute as pc

            is_of_day = pc.field("as_of") == day
            return Snapshot(table, version, day, schema, counts[day], empty, lambda: self.rows(table), is_of_day)
        return Snapshot(table, version, day, schema, counts[day], empty, lambda: _dataset(files, schema), None)

    def days(self, table: str) -> dict[date, int]:
        """Rows by as_of."""
        return self._footers(table).rows_by_day("as_of")

    def _footers(self, table: str) -> Footers:
        return Footers(_files(self.log(table)))


def published_versions(root: Path) -> dict[str, int]:
    """Version by table name that the newest finished runs named; empty before the first run."""
    from deltalake import DeltaTable

    if not (root / "runs" / "_delta_log").is_dir():
        return {}
    found: dict[str, int] = {}
    for path in _files(DeltaTable(str(root / "runs"))):
        for versions in pq.ParquetFile(path).read(["output_versions"]).column(0).to_pylist():
            for table, version in versions or []:
                found[table] = max(version, found.get(table, version))
    return found


def published_tables(root: Path) -> Published:
    """The tables under a folder, as the newest finished runs named them; none before the first run."""
    from deltalake import DeltaTable

    told = [name for name in TOLD if (root / name / "_delta_log").is_dir()]
    newest = {name: DeltaTable(str(root / name)).version() for name in told}
    return Published(root, {**newest, **published_versions(root)})


def _dataset(files: list[str], schema: pa.Schema) -> ds.Dataset:
    import pyarrow.dataset as ds

    return ds.dataset(files, schema, format="parquet")


def _files(log: DeltaTable) -> list[str]:
    """Paths of the files of a version."""
    return [unquote(uri) for uri in log.file_uris()]
