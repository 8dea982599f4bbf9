from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import Observation, SparkSession
from pyspark.sql import functions as F

from lifetide.counting import count_where
from lifetide.storage import Counted


def seven(spark: SparkSession) -> Counted:
    return Counted(spark.range(7), all=F.count(F.lit(1)), odd=count_where(F.col("id") % 2 == 1))


def test_rows_are_counted_while_they_are_written(spark: SparkSession, tmp_path: Path) -> None:
    counted = seven(spark)
    counted.passing.where("id > 4").write.parquet(str(tmp_path / "rows"))
    assert counted.told() == {"all": 7, "odd": 3}


def test_what_spark_connect_did_not_wait_for_is_counted_over_the_rows(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = seven(spark)
    counted.passing.write.parquet(str(tmp_path / "rows"))
    monkeypatch.setattr(Observation, "get", {})
    written = spark.read.parquet(str(tmp_path / "rows"))
    assert counted.told() == {"all": 7, "odd": 3}
    assert counted.told(written) == {"all": 7, "odd": 3}
    assert counted.told(written.where("id < 2")) == {"all": 2, "odd": 1}  # what is stored is what is counted
