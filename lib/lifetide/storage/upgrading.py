"""Tables of an older release: columns that it did not have are null where read, and added where written."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.storage.sql import quoted
from lifetide.tables import Table


def filled(rows: DataFrame, table: Table) -> DataFrame:
    """`rows` with every column of the table; those that they lack are null."""
    lacking = {one.name: F.lit(None).cast(one.type) for one in table.columns if one.name not in rows.columns}
    return rows.withColumns(lacking) if lacking else rows


def widening_sql(name: str, known: Collection[str], table: Table, comments: Mapping[str, str]) -> str | None:
    """SQL that adds the columns that the table at `name` lacks (`known` = those it has); None where it has all."""
    added = ", ".join(
        f"`{one.name}` {one.type} COMMENT '{quoted(comments[one.name])}'"
        for one in table.columns
        if one.name not in known
    )
    return f"ALTER TABLE {name} ADD COLUMNS ({added})" if added else None
