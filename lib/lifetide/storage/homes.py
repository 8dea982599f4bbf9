"""Where tables live: in folders under a root, or by name in a schema of a catalog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql import DataFrame, DataFrameWriter, SparkSession

from lifetide.errors import EnvironmentProblem
from lifetide.storage.bounded import rows as bounded_rows
from lifetide.storage.sql import quoted, says_denied, says_missing
from lifetide.tables import Table


@dataclass(frozen=True)
class Home:
    """Tables at `<root>/<table>`; with `schema` (catalog.schema) by name there: then root has passing files alone."""

    root: str
    schema: str | None = None

    def sql_name(self, table: Table) -> str:
        """How SQL names the table."""
        if self.schema is None:
            return f"delta.`{self.path(table)}`"
        return ".".join(f"`{part}`" for part in (*self.schema.split("."), table.name))

    def path(self, table: Table) -> str:
        """Where the table lies, if no schema has it."""
        return f"{self.root}/{table.name}"

    def create_sql(self, table: Table, comments: Mapping[str, str], properties: Mapping[str, str]) -> str:
        """SQL that creates the table where there is none."""
        told = ", ".join(f"`{one.name}` {one.type} COMMENT '{quoted(comments[one.name])}'" for one in table.columns)
        clustering = f"CLUSTER BY ({', '.join(table.cluster_by)})" if table.cluster_by else ""
        wanted = ", ".join(f"'{name}' = '{value}'" for name, value in properties.items())
        return (
            f"CREATE TABLE IF NOT EXISTS {self.sql_name(table)} ({told}) USING delta {clustering} "
            f"COMMENT 'One row per {quoted(table.grain)}' TBLPROPERTIES ({wanted})"
        )

    def load(self, session: SparkSession, table: Table, version: int | None) -> DataFrame:
        """The table's rows, at a version where one is asked for."""
        reader = session.read.format("delta")
        if version is not None:
            reader = reader.option("versionAsOf", version)
        return reader.load(self.path(table)) if self.schema is None else reader.table(self.sql_name(table))

    def load_changes(self, session: SparkSession, table: Table, first: int, last: int) -> DataFrame:
        """The change feed of versions first to last. Raises what Spark raises where the table keeps none."""
        reader = session.read.format("delta").option("readChangeFeed", "true")
        reader = reader.option("startingVersion", first).option("endingVersion", last)
        return reader.load(self.path(table)) if self.schema is None else reader.table(self.sql_name(table))

    def save(self, writer: DataFrameWriter, table: Table) -> None:
        """Carries out a write that is all set but for its place."""
        if self.schema is None:
            writer.save(self.path(table))
        else:
            writer.saveAsTable(self.sql_name(table))

    def latest(self, session: SparkSession, table: Table) -> tuple[int, str, dict[str, str]] | None:
        """Version, operation and details of the newest commit; None where there is no table.

        Raises EnvironmentProblem where an object store lets this process not in.
        """
        try:
            history = session.sql(f"DESCRIBE HISTORY {self.sql_name(table)} LIMIT 1")
            newest = bounded_rows(history.select("version", "operation", "operationParameters"), at_most=1)
        except Exception as error:
            if says_missing(error):
                return None
            if says_denied(error):
                raise EnvironmentProblem(
                    f"{self.root} lets this process not in: set its credentials in the environment (for S3 "
                    "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a role), and see that they may read and write."
                ) from error
            raise
        return (newest[0][0], newest[0][1], newest[0][2] or {}) if newest else None
