from __future__ import annotations

from datetime import date

import pytest
from pyspark.sql import functions as F

from given import given, same_rows, wanted
from lifetide import flow
from lifetide.tables import CUSTOMER_DAYS, CUSTOMER_ITEMS, EVENTS, PRODUCTS
from plain_flow import shop_with
from plain_flow import traded as trade_of

LINES = """
    event_id | event_type      | event_at         | source_id | order_id | product_id | is_product | category | quantity | amount
    a        | order_completed | 2026-01-01 10:00 | ada       | a1       | cup        | true       | ·        |  2       |  10.00
    b        | order_completed | 2026-01-01 18:00 | ada       | a2       | tea        | true       | food     |  1       |   4.00
    c        | order_completed | 2026-01-01 18:00 | ada       | a2       | postage    | false      | ·        |  1       |   3.00
    d        | order_refunded  | 2026-01-09 10:00 | ada       | a3       | cup        | true       | ·        | -1       |  -5.00
    e        | order_completed | 2026-01-01 10:00 | bob       | b1       | cup        | true       | ·        |  1       |   5.00
    f        | order_refunded  | 2026-01-02 10:00 | bob       | b2       | cup        | true       | ·        | -1       |  -5.00
    g        | order_completed | 2026-01-01 10:00 | ·         | g1       | cup        | true       | ·        |  1       |   5.00
"""  # noqa: E501


@pytest.fixture(scope="module")
def traded(spark):
    events = given(spark, EVENTS, LINES).withColumn("event_date", F.to_date("event_at"))
    return trade_of(spark, events, date(2026, 1, 31))


@pytest.fixture(scope="module")
def orders(traded):
    return flow.orders(traded.sales, traded.parts).localCheckpoint()


def test_orders_count_where_placed_at_their_net_value_and_money_where_it_moved(spark, traded, orders):
    """bob's order was voided: no order and no value, but its money stands on both days; the guest is nowhere."""
    expected = """
        source_id | local_date | order_count | order_value | item_count | gross_revenue | refunded_amount | net_revenue
        ada       | 2026-01-01 | 2           | 12.00       | 3          | 17.00         | 0.00            | 17.00
        ada       | 2026-01-09 | 0           | 0.00        | 0          | 0.00          | 5.00            | -5.00
        bob       | 2026-01-01 | 0           | 0.00        | 0          | 5.00          | 0.00            | 5.00
        bob       | 2026-01-02 | 0           | 0.00        | 0          | 0.00          | 5.00            | -5.00
    """  # noqa: E501
    same_rows(flow.days(orders, traded, flow.Known()), wanted(spark, CUSTOMER_DAYS, expected))


def test_items_leave_out_services_and_take_the_products_category_where_lines_have_none(spark, traded, orders):
    products = given(spark, PRODUCTS, "product_id | category\ncup | crockery\ntea | drinks")
    expected = """
        source_id | local_date | product_id | category | order_count | units_sold | units_credited | net_revenue
        ada       | 2026-01-01 | cup        | crockery | 1           | 2          | 0              | 10.00
        ada       | 2026-01-01 | tea        | food     | 1           | 1          | 0              | 4.00
        ada       | 2026-01-09 | cup        | crockery | 0           | 0          | 1              | -5.00
        bob       | 2026-01-01 | cup        | crockery | 0           | 1          | 0              | 5.00
        bob       | 2026-01-02 | cup        | crockery | 0           | 0          | 1              | -5.00
    """
    same_rows(
        flow.items(orders, traded, shop_with(spark, products=products), flow.Known()),
        wanted(spark, CUSTOMER_ITEMS, expected),
    )
