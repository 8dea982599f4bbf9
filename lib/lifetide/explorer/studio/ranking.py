"""The value at a place in the order of very many, found without holding them: sixteen binary digits in each pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from lifetide.explorer.studio.columns import Kind, Numeric

Keys = npt.NDArray[np.uint64]
DIGITS = 16
TOP = np.uint64(1 << 63)


def keys_of(column: Numeric, inside: npt.NDArray[np.bool_]) -> Keys:
    """Numbers of the rows inside as unsigned integers in the same order."""
    values: npt.NDArray[Any] = column.values[inside]
    if column.kind is not Kind.DOUBLE:
        whole: Keys = values.astype(np.int64).view(np.uint64) ^ TOP
        return whole
    bits = (values.astype(np.float64) + 0.0).view(np.uint64)  # + 0.0: the two zeros are one
    return np.where(bits & TOP, ~bits, bits | TOP)


def number_of(key: int, kind: Kind, scale: int) -> Decimal:
    """The number that a key stands for."""
    word = np.array([key], np.uint64)
    if kind is not Kind.DOUBLE:
        return Decimal(int((word ^ TOP).view(np.int64)[0])).scaleb(-scale)
    bits = np.where(word & TOP, word ^ TOP, ~word)
    return Decimal(repr(float(bits.view(np.float64)[0])))


def key_at(passes: Callable[[], Iterable[Keys]], place: Callable[[int], int | None]) -> int | None:
    """The key at `place(how many there are)`, 0 = the smallest; four passes over all. None where none is asked."""
    found, left = 0, 0
    for step in range(64 // DIGITS):
        counts = _counts(passes(), found, step)
        if step == 0:
            asked = place(int(counts.sum()))
            if asked is None:
                return None
            left = asked
        ends = np.cumsum(counts)
        digit = int(np.searchsorted(ends, left, side="right"))
        left -= int(ends[digit] - counts[digit])
        found = found << DIGITS | digit
    return found


def _counts(keys: Iterable[Keys], found: int, step: int) -> npt.NDArray[np.int64]:
    """How many keys that begin with the digits found so far go on with each next one."""
    shift = np.uint64(64 - DIGITS * (step + 1))
    counts = np.zeros(1 << DIGITS, np.int64)
    for some in keys:
        begun = some if step == 0 else some[some >> (shift + np.uint64(DIGITS)) == np.uint64(found)]
        digits = (begun >> shift) & np.uint64((1 << DIGITS) - 1)
        counts += np.bincount(digits.astype(np.int64), minlength=1 << DIGITS)
    return counts
