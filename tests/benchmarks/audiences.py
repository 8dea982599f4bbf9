"""Two hundred audiences against twenty, on a million customers and twenty million events: bar 2 × the time.

    python tests/benchmarks/audiences.py [--customers 1000000] [--events 20000000] [--dir DIR] [--memory 8g]

The tables are synthetic, made by hashes once per folder, in the catalogue's columns: profiles, orders, their lines,
days with visits, and what visitors did (orders, lines, days and events are the events). No build is run: it makes
the same tables, and takes longer than what is measured here. The audiences are twenty that come with Lifetide, and
ten of each with other numbers, windows and ranks. Measured is all of an evaluation: lines of ranks, figures,
memberships, counts. Each count runs once unmeasured, then as often as --repeat says; the ratio is that of the
medians. The plan's scans are counted and printed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lifetide.audiences import FIELDS, Audience, document, parse
from lifetide.audiences.elements import Happened, elements
from lifetide.audiences.fields import COLLECTIONS, PROFILE_FIELDS
from lifetide.audiences.figures import all_figures, earliest, kind_of
from lifetide.audiences.memberships import EVERYONE_HERE, member_counts, memberships
from lifetide.audiences.words import FieldKind
from lifetide.pipelines.audiences import lines_on
from lifetide.pipelines.definitions import definitions_in
from lifetide.session import default_places, spark_session
from lifetide.shipped import shipped_audiences
from lifetide.tables import CUSTOMER_DAYS, CUSTOMER_PROFILES, EVENTS, ORDERS, SALE_LINES, Table

AS_OF = date(2025, 12, 31)
DAYS = 730
BAR = 2.0
CATEGORIES, PRODUCTS = 40, 5_000
KINDS = (
    "product_viewed",
    "product_viewed",
    "page_viewed",
    "searched",
    "cart_added",
    "message_sent",
    "message_opened",
)
HAPPENED = (ORDERS, SALE_LINES, CUSTOMER_DAYS, EVENTS)


def main() -> int:
    words = _words()
    spark = _session(words.memory)
    folder = words.dir / f"{words.customers}-{words.events}"
    began = time.perf_counter()
    for table, rows in made(spark, words.customers, words.events).items():
        if not (folder / table.name / "_SUCCESS").exists():
            rows.write.mode("overwrite").parquet(str(folder / table.name))
    stored = {one: spark.read.parquet(str(folder / one.name)) for one in (CUSTOMER_PROFILES, *HAPPENED)}
    print(
        f"tables in {time.perf_counter() - began:.0f} s: "
        + ", ".join(f"{t.name} {f.count():,}" for t, f in stored.items())
    )
    medians = {}
    for count, audiences in ((20, twenty()), (200, two_hundred())):
        assert len(audiences) == count
        seconds = [timed(lambda these=audiences: evaluated(stored, these)) for _ in range(words.repeat + 1)][1:]
        medians[count] = statistics.median(seconds)
        (scans, tables), members = scans_of(stored, audiences), evaluated(stored, audiences)
        print(f"{count:>4} audiences: {medians[count]:6.1f} s (of {', '.join(f'{one:.1f}' for one in seconds)}); "
              f"{scans} scans of {tables} tables in the plan; members {sum(members.values()):,} in all, "
              f"nobody in {sum(not one for one in members.values())}")  # fmt: skip
        assert scans == tables
    ratio = medians[200] / medians[20]
    print(f"200 ÷ 20 = {ratio:.2f} (bar {BAR:g})")
    return 0 if ratio <= BAR else 1


def twenty() -> dict[str, Audience]:
    """Twenty of the examples; those that they name are among them."""
    found = definitions_in(shipped_audiences()).audiences
    return {key: found[key] for key in found if key != "not_for_discounts"}


def two_hundred() -> dict[str, Audience]:
    """Ten of each: other numbers, other windows, other ranks."""
    made_ = {}
    for number in range(10):
        for key, one in twenty().items():
            plain = varied(document(one), number)
            made_[f"{key}_{number}"] = parse({**plain, "key": f"{key}_{number}"})
    return made_


def varied(value: Any, number: int, key: str = "", kind: FieldKind | None = None) -> Any:
    """The plain document with its numbers moved, and its names of audiences those of the same number."""
    if isinstance(value, dict):
        field = FIELDS.get(str(value.get("field")))
        kind = field.kind if field else kind
        return {name: varied(one, number, name, kind) for name, one in value.items()}
    if isinstance(value, list):
        return [varied(one, number, key, kind) for one in value]
    if kind is FieldKind.AUDIENCE and key == "value":
        return f"{value}_{number}"
    moves = key in ("quantity", "from", "to", "threshold", "value") and not isinstance(value, bool)
    return value + number if moves and isinstance(value, int) else value


def evaluated(stored: dict[Table, DataFrame], audiences: dict[str, Audience]) -> dict[str, int]:
    row = member_counts(members_of(stored, audiences), audiences).collect()[0].asDict()
    assert row.pop(EVERYONE_HERE)
    return row


def members_of(stored: dict[Table, DataFrame], audiences: dict[str, Audience]) -> DataFrame:
    """What the pipeline does, on a shop whose ids are all people's own."""
    profiles = stored[CUSTOMER_PROFILES]
    figures = all_figures(audiences.values(), AS_OF)
    kinds = {kind_of(one) for one in figures}
    happened = Happened(*(stored[table] for table in HAPPENED))
    found = elements(happened, kinds, {kind: earliest(figures, kind) for kind in kinds}, AS_OF)
    assert found is not None
    return memberships(
        audiences,
        profiles,
        found.withColumnRenamed("source_id", "customer_id"),
        lines_on(profiles, audiences.values()),
        AS_OF,
    )


