"""How the chosen model did at the newest origin: tenths of customers by prediction, and orders as time went on."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

from lifetide.ltv.choosing import Lesson
from lifetide.ltv.histories import WEEK, Floats
from lifetide.ltv.order_model import OrderModel
from lifetide.ltv.outlook import outlook
from lifetide.ltv.proof import Point, Proof, Tenth
from lifetide.ltv.tenths import tenths

POINTS = 8
OF_EIGHTY = 1.2816
"""Standard deviations around the expected number that 80 of 100 totals lie within."""


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
