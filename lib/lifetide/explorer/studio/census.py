"""Exact sets over a snapshot that is too large to hold: its files are read a block at a time for each condition, and
one bit per customer stays. What was read for one condition is not read again while its bits are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pyarrow as pa

from lifetide.audiences.tree import Compare
from lifetide.audiences.words import RANKS, Operator
from lifetide.errors import LifetideError, NotFound
from lifetide.explorer.studio.bits import BLOCK, WORD, Words, everyone, nobody, positions, unpacked
from lifetide.explorer.studio.columns import Coded, Column, Numeric, words_of
from lifetide.explorer.studio.conditions import CannotTell, place_of_line, who_meets
from lifetide.explorer.studio.leaves import of_codes
from lifetide.explorer.studio.packing import column_of
from lifetide.explorer.studio.ranking import Keys, key_at, keys_of, number_of
from lifetide.explorer.studio.sets import Sets

KEPT_BYTES = 256 << 20
ROWS = 4 * BLOCK  # of a block; a multiple of the 64 of a word
Blocks = Callable[[list[str], int], Iterator[pa.Table]]
"""Columns of all rows, in the same order each time: so many rows at a time, the last block what is left."""


@dataclass(frozen=True)
class Whole:
    """All rows of a snapshot, where they lie."""

    count: int
    as_of: date
    names: tuple[str, ...]
    readable: frozenset[str]
    blocks: Blocks


class Dropped(LifetideError):
    """Nobody waits for it any more."""


class Census(Sets):
    """Sets of everybody. `goes_on` is asked before each block; where it says no, Dropped is raised."""

    def __init__(self, whole: Whole, kept_bytes: int = KEPT_BYTES) -> None:
        super().__init__(whole.count, whole.names, kept_bytes)
        self.whole = whole
        self.goes_on: Callable[[], bool] = lambda: True

    def with_word(self, field: str, word: str) -> Words:
        """Who has the word in the field; nobody for a word that does not occur."""

        def found(columns: list[Column], rows: int) -> Words:
            column = columns[0]
            if not isinstance(column, Coded):
                raise CannotTell(f"{field} holds numbers, not words")
            code = column.code(word)
            return nobody(rows) if code is None else of_codes(column, [code])

        return self._kept.of((field, word), lambda: self._passed([field], found))

    def compared(self, node: Compare, universe: Words) -> Words:
        """Who meets a comparison, in one pass over its columns; a rank takes four more over its own."""
        if node.operator in RANKS:
            at = self.line(node, universe)
            if at is None:
                return nobody(self.count)
            is_low = node.operator is Operator.BOTTOM_PERCENT
            node = replace(node, operator=Operator.AT_MOST if is_low else Operator.AT_LEAST, value=at)
            return self.of_rule(node, universe) & universe
        names = [node.field] if node.other is None else [node.field, node.other]

        def found(columns: list[Column], rows: int) -> Words:
            return who_meets(node, columns[0], columns[-1] if node.other else None, everyone(rows), self.whole.as_of)

        return self._passed(names, found)

    def line(self, node: Compare, universe: Words) -> Decimal | None:
        """The value that a rank has to reach; None where nobody has one."""
        column = self._numeric(next(self._blocks([node.field]))[1][0], node.field)

        def keys() -> Iterator[Keys]:
            for place, columns, rows in self._blocks([node.field]):
                one = self._numeric(columns[0], node.field)
                inside = universe[place : place - (-rows // WORD)]
                yield keys_of(one, unpacked(inside if one.missing is None else inside & ~one.missing, rows))

        rank = node.value
        assert isinstance(rank, Decimal)
        found = key_at(keys, lambda there: place_of_line(node.operator, rank, there))
        return None if found is None else number_of(found, column.kind, column.scale)

    def rows(self, members: Words, names: list[str]) -> pa.Table:
        """Whole rows of a set, which has to fit into memory."""
        found = []
        for number, block in enumerate(self.whole.blocks(names, ROWS)):
            place = number * ROWS // WORD
            here = members[place : place - (-block.num_rows // WORD)]
            found.append(block.take(pa.array(positions(here, block.num_rows))))
        return pa.concat_tables(found)

    def _passed(self, names: list[str], found: Callable[[list[Column], int], Words]) -> Words:
        words = nobody(self.count)
        for place, columns, rows in self._blocks(names):
            part = found(columns, rows)
            words[place : place + len(part)] = part
        return words

    def _blocks(self, names: list[str]) -> Iterator[tuple[int, list[Column], int]]:
        """The first word, the packed columns and the number of rows of each block."""
        unknown = [name for name in names if name not in self.whole.readable]
        if unknown:
            raise NotFound(f"There is no field {unknown[0]}; there are {', '.join(self.names)}.")
        for number, block in enumerate(self.whole.blocks(names, ROWS)):
            if not self.goes_on():
                raise Dropped("a newer question was asked")
            columns = [column_of(block.column(name), words_of(name)) for name in names]
            yield number * ROWS // WORD, columns, block.num_rows

    def _numeric(self, column: Column, name: str) -> Numeric:
        if not isinstance(column, Numeric):
            raise CannotTell(f"{name} holds words, not numbers")
        return column
