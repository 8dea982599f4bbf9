"""Orders that become smaller: found where a person would say so, and not where it may be chance."""

from __future__ import annotations

from itertools import product

import pytest
from pyspark.sql import functions as F

from lifetide.lifecycle.ticket import is_ticket_decline, largest_u
from lifetide.policy import StagePolicy
from reference.stages import SMALLEST_U, has_ticket_decline

CASES = {
    "halved": ([100, 110, 90, 105, 95, 50, 45, 40], True),
    "halved, six orders": ([100, 110, 90, 50, 45, 40], True),
    "five orders cannot show it": ([100, 110, 50, 45, 40], False),
    "a quarter less is not enough": ([100, 100, 100, 100, 100, 75, 76, 74], False),
    "one small order among the last": ([100, 110, 90, 105, 95, 100, 110, 10], False),
    "two of three larger than some before": ([20, 200, 200, 200, 60, 21, 61, 40], False),
    "rising": ([10, 20, 30, 40, 50, 60, 70, 80], False),
    "falling all the time": ([80, 70, 60, 50, 40, 30, 20, 10], True),
    "given back": ([100, 110, 90, 105, 95, 50, 0, 40], False),
    "always the same": ([10] * 8, False),
    "nothing": ([], False),
}


def test_the_small_table_of_u_is_that_of_the_books() -> None:
    assert {earlier: largest_u(3, earlier, 0.1) for earlier in SMALLEST_U} == SMALLEST_U
    assert largest_u(3, 3, 0.04) == -1  # even the most extreme order comes by chance once in twenty
    assert largest_u(5, 5, 0.05) == 4  # Mann and Whitney's own table


def test_decline_is_found_where_a_person_would_say_so(spark):
    rows = [(name, [float(value) for value in values]) for name, (values, _) in CASES.items()]
    frame = spark.createDataFrame(rows, "name string, last_values array<double>")
    judged = frame.withColumn("found", is_ticket_decline(F.col("last_values"), StagePolicy()))
    assert {row["name"]: row["found"] for row in judged.collect()} == {
        name: found for name, (_, found) in CASES.items()
    }


def test_it_is_that_of_plain_python_on_many_small_orders(spark):
    rows = [(list(map(float, values)),) for values in product((10, 30, 60, 90), repeat=6)]
    frame = spark.createDataFrame(rows, "last_values array<double>")
    judged = frame.withColumn("found", is_ticket_decline(F.col("last_values"), StagePolicy())).collect()
    wrong = [row["last_values"] for row in judged if row["found"] != has_ticket_decline(row["last_values"])]
    assert wrong == []
    assert 0 < sum(row["found"] for row in judged) < len(judged) / 4


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"at_risk_days": 0}, "at_risk_days must be above 0, it is 0"),
        ({"at_risk_days": 30, "drop_off_days": 30}, "drop_off_days must be above at_risk_days"),
        ({"ticket_min_orders": 3}, "ticket_recent_orders < ticket_min_orders ≤ ticket_orders ≤ 12 must hold"),
        ({"ticket_p": 1}, "ticket_p must be between 0 and 1, it is 1"),
    ],
)
def test_a_policy_that_cannot_be_is_told(change, problem):
    assert StagePolicy(**change).problems() == [problem]
