"""Scores from 1 to 5 and the segments of preset exponea."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from .shop import Policy, cents, learned_row, quantile

Row = dict[str, Any]

STAGES = {
    "acquire": ("engaged_visitor", "loyal_visitor"),
    "retain": ("first_time", "recent"),
    "increase_value": ("promising", "potential_loyalist"),
    "cherish": ("loyal", "champion"),
    "reactivate": (
        "cant_lose_them", "at_risk", "needs_attention", "about_to_sleep", "hibernating", "lost",
    ),
}  # fmt: skip


def learned(as_of: date, state_rows: list[Row], policy: Policy) -> list[Row]:
    """The cuts of each score over customers with two or more net orders."""
    scored = [row for row in state_rows if row["order_count"] >= 2]
    rows = []
    for score, pinned, values in (
        ("recency", policy.recency_cuts, [(as_of - row["last_order_date"]).days for row in scored]),
        ("frequency", policy.frequency_cuts, [row["order_count"] for row in scored]),
        ("monetary", policy.monetary_cuts, [float(money_of(row, policy)) for row in scored]),
    ):
        cuts, method = (list(pinned), "pinned") if pinned else cuts_of(values)
        for number, cut in enumerate(cuts, start=1):
            rows.append(learned_row(f"rfm_{score}_cut_{number}", as_of, cut, method, len(scored)))
    return rows


def money_of(state: Row, policy: Policy) -> Any:
    if policy.monetary == "average_order_value":
        return cents(state["order_value_sum"] / state["order_count"])
    return state["net_revenue"]


def cuts_of(values: list[float]) -> tuple[list[float], str]:
    """Quintiles; with fewer than five distinct values the midpoints between neighbours."""
    distinct = sorted(set(values))
    if len(distinct) < 5:
        return [(low + high) / 2 for low, high in pairwise(distinct)], "midpoint"
    return [quantile(values, share) for share in (0.2, 0.4, 0.6, 0.8)], "quantile"


def scores(days: int, order_count: int, money: float, parameters: dict[str, float]) -> tuple[int, int, int]:
    """R, F and M; 5 is best, equal values get equal scores."""
    return (
        5 - _cuts_below(days, "rfm_recency_cut_", parameters),
        1 + _cuts_below(order_count, "rfm_frequency_cut_", parameters),
        1 + _cuts_below(money, "rfm_monetary_cut_", parameters),
    )


def _cuts_below(value: float, prefix: str, parameters: dict[str, float]) -> int:
    return sum(value > cut for name, cut in parameters.items() if name.startswith(prefix))


def segment(r: int, f: int, m: int) -> str:
    """The segment of a customer with two or more net orders; the first rule that matches."""
    v = f + m
    if r >= 4:
        if f >= 4 and m >= 4:
            return "champion"
        if f >= 3 and m >= 3 and v >= 7:
            return "loyal"
        if f >= 3 and m <= 2:
            return "promising"
        return "potential_loyalist" if f in (2, 3) and m >= 3 else "recent"
    if r == 3:
        if v >= 8:
            return "loyal"
        if f >= 3 and m <= 2:
            return "promising"
        return "needs_attention" if v >= 6 else "about_to_sleep"
    if r == 1 and f >= 4 and m >= 4:
        return "cant_lose_them"
    if v >= 6:
        return "at_risk"
    if r == 2:
        return "about_to_sleep" if v >= 4 else "hibernating"
    return "hibernating" if v >= 4 else "lost"


def was_champion(as_of: date, days: list[Row], parameters: dict[str, float], policy: Policy) -> bool:
    """On one of four days the customer was a champion, by what had happened until then and today's cuts."""
    return any(_is_champion(as_of - timedelta(days=ago), days, parameters, policy) for ago in (90, 180, 270, 365))


def _is_champion(on: date, days: list[Row], parameters: dict[str, float], policy: Policy) -> bool:
    past = [day for day in days if day["local_date"] <= on]
    sums: Row = {name: sum(day[name] for day in past) for name in ("order_count", "net_revenue")}
    sums["order_value_sum"] = sum(day["order_value"] for day in past)
    if sums["order_count"] < 2:
        return False
    silence = (on - max(day["local_date"] for day in past if day["order_count"] > 0)).days
    found = scores(silence, sums["order_count"], float(money_of(sums, policy)), parameters)
    return segment(*found) == "champion"


def stage_of(name: str) -> str:
    return next(stage for stage, segments in STAGES.items() if name in segments)
