"""What was reported and what is restated of a customer, and snapshots that are thinned out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lifetide.command.explaining import history_text
from lifetide.errors import NotFound
from lifetide.pipelines.history import history
from lifetide.pipelines.maintain import maintain
from lifetide.pipelines.publishing import Run
from lifetide.tables import CUSTOMER_PROFILES, EVENTS, ORDERS, RUNS
from pipelines.small_shop import LAST_DAY, NEXT_DAY, SmallShop

pytestmark = pytest.mark.delta


@pytest.fixture(scope="module")
def shop(late_shop: SmallShop, tmp_path_factory: pytest.TempPathFactory) -> SmallShop:
    """Two snapshots; between them came an order of c16 that is dated before the first of them."""
    return late_shop.copied(tmp_path_factory.mktemp("history") / "shop", gates=False)


def test_a_late_order_changes_what_is_restated_and_not_what_was_reported(shop: SmallShop) -> None:
    found = history(shop.context(), customer_id="c16")
    assert [(one["as_of"], one["order_count"]) for one in found.reported] == [(LAST_DAY, 14), (NEXT_DAY, 15)]
    first, second = found.reported
    assert first["lifecycle_group"] == "lost"  # 36 days after the last order that was known then
    assert first["restated_group"] == "just_ordered"  # 3 days after the one that came late
    assert second["restated_group"] == second["lifecycle_group"]
    assert found.spells[0]["valid_from"] == date(2025, 1, 28)


def test_it_is_told_day_by_day_and_says_where_a_day_is_told_differently_now(shop: SmallShop) -> None:
    text = history_text(history(shop.context(), customer_id="c16"))
    assert "Customer c16, as reported in 2 snapshots" in text
    assert "just_ordered *" in text
    assert "* events that came later, or other parameters, tell that day differently" in text
    assert "2025-06-28  lost" in text


def test_nobody_of_that_name_is_told_so(shop: SmallShop) -> None:
    with pytest.raises(NotFound, match="No snapshot has a customer C99: check the id, upper and lower case count"):
        history(shop.context(), customer_id="C99")


@pytest.mark.prove  # vacuums every table, more than a minute
def test_old_snapshots_go_but_for_month_ends_and_all_other_rows_stay(shop: SmallShop) -> None:
    settings = shop.folder / "settings.toml"
    settings.write_text(settings.read_text().replace("[storage]\n", "[storage]\nkeep_daily_days = 20\n"))
    newest = shop.context().store.read(CUSTOMER_PROFILES).where(F.col("as_of") == F.lit(NEXT_DAY)).drop("as_of")
    days = shop.session.sql("SELECT explode(sequence(DATE'2025-05-30', DATE'2025-06-11')) AS as_of")
    with Run(shop.context(), "build", as_of=NEXT_DAY) as run:
        earlier = "as_of BETWEEN DATE'2025-05-30' AND DATE'2025-06-11'"
        run.stage(CUSTOMER_PROFILES, newest.limit(1).crossJoin(days), where=earlier)
        run.publish()
    before = {table: shop.context().store.read(table).collect() for table in (EVENTS, ORDERS)}

    dry = maintain(shop.context(dry_run=True))
    assert any("11 daily snapshots go, 2025-05-30 to 2025-06-10" in note for note in dry.notes)
    assert len(kept(shop)) == 15

    outcome = maintain(shop.context())
    assert kept(shop) == ["2025-05-31", "2025-06-11", "2025-06-28", "2025-07-01"]
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
