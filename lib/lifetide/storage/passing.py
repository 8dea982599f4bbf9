"""Counts that are taken while rows pass by on their way to be written, so that nothing is read twice for them."""

from __future__ import annotations

from functools import cached_property

from pyspark.sql import Column, DataFrame, Observation

from lifetide.storage.bounded import rows as bounded_rows


class Counted:
    """Rows and what is to be counted of them: write what comes of `passing`, then ask with `told`."""

    def __init__(self, rows: DataFrame, /, **counts: Column) -> None:
        self._rows, self._seen = rows, Observation()
        self._counts = [count.alias(name) for name, count in counts.items()]
        self._names = frozenset(counts)

    @cached_property
    def passing(self) -> DataFrame:
        """The rows; once."""
        return self._rows.observe(self._seen, *self._counts)

    def told(self, written: DataFrame | None = None) -> dict[str, int]:
        """The counts by name, after `passing` was written.

        Spark Connect's server waits a tenth of a second for what was observed, then tells nothing of it: what was
        lost is counted over `written`, the same rows as they are stored, or over the rows themselves.
        """
        seen = self._seen.get
        if not self._names <= seen.keys():
            again = self._rows if written is None else written
            seen = bounded_rows(again.agg(*self._counts), at_most=1)[0].asDict()
        return {name: int(seen[name]) for name in self._names}
