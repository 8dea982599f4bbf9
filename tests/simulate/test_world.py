from __future__ import annotations

from datetime import date

import pytest

from lifetide.errors import UsageError
from lifetide.simulate.catalogue import popularity
from lifetide.simulate.season import season
from lifetide.simulate.world import Plan, World

TWO_YEARS = (date(2024, 1, 1), date(2025, 12, 31))


def test_both_ends_of_a_plan_count() -> None:
    assert Plan(1, date(2024, 1, 1), date(2024, 1, 30), 1).days == 30
    assert Plan(1, *TWO_YEARS, 1).days == 731


def test_everything_that_is_wrong_is_told_at_once() -> None:
    world = World(guest_share=1.5, season_amplitude=1.0, visit_days=0.0, dropout_a=0)
    with pytest.raises(UsageError) as refused:
        Plan(0, date(2025, 1, 1), date(2024, 1, 1), 1, world, currencies=("EUR", "gbp"))
    assert refused.value.problems == (
        "guest_share is a share, it is 1.5",
        "visit_days must be above 0, it is 0.0",
        "shapes must be 1 or more",
        "season_amplitude must be between 0 and 0.9, it is 1.0",
        "customers must be between 1 and 900,000,000, it is 0",
        "2025-01-01 to 2024-01-01 is too short: 30 days are the least",
        "EUR is the shop's own currency",
        "a currency is a code of three capitals such as GBP, it is 'gbp'",
    )


def test_clocks_change_on_the_days_on_which_vienna_changed_them() -> None:
    # 31 March and 27 October 2024, 30 March and 26 October 2025, as days since 1 January 2024
    assert Plan(1, *TWO_YEARS, 1).zone_offsets() == [(0, 3600), (90, 7200), (300, 3600), (454, 7200), (664, 3600)]


def test_without_a_season_time_is_the_calendar() -> None:
    flat = season(Plan(1, *TWO_YEARS, 1, World(season_amplitude=0.0)))
    assert (flat.start, flat.end) == (pytest.approx(0, abs=1e-9), pytest.approx(731))


def test_a_year_of_season_time_is_a_year() -> None:
    year = season(Plan(1, *TWO_YEARS, 1))
    assert year.peak == 319  # 15 November 2024, counted from 1 January
    assert year.end - year.start == pytest.approx(731, abs=0.5)


def test_a_category_s_first_product_is_wanted_most_and_all_shares_add_up() -> None:
    shares = popularity()
    assert len(shares) == 40
    assert shares[0] == pytest.approx(0.18666, abs=1e-4)  # ln 2 / ln 41
    assert shares[0] / shares[9] == pytest.approx(7.27, abs=0.01)  # nearly ten, were it Zipf's law itself
    assert sum(shares) == pytest.approx(1)
