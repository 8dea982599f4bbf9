"""Instants and local dates. A timestamp without zone is the shop's wall clock. The session's zone must be UTC."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

_ENDS_WITH_ZONE = r"(?i)\d(Z|UTC|GMT|[+-]\d{2}(:?\d{2})?)$"


def instant(column: Column, type_: str, timezone: str) -> Column:
    """The instant (timestamp) that `column` of Spark type `type_` names; null where it names none.

    Texts with a zone or offset are instants, texts without are the shop's wall clock, dates its midnight.
    """
    if type_ == "timestamp":
        return column
    if type_ in ("timestamp_ntz", "date"):
        return _from_wall_clock(column.cast("timestamp_ntz"), timezone)
    text = F.trim(column.cast("string"))
    has_zone = text.rlike(_ENDS_WITH_ZONE) & text.contains(":")
    without_zone = _from_wall_clock(text.try_cast("timestamp_ntz"), timezone)
    return F.when(has_zone, text.try_cast("timestamp")).otherwise(without_zone)


def local_date(at: Column, timezone: str) -> Column:
    """The shop's calendar date of an instant."""
    return F.from_utc_timestamp(at, timezone).cast("date")


def _from_wall_clock(wall: Column, timezone: str) -> Column:
    return F.to_utc_timestamp(wall.cast("timestamp"), timezone)
