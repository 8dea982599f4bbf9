"""How the chosen model did at the newest origin: tenths of customers by prediction, and orders as time went on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from lifetide.ltv.choosing import Lesson
from lifetide.ltv.histories import WEEK, Floats
from lifetide.ltv.order_model import OrderModel
from lifetide.ltv.outlook import outlook
from lifetide.ltv.tenths import tenths

POINTS = 8
OF_EIGHTY = 1.2816
"""Standard deviations around the expected number that 80 of 100 totals lie within."""


@dataclass(frozen=True)
class Tenth:
    """A tenth of the customers, by expected orders: how many, expected, its 80% limits, and what came."""

    customers: float
    expected: float
    lower: float
    upper: float
    actual: float


@dataclass(frozen=True)
class Point:
    """Orders of all customers from the cut-off to so many days after it."""

    days: int
    expected: float
    actual: float


@dataclass(frozen=True)
class Proof:
    """What the model, fitted on what was known at the cut-off, foretold of the days after it."""

    cutoff: str
    horizon_days: int
    tenths: tuple[Tenth, ...]
    points: tuple[Point, ...]

    def told(self) -> str:
        """JSON that `proof_from` reads."""
        parts = [list(one.__dict__.values()) for one in self.tenths]
        points = [list(one.__dict__.values()) for one in self.points]
        return json.dumps({"cutoff": self.cutoff, "horizon_days": self.horizon_days,
                           "tenths": parts, "tracking": points})  # fmt: skip


def proof_from(text: str) -> Proof:
    """What `told` wrote."""
    of: dict[str, Any] = json.loads(text)
    parts = tuple(Tenth(*one) for one in of["tenths"])
    return Proof(of["cutoff"], of["horizon_days"], parts, tuple(Point(*one) for one in of["tracking"]))


def tracked_days(horizon: int) -> list[int]:
    """Up to eight evenly spaced ends of the horizon, the last one its own."""
    return sorted({max(1, round(horizon * place / POINTS)) for place in range(1, POINTS + 1)})


def proven(model: OrderModel, origin: Lesson, cutoff: str, seen: Mapping[int, float]) -> Proof:
    """`seen`: orders of the customers of `origin` up to each of `tracked_days` after the cut-off."""
    days = tracked_days(origin.days)
    found = outlook(model, origin.known, [one / WEEK for one in days])
    customers = origin.known.customers
    points = tuple(
        Point(day, float(customers @ expected), float(seen[day]))
        for day, expected in zip(days, found.expected, strict=True)
    )
    return Proof(cutoff, origin.days, _tenths(found.expected[-1], found.variance, origin), points)


def _tenths(expected: Floats, variance: Floats, origin: Lesson) -> tuple[Tenth, ...]:
    found = []
    for one in tenths(expected, variance, origin.later, origin.known.customers):
        reach = OF_EIGHTY * sqrt(one.variance)
        limits = max(one.expected - reach, 0.0), one.expected + reach
        found.append(Tenth(one.customers, one.expected, *limits, one.actual))
    return tuple(found)


def covered(parts: Sequence[Tenth]) -> int:
    """Tenths whose orders lie within their 80% limits."""
    return sum(one.lower <= one.actual <= one.upper for one in parts)
