"""`lifetide simulate`: the event log of a made-up shop of any size, and the truth about its customers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lifetide.pipelines.progress import Progress, Step
from lifetide.simulate.catalogue import products
from lifetide.simulate.clicks import clicks
from lifetide.simulate.currencies import fx_rates
from lifetide.simulate.devices import identities
from lifetide.simulate.orders import order_lines, orders
from lifetide.simulate.people import people
from lifetide.simulate.persons import consents, customers, truth_customers
from lifetide.simulate.visits import visits
from lifetide.simulate.world import MOST_CUSTOMERS, Plan
from lifetide.storage import Counted, rows

EVENTS = ("order_lines", "clicks")
PILOT = 2_000  # customers from whose events the number of customers is reckoned


@dataclass(frozen=True)
class Simulated:
    """What was written: rows and seconds by table."""

    plan: Plan
    folder: Path
    row_counts: dict[str, int]
    seconds: dict[str, float]

    @property
    def events(self) -> int:
        """Order lines and clicks, as delivered."""
        return sum(self.row_counts[name] for name in EVENTS)

    @property
    def events_per_second(self) -> float:
        """Speed of the two large tables, everything that they are made of included."""
        return self.events / max(sum(self.seconds[name] for name in EVENTS), 0.001)


def shop(session: SparkSession, plan: Plan) -> dict[str, DataFrame]:
    """Every table of the simulated shop by name; the truth comes last. Nothing is computed before it is written."""
    everyone = people(session, plan)
    placed = orders(everyone, plan)
    rates = {"fx_rates": fx_rates(session, plan)} if plan.currencies else {}
    return {
        "products": products(session, plan),
        **rates,
        "customers": customers(everyone, plan),
        "identities": identities(everyone, plan),
        "consents": consents(everyone, plan),
        "order_lines": order_lines(placed, plan),
        "clicks": clicks(visits(everyone, placed, plan), plan),
        "truth_customers": truth_customers(everyone, plan),
    }


def simulate(
    session: SparkSession, plan: Plan, *, folder: Path, format_: str, now: Callable[[], datetime], progress: Progress
) -> Simulated:
    """Writes every table to `folder/<name>`, replacing what an earlier simulation left there."""
    counts, seconds = dict[str, int](), dict[str, float]()
    for name, table in shop(session, plan).items():
        progress.begin(f"write {name}")
        begun, counted = now(), Counted(table, rows=F.count(F.lit(1)))
        writer = counted.passing.write.mode("overwrite").format(format_)
        if format_ == "delta":
            writer = writer.option("overwriteSchema", "true")
        writer.save(str(folder / name))
        counts[name], seconds[name] = counted.told()["rows"], (now() - begun).total_seconds()
        progress.end(Step(f"write {name}", seconds[name], counts[name]))
    return Simulated(plan, folder, counts, seconds)


def plan_for(session: SparkSession, plan: Plan, events: int) -> Plan:
    """The plan with as many customers as make about that many events, judged by its first 2,000."""
    few = replace(plan, customers=PILOT, partitions=2)
    everyone = people(session, few)
    placed = orders(everyone, few)
    counted = F.count(F.lit(1)).alias("n")
    parts = [order_lines(placed, few), clicks(visits(everyone, placed, few), few)]
    sample = sum(int(rows(part.agg(counted), at_most=1)[0]["n"]) for part in parts)
    return replace(plan, customers=min(max(round(events * PILOT / sample), 1), MOST_CUSTOMERS))
