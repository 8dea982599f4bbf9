"""Sets of customers as packed bits: one bit per customer, 64 to a word, the spare bits of the last word 0."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]
Rows = Callable[[slice], npt.NDArray[np.bool_]]
"""True or false for each row of a slice."""

BLOCK = 1 << 16  # rows; a block of booleans stays in the processor's cache. A multiple of 64
WORD = 64


def packed(count: int, rows: Rows) -> Words:
    """The set of the rows for which `rows` is true, computed block by block."""
    words = np.zeros(-(-count // WORD), np.uint64)
    as_bytes = words.view(np.uint8)
    for start in range(0, count, BLOCK):
        bits = np.packbits(rows(slice(start, min(count, start + BLOCK))), bitorder="little")
        as_bytes[start >> 3 : (start >> 3) + len(bits)] = bits
    return words


def everyone(count: int) -> Words:
    """The set of all rows."""
    words = np.full(-(-count // WORD), np.uint64(0xFFFF_FFFF_FFFF_FFFF))
    if count % WORD:
        words[-1] = np.uint64((1 << (count % WORD)) - 1)
    return words


def nobody(count: int) -> Words:
    """The empty set."""
    return np.zeros(-(-count // WORD), np.uint64)


def size(words: Words) -> int:
    """How many rows are in the set."""
    return int(np.bitwise_count(words).sum(dtype=np.int64))


def unpacked(words: Words, count: int) -> npt.NDArray[np.bool_]:
    """One boolean per row."""
    return np.unpackbits(words.view(np.uint8), count=count, bitorder="little").view(np.bool_)


def positions(words: Words, count: int) -> npt.NDArray[np.int64]:
    """The row numbers in the set, ascending."""
    return np.flatnonzero(unpacked(words, count))


def of_positions(found: npt.NDArray[np.int64], count: int) -> Words:
    """The set that holds the given rows."""
    flags = np.zeros(count, np.bool_)
    flags[found] = True
    return of_flags(flags)


def of_flags(flags: npt.NDArray[np.bool_]) -> Words:
    """The set of the rows whose flag is true."""
    return packed(len(flags), lambda part: flags[part])
