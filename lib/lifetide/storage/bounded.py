"""The one door out of Spark: a few rows, never more than the caller says it can hold."""

from __future__ import annotations

from pyspark.sql import DataFrame, Row

from lifetide.errors import LifetideError


def rows(df: DataFrame, *, at_most: int) -> list[Row]:
    """The rows of `df`. Raises LifetideError where there are more than `at_most`: never an unbounded collect."""
    taken = df.limit(at_most + 1).collect()
    if len(taken) > at_most:
        raise LifetideError(
            f"A result has more than {at_most:,} rows, which is more than the driver was promised "
            f"(columns {', '.join(df.columns[:6])}); this is a fault of Lifetide, please report it."
        )
    return taken
