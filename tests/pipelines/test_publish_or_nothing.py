"""One shop's story on real Delta tables: good days, a rerun, a past day, bad days, and the way back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lifetide.errors import GateRefused, NotFound
from lifetide.pipelines.build import build, newest_build
from lifetide.pipelines.figures import metrics_row
from lifetide.pipelines.ingest import ingest
from lifetide.pipelines.publishing import Outcome, Run
from lifetide.pipelines.withdraw import withdraw
from lifetide.tables import (
    CUSTOMER_PROFILES,
    EVENTS,
    LEARNED_PARAMETERS,
    LIFECYCLE_SPELLS,
    ORDERS,
    RUN_METRICS,
    RUNS,
    TABLES,
    Table,
)
from pipelines.small_shop import LAST_DAY, TODAY, SmallShop, ordinary_days

pytestmark = pytest.mark.delta
DAY, EARLIER = LAST_DAY, date(2025, 4, 30)
GOOD = ordinary_days(range(179))
BAD_LINE = ("bad-1", "2025-06-29 10:00:00", "c01", "p1", "cat1", "1000", "900.00", "completed")


@pytest.fixture(scope="module")
def shop(ordinary_shop: SmallShop, tmp_path_factory: pytest.TempPathFactory) -> SmallShop:
    """179 good days ingested, and 2025-06-28 built."""
    return ordinary_shop.copied(tmp_path_factory.mktemp("publish") / "shop")


def contents(shop: SmallShop, table: Table) -> set[tuple[object, ...]]:
    """The published rows as a set; arrays as text."""
    rows: DataFrame = shop.context().store.read(table)
    plain = rows.select(*(F.col(name).cast("string") for name in table.column_names))
    return {tuple(row) for row in plain.collect()}


def last_run(shop: SmallShop) -> dict[str, object]:
    return shop.context().store.read(RUNS).orderBy(F.col("finished_at").desc()).first().asDict()


def test_each_input_row_is_an_event_or_filtered_or_rejected_and_runs_says_so(shop: SmallShop) -> None:
    first = shop.context().store.read(RUNS).where("job = 'ingest'").orderBy("finished_at").first().asDict()
    assert first["status"] == "published"
    assert first["row_counts"]["read:lines"] == len(GOOD)
    assert first["row_counts"]["events:new"] + first["rejected_count"] + first["filtered_count"] == len(GOOD)
    assert shop.context().store.read(EVENTS).count() == len(GOOD)


def test_the_same_batch_again_changes_nothing_and_runs_says_so(shop: SmallShop) -> None:
    before = shop.context().store.versions()
    outcome = ingest(shop.context(), today=TODAY, batch="good, and from another folder")
    assert outcome.status == "unchanged"
    assert outcome.row_counts["events:seen"] == len(GOOD)
    untouched = ingest(shop.context(), today=TODAY, batch="good once more")
    assert untouched.status == "unchanged"
    assert "no file and no mapping changed" in untouched.notes[-1]
    assert shop.context().store.versions() == before
    assert last_run(shop)["status"] == "unchanged"


@pytest.mark.prove  # builds the shop again, a minute each
def test_a_build_of_the_same_day_is_skipped_and_a_forced_one_gives_the_same_rows(shop: SmallShop) -> None:
    assert build(shop.context(), as_of=DAY).status == "unchanged"
    tables = [CUSTOMER_PROFILES, ORDERS, LIFECYCLE_SPELLS, LEARNED_PARAMETERS]
    before = {table.name: contents(shop, table) for table in tables}
    assert build(shop.context(), as_of=DAY, full=True).status == "published"
    assert {table.name: contents(shop, table) for table in tables} == before


@pytest.mark.prove  # builds the shop again, a minute each
def test_a_build_of_an_earlier_day_uses_nothing_later_and_leaves_the_current_tables_alone(
    shop: SmallShop, spark: SparkSession, tmp_path: Path
) -> None:
    before = shop.context().store.versions()
    outcome = build(shop.context(), as_of=EARLIER)
    after = shop.context().store.versions()
    written = {name for name in after if after[name] != before.get(name)}
    assert written == {"customer_profiles", "learned_parameters", "ltv_models", "run_metrics"}
    assert newest_build(shop.context().store) == DAY
    assert outcome.as_of == EARLIER

    only_then = SmallShop(spark, tmp_path / "then")
    only_then.write([line for line in GOOD if line[1] <= f"{EARLIER} 23:59:59"])
    ingest(only_then.context(), today=TODAY, batch="then")
    build(only_then.context(), as_of=EARLIER)
    snapshot = shop.context().store.read(CUSTOMER_PROFILES).where(F.col("as_of") == F.lit(EARLIER))
    assert snapshot.exceptAll(only_then.context().store.read(CUSTOMER_PROFILES)).count() == 0
    assert snapshot.count() == only_then.context().store.read(CUSTOMER_PROFILES).count()


def test_a_day_with_a_hundredfold_revenue_is_refused_at_the_door_and_nothing_is_published(shop: SmallShop) -> None:
    before = shop.context().store.versions()
    shop.write([*GOOD, BAD_LINE])
    with pytest.raises(GateRefused) as refused:
        ingest(shop.context(), today=TODAY, batch="bad day")
    shop.write(GOOD)
    assert refused.value.exit_code == 1
    assert "daily_revenue_ratio" in str(refused.value)
    assert shop.context().store.versions() == before
    assert last_run(shop)["status"] == "refused"
    failed = shop.context().store.read(TABLES["check_results"]).where("not success and severity = 'critical'")
    assert failed.count() >= 1
    assert withdraw(shop.context(), batch="bad day").status == "unchanged"


@pytest.mark.prove  # builds the shop again, a minute each
def test_a_withdrawn_batch_is_gone_and_a_build_restores_the_good_state(shop: SmallShop) -> None:
    good = {table.name: contents(shop, table) for table in (EVENTS, ORDERS, CUSTOMER_PROFILES, LIFECYCLE_SPELLS)}
    doubtful = [
        (f"d{n}", "2025-06-28 11:00:00", f"c{n:02}", "p1", "cat1", "1", "5.00", "completed") for n in range(1, 9)
    ]
    shop.write([*GOOD, *doubtful])
    assert ingest(shop.context(), today=TODAY, batch="doubtful").row_counts["events"] == 8
    shop.write(GOOD)
    build(shop.context(), as_of=DAY)
    assert contents(shop, ORDERS) != good["orders"]

    withdraw(shop.context(), batch="doubtful")
    build(shop.context(), as_of=DAY)
    for name, rows in good.items():
        assert contents(shop, TABLES[name]) == rows, name


def test_an_unknown_batch_is_named_with_those_that_exist(shop: SmallShop) -> None:
    with pytest.raises(NotFound, match=r"No batch is named nope\. Newest batches: .*good"):
        withdraw(shop.context(), batch="nope")


@pytest.mark.prove  # builds the shop again, a minute each
def test_half_of_the_customers_missing_is_refused_by_name_and_readers_keep_the_old_tables(shop: SmallShop) -> None:
    before = contents(shop, CUSTOMER_PROFILES)
    good_events = shop.context().store.read(EVENTS).localCheckpoint()
    _overwrite_events(shop, good_events.where("customer_id is null or customer_id > 'c30'"))
    with pytest.raises(GateRefused, match="missing_customer_share"):
        build(shop.context(), as_of=DAY)
    assert contents(shop, CUSTOMER_PROFILES) == before
    _overwrite_events(shop, good_events)
    assert build(shop.context(), as_of=DAY, full=True).status == "published"
    assert contents(shop, CUSTOMER_PROFILES) == before


def test_what_a_killed_run_left_behind_is_invisible_and_taken_back(shop: SmallShop) -> None:
    good = contents(shop, ORDERS)
    context = shop.context()
    context.store.lock("killed", "build", "2026-01-01")
    half_written = context.store.read(ORDERS).limit(3).localCheckpoint()
    context.store.replace(ORDERS, half_written, where=None, run_id="killed")
    context.store.unlock(in_order=False)  # as the kernel frees it when the process dies
    assert contents(shop, ORDERS) == good
    outcome = ingest(shop.context(), today=TODAY, batch="after the kill")
    assert any("orders" in note and "taken back" in note for note in outcome.notes)
    plain = shop.session.read.format("delta").load(str(shop.folder / "warehouse" / "orders"))
    assert plain.count() == len(good)


@pytest.mark.prove  # builds the shop again, a minute each
def test_a_dry_run_writes_nothing(shop: SmallShop) -> None:
    before, runs = shop.context().store.versions(), shop.context().store.read(RUNS).count()
    outcome = build(shop.context(dry_run=True), as_of=DAY, full=True)
    assert outcome.row_counts["customer_profiles"] > 0
    assert shop.context().store.versions() == before
    assert shop.context().store.read(RUNS).count() == runs


def _overwrite_events(shop: SmallShop, rows: DataFrame) -> Outcome:
    """What an accident outside Lifetide would do to `events`, pinned as if a run had done it."""
    context = shop.context()
    with Run(context, "accident") as run:
        run.stage(EVENTS, rows)
        run.stage(RUN_METRICS, metrics_row(context, "accident", {}), "append")
        return run.publish()
