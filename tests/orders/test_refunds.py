from __future__ import annotations

from datetime import date

import pytest
from pyspark.sql import functions as F

from given import given, same_rows, wanted
from lifetide import flow
from lifetide.tables import EVENTS, ORDERS, REFUND_MATCHES
from plain_flow import traded as trade_of

DEALINGS = """
    event_id | event_type      | event_at         | source_id | order_id | refunds_order_id | product_id | quantity | amount
    ada-1    | order_completed | 2026-01-01 10:00 | ada       | a1       | ·                | cup        |  2       |  10.00
    ada-2    | order_completed | 2026-01-05 10:00 | ada       | a2       | ·                | cup        |  3       |  15.00
    ada-3    | order_refunded  | 2026-01-10 10:00 | ada       | a3       | ·                | cup        | -1       |  -5.00
    ada-4    | order_refunded  | 2026-01-11 10:00 | ada       | a4       | ·                | cup        | -3       | -10.00
    bob-0    | order_refunded  | 2026-01-01 10:00 | bob       | b0       | ·                | cup        | -1       |  -4.00
    bob-1    | order_completed | 2026-01-02 10:00 | bob       | b1       | ·                | cup        |  1       |   4.00
    bob-2    | order_refunded  | 2026-01-03 10:00 | bob       | b2       | ·                | cup        | -1       |  -4.00
    cleo-1   | order_completed | 2026-01-01 10:00 | cleo      | c1       | ·                | cup        |  1       |   5.00
    cleo-2   | order_completed | 2026-01-02 10:00 | cleo      | c2       | ·                | cup        |  1       |   5.00
    cleo-3   | order_refunded  | 2026-01-03 10:00 | cleo      | c3       | c2               | cup        | -1       |  -5.00
    dan-1    | order_completed | 2026-01-01 10:00 | dan       | d1       | ·                | cup        |  1       |   5.00
    dan-2    | order_completed | 2026-01-01 10:00 | dan       | d1       | ·                | mug        |  1       |   7.00
    dan-3    | order_cancelled | 2026-01-04 10:00 | dan       | d1       | ·                | cup        | -1       |  -5.00
    dan-4    | order_cancelled | 2026-01-04 10:00 | dan       | d1       | ·                | mug        | -1       |  -7.00
    guest-1  | order_completed | 2026-01-01 10:00 | ·         | g1       | ·                | cup        |  1       |   5.00
    guest-2  | order_completed | 2026-01-01 11:00 | ·         | g2       | ·                | cup        |  1       |   6.00
    guest-3  | order_refunded  | 2026-01-02 10:00 | ·         | g3       | ·                | cup        | -1       |  -5.00
    eve-1    | order_completed | 2026-01-01 10:00 | eve       | e1       | ·                | ·          |  1       |   5.00
    eve-2    | order_refunded  | 2026-01-02 10:00 | eve       | e2       | ·                | ·          | -1       |  -5.00
    fay-1    | order_completed | 2026-01-01 10:00 | fay       | f1       | ·                | tea        |  1       |   5.00
    fay-2    | order_completed | 2026-01-02 10:00 | fay       | f2       | ·                | tea        |  1       |   5.00
    fay-3    | order_completed | 2026-01-03 10:00 | fay       | f3       | ·                | tea        |  1       |   5.00
    fay-4    | order_refunded  | 2026-01-04 10:00 | fay       | f4       | ·                | tea        | -3       | -10.00
    gil-1    | order_refunded  | 2026-01-01 10:00 | gil       | h1       | ·                | cup        | -1       |  -5.00
    gil-2    | order_completed | 2026-01-01 10:00 | gil       | h2       | ·                | cup        |  1       |   5.00
    hal-1    | order_completed | 2026-01-01 10:00 | hal       | i1       | ·                | cup        |  2       |  10.00
    hal-2    | order_refunded  | 2026-01-02 10:00 | ian       | i2       | i1               | cup        | -3       |  -9.00
"""  # noqa: E501


@pytest.fixture(scope="module")
def traded(spark):
    events = given(spark, EVENTS, DEALINGS, is_product="true").withColumn("event_date", F.to_date("event_at"))
    return trade_of(spark, events, date(2026, 1, 31))


@pytest.fixture(scope="module")
def matches(traded):
    return flow.refund_matches(traded.parts).localCheckpoint()


