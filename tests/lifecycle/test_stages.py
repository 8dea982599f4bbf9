"""The seven stages, rule by rule."""

from __future__ import annotations

from datetime import date

import pytest
from pyspark.sql import functions as F

from given import same_rows, wanted
from lifetide.lifecycle.intervals import StagesLearned
from lifetide.lifecycle.stages import StageLimits, stage_limits_of, stage_parameters, with_stage
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


def test_each_rule_in_its_turn(spark, state):
    same_rows(with_stage(state, LIMITS, StagePolicy(), AS_OF), wanted(spark, CUSTOMER_PROFILES, EXPECTED))


def test_a_prospect_has_no_ticket_that_could_decline(state):
    [kim] = with_stage(state, LIMITS, StagePolicy(), AS_OF).where("customer_id = 'kim'").collect()
    assert kim["is_ticket_decline"] is None


def test_loyal_may_be_a_matter_of_revenue(state):
    by_revenue = with_stage(state, LIMITS, StagePolicy(loyal_revenue=900), AS_OF)
    found = {row["customer_id"]: row["customer_stage"] for row in by_revenue.collect()}
    assert (found["ann"], found["cem"]) == ("loyal", "repeat")


def test_parameters_of_a_release_without_stages_give_none(state):
    assert stage_limits_of({"cut75": 1.5}) is None
    found = with_stage(state, None, StagePolicy(), AS_OF).select("customer_stage", "stage_reason").distinct()
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
