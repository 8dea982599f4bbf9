"""One Spark session for the whole run, and the order of the run: tests without Spark first."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings
from pyspark.sql import SparkSession

from lifetide.session import default_places, spark_session

settings.register_profile("test", max_examples=6, deadline=None, derandomize=True, print_blob=True)
settings.register_profile("prove", max_examples=60, deadline=None, print_blob=True)
settings.load_profile("test")

OPTIONS = {
    "spark.sql.shuffle.partitions": "3",
    "spark.sql.adaptive.enabled": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",  # short jobs: compiling well costs more than it gives
}


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    places = default_places(os.environ)
    session = spark_session(
        "lifetide tests",
        cache=places.cache,
        java_home=places.java_home,
        search_path=places.search_path,
        on_platform=places.on_platform,
        master="local[2]",
        memory="2g",
        options=OPTIONS,
    )
    yield session
    session.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: "spark" in getattr(item, "fixturenames", ()))
