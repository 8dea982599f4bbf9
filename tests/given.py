"""Tables as a person types them: the catalogue gives types, and the columns that were left out."""

from __future__ import annotations

from chispa import assert_df_equality
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lifetide.tables import Table

NOTHING = ("", "·")


def given(spark: SparkSession, table: Table, text: str, **everywhere: str) -> DataFrame:
    """The rows of `text` with all columns of `table`; those nobody typed are null.

    The first line names columns, separated by |; an empty cell or · is null. `everywhere` fills a column in all rows.
    """
    typed = wanted(spark, table, text, **everywhere)
    return typed.select(
        *(
            (F.col(column.name) if column.name in typed.columns else F.lit(None).cast(column.type)).alias(column.name)
            for column in table.columns
        )
    )


def wanted(spark: SparkSession, table: Table, text: str, **everywhere: str) -> DataFrame:
    """The rows of `text` with the columns that it names, in the catalogue's types: what `same_rows` compares."""
    header, *lines = [_cells(line) for line in text.strip().splitlines() if line.strip()]
    names = [*header, *everywhere]
    problems = [f"{name} is not a column of {table.name}" for name in names if name not in table.column_names]
    problems += [f"{name} is named twice" for name in sorted(set(names)) if names.count(name) > 1]
    problems += [
        f"row {number} has {len(cells)} cells for {len(header)} columns"
        for number, cells in enumerate(lines, start=1)
        if len(cells) != len(header)
    ]
    if problems:
        raise ValueError("; ".join(problems))
    rows = [tuple(None if cell in NOTHING else cell for cell in [*cells, *everywhere.values()]) for cells in lines]
    texts = spark.createDataFrame(rows, ", ".join(f"`{name}` string" for name in names))
    return texts.select(*(_parsed(name, table.column(name).type).alias(name) for name in names))


def same_rows(actual: DataFrame, expected: DataFrame) -> None:
    """The same rows, in any order, in the columns that `expected` has."""
    assert_df_equality(actual.select(*expected.columns), expected, ignore_row_order=True, ignore_nullable=True)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def _parsed(name: str, type_: str) -> Column:
    """Nested types are typed as JSON."""
    if type_.startswith(("array", "map", "struct")):
        return F.from_json(name, type_, {"mode": "FAILFAST"})
    return F.col(name).cast(type_)
