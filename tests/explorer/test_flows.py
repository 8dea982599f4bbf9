from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from explorer.test_report import EVIL, Outline, words
from explorer.typed_facts import no_customers, one_day, wholesaler
from explorer.typed_flows import BACKTESTS, FLOWS, typed_flows
from lifetide.explorer.flow_facts import Backtest, Flow, StageMetrics
from lifetide.explorer.moves import Moves, classes, leaks, newest_month, recoveries, summed
from lifetide.explorer.report import report_page
from lifetide.explorer.sections.proof import falls, most_likely
from lifetide.vocabulary import CustomerStage, LifecycleGroup

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def test_leaks_and_recoveries_are_summed_over_months_and_ranked_by_money() -> None:
    found = summed(
        (
            *typed_flows("lifecycle", MAY, """
                active        slipping_away 2 0.5 0.00  10.00  ·
                slipping_away lost          9 0.5 0.00  15.00  ·
                lost          just_ordered  1 0.1 5.00  3.00   ·
            """),
            *typed_flows("lifecycle", JUNE, """
                active        slipping_away 3 0.5 1.00  20.00  ·
                lost          just_ordered  2 0.1 6.00  4.00   ·
                active        active        9 0.5 9.00  99.00  30
                ·             just_ordered  7 1.0 70.00 0.00   ·
                prospect      just_ordered  7 1.0 70.00 0.00   ·
                just_ordered  active        7 1.0 70.00 999.00 ·
            """),
        )
    )  # fmt: skip
    assert leaks(found) == [
        Moves("active", "slipping_away", 5, Decimal("1.00"), Decimal("30.00")),
        Moves("slipping_away", "lost", 9, Decimal("0.00"), Decimal("15.00")),
    ]
    assert recoveries(found) == [Moves("lost", "just_ordered", 3, Decimal("11.00"), Decimal("7.00"))]


def test_classes_stand_in_the_order_of_the_vocabulary() -> None:
    assert [one.value for one in classes("lifecycle")] == list(LifecycleGroup)
    assert [one.value for one in classes("stage")] == list(CustomerStage)
    assert newest_month(FLOWS) == date(2011, 11, 1)
    assert newest_month(()) is None


def test_the_page_says_where_customers_went_and_what_it_cost() -> None:
    said = words(report_page(wholesaler()))
    for sentence in (
        "Where customers move, and where value leaks",
        "Active → Slipping away 546 customers £501,521 in the year before",
        "856 moves in all; these customers had brought £666,841 in the year before they moved.",
        "Lost → Just ordered 54 customers £9,200 in the year before £20,300 on return",
        "Newcomers were not yet customers.",
        "Just ordered – 55% 41% 4% – 66 days",
        "over 2 years",
    ):
        assert sentence in said


def test_the_page_says_what_the_stages_achieve() -> None:
    said = words(report_page(wholesaler()))
    for sentence in (
        "Repeat ratio 20%",
        "Q3 2011: 31%",
        "Net promoter score +41 between +29 and +51",
        "Customer value £470.25",
        "Referred No referrals",
        "Mar 2011: +22; Apr 2011: +25",
        "Feb 2011: no survey",
        "Began the month as Repeat ratio",
    ):
        assert sentence in said


def test_the_page_says_how_well_the_groups_foretold() -> None:
    said = words(report_page(wholesaler()))
    for sentence in (
        "At each of 2 cut-offs the rate falls strictly from Just ordered over Active and Slipping away to Lost",
        "Lost 5.1% 21 of 410; expected 6.2%",
        "New 38% 304 of 800; nothing expected yet",
        "AUC 0.81: of one who came back and one who did not, the classes put the right one first 81 times in 100",
        "“Loyal” came back most often (85%), “Dropped off” least (5%).",
    ):
        assert sentence in said


def test_rates_that_do_not_fall_are_not_called_falling() -> None:
    worse = [replace(one, returned=one.customers) if one.class_value == "lost" else one for one in BACKTESTS]
    lifecycle = [one for one in worse if one.kind == "lifecycle"]
    assert falls(lifecycle).startswith("At 0 of 2 cut-offs the rate falls strictly")
    equal = [
        Backtest(JUNE, 90, "lifecycle", name, 10, 5) for name in ("just_ordered", "active", "slipping_away", "lost")
    ]
    assert falls(equal).startswith("At 0 of 1 cut-off ")
    assert "it cannot be said" in falls(equal[:3])
    assert most_likely([Backtest(JUNE, 90, "stage", "new", 0, 0)]) == ""


def test_without_tables_each_part_says_what_will_be_there() -> None:
    for facts in (no_customers(), one_day()):
        said = words(report_page(facts))
        assert "The flows appear when the first calendar month with customers is over." in said
        assert "The first figures appear when a calendar month with customers is over." in said
        assert "Run lifetide backtest --groups to see how well the groups foretell who comes back." in said


def test_one_class_alone_is_drawn_too() -> None:
    facts = replace(
        wholesaler(),
        flows=typed_flows("lifecycle", MAY, "active active 1 1.0 0.00 5.00 ·"),
        stage_metrics=(StageMetrics(MAY, "month"),),
        backtests=(Backtest(MAY, 30, "lifecycle", "active", 1, 1),),
    )
    said = words(report_page(facts))
    assert "1 customer stayed where they were, 0 moved, 0 were new." in said
    assert "Nobody No customer went this way in these months." in said
    assert "Repeat ratio Nobody had one order" in said
    assert "Net promoter score No survey" in said
    assert "AUC is not known here" in said
    assert "Active 100% 1 of 1; nothing expected yet" in said


def test_a_class_that_nobody_knows_is_shown_as_text() -> None:
    strange = (Flow(MAY, "lifecycle", EVIL, EVIL, 3, 1.0), Flow(MAY, "lifecycle", "active", "a_new_class", 3, 1.0))
    page = report_page(replace(wholesaler(), currency=EVIL, flows=strange))
    assert "<img" not in page
    assert "a new class" in words(page)
    Outline(page)


def test_a_band_is_as_thick_as_its_crowd() -> None:
    page = report_page(
        replace(
            wholesaler(),
            flows=typed_flows("lifecycle", MAY, """
                active active        75 0.75 0.00 5.00 ·
                active slipping_away 25 0.25 0.00 5.00 ·
            """),
        )
    )  # fmt: skip
    paths = re.findall(r'<path d="M[\d.]+,([\d.]+)C[^"]*? [\d.]+,([\d.]+)Z" class="flow f-(\w+)', page)
    heights = {css: round(float(end) - float(start)) for start, end, css in paths}
    assert heights == {"active": 188, "slip": 62}
