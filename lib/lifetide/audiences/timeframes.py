"""Stretches of local dates, as a rule says them and as as_of makes them. Both ends are in.

The last n days are as_of - (n - 1) to as_of; the last n months begin the day after the same day of the month n
months ago (or that month's last day). The next n days begin on the day after as_of, since as_of is over. Weeks begin
on Monday. between_ago 30 to 90 days: from as_of - 90 to as_of - 30.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from lifetide.audiences.words import TimeMode, Unit

Bounds = tuple[date | None, date | None]
"""First and last local date, both in; None = open."""

MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """A stretch of time, such as 90 days."""

    quantity: int
    unit: Unit


@dataclass(frozen=True)
class Timeframe:
    """Which local dates count.

    `span` for in_the_last, before_the_last and in_the_next; `first` and `last` for between; `span` is the farther
    and `nearer` the nearer end of between_ago.
    """

    mode: TimeMode
    span: Span | None = None
    nearer: Span | None = None
    first: date | None = None
    last: date | None = None

    def bounds(self, as_of: date) -> Bounds:
        """The dates seen from as_of."""
        if self.mode is TimeMode.ANY_TIME:
            return None, None
        if self.mode is TimeMode.BETWEEN:
            return self.first, self.last
        if self.span is not None:
            return self._of_span(self.span, as_of)
        when, unit = str(self.mode).split("_")
        first = period_start(as_of, Unit(unit))
        if when == "this":
            return first, shifted(first, Span(1, Unit(unit))) - DAY
        return shifted(first, Span(-1, Unit(unit))), first - DAY

    def _of_span(self, span: Span, as_of: date) -> Bounds:
        ago = shifted(as_of, Span(-span.quantity, span.unit))
        if self.mode is TimeMode.IN_THE_LAST:
            return ago + DAY, as_of
        if self.mode is TimeMode.BEFORE_THE_LAST:
            return None, ago
        if self.mode is TimeMode.IN_THE_NEXT:
            return as_of + DAY, shifted(as_of, span)
        nearer = self.nearer or Span(0, span.unit)
        return ago, shifted(as_of, Span(-nearer.quantity, nearer.unit))


def shifted(day: date, span: Span) -> date:
    """The day so much later (earlier where negative); a day that its month lacks becomes the month's last.

    Days beyond the calendar of dates become its first or last day.
    """
    try:
        if span.unit is Unit.DAY:
            return day + timedelta(days=span.quantity)
        if span.unit is Unit.WEEK:
            return day + timedelta(weeks=span.quantity)
        months = day.year * 12 + day.month - 1 + span.quantity * MONTHS[span.unit]
        year, month = divmod(months, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError, calendar.IllegalMonthError):
        return date.min if span.quantity < 0 else date.max


def period_start(day: date, unit: Unit) -> date:
    """First day of the week (Monday), month, quarter or year that the day lies in."""
    if unit is Unit.WEEK:
        return day - timedelta(days=day.weekday())
    if unit is Unit.DAY:
        return day
    months = MONTHS[unit]
    return date(day.year, (day.month - 1) // months * months + 1, 1)
