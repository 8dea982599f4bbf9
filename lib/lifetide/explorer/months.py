"""Calendar months back from a day."""

from __future__ import annotations

import calendar
from datetime import date

MONTHS_BACK = (1, 3, 6, 12)


def months_before(day: date, months: int) -> date:
    """That many calendar months earlier; the last day of a month that is shorter."""
    place = day.year * 12 + day.month - 1 - months
    year, month = divmod(place, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
