from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lifetide.explorer.figures import (
    change,
    counted,
    day,
    exact_money,
    money,
    month,
    nice_step,
    percent,
    plain,
    short,
    short_day,
    short_money,
    ticks,
    whole,
)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (7.5, "7.5"), (950, "950"), (999, "999"), (1_000, "1k"), (12_340, "12.3k"), (99_960, "100k"),
     (999_600, "1m"), (8_278_520, "8.3m"), (-4_120, "−4.1k"), (2_100_000_000, "2.1bn")],
)  # fmt: skip
def test_short_numbers_have_three_figures_at_most(value: float, shown: str) -> None:
    assert short(value) == shown


def test_whole_numbers_are_grouped_and_rounded_half_up() -> None:
    assert [whole(n) for n in (1234, Decimal("2.5"), Decimal("-2.5"), 0)] == ["1,234", "3", "−3", "0"]


def test_money_carries_its_symbol_or_its_code() -> None:
    assert money(Decimal("1234.50"), "GBP") == "£1,235"
    assert exact_money(Decimal("-1234.5"), "EUR") == "−€1,234.50"
    assert short_money(8_278_520, "GBP") == "£8.3m"
    assert money(12, "CHF") == "CHF 12"
    assert money(-12, "CHF") == "−CHF 12"


@pytest.mark.parametrize(
    ("part", "everything", "shown"),
    [(0, 10, "0%"), (1, 10_000, "<0.1%"), (84, 1_000, "8.4%"), (39, 100, "39%"), (999, 1_000, ">99%"),
     (10, 10, "100%"), (5, 0, "0%"), (-5, 10, "0%")],
)  # fmt: skip
def test_only_nothing_is_0_percent_and_only_everything_is_100(part: int, everything: int, shown: str) -> None:
    assert percent(part, everything) == shown


def test_words_agree_with_their_number() -> None:
    assert counted(1, "customer") == "1 customer"
    assert counted(2_310, "customer") == "2,310 customers"
    assert counted(0, "person", "people") == "0 people"
    assert counted(1.5, "day") == "1.5 days"
    assert plain(52.04) == "52"


def test_dates_do_not_depend_on_the_machine() -> None:
    assert day(date(2011, 12, 9)) == "9 December 2011"
    assert short_day(date(2011, 12, 9)) == "9 Dec 2011"
    assert month(date(2011, 12, 9)) == "Dec 2011"


def test_changes_are_against_the_figure_before() -> None:
    assert change(108, 100) == "+8%"
    assert change(97, 100) == "−3%"
    assert change(2, 1_000) == "−99.8%"
    assert change(0, 1_000) == "−100%"
    assert change(5, 5) == "no change"
    assert change(5, 0) == "+5"
    assert change(100_001, 100_000) == "+<0.1%"


def test_axes_have_round_marks_that_reach_the_top() -> None:
    assert ticks(4_328, 5) == [0, 1000, 2000, 3000, 4000, 5000]
    assert ticks(0) == [0, 1]
    assert ticks(3) == [0, 1, 2, 3]
    assert nice_step(3.6, 34) == pytest.approx(0.2)
    assert nice_step(0, 10) == 1
