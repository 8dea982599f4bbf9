"""Full build and daily run against DuckDB, on a simulated log: equal outputs first, then seconds and ratios.

    python tests/benchmarks/full_and_daily.py --events 20000000 --dir /tmp/lifetide-bench [--memory 10g]

The log is simulated once per folder, as the `events` table, all credits naming their order; its last two days are
held back for two daily runs. DuckDB reads the same Parquet files with the same number of threads, computes orders,
refund matches, days, items, state, cuts, groups, scores, spells and growth (duck.sql) and writes them as Parquet;
one rhythm for everyone, as the simulated categories have none of their own; Lifetide computes flows, stage metrics
and the other columns of profiles as well, gates everything and publishes it to Delta. Seconds are wall clock;
`warm` = in a session that did the same before.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import duckdb
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lifetide.lifecycle.rate_drop import critical_values
from lifetide.pipelines.build import build
from lifetide.pipelines.context import Context
from lifetide.pipelines.progress import Step
from lifetide.pipelines.publishing import Outcome, Run
from lifetide.policy import Policy
from lifetide.session import default_places, spark_session
from lifetide.settings import read_settings
from lifetide.shipped import shipped_suites
from lifetide.simulate import Plan, World, plan_for, shop
from lifetide.storage import DeltaStore
from lifetide.tables import (
    BASE_GROWTH,
    CUSTOMER_DAYS,
    CUSTOMER_ITEMS,
    CUSTOMER_PROFILES,
    EVENTS,
    LIFECYCLE_SPELLS,
    ORDERS,
    REFUND_MATCHES,
)

FIRST, LAST = date(2024, 10, 1), date(2025, 9, 30)
SETTINGS = """
[shop]
timezone = "Europe/Vienna"
currency = "EUR"
[storage]
root = "warehouse"
[[sources]]
name = "lines"
kind = "order_lines"
format = "parquet"
path = "log"
[sources.columns]
order_id = "order_id"
ordered_at = "ordered_at"
quantity = "quantity"
unit_price = "unit_price"
[policy.lifecycle]
grouping = "everyone"
"""
SQL = Path(__file__).with_name("duck.sql").read_text(encoding="utf-8")
CLOCK = time.perf_counter


@dataclass
class Steps:
    """Keeps the seconds of each step."""

    seconds: dict[str, float] = field(default_factory=dict)

    def begin(self, name: str) -> None:
        """Says what is under way."""
        print(f"    {name} …", end="\r", file=sys.stderr, flush=True)

    def end(self, step: Step) -> None:
        """Adds it up by name."""
        self.seconds[step.name] = self.seconds.get(step.name, 0.0) + step.seconds


@dataclass
class Bench:
    """A session, a folder, and runs over it."""

    session: SparkSession
    folder: Path
    steps: Steps = field(default_factory=Steps)
    runs: int = 0

    def context(self) -> Context:
        self.runs += 1
        self.steps = Steps()
        settings = read_settings(self.folder / "settings.toml")
        return Context(
            session=self.session, store=DeltaStore(self.session, settings.storage.root), settings=settings,
            now=lambda: datetime.now(timezone.utc), run_id=f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S}-{self.runs}",
            suites=[shipped_suites()], progress=self.steps,
        )  # fmt: skip

    def timed_build(self, as_of: date, *, full: bool) -> tuple[float, Outcome]:
        context, begun = self.context(), CLOCK()
        outcome = build(context, as_of=as_of, full=full)
        seconds = CLOCK() - begun
        print(f"  {outcome.notes[0]}: {seconds:.1f} s", flush=True)
        for name, spent in sorted(self.steps.seconds.items(), key=lambda pair: -pair[1])[:30]:
            print(f"      {name:<28}{spent:>8.1f} s")
        print(f"      {'between the steps':<28}{seconds - sum(self.steps.seconds.values()):>8.1f} s", flush=True)
        return seconds, outcome

    def add(self, day: Callable[[DataFrame], DataFrame]) -> None:
        """Publishes staged events as a batch, as an ingest would."""
        context = replace(self.context(), suites=[])
        with Run(context, "ingest", batch="bench") as run:
            events = day(self.session.read.parquet(str(self.folder / "log")))
            run.stage(EVENTS, events.sortWithinPartitions("event_date", "source_id"), "append")
            run.publish()


def log_of(session: SparkSession, plan: Plan) -> DataFrame:
    """The simulated shop as rows of `events`, each once."""
    tables = shop(session, plan)
    lines = tables["order_lines"].dropDuplicates(["line_id"])
    state = F.col("state")
    kind = F.when(state == "completed", "order_completed").when(state == "refunded", "order_refunded")
    amount = F.coalesce("amount", F.col("quantity") * F.col("unit_price") - F.coalesce("discount_amount", F.lit(0)))
    of_lines = lines.select(
        F.col("line_id").alias("event_id"), kind.otherwise("order_cancelled").alias("event_type"),
        F.col("ordered_at").alias("event_at"), "state", "customer_id", "order_id", "refunds_order_id", "product_id",
        F.lit(True).alias("is_product"), "category", "quantity", "unit_price", amount.alias("amount"),
        "discount_amount", "channel",
    )  # fmt: skip
    clicks = tables["clicks"].dropDuplicates(["event_id"]).drop("arrived_on")
    both = of_lines.unionByName(clicks, allowMissingColumns=True)
    zone = F.from_utc_timestamp("event_at", plan.timezone)
    told = both.withColumns(
        {
            "event_date": zone.cast("date"),
            "source_id": F.coalesce("customer_id", F.concat(F.lit("anon:"), "anonymous_id")),
            "content_hash": F.xxhash64("event_id", "quantity", "amount"),
            "source": F.lit("simulated"),
            "batch": F.lit("bench"),
        }
    )
    names = told.columns
    return told.select(
        *(
            (F.col(column.name) if column.name in names else F.lit(None)).cast(column.type).alias(column.name)
            for column in EVENTS.columns
        )
    )


def prepared(session: SparkSession, folder: Path, events: int) -> None:
    """Simulates the log where the folder has none yet."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text(SETTINGS)
    if (folder / "log" / "_SUCCESS").exists():
        return
    begun = CLOCK()
    plan = plan_for(session, Plan(1_000, FIRST, LAST, 7, World(named_refund_share=1.0)), events)
    log_of(session, plan).repartition(64, "event_date").write.mode("overwrite").parquet(str(folder / "log"))
    print(f"simulated {plan.customers:,} customers in {CLOCK() - begun:.0f} s", flush=True)


