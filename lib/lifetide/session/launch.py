"""Start a JVM for Spark with a few variables set, and leave this process's own variables as they were."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyspark


def launch_variables(java_home: Path) -> dict[str, str]:
    """What Spark's own start scripts read.

    Without PYSPARK_PYTHON, workers run whatever `python3` is first on PATH. SPARK_HOME keeps the scripts from
    searching for a Spark, and finding another one. A Spark distribution has its jars elsewhere: left alone.
    """
    variables = {"JAVA_HOME": str(java_home), "PYSPARK_PYTHON": sys.executable}
    spark = spark_folder()
    return {**variables, "SPARK_HOME": str(spark)} if (spark / "jars").is_dir() else variables


def spark_folder() -> Path:
    """The folder of the installed `pyspark` package, which holds Spark itself when it came from pip."""
    return Path(pyspark.__file__).parent


@contextmanager
def variables_set(variables: Mapping[str, str]) -> Iterator[None]:
    """Variables for the child processes that start within; afterwards this process has its own ones back."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
