"""The customers that the studio holds: one row each, column by column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from threading import RLock
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lifetide.errors import NotFound
from lifetide.explorer.studio.bits import Words, of_positions
from lifetide.explorer.studio.cache import PackedFiles
from lifetide.explorer.studio.columns import Column, Numeric, words_of
from lifetide.explorer.studio.slices import Slices, slices_of

if TYPE_CHECKING:
    import pyarrow as pa

    from lifetide.explorer.studio.census import Whole
    from lifetide.storage.snapshots import Published

    Read = Callable[[str], pa.ChunkedArray]

MOST_ROWS = 20_000_000  # rows held in memory; of more, a sample is


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

    def has_slices(self, name: str) -> bool:
        """True where the digits are kept beside the column."""
        return self.files is not None and self.files.has_slices(name)

    def rows(self, places: npt.NDArray[np.int64]) -> pa.Table:
        """Whole rows by their place, customer_id first."""
        import pyarrow as pa  # a made-up shop is painted without it

        names = ["customer_id", *(name for name in self.names if name != "customer_id")]
        return pa.table({name: self.read(name).take(pa.array(places)) for name in names})

    def ids(self, places: npt.NDArray[np.int64]) -> pa.Table:
        """customer_id of rows by their place."""
        import pyarrow as pa

        return pa.table({"customer_id": self.read("customer_id").take(pa.array(places))})

    def set_of(self, ids: pa.ChunkedArray) -> Words:
        """The set of the customers with these ids."""
        places = self.places(ids)
        return of_positions(places[places >= 0], self.count)

    def places(self, ids: pa.ChunkedArray) -> npt.NDArray[np.int64]:
        """The row of each of these ids; −1 for one that is not in the snapshot."""
        import pyarrow.compute as pc

        found = pc.index_in(ids, value_set=self.read("customer_id").combine_chunks())
        rows: npt.NDArray[np.int64] = pc.fill_null(found, -1).to_numpy().astype(np.int64)
        return rows

    def _packed(self, name: str) -> Column:
        if name not in self.readable:
            raise NotFound(f"There is no field {name} in {self.title}; there are {', '.join(self.names)}.")
        kept = self.files.load(name) if self.files is not None else None
        if kept is not None:
            return kept
        import pyarrow as pa

        from lifetide.explorer.studio.packing import column_of

        made = column_of(self.read(name), words_of(name))
        pa.default_memory_pool().release_unused()  # what was read is several times as large as what is kept
        if self.files is None or name not in self.names:  # who a customer is stays in the tables
            return made
        self.files.keep(name, made)
        return self.files.load(name) or made  # of a file, only the pages that are looked at take memory


def in_columns(
    columns: Mapping[str, Column], ids: Callable[[], pa.Array], title: str, as_of: date, note: str = ""
) -> Profiles:  # fmt: skip
    """Columns of customer_profiles that are packed already; `ids` says what the customers are called."""

    def read(name: str) -> pa.ChunkedArray:
        import pyarrow as pa

        from lifetide.explorer.studio.packing import arrow_of

        return pa.chunked_array([ids() if name == "customer_id" else arrow_of(columns[name])])

    count = next(iter(columns.values())).count
    readable = frozenset((*columns, "customer_id"))
    return Profiles(count, as_of, tuple(columns), readable, read, title, note, _columns=dict(columns))
