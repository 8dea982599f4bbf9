"""A table of which a run works out a part anew: what is written, and the whole as it will stand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.pipelines.publishing import Candidate, Run
from lifetide.storage import conform
from lifetide.tables import Table

GONE = "is_gone"


@dataclass(frozen=True)
class Renewed:
    """`changes`: rows that are new or differ, and with `is_gone` those that are no more. `count` of them."""

    table: Table
    kept: DataFrame
    changes: DataFrame
    count: int

    @property
    def whole(self) -> DataFrame:
        """The table's rows as they will stand."""
        if not self.count:
            return self.kept
        untouched = without(self.kept, self.changes.select(*self.table.key), self.table.key)
        return untouched.unionByName(self.changes.where(~F.col(GONE)).drop(GONE))


def differing(fresh: DataFrame, known: DataFrame) -> DataFrame:
    """The rows that only one of two states of a table has."""
    return fresh.exceptAll(known).unionByName(known.exceptAll(fresh))


def renew(run: Run, table: Table, before: DataFrame, now: DataFrame) -> Renewed:
    """Stages the difference between a part of the published table (`before`) and the same part worked out anew."""
    old, new = conform(before, table), conform(now, table)
    columns = table.column_names
    old_row = old.select(F.struct(*columns).alias("old"), *(F.col(name).alias(f"old_{name}") for name in table.key))
    new_row = new.select(F.struct(*columns).alias("new"), *(F.col(name).alias(f"new_{name}") for name in table.key))
    paired = old_row.join(new_row, _same(table.key, "old_", "new_"), "full").where(
        ~F.col("old").eqNullSafe(F.col("new"))
    )
    row = F.coalesce("new", "old").alias("row")
    difference = paired.select(row, F.col("new").isNull().alias(GONE)).select("row.*", GONE)
    staged = run.aside(f"{table.name}_changes", difference)
    run.offer(Candidate(table, staged.rows, staged.count, "merge", delete_when=f"s.{GONE}"))
    return Renewed(table, run.store.read(table), staged.rows, staged.count)


def unchanged(run: Run, table: Table) -> Renewed:
    """The table as it is."""
    kept = run.store.read(table)
    return Renewed(table, kept, kept.limit(0).withColumn(GONE, F.lit(True)), 0)


def within(rows: DataFrame, keys: DataFrame, names: tuple[str, ...]) -> DataFrame:
    """The rows whose `names` are among the keys; nulls equal nulls."""
    return _matched(rows, keys, names, "left_semi")


def without(rows: DataFrame, keys: DataFrame, names: tuple[str, ...]) -> DataFrame:
    """The rows whose `names` are not among the keys; nulls equal nulls."""
    return _matched(rows, keys, names, "left_anti")


def _matched(rows: DataFrame, keys: DataFrame, names: tuple[str, ...], how: str) -> DataFrame:
    wanted = keys.select(*(F.col(name).alias(f"wanted_{name}") for name in names)).distinct()
    return rows.join(wanted, _same(names, "", "wanted_"), how)


def _same(names: tuple[str, ...], left: str, right: str) -> Column:
    """Both sides have the same values under the names; the prefixes tell the sides apart."""
    return reduce(Column.__and__, (F.col(left + name).eqNullSafe(F.col(right + name)) for name in names))
