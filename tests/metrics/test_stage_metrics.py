"""Metrics of stages over one month, with customers typed by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lifetide.metrics.monthly import monthly
from lifetide.metrics.periods import Period, month_number
from lifetide.metrics.stage_metrics import audience_metrics, stage_metrics
from lifetide.metrics.transitions import REPORTED, reported_on, transitions
from lifetide.vocabulary import ClassKind, PeriodKind

MARCH = Period(PeriodKind.MONTH, date(2026, 3, 1), date(2026, 3, 31))
EVE, END = MARCH.eve, MARCH.last
LIFECYCLE = {ClassKind.LIFECYCLE: "lifecycle_group"}
THEN = "struct<lifecycle_group:string,customer_stage:string,order_count:bigint,is_loyal:boolean>"
STOOD = [
    ("ann", {EVE: ("active", "new", 1, False), END: ("just_ordered", "repeat", 2, False)}),
    ("ben", {EVE: ("lost", "new", 1, False), END: ("lost", "new", 1, False)}),
    ("cem", {EVE: ("lost", "drop_off", 5, True), END: ("just_ordered", "reactivated", 6, True)}),
    ("dan", {EVE: ("lost", "drop_off", 1, False), END: ("lost", "drop_off", 1, False)}),
    ("eve", {END: ("just_ordered", "new", 1, False)}),
    ("fay", {END: ("just_ordered", "new", 1, False)}),
]
DAYS = [
    ("ann", date(2026, 3, 5), 1, Decimal("30.00")),
    ("ann", date(2026, 2, 28), 1, Decimal("12.00")),
    ("ann", date(2025, 2, 28), 1, Decimal("7.00")),
    ("cem", date(2026, 3, 31), 1, Decimal("50.00")),
    ("cem", date(2026, 4, 1), 1, Decimal("99.00")),
    ("dan", date(2026, 3, 9), 0, Decimal("-5.00")),
    ("eve", date(2026, 3, 1), 2, Decimal("40.00")),
    ("fay", date(2026, 3, 2), 1, Decimal("5.00")),
]


@pytest.fixture(scope="module")
def stood(spark):
    return spark.createDataFrame(STOOD, f"customer_id string, stood map<date,{THEN}>").localCheckpoint()


@pytest.fixture(scope="module")
def months(spark):
    days = spark.createDataFrame(
        DAYS, "customer_id string, local_date date, order_count int, net_revenue decimal(18,2)"
    )
    scores = [("ann", score) for score in (9, 10, 10, 9, 9, 10, 8, 7, 8, 6)]
    answers = spark.createDataFrame(
        [(who, MARCH.first, score) for who, score in scores], "customer_id string, answered_on date, score int"
    )
    return monthly(days, answers, [MARCH]).localCheckpoint()


def of_lifecycle(spark, class_on, predicted=None):
    typed = [
        (who, {day: (group,) for day, group in days.items()}, (predicted or {}).get(who)) for who, days in class_on
    ]
    stood = "stood map<date,struct<lifecycle_group:string>>"
    return spark.createDataFrame(typed, f"customer_id string, {stood}, ltv_predicted_365d decimal(18,2)")


def metrics(stood, months, referred=None):
    found = stage_metrics(stood.join(months, "customer_id", "left"), referred, [MARCH]).collect()
    return {row["stage"]: row for row in found}


def test_of_those_with_one_order_a_third_came_again_and_of_two_drop_offs_one_came_back(stood, months):
    everyone = metrics(stood, months)[None]
    assert everyone["repeat_ratio"] == pytest.approx(1 / 3)
    assert (everyone["activation_ratio"], everyone["loyal_activation_ratio"]) == (0.5, 0.5)


def test_frequency_is_orders_by_buyers_and_value_is_money_by_orders(stood, months):
    """ann 1, cem 1, eve 2, fay 1 orders; 30 + 50 − 5 + 40 + 5 of money: April and February do not count."""
    everyone = metrics(stood, months)[None]
    assert everyone["frequency_ratio"] == 5 / 4
    assert everyone["customer_value"] == Decimal("24.00")


def test_a_stage_is_that_on_the_eve_so_newcomers_are_in_none(stood, months):
    found = metrics(stood, months)
    assert set(found) == {None, "new", "drop_off"}
    assert found["new"]["repeat_ratio"] == 0.5
    assert found["new"]["activation_ratio"] is None
    assert found["drop_off"]["frequency_ratio"] == 1.0


def test_six_promoters_and_one_detractor_of_ten_make_fifty_with_a_wide_interval(stood, months):
    found = metrics(stood, months)
    assert found[None]["nps"] == pytest.approx(0.5)
    assert (found[None]["nps_lower"], found[None]["nps_upper"]) == (
        pytest.approx(0.0601, abs=1e-4), pytest.approx(0.7091, abs=1e-4),
    )  # fmt: skip
    assert (found["drop_off"]["nps"], found["drop_off"]["nps_lower"]) == (None, None)


def test_one_of_two_newcomers_was_referred(spark, stood, months):
    referred = spark.createDataFrame(
        [("eve", date(2026, 2, 1)), ("fay", date(2026, 4, 1)), ("ann", date(2026, 1, 1))],
        "customer_id string, referred_on date",
    )
    assert metrics(stood, months, referred)[None]["referred_share"] == 0.5
    assert metrics(stood, months)[None]["referred_share"] is None


CLUB, YOUNG = date(2025, 1, 1), date(2026, 3, 10)
"""The days on which two audiences were first evaluated."""
MEMBERS = [
    ("ann", [("club", CLUB, date(2026, 1, 10), None), ("young", YOUNG, date(2026, 3, 12), None)]),
    ("ben", [("club", CLUB, date(2025, 6, 1), date(2026, 3, 15))]),
    ("cem", [("club", CLUB, date(2025, 6, 1), EVE), ("young", YOUNG, YOUNG, date(2026, 3, 20))]),
    ("dan", [("club", CLUB, date(2026, 3, 5), None)]),
    ("fay", [("young", YOUNG, YOUNG, None)]),
    ("gus", [("club", CLUB, date(2025, 6, 1), None)]),
]


@pytest.fixture(scope="module")
def of_audiences(spark, stood, months):
    """gus never ordered."""
    one = "struct<audience_key:string,known_from:date,valid_from:date,valid_to:date>"
    members = spark.createDataFrame(MEMBERS, f"customer_id string, memberships array<{one}>")
    found = audience_metrics(stood.join(months, "customer_id", "left"), members, None, [MARCH]).collect()
    return {row["audience_key"]: row for row in found}


def test_an_audience_is_those_who_were_in_it_when_the_month_began(of_audiences):
    """ann and ben: cem had left on the eve, dan came in March. ann alone ordered, and again."""
    club = of_audiences["club"]
    assert (club["members_on"], club["customer_count"], club["stage"]) == (EVE, 2, None)
    assert (club["repeat_ratio"], club["activation_ratio"]) == (0.5, None)
    assert (club["frequency_ratio"], club["customer_value"]) == (1.0, Decimal("30.00"))
    assert club["nps"] == pytest.approx(0.5)


def test_an_audience_younger_than_the_month_is_those_of_its_first_day(of_audiences):
    """cem, who came back, and the newcomer fay; ann entered two days later."""
    young = of_audiences["young"]
    assert (young["members_on"], young["customer_count"]) == (YOUNG, 2)
    assert (young["repeat_ratio"], young["activation_ratio"], young["loyal_activation_ratio"]) == (None, 1.0, 1.0)
    assert (young["frequency_ratio"], young["customer_value"]) == (1.0, Decimal("27.50"))
    assert (young["nps"], young["nps_lower"]) == (None, None)


def test_a_figure_says_of_how_many_customers_it_is(stood, months):
    found = metrics(stood, months)
    assert {stage: row["customer_count"] for stage, row in found.items()} == {None: 6, "new": 2, "drop_off": 2}
    assert found[None]["members_on"] is None


def test_a_way_carries_its_people_their_money_and_the_money_of_the_year_before(spark, stood, months):
    classes = [
        ("ann", {EVE: "active", END: "active"}),
        ("ben", {EVE: "active", END: "lost"}),
        ("cem", {END: "active"}),
    ]
    typed = of_lifecycle(spark, classes)
    found = {
        (row["from_value"], row["to_value"]): row
        for row in transitions(typed.join(months, "customer_id", "left"), [MARCH], LIFECYCLE).collect()
    }
    stay = found["active", "active"]
    assert (stay["customer_count"], stay["share"], stay["net_revenue"]) == (1, 0.5, Decimal("30.00"))
    assert stay["annual_revenue"] == Decimal("12.00")  # March 2025 to February 2026
    assert stay["expected_days"] == pytest.approx(62.0)
    assert found["active", "lost"]["net_revenue"] == Decimal("0.00")
    assert (found[None, "active"]["share"], found[None, "active"]["expected_days"]) == (1.0, None)


def test_what_is_predicted_of_those_on_a_way_is_summed_and_unknown_where_nobody_is_known(spark, months):
    """ann 10.50 and ben 4.50 went together, of cem beside them nothing is known; of the newcomer eve neither."""
    stays, came = {EVE: "active", END: "active"}, {END: "active"}
    classes = [("ann", stays), ("ben", stays), ("cem", stays), ("eve", came)]
    typed = of_lifecycle(spark, classes, {"ann": Decimal("10.50"), "ben": Decimal("4.50")})
    found = transitions(typed.join(months, "customer_id", "left"), [MARCH], LIFECYCLE).collect()
    by_start = {row["from_value"]: (row["customer_count"], row["ltv_predicted_365d"]) for row in found}
    assert by_start == {"active": (3, Decimal("15.00")), None: (1, None)}


def test_a_segments_prediction_is_that_of_the_newest_snapshot(spark, months):
    snapshots = spark.createDataFrame(
        [("ann", EVE, "loyal", None), ("ann", END, "champion", Decimal("7.25")), ("ben", EVE, "loyal", None)],
        "customer_id string, as_of date, rfm_segment string, ltv_predicted_365d decimal(18,2)",
    )
    (row,) = transitions(reported_on(snapshots, months), [MARCH], REPORTED).collect()
    assert (row["kind"], row["from_value"], row["to_value"]) == ("segment", "loyal", "champion")
    assert row["ltv_predicted_365d"] == Decimal("7.25")


def test_the_year_before_is_that_of_each_period_also_where_an_earlier_one_reaches_further_back(spark):
    """February 2025 (7.00) lies in the year before February 2026, and no longer in the year before March."""
    february = Period(PeriodKind.MONTH, date(2026, 2, 1), date(2026, 2, 28))
    days = spark.createDataFrame(
        DAYS, "customer_id string, local_date date, order_count int, net_revenue decimal(18,2)"
    )
    there = {february.eve: "active", february.last: "active", END: "active"}
    typed = of_lifecycle(spark, [("ann", there)])
    both = [february, MARCH]
    laid = typed.join(monthly(days, None, both), "customer_id", "left")
    found = {row["period_start"]: row for row in transitions(laid, both, LIFECYCLE).collect()}
    assert found[february.first]["annual_revenue"] == Decimal("7.00")
    assert found[MARCH.first]["annual_revenue"] == Decimal("12.00")
    assert found[february.first]["net_revenue"] == Decimal("12.00")


def test_months_count_on_from_year_to_year():
    assert month_number(date(2026, 1, 31)) - month_number(date(2025, 12, 1)) == 1
