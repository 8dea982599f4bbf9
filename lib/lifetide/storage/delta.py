"""Delta tables by path or by name: versions, creation, and the writes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lifetide.errors import NotFound
from lifetide.settings import is_address
from lifetide.storage.bounded import rows as bounded_rows
from lifetide.storage.conforming import conform, ddl
from lifetide.storage.folders import folders_of
from lifetide.storage.given import given_rows, given_table
from lifetide.storage.homes import Home
from lifetide.storage.lock import FolderLock
from lifetide.storage.merging import Merge, merge_sql
from lifetide.storage.passing import Counted
from lifetide.storage.snapshots import published_versions
from lifetide.storage.sql import says_no_feed
from lifetide.storage.store import Staged
from lifetide.storage.upgrading import filled, widening_sql
from lifetide.tables import CATALOGUE, EVENTS, RUNS, Table
from lifetide.tables.model import NEVER

UNPINNED = ("runs", "check_results")
"""Tables that tell what happened; they are read at their newest version."""
MOST_TABLES = 1_000
STAGING = "_staging"
TRANSACTION = "spark.databricks.delta.write."


class DeltaStore:
    """A `Store` over path-based Delta tables; see the protocol for the verbs."""

    def __init__(self, session: SparkSession, root: str, schema: str | None = None) -> None:
        self._session = session
        self._root = root.rstrip("/")
        self._home = Home(self._root, schema)
        self._staged: dict[str, DataFrame] = {}
        self._pins: dict[str, int] | None = None
        self._known: set[str] = set()
        self._whole: set[str] = set()
        self._naming = Lock()
        self._merges = 0
        self._lock = FolderLock(Path(self._root))
        self._folders = folders_of(session, self._root, schema)

    def exists(self, table: Table) -> bool:
        """True where there is such a Delta table."""
        if table.name not in self._known and self._newest(table) is not None:
            self._known.add(table.name)
        return table.name in self._known

    def read(self, table: Table, *, version: int | None = None) -> DataFrame:
        """The published rows, or those of a given version; empty where nothing was published."""
        if version is None and table.name not in UNPINNED:
            version = self.versions().get(table.name)
            if version is None:
                return self._empty(table)
        if version is None and not self.exists(table):
            return self._empty(table)
        if self._folders is not None and not table.cluster_by:
            files = self._folders.few_files(table, version)
            if files is not None:
                return self._session.read.schema(ddl(table)).parquet(*files) if files else self._empty(table)
        return conform(filled(self._home.load(self._session, table, version), table), table)

    def versions(self) -> dict[str, int]:
        """Published version by table name: the newest that a finished run named."""
        if self._pins is None:
            self._pins = self._read_pins()
        return dict(self._pins)

    def changes(self, table: Table, *, since: int) -> DataFrame | None:
        """The change feed after `since`; None where the table keeps none, or no longer that far back."""
        published = self.versions().get(table.name)
        if published is None or published <= since:
            return self._empty(table)
        try:
            feed = self._home.load_changes(self._session, table, since + 1, published)
            told = conform(filled(feed, table).select(*table.column_names), table)
            bounded_rows(told.select(table.key[0]).limit(1), at_most=1)  # what is missing is said only by reading
        except Exception as error:
            if says_no_feed(error):
                return None
            raise
        return told

    def _read_pins(self) -> dict[str, int]:
        if self._folders is not None:
            return published_versions(self._folders.root)
        if not self.exists(RUNS):
            return {}
        named = self._home.load(self._session, RUNS, None).select(
            F.explode("output_versions").alias("table_name", "version")
        )
        newest = named.groupBy("table_name").agg(F.max("version").alias("version"))
        return {row["table_name"]: row["version"] for row in bounded_rows(newest, at_most=MOST_TABLES)}

    def stage(self, name: str, rows: DataFrame) -> Staged:
        """Stores rows as Parquet under `_staging`, counted by the write itself."""
        where, counted = f"{self._root}/{STAGING}/{name}", Counted(rows, rows=F.count(F.lit(1)))
        counted.passing.write.mode("overwrite").parquet(where)
        self._staged[name] = self._session.read.schema(rows.schema).parquet(where)
        return Staged(self._staged[name], counted.told(self._staged[name])["rows"])

    def replace(self, table: Table, rows: DataFrame, *, where: str | None, run_id: str) -> int:
        """Overwrites the slice that `where` selects, or everything."""
        self._create(table)
        staged, fitting = self._staged_at(rows), conform(rows, table)
        if self._folders is not None and staged is not None:
            version = self._folders.replace(table, staged, where=where, transaction=_transaction(run_id))
            if version is not None:
                return version
        writer = fitting.write.format("delta").mode("overwrite").options(**_once(run_id))
        self._home.save(writer if where is None else writer.option("replaceWhere", where), table)
        return self._version(table)

    def append(self, table: Table, rows: DataFrame, *, run_id: str) -> int:
        """Adds rows."""
        self._create(table)
        staged, fitting = self._staged_at(rows), conform(rows, table)
        if self._folders is not None and staged is not None:
            version = self._folders.append(table, staged, transaction=_transaction(run_id))
            if version is not None:
                return version
        writer = fitting.write.format("delta").mode("append").options(**_once(run_id))
        self._home.save(writer, table)
        self._forget_pins(table)
        return self._version(table)

    def note(self, table: Table, rows: Sequence[Sequence[Any]], *, run_id: str) -> int:
        """Adds a few rows that the driver knows, in a folder of this machine without a Spark job."""
        self._create(table)
        version = None
        if self._folders is not None:
            version = self._folders.note(table, given_table(table, rows), transaction=_transaction(run_id))
        if version is None:
            return self.append(table, given_rows(self._session, table, rows), run_id=run_id)
        self._forget_pins(table)
        return version

    def _forget_pins(self, table: Table) -> None:
        if table is RUNS:
            self._pins = None

    def merge(self, table: Table, rows: DataFrame, *, run_id: str, delete_when: str | None = None) -> int:
        """Exchanges the files that hold a row's key; a SQL MERGE where only Spark can write. Nulls are equal."""
        self._create(table)
        if self._folders is not None and self._folders.is_ours(table):
            merged = Merge(self._session, self._folders, table, rows, delete_when)
            return merged.written(Path(self._root) / STAGING / f"{table.name}_merged", _transaction(run_id))
        view = f"lifetide_merge_{table.name}"
        rows.createOrReplaceTempView(view)
        with self._named(run_id):
            self._session.sql(merge_sql(self._home.sql_name(table), view, table, delete_when))
        self._session.catalog.dropTempView(view)
        return self._version(table)

    def tidy(self, table: Table, *, where: str | None) -> int:
        """DELETE and OPTIMIZE; a table that needs neither keeps its version."""
        self._create(table)
        name = self._home.sql_name(table)
        if where is not None:
            self._session.sql(f"DELETE FROM {name} WHERE {where}")
        self._session.sql(f"OPTIMIZE {name}")
        return self._version(table)

    def vacuum(self, table: Table, *, days: int) -> None:
        """Removes files that no version of the last `days` names."""
        self._session.sql(f"VACUUM {self._home.sql_name(table)} RETAIN {24 * days} HOURS")

    def lock(self, run_id: str, job: str, since: str) -> bool:
        """A lock on the folder; on a store that is no folder of this machine each run cleans up first."""
        self._pins = None
        if is_address(self._root):
            return True
        return self._lock.take(run_id, job, since) is not None

    def unlock(self, *, in_order: bool) -> None:
        """See the protocol."""
        self._lock.free(in_order=in_order)

    def recover(self) -> list[str]:
        """Takes each table back to its published version where an unfinished run moved it on."""
        self._pins = None
        published = self.versions()
        undone = []
        for table in CATALOGUE:
            is_written = table.name not in UNPINNED and not table.is_later
            wanted = published.get(table.name)
            newest = self._newest(table) if is_written else None
            latest = None if newest is None or newest == wanted else self._home.latest(self._session, table)
            if latest is None:
                continue
            version, operation, details = latest
            if operation == "RESTORE" and details.get("version") == str(wanted):
                continue
            if wanted is None and operation not in ("CREATE TABLE", "DELETE"):
                self._session.sql(f"DELETE FROM {self._home.sql_name(table)}")
                undone.append(f"{table.name}: emptied, no run had published it")
            elif wanted is not None:
                self._session.sql(f"RESTORE TABLE {self._home.sql_name(table)} TO VERSION AS OF {wanted}")
                undone.append(f"{table.name}: version {version} of an unfinished run taken back to {wanted}")
        return undone

    def clear_stage(self) -> None:
        """Removes the staged rows; on a store that is no folder of this machine they are overwritten with nothing."""
        folder = Path(self._root) / STAGING
        if folder.is_dir():
            shutil.rmtree(folder, ignore_errors=True)
        else:
            nothing = self._session.sql("SELECT 1 AS nothing WHERE false")
            for name in sorted(self._staged):
                nothing.write.mode("overwrite").parquet(f"{self._root}/{STAGING}/{name}")
        self._staged.clear()

    def _empty(self, table: Table) -> DataFrame:
        return given_rows(self._session, table, [])

    def _create(self, table: Table) -> None:
        """Creates the table where there is none, and adds the columns that one of an older release lacks."""
        if table.name in self._whole:
            return
        comments = {column.name: _comment(column.meaning, column.null) for column in table.columns}
        if self.exists(table):
            widening = widening_sql(self._home.sql_name(table), self._columns(table), table, comments)
            if widening is not None:
                self._session.sql(widening)
            self._whole.add(table.name)
            return
        properties = {
            "delta.enableDeletionVectors": "false",
            "delta.enableChangeDataFeed": str(table is EVENTS).lower(),
        }
        if self._folders is None or not self._folders.create(table, comments, properties):
            self._session.sql(self._home.create_sql(table, comments, properties))
        self._known.add(table.name)
        self._whole.add(table.name)

    def _columns(self, table: Table) -> list[str]:
        """Those that the table has now."""
        if self._folders is not None:
            return self._folders.columns(table)
        return self._home.load(self._session, table, None).columns

    def _staged_at(self, rows: DataFrame) -> Path | None:
        """Where the rows were staged; None where they are not just as they were staged."""
        name = next((name for name, staged in self._staged.items() if staged is rows), None)
        return None if name is None else Path(self._root) / STAGING / name

    def _newest(self, table: Table) -> int | None:
        """Version of the newest commit; None where there is no table."""
        if self._folders is not None:
            return self._folders.version(table)
        latest = self._home.latest(self._session, table)
        return None if latest is None else latest[0]

    def _version(self, table: Table) -> int:
        newest = self._newest(table)
        if newest is None:
            raise NotFound(f"{table.name} vanished ({self._home.sql_name(table)}) while it was written")
        return newest

    @contextmanager
    def _named(self, run_id: str) -> Iterator[None]:
        """Names the transactions of MERGEs that run at a time; left set, the name would silence every later write."""
        with self._naming:
            if not self._merges:
                for name, value in _once(run_id).items():
                    self._session.conf.set(TRANSACTION + name, value)
            self._merges += 1
        try:
            yield
        finally:
            with self._naming:
                self._merges -= 1
                if not self._merges:
                    for name in _once(run_id):
                        self._session.conf.unset(TRANSACTION + name)


def _once(run_id: str) -> dict[str, str]:
    """A run writes a table once: its name in the table's log makes a second try do nothing."""
    return {"txnAppId": _transaction(run_id), "txnVersion": "1"}


def _transaction(run_id: str) -> str:
    return f"lifetide-{run_id}"


def _comment(meaning: str, null: str) -> str:
    return meaning if null == NEVER else f"{meaning} (null: {null})"
