"""Whatever order the data came in, the tables are those of a shop that got everything at once, built from all events.

A simulated shop of 2,000 customers is delivered in parts: by day or shuffled, rows twice, earlier versions of lines
with other units, prices and dates, credits before their orders, links of visitors before or after what they did.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lifetide.pipelines.build import build
from lifetide.pipelines.context import Context
from lifetide.pipelines.ingest import ingest
from lifetide.pipelines.publishing import Run
from lifetide.shipped import shipped_suites
from lifetide.simulate import Plan, World, shop
from lifetide.storage import Store
from lifetide.tables import CUSTOMER_PROFILES, EVENTS, LEARNED_PARAMETERS, LTV_MODELS, Table
from pipelines.comparing import UNDATED, differing
from pipelines.small_shop import SmallShop

FIRST, LAST, TODAY = date(2025, 1, 1), date(2025, 3, 31), date(2025, 12, 1)
BUILT = LAST + timedelta(days=20)
SETTLED = datetime(2025, 6, 1, tzinfo=timezone.utc)
WORLD = World(duplicate_share=0.1, late_share=0.2, guest_share=0.1)
PLAN = Plan(2_000, FIRST, LAST, 5, WORLD, partitions=2)
MAPPED = {
    "order_lines": "line_id order_id ordered_at customer_id product_id category quantity unit_price discount_amount "
    "channel state refunds_order_id updated_at",
    "clicks": "event_id event_type event_at customer_id anonymous_id session_id order_id product_id category "
    "quantity channel campaign query page",
    "identities": "anonymous_id customer_id linked_at unlinked_at",
    "customers": "customer_id email signed_up_at",
}
KINDS = {"clicks": "events"}
PUBLISHED, LEARNED = (*UNDATED, CUSTOMER_PROFILES), (LEARNED_PARAMETERS, LTV_MODELS)
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Schedule:
    """How the shop's data arrives."""

    seed: int
    deliveries: int
    is_by_day: bool
    are_credits_first: bool
    links: str

    def parts(self, whole: dict[str, pa.Table]) -> Iterator[tuple[date, dict[str, Rows]]]:
        """(as_of of the build that follows, rows by source) of each delivery."""
        chance = Random(self.seed)
        dealt: list[dict[str, Rows]] = [{name: [] for name in MAPPED} for _ in range(self.deliveries)]
        for name, table in whole.items():
            places: dict[str, int] = {}
            for row in table.to_pylist():
                unit = row.get("order_id") or row.get("event_id") or row["customer_id"]
                place = places.setdefault(unit, self._place(chance, name, row))
                self._deal(dealt, chance, name, row, place)
        for number, delivery in enumerate(dealt, start=1):
            is_last = number == self.deliveries
            days = (LAST - FIRST).days * number // self.deliveries if self.is_by_day else (LAST - FIRST).days
            yield BUILT if is_last else FIRST + timedelta(days=days), delivery

    def _place(self, chance: Random, name: str, row: dict[str, Any]) -> int:
        last = self.deliveries - 1
        if name == "identities" and self.links != "with the rest":
            return 0 if self.links == "first" else last
        if self.are_credits_first and row.get("state") in ("refunded", "cancelled"):
            return 0
        if self.is_by_day and "arrived_on" in row:
            return min(last, (row["arrived_on"] - FIRST).days * self.deliveries // (LAST - FIRST).days)
        return chance.randint(0, last)

    def _deal(self, dealt: list[dict[str, Rows]], chance: Random, name: str, row: dict[str, Any], place: int) -> None:
        """The row where it belongs, sometimes again later, sometimes with an earlier version before it."""
        last = self.deliveries - 1
        if name == "order_lines":
            row = {**row, "updated_at": SETTLED}
            if chance.random() < 0.05:
                earlier = {
                    "quantity": row["quantity"] + 1,
                    "unit_price": row["unit_price"] * 2,
                    "ordered_at": row["ordered_at"] - timedelta(days=chance.choice((0, 1, 30))),
                    "updated_at": SETTLED - timedelta(days=30),
                }
                dealt[chance.randint(0, place)][name].append({**row, **earlier})
        dealt[place][name].append(row)
        if chance.random() < 0.05:
            dealt[chance.randint(place, last)][name].append(row)


def schedules(deliveries: st.SearchStrategy[int]) -> st.SearchStrategy[Schedule]:
    links = st.sampled_from(("first", "last", "with the rest"))
    return st.builds(Schedule, st.integers(0, 2**32), deliveries, st.booleans(), st.booleans(), links)


@dataclass
class Delivered(SmallShop):
    """A shop whose sources are folders of Parquet files."""

    def settle(self) -> None:
        sources = "".join(
            f'[[sources]]\nname = "{name}"\nkind = "{KINDS.get(name, name)}"\nformat = "parquet"\npath = "{name}"\n'
            "[sources.columns]\n" + "".join(f'{column} = "{column}"\n' for column in columns.split())
            for name, columns in MAPPED.items()
        )
        head = '[shop]\ntimezone = "Europe/Vienna"\ncurrency = "EUR"\n[storage]\nroot = "warehouse"\n'
        # Months that arrive shuffled have days that sell many times what the days before them sold.
        ratio = "run_metrics.expect_column_max_to_be_between(daily_revenue_ratio)"
        head += f'[gates.severity]\n"{ratio}" = "warning"\n'
        (self.folder / "suites").mkdir(parents=True)
        shutil.copy(shipped_suites() / "run_metrics.json", self.folder / "suites")
        (self.folder / "settings.toml").write_text(head + sources)

    def context(self, *, dry_run: bool = False) -> Context:
        """Money has to add up at every step; other gates rest, as tables are compared row by row."""
        return replace(super().context(dry_run=dry_run), suites=[self.folder / "suites"])

    def deliver(self, number: int, rows: dict[str, Rows], whole: dict[str, pa.Table]) -> None:
        for name, delivered in rows.items():
            schema = whole[name].schema
            if name == "order_lines":
                schema = schema.append(pa.field("updated_at", pa.timestamp("us", tz="UTC")))
            (self.folder / name).mkdir(exist_ok=True)
            pq.write_table(pa.Table.from_pylist(delivered, schema), self.folder / name / f"{number}.parquet")

    def take_in(self, number: int, as_of: date, learned: dict[Table, DataFrame] | None = None) -> Store:
        """Ingests what was delivered and builds, with what another shop learned where it is given."""
        ingest(self.context(), today=TODAY, batch=f"b{number}")
        if learned is not None and number == 1:
            with Run(self.context(), "fit", as_of=BUILT) as run:
                for table, rows in learned.items():
                    run.stage(table, rows, "append")
                run.publish()
        build(self.context(), as_of=as_of, parameters_from=None if learned is None else BUILT)
        return self.context().store


@pytest.fixture(scope="module")
def whole(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pa.Table]:
    """The simulated shop as it was, each line and click once, with credits that name their order or find it."""
    folder = tmp_path_factory.mktemp("simulated")
    tables = {}
    for name, table in shop(spark, PLAN).items():
        if name in MAPPED:
            once = table.dropDuplicates(["line_id"]) if name == "order_lines" else table
            once = once.dropDuplicates(["event_id"]) if name == "clicks" else once
            once.write.parquet(str(folder / name))
            tables[name] = _in_micros(pq.read_table(folder / name))
    return tables


def _in_micros(table: pa.Table) -> pa.Table:
    """The table with timestamps as Spark reads them, and without Spark's own copy of the schema."""
    instant = pa.timestamp("us", tz="UTC")
    fields = [pa.field(one.name, instant if pa.types.is_timestamp(one.type) else one.type) for one in table.schema]
    return table.cast(pa.schema(fields))


@pytest.fixture(scope="module")
def at_once(
    spark: SparkSession, whole: dict[str, pa.Table], tmp_path_factory: pytest.TempPathFactory
) -> dict[Table, DataFrame]:
    """The tables of a shop that got every row once, in one delivery, built once."""
    made = Delivered(spark, tmp_path_factory.mktemp("at_once") / "shop")
    made.settle()
    rows = {name: table.to_pylist() for name, table in whole.items()}
    for row in rows["order_lines"]:
        row["updated_at"] = SETTLED
    made.deliver(1, rows, whole)
    store = made.take_in(1, BUILT)
    return {table: store.read(table).localCheckpoint() for table in (EVENTS, *LEARNED, *PUBLISHED)}


def check(
    spark: SparkSession,
    schedule: Schedule,
    whole: dict[str, pa.Table],
    at_once: dict[Table, DataFrame],
    folder: Path,
) -> None:
    made = Delivered(spark, folder)
    made.settle()
    for number, (as_of, rows) in enumerate(schedule.parts(whole), start=1):
        made.deliver(number, rows, whole)
        store = made.take_in(number, as_of, {table: at_once[table] for table in LEARNED})
    for table in (EVENTS, *PUBLISHED):
        ours = store.read(table)
        if table is CUSTOMER_PROFILES:
            ours = ours.where(F.col("as_of") == F.lit(as_of))
        assert differing(table, ours, at_once[table]) == 0, f"{table.name} is not that of one delivery"


UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.mark.prove  # some eight minutes: it belongs into `make test` once builds of small shops are quicker
@settings(max_examples=3, phases=UNSHRUNK, suppress_health_check=SLOW)
@given(schedule=schedules(st.just(2)))
def test_three_schedules_end_in_the_same_tables(spark, whole, at_once, tmp_path_factory, schedule):
    check(spark, schedule, whole, at_once, tmp_path_factory.mktemp("arrival") / "shop")


@pytest.mark.prove
@settings(
    max_examples=50,
    derandomize=False,
    phases=UNSHRUNK,
    suppress_health_check=SLOW,
)
@given(schedule=schedules(st.integers(2, 5)))
def test_fifty_schedules_end_in_the_same_tables(spark, whole, at_once, tmp_path_factory, schedule):
    check(spark, schedule, whole, at_once, tmp_path_factory.mktemp("arrival") / "shop")
