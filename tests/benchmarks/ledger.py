"""Thirty daily runs of the ledger of audiences: seconds and CPU seconds, rows written of each, size of the ledger.

    python tests/benchmarks/ledger.py --customers 200000 --days 30 --dir /tmp/lifetide-ledger [--memory 4g]

What a build would publish is made up by hashes, day after day: who is silent slips away and is lost by a rhythm of
their own, one in a hundred orders each day. So the runs measure the ledger, its figures and its gates, and nothing
else. The audiences are the shipped examples; those that ask for clicks find nobody. CPU seconds are those of Spark's
process and of this one: they say whether a run grows on a machine that does other things too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import psutil
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lifetide.pipelines.context import Context
from lifetide.pipelines.definitions import definitions_in
from lifetide.pipelines.members import run_audiences
from lifetide.pipelines.progress import Silent
from lifetide.pipelines.publishing import Run
from lifetide.session import default_places, spark_session
from lifetide.settings import read_settings
from lifetide.shipped import shipped_audiences, shipped_suites
from lifetide.storage import DeltaStore, rows
from lifetide.tables import (
    AUDIENCE_MEMBERS,
    CUSTOMER_ITEMS,
    CUSTOMER_PROFILES,
    CUSTOMER_STATE,
    LIFECYCLE_SPELLS,
    ORDERS,
    SALE_LINES,
    Table,
)

FIRST = date(2026, 3, 1)
SETTINGS = '[shop]\ntimezone = "Europe/Vienna"\ncurrency = "EUR"\n[storage]\nroot = "warehouse"\n'
CLOCK = time.perf_counter


def cpu(session: SparkSession) -> float:
    """CPU seconds so far, Spark's and Python's."""
    jvm = session._jvm  # type: ignore[attr-defined]
    spent = psutil.Process(int(jvm.java.lang.ProcessHandle.current().pid())).cpu_times()
    return spent.user + spent.system + time.process_time()


def chance(*parts: object) -> Column:
    """0 to 1 by a hash of the customer and the parts."""
    return F.pmod(F.xxhash64("customer_id", *(F.lit(part) for part in parts)), F.lit(1_000_003)) / 1_000_003.0


def typed(table: Table, frame: DataFrame) -> DataFrame:
    """The table's columns, null where the frame has none."""
    return frame.select(
        *(
            (F.col(one.name) if one.name in frame.columns else F.lit(None)).cast(one.type).alias(one.name)
            for one in table.columns
        )
    )


def people(session: SparkSession, customers: int, number: int) -> DataFrame:
    """Everybody on a day: silence grows by a day, and one in a hundred orders."""
    everyone = session.range(customers, numPartitions=4).select(F.format_string("c%07d", "id").alias("customer_id"))
    interval = 10 + 80 * chance("interval")
    first_silence = F.floor(chance("silence") * 400).cast("int")
    ordered = [F.when(chance("order", one) < 0.01, F.lit(number - one)) for one in range(number, 0, -1)]
    silence = F.coalesce(*ordered, first_silence + number) if ordered else first_silence
    count = 1 + F.floor(chance("count") * 8).cast("bigint")
    return everyone.withColumns({"silence": silence.cast("int"), "interval": interval, "count": count})


def profiles(everyone: DataFrame, day: date) -> DataFrame:
    silence, interval = F.col("silence"), F.col("interval")
    group = (
        F.when(silence > 3.5 * interval, "lost").when(silence > 1.5 * interval, "slipping_away")
        .when(silence <= 14, "just_ordered").otherwise("active")
    )  # fmt: skip
    ahead = F.greatest(F.lit(0), F.ceil(interval - silence).cast("int"))
    value = F.round(20 + 400 * chance("value") * F.col("count"), 2)
    told = everyone.withColumns(
        {
            "as_of": F.lit(day), "parameters_as_of": F.lit(FIRST), "is_anonymous": F.lit(False),
            "order_count": F.col("count"), "order_day_count": F.col("count"), "item_count": F.col("count"),
            "frequency": F.col("count") - 1, "days_since_last_order": silence, "lifecycle_group": group,
            "lifecycle_reason": F.lit("on_rhythm"),
            "rfm_segment": F.when(F.col("count") > 6, "champion").otherwise("loyal"),
            "rfm_reason": F.lit("grid"), "rfm_stage": F.lit("cherish"), "ltv_historic": value,
            "order_value_sum": value,
            "annual_orders": F.floor(F.col("count") / 2), "annual_revenue": F.round(value / 2, 2),
            "average_order_value": F.round(value / F.col("count"), 2), "baseline_interval_days": interval,
            "own_interval_days": interval,
            "regularity": F.when(chance("regular") < 0.3, "regular").otherwise("irregular"),
            "expected_next_order_date": F.date_add(F.lit(day), ahead),
            "refund_share": chance("refunds") / 2, "price_sensitivity": F.lit("average"), "visit_count": F.lit(0),
            "is_ticket_decline": chance("ticket") < 0.05, "is_rate_drop": chance("rate") < 0.05,
        }
    )  # fmt: skip
    return typed(CUSTOMER_PROFILES, told)


