"""Lifecycle groups on public purchase logs: who came back, against bars written down beforehand.

    python tests/benchmarks/backtest.py [--logs FOLDER]

Each log is mapped by settings, ingested and back-tested as a shop would do it; cleaning, cut-off and horizon are
those of the published comparison (credit lines are dropped, one order per customer and day; Online Retail once more
with the product's own net orders). FOLDER holds grocery_elog.parquet, which cannot ship (R package BTYDplus, GPL-3);
without it that log is left out, and said so. Exit code 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from pyspark.sql import SparkSession

from lifetide.metrics.returns import KindReturns
from lifetide.pipelines.backtest import backtest
from lifetide.pipelines.context import Context
from lifetide.pipelines.ingest import ingest
from lifetide.pipelines.progress import Silent
from lifetide.session import default_places, spark_session
from lifetide.settings import read_settings
from lifetide.shipped import shipped_suites
from lifetide.storage import DeltaStore
from lifetide.vocabulary import ClassKind

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
DEMO = ROOT / "lib" / "lifetide" / "shipped" / "demo"
FRAME = """
[shop]
timezone = "UTC"
currency = "USD"
[storage]
root = "warehouse"
[[sources]]
name = "log"
format = "parquet"
"""
BY_DAY = """
kind = "order_lines"
[sources.columns]
order_id = "concat_ws('-', {customer}, {day})"
ordered_at = "{day}"
customer_id = "{customer}"
quantity = "{quantity}"
amount = "{amount}"
"""
CDNOW = BY_DAY.format(customer="customer_id", day="date", quantity="quantity", amount="amount")
RETAIL = BY_DAY.format(
    customer="customer_id", day="to_date(invoice_ts)", quantity="quantity", amount="quantity * unit_price"
).replace(
    "[sources.columns]",
    """where = "customer_id IS NOT NULL AND invoice_no NOT LIKE 'C%' AND quantity > 0 AND unit_price > 0"\n"""
    "[sources.columns]",
)
JOURNEY = BY_DAY.format(
    customer="household_id", day="to_date(transaction_timestamp)", quantity="greatest(quantity, 1)",
    amount="sales_value",
)  # fmt: skip
GROCERY = """
kind = "events"
[sources.columns]
event_type = "'order_completed'"
event_at = "date"
customer_id = "customer_id"
order_id = "concat_ws('-', customer_id, date)"
"""


@dataclass(frozen=True)
class Log:
    """A log, where it is cut, and what is asked of it."""

    name: str
    file: str
    cutoff: date
    horizon_days: int
    customers: int
    least_auc: float
    mapping: str = ""
    needs_fall: bool = True


LOGS = (
    Log("CDNOW sample", "cdnow_sample.parquet", date(1997, 9, 30), 90, 2_357, 0.745, CDNOW),
    Log("CDNOW master", "cdnow_master.parquet", date(1997, 9, 30), 90, 23_570, 0.73, CDNOW),
    Log("Online Retail, sales alone", "online_retail.parquet", date(2011, 8, 31), 60, 3_317, 0.668, RETAIL),
    Log("grocery", "grocery_elog.parquet", date(2006, 12, 31), 90, 1_525, 0.88, GROCERY),
    Log("Complete Journey", "complete_journey_sample.parquet", date(2017, 9, 30), 30, 2_328, 0.71, JOURNEY),
    Log("Online Retail, net orders", "online_retail.parquet", date(2011, 8, 31), 60, 0, 0.66, needs_fall=False),
)


def context_of(session: SparkSession, folder: Path, run: str) -> Context:
    settings = read_settings(folder / "settings.toml")
    return Context(
        session=session, store=DeltaStore(session, settings.storage.root), settings=settings,
        now=lambda: datetime.now(timezone.utc), run_id=run, suites=[shipped_suites()], progress=Silent(),
    )  # fmt: skip


def proven(session: SparkSession, log: Log, source: Path, folder: Path) -> KindReturns:
    """The four groups of the log at its cut-off."""
    folder.mkdir(parents=True)
    if log.mapping:
        (folder / "settings.toml").write_text(f"{FRAME}path = '{source}'\n{log.mapping}", encoding="utf-8")
    else:
        shutil.copy(DEMO / "settings.toml", folder)
        shutil.copy(source, folder)
    until = log.cutoff + timedelta(days=log.horizon_days)
    ingest(context_of(session, folder, "ingest"), today=date(2026, 1, 1), batch="log")
    proof = context_of(session, folder, "backtest")
    _, found = backtest(proof, as_of=until, cutoffs=[log.cutoff], horizon_days=log.horizon_days)
    return next(one for one in found if one.kind is ClassKind.LIFECYCLE)


def told(log: Log, found: KindReturns) -> tuple[str, bool]:
    """A row of the table, and whether the bars hold."""
    customers = sum(one.customers for one in found.classes)
    rates = " / ".join(f".{one.rate * 1000:03.0f}" for one in found.classes)
    shares = " / ".join(f".{one.customers / customers * 1000:03.0f}" for one in found.classes)
    assert found.auc is not None
    holds = found.auc >= log.least_auc and (found.falls or not log.needs_fall)
    holds = holds and log.customers in (0, customers)
    falls = "yes" if found.falls else "no"
    verdict = "holds" if holds else "MISSED"
    return (
        f"| {log.name}, {log.cutoff}, {log.horizon_days} days | {customers:,} | {shares} | {rates} | {falls} | "
        f"{found.auc:.4f} | {log.least_auc} | {verdict} |",
        holds,
    )


def main() -> int:
    """Prints the table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--logs", type=Path, metavar="FOLDER", help="where grocery_elog.parquet lies")
    asked = words.parse_args()
    places = default_places(os.environ)
    session = spark_session(
        "lifetide backtest", cache=places.cache, java_home=places.java_home, search_path=places.search_path,
        on_platform=places.on_platform, memory="3g",
    )  # fmt: skip
    print("| log, cut-off, horizon | customers | shares: just ordered / active / slipping away / lost | returned | "
          "falls | AUC | bar | |\n|---|---|---|---|---|---|---|---|")  # fmt: skip
    missed, left_out = 0, []
    with tempfile.TemporaryDirectory() as folder:
        for place, log in enumerate(LOGS):
            homes = [home for home in (DATA, DEMO, asked.logs) if home is not None]
            source = next((home / log.file for home in homes if (home / log.file).exists()), None)
            if source is None:
                left_out.append(log.name)
                continue
            row, holds = told(log, proven(session, log, source.resolve(), Path(folder, str(place))))
            missed += not holds
            print(row, flush=True)
    for name in left_out:
        print(f"\nLeft out: {name}; its file was in no folder (--logs FOLDER).")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
