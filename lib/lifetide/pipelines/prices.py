"""What a shop teaches about prices: the usual ones by category and how far customers' scores lie apart."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from lifetide.customers.prices import DEVIATION, HIGH_BELOW, LOW_ABOVE, MEAN, Level, price_sums, score_sums
from lifetide.lifecycle.intervals import Columns, parts_of
from lifetide.lifecycle.jackknife import GROUPS, Floats, mean_and_deviation
from lifetide.lifecycle.returning import Learned
from lifetide.lifecycle.stages import Found
from lifetide.pipelines.base import Base
from lifetide.policy import WorthPolicy
from lifetide.storage import columns
from lifetide.vocabulary import LearnedMethod as Method

MOST_CATEGORIES = 10_000
ONE_PRICE = 1e-6
"""A standard deviation of ln(price) below it is rounding: one price alone."""


def learned_prices(base: Base, policy: WorthPolicy) -> list[Found]:
    """The usual prices by category, and beyond which mean score a customer is not average."""
    if not base.known.money:
        return []
    sums = columns(price_sums(base.state), at_most=MOST_CATEGORIES * GROUPS)
    usual = usual_prices(parts_of(sums, "category"), policy)
    if not usual:
        return []
    levels = {name: Level(mean.value, deviation.value) for name, (mean, deviation) in usual.items()}
    limits = price_limits(columns(score_sums(base.state, levels), at_most=GROUPS), policy)
    return [*(one for pair in usual.values() for one in pair), *limits] if limits else []


def usual_prices(parts: Mapping[str, Columns], policy: WorthPolicy) -> dict[str, tuple[Found, Found]]:
    """Mean and standard deviation by category with `price_min_items` items and more than one price."""
    found = {}
    for category, sums in sorted(parts.items()):
        mean, deviation = mean_and_deviation(sums)
        count = int(sum(sums["count"]))
        if count >= max(policy.price_min_items, 2) and deviation[0] > ONE_PRICE:
            found[category] = (
                _found(MEAN + category, mean, Method.MEAN, count, lowest=-inf),
                _found(DEVIATION + category, deviation, Method.STANDARD_DEVIATION, count),
            )
    return found


def price_limits(sums: Columns, policy: WorthPolicy) -> list[Found]:
    """The scores beyond which a customer is not average; none where fewer than two customers have a score.

    Intervals are those given the usual prices: a score is not worked out again without each group's items.
    """
    _, deviation = mean_and_deviation(sums)
    if not deviation[0] > 0:
        return []
    count, limit, how = int(sum(sums["count"])), policy.price_spread * deviation, Method.STANDARD_DEVIATION
    return [_found(HIGH_BELOW, -limit, how, count, lowest=-inf), _found(LOW_ABOVE, limit, how, count)]


def _found(name: str, estimates: Floats, method: Method, count: int, lowest: float = 0.0) -> Found:
    return Found(name, float(estimates[0]), method, count, Learned(estimates, method), lowest)
