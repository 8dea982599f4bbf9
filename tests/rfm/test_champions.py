"""A customer who fades now and was a champion a quarter, two, three or four quarters ago cannot be lost."""

from __future__ import annotations

from datetime import date

import pytest

from given import given, same_rows, wanted
from lifetide.policy import RfmPolicy
from lifetide.rfm.champions import with_champions
from lifetide.rfm.cuts import RfmCuts
from lifetide.rfm.scores import with_rfm
from lifetide.tables import CUSTOMER_PROFILES, CUSTOMER_STATE

AS_OF = date(2026, 12, 31)
"""The four looks fall on 2026-10-02, 2026-07-04, 2026-04-05 and 2025-12-31."""

CUTS = RfmCuts(recency=(10, 20, 40, 80), frequency=(2, 3, 5, 8), monetary=(20, 40, 60, 80))
"""A champion ordered in the last 20 days, has six orders or more and more than 60.00."""


def day(on: str, orders: int, net: str, value: str | None = None) -> str:
    return f'{{"local_date": "{on}", "order_count": {orders}, "order_value": {value or net}, "net_revenue": {net}}}'


CUSTOMERS = f"""
    customer_id    | order_count | last_order_date | order_value_sum | net_revenue | last_year
    two_looks_ago  | 6           | 2026-07-01      | 70.00           | 30.00       | [{day("2026-07-01", 6, "70.00")}, {day("2026-09-01", 0, "-40.00", "0.00")}]
    year_ago       | 6           | 2025-12-15      | 70.00           | 30.00       | [{day("2025-12-15", 6, "70.00")}, {day("2026-02-01", 0, "-40.00", "0.00")}]
    few_then       | 6           | 2026-07-31      | 70.00           | 50.00       | [{day("2026-07-01", 5, "65.00")}, {day("2026-07-31", 1, "-15.00", "5.00")}]
    between_looks  | 6           | 2026-08-15      | 70.00           | 30.00       | [{day("2026-08-15", 6, "70.00")}, {day("2026-09-30", 0, "-40.00", "0.00")}]
    still_there    | 7           | 2026-12-30      | 75.00           | 30.00       | [{day("2026-07-01", 6, "70.00")}, {day("2026-12-30", 1, "-40.00", "5.00")}]
    poor_by_now    | 6           | 2026-07-01      | 70.00           | 70.00       | [{day("2026-07-01", 6, "70.00")}]
"""  # noqa: E501
SEGMENTS = """
    customer_id   | rfm_recency | rfm_frequency | rfm_monetary | rfm_segment    | rfm_reason   | rfm_stage
    two_looks_ago | 1           | 4             | 2            | cant_lose_them | was_champion | reactivate
    year_ago      | 1           | 4             | 2            | cant_lose_them | was_champion | reactivate
    few_then      | 1           | 4             | 3            | at_risk        | grid         | reactivate
    between_looks | 1           | 4             | 2            | at_risk        | grid         | reactivate
    still_there   | 5           | 4             | 2            | promising      | grid         | increase_value
    poor_by_now   | 1           | 4             | 4            | cant_lose_them | grid         | reactivate
"""


@pytest.fixture(scope="module")
def customers(spark):
    return _described(given(spark, CUSTOMER_STATE, CUSTOMERS)).localCheckpoint()


def segmented(described, cuts, policy):
    return with_rfm(with_champions(described, cuts, policy, AS_OF), cuts, policy)


def _described(state):
    silence = f"date_diff(DATE'{AS_OF}', last_order_date) AS days_since_last_order"
    return state.selectExpr("*", silence, "false AS has_email")


def test_a_champion_on_one_of_the_four_days_who_fades_now_cannot_be_lost(spark, customers):
    """Six orders worth 70.00 made a champion; what came later, a refund or an order, did not."""
    same_rows(segmented(customers, CUTS, RfmPolicy()), wanted(spark, CUSTOMER_PROFILES, SEGMENTS))


def test_by_order_value_a_champion_is_one_whose_orders_were_large_then(spark, customers):
    """Six orders of 11.67 on average; a seventh of nothing makes it 10.00 today."""
    typed = f"""
        customer_id | order_count | last_order_date | order_value_sum | net_revenue | last_year
        small_last  | 7           | 2026-07-31      | 70.00           | 0.00        | [{day("2026-07-01", 6, "70.00")}, {day("2026-07-31", 1, "0.00")}]
        small_first | 7           | 2026-07-31      | 70.00           | 70.00       | [{day("2026-07-01", 6, "60.00")}, {day("2026-07-31", 1, "10.00")}]
    """  # noqa: E501
    cuts = RfmCuts(CUTS.recency, CUTS.frequency, monetary=(2, 5, 11, 12))
    people = _described(given(spark, CUSTOMER_STATE, typed))
    expected = """
        customer_id | rfm_monetary | rfm_segment    | rfm_reason
        small_last  | 3            | cant_lose_them | was_champion
        small_first | 3            | at_risk        | grid
    """
    found = segmented(people, cuts, RfmPolicy(monetary="average_order_value"))
    same_rows(found, wanted(spark, CUSTOMER_PROFILES, expected))


def test_without_money_orders_alone_made_a_champion(spark):
    """R fades to 2, where at_risk is the answer of the grid; M takes F's score then as it does now."""
    typed = """
        customer_id | order_count | last_order_date | last_year
        unpriced    | 6           | 2026-11-01      | [{"local_date": "2026-10-01", "order_count": 5}, {"local_date": "2026-11-01", "order_count": 1}]
        priceless   | 7           | 2026-11-01      | [{"local_date": "2026-10-01", "order_count": 6}, {"local_date": "2026-11-01", "order_count": 1}]
    """  # noqa: E501
    expected = """
        customer_id | rfm_monetary | rfm_segment    | rfm_reason
        unpriced    | 4            | at_risk        | no_revenue
        priceless   | 4            | cant_lose_them | was_champion
    """
    found = segmented(_described(given(spark, CUSTOMER_STATE, typed)), CUTS, RfmPolicy())
    same_rows(found, wanted(spark, CUSTOMER_PROFILES, expected))


def test_the_chart_is_taken_as_it_is_written(spark, customers):
    found = segmented(customers.where("customer_id = 'year_ago'"), CUTS, RfmPolicy(preset="chart"))
    expected = "customer_id | rfm_segment | rfm_reason\nyear_ago | at_risk | grid"
    same_rows(found, wanted(spark, CUSTOMER_PROFILES, expected))
