"""One row per customer: what the days sum up to, and everything that is known about the customer on as_of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, log
from typing import Any

from . import rfm, rhythm, stages
from .shop import ZERO, Policy, cents, values_by_name

Row = dict[str, Any]

FILLED_LATER = [
    "customer_stage", "stage_reason", "ltv_historic_margin", "p_order_30d",
    "p_order_90d", "p_order_365d", "p_alive", "expected_orders_365d", "expected_order_value",
    "ltv_predicted_365d", "ltv_predicted_365d_lower", "ltv_predicted_365d_upper",
    "ltv_predicted_365d_margin", "acquisition_cost", "ltv_total", "ltv_total_margin",
    "ltv_net_of_acquisition", "importance", "loyalty", "buying_frequency", "price_sensitivity",
    "has_email", "consent_email", "consent_sms", "consent_push", "consent_ads",
    "nps_score",
]  # fmt: skip
NULL_FOR_PROSPECTS = [
    "first_order_date", "last_order_date", "cohort_month", "days_since_last_order", "frequency",
    "recency_days", "tenure_days", "average_order_value", "monetary_value", "own_interval_days",
    "group_key", "group_interval_days", "baseline_interval_days", "baseline_source", "interval_cv",
    "regularity", "overdue_ratio", "expected_next_order_date", "slip_after_days", "lost_after_days",
    "just_ordered_until_days", "recent_rate", "earlier_rate", "is_rate_drop", "is_ticket_decline",
]  # fmt: skip


def customer_state(
    day_rows: list[Row],
    item_rows: list[Row],
    order_rows: list[Row],
    purchase_days: dict[str, list[date]],
    rate_drop_limit: Callable[[int], float],
) -> list[Row]:
    """Nobody is linked to anybody here: each source id is a customer."""
    days_of, items_of, orders_of = _by_source(day_rows), _by_source(item_rows), _by_source(order_rows)
    return [
        {
            **_state(customer_id, days_of[customer_id], items_of[customer_id], bought_on, rate_drop_limit),
            "acquisition_channel": _first_channel(orders_of[customer_id]),
        }
        for customer_id, bought_on in purchase_days.items()
    ]


def _first_channel(order_rows: list[Row]) -> str | None:
    """Channel of the first order that still stands."""
    net = [row for row in order_rows if row["voided_on"] is None and row["state"] != "credit"]
    first = min(net, key=lambda row: (row["ordered_at"], row["order_id"]), default=None)
    return first["channel"] if first else None


def _by_source(rows: list[Row]) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in rows:
        found[row["source_id"]].append(row)
    return found


def _state(
    customer_id: str,
    days: list[Row],
    items: list[Row],
    bought_on: list[date],
    rate_drop_limit: Callable[[int], float],
) -> Row:
    days = sorted(days, key=lambda day: day["local_date"])
    first, last = days[0]["local_date"], days[-1]["local_date"]
    purchases = [day for day in days if day["order_count"] > 0]
    gaps = rhythm.gaps_between(bought_on)

    def total(name: str) -> Any:
        return sum(day[name] for day in days)

    return {
        "customer_id": customer_id,
        "is_anonymous": customer_id.startswith("anon:"),
        "first_activity_date": first,
        "last_activity_date": last,
        "first_order_date": bought_on[0] if bought_on else None,
        "last_order_date": bought_on[-1] if bought_on else None,
        "order_count": total("order_count"),
        "order_day_count": len(bought_on),
        "item_count": total("item_count"),
        "gap_count": len(gaps),
        "gap_sum_days": sum(gaps),
        "gap_square_sum": sum(gap * gap for gap in gaps),
        "log_gap_sum": float(sum(log(gap) for gap in gaps)),
        "last_gaps": gaps[-8:],
        "is_rate_drop": rhythm.has_rate_drop(gaps, rate_drop_limit),
        "is_ticket_decline": stages.has_ticket_decline([float(day["order_value"]) for day in purchases]),
        "long_gaps": stages.long_gaps(bought_on),
        "order_value_sum": total("order_value"),
        "first_day_value": purchases[0]["order_value"] if purchases else None,
        "gross_revenue": total("gross_revenue"),
        "discount_amount": total("discount_amount"),
        "refunded_amount": total("refunded_amount"),
        "net_revenue": total("net_revenue"),
        "last_year": _last_year(days, last - timedelta(days=365)),
        "main_category": main_category(items),
        "prices": prices(items),
        "margin": None,
        "visit_count": None,
        "last_visit_date": None,
    }


def _last_year(days: list[Row], start: date) -> list[Row]:
    """Days after `start` with orders or money, and before them the last purchase day that is not after it."""
    told = [day for day in days if day["local_date"] > start and (day["order_count"] > 0 or day["net_revenue"] != 0)]
    before = [day for day in days if day["local_date"] <= start and day["order_count"] > 0]
    names = ("local_date", "order_count", "order_value", "net_revenue")
    return [{name: day[name] for name in names} for day in before[-1:] + told]


def main_category(items: list[Row]) -> str | None:
    """Most units sold; then more revenue, then the smaller name."""
    units: dict[str, Decimal] = defaultdict(lambda: ZERO)
    revenue: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for item in items:
        if item["category"] is not None:
            units[item["category"]] += item["units_sold"]
            revenue[item["category"]] += item["net_revenue"]
    sold = [category for category in units if units[category] > 0]
    return min(sold, key=lambda category: (-units[category], -revenue[category], category), default=None)


def prices(items: list[Row]) -> list[Row]:
    """By category: how many items had a price, and the sums of its logarithm and of the logarithm's square."""
    logs: dict[str, list[float]] = defaultdict(list)
    for item in items:
        if item["category"] is not None and item["units_sold"] > 0 and item["gross_revenue"] > 0:
            logs[item["category"]].append(log(float(item["gross_revenue"]) / float(item["units_sold"])))
    return [
        {
            "category": category,
            "item_count": len(logs[category]),
            "log_price_sum": sum(logs[category]),
            "log_price_square_sum": sum(one * one for one in logs[category]),
        }
        for category in sorted(logs)
    ]