def scans_of(stored: dict[Table, DataFrame], audiences: dict[str, Audience]) -> tuple[int, int]:
    """Scans in the plan of the memberships (the lines of ranks read profiles before it), and tables that it needs."""
    plan = members_of(stored, audiences)._jdf.queryExecution().executedPlan().toString()
    kinds = {kind_of(one) for one in all_figures(audiences.values(), AS_OF)}
    tables = {one.table for one in COLLECTIONS if one.name in kinds} | {CUSTOMER_PROFILES}
    return plan.count("FileScan parquet"), len(tables | ({ORDERS} if SALE_LINES in tables else set()))


def made(spark: SparkSession, customers: int, events: int) -> dict[Table, DataFrame]:
    """A fifth of the events are orders, two fifths their lines, a twentieth days, the rest what visitors did."""
    orders = events // 5
    rolled = _dice("order")
    ordered = spark.range(orders).select(
        F.concat(F.lit("o"), F.col("id")).alias("order_id"), _customer(rolled(1), customers).alias("source_id"),
        _day(rolled(2)).alias("order_date"), F.lit("completed").alias("state"),
        _number(rolled(3), 200).alias("net_revenue"), _number(rolled(4), 9).alias("item_count"),
    )  # fmt: skip
    lined = (
        spark.range(orders * 2)
        .withColumn("line", F.col("id"))
        .withColumn("id", F.floor(F.col("id") / 2).cast("bigint"))
    )
    product = F.pmod(F.xxhash64(F.col("line"), F.lit("product")), F.lit(PRODUCTS))
    lines = lined.select(
        F.concat(F.lit("e"), F.col("line")).alias("event_id"), F.concat(F.lit("o"), F.col("id")).alias("order_id"),
        _customer(rolled(1), customers).alias("order_source_id"), _day(rolled(2)).alias("order_date"),
        F.lit(True).alias("is_product"), *_product(product), _number(rolled(5), 3).alias("quantity"),
        _number(rolled(6), 100).alias("amount"),
    )  # fmt: skip
    rolled = _dice("event")
    clicks = spark.range(events - orders * 3 - events // 20)
    kinds = F.array(*(F.lit(one) for one in KINDS))
    clicked = clicks.select(
        F.concat(F.lit("c"), F.col("id")).alias("event_id"), _customer(rolled(1), customers).alias("source_id"),
        _day(rolled(2)).alias("event_date"),
        F.get(kinds, F.pmod(rolled(3), F.lit(len(KINDS))).cast("int")).alias("event_type"),
        *_product(F.pmod(rolled(4), F.lit(PRODUCTS))), F.lit("page").alias("page"), F.lit("query").alias("query"),
        F.lit("ads").alias("channel"), F.lit("spring").alias("campaign"),
    )  # fmt: skip
    days = spark.range(events // 20).select(
        _customer(rolled(1), customers).alias("source_id"),
        _day(rolled(2)).alias("local_date"),
        F.lit(1).alias("visit_count"),
    )
    profiles = _profiles(spark, customers)
    found = {CUSTOMER_PROFILES: profiles, ORDERS: ordered, SALE_LINES: lines, CUSTOMER_DAYS: days, EVENTS: clicked}
    return {table: rows.select(*_in_full(table, rows)) for table, rows in found.items()}


def _profiles(spark: SparkSession, customers: int) -> DataFrame:
    rolled = _dice("profile")
    columns = [_value(one.type, one.words, rolled(place)).alias(one.name) for place, one in enumerate(PROFILE_FIELDS)]
    made_ = spark.range(customers).select("id", *columns)
    return made_.withColumns(
        {"customer_id": F.concat(F.lit("c"), F.col("id")), "is_anonymous": F.lit(False), "as_of": F.lit(AS_OF),
         "parameters_as_of": F.lit(AS_OF)}
    )  # fmt: skip


def _value(type_: str, words: tuple[str, ...], roll: Column) -> Column:
    if words:
        return F.get(F.array(*(F.lit(word) for word in words)), F.pmod(roll, F.lit(len(words))).cast("int"))
    if type_ == "boolean":
        return F.pmod(roll, F.lit(2)) == 0
    if type_ == "date":
        return _day(roll)
    if type_ == "string":
        return F.concat(F.lit("category "), F.pmod(roll, F.lit(CATEGORIES)))
    if type_.startswith("decimal"):
        return _number(roll, 2_000)
    return F.pmod(roll, F.lit(100_000)) / 100_000 * 30 if type_ == "double" else F.pmod(roll, F.lit(400))


def _product(number: Column) -> list[Column]:
    category = F.concat(F.lit("category "), F.pmod(number, F.lit(CATEGORIES)))
    return [F.concat(F.lit("p"), number).alias("product_id"), category.alias("category")]


def _in_full(table: Table, rows: DataFrame) -> list[Column]:
    """Every column of the catalogue in its type; those nobody made are null."""
    known = set(rows.columns)
    return [
        (F.col(one.name) if one.name in known else F.lit(None)).cast(one.type).alias(one.name)
        for one in table.columns
    ]


def _dice(what: str) -> Callable[[int], Column]:
    return lambda number: F.xxhash64(F.col("id"), F.lit(f"{what} {number}"))


def _customer(roll: Column, customers: int) -> Column:
    """A few buy much: the square of an even share."""
    share = F.pmod(roll, F.lit(1_000_000)) / 1_000_000
    return F.concat(F.lit("c"), F.floor(share * share * customers).cast("string"))


def _day(roll: Column) -> Column:
    return F.date_sub(F.lit(AS_OF), F.pmod(roll, F.lit(DAYS)).cast("int"))


def _number(roll: Column, most: int) -> Column:
    return (F.pmod(roll, F.lit(most * 100)) / 100).cast("decimal(18,2)")


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _session(memory: str) -> SparkSession:
    places = default_places(os.environ)
    return spark_session(
        "lifetide benchmark", cache=places.cache, java_home=places.java_home, search_path=places.search_path,
        on_platform=places.on_platform, master="local[2]", memory=memory, options={},
    )  # fmt: skip


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--dir", type=Path, default=Path("/tmp/lifetide-bench-audiences"))
    parser.add_argument("--memory", default="8g")
    parser.add_argument("--repeat", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
