"""Histories and lessons from customers, typed by hand."""

from __future__ import annotations

from datetime import date
from math import log

import pytest

from lifetide.ltv.compressing import EPOCH, compressed, lessons, with_history
from lifetide.ltv.cutoffs import Cut

DAYS = {
    "ada": ["2026-01-01", "2026-01-11", "2026-01-31", "2026-03-01"],
    "bob": ["2026-01-01", "2026-01-11", "2026-01-31"],
    "cleo": ["2026-01-05"],
    "dora": ["2026-02-20"],
}


@pytest.fixture(scope="module")
def purchases(spark):
    rows = [(name, date.fromisoformat(day)) for name, days in DAYS.items() for day in days]
    return spark.createDataFrame(rows, "customer_id string, order_date date")


def found(frame) -> set[tuple]:
    return {tuple(row) for row in frame.collect()}


def test_customers_who_bought_alike_share_a_history(spark):
    first, last = date(2026, 1, 1), date(2026, 1, 31)
    state = spark.createDataFrame(
        [("ada", 2, 30, 5.298317366548036, first, last), ("bob", 2, 30, 5.298317366548037, first, last),
         ("cleo", 0, 0, 0.0, first, first), ("dora", 0, 0, 0.0, None, None)],
        "customer_id string, gap_count int, gap_sum_days bigint, log_gap_sum double, first_order_date date, "
        "last_order_date date",
    )  # fmt: skip
    assert found(compressed(with_history(state, date(2026, 2, 10)))) == {
        (2, 30, 40, 5.298, 2.0),
        (0, 0, 40, 0.0, 1.0),
    }


def test_a_lesson_is_what_was_known_and_what_followed(purchases):
    january = Cut((date(2026, 1, 20) - EPOCH).days, 20)
    february = Cut((date(2026, 2, 1) - EPOCH).days, 30)
    two = lessons(purchases, [january, february], 100, 4)
    of_gaps = round(log(10) + log(20), 3)
    assert found(two) == {
        (0, 1, 10, 19, round(log(10), 3), 1, 2.0),
        (0, 0, 0, 15, 0.0, 0, 1.0),
        (1, 2, 30, 31, of_gaps, 1, 1.0),
        (1, 2, 30, 31, of_gaps, 0, 1.0),
        (1, 0, 0, 27, 0.0, 0, 1.0),
    }


def test_a_lesson_does_not_change_with_what_happens_after_it(spark, purchases):
    cut = Cut((date(2026, 1, 20) - EPOCH).days, 20)
    beyond = spark.createDataFrame(
        [("ada", date(2026, 2, 10)), ("cleo", date(2026, 3, 1)), ("eve", date(2026, 4, 1))], purchases.schema
    )
    assert found(lessons(purchases.unionByName(beyond), [cut], 100, 4)) == found(lessons(purchases, [cut], 100, 4))
