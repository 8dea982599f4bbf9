"""Small random shops: sales, refunds and cancellations in every shape that the meaning of orders speaks of."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

Event = dict[str, Any]

ZONES = ("UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")
FIRST_DAY = date(2025, 1, 20)
SPAN_DAYS = 400
CHANGES_OF_TIME = (date(2025, 3, 9), date(2025, 3, 30), date(2025, 4, 6), date(2025, 9, 28), date(2025, 10, 26))
PRODUCTS = ("cup", "mug", "tea", None)
CATEGORIES = {"cup": "crockery", "mug": "crockery", "tea": "food"}
CHANNELS = ("web", "store", None)


class Till:
    """Writes a random shop's events; the same seed gives the same shop."""

    def __init__(self, seed: int, customers: int, zone: str) -> None:
        self._random = Random(seed)
        self._zone = zone
        people = [f"c{number}" for number in range(customers)]
        visitors = [f"anon:v{number}" for number in range(customers // 4)]
        self._people: list[str | None] = [*people, *visitors, None]
        self._knows_discounts = self._random.random() < 0.7
        self._rush = self._random.sample(self._people, k=min(2, len(self._people)))  # a few who buy over and over
        self.events: list[Event] = []

    def sale(self) -> None:
        """An order of up to three lines, often by one of the few, sometimes on a day that sold before."""
        who = self._random.choice(self._rush if self._random.random() < 0.5 else self._people)
        at = self._instant()
        order_id = f"o{len(self.events)}"
        for _ in range(self._random.choice((1, 1, 2, 3))):
            self._sale_line(order_id, who, at)
            at += timedelta(minutes=self._random.choice((0, 0, 1, 90)))

    def refund(self) -> None:
        """A credit that names its order, or finds it by units, or finds none; sometimes before the sale."""
        sales = [event for event in self.events if event["event_type"] == "order_completed"]
        sold = self._random.choice(sales) if sales else None
        who = sold["source_id"] if sold and self._random.random() < 0.9 else self._random.choice(self._people)
        product = sold["product_id"] if sold and self._random.random() < 0.85 else self._random.choice(PRODUCTS)
        at = self._instant()
        if sold and self._random.random() < 0.7:
            at = sold["event_at"] + timedelta(hours=self._random.choice((-30, 0, 2, 24, 500)))
        self._line(
            "order_refunded",
            f"n{len(self.events)}",
            who,
            at,
            product,
            is_product=sold["is_product"] if sold else True,
            quantity=-self._units(),
            amount=-self._money(),
            refunds_order_id=sold["order_id"] if sold and self._random.random() < 0.4 else None,
        )

    def return_everything(self) -> None:
        """All lines of an order credited in full, by name or by units: it is voided."""
        sales = [event for event in self.events if event["event_type"] == "order_completed"]
        if not sales:
            return
        order_id = self._random.choice(sales)["order_id"]
        kind = self._random.choice(("order_refunded", "order_cancelled"))
        is_named = kind == "order_cancelled" or self._random.random() < 0.6
        for number, line in enumerate([event for event in sales if event["order_id"] == order_id]):
            self._line(
                kind,
                order_id if kind == "order_cancelled" else f"n{len(self.events)}-{number}",
                line["source_id"],
                line["event_at"] + timedelta(days=self._random.choice((0, 1, 40)), hours=1),
                line["product_id"],
                is_product=line["is_product"],
                quantity=-line["quantity"],
                amount=-abs(line["amount"]),
                refunds_order_id=order_id if is_named and kind == "order_refunded" else None,
            )

    def _sale_line(self, order_id: str, who: str | None, at: datetime) -> None:
        is_product = self._random.random() < 0.85
        amount = self._money()
        if not is_product and self._random.random() < 0.3:
            amount = -amount  # a voucher
        self._line(
            "order_completed",
            order_id,
            who,
            at,
            self._random.choice(PRODUCTS) if is_product else self._random.choice(("postage", None)),
            is_product=is_product,
            quantity=self._units(),
            amount=amount,
            discount_amount=self._random.choice((None, Decimal("0.00"), Decimal("1.25")))
            if self._knows_discounts
            else None,
        )

    def _line(
        self, kind: str, order_id: str, who: str | None, at: datetime, product: str | None, **more: Any
    ) -> None:
        self.events.append(
            {
                "event_id": f"e{self._random.randrange(10**6):06}-{len(self.events)}",
                "event_type": kind,
                "event_at": at,
                "event_date": at.astimezone(ZoneInfo(self._zone)).date(),
                "source_id": who,
                "customer_id": None if who is None or who.startswith("anon:") else who,
                "order_id": order_id,
                "refunds_order_id": None,
                "product_id": product,
                "category": CATEGORIES.get(product or "") if self._random.random() < 0.8 else None,
                "discount_amount": None,
                "channel": self._random.choice(CHANNELS),
                **more,
            }
        )

    def _instant(self) -> datetime:
        """Often a day on which clocks change or something was sold, often near midnight."""
        choice = self._random.random()
        if choice < 0.2 and self.events:
            return self._random.choice(self.events)["event_at"] + timedelta(minutes=self._random.choice((0, 30)))
        day = FIRST_DAY + timedelta(days=self._random.randrange(SPAN_DAYS))
        if choice < 0.3:
            day = self._random.choice(CHANGES_OF_TIME)
        minutes = self._random.choice((0, 30, 210, 720, 1119, 1409, 1439))
        return datetime(day.year, day.month, day.day, tzinfo=timezone.utc) + timedelta(minutes=minutes)

    def _units(self) -> Decimal:
        return Decimal(self._random.choice(("1.000", "1.000", "2.000", "3.000", "0.500", "7.000")))

    def _money(self) -> Decimal:
        return Decimal(self._random.choice((0, 1, 999, 1000, 1999, 2500, self._random.randrange(5000)))).scaleb(-2)


def shop(seed: int, *, customers: int, steps: int, zone: str) -> list[Event]:
    """The events of a shop with `steps` sales, refunds or returns."""
    till = Till(seed, customers, zone)
    chance = Random(seed + 1)
    for _ in range(steps):
        chance.choices((till.sale, till.refund, till.return_everything), weights=(14, 4, 1))[0]()
    return till.events
