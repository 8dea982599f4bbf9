"""Delta tables as sources, by path and of a catalog: read by their change feed, deletions too; raw input kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lifetide.errors import SettingsError
from lifetide.storage import RawArchive
from lifetide.tables import EVENTS, RUNS
from pipelines.own_sources import OwnSources

pytestmark = pytest.mark.delta
TABLE = "lifetide_test_till"
COLUMNS = """
order_id = "order_no"
ordered_at = "placed"
customer_id = "who"
product_id = "sku"
quantity = "pieces"
unit_price = "price"
"""
SETTINGS = f"""
keep_raw_days = 30
[[sources]]
name = "shop"
kind = "order_lines"
format = "delta"
path = "shop"
[sources.columns]
line_id = "line"
{COLUMNS}
[[sources]]
name = "till"
kind = "order_lines"
table = "{TABLE}"
[sources.columns]
{COLUMNS}
"""
ROW = "line string, order_no string, placed timestamp, who string, sku string, pieces int, price decimal(9,2)"
KEPT = "'delta.enableChangeDataFeed' = 'true'"


def row(line: str, order: str, pieces: int, price: str, sku: str = "cup", day: str = "2025-03-01") -> str:
    return f"('{line}', '{order}', TIMESTAMP'{day} 10:00:00', 'ada', '{sku}', {pieces}, {price})"


class Tables:
    """The two tables of the shop: `shop` by path with ids of lines, `till` in the catalog without."""

    def __init__(self, spark: SparkSession, folder: Path) -> None:
        self.spark, self.folder = spark, folder
        self.shop, self.till = f"delta.`{folder / 'shop'}`", TABLE

    def make(self) -> None:
        self.spark.sql(f"CREATE TABLE {self.shop} ({ROW}) USING delta TBLPROPERTIES ({KEPT})")
        place = f"LOCATION '{self.folder / 'till'}'"
        self.spark.sql(f"CREATE TABLE {TABLE} ({ROW}) USING delta {place} TBLPROPERTIES ({KEPT})")

    def put(self, table: str, *rows: str) -> None:
        self.spark.sql(f"INSERT INTO {table} VALUES {', '.join(rows)}")

    def do(self, sql: str) -> None:
        self.spark.sql(sql)


@pytest.fixture(scope="module")
def tables(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory):
    made = Tables(spark, tmp_path_factory.mktemp("delta") / "sources")
    made.folder.mkdir()
    made.make()
    made.put(made.shop, row("l1", "o1", 2, "5.00"), row("l2", "o1", 1, "3.00", "tea"), row("l3", "o2", 1, "7.00"))
    made.put(made.till, row("", "t1", 1, "4.00"), row("", "t1", 1, "4.00"), row("", "t2", 1, "9.00"))
    yield made
    spark.sql(f"DROP TABLE {TABLE}")


@pytest.fixture(scope="module")
def shop(spark: SparkSession, tables: Tables) -> OwnSources:
    made = OwnSources(spark, tables.folder, SETTINGS, date(2030, 1, 1))
    first = made.ingest("one")
    assert (first.row_counts["read:shop"], first.row_counts["read:till"]) == (3, 3)
    return made


def money(shop: OwnSources, order: str) -> list[tuple[str | None, ...]]:
    return shop.cells(EVENTS, "event_type", "quantity", "amount", where=f"order_id = '{order}'")


def test_only_changes_are_read_and_a_deleted_line_is_cancelled(shop: OwnSources, tables: Tables) -> None:
    tables.put(tables.shop, row("l4", "o3", 1, "1.00"))
    tables.do(f"UPDATE {tables.shop} SET price = 6.00 WHERE line = 'l1'")
    tables.do(f"DELETE FROM {tables.shop} WHERE line = 'l2'")
    outcome = shop.ingest("two")
    assert "source shop: changes of versions 2 to 4" in outcome.notes
    assert outcome.row_counts["read:shop"] == 2
    assert "read:till" not in outcome.row_counts
    assert outcome.rejected_count == 0
    assert money(shop, "o3") == [("order_completed", "1.000", "1.00")]
    assert money(shop, "o1") == [
        ("order_cancelled", "-1.000", "-3.00"),
        ("order_completed", "1.000", "3.00"),
        ("order_completed", "2.000", "12.00"),
    ]
    (gone,) = shop.read(EVENTS).where("event_id = 'deleted:l2'").collect()
    assert (gone["state"], gone["refunds_order_id"], gone["batch"]) == ("cancelled", "o1", "two")
    committed = shop.session.sql(f"DESCRIBE HISTORY {tables.shop} LIMIT 1").collect()[0]["timestamp"]
    assert gone["event_at"] == committed


@pytest.mark.prove  # several deliveries, a quarter of a minute each
def test_a_line_that_is_there_again_takes_its_cancellation_back(shop: OwnSources, tables: Tables) -> None:
    tables.do(f"DELETE FROM {tables.shop} WHERE line = 'l3'")
    shop.ingest("gone")
    assert [kind for kind, _, _ in money(shop, "o2")] == ["order_cancelled", "order_completed"]
    tables.put(tables.shop, row("l3", "o2", 1, "7.00"))
    shop.ingest("there again")
    assert [kind for kind, _, _ in money(shop, "o2")] == ["order_completed"]


@pytest.mark.prove  # several deliveries, a quarter of a minute each
def test_without_ids_one_of_two_equal_lines_is_cancelled_and_the_rest_of_the_order_stays(
    shop: OwnSources, tables: Tables
) -> None:
    tables.do(f"DELETE FROM {tables.till} WHERE order_no = 't1'")
    tables.put(tables.till, row("", "t1", 1, "4.00"))
    tables.do(f"DELETE FROM {tables.till} WHERE order_no = 't2'")
    outcome = shop.ingest("four")
    assert outcome.row_counts["read:till"] == 1, "the one row of a touched order that is left"
    assert outcome.rejected_count == 0
    assert [row[0] for row in money(shop, "t1")] == ["order_cancelled", "order_completed", "order_completed"]
    assert [row[2] for row in money(shop, "t2")] == ["-9.00", "9.00"]
    assert shop.ingest("four again").status == "unchanged"


def test_raw_input_is_kept_as_it_came_batch_by_batch(shop: OwnSources) -> None:
    archive = RawArchive(shop.session, f"{shop.folder}/warehouse")
    kept = shop.session.read.format("delta").load(archive.path("shop")).where("batch = 'one'")
    assert sorted((row["line"], str(row["price"])) for row in kept.collect()) == [
        ("l1", "5.00"), ("l2", "3.00"), ("l3", "7.00"),
    ]  # fmt: skip


def test_raw_input_keeps_columns_of_any_name_and_type_and_forgets_what_is_old(
    spark: SparkSession, tmp_path: Path
) -> None:
    archive = RawArchive(spark, str(tmp_path))
    first = spark.createDataFrame([("1", None)], "`Customer ID` string, batch string")
    again = spark.createDataFrame([(2, "new")], "`Customer ID` int, colour string")
    noon = datetime(2025, 3, 1, 12, tzinfo=timezone.utc)
    assert archive.keep("till", first, batch="one", at=noon, days=30).collect() == first.collect()
    assert archive.keep("till", again, batch="it's", at=noon + timedelta(days=30), days=30).columns == again.columns
    assert archive.keep("till", again, batch="it's", at=noon + timedelta(days=31), days=30).count() == 1
    kept = spark.read.format("delta").load(archive.path("till"))
    assert kept.columns == [
        "Customer ID", "batch (string)", "batch", "ingested_at", "Customer ID (int)", "colour",
    ]  # fmt: skip
    assert [row["batch"] for row in kept.collect()] == ["it's"]


@pytest.mark.prove  # several deliveries, a quarter of a minute each
def test_a_gap_in_the_feed_means_comparing_everything(shop: OwnSources, tables: Tables) -> None:
    tables.put(tables.shop, row("l5", "o5", 1, "2.00"))
    tables.do(f"ALTER TABLE {tables.shop} SET TBLPROPERTIES ('delta.enableChangeDataFeed' = 'false')")
    tables.put(tables.shop, row("l6", "o6", 1, "2.00"))
    tables.do(f"ALTER TABLE {tables.shop} SET TBLPROPERTIES ({KEPT})")
    outcome = shop.ingest("five")
    assert any("cannot be read" in note and "the whole table is compared" in note for note in outcome.notes)
    assert outcome.row_counts["read:shop"] == shop.session.sql(f"SELECT * FROM {tables.shop}").count()
    assert (outcome.row_counts["events:new"], outcome.rejected_count) == (2, 0)


@pytest.mark.prove  # several deliveries, a quarter of a minute each
def test_columns_that_come_and_go(shop: OwnSources, tables: Tables) -> None:
    tables.do(f"ALTER TABLE {tables.shop} ADD COLUMNS (colour string)")
    assert "source shop: gained colour (string)" in shop.ingest("six").notes
    versions, runs = shop.shop.context().store.versions(), shop.read(RUNS).count()
    changed = shop.session.sql(f"SELECT * EXCEPT (price, colour), price AS cost, 1 AS colour FROM {tables.shop}")
    changed.write.format("delta").mode("overwrite").option("overwriteSchema", "true").save(
        str(tables.folder / "shop")
    )
    with pytest.raises(SettingsError) as refused:
        shop.ingest("seven")
    for part in (
        "sources.shop.columns.unit_price:",
        "sources.shop since the last ingest: renamed price to cost (decimal(9,2))",
        "sources.shop since the last ingest: retyped colour from string to int",
    ):
        assert part in str(refused.value)
    assert (shop.shop.context().store.versions(), shop.read(RUNS).count()) == (versions, runs)
    shop.configure(SETTINGS.replace('line_id = "line"', 'line_id = "line"\nchannel = "colour"').replace(
        'unit_price = "price"', 'unit_price = "cost"', 1))  # fmt: skip
    there = shop.session.sql(f"SELECT * FROM {tables.shop}").count()
    assert shop.ingest("eight").row_counts["read:shop"] == there
