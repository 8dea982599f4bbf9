"""Where the studio's columns come from: a published snapshot, or a table in memory."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lifetide.explorer.studio.cache import packed_files
from lifetide.explorer.studio.census import ROWS, Blocks, Whole
from lifetide.explorer.studio.columns import Coded, words_of
from lifetide.explorer.studio.packing import column_of, is_packable
from lifetide.explorer.studio.profiles import MOST_ROWS, Profiles
from lifetide.explorer.studio.sampling import SAMPLE, stratified
from lifetide.tables import CUSTOMER_PROFILES

if TYPE_CHECKING:
    from lifetide.explorer.studio.profiles import Read
    from lifetide.storage.snapshots import Published, Snapshot

STRATA = "lifecycle_group"
NOT_FIELDS = frozenset({"as_of", "customer_id", "parameters_as_of"})


def published(
    root: Path, title: str, as_of: date | None = None, *, most_rows: int = MOST_ROWS, size: int = SAMPLE
) -> Profiles:  # fmt: skip
    """customer_profiles as the last run published it, read without Spark; of more than `most_rows`, a sample.

    Raises NotFound before the first build.
    """
    from lifetide.storage.snapshots import published_tables  # a table in memory needs no Delta reader

    tables = published_tables(root)
    found = tables.snapshot(CUSTOMER_PROFILES.name, as_of)
    unusable = NOT_FIELDS | found.empty_columns
    names = tuple(one.name for one in found.schema if one.name not in unusable and is_packable(one.type))
    files = packed_files(root, found.table, found.version, found.as_of.isoformat())

    def read(name: str) -> pa.ChunkedArray:
        return found.read([name]).column(name)

    if found.count > most_rows:
        return _sample(found, names, read, title, tables, size)
    readable = frozenset(one.name for one in found.schema if is_packable(one.type))
    return Profiles(found.count, found.as_of, names, readable, read, title, files=files, tables=tables)


def _sample(
    found: Snapshot, names: tuple[str, ...], read: Read, title: str, tables: Published, size: int
) -> Profiles:  # fmt: skip
    """So many of a snapshot that is too large to hold; which ones depends on the version alone."""
    strata = column_of(read(STRATA), words_of(STRATA)) if STRATA in names else None
    if not isinstance(strata, Coded):
        strata = Coded(np.zeros(found.count, np.uint8), ())
    rows = stratified(strata, size, found.version)
    note = f"a sample of {len(rows):,} stands for {found.count:,}"
    readable = frozenset(one.name for one in found.schema if is_packable(one.type))
    whole = Whole(found.count, found.as_of, names, readable, found.blocks)
    return Profiles(
        len(rows), found.as_of, names, readable, lambda name: taken(found.blocks, name, rows), title, note,
        population=found.count, tables=tables, whole=whole,
    )  # fmt: skip


def taken(blocks: Blocks, name: str, rows: npt.NDArray[np.int64]) -> pa.ChunkedArray:
    """The column in the given rows, ascending; the rest of it is never in memory at once."""
    found, start = [], 0
    for block in blocks([name], ROWS):
        first, last = np.searchsorted(rows, [start, start + block.num_rows])
        found.append(block.column(name).take(pa.array(rows[first:last] - start)))
        start += block.num_rows
    return pa.chunked_array([chunk for one in found for chunk in one.chunks], found[0].type)


def in_memory(table: pa.Table, title: str, as_of: date, note: str = "", *, is_catalogued: bool = False) -> Profiles:
    """Any table with one row per customer; its columns are fields. Without customer_id rows are numbered.

    `is_catalogued`: its columns are those of customer_profiles.
    """
    usable = [
        one.name for one in table.schema
        if one.name not in NOT_FIELDS and is_packable(one.type) and table[one.name].null_count < table.num_rows
    ]  # fmt: skip

    def read(name: str) -> pa.ChunkedArray:
        if name == "customer_id" and name not in table.column_names:
            return pa.chunked_array([pa.array(range(table.num_rows))])
        return table[name]

    readable = frozenset((*usable, *table.column_names, "customer_id"))
    return Profiles(table.num_rows, as_of, tuple(usable), readable, read, title, note, is_catalogued)
