"""Tables by name in a schema of a catalog: the same rows, and nothing but passing files at the root."""

from __future__ import annotations

from datetime import date

import pytest

from lifetide.pipelines.ingest import ingest
from lifetide.pipelines.withdraw import withdraw
from lifetide.tables import EVENTS
from pipelines.small_shop import SETTINGS, SmallShop, ordinary_days

pytestmark = pytest.mark.delta
LINES = ordinary_days(range(9))


@pytest.fixture
def shop(spark, tmp_path):
    spark.sql(f"CREATE SCHEMA shop LOCATION '{tmp_path / 'tables'}'")
    made = SmallShop(spark, tmp_path / "shop", gates=False)
    made.write(LINES)
    named = SETTINGS.replace('root = "warehouse"', 'root = "passing"\nschema = "shop"')
    (made.folder / "settings.toml").write_text(named)
    yield made
    spark.sql("DROP SCHEMA shop CASCADE")


def test_a_batch_is_published_to_named_tables_and_withdrawn_again(shop) -> None:
    assert ingest(shop.context(), today=date(2025, 12, 1), batch="first").status == "published"
    assert shop.session.table("shop.events").count() == len(LINES)
    assert shop.context().store.read(EVENTS).count() == len(LINES)
    assert {path.name for path in (shop.folder / "passing").iterdir()} == {"_lock"}
    withdraw(shop.context(), batch="first")
    assert shop.session.table("shop.events").count() == 0
