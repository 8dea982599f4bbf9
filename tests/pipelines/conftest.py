"""A shop that several files look at, built once for the whole run; each of them works on a copy of its folder."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lifetide.pipelines.build import build
from lifetide.pipelines.ingest import ingest
from pipelines.small_shop import LAST_DAY, TODAY, SmallShop, ordinary_days


@pytest.fixture(scope="session")
def ordinary_shop(
    spark: SparkSession, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> SmallShop:
    """179 ordinary days ingested as batch "good", and the last of them, 2025-06-28, built; not to be written to.

    Whichever process of the run needs it first builds it; the others wait.
    """
    base = tmp_path_factory.getbasetemp()
    place = base.parent if hasattr(request.config, "workerinput") else base
    shop = SmallShop(spark, place / "ordinary-shop")
    with Path(place / "ordinary-shop.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = place / "ordinary-shop.done"
        if not done.exists():
            shop.write(ordinary_days(range(179)))
            ingest(shop.context(), today=TODAY, batch="good")
            build(shop.context(), as_of=LAST_DAY)
            done.touch()
    return shop
