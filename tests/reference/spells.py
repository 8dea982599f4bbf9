"""Stretches of days in one lifecycle group for one reason, and the customer base on each day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from .rhythm import baseline, gaps_between, group_for, has_rate_drop, limits_for
from .shop import Policy, values_by_name

Row = dict[str, Any]


def lifecycle_spells(
    purchase_days: dict[str, list[date]],
    learned: list[Row],
    policy: Policy,
    rate_drop_limit: Callable[[int], float],
) -> list[Row]:
    rows = []
    for customer_id, dates in purchase_days.items():
        spells: list[Row] = []
        for start, group, reason in _changes(dates, learned, policy, rate_drop_limit):
            if spells and (spells[-1]["lifecycle_group"], spells[-1]["reason"]) == (group, reason):
                continue
            if spells:
                spells[-1]["valid_to"] = start
            spells.append(
                {
                    "customer_id": customer_id,
                    "lifecycle_group": group,
                    "valid_from": start,
                    "valid_to": None,
                    "reason": reason,
                }
            )
        rows += spells
    return rows


def _changes(
    dates: list[date], learned: list[Row], policy: Policy, rate_drop_limit: Callable[[int], float]
) -> list[tuple[date, str, str]]:
    """Every day on which the answer may change, in time, with the answer."""
    parameters = values_by_name(learned)
    gaps = gaps_between(dates)
    changes = []
    for number, bought in enumerate(dates):
        so_far = gaps[:number]
        limits = limits_for(baseline(so_far, parameters["population_interval_days"], policy), parameters)
        is_drop = has_rate_drop(so_far, rate_drop_limit)
        silences = {0, limits.just_ordered_until + 1, limits.slip_after + 1, limits.lost_after + 1}
        changes += [
            (bought + timedelta(days=silence), *group_for(silence, limits, is_drop))
            for silence in sorted(silences)
            if number == len(gaps) or silence < gaps[number]
        ]
    return changes


def base_growth(
    as_of: date, purchase_days: dict[str, list[date]], spell_rows: list[Row], policy: Policy
) -> list[Row]:
    """One row per date from the first purchase day to as_of; each customer is in one of four counts."""
    first_order = {customer: dates[0] for customer, dates in purchase_days.items() if dates}
    if not first_order:
        return []
    rows = {day: _empty_day(day) for day in _dates(min(first_order.values()), as_of + timedelta(days=1))}
    for spell in spell_rows:
        for day in _dates(spell["valid_from"], min(spell["valid_to"] or date.max, as_of + timedelta(days=1))):
            row, group = rows[day], spell["lifecycle_group"]
            if (day - first_order[spell["customer_id"]]).days <= policy.new_days:
                row["new_count"] += 1
            elif group in ("just_ordered", "active"):
                row["active_count"] += 1
                row["just_ordered_count"] += group == "just_ordered"
            else:
                row[f"{group}_count"] += 1
    return list(rows.values())


def _dates(start: date, end: date) -> list[date]:
    return [start + timedelta(days=offset) for offset in range((end - start).days)]


def _empty_day(day: date) -> Row:
    return {
        "date": day,
        "audience_key": None,
        "new_count": 0,
        "active_count": 0,
        "slipping_away_count": 0,
        "lost_count": 0,
        "just_ordered_count": 0,
    }
