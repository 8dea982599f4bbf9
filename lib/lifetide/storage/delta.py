"""Delta tables by path or by name: versions, creation, and the writes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from pyspark.sql import DataFrame, Observation, SparkSession
from pyspark.sql import functions as F

from lifetide.errors import NotFound
from lifetide.settings import is_address
from lifetide.storage.bounded import rows as bounded_rows
from lifetide.storage.conform import conform
from lifetide.storage.given import given_rows
from lifetide.storage.homes import Home
from lifetide.storage.lock import FolderLock
from lifetide.storage.sql import quoted, says_missing, says_no_feed
from lifetide.storage.store import Staged
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
        self._staged: set[str] = set()
        self._pins: dict[str, int] | None = None
        self._known: set[str] = set()
        self._naming = Lock()
        self._merges = 0
        self._lock = FolderLock(Path(self._root))

    def exists(self, table: Table) -> bool:
        """True where there is such a Delta table."""
        if table.name not in self._known and self._latest(table) is not None:
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
        return conform(self._home.load(self._session, table, version), table)

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
            told = conform(feed.select(*table.column_names), table)
            bounded_rows(told.select(table.key[0]).limit(1), at_most=1)  # what is missing is said only by reading
        except Exception as error:
            if says_no_feed(error):
                return None
            raise
        return told

    def _read_pins(self) -> dict[str, int]:
        if not self.exists(RUNS):
            return {}
        named = self._home.load(self._session, RUNS, None).select(
            F.explode("output_versions").alias("table_name", "version")
        )
        newest = named.groupBy("table_name").agg(F.max("version").alias("version"))
        return {row["table_name"]: row["version"] for row in bounded_rows(newest, at_most=MOST_TABLES)}

    def stage(self, name: str, rows: DataFrame) -> Staged:
        """Stores rows as Parquet under `_staging`, counted by the write itself."""
        where = f"{self._root}/{STAGING}/{name}"
        seen = Observation(f"stage_{name}")
        rows.observe(seen, F.count(F.lit(1)).alias("rows")).write.mode("overwrite").parquet(where)
        self._staged.add(name)
        return Staged(self._session.read.schema(rows.schema).parquet(where), int(seen.get["rows"]))

    def replace(self, table: Table, rows: DataFrame, *, where: str | None, run_id: str) -> int:
        """Overwrites the slice that `where` selects, or everything."""
        self._create(table)
        writer = conform(rows, table).write.format("delta").mode("overwrite").options(**_once(run_id))
        self._home.save(writer if where is None else writer.option("replaceWhere", where), table)
        return self._version(table)

    def append(self, table: Table, rows: DataFrame, *, run_id: str) -> int:
        """Adds rows."""
        self._create(table)
        writer = conform(rows, table).write.format("delta").mode("append").options(**_once(run_id))
        self._home.save(writer, table)
        if table is RUNS:
            self._pins = None
        return self._version(table)

    def merge(self, table: Table, rows: DataFrame, *, run_id: str, delete_when: str | None = None) -> int:
        """SQL MERGE on the table's key, nulls equal; `delete_when` reads the row's own columns through `s`."""
        self._create(table)
        view = f"lifetide_merge_{table.name}"
        rows.createOrReplaceTempView(view)
        on = " AND ".join(f"t.`{name}` <=> s.`{name}`" for name in table.key)
        columns = [f"`{name}`" for name in table.column_names]
        deletes = f"WHEN MATCHED AND {delete_when} THEN DELETE" if delete_when else ""
        guard = f"AND NOT ({delete_when})" if delete_when else ""
        updates = ", ".join(f"t.{name} = s.{name}" for name in columns)
        with self._named(run_id):
            self._session.sql(
                f"MERGE INTO {self._home.sql_name(table)} t USING {view} s ON {on} {deletes} "
                f"WHEN MATCHED THEN UPDATE SET {updates} "
                f"WHEN NOT MATCHED {guard} THEN INSERT ({', '.join(columns)}) "
                f"VALUES ({', '.join(f's.{name}' for name in columns)})"
            )
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
            latest = self._latest(table) if is_written else None
            if latest is None:
                continue
            self._known.add(table.name)
            version, operation, details = latest
            wanted = published.get(table.name)
            if wanted == version or (operation == "RESTORE" and details.get("version") == str(wanted)):
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
        if self.exists(table):
            return
        columns = ", ".join(
            f"`{column.name}` {column.type} COMMENT '{_comment(column.meaning, column.null)}'"
            for column in table.columns
        )
        clustering = f"CLUSTER BY ({', '.join(table.cluster_by)})" if table.cluster_by else ""
        feed = str(table is EVENTS).lower()
        self._session.sql(
            f"CREATE TABLE IF NOT EXISTS {self._home.sql_name(table)} ({columns}) USING delta {clustering} "
            f"COMMENT 'One row per {quoted(table.grain)}' "
            f"TBLPROPERTIES ('delta.enableDeletionVectors' = 'false', 'delta.enableChangeDataFeed' = '{feed}')"
        )
        self._known.add(table.name)

    def _latest(self, table: Table) -> tuple[int, str, dict[str, str]] | None:
        """Version, operation and details of the newest commit; None where there is no table."""
        try:
            history = self._session.sql(f"DESCRIBE HISTORY {self._home.sql_name(table)} LIMIT 1")
            newest = bounded_rows(history.select("version", "operation", "operationParameters"), at_most=1)
        except Exception as error:
            if says_missing(error):
                return None
            raise
        return (newest[0][0], newest[0][1], newest[0][2] or {}) if newest else None

    def _version(self, table: Table) -> int:
        latest = self._latest(table)
        if latest is None:
            raise NotFound(f"{table.name} vanished ({self._home.sql_name(table)}) while it was written")
        return latest[0]

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
    return {"txnAppId": f"lifetide-{run_id}", "txnVersion": "1"}


def _comment(meaning: str, null: str) -> str:
    return quoted(meaning if null == NEVER else f"{meaning} (null: {null})")
