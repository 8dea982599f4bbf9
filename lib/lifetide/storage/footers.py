"""What a Parquet file's footer tells of its columns, as a Delta log says it: readers skip files by it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pyarrow.parquet as pq

SHORT = 32
"""Characters; bounds of longer texts are left out."""


def statistics(footer: pq.FileMetaData) -> str:
    """JSON with rows, and nulls and bounds by column; bounds of dates, whole numbers and short texts alone."""
    nulls: dict[str, list[int | None]] = {}
    bounds: dict[str, list[Any]] = {}
    for number in range(footer.num_row_groups):
        group = footer.row_group(number)
        for place in range(group.num_columns):
            chunk = group.column(place)
            told = chunk.statistics
            if "." in chunk.path_in_schema:
                continue
            count = told.null_count if told is not None and told.has_null_count else None
            nulls.setdefault(chunk.path_in_schema, []).append(count)
            if count != group.num_rows:
                has_bounds = told is not None and told.has_min_max
                bounds.setdefault(chunk.path_in_schema, []).extend((told.min, told.max) if has_bounds else (None,))
    kept = {name: values for name, values in bounds.items() if all(_is_exact(value) for value in values)}
    told_nulls = {
        name: sum(n for n in counts if n is not None) for name, counts in nulls.items() if None not in counts
    }
    return json.dumps(
        {
            "numRecords": footer.num_rows,
            "minValues": {name: _said(min(values)) for name, values in kept.items()},
            "maxValues": {name: _said(max(values)) for name, values in kept.items()},
            "nullCount": told_nulls,
        }
    )


def _is_exact(value: Any) -> bool:
    """True for values that JSON holds as they are."""
    return len(value) <= SHORT if isinstance(value, str) else type(value) in (int, date)


def _said(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
