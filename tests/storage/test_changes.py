"""What a table tells of its changes between two published versions."""

from __future__ import annotations

from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from lifetide.storage import DeltaStore, ddl
from lifetide.tables import EVENTS, PRODUCTS, RUNS, Table

pytestmark = pytest.mark.delta
NOON = datetime(2025, 6, 1, 12, tzinfo=timezone.utc)


def one_row(spark: SparkSession, table: Table, **values: Any) -> DataFrame:
    return spark.createDataFrame([tuple(values.get(name) for name in table.column_names)], ddl(table))


def published(
    spark: SparkSession, folder: Path, table: Table, *keys: str, **values: Any
) -> tuple[DeltaStore, list[int]]:
    """A store to which runs have added a row for each key; and the versions after each."""
    store, versions = DeltaStore(spark, str(folder)), []
    for key in keys:
        row = one_row(spark, table, **{table.key[0]: key}, **values)
        versions.append(store.append(table, row, run_id=key))
        run = {"run_id": key, "job": "ingest", "status": "published", "output_versions": {table.name: versions[-1]}}
        store.append(RUNS, one_row(spark, RUNS, **run), run_id=key)
    return store, versions


def test_events_tell_what_came_since_a_version(spark: SparkSession, tmp_path: Path) -> None:
    values = {"event_type": "searched", "event_at": NOON, "event_date": date(2025, 6, 1)}
    store, versions = published(spark, tmp_path, EVENTS, "e1", "e2", "e3", **values)
    told = store.changes(EVENTS, since=versions[0])
    assert told is not None
    assert sorted(row.event_id for row in told.collect()) == ["e2", "e3"]
    nothing = store.changes(EVENTS, since=versions[2])
    assert nothing is not None
    assert nothing.count() == 0


def test_a_table_without_a_change_feed_says_so_before_anybody_relies_on_it(
    spark: SparkSession, tmp_path: Path
) -> None:
    store, versions = published(spark, tmp_path, PRODUCTS, "p1", "p2")
    assert store.changes(PRODUCTS, since=versions[0]) is None
