"""Proves that rows have the columns and types of their table, and lists every difference at once."""

from __future__ import annotations

from functools import cache

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from lifetide.errors import ContractError
from lifetide.tables import Table

_SPELLINGS = {"bigint": "bigint", "long": "bigint", "integer": "int", "int": "int"}


def ddl(table: Table) -> str:
    """The table's columns as Spark SQL, in catalogue order."""
    return ", ".join(f"`{column.name}` {column.type}" for column in table.columns)


@cache
def struct_type(table: Table) -> StructType:
    """The same as a type of Spark's."""
    types = StructType.fromDDL(ddl(table))
    assert isinstance(types, StructType)
    return types


def conform(df: DataFrame, table: Table) -> DataFrame:
    """`df` with exactly the table's columns in catalogue order. Raises ContractError naming all differences."""
    found = {name: _SPELLINGS.get(type_, type_) for name, type_ in df.dtypes}
    problems = [
        f"{column.name}: missing, wanted {column.type}" for column in table.columns if column.name not in found
    ]
    problems += [f"{name}: not a column of {table.name}" for name in found if name not in table.column_names]
    problems += [
        f"{column.name}: is {found[column.name]}, wanted {column.type}"
        for column in table.columns
        if column.name in found and found[column.name] != column.type
    ]
    if problems:
        raise ContractError(f"The rows for {table.name} do not fit the catalogue; nothing was written:", problems)
    return df.select(*(F.col(f"`{column.name}`") for column in table.columns))
