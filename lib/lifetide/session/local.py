"""A Spark of our own on this machine: with Delta, in UTC, without a UI, without a word on the terminal."""

from __future__ import annotations

import atexit
import logging
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyspark
from pyspark.errors import PySparkException
from pyspark.logger import PySparkLogger
from pyspark.sql import SparkSession

from lifetide.errors import EnvironmentProblem
from lifetide.session.files import make_folder, write_once
from lifetide.session.jars import delta_jars
from lifetide.session.java import dressed_java, find_java
from lifetide.session.launch import launch_variables, variables_set

DELTA_SETTINGS: Mapping[str, str] = {
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
}

LOCAL_SETTINGS: Mapping[str, str] = {
    **DELTA_SETTINGS,
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.shuffle.partitions": "16",  # by default 200 tiny tasks, and a stream keeps 200 state stores
    "spark.sql.requireAllClusterKeysForCoPartition": "false",  # joins keep rows of one id together
    "spark.sql.autoBroadcastJoinThreshold": "32m",  # 10m by default
    "spark.sql.execution.replaceHashWithSortAgg": "true",  # no hash table over rows that are sorted already
    "spark.sql.codegen.cache.maxEntries": "5000",  # 100 by default, fewer than one build has: the next compiles again
    "spark.databricks.delta.snapshotPartitions": "2",  # 50 by default; halves the first read of a table
    "spark.sql.sources.parallelPartitionDiscovery.parallelism": "5",  # not 10,000; VACUUM: 9 times faster
    "spark.sql.ui.explainMode": "simple",  # nobody looks at the UI; the long form costs a quarter of a small build
    "spark.python.sql.dataFrameDebugging.enabled": "false",  # it asks the JVM twice for each step of a plan
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}

JAVA_OPTIONS = "spark.driver.extraJavaOptions"

# Each plan of Spark is a program of its own. Compiling it once more for speed takes seconds of a core, a third of all
# CPU of a build of 2 million events: worth it for loops 125 and calls 20 times as many as Java would ask for.
PATIENT_COMPILER = (
    "-XX:Tier4BackEdgeThreshold=5000000 -XX:Tier4InvocationThreshold=100000 "
    "-XX:Tier4MinInvocationThreshold=20000 -XX:Tier4CompileThreshold=400000"
)

# What Spark says goes to a file; the terminal belongs to the person. A failed job still raises in Python.
LOG_SETTINGS = """\
status = off
appender.file.type = RollingFile
appender.file.name = file
appender.file.fileName = {log}
appender.file.filePattern = {log}.%i
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{{yyyy-MM-dd HH:mm:ss}} %p %c{{1}}: %m%n%ex
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 5MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 1
rootLogger.level = warn
rootLogger.appenderRef.file.ref = file
"""


def local_session(
    app_name: str, *, cache: Path, java_home: str | None, search_path: str, settings: Mapping[str, str]
) -> SparkSession:
    """Find Java, fetch the jars if need be, and start; `settings` carries the master and the memory."""
    if not pyspark.__version__.startswith("4.1."):
        raise EnvironmentProblem(
            f"pyspark {pyspark.__version__} is installed, but Lifetide's own Delta jars are for Spark 4.1: "
            "run `pip install 'lifetide[spark]'`, or start a session with Delta yourself before calling this."
        )
    java = dressed_java(find_java(java_home, search_path), cache)
    spark_log = make_folder(cache / "logs") / "spark.log"
    conf = local_settings(cache, delta_jars(cache, java), spark_log, settings)
    builder = SparkSession.builder.appName(app_name)
    for name, value in conf.items():
        builder = builder.config(name, value)
    _quieten_pyspark()
    try:
        with variables_set(launch_variables(java)):
            return builder.getOrCreate()
    except PySparkException as problem:
        raise EnvironmentProblem(
            f"Spark did not start with {java / 'bin' / 'java'} and {conf['spark.driver.memory']} of memory; "
            f"its own words are above or in {spark_log}."
        ) from problem


def local_settings(cache: Path, jars: Sequence[Path], spark_log: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """All settings of a local session; `settings` win, except that Java options are added to ours."""
    class_path = ":".join(str(jar) for jar in jars)
    log_file = write_once(cache / "spark" / "log4j2.properties", LOG_SETTINGS.format(log=spark_log))
    java_options = f'-XX:+UseParallelGC {PATIENT_COMPILER} "-Dlog4j2.configurationFile={log_file.as_uri()}"'
    ours = {
        **LOCAL_SETTINGS,
        "spark.driver.memory": "2g",
        "spark.driver.extraClassPath": class_path,
        "spark.executor.extraClassPath": class_path,
        "spark.sql.warehouse.dir": str(_passing_folder(cache)),
    }
    if settings.get("spark.master", "").startswith("local["):
        # No other machine takes part: stay off its network, whose name and firewall may be in the way.
        ours |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    return {**ours, **settings, JAVA_OPTIONS: f"{java_options} {settings.get(JAVA_OPTIONS, '')}".strip()}


def _quieten_pyspark() -> None:
    """PySpark prints each exception, with the rows in it, as JSON before it raises it; raising is enough."""
    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
        PySparkLogger.getLogger(name).setLevel(logging.CRITICAL + 1)


def _passing_folder(cache: Path) -> Path:
    """Spark insists on a warehouse folder; ours lasts as long as this process and lies in nobody's way."""
    folder = Path(tempfile.mkdtemp(dir=make_folder(cache / "spark"), prefix="warehouse-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