def customer_profiles(
    as_of: date,
    state_rows: list[Row],
    day_rows: list[Row],
    purchase_days: dict[str, list[date]],
    learned: list[Row],
    policy: Policy,
    *,
    knows_discounts: bool,
) -> list[Row]:
    days_of = _by_source(day_rows)
    rows = []
    for state in state_rows:
        days, bought_on = days_of[state["customer_id"]], purchase_days[state["customer_id"]]
        rows.append(
            {
                **dict.fromkeys(FILLED_LATER + NULL_FOR_PROSPECTS),
                **_everyone(as_of, state, days, max(row["as_of"] for row in learned), knows_discounts),
                **(_buyer(as_of, state) if bought_on else {}),
                **(_rhythm(as_of, state, bought_on, learned, policy) if bought_on else _prospect()),
                **_rfm(as_of, state, days, learned, policy),
            }
        )
    return rows


def _everyone(as_of: date, state: Row, days: list[Row], parameters_as_of: date, knows_discounts: bool) -> Row:
    year = [day for day in days if day["local_date"] > as_of - timedelta(days=365)]
    gross = state["gross_revenue"]
    return {
        "as_of": as_of,
        "customer_id": state["customer_id"],
        "is_anonymous": state["is_anonymous"],
        "parameters_as_of": parameters_as_of,
        "order_count": state["order_count"],
        "order_day_count": state["order_day_count"],
        "item_count": state["item_count"],
        "annual_orders": sum(day["order_count"] for day in year),
        "annual_revenue": sum((day["net_revenue"] for day in year), ZERO),
        "discount_share": float(state["discount_amount"] / gross) if knows_discounts and gross != 0 else None,
        "refund_share": float(state["refunded_amount"] / gross) if gross != 0 else None,
        "order_value_sum": state["order_value_sum"],
        "ltv_historic": state["net_revenue"],
        "main_category": state["main_category"],
        "acquisition_channel": state["acquisition_channel"],
        "visit_count": state["visit_count"],
        "last_visit_date": state["last_visit_date"],
    }


