"""A source as the settings map it: canonical columns, each a SQL expression over the source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

IS_KEPT = "_is_kept"
CHANGES = ("_change_type", "_commit_version", "_commit_timestamp")
"""What a change feed says beside the row itself."""


def mapped(raw: DataFrame, columns: Mapping[str, str], canonical: Sequence[str], where: str | None) -> DataFrame:
    """One row per source row: the canonical columns (null where not mapped), `_is_kept`, and a feed's CHANGES.

    `_is_kept` is false where the mapping's `where` is false or null; such rows are counted, not read on.
    """
    kept = F.lit(True) if where is None else F.coalesce(F.expr(where).cast("boolean"), F.lit(False))
    chosen = [
        (F.expr(columns[name]) if name in columns else F.lit(None).cast("string")).alias(name) for name in canonical
    ]
    told = [F.col(name) for name in CHANGES if name in raw.columns]
    return raw.select(*chosen, kept.alias(IS_KEPT), *told)


def unreadable_expressions(raw: DataFrame, columns: Mapping[str, str], where: str | None) -> list[tuple[str, str]]:
    """(key, why) of each expression that does not parse or does not fit the source's columns."""
    expressions = {f"columns.{name}": sql for name, sql in columns.items()}
    if where is not None:
        expressions["where"] = where
    found = []
    for key, sql in expressions.items():
        try:
            _ = raw.select(F.expr(sql)).schema
        except Exception as error:  # noqa: BLE001 - Spark and Spark Connect raise different families
            found.append((key, _first_line(error)))
    return found


def _first_line(error: Exception) -> str:
    text = str(error).strip().splitlines()
    return text[0] if text else type(error).__name__
