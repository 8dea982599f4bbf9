"""One condition on one column → the set of customers who meet it.

Two-valued, as audience rules are: a comparison with a missing value is false, a negative operator is true on it
(`nulls: exclude` turns that off). So a negative operator is the complement of its positive one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from lifetide.explorer.studio.bits import Words, nobody, packed
from lifetide.explorer.studio.columns import Coded, Numeric

FEW = 4  # codes; up to so many a pass each is quicker than a table


def of_codes(column: Coded, wanted: Sequence[int]) -> Words:
    """Customers whose code is one of `wanted`."""
    codes, count = column.codes, column.count
    ordered = sorted(set(wanted))
    if not ordered:
        return nobody(count)
    low, high = ordered[0], ordered[-1]
    if low == high:
        return packed(count, lambda part: codes[part] == low)
    if high - low + 1 == len(ordered):
        return packed(count, lambda part: (codes[part] >= low) & (codes[part] <= high))
    if len(ordered) <= FEW:
        return packed(count, lambda part: _any_of(codes[part], ordered))
    table = np.zeros(len(column.labels) + 1, np.bool_)
    table[ordered] = True
    return packed(count, lambda part: table[codes[part]])


def with_label(column: Coded, is_met: Callable[[str], bool]) -> Words:
    """Customers whose label meets a test; each label is tried once, not each customer."""
    return of_codes(column, [code for code, label in enumerate(column.labels, start=1) if is_met(label)])


def missing(column: Coded | Numeric) -> Words:
    """Customers of whom the value is not known."""
    if isinstance(column, Coded):
        return of_codes(column, [0])
    return nobody(column.count) if column.missing is None else column.missing


def at_least(column: Numeric, value: Decimal, *, strictly: bool = False) -> Words:
    """Value ≤ number, or value < number."""
    limit = column.floor(value) if strictly else column.ceiling(value)
    values = column.values
    if strictly:
        return _known(column, lambda part: values[part] > limit)
    return _known(column, lambda part: values[part] >= limit)


def at_most(column: Numeric, value: Decimal, *, strictly: bool = False) -> Words:
    """Number ≤ value, or number < value."""
    limit = column.ceiling(value) if strictly else column.floor(value)
    values = column.values
    if strictly:
        return _known(column, lambda part: values[part] < limit)
    return _known(column, lambda part: values[part] <= limit)


def between(column: Numeric, low: Decimal, high: Decimal) -> Words:
    """Low ≤ number ≤ high, in one pass."""
    values, first, last = column.values, column.ceiling(low), column.floor(high)
    return _known(column, lambda part: (values[part] >= first) & (values[part] <= last))


def one_of(column: Numeric, wanted: Sequence[Decimal]) -> Words:
    """Customers whose number is one of `wanted`; one that cannot be stored is nobody's."""
    values = column.values
    exact = [column.floor(one) for one in wanted if column.floor(one) == column.ceiling(one)]
    if not exact:
        return nobody(column.count)
    return _known(column, lambda part: _any_of(values[part], exact))


def _any_of(values: npt.NDArray[np.generic], wanted: Sequence[float]) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = values == wanted[0]
    for one in wanted[1:]:
        found |= values == one
    return found


def _known(column: Numeric, rows: Callable[[slice], npt.NDArray[np.bool_]]) -> Words:
    found = packed(column.count, rows)
    return found if column.missing is None else found & ~column.missing