LEARNED = ("population", "cuts", "scored")
ONCE_LEARNED = "-- From here on, with what was learned."
WRITTEN = ("orders", "refund_matches", "customer_days", "customer_items", "customer_state", "customer_profiles",
           "lifecycle_spells", "base_growth")  # fmt: skip
EQUAL = {
    ORDERS: (
        "SELECT order_id, source_id, order_date, gross_revenue, discount_amount, net_revenue, voided_on IS NOT NULL "
        "FROM ours WHERE state <> 'credit'",
        "SELECT order_id, source_id, order_date, gross, discount, net_revenue, is_void FROM orders",
    ),
    REFUND_MATCHES: (
        "SELECT credit_event_id, sale_event_id, credit_order_id, sale_order_id, credit_date, units, amount FROM ours",
        "SELECT * FROM refund_matches",
    ),
    CUSTOMER_DAYS: (
        "SELECT source_id, local_date, order_count, order_value, net_revenue, visit_count, product_view_count, "
        "search_count, cart_count FROM ours",
        "SELECT source_id, local_date, order_count, order_value, net_revenue, visit_count, views, searches, "
        "carts FROM customer_days",
    ),
    CUSTOMER_ITEMS: (
        "SELECT source_id, local_date, product_id, category, order_count, units_sold, units_credited, gross_revenue, "
        "net_revenue, view_count, cart_count FROM ours",
        "SELECT * FROM customer_items",
    ),
    CUSTOMER_PROFILES: (
        "SELECT customer_id, lifecycle_group, rfm_recency, rfm_frequency, rfm_monetary, order_count, ltv_historic, "
        "visit_count FROM ours",
        "SELECT customer_id, lifecycle_group, rfm_recency, rfm_frequency, rfm_monetary, order_count, net_revenue, "
        "visit_count FROM customer_profiles",
    ),
    LIFECYCLE_SPELLS: (
        "SELECT customer_id, lifecycle_group, valid_from, valid_to, reason FROM ours",
        "SELECT * FROM lifecycle_spells",
    ),
    BASE_GROWTH: (
        "SELECT date, new_count, active_count, slipping_away_count, lost_count, just_ordered_count FROM ours",
        "SELECT * FROM base_growth",
    ),
}  # fmt: skip
"""Our rows and DuckDB's, by table."""


