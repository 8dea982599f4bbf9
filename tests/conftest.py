"""One Spark session for the whole run, and the order of the run: tests without Spark first."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from pyspark.sql import SparkSession

from lifetide.session import default_places, spark_session

settings.register_profile("test", max_examples=2, deadline=None, derandomize=True, print_blob=True)
settings.load_profile("test")

OPTIONS = {
    "spark.sql.shuffle.partitions": "3",
    "spark.sql.adaptive.enabled": "false",
    # Plans that run once over a few rows: compiling costs more than it gives. `code_generation` turns it on.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
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


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo as a newcomer gets it: `lifetide demo` in a process of its own, once for the whole run."""
    folder = tmp_path_factory.mktemp("demo") / "lifetide-demo"
    command = [sys.executable, "-m", "lifetide.command", "demo", "--dir", str(folder), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    (folder / "output.txt").write_text(done.stdout, encoding="utf-8")
    return folder


@pytest.fixture
def code_generation(spark: SparkSession) -> Iterator[None]:
    """Plans are compiled as in jobs, for one test."""
    spark.conf.set("spark.sql.codegen.wholeStage", "true")
    spark.conf.set("spark.sql.codegen.factoryMode", "FALLBACK")
    yield
    spark.conf.set("spark.sql.codegen.wholeStage", "false")
    spark.conf.set("spark.sql.codegen.factoryMode", "NO_CODEGEN")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: "spark" in getattr(item, "fixturenames", ()))
