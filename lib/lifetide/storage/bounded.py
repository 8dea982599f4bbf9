"""The one door out of Spark: a few rows, never more than the caller says it can hold."""

from __future__ import annotations

from typing import Any

from pyspark.sql import DataFrame, Row

from lifetide.errors import LifetideError


def rows(df: DataFrame, *, at_most: int) -> list[Row]:
    """The rows of `df`. Raises LifetideError where there are more than `at_most`: never an unbounded collect."""
    taken = df.limit(at_most + 1).collect()
    if len(taken) > at_most:
        raise _too_many(df, at_most)
    return taken


def columns(df: DataFrame, *, at_most: int) -> dict[str, Any]:
    """The columns of `df` as arrays by name: for counts that grow with values, not with customers.

    Raises LifetideError where there are more than `at_most` rows.
    """
    found = few_columns(df, at_most=at_most)
    if found is None:
        raise _too_many(df, at_most)
    return found


def few_columns(df: DataFrame, *, at_most: int) -> dict[str, Any] | None:
    """The columns of `df` as arrays by name; None where there are more rows, for a caller who then asks for fewer."""
    table = df.limit(at_most + 1).toArrow()
    if table.num_rows > at_most:
        return None
    return {name: table.column(name).to_numpy() for name in table.column_names}


def arrow(df: DataFrame, *, at_most: int) -> Any:
    """The rows of `df` as an Arrow table: for what a person opens in a notebook, one row per customer.

    Raises LifetideError where there are more than `at_most` rows.
    """
    table = df.limit(at_most + 1).toArrow()
    if table.num_rows > at_most:
        raise _too_many(df, at_most)
    return table


def _too_many(df: DataFrame, at_most: int) -> LifetideError:
    return LifetideError(
        f"A result has more than {at_most:,} rows, which is more than the driver was promised "
        f"(columns {', '.join(df.columns[:6])}); this is a fault of Lifetide, please report it."
    )
