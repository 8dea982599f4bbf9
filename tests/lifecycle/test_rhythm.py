from __future__ import annotations

from datetime import date

from pyspark.sql import functions as F

from given import given, same_rows, wanted
from lifetide import flow
from lifetide.lifecycle.groups import with_rhythm
from lifetide.lifecycle.learning import learned_rhythm
from lifetide.lifecycle.rhythm import Rhythm, baseline, whole_day_limits
from lifetide.policy import LifecyclePolicy, Policy
from lifetide.tables import CUSTOMER_DAYS, CUSTOMER_PROFILES, CUSTOMER_STATE, LEARNED_PARAMETERS
from plain_flow import nobody_linked

POLICY = LifecyclePolicy()


def test_the_baseline_is_the_own_mean_gap_drawn_towards_the_group_by_three_gaps(spark):
    """Columns: gap sum, gaps, κ, expected days for a group of 60 days."""
    cases = [(0, 0, 3.0, 60.0), (30, 1, 3.0, 52.5), (300, 10, 3.0, 480 / 13), (30, 1, 0.0, 30.0), (0, 0, 0.0, 60.0)]
    for kappa in (3.0, 0.0):
        mine = [case for case in cases if case[2] == kappa]
        frame = spark.createDataFrame(mine, "total bigint, gaps int, kappa double, expected double")
        found = baseline(F.lit(60.0), F.col("total"), F.col("gaps"), LifecyclePolicy(shrinkage=kappa))
        assert [row[0] for row in frame.select(found).collect()] == [case[3] for case in mine]


def test_limits_are_whole_days_and_rounding_of_floats_moves_nobody(spark):
    """1.15 × 20 is 22.999999999999996 in floats and 23 days for people."""
    rhythm = Rhythm(60.0, 1.15, 3.5, 7.25, None, None)
    frame = spark.createDataFrame([(20.0,), (10.0,), (1.0,)], "days double")
    limits = whole_day_limits(F.col("days"), rhythm)
    names = ("slip_after_days", "just_ordered_until_days", "lost_after_days")
    found = [tuple(row) for row in frame.select(*(limits[name].alias(name) for name in names)).collect()]
    assert found == [(23, 7, 70), (11, 7, 35), (1, 7, 7)]


def test_the_next_order_is_expected_after_the_baseline_rounded_up_and_never_in_the_past(spark):
    state = """
        customer_id | last_order_date | gap_count | gap_sum_days | gap_square_sum | last_gaps | is_rate_drop
        once        | 2026-01-01      | 0         | 0            | 0              | []        | false
        twice       | 2026-01-01      | 1         | 31           | 961            | [31]      | false
        silent      | 2025-06-01      | 1         | 31           | 961            | [31]      | false
        never       | ·               | 0         | 0            | 0              | []        | false
    """
    expected = """
        customer_id | baseline_source | baseline_interval_days | own_interval_days | expected_next_order_date | regularity | lifecycle_group
        once        | group           | 60.0                   | ·                 | 2026-03-02               | unknown    | just_ordered
        twice       | blended         | 52.75                  | 31.0              | 2026-02-23               | unknown    | just_ordered
        silent      | blended         | 52.75                  | 31.0              | 2026-01-11               | unknown    | lost
        never       | ·               | ·                      | ·                 | ·                        | ·          | prospect
    """  # noqa: E501
    rhythm = Rhythm(60.0, 1.5, 3.5, 30.0, None, None)
    described = with_rhythm(given(spark, CUSTOMER_STATE, state), rhythm, POLICY, date(2026, 1, 11))
    same_rows(described, wanted(spark, CUSTOMER_PROFILES, expected))


def test_a_shop_teaches_the_median_of_its_customers_mean_gaps_and_half_of_it_where_that_is_short(spark):
    """Mean gaps 10, 20 and 26 days; three customers have fewer than a hundred gaps, so the cuts are defaults."""
    days = """
        source_id | local_date
        ada       | 2026-01-01
        ada       | 2026-01-11
        bob       | 2026-01-01
        bob       | 2026-01-06
        bob       | 2026-02-10
        cleo      | 2026-01-01
        cleo      | 2026-01-27
        dan       | 2026-01-01
    """
    state = """
        customer_id | gap_count | gap_sum_days | gap_square_sum
        ada         | 1         | 10           | 100
        bob         | 2         | 40           | 1250
        cleo        | 1         | 26           | 676
        dan         | 0         | 0            | 0
    """
    bought = given(spark, CUSTOMER_DAYS, days, order_count="1", order_value="10.00")
    purchases = flow.purchases(bought, nobody_linked(spark), Policy()).localCheckpoint()
    expected = """
        name                     | value | method                   | sample_count
        population_interval_days | 20.0  | median                   | 3
        just_ordered_days        | 10.0  | half_population_interval | 3
        cut75                    | 1.5   | default                  | 4
        cut95                    | 3.5   | default                  | 4
    """
    same_rows(
        learned_rhythm(given(spark, CUSTOMER_STATE, state), purchases, POLICY),
        wanted(spark, LEARNED_PARAMETERS, expected),
    )
