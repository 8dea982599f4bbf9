"""The report's section of audiences, from typed facts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from explorer.typed_facts import wholesaler
from lifetide.explorer.audience_facts import AudienceFacts, AudiencesFacts, ClassOf, Product, Worth
from lifetide.explorer.flow_facts import StageMetrics
from lifetide.explorer.growth_facts import ActiveThen, GrowthDay
from lifetide.explorer.sections.audiences import audiences

EVERYONE = Worth(200, Decimal("100.00"), 4.0, Decimal("25.00"), 2.0, Decimal("50.00"), 0.25)
LOST = Worth(50, Decimal("150.00"), 6.0, Decimal("25.00"), 1.0, Decimal("25.00"), 1.0, Decimal("40.00"),
             Decimal("30.00"), Decimal("55.00"))  # fmt: skip
ONE = AudienceFacts(
    "lost_best", "Lost & <best>", LOST, entered=3, left=2, waiting=4,
    growth=(GrowthDay(date(2026, 2, 28), 1, 30, 2, 0), GrowthDay(date(2026, 3, 31), 0, 12, 20, 18)),
    active_then=(ActiveThen(1, date(2026, 2, 28), 30), ActiveThen(12, date(2025, 3, 31), None)),
    classes=(
        ClassOf("lifecycle_group", "lost", 50, 1.0, 4.0, Decimal("5000.00"), 0.2),
        ClassOf("main_category", "tea", 20, 0.4, 2.5, Decimal("900.00"), 0.1),
        ClassOf("main_category", "mugs", 4, 0.08, 9.0, Decimal("90.00"), 0.01),
        ClassOf("regularity", "unknown", 30, 0.6, 3.0, Decimal("90.00"), 0.01),
    ),
    overlaps=(("vip", 10, 0.2),),
    products=(Product("new", 1, "Cup & saucer", 7, Decimal("9.000"), Decimal("12.50"), 1.5),),
)  # fmt: skip
EMPTY = AudienceFacts("nobody", "Nobody yet", Worth(0))


def page(*found: AudienceFacts) -> str:
    return str(audiences(replace(wholesaler(), audiences=AudiencesFacts(EVERYONE, found, date(2026, 3, 31)))))


def test_each_figure_stands_beside_everyones() -> None:
    told = page(ONE, EMPTY)
    for words in (
        "50 (25%)",
        "£150 (1.5×)",
        "6 (1.5×)",
        "£25 (1.0×)",
        "£25 (0.5×)",
        "100% (4.0×)",
        "£40 (£30 to £55)",
    ):
        assert words in told
    assert "Nobody is in: Nobody yet." in told
    assert told.count("<details>") == 1


def test_an_audience_tells_moves_growth_potential_traits_overlaps_and_products() -> None:
    told = page(ONE)
    for words in (
        "3 entered and 2 left on the day. 4 members kept by the waits alone.",
        "Active of them: Mar 2025 –; Feb 2026 30; now 12.",
        "Together £5,000 in a year if all ordered at their own rate, 20% of what everyone could bring.",
        "main category: tea", "2.5×", "New within 30 days", "Cup &amp; saucer", "£12.50", "Lost &amp; &lt;best&gt;",
    ):  # fmt: skip
        assert words in told, words
    assert "mugs" not in told  # four members are an accident
    assert "regularity: unknown" not in told


def months_page(members_on: date) -> str:
    mine = {"audience": "lost_best", "members_on": members_on, "customers": 40}
    metrics = (
        StageMetrics(date(2026, 1, 1), "quarter", frequency_ratio=1.75, customer_value=Decimal("31.00")),
        StageMetrics(date(2026, 1, 1), "quarter", frequency_ratio=2.5, customer_value=Decimal("30.00"), **mine),
        StageMetrics(date(2026, 2, 1), "month", activation_ratio=0.04, frequency_ratio=9.0),
        StageMetrics(date(2026, 2, 1), "month", activation_ratio=0.99, frequency_ratio=9.0, **mine),
        StageMetrics(date(2026, 3, 1), "month", activation_ratio=0.05, frequency_ratio=1.25, nps=0.1),
        StageMetrics(date(2026, 3, 1), "month", activation_ratio=0.126, frequency_ratio=1.5, **mine),
        StageMetrics(date(2026, 3, 1), "month", stage="new", frequency_ratio=7.0),
    )
    facts = replace(wholesaler(), stage_metrics=metrics, audiences=AudiencesFacts(EVERYONE, (ONE,)))
    told = str(audiences(facts))
    return told[told.index("What its members did") : told.index("Potential by active status")]


def test_members_of_the_eve_are_told_with_the_newest_month_and_quarter_beside_everyone() -> None:
    told = months_page(date(2026, 2, 28))
    cells = re.findall(r"<td[^>]*>([^<]*)", told)
    assert cells == [
        "13%", "5%", "–", "–",
        "1.50", "1.25", "2.50", "1.75",
        "–", "–", "£30.00", "£31.00",
    ]  # fmt: skip
    names = ["Figure", "Mar 2026", "everyone", "Q1 2026", "everyone"]
    assert re.findall(r'scope="col">([^<]*)', told) == names
    assert "Of the 40 members of 28 February 2026, the day before the month began, who had ordered by its" in told
    assert "Net promoter score" not in told  # nobody of the audience answered


def test_an_audience_younger_than_the_month_says_what_its_figures_are_worth() -> None:
    assert "40 members of 9 March 2026 who had ordered by the end of the month. The audience was first evaluated" in (
        months_page(date(2026, 3, 9))
    )


def test_without_any_audience_it_says_when_they_appear() -> None:
    assert "They appear with the first definition in the folder of audiences" in page()
