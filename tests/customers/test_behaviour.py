"""Visits and what was looked at, from events that are no order lines."""

from __future__ import annotations

from datetime import date

import pytest
from pyspark.sql import functions as F

from given import given, same_rows, wanted
from lifetide import flow
from lifetide.tables import CUSTOMER_DAYS, CUSTOMER_ITEMS, EVENTS, ORDERS
from plain_flow import shop_with, state_of, traded

CLICKS = """
    event_id | event_type       | event_at         | source_id | session_id | product_id | category | order_id | amount
    a        | page_viewed      | 2026-01-01 10:00 | anon:v    | ·          | ·          | ·        | ·        | ·
    b        | product_viewed   | 2026-01-01 10:30 | anon:v    | ·          | cup        | ·        | ·        | ·
    c        | product_viewed   | 2026-01-01 11:01 | anon:v    | ·          | cup        | ·        | ·        | ·
    d        | searched         | 2026-01-01 23:50 | anon:v    | ·          | ·          | ·        | ·        | ·
    e        | cart_added       | 2026-01-02 00:10 | anon:v    | ·          | cup        | ·        | ·        | ·
    f        | page_viewed      | 2026-01-01 23:55 | ada       | s1         | ·          | ·        | ·        | ·
    g        | page_viewed      | 2026-01-02 02:30 | ada       | s1         | ·          | ·        | ·        | ·
    h        | page_viewed      | 2026-01-02 02:35 | ada       | s2         | ·          | ·        | ·        | ·
    i        | page_viewed      | 2026-01-09 12:00 | ada       | s1         | ·          | ·        | ·        | ·
    j        | message_sent     | 2026-01-20 12:00 | ada       | ·          | ·          | ·        | ·        | ·
    k        | order_completed  | 2026-01-09 12:10 | ada       | s1         | tea        | food     | o1       | ·
    l        | page_viewed      | 2026-01-05 12:00 | ·         | s9         | ·          | ·        | ·        | ·
    m        | page_viewed      | 2026-03-05 12:00 | ada       | s9         | ·          | ·        | ·        | ·
"""  # noqa: E501
NO_MONEY = flow.Known(money=False, discounts=False, clicks=True)
AS_OF = date(2026, 1, 31)


@pytest.fixture(scope="module")
def clicked(spark):
    events = given(spark, EVENTS, CLICKS).withColumn("event_date", F.to_date("event_at"))
    found = traded(spark, events, AS_OF, NO_MONEY)
    return found, flow.orders(found.sales, found.parts).localCheckpoint()


@pytest.fixture(scope="module")
def days(clicked):
    return flow.days(clicked[1], clicked[0], NO_MONEY).localCheckpoint()


def test_a_visit_is_a_session_on_consecutive_dates_or_activity_parted_by_half_an_hour(spark, days):
    """anon:v pauses 30 minutes (same visit), then 31 (a new one); a visit over midnight began the day before.

    ada's s1 goes on after midnight, and a week later it is a new visit. A message is nobody's activity.
    """
    expected = """
        source_id | local_date | visit_count | product_view_count | search_count | cart_count | order_count
        anon:v    | 2026-01-01 | 3           | 2                  | 1            | 0          | 0
        anon:v    | 2026-01-02 | 0           | 0                  | 0            | 1          | 0
        ada       | 2026-01-01 | 1           | 0                  | 0            | 0          | 0
        ada       | 2026-01-02 | 1           | 0                  | 0            | 0          | 0
        ada       | 2026-01-09 | 1           | 0                  | 0            | 0          | 1
    """
    same_rows(days, wanted(spark, CUSTOMER_DAYS, expected))


def test_an_order_event_without_an_amount_is_an_order_and_its_money_is_unknown(spark, clicked, days):
    expected = """
        order_id | source_id | order_date | state     | item_count | net_revenue
        o1       | ada       | 2026-01-09 | completed | 1          | ·
    """
    same_rows(clicked[1], wanted(spark, ORDERS, expected))
    assert days.where("net_revenue IS NOT NULL OR order_value IS NOT NULL").isEmpty()


def test_items_know_what_was_looked_at(spark, clicked):
    expected = """
        source_id | local_date | product_id | category | order_count | units_sold | view_count | cart_count
        anon:v    | 2026-01-01 | cup        | ·        | 0           | 0          | 2          | 0
        anon:v    | 2026-01-02 | cup        | ·        | 0           | 0          | 0          | 1
        ada       | 2026-01-09 | tea        | food     | 1           | 1          | 0          | 0
    """
    found = flow.items(clicked[1], clicked[0], shop_with(spark), NO_MONEY)
    same_rows(
        found.where("order_count > 0 OR view_count > 0 OR cart_count > 0"), wanted(spark, CUSTOMER_ITEMS, expected)
    )


def test_lines_tell_of_an_order_and_the_click_that_placed_it_is_behaviour_only(spark):
    events = """
        event_id | event_type      | event_at         | source_id | order_id | product_id | state     | quantity | amount
        line     | order_completed | 2026-01-01 10:00 | ada       | o1       | cup        | completed | 2        | 10.00
        click    | order_completed | 2026-01-01 10:00 | ada       | o1       | cup        | ·         | ·        | 10.00
        other    | order_completed | 2026-01-02 10:00 | ada       | o2       | cup        | ·         | ·        |  4.00
    """  # noqa: E501
    known = flow.Known(clicks=True)
    typed = given(spark, EVENTS, events).withColumn("event_date", F.to_date("event_at"))
    found = traded(
        spark, typed.withColumn("is_product", F.when(F.col("state").isNotNull(), F.lit(True))), AS_OF, known
    )
    expected = "order_id | item_count | net_revenue\no1 | 2 | 10.00\no2 | 1 | 4.00"
    same_rows(flow.orders(found.sales, found.parts), wanted(spark, ORDERS, expected))


def test_who_only_looked_is_a_customer_without_order(spark, days):
    found = state_of(spark, days, given(spark, CUSTOMER_ITEMS, "source_id"), known=NO_MONEY)
    visitor = found.where("customer_id = 'anon:v'").first()
    assert (visitor.visit_count, visitor.last_visit_date, visitor.order_count) == (3, date(2026, 1, 1), 0)
    assert visitor.net_revenue is None
