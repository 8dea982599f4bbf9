"""Shops that several files look at, built once for the whole run; each of them works on a copy of its folder."""

from __future__ import annotations

import fcntl
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lifetide.pipelines.build import build
from lifetide.pipelines.ingest import ingest
from lifetide.pipelines.members import run_audiences
from pipelines.dated_shop import with_static
from pipelines.small_shop import LAST_DAY, LATE, NEXT_DAY, TODAY, SmallShop, ordinary_days

AFTER_ALL = 50
"""Number of a run, with which copies begin after all runs of the shop."""


@pytest.fixture(scope="session")
def ordinary_shop(
    spark: SparkSession, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> SmallShop:
    """179 ordinary days ingested as batch "good", and the last of them, 2025-06-28, built; not to be written to."""
    place = _shared(request, tmp_path_factory)
    shop = SmallShop(spark, place / "ordinary-shop")
    with _once(place, "ordinary-shop") as is_first:
        if is_first:
            shop.write(ordinary_days(range(179)))
            ingest(shop.context(), today=TODAY, batch="good")
            build(shop.context(), as_of=LAST_DAY)
    return shop


@pytest.fixture(scope="session")
def late_shop(
    ordinary_shop: SmallShop, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> SmallShop:
    """The same without gates, and a day later: snapshots and ledger of both days; not to be written to.

    Between them came an order of c16 that is dated before the first of them.
    """
    place = _shared(request, tmp_path_factory)
    with _once(place, "late-shop") as is_first:
        if is_first:
            shop = ordinary_shop.copied(place / "late-shop", gates=False)
            run_audiences(shop.context(), with_static(), LAST_DAY)
            shop.write([*ordinary_days(range(179)), LATE])
            ingest(shop.context(), today=TODAY, batch="late")
            build(shop.context(), as_of=NEXT_DAY)
            run_audiences(shop.context(), with_static(), None)
    return SmallShop(ordinary_shop.session, place / "late-shop", itertools.count(AFTER_ALL).__next__, gates=False)


def _shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of the run see."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if hasattr(request.config, "workerinput") else base


@contextmanager
def _once(place: Path, name: str) -> Iterator[bool]:
    """True for whichever process of the run needs it first; the others wait until it is made."""
    with (place / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = place / f"{name}.done"
        yield not done.exists()
        done.touch()
