"""The jobs on a real cluster: the wheel through spark-submit on a master with two workers, and Spark Connect."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import duckdb_extension_delta
import pytest

from cluster.standalone import Cluster, cluster, free_port
from pipelines.comparing import PUBLISHED
from pipelines.small_shop import SETTINGS, SmallShop, ordinary_days

pytestmark = pytest.mark.cluster
DAY = "2025-03-01"


@pytest.fixture(scope="module")
def spark_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster")) as made:
        yield made


def shop_in(folder: Path) -> Path:
    SmallShop(None, folder).write(ordinary_days(range(60)))  # type: ignore[arg-type]
    assert (folder / "settings.toml").read_text() == SETTINGS
    return folder / "settings.toml"


def locally(settings: Path, *words: str) -> None:
    subprocess.run([sys.executable, "-m", "lifetide.command", *words, "--settings", str(settings)], check=True)


@pytest.fixture(scope="module")
def of_one_machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables as a local session makes them."""
    settings = shop_in(tmp_path_factory.mktemp("local"))
    locally(settings, "ingest", "--batch", "first")
    locally(settings, "build", "--as-of", DAY)
    return settings.parent / "warehouse"


def rows(warehouse: Path, table: str) -> list[tuple[object, ...]]:
    extension = next(Path(duckdb_extension_delta.__file__).parent.rglob("delta.duckdb_extension"))
    with duckdb.connect() as connection:
        connection.execute(f"LOAD '{extension}'")
        found = connection.execute(f"SELECT * FROM delta_scan('{warehouse / table}')")
        names = [column[0] for column in found.description]
        return sorted(found.fetchall(), key=lambda row: str(dict(zip(names, row, strict=True))))


def test_spark_submit_on_two_workers_makes_the_tables_of_one_machine(
    spark_cluster: Cluster, of_one_machine: Path, tmp_path: Path
) -> None:
    settings = shop_in(tmp_path / "shop")
    for job, words in (("ingest", ("--batch", "first")), ("build", ("--as-of", DAY))):
        ran = spark_cluster.submit(job, "--settings", str(settings), *words)
        assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-4000:]
    for table in PUBLISHED:
        assert rows(settings.parent / "warehouse", table) == rows(of_one_machine, table), table
    executors = list(spark_cluster.folder.glob("worker*/app-*/*/stderr"))
    assert len({path.parents[2] for path in executors}) == 2, "both workers had a part in it"


def test_wrong_settings_end_with_2_and_no_traceback_on_a_cluster_too(spark_cluster: Cluster, tmp_path: Path) -> None:
    settings = shop_in(tmp_path / "shop")
    settings.write_text(SETTINGS.replace('timezone = "Europe/Berlin"', 'timezone = "Europe/Nowhere"'))
    ran = spark_cluster.submit("build", "--settings", str(settings), "--as-of", DAY)
    assert ran.returncode == 2
    assert "Europe/Nowhere" in ran.stdout  # spark-submit puts all that a Python program says there
    assert "Traceback" not in ran.stdout + ran.stderr


def test_spark_connect_makes_the_same_tables(spark_cluster: Cluster, of_one_machine: Path, tmp_path: Path) -> None:
    port = free_port()
    words = [word for name, value in spark_cluster.settings.items() for word in ("--conf", f"{name}={value}")]
    server = spark_cluster.start(
        "org.apache.spark.deploy.SparkSubmit", "--class", "org.apache.spark.sql.connect.service.SparkConnectServer",
        "--master", spark_cluster.master, "--conf", f"spark.connect.grpc.binding.port={port}", *words,
        "spark-internal",
    )  # fmt: skip
    settings = shop_in(tmp_path / "shop")
    environment = {**spark_cluster.environment, "SPARK_REMOTE": f"sc://127.0.0.1:{port}"}
    try:
        for job, more in (("ingest", ("--batch", "first")), ("build", ("--as-of", DAY))):
            ran = subprocess.run(
                [sys.executable, "-m", "lifetide.command", job, "--settings", str(settings), *more],
                env=environment, capture_output=True, text=True, check=False, timeout=600,
            )  # fmt: skip
            assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-4000:]
    finally:
        server.terminate()
        server.wait()
    for table in PUBLISHED:
        assert rows(settings.parent / "warehouse", table) == rows(of_one_machine, table), table
