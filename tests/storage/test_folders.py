"""Tables in folders of this machine: staged files become a table's own, and a merge leaves most files alone."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from given import given
from lifetide.errors import ContractError
from lifetide.storage import DeltaStore
from lifetide.storage.folders import slice_files
from lifetide.tables import BASE_GROWTH, IDENTITIES, RUNS, SALE_LINES

pytestmark = pytest.mark.delta


def growth(spark: SparkSession, *days: str) -> DataFrame:
    lines = "\n".join(f"{day} | {place}" for place, day in enumerate(days))
    return given(spark, BASE_GROWTH, f"date | new_count\n{lines}")


def told(store: DeltaStore, version: int) -> list[tuple[str, int]]:
    return sorted((str(row["date"]), row["new_count"]) for row in store.read(BASE_GROWTH, version=version).collect())


def test_staged_files_are_moved_and_named_in_the_log_not_written_again(spark: SparkSession, tmp_path: Path) -> None:
    store = DeltaStore(spark, str(tmp_path))
    staged = store.stage("base_growth", growth(spark, "2025-01-01", "2025-01-02"))
    wrote = {file.name for file in (tmp_path / "_staging" / "base_growth").glob("part-*.parquet")}
    first = store.replace(BASE_GROWTH, staged.rows, where=None, run_id="one")
    assert {file.name for file in (tmp_path / "base_growth").glob("part-*.parquet")} <= wrote
    again = store.stage("base_growth", growth(spark, "2025-02-01"))
    second = store.replace(BASE_GROWTH, again.rows, where=None, run_id="two")
    assert told(store, first) == [("2025-01-01", 0), ("2025-01-02", 1)]
    assert told(store, second) == [("2025-02-01", 0)]
    assert DeltaTable(str(tmp_path / "base_growth")).to_pyarrow_table().num_rows == 1


def test_a_run_writes_a_table_once(spark: SparkSession, tmp_path: Path) -> None:
    store = DeltaStore(spark, str(tmp_path))
    for day in ("2025-01-01", "2025-01-02"):
        staged = store.stage("base_growth", growth(spark, day))
        version = store.append(BASE_GROWTH, staged.rows, run_id="one")
    assert told(store, version) == [("2025-01-01", 0)]


def test_what_a_killed_run_was_about_to_note_is_not_noted_by_the_next_one(
    spark: SparkSession, tmp_path: Path
) -> None:
    store = DeltaStore(spark, str(tmp_path))

    def growth_of(new: int) -> list[list[object]]:
        known = {"date": date(2025, 1, 1), "new_count": new}
        return [[known.get(name) for name in BASE_GROWTH.column_names]]

    assert store._folders is not None
    store.note(BASE_GROWTH, growth_of(1), run_id="one")
    with pytest.MonkeyPatch.context() as killed:
        killed.setattr(type(store._folders), "append", lambda *_, **__: sys.exit("killed"))
        with pytest.raises(SystemExit):
            store.note(BASE_GROWTH, growth_of(2), run_id="two")
    version = store.note(BASE_GROWTH, growth_of(3), run_id="three")
    assert told(store, version) == [("2025-01-01", 1), ("2025-01-01", 3)]


def test_rows_that_do_not_fit_the_catalogue_are_refused_however_they_come(
    spark: SparkSession, tmp_path: Path
) -> None:
    store = DeltaStore(spark, str(tmp_path))
    store.append(BASE_GROWTH, store.stage("base_growth", growth(spark, "2025-01-01")).rows, run_id="one")
    wrong = store.stage("wrong", growth(spark, "2025-01-02").withColumn("new_count", F.lit("many"))).rows
    for write in (
        lambda: store.append(BASE_GROWTH, wrong, run_id="two"),
        lambda: store.replace(BASE_GROWTH, wrong, where=None, run_id="three"),
        lambda: store.merge(BASE_GROWTH, wrong, run_id="four"),
    ):
        with pytest.raises(ContractError) as refused:
            write()
        assert any("new_count: is string" in problem for problem in refused.value.problems)
    assert DeltaTable(str(tmp_path / "base_growth")).to_pyarrow_table().num_rows == 1


def test_a_slice_is_exchanged_by_its_files_where_they_hold_nothing_else(spark: SparkSession, tmp_path: Path) -> None:
    store = DeltaStore(spark, str(tmp_path))
    for run, days in {"one": ["2025-01-01"], "two": ["2025-01-02"], "three": ["2025-01-03", "2025-01-04"]}.items():
        store.append(BASE_GROWTH, store.stage("base_growth", growth(spark, *days).coalesce(1)).rows, run_id=run)
    files = pa.table(DeltaTable(str(tmp_path / "base_growth")).get_add_actions(flatten=True))
    of_second = slice_files(files, "date = DATE'2025-01-02'")
    assert of_second is not None
    assert len(of_second) == 1
    assert slice_files(files, "date = DATE'2025-01-09'") == []
    assert slice_files(files, "date = DATE'2025-01-03'") is None
    for run, day in {"four": "2025-01-02", "five": "2025-01-03"}.items():
        fresh = store.stage("base_growth", growth(spark, "2024-01-01", day).where("new_count = 1"))
        version = store.replace(BASE_GROWTH, fresh.rows, where=f"date = DATE'{day}'", run_id=run)
    assert told(store, version) == [("2025-01-01", 0), ("2025-01-02", 1), ("2025-01-03", 1), ("2025-01-04", 1)]


def test_a_slice_of_nulls_is_known_by_how_many_a_file_holds() -> None:
    names = ("path", "size_bytes", "num_records", "null_count.audience_key")
    files = [("everyone", 10, 3, 3), ("vip", 20, 4, 0)]
    told = pa.table(dict(zip(names, map(list, zip(*files, strict=True)), strict=True)))
    assert slice_files(told, "audience_key IS NULL") == [("everyone", 10)]
    assert slice_files(told, "audience_key IS NOT NULL") == [("vip", 20)]
    mixed = pa.table(dict(zip(names, map(list, zip(*files, ("both", 30, 4, 1), strict=True)), strict=True)))
    assert slice_files(mixed, "audience_key IS NULL") is None
    assert slice_files(told, "other IS NULL") is None


@pytest.mark.parametrize("small", [True, False])
def test_a_merge_replaces_adds_and_takes_out_by_key_and_leaves_other_files_alone(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: bool
) -> None:
    if not small:
        monkeypatch.setattr("lifetide.storage.merging.SMALL", 0)
    store = DeltaStore(spark, str(tmp_path))
    for run, days in {"one": ["2025-01-01", "2025-01-02"], "two": ["2025-01-03"]}.items():
        store.append(BASE_GROWTH, store.stage("base_growth", growth(spark, *days).coalesce(1)).rows, run_id=run)
    before = set(DeltaTable(str(tmp_path / "base_growth")).file_uris())
    changes = store.stage("changes", growth(spark, "2025-01-02", "2025-01-05", "2025-01-01", "2025-01-07"))
    version = store.merge(BASE_GROWTH, changes.rows, run_id="three", delete_when="s.new_count >= 2")
    assert told(store, version) == [("2025-01-02", 0), ("2025-01-03", 0), ("2025-01-05", 1)]
    kept = before & set(DeltaTable(str(tmp_path / "base_growth")).file_uris())
    assert len(kept) == (0 if small else 1)


def test_nulls_in_a_key_are_equal(spark: SparkSession, tmp_path: Path) -> None:
    store = DeltaStore(spark, str(tmp_path))
    rows = given(spark, IDENTITIES, "source_id | customer_id\na | c\nb | d")
    store.append(IDENTITIES, store.stage("identities", rows).rows, run_id="one")
    version = store.merge(IDENTITIES, store.stage("more", rows).rows, run_id="two")
    assert store.read(IDENTITIES, version=version).count() == 2


def test_a_table_that_spark_alone_can_write_is_written_by_spark(spark: SparkSession, tmp_path: Path) -> None:
    spark.sql(f"CREATE TABLE delta.`{tmp_path / 'base_growth'}` (x INT) USING delta CLUSTER BY (x)")
    store = DeltaStore(spark, str(tmp_path))
    assert store._folders is not None
    assert not store._folders.is_ours(BASE_GROWTH)


def test_what_a_driver_knows_is_noted_as_spark_would_write_it(spark: SparkSession, tmp_path: Path) -> None:
    store = DeltaStore(spark, str(tmp_path))
    values = {"run_id": "r", "job": "build", "status": "published", "as_of": date(2025, 1, 1),
              "output_versions": {"orders": 3}, "knows": ["money"]}  # fmt: skip
    store.note(RUNS, [[values.get(name) for name in RUNS.column_names]], run_id="r")
    row = store.read(RUNS).collect()[0]
    assert {name: row[name] for name in values} == values
    assert store.versions() == {"orders": 3}
    assert DeltaTable(str(tmp_path / "runs")).metadata().description == f"One row per {RUNS.grain}"
    assert SALE_LINES.cluster_by == ()
