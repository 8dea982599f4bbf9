"""A few rows that the driver knows as a DataFrame, without a Python worker, and no rows without anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType

from lifetide.storage.conforming import struct_type
from lifetide.tables import Table


def given_columns(session: SparkSession, columns: Mapping[str, Any], types: str) -> DataFrame:
    """Rows from arrays of equal length by name; `types` names and types them as in SQL. NaN becomes null."""
    schema = StructType.fromDDL(types)
    assert isinstance(schema, StructType)
    wanted = to_arrow_schema(schema)
    arrays = [pyarrow.array(columns[field.name], field.type, from_pandas=True) for field in wanted]
    return session.createDataFrame(pyarrow.Table.from_arrays(arrays, schema=wanted), schema)


def given_rows(session: SparkSession, table: Table, rows: Iterable[Sequence[Any]]) -> DataFrame:
    """The rows, values in catalogue order. A plan over none of them folds away."""
    known = list(rows)
    if not known:
        columns = ", ".join(f"CAST(NULL AS {column.type}) AS `{column.name}`" for column in table.columns)
        return session.sql(f"SELECT {columns} WHERE false")
    return session.createDataFrame(given_table(table, known), struct_type(table))


def given_table(table: Table, rows: Iterable[Sequence[Any]]) -> pyarrow.Table:
    """The rows, values in catalogue order, as Arrow."""
    known = [dict(zip(table.column_names, row, strict=True)) for row in rows]
    return pyarrow.Table.from_pylist(known, to_arrow_schema(struct_type(table)))
