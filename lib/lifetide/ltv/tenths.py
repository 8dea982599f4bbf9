"""Tenths of customers by what is expected of them: what a model foretold of each, and what came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifetide.ltv.histories import Floats

TENTHS = 10
FEWEST_ORDERS = 10.0
"""A tenth that expects fewer says nothing of how wrong a model is: chance is all that is seen."""


@dataclass(frozen=True)
class Total:
    """Of a tenth: customers, orders expected of them, the variance of their number, and orders that came."""

    customers: float
    expected: float
    variance: float
    actual: float


def tenths(expected: Floats, variance: Floats, counts: Floats, customers: Floats) -> tuple[Total, ...]:
    """The least expected first, from rows of `customers` each; the last three per customer of the row.

    Of those who share an expectation a limit between tenths takes the same share of each.
    """
    values, places = np.unique(expected, return_inverse=True)
    sizes, spread, came = (
        np.bincount(places.reshape(-1), customers * of) for of in (np.ones(len(customers)), variance, counts)
    )
    ends, found = np.cumsum(sizes), []
    for place in range(TENTHS):
        low, high = ends[-1] * place / TENTHS, ends[-1] * (place + 1) / TENTHS
        part = np.clip(np.minimum(ends, high) - np.maximum(ends - sizes, low), 0, None)
        share = part / sizes
        found.append(Total(float(part.sum()), float(part @ values), float(share @ spread), float(share @ came)))
    return tuple(found)


def squared_misses(expected: Floats, counts: Floats, customers: Floats) -> list[float]:
    """Per tenth: (orders that came ÷ expected − 1)², less what chance makes of it; none of tenths of few orders.

    Chance: the squared distances of customers' counts from their expectations, added up.
    """
    found = tenths(expected, (counts - expected) ** 2, counts, customers)
    return [
        ((one.actual - one.expected) ** 2 - one.variance) / one.expected**2
        for one in found
        if one.expected >= FEWEST_ORDERS
    ]
