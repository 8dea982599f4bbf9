"""One Spark session for the whole run, the demo beside it, and the order of the run."""

from __future__ import annotations

import os
import shutil
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
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m",
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
def demo_begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    """The demo as a newcomer gets it: `lifetide demo` in a process of its own, once for the whole run.

    It begins before the first test and goes on beside the tests that need no demo; see the order of the run.
    """
    folder = tmp_path_factory.mktemp("demo") / "lifetide-demo"
    command = [sys.executable, "-m", "lifetide.command", "demo", "--dir", str(folder), "--json"]
    with (folder.parent / "errors.txt").open("w") as errors, (folder.parent / "output.txt").open("w") as output:
        demo = subprocess.Popen(command, stdout=output, stderr=errors, text=True)
        yield folder, demo
        demo.kill()
        demo.wait()


@pytest.fixture(scope="session")
def demo_folder(demo_begun: tuple[Path, subprocess.Popen[str]]) -> Path:
    """What the demo left, once it is done."""
    folder, demo = demo_begun
    assert demo.wait() == 0, (folder.parent / "errors.txt").read_text()[-4000:]
    shutil.copyfile(folder.parent / "output.txt", folder / "output.txt")
    return folder


@pytest.fixture(scope="session", autouse=True)
def demo_ahead(request: pytest.FixtureRequest) -> None:
    """Begins the demo first where any test of this run will ask for it."""
    if any("demo_folder" in getattr(item, "fixturenames", ()) for item in request.session.items):
        request.getfixturevalue("demo_begun")


@pytest.fixture
def code_generation(spark: SparkSession) -> Iterator[None]:
    """Plans are compiled as in jobs, for one test."""
    spark.conf.set("spark.sql.codegen.wholeStage", "true")
    spark.conf.set("spark.sql.codegen.factoryMode", "FALLBACK")
    yield
    spark.conf.set("spark.sql.codegen.wholeStage", "false")
    spark.conf.set("spark.sql.codegen.factoryMode", "NO_CODEGEN")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Spark first, then with Spark, and last what waits for the demo."""
    items.sort(key=lambda item: ["demo_folder" in item.fixturenames, "spark" in item.fixturenames])
