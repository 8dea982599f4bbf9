"""Dates that a timeframe means, typed by a person; local dates of instants in three zones against Python's own."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from pyspark.sql import functions as F

from lifetide.audiences.timeframes import Span, Timeframe
from lifetide.audiences.words import TimeMode, Unit
from lifetide.events.instants import local_date

SAID = [
    # mode, quantity, unit, as_of, first, last
    ("in_the_last", 90, "day", "2024-03-31", "2024-01-02", "2024-03-31"),
    ("in_the_last", 1, "day", "2024-03-31", "2024-03-31", "2024-03-31"),
    ("in_the_last", 1, "week", "2024-03-31", "2024-03-25", "2024-03-31"),
    ("in_the_last", 1, "month", "2024-03-31", "2024-03-01", "2024-03-31"),
    ("in_the_last", 1, "month", "2023-03-30", "2023-03-01", "2023-03-30"),
    ("in_the_last", 1, "year", "2024-02-29", "2023-03-01", "2024-02-29"),
    ("in_the_last", 1, "year", "2025-02-28", "2024-02-29", "2025-02-28"),
    ("before_the_last", 1, "month", "2024-03-31", None, "2024-02-29"),
    ("in_the_next", 7, "day", "2024-02-28", "2024-02-29", "2024-03-06"),
    ("in_the_next", 1, "month", "2024-01-31", "2024-02-01", "2024-02-29"),
    ("this_week", None, None, "2024-03-31", "2024-03-25", "2024-03-31"),
    ("last_week", None, None, "2024-03-31", "2024-03-18", "2024-03-24"),
    ("this_month", None, None, "2024-02-10", "2024-02-01", "2024-02-29"),
    ("last_month", None, None, "2024-03-31", "2024-02-01", "2024-02-29"),
    ("this_quarter", None, None, "2024-05-01", "2024-04-01", "2024-06-30"),
    ("last_quarter", None, None, "2024-01-15", "2023-10-01", "2023-12-31"),
    ("this_year", None, None, "2024-12-31", "2024-01-01", "2024-12-31"),
    ("last_year", None, None, "2024-01-01", "2023-01-01", "2023-12-31"),
    ("any_time", None, None, "2024-01-01", None, None),
]  # fmt: skip


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@pytest.mark.parametrize(("mode", "quantity", "unit", "as_of", "first", "last"), SAID)
def test_the_dates_of_a_timeframe(mode, quantity, unit, as_of, first, last) -> None:
    span = None if quantity is None else Span(quantity, Unit(unit))
    seen = date.fromisoformat(as_of)
    assert Timeframe(TimeMode(mode), span).bounds(seen) == (day(first), day(last))


def test_thirty_to_ninety_days_ago() -> None:
    ago = Timeframe(TimeMode.BETWEEN_AGO, Span(90, Unit.DAY), Span(30, Unit.DAY))
    assert ago.bounds(date(2024, 3, 31)) == (date(2024, 1, 1), date(2024, 3, 1))


ZONES = ("Europe/London", "America/New_York", "Pacific/Apia")
TURNS = (
    "2011-03-27",
    "2011-10-30",
    "2024-03-10",
    "2024-11-03",
    "2024-02-29",
    "2011-12-30",
    "2023-12-31",
    "2024-06-30",
)


def test_local_dates_around_turned_clocks_month_ends_and_leap_days_are_those_of_python(spark) -> None:
    """Apia left out 30 December 2011 altogether."""
    instants = [
        datetime.fromisoformat(turn).replace(tzinfo=timezone.utc) + timedelta(minutes=30 * step)
        for turn in TURNS
        for step in range(-60, 108)
    ]
    rows = spark.createDataFrame([(one,) for one in instants], "at timestamp")
    found = rows.select("at", *(local_date(F.col("at"), zone).alias(zone) for zone in ZONES)).collect()
    seen = {zone: sorted(row[zone] for row in found) for zone in ZONES}
    assert seen == {zone: sorted(one.astimezone(ZoneInfo(zone)).date() for one in instants) for zone in ZONES}
