"""The seven stages, rule by rule."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from pyspark.sql import functions as F

from given import same_rows, wanted
from lifetide.lifecycle.intervals import StagesLearned
from lifetide.lifecycle.returning import Learned
from lifetide.lifecycle.stages import (
    StageLimits,
    category_parameters,
    stage_limits_of,
    stage_parameters,
    with_last_return,
    with_stage,
)
from lifetide.policy import StagePolicy
from lifetide.tables import CUSTOMER_PROFILES
from lifetide.vocabulary import LearnedMethod

AS_OF = date(2026, 6, 30)
LIMITS = StageLimits(at_risk_days=100, drop_off_days=200, loyal_orders=4)
STATE = """
    customer_id | last_order_date | order_count | is_ticket_decline | long_gaps                     | order_value_sum
    ann         | 2026-06-01      | 1           | false             | []                            | 900
    ben         | 2026-06-01      | 2           | false             | []                            | 20
    cem         | 2026-06-01      | 4           | false             | []                            | 20
    dan         | 2026-06-01      | 9           | true              | []                            | 20
    eve         | 2026-03-22      | 9           | false             | []                            | 20
    fay         | 2026-03-23      | 9           | false             | []                            | 20
    gus         | 2025-12-12      | 9           | true              | []                            | 20
    hal         | 2026-05-30      | 3           | true              | 2026-04-01:250, 2026-05-30:40 | 20
    ida         | 2026-05-30      | 5           | false             | 2026-03-22:250, 2026-05-30:40 | 20
    joe         | 2026-05-30      | 5           | false             | 2026-05-30:199                | 20
    kim         | ·               | 0           | false             | []                            | 0
    lea         | 2026-04-10      | 5           | false             | 2024-08-01:300, 2026-04-10:210 | 20
"""
EXPECTED = """
    customer_id | customer_stage | stage_reason
    ann         | new            | one_order
    ben         | repeat         | several_orders
    cem         | loyal          | many_orders
    dan         | at_risk        | ticket_decline
    eve         | at_risk        | silent
    fay         | loyal          | many_orders
    gus         | drop_off       | silent_too_long
    hal         | reactivated    | came_back
    ida         | loyal          | many_orders
    joe         | loyal          | many_orders
    kim         | prospect       | no_net_order
    lea         | reactivated    | came_back