def duck(
    bench: Bench, as_of: date, threads: int, learned: duckdb.DuckDBPyConnection | None = None
) -> tuple[float, duckdb.DuckDBPyConnection]:
    """DuckDB's wall seconds for all of duck.sql, its tables written to Parquet as ours are to Delta.

    `learned`: after the clock has stopped, profiles are made again with what this earlier connection had learned, as
    a daily run uses what a fit learned before.
    """
    files = bench.context().store.read(EVENTS).inputFiles()
    names = ", ".join(f"'{name.removeprefix('file://')}'" for name in files)
    connection = duckdb.connect()
    connection.execute(f"SET threads={threads}; SET preserve_insertion_order=false; SET memory_limit='10GB'")
    connection.execute(f"SET temp_directory='{bench.folder}/duck'")
    told = {"as_of": as_of, "critical": critical_values(Policy().lifecycle)}
    begun = CLOCK()
    connection.execute(SQL.format(events=f"read_parquet([{names}])", **told))
    for table in WRITTEN:
        connection.execute(f"COPY {table} TO '{bench.folder}/duck_{table}.parquet' (FORMAT parquet)")
    seconds = CLOCK() - begun
    print(f"  DuckDB {duckdb.__version__}: {seconds:.1f} s", flush=True)
    for name in LEARNED if learned is not None else ():
        learned.execute(f"COPY {name} TO '{bench.folder}/{name}.parquet' (FORMAT parquet)")
        connection.execute(f"CREATE OR REPLACE TABLE {name} AS FROM '{bench.folder}/{name}.parquet'")
    if learned is not None:
        connection.execute(SQL[SQL.index(ONCE_LEARNED) :].format(events="", **told))
    return seconds, connection


def equal(bench: Bench, connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Stops where one figure differs."""
    store = bench.context().store
    for table, (left, right) in EQUAL.items():
        frame = store.read(table)
        frame = frame.where(F.col("as_of") == F.lit(as_of)) if table is CUSTOMER_PROFILES else frame
        frame.write.mode("overwrite").parquet(f"{bench.folder}/{table.name}.parquet")
        connection.execute(f"CREATE OR REPLACE VIEW ours AS FROM '{bench.folder}/{table.name}.parquet/*.parquet'")
        differing = connection.execute(
            f"SELECT count(*) FROM (({left} EXCEPT {right}) UNION ALL ({right} EXCEPT {left}))"
        ).fetchone()
        rows = connection.execute(f"SELECT count(*) FROM ({left})").fetchone()
        assert differing is not None
        assert rows is not None
        print(f"  {table.name}: {rows[0]:,} rows, {differing[0]:,} differ", flush=True)
        if differing[0]:
            sys.exit(f"{table.name} differs from DuckDB's; no time is worth printing")


def main() -> None:
    """Prints everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--memory", default="10g")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 2)
    arguments = parser.parse_args()
    begun, places = CLOCK(), default_places(os.environ)
    session = spark_session(
        "lifetide bench", cache=places.cache, java_home=places.java_home, search_path=places.search_path,
        on_platform=places.on_platform, master=f"local[{arguments.threads}]", memory=arguments.memory,
    )  # fmt: skip
    started = CLOCK() - begun
    bench = Bench(session, arguments.dir)
    prepared(session, arguments.dir, arguments.events)
    day = LAST - timedelta(days=2)
    if not (arguments.dir / "warehouse" / EVENTS.name).exists():
        bench.add(lambda log: log.where(F.col("event_date") <= F.lit(day)))
    print(f"{platform.machine()}, {arguments.threads} threads, Spark {session.version}, session in {started:.1f} s")
    cold, _ = bench.timed_build(day, full=True)
    warm, _ = bench.timed_build(day, full=True)
    peer, connection = duck(bench, day, arguments.threads)
    equal(bench, connection, day)
    daily = []
    for one in (LAST - timedelta(days=1), LAST):
        bench.add(lambda log, of=one: log.where(F.col("event_date") == F.lit(of)))
        daily.append(bench.timed_build(one, full=False)[0])
    peer_again, connection = duck(bench, LAST, arguments.threads, connection)
    equal(bench, connection, LAST)
    again, _ = bench.timed_build(LAST, full=True)
    equal(bench, connection, LAST)
    print(
        f"full build: cold {cold + started:.1f} s with session, "
        f"warm {warm:.1f} s = {warm / peer:.2f} × DuckDB ({peer:.1f} s)"
    )
    first, warm_daily = daily
    print(f"daily run: the first of the session {first:.1f} s, the second {warm_daily:.1f} s = "
          f"{warm_daily / again:.0%} of the own full build ({again:.1f} s), "
          f"{warm_daily / peer_again:.2f} × DuckDB's full recompute")  # fmt: skip


if __name__ == "__main__":
    main()
