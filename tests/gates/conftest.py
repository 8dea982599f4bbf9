from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import SparkSession

SHIPPED = Path(__file__).parents[2] / "expectations"


@pytest.fixture(scope="session")
def spark() -> SparkSession:
    return (
        SparkSession.builder.master("local[2]")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.adaptive.enabled", "false")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1")
        .getOrCreate()
    )


@pytest.fixture(scope="session")
def shipped() -> Path:
    return SHIPPED
