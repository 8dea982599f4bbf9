from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from chispa import DataFramesNotEqualError

from given import given, same_rows, wanted
from lifetide.tables import CUSTOMER_STATE, ORDERS


def test_a_typed_table_has_every_column_and_null_where_nobody_typed(spark):
    [order] = given(
        spark,
        ORDERS,
        """
        order_id | order_date | voided_on | net_revenue
        1        | 2026-01-31 | ·         | 7.50
        """,
    ).collect()
    assert (order["order_date"], order["voided_on"]) == (date(2026, 1, 31), None)
    assert order["net_revenue"] == Decimal("7.50")
    assert list(order.asDict()) == ORDERS.column_names
    assert order["channel"] is None


def test_lists_are_typed_as_json(spark):
    [state] = given(
        spark, CUSTOMER_STATE, 'last_gaps | last_year\n[30, 31] | [{"local_date": "2026-01-01", "order_count": 2}]'
    ).collect()
    assert state["last_gaps"] == [30, 31]
    assert (state["last_year"][0]["local_date"], state["last_year"][0]["order_count"]) == (date(2026, 1, 1), 2)


def test_an_unknown_column_and_a_short_row_are_refused_together(spark):
    with pytest.raises(ValueError, match=r"price is not a column of orders; row 2 has 1 cells for 2 columns"):
        given(spark, ORDERS, "order_id | price\n1 | 2\n3")


def test_rows_are_compared_in_the_columns_that_were_typed_and_in_any_order(spark):
    orders = given(spark, ORDERS, "order_id | net_revenue\n1 | 7.50\n2 | 8.00")
    same_rows(orders, wanted(spark, ORDERS, "order_id\n2\n1"))
    with pytest.raises(DataFramesNotEqualError):
        same_rows(orders, wanted(spark, ORDERS, "order_id | net_revenue\n1 | 7.50\n2 | 8.01"))
