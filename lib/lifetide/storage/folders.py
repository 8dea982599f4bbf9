"""Delta tables in folders of this machine: what `deltalake` does with their logs at once, without a Spark job.

Staged Parquet files become a table's own by moving into its folder and being named in its log: nothing is written a
second time. Everywhere else (object stores, catalogs, Spark Connect) Spark does the same work.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession
from pyspark.sql.types import StructField, StructType
from pyspark.sql.utils import is_remote

from lifetide.settings import is_address
from lifetide.storage.conforming import struct_type
from lifetide.storage.footers import statistics
from lifetide.tables import Table

NOTED = "_staging/_noted"
NEWEST_PROTOCOL = 2
"""The Delta writer protocol that `deltalake` can write; clustered tables have a newer one."""
FEW = 32
"""Files; more are left to Spark, which then skips some by their statistics, and lists them in a job of its own."""
SLICE = re.compile(r"(\w+) = DATE'(\d{4}-\d\d-\d\d)'")
NULLS = re.compile(r"(\w+) IS (NOT )?NULL")


@dataclass(frozen=True)
class Folders:
    """Tables at `<root>/<table>`."""

    root: Path

    def version(self, table: Table) -> int | None:
        """Version of the newest commit; None where there is no table."""
        return int(self._known(table).version()) if (self.root / table.name / "_delta_log").is_dir() else None

    def create(self, table: Table, comments: dict[str, str], properties: dict[str, str]) -> bool:
        """Creates the table where there is none; False where only Spark can, since it is clustered."""
        from deltalake import DeltaTable, Schema

        if table.cluster_by or properties.get("delta.enableChangeDataFeed") == "true":
            return False
        types = StructType(
            [
                StructField(one.name, one.dataType, metadata={"comment": comments[one.name]})
                for one in struct_type(table)
            ]
        )
        DeltaTable.create(
            str(self.root / table.name),
            Schema.from_json(types.json()),
            mode="ignore",
            description=f"One row per {table.grain}",
            configuration=properties,
        )
        return True

    def replace(self, table: Table, staged: Path, *, where: str | None, transaction: str) -> int | None:
        """Puts the staged files in the place of the slice, or of everything; None where only Spark can."""
        known = self._ours(table)
        if known is None:
            return None
        if where is None:
            return self._commit(table, known, staged, transaction, gone=None)
        gone = slice_files(pa.table(known.get_add_actions(flatten=True)), where)
        return None if gone is None else self._commit(table, known, staged, transaction, gone=gone)

    def append(self, table: Table, staged: Path, *, transaction: str) -> int | None:
        """Adds the staged files; None where only Spark can."""
        known = self._ours(table)
        return None if known is None else self._commit(table, known, staged, transaction, gone=())

    def few_files(self, table: Table, version: int | None) -> list[str] | None:
        """The files of a version, which are its rows; None where only Spark can tell, or there are many of them."""
        known = self._known(table, version)
        if known.protocol().min_reader_version > 1 or not _fits(known, table):
            return None
        paths = pa.table(known.get_add_actions())["path"].to_pylist()
        is_plain = all(re.fullmatch(r"[\w.-]+", path) for path in paths)
        return [str(self.root / table.name / path) for path in paths] if is_plain and len(paths) <= FEW else None

    def columns(self, table: Table) -> list[str]:
        """The columns that the table has now."""
        return [field.name for field in self._known(table).schema().fields]

    def files(self, table: Table) -> dict[str, int]:
        """Size in bytes by path of each file of the newest version; paths are within the table's folder."""
        files = pa.table(self._known(table).get_add_actions(flatten=True))
        return dict(zip(files["path"].to_pylist(), files["size_bytes"].to_pylist(), strict=True))

    def exchange(self, table: Table, staged: Path, gone: dict[str, int], *, transaction: str) -> int:
        """Puts the staged files in the place of others (size by path)."""
        return self._commit(table, self._known(table), staged, transaction, gone=list(gone.items()))

    def note(self, table: Table, given: pa.Table, *, transaction: str) -> int | None:
        """Adds rows that the driver knows; None where only Spark can."""
        place = self.root / NOTED / transaction / table.name
        place.mkdir(parents=True, exist_ok=True)
        pq.write_table(given, place / f"part-{transaction}.parquet", compression="snappy")
        return self.append(table, place, transaction=transaction)

    def is_ours(self, table: Table) -> bool:
        """False where only Spark can write the table, or its columns are those of another release."""
        return self._ours(table) is not None

    def _ours(self, table: Table) -> Any | None:
        """The table as it stands; None where it is not ours."""
        known = self._known(table)
        is_ours = known.protocol().min_writer_version <= NEWEST_PROTOCOL and _fits(known, table)
        return known if is_ours else None

    def _known(self, table: Table, version: int | None = None) -> Any:
        from deltalake import DeltaTable

        return DeltaTable(str(self.root / table.name), version=version)

    def _commit(
        self, table: Table, known: Any, staged: Path, transaction: str, *, gone: Sequence[tuple[str, int]] | None
    ) -> int:
        """One transaction that names the moved files and no longer `gone` (path and size); None = all others."""
        from deltalake import CommitProperties, Transaction
        from deltalake.transaction import AddAction, RemoveAction

        version = int(known.version())
        if known.transaction_version(transaction) is not None:
            return version
        added, now = [], 0
        for file in sorted(staged.glob("part-*.parquet")):
            footer, told = pq.read_metadata(file), file.stat()
            now = max(now, int(told.st_mtime * 1000))
            if footer.num_rows:
                file.rename(self.root / table.name / file.name)
                added.append(AddAction(file.name, told.st_size, {}, now, True, statistics(footer)))
        removed = [RemoveAction(path, True, now, size, {}) for path, size in gone or ()]
        known.create_write_transaction(
            [*added, *removed],
            "overwrite" if gone is None else "append",
            known.schema(),
            commit_properties=CommitProperties(app_transactions=[Transaction(transaction, 1)]),
        )
        return version + 1


