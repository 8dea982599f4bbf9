"""A Spark standalone cluster on loopback: a master and workers of one core each, as processes of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyspark

from lifetide.session import default_places
from lifetide.session.jars import delta_jars
from lifetide.session.java import dressed_java, find_java
from lifetide.session.launch import launch_variables
from lifetide.session.local import DELTA_SETTINGS

SPARK = Path(pyspark.__file__).parent
ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Cluster:
    """Where the master listens, and how a job is handed to it."""

    folder: Path
    jars: str
    environment: dict[str, str]
    port: int = field(default_factory=free_port)

    @property
    def master(self) -> str:
        return f"spark://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """What a user of such a cluster sets: Delta's jars on both sides, and the cores that one job may take."""
        return {
            **DELTA_SETTINGS,
            "spark.driver.extraClassPath": self.jars,
            "spark.executor.extraClassPath": self.jars,
            "spark.driver.memory": "1g",
            "spark.executor.memory": "1g",
            "spark.executor.cores": "1",
            "spark.cores.max": "2",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.sql.shuffle.partitions": "4",
            "spark.ui.enabled": "false",
        }

    def submit(self, job: str, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """`spark-submit` of a door of jobs/, with the wheel that is unpacked in the folder."""
        command = [str(SPARK / "bin" / "spark-submit"), "--master", self.master]
        for name, value in {**self.settings, **more}.items():
            command += ["--conf", f"{name}={value}"]
        command += [str(ROOT / "jobs" / f"{job}.py"), *words]
        return subprocess.run(
            command, env=self.environment, cwd=self.folder, capture_output=True, text=True, check=False, timeout=600
        )

    def start(self, kind: str, *words: str) -> subprocess.Popen[str]:
        """A process of Spark's own, which writes what it says to `<kind>.log`."""
        log = (self.folder / f"{kind.rsplit('.', 1)[-1]}.log").open("a")
        command = [str(SPARK / "bin" / "spark-class"), kind, *words]
        return subprocess.Popen(command, env=self.environment, cwd=self.folder, stdout=log, stderr=log, text=True)


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A master and its workers, up; they end with the block."""
    places = default_places(os.environ)
    java = dressed_java(find_java(places.java_home, places.search_path), places.cache)
    wheel = _wheel(folder)
    environment = {
        **os.environ, **launch_variables(java), "JAVA_HOME": str(java), "SPARK_HOME": str(SPARK),
        "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable,
        "PYTHONPATH": str(wheel),
    }  # fmt: skip
    jars = ":".join(str(jar) for jar in delta_jars(places.cache, java))
    made = Cluster(folder, jars, environment)
    address = ("--host", "127.0.0.1", "--webui-port", "0")
    running = [made.start("org.apache.spark.deploy.master.Master", "--port", str(made.port), *address)]
    try:
        _wait_for(made.port)
        for number in range(workers):
            place = folder / f"worker{number}"
            running.append(
                made.start(
                    "org.apache.spark.deploy.worker.Worker", *address, "--cores", "1", "--memory", "1536M",
                    "--work-dir", str(place), made.master,
                )
            )  # fmt: skip
        yield made
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait()


def _wheel(folder: Path) -> Path:
    """The project's wheel, built and installed into a folder of its own, without what it depends on."""
    target = folder / "installed"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder / "dist"), str(ROOT)],
        check=True, capture_output=True,
    )  # fmt: skip
    found = next((folder / "dist").glob("*.whl"))
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", str(target), str(found)], check=True)
    return target


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError(f"nothing listens on port {port}")
