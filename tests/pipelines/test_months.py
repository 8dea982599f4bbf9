"""A real shop's year as it would have come: month by month, and its last days one by one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lifetide.pipelines.build import build
from lifetide.pipelines.demo import AS_OF, TODAY, prepare_demo
from lifetide.pipelines.ingest import ingest
from lifetide.pipelines.publishing import Outcome, Run
from lifetide.tables import CUSTOMER_PROFILES, EVENTS, LEARNED_PARAMETERS, LTV_MODELS
from pipelines.comparing import UNDATED, differing
from pipelines.small_shop import SmallShop

pytestmark = [pytest.mark.delta, pytest.mark.prove]

MONTH_ENDS = [
    *(date(2010 + month // 12, month % 12 + 1, 1) - timedelta(days=1) for month in range(12, 24)), AS_OF,
]  # fmt: skip


class Retail(SmallShop):
    """The demo's shop with a folder of files instead of the one file."""

    def settle(self) -> None:
        prepare_demo(self.folder)
        self.whole = self.folder / "online_retail.parquet"
        settings = self.folder / "settings.toml"
        settings.write_text(settings.read_text().replace('path = "online_retail.parquet"', 'path = "lines"'))
        (self.folder / "lines").mkdir()

    def deliver(self, first: date, last: date) -> None:
        """The lines of some dates as a file of their own."""
        target = self.folder / "lines" / f"{first}.parquet"
        days = f"invoice_ts >= DATE '{first}' AND invoice_ts < DATE '{last + timedelta(days=1)}'"
        duckdb.sql(f"COPY (FROM '{self.whole}' WHERE {days}) TO '{target}' (FORMAT parquet)")

    def learn_from(self, other: SmallShop) -> None:
        with Run(self.context(), "fit", as_of=AS_OF) as run:
            for table in (LEARNED_PARAMETERS, LTV_MODELS):
                run.stage(table, other.context().store.read(table), "append")
            run.publish()


@pytest.fixture(scope="module")
def at_once(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Retail:
    """Everything in one delivery, built once."""
    shop = Retail(spark, tmp_path_factory.mktemp("at_once") / "shop")
    shop.settle()
    shop.deliver(date(2010, 12, 1), AS_OF)
    ingest(shop.context(), today=TODAY, batch="all")
    build(shop.context(), as_of=AS_OF)
    return shop


def check_equal(shop: SmallShop, other: SmallShop) -> None:
    for table in (EVENTS, *UNDATED):
        ours, theirs = shop.context().store.read(table), other.context().store.read(table)
        assert differing(table, ours, theirs) == 0, f"{table.name} is not that of one delivery"
    check_snapshot(shop, other, AS_OF)


def check_snapshot(shop: SmallShop, other: SmallShop, day: date) -> None:
    sides = [one.context().store.read(CUSTOMER_PROFILES).where(F.col("as_of") == F.lit(day)) for one in (shop, other)]
    assert sides[0].count() > 0
    assert differing(CUSTOMER_PROFILES, *sides) == 0, f"the snapshot of {day} is not that of a past build"


def test_months_fed_one_by_one_end_in_the_tables_of_one_delivery_and_each_snapshot_is_a_past_builds(
    spark: SparkSession, at_once: Retail, tmp_path: Path
) -> None:
    shop = Retail(spark, tmp_path / "shop")
    shop.settle()
    first = date(2010, 12, 1)
    for last in MONTH_ENDS:
        shop.deliver(first, last)
        ingest(shop.context(), today=TODAY, batch=f"until {last}")
        if first == date(2010, 12, 1):
            shop.learn_from(at_once)
        outcome = build(shop.context(), as_of=last, parameters_from=AS_OF)
        print(f"\n{last}: {'; '.join(outcome.notes)}")
        first = last + timedelta(days=1)
    check_equal(shop, at_once)
    for day in MONTH_ENDS[:-1]:
        build(at_once.context(), as_of=day, parameters_from=AS_OF)
        check_snapshot(shop, at_once, day)


LAST_DAYS = [date(2011, 12, day) for day in (1, 2, 4, 5, 6, 7, 8, 9)]
"""No Saturdays: the shop is closed."""


def test_a_daily_run_reads_no_file_of_events_whose_dates_hold_nothing_of_it(
    spark: SparkSession, at_once: Retail, tmp_path: Path
) -> None:
    shop = Retail(spark, tmp_path / "shop")
    shop.settle()
    log = at_once.context().store.read(EVENTS)
    before = log.where(F.col("event_date") < F.lit(LAST_DAYS[0])).localCheckpoint()
    days = sorted(row[0] for row in before.select("event_date").distinct().collect())
    for day in days:
        with Run(replace(shop.context(), suites=[]), "ingest", batch=str(day)) as run:
            run.stage(EVENTS, before.where(F.col("event_date") == F.lit(day)).coalesce(1), "append")
            run.publish()
    shop.learn_from(at_once)
    build(shop.context(), as_of=LAST_DAYS[0] - timedelta(days=1), parameters_from=AS_OF)
    raw = duckdb.connect()
    raw.execute(
        f"""CREATE VIEW events AS
        SELECT invoice_no, customer_id, stock_code, invoice_ts::DATE AS day, invoice_no LIKE 'C%' AS is_credit
        FROM '{shop.whole}' WHERE invoice_no NOT LIKE 'A%' AND unit_price > 0"""
    )
    for day in LAST_DAYS:
        shop.deliver(day, day)
        ingest(shop.context(), today=TODAY, batch=str(day))
        outcome = build(shop.context(), as_of=day, parameters_from=AS_OF)
        print(f"\n{day}: {'; '.join(outcome.notes)}")
        assert "goes on from" in " ".join(outcome.notes)
        wanted = raw.execute(
            """WITH new AS (FROM events WHERE day = $day),
            pairs AS (SELECT DISTINCT customer_id, stock_code FROM new WHERE is_credit)
            SELECT count(DISTINCT day) FROM events
            WHERE day <= $day AND (invoice_no IN (SELECT invoice_no FROM new) OR EXISTS (
                FROM pairs WHERE pairs.customer_id IS NOT DISTINCT FROM events.customer_id
                    AND pairs.stock_code = events.stock_code))""",
            {"day": day},
        ).fetchone()
        read, kept = files_read(outcome)
        assert wanted is not None
        assert kept >= len(days)
        assert read <= wanted[0]
    check_equal(shop, at_once)


def files_read(outcome: Outcome) -> tuple[int, int]:
    """Files of events that the run's notes name: read, and kept."""
    found = re.findall(r"(\d+) of (\d+) files of events read", " ".join(outcome.notes))
    return sum(int(read) for read, _ in found), int(found[0][1])
