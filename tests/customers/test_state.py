from __future__ import annotations

from datetime import date

import pytest

from given import given, same_rows, wanted
from lifetide.tables import CUSTOMER_DAYS, CUSTOMER_ITEMS, CUSTOMER_STATE, IDENTITIES
from plain_flow import state_of

DAYS = """
    source_id | local_date | order_count | order_value | net_revenue
    ada       | 2026-01-01 | 2           | 20.00       | 20.00
    ada       | 2026-01-31 | 1           | 10.00       | 10.00
    anon:v1   | 2025-12-02 | 1           |  5.00       |  5.00
    anon:v2   | 2026-01-31 | 1           |  7.00       |  7.00
    bob       | 2025-01-01 | 1           | 10.00       | 10.00
    bob       | 2025-01-02 | 1           | 11.00       | 11.00
    bob       | 2025-06-01 | 0           |  0.00       |  0.00
    bob       | 2025-12-31 | 0           |  0.00       | -4.00
    bob       | 2026-01-01 | 1           | 12.00       | 12.00
    cleo      | 2026-01-05 | 0           |  0.00       | -3.00
"""
ITEMS = """
    source_id | local_date | product_id | category | units_sold | net_revenue
    ada       | 2026-01-01 | cup        | crockery | 2          | 6.00
    ada       | 2026-01-31 | tea        | food     | 2          | 9.00
    bob       | 2025-01-01 | cup        | crockery | 1          | 5.00
    bob       | 2025-01-01 | tea        | food     | 1          | 5.00
    cleo      | 2026-01-05 | tea        | food     | 0          | -3.00
"""
LINKS = """
    source_id | customer_id | valid_from | valid_to
    anon:v1   | ada         | ·          | ·
    anon:v2   | ada         | ·          | 2026-01-15 00:00
"""


@pytest.fixture(scope="module")
def state(spark):
    days, items = given(spark, CUSTOMER_DAYS, DAYS), given(spark, CUSTOMER_ITEMS, ITEMS)
    links = given(spark, IDENTITIES, LINKS)
    return state_of(spark, days, items, as_of=date(2026, 2, 1), identities=links).localCheckpoint()


def test_two_orders_on_one_day_are_one_purchase(spark, state):
    expected = """
        customer_id | order_count | order_day_count | gap_count | gap_sum_days | gap_square_sum | last_gaps | order_value_sum | first_day_value
        ada         | 4           | 3               | 2         | 60           | 1800           | [30, 30]  | 35.00           | 5.00
    """  # noqa: E501
    same_rows(state.where("customer_id = 'ada'"), wanted(spark, CUSTOMER_STATE, expected))


def test_a_visitor_linked_today_is_the_person_and_one_unlinked_is_a_customer_again(spark, state):
    expected = """
        customer_id | is_anonymous | first_order_date
        ada         | false        | 2025-12-02
        anon:v2     | true         | 2026-01-31
        bob         | false        | 2025-01-01
        cleo        | false        | ·
    """
    same_rows(state, wanted(spark, CUSTOMER_STATE, expected))


def test_last_year_keeps_365_days_where_something_happened_and_the_purchase_day_before_them(spark, state):
    [bob] = state.where("customer_id = 'bob'").select("last_year").collect()
    assert [(str(day["local_date"]), day["order_count"], str(day["net_revenue"])) for day in bob["last_year"]] == [
        ("2025-01-01", 1, "10.00"),
        ("2025-01-02", 1, "11.00"),
        ("2025-12-31", 0, "-4.00"),
        ("2026-01-01", 1, "12.00"),
    ]


def test_the_main_category_sold_most_units_then_brought_most_money_then_comes_first_by_name(spark, state):
    expected = "customer_id | main_category\nada | food\nbob | crockery\ncleo | ·"
    same_rows(state.where("NOT is_anonymous"), wanted(spark, CUSTOMER_STATE, expected))


def test_one_who_only_returned_things_is_a_prospect_with_money(spark, state):
    expected = """
        customer_id | order_count | order_day_count | gap_count | gap_sum_days | last_gaps | is_rate_drop | first_day_value | net_revenue
        cleo        | 0           | 0               | 0         | 0            | []        | false        | ·               | -3.00
    """  # noqa: E501
    same_rows(state.where("customer_id = 'cleo'"), wanted(spark, CUSTOMER_STATE, expected))
