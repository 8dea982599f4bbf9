"""One Spark session for the whole run, the demo beside it, and the order of the run."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from pyspark.sql import SparkSession

import one_jvm

settings.register_profile("test", max_examples=2, deadline=None, derandomize=True, print_blob=True)
settings.load_profile("test")

JVM = "lifetide_jvm"
"""What the first process of a run in several tells its workers: the way to its JVM."""


@pytest.fixture(scope="session")
def spark(request: pytest.FixtureRequest) -> Iterator[SparkSession]:
    told = getattr(request.config, "workerinput", {})
    if JVM in told:
        yield one_jvm.attached(told[JVM])
        return
    session = one_jvm.begun()
    yield session
    session.stop()


class Jvm:
    """In a run of several processes (`make test`) the first one starts the JVM that its workers attach to."""

    session: SparkSession | None = None

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        if self.session is None:
            self.session = one_jvm.begun()
        node.workerinput[JVM] = one_jvm.way_to(self.session)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Jvm())


@pytest.fixture(scope="session", autouse=True)
def demo_begun(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo as a newcomer gets it: `lifetide demo` in a process of its own, once for the whole run.

    It begins before the first test of a run that will ask for it, and goes on beside the tests that need no demo.
    """
    base = tmp_path_factory.getbasetemp()
    place = (base.parent if hasattr(request.config, "workerinput") else base) / "demo"
    if any("demo_folder" in getattr(item, "fixturenames", ()) for item in request.session.items):
        with suppress(FileExistsError):
            place.mkdir()
            command = [sys.executable, "-m", "lifetide.command", "demo", "--dir", "lifetide-demo", "--json"]
            told = '"$@" > output.txt 2> errors.txt; echo $? > ended.part; mv ended.part ended'
            subprocess.Popen(["/bin/sh", "-c", told, "demo", *command], cwd=place)
    return place


@pytest.fixture(scope="session")
def demo_folder(demo_begun: Path) -> Path:
    """What the demo left, once it is done."""
    while not (demo_begun / "ended").exists():
        time.sleep(0.2)
    assert (demo_begun / "ended").read_text() == "0\n", (demo_begun / "errors.txt").read_text()[-4000:]
    return demo_begun / "lifetide-demo"


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
