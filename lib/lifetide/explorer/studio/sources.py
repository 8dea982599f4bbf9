"""Where the studio's columns come from: a published snapshot, a table in memory, a made-up shop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lifetide.errors import NotFound
from lifetide.explorer.studio.bits import Words, of_positions
from lifetide.explorer.studio.cache import PackedFiles, packed_files
from lifetide.explorer.studio.census import ROWS, Blocks, Whole
from lifetide.explorer.studio.columns import Coded, Column, Numeric
from lifetide.explorer.studio.packing import arrow_of, column_of, is_packable, words_of
from lifetide.explorer.studio.sampling import SAMPLE, stratified
from lifetide.explorer.studio.slices import Slices, slices_of
from lifetide.tables import CUSTOMER_PROFILES

if TYPE_CHECKING:
    from lifetide.storage.snapshots import Published, Snapshot

MOST_ROWS = 20_000_000  # rows held in memory; of more, a sample is
STRATA = "lifecycle_group"
Read = Callable[[str], pa.ChunkedArray]
NOT_FIELDS = frozenset({"as_of", "customer_id", "parameters_as_of"})


@dataclass
class Profiles:
    """One row per customer; a column is read and packed when it is first asked for, and then stays."""

    count: int
    as_of: date
    names: tuple[str, ...]
    readable: frozenset[str]
    read: Read
    title: str
    note: str = ""
    is_catalogued: bool = True
    population: int = 0
    files: PackedFiles | None = None
    tables: Published | None = None
    whole: Whole | None = None
    _columns: dict[str, Column] = field(default_factory=dict)
    _reading: RLock = field(default_factory=RLock)

    @property
    def factor(self) -> float:
        """How many customers each row stands for."""
        return self.population / self.count if self.population and self.count else 1.0

    def column(self, name: str) -> Column:
        """The packed column. Raises NotFound for a name that is not there."""
        found = self._columns.get(name)
        if found is None:
            with self._reading:
                found = self._columns.get(name) or self._packed(name)
                self._columns[name] = found
        return found

    def slices(self, name: str) -> Slices:
        """The digits of a column of whole numbers or money, kept beside it."""
        kept = self.files.load_slices(name) if self.files is not None else None
        if kept is not None:
            return kept
        column = self.column(name)
        if not isinstance(column, Numeric):
            raise TypeError(f"{name} holds words, not numbers")
        made = slices_of(column)
        if self.files is None:
            return made
        self.files.keep_slices(name, made)
        return self.files.load_slices(name) or made

    def rows(self, places: npt.NDArray[np.int64]) -> pa.Table:
        """Whole rows by their place, customer_id first."""
        names = ["customer_id", *(name for name in self.names if name != "customer_id")]
        return pa.table({name: self.read(name).take(pa.array(places)) for name in names})

    def ids(self, places: npt.NDArray[np.int64]) -> pa.Table:
        """customer_id of rows by their place."""
        return pa.table({"customer_id": self.read("customer_id").take(pa.array(places))})

    def set_of(self, ids: pa.ChunkedArray) -> Words:
        """The set of the customers with these ids."""
        places = self.places(ids)
        return of_positions(places[places >= 0], self.count)

    def places(self, ids: pa.ChunkedArray) -> npt.NDArray[np.int64]:
        """The row of each of these ids; −1 for one that is not in the snapshot."""
        found = pc.index_in(ids, value_set=self.read("customer_id").combine_chunks())
        rows: npt.NDArray[np.int64] = pc.fill_null(found, -1).to_numpy().astype(np.int64)
        return rows

    def _packed(self, name: str) -> Column:
        if name not in self.readable:
            raise NotFound(f"There is no field {name} in {self.title}; there are {', '.join(self.names)}.")
        kept = self.files.load(name) if self.files is not None else None
        if kept is not None:
            return kept
        made = column_of(self.read(name), words_of(name))
        pa.default_memory_pool().release_unused()  # what was read is several times as large as what is kept
        if self.files is None or name not in self.names:  # who a customer is stays in the tables
            return made
        self.files.keep(name, made)
        return self.files.load(name) or made  # of a file, only the pages that are looked at take memory


def published(
    root: Path, title: str, as_of: date | None = None, *, most_rows: int = MOST_ROWS, size: int = SAMPLE
) -> Profiles:  # fmt: skip
    """customer_profiles as the last run published it, read without Spark; of more than `most_rows`, a sample.

    Raises NotFound before the first build.
    """
    from lifetide.storage.snapshots import published_tables  # a made-up shop needs no Delta reader

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


def in_columns(
    columns: Mapping[str, Column], ids: Callable[[], pa.Array], title: str, as_of: date, note: str = ""
) -> Profiles:  # fmt: skip
    """Columns of customer_profiles that are packed already; `ids` says what the customers are called."""

    def read(name: str) -> pa.ChunkedArray:
        return pa.chunked_array([ids() if name == "customer_id" else arrow_of(columns[name])])

    count = next(iter(columns.values())).count
    readable = frozenset((*columns, "customer_id"))
    return Profiles(count, as_of, tuple(columns), readable, read, title, note, _columns=dict(columns))


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
