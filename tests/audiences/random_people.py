"""A random shop in rows: profiles with many nulls, orders that stand or not, lines, visits, events, memberships."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from audiences.random_rules import AS_OF, CATEGORIES
from lifetide.audiences.elements import Happened
from lifetide.audiences.fields import COLLECTIONS, PROFILE_FIELDS
from lifetide.audiences.people import Element, Person, Stretch
from lifetide.tables import CUSTOMER_DAYS, CUSTOMER_PROFILES, EVENTS, ORDERS, SALE_LINES, Table

BEGIN = AS_OF - timedelta(days=500)
Row = dict[str, Any]


@dataclass
class Rows:
    """Rows of the tables as a build would leave them; ids are the people's own."""

    profiles: list[Row] = field(default_factory=list)
    orders: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    days: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    stretches: list[Row] = field(default_factory=list)
    interests: list[Row] = field(default_factory=list)


class Shop:
    """Rows from a seed, and each person as plain Python sees them."""

    def __init__(self, seed: int, people: int = 60) -> None:
        self.dice = random.Random(seed)
        self.rows = Rows()
        self.ids = [f"c{number}" for number in range(people)]
        for one in self.ids:
            self._profile(one)
            for number in range(self.dice.choice([0, 0, 1, 2, 5])):
                self._order(one, f"{one}-o{number}")
            for number in range(self.dice.choice([0, 2, 8, 30])):
                self._event(one, f"{one}-e{number}")
            self._others(one)

    def maybe(self, value: Any, chance: float = 0.75) -> Any:
        return value if self.dice.random() < chance else None

    def money(self) -> Decimal:
        return Decimal(self.dice.choice([0, 1999, 10, 5000, -400, 300])) / 100

    def product(self) -> str | None:
        return self.maybe(self.dice.choice(["p1", "p2", "p3"]))

    def day(self, beyond: int = 0) -> date:
        return AS_OF - timedelta(days=self.dice.choice([self.dice.randint(-beyond, 40), self.dice.randint(0, 450)]))

    def instant(self, day: date) -> datetime:
        hours = self.dice.choice([0, 0, 9, 13])
        return datetime(day.year, day.month, day.day, hours, tzinfo=timezone.utc)

    def _profile(self, one: str) -> None:
        row: Row = {column.name: None for column in CUSTOMER_PROFILES.columns}
        for known in PROFILE_FIELDS:
            row[known.name] = self.maybe(self._value(known.type, known.words), 0.7)
        always = {"customer_id": one, "as_of": AS_OF, "parameters_as_of": AS_OF}
        self.rows.profiles.append(row | always | {"is_anonymous": self.dice.random() < 0.3})

    def _value(self, type_: str, words: tuple[str, ...]) -> Any:
        dice = self.dice
        if words:
            return dice.choice(words)
        if type_.startswith("decimal"):
            return dice.choice(
                [Decimal("19.99"), Decimal(3), Decimal(30), Decimal("0.10"), Decimal(-4), Decimal(120)]
            )
        return {
            "boolean": lambda: dice.random() < 0.5,
            "date": lambda: self.day(20),
            "double": lambda: dice.choice([0.1, 1.0, 2.0, 29.75, 59.5, 119.0]),
            "int": lambda: dice.choice([0, 1, 2, 3, 5, 10, 30, 119]),
            "bigint": lambda: dice.choice([0, 1, 2, 3, 5, 10, 30]),
            "string": lambda: dice.choice(CATEGORIES),
        }[type_]()

    def _order(self, one: str, order: str) -> None:
        dice, day = self.dice, self.day(3)
        at, channel = self.instant(day), self.maybe(dice.choice(["web", "Shop"]))
        state = dice.choice(["completed"] * 6 + ["partly_refunded", "refunded", "credit"])
        self.rows.orders.append({
            "order_id": order, "source_id": one, "order_date": day, "ordered_at": at,
            "voided_on": day if state == "refunded" else None, "state": state,
            "item_count": Decimal(dice.randint(1, 4)), "gross_revenue": self.maybe(self.money()),
            "discount_amount": self.maybe(self.money()), "refunded_amount": self.money(),
            "net_revenue": self.maybe(self.money()), "margin": self.maybe(self.money(), 0.4), "channel": channel,
        })  # fmt: skip
        for number in range(dice.randint(1, 3)):
            self.rows.lines.append({
                "event_id": f"{order}-{number}", "order_id": order, "order_source_id": one, "order_date": day,
                "order_at": at, "is_product": dice.choice([True, True, True, False, None]),
                "product_id": self.product(), "category": self.maybe(dice.choice(CATEGORIES)),
                "quantity": self.maybe(Decimal(dice.randint(1, 3))), "amount": self.maybe(self.money()),
                "discount_amount": self.maybe(self.money()), "margin": self.maybe(self.money(), 0.4),
            })  # fmt: skip

    def _event(self, one: str, event: str) -> None:
        dice, day = self.dice, self.day(3)
        kinds = ["page_viewed", "product_viewed", "searched", "cart_added", "cart_removed", "message_sent",
                 "message_opened", "message_clicked", "order_completed", "product_viewed", "cart_added"]  # fmt: skip
        self.rows.events.append({
            "event_id": event, "source_id": one, "event_type": dice.choice(kinds), "event_date": day,
            "event_at": self.instant(day), "state": self.maybe("completed", 0.05),
            "product_id": self.product(), "category": self.maybe(dice.choice(CATEGORIES)),
            "page": self.maybe(dice.choice(["/Sale/shoes", "/100%"])),
            "channel": self.maybe(dice.choice(["ads", "mail"])),
            "campaign": self.maybe(dice.choice(["spring", "SPRING"])), "query": self.maybe(dice.choice(CATEGORIES)),
            "quantity": self.maybe(Decimal(dice.randint(1, 3))),
        })  # fmt: skip

    def _others(self, one: str) -> None:
        dice = self.dice
        for day in {self.day() for _ in range(dice.choice([0, 1, 3]))}:
            self.rows.days.append({"source_id": one, "local_date": day, "visit_count": dice.choice([None, 0, 1, 2])})
        for key in ("vips", "churned"):
            if dice.random() < 0.5:
                since = self.day()
                until = self.maybe(since + timedelta(days=dice.randint(1, 60)))
                self.rows.stretches.append({"customer_id": one, "audience_key": key, "version": dice.randint(1, 2),
                                            "valid_from": since, "valid_to": until})  # fmt: skip
        for category in dice.sample(CATEGORIES, dice.choice([0, 1, 3])):
            score = dice.choice([0.0, 0.25, 0.4, 0.9])
            self.rows.interests.append({"customer_id": one, "category": category, "score": score})

    def people(self) -> dict[str, Person]:
        """The people, with the elements worked out from the rows by hand."""
        profiles = {row["customer_id"]: row for row in self.rows.profiles}
        elements = {one: {each.name: list[Element]() for each in COLLECTIONS} for one in self.ids}
        standing = {row["order_id"]: row for row in self.rows.orders
                    if row["voided_on"] is None and row["state"] != "credit"}  # fmt: skip
        for row in standing.values():
            elements[row["source_id"]]["orders"].append(Element(row["order_date"], row["ordered_at"], row))
        for row in self.rows.lines:
            if row["order_id"] in standing and row["is_product"] is not False:
                elements[row["order_source_id"]]["items"].append(Element(row["order_date"], row["order_at"], row))
        for row in self.rows.days:
            for _ in range(row["visit_count"] or 0):
                elements[row["source_id"]]["visits"].append(Element(row["local_date"], None, row))
        for row in self.rows.events:
            for each in COLLECTIONS:
                if row["event_type"] in each.event_types and row["state"] is None:
                    elements[row["source_id"]][each.name].append(Element(row["event_date"], row["event_at"], row))
        return {
            one: Person(
                profiles[one],
                {name: [each for each in many if each.day <= AS_OF] for name, many in elements[one].items()},
                [Stretch(row["audience_key"], row["version"], row["valid_from"], row["valid_to"])
                 for row in self.rows.stretches if row["customer_id"] == one],
                {row["category"]: row["score"] for row in self.rows.interests if row["customer_id"] == one},
            )
            for one in self.ids
        }  # fmt: skip

    def happened(self, spark: SparkSession) -> Happened:
        return Happened(
            frame(spark, ORDERS, self.rows.orders), frame(spark, SALE_LINES, self.rows.lines),
            frame(spark, CUSTOMER_DAYS, self.rows.days), frame(spark, EVENTS, self.rows.events),
        )  # fmt: skip


def frame(spark: SparkSession, table: Table, rows: Iterable[Row]) -> DataFrame:
    """The rows in the catalogue's types; columns nobody gave are null."""
    schema = ", ".join(f"{column.name} {column.type}" for column in table.columns)
    return spark.createDataFrame([tuple(row.get(name) for name in table.column_names) for row in rows], schema)