def _fits(known: Any, table: Table) -> bool:
    """True where the table has the catalogue's columns and types, in whatever order."""

    def told(fields: list[dict[str, Any]]) -> dict[str, Any]:
        return {field["name"]: field["type"] for field in fields}

    return told(json.loads(known.schema().to_json())["fields"]) == told(
        json.loads(struct_type(table).json())["fields"]
    )


def folders_of(session: SparkSession, root: str, schema: str | None) -> Folders | None:
    """The tables' folders; None where they are not on this machine, or `deltalake` is not."""
    if schema is not None or is_address(root) or is_remote() or find_spec("deltalake") is None:
        return None
    home: str = session._jsc.hadoopConfiguration().get("fs.defaultFS")
    return Folders(Path(root)) if home.startswith("file:") else None


def slice_files(files: pa.Table, where: str) -> list[tuple[str, int]] | None:
    """Path and size of the files that hold the slice and nothing else; None where another may hold a part of it."""
    if not files.num_rows:
        return []
    of_day, of_null = SLICE.fullmatch(where), NULLS.fullmatch(where)
    if of_day is not None:
        column, day = of_day.group(1), date.fromisoformat(of_day.group(2))
        told = [_is_of_day(low, high, day) for low, high in _told(files, f"min.{column}", f"max.{column}")]
    elif of_null is not None:
        column, wants_null = of_null.group(1), of_null.group(2) is None
        told = [
            _is_null(nulls, count, wants_null=wants_null)
            for nulls, count in _told(files, f"null_count.{column}", "num_records")
        ]
    else:
        return None
    if None in told:
        return None
    sizes = _told(files, "path", "size_bytes")
    return [(path, size) for (path, size), is_in in zip(sizes, told, strict=True) if is_in]


def _told(files: pa.Table, *names: str) -> list[tuple[Any, ...]]:
    """The columns' values by file; nulls where no file tells them."""
    unknown = [None] * files.num_rows
    return list(
        zip(*(files[name].to_pylist() if name in files.column_names else unknown for name in names), strict=True)
    )


def _is_of_day(low: date | None, high: date | None, day: date) -> bool | None:
    """Whether a file holds that day alone (True) or nothing of it (False); None = neither, or nobody knows."""
    if low is None or high is None or (low <= day <= high and low != high):
        return None
    return low == day


def _is_null(nulls: int | None, count: int | None, *, wants_null: bool) -> bool | None:
    """Whether a file holds only nulls, or none of them; None = both, or nobody knows."""
    if nulls is None or count is None or 0 < nulls < count:
        return None
    return (nulls > 0) == wants_null
