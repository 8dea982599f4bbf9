"""Several Python processes on one Spark: a JVM that is warm already, with a session of its own for each of them."""

from __future__ import annotations

import os
from typing import Any

import pyarrow
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType

from lifetide.session import default_places, spark_session

OPTIONS = {
    "spark.sql.shuffle.partitions": "3",
    "spark.sql.adaptive.enabled": "false",
    "spark.driver.extraJavaOptions": "-XX:ReservedCodeCacheSize=512m -XX:+UseParallelGC",
    # Plans that run once over a few rows: compiling costs more than it gives. `code_generation` turns it on.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


WAY = ("PYSPARK_GATEWAY_PORT", "PYSPARK_GATEWAY_SECRET")


def quick_frames(session: SparkSession) -> SparkSession:
    """The session, in which rows that a test types go by Arrow: without a Python worker they are there at once."""
    usual = session.createDataFrame

    def created(data: Any, schema: Any = None, *others: Any, **named: Any) -> DataFrame:
        if not (isinstance(data, list) and isinstance(schema, (str, StructType)) and not others and not named):
            return usual(data, schema, *others, **named)
        types = StructType.fromDDL(schema) if isinstance(schema, str) else schema
        if not data or not all(isinstance(row, (tuple, list)) and len(row) == len(types) for row in data):
            return usual(data, schema)
        try:
            rows = [dict(zip(types.names, row, strict=True)) for row in data]
            table = pyarrow.Table.from_pylist(rows, to_arrow_schema(types))
        except (pyarrow.ArrowException, TypeError, ValueError, OverflowError):
            return usual(data, schema)
        return usual(table, types)

    session.createDataFrame = created  # type: ignore[method-assign]
    return session


def begun() -> SparkSession:
    """Starts the JVM; it ends with this process."""
    places = default_places(os.environ)
    session = spark_session(
        "lifetide tests",
        cache=places.cache,
        java_home=places.java_home,
        search_path=places.search_path,
        on_platform=places.on_platform,
        master="local[2]",
        memory="3g",
        options=OPTIONS,
    )
    return quick_frames(session)


def way_to(spark: SparkSession) -> dict[str, str]:
    """The environment in which another process attaches to the JVM of this session."""
    gateway = spark.sparkContext._gateway.gateway_parameters
    return dict(zip(WAY, (str(gateway.port), gateway.auth_token), strict=True))


def attached(way: dict[str, str]) -> SparkSession:
    """A session of our own on the JVM that `way_to` told of; its death is that of a driver whose cluster lives on.

    The way is forgotten again: a command that this process starts has a Spark of its own.
    """
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway

    os.environ.update(way)
    gateway = launch_gateway()
    for name in way:
        del os.environ[name]
    jvm = gateway.jvm
    jsc = jvm.JavaSparkContext.fromSparkContext(jvm.org.apache.spark.SparkContext.getOrCreate())
    context = SparkContext(gateway=gateway, jsc=jsc, conf=SparkConf(_jconf=jsc.getConf()))
    default = jvm.org.apache.spark.sql.classic.SparkSession.getDefaultSession().get()
    return quick_frames(SparkSession(context, default.newSession()))
