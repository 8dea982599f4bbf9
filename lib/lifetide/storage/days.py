"""Days of a table as its Parquet footers tell them, without its rows: how many rows, which columns hold nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq


class Footers:
    """The footers of some files, each read once. A file without a column counts as one that holds nulls in it."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.files = [pq.ParquetFile(path) for path in paths]

    def rows_by_day(self, column: str) -> dict[date, int]:
        """How many rows each day has; only where one group of rows holds several days are the days read."""
        found: Counter[date] = Counter()
        for file in self.files:
            for group in range(file.metadata.num_row_groups):
                told = _told(file.metadata.row_group(group)).get(column)
                if told is not None and told.has_min_max and told.min == told.max and told.null_count == 0:
                    found[told.min] += file.metadata.row_group(group).num_rows
                else:
                    found.update(_counted(file.read_row_group(group, [column]).column(column)))
        return dict(found)

    def empty_columns(self, column: str, day: date) -> frozenset[str]:
        """Columns that hold nothing but nulls in the groups of rows that can hold the day."""
        filled: set[str] = set()
        names: set[str] = set()
        for group in self._groups():
            told = _told(group)
            at = told.get(column)
            if at is not None and at.has_min_max and not at.min <= day <= at.max:
                continue
            names |= told.keys()
            filled |= {
                name for name, one in told.items()
                if one is None or not one.has_null_count or one.null_count < group.num_rows
            }  # fmt: skip
        return frozenset(names - filled)

    def _groups(self) -> Iterator[pq.RowGroupMetaData]:
        for file in self.files:
            for place in range(file.metadata.num_row_groups):
                yield file.metadata.row_group(place)


def _told(group: pq.RowGroupMetaData) -> dict[str, Any]:
    """Statistics by column; None where there are none. Within a list or a map, by their whole path."""
    return {
        group.column(place).path_in_schema: group.column(place).statistics for place in range(group.num_columns)
    }  # fmt: skip


def _counted(days: pa.ChunkedArray) -> dict[date, int]:
    return {one["values"].as_py(): one["counts"].as_py() for one in pc.value_counts(days)}
