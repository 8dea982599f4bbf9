"""A small shop in a CSV file, its settings, and pipelines over real Delta tables in a temporary folder."""

from __future__ import annotations

import csv
import itertools
import random
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from pyspark.sql import SparkSession

from lifetide.pipelines.context import Context
from lifetide.pipelines.progress import Silent
from lifetide.settings import read_settings
from lifetide.shipped import shipped_suites
from lifetide.storage import DeltaStore

HEADER = ("order", "placed", "customer", "product", "category", "pieces", "price", "state")
FIRST_DAY = date(2025, 1, 1)
LAST_DAY, TODAY = date(2025, 6, 28), date(2025, 12, 1)
COPIED = 100
"""Runs that a copied shop leaves room for."""
Line = tuple[str, str, str, str, str, str, str, str]

NEXT_DAY = LAST_DAY + timedelta(days=1)
LATE: Line = ("late", "2025-06-25 12:00:00", "c16", "p1", "cat1", "1", "10.00", "completed")
"""An order that comes after 2025-06-28 was built."""

SETTINGS = """
[shop]
timezone = "Europe/Berlin"
currency = "EUR"
[storage]
root = "warehouse"
[[sources]]
name = "lines"
kind = "order_lines"
format = "csv"
path = "lines.csv"
where = "coalesce(price, '') <> 'gift'"
[sources.columns]
order_id = "order"
ordered_at = "placed"
customer_id = "customer"
product_id = "product"
category = "category"
quantity = "pieces"
unit_price = "price"
state = "state"
"""


def ordinary_days(days: Iterable[int], *, seed: int = 7) -> list[Line]:
    """Lines of some 60 customers who come back about every ten days; a few guests and credit notes."""
    chance = random.Random(seed)
    lines: list[Line] = []
    for day in days:
        when = FIRST_DAY + timedelta(days=day)
        for place in range(chance.randint(4, 8)):
            customer = f"c{chance.randint(1, 60):02}" if chance.random() < 0.9 else ""
            order, product = f"o{day:03}-{place}", f"p{chance.randint(1, 9)}"
            at, price = f"{when} {9 + place:02}:15:00", f"{chance.randint(100, 3000) / 100:.2f}"
            lines.append(
                (order, at, customer, product, f"cat{product[1]}", str(chance.randint(1, 4)), price, "completed")
            )
            if customer and chance.random() < 0.1:
                lines.append(
                    (f"r{order}", f"{when} 23:30:00", customer, product, f"cat{product[1]}", "1", price, "refunded")
                )
    return lines


@dataclass
class SmallShop:
    """The shop's folder and the contexts of runs over it, a minute apart on a clock of its own.

    Tests that are about something else leave the gates out (`gates` = False): they take a third of a small build.
    """

    session: SparkSession
    folder: Path
    numbers: Callable[[], int] = field(default_factory=lambda: itertools.count(1).__next__)
    gates: bool = True

    def write(self, lines: list[Line]) -> None:
        """The shop exports its order lines."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "settings.toml").write_text(SETTINGS)
        with (self.folder / "lines.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([HEADER, *lines])

    def context(self, *, dry_run: bool = False) -> Context:
        number = self.numbers()
        ticks = itertools.count()
        start = datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(hours=number)
        settings = read_settings(self.folder / "settings.toml")
        return Context(
            session=self.session,
            store=DeltaStore(self.session, settings.storage.root, settings.storage.full_schema),
            settings=settings,
            now=lambda: start + timedelta(seconds=next(ticks)),
            run_id=f"run-{number:03}",
            suites=[shipped_suites()] if self.gates else [],
            progress=Silent(),
            dry_run=dry_run,
        )

    def copied(self, folder: Path, *, gates: bool = True) -> SmallShop:
        """The same shop, with all that its warehouse holds, in another folder; its runs come after those before."""
        shutil.copytree(self.folder, folder)
        return SmallShop(self.session, folder, itertools.count(1 + COPIED * self.numbers()).__next__, gates)
