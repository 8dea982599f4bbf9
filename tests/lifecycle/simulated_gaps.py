"""Simulated shops as arrays: who bought on which day, and the learned values by the product's own numpy functions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lifetide.lifecycle.intervals import Gaps, counted, cut_estimates, four_digits, gaps_of, stages_learned
from lifetide.lifecycle.jackknife import GROUPS
from lifetide.lifecycle.returning import ANY, MOST_ORDERS, horizon_days

WINDOW = 3 * 365
SHRINKAGE = 3.0


def bought_days(customers: int, chance: np.random.Generator, window: int = WINDOW) -> tuple[NDArray, NDArray]:
    """Customer and day of each purchase day, in order: own rates and own ends, first orders over the whole window."""
    first = chance.uniform(0, window, customers)
    rate = chance.gamma(1.2, 1 / 60, customers) + 1e-4
    end = np.minimum(first + chance.exponential(500, customers), window)
    people, times = [np.arange(customers)], [first]
    now, alive = first, np.arange(customers)
    while len(alive):
        now = now + chance.exponential(1 / rate[alive])
        stays = now < end[alive]
        now, alive = now[stays], alive[stays]
        people.append(alive)
        times.append(now)
    customer, day = np.concatenate(people), np.floor(np.concatenate(times)).astype(int)
    both = np.unique(np.stack([customer, day]), axis=1)
    return both[0], both[1]


def learned(customer: NDArray, day: NDArray, window: int = WINDOW) -> dict[str, NDArray]:
    """Estimates per replicate of population, cut75, cut95, X, Y, Z (NaN = none)."""
    group = customer % GROUPS
    is_first = np.r_[True, customer[1:] != customer[:-1]]
    is_last = np.r_[is_first[1:], True]
    start = np.flatnonzero(is_first)
    number = np.arange(len(customer)) - np.repeat(start, np.diff(np.r_[start, len(customer)]))
    gap = np.r_[0, np.diff(day)]
    past = day - day[start][np.cumsum(is_first) - 1]  # first purchase day to this one
    repeats = is_last & (number > 0)
    own = counted({
        "value": four_digits(past[repeats] / number[repeats]), "hash_group": group[repeats],
        "times": np.ones(repeats.sum()),
    })  # fmt: skip
    population = four_digits(own.quantiles([0.5])[:, 0])
    gaps_ = ~is_first
    ratios = {}
    for interval in np.unique(population[np.isfinite(population)]):
        expected = (SHRINKAGE * interval + past[gaps_] - gap[gaps_]) / (SHRINKAGE + number[gaps_] - 1)
        ratio = four_digits(gap[gaps_] / expected)
        ratios[float(interval)] = counted({"value": ratio, "hash_group": group[gaps_], "times": np.ones(gaps_.sum())})
    cuts = cut_estimates(population, ratios, [0.75, 0.95])
    stages = stages_learned(
        _gaps(group, number, gap, day, is_first, is_last, window), population, horizon_days(window)
    )
    found = {"population": population, "cut75": cuts[:, 0], "cut95": cuts[:, 1]}
    for name, one in (("X", stages.at_risk_days), ("Y", stages.drop_off_days), ("Z", stages.loyal_orders)):
        found[name] = np.full(GROUPS + 1, np.nan) if one is None else one.estimates
    return found


def _gaps(
    group: NDArray, number: NDArray, gap: NDArray, day: NDArray, is_first: NDArray, is_last: NDArray, window: int
) -> Gaps:
    horizon = horizon_days(window)
    parts = []
    for is_completed, at, days, orders in (
        (1, ~is_first, gap, number), (0, is_last, window - 1 - day, number + 1),
    ):  # fmt: skip
        for by_orders in (False, True):
            here = at & (orders <= MOST_ORDERS) if by_orders else at
            size = int(here.sum())
            parts.append({
                "orders": orders[here] if by_orders else np.full(size, ANY), "hash_group": group[here],
                "is_completed": np.full(size, is_completed),
                "days": np.minimum(days[here], horizon + 1) if by_orders else days[here], "times": np.ones(size),
            })  # fmt: skip
    return gaps_of({name: np.concatenate([part[name] for part in parts]) for name in parts[0]}, window)
