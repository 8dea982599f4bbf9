"""Every row follows from the seed and the customer's number, and from nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import reduce

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lifetide.simulate import Plan, shop
from lifetide.simulate.people import people
from lifetide.simulate.persons import truth_customers

PLAN = Plan(30, date(2024, 9, 1), date(2025, 8, 31), 11, currencies=("GBP",), partitions=3)


NAMES = ("order_lines", "clicks", "identities", "consents", "truth_customers")


def prints(spark: SparkSession, plan: Plan) -> dict[str, tuple[int, int]]:
    """Rows of each table and a sum over the hashes of them."""

    def of_one(name: str, table: DataFrame) -> DataFrame:
        whole = F.xxhash64(*table.columns).cast("decimal(38,0)")
        return table.agg(F.lit(name).alias("name"), F.count(F.lit(1)).alias("n"), F.sum(whole).alias("print"))

    tables = shop(spark, plan)
    each = reduce(DataFrame.unionByName, (of_one(name, tables[name]) for name in NAMES))
    return {row["name"]: (row["n"], row["print"]) for row in each.collect()}


@pytest.fixture(scope="module")
def with_three(spark: SparkSession) -> dict[str, tuple[int, int]]:
    return prints(spark, PLAN)


@pytest.mark.parametrize("partitions", [1, 7])
def test_the_same_rows_with_any_number_of_partitions(
    spark: SparkSession, with_three: dict[str, tuple[int, int]], partitions: int
) -> None:
    assert prints(spark, replace(PLAN, partitions=partitions)) == with_three


def test_another_seed_gives_another_shop(spark: SparkSession, with_three: dict[str, tuple[int, int]]) -> None:
    other = prints(spark, replace(PLAN, seed=12))
    assert all(other[name][1] != with_three[name][1] for name in NAMES)
    assert other["truth_customers"][0] == with_three["truth_customers"][0] == 30


def test_more_customers_leave_the_first_as_they_were(spark: SparkSession) -> None:
    few, more = (truth_customers(people(spark, plan), plan) for plan in (replace(PLAN, customers=5), PLAN))
    first_of_more = [row for row in more.collect() if row["customer_id"] < "c000000005"]
    assert sorted(few.collect()) == sorted(first_of_more)


def test_nothing_is_shuffled_or_sorted(spark: SparkSession, capsys: pytest.CaptureFixture[str]) -> None:
    tables = shop(spark, PLAN)
    for name in NAMES:
        tables[name].explain()
        told = capsys.readouterr().out
        assert "Range (0, 30" in told
        assert "Exchange" not in told
        assert "Sort" not in told
