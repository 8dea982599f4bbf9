"""A warehouse of an older release goes on: columns that it did not have are null until the next write adds them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from given import given
from lifetide.storage import DeltaStore, folders
from lifetide.storage.snapshots import Published
from lifetide.tables import BASE_GROWTH, LIFECYCLE_SPELLS, Table

pytestmark = pytest.mark.delta


def of_older_release(table: Table, *without: str) -> Table:
    return replace(table, columns=tuple(one for one in table.columns if one.name not in without))


def grown(spark: SparkSession, store: DeltaStore, table: Table, day: str, run_id: str) -> int:
    rows = given(spark, BASE_GROWTH, f"date | new_count | active_count\n{day} | 3 | 7").select(*table.column_names)
    return store.append(table, store.stage(table.name, rows).rows, run_id=run_id)


@pytest.mark.parametrize("only_spark", [False, True], ids=["by the log", "by Spark"])
def test_new_columns_are_null_in_old_rows_and_kept_in_new_ones(
    spark: SparkSession, tmp_path: Path, only_spark: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if only_spark:
        monkeypatch.setattr("lifetide.storage.delta.folders_of", lambda *_: None)
    older = of_older_release(BASE_GROWTH, "active_count")
    old = grown(spark, DeltaStore(spark, str(tmp_path)), older, "2025-01-01", "one")
    store = DeltaStore(spark, str(tmp_path))
    before = store.read(BASE_GROWTH, version=old)
    assert before.columns == list(BASE_GROWTH.column_names)
    assert [(row["new_count"], row["active_count"]) for row in before.collect()] == [(3, None)]
    new = grown(spark, store, BASE_GROWTH, "2025-01-02", "two")
    assert new == old + 2  # the columns, then the rows
    after = store.read(BASE_GROWTH, version=new)
    told = sorted((str(row["date"]), row["new_count"], row["active_count"]) for row in after.collect())
    assert told == [("2025-01-01", 3, None), ("2025-01-02", 3, 7)]
    assert grown(spark, DeltaStore(spark, str(tmp_path)), BASE_GROWTH, "2025-01-03", "three") == new + 1


def test_a_widened_table_is_published_by_its_log_again(spark: SparkSession, tmp_path: Path) -> None:
    older = of_older_release(BASE_GROWTH, "new_count")
    grown(spark, DeltaStore(spark, str(tmp_path)), older, "2025-01-01", "one")
    grown(spark, DeltaStore(spark, str(tmp_path)), BASE_GROWTH, "2025-01-02", "two")
    assert folders.Folders(tmp_path).is_ours(BASE_GROWTH)


def test_a_merge_widens_too(spark: SparkSession, tmp_path: Path) -> None:
    told = "customer_id | valid_from | lifecycle_group | reason\nann | 2025-01-01 | active | ordered"
    older = of_older_release(LIFECYCLE_SPELLS, "reason")
    DeltaStore(spark, str(tmp_path)).merge(
        older, given(spark, LIFECYCLE_SPELLS, told).select(*older.column_names), run_id="one"
    )
    later = told.replace("ann", "ben")
    store = DeltaStore(spark, str(tmp_path))
    version = store.merge(LIFECYCLE_SPELLS, given(spark, LIFECYCLE_SPELLS, later), run_id="two")
    read = store.read(LIFECYCLE_SPELLS, version=version).collect()
    assert sorted((row["customer_id"], row["reason"]) for row in read) == [("ann", None), ("ben", "ordered")]


def test_a_run_that_died_after_the_columns_came_is_taken_back(spark: SparkSession, tmp_path: Path) -> None:
    older = of_older_release(BASE_GROWTH, "active_count")
    old = grown(spark, DeltaStore(spark, str(tmp_path)), older, "2025-01-01", "one")
    dying = DeltaStore(spark, str(tmp_path))
    dying._create(BASE_GROWTH)
    store = DeltaStore(spark, str(tmp_path))
    store._pins = {BASE_GROWTH.name: old}
    store.versions = lambda: {BASE_GROWTH.name: old}  # type: ignore[method-assign]
    assert [one for one in store.recover() if "base_growth" in one]
    grown(spark, DeltaStore(spark, str(tmp_path)), BASE_GROWTH, "2025-01-02", "two")
    read = DeltaStore(spark, str(tmp_path)).read(BASE_GROWTH, version=old + 4).collect()
    assert sorted(row["active_count"] or 0 for row in read) == [0, 7]


def test_the_studio_and_the_report_read_such_a_table(spark: SparkSession, tmp_path: Path) -> None:
    older = of_older_release(BASE_GROWTH, "active_count")
    version = grown(spark, DeltaStore(spark, str(tmp_path)), older, "2025-01-01", "one")
    read = Published(tmp_path, {BASE_GROWTH.name: version}).read(BASE_GROWTH.name, ["active_count", "new_count"])
    assert read.to_pydict() == {"active_count": [None], "new_count": [3]}
