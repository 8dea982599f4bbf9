"""What Spark compiled for one build is there for the next in the same session."""

from __future__ import annotations

import pytest


@pytest.mark.usefixtures("code_generation")
def test_a_program_is_compiled_once_though_a_hundred_others_follow(spark):
    """Spark by itself keeps a hundred, and a build has more."""
    compiled = spark._jvm.org.apache.spark.metrics.source.CodegenMetrics.METRIC_COMPILATION_TIME()

    def programs(*numbers: int) -> int:
        """How many were compiled for products by these numbers, each a program of its own."""
        before = compiled.getCount()
        each = " UNION ALL ".join(f"SELECT id * {number} AS times FROM range(0, 3, 1, 1)" for number in numbers)
        spark.sql(each).write.format("noop").mode("overwrite").save()
        return compiled.getCount() - before

    assert programs(1_000_003) > 0
    assert programs(*range(1_000_004, 1_000_114)) >= 110
    assert programs(1_000_003) == 0
