"""Days of a published table read from the footers of its files; the same as the rows say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import write_deltalake

from lifetide.errors import NotFound
from lifetide.storage.days import Footers
from lifetide.storage.snapshots import Published

FIRST, SECOND = date(2026, 1, 1), date(2026, 1, 2)


@pytest.fixture
def published(tmp_path: Path) -> Published:
    """Two days in one file, a third in another; the folder has a space and an umlaut in its name."""
    root = tmp_path / "wörk shop"
    rows = {
        "as_of": pa.array([FIRST, FIRST, FIRST, SECOND, SECOND]), "customer_id": ["a", "b", "c", "a", "b"],
        "order_count": pa.array([None, None, None, 1, None], pa.int64()),
        "interests": pa.array([["tea"], None, None, None, None], pa.list_(pa.string())),
    }  # fmt: skip
    write_deltalake(str(root / "customer_profiles"), pa.table(rows))
    later = {**rows, "as_of": pa.array([date(2026, 1, 3)] * 5), "interests": pa.nulls(5, pa.list_(pa.string()))}
    write_deltalake(str(root / "customer_profiles"), pa.table(later), mode="append")
    return Published(root, {"customer_profiles": 1})


def test_rows_are_counted_by_day(published: Published) -> None:
    assert published.days("customer_profiles") == {FIRST: 3, SECOND: 2, date(2026, 1, 3): 5}


def test_without_a_day_the_newest_is_read(published: Published) -> None:
    newest = published.snapshot("customer_profiles")
    assert (newest.as_of, newest.count, newest.read(["customer_id"]).num_rows) == (date(2026, 1, 3), 5, 5)


def test_a_day_that_shares_its_file_is_read_without_the_others(published: Published) -> None:
    found = published.snapshot("customer_profiles", SECOND)
    assert found.read(["customer_id"]).column(0).to_pylist() == ["a", "b"]
    assert [one.num_rows for one in found.blocks(["order_count"], 64)] == [2]


def test_files_are_named_where_they_hold_the_day_alone(published: Published, tmp_path: Path) -> None:
    root, third = published.root / "customer_profiles", date(2026, 1, 3)
    [shared], [alone] = ([str(one) for one in root.glob("*.parquet") if pq.read_metadata(one).num_rows == 5
                          and (FIRST in pq.read_table(one).column("as_of").to_pylist()) is is_first]
                         for is_first in (True, False))  # fmt: skip
    footers = Footers([shared, alone])
    assert footers.files_of("as_of", third) == [alone]
    assert footers.files_of("as_of", FIRST) is None
    assert footers.files_of("as_of", date(2025, 1, 1)) == []
    groups = tmp_path / "groups.parquet"
    pq.write_table(pa.table({"as_of": [third, FIRST]}), groups, row_group_size=1)
    assert Footers([str(groups)]).files_of("as_of", third) is None
    unknown = tmp_path / "unknown.parquet"
    pq.write_table(pa.table({"as_of": [third]}), unknown, write_statistics=False)
    assert Footers([alone, str(unknown)]).files_of("as_of", third) is None


def test_names_and_types_are_those_of_the_rows(published: Published) -> None:
    found = published.snapshot("customer_profiles")
    assert found.schema.names == found.rows.schema.names == ["as_of", "customer_id", "order_count", "interests"]
    assert found.schema == found.rows.schema


def test_a_column_that_is_empty_in_the_files_of_the_day_is_told(published: Published) -> None:
    newest = published.snapshot("customer_profiles")
    assert {name.partition(".")[0] for name in newest.empty_columns} == {"interests"}
    assert not published.snapshot("customer_profiles", FIRST).empty_columns


def test_a_day_that_is_not_there_is_said_with_the_newest(published: Published) -> None:
    with pytest.raises(NotFound, match="no snapshot of 2025-12-31; the newest is of 2026-01-03"):
        published.snapshot("customer_profiles", date(2025, 12, 31))


def test_a_file_that_tells_nothing_of_its_days_is_read(tmp_path: Path) -> None:
    path = str(tmp_path / "silent.parquet")
    pq.write_table(pa.table({"as_of": [FIRST, SECOND, SECOND], "x": pa.nulls(3, pa.int64())}), path,
                   write_statistics=False)  # fmt: skip
    footers = Footers([path])
    assert footers.rows_by_day("as_of") == {FIRST: 1, SECOND: 2}
    assert footers.empty_columns("as_of", FIRST) == frozenset()
