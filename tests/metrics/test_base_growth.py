from __future__ import annotations

from datetime import date

import pytest
from pyspark.sql import functions as F

from given import given, same_rows, wanted
from lifetide import flow
from lifetide.policy import GrowthPolicy
from lifetide.tables import BASE_GROWTH, LIFECYCLE_SPELLS

SPELLS = """
    customer_id | lifecycle_group | valid_from | valid_to   | reason
    ada         | just_ordered    | 2026-01-01 | 2026-02-05 | recent_order
    ada         | active          | 2026-02-05 | 2026-02-10 | on_rhythm
    ada         | slipping_away   | 2026-02-10 | 2026-02-15 | overdue
    ada         | lost            | 2026-02-15 | ·          | silent_too_long
    bob         | just_ordered    | 2026-01-20 | 2026-01-25 | recent_order
    bob         | slipping_away   | 2026-01-25 | 2026-02-12 | overdue
    bob         | just_ordered    | 2026-02-12 | 2026-03-15 | recent_order
    bob         | active          | 2026-03-15 | ·          | on_rhythm
"""


@pytest.fixture(scope="module")
def growth(spark):
    spells = given(spark, LIFECYCLE_SPELLS, SPELLS)
    return flow.base_growth(spells, GrowthPolicy(), date(2026, 2, 21)).localCheckpoint()


def test_there_is_one_row_for_each_day_from_the_first_order_to_as_of(growth):
    [row] = growth.agg(F.count("date").alias("days"), F.min("date"), F.max("date")).collect()
    assert tuple(row) == (52, date(2026, 1, 1), date(2026, 2, 21))


def test_a_customer_is_new_through_the_thirtieth_day_and_then_counts_by_group(spark, growth):
    """ada is new to 31 January, bob to 19 February; slipping within those days counts as new."""
    expected = """
        date       | new_count | active_count | just_ordered_count | slipping_away_count | lost_count
        2026-01-01 | 1         | 0            | 0                  | 0                   | 0
        2026-01-31 | 2         | 0            | 0                  | 0                   | 0
        2026-02-01 | 1         | 1            | 1                  | 0                   | 0
        2026-02-05 | 1         | 1            | 0                  | 0                   | 0
        2026-02-09 | 1         | 1            | 0                  | 0                   | 0
        2026-02-10 | 1         | 0            | 0                  | 1                   | 0
        2026-02-15 | 1         | 0            | 0                  | 0                   | 1
        2026-02-19 | 1         | 0            | 0                  | 0                   | 1
        2026-02-20 | 0         | 1            | 1                  | 0                   | 1
    """
    expected_rows = wanted(spark, BASE_GROWTH, expected)
    days = [row["date"] for row in expected_rows.select("date").collect()]
    same_rows(growth.where(F.col("date").isin(days)), expected_rows)
