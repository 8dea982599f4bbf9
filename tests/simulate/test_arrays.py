from __future__ import annotations

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lifetide.simulate.arrays import each_of, each_present, numbers, run_of


def test_a_run_of_numbers_never_counts_down(spark: SparkSession) -> None:
    (row,) = spark.range(1).select(run_of(1, F.lit(3)), run_of(1, F.lit(0)), numbers([0.5, 1e-7])).collect()
    assert list(row) == [[1, 2, 3], None, [0.5, 1e-7]]
    assert [row[0] for row in spark.range(1).select(each_of(0, F.lit(-1))).collect()] == [None]


def test_what_may_be_there_becomes_a_row_only_where_it_is(spark: SparkSession) -> None:
    flags = spark.createDataFrame([(True, True), (False, True), (None, False)], "a boolean, b boolean")
    told = flags.select(each_present(F.lit("always"), (F.col("a"), F.lit("a")), (F.col("b"), F.lit("b"))))
    assert [row[0] for row in told.collect()] == ["always", "a", "b", "always", "b", "always"]
