from __future__ import annotations

from datetime import date

from lifetide.metrics.periods import days_of, months_until, quarters_until


def test_there_are_twelve_whole_months_and_the_current_one_up_to_as_of():
    months = months_until(date(2024, 2, 29))
    assert len(months) == 13
    assert (months[0].first, months[0].last, months[0].eve) == (
        date(2023, 2, 1),
        date(2023, 2, 28),
        date(2023, 1, 31),
    )
    assert (months[-1].first, months[-1].last, months[-1].days) == (date(2024, 2, 1), date(2024, 2, 29), 29)


def test_a_month_that_has_just_begun_ends_with_as_of():
    assert (months_until(date(2026, 1, 1))[-1].first, months_until(date(2026, 1, 1))[-1].days) == (
        date(2026, 1, 1),
        1,
    )


def test_quarters_are_calendar_quarters_and_the_current_one_is_cut_at_as_of():
    quarters = quarters_until(date(2011, 12, 9))
    assert [str(one.first) for one in quarters] == ["2011-01-01", "2011-04-01", "2011-07-01", "2011-10-01"]
    assert (quarters[0].last, quarters[-1].last) == (date(2011, 3, 31), date(2011, 12, 9))


def test_neighbouring_periods_share_the_day_between_them():
    assert len(days_of(months_until(date(2026, 6, 15)))) == 14
