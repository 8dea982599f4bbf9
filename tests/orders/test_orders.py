from __future__ import annotations

from datetime import date

import pytest
from pyspark.sql import functions as F

from given import given, same_rows, wanted
from lifetide import flow
from lifetide.tables import EVENTS, ORDERS
from plain_flow import traded

LINES = """
    event_id | event_type      | event_at         | source_id | order_id  | refunds_order_id | product_id | is_product | quantity | amount | discount_amount | channel
    a        | order_completed | 2026-01-01 23:50 | ada       | two-lines | ·                | cup        | true       |  2       |  10.00 | ·               | ·
    b        | order_completed | 2026-01-02 00:10 | ada       | two-lines | ·                | mug        | true       |  1       |   6.00 | 1.50            | web
    c        | order_completed | 2026-01-02 00:10 | ada       | two-lines | ·                | postage    | false      |  1       |   3.00 | ·               | store
    d        | order_completed | 2026-01-01 10:00 | bob       | free      | ·                | cup        | true       |  1       |   0.00 | ·               | ·
    e        | order_completed | 2026-01-01 10:00 | cleo      | money     | ·                | cup        | true       |  2       |  10.00 | ·               | ·
    f        | order_refunded  | 2026-01-05 10:00 | cleo      | money-x   | money            | cup        | true       | -1       | -10.00 | ·               | ·
    g        | order_completed | 2026-01-01 10:00 | dan       | units     | ·                | cup        | true       |  2       |  10.00 | ·               | ·
    h        | order_refunded  | 2026-01-05 10:00 | dan       | units-x   | units            | cup        | true       | -1       |   0.00 | ·               | ·
    i        | order_refunded  | 2026-01-07 10:00 | dan       | units-y   | units            | cup        | true       | -1       |   0.00 | ·               | ·
    j        | order_completed | 2026-01-01 10:00 | eve       | postage   | ·                | cup        | true       |  1       |   5.00 | ·               | ·
    k        | order_completed | 2026-01-01 10:00 | eve       | postage   | ·                | stamps     | false      |  1       |   3.00 | ·               | ·
    l        | order_refunded  | 2026-01-05 10:00 | eve       | postage-x | postage          | cup        | true       | -1       |  -5.00 | ·               | ·
    m        | order_completed | 2026-01-01 10:00 | fay       | twice     | ·                | cup        | true       |  1       |   5.00 | ·               | ·
    n        | order_completed | 2026-01-01 10:00 | fay       | twice     | ·                | mug        | true       |  1       |   5.00 | ·               | ·
    o        | order_refunded  | 2026-01-05 10:00 | fay       | twice-x   | twice            | cup        | true       | -1       |  -5.00 | ·               | ·
    p        | order_refunded  | 2026-01-06 10:00 | fay       | twice-y   | ·                | cup        | true       | -1       |  -5.00 | ·               | ·
    q        | order_completed | 2026-01-01 10:00 | gil       | later     | ·                | cup        | true       |  1       |   5.00 | ·               | ·
    r        | order_refunded  | 2026-02-01 10:00 | gil       | later-x   | later            | cup        | true       | -1       |  -5.00 | ·               | ·
    s        | order_completed | 2026-01-01 10:00 | hal       | mixed     | ·                | cup        | true       |  1       |   5.00 | ·               | ·
    t        | order_completed | 2026-01-01 10:00 | hal       | mixed     | ·                | mug        | true       |  1       |   5.00 | ·               | ·
    u        | order_cancelled | 2026-01-05 10:00 | hal       | mixed     | ·                | cup        | true       | -1       |  -5.00 | ·               | ·
    v        | order_refunded  | 2026-01-06 10:00 | hal       | mixed-x   | mixed            | mug        | true       | -1       |  -5.00 | ·               | ·
"""  # noqa: E501


@pytest.fixture(scope="module")
def orders(spark):
    events = given(spark, EVENTS, LINES).withColumn("event_date", F.to_date("event_at"))
    found = traded(spark, events, date(2026, 1, 31))
    return flow.orders(found.sales, found.parts).localCheckpoint()


def test_the_lines_of_one_order_number_are_one_order_dated_by_its_earliest_line(spark, orders):
    expected = """
        order_id  | ordered_at       | order_date | item_count | gross_revenue | discount_amount | net_revenue | channel
        two-lines | 2026-01-01 23:50 | 2026-01-01 | 3          | 20.50         | 1.50            | 19.00       | web
    """  # noqa: E501
    same_rows(orders.where("order_id = 'two-lines'"), wanted(spark, ORDERS, expected))


def test_an_order_is_voided_by_units_and_never_by_amount(spark, orders):
    expected = """
        order_id | state           | voided_on  | net_revenue
        free     | completed       | ·          |  0.00
        money    | partly_refunded | ·          |  0.00
        units    | refunded        | 2026-01-07 | 10.00
    """
    same_rows(orders.where("order_id IN ('free', 'money', 'units')"), wanted(spark, ORDERS, expected))


def test_an_order_stands_while_one_line_does_services_included(spark, orders):
    expected = """
        order_id | state           | voided_on  | refunded_amount
        postage  | partly_refunded | ·          | 5.00
        twice    | partly_refunded | ·          | 10.00
        mixed    | refunded        | 2026-01-06 | 10.00
    """
    same_rows(orders.where("order_id IN ('postage', 'twice', 'mixed')"), wanted(spark, ORDERS, expected))


def test_what_happens_after_as_of_is_not_known(spark, orders):
    expected = "order_id | state | voided_on\nlater | completed | ·"
    same_rows(orders.where("source_id = 'gil'"), wanted(spark, ORDERS, expected))
