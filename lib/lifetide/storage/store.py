"""Where tables are: four verbs for pipelines, whatever lies below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pyspark.sql import DataFrame

from lifetide.tables import Table


@dataclass(frozen=True)
class Staged:
    """Rows that a run has computed and stored aside, not yet published."""

    rows: DataFrame
    count: int


class Store(Protocol):
    """Reads published versions, keeps candidates aside, writes what is published.

    Readers see the versions that finished runs named in `runs`; a table nobody published is empty. Each write
    returns the version of the table after it.
    """

    def read(self, table: Table, *, version: int | None = None) -> DataFrame:
        """The published rows, or those of a given version."""

    def versions(self) -> dict[str, int]:
        """Published version by table name."""

    def changes(self, table: Table, *, since: int) -> DataFrame | None:
        """Rows of the table that came, went or changed after version `since` up to the published one, as they were
        before and as they are now; None where the table cannot tell.
        """

    def stage(self, name: str, rows: DataFrame) -> Staged:
        """Stores rows aside under a name and counts them in the same pass."""

    def replace(self, table: Table, rows: DataFrame, *, where: str | None, run_id: str) -> int:
        """Replaces the slice that `where` (SQL) selects, or everything."""

    def merge(self, table: Table, rows: DataFrame, *, run_id: str, delete_when: str | None = None) -> int:
        """Inserts or updates by the table's key; deletes matches for which `delete_when` (SQL over s) is true."""

    def append(self, table: Table, rows: DataFrame, *, run_id: str) -> int:
        """Adds rows."""

    def note(self, table: Table, rows: Sequence[Sequence[Any]], *, run_id: str) -> int:
        """Adds a few rows that the driver knows, values in catalogue order."""

    def tidy(self, table: Table, *, where: str | None) -> int:
        """Deletes what `where` (SQL) selects, and makes large files of small ones; the rows stay as they are."""

    def vacuum(self, table: Table, *, days: int) -> None:
        """Removes files that no version of the last `days` names."""

    def lock(self, run_id: str, job: str, since: str) -> bool:
        """Makes this run the only writer; True where an unfinished run may have left something behind.

        Raises Busy, naming the run that writes, where there is one.
        """

    def unlock(self, *, in_order: bool) -> None:
        """Lets others write; not `in_order` = the next one has to recover first."""

    def recover(self) -> list[str]:
        """Undoes what an unfinished run left behind; says what was undone."""

    def clear_stage(self) -> None:
        """Drops the staged rows."""
