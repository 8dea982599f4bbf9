"""The one way to a Spark session: the one that runs already, else a quiet local one with Delta."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from pyspark import SparkConf
from pyspark.sql import SparkSession
from pyspark.sql.utils import is_remote

from lifetide.errors import EnvironmentProblem
from lifetide.session.local import DELTA_SETTINGS, local_session

log = logging.getLogger(__name__)

OLDEST, NEWEST = (4, 0), (4, 1)


def spark_session(
    app_name: str,
    *,
    cache: Path,
    java_home: str | None = None,
    search_path: str = "",
    on_platform: bool = False,
    master: str = "local[*]",
    memory: str = "2g",
    options: Mapping[str, str] | None = None,
) -> SparkSession:
    """The session of the platform where there is one, else a local session with Delta.

    A session that runs already belongs to its owner: only its time zone is set, to UTC. `master`, `memory`
    and `options` are for a local session: there, options win over our settings, and Java options are added.
    `Places` has the right values for `cache`, `java_home`, `search_path` and `on_platform`.

    Raises:
        EnvironmentProblem: no supported Java, Spark or Delta jar, or Spark did not start.
    """
    running = SparkSession.getActiveSession()
    if running is None and on_platform:
        running = _platform_session(app_name)
    if running is not None:
        check_spark_version(running.version)
        running.conf.set("spark.sql.session.timeZone", "UTC")
        return running
    settings = {"spark.master": master, "spark.driver.memory": memory, **(options or {})}
    return local_session(app_name, cache=cache, java_home=java_home, search_path=search_path, settings=settings)


def check_spark_version(version: str) -> None:
    """Refuse a Spark older than 4.0; one newer than 4.1 is untested, which is worth a sentence in the log."""
    major, minor = (int(number) for number in version.split(".")[:2])
    if (major, minor) < OLDEST:
        raise EnvironmentProblem(
            f"This is Spark {version}; Lifetide needs Spark 4.0 or 4.1 with the Delta of the same line. "
            "Choose a newer runtime (Databricks: 17.0 or later), or `pip install 'lifetide[spark]'`."
        )
    if (major, minor) > NEWEST:
        log.warning("This is Spark %s; Lifetide was tested with Spark 4.0 and 4.1.", version)


def _platform_session(app_name: str) -> SparkSession:
    """What spark-submit or a Connect server holds ready; Delta is switched on if nobody said otherwise."""
    builder = SparkSession.builder.appName(app_name)
    if not is_remote():
        submitted = SparkConf()
        for name, value in DELTA_SETTINGS.items():
            if not submitted.contains(name):
                builder = builder.config(name, value)
    return builder.getOrCreate()
