"""Published tables read without Spark: the Delta log and Parquet files by deltalake and Arrow, column by column.

Tables that Lifetide publishes use neither deletion vectors nor column mapping, so their files are their rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from lifetide.errors import NotFound


@dataclass(frozen=True)
class Snapshot:
    """One as_of of one version of a table; each read gives the rows in the same order."""

    table: str
    version: int
    as_of: date
    rows: ds.Dataset
    count: int

    @property
    def schema(self) -> pa.Schema:
        """Names and Arrow types of the columns."""
        return self.rows.schema

    def read(self, columns: list[str]) -> pa.Table:
        """Columns of the slice."""
        return self.rows.to_table(columns=columns, filter=ds.field("as_of") == self.as_of)

    def empty_columns(self) -> frozenset[str]:
        """Columns that hold nothing but nulls, as the footers of the files tell."""
        nulls: dict[str, int] = {}
        total = 0
        for fragment in self.rows.get_fragments(filter=ds.field("as_of") == self.as_of):
            total += fragment.metadata.num_rows
            for group in range(fragment.metadata.num_row_groups):
                for place in range(fragment.metadata.num_columns):
                    chunk = fragment.metadata.row_group(group).column(place)
                    told = chunk.statistics
                    count = told.null_count if told is not None and told.has_null_count else 0
                    nulls[chunk.path_in_schema] = nulls.get(chunk.path_in_schema, 0) + count
        return frozenset(name for name, count in nulls.items() if total and count == total)


def published_versions(root: Path) -> dict[str, int]:
    """Version by table name that the newest finished runs named; empty before the first run."""
    from deltalake import DeltaTable

    if not (root / "runs" / "_delta_log").is_dir():
        return {}
    named = DeltaTable(str(root / "runs")).to_pyarrow_dataset().to_table(columns=["output_versions"])
    found: dict[str, int] = {}
    for versions in named.column("output_versions").to_pylist():
        for table, version in versions or []:
            found[table] = max(version, found.get(table, version))
    return found


def snapshot(root: Path, table: str, as_of: date | None = None) -> Snapshot:
    """The published rows of an as_of, the newest where none is named. Raises NotFound with what to do."""
    from deltalake import DeltaTable

    version = published_versions(root).get(table)
    if version is None:
        raise NotFound(f"Nothing is published in {root}: run `lifetide ingest` and `lifetide build` first.")
    rows = DeltaTable(str(root / table), version=version).to_pyarrow_dataset()
    days = pc.value_counts(rows.to_table(columns=["as_of"]).column("as_of"))
    counts: dict[Any, int] = {one["values"].as_py(): one["counts"].as_py() for one in days}
    if not counts:
        raise NotFound(f"{table} in {root} has no rows: run `lifetide build` first.")
    day = as_of or max(counts)
    if day not in counts:
        raise NotFound(f"{table} has no snapshot of {day}; the newest is of {max(counts)}.")
    return Snapshot(table, version, day, rows, counts[day])


def read_table(root: Path, table: str, columns: list[str]) -> pa.Table:
    """Columns of a whole published table, for what is small or asked once."""
    from deltalake import DeltaTable

    version = published_versions(root).get(table)
    if version is None:
        raise NotFound(f"Nothing is published in {root}: run `lifetide ingest` and `lifetide build` first.")
    return DeltaTable(str(root / table), version=version).to_pyarrow_dataset().to_table(columns=columns)
