"""Days of a table as its Parquet footers tell them, without its rows: how many rows, which columns hold nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


@dataclass(frozen=True)
class Group:
    """A group of rows of a file: how many, and statistics by column (within a list or a map, by their whole path).

    None are the statistics that were not written.
    """

    rows: int
    told: Mapping[str, Any]

    def span(self, column: str) -> tuple[date, date] | None:
        """The first and the last day of the rows; None where it is not told or a row has none."""
        one = self.told.get(column)
        return (one.min, one.max) if one is not None and one.has_min_max and one.null_count == 0 else None


class Footers:
    """The footers of some files, each read once. A file without a column counts as one that holds nulls in it."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.files = {path: pq.ParquetFile(path) for path in paths}
        self.groups = {path: _groups(file.metadata) for path, file in self.files.items()}

    def rows_by_day(self, column: str) -> dict[date, int]:
        """How many rows each day has; only where one group of rows holds several days are the days read."""
        found: Counter[date] = Counter()
        for path, groups in self.groups.items():
            for place, group in enumerate(groups):
                span = group.span(column)
                if span is not None and span[0] == span[1]:
                    found[span[0]] += group.rows
                else:
                    found.update(_counted(self.files[path].read_row_group(place, [column]).column(column)))
        return dict(found)

    def files_of(self, column: str, day: date) -> list[str] | None:
        """The files that hold the day, in order; None where one of them holds rows of other days too."""
        found = []
        for path, groups in self.groups.items():
            spans = {one.span(column) for one in groups}
            if spans == {(day, day)}:
                found.append(path)
            elif any(span is None or span[0] <= day <= span[1] for span in spans):
                return None
        return found

    def empty_columns(self, column: str, day: date) -> frozenset[str]:
        """Columns that hold nothing but nulls in the groups of rows that can hold the day."""
        filled: set[str] = set()
        names: set[str] = set()
        for group in chain.from_iterable(self.groups.values()):
            at = group.told.get(column)
            if at is not None and at.has_min_max and not at.min <= day <= at.max:
                continue
            names |= group.told.keys()
            filled |= {
                name for name, one in group.told.items()
                if one is None or not one.has_null_count or one.null_count < group.rows
            }  # fmt: skip
        return frozenset(names - filled)


def _groups(footer: pq.FileMetaData) -> list[Group]:
    found = []
    for place in range(footer.num_row_groups):
        group = footer.row_group(place)
        columns = (group.column(number) for number in range(group.num_columns))
        found.append(Group(group.num_rows, {one.path_in_schema: one.statistics for one in columns}))
    return found


def _counted(days: pa.ChunkedArray) -> dict[date, int]:
    return {one["values"].as_py(): one["counts"].as_py() for one in days.value_counts()}
