"""Arrays that become rows, without a function per element where there is a native expression.

`explode_outer` keeps Spark from inferring a filter on the array, which would compute the whole array twice; where
an array may be null or empty, the caller drops the row that comes of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column
from pyspark.sql import functions as F


def numbers(values: Sequence[float]) -> Column:
    """An array of doubles as one constant: a short expression however many values there are."""
    return F.split(F.lit(",".join(repr(float(value)) for value in values)), ",").cast("array<double>")


def run_of(first: int, last: Column) -> Column:
    """The whole numbers from first to last; null where last is below first (`sequence` would count down)."""
    return F.when(last >= first, F.sequence(F.lit(first), last))


def each_of(first: int, last: Column) -> Column:
    """A row for each whole number from first to last; one row with null where last is below first."""
    return F.explode_outer(run_of(first, last))


def each_present(always: Column, *others: tuple[Column, Column]) -> Column:
    """A row for `always`, and one for each further value whose condition (the first of the pair) is true."""
    optional = (F.array_repeat(value, F.coalesce(is_so, F.lit(False)).cast("int")) for is_so, value in others)
    return F.explode_outer(F.concat(F.array(always), *optional))
