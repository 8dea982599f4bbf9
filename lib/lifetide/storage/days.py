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
        self.files = {path: pq.ParquetFile(path) for path in paths}

    def rows_by_day(self, column: str) -> dict[date, int]:
        """How many rows each day has; only where one group of rows holds several days are the days read."""
        found: Counter[date] = Counter()
        for file in self.files.values():
            for group in range(file.metadata.num_row_groups):
                span = _span(file.metadata.row_group(group), column)
                if span is not None and span[0] == span[1]:
                    found[span[0]] += file.metadata.row_group(group).num_rows
                else:
                    found.update(_counted(file.read_row_group(group, [column]).column(column)))
        return dict(found)

    def files_of(self, column: str, day: date) -> list[str] | None:
        """The files that hold the day, in order; None where one of them holds rows of other days too."""
        found = []
        for path, file in self.files.items():
            groups = [file.metadata.row_group(place) for place in range(file.metadata.num_row_groups)]
            spans = [
                one for one in (_span(group, column) for group in groups) if one is None or one[0] <= day <= one[1]
            ]
            if any(one != (day, day) for one in spans) or 0 < len(spans) < len(groups):
                return None
            if spans:
                found.append(path)
        return found

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
        for file in self.files.values():
            for place in range(file.metadata.num_row_groups):
                yield file.metadata.row_group(place)


def _told(group: pq.RowGroupMetaData) -> dict[str, Any]:
    """Statistics by column; None where there are none. Within a list or a map, by their whole path."""
    return {
        group.column(place).path_in_schema: group.column(place).statistics for place in range(group.num_columns)
    }  # fmt: skip


def _span(group: pq.RowGroupMetaData, column: str) -> tuple[date, date] | None:
    """The first and the last day of a group of rows; None where it is not told or a row has none."""
    told = _told(group).get(column)
    return (told.min, told.max) if told is not None and told.has_min_max and told.null_count == 0 else None


def _counted(days: pa.ChunkedArray) -> dict[date, int]:
    return {one["values"].as_py(): one["counts"].as_py() for one in pc.value_counts(days)}
