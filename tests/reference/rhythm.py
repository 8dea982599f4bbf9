"""How often a customer normally buys, the limits of silence that follow, and the group for a silence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import comb, floor, sqrt
from typing import Any

from .shop import Policy, learned_row, quantile


@dataclass(frozen=True)
class Limits:
    """Whole days of silence."""

    just_ordered_until: int
    slip_after: int
    lost_after: int


def gaps_between(dates: list[date]) -> list[int]:
    return [(later - earlier).days for earlier, later in pairwise(dates)]


def baseline(gaps: list[int], group: float, policy: Policy) -> float:
    """The expected gap after these gaps: the own mean, shrunk to the group's rhythm."""
    weight = policy.shrinkage + len(gaps)
    return (policy.shrinkage * group + sum(gaps)) / weight if weight > 0 else group


def limits_for(expected_gap: float, parameters: dict[str, float]) -> Limits:
    just_ordered_until = floor(parameters["just_ordered_days"] + 1e-6)
    return Limits(
        just_ordered_until=just_ordered_until,
        slip_after=floor(parameters["cut75"] * expected_gap + 1e-6),
        lost_after=max(floor(parameters["cut95"] * expected_gap + 1e-6), just_ordered_until),
    )


def group_for(silence: int, limits: Limits, is_rate_drop: bool) -> tuple[str, str]:
    """Lifecycle group and reason of a customer with a net order; the first rule that matches."""
    if silence > limits.lost_after:
        return "lost", "silent_too_long"
    if silence > limits.slip_after:
        return "slipping_away", "overdue"
    if is_rate_drop:
        return "slipping_away", "buys_less_often"
    if silence <= limits.just_ordered_until:
        return "just_ordered", "recent_order"
    return "active", "on_rhythm"


def has_rate_drop(gaps: list[int], limit: Callable[[int], float]) -> bool:
    """The last two gaps are longer than chance allows, given the gaps before them."""
    if len(gaps) < 5:
        return False
    recent, earlier = gaps[-2:], gaps[:-2]
    return (sum(recent) / len(recent)) / (sum(earlier) / len(earlier)) > limit(len(gaps))


@cache
def rate_drop_limit(gap_count: int, confidence: float = 0.95) -> float:
    """The 95% point of F(4, 2(n-2)), n at most 200, by bisection.

    With d1 = 2a and d2 = 2b, P(F > f) is the chance of fewer than a hits in a + b - 1 draws of chance
    x = a f / (a f + b) (Abramowitz and Stegun 26.5.24 and 26.6.2).
    """
    a, b = 2, min(gap_count, 200) - 2
    draws = a + b - 1

    def exceeds(f: float) -> float:
        x = a * f / (a * f + b)
        return sum(comb(draws, hits) * x**hits * (1 - x) ** (draws - hits) for hits in range(a))

    low, high = 0.0, 1000.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if exceeds(middle) > 1 - confidence else (low, middle)
    return low


def gap_cv(gaps: list[int]) -> float:
    """Sample standard deviation ÷ mean of at least two gaps, exact up to the root."""
    count, mean = len(gaps), Fraction(sum(gaps), len(gaps))
    variance = sum((gap - mean) ** 2 for gap in gaps) / (count - 1)
    return sqrt(variance / mean**2)


def interval_cv(gaps: list[int], median_cv: float | None, policy: Policy) -> float | None:
    """The coefficient of variation, shrunk to the shop's median."""
    if len(gaps) < 2 or median_cv is None:
        return None
    return (policy.shrinkage * median_cv + len(gaps) * gap_cv(gaps)) / (policy.shrinkage + len(gaps))


def regularity(gaps: list[int], cv: float | None, cut: float | None) -> str:
    if len(gaps) < 3:
        return "unknown"
    return "regular" if cv is not None and cut is not None and cv < cut else "irregular"


def learned(as_of: date, purchase_days: dict[str, list[date]], policy: Policy) -> list[dict[str, Any]]:
    """What the shop's gaps teach; a parameter without any evidence has no row."""
    repeaters = [gaps for gaps in map(gaps_between, purchase_days.values()) if gaps]
    group, group_method = policy.default_interval_days, "default"
    if repeaters:
        group, group_method = quantile([sum(gaps) / len(gaps) for gaps in repeaters], 0.5), "median"
    ratios = [gap / baseline(gaps[:number], group, policy) for gaps in repeaters for number, gap in enumerate(gaps)]
    rows = [
        learned_row("population_interval_days", as_of, group, group_method, len(repeaters)),
        _cut("cut75", as_of, ratios, 0.75, policy.cut75, policy.default_cut75, policy),
        _cut("cut95", as_of, ratios, 0.95, policy.cut95, policy.default_cut95, policy),
    ]
    just_ordered, method = policy.just_ordered_days, "default"
    if group < just_ordered:
        just_ordered, method = group / 2, "half_population_interval"
    rows.append(learned_row("just_ordered_days", as_of, just_ordered, method, len(repeaters)))

    teachers = [gaps for gaps in repeaters if len(gaps) >= 4]
    if teachers:
        median_cv = quantile([gap_cv(gaps) for gaps in teachers], 0.5)
        shrunk = [interval_cv(gaps, median_cv, policy) for gaps in teachers]
        cut = quantile(shrunk, policy.regular_quantile)
        rows.append(learned_row("interval_cv_median", as_of, median_cv, "median", len(teachers)))
        rows.append(learned_row("regular_cv_cut", as_of, cut, "quantile", len(teachers)))
    return rows


def _cut(
    name: str,
    as_of: date,
    ratios: list[float],
    share: float,
    pinned: float | None,
    default: float,
    policy: Policy,
) -> dict[str, Any]:
    if pinned is not None:
        return learned_row(name, as_of, pinned, "pinned", len(ratios))
    if len(ratios) < policy.min_gaps:
        return learned_row(name, as_of, default, "default", len(ratios))
    return learned_row(name, as_of, quantile(ratios, share), "quantile", len(ratios))
