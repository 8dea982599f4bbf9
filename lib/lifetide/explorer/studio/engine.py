"""Audiences over a snapshot in memory: who is in, how many, and what they are like, all by counting bits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Protocol

import numpy as np

from lifetide.audiences.tree import Compare
from lifetide.audiences.words import Operator
from lifetide.explorer.studio.bins import Bins, bins_of, members_of_bins
from lifetide.explorer.studio.bits import BLOCK, WORD, Words, positions, size, unpacked
from lifetide.explorer.studio.columns import Coded, Column, Kind, Numeric
from lifetide.explorer.studio.conditions import CannotTell, who_meets
from lifetide.explorer.studio.leaves import of_codes
from lifetide.explorer.studio.sets import Sets
from lifetide.explorer.studio.slices import Slices

KEPT_BYTES = 384 << 20
MOST_SETS = 64  # words of a field; of more, one set each would not pay


class Source(Protocol):
    """Where columns come from, each read when it is first asked for."""

    count: int
    as_of: date
    names: tuple[str, ...]

    def column(self, name: str) -> Column:
        """The column; raises NotFound for a name that is not there."""

    def slices(self, name: str) -> Slices:
        """The digits of a column of whole numbers or money."""

    def has_slices(self, name: str) -> bool:
        """True where the digits are kept: then they are less to read than the values."""


class Engine(Sets):
    """Sets and figures of one snapshot whose columns are in memory."""

    def __init__(self, source: Source, kept_bytes: int = KEPT_BYTES) -> None:
        super().__init__(source.count, source.names, kept_bytes)
        self.source = source
        self._bins: dict[str, Bins] = {}
        self._slices: dict[str, Slices] = {}

    def compared(self, node: Compare, universe: Words) -> Words:
        """Who meets a comparison, from columns in memory."""
        column = self.source.column(node.field)
        other = None if node.other is None else self.source.column(node.other)
        return who_meets(node, column, other, universe, self.source.as_of)

    def line(self, node: Compare, universe: Words) -> Decimal | None:
        """The value that a rank has to reach; None where nobody has one."""
        column = self._numeric(node.field)
        values = column.values[positions(self.of_rule(node, universe), self.count)]
        if not len(values):
            return None
        at = values.max() if node.operator is Operator.BOTTOM_PERCENT else values.min()
        return Decimal(repr(float(at))) if column.kind is Kind.DOUBLE else Decimal(int(at)).scaleb(-column.scale)

    # What a set is like

    def labels(self, field: str) -> tuple[str, ...]:
        """The words of a field, in order."""
        return self._coded(field).labels

    def facets(self, field: str, members: Words) -> list[int]:
        """How many of `members` have each word of the field."""
        if len(self.labels(field)) > MOST_SETS:
            return self._counted(field, members)
        return [size(members & self._with_code(field, code)) for code in range(1, len(self.labels(field)) + 1)]

    def _counted(self, field: str, members: Words) -> list[int]:
        """The same in one pass over the codes, for a field of many words."""
        column = self._coded(field)
        found = np.zeros(len(column.labels) + 1, np.int64)
        for start in range(0, self.count, BLOCK):
            stop = min(self.count, start + BLOCK)
            inside = unpacked(members[start // WORD : -(-stop // WORD)], stop - start)
            found += np.bincount(column.codes[start:stop][inside], minlength=len(found))
        return [int(one) for one in found[1:]]

    def with_word(self, field: str, word: str) -> Words:
        """Who has the word in the field; nobody for a word that does not occur."""
        return self._with_code(field, self._coded(field).code(word) or -1)

    def bins(self, field: str) -> Bins:
        """The edges of a number's histogram."""
        if field not in self._bins:
            self._bins[field] = bins_of(self._numeric(field))
        return self._bins[field]

    def bars(self, field: str, members: Words) -> list[int]:
        """How many of `members` are in each bar."""
        bins = self.bins(field)
        keys = [(field, "bar", place) for place in range(bins.count)]
        if not all(key in self._kept for key in keys):
            for key, bar in zip(keys, members_of_bins(self._numeric(field), bins), strict=True):
                self._kept.put(key, bar)
        return [size(members & self._kept.get(key)) for key in keys]

    def total(self, field: str, members: Words, count: int) -> float:
        """Σ of a number over `members`, of whom there are `count`; exact to the cent."""
        return self._numeric(field).shown(self._units(field, members, count))

    def known(self, field: str, members: Words, count: int) -> int:
        """How many of `members`, of whom there are `count`, have a number in the field."""
        missing = self._numeric(field).missing
        return count if missing is None else size(members & ~missing)

    def amount(self, field: str, members: Words, count: int) -> Decimal:
        """The same of money or whole numbers, as an exact decimal."""
        return Decimal(self._units(field, members, count)).scaleb(-self._numeric(field).scale)

    def _units(self, field: str, members: Words, count: int) -> int:
        if field not in self._slices:
            column = self._numeric(field)
            if count == self.count and column.kind is not Kind.DOUBLE and not self.source.has_slices(field):
                return int(column.values.sum(dtype=np.int64))  # everybody: no digits are made for that
            self._slices[field] = self.source.slices(field)
        return self._slices[field].total(members, count)

    def _with_code(self, field: str, code: int) -> Words:
        return self._kept.of((field, code), lambda: of_codes(self._coded(field), [code]))

    def _coded(self, field: str) -> Coded:
        found = self.source.column(field)
        if not isinstance(found, Coded):
            raise CannotTell(f"{field} holds numbers, not words")
        return found

    def _numeric(self, field: str) -> Numeric:
        found = self.source.column(field)
        if not isinstance(found, Numeric):
            raise CannotTell(f"{field} holds words, not numbers")
        return found