"""


@pytest.fixture(scope="module")
def state(spark):
    lines = [line.split("|") for line in STATE.strip().splitlines()[1:]]
    rows = []
    for cells in lines:
        name, last, count, declines, gaps, value = (cell.strip() for cell in cells)
        long_gaps = [tuple(gap.split(":")) for gap in gaps.split(", ")] if gaps != "[]" else []
        rows.append((name, None if last == "·" else last, int(count), declines == "true",
                     [(ended, int(days)) for ended, days in long_gaps], float(value)))  # fmt: skip
    frame = spark.createDataFrame(
        rows,
        "customer_id string, last string, order_count long, is_ticket_decline boolean, "
        "gaps array<struct<ended_on:string,gap_days:int>>, order_value_sum double",
    )
    return frame.select(
        "customer_id", F.col("last").cast("date").alias("last_order_date"), "order_count", "is_ticket_decline",
        F.col("gaps").cast("array<struct<ended_on:date,gap_days:int>>").alias("long_gaps"), "order_value_sum",
        F.date_diff(F.lit(AS_OF), F.col("last").cast("date")).alias("days_since_last_order"),
    ).localCheckpoint()  # fmt: skip


def staged(state, limits, policy):
    return with_stage(with_last_return(state, limits, AS_OF), limits, policy)


def test_each_rule_in_its_turn(spark, state):
    same_rows(staged(state, LIMITS, StagePolicy()), wanted(spark, CUSTOMER_PROFILES, EXPECTED))


def test_a_main_category_may_have_limits_of_its_own(state):
    values = {"at_risk_days": 100, "drop_off_days": 200, "loyal_orders": 4,
              "at_risk_days: Coffee": 20, "drop_off_days: Coffee": 29, "at_risk_days: Sofas": 300}  # fmt: skip
    limits = stage_limits_of(values)
    assert (limits.of("Coffee"), limits.of("Sofas"), limits.of("Tea"), limits.of(None)) == (
        (20, 29), (300, 301), (100, 200), (100, 200)
    )  # fmt: skip
    of_coffee = state.withColumn("main_category", F.when(F.col("customer_id").isin("ben", "hal"), "Coffee"))
    found = {row["customer_id"]: row["customer_stage"] for row in staged(of_coffee, limits, StagePolicy()).collect()}
    assert found["ben"] == "drop_off"  # 29 days of silence
    assert found["ann"] == "new"  # the same, in no category
    assert found["hal"] == "drop_off"  # 31 days of silence


def test_coming_back_is_judged_by_the_limits_of_the_category(state):
    values = {"at_risk_days": 100, "drop_off_days": 300, "loyal_orders": 4,
              "at_risk_days: Coffee": 50, "drop_off_days: Coffee": 199}  # fmt: skip
    of_coffee = state.withColumn("main_category", F.when(F.col("customer_id").isin("joe"), "Coffee"))
    found = {
        row["customer_id"]: row["customer_stage"]
        for row in staged(of_coffee, stage_limits_of(values), StagePolicy()).collect()
    }
    assert found["joe"] == "reactivated"  # a silence of 199 days ended 31 days ago
    assert found["ida"] == "loyal"  # one of 250 days does not count for everyone else


def test_a_category_has_a_limit_where_its_own_curve_shows_one_and_nothing_is_pinned() -> None:
    shown = Learned(np.full(51, 40.0), LearnedMethod.SURVIVAL)
    guessed = Learned(np.full(51, 90.0), LearnedMethod.FALLBACK)
    learned = StagesLearned(shown, guessed, gap_count=7)
    [one] = category_parameters("Coffee", learned, StagePolicy())
    assert (one.name, one.value, one.sample_count) == ("at_risk_days: Coffee", 40, 7)
    assert category_parameters("Coffee", learned, StagePolicy(at_risk_days=30)) == []


def test_a_prospect_has_no_ticket_that_could_decline(state):
    [kim] = staged(state, LIMITS, StagePolicy()).where("customer_id = 'kim'").collect()
    assert kim["is_ticket_decline"] is None


def test_loyal_may_be_a_matter_of_revenue(state):
    by_revenue = staged(state, LIMITS, StagePolicy(loyal_revenue=900))
    found = {row["customer_id"]: row["customer_stage"] for row in by_revenue.collect()}
    assert (found["ann"], found["cem"]) == ("loyal", "repeat")


def test_parameters_of_a_release_without_stages_give_none(state):
    assert stage_limits_of({"cut75": 1.5}) is None
    found = staged(state, None, StagePolicy()).select("customer_stage", "stage_reason").distinct()
    assert [tuple(row) for row in found.collect()] == [(None, None)]


def test_where_nobody_came_back_the_default_interval_gives_the_limits() -> None:
    found = stage_parameters(StagesLearned(), StagePolicy(), 60)
    assert [(one.name, one.value, one.method) for one in found] == [
        ("at_risk_days", 120, LearnedMethod.DEFAULT),
        ("drop_off_days", 240, LearnedMethod.DEFAULT),
        ("loyal_orders", 3, LearnedMethod.DEFAULT),
    ]


def test_a_pinned_limit_is_used_as_it_is() -> None:
    pinned = StagePolicy(at_risk_days=45, drop_off_days=90, loyal_orders=5)
    found = stage_parameters(StagesLearned(), pinned, 60)
    assert [(one.value, one.method) for one in found] == [(45, "pinned"), (90, "pinned"), (5, "pinned")]
