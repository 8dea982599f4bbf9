"""How many rows fulfil a condition."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F


def count_where(condition: Column) -> Column:
    """The rows of which it is true.

    `count_if` says the same; Spark 4.1 plans it as an expression that is named and used twice, and of two hundred
    conditions a count took twice the time.
    """
    return F.count(F.when(condition, F.lit(1)))
