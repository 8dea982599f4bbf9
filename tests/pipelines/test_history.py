"""What was reported and what is restated of a customer, and snapshots that are thinned out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lifetide.command.explaining import history_text
from lifetide.errors import NotFound
from lifetide.pipelines.build import build
from lifetide.pipelines.history import history
from lifetide.pipelines.ingest import ingest
from lifetide.pipelines.maintain import maintain
from lifetide.pipelines.publishing import Run
from lifetide.tables import CUSTOMER_PROFILES, EVENTS, ORDERS, RUNS
from pipelines.small_shop import SmallShop, ordinary_days

pytestmark = pytest.mark.delta

TODAY = date(2026, 1, 1)
LATE = ("late", "2025-02-07 12:00:00", "c99", "p1", "cat1", "1", "10.00", "completed")
EARLY = ("early", "2025-01-02 12:00:00", "c99", "p1", "cat1", "1", "10.00", "completed")


@pytest.fixture(scope="module")
def shop(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> SmallShop:
    """Two snapshots; between them came an order of c99 that is dated before the first of them."""
    shop = SmallShop(spark, tmp_path_factory.mktemp("history"), gates=False)
    shop.write([*ordinary_days(range(41)), EARLY])
    ingest(shop.context(), today=TODAY, batch="first")
    build(shop.context(), as_of=date(2025, 2, 10))
    shop.write([*ordinary_days(range(42)), EARLY, LATE])
    ingest(shop.context(), today=TODAY, batch="second")
    build(shop.context(), as_of=date(2025, 2, 15))
    return shop


def test_a_late_order_changes_what_is_restated_and_not_what_was_reported(shop: SmallShop) -> None:
    found = history(shop.context(), customer_id="c99")
    assert [(one["as_of"], one["order_count"]) for one in found.reported] == [
        (date(2025, 2, 10), 1), (date(2025, 2, 15), 2),
    ]  # fmt: skip
    first, second = found.reported
    assert first["lifecycle_group"] == "lost"  # 39 days after the only order that was known then
    assert first["restated_group"] == "just_ordered"  # 3 days after the one that came late
    assert second["restated_group"] == second["lifecycle_group"]
    assert found.spells[0]["valid_from"] == date(2025, 1, 2)


def test_it_is_told_day_by_day_and_says_where_a_day_is_told_differently_now(shop: SmallShop) -> None:
    text = history_text(history(shop.context(), customer_id="c99"))
    assert "Customer c99, as reported in 2 snapshots" in text
    assert "just_ordered *" in text
    assert "* events that came later, or other parameters, tell that day differently" in text
    assert "2025-02-10  lost" in text


def test_nobody_of_that_name_is_told_so(shop: SmallShop) -> None:
    with pytest.raises(NotFound, match="No snapshot has a customer C99: check the id, upper and lower case count"):
        history(shop.context(), customer_id="C99")


def test_old_snapshots_go_but_for_month_ends_and_all_other_rows_stay(shop: SmallShop) -> None:
    settings = shop.folder / "settings.toml"
    settings.write_text(settings.read_text().replace("[storage]\n", "[storage]\nkeep_daily_days = 20\n"))
    newest = shop.context().store.read(CUSTOMER_PROFILES).where(F.col("as_of") == F.lit(date(2025, 2, 15)))
    for day in (date(2025, 1, 25), date(2025, 1, 26), date(2025, 1, 31)):
        with Run(shop.context(), "build", as_of=day) as run:
            earlier = newest.withColumn("as_of", F.lit(day))
            run.stage(CUSTOMER_PROFILES, earlier, where=f"as_of = DATE'{day}'")
            run.publish()
    before = {table: shop.context().store.read(table).collect() for table in (EVENTS, ORDERS)}

    dry = maintain(shop.context(dry_run=True))
    assert any("1 daily snapshot goes, 2025-01-25 to 2025-01-25" in note for note in dry.notes)
    assert kept(shop) == ["2025-01-25", "2025-01-26", "2025-01-31", "2025-02-10", "2025-02-15"]

    outcome = maintain(shop.context())
    assert kept(shop) == ["2025-01-26", "2025-01-31", "2025-02-10", "2025-02-15"]
    assert outcome.output_versions["customer_profiles"] == shop.context().store.versions()["customer_profiles"]
    for table, rows in before.items():
        assert sorted(shop.context().store.read(table).collect(), key=str) == sorted(rows, key=str)
    with Run(shop.context(), "build") as run:  # the next run finds nothing to take back
        assert run.outcome.notes == []
        run.unchanged()


def test_an_empty_warehouse_has_nothing_to_maintain(spark: SparkSession, tmp_path: Path) -> None:
    shop = SmallShop(spark, tmp_path, gates=False)
    shop.write([])
    outcome = maintain(shop.context())
    assert outcome.notes == ["there are no tables yet"]
    assert shop.context().store.read(RUNS).where(F.col("job") == "maintain").count() == 1


def kept(shop: SmallShop) -> list[str]:
    found = shop.context().store.read(CUSTOMER_PROFILES).select("as_of").distinct().collect()
    return sorted(str(row[0]) for row in found)
