"""CASA's stages: orders that become smaller, and silences after which somebody came back."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from math import log
from statistics import fmean, median
from typing import Any

from .rhythm import gaps_between

SMALLEST_U = {3: 1, 4: 1, 5: 2}
"""By number of earlier orders: the largest Mann–Whitney U of three recent ones with one-sided p ≤ 0.1 (tables)."""


def has_ticket_decline(order_values: list[float]) -> bool:
    last = order_values[-8:]
    if len(last) < 6 or min(last) <= 0:
        return False
    earlier, recent = last[:-3], last[-3:]
    wins = sum((new > old) + (new == old) / 2 for new in recent for old in earlier)
    numbered = list(enumerate(last))
    slopes = [(log(later) - log(value)) / (j - i) for (i, value), (j, later) in combinations(numbered, 2)]
    return fmean(recent) < 0.7 * fmean(earlier) and wins <= SMALLEST_U[len(earlier)] and median(slopes) < 0


def long_gaps(bought_on: list[date]) -> list[dict[str, Any]]:
    """Gaps longer than every later one."""
    found, longest = [], 0
    for ended_on, gap in reversed(list(zip(bought_on[1:], gaps_between(bought_on), strict=True))):
        if gap > longest:
            found.append({"ended_on": ended_on, "gap_days": gap})
            longest = gap
    return found[::-1]
