"""The customer base on a day, and active customers some months ago."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from lifetide.explorer.months import MONTHS_BACK, months_before

GROWTH_COLUMNS = ("date", "new_count", "active_count", "slipping_away_count", "lost_count", "just_ordered_count")


@dataclass(frozen=True)
class GrowthDay:
    """The customer base at the end of a local date; `just_ordered` is an "of which" of `active`."""

    date: date
    new: int
    active: int
    slipping_away: int
    lost: int
    just_ordered: int = 0

    @property
    def base(self) -> int:
        """Everybody who had bought by then."""
        return self.new + self.active + self.slipping_away + self.lost


@dataclass(frozen=True)
class ActiveThen:
    """Active customers some calendar months before as_of; None where the shop had no order yet."""

    months_ago: int
    date: date
    active: int | None


def growth_day(row: Any) -> GrowthDay:
    """A row of base_growth."""
    return GrowthDay(*(row[name] for name in GROWTH_COLUMNS))


def active_then(growth: Iterable[GrowthDay], as_of: date) -> tuple[ActiveThen, ...]:
    """Active customers on the days that as_of is compared with."""
    by_date = {day.date: day.active for day in growth}
    then = [(months, months_before(as_of, months)) for months in MONTHS_BACK]
    return tuple(ActiveThen(months, day, by_date.get(day)) for months, day in then)