def _buyer(as_of: date, state: Row) -> Row:
    first, last, frequency = state["first_order_date"], state["last_order_date"], state["gap_count"]
    repeat_value = Fraction(state["order_value_sum"] - state["first_day_value"])
    return {
        "first_order_date": first,
        "last_order_date": last,
        "cohort_month": first.replace(day=1),
        "days_since_last_order": (as_of - last).days,
        "frequency": frequency,
        "recency_days": (last - first).days,
        "tenure_days": (as_of - first).days,
        "average_order_value": cents(Fraction(state["order_value_sum"]) / state["order_count"]),
        "monetary_value": cents(repeat_value / frequency) if frequency > 0 else None,
    }


def _prospect() -> Row:
    return {"lifecycle_group": "prospect", "lifecycle_reason": "no_net_order"}


def _rhythm(as_of: date, state: Row, bought_on: list[date], learned: list[Row], policy: Policy) -> Row:
    parameters = values_by_name(learned)
    gaps, silence = rhythm.gaps_between(bought_on), (as_of - bought_on[-1]).days
    population = parameters["population_interval_days"]
    expected_gap = rhythm.baseline(gaps, population, policy)
    limits = rhythm.limits_for(expected_gap, parameters)
    group, reason = rhythm.group_for(silence, limits, state["is_rate_drop"])
    cv = rhythm.interval_cv(gaps, parameters.get("interval_cv_median"), policy)
    has_rates = len(gaps) >= 5
    return {
        "own_interval_days": sum(gaps) / len(gaps) if gaps else None,
        "group_key": "everyone",
        "group_interval_days": population,
        "baseline_interval_days": expected_gap,
        "baseline_source": "group" if not gaps else "own" if policy.shrinkage == 0 else "blended",
        "interval_cv": cv,
        "regularity": rhythm.regularity(gaps, cv, parameters.get("regular_cv_cut")),
        "overdue_ratio": silence / expected_gap,
        "expected_next_order_date": max(as_of, bought_on[-1] + timedelta(days=ceil(expected_gap - 1e-9))),
        "slip_after_days": limits.slip_after,
        "lost_after_days": limits.lost_after,
        "just_ordered_until_days": limits.just_ordered_until,
        "recent_rate": 30 * 2 / sum(gaps[-2:]) if has_rates else None,
        "earlier_rate": 30 * (len(gaps) - 2) / sum(gaps[:-2]) if has_rates else None,
        "is_rate_drop": state["is_rate_drop"],
        "is_ticket_decline": state["is_ticket_decline"],
        "lifecycle_group": group,
        "lifecycle_reason": reason,
    }


def _rfm(as_of: date, state: Row, days: list[Row], learned: list[Row], policy: Policy) -> Row:
    r = f = m = None
    if state["order_count"] == 0:
        segment, reason = "engaged_visitor", "no_order_no_email"
    elif state["order_count"] == 1:
        segment, reason = "first_time", "one_order"
    else:
        parameters = values_by_name(learned)
        silence, money = (as_of - state["last_order_date"]).days, float(rfm.money_of(state, policy))
        r, f, m = rfm.scores(silence, state["order_count"], money, parameters)
        segment, reason = rfm.segment(r, f, m), "grid"
        if r <= 2 and segment != "cant_lose_them" and rfm.was_champion(as_of, days, parameters, policy):
            segment, reason = "cant_lose_them", "was_champion"
    return {
        "rfm_recency": r,
        "rfm_frequency": f,
        "rfm_monetary": m,
        "rfm_segment": segment,
        "rfm_reason": reason,
        "rfm_stage": rfm.stage_of(segment),
    }