def publish(context: Context, everyone: DataFrame, day: date) -> None:
    """What a current build would leave."""
    told = profiles(everyone, day)
    last = F.date_sub(F.lit(day), F.col("silence"))
    each = F.explode(F.sequence(F.lit(0), F.col("count") - 1)).alias("n")
    ago = (F.col("silence") + F.col("n") * F.col("interval")).cast("int")
    bought = everyone.select(
        F.col("customer_id").alias("source_id"), "customer_id", each, "silence", "interval"
    ).withColumn("order_date", F.date_sub(F.lit(day), ago))
    order_id = F.concat_ws("-", "customer_id", "n")
    product = F.concat(F.lit("p"), F.pmod(F.hash("customer_id", "n"), F.lit(500)))
    lines = bought.withColumns(
        {
            "order_id": order_id, "product_id": product, "order_source_id": F.col("source_id"), "event_id": order_id,
            "event_date": F.col("order_date"), "order_at": F.col("order_date").cast("timestamp"),
            "event_at": F.col("order_date").cast("timestamp"), "is_product": F.lit(True), "quantity": F.lit(1),
            "amount": F.lit(30),
            "first_event_id": order_id, "ordered_at": F.col("order_date").cast("timestamp"), "item_count": F.lit(1),
            "state": F.lit("completed"), "gross_revenue": F.lit(30), "refunded_amount": F.lit(0),
            "net_revenue": F.lit(30), "local_date": F.col("order_date"), "order_count": F.lit(1),
            "units_sold": F.lit(1), "units_credited": F.lit(0),
        }
    )  # fmt: skip
    spells = everyone.select(
        "customer_id", F.lit("active").alias("lifecycle_group"), F.date_sub(last, 200).alias("valid_from"),
        F.lit(None).cast("date").alias("valid_to"), F.lit("on_rhythm").alias("reason"),
    )  # fmt: skip
    state = everyone.select("customer_id", (F.col("count") * 30).cast("decimal(18,2)").alias("order_value_sum"))
    with Run(replace(context, suites=[]), "build", as_of=day) as run:
        run.is_current, run.knows = True, ["money"]
        run.stage(CUSTOMER_PROFILES, told, where=f"as_of = DATE'{day}'")
        for table, frame in ((ORDERS, lines), (SALE_LINES, lines), (CUSTOMER_ITEMS, lines), (CUSTOMER_STATE, state),
                             (LIFECYCLE_SPELLS, spells)):  # fmt: skip
            run.stage(table, typed(table, frame))
        run.publish()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--customers", type=int, default=200_000)
    asked.add_argument("--days", type=int, default=30)
    asked.add_argument("--dir", type=Path, required=True)
    asked.add_argument("--memory", default="4g")
    arguments = asked.parse_args()
    arguments.dir.mkdir(parents=True, exist_ok=True)
    (arguments.dir / "settings.toml").write_text(SETTINGS)
    places = default_places(os.environ)
    session = spark_session(
        "ledger", cache=places.cache, java_home=places.java_home, search_path=places.search_path,
        on_platform=places.on_platform, memory=arguments.memory,
    )  # fmt: skip
    settings = read_settings(arguments.dir / "settings.toml")
    audiences = definitions_in(shipped_audiences()).audiences

    def context(name: str) -> Context:
        store = DeltaStore(session, settings.storage.root)
        now = lambda: datetime.now(timezone.utc)  # noqa: E731 - the benchmark's clock
        return Context(session, store, settings, now, name, [shipped_suites()], Silent())

    print(f"{'day':<12}{'seconds':>9}{'CPU':>9}{'rows written':>14}{'moves':>9}{'ledger rows':>13}")
    spent, worked = [], []
    for number in range(arguments.days):
        day = FIRST + timedelta(days=number)
        publish(context(f"build-{day}"), people(session, arguments.customers, number), day)
        begun, idle = CLOCK(), cpu(session)
        outcome, _ = run_audiences(context(f"audiences-{day}"), audiences, day)
        spent.append(CLOCK() - begun)
        worked.append(cpu(session) - idle)
        ledger = context("count").store.read(AUDIENCE_MEMBERS)
        moved = (F.col("recorded_to").isNull()) & (
            (F.col("valid_from") == F.lit(day)) | (F.col("valid_to") == F.lit(day))
        )
        size = rows(ledger.agg(F.count(F.lit(1)), F.count_if(moved)), at_most=1)[0]
        written = outcome.row_counts["audience_members"]
        print(f"{day!s:<12}{spent[-1]:>9.1f}{worked[-1]:>9.1f}{written:>14,}{size[1]:>9,}{size[0]:>13,}", flush=True)
    for what, each in (("seconds", spent), ("CPU seconds", worked)):
        early, late = statistics.median(each[2:9]), statistics.median(each[-7:])
        print(f"{what}: median of days 3 to 9 {early:.1f}, of the last seven {late:.1f}; ratio {late / early:.2f}")


if __name__ == "__main__":
    main()