@pytest.fixture(scope="module")
def orders(traded):
    return flow.orders(traded.sales, traded.parts).localCheckpoint()


def of(matches, who: str):
    return matches.where(F.col("credit_event_id").startswith(who))


def test_what_was_sold_first_is_returned_first_and_a_credit_splits_over_two_sales(spark, matches):
    expected = """
        credit_event_id | sale_event_id | credit_order_id | sale_order_id | credit_date | units | amount
        ada-3           | ada-1         | a3              | a1            | 2026-01-10  | 1     | 5.00
        ada-4           | ada-1         | a4              | a1            | 2026-01-11  | 1     | 3.33
        ada-4           | ada-2         | a4              | a2            | 2026-01-11  | 2     | 6.67
    """
    same_rows(of(matches, "ada"), wanted(spark, REFUND_MATCHES, expected))


def test_a_credit_before_its_sale_is_unmatched_and_leaves_the_sale_to_later_ones(spark, matches, orders):
    same_rows(
        of(matches, "bob"),
        wanted(spark, REFUND_MATCHES, "credit_event_id | sale_event_id | units\nbob-2 | bob-1 | 1"),
    )
    same_rows(
        orders.where("source_id = 'bob'"),
        wanted(spark, ORDERS, "order_id | state | net_revenue\nb0 | credit | -4.00\nb1 | refunded | 0.00"),
    )


def test_a_credit_that_names_its_order_takes_back_no_other(spark, matches):
    expected = "sale_event_id | units | amount\ncleo-2 | 1 | 5.00"
    same_rows(of(matches, "cleo"), wanted(spark, REFUND_MATCHES, expected))


def test_a_cancellation_voids_its_order_and_the_sale_stays(spark, orders):
    expected = """
        order_id | order_date | voided_on  | state     | gross_revenue | refunded_amount | net_revenue
        d1       | 2026-01-01 | 2026-01-04 | cancelled | 12.00         | 12.00           | 0.00
    """
    same_rows(orders.where("source_id = 'dan'"), wanted(spark, ORDERS, expected))


def test_a_credit_without_a_product_stands_alone(spark, matches, orders):
    assert of(matches, "eve").isEmpty()
    expected = """
        order_id | source_id | state     | gross_revenue | net_revenue
        e1       | eve       | completed | 5.00          | 5.00
        e2       | eve       | credit    | 0.00          | -5.00
    """
    same_rows(orders.where("order_id IN ('e1', 'e2')"), wanted(spark, ORDERS, expected))


def test_what_a_guest_brings_back_is_the_first_of_it_that_was_sold_to_any_guest(spark, matches, orders):
    same_rows(
        of(matches, "guest"),
        wanted(
            spark, REFUND_MATCHES, "credit_event_id | sale_event_id | units | amount\nguest-3 | guest-1 | 1 | 5.00"
        ),
    )
    expected = """
        order_id | source_id | voided_on  | state     | net_revenue
        g1       | ·         | 2026-01-02 | refunded  | 0.00
        g2       | ·         | ·          | completed | 6.00
    """
    same_rows(orders.where("order_id IN ('g1', 'g2', 'g3')"), wanted(spark, ORDERS, expected))


def test_the_money_of_a_split_credit_adds_up_to_the_cent(spark, matches):
    expected = """
        sale_event_id | amount
        fay-1         | 3.33
        fay-2         | 3.34
        fay-3         | 3.33
    """
    same_rows(of(matches, "fay"), wanted(spark, REFUND_MATCHES, expected))


def test_a_sale_of_the_same_instant_comes_before_the_credit(spark, matches):
    expected = "credit_event_id | sale_event_id | units\ngil-1 | gil-2 | 1"
    same_rows(of(matches, "gil"), wanted(spark, REFUND_MATCHES, expected))


def test_units_beyond_a_named_order_are_money_of_that_order_and_of_its_buyer(spark, matches, orders):
    expected = "sale_event_id | units | amount\nhal-1 | 2 | 9.00"
    same_rows(of(matches, "hal"), wanted(spark, REFUND_MATCHES, expected))
    expected = "order_id | source_id | state | net_revenue\ni1 | hal | refunded | 1.00"
    same_rows(orders.where("order_id IN ('i1', 'i2')"), wanted(spark, ORDERS, expected))
