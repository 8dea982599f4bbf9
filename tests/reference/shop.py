"""What the other files speak of: lines, orders, parts of credits, policy, money and quantiles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any
from zoneinfo import ZoneInfo

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Policy:
    """The thresholds that the evaluation reads."""

    shrinkage: float = 3
    just_ordered_days: float = 30
    default_interval_days: float = 60
    min_gaps: int = 100
    default_cut75: float = 1.5
    default_cut95: float = 3.5
    cut75: float | None = None
    cut95: float | None = None
    regular_quantile: float = 0.33
    monetary: str = "ltv_historic"
    recency_cuts: tuple[float, ...] = ()
    frequency_cuts: tuple[float, ...] = ()
    monetary_cuts: tuple[float, ...] = ()
    new_days: int = 30


DEFAULT_POLICY = Policy()


@dataclass(frozen=True)
class Line:
    """A sale line or a credit line; units and money of a credit are negative."""

    event_id: str
    event_type: str
    event_at: datetime
    date: date
    source_id: str | None
    customer_id: str | None
    order_id: str
    refunds_order_id: str | None
    product_id: str | None
    is_product: bool
    category: str | None
    quantity: Decimal
    amount: Decimal
    discount: Decimal
    discount_given: bool
    channel: str | None

    @property
    def when(self) -> tuple[datetime, str]:
        return self.event_at, self.event_id

    @property
    def is_sale(self) -> bool:
        return self.event_type == "order_completed"

    @property
    def is_item(self) -> bool:
        """It is a product that can be named; services and lines without product are not."""
        return self.is_product and self.product_id is not None


@dataclass(frozen=True)
class Order:
    """A sale with its lines in time."""

    order_id: str
    lines: list[Line]

    @property
    def source_id(self) -> str | None:
        return first_known(line.source_id for line in self.lines)


@dataclass(frozen=True)
class Part:
    """A piece of a credit line: it falls on a sale line of an order, or on none."""

    credit: Line
    order: Order | None
    sale: Line | None
    units: Decimal  # matched with units of the sale line
    other_units: Decimal  # given back, but not matched
    amount: Decimal  # zero or more

    @property
    def source_id(self) -> str | None:
        return self.order.source_id if self.order else self.credit.source_id


def lines_of(events: list[dict[str, Any]], zone: str) -> list[Line]:
    """The money events in time, each with its local date."""
    shop_time = ZoneInfo(zone)
    lines = [
        Line(
            event_id=event["event_id"],
            event_type=event["event_type"],
            event_at=event["event_at"],
            date=event["event_at"].astimezone(shop_time).date(),
            source_id=event["source_id"],
            customer_id=event["customer_id"],
            order_id=event["order_id"],
            refunds_order_id=event["refunds_order_id"],
            product_id=event["product_id"],
            is_product=event["is_product"] is not False,
            category=event["category"],
            quantity=event["quantity"],
            amount=event["amount"],
            discount=event["discount_amount"] or ZERO,
            discount_given=event["discount_amount"] is not None,
            channel=event["channel"],
        )
        for event in events
        if event["event_type"] in ("order_completed", "order_refunded", "order_cancelled")
    ]
    return sorted(lines, key=lambda line: line.when)


def first_known(values: Iterable[Any]) -> Any:
    """The first that is not None."""
    return next((value for value in values if value is not None), None)


def cents(value: Fraction | Decimal) -> Decimal:
    """Money with two places; halves go away from zero."""
    hundredths = floor(abs(Fraction(value)) * 100 + Fraction(1, 2))
    return Decimal(hundredths if value >= 0 else -hundredths).scaleb(-2)


def quantile(values: list[float], share: float) -> float:
    """Quantile with linear interpolation between the two nearest ranks."""
    ordered = sorted(values)
    position = (len(ordered) - 1) * share
    below = floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def learned_row(name: str, as_of: date, value: float, method: str, sample_count: int) -> dict[str, Any]:
    return {
        "name": name,
        "scope": "shop",
        "as_of": as_of,
        "value": float(value),
        "lower": None,
        "upper": None,
        "method": method,
        "sample_count": sample_count,
        "is_pinned": method == "pinned",
    }


def values_by_name(learned: list[dict[str, Any]]) -> dict[str, float]:
    return {row["name"]: row["value"] for row in learned}
