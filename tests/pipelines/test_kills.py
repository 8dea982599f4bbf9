"""Jobs killed at their steps and started again: the tables are those of a run that nobody disturbed."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lifetide.errors import Busy
from lifetide.pipelines.build import build
from lifetide.pipelines.ingest import ingest
from lifetide.tables import RUNS, TABLES
from pipelines.dying import DONE, KILLED, Nursery, nursery
from pipelines.small_shop import TODAY, SmallShop, ordinary_days

pytestmark = pytest.mark.delta
SECOND = date(2025, 6, 29)
BEFORE, AFTER = ordinary_days(range(60)), ordinary_days(range(180))
OF_RUNS = ("runs", "check_results", "run_metrics")


@pytest.fixture(scope="module")
def family(spark: SparkSession) -> Iterator[Nursery]:
    with nursery(spark) as made:
        yield made


@pytest.fixture(scope="module")
def yesterday(ordinary_shop: SmallShop, tmp_path_factory: pytest.TempPathFactory) -> SmallShop:
    """179 days ingested and built; the next one waits in the file."""
    shop = ordinary_shop.copied(tmp_path_factory.mktemp("yesterday") / "shop", gates=False)
    shop.write(AFTER)
    return shop


@pytest.fixture(scope="module")
def undisturbed(
    spark: SparkSession, yesterday: SmallShop, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, int]:
    """What the tables hold after that day, had nobody disturbed it."""
    shop = yesterday.copied(tmp_path_factory.mktemp("undisturbed") / "shop", gates=False)
    ingest(shop.context(), today=TODAY, batch="after")
    build(shop.context(), as_of=SECOND)
    return digests(shop)


def digests(shop: SmallShop) -> dict[str, int]:
    """A number per table that two tables share only if they hold the same rows, whatever their order."""
    store = shop.context().store
    found = {}
    for name in sorted(set(store.versions()) - set(OF_RUNS)):
        table = TABLES[name]
        texts = [F.col(column.name).cast("string") for column in table.columns]
        hashed = store.read(table).select(F.xxhash64(*texts).cast("decimal(38,0)").alias("h"))
        found[name] = hash(tuple(hashed.agg(F.count("*"), F.sum("h")).first()))
    return found


def crash_and_finish(family: Nursery, shop: SmallShop, job: str, deaths: list[int], **order: str) -> None:
    """Kills the job after each of so many steps, always starting it again; then lets it end."""
    before = digests(shop)
    for died, steps in enumerate(deaths):
        code, ended = family.run(job, shop.folder, die_after=steps, **order)
        if code == DONE:  # it has fewer steps than that
            assert len(ended) < steps
            return
        assert code == KILLED
        assert digests(shop) == before, f"death {died}: readers see a run that did not end"
    assert family.run(job, shop.folder, **order)[0] == DONE


@pytest.mark.prove  # some minutes: it belongs into `make test` once builds are quicker
def test_ten_deaths_in_ingest_and_build_leave_no_trace(
    family: Nursery, yesterday: SmallShop, undisturbed: dict[str, int], tmp_path: Path
) -> None:
    shop = yesterday.copied(tmp_path / "shop", gates=False)
    crash_and_finish(family, shop, "ingest", [1, 4, 7], batch="after")
    crash_and_finish(family, shop, "build", [1, 6, 15, 30, 38, 40, 42], as_of=str(SECOND))
    assert digests(shop) == undisturbed
    statuses = {row.status for row in shop.context().store.read(RUNS).collect()}
    assert statuses == {"published"}


@pytest.mark.prove
def test_a_death_at_every_step_and_at_random_moments_leaves_no_trace(
    family: Nursery, yesterday: SmallShop, undisturbed: dict[str, int], tmp_path: Path
) -> None:
    """Some 60 deaths at steps (ingest has about 8, a daily build about 50), 40 at random moments."""
    shop = yesterday.copied(tmp_path / "steps", gates=False)
    crash_and_finish(family, shop, "ingest", list(range(12)), batch="after")
    crash_and_finish(family, shop, "build", list(range(60)), as_of=str(SECOND))
    assert digests(shop) == undisturbed

    chance = random.Random(5)
    shop = yesterday.copied(tmp_path / "moments", gates=False)
    for job, order in (("ingest", {"batch": "after"}), ("build", {"as_of": str(SECOND)})):
        for _ in range(20):
            family.run(job, shop.folder, die_in=chance.uniform(0.5, 30), **order)
        assert family.run(job, shop.folder, **order)[0] == DONE
    assert digests(shop) == undisturbed


@pytest.mark.prove  # more than a minute; the lock itself is tested below
def test_beside_a_build_in_another_process_a_build_and_an_ingest_are_told_who_writes(
    family: Nursery, yesterday: SmallShop, tmp_path: Path
) -> None:
    shop = yesterday.copied(tmp_path / "shop", gates=False)
    before = digests(shop)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(family.run, "build", shop.folder, as_of=str(SECOND))
        while not (shop.folder / "warehouse" / "_lock").read_text():
            time.sleep(0.05)
        with pytest.raises(Busy, match=r"build, run run-\d+-build, since 2026"):
            build(shop.context(), as_of=SECOND)
        with pytest.raises(Busy, match=r"build, run run-\d+-build, since 2026"):
            ingest(shop.context(), today=TODAY, batch="after")
        assert digests(shop) == before
        assert first.result()[0] == DONE
    assert ingest(shop.context(), today=TODAY, batch="after").status == "published"


def test_a_second_run_is_told_who_writes_since_when_and_changes_nothing(spark: SparkSession, tmp_path: Path) -> None:
    shop = SmallShop(spark, tmp_path / "shop", gates=False)
    shop.write(BEFORE)
    writer = shop.context()
    writer.store.lock(writer.run_id, "build", "2026-01-01 12:00:00 UTC")
    with pytest.raises(Busy, match=rf"build, run {writer.run_id}, since 2026-01-01 12:00:00 UTC") as busy:
        ingest(shop.context(), today=TODAY, batch="too early")
    assert busy.value.exit_code == 1
    writer.store.unlock(in_order=True)
    assert [path.name for path in (shop.folder / "warehouse").iterdir()] == ["_lock"]
