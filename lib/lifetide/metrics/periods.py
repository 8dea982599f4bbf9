"""Calendar months and quarters, and the days on which one asks where everybody stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pyspark.sql import Column
from pyspark.sql import functions as F

from lifetide.vocabulary import PeriodKind

MONTHS = 13
"""Twelve whole months and the current one."""
YEAR_MONTHS = 12


@dataclass(frozen=True)
class Period:
    """A month or quarter; `last` is as_of in the current one. `months` = its calendar months, counted from year 0."""

    kind: PeriodKind
    first: date
    last: date

    @property
    def eve(self) -> date:
        """The day before it begins: where everybody stands at its start."""
        return self.first - timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def months(self) -> tuple[int, int]:
        """First and last calendar month."""
        return month_number(self.first), month_number(self.last)


def month_number(day: date) -> int:
    """Calendar months since year 0."""
    return day.year * 12 + day.month - 1


def months_until(as_of: date) -> list[Period]:
    """The twelve whole months before that of as_of, and its own up to as_of, oldest first."""
    now = month_number(as_of)
    return [_period(PeriodKind.MONTH, number, 1, as_of) for number in range(now - MONTHS + 1, now + 1)]


def quarters_until(as_of: date) -> list[Period]:
    """The calendar quarters that lie in those months, and the current one up to as_of, oldest first."""
    now = month_number(as_of)
    starts = [number for number in range(now - MONTHS + 1, now + 1) if number % 3 == 0]
    return [_period(PeriodKind.QUARTER, number, 3, as_of) for number in starts]


def periods_until(as_of: date) -> list[Period]:
    """Both, months first."""
    return [*months_until(as_of), *quarters_until(as_of)]


def days_of(periods: Sequence[Period]) -> list[date]:
    """The eves and the last days of the periods, ascending."""
    return sorted({day for period in periods for day in (period.eve, period.last)})


def each(periods: Sequence[Period]) -> Column:
    """The periods as structs, to be exploded as `span`: kind, first, last, eve, days, first_month, last_month."""
    return F.array(
        *(
            F.struct(
                F.lit(str(one.kind)).alias("kind"),
                F.lit(one.first).alias("first"),
                F.lit(one.last).alias("last"),
                F.lit(one.eve).alias("eve"),
                F.lit(one.days).alias("days"),
                F.lit(one.months[0]).alias("first_month"),
                F.lit(one.months[1]).alias("last_month"),
            )
            for one in periods
        )
    )


def _period(kind: PeriodKind, number: int, months: int, as_of: date) -> Period:
    end = number + months
    last = date(end // 12, end % 12 + 1, 1) - timedelta(days=1)
    return Period(kind, date(number // 12, number % 12 + 1, 1), min(last, as_of))
