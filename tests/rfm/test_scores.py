from __future__ import annotations

import pytest
from pyspark.sql import functions as F

from given import given, same_rows, wanted
from lifetide.policy import RfmPolicy
from lifetide.rfm.cuts import rfm_cuts_of
from lifetide.rfm.learning import learned_rfm_cuts
from lifetide.rfm.scores import with_rfm
from lifetide.tables import CUSTOMER_PROFILES

POLICY = RfmPolicy()

PEOPLE = """
    customer_id | order_count | days_since_last_order | ltv_historic | has_email
    p1          | 2           | 10                    | 100.00       | ·
    p2          | 2           | 20                    | 100.00       | ·
    p3          | 2           | 20                    | 100.00       | ·
    p4          | 3           | 30                    | 200.00       | ·
    p5          | 4           | 40                    | 300.00       | ·
    p6          | 5           | 50                    | 400.00       | ·
    p7          | 6           | 60                    | 500.00       | ·
    p8          | 7           | 70                    | 600.00       | ·
    p9          | 8           | 80                    | 700.00       | ·
    p10         | 9           | 90                    | 800.00       | ·
    p11         | 10          | 100                   | 900.00       | ·
    once        | 1           | 5                     | 5000.00      | ·
    mailed      | 0           | ·                     | 0.00         | true
    unknown     | 0           | ·                     | -3.00        | ·
"""
SCORES = """
    customer_id | rfm_recency | rfm_frequency | rfm_monetary | rfm_segment     | rfm_reason          | rfm_stage
    p1          | 5           | 1             | 1            | recent          | grid                | retain
    p2          | 5           | 1             | 1            | recent          | grid                | retain
    p3          | 5           | 1             | 1            | recent          | grid                | retain
    p4          | 4           | 2             | 2            | recent          | grid                | retain
    p5          | 4           | 2             | 2            | recent          | grid                | retain
    p6          | 3           | 3             | 3            | needs_attention | grid                | reactivate
    p7          | 3           | 3             | 3            | needs_attention | grid                | reactivate
    p8          | 2           | 4             | 4            | at_risk         | grid                | reactivate
    p9          | 2           | 4             | 4            | at_risk         | grid                | reactivate
    p10         | 1           | 5             | 5            | cant_lose_them  | grid                | reactivate
    p11         | 1           | 5             | 5            | cant_lose_them  | grid                | reactivate
    once        | ·           | ·             | ·            | first_time      | one_order           | retain
    mailed      | ·           | ·             | ·            | loyal_visitor   | no_order_with_email | acquire
    unknown     | ·           | ·             | ·            | engaged_visitor | no_order_no_email   | acquire
"""


@pytest.fixture(scope="module")
def people(spark):
    typed = given(spark, CUSTOMER_PROFILES, PEOPLE).withColumn("net_revenue", F.col("ltv_historic"))
    return typed.withColumn("was_champion", F.lit(False)).localCheckpoint()


def learned(people) -> dict[str, float]:
    return {row["name"]: row["value"] for row in learned_rfm_cuts(people, POLICY, "days_since_last_order").collect()}


@pytest.mark.parametrize("partitions", [1, 3, 7])
def test_equal_values_get_equal_scores_however_the_rows_lie(spark, people, partitions):
    """Quintiles of eleven values are the 3rd, 5th, 7th and 9th; one-order customers do not shift them."""
    shuffled = people.orderBy(F.hash("customer_id", F.lit(partitions))).repartition(partitions)
    cuts = learned(shuffled)
    assert [cuts[f"rfm_frequency_cut_{place}"] for place in (1, 2, 3, 4)] == [2.0, 4.0, 6.0, 8.0]
    assert [cuts[f"rfm_recency_cut_{place}"] for place in (1, 2, 3, 4)] == [20.0, 40.0, 60.0, 80.0]
    same_rows(with_rfm(shuffled, rfm_cuts_of(cuts), POLICY), wanted(spark, CUSTOMER_PROFILES, SCORES))


def test_with_few_distinct_values_the_cuts_lie_in_the_middle_between_them(people):
    """Two, three and three hundred orders make two cuts, so nobody is given a score between."""
    few = people.where("customer_id IN ('p1', 'p4', 'p8')").withColumn("net_revenue", F.lit(1).cast("decimal(18,2)"))
    assert learned(few) == {
        "rfm_recency_cut_1": 20.0,
        "rfm_recency_cut_2": 50.0,
        "rfm_frequency_cut_1": 2.5,
        "rfm_frequency_cut_2": 5.0,
    }


def test_without_anyone_to_score_nothing_is_learned(people):
    assert learned(people.where("order_count < 2")) == {}


def test_a_pinned_cut_is_taken_as_it_is(people):
    pinned = learned_rfm_cuts(people, RfmPolicy(frequency_cuts=(3.0, 9.0)), "days_since_last_order")
    found = pinned.where("name LIKE 'rfm_frequency%'").select("name", "value", "method").collect()
    assert sorted(tuple(row) for row in found) == [
        ("rfm_frequency_cut_1", 3.0, "pinned"),
        ("rfm_frequency_cut_2", 9.0, "pinned"),
    ]
