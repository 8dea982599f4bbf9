from __future__ import annotations

from datetime import date

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lifetide.simulate.season import season
from lifetide.simulate.world import Plan


def test_mid_november_is_seven_thirds_of_mid_may_and_days_begin_and_end_with_the_plan(spark: SparkSession) -> None:
    year = season(Plan(1, date(2024, 1, 1), date(2025, 12, 31), 1))
    moments = [year.start, year.end, year.peak - 0.5, year.peak + 0.5, year.peak - 183.125, year.peak - 182.125]
    (days,) = spark.range(1).select(*(year.day_of(F.lit(moment)) for moment in moments)).collect()
    assert days[0] == pytest.approx(0, abs=1e-9)
    assert days[1] == pytest.approx(731)
    assert 1 / (days[3] - days[2]) == pytest.approx(1 / 0.6, rel=1e-3)  # 15 November
    assert 1 / (days[5] - days[4]) == pytest.approx(1 / 1.4, rel=1e-3)  # 16 May
